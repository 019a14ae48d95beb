"""The national wage workbook of the US Bureau of Labor Statistics (OEWS)."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, Final

from market.parsers.amounts import Unreadable
from market.parsers.figures import Wage, WageTable
from market.parsers.problems import BadFile, Problem
from market.parsers.workbooks import first_sheet

NEEDED: Final = (
    "OCC_CODE",
    "OCC_TITLE",
    "O_GROUP",
    "TOT_EMP",
    "A_MEAN",
    "MEAN_PRSE",
    "A_PCT10",
    "A_PCT25",
    "A_MEDIAN",
    "A_PCT75",
    "A_PCT90",
)
PERCENTILES: Final = {
    "p10": "A_PCT10",
    "p25": "A_PCT25",
    "p50": "A_MEDIAN",
    "p75": "A_PCT75",
    "p90": "A_PCT90",
}
# At or above the ceiling; not released.
_CEILING: Final = "#"
_UNSAID: Final = {"*", "**", "", None}
_YEAR: Final = re.compile(r"(?:M|_|\b)(20[1-9]\d)(?!\d)")


def read(file: BinaryIO, *, name: str) -> WageTable:
    """Hand over the detailed occupations. The year is in the name of the sheet or of the file."""
    title, rows = first_sheet(file)
    header = [str(cell or "").strip().upper() for cell in next(rows, ())]
    for column in NEEDED:
        if column not in header:
            raise BadFile("The column is missing.", line=1, column=column)
    found = _YEAR.search(title) or _YEAR.search(name)
    if not found:
        raise BadFile("Neither the sheet nor the file is named after a year, such as M2024.")
    return WageTable(header=header, rows=_rows(rows, header, int(found.group(1))))


def _rows(
    rows: Iterator[tuple[Any, ...]], header: list[str], year: int
) -> Iterator[Wage | Problem]:
    for line, cells in enumerate(rows, 2):
        said = dict(zip(header, cells, strict=False))
        # A code can occur twice, as a broad and as a detailed occupation.
        if said.get("O_GROUP") != "detailed":
            continue
        try:
            figures = {key: _figure(said, column) for key, column in PERCENTILES.items()}
            error = _figure(said, "MEAN_PRSE")
            employment = _figure(said, "TOT_EMP")
            yield Wage(
                line=line,
                year=year,
                occupation_code=str(said["OCC_CODE"])[:10],
                title=str(said["OCC_TITLE"])[:200],
                employment=None if employment is None else int(employment),
                mean=_figure(said, "A_MEAN"),
                percentiles=tuple(figures.values()),
                mean_relative_error=None if error is None else error / 100,
                top_coded=tuple(
                    key for key, column in PERCENTILES.items() if said[column] == _CEILING
                ),
            )
        except Unreadable as unreadable:
            yield Problem(
                line=line, column=unreadable.what, kind="value", message=unreadable.message
            )


def _figure(said: dict[str, Any], column: str) -> Decimal | None:
    value = said.get(column)
    text = value.strip() if isinstance(value, str) else value
    if text in _UNSAID or text == _CEILING:
        return None
    try:
        return Decimal(str(text).replace(",", ""))
    except InvalidOperation:
        raise Unreadable(column, str(text), "a figure") from None
