"""Two offers held against each other: the curve with its kinks, and what flips their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from config.figures import amounts
from config.figures.charts import CurveChart, Line, payout_curve, shared_scale
from offers.models import StockClass
from offers.selectors.comparison import Column
from offers.selectors.decision.cases import Reading
from offers.selectors.decision.shapes import (
    Change,
    FlipRow,
    Levers,
    NumberedKink,
    PairLens,
    Worked,
)
from offers.selectors.decision.standing import break_even, exit_in_words, lead_of
from offers.selectors.decision.wording import GOLDEN, difference, money, number, rate, years
from offers.valuation import (
    ExactPayoff,
    Flip,
    Input,
    Kink,
    OfferCase,
    Turn,
    flips,
    gap_between,
    kinks,
)
from offers.valuation import payout_curve as company_curve
from offers.valuation.bounds import exact

CURVE_HEIGHT: Final = 300
# A word beside a mark needs so much of the width for itself.
_ROOM: Final = 0.16

_TURNS: Final[Mapping[Turn, str]] = {
    Turn.CLAIM_BEGINS: "starts to be paid back",
    Turn.CLAIM_PAID: "has been paid back and stops",
    Turn.SHARES: "starts to share",
    Turn.PARTICIPATES: "has been paid back and goes on sharing",
    Turn.EXERCISES: "start: a share is worth more than they cost",
    Turn.CAP_REACHED: "has reached its cap and stops",
    Turn.CONVERTS: "converts to common stock and shares again",
}
LABELS: Final[Mapping[Input, str]] = {
    Input.BASE_SALARY: "Base salary a year",
    Input.ONE_OFF: "Sign-on and other one-off payments",
    Input.BONUS_PAID: "Part of the target bonus that is paid",
    Input.SHARE_PRICE: "Share price, the whole horizon",
    Input.UNITS: "Units granted",
    Input.EXERCISE_PRICE: "Exercise price",
    Input.EXIT_PROCEEDS: "What the company is sold for",
    Input.EXIT_YEARS: "Years until then",
    Input.ODDS: "Odds of that exit",
    Input.DILUTION: "Dilution until then",
    Input.DISCOUNT_RATE: "Discount rate",
}
_MONEY: Final = frozenset({Input.BASE_SALARY, Input.ONE_OFF, Input.EXIT_PROCEEDS})
_PER_SHARE: Final = frozenset({Input.SHARE_PRICE, Input.EXERCISE_PRICE})
_RATES: Final = frozenset({Input.BONUS_PAID, Input.ODDS, Input.DILUTION, Input.DISCOUNT_RATE})
# Inputs that the reader has a lever for; the others are tried as a changed term.
LEVER_NAMES: Final[Mapping[Input, str]] = {
    Input.EXIT_PROCEEDS: "exit_proceeds",
    Input.EXIT_YEARS: "exit_years",
    Input.ODDS: "odds",
    Input.DILUTION: "dilution",
}
Ask = Callable[[Levers], str]
"""Turns levers into the query of an address."""


def pair_lens(first: Reading, second: Reading, levers: Levers, ask: Ask) -> PairLens:
    """Return the two offers that the reader chose."""
    chart, numbered = _curve(first, second) if second.low is not None else (None, ())
    gap = gap_between(first.prudent, second.prudent)
    return PairLens(
        first=first.side.column,
        second=second.side.column,
        words=_in_words(first, second),
        chart=chart,
        kinks=numbered,
        flips=_flip_rows(first, second, levers, ask),
        order=_order(first, second, gap),
    )


def _order(first: Reading, second: Reading, gap: float) -> str:
    one, other = first.side.column.letter, second.side.column.letter
    currency = first.side.currency
    ahead = difference(gap, currency)
    if ahead == "as much":
        return f"{one} and {other} come to the same."
    leader = other if gap > 0 else one
    return f"{leader} is {money(abs(gap), currency)} ahead."


def _in_words(first: Reading, second: Reading) -> str:
    """Return what the curve says in one sentence."""
    one, other = first.side.column.letter, second.side.column.letter
    if second.low is None:
        return f"{other} has no private stock that can be drawn, so no exit changes their order."
    found = break_even(first, second, with_time=False)
    currency = second.side.currency
    lead = lead_of(first, second, with_time=False)
    if lead <= 0:
        return f"{other} is ahead of {one} even if its stock pays nothing."
    told = exit_in_words(found.exits, currency)
    if found.exits[0] is None:
        return f"No exit pays the {money(lead, currency)} that {other} is behind."
    lower = told[:1].lower() + told[1:]
    where = "above" if found.has_one else "above a price in the range"
    return (
        f"{other}’s stock must pay the {money(lead, currency)} that {one} is ahead without it. "
        f"It does {where} {lower}."
    )


# --- the curve -----------------------------------------------------------------------------------


def _curve(first: Reading, second: Reading) -> tuple[CurveChart | None, tuple[NumberedKink, ...]]:
    low, high = second.low, second.high
    if low is None or high is None or low.stock is None or high.stock is None:
        return None, ()
    currency = second.side.currency
    low_payoff, high_payoff = _payoff(low), _payoff(high)
    company = _kinks(high) if second.is_exact else []
    found = break_even(first, second, with_time=False)
    ends = [float(end) for end in found.exits if end]
    places = [float(place) for place, _ in company]
    edge = max(
        1.25 * max(ends, default=0.0),
        1.12 * max(places, default=0.0),
        1.15 * high.exit_proceeds,
        1.2 * (second.last_round or 0.0),
        1.2 * float(low_payoff.starts[-1]),
    )
    if edge <= 0.0:
        return None, ()
    lead = float(lead_of(first, second, with_time=False))
    low_line, high_line = _line(low_payoff), _line(high_payoff)
    scale = shared_scale([high_line.at(edge), 1.12 * lead if ends else 0.0])
    chart = payout_curve(
        low_line,
        None if second.is_exact else high_line,
        x_maximum=edge,
        scale=scale,
        marks=_marks(ends, high.exit_proceeds, edge),
        currency=currency,
        height=CURVE_HEIGHT,
        level=(lead, f"{first.side.column.letter} is ahead by"),
        numbers=places,
    )
    return chart, tuple(
        NumberedKink(
            number=place,
            at=money(at, currency),
            words=_turns(kink, second.side.terms.stock_classes),
            pays_you=money(high_payoff.at(at), currency),
            is_yours=any(class_id.startswith("grant-") for class_id, _ in kink.turns),
        )
        for place, (at, kink) in enumerate(company, start=1)
    )


def _marks(ends: Sequence[float], chosen: float, edge: float) -> list[tuple[float, str]]:
    """Return the places worth a word, without two words in one place."""
    marks = [(end, "break-even") for end in dict.fromkeys(ends[:1])]
    if all(abs(chosen - place) > _ROOM * edge for place, _ in marks):
        marks.append((chosen, "your exit"))
    return marks


def _payoff(case: OfferCase) -> ExactPayoff:
    """Return what the stock pays at an exit, without odds or time, in the page's currency."""
    if case.stock is None:
        return ExactPayoff()
    unit = exact(case.stock_rate)
    return case.stock.payoff(case.dilution_fraction).after(Fraction(0), unit=unit)


