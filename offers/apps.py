"""The offers app."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "offers"

    def ready(self) -> None:
        """Tell the market whom to ask how far offers have followed to its benchmarks."""
        from market.selectors import follow_benchmarks  # noqa: PLC0415 -- after the models
        from offers.selectors.placing import offers_followed  # noqa: PLC0415 -- after the models

        follow_benchmarks("offers", offers_followed)
