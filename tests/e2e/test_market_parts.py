"""What a person signed in sees of the market: a worth, an offer's place, a comparison's strips."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from market.services import refresh_benchmarks
from offers import services
from offers.models import Comparison, Offer
from tests.e2e.accessibility import RULES
from tests.factories.figures import NOW, observations, price_levels, published_batch
from tests.factories.terms import startup_terms
from tests.offers.test_market import record, terms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORTH = "/market/worth/?role=ml_engineer&level=L5&country=us"


@dataclass(frozen=True)
class Scene:
    offer: Offer
    comparison: Comparison


def publish(usd: int = 200_000) -> None:
    """Publish 41 senior ML engineers of two surveys, all on site, with every part of their pay."""
    for key, first in (("aijobs", 0), ("stackoverflow", 21)):
        rows = [
            {
                "usd": usd + 1_000 * i,
                "bonus_usd": 20_000 + 500 * i,
                "equity_usd": 60_000 + 1_000 * i,
                "total_usd": usd + 80_000 + 2_500 * i,
            }
            for i in range(first, first + 21 - first // 21)
        ]
        observations(published_batch(key=key), rows)
    refresh_benchmarks(reason="asked", clock=lambda: NOW)


@pytest.fixture
def scene(candidate: User) -> Scene:
    price_levels()
    publish()
    listed = record(candidate, terms(work_arrangement="remote"))
    private = record(candidate, terms(startup_terms, base_salary=Decimal(230_000)))
    services.place_offers(as_of=NOW)
    comparison = services.compare_offers(
        owner=candidate, offers=[listed, private], name="Two", currency="USD", horizon_years=4
    )
    return Scene(offer=listed, comparison=comparison)


def part(page: Page, name: str) -> Any:
    """Return one component of the market part of a page, by its heading."""
    return page.locator(".market-cell").filter(
        has=page.get_by_role("heading", name=name, exact=True)
    )


def is_strip(chart: Any, *, median: str) -> None:
    """Say that a picture tells its finding in numbers, for whoever does not see it."""
    expect(chart).to_have_attribute("aria-label", re.compile(rf"[Mm]edian {re.escape(median)}"))


def test_an_offer_shows_each_part_of_its_pay_with_its_proof(
    scene: Scene, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate).page
    page.goto(f"/offers/{scene.offer.pk}/")

    expect(page.get_by_role("heading", name="Against the market")).to_be_visible()
    base = part(page, "Base salary")
    is_strip(base.locator("svg.chart"), median="$220k")
    for words in (
        "$210,000 is the 25th percentile of 41 figures.",
        "$10,000 a year below the median, $40,000 over 4 years.",
        "95% interval",
        "Midpoint of advertised ranges",
        "CC0 1.0",
    ):
        expect(base).to_contain_text(words)
    for key, facts in {
        "Figures": "41",
        "Dates": "2025",
        "Sources": re.compile(r"aijobs\.net.*\(21.*Stack Overflow.*\(20"),
        "How near": re.compile("."),
    }.items():
        row = base.locator(".proof > div").filter(has=page.locator("dt", has_text=key))
        expect(row.locator("dd")).to_have_text(facts)
    for name in ("Bonus", "Equity a year", "Total a year"):
        expect(part(page, name).locator("svg.chart")).to_be_visible()

    because = page.locator(".notice", has_text="Not quite comparable because:")
    expect(because).to_contain_text("emote")

    base.get_by_text("Show these numbers as a table").click()
    expect(base.get_by_role("table")).to_contain_text("$210,000")


def test_a_comparison_has_a_row_for_each_part_on_one_scale(
    scene: Scene, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate).page
    page.goto(f"/comparisons/{scene.comparison.pk}/")
    table = page.locator("#market table.matrix")

    base = table.get_by_role("row").filter(has_text="Base salary")
    expect(base).to_contain_text("$210,000 is the 25th percentile of 41 figures.")
    expect(base).to_contain_text("$230,000 is the 75th percentile of 41 figures.")
    expect(base.locator("svg.chart")).to_have_count(2)
    assert base.locator("rect.p25-p75").first.get_attribute("x") == base.locator(
        "rect.p25-p75"
    ).nth(1).get_attribute("x")
    total = table.get_by_role("row").filter(has_text="Total a year")
    expect(total).to_contain_text("Private stock has no price, so the offer is not placed.")
    expect(table.get_by_role("row").filter(has_text="Compared with")).to_contain_text("emote")


def test_a_worth_is_shown_before_any_offer(
    scene: Scene, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, java_script_enabled=False).page
    page.goto("/market/worth/")
    page.get_by_label("Level", exact=True).select_option("L5")
    page.get_by_role("button", name="Show my range").click()

    expect(page.get_by_role("heading", name="Your range")).to_be_visible()
    expect(page.locator(".range")).to_contain_text("Half of comparable jobs pay")
    is_strip(part(page, "Base salary").locator("svg.chart"), median="$220k")


def test_a_list_left_open_follows_until_every_offer_is_placed(
    scene: Scene, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate).page
    publish(150_000)
    page.goto("/offers/")
    waiting = page.locator("#placing")
    expect(waiting).to_contain_text("Placing your offers in the new market figures: 0 of 2")
    badge = page.locator(f"#standing-{scene.offer.pk}")
    expect(badge).to_contain_text("25th percentile, out of date")

    services.place_offers(as_of=NOW, n_at_once=1)
    expect(waiting).to_contain_text("1 of 2")
    services.place_offers(as_of=NOW)
    expect(page.locator("#live")).to_contain_text("Your offers are placed")
    expect(badge).to_contain_text("25th percentile before")
    expect(badge).not_to_contain_text("out of date")
    expect(waiting).to_be_empty()
    assert waiting.get_attribute("hx-get") is None


def test_without_script_a_link_looks_again(
    scene: Scene, candidate: User, visit: Callable[..., Any]
) -> None:
    page = visit(candidate, java_script_enabled=False).page
    publish(150_000)
    for path in (
        "/offers/",
        f"/offers/{scene.offer.pk}/",
        f"/comparisons/{scene.comparison.pk}/",
    ):
        page.goto(path)
        expect(page.locator("#placing")).to_contain_text("0 of 2")
        expect(page.locator("#placing")).to_contain_text("You can leave this page.")

    services.place_offers(as_of=NOW)
    page.locator("#placing").get_by_role("link", name="Look again").click()
    expect(page.locator("#placing")).to_be_empty()
    expect(page.locator("#market")).to_contain_text("of 82 figures.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_market_parts_are_accessible_and_fit(
    scene: Scene, candidate: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    page = visit(candidate, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    publish(150_000)  # the offers are owed: their progress stands on each page
    for path in (
        WORTH,
        "/offers/",
        f"/offers/{scene.offer.pk}/",
        f"/comparisons/{scene.comparison.pk}/",
    ):
        page.goto(path)
        for summary in page.locator("details.data > summary").all():
            summary.click()
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
