"""Files on their way into the market: asked for, read by a worker, stopped, thrown away."""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import IO, Any, Final

import pghistory
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from market import tasks
from market.models import (
    ImportBatch,
    ImportPiece,
    Observation,
    OccupationWage,
    ReferenceFigure,
    Source,
)
from market.parsers import BadFile, PayTable, WageTable, open_file
from market.selectors.files import StoredFile
from market.selectors.mapping import family_of_survey_role, vocabulary
from market.services import staging
from market.services.previews import changes_if_published
from market.services.reference_files import write_occupation_wages, write_reference_figures

logger = logging.getLogger(__name__)

State = ImportBatch.State
Clock = Callable[[], dt.datetime]

MOST_FILE_BYTES: Final = 60_000_000
PIECE_BYTES: Final = 1 << 20
MOST_ATTEMPTS: Final = 3
# A worker reports after every chunk of rows; the longest silence is the last statement.
SILENCE: Final = dt.timedelta(minutes=3)
UNHEARD: Final = dt.timedelta(seconds=20)
OPEN: Final = (State.QUEUED, State.RUNNING, State.PREVIEWED)


class FileRefused(Exception):
    """The file cannot be taken in at all; the message says why."""


class BatchNotOpen(Exception):
    """The batch is not in a state in which this can be done to it."""


class ClaimLost(Exception):
    """Another worker has the batch, or a person stopped it."""


def request_import(
    *,
    source: Source,
    file: IO[bytes],
    name: str,
    as_of: dt.datetime,
    user: User | None = None,
    column_map: dict[str, Any] | None = None,
    wakes_a_worker: bool = True,
) -> ImportBatch:
    """Keep the file and queue it to be read; whatever its content, nothing is visible yet.

    Raises `FileRefused` where the file is empty or too large, and `BatchNotOpen` where another
    file of the source waits: rows are new by what the source had before, so files take turns.
    """
    with pghistory.context(user=user and user.pk, action="upload"), transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        waiting = source.batches.filter(state__in=OPEN).first()
        if waiting:
            raise BatchNotOpen(
                f"{waiting.file_name} of this source is waiting. Publish or discard it first."
            )
        batch = ImportBatch.objects.create(
            source=source,
            file_name=PurePath(name).name[:200] or "file",
            file_hash="",
            file_size=0,
            format=source.format,
            column_map=source.column_map if column_map is None else column_map,
            uploaded_by=user,
            queued_at=as_of,
        )
        digest, size = hashlib.sha256(), 0
        for position, piece in enumerate(_pieces(file)):
            size += len(piece)
            if size > MOST_FILE_BYTES:
                raise FileRefused(f"The file is larger than {MOST_FILE_BYTES // 1_000_000} MB.")
            digest.update(piece)
            ImportPiece.objects.create(batch=batch, position=position, content=piece)
        if not size:
            raise FileRefused("The file is empty.")
        batch.file_hash, batch.file_size = digest.hexdigest(), size
        batch.full_clean()
        batch.save(update_fields=["file_hash", "file_size"])
        if wakes_a_worker:
            tasks.run_import.delay_on_commit(batch_id=batch.pk)
    return batch


