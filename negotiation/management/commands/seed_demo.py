"""Make the demonstration account, for a first look."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from negotiation.services import seed_demo_talks
from offers import services


class Command(BaseCommand):
    """Make a person with three offers, two talks, a comparison and a link for a mentor."""

    help = "Make the demonstration account, or what is missing of it; prints how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", default="demo@parley.local")
        parser.add_argument("--password", default="", help="made up and printed if left out")
        parser.add_argument(
            "--force", action="store_true", help="even in production, where strangers could sign in"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        if not settings.IS_LOCAL and not options["force"]:
            raise CommandError(
                "This is a production house. Strangers could sign in to a demonstration account; "
                "add --force if you want one all the same."
            )
        password = options["password"] or secrets.token_urlsafe(12)
        try:
            demo = services.seed_demo(
                email=options["email"],
                password=password,
                today=timezone.localdate(),
                as_of=timezone.now(),
            )
            talk = seed_demo_talks(user=demo.user, as_of=timezone.now())
        except services.NotADemonstration as error:
            raise CommandError(
                f"{options['email']} is somebody’s own account. Choose another --email."
            ) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._say("e-mail", demo.user.email)
        self._say("password", password)
        self._say("sign in", _page("account_login"))
        self._say("compare", _page("offers:comparison_detail", demo.comparison.pk))
        if talk is not None:
            self._say("negotiate", _page("negotiation:workspace", talk.offer_id))
        self._say("shared", _page("offers:shared_comparison", demo.link.token))

    def _say(self, what: str, words: str) -> None:
        self.stdout.write(f"{what:<10}{words}")


def _page(name: str, *args: Any) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name, args=args)}"
