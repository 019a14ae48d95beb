"""What the equity could pay: the exact curve, its thresholds, and the user's own scenarios."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np

from config.figures import amounts
from config.figures.charts import DataTable, Line, payout_curve, shared_scale
from offers.selectors.comparison.outcomes import MISSING
from offers.selectors.comparison.rows import cell, known, missing, row
from offers.selectors.comparison.shapes import (
    Cell,
    CurveCell,
    Known,
    Note,
    Part,
    PayoutLens,
)
from offers.selectors.comparison.sides import Side
from offers.selectors.equity import PrivateEquity, PublicEquity, Range
from offers.valuation import Payoff

# The axes end here unless a threshold or a scenario lies further out.
LAST_ROUNDS_SHOWN: Final = 2.0
SHARE_PRICES_SHOWN: Final = 3.0
# Where nobody stated scenarios: no odds, only what if.
WHAT_IFS: Final = ((0.5, "Half"), (1.0, "At"), (2.0, "Twice"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A payoff in the currency it is shown in, from the prudent to the kindest reading."""

    low: Line
    high: Line | None
    edge: float
    mark: tuple[float, str] | None
    axis: str

    @property
    def upper(self) -> Line:
        return self.high or self.low


def payout_lens(sides: Sequence[Side]) -> PayoutLens | None:
    """Return the payout curves on one vertical scale; None where nobody offers equity."""
    if not any(side.terms.grants for side in sides):
        return None
    curves = [_curve(side) for side in sides]
    scale = shared_scale(
        curve.upper.at(curve.edge)
        for side, curve in zip(sides, curves, strict=True)
        if curve and side.column.is_comparable
    )
    return PayoutLens(
        key="payouts",
        cells=tuple(
            CurveCell(
                column=side.column,
                chart=payout_curve(
                    curve.low,
                    curve.high,
                    x_maximum=curve.edge,
                    scale=scale,
                    marks=[curve.mark] if curve.mark else [],
                    currency=side.currency,
                    axis=curve.axis,
                )
                if curve and side.column.is_comparable
                else None,
                words=threshold_in_words(side),
            )
            for side, curve in zip(sides, curves, strict=True)
        ),
        scenarios=row(
            sides,
            "scenarios",
            "Scenarios",
            _scenarios,
            hint="what vests within the horizon would pay; the outcome in which it pays nothing "
            "is always one of them",
        ),
        table=_thresholds(sides, curves),
    )


def threshold_in_words(side: Side) -> str:
    """Return where the equity begins to pay, and what stands before it."""
    public, private = side.numbers.public_equity, side.numbers.private_equity
    if public is not None:
        return _public_in_words(public)
    if private is None:
        return "No equity."
    if private.missing:
        return f"Cannot be drawn without {' and '.join(MISSING[code] for code in private.missing)}."
    start = private.nothing_below
    if start is None or math.isinf(start.high):
        return (
            "May pay nothing at any price: neither the preferences ahead of you nor the money "
            "raised are known."
        )
    if not start.is_exact:
        return (
            f"Begins to pay somewhere between {side.short(start.low)} and "
            f"{side.short(start.high)}: the preferences ahead of you are not known."
        )
    if start.high == 0.0:
        return "Pays from the first dollar: nobody comes before you."
    return f"Nothing below {side.short(start.high)}{_before(side, private)}."


def _before(side: Side, private: PrivateEquity) -> str:
    """Return what comes first: `: $20.0M goes to investors, and then shares must reach $0.50`."""
    ahead, table = preferences(side), side.terms.cap_table
    prices = [facts.grant.exercise_price for facts in private.grants if facts.is_option]
    least = min((price for price in prices if price), default=None)
    told = []
    if ahead:
        told.append(f"{ahead} goes to investors first")
    if least is not None and table is not None:
        told.append(
            f"a share must reach your {amounts.price(least, table.currency)} exercise price"
        )
    return f": {', and then '.join(told)}" if told else ""


def preferences(side: Side) -> str:
    """Return what all preferred classes together are paid first, where each of them is known."""
    private, table = side.numbers.private_equity, side.terms.cap_table
    if private is None or table is None or not private.is_stack_known:
        return ""
    first = sum(
        (
            each.shares * each.price_per_share * each.liquidation_preference_multiple
            for each in side.terms.stock_classes
        ),
        start=Decimal(0),
    )
    return side.money_of(first, table.currency) if first else ""


def _public_in_words(public: PublicEquity) -> str:
    if public.payoff is None:
        return "Cannot be drawn without the share price and the number of shares."
    if any(facts.is_option for facts in public.grants):
        return "Listed stock: pays above its exercise price, and moves with the share price."
    return "Listed stock: moves with the share price, no threshold to clear."


def _curve(side: Side) -> Curve | None:
    private, public = side.numbers.private_equity, side.numbers.public_equity
    if private is not None and private.low is not None and private.high is not None:
        return _private_curve(side, private, private.low, private.high)
    if public is not None and public.payoff is not None and public.share_price:
        (price,) = side.scaled([public.share_price])
        line = _line(side, public.payoff)
        edge = max(SHARE_PRICES_SHOWN * price, 1.2 * max(line.xs))
        return Curve(low=line, high=None, edge=edge, mark=(price, "today"), axis="Share price")
    return None


