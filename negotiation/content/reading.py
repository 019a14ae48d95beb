"""Reads the shipped content from its files. What ships is versioned together, by `VERSION`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

VERSION: Final = 1
HERE: Final = Path(__file__).parent
_CHANNELS: Final = {"call": "call", "e-mail": "email"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedScript:
    """One template: a situation, a channel, a tone, and its text."""

    situation: str
    channel: str
    tone: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.situation}-{self.channel}-{self.tone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedQuestion:
    """One question of the equity checklist."""

    key: str
    position: int
    question: str
    short: str
    why: str
    good: str
    fair: str
    bad: str
    refusal: str
    suggested_ask: str
    term_ask: str
    importance: str
    applies_to: tuple[str, ...]
    fills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedCard:
    """One objection: what they say, what it means, what to reply, where to go on."""

    key: str
    position: int
    they_say: str
    means: str
    reply: str
    next_situation: str
    keywords: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedText:
    """One text of the handbook, with who reports what it says."""

    key: str
    position: int
    title: str
    body: str
    reported_by: str
    year: int | None
    sample: str
    limits: str


def shipped_scripts(directory: Path = HERE / "scripts") -> tuple[ShippedScript, ...]:
    """Return every template, by situation, channel and tone."""
    return tuple(row for path in sorted(directory.glob("S*.md")) for row in _scripts(path))


def shipped_questions() -> tuple[ShippedQuestion, ...]:
    """Return the questions in the order of their worth."""
    return tuple(_rows(ShippedQuestion, "questions.json"))


def shipped_cards() -> tuple[ShippedCard, ...]:
    """Return the objection cards."""
    return tuple(_rows(ShippedCard, "cards.json"))


def shipped_texts() -> tuple[ShippedText, ...]:
    """Return the texts of the handbook."""
    return tuple(_rows(ShippedText, "handbook.json"))


def _scripts(path: Path) -> Iterator[ShippedScript]:
    parts = re.split(r"^# (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for head, text in zip(parts[::2], parts[1::2], strict=True):
        channel, tone = head.split(", ")
        yield ShippedScript(
            situation=path.stem, channel=_CHANNELS[channel], tone=tone, text=text.strip()
        )


def _rows(model: type[Any], name: str) -> Iterator[Any]:
    rows = json.loads((HERE / name).read_text(encoding="utf-8"))
    names = {field.name for field in fields(model)}
    for position, row in enumerate(rows):
        values = {"position": position, **row}
        yield model(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in values.items()
                if key in names
            }
        )
