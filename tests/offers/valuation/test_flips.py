"""The nearest change that turns a gap round."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import InvalidFigure
from offers.valuation.flips import CLOSED, nearest_flip


def test_a_straight_gap_closes_where_it_should() -> None:
    assert nearest_flip(lambda x: 3 * x - 12, current=0, lowest=0, highest=1e12) == pytest.approx(4)
    assert nearest_flip(lambda x: 3 * x - 12, current=9, lowest=0, highest=1e12) == pytest.approx(4)


def test_what_never_turns_round_has_no_flip() -> None:
    assert nearest_flip(lambda x: x + 1, current=1, lowest=0, highest=9) is None
    assert nearest_flip(lambda x: max(0.0, 1 - x), current=0, lowest=0, highest=9) is None


def test_without_a_gap_the_current_value_is_the_answer() -> None:
    assert nearest_flip(lambda x: x - 4, current=4, lowest=0, highest=9) == 4


def test_of_several_the_nearest_is_taken() -> None:
    def bent(x: float) -> float:
        return (x - 1) * (x - 4) * (x - 9) * 1000

    found = nearest_flip(bent, current=3.0, lowest=0, highest=10, is_monotone=False)

    assert found == pytest.approx(4, abs=1e-5)


def test_a_gap_steeper_than_a_float_can_tell_ends_at_the_nearest_one() -> None:
    found = nearest_flip(lambda x: 1e30 * (x - 1 / 3), current=1.0, lowest=0.0, highest=2.0)

    assert found == pytest.approx(1 / 3, abs=1e-15)


def test_the_current_value_lies_within_the_bounds() -> None:
    with pytest.raises(InvalidFigure):
        nearest_flip(lambda x: x, current=2, lowest=0, highest=1)


@given(
    st.floats(0, 10),
    st.floats(0, 10),
    st.sampled_from([lambda x: x, lambda x: x**3, lambda x: math.exp(x / 2), lambda x: max(x, 5)]),
)
def test_the_gap_is_closed_and_no_nearer_value_turns_it(root, current, shape) -> None:  # type: ignore[no-untyped-def]
    def gap(x: float) -> float:
        return float(1e6 * (shape(x) - shape(root)))

    found = nearest_flip(gap, current=current, lowest=0, highest=10)

    if found is None:
        assert gap(0) * gap(current) >= -CLOSED * abs(gap(current))
        assert gap(10) * gap(current) >= -CLOSED * abs(gap(current))
        return
    assert abs(gap(found)) <= CLOSED
    for step in range(1, 50):
        nearer = current + (found - current) * step / 51
        assert gap(nearer) * gap(current) >= 0
