"""The commands of the market: exact percentiles, and the published cell."""

import io
import json
import sys

import pytest
from django.core.management import call_command

from market.services import refresh_benchmarks
from tests.factories.figures import NOW, observations, published_batch

pytestmark = pytest.mark.django_db


def run(name, *arguments, typed=None, monkeypatch=None):
    out, err = io.StringIO(), io.StringIO()
    if typed is not None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue().strip()
    return 0, out.getvalue()


def spread(n=41, **changes):
    return [{"usd": 100_000 + 1_000 * i, **changes} for i in range(n)]


# --- market_percentiles ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "input: is not JSON at line 1, column 2"),
        ("[]", "input: is not an object"),
        ('{"cases": 1}', "cases: is not a list"),
        ('{"cases": [{"population": "some"}]}',
         "cases[0].population: is none of all_rows, distinct_rows, posting_midpoints"),
        ('{"cases": [{"metric": 1}]}', "cases[0].metric: is not a text"),
        ('{"cases": [{}, {"filters": {"work_year": "2025"}}]}',
         "cases[1].filters.work_year: is not a whole number"),
        ('{"cases": [{"filters": {"work_year": {"gt": 1}}}]}',
         "cases[0].filters.work_year.gt: is neither gte nor lte"),
        ('{"cases": [{"filters": {"job_title": ["a", 1]}}]}',
         "cases[0].filters.job_title[1]: is not a text"),
        ('{"backoff": {"chain": [["role_family"]], "cases": [{"min_n": 0, "query": {}}]}}',
         "backoff.cases[0].min_n: a cell needs at least one figure"),
        ('{"lca": {"cases": [{"soc_code": "15-1132"}]}}', "lca.cases[0].fiscal_year: is missing"),
        ('{"stackoverflow": {"cases": [{"salary_between": ["a", 2]}]}}',
         "stackoverflow.cases[0].salary_between[0]: is not a number"),
    ],
)  # fmt: skip
def test_wrong_input_is_named_by_its_path(document, message, monkeypatch) -> None:
    assert run("market_percentiles", "-", typed=document, monkeypatch=monkeypatch) == (2, message)


def test_a_filter_that_does_not_exist_is_no_column(monkeypatch) -> None:
    status, message = run(
        "market_percentiles", "-", typed='{"filters": {"o.raw": 1}}', monkeypatch=monkeypatch
    )

    assert status == 2
    assert message.startswith("filters.o.raw: is none of work_year")


def test_a_file_that_cannot_be_read_is_told() -> None:
    assert run("market_percentiles", "/nowhere") == (
        2,
        "FILE: cannot be read: No such file or directory",
    )


def test_a_case_alone_is_answered_and_nothing_is_null(monkeypatch) -> None:
    rows = observations(published_batch(), spread(5))
    rows[0].state, rows[0].reasons = "flagged", ["outlier"]
    rows[1].state = "rejected"
    for row in rows[:2]:
        row.save()

    _, text = run(
        "market_percentiles", "-", typed='{"id": "x", "filters": {}}', monkeypatch=monkeypatch
    )
    _, nothing = run(
        "market_percentiles",
        "-",
        typed='{"filters": {"role_family": "quant"}}',
        monkeypatch=monkeypatch,
    )

    # Doubtful rows count in what is quoted from a source; rejected ones do not.
    answer = json.loads(text)
    assert (answer["id"], answer["n"], answer["p50"]) == ("x", 4, 102_500)
    assert json.loads(nothing) == {
        "n": 0, "p10": None, "p25": None, "p50": None, "p75": None, "p90": None,
        "min": None, "max": None,
    }  # fmt: skip


# --- benchmark ---------------------------------------------------------------------------------


def publish():
    observations(published_batch(), spread())
    return refresh_benchmarks(reason="asked", clock=lambda: NOW)


JOB = ["--role", "ml_engineer", "--level", "L5", "--country", "US"]


def test_the_published_cell_is_told_with_its_proof() -> None:
    snapshot = publish()

    _, text = run("benchmark", *JOB, "--json")

    answer = json.loads(text)["benchmark"]
    assert answer["snapshot_id"] == snapshot.pk
    assert (answer["n"], answer["step"], answer["is_quotable"]) == (41, 1, True)
    base = answer["base"]
    assert (base["p50"], base["intervals"]["p50"]) == (120_000, [113_000, 127_000])
    assert base["sources"][0]["attribution"] == "aijobs.net salary survey"
    assert answer["total"] is None


def test_the_cell_is_told_in_words() -> None:
    publish()

    _, text = run("benchmark", *JOB)

    assert text.splitlines()[:2] == [
        "base: Machine learning engineer, senior level, in the United States",
        "  p10 $104,000, p25 $110,000, median $120,000, p75 $130,000, p90 $136,000 a year",
    ]
    assert "n = 41, midpoint of advertised ranges, up to 2025-01-01, step 2" in text


def test_a_coarse_level_and_another_currency_are_taken() -> None:
    publish()

    _, text = run(
        "benchmark", "--role", "ml_engineer", "--level", "se", "--country", "us",
        "--remote", "on_site", "--stage", "series_b", "--currency", "eur", "--json",
    )  # fmt: skip

    answer = json.loads(text)["benchmark"]
    assert (answer["currency"], answer["step"]) == ("EUR", 0)
    assert answer["base"]["p50"] == pytest.approx(120_000 * 0.8684, abs=0.01)


def test_no_cell_is_no_error() -> None:
    assert run("benchmark", *JOB) == (0, "No published cell holds enough figures for this job.\n")
    assert json.loads(run("benchmark", *JOB, "--json")[1]) == {"benchmark": None}


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (1, "astronaut", "role: is no role family"),
        (3, "L99", "level: is neither a rung nor EN, MI, SE or EX"),
        (5, "AQ", "country: is no country or place on record"),
    ],
)
def test_a_key_that_does_not_exist_is_named(place, value, message) -> None:
    asked = [*JOB]
    asked[place] = value

    assert run("benchmark", *asked) == (2, message)


@pytest.mark.parametrize(("option", "message"), [
    ("--remote", "remote: is none of on_site, hybrid, remote"),
    ("--stage", "stage: is no company stage"),
])  # fmt: skip
def test_an_option_that_does_not_exist_is_named(option, message) -> None:
    assert run("benchmark", *JOB, option, "nope") == (2, message)
