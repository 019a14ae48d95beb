"""Files into staging, published, rolled back: exactly, once, or not at all."""

import datetime as dt
import gzip
import io

import pytest
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from market import services
from market.models import (
    BenchmarkSnapshot,
    ExchangeRate,
    ImportBatch,
    ImportBatchEvent,
    ImportPiece,
    Observation,
    OccupationWage,
    PriceLevel,
    ReferenceFigure,
    Source,
)
from market.parsers.salaries import HEADER
from market.services import imports, staging
from tests.factories.market import MOMENT, SourceFactory
from tests.market.shared_data import shared

pytestmark = pytest.mark.django_db

State = ImportBatch.State
ROW = "2025,SE,FT,{title},{pay},USD,{pay},US,0,US,M"


def line(pay, title="Data Analyst"):
    return ROW.format(pay=pay, title=title)


def salaries(*lines):
    return "\r\n".join([",".join(HEADER), *lines]).encode()


def requested(content, key="aijobs", name="pay.csv", **options):
    return services.request_import(
        source=Source.objects.get(key=key),
        file=io.BytesIO(content),
        name=name,
        as_of=MOMENT,
        **options,
    )


def staged(content, key="aijobs", **options):
    batch = requested(content, key, **options)
    services.run_import(batch_id=batch.pk, clock=lambda: MOMENT)
    batch.refresh_from_db()
    return batch


def published(content, key="aijobs", moment=MOMENT, **options):
    return services.publish_import(batch=staged(content, key, **options), as_of=moment)


def later(hours):
    return MOMENT + dt.timedelta(hours=hours)


def figures():
    return list(
        Observation.objects.published()
        .order_by("batch_id", "line")
        .values_list("benchmark_usd", "range_end")
    )


# --- staging -----------------------------------------------------------------------------------


