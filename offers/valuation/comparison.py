"""Offers side by side: money kept apart by how sure it is, over years, now, and on leaving.

Guaranteed money is promised, variable money depends on results, benefits are money's worth, paper
is equity. They stay four arrays all the way; only `prudent_total` adds them up, at a stated part of
the paper. Arrays have offers first and years last, in one currency each until `converted`.

References
----------
Conventions and worked examples: docs/valuation.md#comparison.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import InvalidFigure, check_number, check_positive, check_rate
from offers.valuation.cash import CashTerms, cash_by_month, repayment_due
from offers.valuation.dilution import option_gain
from offers.valuation.vesting_terms import (
    FloatArray,
    TimeTerms,
    vested_fraction,
    vesting_by_year,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferParts:
    """The same figure of several offers in its four parts, each of the same shape.

    Shape (n_offers, n_years) for figures per year, (n_offers,) for one figure per offer.
    """

    guaranteed: FloatArray
    variable: FloatArray
    benefits: FloatArray
    paper: FloatArray

    def __post_init__(self) -> None:
        """Refuse parts of different shapes, and what is not finite."""
        for name in ("guaranteed", "variable", "benefits", "paper"):
            part: FloatArray = getattr(self, name)
            if part.shape != self.guaranteed.shape:
                raise InvalidFigure(name, "must have the shape of guaranteed")
            if not np.all(np.isfinite(part)):
                raise InvalidFigure(name, "must hold finite numbers")

    def each(self, change: Callable[[FloatArray], FloatArray]) -> "OfferParts":
        """Return the parts, each changed in the same way."""
        return OfferParts(
            guaranteed=change(self.guaranteed),
            variable=change(self.variable),
            benefits=change(self.benefits),
            paper=change(self.paper),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferComparison:
    """Offers over a horizon; `yearly` has shape (n_offers, n_years), the others (n_offers,).

    The average year spreads what comes once, a sign-on for example, over the horizon.
    """

    yearly: OfferParts
    first_year: OfferParts
    average_year: OfferParts
    horizon: OfferParts
    present_value: OfferParts


def compare(yearly: OfferParts, *, discount_rate: float) -> OfferComparison:
    """Return the offers per year, on average, over the horizon and as of today.

    Parameters
    ----------
    yearly : arrays of shape (n_offers, n_years)
        In one currency; at least one year.
    discount_rate
        Per year, in [0, 1].
    """
    shape = yearly.guaranteed.shape
    if len(shape) != 2 or shape[1] == 0:
        raise InvalidFigure("yearly", "must have offers and at least one year")
    return OfferComparison(
        yearly=yearly,
        first_year=yearly.each(lambda part: part[:, 0]),
        average_year=yearly.each(lambda part: part.mean(axis=1)),
        horizon=yearly.each(lambda part: part.sum(axis=1)),
        present_value=yearly.each(lambda part: present_value(part, discount_rate=discount_rate)),
    )


def present_value(by_year: npt.ArrayLike, *, discount_rate: float) -> FloatArray:
    """Return what the money of coming years is worth today.

    Parameters
    ----------
    by_year : shape (..., n_years)
        Each year's money counts as paid at the end of the year, the first one after one year.
    discount_rate
        Per year, in [0, 1].

    Returns
    -------
    shape (...)
        100,000 in four equal years at 10% are worth 79,247.
    """
    check_rate("discount_rate", discount_rate)
    money = np.asarray(by_year, dtype=np.float64)
    ends = np.arange(1, money.shape[-1] + 1, dtype=np.float64)
    factors: FloatArray = np.power(1.0 + discount_rate, -ends)
    worth: FloatArray = (money * factors).sum(axis=-1)
    return worth


def converted(parts: OfferParts, rates: Sequence[float]) -> OfferParts:
    """Return the parts in another currency, at one rate per offer.

    Parameters
    ----------
    rates : shape (n_offers,)
        Units of the other currency for one unit of the offer's, above 0.
    """
    n_offers = parts.guaranteed.shape[0]
    if len(rates) != n_offers:
        raise InvalidFigure("rates", "must have one rate per offer")
    for index, rate in enumerate(rates):
        check_positive(f"rates[{index}]", rate)
    return parts.each(lambda part: (part.T * np.asarray(rates, dtype=np.float64)).T)


def prudent_total(parts: OfferParts, *, paper_fractions: Sequence[float]) -> FloatArray:
    """Return everything added up, paper only at the part of its value that the reader believes in.

    Parameters
    ----------
    paper_fractions : shape (n_offers,)
        In [0, 1]; 0 leaves paper out, as is prudent for private equity.
    """
    if len(paper_fractions) != parts.guaranteed.shape[0]:
        raise InvalidFigure("paper_fractions", "must have one fraction per offer")
    for index, fraction in enumerate(paper_fractions):
        check_rate(f"paper_fractions[{index}]", fraction)
    believed = (parts.paper.T * np.asarray(paper_fractions, dtype=np.float64)).T
    return parts.guaranteed + parts.variable + parts.benefits + believed


# --- equity at a price ---------------------------------------------------------------------------


def equity_by_year(
    terms: TimeTerms,
    n_years: int,
    *,
    quantity: float,
    share_price: npt.ArrayLike,
    exercise_price: float = 0.0,
) -> FloatArray:
    """Return what vests in each year, at the price of a share.

    Parameters
    ----------
    share_price
        One price for all years, or an array of shape (..., n_years).
    exercise_price
        What it costs to exercise one option; 0 for RSUs. A share below it makes the year worth 0.

    Returns
    -------
    shape (..., n_years)
    """
    check_number("quantity", quantity)
    check_number("exercise_price", exercise_price)
    gain = option_gain(quantity, exercise_price=exercise_price, share_price=share_price)
    return vesting_by_year(terms, n_years) * gain


# --- leaving -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityHolding:
    """A grant by what the whole of it is worth at one price, and when it vests."""

    vesting_terms: TimeTerms
    value: float

    def __post_init__(self) -> None:
        """Refuse less than nothing."""
        check_number("value", self.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeavingValue:
    """What someone has had from an offer on leaving; every array has shape (n_months,).

    `guaranteed` is after `repayment`, what has to be paid back; `paper` is what has vested.
    """

    guaranteed: FloatArray
    variable: FloatArray
    benefits: FloatArray
    paper: FloatArray
    repayment: FloatArray


def value_if_leaving(
    cash_terms: CashTerms, holdings: Sequence[EquityHolding], leaving_months: npt.ArrayLike
) -> LeavingValue:
    """Return what an offer has paid to someone who leaves after so many months.

    Parameters
    ----------
    leaving_months : shape (n_months,)
        Months since the start, at least 0; only complete ones count. A year's bonus is paid to
        those who complete the year.
    """
    months = np.floor(np.asarray(leaving_months, dtype=np.float64)).astype(np.int64)
    if months.ndim != 1 or np.any(months < 0):
        raise InvalidFigure("leaving_months", "must be a row of months of at least 0")
    paid = cash_by_month(cash_terms, int(months.max(initial=0)))
    repayment = repayment_due(cash_terms, months)
    paper = np.zeros(len(months))
    for holding in holdings:
        paper = paper + holding.value * vested_fraction(holding.vesting_terms, months)
    return LeavingValue(
        guaranteed=_paid_before(paid.guaranteed, months) - repayment,
        variable=_paid_before(paid.variable_bonus, months),
        benefits=_paid_before(paid.benefits, months),
        paper=paper,
        repayment=repayment,
    )


def _paid_before(by_month: FloatArray, months: npt.NDArray[np.int64]) -> FloatArray:
    """Return what the months before each of these have paid together."""
    return np.concatenate([[0.0], np.cumsum(by_month)])[months]


# --- from the first offer to the last ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentUplift:
    """One component of the first and the last terms."""

    component: str
    first: float
    last: float

    @property
    def absolute(self) -> float:
        """How much more the last is."""
        return self.last - self.first

    @property
    def fraction(self) -> float | None:
        """How much more, as a fraction of the first; None where that was nothing."""
        return self.absolute / self.first if self.first else None


def uplift(first: Mapping[str, float], last: Mapping[str, float]) -> tuple[ComponentUplift, ...]:
    """Return each component of two sets of terms, in the order of the first; absent ones are 0."""
    return tuple(
        ComponentUplift(
            component=component,
            first=first.get(component, 0.0),
            last=last.get(component, 0.0),
        )
        for component in dict.fromkeys((*first, *last))
    )
