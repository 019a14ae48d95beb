"""The shapes of vesting schedules, and the share of a grant that time alone has vested.

Whatever its shape, a schedule is a list of instalments: a whole number of months after the start,
and an exact fraction of the grant. The arrays of the vectorised functions are rounded to float64
once, at the end.

References
----------
Open Cap Format, "Vesting Terms" and "AllocationType". Worked examples: docs/valuation.md#vesting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import InvalidFigure

FloatArray: TypeAlias = npt.NDArray[np.float64]

MAX_MONTHS: Final = 1200
ROUNDING_OF_A_WHOLE: Final = Fraction(1, 10**6)


class AllocationType(StrEnum):
    """How whole units are dealt out to instalments (Open Cap Format)."""

    FRACTIONAL = "fractional"
    CUMULATIVE_ROUNDING = "cumulative_rounding"
    CUMULATIVE_ROUND_DOWN = "cumulative_round_down"
    FRONT_LOADED = "front_loaded"
    BACK_LOADED = "back_loaded"
    FRONT_LOADED_TO_SINGLE_TRANCHE = "front_loaded_to_single_tranche"
    BACK_LOADED_TO_SINGLE_TRANCHE = "back_loaded_to_single_tranche"


def check_months(field: str, months: int, *, minimum: int = 0) -> None:
    """Raise `InvalidFigure` unless the count lies between `minimum` and a century."""
    if not minimum <= months <= MAX_MONTHS:
        raise InvalidFigure(field, f"must lie between {minimum} and {MAX_MONTHS}")


def _check_fraction(field: str, fraction: Fraction) -> None:
    """Raise `InvalidFigure` unless it is a fraction of 1."""
    if not 0 <= fraction <= 1:
        raise InvalidFigure(field, "must lie between 0 and 1")


def _check_whole(field: str, fractions: Iterable[Fraction]) -> None:
    """Raise `InvalidFigure` unless the parts add up to 1, give or take what rounding leaves."""
    if abs(sum(fractions, Fraction(0)) - 1) > ROUNDING_OF_A_WHOLE:
        raise InvalidFigure(field, "must add up to 1")


@dataclass(frozen=True, slots=True)
class Instalment:
    """A fraction of the grant that vests a whole number of months after the start."""

    after_months: int
    fraction: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffThenPeriodic:
    """Instalments every period, each for the months behind it.

    Those before the cliff arrive together on it. Where the period does not divide the schedule, the
    last instalment is the shorter one.
    """

    total_months: int
    cliff_months: int = 0
    period_months: int = 1
    allocation_type: AllocationType = AllocationType.FRACTIONAL

    def __post_init__(self) -> None:
        """Refuse an empty schedule and a cliff outside it."""
        check_months("total_months", self.total_months, minimum=1)
        check_months("cliff_months", self.cliff_months)
        check_months("period_months", self.period_months, minimum=1)
        if self.cliff_months > self.total_months:
            raise InvalidFigure("cliff_months", "must lie within total_months")

    def instalments(self) -> tuple[Instalment, ...]:
        """Return the instalments in order; several may share a month."""
        starts = range(0, self.total_months, self.period_months)
        months = [0, *starts[1:], self.total_months]
        return tuple(
            Instalment(max(self.cliff_months, end), Fraction(end - start, self.total_months))
            for start, end in pairwise(months)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tranches:
    """A schedule written out, tranche by tranche."""

    tranches: tuple[Instalment, ...]
    allocation_type: AllocationType = AllocationType.FRACTIONAL

    def __post_init__(self) -> None:
        """Refuse parts that are not the parts of one whole."""
        for index, tranche in enumerate(self.tranches):
            check_months(f"tranches[{index}].after_months", tranche.after_months)
            _check_fraction(f"tranches[{index}].fraction", tranche.fraction)
        _check_whole("tranches", [tranche.fraction for tranche in self.tranches])

    def instalments(self) -> tuple[Instalment, ...]:
        """Return the tranches in order of time."""
        whole = sum(tranche.fraction for tranche in self.tranches)
        in_order = sorted(self.tranches, key=lambda tranche: tranche.after_months)
        return tuple(Instalment(row.after_months, row.fraction / whole) for row in in_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffFractionThenRemainder:
    """A stated fraction at the cliff, the remainder in equal instalments after it."""

    cliff_fraction: Fraction
    cliff_months: int
    remaining_instalments: int
    period_months: int = 1
    allocation_type: AllocationType = AllocationType.FRACTIONAL

    def __post_init__(self) -> None:
        """Refuse a fraction outside [0, 1] and a remainder that never ends."""
        _check_fraction("cliff_fraction", self.cliff_fraction)
        check_months("cliff_months", self.cliff_months)
        check_months("remaining_instalments", self.remaining_instalments)
        check_months("period_months", self.period_months, minimum=1)
        if self.remaining_instalments == 0 and self.cliff_fraction != 1:
            raise InvalidFigure("remaining_instalments", "must be at least 1 to vest the remainder")
        if self.cliff_months + self.remaining_instalments * self.period_months > MAX_MONTHS:
            raise InvalidFigure("remaining_instalments", f"must end within {MAX_MONTHS} months")

    def instalments(self) -> tuple[Instalment, ...]:
        """Return the cliff, then the remainder."""
        numbers = range(1, self.remaining_instalments + 1)
        return (
            Instalment(self.cliff_months, self.cliff_fraction),
            *(
                Instalment(
                    self.cliff_months + number * self.period_months,
                    (1 - self.cliff_fraction) / len(numbers),
                )
                for number in numbers
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyFractions:
    """A fraction for each year, spread evenly inside it."""

    fractions: tuple[Fraction, ...]
    period_months: int = 1
    allocation_type: AllocationType = AllocationType.FRACTIONAL

    def __post_init__(self) -> None:
        """Refuse parts that are not the parts of one whole, and periods that cross a year."""
        for index, fraction in enumerate(self.fractions):
            _check_fraction(f"fractions[{index}]", fraction)
        _check_whole("fractions", self.fractions)
        check_months("fractions", 12 * len(self.fractions))
        if self.period_months < 1 or 12 % self.period_months:
            raise InvalidFigure("period_months", "must divide a year")

    def instalments(self) -> tuple[Instalment, ...]:
        """Return the instalments of each year in turn."""
        months_of_a_year = range(self.period_months, 13, self.period_months)
        whole = sum(self.fractions) * len(months_of_a_year)
        return tuple(
            Instalment(12 * year + month, fraction / whole)
            for year, fraction in enumerate(self.fractions)
            for month in months_of_a_year
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAll:
    """Everything on one event, unless that comes on or after a deadline.

    `event_date` is None as long as the event has not happened.
    """

    event_date: date | None
    deadline_dates: tuple[date, ...] = ()
    relative_deadline_months: int | None = None

    def __post_init__(self) -> None:
        """Refuse a deadline before the start."""
        check_months("relative_deadline_months", self.relative_deadline_months or 0)


TimeTerms: TypeAlias = CliffThenPeriodic | Tranches | CliffFractionThenRemainder | YearlyFractions
VestingTerms: TypeAlias = TimeTerms | EventAll


def _percents(*percents: int) -> tuple[Fraction, ...]:
    """Return whole percents as fractions."""
    return tuple(Fraction(percent, 100) for percent in percents)


# The schedules people meet most. What an offer letter does not say (here the rhythm inside a year)
# is an assumption to confirm; docs/valuation.md#vesting names the source of each.
VESTING_PRESETS: Final[Mapping[str, TimeTerms]] = MappingProxyType(
    {
        "25x4": CliffThenPeriodic(total_months=48, cliff_months=12),
        "33_33_22_12": YearlyFractions(fractions=_percents(33, 33, 22, 12)),
        "5_15_40_40": Tranches(
            tranches=tuple(
                map(Instalment, (12, 24, 30, 36, 42, 48), _percents(5, 15, 20, 20, 20, 20))
            )
        ),
        "38_32_20_10": YearlyFractions(fractions=_percents(38, 32, 20, 10)),
        "no_cliff": CliffThenPeriodic(total_months=48),
    }
)


def vested_fraction(terms: TimeTerms, elapsed_months: npt.ArrayLike) -> FloatArray:
    """Return the share of a grant that has vested by time alone.

    Parameters
    ----------
    elapsed_months
        Months since the vesting start date, of any shape; a month counts once complete.

    Returns
    -------
    same shape
        Dimensionless, in [0, 1]; zero before the first instalment, never decreasing. It is not
        rounded to whole units.

    References
    ----------
    Open Cap Format, "Vesting Terms". Worked example: docs/valuation.md#vesting.
    """
    instalments = terms.instalments()
    months = np.array([row.after_months for row in instalments], dtype=np.float64)
    totals = accumulate((row.fraction for row in instalments), initial=Fraction(0))
    reached = np.searchsorted(months, np.asarray(elapsed_months, dtype=np.float64), side="right")
    fractions: FloatArray = np.array([float(total) for total in totals])[reached]
    return fractions


def vesting_by_year(terms: TimeTerms, n_years: int) -> FloatArray:
    """Return the fraction of a grant that vests within each year after its start.

    Returns
    -------
    shape (n_years,)
        Dimensionless. An instalment on an anniversary belongs to the year it completes, one on the
        first day to the first year. The sum falls short of 1 where the schedule runs longer.
    """
    by_year = [Fraction(0)] * n_years
    for instalment in terms.instalments():
        year = max(instalment.after_months - 1, 0) // 12
        if year < n_years:
            by_year[year] += instalment.fraction
    return np.array([float(fraction) for fraction in by_year], dtype=np.float64)
