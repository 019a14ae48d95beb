"""Figures as people type them."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from config.figures.amounts.shown import CURRENCY_CODES

# Far beyond any company, far below what a column holds.
_LARGEST: Final = Decimal(10) ** 15
_LONGEST: Final = 100


class UnreadableAmount(ValueError):
    """What was typed is not a figure; the message says so in the words of the person typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money as typed: exact, with its currency where one was written beside it."""

    value: Decimal
    currency: str | None = None


_SIGNS: Final = {"us$": "USD", "ca$": "CAD", "cad$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD",
                 "sg$": "SGD", "s$": "SGD", "hk$": "HKD", "nz$": "NZD", "nt$": "TWD", "mx$": "MXN",
                 "r$": "BRL", "cn¥": "CNY", "rmb": "CNY", "rs.": "INR", "rs": "INR", "fr.": "CHF",
                 "sfr": "CHF", "zł": "PLN", "kč": "CZK", "$": "USD", "£": "GBP", "€": "EUR",
                 "₹": "INR", "¥": "JPY", "₩": "KRW", "₪": "ILS"}  # fmt: skip
# A bare sign is whatever the form expects, if that is one of the currencies written so.
_SHARED_SIGNS: Final = {
    "$": {"USD", "CAD", "AUD", "SGD", "HKD", "NZD", "TWD", "MXN"},
    "¥": {"JPY", "CNY"},
}
_SIGN: Final = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
# Where a comma is the usual decimal sign, `95.000` is as likely 95 thousand as it is 95.
_COMMA_DECIMALS: Final = frozenset(
    ("EUR", "DKK", "NOK", "SEK", "PLN", "CZK", "HUF", "RON", "BRL", "TRY", "ARS", "CLP", "COP")
)
_MAGNITUDES: Final = {
    **dict.fromkeys(("k", "thousand"), Decimal(10) ** 3),
    **dict.fromkeys(("lakh", "lakhs", "lac"), Decimal(10) ** 5),
    **dict.fromkeys(("m", "mm", "mn", "mio", "million"), Decimal(10) ** 6),
    **dict.fromkeys(("crore", "crores", "cr"), Decimal(10) ** 7),
    **dict.fromkeys(("b", "bn", "billion"), Decimal(10) ** 9),
    **dict.fromkeys(("t", "tn", "trillion"), Decimal(10) ** 12),
}
_SHAPE: Final = re.compile(
    rf"""(?P<before>[+-]?)\s?
    (?P<prefix>{_SIGN}|[a-z]{{3}})?\s?
    (?P<after>[+-]?)\s?
    (?P<digits>[0-9.,'_\s]*[0-9][.]?)\s?
    (?P<magnitude>{"|".join(sorted(_MAGNITUDES, key=len, reverse=True))})?\s?
    (?P<suffix>{_SIGN}|[a-z]{{3}})?""",
    re.VERBOSE,
)
_PERCENT: Final = re.compile(
    r"(?P<body>.*?)\s?(?P<unit>%|per\s?cent|pct|bps?|basis points)?", re.DOTALL
)
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "−": "-", "–": "-", "‐": "-"})


def read_amount(text: str, *, currency: str | None = None, allow_negative: bool = False) -> Amount:
    """Read money as people write it: `185k`, `$185,000`, `£1.2m`, `USD 185 000`, `1.200.000,50`.

    `currency` is the one the form expects: it says what a bare `$` means, and whether a dot is
    likely to group thousands. Figures that two people would read differently are refused, never
    guessed: `95.000`, and `€1.250m`. `€95,000` is ninety-five thousand, as the labels are English.

    Raises
    ------
    UnreadableAmount
        With a sentence for the person who typed it.
    """
    return _amount(text, currency, allow_negative=allow_negative, example="185,000, 185k or 1.2m")


def read_fraction(text: str) -> Decimal:
    """Read a percentage and return it as a fraction: `0.15%` is 0.0015, and `15` is 0.15.

    Without a sign the number is a percentage all the same: the field says so beside it.
    """
    plain = _tidied(text, example="15%, or 0.15%")
    parts = _PERCENT.fullmatch(plain)
    body, unit = (parts["body"], parts["unit"]) if parts else (plain, None)
    if re.fullmatch(r"[+-]?[0-9][0-9.,'_\s]*|[+-]?[.,][0-9]+", body) is None:
        raise UnreadableAmount(_unreadable(text, "15%, or 0.15%"))
    value = _number(body.lstrip("+-"), is_dot_doubtful=False, is_share=True)
    if body.startswith("-") and value:
        raise UnreadableAmount("Write a percentage of zero or more.")
    if value > 100_000:
        raise UnreadableAmount("That percentage is too large. Write it like 15%, or 0.15%.")
    return value.scaleb(-4 if unit in {"bp", "bps", "basis points"} else -2)


def read_count(text: str) -> int:
    """Read a whole number of shares: `42,000`, `42 000`, `1.2m`."""
    amount = _amount(text, None, allow_negative=False, example="42,000 or 1.2m")
    if amount.currency is not None:
        raise UnreadableAmount("Write a number here, without a currency.")
    if amount.value != amount.value.to_integral_value():
        raise UnreadableAmount("Write a whole number, such as 42,000.")
    return int(amount.value)


def _amount(text: str, currency: str | None, *, allow_negative: bool, example: str) -> Amount:
    plain = _tidied(text, example=example)
    is_bracketed = plain.startswith("(") and plain.endswith(")")
    shape = _SHAPE.fullmatch(plain[1:-1].strip() if is_bracketed else plain)
    if shape is None:
        raise UnreadableAmount(_unreadable(text, example))
    typed = _typed_currency(shape, currency)
    number = _number(
        shape["digits"],
        is_dot_doubtful=(typed or currency) in _COMMA_DECIMALS,
        has_magnitude=bool(shape["magnitude"]),
    )
    value = number * _MAGNITUDES.get(shape["magnitude"], Decimal(1))
    if value >= _LARGEST:
        raise UnreadableAmount("That is more than any company is worth. Check the zeros.")
    if is_bracketed or "-" in (shape["before"], shape["after"]):
        if value and not allow_negative:
            raise UnreadableAmount("Write an amount of zero or more.")
        value = -value
    return Amount(value=value, currency=typed)


def _tidied(text: str, *, example: str) -> str:
    """Return the text in plain digits and single spaces, or refuse it before reading it."""
    if len(text) > _LONGEST:
        raise UnreadableAmount(f"That is too long for a figure. Write it like {example}.")
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
    digits = "".join(
        str(unicodedata.digit(character)) if character.isdigit() else character
        for character in folded
        if unicodedata.category(character) != "Cf"
    )
    plain = " ".join(digits.split())
    if not plain:
        raise UnreadableAmount(f"Write an amount, such as {example}.")
    return plain


def _unreadable(text: str, example: str) -> str:
    shown = " ".join(text.split())
    shown = f"{shown[:24]}…" if len(shown) > 24 else shown
    return f"We could not read “{shown}”. Write it like {example}."


def _typed_currency(shape: re.Match[str], expected: str | None) -> str | None:
    found: set[str] = set()
    for sign in filter(None, (shape["prefix"], shape["suffix"])):
        if expected in _SHARED_SIGNS.get(sign, ()):
            found.add(str(expected))
        elif sign in _SIGNS:
            found.add(_SIGNS[sign])
        elif sign.upper() in CURRENCY_CODES:
            found.add(sign.upper())
        else:
            raise UnreadableAmount(f"We do not know the currency “{sign.upper()}”.")
    # `$95,000 CAD` says Canadian dollars twice, once vaguely.
    if len(found) == 2 and "$" in (shape["prefix"], shape["suffix"]):
        found -= {"USD"} if found & _SHARED_SIGNS["$"] - {"USD"} else set()
    if len(found) > 1:
        raise UnreadableAmount("Write the amount in one currency.")
    return found.pop() if found else None


def _number(
    digits: str, *, is_dot_doubtful: bool, has_magnitude: bool = False, is_share: bool = False
) -> Decimal:
    """Return the number that a run of digits and separators means, if it can mean only one."""
    wrong = UnreadableAmount(
        f"Check the commas and dots in “{digits}”. Write it like 185,000 or 1,250.50."
    )
    text = digits.removesuffix(".")
    decimal_sign = ""
    if "," in text and "." in text:
        decimal_sign = max(",.", key=text.rfind)
    elif text.count(",") == 1 or text.count(".") == 1:
        sign = "," if "," in text else "."
        whole, _, fraction = text.partition(sign)
        looks_grouped = len(fraction) == 3 and whole.lstrip("0") == whole and 0 < len(whole) <= 3
        if sign == "." or not looks_grouped:
            decimal_sign = sign
        doubtful = is_dot_doubtful or (sign == "." and fraction == "000")
        if is_share:
            doubtful = sign == ","
        elif sign == ",":
            doubtful = is_dot_doubtful and has_magnitude
        if looks_grouped and doubtful:
            thousands, small = f"{whole}{fraction}", f"{whole}.{fraction[:2]}"
            raise UnreadableAmount(
                f"“{digits}” could be read in two ways. Write {thousands} or {small}."
            )
    if decimal_sign:
        whole, _, fraction = text.rpartition(decimal_sign)
        if not re.fullmatch(r"[0-9]*", fraction) or decimal_sign in whole:
            raise wrong
    else:
        whole, fraction = text, ""
    if not _is_grouped(whole):
        raise wrong
    if len(fraction) > 10:
        raise UnreadableAmount("Ten decimals are enough. Round the figure.")
    units = re.sub(r"[^0-9]", "", whole) or "0"
    return Decimal(f"{units}.{fraction}" if fraction else units)


def _is_grouped(whole: str) -> bool:
    """Say whether digits stand together, in threes, or in the twos and threes of India."""
    if whole == "" or re.fullmatch(r"[0-9]+", whole):
        return True
    separators = set(re.findall(r"[^0-9]", whole))
    if len(separators) != 1:
        return False
    sign = re.escape(separators.pop())
    return bool(
        re.fullmatch(rf"[0-9]{{1,3}}({sign}[0-9]{{3}})+", whole)
        or re.fullmatch(r"[0-9]{1,2}(,[0-9]{2})*,[0-9]{3}", whole)
    )
