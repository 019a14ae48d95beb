"""The refresh: every cell against a slow twin, its state, its swap, what it holds back."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from django.db import OperationalError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from market import selectors, services
from market.estimation import CHAIN, Cell, interval_ranks, percentiles
from market.models import Benchmark, BenchmarkSnapshot, ContributionRelease, ImportBatch, Source
from market.services import cells, refresh
from offers.models import Comparison, ShareLink
from tests.factories.figures import NOW, observations, published_batch

pytestmark = pytest.mark.django_db

State = BenchmarkSnapshot.State
FAMILIES = ["ml_engineer", "ai_engineer", "research_scientist", "generic_engineer"]
PLACES = [("US", "US"), ("GB", "UK_IE"), ("DE", "W_EU"), ("FR", "W_EU")]


def refreshed():
    return services.refresh_benchmarks(reason="asked", clock=lambda: NOW)


def crowd(seed=1, size=1500):
    """Rows of every kind, with many equal figures."""
    rng = np.random.default_rng(seed)
    for _ in range(size):
        country, region = PLACES[rng.choice(4, p=[0.7, 0.1, 0.1, 0.1])]
        yield {
            "role_family": FAMILIES[rng.integers(4)],
            "experience": ["MI", "SE"][rng.integers(2)],
            "country_code": country,
            "region": region,
            "work_arrangement": ["on_site", "remote"][rng.integers(2)],
            "observed_date": dt.date(int(rng.integers(2021, 2026)), 1, 1),
            "usd": round(float(rng.lognormal(12, 0.3)), -3) or 1000,
        }


# --- what a cell says --------------------------------------------------------------------------


def counts_today_or(year, row, alike):
    if year:
        return row["observed_date"].year == year
    by_year = Counter(each["observed_date"].year for each in alike)
    newest = max(y for y, n in by_year.items() if n >= max(by_year.values()) / 10)
    return row["observed_date"].year >= newest - 1


def test_every_cell_equals_the_percentiles_of_its_rows(db) -> None:
    rows = list(crowd())
    batch = published_batch()
    observations(batch, rows)
    snapshot = refreshed()

    families = {"ml_engineer": "ai_ml_engineering", "ai_engineer": "ai_ml_engineering",
                "research_scientist": "ai_research"}  # fmt: skip
    cells = Benchmark.objects.filter(snapshot=snapshot, is_modelled=False).select_related(
        "role_family"
    )
    seen = 0
    for cell in cells:
        alike = [
            row
            for row in rows
            if (cell.role_family is None or cell.role_family.key == row["role_family"])
            and (not cell.role_group or families.get(row["role_family"]) == cell.role_group)
            and cell.experience in ("", row["experience"])
            and cell.country_code in ("", row["country_code"])
            and cell.region in ("", row["region"])
            and cell.work_arrangement in ("", row["work_arrangement"])
        ]
        inside = [row["usd"] for row in alike if counts_today_or(cell.year, row, alike)]
        found = percentiles(inside)
        assert cell.n == found.n, cell.cell_key
        stored = [float(getattr(cell, name)) for name in ("p10", "p25", "p50", "p75", "p90")]
        assert stored == pytest.approx(list(found.figures), abs=0.001), cell.cell_key
        ordered = sorted(inside)
        for name, fraction in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            ranks = interval_ranks(found.n, fraction)
            expected = None if ranks is None else [ordered[ranks.low - 1], ordered[ranks.high - 1]]
            assert cell.intervals.get(name) == expected, (cell.cell_key, name)
        seen += 1
    assert seen > 60
    assert {cell.step for cell in cells} == set(range(len(CHAIN)))
    assert snapshot.n_cells == seen + Benchmark.objects.filter(is_modelled=True).count()


def figures_of(key):
    cell = Benchmark.objects.get(snapshot__is_current=True, cell_key=key)
    return cell.n, cell.oldest_date.year, cell.newest_date.year


def of_year(year, n, **facts):
    day = dt.date(year, 1, 1)
    return ({"observed_date": day, "usd": 100_000 + 1000 * k, **facts} for k in range(n))


def test_a_file_about_few_jobs_does_not_push_out_what_was_said_of_all(db) -> None:
    data_scientists = {"role_family": "data_scientist"}
    observations(published_batch(), [*of_year(2019, 30), *of_year(2020, 300, **data_scientists)])
    observations(published_batch(key="us-lca"), of_year(2025, 29, **data_scientists))
    refreshed()

    assert figures_of("posting/base/ml_engineer//SE/US////") == (30, 2019, 2019)
    # 29 are less than a tenth of 300: they are added, and replace nothing.
    assert figures_of("posting/base/data_scientist//SE/US////") == (329, 2020, 2025)

    observations(published_batch(key="devops"), of_year(2025, 1, **data_scientists))
    refreshed()
    assert figures_of("posting/base/data_scientist//SE/US////") == (30, 2025, 2025)


def test_a_figure_from_the_future_counts_once_its_year_has_come(db) -> None:
    observations(published_batch(), [*of_year(NOW.year, 30), *of_year(NOW.year + 5, 30)])
    refreshed()
    key = "posting/base/ml_engineer//SE/US////"
    assert figures_of(key) == (30, NOW.year, NOW.year)

    then = dt.datetime(NOW.year + 5, 1, 1, tzinfo=dt.UTC)
    services.refresh_benchmarks(reason="asked", clock=lambda: then)
    assert figures_of(key) == (30, NOW.year + 5, NOW.year + 5)


def test_cells_are_exact_when_postgresql_loses_the_order(db, monkeypatch) -> None:
    # Beyond the room for hashing it sorts by cell: here the rows come in the wrong order at once.
    observations(published_batch(), crowd())
    expected = refreshed().checksum
    assert "ORDER BY usd" in cells._PAY

    monkeypatch.setattr(cells, "_PAY", cells._PAY.replace("ORDER BY usd", "ORDER BY usd DESC"))
    found = refreshed()

    assert found.state == State.DONE
    assert found.checksum == expected
    assert found.n_cells > 100


def test_cells_equal_percentile_cont(db) -> None:
    observations(published_batch(), crowd(seed=2))
    refreshed()

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.key, o.experience, o.country_code,
                   percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9])
                     WITHIN GROUP (ORDER BY benchmark_usd::float8)
            FROM market_observation o JOIN market_rolefamily f ON f.id = o.role_family_id
            WHERE NOT f.is_generic AND extract(year FROM observed_date) >= 2024
            GROUP BY 1, 2, 3 HAVING count(*) >= 5
            """
        )
        rows = cursor.fetchall()
    assert len(rows) > 10
    for family, experience, country, expected in rows:
        key = Cell(
            basis="posting",
            component="base",
            role_family=family,
            experience=experience,
            country=country,
        ).key
        cell = Benchmark.objects.get(cell_key=key)
        assert [float(v) for v in (cell.p10, cell.p25, cell.p50, cell.p75, cell.p90)] == (
            pytest.approx(expected, abs=0.001)
        )


