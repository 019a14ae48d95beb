"""Fair value today: published cases, limits, laws, and a simulation of the same exits."""

import dataclasses
import math
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import (
    CapTable,
    ContingentClaims,
    ExitType,
    FairValue,
    InvalidFigure,
    OfferingOdds,
    OfferingTerms,
    OptionPricing,
    Participation,
    StockClass,
    StockClassType,
    fair_value,
    implied_fair_value,
    payout_curve,
)
from offers.valuation.fairvalue import rising_root
from tests.factories.cap_tables import cap_tables
from tests.offers.valuation.test_waterfall import golden_cap_table, golden_cases

FOUR_YEARS: Final = OptionPricing(years=4.0, risk_free_rate=0.025, volatility=0.9)
# The parameters of Gornall and Strebulaev, as golden/README.md §4 restates them; millions.
ODDS: Final = OfferingOdds(
    company_values=(32.0, 1000.0, 100_000.0), probabilities=(0.0, 0.65, 0.85)
)
CLAIMS: Final = ContingentClaims(
    mean_exit_years=4.0, risk_free_rate=0.025, volatility=0.9, offering_odds=ODDS
)


def preferred(class_id: str, shares: float, invested: float, **terms: Any) -> StockClass:
    return StockClass(
        id=class_id,
        type=StockClassType.PREFERRED,
        shares=shares,
        invested_amount=invested,
        **terms,
    )


def common(shares: float) -> StockClass:
    return StockClass(id="common", type=StockClassType.COMMON, shares=shares)


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", golden_cases("option_allocation"))
def test_golden_option_allocation_and_its_way_back(case: dict[str, Any]) -> None:
    cap_table, inputs = golden_cap_table(case), dict(case["inputs"])
    equity_value = inputs.pop("equity_value")
    model = OptionPricing(**inputs)

    answer = fair_value(cap_table, model, equity_value=equity_value)

    expected, tolerance = case["expected"], case["tolerance_relative"]
    assert answer.class_values == pytest.approx(expected["class_values"], rel=tolerance)
    assert answer.values_per_share == pytest.approx(expected["per_share"], rel=tolerance)
    assert math.fsum(answer.class_values.values()) == pytest.approx(equity_value, rel=1e-12)
    for class_id, value_per_share in answer.values_per_share.items():
        back = implied_fair_value(
            cap_table, model, class_id=class_id, value_per_share=value_per_share
        )
        assert back.equity_value == pytest.approx(equity_value, rel=1e-9)


def contingent_scenarios() -> list[Any]:
    return [
        pytest.param(case.values[0], row, id=row["name"])
        for case in golden_cases("contingent_claims")
        for row in case.values[0]["scenarios"]
    ]


def contingent_cap_table(terms: dict[str, Any]) -> CapTable:
    """The company of the published scenario files, with the change of one scenario."""
    return CapTable(
        classes=(
            preferred("first", terms["first_shares"], terms["first_investment"]),
            preferred(
                "new",
                terms["new_shares"],
                terms["new_investment"],
                liquidation_preference_multiple=terms.get("new_multiple", 1.0),
                participation=Participation(terms.get("new_participation", "none")),
                seniority=2.0 if terms.get("new_seniority") == "above first round" else 1.0,
            ),
            common(terms["common_shares"]),
        )
    )


def contingent_offering(terms: dict[str, Any]) -> OfferingTerms | None:
    if "new_ipo_ratchet" in terms:
        return OfferingTerms(class_id="new", ratchet_multiple=terms["new_ipo_ratchet"])
    if "new_veto_below_company_value" in terms:
        below = terms["new_veto_below_company_value"]
        return OfferingTerms(class_id="new", veto_below_company_value=below)
    return None


