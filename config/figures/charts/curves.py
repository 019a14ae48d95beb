"""What equity pays against what the company is sold for, through its exact thresholds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isclose, isfinite
from typing import Final, Self

from config.figures import amounts
from config.figures.charts.scales import (
    Anchor,
    DataTable,
    GridLine,
    Plot,
    Scale,
    anchor,
    rounded,
    sound,
)

# Words beside a mark this far left, in percent, would leave the chart: they fly above the line.
_FLAG_BELOW: Final = 26.0
# How much of the width such words may take.
_LABEL_WIDTH: Final = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A payout that is straight between its vertices and keeps `final_slope` after the last."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    final_slope: float = 0.0

    def __post_init__(self) -> None:
        if not self.xs or len(self.xs) != len(self.ys):
            raise ValueError("a line needs as many heights as places, and at least one")
        if not all(map(isfinite, (*self.xs, *self.ys, self.final_slope))):
            raise ValueError("a line has finite vertices")
        if any(later < earlier for earlier, later in pairwise(self.xs)):
            raise ValueError("the vertices of a line ascend")

    @classmethod
    def of_tranches(cls, starts: Iterable[float], slopes: Iterable[float]) -> Self:
        """Return the line of a payoff told as the share of each unit between two thresholds."""
        xs, rates = tuple(map(float, starts)), tuple(map(float, slopes))
        if not xs or len(xs) != len(rates):
            raise ValueError("every tranche has a start and a slope")
        ys = [0.0]
        for (start, end), rate in zip(pairwise(xs), rates, strict=False):
            ys.append(ys[-1] + rate * (end - start))
        return cls(xs=xs, ys=tuple(ys), final_slope=rates[-1])

    def at(self, x: float) -> float:
        """Return the height at a place, exactly; before the first vertex, the height of that."""
        if x >= self.xs[-1]:
            return self.ys[-1] + self.final_slope * (x - self.xs[-1])
        right = next(i for i, place in enumerate(self.xs) if place > x)
        if right == 0:
            return self.ys[0]
        (x0, y0), (x1, y1) = self._vertex(right - 1), self._vertex(right)
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def nothing_until(self) -> float:
        """Return the place up to which the height is zero all the way; infinite if it stays so."""
        for i, height in enumerate(self.ys):
            if height != 0:
                return self.xs[i - 1] if i else 0.0
        return self.xs[-1] if self.final_slope else inf

    def clipped(self, x_maximum: float, y_maximum: float) -> list[tuple[float, float]]:
        """Return the vertices within the frame, with the exact points where the line leaves it."""
        inside = [self._vertex(i) for i, x in enumerate(self.xs) if 0 < x < x_maximum]
        vertices = [(0.0, self.at(0.0)), *inside, (x_maximum, self.at(x_maximum))]
        shown: list[tuple[float, float]] = []
        for (x0, y0), (x1, y1) in pairwise(vertices):
            shown.append((x0, min(y0, y_maximum)))
            if min(y0, y1) < y_maximum < max(y0, y1):
                shown.append((x0 + (x1 - x0) * (y_maximum - y0) / (y1 - y0), y_maximum))
        shown.append((x_maximum, min(vertices[-1][1], y_maximum)))
        return shown

    def _vertex(self, i: int) -> tuple[float, float]:
        return self.xs[i], self.ys[i]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveMark:
    """A place on the curve worth a word: the last round, a scenario."""

    x: float
    y: float
    drop_y: float
    has_dot: bool
    value: str
    value_dx: float
    value_y: float
    value_anchor: Anchor
    name: str
    name_anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A threshold: the curve bends here."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A height that the curve has to reach."""

    y: float
    label_y: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPlace:
    """A place on the curve that a list beside it explains."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveChart:
    """Payout against proceeds. Paths live in a box of 100 by 100, y down, stretched to fit."""

    height: int
    top: int
    plot_height: float
    base_y: float
    path: str
    high_path: str
    area: str
    marks: tuple[CurveMark, ...]
    vertices: tuple[Vertex, ...]
    nothing_until: float
    grid: tuple[GridLine, ...]
    name_y: float
    axis_y: float
    axis: str
    x_maximum: str
    label: str
    table: DataTable
    level: Level | None = None
    numbers: tuple[NumberedPlace, ...] = ()


def payout_curve(
    low: Line,
    high: Line | None = None,
    *,
    x_maximum: float,
    scale: Scale,
    marks: Sequence[tuple[float, str]] = (),
    currency: str = "USD",
    axis: str = "Company sold or listed for",
    height: int = 192,
    level: tuple[float, str] | None = None,
    numbers: Sequence[float] = (),
) -> CurveChart:
    """Return what the equity pays, drawn through the exact thresholds of the payoff.

    Parameters
    ----------
    low, high
        One line where the terms are known; two where they are not, with the band between them.
    x_maximum
        Where the horizontal axis ends.
    scale
        The vertical scale, shared by every offer of the row.
    marks
        Places on the horizontal axis with a word for each, such as `(7.3e9, "last round")`.
    level
        A height that the curve has to reach, with a word for it.
    numbers
        Places on the horizontal axis that bear their number, from 1 on.
    """
    if not (isfinite(x_maximum) and x_maximum > 0):
        raise ValueError("the horizontal axis needs a positive, finite end")
    plot = Plot(height=height, top=16, bottom=38, scale=scale)
    lines = _Pair(low, high or low, currency)
    low_points = _boxed(low, x_maximum, scale)
    high_points = _boxed(lines.high, x_maximum, scale)
    floor = ["100 100", "0 100"] if high is None else low_points[::-1]
    zero = min(low.nothing_until(), x_maximum)
    return CurveChart(
        height=height,
        top=plot.top,
        plot_height=plot.base - plot.top,
        base_y=plot.base,
        path="M" + "L".join(low_points),
        high_path="" if high is None else "M" + "L".join(high_points),
        area="M" + "L".join([*high_points, *floor]) + "Z",
        marks=tuple(
            lines.mark(x, name, plot, x_maximum, level=level[0] if level else None)
            for x, name in marks
            if 0 <= x <= x_maximum
        ),
        vertices=tuple(
            Vertex(x=rounded(100 * x / x_maximum), y=rounded(plot.y(line.at(x))))
            for line in dict.fromkeys((low, lines.high))
            for x in line.xs
            if 0 < x < x_maximum and line.at(x) <= scale.maximum
        ),
        nothing_until=rounded(100 * zero / x_maximum),
        grid=plot.grid(currency),
        name_y=plot.base + 16,
        axis_y=plot.base + 32,
        axis=axis,
        x_maximum=amounts.tick(x_maximum, currency),
        label=lines.in_words(x_maximum, marks, zero),
        table=lines.table(x_maximum, marks, axis),
        level=Level(
            y=rounded(plot.y(level[0])),
            label_y=rounded(plot.y(level[0]) - 5),
            label=f"{level[1]} {amounts.headline(sound(level[0]), currency)}",
        )
        if level and 0 < level[0] <= scale.maximum
        else None,
        numbers=tuple(
            NumberedPlace(
                x=rounded(100 * x / x_maximum), y=rounded(plot.y(lines.high.at(x))), number=number
            )
            for number, x in enumerate(numbers, start=1)
            if 0 < x <= x_maximum
        ),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """The worst and the best the terms allow, often one line, and what they say in words."""

    low: Line
    high: Line
    currency: str

    def at(self, x: float) -> str:
        low, high = sound(self.low.at(x)), sound(self.high.at(x))
        return amounts.money_range(low, high, self.currency)

    def mark(
        self, x: float, name: str, plot: Plot, x_maximum: float, *, level: float | None
    ) -> CurveMark:
        """Return the mark with its words left of a rising line, or on a flag above it.

        Where the curve reaches the level, the level tells the value.
        """
        place = 100 * x / x_maximum
        is_flag = place < _FLAG_BELOW
        clear_of = min(x + _LABEL_WIDTH * x_maximum, x_maximum) if is_flag else x
        value_y = max(plot.y(max(self.high.at(x), self.high.at(clear_of))) - 8, 11.0)
        return CurveMark(
            x=rounded(place),
            y=rounded(plot.y(self.low.at(x))),
            drop_y=rounded(value_y + 4 if is_flag else plot.y(self.high.at(x))),
            has_dot=self.low.at(x) == self.high.at(x),
            value=""
            if level is not None and isclose(self.low.at(x), level, rel_tol=1e-9)
            else self.at(x),
            value_dx=-3.0 if is_flag else -7.0,
            value_y=rounded(value_y),
            value_anchor="at-start" if is_flag else "at-end",
            name=f"{name} {amounts.tick(x, self.currency)}",
            name_anchor=anchor(place, margin=24),
        )

    def in_words(self, x_maximum: float, marks: Sequence[tuple[float, str]], zero: float) -> str:
        told = [f"{self.at(x)} at {name} {amounts.tick(x, self.currency)}" for x, name in marks]
        told.append(f"{self.at(x_maximum)} at {amounts.tick(x_maximum, self.currency)}")
        start = f"Nothing up to {amounts.tick(zero, self.currency)}, then p" if zero else "P"
        return f"{start}ays {', '.join(told)}."

    def table(self, x_maximum: float, marks: Sequence[tuple[float, str]], axis: str) -> DataTable:
        names = dict(marks)
        places = {x for x in (*self.low.xs, *self.high.xs, *names) if 0 <= x < x_maximum}
        rows = []
        for x in (*sorted(places), x_maximum):
            place = amounts.money(x, self.currency) + (f", {names[x]}" if x in names else "")
            ends = [
                amounts.money(sound(line.at(x)), self.currency) for line in (self.low, self.high)
            ]
            rows.append((place, " to ".join(dict.fromkeys(ends))))
        return DataTable(head=(axis, "Pays you"), rows=tuple(rows))


def _boxed(line: Line, x_maximum: float, scale: Scale) -> list[str]:
    points = (
        f"{rounded(100 * x / x_maximum):g} {rounded(100 * (1 - scale.share(y))):g}"
        for x, y in line.clipped(x_maximum, scale.maximum)
    )
    return list(dict.fromkeys(points))
