"""What a parser of pay hands over: its columns, and rows of text ready to be copied."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from market.parsers.problems import Problem

# Everything a row can say, each a column of the staging table. An empty text is an unknown.
COLUMNS: Final = (
    "line",
    "content_hash",
    "range_run",
    "raw",
    "case_number",
    "employer",
    "employer_key",
    "title",
    "occupation_code",
    "family_key",
    "experience",
    "level_label",
    "employment_type",
    "country_code",
    "subdivision",
    "city",
    "residence_code",
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
    "base_usd",
    "facts",
    "reason",
)
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTable:
    """A file of pay figures being read."""

    header: list[str]
    columns: tuple[str, ...]
    rows: Iterator[Row | Problem]


def content_hash(text: str) -> str:
    """Return 128 bits that tell one content from another, in hexadecimal."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
