"""Bars: what counts and what does not are never one figure, and areas are true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import (
    GrantVesting,
    Scale,
    YearPay,
    shared_scale,
    vested_totals,
    vesting_bars,
    year_bars,
)

MONEY = st.floats(min_value=0, max_value=1e9)
YEARS = st.lists(st.builds(YearPay, solid=MONEY, tint=MONEY, paper=MONEY), min_size=1, max_size=10)

OFFER = [
    YearPay(solid=325_000, tint=100_000, paper=300_000),
    YearPay(solid=265_000, tint=100_000, paper=300_000),
    YearPay(solid=265_000, tint=100_000, paper=300_000),
]


def test_a_total_leaves_private_equity_out() -> None:
    chart = year_bars(OFFER, scale=shared_scale(year.height for year in OFFER))

    assert [(bar.total, bar.paper) for bar in chart.bars] == [
        ("$425k", "+$300k"),
        ("$365k", "+$300k"),
        ("$365k", "+$300k"),
    ]
    assert [bar.is_repeated for bar in chart.bars] == [False, False, True]


def test_a_total_stands_at_the_level_it_tells() -> None:
    chart = year_bars(OFFER, scale=Scale(maximum=725_000), height=184)

    bar = chart.bars[0]
    tint, paper = bar.segments[1], bar.segments[2]
    assert paper.y < bar.total_y < tint.y
    assert bar.paper_y < paper.y


def test_a_thin_hatch_carries_both_words_above_it() -> None:
    year = YearPay(solid=500_000, paper=10_000)

    bar = year_bars([year], scale=Scale(maximum=725_000)).bars[0]

    assert bar.paper_y < bar.total_y < bar.segments[-1].y


def test_fills_go_from_sure_to_unsure() -> None:
    chart = year_bars(OFFER, scale=Scale(maximum=725_000))

    segments = chart.bars[0].segments
    assert [segment.fill for segment in segments] == ["solid", "tint", "paper"]
    assert [segment.y for segment in segments] == sorted(
        (segment.y for segment in segments), reverse=True
    )
    assert segments[0].title == "Year 1, contract cash: $325,000"


@given(years=YEARS)
def test_bars_stay_inside_the_chart(years: list[YearPay]) -> None:
    chart = year_bars(years, scale=shared_scale(year.height for year in years))

    for bar in chart.bars:
        for segment in bar.segments:
            assert segment.x >= 0
            assert segment.x + segment.width <= 100
            assert segment.y >= 0
            assert segment.y + segment.height <= chart.base_y + 0.51
        assert bar.total_y > 5


@given(years=YEARS)
def test_heights_are_proportional_to_money(years: list[YearPay]) -> None:
    scale = shared_scale(year.height for year in years)
    chart = year_bars(years, scale=scale)

    room = chart.base_y - 36
    for year, bar in zip(years, chart.bars, strict=True):
        drawn = {segment.fill: segment.height for segment in bar.segments}
        for fill in ("solid", "tint", "paper"):
            # each part gives up at most one pixel to the gap, and is never thinner than half a one
            exact = room * getattr(year, fill) / scale.maximum
            assert exact - 1.02 <= drawn.get(fill, 0.0) <= max(exact, 0.5) + 0.02


def test_the_finding_tells_the_two_figures_apart() -> None:
    chart = year_bars(OFFER[:1], scale=Scale(maximum=725_000))

    assert chart.label == (
        "Contract cash and what is likely: year 1 $425k and $300k in private equity."
    )


def test_the_table_keeps_the_parts_apart() -> None:
    table = year_bars(OFFER[:2], scale=Scale(maximum=725_000)).table

    assert table.head == ("Part", "Year 1", "Year 2", "Total")
    assert table.rows == (
        ("Contract cash", "$325,000", "$265,000", "$590,000"),
        ("Likely, varies", "$100,000", "$100,000", "$200,000"),
        ("Private equity", "$300,000", "$300,000", "$600,000"),
    )


def test_dense_bars_have_short_names_and_no_axis_labels() -> None:
    chart = year_bars(OFFER, scale=shared_scale([725_000]), is_dense=True)

    assert [bar.name for bar in chart.bars] == ["Y1", "Y2", "Y3"]
    assert chart.grid == ()


@pytest.mark.parametrize(
    "years",
    [
        [],
        [YearPay()],
        [YearPay(solid=float("nan"), paper=float("inf"))],
        [YearPay(solid=-5, tint=1e300, paper=1e308)],
    ],
)
def test_what_cannot_be_drawn_is_not_drawn(years) -> None:
    chart = year_bars(years, scale=shared_scale(year.height for year in years))

    assert len(chart.bars) == len(years)
    assert "nan" not in repr(chart)
    assert "inf" not in repr(chart)


def test_vesting_stacks_grants_and_numbers_them() -> None:
    grants = [
        GrantVesting(name="New-hire grant", by_year=(100.0, 100.0)),
        GrantVesting(name="Sign-on grant", by_year=(50.0,), is_paper=False),
    ]

    chart = vesting_bars(grants, scale=shared_scale(vested_totals(grants)), currency=None)

    assert vested_totals(grants) == (150.0, 100.0)
    assert [bar.total for bar in chart.bars] == ["150", "100"]
    assert [(part.fill, part.mark) for part in chart.bars[0].segments] == [
        ("paper", "1"),
        ("tint", "2"),
    ]
    assert chart.table.rows == (
        ("New-hire grant", "100", "100", "200"),
        ("Sign-on grant", "50", "0", "50"),
    )


def test_a_single_grant_needs_no_number() -> None:
    grants = [GrantVesting(name="New-hire grant", by_year=(100.0,))]

    chart = vesting_bars(grants, scale=shared_scale(vested_totals(grants)), currency="GBP")

    assert chart.bars[0].segments[0].mark == ""
    assert chart.label == "Vests in year 1 £100."


def test_nothing_vests_without_grants() -> None:
    assert vesting_bars([], scale=Scale(maximum=1.0)).label == "Nothing vests."
