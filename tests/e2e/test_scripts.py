"""Scripts and equity questions in a real browser: honest, accessible, and quick during a call."""

import datetime as dt
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from negotiation.models import Answer, Negotiation, SentScript
from negotiation.services import content
from offers import services as offers
from offers.models import CapTable
from tests.e2e.accessibility import RULES
from tests.factories.negotiation import (
    AskFactory,
    AskRoundFactory,
    CallLogFactory,
    CommitmentFactory,
    EvidenceFactory,
    NegotiationFactory,
)
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("PARLEY_SHOTS", "")


def dated(terms: Any) -> Any:
    today = timezone.localdate()
    terms.revision.stated_date = terms.offer.received_date = today
    terms.offer.respond_by_date = today + dt.timedelta(days=9)
    terms.offer.is_respond_by_stated = True
    terms.offer.contact_name = "Dana"
    return terms


@pytest.fixture
def talk(candidate: User) -> Negotiation:
    """A start-up in full swing: an ask, evidence, a call, a promise, some answers."""
    content.load_content()
    terms = dated(startup_terms(exit_scenarios=exit_scenarios()))
    offer = offers.record_offer(owner=candidate, terms=terms, as_of=timezone.now())
    found = NegotiationFactory.create(
        offer=offer,
        own_words={"team_reason": "the evaluation work that your team showed me"},
        reservation_value=Decimal(150_000),
    )
    ask = AskFactory.create(
        negotiation=found,
        current_amount=160_000,
        amount=175_000,
        state="put",
        put_at=timezone.now(),
    )
    AskFactory.create(
        negotiation=found,
        component="equity",
        amount=None,
        current_amount=None,
        current_quantity=80_000,
        quantity=100_000,
        position=1,
    )
    AskRoundFactory.create(ask=ask)
    EvidenceFactory.create(negotiation=found, component="base", low=165_000, high=205_000)
    call = CallLogFactory.create(negotiation=found, open_points=["The start date"])
    CommitmentFactory.create(negotiation=found, call=call)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_and_fit(
    talk: Negotiation, candidate: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    pk = talk.offer_id
    base = f"/offers/{pk}/negotiation/"
    for name, path in {
        "list": f"{base}scripts/",
        "opening": f"{base}scripts/s10/",
        "band": f"{base}scripts/s11/?tone=plain",
        "locked": f"{base}scripts/s16/",
        "statements": f"{base}statements/",
        "cards": f"{base}cards/",
        "practice": f"{base}cards/?practise=1",
        "questions": f"{base}questions/",
        "answer": f"{base}questions/q7/",
        "handbook": "/handbook/",
        "before": "/negotiations/before/",
    }.items():
        page.goto(path)
        found = Axe().run(page, options=RULES)
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_script_is_edited_checked_copied_and_marked(
    talk: Negotiation, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(reverse("negotiation:script", args=[talk.offer_id, "s10"]))
    email = page.locator("#email")

    email.get_by_role("link", name="$165,000").first.click()
    assert "email-source-" in page.url
    assert email.get_by_text("Market benchmark: Research engineer, senior, New York").is_visible()

    box = email.get_by_label("Your text")
    honest = box.input_value()
    box.fill(f"{honest} I have another offer from Hooli. I want a bit more, $250,000.")
    email.get_by_role("button", name="Check and keep").click()
    assert email.get_by_text("This claims an offer that is not on record").is_visible()
    assert email.get_by_text("Vague requests are easy to dismiss").is_visible()
    assert email.get_by_text("This figure is in no record").is_visible()
    assert "Hooli" in email.get_by_label("Your text").input_value()

    email.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Hooli" not in copied
    assert copied.startswith("Hello Dana,")

    email.get_by_role("button", name="I sent it").click()
    assert page.get_by_text("A sentence without a record was left out.").is_visible()
    sent = SentScript.objects.get()
    assert "Hooli" not in sent.text
    assert sent.template_version.number == 1

    page.emulate_media(media="print")
    page.goto(reverse("negotiation:script", args=[talk.offer_id, "s10"]))
    assert not page.locator("#call textarea").first.is_visible()
    assert page.locator("#call .rendered").is_visible()


def test_cards_follow_each_key_and_nothing_needs_a_mouse(
    talk: Negotiation, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, viewport={"width": 390, "height": 800}).page
    page.goto(reverse("negotiation:cards", args=[talk.offer_id]))
    assert page.locator(".objection").count() > 10

    page.get_by_label("They say something about").focus()
    page.keyboard.type("fina")
    page.locator(".objection").nth(2).wait_for(state="detached")
    assert page.get_by_text("I have to ask finance.").is_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scripts/**")


def test_equity_questions_from_the_email_to_the_flag(
    candidate: User, visit: Callable[..., Any]
) -> None:
    content.load_content()
    terms = dated(
        startup_terms(cap_table=CapTable(), stock_classes=[], exit_scenarios=exit_scenarios())
    )
    offer = offers.record_offer(owner=candidate, terms=terms, as_of=timezone.now())
    page = visit(candidate, java_script_enabled=False).page
    page.goto(f"/offers/{offer.pk}/negotiation/questions/")
    page.get_by_role("link", name="Make the e-mail (7)").click()
    email = page.locator("#email")
    assert email.get_by_text("1. How many shares are there, fully diluted").first.is_visible()
    email.get_by_role("button", name="I sent it").click()
    assert Answer.objects.filter(state="asked").count() == 7

    def say(key: str, **typed: str) -> None:
        page.goto(f"/offers/{offer.pk}/negotiation/questions/{key}/")
        for label, text in typed.items():
            page.get_by_label(label.replace("_", " "), exact=False).first.fill(text)

    say("q1", Fully_diluted_shares="12m")
    page.get_by_label("Where it stands").select_option("written")
    page.get_by_role("button", name="Keep the answer").click()
    page.goto(f"/offers/{offer.pk}/negotiation/questions/q9/")
    page.get_by_label("Where it stands").select_option("verbal")
    page.get_by_label("Time to exercise after leaving").fill("90")
    page.get_by_label("What they said").fill("90 days, like everybody")
    page.get_by_role("button", name="Keep the answer").click()
    assert page.get_by_text("Red flag: 90 days to exercise after leaving").is_visible()
    assert page.get_by_text("Not in writing").first.is_visible()

    page.goto(f"/offers/{offer.pk}/negotiation/questions/q3/")
    page.get_by_label("Where it stands").select_option("refused")
    page.get_by_role("button", name="Keep the answer").click()
    assert page.get_by_text("Red flag: No clear answer").is_visible()
    assert page.get_by_role("link", name="Make the e-mail (5)").is_visible()

    page.goto(f"/offers/{offer.pk}/")
    assert page.get_by_text("They would not say").first.is_visible()


def test_a_true_competing_offer_is_said_and_a_false_one_cannot_be(
    talk: Negotiation, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate).page
    url = reverse("negotiation:script", args=[talk.offer_id, "s16"])
    page.goto(url)
    assert page.get_by_text("This script is locked").is_visible()
    assert page.get_by_role("link", name="Record an offer").is_visible()

    terms = dated(public_terms())
    terms.revision.base_salary = Decimal(190_000)
    other = offers.record_offer(owner=candidate, terms=terms, as_of=timezone.now())
    page.goto(url)
    email = page.locator("#email")
    assert email.get_by_text("I have a written offer from").first.is_visible()
    box = email.get_by_label("Your text")
    box.fill(box.input_value().replace("$190,000", "$220,000"))
    email.get_by_role("button", name="Check and keep").click()
    assert email.get_by_text("The other offer is cited as its letter states it").is_visible()
    assert "$220,000" not in email.get_by_label("To copy").input_value()

    offers.move_offer(offer=other, to="declined", as_of=timezone.now())
    page.goto(url)
    assert page.get_by_text("This script is locked").is_visible()
