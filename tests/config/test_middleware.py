"""What every answer of the house has in common: its policy, its caching, its redirects, its theme."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from accounts import selectors
from tests.factories.accounts import UserFactory

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def policy(answer):
    return set(answer.headers["Content-Security-Policy"].split("; "))


@pytest.fixture
def browser(client_of, candidate):
    return client_of(candidate)


@pytest.fixture
def breaking(monkeypatch):
    """A page that breaks, in a house that answers as it does in earnest."""

    def break_down(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(selectors, "security_of", break_down)
    return reverse("accounts:security")


# --- the policy --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/", 200),
        ("/accounts/settings/", 200),
        ("/accounts/export/", 200),
        ("/accounts/theme/", 405),
        ("/accounts/login/", 302),
        ("/offers/999999/", 404),
        ("/no-such-page/", 404),
        ("/admin/", 302),
        ("/healthz/", 200),
        ("/static/css/app.css", 200),
    ],
)
def test_policy_stands_on_every_answer(browser, path, status):
    answer = browser.get(path)
    answer.close()

    assert answer.status_code == status
    assert policy(answer) == POLICY


def test_policy_stands_on_pages_of_the_admin(db, client_of):
    curator = client_of(UserFactory.create(is_staff=True, is_superuser=True))

    for name in ("admin:index", "admin:market_location_changelist", "admin:accounts_user_add"):
        page = curator.get(reverse(name))
        assert page.status_code == 200
        assert policy(page) == POLICY
        assert "style=" not in page.text
        assert "<style" not in page.text


def test_policy_stands_on_a_broken_page_which_gives_nothing_away(browser, breaking):
    browser.raise_request_exception = False

    page = browser.get(breaking)

    assert page.status_code == 500
    assert policy(page) == POLICY
    assert "Something went wrong" in page.text
    assert "ZeroDivisionError" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_policy_stands_on_refusals(browser, candidate):
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/accounts/theme/")
    lost = Client(headers={"host": "evil.example"}).get("/accounts/login/")
    forbidden = browser.get("/admin/login/")

    assert [answer.status_code for answer in (refused, lost, forbidden)] == [403, 400, 403]
    assert [policy(answer) for answer in (refused, lost, forbidden)] == [POLICY] * 3


def test_policy_stands_on_the_way_to_https(browser, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = browser.get("/accounts/")

    assert (answer.status_code, answer.url) == (301, "https://testserver/accounts/")
    assert policy(answer) == POLICY


def test_policy_has_no_unsafe_word():
    written = str(django_settings.CONTENT_SECURITY_POLICY)

    assert "unsafe" not in written
    assert "*" not in written


def test_other_headers_stand_beside_the_policy(browser):
    headers = browser.get("/accounts/").headers

    assert {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items() <= dict(headers).items()


def test_cookies_are_out_of_reach_for_script_and_other_sites(candidate):
    browser = Client()
    browser.get("/accounts/login/")
    answer = browser.post(
        "/accounts/login/", {"login": candidate.email, "password": "correct horse battery staple"}
    )

    for name in ("sessionid", "csrftoken"):
        cookie = answer.cookies[name]
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")


# --- caches ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/export/", "/offers/", "/no-such-page/"])
def test_pages_of_a_person_are_kept_by_nobody(browser, path):
    assert browser.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/confirm-email/MQ:1x:y/"]
)
def test_pages_at_the_door_are_kept_by_nobody_either(db, path):
    assert "no-store" in Client().get(path).headers["Cache-Control"]


# --- htmx --------------------------------------------------------------------------------------


def test_sign_in_never_lands_inside_a_page(db):
    answer = Client().get("/accounts/settings/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/accounts/settings/"
    assert answer.content == b""
    assert "HX-Request" in answer.headers["Vary"]


def test_redirect_after_a_change_is_followed_as_a_whole_page_with_its_cookies(db):
    answer = Client().post("/accounts/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, reverse("landing"))
    assert "Location" not in answer.headers
    assert answer.cookies["theme"].value == "dark"


def test_redirect_without_htmx_stays_one(db):
    answer = Client().get("/accounts/settings/")

    assert answer.status_code == 302
    assert "HX-Redirect" not in answer.headers


def test_page_for_htmx_is_no_redirect(browser):
    answer = browser.get("/accounts/settings/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "HX-Redirect" not in answer.headers


# --- theme -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookie", "root"),
    [
        ("light", '<html lang="en" data-theme="light">'),
        ("dark", '<html lang="en" data-theme="dark">'),
        ("", '<html lang="en">'),
        ("purple", '<html lang="en">'),
    ],
)
def test_theme_is_set_by_the_server(db, cookie, root):
    browser = Client()
    browser.cookies["theme"] = cookie

    assert root in browser.get("/accounts/login/").text
