"""Owed and finished valuations. Rows say what is pending; a message only wakes a worker."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from offers import tasks
from offers.models import OfferRevision, Valuation
from offers.selectors.terms import terms_of
from offers.selectors.valuation import fingerprint_of, seed_of, simulate, valuation_inputs

logger = logging.getLogger(__name__)

State = Valuation.State

# Part of every fingerprint: a new engine makes new results, and old ones show as out of date.
ENGINE_VERSION: Final = "1.0"
MOST_ATTEMPTS: Final = 5
# A worker reports after each chunk, which takes well under a second; silence this long means that
# it was killed. A queued row this old lost its message, or the broker was away.
SILENCE: Final = dt.timedelta(seconds=45)
UNHEARD: Final = dt.timedelta(seconds=15)


@transaction.atomic
def request_valuation(*, revision: OfferRevision, as_of: dt.datetime) -> Valuation:
    """Make sure the revision's present inputs have a valuation, done or owed.

    Unfinished valuations of earlier inputs become stale. Inputs that were valued before give their
    old row back: the same inputs have the same answer.
    """
    loaded = OfferRevision.objects.with_terms().get(pk=revision.pk)
    inputs = valuation_inputs(terms_of(loaded))
    fingerprint = fingerprint_of(inputs, engine_version=ENGINE_VERSION)
    valuation, is_new = Valuation.objects.get_or_create(
        revision=revision,
        fingerprint=fingerprint,
        defaults={
            "engine_version": ENGINE_VERSION,
            "seed": seed_of(fingerprint),
            "n_paths": settings.VALUATION_PATHS,
            "inputs": inputs,
            "queued_at": as_of,
        },
    )
    others = revision.valuations.exclude(pk=valuation.pk)
    others.filter(state__in=[State.QUEUED, State.RUNNING]).update(state=State.STALE)
    if not is_new:
        valuation.queued_at = as_of
        if valuation.state != State.DONE:
            valuation.state, valuation.attempts, valuation.last_error = State.QUEUED, 0, ""
        valuation.save(update_fields=["queued_at", "state", "attempts", "last_error"])
    if valuation.state == State.QUEUED:
        tasks.run_valuation.delay_on_commit(valuation_id=valuation.pk)
    return valuation


@transaction.atomic
def retry_valuation(*, valuation: Valuation, as_of: dt.datetime) -> bool:
    """Queue a failed valuation again; return whether it was failed."""
    changed = Valuation.objects.filter(pk=valuation.pk, state=State.FAILED).update(
        state=State.QUEUED, attempts=0, last_error="", progress=0, queued_at=as_of
    )
    if changed:
        tasks.run_valuation.delay_on_commit(valuation_id=valuation.pk)
    return bool(changed)


def run_valuation(*, valuation_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Compute a queued valuation and return whether this call finished it.

    The row is claimed by compare-and-set, and each report repeats the claim: a worker that was
    given up for lost and comes back finds its claim gone and leaves quietly.
    """
    now = clock()
    if not Valuation.objects.filter(pk=valuation_id, state=State.QUEUED).update(
        state=State.RUNNING,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    valuation = Valuation.objects.get(pk=valuation_id)
    claim = Valuation.objects.filter(
        pk=valuation_id, state=State.RUNNING, attempts=valuation.attempts
    )
    try:
        for progress, results in simulate(
            valuation.inputs, seed=valuation.seed, n_paths=valuation.n_paths
        ):
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
        logger.exception("valuation %s failed", valuation_id)
        claim.update(
            state=State.FAILED,
            last_error="The engine could not work with these figures.",
            finished_at=clock(),
        )
    return False


def requeue_lost_valuations(*, as_of: dt.datetime) -> int:
    """Wake workers for what is owed and silent; return how many rows were woken or given up."""
    silent = Valuation.objects.filter(
        Q(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
        | Q(state=State.QUEUED, queued_at__lt=as_of - UNHEARD)
    )
    hopeless = silent.filter(attempts__gte=MOST_ATTEMPTS)
    given_up = hopeless.update(
        state=State.FAILED,
        finished_at=as_of,
        last_error=f"The calculation was interrupted {MOST_ATTEMPTS} times.",
    )
    owed = list(
        silent.order_by(Coalesce("heartbeat_at", "queued_at"), "pk").values_list("pk", flat=True)
    )
    silent.filter(pk__in=owed).update(state=State.QUEUED, queued_at=as_of)
    for pk in owed:
        tasks.run_valuation.delay(valuation_id=pk)
    return given_up + len(owed)


def _give_back(claim: "object") -> None:
    try:
        claim.update(state=State.QUEUED)  # type: ignore[attr-defined]
    except DatabaseError:
        logger.exception("a claimed valuation could not be given back")
