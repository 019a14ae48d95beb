"""Amounts as files write them, and what they are in a year."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

# How often a unit comes in a year of 52 weeks of 40 hours.
PER_YEAR: Final = {"year": 1, "month": 12, "fortnight": 26, "week": 52, "hour": 2080}
_MARKS: Final = re.compile(r"[$€£¥₹\s\u00a0\u202f']")
_ENGLISH: Final = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
_CONTINENTAL: Final = re.compile(
    r"^\d{1,3}(\.\d{3}){2,}(,\d+)?$|^\d{1,3}(\.\d{3})+,\d+$|^\d+,\d{1,2}$"
)
MOST: Final = Decimal(10) ** 13


class Unreadable(Exception):
    """A cell that does not say what its column is for."""

    def __init__(self, what: str, value: str, wanted: str) -> None:
        self.what = what
        self.message = f"{value[:40]!r} is not {wanted}." if value else f"There is not {wanted}."
        super().__init__(self.message)


def decimal_text(text: str, what: str) -> str:
    """Return an amount as plain digits; raise `Unreadable` where it is none, or less than zero."""
    plain = _MARKS.sub("", text)
    if _ENGLISH.match(plain):
        plain = plain.replace(",", "")
    elif _CONTINENTAL.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Unreadable(what, text, "an amount") from None
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise Unreadable(what, text, "an amount")
    return f"{amount:f}"


def yearly(amount: str, unit: str) -> str:
    """Return an amount per unit as an amount per year, to the cent."""
    return f"{(Decimal(amount) * PER_YEAR[unit]).quantize(Decimal('0.01')):f}"
