"""Figures that are too far from their cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.estimation import InvalidSample, LogSpread, is_outlier, log_spread

USUAL = [90e3, 100e3, 105e3, 110e3, 115e3, 120e3, 125e3, 130e3, 140e3]


def test_a_wage_per_hour_filed_as_a_year_is_found() -> None:
    # Fiscal year 2020 of the filings has 93,900 with the unit "Hour": 195 million a year.
    found = is_outlier([*USUAL, 93_900 * 2080, 55.0])

    assert found.tolist() == [False] * 9 + [True, True]


def test_nothing_is_judged_by_fewer_than_eight() -> None:
    assert log_spread([1.0] * 7) is None
    assert is_outlier([1.0] * 6 + [10**9]).tolist() == [False] * 7


def test_nothing_and_less_is_always_an_outlier() -> None:
    assert is_outlier([0.0, -5.0, *USUAL])[:2].tolist() == [True, True]
    assert is_outlier([0.0]).tolist() == [True]


def test_a_cell_of_one_figure_has_no_deviation_to_judge_by() -> None:
    assert is_outlier([100.0] * 9 + [10**9]).tolist() == [False] * 10
    assert log_spread([100.0] * 9).score(10**9) == 0


def test_scores_are_worked_by_hand() -> None:
    spread = LogSpread(median=np.log(100), deviation=np.log(2))

    assert spread.score(400) == pytest.approx(2)
    assert spread.score(50) == pytest.approx(-1)
    assert spread.score(0) == -np.inf


def test_a_figure_that_is_not_finite_is_refused() -> None:
    with pytest.raises(InvalidSample):
        is_outlier([*USUAL, float("nan")])


@given(st.lists(st.floats(1e4, 1e6), min_size=8, max_size=40), st.floats(0.01, 100))
def test_the_unit_does_not_decide(values, rate) -> None:
    spread, other = log_spread(values), log_spread([value * rate for value in values])

    assert other.deviation == pytest.approx(spread.deviation, abs=1e-9)
    assert other.median == pytest.approx(spread.median + np.log(rate), abs=1e-9)


@given(st.lists(st.floats(1e4, 1e6), min_size=8, max_size=40))
def test_outliers_equal_a_score_for_each(values) -> None:
    spread = log_spread(values)
    expected = [abs(spread.score(value)) > 3.5 for value in values]

    found = is_outlier(values).tolist()

    near = [abs(abs(spread.score(v)) - 3.5) < 1e-9 for v in values]
    assert [f for f, n in zip(found, near, strict=True) if not n] == [
        e for e, n in zip(expected, near, strict=True) if not n
    ]


def test_a_normal_crowd_is_seldom_accused() -> None:
    values = np.random.default_rng(3).lognormal(12, 0.4, 100_000)

    # Two-sided 3.5 deviations of a normal curve.
    assert is_outlier(values).mean() == pytest.approx(4.65e-4, abs=4 * np.sqrt(4.65e-4 / 1e5))
