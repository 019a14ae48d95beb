"""What every chart shares: a scale with round ticks, a drawing area, a table of its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Final, Literal

from config.figures import amounts

Anchor = Literal["at-start", "at-middle", "at-end"]

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
# Past this a number is not money any more, and its label would not fit.
_LARGEST: Final = 1e15
_SMALLEST: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """The numbers of a chart. The first cell of every row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_words: int = 1
    """How many columns, from the left, hold words; the others hold figures."""


def joined(tables: Iterable[tuple[str, DataTable]]) -> DataTable:
    """Return one table for charts that stand side by side, with the offer in its first column.

    Where charts name a column differently, it bears every name: `Share price or exit value`.
    """
    named = list(tables)
    columns = zip(*(table.head for _, table in named), strict=True)
    return DataTable(
        head=("Offer", *(" or ".join(dict.fromkeys(names)) for names in columns)),
        rows=tuple((name, *row) for name, table in named for row in table.rows),
        n_words=1 + max((table.n_words for _, table in named), default=0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis from zero, shared by every chart of a row, with the round numbers to mark on it."""

    maximum: float
    ticks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (isfinite(self.maximum) and self.maximum > 0):
            raise ValueError("a scale needs a positive, finite maximum")

    def share(self, value: float) -> float:
        """Return how far along the axis a value lies, from 0 to 1."""
        return min(max(sound(value) / self.maximum, 0.0), 1.0)


def nice_ticks(maximum: float, n_most: int = 4) -> tuple[float, ...]:
    """Return at most `n_most` round numbers above zero and up to `maximum`, evenly spaced."""
    if not isfinite(maximum) or maximum < _SMALLEST or n_most < 1:
        return ()
    magnitude = 10.0 ** floor(log10(maximum / n_most))
    # Where rounding puts the last tick a hair beyond the end, it still counts as the end.
    step = next(s * magnitude for s in _STEPS if maximum / (s * magnitude) < n_most + 1 - 1e-9)
    return tuple(step * (i + 1) for i in range(floor(maximum / step * (1 + 1e-12))))


def shared_scale(values: Iterable[float], n_ticks: int = 4) -> Scale:
    """Return the scale that fits every value; of nothing but zeros, an empty one."""
    maximum = max((sound(value) for value in values), default=0.0)
    if maximum < _SMALLEST:
        return Scale(maximum=1.0)
    return Scale(maximum=maximum, ticks=nice_ticks(maximum, n_ticks))


def sound(value: float) -> float:
    """Return a value that can be drawn: what is not a number is nothing."""
    number = float(value)
    return min(max(number, -_LARGEST), _LARGEST) if isfinite(number) else 0.0


def rounded(value: float) -> float:
    return round(value, 2) + 0.0  # a negative zero is just zero


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    """A faint horizontal line; the label sits just above it."""

    y: float
    label_y: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The drawing area between a margin for labels above and one for names below."""

    height: int
    top: int
    bottom: int
    scale: Scale

    @property
    def base(self) -> float:
        return float(self.height - self.bottom)

    def y(self, value: float) -> float:
        return self.base - (self.base - self.top) * self.scale.share(value)

    def grid(self, currency: str) -> tuple[GridLine, ...]:
        return tuple(
            GridLine(
                y=rounded(self.y(value)),
                label_y=rounded(self.y(value) - 4),
                label=amounts.tick(value, currency),
            )
            for value in self.scale.ticks
        )


def anchor(place: float, margin: float) -> Anchor:
    """Return how a label hangs on its place, so that it stays inside the chart."""
    return "at-start" if place < margin else "at-end" if place > 100 - margin else "at-middle"
