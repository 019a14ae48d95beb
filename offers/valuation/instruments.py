"""What a grant pays its holder over time: buying, exercising, selling, leaving, lapsing.

The waterfall says what a share is worth in an exit; this module says whether the holder has one to
sell. Each kind of equity differs in what must be paid first, what leaving does to it, and which
events turn it into money. Amounts are before tax; a negative one is paid by the holder.

References
----------
Conventions and worked examples: docs/valuation.md#instruments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np

from offers.valuation.bounds import InvalidFigure, check_number, check_rate, exact
from offers.valuation.findings import CompensationType
from offers.valuation.payoffs import FloatArray
from offers.valuation.vesting import Grant, add_months, vested_quantity, vesting_events
from offers.valuation.vesting_terms import TimeTerms, check_months, vesting_by_year

_ZERO: Final = Fraction(0)
_OPTIONS: Final = frozenset({CompensationType.ISO, CompensationType.NSO})


class LiquidityType(StrEnum):
    """What lets a holder sell."""

    SALE = "sale"
    IPO = "ipo"
    TENDER = "tender"
    SECONDARY = "secondary"


class CashReason(StrEnum):
    """Why money moves between the holder and others."""

    PURCHASE = "purchase"
    EXERCISE = "exercise"
    REPURCHASE = "repurchase"
    PROCEEDS = "proceeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityEvent:
    """A day on which holders may sell, at what one common share brings.

    Parameters
    ----------
    sellable_fraction
        Of what a holder could sell; a tender offer often buys a part. A sale of the company takes
        all, whatever is written here.
    discount_fraction
        Taken off the price: fees, or what a buyer in a secondary sale asks for.
    is_unvested_assumed
        In a sale, whether unvested units go on vesting, at this price; else they end.
    """

    type: LiquidityType
    date: date
    price_per_share: float
    sellable_fraction: float = 1.0
    discount_fraction: float = 0.0
    is_unvested_assumed: bool = False

    def __post_init__(self) -> None:
        """Check the figures."""
        check_number("price_per_share", self.price_per_share)
        check_rate("sellable_fraction", self.sellable_fraction)
        check_rate("discount_fraction", self.discount_fraction)

    @property
    def net_price(self) -> Fraction:
        """What reaches a seller for one share."""
        return exact(self.price_per_share) * (1 - exact(self.discount_fraction))

    @property
    def sold_part(self) -> Fraction:
        """What part of the units that may be sold is."""
        return Fraction(1) if self.type is LiquidityType.SALE else exact(self.sellable_fraction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A grant with what else its papers say, and what its holder does about it.

    Parameters
    ----------
    grant
        Units, vesting, acceleration, and the day of leaving, if any.
    exercise_price
        Of an option, or what one restricted share costs on the first day.
    participation_threshold_per_share, participation_cap
        Of profit units: they get what a share brings above the threshold, up to the cap in all.
    lock_months
        After the start nothing can be sold for so long, but in a sale of the company.
    is_tender_only
        The units can be sold to the company or with it, but to nobody else.
    expiry_months
        After so long an unexercised option ends, and a double-trigger RSU without its event.
    post_termination_window_months
        After leaving, vested options can be exercised for so long; None: until they expire.
    is_early_exercised
        All options were exercised on the first day; unvested shares go back at cost on leaving.
    is_exercised_on_leaving
        Vested options are exercised on the last day, instead of lapsing with the window.
    """

    compensation_type: CompensationType
    grant: Grant
    exercise_price: float = 0.0
    participation_threshold_per_share: float = 0.0
    participation_cap: float | None = None
    lock_months: int = 0
    is_tender_only: bool = False
    expiry_months: int | None = None
    post_termination_window_months: int | None = None
    is_early_exercised: bool = False
    is_exercised_on_leaving: bool = False

    def __post_init__(self) -> None:
        """Check the figures, and that options alone are exercised."""
        check_number("exercise_price", self.exercise_price)
        check_number("participation_threshold_per_share", self.participation_threshold_per_share)
        check_number("participation_cap", self.participation_cap or 0.0)
        check_months("lock_months", self.lock_months)
        check_months("expiry_months", self.expiry_months or 0)
        check_months("post_termination_window_months", self.post_termination_window_months or 0)
        for field in ("is_early_exercised", "is_exercised_on_leaving"):
            if getattr(self, field) and not self.is_option:
                raise InvalidFigure(field, "is only possible for options")
        if self.exercise_price and not (self.is_option or self._is_bought):
            raise InvalidFigure("exercise_price", "is only paid for options and restricted stock")

    @property
    def is_option(self) -> bool:
        """Whether something must be paid later to have a share."""
        return self.compensation_type in _OPTIONS

    @property
    def _is_bought(self) -> bool:
        return self.compensation_type is CompensationType.RESTRICTED_STOCK

    @property
    def is_owned_from_start(self) -> bool:
        """Whether the holder owns the shares, vested or not, and paid for them."""
        return self._is_bought or self.is_early_exercised

    @property
    def leaving_date(self) -> date | None:
        """The last day served."""
        return self.grant.termination.termination_date if self.grant.termination else None

    @property
    def ends_on(self) -> date | None:
        """The last day on which an unexercised option, or an unsettled unit, is worth anything."""
        start, leaving = self.grant.vesting_start_date, self.leaving_date
        ends = []
        if self.expiry_months is not None:
            ends.append(add_months(start, self.expiry_months))
        window = self.post_termination_window_months
        if self.is_option and leaving is not None and window is not None:
            ends.append(add_months(leaving, window))
        return min(ends, default=None)

    def may_sell(self, event: LiquidityEvent) -> bool:
        """Return whether an event is one that this kind of equity can be sold in."""
        if event.type is LiquidityType.SALE:
            return True
        if event.date < add_months(self.grant.vesting_start_date, self.lock_months):
            return False
        if self.compensation_type is CompensationType.DOUBLE_TRIGGER_RSU:
            return event.type is LiquidityType.IPO
        return event.type is LiquidityType.TENDER or not self.is_tender_only


