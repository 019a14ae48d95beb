"""What this installation computed → market/reference/, for whoever maintains the project."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from market import services
from market.services import REFERENCE


class Command(BaseCommand):
    """Write what a fresh installation starts with; see market/reference/README.md."""

    help = "Write the cells and price levels that may be shipped into market/reference/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another directory, for a look before the files are replaced."""
        parser.add_argument("--to", type=Path, default=REFERENCE)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the files and say how much they hold."""
        cells = services.write_benchmarks(path=options["to"] / "benchmarks.json")
        levels = services.write_price_levels(path=options["to"] / "price_levels.json")
        self.stdout.write(f"{cells} cells, {levels} price levels")
