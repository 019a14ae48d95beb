"""Each offer against comparable pay, one strip per component, every row on one scale."""

from collections.abc import Sequence
from decimal import Decimal

from config.figures.charts import DataTable, joined
from market.models import Benchmark
from market.selectors import ComponentBenchmark
from market.selectors.explorer import ends_of, strip_chart
from offers.selectors.comparison.shapes import MarketCell, MarketLens, MarketRow
from offers.selectors.comparison.sides import Side
from offers.selectors.market import ANY_LEVEL, amounts_a_year, standing

_HINTS = {
    "base": "A year, before tax",
    "bonus": "At target",
    "equity": "What can be sold, a year; private stock has no price to compare",
    "total": "Base, target bonus and equity that can be sold",
}


def market_lens(sides: Sequence[Side]) -> MarketLens | None:
    """Return the strips of a comparison; None where no benchmark was asked for or none is known."""
    answers = [side.market for side in sides]
    found = [answer for answer in answers if answer is not None]
    if not found:
        return None
    rows = [
        row
        for component in Benchmark.Component.values
        if (row := _row(sides, component)) is not None
    ]
    return MarketLens(
        key="market",
        rows=tuple(rows),
        date=found[0].snapshot_date,
        snapshot_id=found[0].snapshot_id,
        cautions=tuple(
            MarketCell(
                column=side.column,
                chart=None,
                words=side.market.base.description if side.market and side.market.base else "",
                notes=side.market.cautions if side.market else (),
            )
            for side in sides
        ),
        table=joined(
            (f"{cell.column.letter} {cell.column.name}, {row.label.lower()}", cell.chart.table)
            for row in rows
            for cell in row.cells
            if cell.chart is not None
        )
        if any(cell.chart for row in rows for cell in row.cells)
        else DataTable(head=(), rows=()),
    )


def _row(sides: Sequence[Side], component: str) -> MarketRow | None:
    cells = [side.market.of(component) if side.market else None for side in sides]
    if not any(cells):
        return None
    pins = [_pin(side, component) for side in sides]
    shown = [cell for cell in cells if cell is not None and cell.has_percentiles]
    ends = (
        ends_of(
            shown,
            *(
                pin
                for pin, cell in zip(pins, cells, strict=True)
                if pin is not None and cell and cell.is_quotable
            ),
        )
        if shown
        else None
    )
    return MarketRow(
        key=f"market_{component}",
        label=str(Benchmark.Component(component).label),
        hint=_HINTS[component],
        cells=tuple(
            _cell(side, cell, pin, ends) for side, cell, pin in zip(sides, cells, pins, strict=True)
        ),
    )


def _pin(side: Side, component: str) -> Decimal | None:
    amount = amounts_a_year(side.terms, side.numbers)[component]
    return None if amount is None else side.convert(amount)


def _cell(
    side: Side,
    cell: ComponentBenchmark | None,
    pin: Decimal | None,
    ends: tuple[float, float] | None,
) -> MarketCell:
    if cell is None:
        words = "Nobody measured this for comparable jobs."
        if side.market is None:
            words = "No comparable figures. State the level of the role to compare it."
        return MarketCell(column=side.column, chart=None, words=words)
    if not side.column.is_comparable or cell.currency != side.currency:
        return MarketCell(column=side.column, chart=None, words="Without a rate, not compared.")
    if not cell.has_percentiles:
        words = f"Only {cell.n} comparable figures. Too few for a percentile; 20 are needed."
        return MarketCell(column=side.column, chart=None, words=words)
    words = ANY_LEVEL if cell.is_any_level else _without_pin(side, cell.component)
    stands = standing(cell, pin) if pin is not None else None
    return MarketCell(
        column=side.column,
        chart=strip_chart(cell, ends=ends, value=pin, letter=side.column.letter),
        words=stands.words if stands else words,
        notes=(_proof(cell),),
    )


def _without_pin(side: Side, component: str) -> str:
    if component in {"equity", "total"} and side.numbers.private_equity is not None:
        return "Private stock has no price, so the offer is not placed."
    return "The offer does not state it."


def _proof(cell: ComponentBenchmark) -> str:
    years = {day.year for day in (cell.oldest_date, cell.as_of) if day}
    named = " to ".join(str(year) for year in sorted(years))
    sources = "; ".join(source.attribution for source in cell.sources)
    return f"{cell.basis_label}, {named}. {cell.step_label.capitalize()}. {sources}."
