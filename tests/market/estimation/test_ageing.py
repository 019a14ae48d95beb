"""Ageing by dated data."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.estimation import IndexPoint, InvalidSample, PayIndex

# Median pay of software developers, 15-1252, by the May files of BLS OEWS.
MAY = PayIndex(
    points=(
        IndexPoint(dt.date(2022, 5, 1), 127_260.0),
        IndexPoint(dt.date(2023, 5, 1), 132_270.0),
        IndexPoint(dt.date(2024, 5, 1), 133_080.0),
    ),
    source="U.S. Bureau of Labor Statistics, OEWS",
)
DAYS = st.dates(dt.date(2022, 5, 1), dt.date(2024, 5, 1))


def test_a_factor_is_the_quotient_of_two_published_levels() -> None:
    assert MAY.factor(since=dt.date(2022, 5, 1), until=dt.date(2024, 5, 1)) == pytest.approx(
        133_080 / 127_260
    )


def test_between_two_points_the_level_is_straight() -> None:
    # 92 of 365 days: 127,260 + 92/365 x 5,010.
    assert MAY.level(dt.date(2022, 8, 1)) == pytest.approx(128_522.79, abs=0.01)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (dt.date(2022, 4, 30), dt.date(2023, 5, 1)),
        (dt.date(2023, 5, 1), dt.date(2024, 5, 2)),
    ],
)
def test_nothing_is_said_beyond_the_data(since, until) -> None:
    assert MAY.factor(since=since, until=until) is None


@given(DAYS, DAYS, DAYS)
def test_two_steps_make_the_whole_way(first, second, third) -> None:
    whole = MAY.factor(since=first, until=third)
    steps = MAY.factor(since=first, until=second) * MAY.factor(since=second, until=third)

    assert steps == pytest.approx(whole)
    assert MAY.factor(since=first, until=first) == 1


@pytest.mark.parametrize(
    ("points", "source"),
    [
        ((IndexPoint(dt.date(2022, 1, 1), 1.0),), "x"),
        ((IndexPoint(dt.date(2023, 1, 1), 1.0), IndexPoint(dt.date(2022, 1, 1), 1.0)), "x"),
        ((IndexPoint(dt.date(2022, 1, 1), 1.0), IndexPoint(dt.date(2023, 1, 1), 0.0)), "x"),
        ((IndexPoint(dt.date(2022, 1, 1), 1.0), IndexPoint(dt.date(2023, 1, 1), 1.0)), ""),
    ],
)
def test_an_index_is_dated_positive_and_sourced(points, source) -> None:
    with pytest.raises(InvalidSample):
        PayIndex(points=points, source=source)
