"""The offers app."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "offers"
