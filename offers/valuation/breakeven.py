"""Where one offer overtakes another: every exit at which the order changes, exactly.

An offer is money that does not depend on the exit, and a payoff that does. Both are rational, so a
break-even is a division and not a search.

References
----------
Conventions of payoffs: golden/README.md, section 3. Worked example: docs/valuation.md#break-even.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from offers.valuation.bounds import check_positive
from offers.valuation.captable import CapTable, Participation, StockClass, StockClassType
from offers.valuation.exact import ZERO, ExactPayoff
from offers.valuation.waterfall import PayoutCurve

_NOBODY: Final = ExactPayoff()


class Order(IntEnum):
    """Which of two offers comes to more."""

    FIRST_AHEAD = -1
    LEVEL = 0
    SECOND_AHEAD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitLine:
    """What an offer comes to: `certain` whatever happens, and a payoff of the exit proceeds."""

    certain: Fraction
    payoff: ExactPayoff = _NOBODY

    def at(self, exit_proceeds: Fraction) -> Fraction:
        """Return what the offer comes to at one exit."""
        return self.certain + self.payoff.at(exit_proceeds)


class Crossing(NamedTuple):
    """An exit at which the order of two offers changes."""

    exit_proceeds: Fraction
    before: Order
    after: Order


class Overtaking(NamedTuple):
    """The order of two offers from no proceeds at all on, and every exit that changes it."""

    at_nothing: Order
    crossings: tuple[Crossing, ...]

    @property
    def first_lead(self) -> Fraction | None:
        """Return the least exit above which the second offer is ahead; None if it never is."""
        if self.at_nothing is Order.SECOND_AHEAD:
            return ZERO
        leads = (each for each in self.crossings if each.after is Order.SECOND_AHEAD)
        first = next(leads, None)
        return None if first is None else first.exit_proceeds

    def at(self, exit_proceeds: Fraction) -> Order:
        """Return the order at one exit; at a crossing itself, the two are level."""
        order = self.at_nothing
        for crossing in self.crossings:
            if crossing.exit_proceeds > exit_proceeds:
                break
            order = Order.LEVEL if crossing.exit_proceeds == exit_proceeds else crossing.after
        return order


def overtaking(first: ExitLine, second: ExitLine) -> Overtaking:
    """Return which of two offers is ahead at every exit.

    Both may depend on the same exit, so there may be several crossings. Where the two stay level
    over a stretch, it has a crossing at either end; where they only touch, there is none.
    """
    stretches = list(_orders(first, second))
    at_nothing = stretches[0][1]
    crossings: list[Crossing] = []
    before = at_nothing
    for exit_proceeds, after in stretches[1:]:
        if after is not before:
            crossings.append(Crossing(exit_proceeds, before, after))
            before = after
    return Overtaking(at_nothing, tuple(crossings))


def _orders(first: ExitLine, second: ExitLine) -> Iterator[tuple[Fraction, Order]]:
    """Yield where the order may change, ascending from 0, with the order just after."""
    ahead = dict(zip(second.payoff.starts, second.payoff.slopes, strict=True))
    behind = dict(zip(first.payoff.starts, first.payoff.slopes, strict=True))
    starts = sorted({*ahead, *behind})
    gap = second.certain - first.certain
    rises = falls = ZERO
    for start, end in itertools.zip_longest(starts, starts[1:]):
        rises, falls = ahead.get(start, rises), behind.get(start, falls)
        slope = rises - falls
        yield start, _order(gap or slope)
        if gap * slope < 0:
            root = start - gap / slope
            if end is None or root < end:
                yield root, _order(slope)
        if end is not None:
            gap += slope * (end - start)


def _order(gap: Fraction) -> Order:
    """Return who is ahead by the sign of the gap."""
    return Order((gap > 0) - (gap < 0))


def naive_break_even(
    lead: Fraction, *, ownership_fraction: Fraction, exercise_cost: Fraction = ZERO
) -> Fraction | None:
    """Return the exit that "my percent times the price" would name; None for an empty stake.

    It pays nobody ahead of the holder and lets the company be as large as its shares of today. By
    hand: (160,000 + 40,000) / (80,000 / 12,000,000) = 30,000,000.
    """
    if ownership_fraction <= 0:
        return None
    return max(ZERO, lead + exercise_cost) / ownership_fraction


class Growth(NamedTuple):
    """How much a company must grow to be worth an exit: in all, and per year."""

    multiple: float
    yearly_rate: float | None


def required_growth(exit_proceeds: float, *, last_post_money: float, years: float) -> Growth:
    """Return the growth from the last round's post-money valuation to an exit.

    The yearly rate is None for an exit today, which leaves no time to grow.
    """
    check_positive("last_post_money", last_post_money)
    multiple = exit_proceeds / last_post_money
    return Growth(multiple, multiple ** (1.0 / years) - 1.0 if years > 0 else None)


# --- who starts and who stops sharing ------------------------------------------------------------


class Turn(StrEnum):
    """What happens to a class at a kink of the waterfall."""

    CLAIM_BEGINS = "claim_begins"
    CLAIM_PAID = "claim_paid"
    SHARES = "shares"
    PARTICIPATES = "participates"
    EXERCISES = "exercises"
    CAP_REACHED = "cap_reached"
    CONVERTS = "converts"

    @property
    def is_start(self) -> bool:
        """Whether the class takes part of the next dollar from here on."""
        return self not in {Turn.CLAIM_PAID, Turn.CAP_REACHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kink:
    """A level of net proceeds at which somebody starts or stops sharing in the next dollar."""

    net_proceeds: Fraction
    turns: tuple[tuple[str, Turn], ...]
    """Class ids with what happens to them, those that stop first."""


def kinks(cap_table: CapTable, curve: PayoutCurve) -> tuple[Kink, ...]:
    """Return every kink of a waterfall with who starts and who stops there, ascending.

    Parameters
    ----------
    curve
        `payout_curve(cap_table)`.
    """
    all_claims = sum((row.claim for row in cap_table.classes), ZERO)
    tranches = curve.exact_tranches
    found = []
    for earlier, later in itertools.pairwise(tranches):
        turns = [
            (stock_class.id, turn)
            for stock_class, before, after in zip(
                cap_table.classes, earlier.marginal_shares, later.marginal_shares, strict=True
            )
            if (
                turn := _turn(
                    stock_class,
                    before,
                    after,
                    is_claim_stage=later.start < all_claims,
                    is_end_of_claims=later.start == all_claims,
                    is_decision=curve.converts_at(stock_class.id) == later.start,
                )
            )
        ]
        turns.sort(key=lambda each: each[1].is_start)
        found.append(Kink(net_proceeds=later.start, turns=tuple(turns)))
    return tuple(found)


def _turn(
    stock_class: StockClass,
    before: Fraction,
    after: Fraction,
    *,
    is_claim_stage: bool,
    is_end_of_claims: bool,
    is_decision: bool,
) -> Turn | None:
    """Return what happens to one class where its part of the next dollar changes."""
    if stock_class.type is StockClassType.PREFERRED:
        if is_decision and after > 0:
            return Turn.CONVERTS
        if before > 0 and after == 0:
            return Turn.CLAIM_PAID if is_claim_stage or is_end_of_claims else Turn.CAP_REACHED
        if after > 0 and is_claim_stage and before == 0:
            return Turn.CLAIM_BEGINS
        is_taking_part = stock_class.participation is not Participation.NONE
        return Turn.PARTICIPATES if is_taking_part and is_end_of_claims and after > 0 else None
    if before == 0 and after > 0:
        is_priced = stock_class.type in _PRICED
        return Turn.EXERCISES if is_priced and is_decision else Turn.SHARES
    return None


_PRICED: Final = frozenset(
    {StockClassType.OPTION, StockClassType.WARRANT, StockClassType.PROFITS_INTEREST}
)
