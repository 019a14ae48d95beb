"""Letters that wait to be read: stored encrypted, read once, never lost, gone when asked."""

import datetime as dt
import json
import logging
from unittest import mock

import pytest
from cryptography.exceptions import InvalidTag
from django.db import OperationalError, connection

from accounts.selectors import account_export
from accounts.services import delete_account
from offers import encrypted, services, tasks
from offers.letter_files import ReaderFailed
from offers.models import Letter, LetterFile, OfferDraft
from offers.services import Upload, letters
from tests.factories.letters import LETTERS, NOW, read_letter
from tests.factories.terms import startup_terms

pytestmark = pytest.mark.django_db

State = Letter.State


def clock(start=NOW):
    ticks = iter(range(10**6))
    return lambda: start + dt.timedelta(seconds=next(ticks))


def upload(name):
    content = (LETTERS / name).read_bytes()
    return Upload(name=name, content=content, size=len(content))


def submitted(owner, *names):
    names = names or ("01-quillhaven-staff-ml-engineer.txt",)
    return services.submit_letter(owner=owner, uploads=[upload(name) for name in names], as_of=NOW)


def run(letter):
    done = services.run_reading(letter_id=letter.pk, clock=clock())
    letter.refresh_from_db()
    return done


# --- putting in and reading --------------------------------------------------------------------


def test_a_letter_wakes_a_worker_once_it_is_committed(
    candidate, django_capture_on_commit_callbacks
):
    with (
        mock.patch.object(tasks.read_letter, "delay") as delay,
        django_capture_on_commit_callbacks(execute=True),
    ):
        letter = submitted(candidate)
        delay.assert_not_called()

    delay.assert_called_once_with(letter_id=letter.pk)
    assert letter.state == State.QUEUED


