"""The company that is assumed where none was disclosed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import (
    InvalidFigure,
    Participation,
    PreferenceTerms,
    RoundsSoFar,
    StockClass,
    StockClassType,
    assumed_classes,
    company_around,
)

SERIES_B = RoundsSoFar(dilution_fractions=(0.206, 0.201, 0.176), valuation_multiple_per_round=3.0)


def test_ownership_is_what_each_round_sold_less_later_dilution() -> None:
    assert SERIES_B.ownership_fractions == pytest.approx(
        (0.206 * 0.799 * 0.824, 0.201 * 0.824, 0.176)
    )


def test_money_raised_and_the_last_valuation_say_the_same() -> None:
    """docs/valuation.md#unknown-terms: 0.206 x 10 + 0.201 x 30 + 0.176 x 90 = 23.93."""
    assert SERIES_B.total_raised(90.0) == pytest.approx(23.93)
    assert SERIES_B.post_money_valuation(23.93) == pytest.approx(90.0)


@given(
    st.lists(st.floats(0.01, 0.5), min_size=1, max_size=6),
    st.floats(0.5, 5.0),
    st.floats(0.01, 1e3),
    st.floats(1e3, 1e9),
)
def test_assumed_classes_add_up(
    dilutions: list[float], growth: float, price: float, shares: float
) -> None:
    rounds = RoundsSoFar(dilution_fractions=tuple(dilutions), valuation_multiple_per_round=growth)

    classes = assumed_classes(
        rounds, PreferenceTerms(), fully_diluted_shares=shares, last_preferred_price=price
    )

    invested = sum(float(row.invested) for row in classes)
    assert invested == pytest.approx(rounds.total_raised(price * shares))
    newest = classes[-1]
    assert float(newest.invested) / newest.shares == pytest.approx(price)
    assert sum(row.shares for row in classes) < shares


def test_terms_are_the_newest_rounds_multiple_and_everybodys_participation() -> None:
    terms = PreferenceTerms(
        liquidation_preference_multiple=2.0, participation=Participation.FULL, is_senior=True
    )

    classes = assumed_classes(SERIES_B, terms, fully_diluted_shares=1e6, last_preferred_price=2.0)

    assert [row.liquidation_preference_multiple for row in classes] == [1.0, 1.0, 2.0]
    assert {row.participation for row in classes} == {Participation.FULL}
    assert [row.seniority for row in classes] == [1.0, 2.0, 3.0]


def test_common_stock_is_everything_else() -> None:
    preferred = StockClass(id="A", type=StockClassType.PREFERRED, shares=30.0, price_per_share=1.0)
    mine = StockClass(id="mine", type=StockClassType.RSU, shares=5.0)

    table = company_around([preferred], [mine], fully_diluted_shares=100.0)

    assert [(row.id, row.shares) for row in table.classes] == [
        ("A", 30.0),
        ("common", 65.0),
        ("mine", 5.0),
    ]
    crowded = company_around([preferred], [mine], fully_diluted_shares=20.0)
    assert crowded.classes[1].shares == 0.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: RoundsSoFar(dilution_fractions=(), valuation_multiple_per_round=3.0),
        lambda: RoundsSoFar(dilution_fractions=(1.0,), valuation_multiple_per_round=3.0),
        lambda: RoundsSoFar(dilution_fractions=(0.2,), valuation_multiple_per_round=0.0),
        lambda: SERIES_B.post_money_valuation(-1.0),
    ],
)
def test_what_cannot_be_is_refused(make: Any) -> None:
    with pytest.raises(InvalidFigure):
        make()
