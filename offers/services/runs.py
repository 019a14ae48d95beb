"""Runs of the engine that are owed: claimed once, repeated without harm, never lost.

Rows say what is pending; a message only wakes a worker.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from typing import Any, Final

from celery import Task
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from offers.models import EngineRun

logger = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
Steps = Iterator[tuple[int, dict[str, Any] | None]]

State = EngineRun.State

MOST_ATTEMPTS: Final = 5
# A worker reports after each chunk, which takes well under a second; silence this long means that
# it was killed. A queued row this old lost its message, or the broker was away.
SILENCE: Final = dt.timedelta(seconds=45)
UNHEARD: Final = dt.timedelta(seconds=15)
# Behind a batch a message may wait its turn for long.
UNHEARD_IN_BATCH: Final = dt.timedelta(minutes=10)


def finish(
    rows: "QuerySet[Any]", pk: int, *, compute: Callable[[Any], Steps], clock: Clock, what: str
) -> bool:
    """Compute a queued run and return whether this call finished it.

    The row is claimed by compare-and-set, and each report repeats the claim: a worker that was
    given up for lost and comes back finds its claim gone and leaves quietly.
    """
    now = clock()
    if not rows.filter(pk=pk, state=State.QUEUED).update(
        state=State.RUNNING,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    run = rows.get(pk=pk)
    claim = rows.filter(pk=pk, state=State.RUNNING, attempts=run.attempts)
    try:
        for progress, results in compute(run):
            if results is not None:
                return bool(
                    claim.update(
                        state=State.DONE, progress=100, results=results, finished_at=clock()
                    )
                )
            if not claim.update(progress=progress, heartbeat_at=clock()):
                return False
    except OperationalError:
        # The database went away. The row goes back if it can; else the beat job finds it silent.
        _give_back(claim)
        raise
    except Exception:
        logger.exception("%s %s failed", what, pk)
        claim.update(
            state=State.FAILED,
            last_error="The engine could not work with these figures.",
            finished_at=clock(),
        )
    return False


@transaction.atomic
def retry(
    rows: "QuerySet[Any]", pk: int, *, as_of: dt.datetime, wake: Callable[[int], None]
) -> bool:
    """Queue a failed run again; return whether it was failed."""
    changed = rows.filter(pk=pk, state=State.FAILED).update(
        state=State.QUEUED,
        attempts=0,
        last_error="",
        progress=0,
        queued_at=as_of,
        is_in_batch=False,
    )
    if changed:
        wake(pk)
    return bool(changed)


def requeue_lost(
    rows: "QuerySet[Any]", *, as_of: dt.datetime, task: "Task[Any, Any]", batch: "Task[Any, Any]"
) -> int:
    """Wake workers for what is owed and silent; return how many rows were woken or given up."""
    silent = rows.filter(
        Q(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
        | Q(state=State.QUEUED, is_in_batch=False, queued_at__lt=as_of - UNHEARD)
        | Q(state=State.QUEUED, is_in_batch=True, queued_at__lt=as_of - UNHEARD_IN_BATCH)
    )
    hopeless = silent.filter(attempts__gte=MOST_ATTEMPTS)
    given_up = hopeless.update(
        state=State.FAILED,
        finished_at=as_of,
        last_error=f"The calculation was interrupted {MOST_ATTEMPTS} times.",
    )
    owed = list(
        silent.order_by(Coalesce("heartbeat_at", "queued_at"), "pk").values_list(
            "pk", "is_in_batch"
        )
    )
    silent.filter(pk__in=[pk for pk, _ in owed]).update(state=State.QUEUED, queued_at=as_of)
    for pk, is_in_batch in owed:
        (batch if is_in_batch else task).delay(valuation_id=pk)
    return given_up + len(owed)


def _give_back(claim: "QuerySet[Any]") -> None:
    try:
        claim.update(state=State.QUEUED)
    except DatabaseError:
        logger.exception("a claimed run could not be given back")
