import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.bargaining import (
    EquityUnit,
    InvalidFigure,
    PackageKind,
    PayAssumptions,
    Room,
    SignOnTerms,
    base_value,
    equal_value_packages,
    moved_gap,
    sign_on_value,
    split_rise,
)

GAPS = st.floats(1, 1e6)
UNITS = st.builds(EquityUnit, value_today=st.floats(0.01, 500))
TERMS = st.builds(
    SignOnTerms, leaving_probability=st.floats(0, 0.9), unforgiven_fraction=st.floats(0, 1)
)
ASSUMED = st.builds(
    PayAssumptions,
    stay_years=st.integers(1, 10),
    discount_rate=st.floats(0, 0.3),
    bonus_fraction=st.floats(0, 1),
)


def worth(package, assumptions, unit, terms):
    """Value a package part by part, as somebody with a pencil would."""
    return (
        base_value(package.base_rise, assumptions)
        + sign_on_value(package.sign_on, terms)
        + package.units * unit.value_today
    )


@given(GAPS, ASSUMED, UNITS, TERMS)
def test_packages_land_within_one_dollar_or_one_share(gap, assumptions, unit, terms):
    packages = equal_value_packages(gap, assumptions, unit=unit, sign_on_terms=terms)

    assert {package.kind for package in packages} == set(PackageKind)
    for package in packages:
        value = worth(package, assumptions, unit, terms)
        assert value == pytest.approx(package.value_today, rel=1e-9)
        assert value >= gap - 1e-5
        assert package.excess == pytest.approx(max(value - gap, 0), abs=1e-6)
        if package.sign_on:
            assert value - gap <= 1.0 + 1e-5
        else:
            assert value - gap <= unit.value_today + 1e-5
            assert package.units


@given(st.integers(1, 5_000), st.integers(1, 400), st.integers(1, 40))
def test_equity_is_the_fewest_whole_shares_by_counting(gap, price, stay):
    package = moved_gap(
        float(gap),
        PayAssumptions(stay_years=stay),
        to=PackageKind.EQUITY,
        unit=EquityUnit(value_today=float(price)),
    )

    counted = next(units for units in range(gap + 1) if units * price >= gap)
    assert package.units == counted
    assert package.base_rise == package.sign_on == 0
    assert package.is_rounded_up is (counted * price > gap)


def test_gap_of_base_moves_into_a_sign_on_by_hand():
    assumptions = PayAssumptions(stay_years=2, discount_rate=0.0, raise_fraction=0.0)

    gap = base_value(10_000, assumptions)
    package = moved_gap(
        gap, assumptions, to=PackageKind.SIGN_ON, sign_on_terms=SignOnTerms(leaving_probability=0.2)
    )

    assert (gap, package.sign_on, package.value_today) == (20_000, 25_000, 20_000)


def test_base_that_is_capped_stays_where_it_is():
    packages = equal_value_packages(
        50_000, PayAssumptions(), unit=EquityUnit(value_today=7.0), is_base_open=False
    )

    assert [package.kind for package in packages] == [
        PackageKind.SIGN_ON,
        PackageKind.HALF_HALF,
        PackageKind.EQUITY,
    ]
    assert all(package.base_rise == 0 for package in packages)


def test_stock_that_counts_for_nothing_is_in_no_package():
    unit = EquityUnit(value_today=0.0)

    packages = equal_value_packages(50_000, PayAssumptions(), unit=unit)

    assert {package.kind for package in packages} == {
        PackageKind.SIGN_ON,
        PackageKind.BASE_AND_REVIEW,
    }
    assert moved_gap(50_000, PayAssumptions(), to=PackageKind.EQUITY, unit=unit) is None


def test_closed_components_leave_no_package():
    assert (
        equal_value_packages(1_000, PayAssumptions(), is_sign_on_open=False, is_equity_open=False)
        == ()
    )


# --- the split ---------------------------------------------------------------------------------


@given(
    st.integers(0, 400),
    st.lists(st.tuples(st.integers(0, 100), st.sampled_from([0.25, 0.5, 1.0])), max_size=4),
)
def test_split_matches_handing_out_quarters_one_by_one(rise, rows):
    rooms = [
        Room(component=f"c{at}", most_rise=most, yearly_weight=weight)
        for at, (most, weight) in enumerate(rows)
    ]

    split = split_rise(float(rise), rooms)

    given_out = [0.0] * len(rooms)
    quarters = rise * 4
    for _ in range(rise * 4):
        for at, room in enumerate(rooms):
            if given_out[at] + 0.25 <= room.most_rise * room.yearly_weight + 1e-9:
                given_out[at] += 0.25
                quarters -= 1
                break
    counted = [split.rise(room.component) * room.yearly_weight for room in rooms]
    assert counted == pytest.approx(given_out)
    assert split.left_over == pytest.approx(quarters / 4)


def test_split_counts_a_sign_on_over_the_years():
    rooms = [
        Room(component="equity", most_rise=20_000),
        Room(component="sign_on", most_rise=40_000, yearly_weight=0.25),
        Room(component="base", most_rise=15_000, yearly_weight=1.15),
    ]

    split = split_rise(41_500, rooms)

    assert split.rises == (
        ("equity", 20_000),
        ("sign_on", 40_000),
        ("base", pytest.approx(10_000)),
    )
    assert split.left_over == 0


def test_component_has_one_room():
    with pytest.raises(InvalidFigure):
        split_rise(1.0, [Room(component="a", most_rise=1), Room(component="a", most_rise=1)])
