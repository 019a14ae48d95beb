"""What must hold for every text: layout changes nothing, spans lie in the text, notation is free."""

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.letters import read_letter
from tests.offers.letters.scoring import LETTERS

TEXTS = [
    path.read_text("utf-8")
    for folder in (LETTERS, LETTERS / "own")
    for path in sorted(Path(folder).glob("*.txt"))
]
BLANKS = [" ", "\n", "\n\n", "  ", "\t", "\r\n", " \n ", "\u00a0", "\f", "\n\f\n"]
AMOUNTS = {
    185_000: [
        *("$185,000", "$185,000.00", "185k", "$185K", "USD 185 000", "USD 185,000", "US$185,000"),
        *("$0.185M", "185,000 USD", "one hundred eighty-five thousand dollars"),
        *("one hundred eighty-five thousand dollars ($185,000)", "$185, 000", "**$185,000**"),
    ],
    72_500: [
        *("£72,500", "GBP 72,500", "£72.5k", "£ 72 500", "72,500 pounds", "£72,500.00"),
        "seventy-two thousand five hundred pounds (£72,500)",
    ],
    104_000: [
        *("€ 104.000,00", "EUR 104.000", "104 000 €", "€104,000", "EUR 104k", "104.000,00 €"),
        "EUR 104,000.00",
    ],
    120_000: ["CHF 120'000", "CHF 120’000.--", "CHF 120 000", "CHF 120,000.00", "120'000 CHF"],
    4_500_000: ["₹ 45,00,000", "INR 45,00,000", "₹45 lakhs", "INR 4,500,000", "Rs. 45,00,000"],
}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TEXTS), st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.2, 1.0]))
def test_white_space_lines_and_pages_change_no_value(text: str, seed: int, part: float) -> None:
    choose = random.Random(seed)  # noqa: S311 -- layout, not a secret
    other = re.sub(
        r"\s+",
        lambda gap: choose.choice(BLANKS) if choose.random() < part else gap[0],
        text.strip(),
    )
    pages = sorted({0, *(choose.randrange(len(other)) for _ in range(choose.randrange(4)))})

    plain, changed = read_letter(text), read_letter(other, page_starts=pages)

    assert changed.document == plain.document
    assert changed.fields == plain.fields
    assert changed.missing == plain.missing
    assert [(q.path, q.choices) for q in changed.questions] == [
        (q.path, q.choices) for q in plain.questions
    ]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_spans_lie_in_the_text_and_hold_their_words(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    page_starts = sorted({0, *data.draw(st.lists(st.integers(0, len(text)), max_size=3))})
    torn = text[:cut]

    reading = read_letter(torn, page_starts=page_starts)

    questions = [span for question in reading.questions for span in question.spans]
    for span in [*questions, *(span for spans in reading.spans.values() for span in spans)]:
        assert 0 <= span.start < span.end <= len(torn)
        assert torn[span.start : span.end] == span.text
        assert 1 <= span.page <= len(page_starts)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="$£€%0123456789.,'()[]{}/-–:; \nabceinorstvyADILRTY|*_#", max_size=400))
def test_any_text_is_read_twice_alike(text: str) -> None:
    letter = f"Dear Sam, we are pleased to offer you {text}"

    assert read_letter(letter).as_document() == read_letter(letter).as_document()


@pytest.mark.parametrize(
    ("amount", "written"),
    [(amount, written) for amount, all_ways in AMOUNTS.items() for written in all_ways],
)
def test_notations_of_an_amount_read_alike(amount: int, written: str) -> None:
    letter = f"Dear Sam, Acme Ltd is pleased to offer you a base salary of {written} per year."

    reading = read_letter(letter)

    assert reading.fields["base_salary"]["annual"] == amount
    (span,) = reading.spans["base_salary.annual"]
    assert span.text == written.strip("*")


@pytest.mark.parametrize(
    "unit",
    [
        *("[", "([", "{{", "a- ", "$1,", "one hundred ", "Page 3 ", "by (", "\n"),
        *("It expires on May 5, 2027. ", "Acme Inc. "),
    ],
)
def test_ten_megabytes_of_anything_are_read_at_once(unit: str) -> None:
    text = "We offer you " + unit * (10_000_000 // len(unit))
    started = time.process_time()

    read_letter(text)

    assert time.process_time() - started < 20
