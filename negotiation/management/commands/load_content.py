"""Load the scripts, questions, objection cards and handbook texts that ship with Parley."""

from typing import Any

from django.core.management.base import BaseCommand

from negotiation.services.content import load_content


class Command(BaseCommand):
    help = "Load the shipped words. Safe to run again: a curator's edits are never overwritten."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        done = load_content()
        self.stdout.write(f"{done.new:5d} new")
        self.stdout.write(f"{done.updated:5d} updated")
        self.stdout.write(f"{done.offered:5d} offered to curators beside their own")
