"""Any CSV of pay, read by a map from our facts to its columns that a curator makes on screen.

The map has two parts: `columns`, a fact to the name of the column that says it, and `constants`, a
fact to what holds for every row. A fact that neither names is unknown. docs/market-data.md lists
the facts and how their values may be written.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from market.parsers.amounts import PER_YEAR, Unreadable, decimal_text, yearly
from market.parsers.codes import COUNTRIES, CURRENCIES
from market.parsers.filings import employer_key
from market.parsers.lines import Record, lines, records
from market.parsers.problems import BadFile, Problem
from market.parsers.rows import PayTable, Row, content_hash

# Every fact, in the order a form shows them.
FACTS: Final = {
    "title": "Job title",
    "amount": "Base pay",
    "low": "Lower end of a range",
    "high": "Upper end of a range",
    "bonus": "Bonus a year",
    "equity": "Equity a year",
    "total": "Total pay a year",
    "currency": "Currency",
    "unit": "Unit of base pay",
    "date": "Date",
    "year": "Year",
    "country": "Country",
    "subdivision": "State or province",
    "city": "City",
    "work_arrangement": "Work arrangement",
    "experience": "Experience",
    "level": "Level",
    "employment_type": "Employment type",
    "employer": "Employer",
    "size": "Company size",
    "stage": "Company stage",
    "case_number": "Publisher's own number",
}
COLUMNS: Final = (
    "line",
    "content_hash",
    "raw",
    "case_number",
    "employer",
    "employer_key",
    "title",
    "experience",
    "level_label",
    "employment_type",
    "country_code",
    "subdivision",
    "city",
    "work_arrangement",
    "stage_key",
    "size",
    "observed_date",
    "amount",
    "currency",
    "unit",
    "base",
    "bonus",
    "equity",
    "total",
    "low",
    "high",
    "facts",
)
_EXPERIENCES: Final = {
    "en": "EN", "entry": "EN", "entry level": "EN", "junior": "EN", "graduate": "EN",
    "mi": "MI", "mid": "MI", "mid level": "MI", "intermediate": "MI",
    "se": "SE", "senior": "SE", "senior level": "SE", "staff": "SE", "principal": "SE",
    "ex": "EX", "executive": "EX", "director": "EX",
}  # fmt: skip
_EMPLOYMENTS: Final = {
    "ft": "FT", "full time": "FT", "pt": "PT", "part time": "PT", "ct": "CT", "contract": "CT",
    "fl": "FL", "freelance": "FL",
}  # fmt: skip
_ARRANGEMENTS: Final = {
    "0": "on_site", "on site": "on_site", "onsite": "on_site", "office": "on_site",
    "in person": "on_site", "50": "hybrid", "hybrid": "hybrid", "100": "remote",
    "remote": "remote", "fully remote": "remote",
}  # fmt: skip
_UNITS: Final = {
    "year": "year", "yearly": "year", "annual": "year", "pa": "year", "month": "month",
    "monthly": "month", "fortnight": "fortnight", "bi weekly": "fortnight", "week": "week",
    "weekly": "week", "hour": "hour", "hourly": "hour",
}  # fmt: skip
_SIZES: Final = {"s": "S", "m": "M", "l": "L", "small": "S", "medium": "M", "large": "L"}
_DATE_FORMS: Final = ("%Y-%m-%d", "%Y-%m", "%Y", "%d.%m.%Y", "%d %B %Y", "%B %Y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a file may say beside our own words: levels of a ladder, and stages."""

    levels: Mapping[str, str] = field(default_factory=dict)
    experience_of_level: Mapping[str, str] = field(default_factory=dict)
    stages: frozenset[str] = frozenset()


def header_of(file: BinaryIO) -> list[str]:
    """Return the column names of a CSV, whatever separates them."""
    header, _, _ = _open(file)
    return header


def read(file: BinaryIO, *, column_map: Mapping[str, Any], vocabulary: Vocabulary) -> PayTable:
    """Hand over one row per line, as the map says."""
    header, table, _ = _open(file)
    columns = {fact: name for fact, name in column_map.get("columns", {}).items() if name}
    constants = {fact: value for fact, value in column_map.get("constants", {}).items() if value}
    for fact, name in columns.items():
        if name not in header:
            raise BadFile(
                f"The map takes {FACTS[fact].lower()} from this column, and the file has none of "
                "that name.",
                line=1,
                column=name,
            )
    said = columns | constants
    if "title" not in said:
        raise BadFile("The map does not say which column is the job title.", line=1)
    if not {"amount", "total", "low"} & set(said):
        raise BadFile("The map does not say which column is the pay.", line=1)
    for needed, others in (("currency", set()), ("year", {"date"}), ("country", set())):
        if not ({needed} | others) & set(said):
            raise BadFile(f"The map does not say the {FACTS[needed].lower()}.", line=1)
    return PayTable(
        header=header,
        columns=COLUMNS,
        rows=_rows(table, header, columns, constants, vocabulary),
    )


