"""Every address, whatever app it belongs to: closed to strangers, and deaf to nonsense."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from tests.accounts.conftest import Estate, estate  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

OURS = {"accounts", "market", "negotiation", "offers"}
METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]


def routes(patterns: Any = None, namespace: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield (name, pattern) of every address of ours that takes arguments or not."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin" or pattern.app_name == "admin":
                continue
            inner = (*namespace, pattern.namespace) if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif pattern.name:
            yield ":".join([*namespace, pattern.name]), pattern


ROUTES = dict(routes())
WITH_KEYS = {
    name: list(pattern.pattern.converters)
    for name, pattern in ROUTES.items()
    if any(type(each).__name__ == "IntConverter" for each in pattern.pattern.converters.values())
}


def keys() -> list[int]:
    """Return the keys of every row of ours that there is."""
    found: set[int] = set()
    for model in apps.get_models():
        if model._meta.app_label in OURS and hasattr(model.objects, "visible_to"):
            found.update(model.objects.values_list("pk", flat=True))
    return sorted(key for key in found if isinstance(key, int))


def addresses_of(name: str, numbers: list[int]) -> Iterator[str]:
    """Yield the addresses of this name; a word in it is a word that means nothing."""
    converters = ROUTES[name].pattern.converters
    numeric = [each for each, c in converters.items() if type(c).__name__ == "IntConverter"]
    numbers = numbers if numeric else numbers[:1]
    words = {each: "role" for each in converters if each not in numeric}
    # Of two keys the first one decides; forms on pages lead to those that belong together.
    others = numbers[:1] if len(numeric) > 1 else []
    for combination in {(key, second) for key in numbers for second in (key, *others)}:
        given = dict(zip(numeric, (*combination, *combination[-1:]), strict=False))
        try:
            yield reverse(name, kwargs={**given, **words})
        except NoReverseMatch:
            continue


def test_walk_meets_what_people_own() -> None:
    assert {"offers:offer_detail", "offers:share_revoke"} <= set(WITH_KEYS)


@pytest.mark.parametrize("method", METHODS)
def test_strangers_find_nothing_by_any_method(
    estate: Estate,  # noqa: F811
    stranger: Any,
    client_of: Any,
    method: str,
) -> None:
    client = client_of(stranger)
    numbers = keys()
    assert len(numbers) >= 3

    answers = {
        (name, address, getattr(client, method)(address).status_code)
        for name in WITH_KEYS
        for address in addresses_of(name, numbers[:12])
    }

    # What only staff may see says so to everybody, whether it exists or not.
    assert {answer for answer in answers if answer[2] not in {403, 404}} == set()
    assert {name for name, _, status in answers if status == 403 and "curat" not in name} == set()


class Forms(HTMLParser):
    """The forms of a page: method, action and the names of its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("method") or "get", given.get("action") or "", []))
        elif tag in {"input", "select", "textarea", "button"} and self.forms and given.get("name"):
            self.forms[-1][2].append(given["name"])


NONSENSE = (
    "", " ", "0", "-1", "1e999", "NaN", "Infinity", "\x00", "a\x00b", "😀" * 20, "x" * 70_000, "9" * 400,
    "0.0000001", "100%", "33.33%", "$1,000", "1.2m", "<script>", "'; DROP TABLE", "{{ 7*7 }}", "%s%n",
    "\u202e", "\r\n\r\n", "on", "none", "0001-01-01", "9999-12-31", "2026-02-30", "31/12/2026", "us-sf-bay",
    "999999999999999999", "½", "٣", "../../etc/passwd", "[]", "{}", "null",
)  # fmt: skip
A_WHOLE_FILE = "1234567890 " * 900_000  # about 10 MB, pasted into one field
SHARE_OF_FILES = 0.25
# What ends the visit, or the account.
LEFT_ALONE = re.compile(r"log-?out|/delete|/accounts/(2fa|security|sessions|settings)|theme")


def test_no_form_of_any_page_stumbles_over_nonsense(
    estate: Estate,  # noqa: F811
    client_of: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("config.http.is_over_limit", lambda **_: False)
    client: Client = client_of(estate.owner)
    client.raise_request_exception = False
    dice = random.Random(20261124)  # noqa: S311 -- the same nonsense at every run
    numbers = keys()[:24]
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    failed: list[tuple[str, dict[str, str]]] = []

    for name, pattern in ROUTES.items():
        if not hasattr(pattern.pattern, "_route"):
            continue  # a key of allauth's that only its mail knows
        for address in addresses_of(name, numbers):
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            reader = Forms()
            reader.feed(answer.content.decode())
            for method, action, fields in reader.forms:
                form = (method.lower(), re.sub(r"\d+", "N", urlsplit(action).path), tuple(fields))
                if form in seen or LEFT_ALONE.search(action or address):
                    continue
                seen.add(form)
                for _ in range(4):
                    typed = {field: dice.choice(NONSENSE) for field in fields}
                    if fields and form[0] == "post" and dice.random() < SHARE_OF_FILES:
                        typed[dice.choice(fields)] = A_WHOLE_FILE
                    typed.pop("csrfmiddlewaretoken", None)
                    send = client.post if form[0] == "post" else client.get
                    if send(action or address, typed).status_code >= 500:
                        failed.append((action or address, typed))

    assert failed == []
    assert len(seen) > 15
