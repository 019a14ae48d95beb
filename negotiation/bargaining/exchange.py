"""What one component is worth in another, as money today.

A rise in base salary counts every year and lifts the bonus and the match with it; a sign-on counts
once and may have to be paid back; equity counts as it vests. All of them are brought to one present
value under the user's own assumptions, and so can be exchanged.

References
----------
Handbook 3.4, "Trading components". Worked numbers: docs/negotiation.md#exchange-rates.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from negotiation.bargaining.figures import InvalidFigure, check_range

MAX_YEARS: Final = 40
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PayAssumptions:
    """What the user assumes about staying, raises and waiting; fractions of one.

    `bonus_fraction` is the bonus that is expected to be paid, of base salary; `match_fraction` is
    what the employer adds for each unit of base.
    """

    stay_years: int = 4
    discount_rate: float = 0.06
    raise_fraction: float = 0.03
    bonus_fraction: float = 0.0
    match_fraction: float = 0.0

    def __post_init__(self) -> None:
        """Refuse figures under which the sums mean nothing."""
        if not 1 <= self.stay_years <= MAX_YEARS:
            raise InvalidFigure(f"stay_years must lie between 1 and {MAX_YEARS}")
        check_range("discount_rate", self.discount_rate, 0.0, 1.0)
        check_range("raise_fraction", self.raise_fraction, 0.0, 1.0)
        check_range("bonus_fraction", self.bonus_fraction, 0.0, 10.0)
        check_range("match_fraction", self.match_fraction, 0.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnTerms:
    """How much of a sign-on is expected to be kept.

    `leaving_probability` is the chance of leaving while it must be paid back, and
    `unforgiven_fraction` the part that would then be due.
    """

    leaving_probability: float = 0.0
    unforgiven_fraction: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no fraction."""
        check_range("leaving_probability", self.leaving_probability, 0.0, 1.0)
        check_range("unforgiven_fraction", self.unforgiven_fraction, 0.0, 1.0)

    @property
    def kept_fraction(self) -> float:
        """Return what is expected to be kept of each unit."""
        return 1.0 - self.leaving_probability * self.unforgiven_fraction


def base_value(rise: float, assumptions: PayAssumptions, *, years: int | None = None) -> float:
    """Return what a rise of base salary is worth today, with the bonus and match it lifts.

    `rise x (1 + bonus + match) x sum over t of (1 + raise)^(t-1) / (1 + discount)^t`, paid at the
    end of each of `years`, by default of the whole stay.
    """
    return rise * base_unit_value(assumptions, years=years)


def base_unit_value(assumptions: PayAssumptions, *, years: int | None = None) -> float:
    """Return what one unit of yearly base salary is worth today."""
    n_years = assumptions.stay_years if years is None else years
    year = np.arange(1, n_years + 1, dtype=np.float64)
    paid = (1.0 + assumptions.raise_fraction) ** (year - 1.0)
    weight = (1.0 + assumptions.discount_rate) ** -year
    lifted = 1.0 + assumptions.bonus_fraction + assumptions.match_fraction
    return float(lifted * np.sum(paid * weight))


def base_for_value(value: float, assumptions: PayAssumptions) -> float:
    """Return the rise of base salary that is worth this much today."""
    return value / base_unit_value(assumptions)


def sign_on_value(amount: float, terms: SignOnTerms | None = None) -> float:
    """Return what a sign-on paid at once is worth, less what may have to be paid back."""
    return amount * (terms or SignOnTerms()).kept_fraction


def break_even_years(sign_on: float, rise: float, assumptions: PayAssumptions) -> float | None:
    """Return after how many years a rise of base overtakes a sign-on; None within no stay of ours.

    Between two years the value is taken to grow evenly.
    """
    if rise <= 0.0:
        return None
    before = 0.0
    for years in range(1, MAX_YEARS + 1):
        after = base_value(rise, assumptions, years=years)
        if after >= sign_on:
            return years - 1 + (sign_on - before) / (after - before)
        before = after
    return None


def vesting_value(
    grant_value: float, yearly_fractions: Sequence[float], *, discount_rate: float
) -> float:
    """Return what a grant is worth today if so much of it is paid at the end of each year."""
    if any(part < 0.0 for part in yearly_fractions) or math.fsum(yearly_fractions) > 1.0 + 1e-9:
        raise InvalidFigure("the yearly fractions must be parts of one grant")
    check_range("discount_rate", discount_rate, 0.0, 1.0)
    year = np.arange(1, len(yearly_fractions) + 1, dtype=np.float64)
    parts = np.asarray(yearly_fractions, dtype=np.float64)
    return float(grant_value * np.sum(parts * (1.0 + discount_rate) ** -year))


