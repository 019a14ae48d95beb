"""Cells of a file that spreadsheets open."""

from decimal import Decimal
from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula.

    Text that begins like one gets an apostrophe in front; numbers stay numbers.
    """
    if isinstance(value, (int, float, Decimal)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_STARTS) else text