def run_import(*, batch_id: int, clock: Clock) -> bool:
    """Read a queued file into staging and return whether this call finished it.

    The batch is claimed by compare-and-set, and each report repeats the claim, so a worker given
    up for lost and one whose batch was stopped both leave without a trace.
    """
    if not ImportBatch.objects.filter(pk=batch_id, state=State.QUEUED).update(
        state=State.RUNNING,
        started_at=clock(),
        heartbeat_at=clock(),
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    batch = ImportBatch.objects.select_related("source").get(pk=batch_id)
    claim = ImportBatch.objects.filter(pk=batch_id, state=State.RUNNING, attempts=batch.attempts)
    try:
        _read(batch, claim, clock)
    except ClaimLost:
        return False
    except BadFile as error:
        claim.update(
            state=State.FAILED,
            last_error=str(error)[:500],
            problems=[
                {
                    "kind": "file",
                    "column": error.column,
                    "count": 1,
                    "examples": [{"line": error.line, "message": error.message}],
                }
            ],
            finished_at=clock(),
        )
        return False
    except OperationalError:
        # The database went away. The row goes back if it can; else beat finds it silent.
        _give_back(claim)
        raise
    except Exception:
        logger.exception("import %s failed", batch_id)
        claim.update(
            state=State.FAILED,
            last_error="The file could not be read. The error is in the log.",
            finished_at=clock(),
        )
        return False
    return True


def _read(batch: ImportBatch, claim: Any, clock: Clock) -> None:
    """Read the file, then write everything it holds in one transaction."""
    file = StoredFile(batch)

    def report(_: int) -> None:
        share = min(90, 90 * file.tell() // max(batch.file_size, 1))
        if not claim.update(progress=share, heartbeat_at=clock()):
            raise ClaimLost

    table = open_file(
        batch.format,
        file,  # type: ignore[arg-type]  # typeshed knows no BinaryIO that is a RawIOBase
        name=batch.file_name,
        column_map=batch.column_map,
        vocabulary=vocabulary(batch.column_map.get("ladder", "")),
        survey_roles=family_of_survey_role(),
    )
    if not isinstance(table, PayTable):
        with transaction.atomic():
            _forget_rolled_back(batch.source)
            tally, n_new = (
                write_occupation_wages(batch, table)
                if isinstance(table, WageTable)
                else write_reference_figures(batch, table)
            )
            _finish(claim, clock, tally, n_new=n_new, header=table.header)
        return
    tally = staging.fill_staging(table, report=report)
    unmapped = staging.map_staged()
    has_cases = "case_number" in table.columns
    staging.figure_staged(batch.source, has_cases=has_cases)
    report(tally.n_read)
    staging.judge_staged()
    report(tally.n_read)
    with transaction.atomic():
        _forget_rolled_back(batch.source)
        counts = staging.write_observations(batch, has_cases=has_cases)
        rejected = counts.pop("n_rejected")
        changes = changes_if_published(batch, as_of=clock())
        _finish(
            claim,
            clock,
            tally,
            header=table.header,
            preview={"unmapped": unmapped, "n_rejected": rejected, "changes": changes},
            **counts,
        )
    staging.clear_staging()


def _finish(
    claim: Any,
    clock: Clock,
    tally: staging.Tally,
    **counts: Any,
) -> None:
    """Turn the claimed batch into one to look at; without the claim, undo what was written."""
    if not claim.update(
        state=State.PREVIEWED,
        n_read=tally.n_read,
        n_unread=tally.n_unread,
        problems=tally.as_json(),
        progress=100,
        finished_at=clock(),
        **counts,
    ):
        raise ClaimLost


@transaction.atomic
def cancel_import(*, batch: ImportBatch, as_of: dt.datetime) -> bool:
    """Stop a file that waits or is being read; return whether there was anything to stop."""
    return bool(
        ImportBatch.objects.filter(pk=batch.pk, state__in=[State.QUEUED, State.RUNNING]).update(
            state=State.CANCELLED, finished_at=as_of
        )
    )


@transaction.atomic
def discard_import(*, batch: ImportBatch, as_of: dt.datetime) -> None:
    """Throw away what was read from a file that is not published."""
    if not ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.PREVIEWED, State.ROLLED_BACK]
    ).update(state=State.DISCARDED, finished_at=as_of):
        raise BatchNotOpen("Only a file that was read and is not published can be discarded.")
    _forget_rows(batch)


@transaction.atomic
def retry_import(*, batch: ImportBatch, as_of: dt.datetime) -> None:
    """Queue a failed or stopped file again."""
    if batch.source.batches.filter(state__in=OPEN).exists():
        raise BatchNotOpen("Another file of this source is waiting. Publish or discard it first.")
    if not ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.FAILED, State.CANCELLED]
    ).update(state=State.QUEUED, attempts=0, last_error="", queued_at=as_of, progress=0):
        raise BatchNotOpen("Only a file that failed or was stopped can be tried again.")
    tasks.run_import.delay_on_commit(batch_id=batch.pk)


def requeue_lost_imports(*, as_of: dt.datetime) -> int:
    """Wake workers for files that are owed and silent; return how many."""
    silent = ImportBatch.objects.filter(
        Q(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
        | Q(state=State.QUEUED, queued_at__lt=as_of - UNHEARD)
    )
    given_up = silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=as_of,
        last_error=f"Reading was interrupted {MOST_ATTEMPTS} times. Nothing was imported.",
    )
    owed = list(
        silent.order_by(Coalesce("heartbeat_at", "queued_at"), "pk").values_list("pk", flat=True)
    )
    silent.filter(pk__in=owed).update(state=State.QUEUED, queued_at=as_of)
    for pk in owed:
        tasks.run_import.delay(batch_id=pk)
    return given_up + len(owed)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _forget_rolled_back(source: Source) -> None:
    """Give up what was rolled back: a file that was read has its rows by what is published."""
    for batch in source.batches.filter(state=State.ROLLED_BACK):
        batch.state = State.DISCARDED
        batch.save(update_fields=["state"])
        _forget_rows(batch)


def _forget_rows(batch: ImportBatch) -> None:
    for model in (Observation, ReferenceFigure, OccupationWage):
        model._default_manager.filter(batch=batch).delete()


def _give_back(claim: Any) -> None:
    try:
        claim.update(state=State.QUEUED)
    except DatabaseError:
        logger.exception("a claimed import could not be given back")


def last_published(source: Source) -> ImportBatch | None:
    """Return the newest published file of the source: the one that may be rolled back."""
    newest = source.batches.published().aggregate(moment=Max("published_at"))["moment"]
    return source.batches.published().filter(published_at=newest).order_by("-pk").first()