def test_file_waits_for_a_worker_and_shows_nothing(sent_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        batch = services.request_import(
            source=Source.objects.get(key="aijobs"),
            file=io.BytesIO(salaries(line(5))),
            name="../pay.csv",
            as_of=MOMENT,
        )

    assert (batch.state, batch.file_name) == (State.QUEUED, "pay.csv")
    assert [(task.name, task.arguments) for task in sent_tasks] == [
        ("market.run_import", {"batch_id": batch.pk})
    ]
    assert not Observation.objects.exists()


def test_staged_file_is_counted_and_still_invisible():
    batch = staged(salaries(line(9), line(5), line(5, "Bagger"), "2025,SE"))

    assert (batch.state, batch.progress, batch.header) == (State.PREVIEWED, 100, list(HEADER))
    assert (batch.n_read, batch.n_new, batch.n_repeated, batch.n_unread) == (4, 3, 0, 1)
    assert batch.problems == [
        {
            "kind": "cells",
            "column": "3",
            "count": 1,
            "examples": [{"line": 5, "message": "The row has 2 cells instead of 11."}],
        }
    ]
    assert batch.preview["unmapped"] == [{"title": "Bagger", "count": 1}]
    assert not Observation.objects.published().exists()


def test_reading_twice_changes_nothing_the_second_time():
    batch = staged(salaries(line(5)))

    assert services.run_import(batch_id=batch.pk, clock=lambda: MOMENT) is False
    assert Observation.objects.count() == 1


def test_row_is_mapped_into_our_words():
    staged(salaries("2025,EN,FT,Sr. Machine Learning Engineers,80000,GBP,100000,FR,100,GB,L"))
    row = Observation.objects.select_related("role_family", "title_rule").get()

    assert (row.role_family.key, row.title_rule.confidence) == ("ml_engineer", "high")
    assert (row.country_code, row.region, row.residence_code) == ("GB", "UK_IE", "FR")
    assert (row.amount, row.base, row.currency, row.base_usd) == (80_000, 80_000, "GBP", 100_000)
    assert (row.experience, row.work_arrangement, row.size) == ("EN", "remote", "L")
    assert (row.observed_date, row.basis) == (dt.date(2025, 1, 1), "posting")
    assert row.raw == "2025,EN,FT,Sr. Machine Learning Engineers,80000,GBP,100000,FR,100,GB,L"


def test_a_figure_dated_long_after_its_file_is_doubtful():
    batch = staged(salaries(line(5), line(6).replace("2025", str(MOMENT.year + 1))))

    doubtful = Observation.objects.get(state="flagged")
    assert (doubtful.line, doubtful.reasons) == (3, ["future_date"])
    assert (batch.n_new, batch.n_flagged) == (2, 1)


def test_two_ends_of_a_range_are_one_posting_at_its_midpoint():
    published(salaries(line(9), line(4), line(4), line(7), line(3, "Data Engineer")))

    assert figures() == [(6.5, "top"), (None, "bottom"), (4, ""), (7, ""), (3, "")]
    top = Observation.objects.get(range_end="top")
    assert (top.low, top.high, top.midpoint, top.base_usd) == (4, 9, 6.5, 9)


def test_answers_to_a_survey_are_not_paired():
    published(salaries(line(9), line(4)), key="devops")

    assert figures() == [(9, ""), (4, "")]
    assert {row.basis for row in Observation.objects.all()} == {"reported"}


def test_newer_file_adds_its_new_rows_and_pairs_only_those():
    old = [line(8), line(8), line(5, "Data Engineer")]
    published(salaries(*old))

    second = staged(salaries(line(9), line(8), *old))

    # The old rows are at the end of the newer file: of three equal rows, the first is new.
    assert (second.n_read, second.n_new, second.n_repeated) == (5, 2, 3)
    assert [row.line for row in second.observations.order_by("line")] == [2, 3]
    assert second.observations.get(line=2).midpoint == 8.5
    assert list(second.observations.order_by("line").values_list("nth", flat=True)) == [1, 3]


def test_same_file_again_adds_nothing():
    content = salaries(line(8), line(8), line(5))
    published(content)

    again = staged(content)

    assert (again.n_new, again.n_repeated) == (0, 3)


def test_texts_that_copy_could_misread_arrive_whole():
    title = 'A\\t "B"\tC'
    staged(salaries('2025,SE,FT,"A\\t ""B""\tC",5,USD,5,US,0,US,M'))

    assert Observation.objects.get().title == title


# --- doubt -------------------------------------------------------------------------------------


def around(n, middle=100_000):
    return [line(middle + 500 * step) for step in range(n)]


def test_outlier_is_flagged_with_its_reason_and_kept():
    batch = staged(salaries(*around(30), line(5_000_000)), key="devops")

    assert (batch.n_flagged, batch.n_new) == (1, 31)
    row = Observation.objects.get(state="flagged")
    assert (row.base_usd, row.reasons) == (5_000_000, ["outlier"])
    assert Observation.objects.filter(state="accepted").count() == 30


def test_small_cell_calls_nothing_an_outlier():
    assert staged(salaries(*around(5), line(5_000_000)), key="devops").n_flagged == 0


def test_outlier_is_judged_by_what_is_published_too():
    published(salaries(*around(30)), key="devops")

    assert staged(salaries(line(5_000_000)), key="devops").n_flagged == 1


def test_doubtful_currency_label_is_flagged_for_its_whole_group():
    ExchangeRate.objects.update_or_create(
        currency="CAD", date="2026-06-01", period="month", defaults={"units_per_usd": "1.4"}
    )
    row = "2025,SE,FT,Data Analyst,{},{},{},CA,0,CA,M"
    own = [row.format(120_000 + n, "CAD", 85_700 + n) for n in range(25)]
    doubtful = [row.format(120_000 + n, "USD", 120_000 + n) for n in range(25)]
    credible = [row.format(60_000 + n, "EUR", 85_000 + n) for n in range(25)]

    staged(salaries(*own, *doubtful, *credible), key="devops")

    flagged = Observation.objects.filter(state="flagged")
    assert set(flagged.values_list("currency", flat=True)) == {"USD"}
    assert list(flagged.values_list("reasons").annotate(n=Count("pk"))) == [
        (["currency_label"], 25)
    ]


def test_amount_without_a_rate_is_flagged_and_not_converted():
    content = "title,pay\nData Analyst,5000000\n"
    source = SourceFactory.create(
        key="x",
        column_map={
            "columns": {"title": "title", "amount": "pay"},
            "constants": {"currency": "LAK", "year": "2025", "country": "LA"},
        },
    )
    batch = staged(content.encode(), key=source.key)
    row = Observation.objects.get(batch=batch)

    assert (row.base, row.base_usd, row.reasons) == (5_000_000, None, ["no_rate"])


def test_amounts_are_converted_by_the_year_or_the_month_they_are_of():
    for date, period, rate in [
        ("2024-01-01", "year", "0.80"),
        ("2025-01-01", "month", "0.70"),
        ("2025-02-01", "month", "0.74"),
        ("2026-03-01", "month", "0.50"),
    ]:
        ExchangeRate.objects.create(
            currency="CHF", date=date, period=period, units_per_usd=rate, source_title="test"
        )
    source = SourceFactory.create(
        key="x",
        column_map={
            "columns": {"title": "t", "amount": "p", "date": "d"},
            "constants": {"currency": "CHF", "country": "CH"},
        },
    )
    dates = ["2024", "2025", "2026-04-15", "2010"]
    content = "t,p,d\n" + "".join(f"Data Analyst,72,{date}\n" for date in dates)
    staged(content.encode(), key=source.key)

    found = Observation.objects.order_by("line").values_list("base_usd", flat=True)
    assert list(found) == [90, 100, 144, 90]


# --- filings -----------------------------------------------------------------------------------

LCA = (
    "CASE_NUMBER;CASE_STATUS;DECISION_DATE;VISA_CLASS;EMPLOYER_NAME;JOB_TITLE;SOC_CODE;SOC_NAME;"
    "FULL_TIME_POSITION;WAGE_RATE_OF_PAY_FROM;WAGE_RATE_OF_PAY_TO;WAGE_UNIT_OF_PAY;WORKSITE_STATE\n"
)


def filing(case, wage, status="CERTIFIED", title="Data Scientist", code="15-2051"):
    return f"{case};{status};2017-01-05;H-1B;X INC;{title};{code};S;Y;{wage};0;Year;WA\n"


def in_force():
    return sorted(Observation.objects.published().values_list("case_number", "base_usd"), key=str)


def test_newer_filing_of_a_case_stands_for_the_older_until_it_is_rolled_back():
    first = LCA + filing("I-1", 90_000) + filing("I-2", 80_000) + filing("I-2", 85_000)
    published(first.encode(), key="us-lca")
    assert in_force() == [("I-1", 90_000), ("I-2", 80_000)]

    second = staged((LCA + filing("I-1", 95_000) + filing("I-3", 70_000)).encode(), key="us-lca")
    assert (second.n_new, second.n_changed) == (2, 1)
    services.publish_import(batch=second, as_of=later(1))
    assert in_force() == [("I-1", 95_000), ("I-2", 80_000), ("I-3", 70_000)]

    services.roll_back_import(batch=second, as_of=later(2))
    assert in_force() == [("I-1", 90_000), ("I-2", 80_000)]


def test_filing_that_was_withdrawn_takes_the_wage_with_it():
    published((LCA + filing("I-1", 90_000)).encode(), key="us-lca")
    published(
        (LCA + filing("I-1", 90_000, "CERTIFIED-WITHDRAWN")).encode(), key="us-lca", moment=later(1)
    )

    assert in_force() == []
    assert Observation.objects.get(state="rejected").reasons == ["not_certified"]


def test_occupation_speaks_where_the_title_names_no_function():
    staged(
        (LCA + filing("I-1", 9e4, title="Consultant") + filing("I-2", 9e4)).encode(), key="us-lca"
    )
    first, second = Observation.objects.select_related("role_family").order_by("line")

    assert (first.role_family.key, first.title_rule_id) == ("data_scientist", None)
    assert (second.role_family.key, second.title_rule_id is None) == ("data_scientist", False)


# --- publishing and back -----------------------------------------------------------------------


def test_publishing_asks_for_benchmarks_and_remembers_who_and_why(candidate):
    batch = staged(salaries(line(5)))

    services.publish_import(batch=batch, as_of=MOMENT, user=candidate, why="checked")

    batch.refresh_from_db()
    assert (batch.state, batch.published_by, batch.published_at) == ("published", candidate, MOMENT)
    assert BenchmarkSnapshot.objects.get().batch == batch
    event = ImportBatchEvent.objects.filter(pgh_obj=batch).latest("pgh_id")
    assert (event.state, event.pgh_context.metadata["why"]) == ("published", "checked")
    assert event.pgh_context.metadata["user"] == candidate.pk


def test_file_is_published_once():
    batch = published(salaries(line(5)))

    with pytest.raises(services.BatchNotOpen):
        services.publish_import(batch=batch, as_of=MOMENT)


def test_rolled_back_file_can_be_published_again():
    batch = published(salaries(line(5)))

    services.roll_back_import(batch=batch, as_of=later(1))
    assert figures() == []
    services.publish_import(batch=batch, as_of=later(2))
    assert len(figures()) == 1


def test_older_file_is_not_taken_from_under_a_newer_one():
    first = published(salaries(line(5)))
    second = published(salaries(line(6), line(5)), moment=later(1))

    with pytest.raises(services.BatchNotOpen, match=r"Roll back pay\.csv first"):
        services.roll_back_import(batch=first, as_of=later(2))
    services.roll_back_import(batch=second, as_of=later(2))
    services.roll_back_import(batch=first, as_of=later(3))
    assert figures() == []


def test_next_file_gives_up_what_was_rolled_back():
    first = published(salaries(line(5)))
    services.roll_back_import(batch=first, as_of=later(1))

    second = staged(salaries(line(5)))

    first.refresh_from_db()
    assert (first.state, second.n_new) == (State.DISCARDED, 1)
    assert Observation.objects.get().batch == second


def test_a_file_that_cannot_be_read_leaves_what_was_rolled_back():
    first = published(salaries(line(5)))
    services.roll_back_import(batch=first, as_of=later(1))

    assert staged(b"work_year,nonsense\n").state == State.FAILED

    services.publish_import(batch=first, as_of=later(2))
    assert len(figures()) == 1


def test_nothing_is_rolled_back_or_republished_beneath_a_waiting_file():
    first = published(salaries(line(5)))
    second = staged(salaries(line(6), line(5)))
    assert second.n_new == 1

    with pytest.raises(services.BatchNotOpen, match=f"Publish or discard {second.file_name}"):
        services.roll_back_import(batch=first, as_of=later(1))
    assert len(figures()) == 1

    services.discard_import(batch=second, as_of=later(1))
    services.roll_back_import(batch=first, as_of=later(2))
    queued = requested(salaries(line(6), line(5)))
    with pytest.raises(services.BatchNotOpen, match="Publish or discard"):
        services.publish_import(batch=first, as_of=later(3))
    assert services.run_import(batch_id=queued.pk, clock=lambda: MOMENT)
    queued.refresh_from_db()
    assert queued.n_new == 2


def test_discarded_file_leaves_no_row():
    batch = staged(salaries(line(5)))

    services.discard_import(batch=batch, as_of=MOMENT)

    assert not Observation.objects.exists()
    with pytest.raises(services.BatchNotOpen):
        services.publish_import(batch=batch, as_of=MOMENT)


def test_benchmarks_are_the_same_after_a_rollback_as_before():
    published(salaries(*around(40)), key="devops")
    before = services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)
    batch = published(salaries(*around(40, 200_000)), key="devops", moment=later(1))
    changed = services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)
    services.roll_back_import(batch=batch, as_of=later(2))

    after = services.refresh_benchmarks(reason="asked", clock=lambda: MOMENT)

    assert before.n_cells > 0
    assert after.checksum == before.checksum != changed.checksum


