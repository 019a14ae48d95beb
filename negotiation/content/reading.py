"""Reads the shipped content from its files. What ships is versioned together, by `VERSION`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
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


def shipped_questions() -> list[dict[str, Any]]:
    """Return the questions in the order of their worth, with the columns of `Question`."""
    return _rows("questions.json")


def shipped_cards() -> list[dict[str, Any]]:
    """Return the objection cards, with the columns of `ObjectionCard`."""
    return _rows("cards.json")


def shipped_texts() -> list[dict[str, Any]]:
    """Return the texts of the handbook, with the columns of `HandbookText`."""
    return _rows("handbook.json")


def shipped_scripts(directory: Path = HERE / "scripts") -> tuple[ShippedScript, ...]:
    """Return every template, by situation, channel and tone."""
    return tuple(row for path in sorted(directory.glob("S*.md")) for row in _scripts(path))


def _scripts(path: Path) -> Iterator[ShippedScript]:
    parts = re.split(r"^# (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for head, text in zip(parts[::2], parts[1::2], strict=True):
        channel, tone = head.split(", ")
        yield ShippedScript(
            situation=path.stem, channel=_CHANNELS[channel], tone=tone, text=text.strip()
        )


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return [{"position": position, **row} for position, row in enumerate(rows)]
