"""What a statistical office publishes on the occupations that a kind of work belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from market.models import OccupationWage, Source
from market.selectors.mapping import family_of_occupation

_COUNTRY: Final = "US"
_NAMES: Final = ("p10", "p25", "p50", "p75", "p90")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialFigure:
    """One percentile, US dollars a year; `usd` is None where the office names no figure."""

    usd: Decimal | None
    is_ceiling: bool
    """Whether it lies at or above the ceiling of what the office names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialWage:
    """One occupation in the newest year that is published: every level and employer together."""

    title: str
    occupation_code: str
    year: int
    employment: int | None
    figures: tuple[OfficialFigure, ...]
    source: Source


def official_wages(*, role_family: str, country: str) -> Sequence[OfficialWage]:
    """Return the office's own figures for a kind of work, the largest occupation first, in one query."""
    codes = [code for code, family in family_of_occupation().items() if family == role_family]
    if country != _COUNTRY or not codes:
        return ()
    newest = (
        OccupationWage.objects.filter(batch__state="published", occupation_code__in=codes)
        .select_related("batch__source")
        .order_by("occupation_code", "-year", "-pk")
        .distinct("occupation_code")
    )
    rows = list(newest)
    year = max((row.year for row in rows), default=0)
    # A code of an older classification has no figure of the newest year, and is not set beside it.
    found = [
        OfficialWage(
            title=row.title,
            occupation_code=row.occupation_code,
            year=row.year,
            employment=row.employment,
            figures=tuple(
                OfficialFigure(usd=getattr(row, name), is_ceiling=name in row.top_coded)
                for name in _NAMES
            ),
            source=row.batch.source,
        )
        for row in rows
        if row.year == year
    ]
    return sorted(found, key=lambda wage: (-(wage.employment or 0), wage.title))
