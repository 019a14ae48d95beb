"""Benchmarks anew: asked for, computed by a worker, compared with the last, and swapped in.

The pending work is a row. What is computed stands in `market.services.cells`.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q

from accounts.models import User
from market import tasks
from market.models import Benchmark, BenchmarkSnapshot, ImportBatch
from market.services.cells import write_cells

logger = logging.getLogger(__name__)

State = BenchmarkSnapshot.State

# Part of every snapshot: a change of the arithmetic makes another number of it.
ENGINE_VERSION: Final = "1.1"
MOST_ATTEMPTS: Final = 3
SILENCE: Final = dt.timedelta(minutes=10)
# So many of the newest snapshots keep their cells, whether anything rests on them or not.
KEPT_SNAPSHOTS: Final = 30
UNHEARD: Final = dt.timedelta(seconds=30)


# --- asking for it -----------------------------------------------------------------------------


@transaction.atomic
def request_refresh(
    *,
    reason: str,
    as_of: dt.datetime,
    batch: ImportBatch | None = None,
    requested_by: User | None = None,
) -> BenchmarkSnapshot:
    """Make sure that a refresh is waiting which will see everything committed by now.

    One that waits already will; then there is nothing to add, but that a nightly one takes over the
    reason: what somebody changed is announced even where no cell shows it.
    """
    waiting = BenchmarkSnapshot.objects.select_for_update().filter(state=State.QUEUED).first()
    if waiting is None:
        waiting, _ = BenchmarkSnapshot.objects.get_or_create(
            state=State.QUEUED,
            defaults={
                "reason": reason,
                "batch": batch,
                "requested_by": requested_by,
                "queued_at": as_of,
            },
        )
    elif waiting.reason == BenchmarkSnapshot.Reason.NIGHTLY:
        waiting.reason, waiting.batch, waiting.requested_by = reason, batch, requested_by
        waiting.save(update_fields=["reason", "batch", "requested_by"])
    tasks.run_refresh.delay_on_commit(snapshot_id=waiting.pk)
    return waiting


def refresh_benchmarks(
    *,
    reason: str,
    clock: Callable[[], dt.datetime],
    batch: ImportBatch | None = None,
    requested_by: User | None = None,
) -> BenchmarkSnapshot:
    """Refresh here and now, as commands do, and return the finished snapshot."""
    snapshot = request_refresh(reason=reason, as_of=clock(), batch=batch, requested_by=requested_by)
    run_refresh(snapshot_id=snapshot.pk, clock=clock)
    snapshot.refresh_from_db()
    return snapshot


def request_nightly_refresh(*, as_of: dt.datetime) -> BenchmarkSnapshot:
    """Ask for the snapshot of the night."""
    return request_refresh(reason=BenchmarkSnapshot.Reason.NIGHTLY, as_of=as_of)


# --- doing it ----------------------------------------------------------------------------------


def run_refresh(*, snapshot_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Compute a queued snapshot and return whether this call finished it.

    The row is claimed by compare-and-set, and every later step repeats the claim. A killed worker
    leaves a transaction that never happened and a row that falls silent.
    """
    now = clock()
    if not BenchmarkSnapshot.objects.filter(pk=snapshot_id, state=State.QUEUED).update(
        state=State.RUNNING,
        engine_version=ENGINE_VERSION,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    snapshot = BenchmarkSnapshot.objects.get(pk=snapshot_id)
    claim = BenchmarkSnapshot.objects.filter(
        pk=snapshot_id, state=State.RUNNING, attempts=snapshot.attempts
    )
    try:
        with transaction.atomic():
            found = write_cells(snapshot, until=now.year)
        if not claim.update(progress=70, heartbeat_at=clock(), **found):
            return False
        is_finished = _finish(snapshot, claim, clock())
    except OperationalError:
        # The database went away. The row goes back if it can; else the beat job finds it silent.
        _give_back(claim)
        raise
    except Exception:
        logger.exception("snapshot %s failed", snapshot_id)
        claim.update(
            state=State.FAILED,
            last_error="The benchmarks could not be computed.",
            finished_at=clock(),
        )
        return False
    if is_finished:
        _drop_old_cells()
    return is_finished


def requeue_lost_refreshes(*, as_of: dt.datetime) -> int:
    """Wake workers for refreshes that are owed and silent; return how many."""
    silent = BenchmarkSnapshot.objects.filter(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
    hopeless = Q(attempts__gte=MOST_ATTEMPTS)
    if BenchmarkSnapshot.objects.filter(state=State.QUEUED).exists():
        hopeless = Q()  # the one that waits does the same work
    silent.filter(hopeless).update(
        state=State.FAILED, finished_at=as_of, last_error="The refresh was interrupted."
    )
    for pk in silent.order_by("-pk").values_list("pk", flat=True)[:1]:
        silent.filter(pk=pk).update(state=State.QUEUED, queued_at=as_of)
    owed = list(
        BenchmarkSnapshot.objects.filter(state=State.QUEUED)
        .filter(Q(queued_at=as_of) | Q(queued_at__lt=as_of - UNHEARD))
        .values_list("pk", flat=True)
    )
    for pk in owed:
        tasks.run_refresh.delay(snapshot_id=pk)
    return len(owed)


@transaction.atomic
def _finish(snapshot: BenchmarkSnapshot, claim: Any, now: dt.datetime) -> bool:
    """Compare with the snapshot in force and take its place, in one step that readers see whole.

    A night that changed nothing leaves the one in force where it is, and a row without cells as
    the record that it ran.
    """
    snapshot.refresh_from_db()
    current = BenchmarkSnapshot.objects.select_for_update().filter(is_current=True).first()
    is_same = (
        current is not None
        and snapshot.reason == BenchmarkSnapshot.Reason.NIGHTLY
        and (snapshot.checksum, snapshot.engine_version)
        == (current.checksum, current.engine_version)
    )
    is_newer = not is_same and (current is None or current.pk < snapshot.pk)
    values: dict[str, Any] = {
        "state": State.DONE,
        "progress": 100,
        "finished_at": now,
        "heartbeat_at": now,
        "previous": current,
        "has_cells": not is_same,
        "n_changed": 0 if is_same else _count_changed(snapshot, current),
    }
    if is_newer and current is not None:
        BenchmarkSnapshot.objects.filter(pk=current.pk).update(is_current=False)
    if not claim.update(**values, is_current=is_newer):
        transaction.set_rollback(True)
        return False
    if is_same:
        Benchmark.objects.filter(snapshot=snapshot).delete()
    if is_newer:
        tasks.announce_snapshot.delay_on_commit()
    return True


@transaction.atomic
def _drop_old_cells() -> None:
    """Drop the cells of old snapshots that nothing rests on; their rows and checksums stay.

    The shipped one stays whole: every computation takes from it what no file replaced.
    """
    with_cells = BenchmarkSnapshot.objects.filter(state=State.DONE, has_cells=True)
    newest = with_cells.order_by("-pk").values("pk")[:KEPT_SNAPSHOTS]
    old = list(
        with_cells.filter(is_current=False)
        .exclude(reason=BenchmarkSnapshot.Reason.SHIPPED)
        .exclude(pk__in=newest)
        .unreferenced()
        .select_for_update()
        .values_list("pk", flat=True)
    )
    Benchmark.objects.filter(snapshot__in=old).delete()
    BenchmarkSnapshot.objects.filter(pk__in=old).update(has_cells=False)


def _count_changed(snapshot: BenchmarkSnapshot, current: BenchmarkSnapshot | None) -> int:
    if current is None:
        return Benchmark.objects.filter(snapshot=snapshot).count()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM
              (SELECT * FROM market_benchmark WHERE snapshot_id = %s) a
              FULL JOIN (SELECT * FROM market_benchmark WHERE snapshot_id = %s) b USING (cell_key)
            WHERE (a.n, a.p10, a.p25, a.p50, a.p75, a.p90)
              IS DISTINCT FROM (b.n, b.p10, b.p25, b.p50, b.p75, b.p90)
            """,
            [snapshot.pk, current.pk],
        )
        return int(cursor.fetchone()[0])


def _give_back(claim: Any) -> None:
    try:
        claim.update(state=State.QUEUED)
    except DatabaseError:
        logger.exception("a claimed snapshot could not be given back")
