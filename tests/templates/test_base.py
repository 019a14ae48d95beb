"""The frame of every page, and the pages that stand for what went wrong."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.models import User
from tests.config.figures.markup import elements, words

PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"]


def page(name: str = "404.html", user: Any = None, theme: str = "system", **context: Any) -> str:
    request = RequestFactory().get("/offers/?show=a")
    request.user = user or AnonymousUser()
    request.theme = theme  # type: ignore[attr-defined]
    return render_to_string(name, context, request=request)


@pytest.mark.parametrize("name", [*PAGES, "500.html"])
def test_a_page_has_one_heading_one_main_and_a_title(name) -> None:
    html = page(name)

    assert len(elements(html, "h1")) == len(elements(html, "main")) == 1
    assert words(html[html.index("<title>") : html.index("</title>")]).endswith("– Parley")
    assert elements(html, "html")[0]["lang"] == "en"


def test_the_page_for_our_own_faults_needs_no_request() -> None:
    assert "The fault is ours" in words(render_to_string("500.html"))


@pytest.mark.parametrize(
    ("theme", "chosen"), [("dark", "dark"), ("light", "light"), ("system", None)]
)
def test_a_saved_theme_is_on_the_page_before_it_paints(theme, chosen) -> None:
    assert elements(page(theme=theme), "html")[0].get("data-theme") == chosen


@pytest.mark.parametrize(
    ("theme", "offered"), [("system", "light"), ("light", "dark"), ("dark", "system")]
)
def test_the_theme_switch_offers_the_next_one(theme, offered) -> None:
    html = page(theme=theme)

    assert elements(html, "button", name="theme")[0]["value"] == offered
    assert elements(html, "input", name="next")[0]["value"] == "/offers/?show=a"
    assert elements(html, "form", action="/accounts/theme/", method="post")


def test_a_stranger_may_sign_in_or_up() -> None:
    html = page()

    links = {element["href"] for element in elements(html, "a")}
    assert {"/accounts/login/", "/accounts/signup/"} <= links
    assert not elements(html, "nav", aria_label="Main")


def test_a_person_sees_their_address_and_the_way_out() -> None:
    html = page(user=User(email="priya@example.com"))

    assert "priya@example.com" in words(html)
    assert elements(html, "form", action="/accounts/logout/", method="post")
    assert elements(html, "nav", aria_label="Main")
    assert "/curate/files/" not in {element["href"] for element in elements(html, "a")}


def test_a_curator_finds_the_bench() -> None:
    html = page(user=User(email="curator@example.com", is_staff=True))

    assert "/curate/files/" in {element["href"] for element in elements(html, "a")}


def test_htmx_is_told_to_stay_within_the_policy() -> None:
    (meta,) = elements(page(), "meta", name="htmx-config")

    config = json.loads(meta["content"])
    assert config["allowEval"] is False
    assert config["allowScriptTags"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0
    assert {"code": "422", "swap": True} in config["responseHandling"]


def test_every_request_of_htmx_carries_the_token() -> None:
    (body,) = elements(page(), "body")

    assert len(json.loads(body["hx-headers"])["X-CSRFToken"]) == 64


def test_scripts_come_from_files_of_ours() -> None:
    scripts = elements(page(), "script")

    assert [script["src"].rsplit("/", 1)[-1] for script in scripts] == ["htmx-2.min.js", "ui.js"]


def test_a_failed_form_is_named_in_the_title() -> None:
    html = page(form=SimpleNamespace(errors={"base": ["Wrong."]}))

    assert "<title>Error: There is nothing here" in html


@pytest.mark.parametrize(
    ("level", "tone"),
    [
        (constants.SUCCESS, "notice good"),
        (constants.INFO, "notice"),
        (constants.WARNING, "notice warn"),
        (constants.ERROR, "notice bad"),
    ],
)
def test_a_message_is_told_in_its_tone(level, tone) -> None:
    html = page(messages=[Message(level, "<Saved>")])

    tones = [(element.get("class") or "").strip() for element in elements(html, "div")]
    assert tones.count(tone) == 1
    assert "<Saved>" in words(html)


def test_ids_are_unique() -> None:
    found = [e["id"] for e in elements(page(user=User(email="a@example.com"))) if e.get("id")]

    assert len(found) == len(set(found))


def test_the_first_link_skips_to_the_content() -> None:
    html = page()

    assert elements(html, "a")[0]["href"] == "#main"
    assert elements(html, "main")[0]["id"] == "main"
