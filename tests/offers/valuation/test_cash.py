"""Pay per year and per month, kind by kind."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.cash import (
    CashFlows,
    CashTerms,
    MatchTier,
    OneOffPayment,
    RecurringBenefit,
    cash_by_month,
    cash_by_year,
    repayment_due,
    retirement_match,
)

KINDS = ("base", "guaranteed_bonus", "one_off", "variable_bonus", "benefits")
HALF_OF_SIX_PERCENT = MatchTier(match_fraction=0.5, salary_fraction=0.06)


def _terms(**changes: Any) -> CashTerms:
    """Return 200,000 a year with a bonus of 15% that is expected in full, changed where told."""
    usual = {
        "base_salary": 200_000.0,
        "target_bonus_fraction": 0.15,
        "expected_bonus_fraction": 1.0,
    }
    return CashTerms(**(usual | changes))


def _sign_on(amount: float = 24_000.0, **changes: Any) -> OneOffPayment:
    """Return a sign-on payment."""
    return OneOffPayment(kind="sign_on", amount=amount, **changes)


def _lists(flows: CashFlows) -> dict[str, list[float]]:
    """Return the arrays as lists, to compare exactly."""
    return {kind: getattr(flows, kind).tolist() for kind in KINDS}


amounts = st.integers(0, 10**8).map(lambda cents: cents / 100)
months = st.integers(0, 60)
payments = st.builds(
    OneOffPayment,
    kind=st.sampled_from(["sign_on", "relocation", "retention"]),
    amount=amounts,
    month=months,
    repayment_months=months,
    is_repayment_prorated=st.booleans(),
)
cash_terms = st.builds(
    CashTerms,
    base_salary=amounts,
    yearly_raise=st.floats(0.0, 0.2).map(lambda rate: round(rate, 3)),
    target_bonus=amounts,
    target_bonus_fraction=st.floats(0, 1).map(lambda rate: round(rate, 3)),
    expected_bonus_fraction=st.floats(0, 1.5).map(lambda rate: round(rate, 3)),
    guaranteed_bonuses=st.lists(amounts, max_size=3).map(tuple),
    first_year_bonus_fraction=st.sampled_from([1.0, 0.5]),
    payments=st.lists(payments, max_size=3).map(tuple),
    benefits=st.lists(
        st.builds(
            RecurringBenefit, kind=st.just("health"), yearly_value=amounts, one_time_value=amounts
        ),
        max_size=2,
    ).map(tuple),
    match_tiers=st.sampled_from([(), (HALF_OF_SIX_PERCENT,)]),
    match_cap=st.sampled_from([None, 5_000.0]),
)


# --- worked examples -----------------------------------------------------------------------------


def test_half_of_the_first_six_percent_of_238_000_is_7_140() -> None:
    assert float(retirement_match(238_000, [HALF_OF_SIX_PERCENT])) == 7_140.0


def test_tiers_stack_on_the_salary_and_stop_at_the_cap() -> None:
    tiers = (
        MatchTier(match_fraction=1.0, salary_fraction=0.03),
        MatchTier(match_fraction=0.5, salary_fraction=0.02),
    )

    match = retirement_match([100_000.0, 200_000.0], tiers, cap=6_000.0)

    assert match.tolist() == [4_000.0, 6_000.0]
    assert float(retirement_match(100_000, ())) == 0.0


def test_one_day_off_is_base_over_260() -> None:
    day_off = RecurringBenefit(kind="leave", yearly_value=238_000 / 260)

    assert round(day_off.yearly_value, 2) == 915.38


def test_years_keep_every_kind_apart() -> None:
    terms = _terms(
        yearly_raise=0.10,
        expected_bonus_fraction=0.9,
        guaranteed_bonuses=(20_000.0,),
        payments=(_sign_on(), _sign_on(10_000.0, month=12), _sign_on(5_000.0, month=36)),
        benefits=(
            RecurringBenefit(kind="health", yearly_value=6_000.0),
            RecurringBenefit(kind="equipment", one_time_value=2_500.0),
        ),
        match_tiers=(HALF_OF_SIX_PERCENT,),
        match_cap=6_300.0,
    )

    flows = cash_by_year(terms, 3)

    assert flows.base == pytest.approx([200_000, 220_000, 242_000])
    assert flows.guaranteed_bonus.tolist() == [20_000, 0, 0]
    assert flows.variable_bonus == pytest.approx([27_000 - 20_000, 29_700, 32_670])
    assert flows.one_off.tolist() == [24_000, 10_000, 0]
    assert flows.benefits == pytest.approx([14_500, 12_300, 12_300])
    assert flows.guaranteed == pytest.approx([244_000, 230_000, 242_000])


def test_a_bonus_stated_as_an_amount_does_not_grow_with_base() -> None:
    terms = _terms(yearly_raise=0.5, target_bonus_fraction=0.0, target_bonus=30_000.0)

    assert cash_by_year(terms, 2).variable_bonus.tolist() == [30_000, 30_000]


def test_a_guarantee_above_the_expected_bonus_leaves_nothing_variable() -> None:
    terms = _terms(expected_bonus_fraction=0.5, guaranteed_bonuses=(30_000.0, 10_000.0, 1.0))

    flows = cash_by_year(terms, 2)

    assert flows.guaranteed_bonus.tolist() == [30_000, 10_000]
    assert flows.variable_bonus.tolist() == [0, 5_000]


def test_the_first_bonus_is_prorated_only_if_told() -> None:
    terms = _terms(first_year_bonus_fraction=0.25)

    assert cash_by_year(terms, 2).variable_bonus.tolist() == [7_500, 30_000]
    assert cash_by_year(_terms(), 2).variable_bonus.tolist() == [30_000, 30_000]


def test_months_bring_bonuses_at_the_end_of_their_year() -> None:
    terms = _terms(
        guaranteed_bonuses=(10_000.0,),
        payments=(_sign_on(month=2),),
        benefits=(RecurringBenefit(kind="learning", yearly_value=1_200.0, one_time_value=500.0),),
    )

    flows = cash_by_month(terms, 14)

    assert flows.base == pytest.approx([200_000 / 12] * 14)
    assert flows.guaranteed_bonus.tolist() == [0.0] * 11 + [10_000.0, 0.0, 0.0]
    assert flows.variable_bonus.tolist() == [0.0] * 11 + [20_000.0, 0.0, 0.0]
    assert flows.one_off.tolist() == [0.0, 0.0, 24_000.0] + [0.0] * 11
    assert flows.benefits == pytest.approx([600.0] + [100.0] * 13)


def test_no_time_brings_nothing() -> None:
    terms = _terms(
        guaranteed_bonuses=(1.0,),
        payments=(_sign_on(),),
        benefits=(RecurringBenefit(kind="health", one_time_value=1.0),),
    )

    nothing = {kind: [] for kind in KINDS}
    assert _lists(cash_by_year(terms, 0)) == nothing
    assert _lists(cash_by_month(terms, 0)) == nothing


@pytest.mark.parametrize(
    ("leaving_month", "whole", "prorated"),
    [
        (0, 0, 0),  # not paid yet
        (0.9, 0, 0),
        (1, 24_000, 22_000),
        (6, 24_000, 12_000),
        (6.99, 24_000, 12_000),
        (11, 24_000, 2_000),
        (12, 0, 0),
        (48, 0, 0),
    ],
)
def test_a_sign_on_is_paid_back_whole_or_month_by_month(
    leaving_month: float, whole: float, prorated: float
) -> None:
    all_of_it = _terms(payments=(_sign_on(repayment_months=12),))
    part = _terms(payments=(_sign_on(repayment_months=12, is_repayment_prorated=True),))

    assert float(repayment_due(all_of_it, leaving_month)) == whole
    assert float(repayment_due(part, leaving_month)) == pytest.approx(prorated)


def test_repayment_runs_from_each_payment() -> None:
    terms = _terms(
        payments=(
            _sign_on(repayment_months=12),
            _sign_on(10_000.0, month=12, repayment_months=12),
            _sign_on(99_000.0),
        )
    )

    due = repayment_due(terms, np.array([[6, 12], [13, 24]]))

    assert due.tolist() == [[24_000, 0], [10_000, 0]]
    assert repayment_due(_terms(), [1, 2]).tolist() == [0, 0]


# --- laws ----------------------------------------------------------------------------------------


@given(cash_terms, st.integers(0, 6))
def test_months_add_up_to_years(terms: CashTerms, n_years: int) -> None:
    by_year = cash_by_year(terms, n_years)
    by_month = cash_by_month(terms, 12 * n_years)

    for kind in KINDS:
        total = getattr(by_month, kind).reshape(n_years, 12).sum(axis=1)
        assert total == pytest.approx(getattr(by_year, kind), rel=1e-12, abs=1e-6)


@given(cash_terms, st.integers(0, 60))
def test_fewer_months_are_the_beginning_of_more(terms: CashTerms, n_months: int) -> None:
    short, long = cash_by_month(terms, n_months), cash_by_month(terms, 60)

    for kind in KINDS:
        assert getattr(short, kind).tolist() == getattr(long, kind)[:n_months].tolist()


@given(cash_terms, st.integers(0, 6))
def test_no_kind_is_ever_negative_and_the_guaranteed_ones_are_three(
    terms: CashTerms, n_years: int
) -> None:
    flows = cash_by_year(terms, n_years)

    assert all(np.all(getattr(flows, kind) >= 0) for kind in KINDS)
    assert flows.guaranteed == pytest.approx(flows.base + flows.guaranteed_bonus + flows.one_off)


@given(cash_terms)
def test_the_expected_bonus_is_never_less_than_the_guaranteed(terms: CashTerms) -> None:
    flows = cash_by_year(terms, 3)
    target = terms.target_bonus + terms.target_bonus_fraction * flows.base
    target[0] *= terms.first_year_bonus_fraction

    bonus = flows.guaranteed_bonus + flows.variable_bonus

    assert np.all(bonus >= flows.guaranteed_bonus)
    assert np.all(bonus >= terms.expected_bonus_fraction * target - 1e-6)


@given(payments)
def test_what_is_due_back_never_grows_and_never_exceeds_the_payment(
    payment: OneOffPayment,
) -> None:
    leaving = payment.month + 1 + np.arange(120)

    due = payment.repayment_due(leaving)

    assert np.all(np.diff(due) <= 0)
    assert np.all((due >= 0) & (due <= payment.amount))
    assert due[-1] == 0
    assert np.all(payment.repayment_due(np.arange(payment.month + 1)) == 0)


# --- what no terms may be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: _terms(base_salary=-1.0), "base_salary"),
        (lambda: _terms(base_salary=float("nan")), "base_salary"),
        (lambda: _terms(yearly_raise=-0.1), "yearly_raise"),
        (lambda: _terms(yearly_raise=1.1), "yearly_raise"),
        (lambda: _terms(target_bonus=-1.0), "target_bonus"),
        (lambda: _terms(target_bonus_fraction=-0.1), "target_bonus_fraction"),
        (lambda: _terms(expected_bonus_fraction=-0.1), "expected_bonus_fraction"),
        (lambda: _terms(guaranteed_bonuses=(1.0, -1.0)), "guaranteed_bonuses[1]"),
        (lambda: _terms(first_year_bonus_fraction=1.1), "first_year_bonus_fraction"),
        (lambda: _terms(match_cap=-1.0), "match_cap"),
        (
            lambda: _terms(match_tiers=(MatchTier(match_fraction=1.0, salary_fraction=0.6),) * 2),
            "match_tiers",
        ),
        (lambda: MatchTier(match_fraction=-1.0, salary_fraction=0.5), "match_fraction"),
        (lambda: MatchTier(match_fraction=1.0, salary_fraction=1.5), "salary_fraction"),
        (lambda: _sign_on(-1.0), "amount"),
        (lambda: _sign_on(month=-1), "month"),
        (lambda: _sign_on(repayment_months=-1), "repayment_months"),
        (lambda: RecurringBenefit(kind="health", yearly_value=-1.0), "yearly_value"),
        (lambda: RecurringBenefit(kind="health", one_time_value=-1.0), "one_time_value"),
    ],
)
def test_terms_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field
