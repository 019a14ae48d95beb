"""The curator: every shared file from upload to publication, the second snapshot, and back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from accounts.services import make_curator
from config import celery
from market.models import (
    Benchmark,
    BenchmarkSnapshot,
    ImportBatch,
    Observation,
    OccupationWage,
)
from tests.market.shared_data import SHARED, shared
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
# These bring rates, price levels and official wages: no pay of a job.
NO_PAY: Final = {"fed-fx", "us-rpp", "world-bank-ppp", "us-oews"}
N_OEWS_YEARS: Final = 3
SECOND: Final = ("infosec", "infosec_jobs_salaries/salaries_2025-08-03.csv.gz", 885)


Cells = set[tuple[Any, ...]]


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


def test_the_files_are_all_there_are() -> None:
    """What is not in the list above is no import: the taxonomy is the product's own."""
    shared("README.md")
    found = {
        str(path.relative_to(SHARED))
        for path in SHARED.rglob("*")
        if path.is_file() and path.name != "README.md" and path.parent.name != "taxonomy"
    }

    assert found == {name for _, name, _ in [*FILES, SECOND]}


def preview(page: Page, key: str, path: Path, n_new: int) -> None:
    """Upload a file and wait until the worker has read it; nothing of it counts yet."""
    page.goto(f"/curate/sources/{key}/")
    page.locator("[name=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and read").click()
    page.wait_for_url("**/curate/imports/*/")
    expect(page.get_by_role("heading", name="Ready to publish")).to_be_visible(timeout=90_000)
    assert counted(page, "new") == n_new


def counted(page: Page, words: str) -> int:
    """Return one of the counts of a preview, by the words below it."""
    label = page.locator(".counts > div > span").get_by_text(words, exact=True)
    return int(label.locator("xpath=../b").inner_text().replace(",", ""))


def publish(page: Page, why: str) -> None:
    page.locator("[name=why]").fill(why)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def refreshed() -> tuple[str, Cells]:
    """Wait until no snapshot is owed, and return the checksum and every cell of the one in force."""
    states = BenchmarkSnapshot.State
    owed = BenchmarkSnapshot.objects.filter(state__in=[states.QUEUED, states.RUNNING])
    wait_until(lambda: not owed.exists(), seconds=180)
    snapshot = BenchmarkSnapshot.objects.get(is_current=True)
    rows = Benchmark.objects.filter(snapshot=snapshot).values_list(
        "cell_key", "n", "n_employers", "p10", "p25", "p50", "p75", "p90", "typical_error"
    )
    return snapshot.checksum, set(rows)


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
    n_before = Observation.objects.counted().count()
    with_pay = {key for key, _, _ in FILES} - NO_PAY
    assert set(Observation.objects.counted().values_list("source__key", flat=True)) == with_pay
    assert OccupationWage.objects.values("year").distinct().count() == N_OEWS_YEARS

    preview(page, SECOND[0], paths[SECOND[1]], SECOND[2])
    assert counted(page, "rows read") == 45_350
    assert counted(page, "repeated") == 45_350 - SECOND[2]
    assert Observation.objects.counted().count() == n_before
    expect(page.get_by_role("heading", name="What publishing changes")).to_be_visible()
    publish(page, "the second week")
    with_second = refreshed()

    page.locator("[name=why]").fill("not yet")
    page.get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("heading", name="Rolled back")).to_be_visible()
    after = refreshed()

    assert after == before
    assert after != with_second
    assert Observation.objects.counted().count() == n_before
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
