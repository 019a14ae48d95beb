"""Two offers under stated assumptions: what each comes to, and what reverses their order."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import (
    CashTerms,
    CriteriaScore,
    Flip,
    Input,
    InvalidFigure,
    ListedGrant,
    LognormalSharePrice,
    OfferCase,
    PlannedGrant,
    StockClass,
    StockClassType,
    StockPlan,
    case_inputs,
    case_total,
    certain_by_year,
    criteria_score,
    exit_line,
    exit_money,
    flips,
    gap_between,
    overtaking,
    with_input,
)
from tests.factories.decisions import offer_cases

CASH = OfferCase(
    cash=CashTerms(base_salary=200_000.0, expected_bonus_fraction=1.0), horizon_years=4
)


def startup(**changes: Any) -> OfferCase:
    """Return the fixture of docs/valuation.md#break-even."""
    series = {"type": StockClassType.PREFERRED, "shares": 2_000_000.0}
    plan = StockPlan(
        preferred=(
            StockClass(id="Series A", price_per_share=2.5, seniority=1, **series),
            StockClass(id="Series B", price_per_share=7.5, seniority=2, **series),
        ),
        fully_diluted_shares=12_000_000.0,
        grants=(
            PlannedGrant(
                stock_class=StockClass(
                    id="options", type=StockClassType.OPTION, shares=80_000.0, exercise_price=0.5
                ),
                vested_fraction=Fraction(1),
            ),
        ),
    )
    fields: dict[str, Any] = {
        "cash": CashTerms(base_salary=160_000.0, expected_bonus_fraction=1.0),
        "horizon_years": 4,
        "stock": plan,
        "exit_proceeds": 90_000_000.0,
        "exit_years": 4.0,
    }
    return OfferCase(**fields | changes)


def by_input(first: OfferCase, second: OfferCase) -> dict[tuple[Input, int | None], Flip]:
    return {(flip.input, flip.side): flip for flip in flips(first, second)}


# --- worked examples -----------------------------------------------------------------------------


def test_break_even_without_time_value_is_the_fixtures() -> None:
    assert overtaking(exit_line(CASH), exit_line(startup())).first_lead == 39_960_000


def test_time_value_and_odds_ask_for_a_larger_exit() -> None:
    """At 10% a dollar in four years is worth 0.683013; half of them come with even odds."""
    first, second = replace(CASH, discount_rate=0.1), startup(discount_rate=0.1)
    discounted = overtaking(exit_line(first), exit_line(second)).first_lead
    with_odds = overtaking(exit_line(CASH), exit_line(startup(exit_probability=0.5))).first_lead

    # 40,000 x 3.169865 = 126,794.62 must come as 80,000 (p - 0.50) x 0.683013: p = 2.8205
    assert discounted is not None
    price = 126_794.62 / 0.683013 / 80_000 + 0.5
    # Above 39,960,000 Series A has converted: 9,920,000 common + 2,000,000 A + 80,000 options
    assert float(discounted) == pytest.approx(15_000_000 + 10_000_000 * price - 40_000, abs=50)
    # 320,000 = 80,000 (p - 0.50): p = 4.50
    assert with_odds == 15_000_000 + 10_000_000 * Fraction(9, 2) - 40_000


def test_later_rounds_and_debt_move_the_break_even() -> None:
    half = overtaking(exit_line(CASH), exit_line(startup(dilution_fraction=0.5))).first_lead
    plan = startup().stock
    assert plan is not None
    owing = startup(stock=replace(plan, debt=5_000_000.0))

    # Twelve million new shares share at p = 2.50 as well: 30,000,000 more
    assert half == 39_960_000 + 12_000_000 * Fraction(5, 2)
    assert overtaking(exit_line(CASH), exit_line(owing)).first_lead == 44_960_000


def test_what_is_certain_is_counted_year_by_year_in_one_currency() -> None:
    case = OfferCase(
        cash=CashTerms(base_salary=100.0, target_bonus=20.0, expected_bonus_fraction=0.5),
        horizon_years=2,
        rate=2.0,
        listed=(ListedGrant(units=10.0, vested_by_year=(0.25, 0.5), exercise_price=1.0),),
        share_price=3.0,
        listed_by_year=(1.0, 2.0),
    )

    assert certain_by_year(case) == (2 * (110 + 5 + 1), 2 * (110 + 10 + 2))
    assert case_total(case) == 476
    assert float(case_total(replace(case, discount_rate=0.25))) == pytest.approx(
        232 / 1.25 + 244 / 1.5625
    )


def test_flips_of_the_fixture() -> None:
    """At $90M a share is worth 7.50 and a little: the options pay 80,000 x (p - 0.50) = 560,267."""
    found = by_input(CASH, startup())

    assert found[Input.EXIT_PROCEEDS, 1].value == 39_960_000
    assert found[Input.ODDS, 1].value == pytest.approx(160_000 / 560_266.67, rel=1e-6)
    assert found[Input.BASE_SALARY, 0].value == pytest.approx(200_000 + 400_266.67 / 4, abs=0.01)
    assert found[Input.ONE_OFF, 1].value is None
    assert found[Input.ONE_OFF, 1].gap_at_closest == pytest.approx(400_266.67, abs=0.01)
    assert (Input.EXIT_YEARS, 1) not in found
    assert (Input.EXERCISE_PRICE, 0) not in found


def test_an_exit_that_is_too_small_flips_upward() -> None:
    found = by_input(CASH, startup(exit_proceeds=10_000_000.0))

    assert found[Input.EXIT_PROCEEDS, 1].value == 39_960_000
    assert found[Input.ODDS, 1].value is None
    assert found[Input.UNITS, 1].value is None


