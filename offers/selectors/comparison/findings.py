"""What stands out about each offer: one computed fact each, never advice."""

from collections.abc import Sequence
from typing import Final

from config.figures import amounts
from offers.models import Offer
from offers.selectors.comparison.outcomes import Simulated, simulated
from offers.selectors.comparison.shapes import Finding
from offers.selectors.comparison.sides import Side
from offers.selectors.equity import Range

State = Offer.State

# So many unknown terms say more about an offer than its money does.
MANY_UNKNOWN: Final = 3
TERMS_NAMED: Final = 3
NUMBERS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
GONE: Final = {
    State.DECLINED: "You declined {letter}.",
    State.EXPIRED: "{letter} has expired.",
    State.WITHDRAWN: "{letter} was withdrawn.",
}


def findings(sides: Sequence[Side]) -> tuple[Finding, ...]:
    """Return the fact that matters most about each offer, in the order of the offers."""
    return tuple(_finding(side) for side in sides)


def in_words(number: int) -> str:
    """Return `three`; figures above ten."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def _finding(side: Side) -> Finding:
    letter = side.column.letter
    if side.terms.offer.state in GONE:
        lead = GONE[State(side.terms.offer.state)].format(letter=letter)
        return _told(side, "state", {"state"}, lead, "Its figures stay for comparison only.")
    if not side.column.is_in_writing:
        return _told(
            side,
            "verbal",
            {"state"},
            f"{letter} is only verbal.",
            "Nothing is counted yet: its figures are shown in grey until a letter confirms them.",
        )
    if side.terms.revision.base_salary is None:
        return _told(
            side,
            "base",
            {"base_salary"},
            f"{letter} leaves its base salary out.",
            "It counts for nothing until it is known, so the totals are too low.",
        )
    if not side.column.is_comparable:
        return _told(
            side,
            "currency",
            {"counted"},
            f"{letter} is in {side.currency}.",
            "There is no exchange rate on record, so it is not ranked.",
        )
    refused = [gap.label for gap in side.numbers.unknown if gap.is_refused]
    if refused:
        return _told(
            side,
            "refused",
            {"terms", "cap_table"},
            f"{letter} would not answer {_count(len(refused), 'question')}.",
            f"Unanswered: {_named(refused)}.",
        )
    unknown = [gap.label for gap in side.numbers.unknown]
    if len(unknown) >= MANY_UNKNOWN:
        odds = _odds(side)
        return _told(
            side,
            "unknown",
            {"terms", "private"} if odds else {"terms"},
            f"{letter} left {_count(len(unknown), 'term')} out.",
            f"Not stated: {_named(unknown)}.{odds}",
        )
    return _money(side)


def _money(side: Side) -> Finding:
    private, outcome = side.numbers.private_equity, simulated(side)
    if private is not None and private.at_last_round is not None:
        return _private(side, private.at_last_round, outcome)
    if private is not None:
        return _told(
            side,
            "private_unknown",
            {"private"},
            f"{side.column.letter}’s private stock cannot be valued yet.",
            "Too little about the company is known; nothing is guessed.",
        )
    if side.numbers.public_equity is not None and outcome is not None:
        ends = side.span(Range(low=outcome.p10, high=outcome.p90))
        return _told(
            side,
            "range",
            {"outcomes"},
            f"All of {side.column.letter} is cash or stock you can sell.",
            f"8 in 10 simulated outcomes come to {ends}.",
        )
    counted = side.present(side.numbers.yearly.counted)
    cash = side.present(side.numbers.yearly.contract_cash)
    part = amounts.percent(cash / counted) if counted else "0%"
    return _told(
        side,
        "cash",
        {"counted"},
        f"{part} of {side.column.letter} is contract cash.",
        f"{side.short(counted)} counts over the horizon.",
    )


def _odds(side: Side) -> str:
    """Return how often the private stock ends at nothing, where it was simulated."""
    outcome = simulated(side)
    if side.numbers.private_equity is None or outcome is None:
        return ""
    return f" Its stock ends at or near {side.short(0)} in {outcome.odds} simulated outcomes."


def _private(side: Side, paper: Range, outcome: Simulated | None) -> Finding:
    counted = side.present(side.numbers.yearly.counted)
    letter = side.column.letter
    zero = side.short(0)
    odds = (
        f"In {outcome.odds} simulated outcomes that part ends at or near {zero}."
        if outcome is not None
        else f"That part may end at {zero}."
    )
    whole = counted + paper.low
    if not whole or not paper.low:
        return _told(
            side, "private", {"private"}, f"{letter}’s private stock may be worth {zero}.", odds
        )
    part = amounts.percent(paper.low / whole)
    return _told(
        side,
        "private",
        {"private"},
        f"{part} of {letter} would be private stock, at the last round’s value.",
        odds,
    )


def _told(side: Side, key: str, about: set[str], lead: str, text: str) -> Finding:
    return Finding(
        key=f"{key}_{side.column.key}",
        about=frozenset(about),
        position=side.column.position,
        lead=lead,
        text=text,
    )


def _count(number: int, noun: str) -> str:
    return f"{in_words(number)} {noun}{'' if number == 1 else 's'}"


def _named(labels: Sequence[str]) -> str:
    """Return the first of the labels in a sentence: `409A price, debt and two more`."""
    lower = [label[:1].lower() + label[1:] for label in labels]
    if len(lower) > TERMS_NAMED:
        return f"{', '.join(lower[: TERMS_NAMED - 1])} and {in_words(len(lower) - TERMS_NAMED + 1)} more"
    return " and ".join([", ".join(lower[:-1]), lower[-1]]) if len(lower) > 1 else lower[0]
