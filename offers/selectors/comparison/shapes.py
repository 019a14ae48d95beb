"""What a comparison shows, and nothing else: every word, figure and chart, each under a key.

A page reads these values from top to bottom. Whoever shows a part of them only takes parts away by
their keys, with `ComparisonView.without`, before any template sees them.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, Self

from config.figures.charts import (
    BarChart,
    CurveChart,
    DataTable,
    DeadlineChart,
    DotChart,
    StripChart,
)
from market.selectors import BenchmarkAnswer
from offers.models import Comparison
from offers.selectors.pages import ValuationView
from offers.selectors.terms import Terms

Tone = Literal["", "warn", "good"]

OFFERS_ON_PHONE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What all offers of a comparison are looked at under."""

    currency: str
    horizon_years: int
    discount_rate: Decimal = Decimal(0)

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        return cls(
            currency=comparison.currency,
            horizon_years=comparison.horizon_years,
            discount_rate=comparison.discount_rate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTerms:
    """One offer to compare, saved or not.

    `name` and `role` stand for the company and the title where those are not to be told; nothing
    else of the comparison names them.
    """

    terms: Terms
    valuation: ValuationView | None = None
    name: str = ""
    role: str = ""
    offer_id: int | None = None
    market: BenchmarkAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One offer: its place gives its letter and its colour."""

    key: str
    position: int
    name: str
    role: str
    currency: str
    state: str
    is_in_writing: bool
    is_open: bool
    is_converted: bool
    is_comparable: bool
    """Its money is in the currency of the comparison; without a rate on record it is not."""
    is_off_phone: bool
    offer_id: int | None

    @property
    def letter(self) -> str:
        return self.key.upper()

    @property
    def is_ranked(self) -> bool:
        return self.is_in_writing and self.is_open and self.is_comparable


class Known(StrEnum):
    """How a value stands: known, or one of the ways of having none, which are all different."""

    KNOWN = "known"
    NONE = "none"
    NOT_STATED = "not_stated"
    NOT_APPLICABLE = "not_applicable"
    NOT_KNOWN = "not_known"
    REFUSED = "refused"


WORDS = {
    Known.NONE: "None",
    Known.NOT_STATED: "Not stated",
    Known.NOT_APPLICABLE: "Not applicable",
    Known.NOT_KNOWN: "Not known",
    Known.REFUSED: "They would not say",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a value; a caution has the tone `warn`."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One value in a cell, or the words for there being none."""

    text: str
    known: Known = Known.KNOWN
    notes: tuple[Note, ...] = ()
    is_big: bool = False
    date: dt.date | None = None
    """An answer is due: the date and how far away it is are shown for `text`."""

    @classmethod
    def without_value(cls, known: Known, *notes: Note, text: str = "") -> Self:
        return cls(text=text or WORDS[known], known=known, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one offer says in a row; `value` is what a row is ranked by, in one currency."""

    column: Column
    parts: tuple[Part, ...]
    value: Decimal | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line across the offers."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    hint: str = ""

    @property
    def is_differing(self) -> bool:
        first, *others = self.cells
        return any(cell.parts != first.parts for cell in others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that belong together."""

    key: str
    title: str
    rows: tuple[Row, ...]

    @property
    def differing(self) -> Self:
        return replace(self, rows=tuple(row for row in self.rows if row.is_differing))


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The key figures, and when each offer wants its answer."""

    key: str
    rows: tuple[Row, ...]
    deadlines: DeadlineChart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarCell:
    """Bars of one offer, or the words for why there are none; `words` stand under the chart."""

    column: Column
    chart: BarChart | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLens:
    """Bars over years, side by side on one scale, and their numbers."""

    key: str
    cells: tuple[BarCell, ...]
    table: DataTable


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveCell:
    """The payout curve of one offer and the sentence about its threshold."""

    column: Column
    chart: CurveChart | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLens:
    """What the equity pays at every exit, where it begins to pay, and at the user's scenarios."""

    key: str
    cells: tuple[CurveCell, ...]
    scenarios: Row
    table: DataTable


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCell:
    """The simulated outcomes of one offer, or where the simulation stands."""

    column: Column
    chart: DotChart | None
    words: str
    is_out_of_date: bool
    is_pending: bool
    is_failed: bool
    percent: int | None
    """How far a running simulation is; None while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLens:
    """Pay and equity together, simulated. `n_years` may differ from the horizon of the page."""

    key: str
    n_years: int
    cells: tuple[OutcomeCell, ...]
    table: DataTable

    @property
    def is_pending(self) -> bool:
        return any(cell.is_pending for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCell:
    """One offer in its cell of the market, or the words for why it is in none."""

    column: Column
    chart: StripChart | None
    words: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRow:
    """One component across the offers, on one scale."""

    key: str
    label: str
    hint: str
    cells: tuple[MarketCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketLens:
    """Every offer against comparable pay, by the benchmarks of one day."""

    key: str
    rows: tuple[MarketRow, ...]
    cautions: tuple[MarketCell, ...]
    """Per offer, whom its cell holds and why that is not quite the same job."""
    table: DataTable
    date: dt.date
    snapshot_id: int
    is_outdated: bool = False
    """Whether newer benchmarks differ from those this page was made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsLens:
    """Every term, grouped; `is_differing` where only rows that differ are left."""

    key: str
    groups: tuple[Group, ...]
    is_differing: bool = False

    @property
    def only_differing(self) -> Self:
        groups = tuple(group.differing for group in self.groups)
        return replace(
            self, groups=tuple(group for group in groups if group.rows), is_differing=True
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What stands out about one offer. `about` names the parts of the page that it tells of."""

    key: str
    about: frozenset[str]
    position: int
    lead: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One line of what the page assumes."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedRate:
    """A rate that amounts on the page were converted by."""

    currency: str
    target: str
    text: str
    date: dt.date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChoice:
    """One offer among those a phone may show; `show` are the letters after following the link."""

    column: Column
    is_shown: bool
    show: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """Two to six offers side by side. A lens is None where it is not shown."""

    title: str
    currency: str
    horizon: str
    today: dt.date
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[Assumption, ...]
    rates: tuple[UsedRate, ...]
    without_rate: tuple[str, ...]
    """Letters of offers that no rate on record could convert."""
    glance: Glance | None
    years: BarLens | None
    vesting: BarLens | None
    payouts: PayoutLens | None
    outcomes: OutcomeLens | None
    terms: TermsLens | None
    market: MarketLens | None = None

    @property
    def layout(self) -> str:
        """Return the classes of a matrix: how many offers stand in it, and how many on a phone."""
        on_phone = sum(not column.is_off_phone for column in self.columns)
        small = f" s{on_phone}" if on_phone < len(self.columns) else ""
        return f"n{len(self.columns)}{small}"

    @property
    def phone_choices(self) -> tuple["PhoneChoice", ...]:
        """Return the links that swap one offer in or out of those a phone shows."""
        if len(self.columns) <= OFFERS_ON_PHONE:
            return ()
        on_phone = [column.key for column in self.columns if not column.is_off_phone]
        return tuple(_phone_choice(column, on_phone) for column in self.columns)

    @property
    def is_pending(self) -> bool:
        return self.outcomes is not None and self.outcomes.is_pending

    def without(self, hidden: Collection[str]) -> Self:
        """Return the view without these lenses, groups and rows, and without findings about them.

        Keys are those of lenses (`glance`, `years`, `vesting`, `payouts`, `outcomes`, `terms`),
        of groups in the terms, and of rows; a key that is nowhere hides nothing.
        """
        glance, terms = self.glance, self.terms
        return replace(
            self,
            findings=tuple(each for each in self.findings if each.about.isdisjoint(hidden)),
            assumptions=tuple(each for each in self.assumptions if each.key not in hidden),
            glance=replace(
                glance,
                rows=_shown(glance.rows, hidden),
                deadlines=None if "answer_due" in hidden else glance.deadlines,
            )
            if glance and "glance" not in hidden
            else None,
            years=None if "years" in hidden else self.years,
            vesting=None if "vesting" in hidden else self.vesting,
            payouts=None if "payouts" in hidden else self.payouts,
            outcomes=None if "outcomes" in hidden else self.outcomes,
            market=replace(
                self.market,
                rows=tuple(row for row in self.market.rows if row.key not in hidden),
            )
            if self.market and "market" not in hidden
            else None,
            terms=replace(
                terms,
                groups=tuple(
                    replace(group, rows=_shown(group.rows, hidden))
                    for group in terms.groups
                    if group.key not in hidden
                ),
            )
            if terms and "terms" not in hidden
            else None,
        )


def _phone_choice(column: Column, on_phone: Sequence[str]) -> PhoneChoice:
    if column.key in on_phone:
        rest = [key for key in on_phone if key != column.key]
        return PhoneChoice(column=column, is_shown=True, show=",".join(rest or on_phone))
    kept = on_phone[: OFFERS_ON_PHONE - 1] if len(on_phone) == OFFERS_ON_PHONE else on_phone
    return PhoneChoice(column=column, is_shown=False, show=",".join(sorted([*kept, column.key])))


def _shown(rows: Sequence[Row], hidden: Collection[str]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.key not in hidden)
