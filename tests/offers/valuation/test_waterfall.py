"""The payout curve: worked examples, limits, laws and a slow twin."""

import itertools
import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offers.valuation import (
    CapTable,
    ConversionRights,
    Dividends,
    Participation,
    PayoutCurve,
    StockClass,
    StockClassType,
    payout_curve,
)
from offers.valuation.documents import load_document
from offers.valuation.exit_documents import read_cap_table
from tests.factories.cap_tables import cap_tables, scaled
from tests.reference.waterfall_twin import equilibrium_payouts

GOLDEN: Final = json.loads(
    (Path(__file__).parents[2] / "reference/golden/waterfall_cases.json").read_text()
)
# Tested in test_fairvalue.py.
FAIR_VALUE_KINDS: Final = {"option_allocation", "contingent_claims"}
PROCEEDS = (
    st.integers(0, 400) | st.integers(0, 10**7) | st.decimals(0, 5000, places=2).map(Fraction)
)


def golden_cases(*kinds: str) -> list[Any]:
    return [pytest.param(row, id=row["id"]) for row in GOLDEN["cases"] if row["kind"] in kinds]


def golden_cap_table(case: dict[str, Any]) -> CapTable:
    return read_cap_table(load_document(json.dumps(case))["cap_table"])


def preferred(class_id: str, **fields: Any) -> StockClass:
    money = {} if "invested_amount" in fields else {"price_per_share": 5.0}
    return StockClass(
        **{"id": class_id, "type": StockClassType.PREFERRED, "shares": 100.0} | money | fields
    )


def common(shares: float, class_id: str = "common") -> StockClass:
    return StockClass(id=class_id, type=StockClassType.COMMON, shares=shares)


def option(shares: float, exercise_price: float) -> StockClass:
    return StockClass(
        id="option", type=StockClassType.OPTION, shares=shares, exercise_price=exercise_price
    )


def curve_of(*classes: StockClass) -> PayoutCurve:
    return payout_curve(CapTable(classes=classes))


def exact_payouts(curve: PayoutCurve, net_proceeds: Fraction) -> dict[str, Fraction]:
    payouts, _ = curve.exact_payouts(net_proceeds)
    return dict(zip(curve.class_ids, payouts, strict=True))


# --- worked examples ----------------------------------------------------------------------------


def test_every_golden_kind_is_tested() -> None:
    kinds = {row["kind"] for row in GOLDEN["cases"]}

    assert kinds == {"waterfall", "common_breakeven"} | FAIR_VALUE_KINDS


@pytest.mark.parametrize("case", golden_cases("waterfall"))
def test_golden_breakpoints(case: dict[str, Any]) -> None:
    curve = payout_curve(golden_cap_table(case))

    assert curve.breakpoints.tolist() == pytest.approx(
        case["breakpoints"], abs=case["expected_tolerance"]
    )
    for printed in case.get("published_breakpoints", []):
        assert np.abs(curve.breakpoints - printed).min() <= case["tolerance"]


@pytest.mark.parametrize(
    "case", [row for row in golden_cases("waterfall") if "marginal_shares" in row.values[0]]
)
def test_golden_marginal_shares(case: dict[str, Any]) -> None:
    curve = payout_curve(golden_cap_table(case))

    rows = [dict(zip(curve.class_ids, column, strict=True)) for column in curve.marginal_shares.T]
    assert len(rows) == len(case["marginal_shares"])
    for row, expected in zip(rows, case["marginal_shares"], strict=True):
        assert row == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("case", golden_cases("waterfall"))
def test_golden_sales_through_the_vectorised_curve(case: dict[str, Any]) -> None:
    sales = [row for row in case["scenarios"] if row["exit_type"] == "sale"]
    curve = payout_curve(golden_cap_table(case))
    net_proceeds = np.array([row["expected"]["net_proceeds"] for row in sales])

    payouts = curve.payouts(net_proceeds)

    for column, row in zip(payouts.T, sales, strict=True):
        assert dict(zip(curve.class_ids, column, strict=True)) == pytest.approx(
            row["expected"]["payouts"], abs=case["expected_tolerance"]
        )
    assert curve.common_payout_per_share(net_proceeds).tolist() == pytest.approx(
        [row["expected"]["common_payout_per_share"] for row in sales], abs=1e-6
    )


