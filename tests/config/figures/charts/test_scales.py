"""Scales and ticks: round, few, and sound for every number there is."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import DataTable, Scale, joined, nice_ticks, shared_scale

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)


@pytest.mark.parametrize(
    ("maximum", "ticks"),
    [
        (759_400, (200_000, 400_000, 600_000)),
        (4_000_000, (1_000_000, 2_000_000, 3_000_000, 4_000_000)),
        (100, (25, 50, 75, 100)),
        (0.3, (0.1, 0.2, 0.3)),
        (0, ()),
        (-5, ()),
        (math.nan, ()),
        (math.inf, ()),
        (5e-324, ()),
    ],
)
def test_ticks_are_round_and_few(maximum, ticks) -> None:
    assert nice_ticks(maximum) == pytest.approx(ticks)


@given(maximum=st.floats(min_value=1e-6, max_value=1e15), n_most=st.integers(1, 8))
def test_ticks_are_even_within_the_axis_and_reach_past_its_middle(
    maximum: float, n_most: int
) -> None:
    ticks = nice_ticks(maximum, n_most)

    assert 1 <= len(ticks) <= n_most
    assert ticks[-1] <= maximum * (1 + 1e-9)
    assert ticks[-1] + ticks[0] > maximum * (1 - 1e-9)
    assert all(math.isclose(tick, ticks[0] * i) for i, tick in enumerate(ticks, start=1))
    assert Decimal(f"{ticks[0]:.6g}").normalize().as_tuple().digits in {(1,), (2,), (2, 5), (5,)}


@given(values=st.lists(ANY_FLOAT, max_size=6), value=ANY_FLOAT)
def test_a_shared_scale_keeps_everything_inside(values: list[float], value: float) -> None:
    scale = shared_scale([*values, value])

    assert 0 <= scale.share(value) <= 1


def test_a_scale_of_nothing_has_no_ticks() -> None:
    assert shared_scale([]) == shared_scale([0.0, 0.0]) == Scale(maximum=1.0)


@pytest.mark.parametrize("maximum", [0.0, -1.0, math.nan, math.inf])
def test_a_scale_needs_an_end(maximum) -> None:
    with pytest.raises(ValueError, match="positive, finite"):
        Scale(maximum=maximum)


def test_tables_side_by_side_name_their_offer() -> None:
    table = DataTable(head=("Part", "Year 1"), rows=(("Contract cash", "$1"),))

    assert joined([("Alder", table), ("Bellwether", table)]) == DataTable(
        head=("Offer", "Part", "Year 1"),
        rows=(("Alder", "Contract cash", "$1"), ("Bellwether", "Contract cash", "$1")),
        n_words=2,
    )
    assert joined([]) == DataTable(head=("Offer",), rows=(), n_words=1)


def test_a_column_that_differs_bears_every_name() -> None:
    tables = [("A", DataTable(head=(axis, "Pays"), rows=())) for axis in ("Price", "Exit", "Price")]

    assert joined(tables).head == ("Offer", "Price or Exit", "Pays")
