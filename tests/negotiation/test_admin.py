"""Curators edit words with a preview; what breaks the rules is refused beside the field."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from negotiation.content import VERSION, shipped_scripts
from negotiation.models import HandbookText, ObjectionCard, Question, ScriptTemplate
from negotiation.services import content
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> User:
    content.load_content()
    return UserFactory.create(is_staff=True, is_superuser=True)


@pytest.fixture
def client(curator: User, client_of: Callable[..., Client]) -> Client:
    return client_of(curator)


def opening() -> ScriptTemplate:
    return ScriptTemplate.objects.get(situation="S10", channel="email", tone="warm")


def change_url() -> str:
    return reverse("admin:negotiation_scripttemplate_change", args=[opening().pk])


def test_a_template_is_shown_with_preview_slots_and_history(client: Client) -> None:
    page = client.get(change_url())

    assert page.status_code == 200
    assert "S10: The opening ask" in page.text
    assert '<mark title="base_ask">' not in page.text
    assert '<mark title="team_reason">the evaluation work that your team showed me</mark>' in (
        page.text
    )
    assert "Version 1, shipped with parley in release 1" in page.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("I ask for {base_asked}.", "There is no slot {base_asked}. Did you mean {base_ask}?"),
        ("I ask for $290,000.", "“$290,000.” is a figure without a slot."),
        ("I have another offer.", "claims another offer without a slot"),
        ("Hello [[ {contact}", "“[[” is not closed on this line."),
    ],
)
def test_a_template_that_breaks_the_rules_is_refused_beside_the_field(
    client: Client, text: str, message: str
) -> None:
    page = client.post(change_url(), {"text": text})

    assert page.status_code == 200
    errors = page.context["adminform"].form.errors["text"]
    assert message in str(errors.as_text())
    assert opening().versions.count() == 1
    assert page.context["adminform"].form["text"].value() == text


def test_saving_makes_a_version_with_its_author(client: Client, curator: User) -> None:
    page = client.post(change_url(), {"text": "Subject: For {role}\r\nHello {contact},"})

    assert page.status_code == 302
    current = opening().versions.get(is_current=True)
    assert (current.number, current.author, current.subject) == (2, curator, "For {role}")
    shown = client.get(change_url()).text
    assert "<ins>+ Hello {contact},</ins>" in shown


def test_the_preview_answers_while_typing_and_saves_nothing(client: Client) -> None:
    url = reverse("admin:negotiation_scripttemplate_preview", args=[opening().pk])

    good = client.post(url, {"text": "I ask for {base_ask}. <b>"}).json()["html"]
    bad = client.post(url, {"text": "I ask for {nothing} and $5."}).json()["html"]

    assert '<mark title="base_ask">$290,000</mark>' in good
    assert "&lt;b&gt;" in good
    assert "There is no slot {nothing}" in bad
    assert "is a figure without a slot" in bad
    assert opening().versions.count() == 1


@pytest.mark.parametrize(("take", "text"), [("yes", "Shipped anew."), ("no", "Our own.")])
def test_a_newer_shipped_text_is_offered_as_a_difference(
    client: Client, take: str, text: str
) -> None:
    client.post(change_url(), {"text": "Our own."})
    from dataclasses import replace  # noqa: PLC0415 -- beside its one use

    newer = [
        replace(row, text="Shipped anew.") if row.key == "S10-email-warm" else row
        for row in shipped_scripts()
    ]
    content.load_content(release=VERSION + 1, scripts=newer)

    page = client.get(change_url()).text
    assert "A newer shipped text is offered" in page
    assert "<del>- Our own.</del>" in page
    assert "<ins>+ Shipped anew.</ins>" in page

    client.post(
        reverse("admin:negotiation_scripttemplate_decide", args=[opening().pk]), {"take": take}
    )
    assert content.text_of(opening().versions.get(is_current=True)) == text


def test_a_card_with_a_claim_or_a_figure_is_refused(client: Client) -> None:
    card = ObjectionCard.objects.get(key="range")
    url = reverse("admin:negotiation_objectioncard_change", args=[card.pk])
    typed = {"they_say": "x", "means": "y", "next_situation": "s11", "position": "0"}

    for reply in ("I have another offer.", "Pay $5 more.", "I ask for {base_ask}."):
        page = client.post(url, {**typed, "reply": reply})
        assert page.context["adminform"].form.errors["reply"]
    page = client.post(url, {**typed, "reply": "Fine.", "next_situation": "S99"})
    assert page.context["adminform"].form.errors["next_situation"]
    card.refresh_from_db()
    assert not card.is_edited


def test_edits_of_rows_are_marked_and_in_the_history(client: Client, curator: User) -> None:
    text = HandbookText.objects.get(key="room")
    url = reverse("admin:negotiation_handbooktext_change", args=[text.pk])

    done = client.post(
        url,
        {
            "title": text.title,
            "body": "Our own words.",
            "reported_by": text.reported_by,
            "year": "2017",
            "sample": "",
            "limits": text.limits,
            "situations": "s10",
            "position": "1",
        },
    )

    assert done.status_code == 302
    text.refresh_from_db()
    assert (text.body, text.is_edited, text.situations) == ("Our own words.", True, ["S10"])
    page = client.get(url).text
    assert f"by user {curator.pk}: Our own words." in page
    assert content.load_content(release=VERSION + 1).offered == 1
    offered = client.get(url).text
    assert "About half of employers start lower" in offered
    client.post(
        reverse("admin:negotiation_handbooktext_changelist"),
        {"action": "take_shipped", "_selected_action": [text.pk]},
    )
    text.refresh_from_db()
    assert text.body.startswith("About half of employers")


def test_questions_are_curated_too(client: Client) -> None:
    question = Question.objects.get(key="Q1")

    page = client.get(reverse("admin:negotiation_question_change", args=[question.pk]))
    rows = client.get(reverse("admin:negotiation_question_changelist"))

    assert page.status_code == rows.status_code == 200
    assert "fully diluted" in page.text


def test_templates_are_neither_added_nor_deleted(client: Client) -> None:
    assert client.get(reverse("admin:negotiation_scripttemplate_add")).status_code == 403
    url = reverse("admin:negotiation_scripttemplate_delete", args=[opening().pk])
    assert client.get(url).status_code == 403
    assert client.get(reverse("admin:negotiation_scripttemplate_changelist")).status_code == 200


def test_people_who_are_no_staff_see_no_template(
    curator: User, candidate: User, client_of: Callable[..., Client]
) -> None:
    url = reverse("admin:negotiation_scripttemplate_preview", args=[opening().pk])

    answer = client_of(candidate).post(url, {"text": "x"})

    assert answer.status_code == 302
