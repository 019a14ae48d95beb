"""A letter's text to its reading."""

from collections.abc import Mapping, Sequence
from typing import Final

from offers.letters.aside import set_aside
from offers.letters.draft import Draft
from offers.letters.fields.base_salary import read_base_salary
from offers.letters.fields.benefits import read_benefits
from offers.letters.fields.bonus import read_bonus
from offers.letters.fields.company import read_company
from offers.letters.fields.dates import ask_which_order, read_letter_date
from offers.letters.fields.equity import read_equity
from offers.letters.fields.location import read_location
from offers.letters.fields.payments import read_relocation, read_sign_on
from offers.letters.fields.response_deadline import read_response_deadline
from offers.letters.fields.start_date import read_start_date
from offers.letters.fields.title import read_title
from offers.letters.flat import MAX_CHARACTERS, flatten
from offers.letters.kinds import document_kind
from offers.letters.letter import prepare
from offers.letters.missing import missing_facts
from offers.letters.reading import (
    DocumentKind,
    LetterFacts,
    Question,
    Reading,
    Value,
    blank_fields,
)

_REPAYMENT: Final[Mapping[str, Value]] = {
    "months": None,
    "until_date": None,
    "prorated": None,
    "triggers": [],
    "basis": None,
}
_SHAPES: Final[Mapping[str, Mapping[str, Value]]] = {
    "start_date": {"date": None, "qualifier": "exact"},
    "base_salary": {"annual": None, "currency": None, "stated": []},
    "bonus": dict.fromkeys(
        [
            "currency",
            "target_percent",
            "target_amount",
            "max_percent",
            "max_amount",
            "guaranteed_amount",
            "guaranteed_percent_of_target",
            "guaranteed_period",
            "discretionary",
            "paid",
        ]
    ),
    "sign_on": {"total": None, "currency": None, "installments": [], "repayment": None},
    "relocation": {"amount": None, "currency": None, "kind": None, "repayment": None},
    "response_deadline": {"date": None, "time": None, "basis": None},
}
_GRANT: Final = dict.fromkeys(
    [
        "type",
        "quantity",
        "value",
        "percent_of_company",
        "percent_basis",
        "strike_price",
        "strike_basis",
        "fmv_409a",
        "preferred_price",
        "vesting",
        "acceleration",
        "exercise_window_months",
        "early_exercise",
        "liquidity_condition",
    ]
)
_VESTING: Final = dict.fromkeys(
    ["months", "cliff_months", "cliff_percent", "frequency", "custom", "performance"]
)


def read_letter(text: str, *, page_starts: Sequence[int] = (0,)) -> Reading:
    """Return what the letter says, where it says so, what is doubtful and what is missing.

    Parameters
    ----------
    text : the extracted text; spans are offsets into it.
    page_starts : the offset at which each page begins.
    """
    flat = flatten(text, page_starts)
    kind = document_kind(text[:MAX_CHARACTERS], flat.text)
    if kind in {DocumentKind.UNKNOWN, DocumentKind.TEMPLATE, DocumentKind.NOT_AN_OFFER}:
        return Reading(
            document=LetterFacts(kind=kind, message=_MESSAGES[kind]),
            fields=blank_fields(),
            spans={},
        )
    letter = set_aside(prepare(flat))
    draft = Draft(letter)
    letter_date, token = read_letter_date(letter)
    if token and token.other_date:
        ask_which_order(draft, "document.letter_date", token, letter.place_of(token))
    read_company(letter, draft)
    read_title(letter, draft)
    read_location(letter, draft)
    read_start_date(letter, draft, letter_date)
    read_base_salary(letter, draft)
    read_bonus(letter, draft)
    read_sign_on(letter, draft)
    read_relocation(letter, draft)
    read_equity(letter, draft)
    read_response_deadline(letter, draft, letter_date)
    read_benefits(letter, draft)
    facts = LetterFacts(
        kind=kind,
        message=_MESSAGES.get(kind),
        country=letter.rules.country,
        letter_date=letter_date,
    )
    if not kind.is_written_offer:
        return Reading(
            document=facts, fields=blank_fields(), spans={}, questions=_unconfirmed(draft)
        )
    fields = _assembled(draft.values)
    questions = tuple(draft.questions)
    return Reading(
        document=facts,
        fields=fields,
        spans=draft.spans(),
        questions=questions,
        missing=missing_facts(kind, fields, questions),
    )


_MESSAGES: Final = {
    DocumentKind.UNKNOWN: "There is no text in this document.",
    DocumentKind.TEMPLATE: "This is an unfilled template: it still holds placeholders, so nothing was filled in.",
    DocumentKind.NOT_AN_OFFER: "This does not read like an offer made to you, so nothing was filled in. A posted pay range can be added as market data instead.",
    DocumentKind.VERBAL_RECAP: "This reads like a summary of a conversation, not a written offer. Its figures are unconfirmed: ask for the offer in writing.",
}


def _unconfirmed(draft: Draft) -> tuple[Question, ...]:
    """Return every value of a talk as a question: said, and not yet in writing."""
    for path, value in draft.values.items():
        draft.ask(
            path,
            "said in a conversation, not in writing",
            [value] if isinstance(value, int | float | str) else [],
            *draft.places[path],
        )
    return tuple(draft.questions)


def _assembled(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the nested fields of the schema, with null where nothing was noted."""
    fields = blank_fields()
    for path, value in values.items():
        top, *rest = path.split(".")
        if not rest:
            fields[top] = value
        elif top == "benefits":
            fields[top].append(value)
        elif top == "equity":
            _put_grant(fields[top], int(rest[0]), rest[1:], value)
        else:
            if fields[top] is None:
                fields[top] = {
                    key: list(item) if isinstance(item, list) else item
                    for key, item in _SHAPES[top].items()
                }
            if rest[0] == "repayment":
                if fields[top]["repayment"] is None:
                    fields[top]["repayment"] = {**_REPAYMENT, "triggers": []}
                fields[top]["repayment"][rest[1]] = value
            else:
                fields[top][rest[0]] = value
    return fields


def _put_grant(grants: list[Value], number: int, rest: list[str], value: Value) -> None:
    while len(grants) <= number:
        grants.append(dict(_GRANT))
    grant = grants[number]
    if rest[0] == "vesting":
        if grant["vesting"] is None:
            grant["vesting"] = dict(_VESTING)
        grant["vesting"][rest[1]] = value
    else:
        grant[rest[0]] = value
