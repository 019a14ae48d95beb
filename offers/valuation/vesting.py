"""When the units of a grant become the holder's own: by time, by sale, by leaving, by liquidity.

Quantities are exact rationals, so that the events of a grant add up to it to the last unit.

References
----------
Open Cap Format, "Vesting Terms" and "AllocationType". Worked examples: docs/valuation.md#vesting.
"""

import math
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise

from offers.valuation.bounds import InvalidFigure
from offers.valuation.vesting_terms import (
    AllocationType,
    EventAll,
    VestingTerms,
    check_months,
)


class AccelerationTrigger(StrEnum):
    """What brings vesting forward: a sale, or a sale and a dismissal."""

    SINGLE = "single"
    DOUBLE = "double"


class AccelerationOrder(StrEnum):
    """Which of the instalments still to come are credited."""

    PRO_RATA = "pro_rata"
    SOONEST = "soonest"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceleration:
    """What a sale of the company vests early, alone or with a dismissal after it.

    Either a fraction of what is unvested at that moment, or what so many more months would have
    vested. `change_of_control_date` is None as long as there is no sale.
    """

    trigger: AccelerationTrigger
    change_of_control_date: date | None
    unvested_fraction: Fraction | None = None
    credit_months: int | None = None
    window_months: int = 12
    acceleration_order: AccelerationOrder | None = None

    def __post_init__(self) -> None:
        """Refuse anything but one measure of what vests early."""
        check_months("window_months", self.window_months)
        check_months("credit_months", self.credit_months or 0)
        if (self.unvested_fraction is None) == (self.credit_months is None):
            raise InvalidFigure("unvested_fraction", "or credit_months must be given, and only one")
        if not 0 <= (self.unvested_fraction or 0) <= 1:
            raise InvalidFigure("unvested_fraction", "must lie between 0 and 1")

    @property
    def order(self) -> AccelerationOrder:
        """The order agreed, or else the usual one for the measure."""
        usual = (
            AccelerationOrder.PRO_RATA if self.credit_months is None else AccelerationOrder.SOONEST
        )
        return self.acceleration_order or usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """The last day served, and whether leaving is a dismissal in the sense of a second trigger."""

    termination_date: date
    is_qualifying: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityCondition:
    """Nothing counts before this event; None as long as it has not happened."""

    liquidity_event_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """So many units, vesting from a day on."""

    quantity: Fraction
    vesting_start_date: date
    vesting_terms: VestingTerms
    acceleration: Acceleration | None = None
    termination: Termination | None = None
    liquidity_condition: LiquidityCondition | None = None

    def __post_init__(self) -> None:
        """Refuse less than nothing, and part of a unit where whole ones are dealt out."""
        if self.quantity < 0:
            raise InvalidFigure("quantity", "must be at least 0")
        terms = self.vesting_terms
        if isinstance(terms, EventAll) or terms.allocation_type is AllocationType.FRACTIONAL:
            return
        if self.quantity.denominator != 1:
            raise InvalidFigure("quantity", "must be a whole number for this allocation_type")


@dataclass(frozen=True, slots=True)
class VestingEvent:
    """A day on which units vest, and how many."""

    vesting_date: date
    quantity: Fraction


def vested_quantity(grant: Grant, as_of_dates: Sequence[date]) -> tuple[Fraction, ...]:
    """Return the units vested at the end of each day, exactly.

    What vests on a day is vested on that day. Vesting stops with the day of termination, which
    still counts; under a liquidity condition nothing counts before the event, and all time served
    counts from it on.
    """
    schedule = _schedule(grant)
    credit = _credit(grant, schedule)
    return tuple(_vested_on(day, grant, schedule, credit) for day in as_of_dates)


def vesting_events(grant: Grant) -> tuple[VestingEvent, ...]:
    """Return the days on which units vest and how many, in order of time.

    The quantities add up to what vests in the end: the grant, unless the holder leaves before, or
    an event lapses or never comes.
    """
    schedule = _schedule(grant)
    credit = _credit(grant, schedule)
    days = set(schedule.days)
    if credit is not None:
        days.add(credit.day)
    if grant.liquidity_condition and grant.liquidity_condition.liquidity_event_date:
        days.add(grant.liquidity_condition.liquidity_event_date)
    in_order = sorted(days)
    totals = [Fraction(0), *(_vested_on(day, grant, schedule, credit) for day in in_order)]
    return tuple(
        VestingEvent(day, after - before)
        for day, (before, after) in zip(in_order, pairwise(totals), strict=True)
        if after > before
    )


