"""What leaving keeps, month by month, as two pictures over the same months."""

import pytest

from config.figures.charts import Scale, month_chart

SCALE = Scale(maximum=100.0, ticks=(50.0, 100.0))
KEPT = [0.0, 40.0, 90.0]
PAID = [0.0, 50.0, 90.0]
VESTED = [0.0, 0.25, 1.0]


def test_cash_is_a_line_and_vesting_is_steps_under_it() -> None:
    chart = month_chart(KEPT, PAID, VESTED, scale=SCALE, month=1)

    assert chart.kept == "M0 100L50 60L100 10"
    assert chart.paid == "M0 100L50 50L100 10"
    assert chart.area == "M0 100L50 60L100 10L100 100L0 100Z"
    # Nothing until month 1, a quarter until month 2, all of it there.
    assert chart.vested == "M0 100L50 100L50 75L100 75L100 0L100 100Z"
    assert chart.mark is not None
    assert (chart.mark.x, chart.mark.value, chart.mark.share) == (50.0, "$40", "25%")
    assert chart.label == (
        "Leaving after 1 month keeps $40 in cash after paying back $10; "
        "25% of the equity has vested."
    )


def test_without_equity_there_is_one_picture() -> None:
    chart = month_chart(KEPT, KEPT, [], scale=SCALE)

    assert chart.vested == chart.paid == ""
    assert chart.mark is None
    assert chart.height == 150
    assert chart.label == "Leaving after 2 months keeps $90 in cash."


def test_years_are_named_from_the_start() -> None:
    months = [float(month) for month in range(61)]

    chart = month_chart(months, months, [], scale=SCALE, month=60)

    assert [(tick.x, tick.label) for tick in chart.ticks] == [
        (0.0, "start"),
        (20.0, "1 year"),
        (40.0, "2 years"),
        (60.0, "3 years"),
        (80.0, "4 years"),
        (100.0, "5 years"),
    ]
    assert [tick.anchor for tick in chart.ticks][0::5] == ["at-start", "at-end"]
    assert chart.mark is not None
    assert chart.mark.value_anchor == "at-end"
    assert chart.mark.share == ""


def test_a_month_that_is_not_drawn_has_no_mark() -> None:
    chart = month_chart(KEPT, PAID, VESTED, scale=SCALE, month=9)

    assert chart.mark is None
    assert chart.label.startswith("Leaving after 2 months")


@pytest.mark.parametrize(
    ("kept", "paid", "vested"),
    [
        ([1.0], [1.0], []),
        (KEPT, PAID[:2], []),
        (KEPT, PAID, VESTED[:2]),
        ([0.0, float("nan")], [0.0, 1.0], []),
    ],
)
def test_months_without_their_figures_are_refused(
    kept: list[float], paid: list[float], vested: list[float]
) -> None:
    with pytest.raises(ValueError, match="month"):
        month_chart(kept, paid, vested, scale=SCALE)
