"""The market strip: percentiles in order, a pin where the offer is, words that stay true."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import market_strip

PERCENTILES = (205e3, 235e3, 258e3, 285e3, 318e3)


def test_the_strip_is_to_scale() -> None:
    chart = market_strip(PERCENTILES, low=200e3, high=400e3, value=265e3, letter="A")

    assert (chart.p10_x, chart.p25_x, chart.p50_x, chart.pin_x) == (2.5, 17.5, 29.0, 32.5)
    assert (chart.p10_p90, chart.p25_p75) == (56.5, 25.0)
    assert [label.text for label in chart.labels] == ["$205k", "$318k"]
    assert [label.anchor for label in chart.labels] == ["at-start", "at-middle"]


def test_the_words_name_every_figure() -> None:
    chart = market_strip(PERCENTILES, low=200e3, high=400e3, value=265e3, letter="A")

    assert chart.label == (
        "Median $258k, middle half $235k to $285k, 10th to 90th percentile $205k to $318k. "
        "Offer A: $265,000."
    )
    assert chart.table.rows[-1] == ("Offer A", "$265,000")


def test_labels_that_would_touch_become_one() -> None:
    chart = market_strip(PERCENTILES, low=0, high=2e6)

    assert [label.text for label in chart.labels] == ["$205k to $318k"]
    assert chart.pin_x is None


def test_a_value_beyond_the_axis_sits_at_its_edge_and_keeps_its_words() -> None:
    chart = market_strip(PERCENTILES, low=200e3, high=320e3, value=900e3)

    assert chart.pin_x == 100.0
    assert "$900,000" in chart.label


@given(
    percentiles=st.tuples(*[st.floats()] * 5),
    low=st.floats(),
    high=st.floats(),
    value=st.none() | st.floats(),
)
def test_any_figures_can_be_drawn(percentiles, low, high, value) -> None:
    chart = market_strip(tuple(sorted(percentiles)), low=low, high=high, value=value)

    places = [chart.p10_x, chart.p25_x, chart.p50_x, *(label.x for label in chart.labels)]
    assert all(0 <= place <= 100 for place in places)
    assert not any(math.isnan(place) for place in places)


@pytest.mark.parametrize(("low", "high"), [(5, 5), (9, 1)])
def test_an_axis_without_length_centres_everything(low, high) -> None:
    chart = market_strip(PERCENTILES, low=low, high=high, value=7)

    assert chart.pin_x == chart.p50_x == 50.0


def test_without_outer_percentiles_the_line_ends_with_the_bar() -> None:
    chart = market_strip((None, 235e3, 258e3, 285e3, None), low=200e3, high=400e3)

    assert (chart.p10_x, chart.p10_p90) == (chart.p25_x, chart.p25_p75)
    assert chart.label == "Median $258k, middle half $235k to $285k."
    assert chart.table.rows[0] == ("10th percentile", "Not shown")
    assert chart.table.rows[4] == ("90th percentile", "Not shown")