@pytest.mark.parametrize("case", golden_cases("common_breakeven"))
def test_golden_common_breakeven(case: dict[str, Any]) -> None:
    curve = payout_curve(golden_cap_table(case))

    for row in case["common_breakeven"]:
        price, net_proceeds = row["common_payout_per_share"], row["net_proceeds"]
        assert curve.net_proceeds_at_common_payout(price) == pytest.approx(
            net_proceeds, abs=case["tolerance"]
        )
        assert curve.common_payout_per_share(np.array([net_proceeds])) == pytest.approx(
            price, abs=case["tolerance"]
        )


def test_worked_example_of_the_documentation() -> None:
    """docs/valuation.md#waterfall, worked by hand."""
    curve = curve_of(
        preferred(
            "B",
            shares=1_000_000.0,
            price_per_share=10.0,
            seniority=2.0,
            participation=Participation.CAPPED,
            participation_cap_multiple=2.0,
        ),
        preferred("A", shares=1_000_000.0, price_per_share=4.0),
        common(7_500_000.0),
        option(500_000.0, 2.0),
    )

    assert curve.breakpoints.tolist() == [10e6, 14e6, 31e6, 49e6, 109e6, 199e6]
    assert curve.payouts_at_breakpoints.T.tolist() == [
        [10e6, 0.0, 0.0, 0.0],
        [10e6, 4e6, 0.0, 0.0],
        [12e6, 4e6, 15e6, 0.0],
        [14e6, 4e6, 30e6, 1e6],
        [20e6, 10e6, 75e6, 4e6],
        [20e6, 20e6, 150e6, 9e6],
    ]
    assert curve.marginal_shares.T.tolist() == [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [1 / 8.5, 0.0, 7.5 / 8.5, 0.0],
        [1 / 9, 0.0, 7.5 / 9, 0.5 / 9],
        [1 / 10, 1 / 10, 7.5 / 10, 0.5 / 10],
        [0.0, 1 / 9, 7.5 / 9, 0.5 / 9],
        [1 / 10, 1 / 10, 7.5 / 10, 0.5 / 10],
    ]
    assert curve.common_payout_per_share(np.array([49e6, 79e6])).tolist() == [4.0, 7.0]


# --- limits -------------------------------------------------------------------------------------


def test_without_preferences_everybody_shares_alike() -> None:
    curve = curve_of(
        common(300.0), preferred("A", shares=100.0, liquidation_preference_multiple=0.0)
    )

    assert curve.breakpoints.tolist() == []
    assert curve.payouts(np.array([0.0, 1000.0])).T.tolist() == [[0.0, 0.0], [750.0, 250.0]]
    assert curve.decides_above("A") == 0.0


def test_pool_alone_takes_nothing() -> None:
    curve = curve_of(StockClass(id="pool", type=StockClassType.UNISSUED_POOL, shares=100.0))

    assert curve.breakpoints.tolist() == []
    assert curve.marginal_shares.tolist() == [[0.0]]
    assert curve.payouts(np.array([5.0])).tolist() == [[0.0]]
    assert curve.common_payout_per_share(np.array([5.0])).tolist() == [0.0]
    assert curve.zero_until("pool") == math.inf
    assert curve.net_proceeds_at_payout("pool", 1.0) == math.inf
    assert curve.net_proceeds_at_common_payout(1.0) == math.inf


def test_what_no_class_may_take_stays_unpaid() -> None:
    capped = preferred(
        "A",
        conversion_rights=None,
        participation=Participation.CAPPED,
        participation_cap_multiple=3.0,
    )
    curve = curve_of(capped)

    assert curve.breakpoints.tolist() == [1500.0]
    assert curve.marginal_shares.tolist() == [[1.0, 0.0]]
    assert curve.payout("A", np.array([1000.0, 1500.0, 9000.0])).tolist() == [
        *(1000.0, 1500.0, 1500.0)
    ]
    assert curve.common_payout_per_share(np.array([1000.0, 1500.0, 9000.0])).tolist() == [
        *(5.0, 10.0, 10.0)
    ]
    assert curve.net_proceeds_at_common_payout(10.0) == 1500.0
    assert curve.net_proceeds_at_common_payout(10.01) == math.inf
    assert curve.net_proceeds_at_payout("A", 1500.0) == 1500.0
    assert curve.net_proceeds_at_payout("A", 1501.0) == math.inf


