"""What is said the market pays: the nearest cell that holds enough, with its proof."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.models import CompanyStage, Level, Location, RoleFamily
from market.selectors import JobQuery, benchmark_for, benchmarks_for
from market.services import refresh_benchmarks
from tests.factories.figures import NOW, observations, published_batch

pytestmark = pytest.mark.django_db


def refreshed():
    return refresh_benchmarks(reason="asked", clock=lambda: NOW)


def query(**changes):
    facts = {
        "role_family": "ml_engineer",
        "level": "L6",
        "location": "us-sf-bay",
        "work_arrangement": "remote",
        "stage": "series_b",
        **changes,
    }
    return JobQuery(
        role_family=RoleFamily.objects.filter(key=facts["role_family"]).first(),
        level=Level.objects.filter(key=facts["level"]).first(),
        location=Location.objects.get(key=facts["location"]),
        work_arrangement=facts["work_arrangement"],
        stage=CompanyStage.objects.filter(key=facts["stage"]).first(),
    )


def spread(n, **changes):
    return [{"usd": 100_000 + 1_000 * i, **changes} for i in range(n)]


def test_there_is_no_answer_without_a_snapshot(db) -> None:
    assert benchmark_for(query()) is None


def test_without_a_level_all_levels_answer_and_nobody_is_placed(db) -> None:
    observations(published_batch(), spread(30))
    refreshed()

    answer = benchmark_for(query(level=""))

    assert (answer.base.n, answer.base.is_any_level, answer.is_quotable) == (30, True, False)
    assert answer.base.has_percentiles
    assert answer.base.place(answer.base.p50) is None
    assert answer.cautions[0].startswith("State the level of the role")


def test_a_source_that_names_no_level_answers_last_and_is_no_headline(db) -> None:
    survey = {"basis": "reported", "experience": "", "usd": None}
    observations(published_batch(), spread(30))
    observations(
        published_batch(key="stackoverflow"),
        [{**survey, "total_usd": 200_000 + 1000 * n} for n in range(21)],
    )
    refreshed()

    answer = benchmark_for(query())

    assert (answer.total.n, answer.total.p50, answer.total.is_any_level) == (21, 210_000, True)
    assert not answer.total.is_quotable
    assert answer.total.description.endswith("any level, in the United States")
    assert answer.headline == answer.base
    assert answer.is_quotable


def test_the_nearest_cell_that_holds_twenty_answers(db) -> None:
    observations(
        published_batch(), [*spread(19, work_arrangement="remote"), *spread(20, usd=300_000)]
    )
    refreshed()

    answer = benchmark_for(query())

    assert (answer.base.n, answer.base.step, answer.step) == (39, 1, 1)
    assert answer.base.step_label == "same role, level and country"
    assert answer.base.description == (
        "Machine learning engineer, senior level, in the United States"
    )
    assert answer.is_quotable
    assert answer.modelled.n == 19
    assert (answer.modelled.is_modelled, answer.modelled.is_quotable) == (True, False)


def test_the_answer_carries_its_proof(db) -> None:
    observations(published_batch(), spread(41, work_arrangement="remote"))
    snapshot = refreshed()

    base = benchmark_for(query()).base

    assert [int(f) for f in base.figures] == [104_000, 110_000, 120_000, 130_000, 136_000]
    # Ranks 14 and 28 of 41: P(13 < B(41, 0.5) < 28) = 97.2%.
    assert base.interval == (113_000, 127_000)
    assert (base.snapshot_id, base.step, base.typical_error) == (snapshot.pk, 0, None)
    assert (base.oldest_date, base.as_of) == (dt.date(2025, 1, 1), dt.date(2025, 1, 1))
    [source] = base.sources
    assert (source.key, source.n, source.licence) == ("aijobs", 41, "CC0 1.0")
    assert base.basis_label == "Midpoint of advertised ranges"


def test_a_component_nobody_measured_is_none(db) -> None:
    observations(published_batch(), spread(25))
    refreshed()

    answer = benchmark_for(query())

    assert (answer.bonus, answer.equity, answer.total) == (None, None, None)
    assert answer.headline is answer.base
    assert answer.components == (answer.base,)


def test_the_total_is_the_headline_where_it_was_measured(db) -> None:
    observations(
        published_batch(key="devops"),
        [{"usd": 100_000, "total_usd": 180_000, "basis": "reported"} for _ in range(20)],
    )
    refreshed()

    answer = benchmark_for(query())

    assert (answer.headline.component, answer.of("total").p50) == ("total", 180_000)
    assert answer.of("base").p50 == 100_000


def test_reported_pay_goes_before_postings_that_are_as_near(db) -> None:
    observations(published_batch(), spread(30))
    observations(published_batch(key="devops"), spread(20, basis="reported"))
    refreshed()

    assert benchmark_for(query()).base.basis == "reported"


def test_a_cell_of_the_stage_goes_first(db) -> None:
    observations(published_batch(), [*spread(30), *spread(20, stage="series_b", usd=400_000)])
    refreshed()

    answer = benchmark_for(query())

    assert (answer.base.stage, answer.base.n) == ("Series B", 20)
    assert not [text for text in answer.cautions if "stage" in text]


def test_thin_cells_are_the_last_resort_and_not_quotable(db) -> None:
    observations(published_batch(), spread(6))
    refreshed()

    answer = benchmark_for(query())

    assert (answer.base.n, answer.is_quotable) == (6, False)
    assert answer.base.place(Decimal(102_000)) is None


def test_cautions_say_what_differs(db) -> None:
    observations(
        published_batch(), spread(30, country_code="DE", region="W_EU", role_family="ai_engineer")
    )
    refreshed()

    answer = benchmark_for(query(location="fr-paris"))

    assert answer.base.step == 4
    assert answer.cautions == (
        "It holds similar roles, not this one alone.",
        "Public pay files know four levels. Senior holds L5 to L10 together; yours is L6.",
        "None of these figures says how far the company has come; yours is at the stage “Series B”.",
        "Too few figures are from France alone: these are from western Europe.",
        "It holds on-site, hybrid and remote jobs together.",
        "These are midpoints of advertised ranges, not pay that people report.",
    )


def test_amounts_are_converted_by_the_dated_rate(db) -> None:
    observations(published_batch(), spread(41))
    refreshed()

    answer = benchmark_for(query(), currency="GBP")

    assert answer.currency == answer.base.currency == "GBP"
    assert answer.base.p50 == Decimal(120_000) * answer.conversion.rate
    assert answer.conversion.date == dt.date(2026, 6, 1)
    assert answer.base.interval[0] == 113_000 * answer.conversion.rate


def test_a_currency_without_a_rate_stays_in_dollars(db) -> None:
    observations(published_batch(), spread(25))
    refreshed()

    assert benchmark_for(query(), currency="XAU").currency == "USD"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(104_000, 10), (120_000, 50), (115_000, 38), (136_000, 90), (103_999, None), (140_000, None)],
)
def test_an_amount_has_a_place_between_published_percentiles(db, amount, expected) -> None:
    observations(published_batch(), spread(41))
    refreshed()

    assert benchmark_for(query()).base.place(Decimal(amount)) == expected


def test_an_old_answer_keeps_its_snapshot(db) -> None:
    batch = published_batch()
    observations(batch, spread(25))
    first = refreshed()
    observations(batch, spread(25, usd=500_000))
    refreshed()

    assert benchmark_for(query(), snapshot_id=first.pk).n == 25
    assert benchmark_for(query()).n == 50


def test_many_jobs_ask_as_many_queries_as_one(db) -> None:
    observations(published_batch(), [*spread(30), *spread(30, experience="MI")])
    refreshed()
    jobs = [query(), query(level="L4"), query(role_family="quant"), query(location="gb-london")]

    with CaptureQueriesContext(connection) as one:
        benchmarks_for(jobs[:1])
    with CaptureQueriesContext(connection) as many:
        answers = benchmarks_for(jobs)

    assert len(one) == len(many) == 3
    assert [answer.base.step for answer in answers] == [1, 1, 5, 6]
