"""The sample comparison of the start page: the same engine on three invented offers."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from config.figures import amounts
from config.figures.charts import CurveChart, Line, payout_curve, shared_scale
from market.selectors import rate_table
from offers.sample import sample_offers, without_participation
from offers.selectors.comparison import (
    Assumptions,
    ComparedTerms,
    ComparisonView,
    comparison_view,
)
from offers.selectors.exit_split import ExitSplit, exit_split
from offers.selectors.numbers import HORIZON_YEARS, offer_numbers
from offers.selectors.previews import previewed
from offers.selectors.taxonomy import taxonomy
from offers.selectors.terms import Terms

# Prices to try: below the preferences, around them, and where every class converts.
EXITS_TO_TRY: Final = tuple(Decimal(millions) * 1_000_000 for millions in (80, 250, 900, 3_000))
# Of the rows at a glance, those that make the point.
_ROWS: Final = frozenset({"counted", "private", "contract_cash", "answer_due"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StackLine:
    """One line of the stack as the page draws it; `width` is its part of the sale, in percent."""

    key: str
    name: str
    words: str
    payout: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleComparison:
    """What the start page shows of the sample."""

    view: ComparisonView
    split: ExitSplit
    lines: tuple[StackLine, ...]
    curve: CurveChart
    exits_to_try: tuple[tuple[Decimal, str], ...]


def sample_comparison(
    *, exit_proceeds: Decimal, is_participating: bool, today: dt.date
) -> SampleComparison:
    """Return the sample, with its start-up sold for this price under this term of Series B."""
    listed, startup, lab = sample_offers(taxonomy(), today=today)
    if not is_participating:
        startup = replace(startup, stock_classes=without_participation(startup.stock_classes))
    view = comparison_view(
        [
            ComparedTerms(terms=terms, valuation=previewed(terms))
            for terms in (listed, startup, lab)
        ],
        Assumptions(currency="USD", horizon_years=HORIZON_YEARS),
        rates=rate_table(),
        today=today,
    )
    rows = {row.key for row in view.glance.rows} if view.glance else set()
    split = exit_split(startup, exit_proceeds)
    if split is None:
        raise AssertionError("the start-up of the sample states its whole stack")
    shown = view.without({"vesting", "payouts", "outcomes", "terms", *(rows - _ROWS)})
    return SampleComparison(
        view=replace(shown, findings=view.findings),
        split=split,
        lines=tuple(
            StackLine(
                key=each.key,
                name=each.name,
                words=each.words,
                payout=each.payout,
                width=round(100 * each.share, 2),
            )
            for each in (*split.slices, split.yours)
        ),
        curve=_curve(startup, float(exit_proceeds)),
        exits_to_try=tuple((price, amounts.tick(price)) for price in EXITS_TO_TRY),
    )


def _curve(terms: Terms, exit_proceeds: float) -> CurveChart:
    numbers = offer_numbers(terms, horizon_years=HORIZON_YEARS)
    equity = numbers.private_equity
    if equity is None or equity.low is None:
        raise AssertionError("the start-up of the sample states its whole stack")
    line = Line.of_tranches(equity.low.starts.tolist(), equity.low.slopes.tolist())
    edge = max(1.25 * exit_proceeds, 1.2 * max(line.xs))
    return payout_curve(
        line,
        x_maximum=edge,
        scale=shared_scale([line.at(edge)]),
        marks=[(exit_proceeds, "sold for")],
        currency=numbers.currency,
    )
