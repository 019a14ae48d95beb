"""The negotiation app."""

from django.apps import AppConfig


class NegotiationConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "negotiation"
