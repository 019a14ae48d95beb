"""The back-off chain and how far its answers typically are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.estimation import CHAIN, Found, InvalidSample, back_off, typical_error


def test_remote_goes_first_level_and_country_last() -> None:
    assert CHAIN[0].keys == ("role_family", "experience", "country", "work_arrangement")
    assert all("work_arrangement" not in step.keys for step in CHAIN[1:])
    assert ["experience" in step.keys for step in CHAIN] == [*(True,) * 8, *(False,) * 3]
    assert [("country" in step.keys) or ("region" in step.keys) for step in CHAIN[:8]] == [
        *(True,) * 6,
        *(False,) * 2,
    ]


def test_the_first_cell_that_is_large_enough_answers() -> None:
    sizes = iter([6, 12, 51, 900])

    assert back_off(lambda _: next(sizes), min_n=30) == Found(step=2, tried=(6, 12, 51))
    assert next(sizes) == 900  # the next cell was not asked for


def test_no_cell_is_no_answer() -> None:
    assert back_off(lambda _: 3, min_n=4) is None


def test_a_cell_of_nothing_is_never_enough() -> None:
    with pytest.raises(InvalidSample, match="at least one"):
        back_off(lambda _: 0, min_n=0)


@given(st.lists(st.integers(0, 50), min_size=len(CHAIN), max_size=len(CHAIN)), st.integers(1, 50))
def test_asking_for_more_never_stops_earlier(sizes, min_n) -> None:
    def found(least):
        counts = iter(sizes)
        return back_off(lambda _: next(counts), min_n=least)

    low, high = found(min_n), found(min_n + 1)

    if high is not None:
        assert low.step <= high.step
        assert low.tried == tuple(sizes[: low.step + 1])


def test_typical_error_is_the_middle_distance() -> None:
    assert typical_error([100, 100, 100], [101, 110, 60]) == pytest.approx(0.10)
    assert typical_error([100.0], [100.0]) == 0
    assert typical_error([], []) is None


@pytest.mark.parametrize(("near", "far"), [([1.0], []), ([0.0], [1.0])])
def test_typical_error_refuses_what_are_no_pairs(near, far) -> None:
    with pytest.raises(InvalidSample, match="in pairs"):
        typical_error(near, far)


def test_typical_error_finds_the_noise_that_was_put_in() -> None:
    rng = np.random.default_rng(7)
    near = rng.lognormal(12, 0.3, 20_000)

    found = typical_error(near, near * (1 + rng.normal(0, 0.10, near.size)))

    # Half of a normal curve lies within 0.6745 deviations.
    assert found == pytest.approx(0.06745, abs=0.002)