@pytest.mark.parametrize(("case", "scenario"), contingent_scenarios())
def test_golden_contract_terms_overstate_the_company(
    case: dict[str, Any], scenario: dict[str, Any]
) -> None:
    base, change = case["model"]["base"], scenario["change"]
    known = {
        "new_multiple", "new_seniority", "new_participation", "new_ipo_ratchet",
        "new_veto_below_company_value", *base,
    }  # fmt: skip
    assert set(change) <= known, "a change that this test would silently ignore"
    terms = base | change
    paid = terms["new_investment"] / terms["new_shares"]

    answer = implied_fair_value(
        contingent_cap_table(terms),
        CLAIMS,
        class_id="new",
        value_per_share=paid,
        offering_terms=contingent_offering(change),
    )

    of_common = answer.values_per_share["common"]
    assert {
        "fair_value": answer.equity_value,
        "post_money_over_fair_value": base["post_money"] / answer.equity_value - 1.0,
        "common_value_per_share": of_common,
        "preferred_price_over_common_value": paid / of_common - 1.0,
    } == pytest.approx(scenario["expected"], rel=case["tolerance_relative"], abs=1e-4)


def test_number_worked_by_hand_in_the_docs() -> None:
    """docs/valuation.md#fair-value: 1 of 2 shares, 1x on 10, one year, no rate, volatility ln 4.

    Common starts to be paid at 10 and shares half and half above 20: C(10)/1 - C(20)/2.
    With V = 20 and sigma = 1: d1(10) = ln 2 + 0.5 = 1.19315, d2 = 0.19315; d1(20) = 0.5.
    """
    cap_table = CapTable(classes=(preferred("A", 1.0, 10.0), common(1.0)))
    model = OptionPricing(years=1.0, risk_free_rate=0.0, volatility=1.0)

    answer = fair_value(cap_table, model, equity_value=20.0)

    above_10 = 20.0 * 0.883594 - 10.0 * 0.576579
    above_20 = 20.0 * 0.691462 - 20.0 * 0.308538
    assert answer.class_values["common"] == pytest.approx(above_10 - above_20 / 2.0, abs=1e-4)
    assert answer.class_values["common"] == pytest.approx(8.0768, abs=1e-4)


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [FOUR_YEARS, CLAIMS])
def test_without_preferences_every_share_is_worth_the_same(model: Any) -> None:
    cap_table = CapTable(
        classes=(preferred("A", 10.0, 40.0, liquidation_preference_multiple=0.0), common(90.0))
    )

    answer = implied_fair_value(cap_table, model, class_id="A", value_per_share=4.0)

    assert answer.equity_value == pytest.approx(400.0, rel=1e-9)
    assert answer.values_per_share["common"] == pytest.approx(4.0, rel=1e-9)


def test_without_volatility_the_value_is_the_payout_of_one_exit_discounted() -> None:
    cap_table = CapTable(classes=(preferred("A", 10.0, 40.0), common(90.0)))
    model = OptionPricing(years=2.0, risk_free_rate=0.05, volatility=0.0)

    answer = fair_value(cap_table, model, equity_value=100.0)

    at_exit = 100.0 * math.exp(0.1)
    paid = payout_curve(cap_table).payouts(np.array([at_exit]))[:, 0] * math.exp(-0.1)
    assert list(answer.class_values.values()) == pytest.approx(paid.tolist(), rel=1e-12)


def test_a_class_that_is_not_issued_is_worth_nothing_per_share() -> None:
    pool = StockClass(id="pool", type=StockClassType.UNISSUED_POOL, shares=10.0)

    answer = fair_value(CapTable(classes=(common(90.0), pool)), FOUR_YEARS, equity_value=90.0)

    assert answer.values_per_share["common"] == pytest.approx(1.0, rel=1e-12)
    assert answer.values_per_share["pool"] == 0.0


def test_a_price_that_a_redeemable_class_can_never_be_worth_is_refused() -> None:
    redeemable = preferred("A", 10.0, 40.0, conversion_rights=None)

    with pytest.raises(InvalidFigure) as failure:
        implied_fair_value(
            CapTable(classes=(redeemable, common(90.0))),
            FOUR_YEARS,
            class_id="A",
            value_per_share=4.0,
        )

    assert failure.value.field == "value_per_share"


