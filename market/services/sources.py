"""Sources: taken in, changed, and what the columns of their files mean."""

import datetime as dt
from typing import Any

import pghistory
from django.db import transaction

from accounts.models import User
from market import tasks
from market.models import ImportBatch, Source
from market.services.imports import BatchNotOpen

State = ImportBatch.State


def add_source(*, source: Source, user: User) -> Source:
    """Take in a source whose files are CSV mapped by hand."""
    source.format = Source.Format.GENERIC
    return change_source(source=source, user=user)


def change_source(*, source: Source, user: User) -> Source:
    """Keep a source as it was changed."""
    with pghistory.context(user=user.pk, action="source"), transaction.atomic():
        source.full_clean()
        source.save()
    return source


def map_columns(
    *, batch: ImportBatch, column_map: dict[str, Any], user: User, as_of: dt.datetime
) -> None:
    """Keep what the columns mean, for this file and those to come, and read the file by it."""
    with pghistory.context(user=user.pk, action="columns"), transaction.atomic():
        waiting = batch.source.batches.exclude(pk=batch.pk).filter(
            state__in=[State.QUEUED, State.RUNNING, State.PREVIEWED]
        )
        if waiting.exists():
            raise BatchNotOpen(
                "Another file of this source is waiting. Publish or discard it first."
            )
        changed = ImportBatch.objects.filter(
            pk=batch.pk, state__in=[State.FAILED, State.CANCELLED, State.DISCARDED]
        ).update(
            state=State.QUEUED,
            column_map=column_map,
            attempts=0,
            progress=0,
            last_error="",
            problems=[],
            queued_at=as_of,
        )
        if not changed:
            raise BatchNotOpen("Discard what was read from the file before its columns change.")
        Source.objects.filter(pk=batch.source_id).update(column_map=column_map)
        tasks.run_import.delay_on_commit(batch_id=batch.pk)