def test_price_jumps_where_nobody_takes_anything_in_between() -> None:
    """Nobody but A holds stock: it takes all, held up to its claim and converted beyond."""
    curve = curve_of(preferred("A"))

    assert curve.breakpoints.tolist() == []
    assert curve.payout("A", np.array([0.0, 500.0, 700.0])).tolist() == [0.0, 500.0, 700.0]
    assert curve.common_payout_per_share(np.array([500.0, 700.0])).tolist() == [0.0, 7.0]
    assert curve.net_proceeds_at_common_payout(3.0) == 500.0
    assert curve.decides_above("A") == 500.0
    assert curve.exact_payouts(Fraction(500)) == ((500,), 0)


def test_options_alone_take_everything() -> None:
    curve = curve_of(option(10.0, 1.0))

    assert curve.payout("option", np.array([0.0, 5.0])).tolist() == [0.0, 5.0]
    assert curve.common_payout_per_share(np.array([0.0, 5.0])).tolist() == [0.0, 1.5]
    assert curve.deciding_classes(Fraction(0)) == frozenset()
    assert curve.deciding_classes(Fraction(1)) == {"option"}


@pytest.mark.parametrize(
    "idle",
    [
        common(0.0, "idle"),
        replace(option(0.0, 1.0), id="idle"),
        preferred("idle", shares=0.0),
        preferred("idle", price_per_share=0.0, shares=0.0, participation=Participation.FULL),
    ],
)
def test_class_without_shares_and_claims_changes_nothing(idle: StockClass) -> None:
    plain, with_idle = (
        (preferred("A"), common(400.0)),
        curve_of(preferred("A"), common(400.0), idle),
    )

    assert with_idle.breakpoints.tolist() == curve_of(*plain).breakpoints.tolist()
    assert with_idle.payout("idle", np.array([1e6])).tolist() == [0.0]
    assert with_idle.decides_above("idle") == math.inf


def test_money_without_shares_is_a_claim_that_never_converts() -> None:
    curve = curve_of(preferred("A", shares=0.0, invested_amount=500.0), common(400.0))

    assert curve.breakpoints.tolist() == [500.0]
    assert curve.decides_above("A") == math.inf


def test_figures_at_the_bounds_stay_finite() -> None:
    extreme = preferred(
        "A",
        shares=1e-24,
        price_per_share=1e-24,
        liquidation_preference_multiple=1e24,
        conversion_rights=ConversionRights(conversion_price=1e24),
        dividends=Dividends(accrued_amount=1e24),
    )
    vast = preferred(
        "B", shares=1e24, price_per_share=1e24, conversion_rights=ConversionRights(ratio=1e24)
    )
    curve = curve_of(extreme, vast, common(1e-24))

    assert np.isfinite(curve.breakpoints).all()
    assert np.isfinite(curve.payouts_at_breakpoints).all()
    assert np.isfinite(curve.payouts(np.array([0.0, 1e-24, 1e24]))).all()


# --- inverse questions --------------------------------------------------------------------------


def test_inverse_questions_on_a_plain_stack() -> None:
    curve = curve_of(preferred("A"), common(400.0), option(100.0, 2.0))

    assert curve.zero_until("A") == 0.0
    assert curve.zero_until("common") == 500.0
    assert curve.zero_until("option") == 1300.0
    assert curve.net_proceeds_at_payout("A", 0.0) == 0.0
    assert curve.net_proceeds_at_payout("A", 500.0) == 500.0
    assert curve.net_proceeds_at_payout("A", 501.0) == 500.0 + 2000.0 + 300.0 + 6.0
    assert curve.net_proceeds_at_common_payout(0.0) == 0.0
    assert curve.net_proceeds_at_common_payout(1.0) == 900.0
    assert curve.decides_above("A") == 2800.0
    assert curve.decides_above("common") == math.inf
    assert curve.deciding_classes(Fraction(2800)) == {"option"}
    assert curve.deciding_classes(Fraction(2801)) == {"option", "A"}


@pytest.mark.parametrize("question", ["payoff", "zero_until", "decides_above"])
def test_unknown_class_is_refused(question: str) -> None:
    with pytest.raises(KeyError, match="stranger"):
        getattr(curve_of(common(1.0)), question)("stranger")


def test_payoff_of_a_class_has_its_own_thresholds_only() -> None:
    payoff = curve_of(
        preferred("A", seniority=2.0), preferred("B"), common(300.0), option(0.0, 1.0)
    ).payoff("B")

    assert payoff.starts.tolist() == [0.0, 500.0, 1000.0, 2500.0]
    assert payoff.slopes.tolist() == [0.0, 1.0, 0.0, 0.2]