def add_months(day: date, months: int) -> date:
    """Return the day that many months later: the same day of the month, or the last of a shorter.

    What lies past the end of the calendar becomes its last day.
    """
    year, index = divmod(12 * day.year + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Days in order, and the units vested from each on; `totals[0]` is what holds before."""

    days: tuple[date, ...]
    totals: tuple[Fraction, ...]

    def on(self, day: date) -> Fraction:
        """Return the units vested at the end of a day."""
        return self.totals[bisect_right(self.days, day)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credit:
    """An acceleration that took place: when, out of what, and how much."""

    day: date
    vested: Fraction
    unvested: Fraction
    quantity: Fraction
    order: AccelerationOrder

    def total(self, scheduled: Fraction) -> Fraction:
        """Return the units vested where the schedule alone would have vested `scheduled`."""
        if self.order is AccelerationOrder.SOONEST:
            return max(self.vested + self.quantity, scheduled)
        if self.order is AccelerationOrder.LAST:
            return min(self.vested + self.unvested, scheduled + self.quantity)
        kept = 1 - self.quantity / self.unvested if self.unvested else Fraction(0)
        return self.vested + self.quantity + kept * (scheduled - self.vested)


def _schedule(grant: Grant) -> _Schedule:
    """Return what time or the event vests, before anything else happens."""
    terms, start = grant.vesting_terms, grant.vesting_start_date
    if isinstance(terms, EventAll):
        lapse_date = _lapse_date(terms, start)
        if terms.event_date is None or (lapse_date and terms.event_date >= lapse_date):
            return _Schedule((), (Fraction(0),))
        return _Schedule((terms.event_date,), (Fraction(0), grant.quantity))
    instalments = terms.instalments()
    fractions = [instalment.fraction for instalment in instalments]
    return _Schedule(
        days=tuple(add_months(start, instalment.after_months) for instalment in instalments),
        totals=(Fraction(0), *_allocate(grant.quantity, fractions, terms.allocation_type)),
    )


def _lapse_date(terms: EventAll, start: date) -> date | None:
    """Return the first day that is too late for the event, if there is one."""
    deadlines = list(terms.deadline_dates)
    if terms.relative_deadline_months is not None:
        deadlines.append(add_months(start, terms.relative_deadline_months))
    return min(deadlines, default=None)


def _allocate(
    quantity: Fraction, fractions: Sequence[Fraction], allocation_type: AllocationType
) -> list[Fraction]:
    """Return the running totals of the units of each instalment."""
    ideal = [quantity * total for total in accumulate(fractions)]
    match allocation_type:
        case AllocationType.FRACTIONAL:
            return ideal
        case AllocationType.CUMULATIVE_ROUNDING:
            return [Fraction(math.floor(total + Fraction(1, 2))) for total in ideal]
        case AllocationType.CUMULATIVE_ROUND_DOWN:
            return [Fraction(math.floor(total)) for total in ideal]
    parts = [math.floor(quantity * fraction) for fraction in fractions]
    # An instalment of nothing gets nothing, however many units are left over.
    takers = [index for index, fraction in enumerate(fractions) if fraction]
    if allocation_type.startswith("back_loaded"):
        takers.reverse()
    left_over = int(quantity) - sum(parts)
    if allocation_type.endswith("to_single_tranche"):
        parts[takers[0]] += left_over
    else:
        for index in takers[:left_over]:
            parts[index] += 1
    return [Fraction(total) for total in accumulate(parts)]


def _credit(grant: Grant, schedule: _Schedule) -> _Credit | None:
    """Return the acceleration of a grant if its triggers are pulled."""
    acceleration, terms = grant.acceleration, grant.vesting_terms
    day = _acceleration_day(grant)
    if acceleration is None or day is None:
        return None
    vested = schedule.on(day)
    unvested = grant.quantity - vested
    if isinstance(terms, EventAll):
        lapse_date = _lapse_date(terms, grant.vesting_start_date)
        if lapse_date is not None and day >= lapse_date:
            unvested = Fraction(0)
    if acceleration.credit_months is None:
        quantity = (acceleration.unvested_fraction or 0) * unvested
    else:
        quantity = schedule.on(add_months(day, acceleration.credit_months)) - vested
    return _Credit(
        day=day, vested=vested, unvested=unvested, quantity=quantity, order=acceleration.order
    )


def _acceleration_day(grant: Grant) -> date | None:
    """Return the day on which the last trigger is pulled, if all of them are."""
    acceleration, termination = grant.acceleration, grant.termination
    if acceleration is None or acceleration.change_of_control_date is None:
        return None
    sale_date = acceleration.change_of_control_date
    if acceleration.trigger is AccelerationTrigger.SINGLE:
        is_served = termination is None or sale_date <= termination.termination_date
        return sale_date if is_served else None
    if termination is None or not termination.is_qualifying:
        return None
    last_day = add_months(sale_date, acceleration.window_months)
    is_within = sale_date <= termination.termination_date <= last_day
    return termination.termination_date if is_within else None


def _vested_on(day: date, grant: Grant, schedule: _Schedule, credit: _Credit | None) -> Fraction:
    """Return the units vested at the end of one day."""
    condition, termination = grant.liquidity_condition, grant.termination
    if condition is not None:
        event_date = condition.liquidity_event_date
        if event_date is None or day < event_date:
            return Fraction(0)
    last_day = day if termination is None else min(day, termination.termination_date)
    scheduled = schedule.on(last_day)
    return scheduled if credit is None or day < credit.day else credit.total(scheduled)