# --- rates, price levels, occupations ----------------------------------------------------------


def rates(text):
    return f"Date,Country,Exchange rate\n{text}".encode()


def rate_values():
    found = ExchangeRate.objects.filter(currency="EUR", date__year=2020)
    return {str(rate.date): float(rate.units_per_usd) for rate in found}


def test_rates_are_swapped_in_and_put_back():
    published(rates("2020-05-01,Euro,0.9\n"), key="fed-fx")
    second = published(
        rates("2020-05-01,Euro,0.8\n2020-06-01,Euro,0.7\n"), key="fed-fx", moment=later(1)
    )
    assert rate_values() == {"2020-05-01": 0.8, "2020-06-01": 0.7}

    services.roll_back_import(batch=second, as_of=later(2))

    assert rate_values() == {"2020-05-01": 0.9}
    assert ReferenceFigure.objects.filter(batch=second).count() == 2
    assert not BenchmarkSnapshot.objects.exists()


def test_price_levels_are_swapped_in_and_put_back():
    text = "Country,Country ID,Year,PPP\nGermany,DE,2024,{}\n"
    first = published(text.format("0.7").encode(), key="world-bank-ppp")
    second = published(text.format("0.8").encode(), key="world-bank-ppp", moment=later(1))
    assert float(PriceLevel.objects.get().value) == 0.8

    services.roll_back_import(batch=second, as_of=later(2))
    assert float(PriceLevel.objects.get().value) == 0.7
    services.roll_back_import(batch=first, as_of=later(3))
    assert not PriceLevel.objects.exists()


