"""The negotiation app."""

from django.apps import AppConfig


class NegotiationConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "negotiation"

    def ready(self) -> None:
        """Tell the market whom to ask how far evidence has followed to its benchmarks."""
        from market.selectors import follow_benchmarks  # noqa: PLC0415 -- after the models
        from negotiation.selectors.following import (  # noqa: PLC0415 -- after the models
            evidence_followed,
        )

        follow_benchmarks("evidence", evidence_followed)