def test_a_large_cell_takes_its_ranks_from_the_normal_curve(db) -> None:
    amounts = np.round(np.random.default_rng(4).lognormal(12, 0.3, 1201), 2)
    observations(published_batch(), ({"usd": float(usd)} for usd in amounts))
    refreshed()

    cell = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE/US////")
    ranks = interval_ranks(1201, 0.9)
    ordered = np.sort(amounts)
    assert cell.intervals["p90"] == [ordered[ranks.low - 1], ordered[ranks.high - 1]]


def test_bases_and_components_are_never_mixed(db) -> None:
    observations(published_batch(), ({"usd": 100_000} for _ in range(6)))
    observations(
        published_batch(key="devops"),
        (
            {"usd": 300_000, "basis": "reported", "total_usd": 400_000, "bonus_usd": 0}
            for _ in range(6)
        ),
    )
    refreshed()

    medians = dict(
        Benchmark.objects.filter(step=1, year=None, is_modelled=False).values_list(
            "cell_key", "p50"
        )
    )
    assert medians == {
        "posting/base/ml_engineer//SE/US////": 100_000,
        "reported/base/ml_engineer//SE/US////": 300_000,
        "reported/total/ml_engineer//SE/US////": 400_000,
    }


def test_only_accepted_rows_of_published_files_count(db) -> None:
    batch = published_batch()
    rows = observations(batch, ({"usd": 100_000} for _ in range(9)))
    rows[0].state, rows[0].reasons = "flagged", ["outlier"]
    rows[1].state = "rejected"
    rows[2].replaced_by = published_batch(key="infosec")
    for row in rows[:3]:
        row.save()
    observations(
        published_batch(key="infosec", state=ImportBatch.State.ROLLED_BACK),
        ({"usd": 900_000} for _ in range(9)),
    )
    snapshot = refreshed()

    cell = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE/US////")
    assert (cell.n, cell.p50, cell.source_mix) == (6, 100_000, {"aijobs": 6})
    assert snapshot.n_observations == 6


