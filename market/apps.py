"""The market app."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "market"
