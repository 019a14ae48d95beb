"""From a reading to the offer form: every golden letter fills fields that the form can read."""

import datetime as dt

import pytest

from offers.entry import read_draft
from offers.forms.equity import Schedule
from offers.forms.sections import SECTIONS
from offers.letter_entry import facts_of, place_of, typed_of_facts, vesting_typed
from offers.letter_terms import is_same_company, merged_typed
from offers.models import OfferDraft
from offers.selectors.letters import Gap, answered, question_mail, segments_of, unwrapped
from offers.selectors.taxonomy import taxonomy
from offers.views.letter_page import bound_sections, schedule_words
from tests.factories.letters import label_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 1, 20)
LETTERS = [f"{number:02}" for number in range(1, 15)]


def reading(letter_id):
    label = label_of(letter_id)
    return {"fields": label["fields"], "document": label["document"], "spans": {}}


def typed(letter_id):
    found = facts_of(reading(letter_id), taxonomy())
    return typed_of_facts(found.facts, notes=[aside.text for aside in found.asides])


@pytest.mark.parametrize("letter_id", LETTERS)
def test_every_golden_letter_fills_fields_that_the_form_can_read(letter_id):
    sections = bound_sections(typed(letter_id), taxonomy(), TODAY)

    wrong = [
        (slug, problem.target, problem.message)
        for slug, section in sections.items()
        for problem in section.problems
        if not problem.is_missing
    ]
    assert wrong == []


@pytest.mark.parametrize("letter_id", LETTERS)
def test_what_a_letter_says_of_money_is_what_the_form_understands(letter_id):
    fields = reading(letter_id)["fields"]
    draft = OfferDraft(typed=typed(letter_id))

    terms = read_draft(draft, taxonomy=taxonomy(), companies=[], today=TODAY).terms

    assert terms.company.name == fields["company"]
    assert terms.offer.title == fields["title"]
    assert terms.revision.currency == fields["base_salary"]["currency"]
    assert float(terms.revision.base_salary) == fields["base_salary"]["annual"]
    assert terms.revision.source == "written"
    bonus = fields["bonus"] or {}
    stated = terms.revision.target_bonus_fraction
    assert (float(stated) * 100 if stated is not None else None) == bonus.get("target_percent")
    start = (fields["start_date"] or {}).get("date")
    assert (terms.offer.start_date.isoformat() if terms.offer.start_date else None) == start


@pytest.mark.parametrize("letter_id", ["01", "03", "06", "10", "13", "14"])
def test_grants_keep_their_number_value_and_price(letter_id):
    fields = reading(letter_id)["fields"]
    sections = bound_sections(typed(letter_id), taxonomy(), TODAY)
    rows = sections["equity"].row_sets["grants"].forms

    for row, grant in zip(rows, fields["equity"], strict=True):
        value = (grant["value"] or {}).get("amount")
        quantity, amount = row.values.get("quantity"), row.values.get("grant_value")
        assert (float(quantity) if quantity is not None else None) == grant["quantity"]
        assert (float(amount) if amount is not None else None) == value
        if grant["vesting"] and not grant["vesting"]["custom"]:
            schedule = row.values["schedule"]
            assert schedule.total_months == grant["vesting"]["months"]
            assert schedule.cliff_months == (grant["vesting"]["cliff_months"] or 0)


@pytest.mark.parametrize(
    ("vesting", "expected"),
    [
        (
            {"months": 48, "cliff_months": 12, "cliff_percent": 25, "frequency": "monthly"},
            {"vesting_preset": "25x4", "is_vesting_confirmed": "on"},
        ),
        (
            {"months": 48, "cliff_months": 12, "cliff_percent": 25, "frequency": None},
            {"vesting_preset": "25x4", "is_vesting_confirmed": ""},
        ),
        (
            {"months": 48, "cliff_months": 12, "cliff_percent": 10, "frequency": "monthly"},
            None,
        ),
        ({"months": 36, "cliff_months": 0, "frequency": "annual", "performance": True}, None),
        ({"months": None, "cliff_months": 12, "frequency": "monthly"}, None),
        (
            {
                "months": 48,
                "cliff_months": 12,
                "cliff_percent": 5,
                "frequency": "semiannual",
                "custom": [
                    {"month": 12, "percent": 5},
                    {"month": 24, "percent": 15},
                    {"month": 30, "percent": 20},
                    {"month": 36, "percent": 20},
                    {"month": 42, "percent": 20},
                    {"month": 48, "percent": 20},
                ],
            },
            {"vesting_preset": "5_15_40_40", "is_vesting_confirmed": "on"},
        ),
        (
            {
                "months": 30,
                "cliff_months": 0,
                "frequency": "monthly",
                "custom": [{"month": 30, "percent": 100}],
            },
            None,
        ),
    ],
)
def test_schedules_become_what_the_form_holds_or_nothing(vesting, expected):
    base = {"cliff_percent": None, "custom": None, "performance": False}

    assert vesting_typed(base | vesting) == expected


