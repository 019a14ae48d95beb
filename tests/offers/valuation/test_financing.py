"""Rounds with their own terms, anti-dilution, and SAFEs and notes that meet an exit unconverted."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import (
    AntiDilution,
    CapTable,
    ConversionRights,
    ConvertibleNote,
    Dividends,
    DividendType,
    FinancingRound,
    InvalidFigure,
    Participation,
    Safe,
    StockClass,
    StockClassType,
    adjusted_conversion_price,
    after_round,
    payout_curve,
    with_unconverted,
)
from tests.reference.waterfall_twin import equilibrium_payouts

COMMON = StockClass(id="common", type=StockClassType.COMMON, shares=8e6)
SERIES_A = StockClass(
    id="A", type=StockClassType.PREFERRED, shares=2e6, price_per_share=1.0, seniority=1.0
)
POOL = StockClass(id="pool", type=StockClassType.UNISSUED_POOL, shares=1e6)
BEFORE = CapTable(classes=(COMMON, SERIES_A, POOL))


def by_id(cap_table: CapTable) -> dict[str, StockClass]:
    return {row.id: row for row in cap_table.classes}


# --- anti-dilution -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("protection", "price"),
    [
        (AntiDilution.NONE, 1.0),
        # CP2 = CP1 x (A + B) / (A + C): (2 M + 500,000) / (2 M + 1 M).
        (AntiDilution.BROAD_BASED_WEIGHTED_AVERAGE, 5 / 6),
        (AntiDilution.FULL_RATCHET, 0.5),
    ],
)
def test_a_down_round_lowers_the_conversion_price(protection: AntiDilution, price: float) -> None:
    answer = adjusted_conversion_price(
        protection,
        conversion_price=1.0,
        price_per_share=0.5,
        investment_amount=500_000,
        shares_before=2e6,
    )

    assert answer == pytest.approx(price, rel=1e-12)


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0), st.floats(1.0, 1e8), st.floats(1.0, 1e8))
def test_a_weighted_average_lies_between_both_prices_and_nothing_ever_rises(
    conversion_price: float, price: float, money: float, shares: float
) -> None:
    terms = {
        "conversion_price": conversion_price,
        "price_per_share": price,
        "investment_amount": money,
        "shares_before": shares,
    }
    none, average, ratchet = (
        adjusted_conversion_price(protection, **terms) for protection in AntiDilution
    )

    assert none == conversion_price
    assert min(price, conversion_price) * (1 - 1e-12) <= average <= conversion_price * (1 + 1e-12)
    assert ratchet == min(price, conversion_price)


# --- a round with its own terms ------------------------------------------------------------------


def test_a_round_is_priced_on_every_share_and_its_pool_is_paid_for_by_them() -> None:
    answer = by_id(
        after_round(
            BEFORE,
            FinancingRound(
                id="B",
                pre_money_valuation=22e6,
                investment_amount=11e6,
                new_pool_fraction_post=0.1,
                is_senior=True,
                liquidation_preference_multiple=1.5,
                participation=Participation.CAPPED,
                participation_cap_multiple=3.0,
                dividends=Dividends(type=DividendType.NON_CUMULATIVE, rate=0.08, years=4.0),
            ),
        )
    )

    # (22 - 0.1 x 33) M / 11 M shares = 1.70; 11 M buy 6,470,588 shares; the pool is 3.3 M / 1.70.
    new, pool = answer["B"], answer["B pool"]
    assert new.shares == pytest.approx(11e6 / 1.7)
    assert pool.shares == pytest.approx(3.3e6 / 1.7)
    assert pool.shares / (11e6 + new.shares + pool.shares) == pytest.approx(0.1)
    assert (new.seniority, new.liquidation_preference_multiple) == (2.0, 1.5)
    assert new.claim == Fraction(16_500_000)
    assert answer["A"] == SERIES_A


@pytest.mark.parametrize("protection", list(AntiDilution))
def test_a_protected_class_converts_into_more_shares_and_keeps_its_claim(
    protection: AntiDilution,
) -> None:
    down = FinancingRound(id="B", pre_money_valuation=5.5e6, investment_amount=1e6)

    answer = by_id(after_round(BEFORE, down, protections={"A": protection}))

    shares = {
        "none": 2e6,
        # A = 10 M outstanding (the pool is not), B = 1 M, C = 2 M: CP 11 / 12.
        "broad_based_weighted_average": 2e6 * 12 / 11,
        "full_ratchet": 4e6,
    }[protection]
    assert float(answer["A"].as_converted_shares) == pytest.approx(shares)
    assert answer["A"].claim == SERIES_A.claim
    assert answer["B"].shares == pytest.approx(2e6)
    assert answer["B"].seniority == 1.0


def test_an_up_round_changes_no_conversion_price() -> None:
    up = FinancingRound(id="B", pre_money_valuation=22e6, investment_amount=1e6)

    answer = after_round(BEFORE, up, protections={"A": AntiDilution.FULL_RATCHET})

    assert by_id(answer)["A"] == SERIES_A


def test_redeemable_and_empty_classes_have_no_price_to_adjust() -> None:
    redeemable = replace(SERIES_A, id="R", conversion_rights=None)
    empty = replace(SERIES_A, id="E", shares=0.0)
    free = replace(SERIES_A, id="F", price_per_share=0.0)
    down = FinancingRound(id="B", pre_money_valuation=1e6, investment_amount=1e6)
    protections = dict.fromkeys("REF", AntiDilution.FULL_RATCHET)

    answer = by_id(
        after_round(
            CapTable(classes=(COMMON, redeemable, empty, free)), down, protections=protections
        )
    )

    assert (answer["R"], answer["E"], answer["F"]) == (redeemable, empty, free)


@given(st.floats(0.5e6, 50e6), st.floats(1e5, 2e7), st.sampled_from(list(AntiDilution)))
@settings(max_examples=50)
def test_protection_never_leaves_common_more(
    pre_money: float, money: float, protection: AntiDilution
) -> None:
    terms = FinancingRound(id="B", pre_money_valuation=pre_money, investment_amount=money)
    bare = payout_curve(after_round(BEFORE, terms))
    protected = payout_curve(after_round(BEFORE, terms, protections={"A": protection}))
    exits = np.array([1e6, 1e7, 5e7, 5e8])

    of_bare, of_protected = bare.payout("common", exits), protected.payout("common", exits)

    assert (of_protected <= of_bare * (1 + 1e-12)).all()


# --- dividends -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dividends", "claim"),
    [
        (None, 2_000_000),
        (Dividends(type=DividendType.NON_CUMULATIVE, rate=0.08, years=5.0), 2_000_000),
        (
            Dividends(
                type=DividendType.NON_CUMULATIVE, rate=0.08, years=5.0, accrued_amount=160_000.0
            ),
            2_160_000,
        ),
        (Dividends(type=DividendType.CUMULATIVE_SIMPLE, rate=0.08, years=5.0), 2_800_000),
    ],
)
def test_only_dividends_that_accumulate_or_were_declared_join_the_claim(
    dividends: Dividends | None, claim: int
) -> None:
    assert replace(SERIES_A, dividends=dividends).claim == claim


# --- without a round -----------------------------------------------------------------------------


def test_a_capped_safe_takes_the_better_of_its_money_and_its_part() -> None:
    """1 M at a cap of 10 M is a tenth of the company, or its million, beside the preferred."""
    table = with_unconverted(
        CapTable(classes=(COMMON,)), safes=[Safe(investment_amount=1e6, valuation_cap=10e6)]
    )
    curve = payout_curve(table)

    paid = curve.payout("safe 1", np.array([0.5e6, 5e6, 10e6, 20e6]))

    assert paid.tolist() == pytest.approx([0.5e6, 1e6, 1e6, 2e6])
    assert curve.decides_above("safe 1") == pytest.approx(10e6)


def test_an_uncapped_safe_takes_its_money_and_a_discount_makes_it_more() -> None:
    table = with_unconverted(
        CapTable(classes=(COMMON,)),
        safes=[Safe(investment_amount=1e6, valuation_cap=None, discount_fraction=0.2)],
    )

    assert payout_curve(table).payout("safe 1", np.array([1e8])).tolist() == [1.25e6]


def test_a_note_is_debt_first_and_shares_if_that_pays_more() -> None:
    note = ConvertibleNote(principal=1e6, interest_rate=0.1, years=2.0, valuation_cap=8e6)
    table = with_unconverted(CapTable(classes=(COMMON, SERIES_A)), notes=[note])
    curve = payout_curve(table)

    # 1.2 M / (8 M / 10 M shares) = 1.5 M shares beside 8 M common and 2 M Series A.
    assert curve.payout("note 1", np.array([1e6, 1.2e6, 2e6])).tolist() == pytest.approx(
        [1e6, 1.2e6, 1.2e6]
    )
    assert curve.payout("note 1", np.array([115e6])).tolist() == pytest.approx([15e6])


def test_a_loan_without_a_cap_is_only_repaid() -> None:
    table = with_unconverted(CapTable(classes=(COMMON,)), notes=[ConvertibleNote(principal=1e6)])

    assert payout_curve(table).payout("note 1", np.array([1e9])).tolist() == [1e6]


def test_caps_that_sell_the_whole_company_are_refused() -> None:
    with pytest.raises(InvalidFigure, match="safes"):
        with_unconverted(BEFORE, safes=[Safe(investment_amount=1e6, valuation_cap=1e6)])


@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.none() | st.integers(60, 400)), min_size=1, max_size=3
    ),
    st.integers(0, 2_000),
)
@settings(max_examples=60, deadline=None)
def test_unconverted_paper_is_paid_as_the_search_of_all_decisions_says(
    papers: list[tuple[int, int | None]], proceeds: int
) -> None:
    table = with_unconverted(
        CapTable(
            classes=(
                replace(COMMON, shares=80.0),
                replace(
                    SERIES_A, shares=20.0, conversion_rights=ConversionRights(conversion_price=0.5)
                ),
            )
        ),
        safes=[Safe(investment_amount=money, valuation_cap=cap) for money, cap in papers[1:]],
        notes=[
            ConvertibleNote(principal=money, interest_rate=0.05, years=2.0, valuation_cap=cap)
            for money, cap in papers[:1]
        ],
    )

    payouts, _ = payout_curve(table).exact_payouts(Fraction(proceeds))

    expected: list[dict[str, Any]] = equilibrium_payouts(table, Fraction(proceeds))
    assert expected
    fast = dict(zip([row.id for row in table.classes], payouts, strict=True))
    for slow in expected:
        assert {key: float(value) for key, value in slow.items()} == pytest.approx(
            {key: float(value) for key, value in fast.items()}, abs=1e-6
        )
