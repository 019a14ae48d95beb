"""A letter in a real browser: uploaded, checked beside its text, saved; then a better one arrives."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from negotiation import services as talk_services
from negotiation.models import Commitment
from offers import services
from offers.models import Letter, Offer
from tests.e2e.accessibility import RULES
from tests.factories.letters import LETTERS, read_letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_LETTER = """JUNEGRASS SOFTWARE, INC.

January 8, 2026

Dear Oluwaseun,

Junegrass Software, Inc. is pleased to offer you the position of Senior Applied Scientist in Denver, Colorado.
Your start date is Tuesday, February 17, 2026.

Your base salary will be $182,000 per year. Your target bonus is 10% of base salary.

We will pay you a sign-on bonus of $15,000 in your first paycheck. It is repayable on a pro-rated basis if you
choose to leave within 12 months.

You will be granted 1,900 restricted stock units. The RSUs vest 25% on the first anniversary of the grant date and
6.25% each quarter after that.

Please sign and return this letter by January 16, 2026.

Regards,
Petra Lindqvist, Recruiting Manager
"""


def read_everything() -> None:
    """Do what the worker does."""
    for letter in Letter.objects.pending():
        services.run_reading(letter_id=letter.pk, clock=timezone.now)


def fact(page: Page, label: str) -> Any:
    return page.locator("fieldset.fact").filter(has=page.locator("legend", has_text=label)).first


def finish_form(page: Page) -> None:
    """Go through the sections as they were filled in, and save."""
    page.wait_for_url("**/role/")
    page.locator("[name=is_public][value=yes]").check()
    page.locator("[name=stage]").select_option(label="Public")
    page.locator("[name=share_price]").fill("$50")
    for following in ("cash", "equity", "benefits", "dates", "review"):
        page.get_by_role("button", name="Save and continue").last.click()
        page.wait_for_url(f"**/{following}/")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    page.wait_for_url(re.compile(r"/offers/\d+/$"))


def test_a_letter_becomes_an_offer_and_a_better_letter_its_next_revision(
    candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, viewport={"width": 1280, "height": 900}).page

    # The letter goes in.
    page.goto("/offers/")
    page.get_by_role("link", name="Put in a letter").first.click()
    page.locator("input[type=file]").set_input_files(
        {"name": "offer.txt", "mimeType": "text/plain", "buffer": FIRST_LETTER.encode()}
    )
    expect(page.locator("[data-picked]")).to_contain_text("offer.txt")
    page.get_by_role("button", name="Read the letter").click()
    expect(page.get_by_text("Waiting for a worker.")).to_be_visible()
    read_everything()

    # The page left open shows what was read; pointing at a value marks its sentence.
    base = fact(page, "Base salary")
    expect(base).to_contain_text("$182,000")
    base.hover()
    marked = page.locator("mark.on")
    expect(marked.first).to_contain_text("182,000")
    fact(page, "Number granted").locator("input").first.focus()
    expect(page.locator("mark.on").first).to_contain_text("1,900")
    expect(base).not_to_have_class(re.compile(r"\bon\b"))

    # One value is corrected, and nothing is an offer yet.
    title = fact(page, "Job title")
    title.get_by_label("Correct it").check()
    title.get_by_role("textbox").fill("Senior Applied Scientist, Search")
    page.get_by_role("button", name="Fill in the offer form").click()
    page.wait_for_url("**/role/")
    assert not Offer.objects.exists()
    expect(page.locator("[name=title]")).to_have_value("Senior Applied Scientist, Search")
    expect(page.locator("[name=name]")).to_have_value("Junegrass Software, Inc.")
    expect(page.locator(".evidence").first).to_contain_text("In the letter:")
    finish_form(page)
    offer = Offer.objects.get()
    assert (offer.state, offer.revisions.get().base_salary) == ("written", 182_000)

    # They promise more on a call; a better letter arrives for the same offer.
    talk_services.open_negotiation(offer=offer, as_of=timezone.now())
    for component, term, amount in (("base", "190 at least", 190_000), ("sign_on", "40", 40_000)):
        Commitment.objects.create(
            negotiation=offer.negotiation,
            component=component,
            term=term,
            amount=amount,
            said_by="Petra",
            said_date=timezone.localdate(),
        )
    page.get_by_role("link", name="Put in a new letter").click()
    page.locator("input[type=file]").set_input_files(LETTERS / "14-junegrass-revised-offer.docx")
    page.get_by_role("button", name="Read the letter").click()
    expect(page.get_by_text("Waiting for a worker.")).to_be_visible()
    read_everything()
    page.get_by_role("button", name="Show what changed").click()
    page.wait_for_url("**/changes/")
    changed = page.locator("li.card").filter(has=page.get_by_role("heading", name="Base salary"))
    expect(changed).to_contain_text("$182,000")
    expect(changed).to_contain_text("$196,000")
    expect(changed.locator("q").first).to_contain_text("Your base salary will be $182,000")
    expect(page.locator("li.card").filter(has_text="Sign-on bonus").first).to_contain_text(
        "$30,000"
    )
    assert page.get_by_role("heading", name=re.compile("^Company")).count() == 0
    promises = page.locator("#letter-promises")
    expect(promises).to_contain_text("1 promise still only verbal.")
    expect(promises.get_by_role("row").filter(has_text="Sign-on")).to_contain_text(
        "Still only verbal"
    )
    expect(promises.get_by_role("row").filter(has_text="Base")).to_contain_text("In this letter")
    page.get_by_role("button", name="Fill in the next revision").click()
    page.wait_for_url("**/role/")
    expect(page.locator("[name=title]")).to_have_value(re.compile("^Senior Applied Scientist"))
    finish_form(page)

    offer.refresh_from_db()
    latest = offer.revisions.current().get()
    assert (latest.number, latest.source, latest.base_salary) == (2, "written", 196_000)
    assert [payment.amount for payment in latest.payments.all()] == [30_000]
    assert [grant.quantity for grant in latest.grants.all()] == [2_350]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_letter_pages_are_accessible_and_fit(
    candidate: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    letter = read_letter(candidate, "10", missing=["equity.0.fmv_409a"])
    recap = read_letter(candidate, "x1")
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page

    for path in (
        "/letters/",
        "/letters/new/",
        f"/letters/{letter.pk}/",
        f"/letters/{recap.pk}/",
        f"/letters/{letter.pk}/delete/",
    ):
        page.goto(path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_letter_is_checked_by_keyboard_alone(candidate: User, visit: Callable[..., Any]) -> None:
    letter = read_letter(candidate)
    page = visit(candidate, viewport={"width": 390, "height": 844}).page
    page.goto(f"/letters/{letter.pk}/")

    page.locator(".source").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.on").first).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=do0][value=correct]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type(" Limited")
    page.keyboard.press("Enter")

    page.wait_for_load_state()
    expect(page.locator("[name=do0][value=correct]")).to_be_checked()
    letter.refresh_from_db()
    assert letter.decisions["facts"]["role-name"]["text"].endswith("Limited")


def test_everything_works_without_script(candidate: User, visit: Callable[..., Any]) -> None:
    page = visit(candidate, java_script_enabled=False).page
    page.goto("/letters/new/")
    page.locator("textarea").fill(FIRST_LETTER)
    page.get_by_role("button", name="Read the letter").click()
    read_everything()
    page.get_by_role("link", name="Look again").click()

    link = fact(page, "Base salary").locator("a.source")
    link.click()
    assert "#mark-f" in page.url
    fact(page, "Job title").get_by_label("Leave it out").check()
    page.get_by_role("button", name="Fill in the offer form").click()

    assert "/role/" in page.url
    assert page.locator("[name=name]").input_value() == "Junegrass Software, Inc."
    assert page.locator("[name=title]").input_value() == ""
