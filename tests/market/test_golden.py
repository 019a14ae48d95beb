"""Every reference answer of golden/benchmark_cases.json, on the real files, through the importer."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from market import services
from market.models import CompanyStage, ImportBatch, Source
from market.services import load_reference

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
CASES = json.loads((ROOT / "tests/reference/golden/benchmark_cases.json").read_text())
FILES = {
    "aijobs": ["ai_jobs_salaries/salaries.csv.gz"],
    "us-lca": [
        f"us_dol_lca/lca_fy{name}_sample.csv.gz"
        for name in ("2014", "2015", "2016", "2017", "2020_q2")
    ],
    "stackoverflow": ["stackoverflow_survey_2023_us/responses.csv.gz"],
    "us-oews": [f"us_bls_oews/national_M{year}_dl.xlsx" for year in (2022, 2023, 2024)],
}
EXACT = 0.01

pytestmark = pytest.mark.django_db

if not DATA.is_dir():
    pytest.skip("the shared data are not beside this tree", allow_module_level=True)


def import_files(keys=FILES):
    for key in keys:
        for name in FILES[key]:
            with (DATA / name).open("rb") as file:
                batch = services.request_import(
                    source=Source.objects.get(key=key),
                    file=file,
                    name=Path(name).name,
                    as_of=timezone.now(),
                )
            services.run_import(batch_id=batch.pk, clock=timezone.now)
            batch.refresh_from_db()
            assert batch.state == ImportBatch.State.PREVIEWED, batch.last_error
            services.publish_import(batch=batch, as_of=timezone.now())


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """Everything imported once; the answers to the whole document."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not CompanyStage.objects.exists():
            load_reference()  # a test with real commits, before this one, emptied every table
        import_files()
        out = io.StringIO()
        call_command(
            "market_percentiles",
            str(ROOT / "tests/reference/golden/benchmark_cases.json"),
            stdout=out,
        )
        found = json.loads(out.getvalue())
        transaction.set_rollback(True)
    return found


def by_id(section):
    return {case["id"]: case for case in section}


def agrees(found, expected):
    for name, figure in expected.items():
        if isinstance(figure, float) or (isinstance(figure, int) and name not in {"n", "step"}):
            assert found[name] == pytest.approx(figure, abs=EXACT), name
        else:
            assert found[name] == figure, name


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_percentiles_of_salaries(answers, case):
    agrees(by_id(answers["cases"])[case["id"]], case["expected"])


@pytest.mark.parametrize("case", CASES["backoff"]["cases"], ids=lambda case: case["id"])
def test_back_off(answers, case):
    agrees(by_id(answers["backoff"]["cases"])[case["id"]], case["expected"])


@pytest.mark.parametrize("case", CASES["lca"]["cases"], ids=lambda case: case["id"])
def test_filings(answers, case):
    found = by_id(answers["lca"]["cases"])[case["id"]]
    agrees(found, case["expected"])
    assert found["unparsed_rows"] == case["unparsed_rows"]


@pytest.mark.parametrize("case", CASES["oews"]["cases"], ids=lambda case: case["id"])
def test_occupations(answers, case):
    found = by_id(answers["oews"]["cases"])[case["id"]]
    agrees(found, case["expected"])
    assert found["title"] == case["title"]


@pytest.mark.parametrize("case", CASES["stackoverflow"]["cases"], ids=lambda case: case["id"])
def test_survey(answers, case):
    agrees(by_id(answers["stackoverflow"]["cases"])[case["id"]], case["expected"])
