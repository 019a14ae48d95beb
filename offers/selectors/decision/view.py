"""The decision page as one value: the offers, the levers, and everything that follows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from offers.selectors.comparison import Column, JointLens, Known
from offers.selectors.comparison.sides import used_rates
from offers.selectors.decision.cases import Board, Reading, moved
from offers.selectors.decision.criteria import ScoredCriterion, criteria_lens
from offers.selectors.decision.exercising import exercise_lens
from offers.selectors.decision.leaving import leaving_lens
from offers.selectors.decision.pair import LABELS, Ask, pair_lens, shown_input
from offers.selectors.decision.shapes import Asked, Change, DecisionView, Levers, TriedChange
from offers.selectors.decision.standing import (
    break_even,
    break_even_rows,
    exit_in_words,
    lead_of,
    standing_rows,
)
from offers.selectors.decision.wording import money

QUESTIONS_SHOWN: Final = 5
# Unknown terms that the answer of this page rests on, most telling first, with what each decides.
TELLING: Final[Mapping[str, str]] = {
    "stock_classes": "who is paid before you",
    "fully_diluted_shares": "how large your part is",
    "quantity": "how large your part is",
    "exercise_price": "what your options cost",
    "total_raised": "how much could come before you",
    "debt": "what is paid before all stock",
    "last_preferred_price": "how far the company has to grow",
    "base_salary": "the money that needs no exit",
    "bonus": "the money that needs no exit",
    "share_price": "the money that needs no exit",
    "repayment": "what leaving early costs",
    "vesting": "what leaving early loses",
    "post_termination_window_days": "how long you have to pay for your options",
    "acceleration": "what a sale does to unvested units",
    "fair_market_value": "what tax is about",
}


def decision_view(
    board: Board,
    levers: Levers,
    criteria: Sequence[ScoredCriterion],
    *,
    today: dt.date,
    ask: Ask,
    joint: JointLens | None = None,
) -> DecisionView:
    """Return the page under these levers; it asks the database nothing.

    `joint` is the joint simulation of the comparison, which knows the best question.
    """
    readings = moved(board, levers)
    by_letter = dict(zip(board.letters, readings, strict=True))
    first, second = by_letter[levers.first], by_letter[levers.second]
    columns = tuple(reading.side.column for reading in readings)
    years = board.assumptions.horizon_years
    answer, note = _answer(first, second)
    return DecisionView(
        currency=board.assumptions.currency,
        today=today,
        columns=columns,
        layout=_layout(columns),
        horizon_years=years,
        answer=answer,
        answer_note=note,
        simulated=_simulated(joint, first.side.column, second.side.column),
        pair=pair_lens(first, second, levers, ask),
        standing=standing_rows(readings, first),
        break_even=break_even_rows(readings, first),
        leaving=leaving_lens(readings, levers),
        exercise=exercise_lens(readings, n_years=years, today=today),
        criteria=criteria_lens(columns, criteria),
        asked=_asked(readings, joint),
        tried=_tried(board, levers, ask),
        rates=used_rates(board.sides, board.assumptions.currency),
        without_rate=tuple(column.letter for column in columns if not column.is_comparable),
        levers=levers,
    )


def _answer(first: Reading, second: Reading) -> tuple[str, str]:
    """Return the break-even as the headline of the page, and the sentence under it."""
    one, other = first.side.column, second.side.column
    currency = second.side.currency
    if second.low is None:
        return f"No exit decides between {one.letter} and {other.letter}", (
            "Neither has private stock that enough is known about."
            if second.has_private_stock
            else f"{other.name} has no private stock."
        )
    found = break_even(first, second, with_time=False)
    lead = lead_of(first, second, with_time=False)
    if lead <= 0:
        return (
            f"{other.letter} leads {one.letter} without any exit",
            f"It pays {money(-lead, currency)} more even if its stock ends at nothing.",
        )
    words = exit_in_words(found.exits, currency)
    if found.exits[0] is None:
        return f"{other.letter} never overtakes {one.letter}", "No exit pays enough for it."
    lower = words[:1].lower() + words[1:]
    return (
        f"{other.letter} overtakes {one.letter} above {lower}"
        if found.has_one
        else f"{other.letter} overtakes {one.letter} somewhere: {lower}",
        (
            f"{other.name} sold for that, after everybody who is paid before you; until then "
            f"{one.name} is {money(lead, currency)} ahead."
        ),
    )


def _simulated(joint: JointLens | None, first: Column, second: Column) -> str:
    """Return how often the second offer pays more than the first, over all that could happen."""
    rows = joint.rows if joint else ()
    row = next((each for each in rows if each.key == f"joint_ahead_{first.key}"), None)
    cell = (
        next((each for each in row.cells if each.column.key == second.key), None) if row else None
    )
    if cell is None or cell.parts[0].known is not Known.KNOWN:
        return ""
    part = cell.parts[0]
    is_close = any(note.tone == "warn" for note in part.notes)
    told = f"{second.letter} pays more than {first.letter} in {part.text} simulated outcomes"
    return f"{told}: too close to call." if is_close else f"{told}."


def _asked(readings: Sequence[Reading], joint: JointLens | None) -> tuple[Asked, ...]:
    """Return what is still unknown: by what its answer could change, then what moves this page."""
    columns = {reading.side.column.letter: reading.side.column for reading in readings}
    best = [
        Asked(
            code=question.code,
            column=columns[question.letter],
            label=question.label,
            why=question.effect,
            section=question.section,
            is_refused=False,
        )
        for question in (joint.questions if joint else ())
        if question.letter in columns
    ]
    known = {(each.column.key, each.code) for each in best}
    others = [
        Asked(
            code=gap.code,
            column=reading.side.column,
            label=gap.label,
            why=f"It decides {why}.",
            section=gap.section,
            is_refused=gap.is_refused,
        )
        for code, why in TELLING.items()
        for reading in readings
        for gap in reading.side.numbers.unknown
        if gap.code == code and (reading.side.column.key, code) not in known
    ]
    return tuple([*best, *others][:QUESTIONS_SHOWN])


def _tried(board: Board, levers: Levers, ask: Ask) -> tuple[TriedChange, ...]:
    return tuple(
        TriedChange(
            words=_change_in_words(board, change),
            query=ask(
                replace(
                    levers, changes=tuple(each for each in levers.changes if each is not change)
                )
            ),
        )
        for change in levers.changes
    )


def _change_in_words(board: Board, change: Change) -> str:
    side = board.of(change.letter).side
    label = LABELS[change.input]
    shown = shown_input(change.input, change.value, side.terms.revision.currency)
    return f"{side.column.letter}: {label[:1].lower()}{label[1:]} {shown}"


def _layout(columns: Sequence[Column]) -> str:
    """Return the classes of a matrix: how many offers stand in it, and how many on a phone."""
    on_phone = sum(not column.is_off_phone for column in columns)
    small = f" s{on_phone}" if on_phone < len(columns) else ""
    return f"n{len(columns)}{small}"