def test_titles_that_name_no_function_are_in_no_cell_of_a_role(db) -> None:
    observations(published_batch(), ({"role_family": "generic_manager"} for _ in range(30)))
    refreshed()

    keys = set(Benchmark.objects.values_list("cell_key", flat=True))
    assert keys == {"posting/base///SE//US///", "posting/base///SE/////"}


def test_the_step_tells_its_typical_error(db) -> None:
    rows = [{"usd": 100_000 + i, "role_family": "ml_engineer"} for i in range(40)]
    rows += [{"usd": 150_000 + i, "role_family": "ai_engineer"} for i in range(60)]
    observations(published_batch(), rows)
    refreshed()

    group = Benchmark.objects.get(cell_key="posting/base//ai_ml_engineering/SE/US////")
    # The group's median is 149,xxx where the ML engineers' is 100,xxx; only they are less than half.
    near = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE/US////")
    assert group.typical_error == pytest.approx(group.p50 / near.p50 - 1, abs=Decimal("0.0001"))
    exact = Benchmark.objects.filter(step=0, is_modelled=False)
    assert set(exact.values_list("typical_error", flat=True)) == {None}


def test_a_thin_cell_has_a_model_beside_it(db) -> None:
    rows = [
        {"usd": 100_000 * (1 + i / 100), "country_code": "DE", "region": "W_EU"} for i in range(50)
    ]
    rows += [{"usd": 200_000, "country_code": "FR", "region": "W_EU"} for i in range(7)]
    observations(published_batch(), rows)
    refreshed()

    measured = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE/FR////")
    model = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE/FR/////modelled")
    parent = Benchmark.objects.get(cell_key="posting/base/ml_engineer//SE//W_EU///")
    assert (measured.is_modelled, model.is_modelled, model.n) == (False, True, 7)
    assert parent.p50 < model.p50 < measured.p50
    assert model.intervals == {}


# --- contributions -----------------------------------------------------------------------------


def contributed(batch, employers, start=0):
    return observations(
        batch,
        (
            {"basis": "reported", "employer_key": name, "usd": 100_000 + n + start}
            for n, name in enumerate(employers)
        ),
    )


@pytest.fixture
def contributions(db):
    Source.objects.get_or_create(
        key="contributions",
        defaults={"name": "Contributions", "kind": "contribution", "format": "generic",
                  "basis": "reported", "licence": "ours", "attribution": "Users of Parley"},
    )  # fmt: skip
    Source.objects.filter(key="contributions").update(kind="contribution")
    return published_batch(key="contributions")


CELL = "reported/base/ml_engineer//SE/US////"


def test_contributions_of_four_employers_are_not_published(contributions) -> None:
    contributed(contributions, "aabbccdd")
    refreshed()

    assert not Benchmark.objects.exists()
    assert not ContributionRelease.objects.exists()


def test_contributions_of_five_employers_show_no_tails(contributions) -> None:
    contributed(contributions, "abcde")
    refreshed()

    cell = Benchmark.objects.get(cell_key=CELL)
    assert (cell.n, cell.n_employers, cell.p10, cell.p90) == (5, 5, None, None)
    assert cell.p50 == 100_002
    assert set(cell.intervals) <= {"p25", "p50", "p75"}


def test_contributions_of_ten_employers_show_tails(contributions) -> None:
    contributed(contributions, "abcdefghij")
    refreshed()

    cell = Benchmark.objects.get(cell_key=CELL)
    assert (cell.n_employers, float(cell.p10), float(cell.p90)) == (10, 100_000.9, 100_008.1)


def test_one_employer_above_a_quarter_hides_the_cell(contributions) -> None:
    contributed(contributions, "aaabcdefgh")
    refreshed()

    assert not Benchmark.objects.exists()


def test_an_attacker_subtracts_one_cell_from_another_in_vain(contributions) -> None:
    """Five on site and one remote: with and without the filter, the same five."""
    contributed(contributions, "abcde")
    observations(
        contributions,
        [{"basis": "reported", "employer_key": "f", "usd": 900_000, "work_arrangement": "remote"}],
    )
    refreshed()

    sizes = set(Benchmark.objects.filter(is_modelled=False).values_list("n", flat=True))
    assert sizes == {5}


def test_an_attacker_compares_two_snapshots_in_vain(contributions) -> None:
    contributed(contributions, "abcde")
    first = refreshed()
    contributed(contributions, "f", start=800_000)
    second = refreshed()

    assert second.checksum == first.checksum

    contributed(contributions, "ghij", start=50)
    refreshed()
    assert Benchmark.objects.get(cell_key=CELL, snapshot__is_current=True).n == 10


