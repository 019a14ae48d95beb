"""Load the reference data that a fresh installation starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from market import services


class Command(BaseCommand):
    help = "Load the taxonomy, rates, priors, price levels and first benchmarks. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 -- Django's signature
        loaded = services.load_reference()
        loaded["benchmarks"] = services.load_benchmarks(path=services.REFERENCE / "benchmarks.json")
        loaded["price levels"] = services.load_price_levels(
            path=services.REFERENCE / "price_levels.json"
        )
        for name, count in loaded.items():
            self.stdout.write(f"{count:5d} {name}")
