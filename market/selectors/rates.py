"""Dated rates and priors, as offers read them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from market.models import ExchangeRate, OutcomePrior, VolatilityPrior
from market.models.priors import SourcedPrior


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What one unit of `currency` is in `target`, by rates of `date` from `source`."""

    currency: str
    target: str
    rate: Decimal
    date: dt.date | None = None
    source: str = ""

    @property
    def is_needed(self) -> bool:
        return self.currency != self.target


@dataclass(frozen=True, slots=True)
class RateTable:
    """The latest rate of every currency; units per US dollar, so a cross rate is a quotient."""

    rates: Mapping[str, ExchangeRate]

    def conversion(self, currency: str, target: str) -> Conversion | None:
        """Return how to convert, dated by the older of both rates; None where one is missing."""
        if currency == target:
            return Conversion(currency=currency, target=target, rate=Decimal(1))
        if currency not in self.rates or target not in self.rates:
            return None
        known, wanted = self.rates[currency], self.rates[target]
        return Conversion(
            currency=currency,
            target=target,
            rate=wanted.units_per_usd / known.units_per_usd,
            date=min(known.date, wanted.date),
            source=(known if currency != "USD" else wanted).source_title,
        )


def rate_table() -> RateTable:
    """Return the latest rates on record, in one query."""
    return RateTable({rate.currency: rate for rate in ExchangeRate.objects.latest_per_currency()})


def known_currencies() -> list[str]:
    """Return the codes of currencies with a rate on record, in alphabetical order."""
    return list(
        ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where a default assumption comes from."""

    title: str
    url: str
    year: int
    sample: str
    confidence: str


def exit_multiple_buckets() -> tuple[list[tuple[float, float, float]], Sourced | None]:
    """Return (low, high, probability) of the published exit multiples, and their source."""
    rows = list(OutcomePrior.objects.order_by("low_multiple", "pk"))
    if not rows:
        return [], None
    buckets = [
        (float(row.low_multiple), float(row.high_multiple), float(row.probability)) for row in rows
    ]
    return buckets, sourced(rows[0])


def share_price_volatility() -> tuple[float, Sourced] | None:
    """Return the yearly volatility assumed for a listed share, and its source."""
    row = VolatilityPrior.objects.filter(key="public-share").first()
    return (float(row.volatility), sourced(row)) if row else None


def sourced(row: SourcedPrior) -> Sourced:
    """Return where a prior comes from."""
    return Sourced(
        title=row.source_title,
        url=row.source_url,
        year=row.source_year,
        sample=row.source_sample,
        confidence=row.confidence,
    )
