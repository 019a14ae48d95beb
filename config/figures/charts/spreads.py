"""How figures are spread, with one of them marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.figures.charts.scales import rounded

HEIGHT: Final = 120.0
BASE: Final = 92.0
TOP: Final = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadBar:
    """One bar, in percent across and pixels down."""

    x: float
    width: float
    y: float
    height: float
    is_marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadChart:
    """A histogram over a logarithmic axis; `mark_x` is where the figure in question stands."""

    bars: tuple[SpreadBar, ...]
    mark_x: float
    mark_anchor: str
    height: float = HEIGHT
    base: float = BASE


def spread_chart(counts: Sequence[int], *, marked: int) -> SpreadChart:
    """Return the bars of `counts`, of which the one at `marked` holds the figure in question."""
    step = 100 / len(counts)
    most = max(*counts, 1)
    bars = []
    for index, count in enumerate(counts):
        height = rounded((BASE - TOP) * count / most)
        bars.append(
            SpreadBar(
                x=rounded(index * step + 0.1 * step),
                width=rounded(0.8 * step),
                y=rounded(BASE - height),
                height=height,
                is_marked=index == marked,
            )
        )
    mark_x = rounded((marked + 0.5) * step)
    anchor = "at-start" if mark_x < 20 else "at-end" if mark_x > 80 else "at-middle"
    return SpreadChart(bars=tuple(bars), mark_x=mark_x, mark_anchor=anchor)
