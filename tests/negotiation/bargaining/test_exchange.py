import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.bargaining import (
    CliffTerms,
    EquityUnit,
    InvalidFigure,
    PayAssumptions,
    SignOnTerms,
    base_for_value,
    base_value,
    break_even_years,
    cliff_months_for_value,
    cliff_value,
    day_off_value,
    exchange_rates,
    sign_on_value,
    units_for_value,
    vesting_value,
    yearly_raise_of_level,
)

WORKED = json.loads(
    (Path(__file__).parents[2] / "reference/negotiation/worked_numbers.json").read_text()
)
ASSUMED = ("bonus_fraction", "match_fraction", "raise_fraction", "discount_rate")


def assumed(case):
    return PayAssumptions(**{name: case[name] for name in ASSUMED})


@st.composite
def assumptions(draw):
    part = st.floats(0, 0.5)
    return PayAssumptions(
        stay_years=draw(st.integers(1, 10)),
        discount_rate=draw(part),
        raise_fraction=draw(part),
        bonus_fraction=draw(part),
        match_fraction=draw(part),
    )


@st.composite
def cliffs(draw):
    total = draw(st.integers(1, 60))
    return CliffTerms(
        grant_value=draw(st.floats(0, 1e6)),
        total_months=total,
        cliff_months=draw(st.integers(0, total)),
        leaving_probability_a_year=draw(st.floats(0, 1)),
    )


# --- worked examples ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", WORKED["base_rises"])
def test_rise_of_base_is_worth_what_the_handbook_says(case):
    value = base_value(case["rise"], assumed(case), years=case["years"])

    assert value == pytest.approx(case["value"], abs=WORKED["tolerance"])


def test_sign_on_beats_a_rise_for_a_short_stay():
    case = WORKED["break_even"]

    years = break_even_years(case["sign_on"], case["rise"], assumed(case))

    assert years == pytest.approx(case["years"], abs=case["tolerance"])


@pytest.mark.parametrize("case", WORKED["vesting"])
def test_vesting_shapes_are_worth_what_the_handbook_says(case):
    value = vesting_value(
        case["grant_value"], case["yearly_fractions"], discount_rate=case["discount_rate"]
    )

    assert value == pytest.approx(case["value"], abs=WORKED["tolerance"])


def test_day_off_is_worth_what_the_handbook_says():
    case = WORKED["day_off"]

    assert day_off_value(case["base_salary"]) == pytest.approx(case["value"], abs=case["tolerance"])


def test_level_is_worth_the_difference_of_medians():
    assert yearly_raise_of_level(200_000, 240_000, 2.5) == 100_000


# --- slow twins --------------------------------------------------------------------------------


def paid_month_by_year(rise, terms):
    """Follow the money year by year, as a payroll would."""
    total, salary_rise = 0.0, rise
    for year in range(1, terms.stay_years + 1):
        bonus = salary_rise * terms.bonus_fraction
        match = salary_rise * terms.match_fraction
        total += (salary_rise + bonus + match) / (1 + terms.discount_rate) ** year
        salary_rise += salary_rise * terms.raise_fraction
    return total


@given(st.floats(0, 1e6), assumptions())
def test_rise_of_base_matches_a_payroll(rise, terms):
    assert base_value(rise, terms) == pytest.approx(paid_month_by_year(rise, terms), rel=1e-9)


@given(st.floats(1, 1e6), assumptions())
def test_base_for_a_value_is_worth_it(value, terms):
    assert base_value(base_for_value(value, terms), terms) == pytest.approx(value, rel=1e-9)


def brute_cliff(terms, months):
    """Walk every month in which one may leave, with the old and with the new cliff."""
    stays = 1 - terms.leaving_probability_a_year

    def kept(month, cliff):
        return terms.grant_value * month / terms.total_months if month >= cliff else 0.0

    gain = 0.0
    for month in range(terms.total_months + 1):
        leaves_now = stays ** (month / 12) - stays ** ((month + 1) / 12)
        before, after = kept(month, terms.cliff_months), kept(month, terms.cliff_months - months)
        gain += leaves_now * (after - before)
    return gain


@given(cliffs(), st.data())
def test_shorter_cliff_matches_a_walk_over_the_months(terms, data):
    months = data.draw(st.integers(0, terms.cliff_months))

    assert cliff_value(terms, shorter_by_months=months) == pytest.approx(
        brute_cliff(terms, months), rel=1e-9, abs=1e-9
    )


