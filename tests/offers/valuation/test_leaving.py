"""What leaving after so many months keeps, owes and loses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import (
    VESTING_PRESETS,
    CashTerms,
    CliffThenPeriodic,
    InvalidFigure,
    Leaving,
    LeavingGrant,
    OneOffPayment,
    leaving,
)
from tests.factories.decisions import cash_terms

EVERY_MONTH = range(61)
CLIFF = CliffThenPeriodic(total_months=48, cliff_months=12)
PAY = CashTerms(
    base_salary=120_000.0,
    target_bonus_fraction=0.1,
    expected_bonus_fraction=1.0,
    payments=(
        OneOffPayment(
            kind="sign_on", amount=24_000.0, repayment_months=24, is_repayment_prorated=True
        ),
    ),
)


def example(**changes: object) -> Leaving:
    options = LeavingGrant(units=48_000.0, vesting_terms=CLIFF, exercise_price=0.5, window_days=90)
    fields: dict[str, object] = {"exit_month": 48.0, "withheld_rate": 0.35}
    return leaving(PAY, [options], EVERY_MONTH, **{**fields, **changes})  # type: ignore[arg-type]


def test_months_eleven_and_twelve_differ_by_exactly_the_cliff() -> None:
    left = example()

    assert left.vested_units[11] == 0
    assert left.vested_units[12] - left.vested_units[11] == 48_000 * 12 / 48
    assert left.forfeited_units[11] - left.forfeited_units[12] == 12_000
    assert left.exercise_cost[12] - left.exercise_cost[11] == 6_000


def test_cash_is_kept_less_what_is_owed_back() -> None:
    left = example()

    assert left.cash_paid[[0, 1, 12, 18]] == pytest.approx([0, 34_000, 156_000, 216_000])
    assert left.owed_back_gross[[0, 6, 12, 23, 24]] == pytest.approx([0, 18_000, 12_000, 1_000, 0])
    assert left.owed_back_net[[6, 12]] == pytest.approx([11_700, 7_800])
    assert left.cash_kept[12] == pytest.approx(144_000)


def test_double_trigger_units_wait_for_an_exit_and_may_lapse() -> None:
    grant = LeavingGrant(units=480.0, vesting_terms=CLIFF, needs_exit=True, expiry_months=60)

    early = leaving(PAY, [grant], EVERY_MONTH, exit_month=36)
    late = leaving(PAY, [grant], EVERY_MONTH, exit_month=72)

    assert early.waiting_units[[11, 12, 35, 36]].tolist() == [0, 120, 350, 0]
    assert early.lapsing_units.tolist() == [0.0] * 61
    assert late.lapsing_units[[11, 12, 48]].tolist() == [0, 120, 480]
    assert late.lost_units.tolist() == [480.0] * 61
    assert late.exercise_cost.tolist() == [0.0] * 61


@pytest.mark.parametrize("months", [[], [-1], [1.5], [[1]]])
def test_months_are_a_row_of_whole_ones(months: list[object]) -> None:
    with pytest.raises(InvalidFigure) as refused:
        leaving(PAY, [], months, exit_month=0)  # type: ignore[arg-type]

    assert refused.value.field == "months"


@given(cash_terms(), st.sampled_from(sorted(VESTING_PRESETS)), st.integers(0, 72))
def test_a_walk_from_month_to_month_comes_to_the_same(
    terms: CashTerms, preset: str, exit_month: int
) -> None:
    schedule = VESTING_PRESETS[preset]
    grant = LeavingGrant(units=9_600.0, vesting_terms=schedule, exercise_price=2.0)

    left = leaving(terms, [grant], EVERY_MONTH, exit_month=exit_month)

    target = terms.target_bonus_fraction * terms.base_salary * terms.expected_bonus_fraction
    cash = 0.0
    for month in EVERY_MONTH:
        assert left.cash_paid[month] == pytest.approx(cash)
        owed = sum(
            payment.amount
            * (
                (payment.repayment_months - since) / payment.repayment_months
                if payment.is_repayment_prorated
                else 1
            )
            for payment in terms.payments
            if 0 < (since := month - payment.month) < payment.repayment_months
        )
        assert left.owed_back_gross[month] == pytest.approx(owed)
        vested = sum(
            float(row.fraction) for row in schedule.instalments() if row.after_months <= month
        )
        assert left.vested_units[month] == pytest.approx(9_600 * vested)
        assert left.vested_units[month] + left.forfeited_units[month] == pytest.approx(9_600)
        assert left.exercise_cost[month] == pytest.approx(2 * left.vested_units[month])
        cash += terms.base_salary / 12
        cash += sum(payment.amount for payment in terms.payments if payment.month == month)
        cash += target if month % 12 == 11 else 0.0
    assert np.all(np.diff(left.vested_units) >= 0)
    assert np.all(left.owed_back_gross <= left.cash_paid + 1e-9)
