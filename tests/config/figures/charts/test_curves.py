"""The payout curve goes through the exact thresholds, and its words and table through no others."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import Line, Scale, payout_curve

# 42,000 options behind $2.1B of preferences: nothing up to $3.5B, then two slopes.
OPTIONS = Line.of_tranches([0, 3.5e9, 5e9], [0, 2e-4, 1e-4])

TRANCHES = st.lists(
    st.tuples(st.floats(min_value=1.0, max_value=1e9), st.floats(min_value=0, max_value=1)),
    min_size=1,
    max_size=6,
)


def test_a_line_of_tranches_is_the_sum_of_its_parts() -> None:
    assert OPTIONS.ys == (0.0, 0.0, 300_000.0)
    assert OPTIONS.at(0) == 0
    assert OPTIONS.at(3.5e9) == 0
    assert OPTIONS.at(4e9) == pytest.approx(100_000)
    assert OPTIONS.at(7e9) == pytest.approx(500_000)
    assert OPTIONS.nothing_until() == 3.5e9


def test_a_line_that_pays_at_once_has_no_threshold() -> None:
    assert Line.of_tranches([0], [0.5]).nothing_until() == 0
    assert Line.of_tranches([0, 10], [0, 0]).nothing_until() == math.inf
    assert Line(xs=(0.0, 1.0), ys=(5.0, 6.0)).nothing_until() == 0


@given(tranches=TRANCHES, amount=st.floats(min_value=0, max_value=5e9))
def test_a_line_matches_its_slow_twin(tranches: list[tuple[float, float]], amount: float) -> None:
    starts = [sum(width for width, _ in tranches[:i]) for i in range(len(tranches))]
    slopes = [slope for _, slope in tranches]

    by_hand = sum(
        slope * max(0.0, min(amount, end) - start)
        for (start, end), slope in zip(pairwise([*starts, math.inf]), slopes, strict=True)
    )

    assert Line.of_tranches(starts, slopes).at(amount) == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize(
    ("xs", "ys", "reason"),
    [
        ((), (), "at least one"),
        ((0.0,), (0.0, 1.0), "as many heights"),
        ((0.0, math.nan), (0.0, 1.0), "finite"),
        ((1.0, 0.0), (0.0, 1.0), "ascend"),
    ],
)
def test_a_line_checks_itself(xs, ys, reason) -> None:
    with pytest.raises(ValueError, match=reason):
        Line(xs=xs, ys=ys)


def test_the_path_has_the_thresholds_and_nothing_else() -> None:
    chart = payout_curve(OPTIONS, x_maximum=10e9, scale=Scale(maximum=800_000))

    assert chart.path == "M0 100L35 100L50 62.5L100 0"
    assert chart.area == "M0 100L35 100L50 62.5L100 0L100 100L0 100Z"
    assert chart.nothing_until == 35.0
    assert [vertex.x for vertex in chart.vertices] == [35.0, 50.0]


def test_a_line_that_leaves_the_frame_does_so_at_the_exact_point() -> None:
    line = Line.of_tranches([0], [1.0])

    assert line.clipped(10, 5) == [(0.0, 0.0), (5.0, 5), (10, 5)]
    assert line.clipped(4, 5) == [(0.0, 0.0), (4, 4.0)]


@given(
    tranches=TRANCHES,
    x_maximum=st.floats(min_value=1.0, max_value=5e9),
    top=st.floats(min_value=1.0, max_value=5e9),
)
def test_the_path_stays_in_its_box_and_never_falls(tranches, x_maximum: float, top: float) -> None:
    starts = [sum(width for width, _ in tranches[:i]) for i in range(len(tranches))]
    line = Line.of_tranches(starts, [slope for _, slope in tranches])

    chart = payout_curve(line, x_maximum=x_maximum, scale=Scale(maximum=top))

    points = [tuple(map(float, point.split())) for point in re.split("[ML]", chart.path)[1:]]
    assert points[0][0] == 0
    assert points[-1][0] == 100
    assert all(0 <= value <= 100 for point in points for value in point)
    assert all(x0 <= x1 and y0 >= y1 for (x0, y0), (x1, y1) in pairwise(points))


def test_values_shown_are_those_of_the_line() -> None:
    chart = payout_curve(
        OPTIONS, x_maximum=10e9, scale=Scale(maximum=800_000), marks=[(7.3e9, "last round")]
    )

    assert chart.marks[0].value == "$530k"
    assert chart.marks[0].name == "last round $7.3B"
    assert chart.label == (
        "Nothing up to $3.5B, then pays $530k at last round $7.3B, $800k at $10B."
    )
    assert chart.table.rows == (
        ("$0", "$0"),
        ("$3,500,000,000", "$0"),
        ("$5,000,000,000", "$300,000"),
        ("$7,300,000,000, last round", "$530,000"),
        ("$10,000,000,000", "$800,000"),
    )


def test_terms_that_are_not_known_make_a_band() -> None:
    high = Line.of_tranches([0], [2e-4])

    chart = payout_curve(
        OPTIONS, high, x_maximum=10e9, scale=Scale(maximum=2e6), marks=[(5e9, "last round")]
    )

    assert chart.high_path == "M0 100L100 0"
    assert chart.area == "M0 100L100 0L100 60L50 85L35 100L0 100Z"
    assert chart.marks[0].value == "$300k to $1.00M"
    assert not chart.marks[0].has_dot
    assert ("$3,500,000,000", "$0 to $700,000") in chart.table.rows


def test_marks_at_the_left_fly_above_the_line() -> None:
    chart = payout_curve(
        Line.of_tranches([0], [1.0]),
        x_maximum=100,
        scale=Scale(maximum=100),
        marks=[(10, "today"), (60, "then"), (500, "never")],
    )

    flag, beside = chart.marks
    assert (flag.value_anchor, beside.value_anchor) == ("at-start", "at-end")
    assert flag.drop_y < flag.y
    assert beside.drop_y == beside.y


def test_a_payout_that_never_comes_is_a_line_on_the_ground() -> None:
    chart = payout_curve(
        Line.of_tranches([0], [0]), x_maximum=5e6, scale=Scale(maximum=1.0), currency="EUR"
    )

    assert chart.path == "M0 100L100 100"
    assert chart.nothing_until == 100.0
    assert chart.label == "Nothing up to €5M, then pays €0 at €5M."


@pytest.mark.parametrize("x_maximum", [0, -1, math.nan, math.inf])
def test_the_axis_needs_an_end(x_maximum) -> None:
    with pytest.raises(ValueError, match="positive, finite end"):
        payout_curve(OPTIONS, x_maximum=x_maximum, scale=Scale(maximum=1.0))


def test_a_line_beyond_all_money_can_still_be_drawn() -> None:
    line = Line(xs=(0.0, 1e300), ys=(0.0, 1e308))

    chart = payout_curve(line, x_maximum=1e14, scale=Scale(maximum=1.0))

    assert chart.path.startswith("M0 100L")


# --- a level to reach, and places with a number --------------------------------------------------


def test_a_level_tells_the_value_where_the_curve_reaches_it() -> None:
    chart = payout_curve(
        Line(xs=(0.0, 20.0), ys=(0.0, 0.0), final_slope=0.5),
        x_maximum=100.0,
        scale=Scale(maximum=40.0),
        marks=[(60.0, "break-even"), (100.0, "your exit")],
        level=(20.0, "A is ahead by"),
        numbers=[20.0, 60.0, 400.0],
    )

    assert chart.level is not None
    assert chart.level.label == "A is ahead by $20"
    assert [mark.value for mark in chart.marks] == ["", "$40"]
    assert [(place.number, place.x) for place in chart.numbers] == [(1, 20.0), (2, 60.0)]
    assert chart.numbers[0].y == chart.base_y


@pytest.mark.parametrize("height", [0.0, -5.0, 41.0])
def test_a_level_outside_the_picture_is_not_drawn(height: float) -> None:
    chart = payout_curve(
        Line(xs=(0.0,), ys=(0.0,), final_slope=0.5),
        x_maximum=80.0,
        scale=Scale(maximum=40.0),
        level=(height, "A is ahead by"),
    )

    assert chart.level is None
