"""Stock classes and cap tables check themselves and know what follows from their figures."""

from fractions import Fraction
from typing import Any

import pytest

from offers.valuation import (
    CapTable,
    ConversionRights,
    Dividends,
    DividendType,
    InvalidFigure,
    Participation,
    StockClass,
    StockClassType,
    UnvestedTreatment,
)
from offers.valuation.captable import MAX_CLASSES, stock_class_fields


def preferred(**fields: Any) -> StockClass:
    money = {} if "invested_amount" in fields else {"price_per_share": 5.0}
    return StockClass(
        **{"id": "A", "type": StockClassType.PREFERRED, "shares": 1_000_000.0} | money | fields
    )


def common(class_id: str = "common", **fields: Any) -> StockClass:
    return StockClass(
        **{"id": class_id, "type": StockClassType.COMMON, "shares": 4_000_000.0} | fields
    )


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"shares": -1.0}, "shares: must be at least 0"),
        ({"id": " "}, "id: must not be blank"),
        ({"unvested_shares": -1.0}, "unvested_shares: must be at least 0"),
        ({"unvested_shares": 1.0}, "unvested_treatment: is required beside unvested_shares"),
        ({"exercise_price": 1.0}, "exercise_price: is not a field of the type preferred"),
        ({"price_per_share": -5.0}, "price_per_share: must be at least 0"),
        ({"price_per_share": None}, "price_per_share: is required, or invested_amount instead"),
        ({"invested_amount": -1.0}, "invested_amount: must be at least 0"),
        (
            {"price_per_share": 5.0, "invested_amount": 5.0},
            "invested_amount: cannot stand beside price_per_share",
        ),
        ({"seniority": float("nan")}, "seniority: must be a finite number"),
        (
            {"liquidation_preference_multiple": -1.0},
            "liquidation_preference_multiple: must be at least 0",
        ),
        ({"participation": Participation.CAPPED}, "participation_cap_multiple: is required"),
        (
            {"participation_cap_multiple": -1.0},
            "participation_cap_multiple: must be at least 0",
        ),
    ],
)
def test_preferred_refuses_what_it_cannot_mean(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        preferred(**fields)

    assert str(caught.value) == error


@pytest.mark.parametrize("name", ["exercise_price", "price_per_share", "dividends"])
def test_common_refuses_the_fields_of_other_types(name: str) -> None:
    value = Dividends(accrued_amount=1.0) if name == "dividends" else 1.0

    with pytest.raises(InvalidFigure, match=f"^{name}: is not a field of the type common$"):
        common(**{name: value})


@pytest.mark.parametrize(
    ("stock_class_type", "name"),
    [
        (StockClassType.OPTION, "exercise_price"),
        (StockClassType.WARRANT, "exercise_price"),
        (StockClassType.PROFITS_INTEREST, "participation_threshold_per_share"),
    ],
)
def test_price_to_take_part_is_required(stock_class_type: StockClassType, name: str) -> None:
    with pytest.raises(InvalidFigure, match=f"^{name}: is required$"):
        StockClass(id="o", type=stock_class_type, shares=1.0)
    with pytest.raises(InvalidFigure, match=f"^{name}: must be at least 0$"):
        StockClass(**{"id": "o", "type": stock_class_type, "shares": 1.0, name: -1.0})


def test_fields_of_a_type_are_its_own() -> None:
    assert stock_class_fields(StockClassType.RSU) == {
        *("id", "type", "shares", "unvested_shares", "unvested_treatment")
    }
    assert "conversion_rights" in stock_class_fields(StockClassType.PREFERRED)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"ratio": 0.0}, "ratio: must be above 0"),
        ({"conversion_price": 0.0}, "conversion_price: must be above 0"),
        ({"ratio": 1.0, "conversion_price": 4.0}, "conversion_price: cannot stand beside ratio"),
        (
            {"minimum_ipo_price_per_share": -1.0},
            "minimum_ipo_price_per_share: must be at least 0",
        ),
        ({"minimum_ipo_proceeds": -1.0}, "minimum_ipo_proceeds: must be at least 0"),
    ],
)
def test_conversion_rights_refuse_what_they_cannot_mean(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        ConversionRights(**fields)

    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "type: is required"),
        ({"type": DividendType.CUMULATIVE_SIMPLE}, "rate: is required"),
        ({"type": DividendType.CUMULATIVE_SIMPLE, "rate": 0.08}, "years: is required"),
        ({"type": DividendType.CUMULATIVE_SIMPLE, "years": 2.0}, "rate: is required"),
        ({"rate": 0.08, "years": 2.0}, "type: is required"),
        ({"accrued_amount": -1.0}, "accrued_amount: must be at least 0"),
        (
            {"type": DividendType.CUMULATIVE_SIMPLE, "rate": 1.1, "years": 1.0},
            "rate: must be at most 1",
        ),
        (
            {"type": DividendType.CUMULATIVE_SIMPLE, "rate": 0.1, "years": 101.0},
            "years: must be at most 100",
        ),
    ],
)
def test_dividends_refuse_what_they_cannot_mean(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        Dividends(**fields)

    assert str(caught.value) == error


def test_simple_dividends_accrue_on_the_money_invested() -> None:
    simple = Dividends(
        type=DividendType.CUMULATIVE_SIMPLE, rate=0.08, years=5.0, accrued_amount=100.0
    )

    assert simple.accrued(Fraction(5_000_000)) == 2_000_100


def test_compound_dividends_over_whole_years_are_exact() -> None:
    compound = Dividends(type=DividendType.CUMULATIVE_COMPOUND, rate=0.1, years=2.0)

    assert compound.accrued(Fraction(5_000_000)) == 1_050_000


def test_compound_dividends_over_broken_years_take_the_power() -> None:
    compound = Dividends(type=DividendType.CUMULATIVE_COMPOUND, rate=0.21, years=0.5)

    assert float(compound.accrued(Fraction(100))) == pytest.approx(10.0, abs=1e-12)


def test_fixed_sum_of_dividends_stands_alone() -> None:
    assert Dividends(accrued_amount=500.0).accrued(Fraction(1000)) == 500


@pytest.mark.parametrize(
    ("treatment", "counted"),
    [
        (UnvestedTreatment.FORFEITED, 100),
        (UnvestedTreatment.ASSUMED, 150),
        (UnvestedTreatment.ACCELERATED, 150),
    ],
)
def test_unvested_shares_count_unless_forfeited(treatment: UnvestedTreatment, counted: int) -> None:
    row = common(shares=100.0, unvested_shares=50.0, unvested_treatment=treatment)

    assert row.counted_shares == counted


def test_unissued_pool_counts_no_share() -> None:
    pool = StockClass(id="pool", type=StockClassType.UNISSUED_POOL, shares=1e6)

    assert (pool.counted_shares, pool.as_converted_shares, pool.claim) == (0, 0, 0)


def test_claim_is_the_multiple_of_the_money_and_the_dividends() -> None:
    row = preferred(
        liquidation_preference_multiple=2.0,
        dividends=Dividends(type=DividendType.CUMULATIVE_COMPOUND, rate=0.1, years=2.0),
    )

    assert (row.invested, row.claim, row.kept_dividends) == (5_000_000, 11_050_000, 0)


def test_dividends_survive_conversion_only_if_they_are_paid_on_it() -> None:
    row = preferred(dividends=Dividends(accrued_amount=500.0, is_paid_on_conversion=True))

    assert row.kept_dividends == 500


@pytest.mark.parametrize(
    ("rights", "as_converted"),
    [
        (ConversionRights(), 1_000_000),
        (ConversionRights(ratio=1.5), 1_500_000),
        (ConversionRights(conversion_price=4.0), 1_250_000),
        (None, 1_000_000),
    ],
)
def test_as_converted_shares_follow_the_rights(
    rights: ConversionRights | None, as_converted: int
) -> None:
    assert preferred(conversion_rights=rights).as_converted_shares == as_converted


def test_class_without_shares_converts_into_none() -> None:
    row = preferred(
        shares=0.0, invested_amount=100.0, conversion_rights=ConversionRights(conversion_price=4.0)
    )

    assert (row.claim, row.as_converted_shares) == (100, 0)


def test_cap_table_names_the_later_of_two_equal_ids() -> None:
    with pytest.raises(InvalidFigure, match=r"^classes\[2\]\.id: is the id of an earlier class$"):
        CapTable(classes=(common("x"), common("y"), common("x")))


@pytest.mark.parametrize("size", [0, MAX_CLASSES + 1])
def test_cap_table_has_a_bounded_number_of_classes(size: int) -> None:
    with pytest.raises(InvalidFigure, match=r"^classes: must have 1 to 500 elements$"):
        CapTable(classes=tuple(common(str(index)) for index in range(size)))