def _line(payoff: ExactPayoff) -> Line:
    twin = payoff.as_payoff()
    return Line.of_tranches(twin.starts.tolist(), twin.slopes.tolist())


def _kinks(case: OfferCase) -> list[tuple[Fraction, Kink]]:
    """Return the kinks of the company at exit proceeds before debt, in the page's currency."""
    if case.stock is None:
        return []
    table = case.stock.cap_table(case.dilution_fraction)
    debt, unit = exact(case.stock.debt), exact(case.stock_rate)
    return [
        ((kink.net_proceeds + debt) * unit, kink)
        for kink in kinks(table, company_curve(table))
        if kink.turns
    ]


def _turns(kink: Kink, rows: Sequence[StockClass]) -> str:
    """Return `Series B has been paid back and stops; Series A starts to be paid back`."""
    told: dict[str, None] = {}
    for class_id, turn in kink.turns:
        name = _name(class_id, rows)
        is_yours = class_id.startswith("grant-")
        verb = "start to share" if is_yours and turn is Turn.SHARES else _TURNS[turn]
        told[f"{name} {verb}"] = None
    words = "; ".join(told)
    return words[:1].upper() + words[1:]


def _name(class_id: str, rows: Sequence[StockClass]) -> str:
    if class_id.startswith("grant-"):
        return "your units"
    if class_id.startswith("class-"):
        return rows[int(class_id.removeprefix("class-"))].name
    return {"preferred": "investors"}.get(class_id, "common stock")


# --- what flips it -------------------------------------------------------------------------------


