"""Offers side by side, in four parts that are never mixed unasked."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.cash import CashTerms, MatchTier, OneOffPayment, cash_by_year
from offers.valuation.comparison import (
    ComponentUplift,
    EquityHolding,
    OfferParts,
    compare,
    converted,
    equity_by_year,
    present_value,
    prudent_total,
    uplift,
    value_if_leaving,
)
from offers.valuation.vesting_terms import VESTING_PRESETS, CliffThenPeriodic, Instalment, Tranches

PARTS = ("guaranteed", "variable", "benefits", "paper")
amounts = st.integers(0, 10**9).map(lambda cents: cents / 100)


@st.composite
def yearly_parts(draw: st.DrawFn) -> OfferParts:
    """Draw one to four offers over one to six years."""
    n_offers, n_years = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rows = st.lists(
        st.lists(amounts, min_size=n_years, max_size=n_years), min_size=n_offers, max_size=n_offers
    )
    return OfferParts(**{part: np.array(draw(rows)) for part in PARTS})


def _two_offers() -> OfferParts:
    """Return two offers over two years, every figure different."""
    return OfferParts(
        guaranteed=np.array([[250.0, 200.0], [300.0, 310.0]]),
        variable=np.array([[30.0, 31.0], [0.0, 5.0]]),
        benefits=np.array([[10.0, 8.0], [2.0, 2.0]]),
        paper=np.array([[0.0, 100.0], [50.0, 50.0]]),
    )


def _lists(parts: OfferParts) -> dict[str, Any]:
    """Return the parts as lists."""
    return {part: getattr(parts, part).tolist() for part in PARTS}


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "worth"), [("25x4", 79_247), ("33_33_22_12", 81_998), ("5_15_40_40", 74_315)]
)
def test_100_000_of_rsus_at_ten_percent_are_worth_what_their_schedule_makes_of_them(
    preset: str, worth: float
) -> None:
    by_year = equity_by_year(VESTING_PRESETS[preset], 4, quantity=1_000, share_price=100)

    assert by_year.sum() == pytest.approx(100_000)
    assert round(float(present_value(by_year, discount_rate=0.10))) == worth


@pytest.mark.parametrize(
    ("base_salary", "n_years", "worth"),
    [
        (10_000, 2, 22_135),
        (10_000, 4, 43_035),
        (8_000, 1, 8_981),
        (8_000, 2, 17_708),
        (8_000, 3, 26_188),
        (8_000, 4, 34_428),
    ],
)
def test_a_rise_of_base_lifts_bonus_match_and_later_raises(
    base_salary: float, n_years: int, worth: float
) -> None:
    rise = CashTerms(
        base_salary=base_salary,
        yearly_raise=0.03,
        target_bonus_fraction=0.15,
        expected_bonus_fraction=1.0,
        match_tiers=(MatchTier(match_fraction=1.0, salary_fraction=0.04),),
    )

    flows = cash_by_year(rise, n_years)

    everything = flows.guaranteed + flows.variable_bonus + flows.benefits
    assert round(float(present_value(everything, discount_rate=0.06))) == worth


def test_compare_keeps_the_parts_apart() -> None:
    comparison = compare(_two_offers(), discount_rate=0.0)

    assert _lists(comparison.yearly) == _lists(_two_offers())
    assert _lists(comparison.first_year) == {
        "guaranteed": [250, 300],
        "variable": [30, 0],
        "benefits": [10, 2],
        "paper": [0, 50],
    }
    assert _lists(comparison.average_year) == {
        "guaranteed": [225, 305],
        "variable": [30.5, 2.5],
        "benefits": [9, 2],
        "paper": [50, 50],
    }
    assert _lists(comparison.horizon) == {
        "guaranteed": [450, 610],
        "variable": [61, 5],
        "benefits": [18, 4],
        "paper": [100, 100],
    }
    assert _lists(comparison.present_value) == _lists(comparison.horizon)


def test_later_money_is_worth_less_today() -> None:
    comparison = compare(_two_offers(), discount_rate=0.25)

    assert comparison.present_value.paper == pytest.approx([64.0, 40.0 + 32.0])


def test_only_the_prudent_total_adds_parts_up_at_a_stated_part_of_the_paper() -> None:
    horizon = compare(_two_offers(), discount_rate=0.0).horizon

    assert prudent_total(horizon, paper_fractions=[0.0, 1.0]).tolist() == [529, 719]
    assert prudent_total(_two_offers(), paper_fractions=[0.5, 0.0]).tolist() == [
        [290, 289],
        [302, 317],
    ]


def test_each_offer_is_converted_at_its_own_rate() -> None:
    parts = converted(_two_offers(), [1.0, 2.0])

    assert parts.guaranteed.tolist() == [[250, 200], [600, 620]]
    assert parts.paper.tolist() == [[0, 100], [100, 100]]


def test_options_are_worth_what_a_share_exceeds_their_price_by() -> None:
    terms = VESTING_PRESETS["25x4"]

    at_prices = equity_by_year(
        terms,
        4,
        quantity=64_000,
        exercise_price=3.17,
        share_price=[[3.0] * 4, [11.46] * 4, [3.17, 11.46, 22.92, 0.0]],
    )

    assert at_prices.sum(axis=1) == pytest.approx([0, 530_560, (530_560 + 1_264_000) / 4])
    assert at_prices.shape == (3, 4)


def test_leaving_keeps_what_vested_and_pays_back_what_is_due() -> None:
    cash_terms = CashTerms(
        base_salary=120_000.0,
        target_bonus=12_000.0,
        expected_bonus_fraction=0.5,
        guaranteed_bonuses=(2_000.0,),
        payments=(
            OneOffPayment(
                kind="sign_on", amount=24_000.0, repayment_months=12, is_repayment_prorated=True
            ),
        ),
        match_tiers=(MatchTier(match_fraction=0.5, salary_fraction=0.06),),
    )
    holdings = (
        EquityHolding(vesting_terms=VESTING_PRESETS["25x4"], value=96_000.0),
        EquityHolding(
            vesting_terms=Tranches(tranches=(Instalment(18, Fraction(1)),)), value=1_000.0
        ),
    )

    left = value_if_leaving(cash_terms, holdings, [0, 6, 11.9, 12, 18, 24, 60])

    assert left.repayment == pytest.approx([0, 12_000, 2_000, 0, 0, 0, 0])
    assert left.guaranteed == pytest.approx(
        [0, 72_000, 132_000, 146_000, 206_000, 266_000, 626_000]
    )
    assert left.variable == pytest.approx([0, 0, 0, 4_000, 4_000, 10_000, 28_000])
    assert left.benefits == pytest.approx([0, 1_800, 3_300, 3_600, 5_400, 7_200, 18_000])
    assert left.paper == pytest.approx([0, 0, 0, 24_000, 37_000, 49_000, 97_000])


def test_nobody_leaving_gives_empty_rows() -> None:
    cash_terms = CashTerms(base_salary=1.0, expected_bonus_fraction=1.0)

    left = value_if_leaving(cash_terms, (), [])

    assert left.guaranteed.shape == left.paper.shape == left.repayment.shape == (0,)


def test_uplift_is_told_by_component() -> None:
    first = {"base": 200_000.0, "bonus": 30_000.0, "sign_on": 0.0, "equity": 400_000.0}
    last = {"base": 210_000.0, "sign_on": 25_000.0, "equity": 500_000.0, "benefits": 0.0}

    rows = uplift(first, last)

    assert [(row.component, row.absolute, row.fraction) for row in rows] == [
        ("base", 10_000, 0.05),
        ("bonus", -30_000, -1.0),
        ("sign_on", 25_000, None),
        ("equity", 100_000, 0.25),
        ("benefits", 0, None),
    ]
    assert rows[0] == ComponentUplift(component="base", first=200_000.0, last=210_000.0)


# --- laws ----------------------------------------------------------------------------------------


@given(yearly_parts(), st.integers(0, 30))
def test_averages_horizons_and_present_values_belong_together(
    parts: OfferParts, percent: int
) -> None:
    comparison = compare(parts, discount_rate=percent / 100)

    n_years = parts.paper.shape[1]
    for name in PARTS:
        horizon = getattr(comparison.horizon, name)
        assert getattr(comparison.average_year, name) * n_years == pytest.approx(horizon)
        assert np.all(getattr(comparison.present_value, name) <= horizon * (1 + 1e-12))
        assert getattr(comparison.first_year, name).tolist() == getattr(parts, name)[:, 0].tolist()


@given(yearly_parts(), st.integers(1, 400), st.integers(0, 30))
def test_conversion_scales_and_commutes_with_comparison(
    parts: OfferParts, rate: int, percent: int
) -> None:
    rates = [rate / 100] * parts.paper.shape[0]
    discount_rate = percent / 100

    before = compare(converted(parts, rates), discount_rate=discount_rate)
    after = compare(parts, discount_rate=discount_rate)

    for name in PARTS:
        scaled = getattr(after.present_value, name) * (rate / 100)
        assert getattr(before.present_value, name) == pytest.approx(scaled, rel=1e-9)
        back = converted(converted(parts, rates), [1 / own for own in rates])
        assert getattr(back, name) == pytest.approx(getattr(parts, name), rel=1e-9)


@given(yearly_parts(), st.integers(0, 100))
def test_a_prudent_total_lies_between_no_paper_and_all_of_it(
    parts: OfferParts, percent: int
) -> None:
    n_offers = parts.paper.shape[0]

    total = prudent_total(parts, paper_fractions=[percent / 100] * n_offers)

    none = parts.guaranteed + parts.variable + parts.benefits
    assert total == pytest.approx(none + percent / 100 * parts.paper)
    assert np.all(total >= none)


@given(st.lists(amounts, min_size=1, max_size=8), st.integers(0, 29), st.integers(1, 12))
def test_present_value_falls_with_the_rate_and_with_waiting(
    by_year: list[float], percent: int, delay: int
) -> None:
    worth = float(present_value(by_year, discount_rate=percent / 100))

    dearer = float(present_value(by_year, discount_rate=(percent + 1) / 100))
    later = float(present_value([0.0] * delay + by_year, discount_rate=percent / 100))
    assert dearer <= worth
    assert later == pytest.approx(worth * (1 + percent / 100) ** -delay)


@given(st.integers(0, 120))
def test_staying_longer_never_takes_equity_away(month: int) -> None:
    holding = EquityHolding(vesting_terms=CliffThenPeriodic(total_months=48), value=48.0)
    cash_terms = CashTerms(base_salary=12.0, expected_bonus_fraction=1.0)

    now, next_month = value_if_leaving(cash_terms, [holding], [month, month + 1]).paper

    assert now == pytest.approx(min(month, 48))
    assert next_month >= now


# --- what no figure may be -----------------------------------------------------------------------


def _parts(**changes: Any) -> OfferParts:
    """Return one offer over one year, changed in one place."""
    return OfferParts(**({part: np.ones((1, 1)) for part in PARTS} | changes))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: _parts(paper=np.ones((1, 2))), "paper"),
        (lambda: _parts(variable=np.array([[np.nan]])), "variable"),
        (lambda: _parts(guaranteed=np.array([[np.inf]])), "guaranteed"),
        (lambda: compare(_parts(), discount_rate=-0.1), "discount_rate"),
        (lambda: compare(_parts().each(lambda part: part[0]), discount_rate=0.1), "yearly"),
        (lambda: compare(_parts().each(lambda part: part[:, :0]), discount_rate=0.1), "yearly"),
        (lambda: present_value([1.0], discount_rate=1.1), "discount_rate"),
        (lambda: converted(_parts(), [1.0, 1.0]), "rates"),
        (lambda: converted(_parts(), [0.0]), "rates[0]"),
        (lambda: prudent_total(_parts(), paper_fractions=[]), "paper_fractions"),
        (lambda: prudent_total(_parts(), paper_fractions=[1.1]), "paper_fractions[0]"),
        (lambda: _equity(quantity=-1.0), "quantity"),
        (lambda: _equity(exercise_price=-1.0), "exercise_price"),
        (
            lambda: EquityHolding(vesting_terms=VESTING_PRESETS["25x4"], value=-1.0),
            "value",
        ),
        (lambda: _leave([-1]), "leaving_months"),
        (lambda: _leave(3), "leaving_months"),
    ],
)
def test_figures_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field


def _equity(**changes: float) -> object:
    """Return the equity of a year, changed in one place."""
    usual = {"quantity": 1.0, "share_price": 1.0}
    return equity_by_year(VESTING_PRESETS["25x4"], 1, **(usual | changes))


def _leave(months: object) -> object:
    """Return what leaving after these months brings."""
    return value_if_leaving(CashTerms(base_salary=1.0, expected_bonus_fraction=1.0), (), months)
