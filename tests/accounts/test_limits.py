"""Guessing is counted in the database, whatever happens to Redis, and stopped."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD

GUESS = "a guess"


@pytest.fixture
def browser(db):
    return Client()


def try_to_sign_in(browser, email, password=GUESS, **extra):
    return browser.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def test_counts_are_kept_in_the_database(browser, candidate):
    try_to_sign_in(browser, candidate.email)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entry WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] >= 2
        cursor.execute("SELECT count(*) FROM cache_entry WHERE cache_key LIKE '%%example.com%%'")
        assert cursor.fetchone() == (0,)


def test_sixth_wrong_password_for_one_account_is_not_even_looked_at(browser, candidate):
    # From another address each time, as somebody with many machines would.
    pages = [
        try_to_sign_in(browser, candidate.email, REMOTE_ADDR=f"203.0.113.{n}") for n in range(5)
    ]
    assert all("do not belong together" in page.text for page in pages)

    page = try_to_sign_in(browser, candidate.email, PASSWORD, REMOTE_ADDR="203.0.113.99")

    assert "Too many tries. Wait five minutes, then try again." in page.text
    assert "_auth_user_id" not in browser.session


def test_unknown_account_is_counted_like_a_known_one(browser):
    for _ in range(5):
        try_to_sign_in(browser, "nobody@example.com")

    assert "Too many tries" in try_to_sign_in(browser, "nobody@example.com").text


def test_one_address_cannot_try_many_accounts(browser, candidate):
    for number in range(10):
        try_to_sign_in(browser, f"person-{number}@example.com")

    page = try_to_sign_in(browser, candidate.email, PASSWORD)

    assert "Too many tries" in page.text
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert try_to_sign_in(other, candidate.email, PASSWORD).status_code == 302


def test_signing_in_without_end_is_stopped(candidate):
    answers = [try_to_sign_in(Client(), candidate.email, PASSWORD) for _ in range(31)]

    assert {answer.status_code for answer in answers[:30]} == {302}
    last = answers[30]
    assert (last.status_code, last.headers["Retry-After"]) == (429, "60")
    assert "Too many tries" in last.text


def test_signing_up_without_end_is_stopped(browser):
    def sign_up(number):
        return browser.post(
            reverse("account_signup"), {"email": f"p{number}@example.com", "password1": PASSWORD}
        ).status_code

    assert [sign_up(number) for number in range(21)] == [302] * 20 + [429]
    assert User.objects.count() == 20


def test_asking_for_resets_of_one_account_is_stopped(candidate):
    def ask(number):
        return Client(REMOTE_ADDR=f"203.0.113.{number}").post(
            reverse("account_reset_password"), {"email": candidate.email}
        )

    assert [ask(number).status_code for number in range(6)] == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_asking_for_resets_from_one_address_is_stopped(browser):
    def ask(number):
        return browser.post(
            reverse("account_reset_password"), {"email": f"p{number}@example.com"}
        ).status_code

    assert [ask(number) for number in range(21)] == [302] * 20 + [429]


def test_guessing_reset_links_is_stopped(browser):
    url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "set-password"})

    assert [browser.post(url).status_code for _ in range(21)][-1] == 429


def test_giving_the_password_again_is_counted_too(client_of, candidate):
    browser = client_of(candidate)
    for _ in range(5):
        browser.post(reverse("account_reauthenticate"), {"password": "a guess"})

    page = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert "Too many tries" in page.text


def test_many_counts_do_not_push_out_each_other(db):
    cache.set("mine", 5, timeout=300)
    for number in range(400):  # more than Django's cache keeps unless it is told to
        cache.set(f"other-{number}", 1, timeout=300)

    assert cache.get("mine") == 5
    assert cache.get("other-0") == 1
