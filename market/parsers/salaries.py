"""The salary files of aijobs.net, infosec-jobs.com and devops-jobs.net."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from market.parsers.codes import COUNTRIES, CURRENCIES
from market.parsers.lines import Record, expect_header, lines, records
from market.parsers.problems import Problem
from market.parsers.rows import PayTable, Row, content_hash

HEADER: Final = (
    "work_year",
    "experience_level",
    "employment_type",
    "job_title",
    "salary",
    "salary_currency",
    "salary_in_usd",
    "employee_residence",
    "remote_ratio",
    "company_location",
    "company_size",
)
COLUMNS: Final = (
    "line",
    "content_hash",
    "range_run",
    "raw",
    "observed_date",
    "experience",
    "employment_type",
    "title",
    "amount",
    "currency",
    "base_usd",
    "residence_code",
    "work_arrangement",
    "country_code",
    "size",
)
_YEARS: Final = {str(year): f"{year}-01-01" for year in range(2015, 2100)}
_EXPERIENCES: Final = {code: code for code in ("EN", "MI", "SE", "EX")}
_EMPLOYMENTS: Final = {code: code for code in ("FT", "PT", "CT", "FL")}
_REMOTES: Final = {"0": "on_site", "50": "hybrid", "100": "remote"}
_SIZES: Final = {code: code for code in "SML"}
_COUNTRIES: Final = {code: code for code in COUNTRIES}
_CURRENCIES: Final = {code: code for code in CURRENCIES}
# What each column may say and what we call it; the title and the amounts are checked by hand.
_CODES: Final = (
    (0, _YEARS, "a year such as 2025"),
    (1, _EXPERIENCES, "EN, MI, SE or EX"),
    (2, _EMPLOYMENTS, "FT, PT, CT or FL"),
    (5, _CURRENCIES, "a currency code such as USD"),
    (7, _COUNTRIES, "a country code such as US"),
    (8, _REMOTES, "0, 50 or 100"),
    (9, _COUNTRIES, "a country code such as US"),
    (10, _SIZES, "S, M or L"),
)


def read(file: BinaryIO) -> PayTable:
    """Read the header, and hand over the rows as they are read.

    Neighbouring rows share a `range_run` while each is the row before at the same or lower pay:
    within a run, two and two are the ends of one advertised range.
    """
    table = records(lines(file))
    header = next(table).cells
    expect_header(header, HEADER)
    return PayTable(header=header, columns=COLUMNS, rows=_rows(table))


def _rows(table: Iterator[Record]) -> Iterator[Row | Problem]:
    run, salary_before = 0, 0
    before: tuple[str, ...] = ()
    for line, raw, cells in table:
        try:
            (
                year,
                experience,
                employment,
                title,
                salary,
                currency,
                usd,
                home,
                remote,
                place,
                size,
            ) = cells
            row = (
                str(line),
                content_hash(raw),
                "",
                raw,
                _YEARS[year],
                _EXPERIENCES[experience],
                _EMPLOYMENTS[employment],
                title,
                salary,
                _CURRENCIES[currency],
                usd,
                _COUNTRIES[home],
                _REMOTES[remote],
                _COUNTRIES[place],
                _SIZES[size],
            )
        except (KeyError, ValueError):
            yield _problem(line, cells)
            continue
        if not (_is_amount(salary) and _is_amount(usd) and 0 < len(title) <= 300):
            yield _problem(line, cells)
            continue
        alike, amount = (
            (year, experience, employment, title, currency, home, remote, place, size),
            int(salary),
        )
        if alike != before or amount > salary_before:
            run += 1
        before, salary_before = alike, amount
        yield (*row[:2], str(run), *row[3:])


def _is_amount(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 12


def _problem(line: int, cells: list[str]) -> Problem:
    """Say which cell of a row cannot be read."""
    if len(cells) != len(HEADER):
        return Problem(
            line=line,
            column=str(min(len(cells), len(HEADER)) + 1),
            kind="cells",
            message=f"The row has {len(cells)} cells instead of {len(HEADER)}.",
        )
    for position, codes, wanted in _CODES:
        if cells[position] not in codes:
            return _unknown(line, HEADER[position], cells[position], wanted)
    for name in ("salary", "salary_in_usd"):
        if not _is_amount(value := cells[HEADER.index(name)]):
            return _unknown(line, name, value, "a whole amount")
    return _unknown(line, "job_title", cells[3], "a title of at most 300 characters")


def _unknown(line: int, column: str, value: str, wanted: str) -> Problem:
    return Problem(
        line=line, column=column, kind="value", message=f"{value[:40]!r} is not {wanted}."
    )
