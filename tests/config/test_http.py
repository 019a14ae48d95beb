"""Rendering a page or a part of it, counting, and knowing who calls."""

import threading
import time
from ipaddress import IPv4Address, IPv6Address

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from config import http

PAGE = """{% partialdef year-bars inline %}<div id="year-bars">{{ who }}</div>{% endpartialdef %}
{% partialdef secret-part %}never asked for{% endpartialdef %}<p>the rest</p>"""


@pytest.fixture
def page(settings, tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


def asked(target=None, **headers):
    if target is not None:
        headers |= {"HX-Request": "true", "HX-Target": target}
    request = RequestFactory().get("/", headers=headers)
    request.user = AnonymousUser()
    return request


def rendered(request, **options):
    return http.render_page(request, "page.html", {"who": "Ada"}, **options)


# --- pages and partials --------------------------------------------------------------------------


def test_render_page_renders_the_whole_page(page):
    answer = rendered(asked(), partials=["year-bars"])

    assert '<div id="year-bars">Ada</div>' in answer.text
    assert "<p>the rest</p>" in answer.text
    assert answer.headers["Vary"] == "HX-Request, HX-Target"


def test_render_page_renders_the_part_that_htmx_targets(page):
    answer = rendered(asked("year-bars"), partials=["year-bars"], status=422)

    assert (answer.status_code, answer.text.strip()) == (422, '<div id="year-bars">Ada</div>')
    assert answer.headers["Vary"] == "HX-Request, HX-Target"


@pytest.mark.parametrize("target", ["secret-part", "", "../base.html", "year-bars/../x"])
def test_render_page_renders_no_part_that_the_view_did_not_declare(page, target):
    answer = rendered(asked(target), partials=["year-bars"])

    assert "<p>the rest</p>" in answer.text
    assert "never asked for" not in answer.text


def test_render_page_takes_a_target_for_a_part_only_from_htmx(page):
    answer = rendered(asked(**{"HX-Target": "year-bars"}), partials=["year-bars"])

    assert "<p>the rest</p>" in answer.text


def test_house_says_where_we_are(settings):
    assert http.house(asked()) == {"is_local": True}
    settings.IS_LOCAL = False
    assert http.house(asked()) == {"is_local": False}


# --- counting ----------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def uses(count, *, scope="links", key="203.0.113.7", limit=3, seconds=60):
    return [
        http.is_over_limit(scope=scope, key=key, limit=limit, seconds=seconds) for _ in range(count)
    ]


def test_limit_lets_so_many_through_in_a_window(db, clock):
    assert uses(5) == [False, False, False, True, True]

    clock[0] += 60
    assert uses(4) == [False, False, False, True]


def test_limit_counts_keys_and_scopes_apart(db, clock):
    uses(3)

    assert uses(1, key="203.0.113.8") == [False]
    assert uses(1, scope="comments") == [False]
    assert uses(1) == [True]


def test_limit_remembers_a_long_window(db, clock):
    assert uses(1, limit=1, seconds=86_400) == [False]

    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM expires - now()) FROM cache_entry")
        assert cursor.fetchone()[0] > 3600
    assert uses(1, limit=1, seconds=86_400) == [True]


def test_limit_keeps_neither_addresses_nor_tokens(db):
    uses(1, key="203.0.113.7")

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache_entry")
        [row] = cursor.fetchall()
    assert row[0].startswith(":1:throttle:links:")
    assert "203.0.113.7" not in str(row)


@pytest.mark.django_db(transaction=True)
def test_limit_counts_every_one_of_many_at_once():
    answers = []

    def use():
        try:
            answers.extend(uses(5, limit=12, seconds=3600))
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False] * 12 + [True] * 8


# --- throttled views ---------------------------------------------------------------------------


@http.throttled(scope="test", limit=2, seconds=600)
def view(request, word):
    return HttpResponse(word)


def call(address):
    request = asked()
    request.META["REMOTE_ADDR"] = address
    return view(request, "hello")


def test_throttled_view_answers_429_and_says_when_to_come_back(db, clock):
    assert [call("203.0.113.7").text for _ in range(2)] == ["hello", "hello"]

    answer = call("203.0.113.7")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "Too many tries" in answer.text
    assert call("203.0.113.8").text == "hello"


def test_throttled_view_counts_a_network_of_ipv6_as_one(db, clock):
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:2::3"]

    assert [call(each).status_code for each in addresses] == [200, 200, 429]
    assert call("2001:db8:1:3::1").status_code == 200


def test_throttled_view_works_where_the_address_is_none(db, clock):
    assert [call("").status_code for _ in range(3)] == [200, 200, 429]


# --- who calls ---------------------------------------------------------------------------------


def address(forwarded, *, proxies, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = asked(**({} if forwarded is None else {"X-Forwarded-For": forwarded}))
    request.META["REMOTE_ADDR"] = "10.0.0.1"
    return http.client_address(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.7", "10.0.0.1"),  # nobody vouches for the header
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # the caller wrote the first one
        (2, "1.1.1.1, 203.0.113.7, 10.1.1.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),  # past the proxies
        (1, "", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_client_address_trusts_as_many_proxies_as_the_operator_says(
    settings, proxies, forwarded, expected
):
    assert address(forwarded, proxies=proxies, settings=settings) == expected


@given(st.ip_addresses())
def test_household_of_an_address_is_stable(ip):
    household = http._household(str(ip))

    assert http._household(str(ip)) == household
    match ip:
        case IPv4Address():
            assert household == str(ip)
        case IPv6Address():
            neighbour = IPv6Address(int(ip) ^ 1)
            assert http._household(str(neighbour)) == household
