"""Dated rates: what a currency buys in dollars, and what a place costs."""

from typing import Self

from django.db import models
from django.db.models import Q


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Narrows rates."""

    def latest_per_currency(self) -> Self:
        """Return the newest rate of each currency; of one date, the shortest period."""
        return self.order_by("currency", "-date", "period", "pk").distinct("currency")


class ExchangeRate(models.Model):
    """How many units of a currency one US dollar bought, on average over a period."""

    class Period(models.TextChoices):
        # In this order a day sorts before its month, and a month before its year.
        DAY = "day", "One day"
        MONTH = "month", "Average of a month"
        YEAR = "year", "Average of a year"

    currency = models.CharField(max_length=3)
    date = models.DateField(help_text="First day of the period.")
    period = models.CharField(max_length=5, choices=Period.choices, default=Period.MONTH)
    units_per_usd = models.DecimalField(max_digits=18, decimal_places=8)
    source_title = models.CharField(max_length=160)
    source_url = models.URLField(blank=True)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "date", "period"], name="exchange_rate_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(units_per_usd__gt=0), name="exchange_rate_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} on {self.date}"


class PriceLevel(models.Model):
    """What a place costs in a year: local units per US dollar's worth, or an index with US = 100."""

    class Measure(models.TextChoices):
        PURCHASING_POWER = "ppp", "Purchasing power parity, local units per US dollar"
        ALL_ITEMS = "rpp_all", "Regional price parity, all items"
        GOODS = "rpp_goods", "Regional price parity, goods"
        HOUSING = "rpp_housing", "Regional price parity, housing"
        UTILITIES = "rpp_utilities", "Regional price parity, utilities"
        OTHER_SERVICES = "rpp_services", "Regional price parity, other services"

    measure = models.CharField(max_length=14, choices=Measure.choices)
    country_code = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True, help_text="State or province code.")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=8)
    source_title = models.CharField(max_length=160)
    source_url = models.URLField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "country_code", "subdivision", "year"],
                name="price_level_once_per_place_and_year",
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0) & Q(country_code__regex=r"^[A-Z]{2}$"),
                name="price_level_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.country_code}{self.subdivision} in {self.year}"
