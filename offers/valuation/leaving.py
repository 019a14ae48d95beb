"""What leaving after so many months keeps, owes and loses, month by month.

A month counts once it is complete. Units are fractions of units, not rounded. Nothing here is added
up: cash, units, money to exercise and money owed back each keep an array of their own.

References
----------
Worked example: docs/valuation.md#leaving.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import InvalidFigure, check_number, check_rate
from offers.valuation.cash import CashTerms, cash_by_month, repayment_due
from offers.valuation.vesting_terms import FloatArray, TimeTerms, check_months, vested_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingGrant:
    """One grant, by what leaving does to it.

    Parameters
    ----------
    units
        Granted.
    exercise_price
        What one unit costs; 0 where nothing has to be paid.
    window_days
        How long after leaving vested options may be exercised; None where nobody said.
    needs_exit
        Units that have served their time count only once the company is sold or listed
        (double-trigger RSUs).
    expiry_months
        When such units lapse, counted from the start; None for never, or where nobody said.
    """

    units: float
    vesting_terms: TimeTerms
    exercise_price: float = 0.0
    window_days: int | None = None
    needs_exit: bool = False
    expiry_months: int | None = None

    def __post_init__(self) -> None:
        """Refuse negative figures."""
        check_number("units", self.units)
        check_number("exercise_price", self.exercise_price)
        check_months("expiry_months", self.expiry_months or 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """One offer, for someone who leaves after each of these months; shape (n_months,) each.

    Attributes
    ----------
    months
        Complete months since the start.
    cash_paid
        Base salary, bonuses and one-off payments up to then, before anything is owed back.
    owed_back_gross
        What a letter that asks for the gross amount wants back.
    owed_back_net
        What one that asks for the amount received wants back, at the stated rate of tax.
    cash_kept
        `cash_paid` less `owed_back_gross`, the worse of the two.
    vested_units
        Units that have served their time.
    waiting_units
        Of these, those that still wait for an exit.
    lapsing_units
        Of these, those that lapse because the exit is expected after their expiry.
    forfeited_units
        Units that have not served their time, and are lost.
    exercise_cost
        What exercising all vested options costs within the window after leaving.
    """

    months: npt.NDArray[np.int64]
    cash_paid: FloatArray
    owed_back_gross: FloatArray
    owed_back_net: FloatArray
    cash_kept: FloatArray
    vested_units: FloatArray
    waiting_units: FloatArray
    lapsing_units: FloatArray
    forfeited_units: FloatArray
    exercise_cost: FloatArray

    @property
    def lost_units(self) -> FloatArray:
        """Return what leaving loses: what never served its time, and what lapses waiting."""
        return self.forfeited_units + self.lapsing_units


def leaving(
    cash_terms: CashTerms,
    grants: Sequence[LeavingGrant],
    months: npt.ArrayLike,
    *,
    exit_month: float,
    withheld_rate: float = 0.0,
) -> Leaving:
    """Return what someone has who leaves after each of so many months.

    Parameters
    ----------
    months : shape (n_months,)
        Complete months since the start, at least 0.
    exit_month
        When the company is assumed to be sold or listed, in months since the start.
    withheld_rate
        The part of a one-off payment that was kept back for tax, in [0, 1].
    """
    at = np.asarray(months)
    if at.ndim != 1 or at.size == 0 or not np.issubdtype(at.dtype, np.integer) or at.min() < 0:
        raise InvalidFigure("months", "must be a row of whole months of at least 0")
    check_number("exit_month", exit_month)
    check_rate("withheld_rate", withheld_rate)
    at = at.astype(np.int64)
    flows = cash_by_month(cash_terms, int(at.max()))
    paid_by_month = flows.guaranteed + flows.variable_bonus
    cash_paid = np.concatenate([[0.0], np.cumsum(paid_by_month)])[at]
    owed = repayment_due(cash_terms, at)
    vested, waiting, lapsing = (np.zeros(len(at)) for _ in range(3))
    forfeited, cost = np.zeros(len(at)), np.zeros(len(at))
    for grant in grants:
        served = grant.units * vested_fraction(grant.vesting_terms, at)
        vested = vested + served
        forfeited = forfeited + (grant.units - served)
        cost = cost + served * grant.exercise_price
        if grant.needs_exit:
            still_waiting = np.where(at < exit_month, served, 0.0)
            waiting = waiting + still_waiting
            if grant.expiry_months is not None and grant.expiry_months < exit_month:
                lapsing = lapsing + still_waiting
    return Leaving(
        months=at,
        cash_paid=cash_paid,
        owed_back_gross=owed,
        owed_back_net=owed * (1.0 - withheld_rate),
        cash_kept=cash_paid - owed,
        vested_units=vested,
        waiting_units=waiting,
        lapsing_units=lapsing,
        forfeited_units=forfeited,
        exercise_cost=cost,
    )
