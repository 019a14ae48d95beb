"""Rows → values of the market."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from market.models import ExchangeRate, OutcomePrior, VolatilityPrior


class NoExchangeRate(LookupError):
    """There is no rate on record for a currency."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What one unit of `currency` is in `target`, by rates of `date` from `source`."""

    currency: str
    target: str
    rate: Decimal
    date: dt.date
    source: str

    @property
    def is_needed(self) -> bool:
        return self.currency != self.target


def conversions(currencies: Iterable[str], *, target: str) -> dict[str, Conversion | None]:
    """Return how to convert each currency into `target`; None where a rate is missing.

    Rates are units per US dollar, so a cross rate is the quotient of two of them and bears the
    older date.
    """
    wanted = {*currencies, target, "USD"}
    rates = {
        rate.currency: rate
        for rate in ExchangeRate.objects.filter(currency__in=wanted).latest_per_currency()
    }
    answer: dict[str, Conversion | None] = {}
    for currency in wanted:
        if currency == target or (currency in rates and target in rates):
            known = [rates[code] for code in (currency, target) if code in rates]
            one = Decimal(1)
            answer[currency] = Conversion(
                currency=currency,
                target=target,
                rate=one
                if currency == target
                else rates[target].units_per_usd / rates[currency].units_per_usd,
                date=min((rate.date for rate in known), default=dt.date.min),
                source=known[0].source_title if known else "",
            )
        else:
            answer[currency] = None
    return answer


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
    return buckets, _sourced(rows[0])


def share_price_volatility() -> tuple[float, Sourced] | None:
    """Return the yearly volatility assumed for a listed share, and its source."""
    row = VolatilityPrior.objects.filter(key="public-share").first()
    return (float(row.volatility), _sourced(row)) if row else None


def _sourced(row: OutcomePrior | VolatilityPrior) -> Sourced:
    return Sourced(
        title=row.source_title,
        url=row.source_url,
        year=row.source_year,
        sample=row.source_sample,
        confidence=row.confidence,
    )
