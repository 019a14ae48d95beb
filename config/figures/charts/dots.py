"""Equally likely outcomes as dots, with their middle."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.figures import amounts
from config.figures.charts.scales import Anchor, DataTable, Scale, nice_ticks, rounded, sound

_LARGEST_RADIUS: Final = 4.5
_SMALLEST_RADIUS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One of the equally likely outcomes."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisTick:
    """A short stroke under the base line with its label."""

    x: float
    label: str
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class DotChart:
    """Equally likely outcomes as dots over an axis, with the median and the middle 80%."""

    height: int
    base_y: float
    tick_y: float
    label_y: float
    band_y: float
    radius: float
    dots: tuple[Dot, ...]
    ticks: tuple[AxisTick, ...]
    median: str
    median_x: float
    median_dx: float
    median_anchor: Anchor
    p10_x: float
    p90_x: float
    label: str
    table: DataTable


def dot_plot(
    quantiles: Sequence[float],
    *,
    median: float,
    p10: float,
    p90: float,
    scale: Scale,
    currency: str = "USD",
    nothing_below: float = 1.0,
    height: int = 172,
    column_width: int = 260,
) -> DotChart:
    """Return a quantile dot plot: each dot is one of `len(quantiles)` equally likely outcomes.

    Parameters
    ----------
    quantiles
        The middle of each twentieth, from the calculation engine; never draws.
    median, p10, p90
        From the calculation engine as well: they are shown, so they are never read off the dots.
    scale
        The horizontal axis, shared by every offer. What lies beyond gathers at its right edge.
    nothing_below
        Outcomes under this are told as paying nothing.
    column_width
        Pixels the chart is likely to have; dots that would overlap share a stack.
    """
    values = sorted(sound(value) for value in quantiles)
    base, top = height - 36.0, 28.0
    radius, n_bins, places = _binned(values, scale, base - top, column_width)
    median_x = 100 * scale.share(median)
    is_right = median_x > 55
    words = _Words(len(values), sum(value < nothing_below for value in values), currency)
    return DotChart(
        height=height,
        base_y=base,
        tick_y=base + 4,
        label_y=base + 16,
        band_y=base + 28,
        radius=radius,
        dots=_stacked(places, n_bins, base, radius),
        ticks=_ticks(scale, currency, is_open=bool(values) and values[-1] > scale.maximum),
        median=words.money(median),
        median_x=rounded(median_x),
        median_dx=-5.0 if is_right else 5.0,
        median_anchor="at-end" if is_right else "at-start",
        p10_x=rounded(100 * scale.share(p10)),
        p90_x=rounded(100 * scale.share(p90)),
        label=words.sentence(median, p10, p90),
        table=DataTable(
            head=("Outcome", "Amount"),
            rows=(
                ("10th percentile", words.money(p10)),
                ("Median", words.money(median)),
                ("90th percentile", words.money(p90)),
                (f"Under {words.money(nothing_below)}", words.odds),
            ),
        ),
    )


def _binned(
    values: Sequence[float], scale: Scale, room: float, column_width: int
) -> tuple[float, int, list[int]]:
    """Return the largest radius at which the tallest stack fits, the bins, and each dot's bin."""
    radius = _LARGEST_RADIUS
    while True:
        pitch = 2 * radius + 1
        n_bins = max(int(column_width // pitch), 1)
        places = [min(int(scale.share(value) * n_bins), n_bins - 1) for value in values]
        tallest = max(Counter(places).values(), default=0)
        if tallest * pitch <= room or radius <= _SMALLEST_RADIUS:
            return radius, n_bins, places
        radius -= 0.25


def _stacked(places: Sequence[int], n_bins: int, base: float, radius: float) -> tuple[Dot, ...]:
    seen: Counter[int] = Counter()
    dots: list[Dot] = []
    for place in places:
        foot = base - 2 - seen[place] * (2 * radius + 1)
        dots.append(Dot(x=rounded(100 * (place + 0.5) / n_bins), y=rounded(foot - radius)))
        seen[place] += 1
    return tuple(dots)


def _ticks(scale: Scale, currency: str, *, is_open: bool) -> tuple[AxisTick, ...]:
    """Return zero, a few round numbers, and the end, marked where outcomes lie beyond it."""
    inner = [value for value in nice_ticks(scale.maximum, 3) if value < scale.maximum * 0.86]
    end = amounts.tick(scale.maximum, currency)
    return (
        AxisTick(x=0.0, label=amounts.tick(0, currency), anchor="at-start"),
        *(
            AxisTick(
                x=rounded(100 * scale.share(value)),
                label=amounts.tick(value, currency),
                anchor="at-middle",
            )
            for value in inner
        ),
        AxisTick(x=100.0, label=f"{end}+" if is_open else end, anchor="at-end"),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    n_outcomes: int
    n_nothing: int
    currency: str

    @property
    def odds(self) -> str:
        return f"{self.n_nothing} of {self.n_outcomes}"

    def money(self, value: float) -> str:
        return amounts.headline(sound(value), self.currency)

    def sentence(self, median: float, p10: float, p90: float) -> str:
        if not self.n_outcomes:
            return "No outcomes to show."
        told = (
            f"Of {self.n_outcomes} equally likely outcomes the middle one is {self.money(median)}, "
            f"and 8 in 10 lie between {self.money(p10)} and {self.money(p90)}."
        )
        return f"{told} {self.odds} pay nothing." if self.n_nothing else told