@pytest.mark.parametrize("class_id", ["missing", "pool"])
def test_a_class_without_shares_cannot_be_solved_for(class_id: str) -> None:
    pool = StockClass(id="pool", type=StockClassType.UNISSUED_POOL, shares=10.0)

    with pytest.raises(InvalidFigure, match="class_id"):
        implied_fair_value(
            CapTable(classes=(common(90.0), pool)),
            FOUR_YEARS,
            class_id=class_id,
            value_per_share=4.0,
        )


@pytest.mark.parametrize(
    "made",
    [
        lambda: OfferingOdds(company_values=(), probabilities=()),
        lambda: OfferingOdds(company_values=(2.0, 1.0), probabilities=(0.0, 0.5)),
        lambda: OfferingOdds(company_values=(1.0,), probabilities=(1.5,)),
        lambda: OptionPricing(years=0.0, risk_free_rate=0.0, volatility=0.5),
        lambda: dataclasses.replace(CLAIMS, volatility=0.0),
        lambda: OfferingTerms(class_id="A"),
        lambda: OfferingTerms(class_id="A", ratchet_multiple=1.0, veto_below_company_value=1.0),
        lambda: fair_value(
            CapTable(classes=(common(1.0),)),
            CLAIMS,
            equity_value=1.0,
            offering_terms=OfferingTerms(class_id="common", ratchet_multiple=1.0),
        ),
    ],
)
def test_wrong_figures_are_refused(made: Any) -> None:
    with pytest.raises(InvalidFigure):
        made()


# --- laws ----------------------------------------------------------------------------------------


def sums_to_equity(cap_table: CapTable) -> bool:
    """Return whether somebody takes every dollar: not so where all are capped or redeemable."""
    return bool(payout_curve(cap_table).marginal_shares[:, -1].sum() > 0.5)


@given(cap_tables(), st.floats(1.0, 1e6), st.sampled_from([FOUR_YEARS, CLAIMS]))
@settings(max_examples=60, deadline=None)
def test_values_sum_to_the_equity_and_none_is_negative(
    cap_table: CapTable, equity_value: float, model: Any
) -> None:
    answer = fair_value(cap_table, model, equity_value=equity_value)

    assert min(answer.class_values.values()) >= 0.0
    total = math.fsum(answer.class_values.values())
    if sums_to_equity(cap_table):
        assert total == pytest.approx(equity_value, rel=1e-7)
    else:
        assert total <= equity_value * (1.0 + 1e-7)


@given(cap_tables(), st.floats(1.0, 1e6), st.floats(1.0, 10.0))
@settings(max_examples=60, deadline=None)
def test_a_company_worth_more_makes_no_class_worth_less(
    cap_table: CapTable, equity_value: float, growth: float
) -> None:
    before = fair_value(cap_table, FOUR_YEARS, equity_value=equity_value)
    after = fair_value(cap_table, FOUR_YEARS, equity_value=equity_value * growth)

    slack = 1e-9 * equity_value * growth
    for class_id, value in before.class_values.items():
        assert after.class_values[class_id] >= value - slack


@given(st.floats(0.1, 3.0), st.sampled_from([0.0, 0.5, 2.0]), st.booleans(), st.floats(0.05, 2.0))
@settings(max_examples=60, deadline=None)
def test_solving_back_returns_the_equity_value(
    multiple: float, price: float, is_senior: bool, size: float
) -> None:
    cap_table = CapTable(
        classes=(
            preferred("A", 10.0, 40.0),
            preferred(
                "B",
                10.0 * size,
                80.0,
                liquidation_preference_multiple=multiple,
                seniority=2.0 if is_senior else 1.0,
            ),
            common(90.0),
            StockClass(id="options", type=StockClassType.OPTION, shares=10.0, exercise_price=price),
        )
    )
    for model in (FOUR_YEARS, CLAIMS):
        forward = fair_value(cap_table, model, equity_value=500.0)

        back = implied_fair_value(
            cap_table, model, class_id="B", value_per_share=forward.values_per_share["B"]
        )

        wanted = forward.values_per_share["B"]
        assert back.values_per_share["B"] == pytest.approx(wanted, rel=1e-9)
        if model is FOUR_YEARS:  # without offerings a class is worth more in a larger company
            assert back.equity_value == pytest.approx(500.0, rel=1e-8)


