"""What the page about methods states in figures: every default with its source and date."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from market.selectors import (
    Sourced,
    exit_multiple_buckets,
    priors,
    rate_table,
    share_price_volatility,
    sourced,
)
from offers.selectors.comparison.outcomes import NEAR_NOTHING
from offers.selectors.numbers import EXPECTED_BONUS_FRACTION, HORIZON_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitBucket:
    """So many of a hundred exits returned between so much and so much of the last round's value."""

    low: float
    high: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFigure:
    """One value of a term or parameter, how likely it is, and where it comes from."""

    label: str
    stage: str
    value: str
    probability: float
    source: Sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """The figures behind the numbers."""

    n_paths: int
    simulated_years: int
    expected_bonus_fraction: float
    near_nothing: float
    exits: tuple[ExitBucket, ...]
    exits_source: Sourced | None
    volatility: float | None
    volatility_source: Sourced | None
    rates_date: dt.date | None
    rates_sources: Sequence[str]
    terms: Sequence[TermFigure]


def methods() -> Methods:
    """Return the defaults in force."""
    buckets, exits_source = exit_multiple_buckets()
    volatility = share_price_volatility()
    rates = rate_table().rates.values()
    return Methods(
        n_paths=settings.VALUATION_PATHS,
        simulated_years=HORIZON_YEARS,
        expected_bonus_fraction=float(EXPECTED_BONUS_FRACTION),
        near_nothing=NEAR_NOTHING,
        exits=tuple(ExitBucket(low=low, high=high, share=share) for low, high, share in buckets),
        exits_source=exits_source,
        volatility=volatility[0] if volatility else None,
        volatility_source=volatility[1] if volatility else None,
        rates_date=min((rate.date for rate in rates), default=None),
        rates_sources=sorted({rate.source_title for rate in rates}),
        terms=[
            TermFigure(
                label=row.get_key_display(),
                stage=row.stage.label if row.stage else "every other",
                value=f"{row.value.normalize():,f}",
                probability=float(row.probability),
                source=sourced(row),
            )
            for row in priors().terms
        ],
    )