@dataclass(frozen=True, slots=True, kw_only=True)
class CliffTerms:
    """A grant with a cliff, and the chance to be gone within a year, spread evenly over its months.

    `grant_value` is what the whole grant counts for today; leaving after m full months before the
    cliff loses m parts of `total_months`.
    """

    grant_value: float
    total_months: int
    cliff_months: int
    leaving_probability_a_year: float

    def __post_init__(self) -> None:
        """Refuse a cliff outside the schedule."""
        check_range("grant_value", self.grant_value)
        check_range("leaving_probability_a_year", self.leaving_probability_a_year, 0.0, 1.0)
        if not 0 <= self.cliff_months <= self.total_months or self.total_months < 1:
            raise InvalidFigure("the cliff must lie within a non-empty schedule")


def cliff_value(terms: CliffTerms, *, shorter_by_months: int) -> float:
    """Return what a cliff that is so many months shorter is worth.

    The sum, over the months that the shorter cliff opens, of the chance to leave in that month
    times what would have vested by then.
    """
    if not 0 <= shorter_by_months <= terms.cliff_months:
        raise InvalidFigure("a cliff cannot be shortened by more than it has")
    opened = np.arange(terms.cliff_months - shorter_by_months, terms.cliff_months, dtype=np.float64)
    staying = 1.0 - terms.leaving_probability_a_year
    leaves = staying ** (opened / MONTHS_A_YEAR) - staying ** ((opened + 1.0) / MONTHS_A_YEAR)
    return float(terms.grant_value * np.sum(leaves * opened / terms.total_months))


def cliff_months_for_value(value: float, terms: CliffTerms) -> int | None:
    """Return by how many months the cliff must fall to be worth this much; None if none suffices."""
    for months in range(terms.cliff_months + 1):
        if cliff_value(terms, shorter_by_months=months) >= value:
            return months
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityUnit:
    """One unit of equity as the user counts it: its value today, and what the whole grant is.

    A value of zero is an honest answer for private stock: then no number of units replaces cash.
    """

    value_today: float
    is_paper: bool = False

    def __post_init__(self) -> None:
        """Refuse a negative value."""
        check_range("value_today", self.value_today)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRates:
    """What a rise of base salary is worth in the other components; None where nothing equals it."""

    base_rise: float
    value_today: float
    sign_on: float
    units: int | None
    units_excess: float
    """How much more than the rise the whole units are worth, in the user's favour."""
    cliff_months: int | None


def exchange_rates(
    base_rise: float,
    assumptions: PayAssumptions,
    *,
    sign_on_terms: SignOnTerms | None = None,
    unit: EquityUnit | None = None,
    cliff: CliffTerms | None = None,
) -> ExchangeRates:
    """Return what `base_rise` a year equals in a sign-on, in units of equity and in a shorter cliff."""
    value = base_value(base_rise, assumptions)
    kept = (sign_on_terms or SignOnTerms()).kept_fraction
    units = units_for_value(value, unit) if unit is not None else None
    return ExchangeRates(
        base_rise=base_rise,
        value_today=value,
        sign_on=value / kept if kept else math.inf,
        units=units,
        units_excess=units * unit.value_today - value if units is not None and unit else 0.0,
        cliff_months=cliff_months_for_value(value, cliff) if cliff is not None else None,
    )


def units_for_value(value: float, unit: EquityUnit) -> int | None:
    """Return how many whole units are worth at least this much; None where units count for nothing.

    What would be a part of a unit becomes a whole one: rounding is in the user's favour.
    """
    if value <= 0.0:
        return 0
    if unit.value_today == 0.0:
        return None
    units = math.ceil(value / unit.value_today)
    # A quotient that should be whole may come out a hair above it.
    return units - 1 if (units - 1) * unit.value_today >= value * (1.0 - 1e-12) else units


def yearly_raise_of_level(median_now: float, median_next: float, expected_years: float) -> float:
    """Return what the next level is worth: the difference of medians over the years expected."""
    check_range("expected_years", expected_years)
    return (median_next - median_now) * expected_years


def day_off_value(base_salary: float, *, working_days: int = 260) -> float:
    """Return what one day off is worth."""
    return base_salary / working_days
