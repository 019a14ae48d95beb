"""The decision page in a real browser: from a range with an open question to the exact break-even."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from offers import services
from offers.models import Comparison, ComparisonValuation
from tests.e2e.accessibility import RULES
from tests.factories.terms import exit_scenarios, public_terms, startup_terms
from tests.offers.test_decision_pages import cash_terms, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def unknown_terms() -> Any:
    """A start-up that said how many shares there are, and nothing about who is paid first."""
    terms = startup_terms()
    terms.cap_table.stock_classes_status = "not_asked"
    return replace(terms, stock_classes=[])


@pytest.fixture
def comparison(candidate: User) -> Comparison:
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, unknown_terms(), "Bellwether AI"),
    ]
    return services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )


def finish_the_work() -> None:
    ComparisonValuation.objects.update(n_paths=4_000)
    for joint in ComparisonValuation.objects.pending():
        services.run_joint_valuation(valuation_id=joint.pk, clock=timezone.now)


def millions(page: Page) -> list[float]:
    """Return the ends of the break-even in the headline, in millions."""
    headline = page.locator("#verdict-title").inner_text()
    return [
        float(amount.replace(",", "")) * (1 if unit else 1e-6)
        for amount, unit in re.findall(r"\$([\d.,]+)(M?)", headline)
    ]


def fill_class(page: Page, number: int, name: str, price: str, seniority: str) -> None:
    page.get_by_role("button", name="Add a class").click()
    fields = {
        "name": name,
        "shares": "2m",
        "price_per_share": price,
        "seniority": seniority,
        "liquidation_preference_multiple": "1x",
        "conversion_ratio": "1",
    }
    for field, value in fields.items():
        page.locator(f"[name=classes-{number}-{field}]").fill(value)
    page.locator(f"[name=classes-{number}-participation]").select_option("none")


def test_answering_the_best_question_narrows_the_range(
    comparison: Comparison, candidate: User, visit: Callable[..., Any]
) -> None:
    finish_the_work()
    page = visit(candidate, viewport={"width": 1280, "height": 900}).page
    page.goto(f"/comparisons/{comparison.pk}/")
    page.get_by_role("link", name="What decides it").click()
    before = millions(page)
    assert len(before) == 2
    best = page.locator(".best-question")
    expect(best).to_contain_text("What is paid before common stock")
    expect(best).to_contain_text("Narrows the range by $")

    best.get_by_role("button").click()
    page.wait_for_url("**/company/")
    page.locator("[name=stock_classes_status]").select_option("written")
    fill_class(page, 0, "Series A", "2.50", "1")
    fill_class(page, 1, "Series B", "7.50", "2")
    page.get_by_role("button", name="Save and continue").last.click()
    page.wait_for_url("**/benefits/")
    page.goto(re.sub(r"benefits/$", "review/", page.url))
    page.get_by_role("button", name="Save correction").click()
    page.wait_for_url(re.compile(r"/offers/\d+/$"))
    finish_the_work()
    page.goto(f"/comparisons/{comparison.pk}/decision/")

    after = millions(page)
    assert after == [pytest.approx(39.96)]
    assert before[0] < after[0] < before[1]
    expect(page.locator("#asked")).not_to_contain_text("What is paid before common stock")
    expect(page.locator(".verdict")).to_contain_text("of 20 simulated outcomes")


def test_a_slider_moves_the_answer_and_the_address(
    comparison: Comparison, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, viewport={"width": 1280, "height": 900}).page
    page.goto(f"/comparisons/{comparison.pk}/decision/")
    before = millions(page)
    slider = page.get_by_role("slider", name="Dilution until then, offer B")
    slider.focus()

    with page.expect_response(re.compile(r"dilution_b=")):
        for _ in range(3):
            page.keyboard.press("PageUp")
    expect(page.locator("#lever_dilution_b")).not_to_have_value("0")
    page.wait_for_function(
        "before => document.querySelector('#verdict-title').innerText !== before",
        arg=f"B overtakes A somewhere: ${before[0]:.1f}M to ${before[1]:.1f}M",
    )

    after = millions(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert "dilution_b=" in page.url
    page.go_back()
    page.wait_for_load_state()
    assert "dilution_b=" not in page.url


def test_every_lever_works_without_script(
    comparison: Comparison, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, java_script_enabled=False).page
    page.goto(f"/comparisons/{comparison.pk}/decision/")
    assert page.get_by_role("slider").count() == 0

    page.locator("#lever_odds_b").fill("40")
    page.get_by_role("button", name="Work it out").click()

    assert "odds_b=40" in page.url
    expect(page.locator("#break-even")).to_contain_text("odds 40%")
    page.locator("#break-even summary").first.click()
    expect(page.locator("#break-even details[open]")).to_contain_text(
        "A is ahead without the stock"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_and_fits(
    candidate: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    offers = [
        record(candidate, public_terms(), "Alder Research"),
        record(candidate, startup_terms(exit_scenarios=exit_scenarios()), "Bellwether AI"),
        record(candidate, unknown_terms(), "Cobble Labs"),
    ]
    comparison = services.compare_offers(
        owner=candidate, offers=offers, name="Three", currency="USD", horizon_years=4
    )
    finish_the_work()
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page

    for path in (
        f"/comparisons/{comparison.pk}/decision/",
        f"/comparisons/{comparison.pk}/decision/?exit_b=x&set=b.base_salary:190000.0",
        f"/comparisons/{comparison.pk}/criteria/",
    ):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
