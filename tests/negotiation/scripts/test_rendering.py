"""Every shipped template, against any facts: bound, whole, honest, and no syntax left."""

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiation.content import shipped_scripts
from negotiation.scripts import (
    SITUATIONS,
    SLOTS,
    Draft,
    Fact,
    FactBook,
    Item,
    NotOnRecord,
    Role,
    SourceKind,
    Stopped,
    read_script,
    render,
    review_template,
)
from negotiation.scripts.figures import FigureKind, stated_figures
from negotiation.scripts.wording import COMPETING_OFFER, VAGUE, claims
from tests.factories.facts import TODAY, any_book, bound, example_book, first_origin, source

SHIPPED = shipped_scripts()
SCRIPTS = [(row, read_script(row.text)[0]) for row in SHIPPED]
IDS = [f"{row.situation}-{row.channel}-{row.tone}" for row in SHIPPED]


def test_every_situation_has_both_channels_in_both_tones() -> None:
    found = {(row.situation, row.channel, row.tone) for row in SHIPPED}

    assert found == {
        (key, channel, tone)
        for key in SITUATIONS
        for channel in ("call", "email")
        for tone in ("warm", "plain")
    }
    assert len(SHIPPED) == len(found) == 128


@pytest.mark.parametrize("row", SHIPPED, ids=IDS)
def test_a_shipped_template_may_be_saved(row) -> None:  # type: ignore[no-untyped-def]
    _, problems = review_template(row.text, SITUATIONS[row.situation])

    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("row", SHIPPED, ids=IDS)
def test_with_every_fact_on_record_every_light_that_is_asked_is_on(row) -> None:  # type: ignore[no-untyped-def]
    script, _ = read_script(row.text)
    draft = render(script, example_book())

    assert isinstance(draft, Draft)
    assert not claims(draft.body, VAGUE)
    assert draft.body[0].isupper()
    assert bool(draft.subject) is (row.channel == "email")
    assert max(len(sentence.split()) for sentence in re.split(r"[.?!:;\n]", draft.body)) <= 42


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(book=any_book())
def test_whatever_is_on_record_no_script_says_more(book: FactBook) -> None:
    for _, script in SCRIPTS:
        answer = render(script, book)

        missing = [name for name in script.needed if name not in book]
        if isinstance(answer, Stopped):
            assert answer.refused == ()
            assert [slot.name for slot in answer.missing] == missing
            assert missing
            continue
        assert missing == []
        for line in answer.lines:
            for segment in line.segments:
                assert segment.text, "an empty slot"
                assert (segment.source is None) == (segment.slot == "")
                if segment.source is None:
                    assert stated_figures(segment.text) == (), "an unbound figure"
                else:
                    origins = SLOTS[segment.slot].origins
                    assert segment.source.kind in origins
                    has_proof = segment.source.competing is not None
                    assert has_proof == (segment.source.kind is SourceKind.COMPETING)
            text = line.text
            assert not re.search(r"[{}]|\[\[|\]\]", text), "unrendered syntax"
            assert "  " not in text
            assert " ," not in text
            assert " ." not in text
            if line.role is Role.SAID and claims(text, COMPETING_OFFER):
                assert book.competing


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(book=any_book(with_competing=False))
def test_without_a_record_no_template_names_another_offer(book: FactBook) -> None:
    for row, script in SCRIPTS:
        answer = render(script, book)

        if isinstance(answer, Draft):
            assert not claims(answer.body, COMPETING_OFFER), row
        elif row.situation == "S16":
            assert any(slot.is_competing for slot in answer.missing)


CLAIMS = [
    "I have another offer.",
    "I hold a written offer from Hooli at $400,000.",
    "Hooli offered me more.",
    "They would match their offer.",
    "My offer from a competitor is higher.",
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_template_that_slipped_past_the_review_still_renders_no_claim(claim: str) -> None:
    script, _ = read_script(f"Hello. {claim}")

    answer = render(script, example_book("competing_name", "competing_base"))

    assert answer == Stopped(refused=(claim,))


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    "slot", [slot for slot in SLOTS.values() if not slot.is_competing], ids=lambda slot: slot.name
)
def test_no_slot_carries_a_claim(slot, claim: str) -> None:  # type: ignore[no-untyped-def]
    values, dates = bound(claim)
    values = values or (Decimal(1),)
    dates = dates or (TODAY,)
    record = source(first_origin(slot))

    def put_in() -> Fact:
        items = (
            (Item(text=claim, source=record, values=values, dates=dates),)
            if slot.kind == "items"
            else ()
        )
        return Fact(
            slot=slot.name, text=claim, values=values, dates=dates, source=record, items=items
        )

    with pytest.raises(NotOnRecord, match=r"claim another offer|is an amount"):
        put_in()


def test_two_facts_do_not_add_up_to_a_claim() -> None:
    """Halves of a claim in two slots meet in one sentence, and the sentence is refused."""
    book = FactBook.of(
        [
            Fact(slot="role", text="I have another", source=source(SourceKind.OFFER)),
            Fact(slot="company", text="offer", source=source(SourceKind.OFFER)),
        ]
    )
    script, _ = read_script("{role} {company}.")

    assert render(script, book) == Stopped(refused=("I have another offer.",))


def test_facts_begin_sentences_with_a_capital_and_asides_leave_no_gap() -> None:
    script, _ = read_script("[[{value_reason} ]]{preference}. Hello[[ {contact}]], all.")
    book = FactBook.of(
        [
            Fact(
                slot="preference",
                text="i would rather join you",
                source=source(SourceKind.STATEMENT),
            )
        ]
    )

    answer = render(script, book)

    assert isinstance(answer, Draft)
    assert answer.body == "I would rather join you. Hello, all."


def test_a_list_is_numbered_and_each_line_keeps_its_source() -> None:
    script, _ = read_script("Please:\n{open_questions}\nThank you.")
    answer = render(script, example_book())

    assert isinstance(answer, Draft)
    assert answer.body == (
        "Please:\n\n1. How many shares are there, fully diluted?\n"
        "2. How many shares are there, fully diluted?\n\nThank you."
    )
    assert answer.lines[1].segments[0].source is not None
    assert answer.sources == (source(SourceKind.QUESTION),)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    script, _ = read_script(text)
    answer = render(script, example_book())

    assert isinstance(answer, Draft | Stopped)


def test_figures_are_found_as_people_write_them() -> None:
    text = "$290k, 20%, 4 December 2026, L5, 409A, 10:30, 1. x, ten thousand, €1.2 million"
    found = [(figure.kind, figure.text) for figure in stated_figures(text)]

    assert found == [
        (FigureKind.AMOUNT, "$290k"),
        (FigureKind.PERCENT, "20%"),
        (FigureKind.DATE, "4 December 2026"),
        (FigureKind.NUMBER, "1"),
        (FigureKind.SPELLED, "ten"),
        (FigureKind.SPELLED, "thousand"),
        (FigureKind.AMOUNT, "€1.2 million"),
    ]