def _flip_rows(first: Reading, second: Reading, levers: Levers, ask: Ask) -> tuple[FlipRow, ...]:
    if not (first.side.column.is_comparable and second.side.column.is_comparable):
        return ()
    readings = (first, second)
    rows = []
    for flip in flips(first.prudent, second.prudent):
        reading = None if flip.side is None else readings[flip.side]
        rows.append(_flip_row(flip, reading, readings, levers, ask))
    return tuple(rows)


def _flip_row(
    flip: Flip,
    reading: Reading | None,
    pair: tuple[Reading, Reading],
    levers: Levers,
    ask: Ask,
) -> FlipRow:
    # Money of the offer is shown in its own currency: that is what one would ask for.
    currency = _currency(flip.input, reading or pair[0])
    now = shown_input(flip.input, flip.current, currency)
    column = reading.side.column if reading else None
    letters = tuple(each.side.column.letter for each in pair)
    page_currency = pair[0].side.currency
    gap = flip.gap_at_closest
    behind = letters[1] if gap < 0 else letters[0]
    bound = shown_input(flip.input, flip.closest, currency)
    why_not = ""
    if flip.value is None:
        why_not = (
            f"Cannot: at {bound} {behind} is still {money(abs(gap), page_currency)} behind"
            if abs(gap) >= 0.5
            else f"Cannot: at {bound} they come to the same, and no further"
        )
    return FlipRow(
        column=column,
        label=LABELS[flip.input],
        now=now,
        flip="" if flip.value is None else shown_input(flip.input, flip.value, currency),
        change="" if flip.value is None else _change(flip, currency),
        why_not=why_not,
        query="" if flip.value is None else ask(_with(flip, column, levers)),
        worked=Worked(
            formula=f"the value at which {letters[0]} and {letters[1]} come to the same, "
            "everything else as it is",
            inputs=(
                ("Now", now),
                (
                    f"{letters[1]} beside {letters[0]} now",
                    difference(gap_between(pair[0].prudent, pair[1].prudent), page_currency),
                ),
                (f"At {bound}, {letters[1]} beside {letters[0]}", difference(gap, page_currency)),
                ("Exact value", "none" if flip.value is None else repr(flip.value)),
            ),
            anchor="flips",
            source=GOLDEN,
        ),
    )


def _with(flip: Flip, column: Column | None, levers: Levers) -> Levers:
    """Return the levers with the one that flips the order pulled, exactly."""
    # As many decimals as a field reads: a trillionth of an odd moves less than a cent.
    value = round(Decimal(repr(flip.value)), 12 if flip.input in _RATES else 10)
    if column is None:
        return replace(levers, discount_rate=value)
    if flip.input in LEVER_NAMES:
        chosen = levers.chosen[column.key]
        moved = replace(chosen, **{LEVER_NAMES[flip.input]: value})
        return replace(levers, chosen={**levers.chosen, column.key: moved})
    change = Change(column.key, flip.input, float(value))
    others = [each for each in levers.changes if each[:2] != change[:2]]
    return replace(levers, changes=(*others, change))


def _currency(what: Input, reading: Reading) -> str:
    """Return the currency that an input is stated in."""
    table = reading.side.terms.cap_table
    if what is Input.EXIT_PROCEEDS:
        return reading.side.currency
    if what is Input.EXERCISE_PRICE and table is not None:
        return table.currency
    return reading.side.terms.revision.currency


def shown_input(what: Input, value: float, currency: str) -> str:
    """Return the value of an input as people read it."""
    if what in _MONEY:
        return money(value, currency)
    if what in _PER_SHARE:
        return amounts.price(round(value, 4), currency)
    if what in _RATES:
        return rate(value)
    if what is Input.EXIT_YEARS:
        return years(round(value, 2))
    return number(value, 0)


def _change(flip: Flip, currency: str) -> str:
    """Return how far the flip is: `$100,067 more`, `12% fewer`, `4.1 points lower`."""
    if flip.value is None:
        return ""
    change = flip.value - flip.current
    if flip.input in _MONEY:
        return difference(change, currency)
    if flip.input in _PER_SHARE:
        shown = amounts.price(round(abs(change), 4), currency)
        return f"{shown} {'more' if change > 0 else 'less'}"
    if flip.input in _RATES:
        points = number(abs(change) * 100, 2)
        return f"{points} points {'higher' if change > 0 else 'lower'}"
    if flip.input is Input.EXIT_YEARS:
        return f"{years(round(abs(change), 2))} {'later' if change > 0 else 'sooner'}"
    return f"{number(abs(change), 0)} {'more' if change > 0 else 'fewer'}"
