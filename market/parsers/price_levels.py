"""What places cost: price parities of US states (BEA) and of countries (World Bank)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from market.parsers.codes import COUNTRIES, STATES_BY_FIPS
from market.parsers.figures import Figure, FigureTable
from market.parsers.lines import Record, expect_header, lines, records, require_columns
from market.parsers.problems import BadFile, Problem

_DIGITS: Final = Decimal("0.00000001")
BEA_NEEDED: Final = ("GeoFIPS", "GeoName", "LineCode")
# The other line codes are incomes and a deflator.
BEA_MEASURES: Final = {
    "5": "rpp_all",
    "6": "rpp_goods",
    "7": "rpp_housing",
    "8": "rpp_utilities",
    "9": "rpp_services",
}
PPP_HEADER: Final = ("Country", "Country ID", "Year", "PPP")


def read_bea(file: BinaryIO) -> FigureTable:
    """Read regional price parities; the index of the United States is 100.

    The publisher writes Latin-1 and puts a space before each quoted code.
    """
    table = records(lines(file, encodings=("utf-8", "latin-1")))
    header = [name.strip() for name in next(table).cells]
    require_columns(header, BEA_NEEDED)
    if not any(_is_year(name) for name in header):
        raise BadFile("No column is a year.", line=1, column=str(len(header)))
    return FigureTable(header=header, rows=_bea_rows(table, header))


def _bea_rows(table: Iterator[Record], header: list[str]) -> Iterator[Figure | Problem]:
    for line, _, cells in table:
        if len(cells) == 1:
            continue  # the notes beneath the table
        if len(cells) != len(header):
            yield Problem(
                line=line,
                column=str(min(len(cells), len(header)) + 1),
                kind="cells",
                message=f"The row has {len(cells)} cells instead of {len(header)}.",
            )
            continue
        said = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        if said["LineCode"] not in BEA_MEASURES:
            continue
        fips = said["GeoFIPS"].strip('" ')
        if fips != "00000" and (fips[2:] != "000" or fips[:2] not in STATES_BY_FIPS):
            yield Problem(
                line=line,
                column="GeoFIPS",
                kind="value",
                message=f"{fips[:40]!r} is not the code of a state.",
            )
            continue
        code = "US" if fips == "00000" else f"US-{STATES_BY_FIPS[fips[:2]]}"
        for name, text in said.items():
            if not _is_year(name) or text == "(NA)":
                continue
            if (value := _positive(text)) is None:
                yield Problem(
                    line=line, column=name, kind="value", message=f"{text[:40]!r} is not an index."
                )
                continue
            yield Figure(
                line=line,
                measure=BEA_MEASURES[said["LineCode"]],
                code=code,
                date=f"{name}-01-01",
                period="year",
                value=value,
            )


def read_ppp(file: BinaryIO) -> FigureTable:
    """Read local units per dollar's worth. Groups of countries, which have codes too, are passed."""
    table = records(lines(file))
    header = next(table).cells
    expect_header(header, PPP_HEADER)
    return FigureTable(header=header, rows=_ppp_rows(table))


def _ppp_rows(table: Iterator[Record]) -> Iterator[Figure | Problem]:
    for line, _, cells in table:
        if len(cells) != len(PPP_HEADER):
            yield Problem(
                line=line,
                column="",
                kind="cells",
                message=f"The row has {len(cells)} cells instead of {len(PPP_HEADER)}.",
            )
            continue
        _, code, year, text = cells
        if code not in COUNTRIES:
            continue
        value = _positive(text)
        if not _is_year(year) or value is None:
            column, said = ("Year", year) if not _is_year(year) else ("PPP", text)
            yield Problem(
                line=line, column=column, kind="value", message=f"{said[:40]!r} cannot be read."
            )
            continue
        yield Figure(
            line=line, measure="ppp", code=code, date=f"{year}-01-01", period="year", value=value
        )


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and text.startswith(("19", "20"))


def _positive(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 < value < Decimal(10) ** 9:
        return None
    value = value.quantize(_DIGITS)
    return value if value > 0 else None
