"""Where one figure stands among many."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from config.figures import amounts
from config.figures.charts.scales import Anchor, DataTable, anchor, rounded, sound

_NAMES: Final = (
    "10th percentile", "25th percentile", "Median", "75th percentile", "90th percentile",
)  # fmt: skip
# Two labels nearer to each other than this would touch; then one stands for both.
_LABEL_WIDTH: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class StripLabel:
    """Words under the strip."""

    x: float
    text: str
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class StripChart:
    """From the 10th to the 90th percentile, the middle half, the median, and a lettered pin."""

    height: int
    middle: float
    label_y: float
    p10_x: float
    p10_p90: float
    p25_x: float
    p25_p75: float
    p50_x: float
    pin_x: float | None
    pin_letter: str
    labels: tuple[StripLabel, ...]
    label: str
    table: DataTable


def market_strip(
    percentiles: Sequence[float | None],
    *,
    low: float,
    high: float,
    value: float | None = None,
    letter: str = "",
    currency: str = "USD",
    height: int = 48,
) -> StripChart:
    """Return a strip of the 10th, 25th, 50th, 75th and 90th percentile, with a pin on a value.

    `low` and `high` are the ends of the axis, shared by every strip of the row. What lies beyond
    them is drawn at the edge; the words and the table keep the true figure. The outer two may be
    None, where too few employers stand behind them: then the line ends with the bar.
    """
    inner = [sound(figure) for figure in percentiles[1:4] if figure is not None]
    p25, median, p75 = inner
    has_tails = percentiles[0] is not None and percentiles[4] is not None
    p10 = sound(percentiles[0] or 0.0) if has_tails else p25
    p90 = sound(percentiles[4] or 0.0) if has_tails else p75
    x10, x25, x50, x75, x90 = (_place(figure, low, high) for figure in (p10, *inner, p90))
    rows = [
        (name, amounts.money(figure, currency) if is_shown else "Not shown")
        for name, figure, is_shown in zip(
            _NAMES, (p10, *inner, p90), (has_tails, True, True, True, has_tails), strict=True
        )
    ]
    told = (
        f"Median {amounts.headline(median, currency)}, middle half "
        f"{amounts.money_range(p25, p75, currency)}"
    )
    if has_tails:
        told += f", 10th to 90th percentile {amounts.money_range(p10, p90, currency)}"
    told += "."
    if value is not None:
        rows.append(
            (f"Offer {letter}" if letter else "This one", amounts.money(sound(value), currency))
        )
        told += f" {rows[-1][0]}: {rows[-1][1]}."
    return StripChart(
        height=height,
        middle=22.0,
        label_y=height - 4.0,
        p10_x=x10,
        p10_p90=rounded(x90 - x10),
        p25_x=x25,
        p25_p75=rounded(x75 - x25),
        p50_x=x50,
        pin_x=None if value is None else _place(value, low, high),
        pin_letter=letter,
        labels=_labels(x10, p10, x90, p90, currency),
        label=told,
        table=DataTable(head=("Percentile", "Amount"), rows=tuple(rows)),
    )


def _place(figure: float, low: float, high: float) -> float:
    span = high - low
    share = (sound(figure) - low) / span if isfinite(span) and span > 0 else 0.5
    return rounded(100 * min(max(share, 0.0), 1.0))


def _labels(
    x10: float, p10: float, x90: float, p90: float, currency: str
) -> tuple[StripLabel, ...]:
    if x90 - x10 < _LABEL_WIDTH:
        middle = rounded((x10 + x90) / 2)
        both = amounts.money_range(p10, p90, currency)
        return (StripLabel(x=middle, text=both, anchor=anchor(middle, margin=22)),)
    return tuple(
        StripLabel(x=x, text=amounts.headline(figure, currency), anchor=anchor(x, margin=9))
        for x, figure in ((x10, p10), (x90, p90))
    )
