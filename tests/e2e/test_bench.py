"""Every page of the curators' bench, full of rows: accessible, and within the frame of a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from accounts.services import make_curator
from market.models import BenchmarkSnapshot, ImportBatch
from market.services import refresh_benchmarks
from tests.e2e.accessibility import RULES
from tests.factories.figures import NOW
from tests.market.test_curation import line, many, published, staged
from tests.market.test_models import contribution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def curator(db: None) -> User:
    return make_curator(email="curator@example.com")[0]


@pytest.fixture
def paths(curator: User, candidate: User) -> list[str]:
    """A published file, one that waits, a doubtful row, a title that no rule knows, two snapshots."""
    published(*many(30))
    refresh_benchmarks(reason="published", clock=lambda: NOW)
    waiting = staged(
        *(line(100_050 + 500 * step) for step in range(30)),
        line(5, "Data Analyst"),
        *(line(90_000 + step, "Unheard of bagger") for step in range(3)),
        "2025,SE,FT,Data Analyst,many,USD,many,US,0,US,M",
    )
    refresh_benchmarks(reason="asked", clock=lambda: NOW)
    contribution(candidate)
    first = ImportBatch.objects.exclude(pk=waiting.pk).get()
    newest = BenchmarkSnapshot.objects.latest("pk")
    return [
        "files/",
        "sources/new/",
        "sources/devops/",
        "sources/devops/edit/",
        f"imports/{waiting.pk}/",
        f"imports/{first.pk}/",
        "review/",
        "contributions/",
        "titles/",
        "titles/new/",
        "levels/",
        "levels/meta/",
        "history/",
        "snapshots/",
        f"snapshots/{newest.pk}/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_bench_is_accessible_and_fits(
    paths: list[str], curator: User, visit: Callable[..., Any], width: int, scheme: str
) -> None:
    page = visit(curator, viewport={"width": width, "height": 900}, color_scheme=scheme).page
    for path in paths:
        answer = page.goto(f"/curate/{path}")
        assert answer.status == 200, path
        for summary in page.locator("details.data > summary").all():
            summary.click()
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_on_a_phone_a_preview_shows_every_value_below_its_name(
    paths: list[str], curator: User, visit: Callable[..., Any]
) -> None:
    page = visit(curator, viewport={"width": 390, "height": 900}).page
    page.goto(f"/curate/{paths[4]}")

    row = page.get_by_role("row").filter(has=page.locator("[data-label='Median before']")).first
    for name in ("Level", "Country", "Figures", "Median before", "After", "Change"):
        cell = row.locator(f"[data-label='{name}']")
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390, name