def test_an_exit_at_the_break_even_is_level_already() -> None:
    found = by_input(CASH, startup(exit_proceeds=39_960_000.0))

    assert {flip.value == flip.current for flip in found.values()} == {True}


def test_no_exit_takes_the_lead_of_an_offer_that_leads_without_one() -> None:
    found = by_input(replace(CASH, cash=replace(CASH.cash, base_salary=1.0)), startup())

    assert found[Input.EXIT_PROCEEDS, 1].value is None


def test_figures_out_of_bounds_are_refused() -> None:
    for name, value in (
        ("rate", 0.0),
        ("horizon_years", 0),
        ("exit_probability", 1.5),
        ("dilution_fraction", 1.0),
        ("discount_rate", -0.1),
    ):
        with pytest.raises(InvalidFigure) as refused:
            startup(**{name: value})
        assert refused.value.field == name
    with pytest.raises(InvalidFigure):
        PlannedGrant(
            stock_class=StockClass(id="x", type=StockClassType.COMMON, shares=1.0),
            vested_fraction=Fraction(2),
        )


def test_a_capped_grant_pays_no_more_than_its_limit() -> None:
    plan = startup().stock
    assert plan is not None
    capped = replace(plan, grants=(replace(plan.grants[0], payout_limit=100_000.0),))

    assert exit_money(startup(stock=capped)) == 100_000
    assert exit_money(CASH) == 0


def test_inputs_that_an_offer_lacks_leave_it_as_it_is() -> None:
    none = replace(
        CASH, listed=(ListedGrant(units=0.0, vested_by_year=(0.25,) * 4),), share_price=10.0
    )

    assert with_input(CASH, Input.EXERCISE_PRICE, 5.0) == CASH
    assert with_input(none, Input.UNITS, 40.0).listed[0].units == 40.0
    assert case_total(with_input(none, Input.UNITS, 40.0)) == 800_400


# --- laws ----------------------------------------------------------------------------------------


@st.composite
def pairs(draw: st.DrawFn) -> tuple[OfferCase, OfferCase]:
    """Two offers discounted at one rate."""
    rate = draw(st.sampled_from([0.0, 0.05, 0.1]))
    return draw(offer_cases(discount_rate=rate)), draw(offer_cases(discount_rate=rate))


@settings(max_examples=150)
@given(pairs())
def test_at_the_flip_the_gap_is_at_most_a_dollar_and_nothing_nearer_reverses_it(
    pair: tuple[OfferCase, OfferCase],
) -> None:
    first, second = pair
    now = gap_between(first, second)

    for flip in flips(first, second):

        def gap(value: float, flip: Flip = flip) -> float:
            return gap_between(
                first if flip.side == 1 else with_input(first, flip.input, value),
                second if flip.side == 0 else with_input(second, flip.input, value),
            )

        assert gap(flip.current) == pytest.approx(now, abs=0.01)
        if flip.value is None:
            assert gap(flip.closest) * now >= -0.01 * abs(now)
            assert gap(flip.closest) == pytest.approx(flip.gap_at_closest)
            continue
        assert abs(gap(flip.value)) <= 1.0
        for part in (0.1, 0.5, 0.9):
            nearer = gap(flip.current + (flip.value - flip.current) * part)
            assert nearer * now >= -0.01 * abs(now)


@given(offer_cases())
def test_an_offer_comes_to_its_certain_money_and_never_less(case: OfferCase) -> None:
    line = exit_line(case)

    assert case_total(case) >= line.certain
    assert float(line.certain) <= sum(certain_by_year(case)) + 0.01
    assert case_total(case.without_time_value) >= case_total(case) - Fraction(1, 100)


@given(offer_cases())
def test_putting_an_input_back_changes_nothing(case: OfferCase) -> None:
    for each, bounds in case_inputs(case):
        again = with_input(case, each, bounds.current)

        assert float(case_total(again)) == pytest.approx(float(case_total(case)), abs=0.01)


def test_the_chance_of_an_exit_above_the_break_even_is_how_often_the_offer_wins() -> None:
    exits = LognormalSharePrice(share_price=60e6, years=4.0, drift=0.0, volatility=0.9)
    draws = exits.draw(40_000, rng=np.random.default_rng(7))
    line = exit_line(startup())

    wins = 640_000 + line.payoff.as_payoff().at(draws) > 800_000
    chance = float(np.mean(draws > 39_960_000))

    assert float(np.mean(wins)) == chance
    in_closed_form = 1.0 - exits_below(exits, 39_960_000.0)
    error = (in_closed_form * (1 - in_closed_form) / 40_000) ** 0.5
    assert abs(chance - in_closed_form) <= 4 * error


def exits_below(exits: LognormalSharePrice, level: float) -> float:
    """Return the chance of less, as the slope of the expected excess."""
    return 1.0 + (exits.expected_excess(level + 1.0) - exits.expected_excess(level - 1.0)) / 2.0


# --- what is not money ---------------------------------------------------------------------------


def test_scores_are_averaged_by_weight_and_what_has_none_is_left_out() -> None:
    assert criteria_score([2.0, 1.0, 1.0], [5.0, 2.0, None]) == CriteriaScore(4.0, 0.75)
    assert criteria_score([1.0], [None]) == CriteriaScore(None, 0.0)
    assert criteria_score([], []) == CriteriaScore(None, 0.0)
    with pytest.raises(InvalidFigure):
        criteria_score([-1.0], [1.0])
