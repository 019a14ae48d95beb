"""Let somebody curate the market."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts import services


class Command(BaseCommand):
    """Make or promote a curator, and say how they sign in."""

    help = "Let a person curate the market and the shared words at /admin/, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        try:
            user, is_new = services.make_curator(email=options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{user.email} is a curator now and has no password yet."
            if is_new
            else f"{user.email} is a curator."
        )
        if not user.has_usable_password():
            self.stdout.write(f"Choose one:  {_page('account_reset_password')}")
            if settings.IS_LOCAL:
                self.stdout.write(f"Its mail:    {_page('accounts:outbox')}")
        self.stdout.write(f"Then open:   {_page('admin:index')}")


def _page(name: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name)}"
