"""Letters: stored encrypted as they came, read by a worker, deleted at once when asked."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from offers import letter_files, tasks
from offers.letter_files import Extraction, Unreadable
from offers.models import Letter, LetterFile, Offer, OfferDraft
from offers.services.drafts import fill_draft, start_draft, start_revision_draft

logger = logging.getLogger(__name__)

State = Letter.State

MOST_ATTEMPTS: Final = 3
# One file is given up after 75 seconds, and the row speaks up after each of them.
SILENCE: Final = dt.timedelta(seconds=120)
UNHEARD: Final = dt.timedelta(seconds=15)
MOST_FILES: Final = 5
MOST_LETTERS: Final = 60
BETWEEN_FILES: Final = "\n\n"


class NothingToRead(ValueError):
    """Neither a file nor a text came."""


class TooManyFiles(ValueError):
    """More files than one offer has."""


class TooManyLetters(ValueError):
    """The person keeps as many letters as there is room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came; `size` is what was sent, even where less of it was kept."""

    name: str
    content: bytes
    size: int
    is_pasted: bool = False


@transaction.atomic
def submit_letter(
    *, owner: User, uploads: Sequence[Upload], as_of: dt.datetime, offer: Offer | None = None
) -> Letter:
    """Store what came and queue its reading. Several files are parts of one offer."""
    if not uploads:
        raise NothingToRead
    if len(uploads) > MOST_FILES:
        raise TooManyFiles
    # Nobody's second request slips past the count of the first.
    User.objects.select_for_update().get(pk=owner.pk)
    if Letter.objects.visible_to(owner).count() >= MOST_LETTERS:
        raise TooManyLetters
    letter = Letter.objects.create(owner=owner, offer=offer, queued_at=as_of)
    for position, upload in enumerate(uploads):
        LetterFile.objects.create(
            letter=letter,
            position=position,
            name=upload.name,
            is_pasted=upload.is_pasted,
            size=upload.size,
            content=upload.content,
        )
    tasks.read_letter.delay_on_commit(letter_id=letter.pk)
    return letter


def run_reading(*, letter_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Read a queued letter and return whether this call finished it.

    The row is claimed by compare-and-set, and each report repeats the claim, as for valuations.
    """
    now = clock()
    if not Letter.objects.filter(pk=letter_id, state=State.QUEUED).update(
        state=State.RUNNING,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    attempts = Letter.objects.values_list("attempts", flat=True).get(pk=letter_id)
    claim = Letter.objects.filter(pk=letter_id, state=State.RUNNING, attempts=attempts)
    try:
        return _read(letter_id, claim, clock)
    except OperationalError:
        # The database went away. The row goes back if it can; else the beat job finds it silent.
        _give_back(claim)
        raise
    except Exception:
        logger.exception("letter %s failed", letter_id)
        claim.update(
            state=State.FAILED,
            last_error="The letter could not be read. That is our fault, not the letter’s.",
            finished_at=clock(),
        )
    return False


def _read(letter_id: int, claim: Any, clock: Callable[[], dt.datetime]) -> bool:
    files = list(LetterFile.objects.filter(letter=letter_id).order_by("position"))
    text, starts = "", []
    for number, file in enumerate(files, start=1):
        extraction = _extract(file)
        if extraction is not None:
            text += BETWEEN_FILES if text else ""
            file.text_start = len(text)
            starts += [file.text_start + start for start in extraction.page_starts]
            text += extraction.text
        with transaction.atomic():
            if not claim.update(progress=number * 80 // len(files), heartbeat_at=clock()):
                return False
            file.save(update_fields=["problem", "note", "text_start"])
    reading = _reading(text, starts) if text else None
    return bool(
        claim.update(
            state=State.DONE,
            progress=100,
            text=text,
            reading=reading,
            decisions={},
            checked_at=None,
            finished_at=clock(),
        )
    )


def _extract(file: LetterFile) -> Extraction | None:
    """Return the text of a file; where there is none, the file says why."""
    file.problem, file.note, file.text_start = "", "", None
    if file.size > len(file.content):
        file.problem = str(Unreadable(letter_files.Reason.TOO_LARGE))
        return None
    try:
        if file.is_pasted:
            return letter_files.extract_pasted(file.content.decode())
        extraction = letter_files.extract(file.content, name=file.name)
    except Unreadable as unreadable:
        file.problem = str(unreadable)
        return None
    if pages := extraction.unread_pages:
        which = f"Page {pages[0]} holds" if len(pages) == 1 else f"{len(pages)} pages hold"
        file.note = f"{which} no readable text, so what stands there was not read."
    return extraction


def _reading(text: str, starts: Sequence[int]) -> dict[str, Any]:
    if len(text) > letter_files.MOST_CHARACTERS:
        text = text[: letter_files.MOST_CHARACTERS]
    read = letter_files.read(text, page_starts=[start for start in starts if start < len(text)])
    return {**read.document, "question_spans": read.question_spans}


@transaction.atomic
def retry_reading(*, letter: Letter, as_of: dt.datetime) -> bool:
    """Queue a failed letter again; return whether it was failed."""
    changed = Letter.objects.filter(pk=letter.pk, state=State.FAILED).update(
        state=State.QUEUED, attempts=0, last_error="", progress=0, queued_at=as_of
    )
    if changed:
        tasks.read_letter.delay_on_commit(letter_id=letter.pk)
    return bool(changed)


def requeue_lost_letters(*, as_of: dt.datetime) -> int:
    """Wake workers for what is owed and silent; return how many rows were woken or given up."""
    silent = Letter.objects.filter(
        Q(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
        | Q(state=State.QUEUED, queued_at__lt=as_of - UNHEARD)
    )
    given_up = silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=as_of,
        last_error=f"The reading was interrupted {MOST_ATTEMPTS} times.",
    )
    owed = list(
        silent.order_by(Coalesce("heartbeat_at", "queued_at"), "pk").values_list("pk", flat=True)
    )
    silent.filter(pk__in=owed).update(state=State.QUEUED, queued_at=as_of)
    for pk in owed:
        tasks.read_letter.delay(letter_id=pk)
    return given_up + len(owed)


def delete_letter(*, letter: Letter) -> None:
    """Delete the letter with its files, its text and all that was read in it. Drafts stay."""
    letter.delete()


def _give_back(claim: Any) -> None:
    try:
        claim.update(state=State.QUEUED)
    except DatabaseError:
        logger.exception("a claimed letter could not be given back")


@transaction.atomic
def decide_facts(
    *,
    letter: Letter,
    answers: Mapping[str, str],
    decisions: Mapping[str, Mapping[str, str]],
) -> Letter:
    """Keep what its person made of the letter: answers by question, decisions by fact."""
    locked: Letter = Letter.objects.select_for_update().get(pk=letter.pk)
    locked.decisions = {
        "answers": dict(answers),
        "facts": {key: dict(decision) for key, decision in decisions.items()},
    }
    locked.save(update_fields=["decisions"])
    return locked


@transaction.atomic
def fill_from_letter(
    *,
    letter: Letter,
    typed: Mapping[str, Mapping[str, str]],
    terms_now: Mapping[str, Mapping[str, str]] | None = None,
    as_of: dt.datetime,
) -> OfferDraft:
    """Open the offer form with what was accepted of a letter; nothing is an offer before it is saved.

    For an offer on record the form begins with `terms_now`, and the letter's words go over it. A draft
    that this letter opened before is filled again.
    """
    locked: Letter = (
        Letter.objects.select_for_update(of=["self"]).select_related("draft").get(pk=letter.pk)
    )
    draft = locked.draft if locked.draft and locked.draft.published_at is None else None
    if draft is None and letter.offer is not None:
        draft = start_revision_draft(
            offer=letter.offer, purpose=OfferDraft.Purpose.NEW_TERMS, typed=terms_now or {}
        )
    if draft is None:
        draft = start_draft(owner=letter.owner, typed=typed)
    draft = fill_draft(draft=draft, typed=typed)
    locked.draft, locked.checked_at = draft, as_of
    locked.save(update_fields=["draft", "checked_at"])
    return draft
