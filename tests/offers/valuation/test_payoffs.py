"""Payoffs that are straight between thresholds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import InvalidFigure, Payoff
from offers.valuation.payoffs import _BLOCK, frozen, split_by_tranches


def test_shares_pay_the_price_of_each() -> None:
    payoff = Payoff.of_shares(100.0)

    assert payoff.at(np.array([0.0, 2.5])).tolist() == [0.0, 250.0]


def test_options_pay_what_the_price_exceeds_the_exercise_price_by() -> None:
    payoff = Payoff.of_shares(100.0, exercise_price=2.0)

    assert payoff.at(np.array([0.0, 2.0, 2.5])).tolist() == [0.0, 0.0, 50.0]


def test_scaled_payoff_is_that_of_a_larger_holder() -> None:
    payoff = Payoff.of_shares(100.0, exercise_price=2.0).scaled(0.25)

    assert payoff.at(np.array([6.0])).tolist() == [100.0]


@pytest.mark.parametrize("figures", [(-1.0, 0.0), (1.0, -1.0), (math.nan, 0.0)])
def test_payoff_refuses_wrong_figures(figures: tuple[float, float]) -> None:
    with pytest.raises(InvalidFigure):
        Payoff.of_shares(figures[0], exercise_price=figures[1])


def test_payoff_refuses_a_negative_factor() -> None:
    with pytest.raises(InvalidFigure, match=r"^factor: must be at least 0$"):
        Payoff.of_shares(1.0).scaled(-1.0)


def test_arrays_of_a_payoff_cannot_be_written() -> None:
    payoff = Payoff.of_shares(1.0)

    with pytest.raises(ValueError, match="read-only"):
        payoff.slopes[0] = 2.0


def test_no_amounts_have_no_payouts() -> None:
    assert Payoff.of_shares(1.0).at(np.array([])).tolist() == []


@given(
    starts=st.lists(st.floats(0.01, 1e12), unique=True, max_size=6).map(
        lambda rest: [0.0, *sorted(rest)]
    ),
    amounts=st.lists(st.floats(0.0, 1e13), min_size=2, max_size=50).map(sorted),
    data=st.data(),
)
def test_larger_amount_never_pays_less_to_the_last_bit(
    starts: list[float], amounts: list[float], data: st.DataObject
) -> None:
    slopes = data.draw(st.lists(st.floats(0.0, 1.0), min_size=len(starts), max_size=len(starts)))

    payouts = Payoff(starts=frozen(starts), slopes=frozen(slopes)).at(np.array(amounts))

    assert payouts.min() >= 0.0
    assert np.diff(payouts).min() >= 0.0


@given(st.integers(_BLOCK - 2, 2 * _BLOCK + 2))
def test_blocks_leave_no_seam(n_amounts: int) -> None:
    amounts = np.linspace(0.0, 10.0, n_amounts)
    starts, slopes = frozen([0.0, 1.0, 4.0]), frozen([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])

    first, second = split_by_tranches(amounts, starts, slopes)

    plain = np.minimum(amounts, 1.0) + 0.5 * np.maximum(amounts - 4.0, 0.0)
    assert np.allclose(first, plain, rtol=0.0, atol=1e-14)
    assert np.allclose(first + second, amounts, rtol=0.0, atol=1e-14)