def test_arrays_of_a_curve_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        curve_of(preferred("A"), common(1.0)).breakpoints[0] = 1.0


# --- laws ---------------------------------------------------------------------------------------


@given(cap_table=cap_tables(), net_proceeds=PROCEEDS, more=PROCEEDS)
def test_payouts_sum_to_the_proceeds_and_none_falls_as_they_rise(
    cap_table: CapTable, net_proceeds: Fraction, more: Fraction
) -> None:
    curve = payout_curve(cap_table)
    before, price_before = curve.exact_payouts(Fraction(net_proceeds))
    after, price_after = curve.exact_payouts(Fraction(net_proceeds) + more)

    assert all(0 <= low <= high for low, high in zip(before, after, strict=True))
    assert price_before <= price_after
    if curve.marginal_shares[:, -1].any():
        assert sum(before) == net_proceeds
        # With none falling, this also makes each one continuous: none can jump.
        assert sum(after) - sum(before) == more
    else:
        assert sum(before) <= net_proceeds
        assert sum(after) - sum(before) <= more


@given(cap_tables())
def test_breakpoints_are_exactly_where_the_split_changes(cap_table: CapTable) -> None:
    curve = payout_curve(cap_table)
    tranches = curve.marginal_shares.T.tolist()

    assert (np.diff(curve.tranche_starts) > 0.0).all()
    assert curve.marginal_shares.shape[1] == len(curve.breakpoints) + 1
    assert all(left != right for left, right in itertools.pairwise(tranches))
    for index, tranche in enumerate(tranches):
        is_last = index == len(tranches) - 1
        assert sum(tranche) == pytest.approx(1.0) or (is_last and not any(tranche))
    for column, level in zip(curve.payouts_at_breakpoints.T, curve.breakpoints, strict=True):
        assert sum(column) == pytest.approx(level)


@given(
    cap_table=cap_tables(),
    net_proceeds=st.lists(st.floats(0.0, 1e9), min_size=2, max_size=20).map(sorted),
)
def test_vectorised_payouts_match_the_exact_ones(
    cap_table: CapTable, net_proceeds: list[float]
) -> None:
    curve = payout_curve(cap_table)
    levels = np.array(net_proceeds)

    payouts = curve.payouts(levels)

    exact = [curve.exact_payouts(Fraction(level)) for level in net_proceeds]
    for column, (expected, _) in zip(payouts.T, exact, strict=True):
        assert column.tolist() == pytest.approx([float(paid) for paid in expected], abs=1e-6)
    assert curve.common_payout_per_share(levels).tolist() == pytest.approx(
        [float(price) for _, price in exact], rel=1e-9, abs=1e-9
    )
    assert (payouts >= 0.0).all()
    assert (np.diff(payouts, axis=1) >= 0.0).all()
    for class_id, row in zip(curve.class_ids, payouts, strict=True):
        assert np.allclose(curve.payout(class_id, levels), row, rtol=1e-12, atol=1e-9)


@given(cap_table=cap_tables(), net_proceeds=PROCEEDS)
def test_scaling_all_money_scales_all_payouts(cap_table: CapTable, net_proceeds: Fraction) -> None:
    plain, fourfold = payout_curve(cap_table), payout_curve(scaled(cap_table, 4.0))

    assert fourfold.breakpoints.tolist() == (4.0 * plain.breakpoints).tolist()
    assert fourfold.exact_payouts(Fraction(4 * net_proceeds))[0] == tuple(
        4 * paid for paid in plain.exact_payouts(Fraction(net_proceeds))[0]
    )


@given(cap_table=cap_tables(), net_proceeds=PROCEEDS, data=st.data())
def test_splitting_a_class_in_two_changes_nothing_for_others(
    cap_table: CapTable, net_proceeds: Fraction, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(cap_table.classes) - 1))
    whole = cap_table.classes[at]
    half = halved(whole)
    others = cap_table.classes[:at] + cap_table.classes[at + 1 :]
    split = CapTable(classes=(*others, replace(half, id="left"), replace(half, id="right")))

    one = exact_payouts(payout_curve(cap_table), Fraction(net_proceeds))
    two = exact_payouts(payout_curve(split), Fraction(net_proceeds))

    assert two.pop("left") + two.pop("right") == one.pop(whole.id)
    assert two == one


