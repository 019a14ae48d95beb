"""Percentiles by five ways: published answers, limits, laws, a slow twin, simulation."""

import json
from fractions import Fraction
from itertools import pairwise
from math import comb, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.estimation import (
    FRACTIONS,
    InvalidSample,
    Percentiles,
    RankedComponents,
    interval_ranks,
    percentile,
    percentile_interval,
    percentiles,
)

AMOUNTS = st.lists(st.integers(1, 10**7).map(float), min_size=1, max_size=60)
REFERENCE = json.loads(
    (Path(__file__).parents[2] / "reference" / "order_statistics.json").read_text()
)


# --- worked examples ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", REFERENCE["percentiles"], ids=lambda case: case["title"])
def test_percentile_equals_the_published_answer(case) -> None:
    found = percentile(case["values"], case["fraction"])

    assert found == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", REFERENCE["intervals"], ids=lambda case: case["title"])
def test_ranks_equal_the_published_table(case) -> None:
    ranks = interval_ranks(case["n"], case["fraction"], case["confidence"])

    assert (ranks.low, ranks.high) == (case["low"], case["high"])
    assert ranks.coverage == pytest.approx(case["coverage"], abs=case["tolerance"])


# --- limits ------------------------------------------------------------------------------------


def test_an_empty_sample_has_no_percentiles() -> None:
    assert percentiles([]) is None
    assert percentile_interval([], 0.5) is None
    with pytest.raises(InvalidSample, match="at least one value"):
        percentile([], 0.5)


def test_one_figure_is_every_percentile_and_has_no_interval() -> None:
    found = percentiles([120_000])

    assert found.figures == (120_000,) * 5
    assert (found.n, found.minimum, found.maximum) == (1, 120_000, 120_000)
    assert percentile_interval([120_000], 0.5) is None


def test_the_ends_are_the_smallest_and_the_largest() -> None:
    assert (percentile([3, 1, 2], 0.0), percentile([3, 1, 2], 1.0)) == (1, 3)
    assert interval_ranks(50, 0.0) is None
    assert interval_ranks(50, 1.0) is None


def test_the_median_has_an_interval_from_six_figures_on() -> None:
    # Both ends of 5 figures miss the median in 2/32 of all samples, which is above 5%.
    assert interval_ranks(5, 0.5) is None
    ranks = interval_ranks(6, 0.5)
    assert (ranks.low, ranks.high, ranks.coverage) == (1, 6, pytest.approx(1 - 2 / 64))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_figure_that_is_not_finite_is_refused(bad) -> None:
    with pytest.raises(InvalidSample, match="finite"):
        percentiles([1.0, bad, 2.0])


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_a_fraction_outside_of_one_is_refused(fraction) -> None:
    with pytest.raises(InvalidSample, match="between 0 and 1"):
        percentile([1.0], fraction)


def test_percentiles_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(InvalidSample, match="ascend"):
        Percentiles(n=3, p10=1, p25=2, p50=1.5, p75=3, p90=4, minimum=0, maximum=5)


# --- laws --------------------------------------------------------------------------------------


@given(AMOUNTS)
def test_percentiles_ascend_inside_the_sample_whatever_its_order(values) -> None:
    found = percentiles(values)

    line = (min(values), *found.figures, max(values))
    assert all(low <= high for low, high in pairwise(line))
    assert found == percentiles(values[::-1])


@given(AMOUNTS, st.integers(1, 1000))
def test_percentiles_scale_with_the_currency(values, rate) -> None:
    scaled = percentiles([value * rate for value in values])

    assert scaled.figures == pytest.approx([f * rate for f in percentiles(values).figures])


