"""Distributions: levels and draws agree with closed forms, dilution moves buckets exactly."""

import math
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import (
    InvalidFigure,
    LognormalSharePrice,
    OutcomeScenario,
    Payoff,
    ReturnBucket,
    ReturnMultipleOutcomes,
    ScenarioOutcomes,
    diluted_by_growth,
    expected_payoff,
    simulate,
)
from offers.valuation.distributions import normal_quantile

BUCKETS: Final = (
    ReturnBucket(share=0.65, low=0.0, high=1.0),
    ReturnBucket(share=0.25, low=1.0, high=5.0),
    ReturnBucket(share=0.10, low=5.0, high=20.0),
)
DISTRIBUTIONS: Final = (
    ScenarioOutcomes(
        scenarios=(
            OutcomeScenario(exit_proceeds=90.0, probability=0.2),
            OutcomeScenario(exit_proceeds=30.0, probability=0.3),
        )
    ),
    ReturnMultipleOutcomes(buckets=BUCKETS, last_round_value=20.0),
    LognormalSharePrice(share_price=20.0, years=4.0, drift=0.02, volatility=0.5),
)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_simulation_agrees_with_the_closed_form(distribution: Any) -> None:
    payoff = Payoff.of_shares(2.0, exercise_price=25.0)

    result = simulate(payoff, distribution, n_paths=200_000, rng=np.random.default_rng(4))

    exact = expected_payoff(payoff, distribution)
    assert abs(result.mean - exact) < 4.0 * result.standard_error


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_evenly_spaced_levels_are_the_distribution_and_never_fall(distribution: Any) -> None:
    levels = (np.arange(400_000) + 0.5) / 400_000

    amounts = distribution.at_levels(levels)

    assert (np.diff(amounts) >= 0.0).all()
    for threshold in (0.0, 10.0, 25.0, 60.0):
        excess = float(np.maximum(amounts - threshold, 0.0).mean())
        assert excess == pytest.approx(distribution.expected_excess(threshold), rel=2e-3)


def test_what_is_left_of_the_odds_is_nothing() -> None:
    amounts = DISTRIBUTIONS[0].at_levels(np.array([0.0, 0.49, 0.51, 0.79, 0.81, 0.999999]))

    assert amounts.tolist() == [0.0, 0.0, 30.0, 30.0, 90.0, 90.0]


@given(st.floats(1e-300, 1.0, exclude_max=True, exclude_min=True))
def test_normal_quantile_is_the_librarys_for_many_numbers_at_once(level: float) -> None:
    level = min(max(level, 2.0**-53), 1.0 - 2.0**-53)

    found = normal_quantile(np.array([level, 0.5]))

    assert found[0] == pytest.approx(NormalDist().inv_cdf(level), rel=1e-13, abs=1e-15)
    assert found[1] == 0.0


def test_the_least_random_number_is_no_infinite_loss() -> None:
    assert math.isfinite(normal_quantile(np.array([0.0]))[0])


# --- dilution on the way -------------------------------------------------------------------------


def test_two_rounds_of_a_fifth_leave_576_of_900() -> None:
    """docs/valuation.md#outcomes-together: 9 times after two rounds at 3 times each: 9 x 0.8^2."""
    bucket = ReturnBucket(share=1.0, low=1.0, high=9.0)

    (moved,) = diluted_by_growth(
        (bucket,), dilution_per_round=0.2, valuation_multiple_per_round=3.0
    )

    assert (moved.share, moved.low, moved.high) == (1.0, 1.0, pytest.approx(5.76))


def test_exits_below_the_last_round_are_not_diluted() -> None:
    wide = (
        ReturnBucket(share=0.5, low=0.0, high=2.0),
        ReturnBucket(share=0.5, low=0.25, high=4.0),
    )

    moved = diluted_by_growth(wide, dilution_per_round=0.2, valuation_multiple_per_round=3.0)

    assert math.fsum(row.share for row in moved) == pytest.approx(1.0)
    assert [round(row.share, 6) for row in moved] == [0.25, 0.25, 0.25, 0.25]
    assert [row.low for row in moved] == [0.0, 1.0, 0.25, 1.0]


@given(st.integers(0, 50).map(lambda percent: percent / 100), st.floats(2.5, 5.0))
def test_diluted_levels_are_the_undiluted_ones_moved(dilution: float, growth: float) -> None:
    """The twin: draw first, then dilute every draw by its own number of rounds."""
    levels = np.linspace(0.0, 0.999, 997)
    plain = ReturnMultipleOutcomes(buckets=BUCKETS, last_round_value=1.0).at_levels(levels)
    rounds = np.log(np.maximum(plain, 1.0)) / math.log(growth)

    moved = ReturnMultipleOutcomes(
        buckets=diluted_by_growth(
            BUCKETS, dilution_per_round=dilution, valuation_multiple_per_round=growth
        ),
        last_round_value=1.0,
    ).at_levels(levels)

    assert moved == pytest.approx(plain * (1.0 - dilution) ** rounds, rel=1e-9, abs=1e-12)


def test_a_company_must_outgrow_its_dilution() -> None:
    with pytest.raises(InvalidFigure, match="valuation_multiple_per_round"):
        diluted_by_growth(BUCKETS, dilution_per_round=0.5, valuation_multiple_per_round=2.0)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (
            lambda: ScenarioOutcomes(
                scenarios=(OutcomeScenario(exit_proceeds=1.0, probability=0.6),) * 2
            ),
            "scenarios",
        ),
        (lambda: ReturnBucket(share=0.5, low=2.0, high=2.0), "high"),
        (lambda: ReturnMultipleOutcomes(buckets=BUCKETS[:2], last_round_value=1.0), "buckets"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(make: Any, field: str) -> None:
    with pytest.raises(InvalidFigure) as failure:
        make()

    assert failure.value.field == field


def test_a_company_worth_nothing_exceeds_nothing() -> None:
    worthless = ReturnMultipleOutcomes(buckets=BUCKETS, last_round_value=0.0)

    assert worthless.expected_excess(0.0) == 0.0