def _private_curve(side: Side, private: PrivateEquity, low: Payoff, high: Payoff) -> Curve | None:
    low_line, high_line = _line(side, low), _line(side, high)
    (last_round,) = side.scaled([private.last_round_value or 0.0])
    proceeds = side.scaled([scenario.exit_proceeds.high for scenario in private.scenarios])
    edge = max(
        LAST_ROUNDS_SHOWN * last_round,
        1.2 * max(*low_line.xs, *high_line.xs, 0.0),
        *(1.1 * each for each in proceeds),
        0.0,
    )
    if edge <= 0.0:
        return None
    return Curve(
        low=low_line,
        high=None if private.is_stack_known else high_line,
        edge=edge,
        mark=(last_round, "last round") if last_round else None,
        axis="Company sold or listed for",
    )


def _line(side: Side, payoff: Payoff) -> Line:
    """Return the payoff with both axes converted: a share of each dollar has no currency."""
    return Line.of_tranches(side.scaled(payoff.starts.tolist()), payoff.slopes.tolist())


def _thresholds(sides: Sequence[Side], curves: Sequence[Curve | None]) -> DataTable:
    """Return every threshold of every private offer, with the share of the dollars after it."""
    rows = [
        (
            f"{side.column.letter} {side.column.name}",
            amounts.headline(start, side.currency),
            _ends(side, (curve.low.at(start), curve.upper.at(start))),
            _shares((_slope(curve.low, start), _slope(curve.upper, start))),
        )
        for side, curve in zip(sides, curves, strict=True)
        if curve and side.numbers.private_equity
        for start in sorted({*curve.low.xs, *curve.upper.xs})
    ]
    return DataTable(
        head=("Offer", "Sold or listed for", "Pays you", "Your share of the next dollar"),
        rows=tuple(rows),
    )


def _slope(line: Line, x: float) -> float:
    """Return the holder's part of the next dollar after `x`."""
    for (start, low), (end, high) in pairwise(zip(line.xs, line.ys, strict=True)):
        if start <= x < end:
            return (high - low) / (end - start)
    return line.final_slope if x >= line.xs[-1] else 0.0


def _ends(side: Side, ends: tuple[float, float]) -> str:
    return " to ".join(dict.fromkeys(amounts.money(end, side.currency) for end in ends))


def _shares(ends: tuple[float, float]) -> str:
    shown = dict.fromkeys(amounts.ownership(end) if end else "nothing" for end in ends)
    return " to ".join(shown)


def _scenarios(side: Side) -> Cell:
    private, public = side.numbers.private_equity, side.numbers.public_equity
    if private is not None:
        if private.missing:
            return cell(side, missing(Known.NOT_KNOWN))
        own = _own_scenarios(side, private) if private.scenarios else ()
        return cell(side, *(own or _at_last_rounds(side, private)))
    if public is not None and public.payoff is not None and public.share_price:
        price = public.share_price
        parts = [
            _what_if(
                side, (public.payoff, public.payoff), factor * price, f"{words} today’s price, "
            )
            for factor, words in WHAT_IFS
        ]
        return cell(side, _zero(side, "If the shares become worthless"), *parts)
    return cell(side, missing(Known.NOT_KNOWN if side.terms.grants else Known.NOT_APPLICABLE))


def _own_scenarios(side: Side, private: PrivateEquity) -> tuple[Part, ...]:
    odds = private.probability_of_nothing or 0.0
    parts = [_zero(side, f"Common stock gets nothing, {amounts.percent(max(odds, 0.0))}")]
    for each in private.scenarios:
        years = each.years or 0.0
        when = f"in {amounts.count(years)} year{'' if years == 1 else 's'}"
        odds_of = amounts.percent(each.probability or 0.0)
        what = f"{each.name}: {side.short(each.exit_proceeds.high)} {when}, {odds_of}"
        parts.append(known(side.span(each.payout), Note(what)))
    if private.expected_payout is not None:
        weighted = Note("Weighted by your own odds; no outcome pays just this")
        parts.append(known(side.span(private.expected_payout), weighted))
    return tuple(parts)


def _at_last_rounds(side: Side, private: PrivateEquity) -> tuple[Part, ...]:
    zero = _zero(side, "If common stock gets nothing")
    value = private.last_round_value
    if not value or private.low is None or private.high is None:
        return (zero,)
    return (
        zero,
        *(
            _what_if(side, (private.low, private.high), factor * value, f"{words} the last round, ")
            for factor, words in WHAT_IFS
        ),
    )


def _zero(side: Side, words: str) -> Part:
    return known(side.short(0), Note(words))


def _what_if(side: Side, payoffs: tuple[Payoff, Payoff], amount: float, words: str) -> Part:
    at = np.array([amount])
    low, high = (float(payoff.at(at)[0]) for payoff in payoffs)
    is_share_price = side.numbers.public_equity is not None
    show = amounts.price if is_share_price else amounts.headline
    shown = show(side.convert(amount), side.currency)
    return known(side.span(Range(low=low, high=high)), Note(f"{words}{shown}"))
