"""What a mentor sees of a comparison: an allow-list of its parts, worked out from redacted terms."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from config.figures.charts import DataTable, joined
from market.selectors import has_newer, rate_table
from offers.models import MentorComment, ShareLink
from offers.selectors.comparison import (
    Assumptions,
    Cell,
    ComparedTerms,
    ComparisonView,
    Known,
    Part,
    Row,
    compared_terms,
    comparison_view,
)
from offers.selectors.comparison.reading import OFFERS_AT_LEAST, with_market
from offers.selectors.comparison.shapes import (
    BarLens,
    Glance,
    MarketLens,
    OutcomeLens,
    PayoutLens,
    TermsLens,
)
from offers.selectors.pages import ValuationView
from offers.selectors.previews import previewed
from offers.selectors.sharing.hiding import LEFT_OUT_OF_TOTALS, Hideable, may_show
from offers.selectors.sharing.links import comments_of, labels_of
from offers.selectors.sharing.redaction import Redaction

Lens = TypeVar("Lens", BarLens, PayoutLens, OutcomeLens)

# What a comment can be about: the whole choice, or a lens of the page.
ANCHORS: Final = {
    "glance": "At a glance",
    "years": "Year by year",
    "vesting": "What vests each year",
    "payouts": "What the equity could pay",
    "outcomes": "Range of outcomes",
    "market": "Against the market",
    "terms": "The terms",
    "": "The whole choice",
}
# Choices that change what the engine is given, so that stored results do not answer for them.
_CHANGES_EQUITY: Final = frozenset(
    {
        Hideable.EXACT_AMOUNTS.value,
        Hideable.EQUITY.value,
        Hideable.CAP_TABLE.value,
        Hideable.EXIT_SCENARIOS.value,
    }
)
_CHANGES_TOTALS: Final = frozenset({*LEFT_OUT_OF_TOTALS, Hideable.CAP_TABLE.value})
_TOTALS: Final = frozenset({"counted", "contract_cash", "year_one", "average_year", "base_share"})
_WITH_CAP_TABLE: Final = "Hidden with the cap table."


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedComment:
    """One comment without the row behind it."""

    author_name: str
    is_owner: bool
    body: str
    written_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What was written about one part of the page."""

    anchor: str
    title: str
    comments: tuple[SharedComment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedComparison:
    """Everything a shared page shows. There is no model instance in it that knows more."""

    view: ComparisonView
    question: str
    asked_at: dt.datetime
    ends_at: dt.datetime
    hidden: tuple[str, ...]
    left_out: str
    may_comment: bool
    threads: tuple[Thread, ...]

    @property
    def anchors(self) -> list[tuple[str, str]]:
        """Return (key, words) of what a comment can be about."""
        return [(thread.anchor, thread.title) for thread in self.threads]


def shared_comparison(
    link: ShareLink, *, today: dt.date, shown: Collection[str] = ()
) -> SharedComparison | None:
    """Return what the holder of a link sees; None where fewer than two offers are left."""
    compared = compared_terms(link.comparison)
    if len(compared) < OFFERS_AT_LEAST:
        return None
    hidden = frozenset(link.hidden)
    view = shared_view(
        compared,
        Assumptions.of(link.comparison),
        hidden=hidden,
        today=today,
        shown=shown,
        snapshot_id=link.benchmark_snapshot_id,
    )
    if view.market is not None and link.benchmark_snapshot is not None:
        view = replace(
            view,
            market=replace(view.market, is_outdated=has_newer(link.benchmark_snapshot)),
        )
    return SharedComparison(
        view=view,
        question=link.question,
        asked_at=link.created_at,
        ends_at=link.expires_at,
        hidden=labels_of(link.hidden),
        left_out=_left_out(hidden),
        may_comment=link.may_comment,
        threads=_threads(view, comments_of(link)),
    )


def shared_view(
    compared: Sequence[ComparedTerms],
    assumptions: Assumptions,
    *,
    hidden: frozenset[str],
    today: dt.date,
    shown: Collection[str] = (),
    snapshot_id: int | None = None,
) -> ComparisonView:
    """Return the comparison worked out from what is not hidden, part by allowed part."""
    redaction, rates = Redaction(hidden=hidden, today=today), rate_table()
    safe = with_market(
        [_redacted(each, position, redaction) for position, each in enumerate(compared)],
        assumptions,
        snapshot_id=snapshot_id,
    )
    view = comparison_view(safe, assumptions, rates=rates, today=today, shown=shown)
    if Hideable.EQUITY in hidden:
        kinds = [
            replace(each, terms=redaction.terms_without_sizes(original.terms))
            for each, original in zip(safe, compared, strict=True)
        ]
        view = _with_kinds_of_equity(
            view, comparison_view(kinds, assumptions, rates=rates, today=today, shown=shown)
        )
    elif Hideable.CAP_TABLE in hidden:
        view = _veiled(
            view,
            {
                position
                for position, each in enumerate(safe)
                if each.terms.grants and not each.terms.company.is_public
            },
        )
    return _allowed(view, hidden)


def _redacted(compared: ComparedTerms, position: int, redaction: Redaction) -> ComparedTerms:
    terms = redaction.terms(compared.terms)
    return ComparedTerms(
        terms=terms,
        valuation=_valuation(compared, redaction.hidden) or previewed(terms),
        name=terms.company.name or f"Company {'ABCDEF'[position]}",
        role=terms.offer.title,
    )


def _valuation(compared: ComparedTerms, hidden: frozenset[str]) -> ValuationView | None:
    """Return the stored results where nothing that they follow from is hidden."""
    is_price_rounded = compared.terms.company.is_public and Hideable.COMPANY_NAMES in hidden
    if is_price_rounded or not hidden.isdisjoint(_CHANGES_EQUITY):
        return None
    return compared.valuation


def _with_kinds_of_equity(view: ComparisonView, kinds: ComparisonView) -> ComparisonView:
    """Return the view with the equity terms of another one, which knows no sizes."""
    if view.terms is None or kinds.terms is None:
        return view
    taken = {
        group.key: group for group in kinds.terms.groups if group.key in {"equity", "cap_table"}
    }
    groups = tuple(taken.get(group.key, group) for group in view.terms.groups)
    return replace(view, terms=replace(view.terms, groups=groups))


# --- what says "not known" only because it is hidden says so -----------------------------------


def _veiled(view: ComparisonView, positions: Collection[int]) -> ComparisonView:
    """Return the view with what follows from the cap tables of these offers marked as hidden."""
    return replace(
        view,
        glance=replace(view.glance, rows=_veiled_rows(view.glance.rows, {"private"}, positions))
        if view.glance
        else None,
        years=_veiled_bars(view.years, positions),
        vesting=_veiled_bars(view.vesting, positions),
        payouts=replace(
            view.payouts,
            cells=tuple(
                replace(cell, chart=None, words=_WITH_CAP_TABLE)
                if cell.column.position in positions
                else cell
                for cell in view.payouts.cells
            ),
            scenarios=_veiled_row(view.payouts.scenarios, positions),
        )
        if view.payouts
        else None,
        outcomes=replace(
            view.outcomes,
            cells=tuple(
                replace(cell, chart=None, words=_WITH_CAP_TABLE)
                if cell.column.position in positions
                else cell
                for cell in view.outcomes.cells
            ),
        )
        if view.outcomes
        else None,
    )


def _veiled_bars(lens: BarLens | None, positions: Collection[int]) -> BarLens | None:
    if lens is None:
        return None
    words = "Private stock is not drawn: the cap table is hidden."
    return replace(
        lens,
        cells=tuple(
            replace(cell, words=words) if cell.column.position in positions else cell
            for cell in lens.cells
        ),
    )


def _veiled_rows(
    rows: Sequence[Row], keys: Collection[str], positions: Collection[int]
) -> tuple[Row, ...]:
    return tuple(_veiled_row(row, positions) if row.key in keys else row for row in rows)


def _veiled_row(row: Row, positions: Collection[int]) -> Row:
    hidden = (Part(text="Hidden", known=Known.NOT_KNOWN),)
    return replace(
        row,
        cells=tuple(
            Cell(column=cell.column, parts=hidden) if cell.column.position in positions else cell
            for cell in row.cells
        ),
    )


# --- the allow-list ----------------------------------------------------------------------------


def _allowed(view: ComparisonView, hidden: frozenset[str]) -> ComparisonView:
    """Return a view with every part named that may be shown, and no other."""
    return ComparisonView(
        title=view.title,
        currency=view.currency,
        horizon=view.horizon,
        today=view.today,
        columns=view.columns,
        findings=tuple(
            each
            for each in view.findings
            if each.about == {"state"}
            or (
                hidden.isdisjoint(_CHANGES_TOTALS)
                and all(may_show(key, hidden) for key in each.about)
            )
        ),
        assumptions=tuple(each for each in view.assumptions if may_show(each.key, hidden)),
        rates=view.rates,
        without_rate=view.without_rate,
        glance=_allowed_glance(view.glance, hidden),
        years=_allowed_lens(view.years, hidden),
        vesting=_allowed_lens(view.vesting, hidden),
        payouts=_allowed_lens(view.payouts, hidden),
        outcomes=_allowed_lens(view.outcomes, hidden),
        market=_allowed_market(view.market, hidden),
        terms=_allowed_terms(view.terms, hidden),
    )


def _allowed_lens(lens: Lens | None, hidden: frozenset[str]) -> Lens | None:
    return lens if lens is not None and may_show(lens.key, hidden) else None


def _allowed_glance(glance: Glance | None, hidden: frozenset[str]) -> Glance | None:
    if glance is None or not may_show(glance.key, hidden):
        return None
    left_out = _left_out(hidden)
    return Glance(
        key=glance.key,
        rows=tuple(
            replace(row, hint=f"{row.hint}, without {left_out}")
            if left_out and row.key in _TOTALS
            else row
            for row in glance.rows
            if may_show(row.key, hidden)
        ),
        deadlines=glance.deadlines if may_show("answer_due", hidden) else None,
    )


def _allowed_market(market: MarketLens | None, hidden: frozenset[str]) -> MarketLens | None:
    if market is None or not may_show(market.key, hidden):
        return None
    rows = tuple(row for row in market.rows if may_show(row.key, hidden))
    tables = [
        (f"{cell.column.letter} {cell.column.name}, {row.label.lower()}", cell.chart.table)
        for row in rows
        for cell in row.cells
        if cell.chart is not None
    ]
    table = joined(tables) if tables else DataTable(head=(), rows=())
    return replace(market, rows=rows, table=table) if rows else None


def _allowed_terms(terms: TermsLens | None, hidden: frozenset[str]) -> TermsLens | None:
    if terms is None or not may_show(terms.key, hidden):
        return None
    groups = (
        replace(group, rows=tuple(row for row in group.rows if may_show(row.key, hidden)))
        for group in terms.groups
        if may_show(group.key, hidden)
    )
    return TermsLens(key=terms.key, groups=tuple(group for group in groups if group.rows))


def _left_out(hidden: frozenset[str]) -> str:
    """Return what the totals lack because it is hidden: `the bonus and benefits`."""
    words = [word for choice, word in LEFT_OUT_OF_TOTALS.items() if choice in hidden]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# --- the thread --------------------------------------------------------------------------------


def _threads(view: ComparisonView, comments: Sequence[MentorComment]) -> tuple[Thread, ...]:
    """Return one thread for each part that is shown; what was said of others joins the last."""
    lenses = (
        view.glance,
        view.years,
        view.vesting,
        view.payouts,
        view.outcomes,
        view.market,
        view.terms,
    )
    shown = {"", *(lens.key for lens in lenses if lens is not None)}
    return tuple(
        Thread(
            anchor=anchor,
            title=title,
            comments=tuple(
                SharedComment(
                    author_name=comment.author_name,
                    is_owner=comment.is_owner,
                    body=comment.body,
                    written_at=comment.created_at,
                )
                for comment in comments
                if (comment.anchor if comment.anchor in shown else "") == anchor
            ),
        )
        for anchor, title in ANCHORS.items()
        if anchor in shown
    )