# --- simulation ----------------------------------------------------------------------------------


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))


@pytest.mark.parametrize(
    "offering_terms",
    [
        None,
        OfferingTerms(class_id="new", ratchet_multiple=1.5),
        OfferingTerms(class_id="new", veto_below_company_value=600.0),
    ],
)
def test_closed_form_agrees_with_simulated_exits(offering_terms: OfferingTerms | None) -> None:
    """Exits drawn one by one and paid by their own rules, without a density or an integral."""
    cap_table = CapTable(
        classes=(preferred("first", 100.0, 50.0), preferred("new", 100.0, 100.0), common(750.0))
    )
    equity_value, n_paths = 700.0, 400_000
    rng = np.random.default_rng(5)
    years = rng.exponential(4.0, n_paths)
    log_growth = rng.normal((0.025 - 0.405) * years, 0.9 * np.sqrt(years))
    exits = equity_value * np.exp(log_growth)
    odds = np.interp(np.log(exits), np.log(ODDS.company_values), ODDS.probabilities)
    is_offering = rng.random(n_paths) < odds
    paid = payout_curve(cap_table).payout("common", exits)
    shared = exits * 750.0 / 950.0
    if offering_terms is not None and offering_terms.ratchet_multiple is not None:
        guaranteed = np.minimum(exits, 150.0)
        is_better = exits * 100.0 / 950.0 < guaranteed
        shared = np.where(is_better, (exits - guaranteed) * 750.0 / 850.0, shared)
    elif offering_terms is not None:
        kept = np.minimum(exits, 100.0)
        is_kept = (exits < 600.0) & (exits * 100.0 / 950.0 < kept)
        shared = np.where(is_kept, (exits - kept) * 750.0 / 850.0, shared)
    paid = np.where(is_offering, shared, paid) * np.exp(-0.025 * years)

    answer = fair_value(cap_table, CLAIMS, equity_value=equity_value, offering_terms=offering_terms)

    mean, error = mean_and_error(paid)
    assert abs(answer.class_values["common"] - mean) < 4.0 * error


def test_option_pricing_never_meets_a_public_offering() -> None:
    stretch = FOUR_YEARS.stretch(0.0, math.inf, equity_value=9.0, exit_type=ExitType.IPO)

    assert stretch == (0.0, 0.0)
    assert not FOUR_YEARS.has_offerings
    assert isinstance(
        fair_value(CapTable(classes=(common(1.0),)), FOUR_YEARS, equity_value=1.0), FairValue
    )


def test_a_root_at_the_foot_of_a_flat_stretch_is_found() -> None:
    """Where the function is already at the target, false position stands still and halving helps."""
    found = rising_root(lambda x: max(0.0, x), 0.0, start=5.0)

    assert found is not None
    assert max(0.0, found) == 0.0


def test_a_class_that_is_worth_most_in_between_is_still_solved_for() -> None:
    """A senior claim of 80 on half a share: an offering would leave it little, and it may come."""
    cap_table = CapTable(
        classes=(preferred("A", 10.0, 40.0), preferred("B", 0.5, 80.0, seniority=2.0), common(90.0))
    )
    values = {
        equity: fair_value(cap_table, CLAIMS, equity_value=equity).values_per_share["B"]
        for equity in (100.0, 380.0, 1_000.0)
    }
    assert values[100.0] < values[380.0] > values[1_000.0]

    back = implied_fair_value(
        cap_table, CLAIMS, class_id="B", value_per_share=0.999 * values[380.0]
    )

    assert back.values_per_share["B"] == pytest.approx(0.999 * values[380.0], rel=1e-9)
