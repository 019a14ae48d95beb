"""Shipped words are loaded, and a curator's are never overwritten."""

import json
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from negotiation.content import (
    VERSION,
    shipped_cards,
    shipped_questions,
    shipped_scripts,
    shipped_texts,
)
from negotiation.models import HandbookText, ObjectionCard, Question, ScriptTemplate
from negotiation.scripts import SITUATIONS, review_template
from negotiation.services import content
from negotiation.services.content import NothingOffered, Release, TemplateRefused, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(candidate: User) -> User:
    candidate.is_staff = True
    return candidate


def opening() -> ScriptTemplate:
    return ScriptTemplate.objects.get(situation="S10", channel="call", tone="plain")


def shipped_again(text: str) -> list[Any]:
    return [
        replace(row, text=text) if row.key == "S10-call-plain" else row for row in shipped_scripts()
    ]


def current(template: ScriptTemplate) -> str:
    return text_of(template.versions.get(is_current=True))


def test_a_release_is_loaded_once(django_assert_max_num_queries: Any) -> None:
    first = content.load_content()
    with django_assert_max_num_queries(12):
        second = content.load_content()

    assert first == Release(new=128 + 26 + len(shipped_cards()) + len(shipped_texts()))
    assert second == Release()
    assert current(opening()) == next(
        row.text for row in shipped_scripts() if row.key == "S10-call-plain"
    )


def test_a_newer_release_replaces_what_nobody_edited() -> None:
    content.load_content()

    done = content.load_content(release=VERSION + 1, scripts=shipped_again("Thank you."))

    assert done.updated == 1
    assert done.offered == 0
    assert current(opening()) == "Thank you."
    assert opening().versions.count() == 2


def test_a_curators_text_stays_and_the_newer_one_is_offered(curator: User) -> None:
    content.load_content()
    content.curate_template(template=opening(), text="Our own words.", author=curator)

    same = content.load_content()
    newer = content.load_content(release=VERSION + 1, scripts=shipped_again("Shipped anew."))
    again = content.load_content(release=VERSION + 1, scripts=shipped_again("Shipped anew."))
    newest = content.load_content(release=VERSION + 2, scripts=shipped_again("And once more."))

    assert (same, newer.offered, again.offered, newest.offered) == (Release(), 1, 0, 1)
    assert current(opening()) == "Our own words."
    assert [text_of(row) for row in opening().versions.filter(is_offered=True)] == [
        "And once more."
    ]


@pytest.mark.parametrize(("take", "text"), [(True, "Shipped anew."), (False, "Our own words.")])
def test_a_curator_takes_or_leaves_the_offer(curator: User, take: bool, text: str) -> None:
    content.load_content()
    content.curate_template(template=opening(), text="Our own words.", author=curator)
    content.load_content(release=VERSION + 1, scripts=shipped_again("Shipped anew."))

    content.decide_on_offer(template=opening(), take=take, author=curator)

    assert current(opening()) == text
    assert not opening().versions.filter(is_offered=True).exists()
    with pytest.raises(NothingOffered):
        content.decide_on_offer(template=opening(), take=take, author=curator)
    assert (
        content.load_content(release=VERSION + 1, scripts=shipped_again("Shipped anew.")).offered
        == 0
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I ask for {base_asked}.", "unknown_slot"),
        ("I ask for $290,000.", "bare_figure"),
        ("I have another offer.", "competing_claim"),
        ("", "empty"),
    ],
)
def test_a_template_that_breaks_the_rules_is_not_saved(curator: User, text: str, code: str) -> None:
    content.load_content()
    before = current(opening())

    with pytest.raises(TemplateRefused) as refusal:
        content.curate_template(template=opening(), text=text, author=curator)

    assert code in [problem.code for problem in refusal.value.problems]
    assert current(opening()) == before
    assert opening().versions.count() == 1


