"""What owning options costs: to exercise now, as they vest, and at worst for nothing.

Money only. What is taxed, and when, depends on more than a letter says: the spread that tax is
about is shown, the tax is not.

References
----------
26 CFR § 1.83-2(b) (the election is filed no later than 30 days after the transfer). Worked example:
docs/valuation.md#exercise.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from offers.valuation.bounds import check_number
from offers.valuation.vesting_terms import FloatArray, TimeTerms, vesting_by_year

ELECTION_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGrant:
    """Options by what they cost; `fair_market_value` per share is None where nobody said."""

    units: float
    exercise_price: float
    vesting_terms: TimeTerms
    fair_market_value: float | None = None
    may_exercise_early: bool = False

    def __post_init__(self) -> None:
        """Refuse negative figures."""
        check_number("units", self.units)
        check_number("exercise_price", self.exercise_price)
        check_number("fair_market_value", self.fair_market_value or 0.0)

    @property
    def cost(self) -> float:
        """What exercising all of them costs."""
        return self.units * self.exercise_price

    @property
    def spread(self) -> float | None:
        """How much all shares are appraised above what they cost; None without an appraisal."""
        if self.fair_market_value is None:
            return None
        return self.units * max(0.0, self.fair_market_value - self.exercise_price)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExercisePlan:
    """What exercising costs under each way of going about it, in the currency of the grants.

    Attributes
    ----------
    units_by_year, cost_by_year : shape (n_years,)
        What vests in each year, and what exercising it in that year costs.
    cost_to_date : shape (n_years,)
        The same, added up to the end of each year: the most that can be lost by then.
    cost_now
        What can be exercised today costs: everything of grants that allow early exercise. None
        where no grant allows it.
    spread_now
        How much these shares are appraised above their cost; None without an appraisal.
    worst_loss
        What has been paid if everything that vests within the years is exercised and the shares end
        at nothing, or what was paid today if that is more.
    election_due
        The last day to file the 83(b) election for shares exercised today before they vest.
    """

    units_by_year: FloatArray
    cost_by_year: FloatArray
    cost_to_date: FloatArray
    cost_now: float | None
    spread_now: float | None
    worst_loss: float
    election_due: dt.date | None


def exercise_plan(grants: Sequence[OptionGrant], *, n_years: int, as_of: dt.date) -> ExercisePlan:
    """Return what it costs to own these options, now or as they vest.

    Parameters
    ----------
    as_of
        The day of an early exercise, from which the days of the election are counted.
    """
    units, cost = np.zeros(n_years), np.zeros(n_years)
    for grant in grants:
        vesting = grant.units * vesting_by_year(grant.vesting_terms, n_years)
        units = units + vesting
        cost = cost + vesting * grant.exercise_price
    to_date: FloatArray = np.cumsum(cost)
    early = [grant for grant in grants if grant.may_exercise_early]
    spreads = [grant.spread for grant in early]
    cost_now = sum(grant.cost for grant in early) if early else None
    all_vested = float(to_date[-1]) if n_years else 0.0
    return ExercisePlan(
        units_by_year=units,
        cost_by_year=cost,
        cost_to_date=to_date,
        cost_now=cost_now,
        spread_now=None
        if not early or any(spread is None for spread in spreads)
        else sum(spread or 0.0 for spread in spreads),
        worst_loss=max(all_vested, cost_now or 0.0),
        election_due=election_due(as_of) if early else None,
    )


def election_due(exercise_date: dt.date) -> dt.date:
    """Return the 30th day after an exercise, the last one for the 83(b) election.

    Days are counted from the day after. A later day that a weekend or a holiday would allow is not
    relied on.
    """
    return exercise_date + dt.timedelta(days=ELECTION_DAYS)
