"""What a parser of rates, price levels or occupations hands over."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from market.parsers.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One exchange rate or price level; `date` is ISO, the first day of the period."""

    line: int
    measure: str
    code: str
    date: str
    period: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A file of rates or price levels being read."""

    header: list[str]
    rows: Iterator[Figure | Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wage:
    """The published wages of one occupation; None where the office does not say."""

    line: int
    year: int
    occupation_code: str
    title: str
    employment: int | None
    mean: Decimal | None
    percentiles: tuple[Decimal | None, ...]
    mean_relative_error: Decimal | None
    top_coded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WageTable:
    """A workbook of occupational wages being read."""

    header: list[str]
    rows: Iterator[Wage | Problem]