# --- bad files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "key", "says"),
    [
        (b"a,b\n1,2\n", "aijobs", "Line 1, column 1: The header says 'a' where 'work_year'"),
        (
            salaries("Zürich").decode().encode("latin-1"),
            "aijobs",
            "Line 2, column 2: The byte 0xfc",
        ),
        (gzip.compress(salaries(*around(3000)))[:-40], "aijobs", "it was cut off"),
        (b"PK\x03\x04junk", "aijobs", "This is a workbook or an archive, not a CSV."),
        (b"PK\x03\x04junk", "us-oews", "The workbook is damaged"),
        (salaries(line(5), 'x,"'), "aijobs", "Line 3: The quotes do not match"),
    ],
)
def test_bad_file_says_where_and_leaves_nothing(content, key, says):
    batch = staged(content, key=key)

    assert batch.state == State.FAILED
    assert says in batch.last_error
    assert not Observation.objects.exists()
    assert not OccupationWage.objects.exists()


def test_failed_file_can_be_tried_again():
    batch = staged(b"a,b\n")
    services.retry_import(batch=batch, as_of=MOMENT)

    batch.refresh_from_db()
    assert (batch.state, batch.attempts, batch.last_error) == (State.QUEUED, 0, "")


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"x" * 1001, "larger than")])
def test_file_of_no_or_too_many_bytes_is_refused_at_the_door(monkeypatch, content, says):
    monkeypatch.setattr(imports, "MOST_FILE_BYTES", 1000)

    with pytest.raises(services.FileRefused, match=says):
        staged(content)
    assert not ImportBatch.objects.exists()
    assert not ImportPiece.objects.exists()


