"""Logs hold routes, ids and durations. Each test here holds something that must not be in them."""

import io
import json
import logging

import pytest
import structlog
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_structlog.celery.receivers import CeleryReceiver

from accounts import selectors
from config import celery, logs

PERSON = "ada.lovelace@example.com"
COMPANY = "Bellwether"
PAY = "285,000"
TOKEN = "MQ-c0ffee-s3cr3t-t0ken"
SECRETS = [PERSON, COMPANY, PAY, TOKEN]


class LogBook:
    """What was logged, as an operator reads it."""

    def __init__(self, stream):
        self.stream = stream

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def events(self):
        return [json.loads(line) for line in self.text.splitlines()]

    def assert_silent(self):
        assert self.text
        assert [secret for secret in SECRETS if secret in self.text] == []


def _kept(*, as_json):
    logs.configure({"level": "DEBUG", "as_json": as_json})
    [handler] = [
        each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler
    ]
    handler.setStream(io.StringIO())
    structlog.contextvars.clear_contextvars()
    yield LogBook(handler.stream)
    logs.configure(settings.LOGGING)


@pytest.fixture(params=[True, False], ids=["json", "console"])
def log(request):
    """The log of the house in one of its two forms, down to the smallest notice."""
    yield from _kept(as_json=request.param)


@pytest.fixture
def json_log():
    """The log of a house in production."""
    yield from _kept(as_json=True)


def broken(*_, **__):
    try:
        {}[COMPANY]
    except KeyError as cause:
        raise ValueError(f"{PAY} is not an amount for {PERSON}") from cause


def test_paths_are_logged_as_routes(db, log):
    browser = Client()

    browser.get(f"/accounts/confirm-email/{TOKEN}/")
    browser.get(f"/accounts/password/reset/key/1-{TOKEN}/")
    browser.get(f"/no-such-page/{TOKEN}/?who={PERSON}")
    browser.get(f"/offers/?q={COMPANY}")

    log.assert_silent()
    assert "GET /accounts/confirm-email/(?P<key>" in log.text
    assert "GET /(no such page)" in log.text


def test_what_people_send_is_not_logged(db, log):
    browser = Client()

    browser.post(reverse("account_login"), {"login": PERSON, "password": TOKEN})
    browser.post(reverse("account_signup"), {"email": PERSON, "password1": TOKEN})
    browser.post(reverse("account_reset_password"), {"email": PERSON})

    log.assert_silent()


def test_request_is_logged_with_who_and_how_it_ended(db, client_of, candidate, json_log):
    client_of(candidate).get(reverse("accounts:settings"))

    finished = [each for each in json_log.events if each["event"] == "request_finished"]
    assert [
        (each["request"], each["code"], each["user_id"], "ip" in each) for each in finished
    ] == [("GET /accounts/settings/", 200, candidate.pk, False)]


def test_broken_page_is_logged_by_types_and_places(client_of, candidate, log, monkeypatch):
    monkeypatch.setattr(selectors, "security_of", broken)
    browser = client_of(candidate)
    browser.raise_request_exception = False

    browser.get(reverse("accounts:security"))

    log.assert_silent()
    assert log.text.count("builtins.ValueError") == 1
    assert log.text.count("builtins.KeyError") == 1
    assert "in broken" in log.text
    assert "accounts/views.py" in log.text


def test_refused_form_is_logged_without_its_path(db, log):
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post(f"/accounts/confirm-email/{TOKEN}/")

    assert answer.status_code == 403
    log.assert_silent()


@pytest.mark.parametrize(
    "logger", [logging.getLogger("somebody.else"), structlog.get_logger("ours")]
)
def test_caught_exception_is_logged_by_types_and_places(log, logger):
    try:
        broken()
    except ValueError as error:
        logger.exception("it_failed")
        logger.warning("it_failed_again", exc_info=error)

    log.assert_silent()
    assert log.text.count("builtins.ValueError") == 2
    assert log.text.count("in broken") == 4  # the cause has its place too


def test_log_of_no_exception_has_none(log):
    structlog.get_logger("ours").error("nothing_was_raised", exc_info=True)

    assert "nothing_was_raised" in log.text
    assert "Traceback" not in log.text


def test_chain_of_causes_ends(log):
    first = ValueError(PAY)
    first.__cause__ = first

    structlog.get_logger("ours").error("it_turns", exc_info=first)

    log.assert_silent()
    assert log.text.count("builtins.ValueError") == 8


@celery.app.task(name="tests.breaking")
def breaking():
    """A task that breaks."""
    broken()


def test_failed_task_is_logged_by_types_and_places(log):
    receiver = CeleryReceiver()
    try:
        broken()
    except ValueError as error:
        receiver.receiver_task_failure(task_id="5f3c", exception=error, sender=breaking)
        receiver.receiver_task_retry(reason=error)

    log.assert_silent()
    assert "task_failed" in log.text
    assert "5f3c" in log.text
    assert "builtins.ValueError" in log.text


def test_worker_says_nothing_of_its_own_about_a_failed_task(log):
    breaking.apply()

    assert [secret for secret in SECRETS if secret in log.text] == []


@pytest.mark.django_db(transaction=True)
def test_absent_broker_is_logged_and_breaks_nothing(log, monkeypatch):
    monkeypatch.setattr(celery.app.Task, "apply_async", broken)

    with transaction.atomic():
        breaking.delay_on_commit()

    assert "Error calling" in log.text
    assert "builtins.ValueError" in log.text
