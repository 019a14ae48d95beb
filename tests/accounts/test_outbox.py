import logging
import stat

import pytest
from django.core import mail

from accounts import outbox


@pytest.fixture(autouse=True)
def directory(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    settings.PUBLIC_URL = "http://127.0.0.1:8123/"
    return tmp_path / "outbox"


def send(*subjects, body="Line one.\n\nLine two, with ü."):
    messages = [mail.EmailMessage(each, body, to=["ada@example.com"]) for each in subjects]
    return outbox.OutboxBackend().send_messages(messages)


def test_mails_come_back_as_they_were_sent_the_latest_first():
    assert send("First", "Zweite, mit ü") == 2

    latest, first = outbox.waiting_mails()
    assert (latest.subject, first.subject) == ("Zweite, mit ü", "First")
    assert latest.to == "ada@example.com"
    assert latest.body == "Line one.\n\nLine two, with ü."
    assert latest.sent_at.tzinfo is not None


def test_mail_of_markup_alone_has_no_plain_body():
    message = mail.EmailMessage("Markup", "<p>Hello</p>", to=["ada@example.com"])
    message.content_subtype = "html"
    outbox.OutboxBackend().send_messages([message])

    assert [each.body for each in outbox.waiting_mails()] == [""]


def test_files_are_for_the_owner_alone_and_whole(directory):
    send("First")

    [file] = directory.iterdir()
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_half_written_mail_is_not_shown(directory):
    send("First")
    (directory / "20991231T000000.000000-00000000.draft").write_text("Subj")

    assert [each.subject for each in outbox.waiting_mails()] == ["First"]


def test_mail_that_was_cleared_away_meanwhile_is_left_out(directory):
    send("First")
    [file] = directory.iterdir()

    assert [mail.subject for mail in outbox._read([directory / "gone.eml", file])] == ["First"]


def test_only_the_latest_are_kept(monkeypatch):
    monkeypatch.setattr(outbox, "KEPT", 2)

    send("First", "Second", "Third")

    assert [each.subject for each in outbox.waiting_mails()] == ["Third", "Second"]


def test_log_says_where_to_look_and_never_for_whom(caplog):
    caplog.set_level(logging.INFO, logger="accounts.outbox")

    send("First")

    assert [record.getMessage() for record in caplog.records] == [
        "a mail is waiting at http://127.0.0.1:8123/accounts/outbox/"
    ]
