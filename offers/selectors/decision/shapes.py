"""What the decision page shows: figures that open their work, and the lenses they stand in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from config.figures.charts import CurveChart, DataTable, MonthChart
from offers.selectors.comparison import Column, Known, Note
from offers.selectors.comparison.shapes import UsedRate
from offers.valuation import Input

RULES: Final = "Decision rules 1, November 2026"
LEAVING_MONTHS: Final = 60
_UNKNOWN: Final = frozenset({Known.NOT_STATED, Known.NOT_KNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the reader assumes about the exit of one offer; amounts in the page's currency."""

    exit_proceeds: Decimal
    exit_years: Decimal
    odds: Decimal = Decimal(1)
    dilution: Decimal = Decimal(0)


class Change(NamedTuple):
    """One term of an offer that the reader tries at another value."""

    letter: str
    input: Input
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Levers:
    """Everything the reader can move; letters are those of the offers, in lower case."""

    first: str
    second: str
    discount_rate: Decimal
    chosen: Mapping[str, Chosen]
    withheld_rate: Decimal | None = None
    month: int = 12
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """How a figure came about: formula, inputs, rule and source."""

    formula: str
    inputs: tuple[tuple[str, str], ...]
    anchor: str
    source: str
    rules: str = RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value with the lines under it, and how it was made."""

    text: str
    known: Known = Known.KNOWN
    notes: tuple[Note, ...] = ()
    is_big: bool = False
    worked: Worked | None = None

    @property
    def classes(self) -> str:
        """Return how the value is set: unknown is not zero, and looks it."""
        if self.known is Known.KNOWN:
            return "big" if self.is_big else "num"
        return "unknown" if self.known in _UNKNOWN else "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCell:
    """What one offer shows in a row."""

    column: Column
    figures: tuple[Figure, ...]
    mark: str = ""

    @property
    def classes(self) -> str:
        """Return how the cell is set: what is only said is grey, and a phone shows three offers."""
        said = "" if self.column.is_in_writing else "said"
        return f"{said} only-large" if self.column.is_off_phone else said


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One line across the offers."""

    key: str
    label: str
    cells: tuple[FigureCell, ...]
    hint: str = ""
    is_strong: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedKink:
    """A kink of the waterfall: who starts and who stops sharing in the next dollar."""

    number: int
    at: str
    words: str
    pays_you: str
    is_yours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLens:
    """Two offers, one of them with private stock: the curve, its kinks, what flips the order."""

    first: Column
    second: Column
    words: str
    chart: CurveChart | None
    """Of the second offer's stock; None where it has none that is known."""
    kinks: tuple[NumberedKink, ...]
    flips: tuple["FlipRow", ...]
    order: str
    """Who is ahead now and by how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    """What it takes of one input to reverse the order."""

    column: Column | None
    label: str
    now: str
    flip: str
    """Empty where nothing reverses the order."""
    change: str
    why_not: str
    query: str
    """What to ask this page for to see the flip; empty where there is none."""
    worked: Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCell:
    """One offer for someone who leaves: a picture, and its numbers."""

    column: Column
    chart: MonthChart | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingLens:
    """What leaving keeps, owes and loses."""

    cells: tuple[MonthCell, ...]
    month: int
    rows: tuple[FigureRow, ...]
    table: DataTable
    has_net: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseLens:
    """What owning the options costs."""

    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaLens:
    """What is no money, by the reader's own weights."""

    rows: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something nobody has stated yet that would narrow the answer."""

    code: str
    column: Column
    label: str
    why: str
    section: str
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedChange:
    """A change the reader tries: in words, and the address without it."""

    words: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The whole page."""

    currency: str
    today: dt.date
    columns: tuple[Column, ...]
    layout: str
    horizon_years: int
    answer: str
    answer_note: str
    simulated: str
    """How often the second offer pays more in the joint simulation; empty until it is done."""
    pair: PairLens
    standing: tuple[FigureRow, ...]
    break_even: tuple[FigureRow, ...]
    leaving: LeavingLens
    exercise: ExerciseLens | None
    criteria: CriteriaLens
    asked: tuple[Asked, ...]
    tried: tuple[TriedChange, ...]
    rates: tuple[UsedRate, ...]
    without_rate: tuple[str, ...]
    levers: Levers