def _open(file: BinaryIO) -> tuple[list[str], Iterator[Record], str]:
    text = lines(file)
    first = next(text)
    delimiter = max(",;\t|", key=first.count)

    def from_the_top() -> Iterator[str]:
        yield first
        yield from text

    table = records(from_the_top(), delimiter=delimiter)
    header = [name.strip() for name in next(table).cells]
    doubled = next((name for name in header if name and header.count(name) > 1), None)
    if doubled:
        raise BadFile("Two columns have this name.", line=1, column=doubled)
    return header, table, delimiter


def _rows(
    table: Iterator[Record],
    header: list[str],
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    vocabulary: Vocabulary,
) -> Iterator[Row | Problem]:
    where = {fact: header.index(name) for fact, name in columns.items()}
    for line, raw, cells in table:
        if len(cells) != len(header):
            yield Problem(
                line=line,
                column=str(min(len(cells), len(header)) + 1),
                kind="cells",
                message=f"The row has {len(cells)} cells instead of {len(header)}.",
            )
            continue
        said = {**constants, **{fact: cells[at].strip() for fact, at in where.items()}}
        try:
            yield (str(line), content_hash(raw), raw, *_cells(said, vocabulary))
        except Unreadable as error:
            yield Problem(
                line=line,
                column=columns.get(error.what, error.what),
                kind="value",
                message=error.message,
            )


def _cells(said: Mapping[str, str], vocabulary: Vocabulary) -> Row:
    if not said.get("title"):
        raise Unreadable("title", "", "a job title")
    unit = _word(said, "unit", _UNITS, "a unit such as year or hour") or "year"
    pay = {
        fact: decimal_text(said[fact], fact) if said.get(fact) else ""
        for fact in ("amount", "low", "high", "bonus", "equity", "total")
    }
    low, high = (yearly(pay[end], unit) if pay[end] else "" for end in ("low", "high"))
    if low and high and float(low) > float(high):
        raise Unreadable("low", said["low"], "at most the upper end")
    if not (low and high):
        low, high = low or high, ""
    base = yearly(pay["amount"], unit) if pay["amount"] else low
    if not base and not pay["total"]:
        raise Unreadable("amount", "", "an amount")
    level = _level(said, vocabulary)
    experience = _word(said, "experience", _EXPERIENCES, "entry, mid, senior or executive")
    return (
        said.get("case_number", "")[:40],
        said.get("employer", "")[:200],
        employer_key(said.get("employer", "")),
        said["title"][:300],
        experience or vocabulary.experience_of_level.get(level, ""),
        level,
        _word(said, "employment_type", _EMPLOYMENTS, "full time, part time, contract or freelance"),
        _code(said, "country", COUNTRIES, "a country code such as US"),
        said.get("subdivision", "")[:10].upper(),
        said.get("city", "")[:80],
        _word(said, "work_arrangement", _ARRANGEMENTS, "on site, hybrid or remote"),
        _code(said, "stage", vocabulary.stages, "a stage such as series_b", fold=str.lower),
        _word(said, "size", _SIZES, "S, M or L"),
        _date(said),
        pay["amount"] or pay["low"] or pay["high"] or pay["total"],
        _code(said, "currency", CURRENCIES, "a currency code such as USD"),
        unit,
        base,
        pay["bonus"],
        pay["equity"],
        pay["total"],
        low if high else "",
        high,
        json.dumps({"per_year": PER_YEAR[unit]}) if unit != "year" else "",
    )


def _word(said: Mapping[str, str], fact: str, words: Mapping[str, str], wanted: str) -> str:
    text = said.get(fact, "")
    if not text:
        return ""
    found = words.get(" ".join(text.lower().replace("-", " ").replace("_", " ").split()))
    if found is None:
        raise Unreadable(fact, text, wanted)
    return found


def _code(
    said: Mapping[str, str],
    fact: str,
    codes: frozenset[str],
    wanted: str,
    fold: Any = str.upper,
) -> str:
    text = fold(said.get(fact, ""))
    if not text and fact == "stage":
        return ""
    if text not in codes:
        raise Unreadable(fact, said.get(fact, ""), wanted)
    return str(text)


def _level(said: Mapping[str, str], vocabulary: Vocabulary) -> str:
    text = said.get("level", "")
    if not text:
        return ""
    found = vocabulary.levels.get(text.lower())
    if found is None:
        raise Unreadable("level", text, "a level of the ladder")
    return found


def _date(said: Mapping[str, str]) -> str:
    fact = "date" if said.get("date") else "year"
    text = said.get(fact, "")
    for form in _DATE_FORMS:
        try:
            found = dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if found.year >= 1990:
            return found.isoformat()
    raise Unreadable(fact, text, "a date such as 2026-05-31, or a year")
