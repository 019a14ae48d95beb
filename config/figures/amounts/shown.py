"""Figures as people read them."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol

Number = Decimal | int | float

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"

_ENGLISH: Final = Locale("en", "US")
CURRENCY_CODES: Final = frozenset(_ENGLISH.currencies)
_SYMBOLS_OF_OUR_OWN: Final = {"SGD": "S$"}
_ROOMY: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def money(value: Number, currency: str = "USD") -> str:
    """Return exact pay in whole units of the currency: `$265,000`."""
    return _priced(_fixed(value, 0), currency)


def price(value: Number, currency: str = "USD") -> str:
    """Return a price per share: `$18.40`, and up to six decimals where they say something."""
    fewest = get_currency_precision(currency)
    digits = _fixed(value, 6)
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0").ljust(fewest, "0")
    return _priced(f"{whole}.{fraction}" if fraction else whole, currency)


def headline(value: Number, currency: str = "USD") -> str:
    """Return three significant figures: `$2.00M`, `$545k`, `$7.3B`.

    Below ten thousand the exact amount is shorter than its abbreviation. Millions keep their
    zeros, because headlines stand in one row and are compared; thousands and billions drop them.
    """
    return _priced(_abbreviated(value, keeps_zeros=True), currency)


def tick(value: Number, currency: str = "USD") -> str:
    """Return the label of a round number on an axis: `$3M`, `$250k`, `$0`."""
    return _priced(_abbreviated(value, keeps_zeros=False), currency)


def money_range(low: Number, high: Number, currency: str = "USD") -> str:
    """Return `$1.72M to $2.34M`, or one figure where both ends read alike."""
    ends = headline(low, currency), headline(high, currency)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def percent(fraction: Number, decimals: int = 0) -> str:
    """Return a share of one as a percentage: `59%`.

    What is neither nothing nor everything never reads as 0% or 100%: it is `under 1%` or
    `over 99%`.
    """
    exact = _exact(fraction) * 100
    shown = _fixed(exact, decimals)
    step = Decimal(1).scaleb(-decimals)
    if exact > 0 and shown == _fixed(0, decimals):
        return f"under {_fixed(step, decimals)}%"
    if exact < 100 and shown == _fixed(100, decimals):
        return f"over {_fixed(100 - step, decimals)}%"
    return f"{shown}%"


def ownership(fraction: Number) -> str:
    """Return a stake in a company: `0.45%`, with two significant figures where it is smaller."""
    exact = _exact(fraction) * 100
    decimals = 2 if not exact else max(2, 1 - exact.adjusted())
    return f"{_fixed(exact, min(decimals, 12))}%"


def count(value: Number) -> str:
    """Return a number of shares: `42,000`, with decimals only for part of a share."""
    digits = _fixed(value, 4)
    return digits.rstrip("0").rstrip(".")


def count_short(value: Number) -> str:
    """Return a number of shares in three significant figures: `14.2M`."""
    return _abbreviated(value, keeps_zeros=True)


def day(value: date, as_of: date | None = None) -> str:
    """Return `Fri 4 Dec`, with the year where it is not the year of `as_of`."""
    text = f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1][:3]}"
    return text if as_of is None or as_of.year == value.year else f"{text} {value.year}"


def long_day(value: date) -> str:
    """Return `4 December 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def days_left(value: date, as_of: date) -> str:
    """Return how far away a day is: `11 days`, `1 day`, `today`, `3 days ago`."""
    days = (value - as_of).days
    if days == 0:
        return "today"
    words = "1 day" if abs(days) == 1 else f"{abs(days):,} days"
    return words if days > 0 else f"{words} ago"


@lru_cache(maxsize=512)
def symbol(currency: str) -> str:
    """Return what stands before an amount: `$`, `CA$`, or a code with a space that never breaks."""
    found = _SYMBOLS_OF_OUR_OWN.get(currency) or get_currency_symbol(currency, locale=_ENGLISH)
    return f"{found}{NO_BREAK}" if found[-1:].isalpha() else found


def _exact(value: Number) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("a figure on a page is a finite number")
    return exact


def _fixed(value: Number, decimals: int) -> str:
    exact = _exact(value).quantize(Decimal(1).scaleb(-decimals), context=_ROOMY)
    text = f"{abs(exact):,f}"
    return f"{MINUS}{text}" if exact < 0 else text


def _priced(digits: str, currency: str) -> str:
    sign = MINUS if digits.startswith(MINUS) else ""
    return f"{sign}{symbol(currency)}{digits.removeprefix(MINUS)}"


def _abbreviated(value: Number, *, keeps_zeros: bool) -> str:
    exact = _exact(value)
    whole = exact.quantize(Decimal(1), context=_ROOMY)
    if keeps_zeros and abs(whole) < 10_000:  # as it would read: 9,999.50 is 10k
        return _fixed(whole, 0)
    if exact:  # three significant figures first, so that 999,600 is 1.00M and never 1,000k
        exact = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), context=_ROOMY)
    for exponent, letter in ((12, "T"), (9, "B"), (6, "M"), (3, "k")):
        if abs(exact) >= Decimal(10) ** exponent:
            scaled = exact.scaleb(-exponent)
            digits = _fixed(scaled, max(0, 2 - scaled.adjusted()))
            keeps = keeps_zeros and letter == "M"
            return f"{digits if keeps else _trimmed(digits)}{letter}"
    return _trimmed(_fixed(exact, max(0, 2 - exact.adjusted())))


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
