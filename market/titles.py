"""Job titles → role families, by ordered rules on a normalised title."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SPACES: Final = str.maketrans("/-,()", "     ")
_DROPPED: Final = re.compile(r"[^a-z0-9+#.à-ÿ ]")
_WORDS: Final = {"sr": "senior", "sr.": "senior", "jr": "junior", "jr.": "junior"}
_PHRASES: Final = (
    ("fullstack", "full stack"),
    ("back end", "backend"),
    ("front end", "frontend"),
)
# Jobs that employers write in the plural: "Analysts", "Software Developers".
_PLURAL: Final = re.compile(
    r"\b(analyst|engineer|scientist|developer|manager|architect|consultant|specialist|programmer"
    r"|administrator|designer|researcher|technician|associate|director|officer|coordinator|tester"
    r"|economist|statistician|lead|expert)s\b"
)


class BadPattern(Exception):
    """A rule whose pattern is no regular expression, or not one to run on every title."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, where it leads, and how sure that is."""

    pk: int
    pattern: "re.Pattern[str]"
    role_family_id: int
    confidence: str


@lru_cache(maxsize=20_000)
def normalised(title: str) -> str:
    """Return the title as rules see it: lower case, no punctuation, one spelling of each word."""
    text = title.lower().replace("&", " and ").translate(_SPACES)
    text = " ".join(_WORDS.get(word, word) for word in _DROPPED.sub("", text).split())
    for spelling, ours in _PHRASES:
        text = text.replace(spelling, ours)
    return _PLURAL.sub(r"\1", text)


def first_match(title: str, rules: Sequence[Rule]) -> Rule | None:
    """Return the first rule that matches, or None: the title is unmapped."""
    text = normalised(title)
    return next((rule for rule in rules if rule.pattern.search(text)), None)


def mapped(titles: Iterable[str], rules: Sequence[Rule]) -> dict[str, Rule | None]:
    """Return the rule of each title."""
    return {title: first_match(title, rules) for title in titles}