def halved(row: StockClass) -> StockClass:
    """Half of the shares, and of whatever money is told for the class as a whole."""
    changes: dict[str, Any] = {
        "shares": row.shares / 2,
        "unvested_shares": row.unvested_shares / 2,
    }
    if row.invested_amount is not None:
        changes["invested_amount"] = row.invested_amount / 2
    if row.dividends is not None and row.dividends.accrued_amount is not None:
        accrued_amount = row.dividends.accrued_amount / 2
        changes["dividends"] = replace(row.dividends, accrued_amount=accrued_amount)
    return replace(row, **changes)


@given(cap_table=cap_tables(), data=st.data())
def test_order_of_the_classes_means_nothing(cap_table: CapTable, data: st.DataObject) -> None:
    shuffled = CapTable(classes=tuple(data.draw(st.permutations(cap_table.classes))))
    one, two = payout_curve(cap_table), payout_curve(shuffled)

    assert one.breakpoints.tolist() == two.breakpoints.tolist()
    assert exact_payouts(one, Fraction(777)) == exact_payouts(two, Fraction(777))


@given(cap_table=cap_tables(), wanted=st.floats(0.01, 1e6), data=st.data())
def test_inverse_questions_answer_the_least_proceeds(
    cap_table: CapTable, wanted: float, data: st.DataObject
) -> None:
    curve = payout_curve(cap_table)
    class_id = data.draw(st.sampled_from(curve.class_ids))
    for level, given_at in [
        (
            curve.net_proceeds_at_payout(class_id, wanted),
            lambda at: curve.payout(class_id, np.array([at]))[0],
        ),
        (
            curve.net_proceeds_at_common_payout(wanted),
            lambda at: curve.common_payout_per_share(np.array([at]))[0],
        ),
    ]:
        if math.isinf(level):
            assert given_at(1e15) < wanted
        else:
            assert given_at(level * (1 + 1e-9) + 1e-9) >= wanted * (1 - 1e-6)
            assert given_at(level * (1 - 1e-9)) <= wanted * (1 + 1e-6)


@given(cap_table=cap_tables(), data=st.data())
def test_class_is_paid_nothing_until_it_is_paid_something(
    cap_table: CapTable, data: st.DataObject
) -> None:
    curve = payout_curve(cap_table)
    class_id = data.draw(st.sampled_from(curve.class_ids))
    until = curve.zero_until(class_id)
    if math.isinf(until):
        assert exact_payouts(curve, Fraction(10**12))[class_id] == 0
        return

    assert float(exact_payouts(curve, Fraction(until))[class_id]) == pytest.approx(0, abs=1e-9)
    assert exact_payouts(curve, Fraction(until) + 1)[class_id] > 0


# --- the slow obvious twin ----------------------------------------------------------------------


@settings(max_examples=200)
@given(cap_table=cap_tables(min_size=2, max_size=5), net_proceeds=PROCEEDS)
def test_every_equilibrium_of_decisions_pays_the_same(
    cap_table: CapTable, net_proceeds: Fraction
) -> None:
    paid = exact_payouts(payout_curve(cap_table), Fraction(net_proceeds))

    equilibria = equilibrium_payouts(cap_table, Fraction(net_proceeds))

    assert equilibria
    assert all(equilibrium == paid for equilibrium in equilibria)


@settings(max_examples=40)
@given(cap_table=cap_tables(min_size=6, max_size=8), net_proceeds=PROCEEDS)
def test_every_equilibrium_of_a_large_table_pays_the_same(
    cap_table: CapTable, net_proceeds: Fraction
) -> None:
    paid = exact_payouts(payout_curve(cap_table), Fraction(net_proceeds))

    equilibria = equilibrium_payouts(cap_table, Fraction(net_proceeds))

    assert equilibria
    assert all(equilibrium == paid for equilibrium in equilibria)


@given(cap_table=cap_tables(min_size=2, max_size=5), data=st.data())
def test_every_equilibrium_at_a_breakpoint_pays_the_same(
    cap_table: CapTable, data: st.DataObject
) -> None:
    curve = payout_curve(cap_table)
    assume(len(curve.breakpoints))
    level = Fraction(float(data.draw(st.sampled_from(curve.breakpoints.tolist()))))

    equilibria = equilibrium_payouts(cap_table, level)

    assert equilibria
    assert all(equilibrium == exact_payouts(curve, level) for equilibrium in equilibria)
