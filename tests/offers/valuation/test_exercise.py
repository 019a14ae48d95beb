"""What owning options costs."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import (
    VESTING_PRESETS,
    CliffThenPeriodic,
    InvalidFigure,
    OptionGrant,
    Tranches,
    election_due,
    exercise_plan,
)
from offers.valuation.vesting_terms import Instalment

TODAY = dt.date(2026, 11, 24)
EVENLY = CliffThenPeriodic(total_months=48, cliff_months=12)


def options(**changes: object) -> OptionGrant:
    fields = {"units": 80_000.0, "exercise_price": 0.5, "vesting_terms": EVENLY, **changes}
    return OptionGrant(**fields)  # type: ignore[arg-type]


def test_exercising_as_it_vests_costs_the_same_each_year() -> None:
    plan = exercise_plan([options()], n_years=4, as_of=TODAY)

    assert plan.units_by_year.tolist() == [20_000.0] * 4
    assert plan.cost_by_year.tolist() == [10_000.0] * 4
    assert plan.cost_to_date.tolist() == [10_000.0, 20_000.0, 30_000.0, 40_000.0]
    assert plan.worst_loss == 40_000
    assert plan.cost_now is plan.spread_now is plan.election_due is None


def test_exercising_early_costs_everything_now_and_starts_the_clock() -> None:
    early = options(may_exercise_early=True, fair_market_value=2.0)

    plan = exercise_plan([early], n_years=2, as_of=TODAY)

    assert plan.cost_now == plan.worst_loss == 40_000
    assert plan.spread_now == 80_000 * 1.5
    assert plan.election_due == dt.date(2026, 12, 24)


def test_a_spread_without_an_appraisal_is_not_known() -> None:
    plan = exercise_plan([options(may_exercise_early=True)], n_years=4, as_of=TODAY)

    assert plan.spread_now is None
    assert plan.cost_now == 40_000


def test_an_appraisal_below_the_price_is_no_spread() -> None:
    assert options(fair_market_value=0.2).spread == 0


def test_what_vests_later_is_not_paid_for_yet() -> None:
    late = Tranches(tranches=(Instalment(18, Fraction(1)),))

    plan = exercise_plan([options(vesting_terms=late)], n_years=2, as_of=TODAY)

    assert plan.cost_by_year.tolist() == [0.0, 40_000.0]
    assert exercise_plan([options()], n_years=0, as_of=TODAY).worst_loss == 0


@pytest.mark.parametrize(
    ("exercised", "due"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        (dt.date(2028, 2, 1), dt.date(2028, 3, 2)),
        (dt.date(2026, 12, 15), dt.date(2027, 1, 14)),
    ],
)
def test_the_election_is_due_on_the_thirtieth_day(exercised: dt.date, due: dt.date) -> None:
    assert election_due(exercised) == due


def test_negative_figures_are_refused() -> None:
    for name in ("units", "exercise_price", "fair_market_value"):
        with pytest.raises(InvalidFigure) as refused:
            options(**{name: -1.0})
        assert refused.value.field == name


@given(
    st.lists(
        st.builds(
            OptionGrant,
            units=st.integers(0, 10**6).map(float),
            exercise_price=st.integers(0, 500).map(lambda cents: cents / 100),
            vesting_terms=st.sampled_from(list(VESTING_PRESETS.values())),
            may_exercise_early=st.booleans(),
        ),
        max_size=3,
    ),
    st.integers(1, 6),
)
def test_nothing_costs_more_than_everything(grants: list[OptionGrant], n_years: int) -> None:
    plan = exercise_plan(grants, n_years=n_years, as_of=TODAY)

    everything = sum(grant.cost for grant in grants)
    assert plan.cost_to_date[-1] == pytest.approx(float(plan.cost_by_year.sum()))
    assert plan.cost_to_date[-1] <= everything * (1 + 1e-9) + 1e-9
    assert plan.worst_loss >= (plan.cost_now or 0.0)
    if n_years >= 4:
        assert plan.cost_to_date[-1] == pytest.approx(everything)
