"""Numbers as letters write them: in digits of several countries, and in words."""

import re
from typing import Final

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES: Final = {
    "thousand": 1_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "million": 1_000_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
    "billion": 1_000_000_000,
}
_WORD: Final = "|".join(sorted([*_UNITS, *_TENS, "hundred", *_SCALES], key=len, reverse=True))
_AND: Final = "(?:(?<=hundred)|(?<=thousand)|(?<=million)|(?<=lakh)) and "

# One number in words: "two hundred ten thousand", "one hundred and five", "forty-eight".
WORDS: Final = rf"\b(?:{_WORD})(?:(?:[- ]|{_AND})(?:{_WORD})){{0,12}}\b"

# One number in digits, without currency: 1,234.50 · 1.234,50 · 1'234.50 · 12,34,567 · 1234.5
DIGITS: Final = (
    r"(?<![\w.,'])(?:"
    r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?(?![\d])(?!,\d)"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?(?![\d])(?!\.\d)"
    r"|\d{1,3}(?:'\d{3})+(?:\.\d{1,4})?(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?(?!\d)"
    r"|\d{1,12}(?:[.,]\d{1,6})?(?![\d])(?![.,]\d)"
    r")"
)
_DIGITS_INSIDE: Final = DIGITS.removeprefix(r"(?<![\w.,'])")
# The same beside a currency, where blanks may separate the thousands or have strayed in.
SPACED_DIGITS: Final = (
    r"(?<![\w.,'])(?:"
    r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?![\d])"
    r"|\d{1,3}(?:, ?\d{3})+(?:\. ?\d{1,2})?(?!\d)"
    rf"|{DIGITS})"
)
SPACED_DIGITS_INSIDE: Final = SPACED_DIGITS.removeprefix(r"(?<![\w.,'])").replace(
    DIGITS, _DIGITS_INSIDE
)
SCALE: Final = r"(?: ?(?:k|mm|mn|m|bn|million|billion|thousand|lakhs?|lacs?|crores?|cr|lpa)\b)"

_MULTIPLES: Final = {
    "k": 1e3,
    "thousand": 1e3,
    "lakh": 1e5,
    "lakhs": 1e5,
    "lac": 1e5,
    "lacs": 1e5,
    "lpa": 1e5,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "cr": 1e7,
    "crore": 1e7,
    "crores": 1e7,
    "bn": 1e9,
    "billion": 1e9,
}


def multiple(suffix: str | None) -> float:
    """Return what a suffix such as k or lakh multiplies by; 1 for none."""
    return _MULTIPLES[suffix.strip()] if suffix and suffix.strip() else 1.0


def digits_value(written: str, *, is_decimal_comma: bool) -> tuple[float, float | None]:
    """Return the value, and the other one it could have where the notation does not tell."""
    text = written.replace(" ", "").replace("'", "")
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        decimal = "," if text.rfind(",") > text.rfind(".") else "."
        return _decimal(text, decimal), None
    if not commas and not dots:
        return float(text), None
    mark = "," if commas else "."
    whole, _, part = text.partition(mark)
    if commas + dots > 1:
        return float(text.replace(mark, "")), None
    if len(part) != 3 or whole == "0" or len(whole) > 3:
        return _decimal(text, mark), None
    grouped, fraction = float(whole + part), float(f"{whole}.{part}")
    if mark == ",":
        return grouped, None
    return (grouped, None) if is_decimal_comma else (fraction, grouped)


def _decimal(text: str, mark: str) -> float:
    other = "," if mark == "." else "."
    return float(text.replace(other, "").replace(mark, "."))


def words_value(written: str) -> float | None:
    """Return the value of a number in words; None where the words make no number."""
    total, current, previous = 0, 0, "start"
    for word in re.split(r"[- ]", written):
        if word == "and":
            continue
        if word in _UNITS:
            if previous in {"unit", "teen"} or (previous == "tens" and _UNITS[word] > 9):
                return None
            current += _UNITS[word]
            previous = "unit"
        elif word in _TENS:
            if previous in {"unit", "tens"}:
                return None
            current += _TENS[word]
            previous = "tens"
        elif word == "hundred":
            current = max(current, 1) * 100
            previous = "hundred"
        else:
            total += max(current, 1) * _SCALES[word]
            current = 0
            previous = "scale"
    return float(total + current)