@given(st.integers(6, 400), st.sampled_from(FRACTIONS), st.sampled_from([0.8, 0.95, 0.99]))
def test_an_interval_covers_as_it_says_and_no_narrower_one_would(n, fraction, confidence) -> None:
    ranks = interval_ranks(n, fraction, confidence)
    if ranks is None:
        return

    tail = (1 - confidence) / 2
    assert ranks.coverage >= confidence - 1e-12
    assert _below(n, fraction, ranks.low - 1) <= tail + 1e-12
    assert _below(n, fraction, ranks.low) > tail - 1e-12


@given(
    st.lists(st.integers(1, 10**6).map(float), min_size=6, max_size=60), st.sampled_from(FRACTIONS)
)
def test_an_interval_holds_the_percentile_of_the_sample(values, fraction) -> None:
    interval = percentile_interval(values, fraction)

    if interval is not None:
        assert interval.low <= percentile(values, fraction) <= interval.high


def test_components_are_ranked_each_on_its_own() -> None:
    base, equity = [100.0, 200.0, 300.0], [30.0, 20.0, 10.0]
    total = [b + e for b, e in zip(base, equity, strict=True)]

    found = RankedComponents.of(base=base, bonus=[], equity=equity, total=total)

    assert (found.base.p50, found.equity.p50, found.total.p50) == (200, 20, 220)
    assert found.base.p90 + found.equity.p90 > found.total.p90
    assert found.bonus is None


# --- the slow twins ----------------------------------------------------------------------------


def _exact(values, fraction):
    """percentile_cont in rational arithmetic."""
    ordered = sorted(Fraction(value) for value in values)
    place = Fraction(fraction) * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _below(n, fraction, count):
    """The chance of at most `count` of n, term by term and exactly."""
    p = Fraction(fraction).limit_denominator(100)
    return float(sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count + 1)))


@given(AMOUNTS, st.sampled_from(FRACTIONS))
def test_percentile_equals_rational_arithmetic(values, fraction) -> None:
    assert percentile(values, fraction) == pytest.approx(float(_exact(values, fraction)), rel=1e-12)


@given(AMOUNTS, st.floats(0, 1))
def test_percentile_equals_numpy(values, fraction) -> None:
    assert percentile(values, fraction) == pytest.approx(
        float(np.quantile(values, fraction, method="linear")), rel=1e-9
    )


@pytest.mark.parametrize("n", [6, 29, 97, 300])
@pytest.mark.parametrize("fraction", FRACTIONS)
def test_ranks_equal_a_sum_over_every_count(n, fraction) -> None:
    ranks = interval_ranks(n, fraction)
    low = max((k for k in range(1, n + 1) if _below(n, fraction, k - 1) <= 0.025), default=None)
    high = next((k for k in range(1, n + 1) if 1 - _below(n, fraction, k - 1) <= 0.025), None)

    expected = None if low is None or high is None else (low, high)
    assert (None if ranks is None else (ranks.low, ranks.high)) == expected


def test_ranks_of_a_million_figures_are_those_of_the_normal_curve() -> None:
    n, p = 1_000_000, 0.9
    ranks = interval_ranks(n, p)

    reach = 1.959964 * sqrt(n * p * (1 - p))
    assert ranks.low == pytest.approx(n * p - reach, abs=2)
    assert ranks.high == pytest.approx(n * p + reach, abs=2)


# --- simulation --------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "fraction"), [(40, 0.5), (40, 0.25), (120, 0.9)])
def test_intervals_cover_the_truth_as_often_as_they_say(n, fraction) -> None:
    rng = np.random.default_rng(20261124)
    trials = 4000
    truth = float(np.quantile(rng.lognormal(12, 0.4, 4_000_000), fraction))
    draws = np.sort(rng.lognormal(12, 0.4, (trials, n)), axis=1)
    ranks = interval_ranks(n, fraction)

    covered = (draws[:, ranks.low - 1] <= truth) & (truth <= draws[:, ranks.high - 1])

    error = sqrt(ranks.coverage * (1 - ranks.coverage) / trials)
    assert covered.mean() == pytest.approx(ranks.coverage, abs=4 * error)