def test_files_of_a_source_take_turns():
    staged(salaries(line(5)))

    with pytest.raises(services.BatchNotOpen, match=r"pay\.csv of this source is waiting"):
        staged(salaries(line(6)))


def test_unexpected_error_is_logged_and_told(monkeypatch, caplog):
    monkeypatch.setattr(staging, "map_staged", lambda: 1 / 0)

    batch = staged(salaries(line(5)))

    assert (batch.state, batch.n_new) == (State.FAILED, 0)
    assert batch.last_error == "The file could not be read. The error is in the log."
    assert f"import {batch.pk} failed" in caplog.text
    assert not Observation.objects.exists()


# --- lost and stopped --------------------------------------------------------------------------


def queued(content=None):
    return services.request_import(
        source=Source.objects.get(key="aijobs"),
        file=io.BytesIO(content or salaries(line(5), line(6, "Data Engineer"))),
        name="pay.csv",
        as_of=MOMENT,
    )


def test_stopped_file_is_dropped_at_the_next_chunk(monkeypatch):
    monkeypatch.setattr(staging, "ROWS_PER_COPY", 1)
    batch = queued()
    seen = []

    def clock():
        seen.append(1)
        if len(seen) == 3:
            services.cancel_import(batch=batch, as_of=MOMENT)
        return MOMENT

    assert services.run_import(batch_id=batch.pk, clock=clock) is False
    batch.refresh_from_db()
    assert (batch.state, batch.n_new) == (State.CANCELLED, 0)
    assert not Observation.objects.exists()


def test_worker_given_up_for_lost_writes_nothing(monkeypatch):
    batch = queued()
    judge = staging.judge_staged

    def meanwhile():
        judge()
        ImportBatch.objects.filter(pk=batch.pk).update(attempts=2)

    monkeypatch.setattr(staging, "judge_staged", meanwhile)

    assert services.run_import(batch_id=batch.pk, clock=lambda: MOMENT) is False
    assert not Observation.objects.exists()


