"""What is possible and not certain becomes a question, and is in no field."""

from datetime import date

import pytest

from offers.letters import Reading, read_letter

CANADA = "Fir Labs Inc.\nToronto, Ontario\n\nMay 4, 2026\n\nDear Sam,\n\nWe are pleased to offer you a role. "
PLAIN = "Fir Labs Inc.\n\nMay 4, 2026\n\nDear Sam,\n\nWe are pleased to offer you a role. "


def _asked(reading: Reading) -> dict[str, tuple[object, ...]]:
    return {question.path: question.choices for question in reading.questions}


@pytest.mark.parametrize(
    ("letter", "path", "choices", "field"),
    [
        (
            CANADA + "Your start date is 06/07/2026.",
            "start_date",
            ("2026-07-06", "2026-06-07"),
            "start_date",
        ),
        (
            PLAIN + "Base salary: $100,000 per year. Your annual salary is $110,000.",
            "base_salary",
            (100_000, 110_000),
            "base_salary",
        ),
        (
            PLAIN + "Your base salary is $100,000 - $120,000 per year.",
            "base_salary",
            (100_000, 120_000),
            "base_salary",
        ),
        (
            PLAIN + "Your base salary is approximately $100,000 per year.",
            "base_salary",
            (100_000,),
            "base_salary",
        ),
        (
            PLAIN + "Your base salary is one hundred thousand dollars ($110,000) per year.",
            "base_salary",
            (110_000, 100_000),
            "base_salary",
        ),
        (
            PLAIN + "Please sign by May 11, 2026. The offer expires on May 15, 2026.",
            "response_deadline",
            ("2026-05-11", "2026-05-15"),
            "response_deadline",
        ),
        (PLAIN + "You receive 1.250 RSUs.", "equity.0.quantity", (1.25, 1250), "equity"),
    ],
)
def test_doubt_is_a_question_and_no_value(
    letter: str, path: str, choices: tuple[object, ...], field: str
) -> None:
    reading = read_letter(letter)

    assert _asked(reading)[path] == choices
    assert reading.fields[field] in (None, [])
    assert field not in reading.spans
    assert all(question.spans for question in reading.questions if question.path == path)


def test_dollar_of_a_canadian_letter_is_a_question_and_the_amount_is_not() -> None:
    reading = read_letter(CANADA + "Your annual salary is $118,000.")

    assert reading.fields["base_salary"]["annual"] == 118_000
    assert reading.fields["base_salary"]["currency"] is None
    assert _asked(reading)["base_salary.currency"] == ("CAD", "USD")


def test_weekday_settles_the_order_of_day_and_month() -> None:
    reading = read_letter(CANADA + "Your start date is Monday, 07/06/2026.")

    assert reading.fields["start_date"] == {"date": "2026-07-06", "qualifier": "exact"}


def test_deadline_from_receipt_has_no_date_and_asks_for_the_day() -> None:
    reading = read_letter(PLAIN + "This offer stays open for 72 hours after you receive it.")

    deadline = reading.fields["response_deadline"]
    assert deadline == {"date": None, "time": None, "basis": "relative_to_receipt"}
    assert "response_deadline.date" in _asked(reading)


def test_recap_fills_nothing_and_asks_for_every_figure() -> None:
    reading = read_letter(
        "Hi Sam, a quick recap of our call: we are thinking of maybe a base salary of $185,000 per"
        " year. Nothing is final yet; the written offer will follow."
    )

    assert not reading.document.kind.is_written_offer
    assert {str(value) for value in reading.fields.values()} == {"None", "[]"}
    assert _asked(reading)["base_salary.annual"] == (185_000,)


def test_missing_names_what_the_letter_leaves_out() -> None:
    reading = read_letter(
        PLAIN + "You will be granted an option to purchase 50,000 shares. Sign-on bonus: $10,000."
    )

    assert {
        "equity.0.strike_price",
        "equity.0.percent_of_company",
        "equity.0.vesting",
        "sign_on.repayment",
        "response_deadline",
        "base_salary",
    } <= set(reading.missing)


def test_date_of_the_letter_is_read_and_not_the_one_it_replaces() -> None:
    reading = read_letter(PLAIN + "This letter replaces our letter of April 20, 2026.")

    assert reading.document.letter_date == date(2026, 5, 4)
