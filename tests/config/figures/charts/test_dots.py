"""The dot plot: every outcome is one dot, stacked where dots would overlap."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import Scale, dot_plot

SCALE = Scale(maximum=5e6)
ANY_OUTCOMES = st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=0, max_size=20)


def plot(quantiles, **given):
    ordered = sorted(quantiles)
    ends = {"median": 2e6, "p10": 1e6, "p90": 3e6}
    return dot_plot(ordered, **{"scale": SCALE, **ends, **given})


@given(outcomes=ANY_OUTCOMES, width=st.integers(40, 600))
def test_every_outcome_is_one_dot_inside_the_chart(outcomes: list[float], width: int) -> None:
    chart = dot_plot(
        outcomes, median=0, p10=math.nan, p90=math.inf, scale=SCALE, column_width=width
    )

    assert len(chart.dots) == len(outcomes)
    assert all(0 <= dot.x <= 100 and 0 < dot.y < chart.base_y for dot in chart.dots)
    assert len(set(chart.dots)) == len(chart.dots)


def test_twenty_equal_outcomes_stack_under_the_median_label() -> None:
    chart = plot([1e6] * 20)

    assert len({dot.x for dot in chart.dots}) == 1
    assert min(dot.y for dot in chart.dots) - chart.radius > 24
    assert chart.radius < 4.5


def test_spread_outcomes_keep_their_size() -> None:
    chart = plot([i * 2.5e5 for i in range(20)])

    assert chart.radius == 4.5
    assert max(Counter(dot.x for dot in chart.dots).values()) == 1


def test_outcomes_beyond_the_axis_gather_at_its_end() -> None:
    chart = plot([1e6] * 17 + [8e6, 9e6, 10e6])

    assert Counter(dot.x for dot in chart.dots)[max(dot.x for dot in chart.dots)] == 3
    assert chart.ticks[-1].label == "$5M+"
    assert plot([1e6]).ticks[-1].label == "$5M"


def test_the_words_come_from_the_engine_not_from_the_dots() -> None:
    chart = plot([0] * 7 + [4e6] * 13, median=1.97e6, p10=0, p90=4.4e6)

    assert chart.median == "$1.97M"
    assert chart.label == (
        "Of 20 equally likely outcomes the middle one is $1.97M, and 8 in 10 lie between $0 and "
        "$4.40M. 7 of 20 pay nothing."
    )
    assert chart.table.rows[-1] == ("Under $1", "7 of 20")


def test_the_median_label_turns_away_from_the_edge() -> None:
    assert plot([1e6], median=1e6).median_anchor == "at-start"
    assert plot([1e6], median=4e6).median_anchor == "at-end"


def test_the_middle_80_percent_lie_where_they_should() -> None:
    chart = plot([1e6], p10=1e6, p90=4e6)

    assert (chart.p10_x, chart.p90_x) == (20.0, 80.0)


def test_no_outcomes_say_so() -> None:
    assert plot([]).label == "No outcomes to show."


@pytest.mark.parametrize("currency", ["USD", "CHF"])
def test_the_axis_is_labelled_in_the_currency(currency) -> None:
    labels = [tick.label for tick in plot([1e6], currency=currency).ticks]

    assert labels == [
        label.replace("$", "CHF\u00a0") if currency == "CHF" else label
        for label in ("$0", "$2M", "$4M", "$5M")
    ]