def test_who_withdraws_is_gone_and_cannot_be_told_from_the_rest(contributions) -> None:
    rows = contributed(contributions, "abcdef")
    refreshed()
    rows[0].delete()
    refreshed()

    assert not Benchmark.objects.filter(snapshot__is_current=True).exists()

    contributed(contributions, "ghijk", start=50)
    refreshed()
    assert Benchmark.objects.get(cell_key=CELL, snapshot__is_current=True).n == 10


# --- the snapshot ------------------------------------------------------------------------------


def test_a_snapshot_takes_the_place_of_the_last_one(db) -> None:
    observations(published_batch(), ({"usd": 100_000} for _ in range(6)))
    first = refreshed()
    observations(published_batch(key="infosec"), ({"usd": 300_000} for _ in range(6)))
    second = refreshed()

    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.previous) == (False, True, first)
    assert second.checksum != first.checksum
    assert second.n_changed == second.n_cells
    # The old one is as it was, for whoever rests on it.
    assert (
        Benchmark.objects.get(snapshot=first, cell_key=CELL.replace("reported", "posting")).n == 6
    )


def test_the_same_data_has_the_same_checksum(db) -> None:
    batch = published_batch()
    observations(batch, crowd(size=300))
    first = refreshed()
    extra = published_batch(key="infosec")
    observations(extra, crowd(seed=9, size=100))
    second = refreshed()
    ImportBatch.objects.filter(pk=extra.pk).update(state="rolled_back")
    third = refreshed()

    assert second.checksum != first.checksum
    assert (third.checksum, third.n_changed > 0) == (first.checksum, True)


def night(at):
    snapshot = services.request_nightly_refresh(as_of=at)
    services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: at)
    snapshot.refresh_from_db()
    return snapshot


def test_a_night_that_changes_nothing_stores_nothing_and_counts_as_run(db) -> None:
    observations(published_batch(), crowd(size=300))
    first = refreshed()
    n_cells = Benchmark.objects.count()
    later = NOW + dt.timedelta(days=3)
    assert selectors.refresh_health(as_of=later).is_old

    quiet = night(later)

    first.refresh_from_db()
    assert (quiet.state, quiet.is_current, quiet.has_cells) == (State.DONE, False, False)
    assert (quiet.previous, quiet.checksum, quiet.n_changed) == (first, first.checksum, 0)
    assert (first.is_current, Benchmark.objects.count()) == (True, n_cells)
    health = selectors.refresh_health(as_of=later + dt.timedelta(hours=1))
    assert (health.current, health.age, health.is_old) == (first, dt.timedelta(hours=1), False)

    observations(published_batch(key="infosec"), crowd(seed=9, size=100))
    loud = night(later + dt.timedelta(days=1))
    assert (loud.is_current, loud.has_cells, loud.previous) == (True, True, first)


def test_what_somebody_changed_takes_over_a_waiting_night(db) -> None:
    waiting = services.request_nightly_refresh(as_of=NOW)
    batch = published_batch()
    services.request_refresh(reason="published", as_of=NOW, batch=batch)
    services.request_nightly_refresh(as_of=NOW)

    waiting.refresh_from_db()
    assert (waiting.reason, waiting.batch) == ("published", batch)


def test_old_cells_are_dropped_unless_something_rests_on_them(db, candidate, monkeypatch) -> None:
    monkeypatch.setattr(refresh, "KEPT_SNAPSHOTS", 2)
    observations(published_batch(), crowd(size=100))
    pinned = refreshed()
    link = ShareLink.objects.create(
        comparison=Comparison.objects.create(owner=candidate, name="Two offers"),
        label="A mentor", token_hash="x", benchmark_snapshot=pinned, expires_at=timezone.now() + dt.timedelta(days=1),
    )  # fmt: skip
    extra = published_batch(key="infosec")
    observations(extra, crowd(seed=9, size=100))
    both = refreshed()
    ImportBatch.objects.filter(pk=extra.pk).update(state="rolled_back")
    back = refreshed()
    last = refreshed()

    rows = {row.pk: row for row in BenchmarkSnapshot.objects.all()}
    assert [rows[s.pk].has_cells for s in (pinned, both, back, last)] == [True, False, True, True]
    assert set(Benchmark.objects.values_list("snapshot_id", flat=True)) == {
        pinned.pk, back.pk, last.pk,
    }  # fmt: skip
    assert link.benchmark_snapshot.checksum == back.checksum == last.checksum
    assert rows[both.pk].checksum == both.checksum != back.checksum


