"""Year by year: pay by how sure it is, and what vests by grant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.figures import amounts
from config.figures.charts import (
    GrantVesting,
    YearPay,
    joined,
    shared_scale,
    vested_totals,
    vesting_bars,
    year_bars,
)
from offers.selectors.comparison.shapes import BarCell, BarLens
from offers.selectors.comparison.sides import Side
from offers.selectors.equity import GrantFacts, Range

DENSE: Final = 5


def year_lens(sides: Sequence[Side]) -> BarLens:
    """Return pay by year; without a discount, because it is what each year pays."""
    pays = [_pay(side) for side in sides]
    scale = shared_scale(
        year.height
        for side, pay in zip(sides, pays, strict=True)
        if side.column.is_comparable
        for year in pay
    )
    charts = [
        year_bars(pay, scale=scale, currency=side.currency, is_dense=len(sides) >= DENSE)
        for side, pay in zip(sides, pays, strict=True)
    ]
    return BarLens(
        key="years",
        cells=tuple(
            BarCell(
                column=side.column,
                chart=chart if side.column.is_comparable else None,
                words=_years_in_words(side),
            )
            for side, chart in zip(sides, charts, strict=True)
        ),
        table=joined((_name(side), chart.table) for side, chart in zip(sides, charts, strict=True)),
    )


def vesting_lens(sides: Sequence[Side]) -> BarLens | None:
    """Return what vests by grant in each year, in money; None where nobody offers equity."""
    if not any(side.terms.grants for side in sides):
        return None
    vestings = [_vesting(side) for side in sides]
    scale = shared_scale(
        total
        for side, vesting in zip(sides, vestings, strict=True)
        if vesting.is_in_money and side.column.is_comparable
        for total in vested_totals(vesting.grants)
    )
    cells, tables = [], []
    for side, vesting in zip(sides, vestings, strict=True):
        own_scale = shared_scale(vested_totals(vesting.grants))
        is_drawn = vesting.is_in_money and side.column.is_comparable
        chart = vesting_bars(
            vesting.grants,
            scale=scale if is_drawn else own_scale,
            currency=side.currency if vesting.is_in_money else None,
            is_dense=len(sides) >= DENSE,
        )
        cells.append(
            BarCell(
                column=side.column,
                chart=chart if is_drawn and vesting.grants else None,
                words=vesting.words,
            )
        )
        if vesting.grants:
            tables.append((_name(side), chart.table))
    return BarLens(key="vesting", cells=tuple(cells), table=joined(tables))


def _name(side: Side) -> str:
    return f"{side.column.letter} {side.column.name}"


def _pay(side: Side) -> tuple[YearPay, ...]:
    yearly = side.numbers.yearly
    paper = [part.low for part in yearly.paper_equity] or [0.0] * side.numbers.n_years
    return tuple(
        YearPay(solid=solid, tint=tint, paper=low)
        for solid, tint, low in zip(
            side.scaled(yearly.contract_cash),
            side.scaled(yearly.likely),
            side.scaled(paper),
            strict=True,
        )
    )


def _years_in_words(side: Side) -> str:
    if not side.column.is_comparable:
        return f"In {side.currency}, so on no common scale. The numbers are in the table."
    if side.terms.revision.base_salary is None:
        return "Without base salary: not stated."
    equity = side.numbers.private_equity
    if equity is None:
        return ""
    if equity.at_last_round is None:
        return "Its private stock is not drawn: too little is known."
    if not equity.at_last_round.is_exact:
        return (
            f"Private stock over the years: {side.span(equity.at_last_round)} at the last round’s "
            "value. The prudent end is drawn."
        )
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vesting:
    """What the grants of one offer vest in each year: money, or units where no price is known."""

    grants: tuple[GrantVesting, ...]
    is_in_money: bool
    words: str


def _vesting(side: Side) -> _Vesting:
    private, public = side.numbers.private_equity, side.numbers.public_equity
    if private is not None and private.by_grant:
        by_grant = [_prudent(side, row) for row in private.by_grant]
        is_exact = all(part.is_exact for row in private.by_grant for part in row)
        words = "At the last round’s value, after everybody ahead of you."
        if not is_exact:
            words += " Unknown terms are read against you."
        return _in_money(private.grants, by_grant, words, is_paper=True)
    if public is not None and any(public.by_year):
        rows = [side.scaled(row) for row in public.by_grant]
        return _in_money(public.grants, rows, "At today’s share price.", is_paper=False)
    equity = private or public
    if equity is None:
        return _Vesting(grants=(), is_in_money=True, words="No equity.")
    return _in_units(equity.grants)


def _prudent(side: Side, row: Sequence[Range]) -> tuple[float, ...]:
    return side.scaled([part.low for part in row])


def _in_money(
    grants: Sequence[GrantFacts],
    by_grant: Sequence[tuple[float, ...]],
    words: str,
    *,
    is_paper: bool,
) -> _Vesting:
    bars = tuple(
        GrantVesting(name=_grant_name(facts, number), by_year=row, is_paper=is_paper)
        for number, (facts, row) in enumerate(zip(grants, by_grant, strict=True), start=1)
    )
    assumed = _assumed(grants)
    return _Vesting(grants=bars, is_in_money=True, words=f"{words} {assumed}".strip())


def _in_units(grants: Sequence[GrantFacts]) -> _Vesting:
    bars = tuple(
        GrantVesting(
            name=_grant_name(facts, number),
            by_year=tuple(part * (facts.quantity or 0.0) for part in facts.vested_by_year),
        )
        for number, facts in enumerate(grants, start=1)
    )
    if not any(facts.quantity for facts in grants):
        return _Vesting(grants=(), is_in_money=False, words="The size of the grant is not stated.")
    words = "No price is known, so no money is drawn. The table counts units."
    return _Vesting(grants=bars, is_in_money=False, words=f"{words} {_assumed(grants)}".strip())


def _grant_name(facts: GrantFacts, number: int) -> str:
    kind = facts.grant.get_compensation_type_display()
    size = f", {amounts.count(facts.quantity)} units" if facts.quantity is not None else ""
    return f"{number}: {kind}{size}"


def _assumed(grants: Sequence[GrantFacts]) -> str:
    is_assumed = any(not facts.grant.is_vesting_confirmed for facts in grants)
    return "The schedule is assumed: none was stated." if is_assumed else ""
