"""What a figure of this room may be: finite, and neither so large nor so small that it overflows.

Every dataclass of the room checks itself once, at birth, with these functions. An error names the
field, so that whoever read the figure from a document or a form can point at its place.
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import Final

# Between these bounds no product or quotient that a cap table asks for leaves the range of float64:
# the farthest breakpoint stays below 1e300.
LARGEST: Final = 1e24
SMALLEST: Final = 1e-24


class InvalidFigure(ValueError):
    """A field holds what it cannot mean.

    Attributes
    ----------
    field
        Its name, or the way to it from the value that was being made: `classes[2].id`.
    message
        What is wrong, in words that follow the name of the field.
    """

    def __init__(self, field: str, message: str) -> None:
        """Keep both parts; the text is one line that begins with the field."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def check_number(
    field: str, value: float, *, minimum: float = 0.0, maximum: float = LARGEST
) -> None:
    """Raise `InvalidFigure` unless the number lies within its bounds and is not vanishingly small.

    NaN and the infinities lie within no bounds.
    """
    if not math.isfinite(value):
        raise InvalidFigure(field, "must be a finite number")
    if value < minimum:
        raise InvalidFigure(field, f"must be at least {minimum:g}")
    if value > maximum:
        raise InvalidFigure(field, f"must be at most {maximum:g}")
    if 0.0 < abs(value) < SMALLEST:
        raise InvalidFigure(field, f"must be 0 or at least {SMALLEST:g}")


def check_positive(field: str, value: float) -> None:
    """Raise `InvalidFigure` unless the number is above 0 and within bounds."""
    check_number(field, value)
    if value == 0.0:
        raise InvalidFigure(field, "must be above 0")


def check_rate(field: str, value: float) -> None:
    """Raise `InvalidFigure` unless the number is a fraction of 1."""
    check_number(field, value, maximum=1.0)


@lru_cache(maxsize=16_384)
def exact(value: float) -> Fraction:
    """Return the number as the decimal that a person typed: 0.1 is a tenth, not its nearest float.

    The shortest decimal that reads back as the same float is taken for the one that was written;
    up to 15 digits, it is.
    """
    return Fraction(repr(float(value)))
