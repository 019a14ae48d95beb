"""Files of the outside world → rows, with typed problems. One module per format."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from market.parsers import (
    exchange_rates,
    filings,
    generic,
    occupations,
    price_levels,
    salaries,
    surveys,
)
from market.parsers.figures import FigureTable, WageTable
from market.parsers.generic import Vocabulary
from market.parsers.problems import BadFile, Problem
from market.parsers.rows import PayTable

__all__ = [
    "BadFile",
    "FigureTable",
    "PayTable",
    "Problem",
    "Vocabulary",
    "WageTable",
    "open_file",
]


def open_file(
    format_: str,
    file: BinaryIO,
    *,
    name: str,
    column_map: Mapping[str, Any],
    vocabulary: Vocabulary,
    survey_roles: Mapping[str, str],
) -> PayTable | FigureTable | WageTable:
    """Read the header of a file in one of our formats; the rows are read as they are asked for.

    Raises `BadFile`, here or while the rows are read, where the file is not what it should be.
    """
    match format_:
        case "salary_csv":
            return salaries.read(file)
        case "lca":
            return filings.read(file)
        case "stackoverflow":
            return surveys.read(file, name=name, families=survey_roles)
        case "generic":
            return generic.read(file, column_map=column_map, vocabulary=vocabulary)
        case "oews":
            return occupations.read(file, name=name)
        case "fed_fx":
            return exchange_rates.read_fed(file)
        case "ecb_fx":
            return exchange_rates.read_ecb(file)
        case "bea_rpp":
            return price_levels.read_bea(file)
        case "world_bank_ppp":
            return price_levels.read_ppp(file)
    raise ValueError(format_)
