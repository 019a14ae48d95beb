"""What leaving keeps, month by month: cash as a line, what has vested as steps under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Final

from config.figures import amounts
from config.figures.charts.scales import (
    Anchor,
    GridLine,
    Plot,
    Scale,
    anchor,
    rounded,
    sound,
)

_STRIP: Final = 44
_GAP: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTick:
    """A month worth a word on the axis."""

    x: float
    label: str
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMark:
    """The month that is looked at, on both pictures."""

    x: float
    y: float
    value: str
    value_y: float
    value_anchor: Anchor
    value_dx: float
    share: str
    share_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthChart:
    """Two pictures over the same months. Paths live in boxes of 100 by 100, y down, stretched."""

    height: int
    top: int
    plot_height: float
    base_y: float
    kept: str
    paid: str
    area: str
    strip_y: float
    strip_height: float
    strip_base: float
    vested: str
    strip_name_y: float
    axis_y: float
    ticks: tuple[MonthTick, ...]
    grid: tuple[GridLine, ...]
    mark: MonthMark | None
    label: str


def month_chart(
    kept: Sequence[float],
    paid: Sequence[float],
    vested_fractions: Sequence[float],
    *,
    scale: Scale,
    month: int | None = None,
    currency: str = "USD",
) -> MonthChart:
    """Return what leaving after each month keeps.

    Parameters
    ----------
    kept, paid
        Cash after and before what is owed back, one for each month from 0 on; at least two.
    vested_fractions
        The part of the grants that has vested, in [0, 1]; empty where nothing vests.
    scale
        Of the cash, shared by every offer of the row.
    month
        The month to point at.
    """
    last = len(kept) - 1
    if last < 1 or len(paid) != len(kept) or len(vested_fractions) not in {0, len(kept)}:
        raise ValueError("every month has its figures, and there are at least two")
    if not all(map(isfinite, (*kept, *paid, *vested_fractions))):
        raise ValueError("figures of months are finite")
    strip = _STRIP if vested_fractions else 0
    height = 150 + (strip + _GAP if strip else 0)
    plot = Plot(height=150, top=16, bottom=22, scale=scale)
    kept_points = [_point(m, last, 1 - scale.share(value)) for m, value in enumerate(kept)]
    paid_points = [_point(m, last, 1 - scale.share(value)) for m, value in enumerate(paid)]
    strip_y = 150.0 + _GAP
    return MonthChart(
        height=height,
        top=plot.top,
        plot_height=plot.base - plot.top,
        base_y=plot.base,
        kept="M" + "L".join(kept_points),
        paid="M" + "L".join(paid_points) if list(paid) != list(kept) else "",
        area="M" + "L".join([*kept_points, "100 100", "0 100"]) + "Z",
        strip_y=strip_y,
        strip_height=float(strip),
        strip_base=strip_y + strip,
        vested=_steps(vested_fractions, last) if strip else "",
        strip_name_y=strip_y - 5,
        axis_y=plot.base + 16,
        ticks=tuple(
            MonthTick(
                x=rounded(100 * month / last),
                label=f"{month // 12} year{'' if month == 12 else 's'}" if month else "start",
                anchor=anchor(100 * month / last, margin=8),
            )
            for month in range(0, last + 1, 12)
        ),
        grid=plot.grid(currency),
        mark=_mark(kept, vested_fractions, month, last, plot, strip_y, currency)
        if month is not None and 0 <= month <= last
        else None,
        label=_in_words(kept, paid, vested_fractions, month, currency),
    )


def _point(month: int, last: int, share: float) -> str:
    return f"{rounded(100 * month / last):g} {rounded(100 * share):g}"


def _steps(fractions: Sequence[float], last: int) -> str:
    """Return the area under steps: each month's fraction holds until the next one."""
    points = ["0 100", _point(0, last, 1 - fractions[0])]
    for month, (before, after) in enumerate(pairwise(fractions), start=1):
        if before != after:
            points += [_point(month, last, 1 - before), _point(month, last, 1 - after)]
    points += [_point(last, last, 1 - fractions[-1]), "100 100"]
    return "M" + "L".join(dict.fromkeys(points)) + "Z"


def _mark(
    kept: Sequence[float],
    fractions: Sequence[float],
    month: int,
    last: int,
    plot: Plot,
    strip_y: float,
    currency: str,
) -> MonthMark:
    place, y = 100 * month / last, plot.y(sound(kept[month]))
    is_left = place < 40
    return MonthMark(
        x=rounded(place),
        y=rounded(y),
        value=amounts.headline(sound(kept[month]), currency),
        value_y=rounded(max(y - 9, 11.0)),
        value_anchor="at-start" if is_left else "at-end",
        value_dx=4.0 if is_left else -4.0,
        share=amounts.percent(fractions[month]) if fractions else "",
        share_y=rounded(strip_y - 5),
    )


def _in_words(
    kept: Sequence[float],
    paid: Sequence[float],
    fractions: Sequence[float],
    month: int | None,
    currency: str,
) -> str:
    at = len(kept) - 1 if month is None or not 0 <= month < len(kept) else month
    told = f"Leaving after {at} month{'' if at == 1 else 's'} keeps {amounts.headline(kept[at], currency)} in cash"
    owed = paid[at] - kept[at]
    if owed > 0:
        told += f" after paying back {amounts.headline(owed, currency)}"
    if fractions:
        told += f"; {amounts.percent(fractions[at])} of the equity has vested"
    return f"{told}."
