"""Pay in money, per year and per month: what is promised apart from what varies.

Amounts are in the offer's currency, before tax. Nothing here is added up across kinds: base salary,
guaranteed bonus, one-off payments, variable bonus and benefits each keep an array of their own.

References
----------
Worked examples: docs/valuation.md#cash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import InvalidFigure, check_number, check_rate
from offers.valuation.vesting_terms import FloatArray, check_months

MAX_RAISE: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffPayment:
    """Money paid once: sign-on, relocation, retention.

    `month` counts the full months before it is paid; 0 is with the first pay. Leaving before
    `repayment_months` have passed since then means paying it back, or, where it is prorated, the
    part of it that the months still missing stand for. 0 means that nothing is paid back.
    """

    kind: str
    amount: float
    month: int = 0
    repayment_months: int = 0
    is_repayment_prorated: bool = False

    def __post_init__(self) -> None:
        """Refuse a negative amount and months out of bounds."""
        check_number("amount", self.amount)
        check_months("month", self.month)
        check_months("repayment_months", self.repayment_months)

    def repayment_due(self, leaving_month: npt.ArrayLike) -> FloatArray:
        """Return what must be paid back on leaving after so many months, of the same shape."""
        elapsed = np.floor(np.asarray(leaving_month, dtype=np.float64)) - self.month
        is_due = (elapsed > 0) & (elapsed < self.repayment_months)
        missing = (
            1.0 - elapsed / max(self.repayment_months, 1) if self.is_repayment_prorated else 1.0
        )
        return np.where(is_due, self.amount * missing, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringBenefit:
    """A benefit by its value to the holder: every year, and once, with the first pay."""

    kind: str
    yearly_value: float = 0.0
    one_time_value: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative values."""
        check_number("yearly_value", self.yearly_value)
        check_number("one_time_value", self.one_time_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchTier:
    """A rung of a retirement match: so much per unit saved, on the next part of base salary.

    "Half of the first 6%" is one tier with `match_fraction` 0.5 and `salary_fraction` 0.06.
    """

    match_fraction: float
    salary_fraction: float

    def __post_init__(self) -> None:
        """Refuse a negative match and a part of salary outside [0, 1]."""
        check_number("match_fraction", self.match_fraction)
        check_rate("salary_fraction", self.salary_fraction)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTerms:
    """The pay of one offer that is not equity; amounts per year unless they say otherwise.

    The bonus at target is `target_bonus` plus `target_bonus_fraction` of the year's base salary;
    `expected_bonus_fraction` of it is expected to be paid, and in no year less than what
    `guaranteed_bonuses` promises for it. The first year's target counts in full unless
    `first_year_bonus_fraction` says that it is prorated. Raises are an assumption, by default none.
    """

    base_salary: float
    yearly_raise: float = 0.0
    target_bonus: float = 0.0
    target_bonus_fraction: float = 0.0
    expected_bonus_fraction: float
    guaranteed_bonuses: tuple[float, ...] = ()
    first_year_bonus_fraction: float = 1.0
    payments: tuple[OneOffPayment, ...] = ()
    benefits: tuple[RecurringBenefit, ...] = ()
    match_tiers: tuple[MatchTier, ...] = ()
    match_cap: float | None = None

    def __post_init__(self) -> None:
        """Refuse negative amounts, pay cuts and a match on more than the whole salary."""
        check_number("base_salary", self.base_salary)
        check_number("yearly_raise", self.yearly_raise, maximum=MAX_RAISE)
        check_number("target_bonus", self.target_bonus)
        check_number("target_bonus_fraction", self.target_bonus_fraction)
        check_number("expected_bonus_fraction", self.expected_bonus_fraction)
        for index, amount in enumerate(self.guaranteed_bonuses):
            check_number(f"guaranteed_bonuses[{index}]", amount)
        check_rate("first_year_bonus_fraction", self.first_year_bonus_fraction)
        if sum(tier.salary_fraction for tier in self.match_tiers) > 1.0:
            raise InvalidFigure("match_tiers", "must cover no more than the whole salary")
        if self.match_cap is not None:
            check_number("match_cap", self.match_cap)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CashFlows:
    """Money by kind, one entry per year or per month; every array has the same shape."""

    base: FloatArray
    guaranteed_bonus: FloatArray
    one_off: FloatArray
    variable_bonus: FloatArray
    benefits: FloatArray

    @property
    def guaranteed(self) -> FloatArray:
        """What is promised in money: base salary, guaranteed bonus, one-off payments."""
        return self.base + self.guaranteed_bonus + self.one_off


def cash_by_year(terms: CashTerms, n_years: int) -> CashFlows:
    """Return the pay of each year after the start, by kind.

    Returns
    -------
    arrays of shape (n_years,)
        In the offer's currency. A one-off payment counts in the year in which it is paid. The
        variable bonus is what is expected beyond the guaranteed one.
    """
    years = np.arange(n_years, dtype=np.float64)
    base: FloatArray = terms.base_salary * np.power(1.0 + terms.yearly_raise, years)
    target = terms.target_bonus + terms.target_bonus_fraction * base
    target[:1] *= terms.first_year_bonus_fraction
    guaranteed = np.zeros(n_years)
    promised = terms.guaranteed_bonuses[:n_years]
    guaranteed[: len(promised)] = promised
    benefits = _recurring_benefits(terms, base)
    benefits[:1] += _one_time_benefits(terms)
    return CashFlows(
        base=base,
        guaranteed_bonus=guaranteed,
        one_off=_paid_once(terms.payments, n_years, months_each=12),
        variable_bonus=np.maximum(0.0, terms.expected_bonus_fraction * target - guaranteed),
        benefits=benefits,
    )


def cash_by_month(terms: CashTerms, n_months: int) -> CashFlows:
    """Return the pay of each month after the start, by kind.

    Returns
    -------
    arrays of shape (n_months,)
        In the offer's currency. Base salary, match and yearly benefits arrive in twelfths, bonuses
        with the last month of the year they are for, everything else in its month. Whole years add
        up to `cash_by_year`.
    """
    by_year = cash_by_year(terms, -(-n_months // 12))
    benefits = _in_twelfths(_recurring_benefits(terms, by_year.base), n_months)
    benefits[:1] += _one_time_benefits(terms)
    return CashFlows(
        base=_in_twelfths(by_year.base, n_months),
        guaranteed_bonus=_in_last_month(by_year.guaranteed_bonus, n_months),
        one_off=_paid_once(terms.payments, n_months, months_each=1),
        variable_bonus=_in_last_month(by_year.variable_bonus, n_months),
        benefits=benefits,
    )


def repayment_due(terms: CashTerms, leaving_month: npt.ArrayLike) -> FloatArray:
    """Return what must be paid back on leaving after so many months, of the same shape.

    Only complete months count, from the month of each payment on; what has not been paid yet
    need not be paid back.
    """
    months = np.asarray(leaving_month, dtype=np.float64)
    due = np.zeros(months.shape)
    for payment in terms.payments:
        due = due + payment.repayment_due(months)
    return due


def retirement_match(
    base_salary: npt.ArrayLike, tiers: Sequence[MatchTier], *, cap: float | None = None
) -> FloatArray:
    """Return the employer's money in a year for someone who saves enough to get all of it.

    Parameters
    ----------
    base_salary
        A year's, any shape.
    cap
        The most that the employer adds in a year.

    Returns
    -------
    same shape
        Half of the first 6% of 238,000 is 7,140.
    """
    rate = sum(tier.match_fraction * tier.salary_fraction for tier in tiers)
    match = np.asarray(base_salary, dtype=np.float64) * rate
    return match if cap is None else np.minimum(match, cap)


def _recurring_benefits(terms: CashTerms, base: FloatArray) -> FloatArray:
    """Return the benefits of every year, the match on its base salary included."""
    match = retirement_match(base, terms.match_tiers, cap=terms.match_cap)
    return match + sum(benefit.yearly_value for benefit in terms.benefits)


def _one_time_benefits(terms: CashTerms) -> float:
    """Return what comes once, with the first pay."""
    return sum(benefit.one_time_value for benefit in terms.benefits)


def _paid_once(
    payments: Sequence[OneOffPayment], n_periods: int, *, months_each: int
) -> FloatArray:
    """Return the one-off payments by the period they are paid in; later ones are left out."""
    paid = np.zeros(n_periods)
    for payment in payments:
        if payment.month < n_periods * months_each:
            paid[payment.month // months_each] += payment.amount
    return paid


def _in_twelfths(by_year: FloatArray, n_months: int) -> FloatArray:
    """Return a twelfth of each year in each of its months."""
    return np.repeat(by_year / 12.0, 12)[:n_months]


def _in_last_month(by_year: FloatArray, n_months: int) -> FloatArray:
    """Return each year's sum in its last month."""
    months = np.zeros((len(by_year), 12))
    months[:, -1] = by_year
    return months.ravel()[:n_months]
