"""Exchange rates of the Federal Reserve and of the European Central Bank."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from market.parsers.codes import CURRENCIES, CURRENCY_OF_COUNTRY
from market.parsers.figures import Figure, FigureTable
from market.parsers.lines import Record, expect_header, lines, records
from market.parsers.problems import BadFile, Problem

FED_HEADER: Final = ("Date", "Country", "Exchange rate")
_DIGITS: Final = Decimal("0.00000001")


def read_fed(file: BinaryIO) -> FigureTable:
    """Read units per US dollar, averages of a month or a year.

    Every value is units per dollar, the four currencies included that the publisher's page says
    are quoted the other way. A file with no date but 1 January is one of years.
    """
    table = records(lines(file))
    header = next(table).cells
    expect_header(header, FED_HEADER)
    return FigureTable(header=header, rows=_fed_rows(table))


def _fed_rows(table: Iterator[Record]) -> Iterator[Figure | Problem]:
    rows = list(table)  # a few thousand lines of a few bytes
    is_yearly = all(row.cells[0].endswith("-01-01") for row in rows)
    period = "year" if is_yearly else "month"
    for line, _, cells in rows:
        if len(cells) != len(FED_HEADER):
            yield _problem(line, "", f"The row has {len(cells)} cells instead of 3.", "cells")
            continue
        date, country, text = cells
        if not _is_date(date):
            yield _problem(line, "Date", f"{date[:40]!r} is not a date such as 2026-06-01.")
        elif country not in CURRENCY_OF_COUNTRY:
            yield _problem(line, "Country", f"No currency is known for {country[:40]!r}.")
        elif (value := _positive(text)) is None:
            yield _problem(line, "Exchange rate", f"{text[:40]!r} is not a rate.")
        else:
            code = CURRENCY_OF_COUNTRY[country]
            yield Figure(
                line=line, measure="rate", code=code, date=date, period=period, value=value
            )


def read_ecb(file: BinaryIO) -> FigureTable:
    """Read units per euro on working days, and hand over units per US dollar."""
    table = records(lines(file))
    header = [name.strip() for name in next(table).cells]
    if header[0] != "Date":
        raise BadFile("The header does not begin with Date.", line=1, column="1")
    if "USD" not in header:
        raise BadFile(
            "The column is missing: without it nothing is per dollar.", line=1, column="USD"
        )
    return FigureTable(header=header, rows=_ecb_rows(table, header))


def _ecb_rows(table: Iterator[Record], header: list[str]) -> Iterator[Figure | Problem]:
    for line, _, cells in table:
        said = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        date = _ecb_date(said["Date"])
        dollars = _positive(said.get("USD", ""))
        if not date:
            yield _problem(line, "Date", f"{said['Date'][:40]!r} is not a date.")
            continue
        if dollars is None:
            yield _problem(line, "USD", f"{said.get('USD', '')[:40]!r} is not a rate.")
            continue
        yield _ecb_figure(line, "EUR", date, Decimal(1) / dollars)
        for code, text in said.items():
            if code in {"Date", "USD", ""} or text in {"N/A", ""}:
                continue
            value = _positive(text)
            if code not in CURRENCIES or value is None:
                yield _problem(line, code, f"{text[:40]!r} is not a rate of a known currency.")
                continue
            yield _ecb_figure(line, code, date, value / dollars)


def _ecb_figure(line: int, code: str, date: str, value: Decimal) -> Figure:
    return Figure(
        line=line,
        measure="rate",
        code=code,
        date=date,
        period="day",
        value=value.quantize(_DIGITS),
    )


def _ecb_date(text: str) -> str:
    """Return an ISO date, from one or from `13 April 2026`."""
    if _is_date(text):
        return text
    try:
        found = dt.datetime.strptime(text, "%d %B %Y").replace(tzinfo=dt.UTC)
    except ValueError:
        return ""
    return found.date().isoformat()


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _positive(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 < value < Decimal(10) ** 9 else None


def _problem(line: int, column: str, message: str, kind: str = "value") -> Problem:
    return Problem(line=line, column=column, kind=kind, message=message)
