"""Cap tables for property tests: every type and term, with figures that often tie."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from offers.valuation import (
    CapTable,
    ConversionRights,
    Dividends,
    DividendType,
    Participation,
    StockClass,
    StockClassType,
    UnvestedTreatment,
)

SHARES = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 7.5, 10.0, 100.0]) | st.integers(1, 10_000).map(
    float
)
PRICES = st.sampled_from([0.0, 0.1, 0.35, 1.0, 2.0, 3.0, 5.0]) | st.decimals(0, 50, places=2).map(
    float
)
MULTIPLES = st.sampled_from([0.0, 0.5, 1.0, 1.0, 1.5, 2.0, 3.0])
RATES = st.sampled_from([0.0, 0.06, 0.08, 0.1, 1.0])


@st.composite
def conversion_rights(draw: st.DrawFn) -> ConversionRights | None:
    """Any right to convert, or none."""
    kind = draw(st.sampled_from(["plain", "ratio", "price", "none"]))
    if kind == "none":
        return None
    mandatory: dict[str, Any] = {}
    if draw(st.booleans()):
        mandatory = {
            "is_mandatory_on_ipo": True,
            "minimum_ipo_price_per_share": draw(PRICES),
            "minimum_ipo_proceeds": draw(st.sampled_from([0.0, 10.0, 1000.0])),
        }
    figure = draw(st.sampled_from([0.5, 1.0, 1.25, 2.0, 4.0]))
    if kind == "price":
        return ConversionRights(conversion_price=figure, **mandatory)
    return ConversionRights(ratio=figure if kind == "ratio" else None, **mandatory)


@st.composite
def dividends(draw: st.DrawFn) -> Dividends | None:
    """Any cumulative dividends over whole years, or none."""
    accrual: dict[str, Any] = {}
    if is_accruing := draw(st.booleans()):
        accrual = {
            "type": draw(st.sampled_from(DividendType)),
            "rate": draw(RATES),
            "years": float(draw(st.integers(0, 8))),
        }
    if not is_accruing or draw(st.booleans()):
        accrual["accrued_amount"] = draw(PRICES)
    return draw(
        st.none() | st.booleans().map(lambda kept: Dividends(is_paid_on_conversion=kept, **accrual))
    )


@st.composite
def preferred(draw: st.DrawFn, *, class_id: str = "preferred") -> StockClass:
    """Any preferred class."""
    participation = draw(st.sampled_from(Participation))
    money = {draw(st.sampled_from(["price_per_share", "invested_amount"])): draw(PRICES)}
    return StockClass(
        id=class_id,
        type=StockClassType.PREFERRED,
        shares=draw(SHARES),
        seniority=draw(st.sampled_from([-1.0, 1.0, 1.5, 2.0, 10.0])),
        liquidation_preference_multiple=draw(MULTIPLES),
        participation=participation,
        participation_cap_multiple=draw(MULTIPLES)
        if participation is Participation.CAPPED
        else None,
        is_cap_excluding_preference=draw(st.booleans()),
        conversion_rights=draw(conversion_rights()),
        dividends=draw(dividends()),
        **money,
    )


@st.composite
def stock_classes(draw: st.DrawFn, *, class_id: str = "class") -> StockClass:
    """Any class; preferred as often as all others."""
    if draw(st.booleans()):
        return draw(preferred(class_id=class_id))
    stock_class_type = draw(
        st.sampled_from([kind for kind in StockClassType if kind is not StockClassType.PREFERRED])
    )
    own: dict[str, Any] = {}
    if stock_class_type in (StockClassType.OPTION, StockClassType.WARRANT):
        own = {"exercise_price": draw(PRICES)}
    if stock_class_type is StockClassType.PROFITS_INTEREST:
        own = {"participation_threshold_per_share": draw(PRICES)}
    if draw(st.booleans()):
        own["unvested_shares"] = draw(SHARES)
        own["unvested_treatment"] = draw(st.sampled_from(UnvestedTreatment))
    return StockClass(id=class_id, type=stock_class_type, shares=draw(SHARES), **own)


@st.composite
def cap_tables(draw: st.DrawFn, *, min_size: int = 1, max_size: int = 8) -> CapTable:
    """Any cap table, most of them with common stock."""
    size = draw(st.integers(min_size, max_size))
    classes = [draw(stock_classes(class_id=f"c{index}")) for index in range(size)]
    if size > 1 and draw(st.booleans()):
        classes[0] = StockClass(id="c0", type=StockClassType.COMMON, shares=draw(SHARES))
    return CapTable(classes=tuple(classes))


def scaled(cap_table: CapTable, factor: float) -> CapTable:
    """Return the cap table with all its money multiplied."""
    return CapTable(classes=tuple(_scaled_class(row, factor) for row in cap_table.classes))


def _scaled_class(row: StockClass, factor: float) -> StockClass:
    """Return the class with all its money multiplied."""
    changes: dict[str, Any] = {}
    for name in (
        *("exercise_price", "participation_threshold_per_share"),
        *("price_per_share", "invested_amount"),
    ):
        if (value := getattr(row, name)) is not None:
            changes[name] = value * factor
    if row.dividends is not None and row.dividends.accrued_amount is not None:
        accrued_amount = row.dividends.accrued_amount * factor
        changes["dividends"] = replace(row.dividends, accrued_amount=accrued_amount)
    rights = row.conversion_rights
    if rights is not None and rights.conversion_price is not None:
        conversion_price = rights.conversion_price * factor
        changes["conversion_rights"] = replace(rights, conversion_price=conversion_price)
    return replace(row, **changes)