@dataclass(frozen=True, slots=True)
class CashEvent:
    """Money on one day; negative where the holder pays."""

    date: date
    reason: CashReason
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of a grant: money in order of time, and vested units that nobody paid for.

    `lapsed_units` ended unexercised, unsettled or worthless; `unsold_units` are still held.
    """

    cash_events: tuple[CashEvent, ...]
    sold_units: float
    lapsed_units: float
    unsold_units: float

    @property
    def net(self) -> float:
        """All money together, without its time."""
        return sum(event.amount for event in self.cash_events)


def settlement(holding: Holding, events: Sequence[LiquidityEvent], *, as_of: date) -> Settlement:
    """Return what a grant has paid its holder by a day, as events came.

    Holders sell what they may wherever it pays anything: an option below its exercise price and a
    profit unit below its threshold are kept. Nothing happens after a sale of the company, but that
    assumed units go on vesting.

    Parameters
    ----------
    holding
        The grant; its acceleration already knows the sale, if it turns on one.
    events
        In any order; those on one day in the order given. A sale must be the last.
    as_of
        The last day that counts; what has not ended by then is still held.

    Raises
    ------
    InvalidFigure
        If an event comes after a sale of the company, or after `as_of`.
    """
    in_order = sorted(events, key=lambda event: event.date)
    if any(event.type is LiquidityType.SALE for event in in_order[:-1]):
        raise InvalidFigure("events", "cannot come after a sale of the company")
    if in_order and in_order[-1].date > as_of:
        raise InvalidFigure("events", "cannot come after as_of")
    ledger = _Ledger(holding)
    ledger.begin()
    leaving = holding.leaving_date
    for event in in_order:
        if leaving is not None and leaving < event.date:
            ledger.leave(leaving)
            leaving = None
        if holding.may_sell(event):
            ledger.sell(event, as_of)
    if leaving is not None and leaving <= as_of:
        ledger.leave(leaving)
    is_sold = bool(in_order) and in_order[-1].type is LiquidityType.SALE
    return ledger.closed(as_of, is_company_sold=is_sold)


class _Ledger:
    """The running account of one grant: what is sold, what is owned because it was paid for."""

    def __init__(self, holding: Holding) -> None:
        self.holding = holding
        self.cost = exact(holding.exercise_price)
        self.cash: list[CashEvent] = []
        self.sold = self.proceeds = _ZERO
        # Only options and double-trigger RSUs can end; everything else is owned as it vests.
        self.can_end = (
            holding.is_option or holding.compensation_type is CompensationType.DOUBLE_TRIGGER_RSU
        )
        self.exercised = _ZERO

    def begin(self) -> None:
        """Pay for what is owned from the first day."""
        if self.holding.is_owned_from_start:
            quantity = self.holding.grant.quantity
            reason = CashReason.EXERCISE if self.holding.is_option else CashReason.PURCHASE
            self._pay(self.holding.grant.vesting_start_date, reason, -self.cost * quantity)
            self.exercised = quantity

    def leave(self, day: date) -> None:
        """Give unvested shares back at cost, or exercise the vested options that are left."""
        vested = self._vested(day)
        if self.holding.is_owned_from_start:
            unvested = self.holding.grant.quantity - vested
            self._pay(day, CashReason.REPURCHASE, self.cost * unvested)
            self.exercised = vested
        elif self.holding.is_exercised_on_leaving and not self._has_ended(day):
            self._pay(day, CashReason.EXERCISE, -self.cost * (vested - self.sold))
            self.exercised = vested

    def sell(self, event: LiquidityEvent, as_of: date) -> None:
        """Sell what may be sold, and in a sale with assumption what vests after it."""
        vested = self._vested(event.date)
        self._sell_units(event.date, (vested - self.sold) * event.sold_part, event)
        if event.type is not LiquidityType.SALE or not event.is_unvested_assumed:
            return
        for vesting in vesting_events(self.holding.grant):
            if event.date < vesting.vesting_date <= as_of:
                self._sell_units(vesting.vesting_date, vesting.quantity, event)

    def closed(self, as_of: date, *, is_company_sold: bool) -> Settlement:
        """Return the account at the end of a day."""
        unsold = max(_ZERO, self._vested(as_of) - self.sold)
        owned = unsold if not self.can_end else min(unsold, max(_ZERO, self.exercised - self.sold))
        has_ended = is_company_sold or self._has_ended(as_of)
        kept = (_ZERO if is_company_sold else owned) if has_ended else unsold
        return Settlement(
            cash_events=tuple(sorted(self.cash, key=lambda event: event.date)),
            sold_units=float(self.sold),
            lapsed_units=float(unsold - kept),
            unsold_units=float(kept),
        )

    def _vested(self, day: date) -> Fraction:
        return vested_quantity(self.holding.grant, [day])[0]

    def _has_ended(self, day: date) -> bool:
        """Return whether what is not owned has ended before a day."""
        end = self.holding.ends_on
        return self.can_end and end is not None and day > end

    def _sell_units(self, day: date, units: Fraction, event: LiquidityEvent) -> None:
        owned = units
        if self.can_end:
            owned = min(units, max(_ZERO, self.exercised - self.sold))
        if self._has_ended(event.date):
            units = owned
        worth = event.net_price - exact(self.holding.participation_threshold_per_share)
        self._take(day, owned, worth)
        self._take(day, units - owned, worth - (self.cost if self.holding.is_option else 0))

    def _take(self, day: date, units: Fraction, each: Fraction) -> None:
        """Sell units if they bring anything, up to the cap of all of them."""
        amount = units * each
        if self.holding.participation_cap is not None:
            amount = min(amount, exact(self.holding.participation_cap) - self.proceeds)
        if amount > 0:
            self.sold += units
            self.proceeds += amount
            self._pay(day, CashReason.PROCEEDS, amount)

    def _pay(self, day: date, reason: CashReason, amount: Fraction) -> None:
        if amount:
            self.cash.append(CashEvent(day, reason, float(amount)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshAssumption:
    """New grants that are hoped for, one each year from the first anniversary on.

    Nobody promised them: whoever shows what follows says so, and keeps it apart from the offer.
    """

    yearly_value: float
    vesting_terms: TimeTerms
    yearly_growth: float = 0.0

    def __post_init__(self) -> None:
        """Check the figures."""
        check_number("yearly_value", self.yearly_value)
        check_number("yearly_growth", self.yearly_growth, minimum=-1.0, maximum=1.0)


def refresh_by_year(assumption: RefreshAssumption, n_years: int) -> FloatArray:
    """Return what assumed refresh grants vest in each year, at the share price of their grant.

    Returns
    -------
    shape (n_years,)
        By hand: 40,000 a year, vesting evenly over four years, vest 0, 10, 20 and 30 thousand.
    """
    by_year = np.zeros(n_years)
    vesting = vesting_by_year(assumption.vesting_terms, n_years)
    for granted in range(1, n_years):
        value = assumption.yearly_value * (1.0 + assumption.yearly_growth) ** (granted - 1)
        by_year[granted:] += value * vesting[: n_years - granted]
    return by_year
