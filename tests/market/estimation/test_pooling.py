"""Small cells that borrow strength, as a model."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.estimation import (
    InvalidSample,
    LogMoments,
    log_moments,
    percentiles,
    pooled,
    prior_size,
)

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "pooling.json").read_text())
PARENT = percentiles([80.0, 100.0, 120.0, 150.0, 200.0])


def test_pooling_equals_the_published_shrinkage() -> None:
    """Efron and Morris's eighteen hitters: the first 45 times at bat, drawn to their mean."""
    case = REFERENCE["efron_morris"]
    observed = np.array(case["first_45"])
    season, mean = np.array(case["season"]), observed.mean()

    prior = prior_size(
        np.full(18, 45.0), observed, np.full(18, mean * (1 - mean)), np.full(18, mean)
    )
    drawn = mean + 45 / (45 + prior) * (observed - mean)

    tolerance = case["tolerance"]
    alone = ((observed - season) ** 2).sum()
    assert alone == pytest.approx(case["total_squared_error_alone"], abs=tolerance)
    assert ((drawn - season) ** 2).sum() <= case["total_squared_error_shrunk"] + tolerance


def test_a_cell_as_heavy_as_its_parent_meets_it_half_way() -> None:
    cell = LogMoments(n=10, mean=np.log(144), variance=0.1)
    parent = LogMoments(n=900, mean=np.log(100), variance=0.1)

    found = pooled(cell, parent, PARENT, prior=10)

    assert found.p50 == pytest.approx(120 * 1.2)
    assert found.n == 10


def test_an_endless_prior_leaves_the_parent_and_a_full_cell_leaves_itself() -> None:
    parent = LogMoments(n=900, mean=np.log(100), variance=0.1)

    far = pooled(LogMoments(n=1, mean=np.log(200), variance=0), parent, PARENT, prior=1e12)
    full = pooled(LogMoments(n=10**9, mean=np.log(200), variance=0), parent, PARENT, prior=5)

    assert far.figures == pytest.approx(PARENT.figures)
    assert full.figures == pytest.approx([2 * figure for figure in PARENT.figures])


def test_cells_that_do_not_differ_lean_on_their_parent_as_much_as_can_be() -> None:
    assert prior_size([20, 20], [5.0, 5.0], [0.2, 0.2], [5.0, 5.0]) == 200
    assert prior_size([], [], [], []) == 200


def test_cells_that_differ_in_all_stand_for_themselves() -> None:
    assert prior_size([50, 50], [1.0, 9.0], [0.01, 0.01], [5.0, 5.0]) == 1


@given(st.integers(1, 500), st.floats(3, 15), st.floats(3, 15), st.floats(0.5, 300))
def test_a_modelled_median_lies_between_the_cell_and_its_parent(n, cell, parent, prior) -> None:
    found = pooled(
        LogMoments(n=n, mean=cell, variance=0.1),
        LogMoments(n=1000, mean=parent, variance=0.1),
        PARENT,
        prior=prior,
    )

    ratio, whole = found.p50 / PARENT.p50, np.exp(cell - parent)
    assert min(1.0, whole) * (1 - 1e-9) <= ratio <= max(1.0, whole) * (1 + 1e-9)
    assert found.p90 / found.p10 == pytest.approx(PARENT.p90 / PARENT.p10)


def _twin(n, mean, variance, parent):
    """The method of moments, one cell after the other."""
    degrees = sum(k - 1 for k in n)
    within = sum((k - 1) * v for k, v in zip(n, variance, strict=True)) / degrees
    between = sum(
        k * ((m - p) ** 2 - within / k) for k, m, p in zip(n, mean, parent, strict=True)
    ) / sum(n)
    return 200 if between <= 0 else min(max(within / between, 1), 200)


@given(
    st.lists(
        st.tuples(st.integers(2, 90), st.floats(10, 13), st.floats(0.01, 0.5), st.floats(10, 13)),
        min_size=1,
        max_size=12,
    )
)
def test_prior_size_equals_the_sum_cell_by_cell(cells) -> None:
    columns = [list(column) for column in zip(*cells, strict=True)]

    assert prior_size(*columns) == pytest.approx(_twin(*columns), rel=1e-9)


def test_simulated_cells_give_back_the_variances_they_were_drawn_with() -> None:
    rng = np.random.default_rng(11)
    cells, size, within, between = 4000, 25, 0.4, 0.1
    places = rng.normal(12, between, cells)
    draws = rng.normal(places[:, None], within, (cells, size))

    prior = prior_size(
        np.full(cells, size), draws.mean(1), draws.var(1, ddof=1), np.full(cells, 12.0)
    )

    assert prior == pytest.approx((within / between) ** 2, rel=0.1)


def test_pooling_is_nearer_the_truth_than_the_cell_alone() -> None:
    rng = np.random.default_rng(12)
    places = rng.normal(12, 0.1, 500)
    parent = LogMoments(n=10_000, mean=12.0, variance=0.16)
    shape = percentiles(np.exp(rng.normal(12, 0.4, 10_000)))
    samples = [np.exp(rng.normal(place, 0.4, 5)) for place in places]

    model = [pooled(log_moments(s), parent, shape, prior=16).p50 for s in samples]
    alone = [percentiles(s).p50 for s in samples]

    def off(found):
        return np.abs(np.log(found) - places).mean()

    assert off(model) < 0.6 * off(alone)


@pytest.mark.parametrize("bad", [[], [0.0], [-1.0, 2.0], [float("nan")]])
def test_logarithms_need_figures_above_nothing(bad) -> None:
    with pytest.raises(InvalidSample, match="above 0"):
        log_moments(bad)


def test_moments_and_priors_check_themselves() -> None:
    found = log_moments([np.e])

    assert (found.n, found.mean, found.variance) == (1, pytest.approx(1.0), 0.0)
    with pytest.raises(InvalidSample, match="moments"):
        LogMoments(n=0, mean=1.0, variance=0.0)
    with pytest.raises(InvalidSample, match="more than nothing"):
        pooled(
            LogMoments(n=1, mean=1.0, variance=0.0),
            LogMoments(n=1, mean=1.0, variance=0.0),
            PARENT,
            prior=0,
        )
