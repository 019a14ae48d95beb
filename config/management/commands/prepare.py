"""Bring an installation up to date with its code, before anything serves from it."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandParser, call_command


class Command(BaseCommand):
    """Migrate, make the cache's table, load the reference data and the shipped words, collect the static files."""

    requires_system_checks = []  # bin/test makes them; a start is in a hurry
    help = "Bring the database, the reference data, the words and the static files up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="leave the static files alone: an image carries its own",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        is_chatty = options["verbosity"] > 1
        how = {
            "verbosity": options["verbosity"] if is_chatty else 0,
            "stdout": self.stdout if is_chatty else io.StringIO(),
        }
        call_command("migrate", interactive=False, **how)
        call_command("createcachetable", **how)
        call_command("load_reference", **how)
        call_command("load_content", **how)
        if not options["no_static"]:
            _collect_static(how)


def _collect_static(how: dict[str, Any]) -> None:
    """Collect the static files if one of them changed: compressing them takes seconds."""
    note = Path(f"{settings.STATIC_ROOT}.collected")
    sources = hashlib.sha256("\n".join(_static_sources()).encode()).hexdigest()
    if note.exists() and note.read_text() == sources:
        return
    note.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, **how)
    note.write_text(sources)


def _static_sources() -> Iterator[str]:
    """Yield each file to collect, with what changes when its content does."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            status = path.stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"
