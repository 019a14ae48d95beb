"""The whole comparison as one value, from offers that are saved or not."""

import datetime as dt
from collections.abc import Collection, Sequence

from config.figures import amounts
from market.selectors import RateTable
from offers.selectors.comparison.bars import vesting_lens, year_lens
from offers.selectors.comparison.findings import findings, in_words
from offers.selectors.comparison.glance import glance
from offers.selectors.comparison.market import market_lens
from offers.selectors.comparison.outcomes import outcome_lens
from offers.selectors.comparison.payouts import payout_lens
from offers.selectors.comparison.shapes import (
    Assumption,
    Assumptions,
    ComparedTerms,
    ComparisonView,
)
from offers.selectors.comparison.sides import Side, sides, used_rates
from offers.selectors.comparison.terms import terms_lens
from offers.selectors.numbers import EXPECTED_BONUS_FRACTION


def comparison_view(
    compared: Sequence[ComparedTerms],
    assumptions: Assumptions,
    *,
    rates: RateTable,
    today: dt.date,
    shown: Collection[str] = (),
) -> ComparisonView:
    """Return two to six offers side by side; it asks the database nothing.

    `shown` are the letters that a phone shows, by default the first three.
    """
    all_sides = sides(compared, assumptions, rates=rates, shown=shown)
    years = assumptions.horizon_years
    horizon = f"{in_words(years)} year{'' if years == 1 else 's'}"
    return ComparisonView(
        title=f"{in_words(len(all_sides)).capitalize()} offers, {horizon}",
        currency=assumptions.currency,
        horizon=horizon,
        today=today,
        columns=tuple(side.column for side in all_sides),
        findings=findings(all_sides),
        assumptions=_assumptions(all_sides, assumptions),
        rates=used_rates(all_sides, assumptions.currency),
        without_rate=tuple(
            side.column.letter for side in all_sides if not side.column.is_comparable
        ),
        glance=glance(all_sides, today=today),
        years=year_lens(all_sides),
        vesting=vesting_lens(all_sides),
        payouts=payout_lens(all_sides),
        outcomes=outcome_lens(all_sides),
        market=market_lens(all_sides),
        terms=terms_lens(all_sides, today=today),
    )


def _assumptions(all_sides: Sequence[Side], assumptions: Assumptions) -> tuple[Assumption, ...]:
    years = assumptions.horizon_years
    lines = [
        ("horizon", "Horizon", f"{years} year{'' if years == 1 else 's'}"),
        ("bonus", "Bonus", f"{amounts.percent(EXPECTED_BONUS_FRACTION)} of target if not stated"),
    ]
    if any(side.numbers.public_equity for side in all_sides):
        lines.append(("share_price", "Listed shares", "today’s price"))
    if any(side.numbers.private_equity for side in all_sides):
        lines.append(("private_stock", "Private stock", "last round’s value"))
        lines.append(("dilution", "Dilution", _dilution(all_sides)))
    lines += [
        ("tax", "Tax", "not included"),
        ("discount_rate", "Discount rate", all_sides[0].discount_in_words),
    ]
    return tuple(Assumption(key=key, label=label, value=value) for key, label, value in lines)


def _dilution(all_sides: Sequence[Side]) -> str:
    """Return by how much the user's scenarios dilute each offer: `B 12%, C 40%`."""
    told = [
        f"{side.column.letter} {_spread(fractions)}"
        for side in all_sides
        if side.numbers.private_equity
        and (fractions := [row.dilution_fraction for row in side.numbers.private_equity.scenarios])
        and any(fractions)
    ]
    return ", ".join(told) or "none"


def _spread(fractions: Sequence[float]) -> str:
    low, high = amounts.percent(min(fractions)), amounts.percent(max(fractions))
    return low if low == high else f"{low} to {high}"