def test_silent_file_is_given_to_the_next_worker_and_at_last_given_up(sent_tasks):
    batch = queued()
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=State.RUNNING, heartbeat_at=MOMENT, attempts=1
    )

    assert services.requeue_lost_imports(as_of=MOMENT + dt.timedelta(minutes=1)) == 0
    assert services.requeue_lost_imports(as_of=MOMENT + dt.timedelta(minutes=5)) == 1
    assert [task.name for task in sent_tasks] == ["market.run_import"]

    ImportBatch.objects.filter(pk=batch.pk).update(attempts=imports.MOST_ATTEMPTS)
    services.requeue_lost_imports(as_of=MOMENT + dt.timedelta(minutes=9))
    batch.refresh_from_db()
    assert batch.state == State.FAILED
    assert batch.last_error == "Reading was interrupted 3 times. Nothing was imported."


def test_person_who_leaves_leaves_the_file(candidate):
    batch = staged(salaries(line(5)), user=candidate)
    User.objects.get(pk=candidate.pk).delete()

    batch.refresh_from_db()
    assert (batch.uploaded_by, batch.state) == (None, State.PREVIEWED)


# --- the real files ----------------------------------------------------------------------------


def from_shared(name, key):
    path = shared(name)
    batch = services.request_import(
        source=Source.objects.get(key=key),
        file=io.BytesIO(path.read_bytes()),
        name=path.name,
        as_of=timezone.now(),
    )
    services.run_import(batch_id=batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    services.publish_import(batch=batch, as_of=timezone.now())
    return batch


def test_second_weekly_file_adds_exactly_its_new_rows_and_the_same_file_none():
    first = from_shared("infosec_jobs_salaries/salaries_2025-07-27.csv.gz", "infosec")
    second = from_shared("infosec_jobs_salaries/salaries_2025-08-03.csv.gz", "infosec")
    third = from_shared("infosec_jobs_salaries/salaries_2025-08-03.csv.gz", "infosec")

    assert [batch.n_new for batch in (first, second, third)] == [44_465, 885, 0]
    assert Observation.objects.published().count() == 45_350


def test_filings_of_six_years_are_read_and_stand_once_per_case():
    counts = {
        name: from_shared(f"us_dol_lca/lca_{name}.csv.gz", "us-lca")
        for name in (
            "fy2014_sample", "fy2015_sample", "fy2016_sample", "fy2017_sample", "fy2020_q2_sample",
            "fy2025_q2_health",
        )
    }  # fmt: skip

    assert {name: (batch.n_new, batch.n_repeated, batch.n_changed, batch.n_unread)
            for name, batch in counts.items()} == {
        "fy2014_sample": (6830, 81, 0, 1),
        "fy2015_sample": (6805, 51, 3, 0),
        "fy2016_sample": (6816, 58, 3, 0),
        "fy2017_sample": (6858, 34, 3, 0),
        "fy2020_q2_sample": (7012, 0, 0, 0),
        "fy2025_q2_health": (5596, 0, 0, 0),
    }  # fmt: skip


def test_occupations_rates_and_price_levels_are_read():
    occupations = from_shared("us_bls_oews/national_M2024_dl.xlsx", "us-oews")
    wage = OccupationWage.objects.get(batch=occupations, occupation_code="15-1252")
    assert (wage.employment, wage.p50, wage.top_coded) == (1_654_440, 133_080, [])
    assert OccupationWage.objects.get(occupation_code="29-1215").top_coded == ["p75", "p90"]

    assert from_shared("us_fed_fx/monthly.csv", "fed-fx").n_new == 3174
    assert from_shared("us_fed_fx/annual.csv", "fed-fx").n_new == 231
    assert from_shared("us_bea_rpp/SARPP_STATE_2015_2023.csv", "us-rpp").n_new == 2340
    assert from_shared("world_bank_ppp/ppp-gdp.csv", "world-bank-ppp").n_unread == 2
    assert float(PriceLevel.objects.get(measure="ppp", country_code="DE", year=2024).value) == (
        pytest.approx(0.7009, abs=1e-4)
    )
