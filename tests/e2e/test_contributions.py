"""A decided offer given to the market: seen before consent, moderated, read by its owner, taken back."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import make_curator
from market.models import Contribution, Observation
from market.services import refresh_benchmarks
from offers import services
from offers.models import Offer
from tests.e2e.accessibility import RULES
from tests.factories.figures import NOW, observations, published_batch
from tests.offers.test_market import record, spread, terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]
SECRETS = ("203,457", "Alder", "New York", "candidate@example.com")


@pytest.fixture
def curator(db: None) -> User:
    return make_curator(email="curator@example.com")[0]


@pytest.fixture
def offer(candidate: User) -> Offer:
    """A decided offer of 203,457 dollars in New York."""
    found = record(candidate, terms(base_salary=Decimal(203_457)))
    services.move_offer(offer=found, to="accepted", as_of=NOW)
    return found


def give(page: Page, offer: Offer) -> None:
    page.goto(f"/offers/{offer.pk}/")
    page.get_by_role("link", name="Give it to the market, without names").click()
    page.get_by_role("button", name="I agree, give it").click()
    page.wait_for_url("**/market/contributions/")


def no_secret(page: Page) -> None:
    main = page.locator("main").inner_text()
    assert [secret for secret in SECRETS if secret in main] == []


@pytest.mark.parametrize("has_script", [True, False])
def test_an_offer_is_given_published_and_taken_back(
    offer: Offer, candidate: User, curator: User, visit: Visit, has_script: bool
) -> None:
    page = visit(candidate, java_script_enabled=has_script).page
    page.goto(f"/offers/{offer.pk}/")
    page.get_by_role("link", name="Give it to the market, without names").click()
    shown = page.locator("dl.facts")
    told = dict(
        zip(
            shown.locator("dt").all_inner_texts(),
            shown.locator("dd").all_inner_texts(),
            strict=True,
        )
    )
    assert told["Base a year"] == "$203,000"
    assert told["Country"] == "United States"
    no_secret(page)
    assert not Contribution.objects.exists()  # looking is not consent

    page.get_by_role("button", name="I agree, give it").click()
    expect(page.get_by_text("A curator looks at it before anything is shown.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="$203,000")
    expect(row).to_contain_text("Waiting for a curator")

    bench = visit(curator, java_script_enabled=has_script).page
    bench.goto("/curate/contributions/")
    expect(bench.locator("dl.facts")).to_contain_text("$203,000")
    no_secret(bench)
    assert told["Month"].split()[-1] in bench.locator("dl.facts").inner_text()
    bench.get_by_role("button", name="Publish").click()
    expect(bench.get_by_text("counts from the next benchmarks on")).to_be_visible()
    expect(bench.get_by_role("heading", name="Nothing to moderate")).to_be_visible()
    assert Observation.objects.filter(contribution__isnull=False).count() == 1

    page.reload()
    expect(row).to_contain_text("Published")
    row.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("The next computation shows nothing of it.")).to_be_visible()
    expect(row).to_contain_text("Withdrawn")
    assert not Observation.objects.filter(contribution__isnull=False).exists()


def test_a_declined_contribution_tells_its_owner_why(
    offer: Offer, candidate: User, curator: User, visit: Visit
) -> None:
    page, bench = visit(candidate).page, visit(curator).page
    give(page, offer)

    bench.goto("/curate/contributions/")
    bench.get_by_role("button", name="Decline").click()
    expect(bench.get_by_text("Say why it is declined.").first).to_be_visible()
    assert Contribution.objects.get().state == "offered"
    bench.get_by_label("Note").fill("The level does not fit the title.")
    bench.get_by_role("button", name="Decline").click()
    expect(bench.get_by_text("Its owner can read why.")).to_be_visible()

    page.reload()
    row = page.get_by_role("row").filter(has_text="$203,000")
    expect(row).to_contain_text("Not published")
    expect(row).to_contain_text("The level does not fit the title.")
    expect(row.get_by_role("link", name="Withdraw")).to_have_count(0)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_double_click_gives_and_withdraws_once(
    offer: Offer, candidate: User, visit: Visit, has_script: bool
) -> None:
    page = visit(candidate, java_script_enabled=has_script).page
    page.goto(f"/offers/{offer.pk}/contribute/")
    page.get_by_role("button", name="I agree, give it").dblclick()
    # The answer to the second click, where script does not stop it, is the page of the offer.
    page.wait_for_url(re.compile(rf"/market/contributions/|/offers/{offer.pk}/$"))
    expect(page.locator(".notice").first).to_be_visible()
    page.goto("/market/contributions/")
    expect(page.get_by_role("link", name="Withdraw")).to_have_count(1)
    assert Contribution.objects.count() == 1

    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").dblclick()
    page.wait_for_url("**/market/contributions/")
    expect(page.get_by_role("row").filter(has_text="$203,000")).to_contain_text("Withdrawn")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_page_on_the_way_is_accessible_and_fits(
    offer: Offer, candidate: User, curator: User, visit: Visit, width: int, scheme: str
) -> None:
    observations(published_batch(), spread())
    refresh_benchmarks(reason="asked", clock=lambda: NOW)
    how = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page, bench = visit(candidate, **how).page, visit(curator, **how).page

    page.goto(f"/offers/{offer.pk}/contribute/")
    is_fine(page, width)
    give(page, offer)
    is_fine(page, width)
    bench.goto("/curate/contributions/")
    is_fine(bench, width)
    bench.get_by_role("button", name="Decline").click()
    expect(bench.get_by_text("Say why it is declined.").first).to_be_visible()
    is_fine(bench, width)
    bench.get_by_role("button", name="Publish").click()
    expect(bench.get_by_role("heading", name="Nothing to moderate")).to_be_visible()
    is_fine(bench, width)
    page.reload()
    page.get_by_role("link", name="Withdraw").click()
    page.wait_for_url("**/withdraw/")
    is_fine(page, width)


def is_fine(page: Page, width: int) -> None:
    """Say that a page breaks no rule of accessibility and scrolls in one direction."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
