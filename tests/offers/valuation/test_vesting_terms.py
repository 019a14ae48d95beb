"""The shapes of schedules: what time alone has vested."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.vesting_terms import (
    MAX_MONTHS,
    VESTING_PRESETS,
    CliffFractionThenRemainder,
    CliffThenPeriodic,
    EventAll,
    Instalment,
    TimeTerms,
    Tranches,
    YearlyFractions,
    vested_fraction,
    vesting_by_year,
)

QUARTER = Fraction(1, 4)


@st.composite
def parts_of_one(draw: st.DrawFn, max_size: int = 6) -> tuple[Fraction, ...]:
    """Draw exact fractions that add up to 1, zeros among them."""
    weights = draw(st.lists(st.integers(0, 9), min_size=1, max_size=max_size).filter(any))
    return tuple(Fraction(weight, sum(weights)) for weight in weights)


@st.composite
def periodic_terms(draw: st.DrawFn) -> CliffThenPeriodic:
    """Draw equal instalments with any cliff inside them."""
    period = draw(st.integers(1, 12))
    total = draw(st.integers(1, 80))
    return CliffThenPeriodic(
        total_months=total, cliff_months=draw(st.integers(0, total)), period_months=period
    )


@st.composite
def tranche_terms(draw: st.DrawFn) -> Tranches:
    """Draw tranches in any order, some on the same month."""
    fractions = draw(parts_of_one())
    months = draw(st.lists(st.integers(0, 60), min_size=len(fractions), max_size=len(fractions)))
    return Tranches(tranches=tuple(map(Instalment, months, fractions)))


time_terms: st.SearchStrategy[TimeTerms] = st.one_of(
    periodic_terms(),
    tranche_terms(),
    st.builds(
        CliffFractionThenRemainder,
        cliff_fraction=st.fractions(0, 1, max_denominator=12),
        cliff_months=st.integers(0, 36),
        remaining_instalments=st.integers(1, 48),
        period_months=st.integers(1, 3),
    ),
    st.builds(
        YearlyFractions,
        fractions=parts_of_one(),
        period_months=st.sampled_from([1, 2, 3, 4, 6, 12]),
    ),
)


def _slow_fraction(terms: TimeTerms, elapsed_months: float) -> Fraction:
    """Return the vested fraction the obvious way: month after complete month."""
    vested, month = Fraction(0), 0
    while month <= elapsed_months:
        vested += sum(
            (row.fraction for row in terms.instalments() if row.after_months == month), Fraction(0)
        )
        month += 1
    return vested


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "by_year"),
    [
        ("25x4", [0.25, 0.25, 0.25, 0.25]),
        ("33_33_22_12", [0.33, 0.33, 0.22, 0.12]),
        ("5_15_40_40", [0.05, 0.15, 0.40, 0.40]),
        ("38_32_20_10", [0.38, 0.32, 0.20, 0.10]),
        ("no_cliff", [0.25, 0.25, 0.25, 0.25]),
    ],
)
def test_presets_vest_per_year_what_their_names_say(preset: str, by_year: list[float]) -> None:
    assert vesting_by_year(VESTING_PRESETS[preset], 4).tolist() == by_year


def test_presets_are_all_covered() -> None:
    assert set(VESTING_PRESETS) == {"25x4", "33_33_22_12", "5_15_40_40", "38_32_20_10", "no_cliff"}


def test_the_cliff_holds_a_year_back_and_months_count_once_complete() -> None:
    elapsed = [-1.0, 0.0, 11.999, 12.0, 13.9, 14.0, 47.99, 48.0, 600.0]

    vested = vested_fraction(VESTING_PRESETS["25x4"], elapsed)

    expected = [0, 0, 0, 12 / 48, 13 / 48, 14 / 48, 47 / 48, 1, 1]
    assert vested.tolist() == expected
    assert vested.dtype == np.float64


def test_without_a_cliff_every_month_counts() -> None:
    vested = vested_fraction(VESTING_PRESETS["no_cliff"], [0, 1, 12])

    assert vested.tolist() == [0, 1 / 48, 0.25]


def test_a_cliff_between_two_instalments_releases_the_earlier_ones_on_its_own_day() -> None:
    terms = CliffThenPeriodic(total_months=24, cliff_months=10, period_months=6)

    assert vested_fraction(terms, [6, 9, 10, 12, 18, 24]).tolist() == [0, 0, 0.25, 0.5, 0.75, 1]


def test_a_period_that_does_not_divide_the_schedule_ends_on_a_shorter_instalment() -> None:
    terms = CliffThenPeriodic(total_months=12, period_months=5)

    assert terms.instalments() == (
        Instalment(5, Fraction(5, 12)),
        Instalment(10, Fraction(5, 12)),
        Instalment(12, Fraction(2, 12)),
    )


def test_a_cliff_as_long_as_the_schedule_vests_all_at_once() -> None:
    terms = CliffThenPeriodic(total_months=48, cliff_months=48)

    assert vested_fraction(terms, [47, 48]).tolist() == [0, 1]
    assert vesting_by_year(terms, 5).tolist() == [0, 0, 0, 1, 0]


def test_what_vests_on_the_first_day_belongs_to_the_first_year() -> None:
    terms = Tranches(tranches=(Instalment(0, QUARTER), Instalment(13, 3 * QUARTER)))

    assert vested_fraction(terms, 0.0) == 0.25
    assert vesting_by_year(terms, 2).tolist() == [0.25, 0.75]


def test_a_remainder_of_nothing_needs_no_instalments() -> None:
    terms = CliffFractionThenRemainder(
        cliff_fraction=Fraction(1), cliff_months=6, remaining_instalments=0
    )

    assert vested_fraction(terms, [5, 6]).tolist() == [0, 1]


def test_thirds_written_as_decimals_still_make_a_whole() -> None:
    third = Fraction(333333, 10**6)
    terms = Tranches(tranches=tuple(Instalment(12 * year, third) for year in (1, 2, 3)))
    yearly = YearlyFractions(fractions=(third, third, third), period_months=12)

    assert vested_fraction(terms, 36) == 1.0
    assert terms.instalments() == yearly.instalments()
    assert terms.instalments()[0].fraction == Fraction(1, 3)


# --- laws ----------------------------------------------------------------------------------------


@given(time_terms)
def test_instalments_are_in_order_and_add_up_to_one(terms: TimeTerms) -> None:
    instalments = terms.instalments()
    months = [row.after_months for row in instalments]

    assert months == sorted(months)
    assert sum(row.fraction for row in instalments) == 1


@given(time_terms, st.lists(st.floats(-5, 200), min_size=1, max_size=20))
def test_vested_fraction_never_decreases_and_stays_within_its_bounds(
    terms: TimeTerms, elapsed: list[float]
) -> None:
    vested = vested_fraction(terms, sorted(elapsed))

    assert np.all(np.diff(vested) >= 0)
    assert np.all((vested >= 0) & (vested <= 1))
    assert vested_fraction(terms, MAX_MONTHS) == 1.0


@given(time_terms, st.floats(-5, 150))
def test_vested_fraction_matches_its_slow_twin(terms: TimeTerms, elapsed: float) -> None:
    assert vested_fraction(terms, elapsed) == float(_slow_fraction(terms, elapsed))


@given(time_terms, st.integers(1, 12))
def test_years_are_differences_of_anniversaries(terms: TimeTerms, n_years: int) -> None:
    anniversaries = [_slow_fraction(terms, 12 * year) for year in range(n_years + 1)]
    anniversaries[0] = Fraction(0)
    expected = [float(after - before) for before, after in pairwise(anniversaries)]

    assert vesting_by_year(terms, n_years).tolist() == expected


@given(time_terms)
def test_vested_fraction_keeps_the_shape_of_its_input(terms: TimeTerms) -> None:
    grid = np.arange(12.0).reshape(2, 3, 2)

    assert vested_fraction(terms, grid).shape == (2, 3, 2)
    assert vested_fraction(terms, 3.0).shape == ()


# --- what no terms may be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: CliffThenPeriodic(total_months=0), "total_months"),
        (lambda: CliffThenPeriodic(total_months=MAX_MONTHS + 1), "total_months"),
        (lambda: CliffThenPeriodic(total_months=12, cliff_months=-1), "cliff_months"),
        (lambda: CliffThenPeriodic(total_months=12, cliff_months=13), "cliff_months"),
        (lambda: CliffThenPeriodic(total_months=12, period_months=0), "period_months"),
        (lambda: Tranches(tranches=()), "tranches"),
        (lambda: Tranches(tranches=(Instalment(12, Fraction(9, 10)),)), "tranches"),
        (lambda: Tranches(tranches=(Instalment(-1, Fraction(1)),)), "tranches[0].after_months"),
        (lambda: Tranches(tranches=(Instalment(1, Fraction(2)),)), "tranches[0].fraction"),
        (
            lambda: Tranches(tranches=(Instalment(1, Fraction(2)), Instalment(2, Fraction(-1)))),
            "tranches[0].fraction",
        ),
        (lambda: _remainder(cliff_fraction=Fraction(-1, 4)), "cliff_fraction"),
        (lambda: _remainder(cliff_fraction=Fraction(5, 4)), "cliff_fraction"),
        (lambda: _remainder(cliff_months=-1), "cliff_months"),
        (lambda: _remainder(period_months=0), "period_months"),
        (lambda: _remainder(remaining_instalments=-1), "remaining_instalments"),
        (lambda: _remainder(remaining_instalments=0), "remaining_instalments"),
        (lambda: _remainder(remaining_instalments=MAX_MONTHS - 11), "remaining_instalments"),
        (lambda: YearlyFractions(fractions=()), "fractions"),
        (lambda: YearlyFractions(fractions=(Fraction(1, 2),)), "fractions"),
        (lambda: YearlyFractions(fractions=(Fraction(-1), Fraction(2))), "fractions[0]"),
        (lambda: YearlyFractions(fractions=(Fraction(1, 101),) * 101), "fractions"),
        (lambda: YearlyFractions(fractions=(Fraction(1),), period_months=5), "period_months"),
        (lambda: YearlyFractions(fractions=(Fraction(1),), period_months=-1), "period_months"),
        (
            lambda: EventAll(event_date=None, relative_deadline_months=-1),
            "relative_deadline_months",
        ),
    ],
)
def test_terms_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field


def _remainder(**changes: object) -> CliffFractionThenRemainder:
    """Return a quarter at the cliff and monthly instalments, changed in one place."""
    terms = {"cliff_fraction": QUARTER, "cliff_months": 12, "remaining_instalments": 36}
    return CliffFractionThenRemainder(**(terms | changes))
