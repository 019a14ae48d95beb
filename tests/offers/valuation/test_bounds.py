"""Figures that check themselves."""

import math
from fractions import Fraction

import pytest

from offers.valuation.bounds import (
    LARGEST,
    SMALLEST,
    InvalidFigure,
    check_number,
    check_positive,
    check_rate,
    exact,
)


@pytest.mark.parametrize("value", [0.0, SMALLEST, 1.0, LARGEST])
def test_number_within_bounds_passes(value: float) -> None:
    check_number("shares", value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1.0, "must be at least 0"),
        (2e24, "must be at most 1e+24"),
        (1e-30, "must be 0 or at least 1e-24"),
        (math.nan, "must be a finite number"),
        (math.inf, "must be a finite number"),
        (-math.inf, "must be a finite number"),
    ],
)
def test_number_out_of_bounds_names_its_field(value: float, message: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        check_number("shares", value)

    assert (caught.value.field, caught.value.message) == ("shares", message)
    assert str(caught.value) == f"shares: {message}"


def test_positive_number_is_not_zero() -> None:
    check_positive("ratio", SMALLEST)

    with pytest.raises(InvalidFigure, match=r"^ratio: must be above 0$"):
        check_positive("ratio", 0.0)


def test_rate_is_a_fraction_of_one() -> None:
    check_rate("rate", 1.0)

    with pytest.raises(InvalidFigure, match=r"^rate: must be at most 1$"):
        check_rate("rate", 1.01)


def test_exact_is_the_decimal_that_was_typed() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e-5) == Fraction(1, 100_000)
    assert exact(1e24) == 10**24
    assert exact(3) == 3