@given(cliffs(), st.floats(0.01, 1e6))
def test_months_of_cliff_are_the_fewest_that_suffice(terms, value):
    months = cliff_months_for_value(value, terms)

    enough = [m for m in range(terms.cliff_months + 1) if brute_cliff(terms, m) >= value]
    if months is None:
        assert all(brute_cliff(terms, m) < value * (1 + 1e-9) for m in enough)
    else:
        assert brute_cliff(terms, months) >= value * (1 - 1e-9)
        assert months == 0 or brute_cliff(terms, months - 1) < value * (1 + 1e-9)


@given(st.floats(0, 1e7), st.floats(0.001, 1e4))
def test_whole_units_are_the_fewest_that_suffice(value, unit_value):
    units = units_for_value(value, EquityUnit(value_today=unit_value))

    slack = 1e-9 * max(value, 1.0)
    assert units * unit_value >= value - slack
    assert units == 0 or (units - 1) * unit_value < value + slack


# --- limits and rates --------------------------------------------------------------------------


def test_sign_on_is_worth_less_where_it_may_be_paid_back():
    terms = SignOnTerms(leaving_probability=0.2, unforgiven_fraction=0.5)

    assert sign_on_value(50_000) == 50_000
    assert sign_on_value(50_000, terms) == pytest.approx(45_000)


def test_exchange_of_ten_thousand_of_base_by_hand():
    terms = PayAssumptions(stay_years=1, discount_rate=0.0, raise_fraction=0.0)
    cliff = CliffTerms(
        grant_value=48_000, total_months=48, cliff_months=12, leaving_probability_a_year=0.5
    )

    rates = exchange_rates(
        10_000,
        terms,
        sign_on_terms=SignOnTerms(leaving_probability=0.2),
        unit=EquityUnit(value_today=3.0),
        cliff=cliff,
    )

    assert rates.value_today == pytest.approx(10_000)
    assert rates.sign_on == pytest.approx(12_500)
    assert (rates.units, rates.units_excess) == (3_334, pytest.approx(2.0))
    assert rates.cliff_months is None  # even no cliff gives back less than 11,000 in all


def test_short_cliff_can_be_worth_some_base():
    cliff = CliffTerms(
        grant_value=480_000, total_months=48, cliff_months=12, leaving_probability_a_year=0.5
    )
    # Leaving after 11 months, at 3% of all paths, would lose 110,000.
    last_month = (0.5 ** (11 / 12) - 0.5) * 110_000

    assert cliff_value(cliff, shorter_by_months=1) == pytest.approx(last_month)
    assert cliff_months_for_value(last_month - 1, cliff) == 1
    assert cliff_months_for_value(last_month + 1, cliff) == 2


def test_private_stock_at_nothing_replaces_no_cash():
    assert units_for_value(10_000, EquityUnit(value_today=0.0, is_paper=True)) is None
    assert units_for_value(0.0, EquityUnit(value_today=0.0)) == 0


def test_sign_on_that_is_all_paid_back_replaces_nothing():
    terms = SignOnTerms(leaving_probability=1.0)

    assert exchange_rates(1_000, PayAssumptions(), sign_on_terms=terms).sign_on == math.inf


def test_no_stay_of_ours_lets_a_dollar_overtake_a_fortune():
    assert break_even_years(1e9, 1.0, PayAssumptions()) is None
    assert break_even_years(1e9, 0.0, PayAssumptions()) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: PayAssumptions(stay_years=0),
        lambda: PayAssumptions(discount_rate=-0.1),
        lambda: PayAssumptions(raise_fraction=math.nan),
        lambda: SignOnTerms(leaving_probability=1.1),
        lambda: EquityUnit(value_today=-1.0),
        lambda: CliffTerms(
            grant_value=1, total_months=12, cliff_months=13, leaving_probability_a_year=0
        ),
        lambda: vesting_value(1.0, [0.6, 0.6], discount_rate=0.1),
        lambda: cliff_value(
            CliffTerms(
                grant_value=1, total_months=12, cliff_months=3, leaving_probability_a_year=0
            ),
            shorter_by_months=4,
        ),
    ],
)
def test_figures_without_meaning_are_refused(make):
    with pytest.raises(InvalidFigure):
        make()


def test_discounting_never_raises_a_value():
    rates = [0.0, 0.03, 0.06, 0.12]
    values = [base_value(1_000, PayAssumptions(discount_rate=rate)) for rate in rates]

    assert all(a > b for a, b in itertools.pairwise(values))
