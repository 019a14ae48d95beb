import pytest
from django.core.management import CommandError, call_command

from accounts.models import User


def said(capsys, *arguments):
    call_command("make_curator", *arguments)
    return capsys.readouterr().out


def test_new_curator_is_told_how_to_get_a_password(db, capsys, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8123"

    assert said(capsys, "curator@example.com") == (
        "curator@example.com is a curator now and has no password yet.\n"
        "Choose one:  http://127.0.0.1:8123/accounts/password/reset/\n"
        "Its mail:    http://127.0.0.1:8123/accounts/outbox/\n"
        "Then open:   http://127.0.0.1:8123/admin/\n"
    )


def test_in_production_nobody_is_sent_to_an_outbox(db, capsys, settings):
    settings.IS_LOCAL = False

    assert "outbox" not in said(capsys, "curator@example.com")


def test_person_with_a_password_just_becomes_a_curator(candidate, capsys, settings):
    settings.PUBLIC_URL = "https://parley.example/"

    assert said(capsys, candidate.email) == (
        "candidate@example.com is a curator.\nThen open:   https://parley.example/admin/\n"
    )
    assert User.objects.get().is_staff


def test_what_is_no_address_is_refused(db):
    with pytest.raises(CommandError, match="Enter a valid email address"):
        call_command("make_curator", "curator")
