"""The JSON that `manage.py value_exit` reads and answers: its schema, both ways.

The names are those of the dataclasses. This module knows the shape of the documents; the
dataclasses know what a figure may be; an error carries the path of the field, whoever raised it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, Final, TypeAlias

from offers.valuation.bounds import InvalidFigure
from offers.valuation.captable import (
    CapTable,
    ConversionRights,
    Dividends,
    DividendType,
    Participation,
    StockClass,
    StockClassType,
    UnvestedTreatment,
    stock_class_fields,
)
from offers.valuation.documents import Field, InvalidDocument, load_document
from offers.valuation.exits import (
    Deductions,
    ExitPayouts,
    ExitScenario,
    ExitType,
    exit_payouts,
)
from offers.valuation.waterfall import payout_curve

_Reader: TypeAlias = Callable[[Field], object]


def value_exits(text: str | bytes) -> dict[str, object]:
    """Return the answer to a document of a cap table and exits, ready for JSON.

    Raises
    ------
    InvalidDocument
        If anything about the document is wrong; it names the field.
    """
    cap_table, scenarios = read_exits(load_document(text))
    curve = payout_curve(cap_table)
    return {
        "breakpoints": curve.breakpoints.tolist(),
        "scenarios": [
            _answer(exit_payouts(cap_table, scenario, sale_curve=curve)) for scenario in scenarios
        ],
    }


def read_exits(document: Field) -> tuple[CapTable, tuple[ExitScenario, ...]]:
    """Return the cap table and the exits of a document; a golden case is one."""
    document.allow_only(("cap_table", "scenarios"), is_case=True)
    cap_table = read_cap_table(document["cap_table"])
    return cap_table, tuple(_exit_scenario(row) for row in document["scenarios"].elements())


def read_cap_table(row: Field) -> CapTable:
    """Return a cap table from `{"classes": [...]}`."""
    row.allow_only(("classes",))
    classes = tuple(_stock_class(element) for element in row["classes"].elements())
    with _errors_at(row):
        return CapTable(classes=classes)


def cap_table_document(cap_table: CapTable) -> dict[str, object]:
    """Return the document of a cap table, which reads back as the same; defaults are left out."""
    return {"classes": [_document(stock_class) for stock_class in cap_table.classes]}


def _answer(paid: ExitPayouts) -> dict[str, object]:
    """Return the answer to one exit."""
    return {
        "exit_proceeds": paid.scenario.exit_proceeds,
        "exit_type": paid.scenario.exit_type.value,
        "net_proceeds": paid.net_proceeds,
        "carve_out_paid": paid.carve_out_paid,
        "common_payout_per_share": paid.common_payout_per_share,
        "payouts": dict(paid.payouts),
        "payouts_per_share": dict(paid.payouts_per_share),
        "converted_classes": list(paid.converted_classes),
        "exercised_classes": list(paid.exercised_classes),
    }


def _stock_class(row: Field) -> StockClass:
    """Return one class; its type says which fields it may have."""
    stock_class_type = StockClassType(row["type"].choice(StockClassType))
    row.allow_only(stock_class_fields(stock_class_type))
    _require(row, "id", "shares")
    with _errors_at(row):
        return StockClass(**_values(row, _STOCK_CLASS))


def _conversion_rights(row: Field) -> ConversionRights | None:
    """Return the right to convert; null is none."""
    if row.is_null:
        return None
    row.allow_only(_CONVERSION_RIGHTS)
    with _errors_at(row):
        return ConversionRights(**_values(row, _CONVERSION_RIGHTS))


def _dividends(row: Field) -> Dividends | None:
    """Return the cumulative dividends; null is none."""
    if row.is_null:
        return None
    row.allow_only(_DIVIDENDS)
    with _errors_at(row):
        return Dividends(**_values(row, _DIVIDENDS))


def _exit_scenario(row: Field) -> ExitScenario:
    """Return one exit; a golden case may say what it expects beside."""
    row.allow_only(_EXIT_SCENARIO, is_case=True)
    _require(row, "exit_proceeds", "exit_type")
    with _errors_at(row):
        return ExitScenario(**_values(row, _EXIT_SCENARIO))


def _deductions(row: Field) -> Deductions:
    """Return what is paid ahead of the holders."""
    row.allow_only(_DEDUCTIONS)
    with _errors_at(row):
        return Deductions(**_values(row, _DEDUCTIONS))


# How each field of each object is read: the whole schema, in the order of golden/README.md.
_STOCK_CLASS: Final[Mapping[str, _Reader]] = {
    "id": Field.text,
    "type": lambda row: StockClassType(row.choice(StockClassType)),
    "shares": Field.number,
    "unvested_shares": Field.number,
    "unvested_treatment": lambda row: UnvestedTreatment(row.choice(UnvestedTreatment)),
    "exercise_price": Field.number,
    "participation_threshold_per_share": Field.number,
    "price_per_share": Field.number,
    "invested_amount": Field.number,
    "seniority": Field.number,
    "liquidation_preference_multiple": Field.number,
    "participation": lambda row: Participation(row.choice(Participation)),
    "participation_cap_multiple": Field.number,
    "is_cap_excluding_preference": Field.flag,
    "conversion_rights": _conversion_rights,
    "dividends": _dividends,
}
_CONVERSION_RIGHTS: Final[Mapping[str, _Reader]] = {
    "ratio": Field.number,
    "conversion_price": Field.number,
    "is_mandatory_on_ipo": Field.flag,
    "minimum_ipo_price_per_share": Field.number,
    "minimum_ipo_proceeds": Field.number,
}
_DIVIDENDS: Final[Mapping[str, _Reader]] = {
    "type": lambda row: DividendType(row.choice(DividendType)),
    "rate": Field.number,
    "years": Field.number,
    "accrued_amount": Field.number,
    "is_paid_on_conversion": Field.flag,
}
_EXIT_SCENARIO: Final[Mapping[str, _Reader]] = {
    "exit_proceeds": Field.number,
    "exit_type": lambda row: ExitType(row.choice(ExitType)),
    "deductions": _deductions,
}
_DEDUCTIONS: Final[Mapping[str, _Reader]] = {
    "debt": Field.number,
    "transaction_fees": Field.number,
    "transaction_fee_rate": Field.number,
    "carve_out_rate": Field.number,
    "carve_out": Field.number,
}


def _values(row: Field, readers: Mapping[str, _Reader]) -> dict[str, Any]:
    """Return the fields that are there, each read its own way."""
    return {name: read(row[name]) for name, read in readers.items() if name in row}


def _require(row: Field, *names: str) -> None:
    """Raise at the first of these fields that is missing."""
    for name in names:
        row[name]


@contextmanager
def _errors_at(row: Field) -> Iterator[None]:
    """Turn an error of a dataclass into one of the document, at the path of its field."""
    try:
        yield
    except InvalidFigure as error:
        raise InvalidDocument(f"{row.path}.{error.field}", error.message) from None


def _document(value: StockClass | ConversionRights | Dividends) -> dict[str, object]:
    """Return the fields of a value that say more than its defaults."""
    members = {}
    for field in fields(value):
        member = getattr(value, field.name)
        if member != field.default:
            is_nested = isinstance(member, ConversionRights | Dividends)
            members[field.name] = _document(member) if is_nested else member
    return members