def test_an_empty_market_is_an_empty_snapshot(db) -> None:
    snapshot = refreshed()

    assert (snapshot.state, snapshot.is_current, snapshot.n_cells) == (State.DONE, True, 0)


def test_two_requests_wait_as_one(db, django_capture_on_commit_callbacks) -> None:
    first = services.request_refresh(reason="published", as_of=NOW)
    second = services.request_refresh(reason="asked", as_of=NOW)

    assert first == second
    with django_capture_on_commit_callbacks(execute=False) as sent:
        services.request_refresh(reason="asked", as_of=NOW)
    assert len(sent) == 1


def test_running_twice_changes_nothing_the_second_time(db) -> None:
    snapshot = services.request_refresh(reason="asked", as_of=NOW)

    assert services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: NOW) is True
    assert services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: NOW) is False
    assert BenchmarkSnapshot.objects.get().attempts == 1


def test_a_worker_given_up_for_lost_finds_its_claim_gone(db, monkeypatch) -> None:
    snapshot = services.request_refresh(reason="asked", as_of=NOW)
    compute = refresh.write_cells

    def slow(row, *, until):
        found = compute(row, until=until)
        BenchmarkSnapshot.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
        return found

    monkeypatch.setattr(refresh, "write_cells", slow)

    assert services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: NOW) is False
    assert BenchmarkSnapshot.objects.get().state == State.RUNNING


def test_an_older_snapshot_that_ends_late_does_not_take_over(db) -> None:
    observations(published_batch(), ({"usd": 100_000} for _ in range(6)))
    old = services.request_refresh(reason="asked", as_of=NOW)
    BenchmarkSnapshot.objects.filter(pk=old.pk).update(state=State.RUNNING)
    new = refreshed()
    BenchmarkSnapshot.objects.filter(pk=old.pk).update(state=State.QUEUED)

    services.run_refresh(snapshot_id=old.pk, clock=lambda: NOW)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.is_current, new.is_current) == (State.DONE, False, True)


def test_a_failure_is_written_down_and_the_last_snapshot_stays(db, monkeypatch) -> None:
    good = refreshed()
    monkeypatch.setattr(refresh, "write_cells", lambda _: 1 / 0)

    bad = refreshed()

    good.refresh_from_db()
    assert (bad.state, bad.last_error) == (State.FAILED, "The benchmarks could not be computed.")
    assert good.is_current


def test_a_lost_database_gives_the_row_back(db, monkeypatch) -> None:
    snapshot = services.request_refresh(reason="asked", as_of=NOW)

    def away(_, *, until):
        raise OperationalError

    monkeypatch.setattr(refresh, "write_cells", away)
    with pytest.raises(OperationalError):
        services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: NOW)
    assert BenchmarkSnapshot.objects.get().state == State.QUEUED


def test_a_silent_refresh_is_woken_and_given_up_after_three(db) -> None:
    snapshot = services.request_refresh(reason="asked", as_of=NOW)
    late = NOW + dt.timedelta(minutes=11)
    running = {"state": State.RUNNING, "heartbeat_at": NOW}
    BenchmarkSnapshot.objects.update(**running, attempts=1)

    assert services.requeue_lost_refreshes(as_of=late) == 1
    snapshot.refresh_from_db()
    assert snapshot.state == State.QUEUED

    BenchmarkSnapshot.objects.update(**running, attempts=3)
    assert services.requeue_lost_refreshes(as_of=late) == 0
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.last_error) == (State.FAILED, "The refresh was interrupted.")


def test_a_silent_refresh_makes_way_for_one_that_waits(db) -> None:
    lost = services.request_refresh(reason="asked", as_of=NOW)
    BenchmarkSnapshot.objects.update(state=State.RUNNING, heartbeat_at=NOW, attempts=1)
    waiting = services.request_nightly_refresh(as_of=NOW)

    assert services.requeue_lost_refreshes(as_of=NOW + dt.timedelta(minutes=11)) == 1
    lost.refresh_from_db()
    waiting.refresh_from_db()
    assert (lost.state, waiting.state) == (State.FAILED, State.QUEUED)


def test_the_pass_asks_as_many_queries_whatever_the_rows(db) -> None:
    batch = published_batch()
    counts = []
    for size in (300, 1500):
        observations(batch, crowd(seed=size, size=size))
        snapshot = services.request_refresh(reason="asked", as_of=NOW)
        with CaptureQueriesContext(connection) as queries:
            services.run_refresh(snapshot_id=snapshot.pk, clock=lambda: NOW)
        counts.append(len(queries))
        BenchmarkSnapshot.objects.update(is_current=False)

    assert counts[0] == counts[1]