def test_schedules_are_said_as_people_say_them():
    assert schedule_words(Schedule(cliff_months=12)) == "48 months, 12-month cliff, monthly"
    assert schedule_words(Schedule(total_months=36, cliff_months=36)) == "36 months, all at the end"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("San Francisco", "us-sf-bay"),
        ("Arlington, Virginia", "us-washington-dc"),
        ("Denver, Colorado", "us-denver"),
        ("40 Tanner’s Row, London", "gb-london"),
        ("Nashville, Tennessee", ""),
        ("London or Berlin", ""),
        ("Cambridge, Massachusetts", "us-boston"),
    ],
)
def test_a_place_is_found_where_the_words_name_one_alone(words, key):
    assert place_of(words, taxonomy()) == key


def test_a_place_that_is_not_on_the_list_falls_back_to_its_country():
    letter = reading("10")
    letter["document"] = {**letter["document"], "country": "US"}

    [location] = [
        fact for fact in facts_of(letter, taxonomy()).facts if fact.key == "role-location"
    ]

    assert location.text == "us"
    assert location.note == "The letter says Nashville, Tennessee; our list has only the country."


def test_answers_reach_fields_whose_parents_are_blank():
    blank = {"fields": {"start_date": None, "base_salary": None, "equity": []}}
    answers = {
        "start_date": "2026-03-02",
        "base_salary.annual": 185_000,
        "base_salary.currency": "USD",
        "equity.0.type": "ISO",
    }

    fields = answered(blank, answers)["fields"]

    assert fields == {
        "start_date": {"date": "2026-03-02", "qualifier": "exact"},
        "base_salary": {"annual": 185_000, "currency": "USD"},
        "equity": [{"type": "ISO"}],
    }
    assert blank["fields"]["base_salary"] is None


def test_rows_of_a_letter_replace_those_of_their_kind_and_leave_the_others():
    now = {
        "cash": {
            "base_salary": "182000",
            "payments-TOTAL_FORMS": "2",
            "payments-0-kind": "retention",
            "payments-0-amount": "5000",
            "payments-1-kind": "sign_on",
            "payments-1-amount": "15000",
            "payments-1-month": "0",
        }
    }
    letter = {
        "cash": {
            "base_salary": "196000",
            "payments-TOTAL_FORMS": "2",
            "payments-0-kind": "sign_on",
            "payments-0-amount": "30000",
            "payments-0-month": "",
            "payments-1-kind": "relocation",
            "payments-1-amount": "9000",
        }
    }

    merged = merged_typed(now, letter)["cash"]

    assert merged == {
        "base_salary": "196000",
        "payments-TOTAL_FORMS": "3",
        "payments-0-kind": "retention",
        "payments-0-amount": "5000",
        "payments-1-kind": "sign_on",
        "payments-1-amount": "30000",
        "payments-1-month": "0",
        "payments-2-kind": "relocation",
        "payments-2-amount": "9000",
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Junegrass Software, Inc.", "JUNEGRASS SOFTWARE", True),
        ("Kestrel & Voss KI-Systeme GmbH", "Kestrel & Voss KI-Systeme", True),
        ("Northmere Compute Corporation", "Northmere Labs", False),
    ],
)
def test_companies_are_told_apart_by_more_than_their_legal_form(one, other, same):
    assert is_same_company(one, other) is same


def test_segments_add_up_to_the_text_and_carry_every_mark():
    text = "We pay $100 a year."
    spans = {"f0": (7, 11), "f1": (0, 11), "q0": (18, 19)}
    quotes = [(mark, [{"start": start, "end": end}]) for mark, (start, end) in spans.items()]

    segments = list(segments_of(text, quotes))

    assert "".join(segment.text for segment in segments) == text
    for mark, (start, end) in spans.items():
        assert "".join(s.text for s in segments if mark in s.marks) == text[start:end]
    begun = [mark for segment in segments for mark in segment.begins]
    assert sorted(begun) == sorted(spans)


def test_wrapped_lines_are_joined_for_reading_and_nothing_moves():
    wrapped = (
        "Your base salary will be a hundred thousand dollars, paid\n"
        "monthly. Welcome.\n\nItem   Before   Now\nBase salary of the year in full   $1   $2\n- one\n- two"
    )

    shown = unwrapped(wrapped)

    assert len(shown) == len(wrapped)
    assert "dollars, paid monthly." in shown
    assert shown.count("\n") == wrapped.count("\n") - 1


def test_the_sections_that_facts_name_exist():
    for letter_id in LETTERS:
        assert set(typed(letter_id)) <= set(SECTIONS)


def test_the_question_mail_numbers_its_questions():
    gaps = [
        Gap(path="a", label="Exercise price", question="What is the exercise price?"),
        Gap(path="b", label="Deadline", question="By when do you need my answer?"),
    ]

    assert (
        "\n\n1. What is the exercise price?\n2. By when do you need my answer?\n\n"
        in question_mail(gaps)
    )
