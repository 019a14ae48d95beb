"""Bring an installation up to date with its code, before anything serves from it."""

from typing import Any

from django.core.management import BaseCommand, CommandParser, call_command


class Command(BaseCommand):
    """Migrate, make the cache's table, load the reference data, collect the static files."""

    help = "Bring the database, the reference data and the static files up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="leave the static files alone: an image carries its own",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        quiet = {"verbosity": options["verbosity"] - 1}
        call_command("migrate", interactive=False, **quiet)
        call_command("createcachetable", **quiet)
        call_command("load_reference", **quiet)
        if not options["no_static"]:
            call_command("collectstatic", interactive=False, **quiet)
