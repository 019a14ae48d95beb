"""The Stack Overflow survey: one respondent a row, stated total pay a year."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from market.parsers.amounts import Unreadable, decimal_text
from market.parsers.lines import Record, lines, records, require_columns
from market.parsers.problems import Problem
from market.parsers.rows import PayTable, Row, content_hash

NEEDED: Final = ("Employment", "RemoteWork", "DevType", "OrgSize", "Salary")
COLUMNS: Final = (
    "line",
    "content_hash",
    "raw",
    "title",
    "family_key",
    "employment_type",
    "country_code",
    "work_arrangement",
    "size",
    "observed_date",
    "amount",
    "currency",
    "total",
    "facts",
    "reason",
)
_REMOTE: Final = {
    "Remote": "remote",
    "Hybrid (some remote, some in-person)": "hybrid",
    "In-person": "on_site",
}
# 20 to 99 and 100 to 499 straddle our sizes: the band is kept as a fact, no size is forced on it.
_SIZES: Final = {
    "Just me - I am a freelancer, sole proprietor, etc.": "S",
    "2-9": "S",
    "10-19": "S",
    "500-999": "L",
    "1,000-4,999": "L",
    "5,000-9,999": "L",
    "10,000 or more": "L",
}
_YEAR: Final = re.compile(r"20[1-9]\d")
THIS_YEAR: Final = 2023
# Below, thousands were meant or nothing; above, nobody is paid.
LEAST: Final = 1_000
MOST: Final = 5_000_000


def read(file: BinaryIO, *, name: str, families: Mapping[str, str]) -> PayTable:
    """Hand over one row per respondent. The year is the one in the file's name, else 2023."""
    table = records(lines(file))
    header = [cell.strip() for cell in next(table).cells]
    require_columns(header, NEEDED)
    found = _YEAR.search(name)
    # The survey is open for three weeks in May.
    date = f"{found.group() if found else THIS_YEAR}-05-01"
    return PayTable(header=header, columns=COLUMNS, rows=_rows(table, header, date, families))


def _rows(
    table: Iterator[Record], header: list[str], date: str, families: Mapping[str, str]
) -> Iterator[Row | Problem]:
    for line, raw, cells in table:
        if len(cells) != len(header):
            yield Problem(
                line=line,
                column=str(min(len(cells), len(header)) + 1),
                kind="cells",
                message=f"The row has {len(cells)} cells instead of {len(header)}.",
            )
            continue
        said = dict(zip(header, cells, strict=True))
        try:
            amount = decimal_text(said["Salary"], "Salary")
        except Unreadable as error:
            yield Problem(line=line, column=error.what, kind="value", message=error.message)
            continue
        facts = {
            "dev_type": said["DevType"],
            "headcount": said["OrgSize"].replace("’", "'"),
            "years_professional": said.get("YearsCodePro", ""),
            "track": said.get("ICorPM", ""),
            "industry": said.get("Industry", ""),
        }
        yield (
            str(line),
            content_hash(raw),
            raw,
            said["DevType"][:300] or "Not stated",
            families.get(said["DevType"], ""),
            "FT" if "Employed, full-time" in said["Employment"] else "",
            "US",
            _REMOTE.get(said["RemoteWork"], ""),
            _SIZES.get(said["OrgSize"], ""),
            date,
            amount,
            "USD",
            amount,
            json.dumps({name: value for name, value in facts.items() if value}),
            "" if LEAST <= float(amount) <= MOST else "out_of_range",
        )
