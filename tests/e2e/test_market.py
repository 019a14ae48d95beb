"""The open part of the market in a real browser: filters, proof, the file, the method page."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from market.services import refresh_benchmarks
from tests.e2e.accessibility import RULES
from tests.factories.figures import NOW, observations, price_levels, published_batch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def market() -> None:
    """Machine learning engineers in two countries, at two levels."""
    price_levels()
    rows = [
        {"usd": low + 1_000 * i, **place}
        for low, place in (
            (150_000, {}),
            (110_000, {"experience": "MI"}),
            (80_000, {"country_code": "DE", "region": "W_EU"}),
        )
        for i in range(41)
    ]
    observations(published_batch(), rows)
    refresh_benchmarks(reason="asked", clock=lambda: NOW)


def test_anybody_filters_and_takes_the_file_away(
    market: None, visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit(viewport={"width": 1280, "height": 900}).page
    page.goto("/market/")
    answer = page.locator("#market-answer")
    expect(answer).to_contain_text("$170k")

    page.get_by_label("Country", exact=True).select_option("de")
    expect(answer).to_contain_text("$100k")
    expect(page).to_have_url(re.compile(r"country=de"))
    page.go_back()
    expect(answer).to_contain_text("$170k")
    expect(answer).to_contain_text("What it buys")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    kept = tmp_path / "market.csv"
    download.value.save_as(kept)
    rows = list(csv.DictReader(io.StringIO(kept.read_text(encoding="utf-8"))))
    assert {row["country"] for row in rows} >= {"US", "DE"}
    assert all(row["licences"] == "CC0 1.0" for row in rows)

    page.goto("/market/")
    page.get_by_role("link", name="How each figure is made").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How market figures are made")


def test_without_script_the_button_answers(market: None, visit: Callable[..., Any]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/market/")
    page.get_by_label("Country", exact=True).select_option("de")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#market-answer")).to_contain_text("$100k")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_open_pages_are_accessible_and_fit(
    market: None, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    page = visit(viewport={"width": width, "height": 900}, color_scheme=scheme).page
    for path in ("/market/", "/market/?country=xx", "/market/worth/", "/market/methods/"):
        page.goto(path)
        for summary in page.locator("details.data > summary").all():
            summary.click()
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
