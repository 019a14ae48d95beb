"""Files made public and taken back: each is a change of one row, then a new snapshot."""

import datetime as dt

import pghistory
from django.db import transaction

from accounts.models import User
from market.models import BenchmarkSnapshot, ImportBatch, Observation, Source
from market.services.imports import OPEN, BatchNotOpen, last_published
from market.services.reference_files import (
    publish_reference_figures,
    unpublish_reference_figures,
)
from market.services.refresh import request_refresh
from market.services.staging import stand_for_older_filings

State = ImportBatch.State


def publish_import(
    *, batch: ImportBatch, as_of: dt.datetime, user: User | None = None, why: str = ""
) -> ImportBatch:
    """Make the rows of a file count, and ask for new benchmarks.

    A newer filing of a case stands for the older one. Raises `BatchNotOpen` where the batch is not
    waiting to be published, for instance because somebody just published it.
    """
    with pghistory.context(user=user and user.pk, why=why, action="publish"), transaction.atomic():
        locked = _locked(batch)
        if locked.state not in {State.PREVIEWED, State.ROLLED_BACK}:
            raise BatchNotOpen("This file is not waiting to be published.")
        _refuse_while_another_is_open(locked)
        locked.state, locked.published_at, locked.published_by = State.PUBLISHED, as_of, user
        locked.rolled_back_at = None
        locked.save(update_fields=["state", "published_at", "published_by", "rolled_back_at"])
        stand_for_older_filings(locked)
        publish_reference_figures(locked)
        _ask_for_benchmarks(locked, BenchmarkSnapshot.Reason.PUBLISHED, as_of, user)
    return locked


def roll_back_import(
    *, batch: ImportBatch, as_of: dt.datetime, user: User | None = None, why: str = ""
) -> ImportBatch:
    """Undo the publication of a source's newest file, and ask for new benchmarks.

    Everything is as it was before it was published: what it replaced stands again. An older file
    cannot be taken from under a newer one, whose rows are new only because of it.
    """
    context = pghistory.context(user=user and user.pk, why=why, action="roll back")
    with context, transaction.atomic():
        locked = _locked(batch)
        if locked.state != State.PUBLISHED:
            raise BatchNotOpen("This file is not published.")
        newest = last_published(locked.source)
        if newest is not None and newest.pk != locked.pk:
            raise BatchNotOpen(f"Roll back {newest.file_name} first: it was published later.")
        _refuse_while_another_is_open(locked)
        locked.state, locked.rolled_back_at = State.ROLLED_BACK, as_of
        locked.save(update_fields=["state", "rolled_back_at"])
        locked.replaced_observations.update(replaced_by=None)
        unpublish_reference_figures(locked)
        _ask_for_benchmarks(locked, BenchmarkSnapshot.Reason.ROLLED_BACK, as_of, user)
    return locked


def _locked(batch: ImportBatch) -> ImportBatch:
    Source.objects.select_for_update().get(pk=batch.source_id)
    return (
        ImportBatch.objects.select_for_update(of=("self",))
        .select_related("source")
        .get(pk=batch.pk)
    )


def _refuse_while_another_is_open(batch: ImportBatch) -> None:
    """Leave what is published as it is while a file is read or waits: its new rows are new by that.

    Whoever asks for a file to be read holds the lock of the source as well, as we do here.
    """
    others = batch.source.batches.exclude(pk=batch.pk).filter(state__in=OPEN)
    if (waiting := others.first()) is not None:
        raise BatchNotOpen(
            f"Publish or discard {waiting.file_name} first: which of its rows are new was decided "
            "by what is published now."
        )


def _ask_for_benchmarks(
    batch: ImportBatch, reason: str, as_of: dt.datetime, user: User | None
) -> None:
    """Owe a new snapshot, in the same transaction as what made the old one untrue."""
    if Observation.objects.filter(batch=batch).exists():
        request_refresh(reason=reason, as_of=as_of, batch=batch, requested_by=user)