def test_every_version_stays_with_its_author_and_slots(curator: User) -> None:
    content.load_content()

    content.curate_template(
        template=opening(), text="Subject: For {role}\r\nHello  {contact},", author=curator
    )
    content.curate_template(
        template=opening(), text="Subject: For {role}\nHello {contact},", author=curator
    )

    first, second = opening().versions.order_by("number")
    assert (first.origin, first.is_current, first.author) == ("shipped", False, None)
    assert (second.origin, second.is_current, second.author) == ("curated", True, curator)
    assert (second.subject, second.body) == ("For {role}", "Hello {contact},")
    assert second.slots == ["role", "contact"]


@pytest.mark.parametrize(
    ("model", "name", "column"),
    [
        (Question, "questions", "why"),
        (ObjectionCard, "cards", "reply"),
        (HandbookText, "texts", "body"),
    ],
)
def test_rows_follow_the_same_rules(model: Any, name: str, column: str) -> None:
    content.load_content()
    rows = {"questions": shipped_questions, "cards": shipped_cards, "texts": shipped_texts}[name]()
    newer = [{**rows[0], column: "Shipped anew."}, *rows[1:]]
    edited = model.objects.get(key=rows[0]["key"])

    content.load_content(release=VERSION + 1, **{name: newer})
    edited.refresh_from_db()
    assert getattr(edited, column) == "Shipped anew."

    setattr(edited, column, "Our own words.")
    edited.is_edited = True
    edited.save()
    newest = [{**rows[0], column: "And once more."}, *rows[1:]]
    assert content.load_content(release=VERSION + 2, **{name: newest}).offered == 1
    assert content.load_content(release=VERSION + 2, **{name: newest}).offered == 0
    edited.refresh_from_db()
    assert getattr(edited, column) == "Our own words."
    assert edited.offered[column] == "And once more."

    content.decide_on_row(row=edited, take=False)
    edited.refresh_from_db()
    assert (getattr(edited, column), edited.offered) == ("Our own words.", None)
    with pytest.raises(NothingOffered):
        content.decide_on_row(row=edited, take=True)


def test_a_row_taken_anew_is_no_longer_edited() -> None:
    content.load_content()
    row = ObjectionCard.objects.get(key="range")
    row.is_edited, row.offered = True, {"reply": "Shipped anew."}
    row.save()

    content.decide_on_row(row=row, take=True)

    row.refresh_from_db()
    assert (row.reply, row.is_edited, row.offered) == ("Shipped anew.", False, None)


def test_a_difference_is_shown_line_by_line() -> None:
    assert content.difference("a\nb", "a\nc") == [("same", "a"), ("gone", "b"), ("new", "c")]


# --- what ships ----------------------------------------------------------------------------------


def test_there_are_26_questions_and_the_handbooks_musts_are_always_asked() -> None:
    rows = {row["key"]: row for row in shipped_questions()}

    assert set(rows) == {f"Q{number}" for number in range(1, 27)}
    musts = {key for key, row in rows.items() if row["need"] == "must"}
    assert musts == {"Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"}
    assert rows["Q9"]["need"] == "options"
    assert rows["Q9"]["instruments"] == ["iso", "nso"]
    assert all(row["refusal_means"] for row in rows.values())


def test_cards_lead_on_and_their_replies_are_honest() -> None:
    for card in shipped_cards():
        assert card["next_situation"] in SITUATIONS
        _, problems = review_template(card["reply"], SITUATIONS[card["next_situation"]])
        assert [problem.code for problem in problems] == []


def test_a_claim_of_the_handbook_names_who_reports_it_and_how_far_it_carries() -> None:
    for row in shipped_texts():
        assert row["reported_by"]
        if any(character.isdigit() for character in row["body"].replace("409A", "")):
            assert "promise" in row["limits"] or "advice" in row["limits"]
        assert set(row["situations"]) <= set(SITUATIONS)


def test_the_409a_discount_is_told_correctly() -> None:
    words = json.dumps([*shipped_questions(), *shipped_texts()])

    assert "does not measure dilution" in words
    assert "not because of dilution" in words
