"""Load the reference data that a fresh installation starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from market import services


class Command(BaseCommand):
    help = "Load the taxonomy, exchange rates and priors. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        for name, count in services.load_reference().items():
            self.stdout.write(f"{count:5d} {name}")
