"""The curator: every shared file from upload to publication, the second snapshot, and back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from accounts.services import make_curator
from config import celery
from market.models import BenchmarkSnapshot, ImportBatch, Observation
from tests.market.shared_data import shared
from tests.processes import Product, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

# Each file of the shared data with its source and how many new rows it brings.
FILES: Final = [
    ("fed-fx", "us_fed_fx/monthly.csv", 3_174),
    ("fed-fx", "us_fed_fx/annual.csv", 231),
    ("us-rpp", "us_bea_rpp/SARPP_STATE_2015_2023.csv", 2_340),
    ("world-bank-ppp", "world_bank_ppp/ppp-gdp.csv", 2_999),
    ("us-oews", "us_bls_oews/national_M2022_dl.xlsx", 830),
    ("us-oews", "us_bls_oews/national_M2023_dl.xlsx", 831),
    ("us-oews", "us_bls_oews/national_M2024_dl.xlsx", 831),
    ("aijobs", "ai_jobs_salaries/salaries.csv.gz", 92_100),
    ("devops", "devops_jobs_salaries/salaries.csv", 728),
    ("stackoverflow", "stackoverflow_survey_2023_us/responses.csv.gz", 6_781),
    ("us-lca", "us_dol_lca/lca_fy2014_sample.csv.gz", 6_830),
    ("us-lca", "us_dol_lca/lca_fy2015_sample.csv.gz", 6_805),
    ("us-lca", "us_dol_lca/lca_fy2016_sample.csv.gz", 6_816),
    ("us-lca", "us_dol_lca/lca_fy2017_sample.csv.gz", 6_858),
    ("us-lca", "us_dol_lca/lca_fy2020_q2_sample.csv.gz", 7_012),
    ("us-lca", "us_dol_lca/lca_fy2025_q2_health.csv.gz", 5_596),
    ("infosec", "infosec_jobs_salaries/salaries_2025-07-27.csv.gz", 44_465),
]
SECOND: Final = ("infosec", "infosec_jobs_salaries/salaries_2025-08-03.csv.gz", 885)


@pytest.fixture
def worker(
    tmp_path_factory: pytest.TempPathFactory, db: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A worker of its own process, which the pages under test wake through a Redis."""
    product = Product(tmp_path_factory.mktemp("c"))
    product.start_redis()
    product.start_worker("market")
    app = celery.app
    monkeypatch.setattr(app.conf, "broker_url", product.broker_url)
    # Pools are made at the first message; see test_newcomer.py.
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    yield
    if app._pool is not None:
        app._pool.force_close_all()
    product.end()


def preview(page: Page, key: str, path: Path, n_new: int) -> None:
    """Upload a file and wait until the worker has read it."""
    page.goto(f"/curate/sources/{key}/")
    page.locator("[name=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and read").click()
    page.wait_for_url("**/curate/imports/*/")
    expect(page.get_by_role("heading", name="Ready to publish")).to_be_visible(timeout=90_000)
    new = page.locator(".counts > div", has_text="new").filter(has_not_text="newer").locator("b")
    expect(new).to_have_text(f"{n_new:,}")


def publish(page: Page, why: str) -> None:
    page.locator("[name=why]").fill(why)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def refreshed() -> str:
    """Wait until no snapshot is owed, and return the checksum of the one in force."""
    states = BenchmarkSnapshot.State
    owed = BenchmarkSnapshot.objects.filter(state__in=[states.QUEUED, states.RUNNING])
    wait_until(lambda: not owed.exists(), seconds=180)
    return BenchmarkSnapshot.objects.get(is_current=True).checksum


@pytest.mark.usefixtures("worker")
def test_a_curator_brings_every_file_in_and_takes_the_last_one_back(
    visit: Callable[..., Any],
) -> None:
    paths = {name: shared(name) for _, name, _ in [*FILES, SECOND]}
    curator, _ = make_curator(email="curator@example.com")
    page = visit(curator).page
    page.goto("/curate/files/")
    expect(page.get_by_role("link", name="Security salaries (infosec-jobs.com)")).to_be_visible()

    for key, name, n_new in FILES:
        preview(page, key, paths[name], n_new)
        publish(page, f"checked {key}")
    before = refreshed()
    assert Observation.objects.published().exists()

    preview(page, SECOND[0], paths[SECOND[1]], SECOND[2])
    expect(page.get_by_role("heading", name="What publishing changes")).to_be_visible()
    publish(page, "the second week")
    with_second = refreshed()
    second = page.url

    page.goto(second)
    page.locator("[name=why]").fill("not yet")
    page.get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("heading", name="Rolled back")).to_be_visible()
    after = refreshed()

    assert after == before != with_second
    page.goto("/curate/snapshots/")
    expect(page.get_by_text("Up to date")).to_be_visible()
    page.goto("/curate/history/?kind=file")
    expect(page.get_by_role("cell", name="not yet")).to_be_visible()

    page.goto("/curate/review/?source=devops")
    waiting = Observation.objects.awaiting_review().filter(source__key="devops")
    n_waiting = waiting.count()
    page.locator("[name=why]").fill("paid part time")
    page.get_by_role("button", name="Reject", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 row rejected.")).to_be_visible()
    assert waiting.count() == n_waiting - 1

    assert ImportBatch.objects.filter(state="published").count() == len(FILES)
