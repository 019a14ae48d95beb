"""A person with one silent company answers the best question, and sees the range narrow."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from config.figures.fields import FigureStatus
from offers import services
from offers.models import Comparison, ComparisonValuation, Offer, Valuation
from tests.e2e.accessibility import RULES
from tests.factories.terms import exit_scenarios, startup_terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where to keep pictures of the pages, for whoever wants to look at them.
SHOTS = os.environ.get("PARLEY_SHOTS")


@pytest.fixture
def silent(candidate: User) -> Offer:
    """An offer whose company told neither its preferences nor the price of its last round."""
    terms = startup_terms(stock_classes=[])
    assert terms.cap_table is not None
    terms.cap_table.stock_classes_status = FigureStatus.REFUSED
    terms.cap_table.last_preferred_price = None
    terms.cap_table.last_preferred_price_status = FigureStatus.NOT_ASKED
    terms.company.name = "Cinder Labs"
    return services.record_offer(owner=candidate, terms=terms, as_of=timezone.now())


@pytest.fixture
def comparison(candidate: User, silent: Offer) -> Comparison:
    complete = services.record_offer(
        owner=candidate,
        terms=startup_terms(exit_scenarios=exit_scenarios()),
        as_of=timezone.now(),
    )
    return services.compare_offers(
        owner=candidate, offers=[complete, silent], name="Mine", currency="USD", horizon_years=4
    )


def finish_the_work() -> None:
    Valuation.objects.update(n_paths=4_000)
    ComparisonValuation.objects.update(n_paths=20_000)
    for valuation in Valuation.objects.pending():
        services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)
    for joint in ComparisonValuation.objects.pending():
        services.run_joint_valuation(valuation_id=joint.pk, clock=timezone.now)


def width_of_range(page: Page) -> float:
    """Return how far the second offer's mean could reach, as the page tells it."""
    row = page.locator("#joint tr", has_text="What the mean could be")
    text = row.locator("td").last.locator(".num").inner_text()
    scale = {"k": 1e3, "M": 1e6}
    ends = [float(value) * scale[unit] for value, unit in re.findall(r"\$([\d.]+)([kM])", text)]
    return ends[-1] - ends[0]


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_pages_with_fair_value_are_accessible_and_fit(
    comparison: Comparison,
    silent: Offer,
    candidate: User,
    visit: Callable[..., Any],
    width: int,
    scheme: str,
) -> None:
    finish_the_work()
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page

    for name, path in (
        ("joint", f"/comparisons/{comparison.pk}/"),
        ("fair", f"/offers/{silent.pk}/"),
    ):
        page.goto(path)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        keep(page, f"{name}-{width}-{scheme}")


def test_the_best_question_is_answered_and_the_range_narrows(
    comparison: Comparison, candidate: User, visit: Callable[..., Any]
) -> None:
    finish_the_work()
    page = visit(candidate).page
    page.goto(f"/comparisons/{comparison.pk}/")
    before = width_of_range(page)
    first = page.locator(".next-best > li").first
    expect(first).to_contain_text("B: The price of one share in the last round")

    first.get_by_role("button", name="Enter the answer").click()
    page.wait_for_url("**/company/")
    page.locator("[name=last_preferred_price]").first.fill("7.50")
    page.locator("select[name=last_preferred_price_status]").select_option("written")
    page.get_by_role("button", name="Save and continue").last.click()
    page.goto(re.sub(r"/[a-z]+/$", "/review/", page.url))
    page.locator("main form button.primary").last.click()
    page.wait_for_url(re.compile(r"/offers/\d+/$"))
    page.goto(f"/comparisons/{comparison.pk}/")
    expect(page.locator("#joint")).to_contain_text("being worked out again")
    finish_the_work()

    expect(page.locator("#joint")).not_to_contain_text("being worked out again")
    assert width_of_range(page) < before / 2
    expect(page.locator(".next-best > li")).to_have_count(1)
    expect(page.locator(".next-best")).to_contain_text("What is paid before common stock")