def test_an_absent_broker_never_reaches_the_person_who_uploads(
    candidate, django_capture_on_commit_callbacks
):
    with (
        mock.patch.object(tasks.read_letter, "delay", side_effect=ConnectionError("no broker")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        letter = submitted(candidate)

    assert letter.state == State.QUEUED


def test_letters_have_a_queue_of_their_own(settings):
    assert settings.CELERY_TASK_ROUTES["offers.read_letter"] == {"queue": "letters"}
    assert "requeue-letters" in settings.CELERY_BEAT_SCHEDULE


def test_reading_twice_changes_nothing_the_second_time(candidate):
    letter = submitted(candidate)

    assert run(letter) is True
    first = (letter.text, letter.reading, letter.finished_at, letter.attempts)
    assert run(letter) is False

    assert (letter.text, letter.reading, letter.finished_at, letter.attempts) == first
    assert (letter.state, letter.progress) == (State.DONE, 100)
    assert letter.reading["document"]["kind"] == "offer_letter"


def test_several_files_are_read_as_one_letter_and_a_bad_one_keeps_its_message(candidate):
    letter = submitted(
        candidate,
        "14-junegrass-revised-offer.docx",
        "x4-password-protected.pdf",
        "13-pallasite-ml-compiler-table.pdf",
    )

    run(letter)

    first, locked, last = letter.files.order_by("position")
    assert letter.text[first.text_start :].startswith("JUNEGRASS SOFTWARE, INC.")
    assert letter.text[last.text_start :].startswith("PALLASITE SEMICONDUCTORS CORP.")
    assert locked.text_start is None
    assert locked.problem.startswith("The PDF is protected with a password.")


def test_a_letter_without_a_readable_file_is_done_and_has_no_reading(candidate):
    letter = submitted(candidate, "15-stillwater-scanned.pdf")

    assert run(letter) is True

    assert (letter.state, letter.reading, letter.text) == (State.DONE, None, "")
    assert "a scan or a photo" in letter.files.get().problem


def test_a_file_that_was_cut_at_the_limit_is_never_read_in_part(candidate):
    part = Upload(name="big.txt", content=b"salary " * 10, size=11_000_000)
    letter = services.submit_letter(owner=candidate, uploads=[part], as_of=NOW)

    run(letter)

    assert letter.files.get().problem.startswith("The file is larger than 10 MB.")
    assert letter.text == ""


def test_a_reader_that_breaks_fails_the_letter_and_logs_its_number_alone(candidate, caplog):
    letter = submitted(candidate)

    with (
        mock.patch.object(letters.letter_files, "read", side_effect=ReaderFailed),
        caplog.at_level(logging.ERROR),
    ):
        assert run(letter) is False

    assert letter.state == State.FAILED
    assert letter.last_error.startswith("The letter could not be read.")
    assert f"letter {letter.pk} failed" in caplog.text
    assert "Quillhaven" not in caplog.text


def test_a_lost_database_gives_the_letter_back(candidate):
    letter = submitted(candidate)

    with (
        mock.patch.object(letters.letter_files, "extract", side_effect=OperationalError),
        pytest.raises(OperationalError),
    ):
        services.run_reading(letter_id=letter.pk, clock=clock())

    letter.refresh_from_db()
    assert letter.state == State.QUEUED
    assert run(letter) is True


def test_a_worker_that_lost_its_claim_leaves_quietly(candidate):
    letter = submitted(candidate)
    ticks = clock()

    def interrupted():
        Letter.objects.filter(state=State.RUNNING).update(attempts=7)
        return ticks()

    assert services.run_reading(letter_id=letter.pk, clock=interrupted) is False

    letter.refresh_from_db()
    assert (letter.state, letter.reading) == (State.RUNNING, None)


def test_silent_letters_are_given_to_another_worker_and_given_up_in_the_end(candidate):
    letter = submitted(candidate)
    Letter.objects.update(state=State.RUNNING, attempts=1, heartbeat_at=NOW)
    late = NOW + letters.SILENCE + dt.timedelta(seconds=1)

    with mock.patch.object(tasks.read_letter, "delay") as delay:
        assert services.requeue_lost_letters(as_of=NOW + letters.SILENCE) == 0
        assert services.requeue_lost_letters(as_of=late) == 1
        delay.assert_called_once_with(letter_id=letter.pk)
        Letter.objects.update(state=State.RUNNING, attempts=letters.MOST_ATTEMPTS, heartbeat_at=NOW)
        assert services.requeue_lost_letters(as_of=late) == 1

    letter.refresh_from_db()
    assert letter.state == State.FAILED
    assert services.retry_reading(letter=letter, as_of=late) is True
    assert services.retry_reading(letter=letter, as_of=late) is False
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (State.QUEUED, 0)


def test_there_is_room_for_so_many_files_and_letters(candidate, monkeypatch):
    with pytest.raises(services.NothingToRead):
        services.submit_letter(owner=candidate, uploads=[], as_of=NOW)
    with pytest.raises(services.TooManyFiles):
        submitted(candidate, *["x1-verbal-recap-email.txt"] * 6)
    monkeypatch.setattr(letters, "MOST_LETTERS", 1)
    submitted(candidate)
    with pytest.raises(services.TooManyLetters):
        submitted(candidate)

    assert Letter.objects.count() == 1


# --- at rest -----------------------------------------------------------------------------------


def stored_bytes():
    """Return everything that the database holds about letters, as bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, reading, decisions FROM offers_letter")
        rows = cursor.fetchall()
        cursor.execute("SELECT name, content FROM offers_letterfile")
        rows += cursor.fetchall()
    return [bytes(value) for row in rows for value in row if value is not None]


def test_everything_from_a_letter_rests_encrypted(candidate):
    letter = read_letter(candidate)
    services.decide_facts(
        letter=letter,
        answers={},
        decisions={"role-name": {"do": "correct", "text": "Quillhaven"}},
    )

    stored = stored_bytes()

    assert len(stored) == 5
    for value in stored:
        for secret in (b"Quillhaven", b"238", b"salary", b"01.txt", b"correct"):
            assert secret not in value
    again = Letter.objects.get(pk=letter.pk)
    assert "$238,000 per year" in again.text
    assert again.reading["fields"]["company"] == "Quillhaven AI, Inc."
    assert again.files.get().content.startswith(b"QUILLHAVEN")


def test_the_same_letter_is_stored_otherwise_each_time(candidate):
    read_letter(candidate)
    read_letter(candidate)

    stored = stored_bytes()

    assert len(set(stored)) == len(stored)


def test_keys_can_be_changed_and_a_lost_key_opens_nothing(settings):
    settings.LETTER_KEYS = ["an old key that was in use until today"]
    sealed = encrypted.seal(b"salary", purpose="a")

    settings.LETTER_KEYS = ["a new key that is in use from now on", *settings.LETTER_KEYS]
    assert encrypted.unseal(sealed, purpose="a") == b"salary"
    fresh = encrypted.seal(b"salary", purpose="a")
    settings.LETTER_KEYS = settings.LETTER_KEYS[:1]

    assert encrypted.unseal(fresh, purpose="a") == b"salary"
    with pytest.raises(encrypted.WrongKey):
        encrypted.unseal(sealed, purpose="a")


def test_a_value_that_was_moved_or_changed_does_not_open():
    sealed = encrypted.seal(b"salary", purpose="offers.letter.text")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for value, purpose in ((sealed, "offers.letter.reading"), (changed, "offers.letter.text")):
        with pytest.raises(InvalidTag):
            encrypted.unseal(value, purpose=purpose)


def test_a_letter_is_deleted_at_once_and_its_draft_stays(candidate):
    letter = read_letter(candidate)
    draft = services.fill_from_letter(
        letter=letter, typed={"role": {"name": "Quillhaven"}}, as_of=NOW
    )

    services.delete_letter(letter=letter)

    assert not Letter.objects.exists()
    assert not LetterFile.objects.exists()
    assert OfferDraft.objects.get().pk == draft.pk


def test_letters_go_with_the_account_and_with_their_offer(candidate, stranger):
    offer = services.record_offer(owner=candidate, terms=startup_terms(), as_of=NOW)
    read_letter(candidate, offer=offer)
    read_letter(candidate, "14")
    kept = read_letter(stranger)

    services.delete_offer(offer=offer)
    assert Letter.objects.visible_to(candidate).count() == 1
    delete_account(user=candidate)

    assert list(Letter.objects.all()) == [kept]


def test_the_account_export_holds_letters_in_the_clear(candidate):
    read_letter(candidate)

    tables = account_export(candidate, as_of=NOW)["tables"]

    [letter] = tables["offers.Letter"]
    [file] = tables["offers.LetterFile"]
    assert "$238,000 per year" in letter["text"]
    assert letter["reading"]["fields"]["company"] == "Quillhaven AI, Inc."
    assert file["name"] == "01.txt"
    assert isinstance(file["content"], str)
    json.dumps([file["content"], letter["text"]])


# --- what becomes of it ------------------------------------------------------------------------


def test_filling_opens_one_draft_however_often_it_is_asked(candidate):
    letter = read_letter(candidate)

    first = services.fill_from_letter(
        letter=letter, typed={"role": {"name": "Quillhaven"}}, as_of=NOW
    )
    second = services.fill_from_letter(
        letter=letter, typed={"role": {"name": "Quillhaven AI"}}, as_of=NOW
    )

    assert first.pk == second.pk
    assert OfferDraft.objects.get().typed["role"]["name"] == "Quillhaven AI"
    letter.refresh_from_db()
    assert letter.checked_at == NOW


def test_a_draft_that_is_saved_takes_its_letter_along(candidate):
    letter = read_letter(candidate)
    draft = services.fill_from_letter(letter=letter, typed={"role": {}}, as_of=NOW)

    offer = services.publish_draft(draft=draft, terms=startup_terms(), as_of=NOW)

    letter.refresh_from_db()
    assert letter.offer == offer
