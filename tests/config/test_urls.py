"""Every address asks who is there, but for the few named here."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from tests.factories.accounts import UserFactory

# Pages for everybody; those of shared links ask for a token instead.
OPEN = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:outbox",
    "accounts:theme",
    "admin:login",
    "admin:logout",
    "healthz",
    "landing",
    "market:benchmark",
    "market:benchmark_csv",
    "market:methods",
    "mfa_authenticate",
    "negotiation:calendar_feed",
    "offers:methods",
    "offers:shared_comments",
    "offers:shared_comparison",
    "offers:shared_passcode",
    "robots",
}
# Routes of allauth that would lead past what we offer.
NOT_OFFERED = [
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/3rdparty/",
    "accounts/social/connections/",
    "accounts/2fa/webauthn/",
    "accounts/2fa/trust/",
    "accounts/phone/change/",
    "accounts/signup/passkey/",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "0" * 8}
REGEXES = {
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/MQ:1x:y/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-x/",
    r"(?P<url>.*)$": "nothing",
}


def addresses(patterns=None, namespace=(), prefix=""):
    """Yield (name, path, view) of every address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + _sample(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = (*namespace, pattern.namespace) if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, path)
        else:
            yield ":".join([*namespace, pattern.name or ""]), f"/{path}", pattern.callback


def _sample(route):
    if route in REGEXES:
        return REGEXES[route]
    if app_labels := re.match(r"\^\(\?P<app_label>(\w+)", route):
        return f"{app_labels.group(1)}/"
    route = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found.group(1)], route)
    return re.sub(r"<\w+>", "x", route)


ADDRESSES = list(addresses())


def test_walk_meets_real_addresses():
    assert len(ADDRESSES) > 60
    strays = [
        (name, path)
        for name, path, view in ADDRESSES
        if resolve(path).func is not view and not name.startswith("admin:")
    ]
    assert strays == []


def test_open_pages_are_those_named_here():
    is_open = {name for name, _, view in ADDRESSES if not getattr(view, "login_required", True)}

    assert is_open == OPEN


@pytest.mark.parametrize(
    ("name", "path"), sorted({(name, path) for name, path, _ in ADDRESSES if name not in OPEN})
)
def test_nobody_comes_in_without_signing_in(db, name, path):
    client = Client()

    for method in METHODS:
        answer = client.generic(method, path)
        assert answer.status_code == 302, method
        assert answer.url.startswith(("/accounts/login/?next=/", "/admin/login/?next=/")), method
        assert answer.content == b"", method


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, p, _ in ADDRESSES if n in OPEN])
def test_open_pages_answer_every_method(db, name, path):
    client = Client(headers={"host": "localhost"})

    for method in METHODS:
        answer = client.generic(method, path)
        assert answer.status_code in {200, 302, 404, 405}, method


@pytest.mark.parametrize(
    "path",
    sorted({path for name, path, _ in ADDRESSES if name not in OPEN and "admin" not in path}),
)
def test_forms_need_their_token(client_of, candidate, path):
    client = client_of(candidate, enforce_csrf_checks=True)

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.generic(method, path)
        assert answer.status_code == 403, method
        assert "That form was out of date" in answer.text, method


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_logout", "accounts:theme"]
)
def test_open_forms_need_their_token_too(db, name):
    answer = Client(enforce_csrf_checks=True).post(reverse(name))

    assert answer.status_code == 403


@pytest.mark.parametrize("path", NOT_OFFERED)
def test_what_is_not_offered_does_not_exist(client_of, candidate, path):
    assert client_of(candidate).get(f"/{path}").status_code == 404


def test_every_page_of_an_account_is_in_our_design(client_of, candidate):
    client = client_of(candidate)
    pages = [
        path
        for name, path, _ in ADDRESSES
        if name.startswith(("account", "mfa", "usersessions")) and name != "accounts:export"
    ]

    seen = set()
    for path in pages:
        answer = client.get(path, follow=True)
        if answer.status_code == 405:
            continue
        names = [template.name for template in answer.templates]
        assert "base.html" in names, path
        origins = {str(template.origin.name) for template in answer.templates if template.name}
        assert not {origin for origin in origins if "/allauth/" in origin}, path
        seen.add(path)
    assert len(seen) > 20


# --- the window of curators --------------------------------------------------------------------


def test_admin_signs_in_where_everybody_does(db):
    answer = Client().get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain == [
        ("/admin/login/?next=/admin/", 302),
        ("/accounts/login/?next=%2Fadmin%2F", 302),
    ]


def test_admin_login_page_takes_no_password(db):
    curator = UserFactory.create(is_staff=True, is_superuser=True)
    client = Client()

    answer = client.post(
        reverse("admin:login"),
        {"username": curator.email, "password": "correct horse battery staple"},
    )

    assert answer.url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_admin_is_closed_to_people_who_are_no_staff(client_of, candidate):
    answer = client_of(candidate).get(reverse("admin:index"), follow=True)

    assert answer.status_code == 403
    assert "This page is not yours to see" in answer.text


def test_admin_shows_a_curator_the_market_and_nobody(client_of, candidate):
    candidate.is_staff = True
    candidate.save()
    candidate.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="market", codename__regex="^(view|change)_"
        )
    )
    client = client_of(candidate)

    assert "Locations" in client.get(reverse("admin:index")).text
    assert client.get(reverse("admin:market_location_changelist")).status_code == 200
    assert client.get(reverse("admin:market_location_add")).status_code == 403
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_admin_leaves_passwords_and_signing_out_to_the_house(db, client_of):
    client = client_of(UserFactory.create(is_staff=True))

    assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")
    assert client.post(reverse("admin:logout")).url == reverse("landing")
    assert "_auth_user_id" not in client.session
