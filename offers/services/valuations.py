"""Owed and finished valuations of one offer, and of all offers of a comparison together."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from market.selectors import market_version
from offers import tasks
from offers.models import Comparison, ComparisonValuation, EngineRun, OfferRevision, Valuation
from offers.selectors.joint import joint_inputs, simulate_jointly
from offers.selectors.terms import terms_of
from offers.selectors.valuation import fingerprint_of, seed_of, simulate, valuation_inputs
from offers.services import runs
from offers.services.runs import MOST_ATTEMPTS, SILENCE, UNHEARD

__all__ = ["ENGINE_VERSION", "MOST_ATTEMPTS", "SILENCE", "UNHEARD"]

State = EngineRun.State

# Part of every fingerprint: a new engine makes new results, and old ones show as out of date.
ENGINE_VERSION: Final = "1.1"


@transaction.atomic
def request_valuation(
    *, revision: OfferRevision, as_of: dt.datetime, is_in_batch: bool = False
) -> Valuation:
    """Make sure the revision's present inputs have a valuation, done or owed.

    Unfinished valuations of earlier inputs become stale. Inputs that were valued before give their
    old row back: the same inputs have the same answer. So do comparisons that the offer stands in.
    """
    loaded = OfferRevision.objects.with_terms().get(pk=revision.pk)
    valuation: Valuation = _requested(
        revision.valuations,
        valuation_inputs(terms_of(loaded)),
        as_of=as_of,
        is_in_batch=is_in_batch,
        task=tasks.run_valuation,
        batch=tasks.run_batch_valuation,
    )
    if not is_in_batch:
        for comparison in Comparison.objects.filter(places__offer=revision.offer_id).order_by("pk"):
            request_joint_valuation(comparison=comparison, as_of=as_of)
    return valuation


@transaction.atomic
def request_joint_valuation(
    *, comparison: Comparison, as_of: dt.datetime, is_in_batch: bool = False
) -> ComparisonValuation:
    """Make sure that all offers of a comparison are valued together, or that it is owed."""
    valuation: ComparisonValuation = _requested(
        comparison.valuations,
        joint_inputs(comparison),
        as_of=as_of,
        is_in_batch=is_in_batch,
        task=tasks.run_joint_valuation,
        batch=tasks.run_batch_joint_valuation,
    )
    return valuation


def retry_valuation(*, valuation: Valuation, as_of: dt.datetime) -> bool:
    """Queue a failed valuation again; return whether it was failed."""

    def wake(pk: int) -> None:
        tasks.run_valuation.delay_on_commit(valuation_id=pk)

    return runs.retry(Valuation.objects.all(), valuation.pk, as_of=as_of, wake=wake)


def retry_joint_valuation(*, valuation: ComparisonValuation, as_of: dt.datetime) -> bool:
    """Queue a failed valuation of a comparison again; return whether it was failed."""

    def wake(pk: int) -> None:
        tasks.run_joint_valuation.delay_on_commit(valuation_id=pk)

    return runs.retry(ComparisonValuation.objects.all(), valuation.pk, as_of=as_of, wake=wake)


def run_valuation(*, valuation_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Compute a queued valuation and return whether this call finished it."""
    return runs.finish(
        Valuation.objects.all(),
        valuation_id,
        compute=lambda run: simulate(run.inputs, seed=run.seed, n_paths=run.n_paths),
        clock=clock,
        what="valuation",
    )


def run_joint_valuation(*, valuation_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Compute a queued valuation of a comparison; return whether this call finished it."""
    return runs.finish(
        ComparisonValuation.objects.all(),
        valuation_id,
        compute=lambda run: simulate_jointly(run.inputs, seed=run.seed, n_paths=run.n_paths),
        clock=clock,
        what="comparison valuation",
    )


def requeue_lost_valuations(*, as_of: dt.datetime) -> int:
    """Wake workers for what is owed and silent; return how many rows were woken or given up."""
    return runs.requeue_lost(
        Valuation.objects.all(),
        as_of=as_of,
        task=tasks.run_valuation,
        batch=tasks.run_batch_valuation,
    ) + runs.requeue_lost(
        ComparisonValuation.objects.all(),
        as_of=as_of,
        task=tasks.run_joint_valuation,
        batch=tasks.run_batch_joint_valuation,
    )


def _requested(
    rows: Any,
    inputs: dict[str, Any],
    *,
    as_of: dt.datetime,
    is_in_batch: bool,
    task: Any,
    batch: Any,
) -> Any:
    """Return the run of these inputs, queued unless it is done."""
    fingerprint = fingerprint_of(inputs, engine_version=ENGINE_VERSION)
    version = market_version()
    run, is_new = rows.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "engine_version": ENGINE_VERSION,
            "market_version": version,
            "seed": seed_of(fingerprint),
            "n_paths": settings.VALUATION_PATHS,
            "inputs": inputs,
            "is_in_batch": is_in_batch,
            "queued_at": as_of,
        },
    )
    others = rows.exclude(pk=run.pk)
    others.filter(state__in=[State.QUEUED, State.RUNNING]).update(state=State.STALE)
    others.filter(is_to_be_checked=True).update(is_to_be_checked=False)
    if not is_new:
        run.queued_at, run.market_version = as_of, version
        run.is_to_be_checked = False
        if run.state != State.DONE:
            # What a person asks for leaves the batch; a batch never holds a person back.
            run.is_in_batch = is_in_batch and run.is_in_batch
            run.state, run.attempts, run.last_error = State.QUEUED, 0, ""
        run.save(
            update_fields=[
                "queued_at",
                "market_version",
                "is_to_be_checked",
                "is_in_batch",
                "state",
                "attempts",
                "last_error",
            ]
        )
    if run.state == State.QUEUED:
        (batch if run.is_in_batch else task).delay_on_commit(valuation_id=run.pk)
    return run
