"""Figures and days in plain text: found, read, and compared with what is on record."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

# Names that contain digits and state no figure.
TERMS_OF_ART: Final = re.compile(
    r"\b(?:409A|83\(b\)|401\(k\)|403\(b\)|Rule 144|S-8|H-1B|L-1|O-1|EB-1|EB-2)(?!\w)", re.IGNORECASE
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH: Final = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_DATE: Final = re.compile(
    rf"""\b(?:(?:{"|".join(f"{day[:3]}(?:{day[3:]})?" for day in WEEKDAYS)}),?\s+)?(?:the\s+)?
    (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>\d{{4}}))?
    |(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?
    |(?P<iso>\d{{4}}-\d{{2}}-\d{{2}}))""",
    re.VERBOSE | re.IGNORECASE,
)
_MAGNITUDES: Final = {
    "k": 3, "thousand": 3, "m": 6, "mm": 6, "million": 6, "bn": 9, "b": 9, "billion": 9,
}  # fmt: skip
_FIGURE: Final = re.compile(
    r"""(?<![\w.,])(?P<sign>(?:US|CA|C|A|S)?[$£€₹¥]|(?-i:[A-Z]{3})\s)?\s?
    (?P<digits>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?:\s?(?P<magnitude>thousand|million|billion|mm|bn|k|m|b)\b)?
    (?:\s?(?P<percent>%|percent\b|per\ cent\b))?""",
    re.VERBOSE | re.IGNORECASE,
)
_TIME: Final = re.compile(r"\b\d{1,2}(?::\d{2}|\s?(?:am|pm)\b)(?:\s?(?:am|pm)\b)?", re.IGNORECASE)
_NUMBERING: Final = re.compile(r"(?m)^\s*(?:\(\d{1,2}\)|\d{1,2}[.)])(?=\s)|\((?:\d|1\d)\)(?=\s)")
_SMALL: Final = (
    "three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_UNITS: Final = (
    "percent|per cent|dollars?|pounds?|euros?|shares?|options?|units?|business days?|working days?|"
    "days?|weeks?|months?|years?|times"
)
_SPELLED: Final = re.compile(
    rf"\b(?:(?:{_SMALL})(?:[\s-](?:{_SMALL}|one|two))?|hundreds?|thousands?|millions?|billions?|"
    rf"dozens?|grand|doubled?|triple[ds]?|quarter of|half of|twice|"
    rf"(?:an?|one|two)\s+(?:hundred|thousand|million|billion|dozen)|"
    rf"(?:one|two)\s+(?:{_UNITS}))\b",
    re.IGNORECASE,
)


class FigureKind(StrEnum):
    """What a figure in a text looks like."""

    AMOUNT = "amount"
    PERCENT = "percent"
    NUMBER = "number"
    SPELLED = "spelled"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure as it stands in a text."""

    kind: FigureKind
    text: str
    start: int
    value: Decimal | None = None
    day: int = 0
    month: int = 0
    year: int = 0
    is_rounded: bool = False

    def is_among(self, values: Collection[Decimal], dates: Collection[dt.date]) -> bool:
        """Say whether this figure is one of those on record; a short form may be rounded."""
        if self.kind is FigureKind.DATE:
            return any(
                (date.day, date.month) == (self.day, self.month) and self.year in {0, date.year}
                for date in dates
            )
        if self.value is None:
            return False
        slack = Decimal("0.005") * abs(self.value) if self.is_rounded else Decimal(0)
        return any(abs(value - self.value) <= slack for value in values)


def stated_figures(text: str) -> tuple[Stated, ...]:
    """Return every figure and day in a text, in order; numbering and terms of art are none."""
    rest = _without(text, TERMS_OF_ART)
    found = [_date(match) for match in _DATE.finditer(rest)]
    rest = _without(_without(_without(rest, _DATE), _NUMBERING), _TIME)
    found += [
        _figure(match) for match in _FIGURE.finditer(rest) if not _touches_a_word(rest, match)
    ]
    rest = _without(rest, _FIGURE)
    found += [
        Stated(kind=FigureKind.SPELLED, text=match[0], start=match.start())
        for match in _SPELLED.finditer(rest)
    ]
    return tuple(sorted(found, key=lambda figure: figure.start))


def bare_figures(text: str) -> tuple[str, ...]:
    """Return what states a figure in the words of a template: digits, signs, spelled numbers."""
    rest = _without(text, TERMS_OF_ART)
    marks = [
        word
        for word in rest.split()
        if any(
            unicodedata.category(character) in {"Nd", "Nl", "No", "Sc"} or character in "%‰"
            for character in word
        )
    ]
    return (*marks, *(match[0] for match in _SPELLED.finditer(rest)))


def weekdays_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield the weekdays named in a text, each with its number from Monday as 0."""
    for number, name in enumerate(WEEKDAYS):
        if re.search(rf"\b{name}\b", text, re.IGNORECASE):
            yield name.capitalize(), number


def _date(match: re.Match[str]) -> Stated:
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
    else:
        day = int(match["day"] or match["day2"])
        name = (match["month"] or match["month2"]).lower()[:3]
        month = next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name))
        year = int(match["year"] or match["year2"] or 0)
    return Stated(
        kind=FigureKind.DATE,
        text=match[0].strip(" .,"),
        start=match.start(),
        day=day,
        month=month,
        year=year,
    )


def _figure(match: re.Match[str]) -> Stated:
    digits = re.sub(r"[,\u00a0\u202f]", "", match["digits"])
    magnitude = (match["magnitude"] or "").lower()
    value = Decimal(digits).scaleb(_MAGNITUDES.get(magnitude, 0))
    kind = FigureKind.NUMBER
    if match["percent"]:
        kind, value = FigureKind.PERCENT, value.scaleb(-2)
    elif match["sign"]:
        kind = FigureKind.AMOUNT
    return Stated(
        kind=kind,
        text=match[0].strip(),
        start=match.start(),
        value=value,
        is_rounded=bool(magnitude),
    )


def _touches_a_word(text: str, match: re.Match[str]) -> bool:
    """Say whether the digits are part of a name such as `L5` or `3M-Lab`."""
    after = text[match.end() : match.end() + 1]
    return bool(after and (after.isalpha() or after == "_"))


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Return the text with what matches blanked, so that places stay the same."""
    return pattern.sub(lambda match: " " * len(match[0]), text)
