"""What the preview of a file says is what its publication does."""

import datetime as dt

import pytest

from market import services
from market.models import Benchmark, BenchmarkSnapshot, ImportBatch, Observation
from market.services.previews import changes_if_published
from tests.factories.figures import NOW, observations, published_batch

pytestmark = pytest.mark.django_db

KEYS = ("level", "country_code", "n_before", "n_after", "p50_before", "p50_after")
AI_ENGINEERS = {"role_family": "ai_engineer"}


def refreshed():
    return services.refresh_benchmarks(reason="asked", clock=lambda: NOW)


def waiting(rows, key="devops"):
    batch = published_batch(key=key)
    observations(batch, rows)
    ImportBatch.objects.filter(pk=batch.pk).update(state="previewed", published_at=None)
    batch.refresh_from_db()
    return batch


def alike(n, usd, year=2025, **facts):
    return [{"usd": usd, "observed_date": dt.date(year, 1, 1), **facts}] * n


def told(cells):
    return [(cell["role"].split(" (")[0], *(cell[key] for key in KEYS)) for cell in cells]


def test_the_preview_is_the_next_snapshot():
    observations(published_batch(), [*alike(25, 100), *alike(19, 90, **AI_ENGINEERS)])
    refreshed()
    batch = waiting([*alike(30, 200), *alike(2, 90, **AI_ENGINEERS)])

    changes = changes_if_published(batch, as_of=NOW)

    moved = [each for each in changes["moved"] if each["level"] == "Senior"]
    assert told(moved) == [("Machine learning engineer", "Senior", "US", 25, 55, 100, 200)]
    added = [each for each in changes["added"] if each["level"] == "Senior"]
    assert told(added) == [("AI engineer", "Senior", "US", 19, 21, 90, 90)]
    # Of each role there is a cell of any level as well.
    assert (changes["n_moved"], changes["n_large"], changes["n_added"]) == (2, 2, 2)
    assert (changes["n_gone"], changes["gone"]) == (0, [])

    services.publish_import(batch=batch, as_of=NOW)
    refreshed()
    for cell in (*moved, *added):
        after = Benchmark.objects.get(
            snapshot__is_current=True,
            role_family__label=cell["role"],
            is_modelled=False,
            step=1,
            year=None,
        )
        assert (after.n, float(after.p50)) == (cell["n_after"], cell["p50_after"])


def test_the_preview_tells_what_falls_away():
    old = [*alike(30, 100, year=2020), *alike(40, 90, **AI_ENGINEERS)]
    observations(published_batch(), old)
    refreshed()

    changes = changes_if_published(waiting(alike(19, 300)), as_of=NOW)

    gone = [each for each in changes["gone"] if each["level"] == "Senior"]
    assert told(gone) == [("Machine learning engineer", "Senior", "US", 30, 19, 100, 300)]
    assert (changes["n_gone"], changes["n_moved"], changes["n_added"]) == (2, 0, 0)


def test_a_newer_filing_is_counted_once():
    observations(published_batch(key="us-lca"), alike(20, 100, basis="filing"))
    Observation.objects.update(case_number="I-1")
    refreshed()
    batch = waiting(alike(20, 200, basis="filing"), key="us-lca")
    Observation.objects.filter(batch=batch).update(case_number="I-1")

    [cell, _] = changes_if_published(batch, as_of=NOW)["moved"]

    assert (cell["n_before"], cell["n_after"], cell["p50_after"]) == (20, 20, 200)
    assert not Observation.objects.filter(replaced_by__isnull=False).exists()


def test_looking_ahead_leaves_no_trace():
    observations(published_batch(), alike(25, 100))
    current = refreshed()
    batch = waiting(alike(25, 200))

    changes_if_published(batch, as_of=NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.published_at) == ("previewed", None)
    assert BenchmarkSnapshot.objects.get() == current
    assert set(Benchmark.objects.values_list("snapshot", flat=True)) == {current.pk}
