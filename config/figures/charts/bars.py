"""Bars over years: pay by how sure it is, and vesting by grant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from config.figures import amounts
from config.figures.charts.scales import DataTable, GridLine, Plot, Scale, rounded, sound

Fill = Literal["solid", "tint", "paper"]

FILL_NAMES: Final[dict[Fill, str]] = {
    "solid": "Contract cash",
    "tint": "Likely, varies",
    "paper": "Private equity",
}
# A bar takes this much of its slot; with labels on the axis, the slots leave room for them.
_BAR_WIDTH: Final = 0.64
_WIDTH_BESIDE_TICKS: Final = 87.0
_LABEL_HEIGHT: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPay:
    """The money of one year in three parts, by how sure it is."""

    solid: float = 0.0
    tint: float = 0.0
    paper: float = 0.0

    @property
    def counted(self) -> float:
        return sound(self.solid) + sound(self.tint)

    @property
    def height(self) -> float:
        """Return how tall the bar is: the shared scale must fit the tallest of all offers."""
        return sum(max(sound(part), 0.0) for part in (self.solid, self.tint, self.paper))


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One filled part of a bar."""

    fill: Fill
    x: float
    width: float
    y: float
    height: float
    title: str
    mark: str
    mark_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One year. `total` is what counts; private equity stands above it as `paper`, never in it."""

    segments: tuple[Segment, ...]
    middle: float
    name: str
    total: str
    total_y: float
    paper: str
    paper_y: float
    is_repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars over one base line."""

    height: int
    base_y: float
    name_y: float
    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    label: str
    table: DataTable


def year_bars(
    years: Sequence[YearPay],
    *,
    scale: Scale,
    currency: str = "USD",
    height: int = 184,
    is_dense: bool = False,
) -> BarChart:
    """Return pay by year: contract cash, what is likely, and private equity, from the base up.

    Parameters
    ----------
    scale
        The one scale of every offer: `shared_scale(year.height for offer in … for year in …)`.
    is_dense
        For five or six offers side by side: years read `Y1`, and the axis is not labelled.
    """
    plot = Plot(height=height, top=36, bottom=22, scale=scale)
    grid = () if is_dense else plot.grid(currency)
    layout = _Layout(plot, len(years), _WIDTH_BESIDE_TICKS if grid else 100.0, is_dense=is_dense)
    bars: list[Bar] = []
    for i, year in enumerate(years):
        parts = [
            _Part(fill, value, f"{FILL_NAMES[fill].lower()}: {amounts.money(value, currency)}", "")
            for fill, value in _parts_of(year)
        ]
        paper = sound(year.paper)
        above = f"+{amounts.headline(paper, currency)}" if paper > 0 else ""
        total = amounts.headline(year.counted, currency)
        bars.append(layout.bar(i, parts, total, above, bars[-1:], level=year.counted))
    return BarChart(
        height=height,
        base_y=plot.base,
        name_y=height - 5.0,
        bars=tuple(bars),
        grid=grid,
        label=_years_in_words(years, currency),
        table=_years_table(years, currency),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantVesting:
    """What one grant vests in each year: money, or shares where `vesting_bars` is told so."""

    name: str
    by_year: tuple[float, ...]
    is_paper: bool = True

    def in_year(self, i: int) -> float:
        return max(sound(self.by_year[i]), 0.0) if i < len(self.by_year) else 0.0


def vested_totals(grants: Sequence[GrantVesting]) -> tuple[float, ...]:
    """Return what all grants together vest in each year."""
    n_years = max((len(grant.by_year) for grant in grants), default=0)
    return tuple(sum(grant.in_year(i) for grant in grants) for i in range(n_years))


def vesting_bars(
    grants: Sequence[GrantVesting],
    *,
    scale: Scale,
    currency: str | None = "USD",
    height: int = 160,
    is_dense: bool = False,
) -> BarChart:
    """Return what vests each year, stacked by grant; a segment bears the number of its grant.

    Parameters
    ----------
    scale
        Shared by every offer: `shared_scale` of the `vested_totals` of all of them.
    currency
        None where `by_year` counts shares.
    is_dense
        For five or six offers side by side: years read `Y1`.
    """
    show, exact = _shown_as(currency)
    totals = vested_totals(grants)
    plot = Plot(height=height, top=22, bottom=22, scale=scale)
    layout = _Layout(plot, len(totals), 100.0, is_dense=is_dense)
    bars: list[Bar] = []
    for i, total in enumerate(totals):
        parts = [
            _Part(
                "paper" if grant.is_paper else "tint",
                grant.in_year(i),
                f"{grant.name}: {exact(grant.in_year(i))}",
                str(number) if len(grants) > 1 else "",
            )
            for number, grant in enumerate(grants, start=1)
            if grant.in_year(i) > 0
        ]
        bars.append(layout.bar(i, parts, show(total), "", bars[-1:], level=total))
    told = ", ".join(f"year {i} {show(total)}" for i, total in enumerate(totals, start=1))
    rows = [(grant.name, [grant.in_year(i) for i in range(len(totals))]) for grant in grants]
    return BarChart(
        height=height,
        base_y=plot.base,
        name_y=height - 5.0,
        bars=tuple(bars),
        grid=(),
        label=f"Vests in {told}." if told else "Nothing vests.",
        table=_by_year("Grant", rows, len(totals), exact),
    )


# --- layout ------------------------------------------------------------------------------------


class _Part(NamedTuple):
    fill: Fill
    value: float
    title: str
    mark: str


class _Layout(NamedTuple):
    """Where the bars of a chart stand."""

    plot: Plot
    n_years: int
    width: float
    is_dense: bool

    def bar(
        self,
        i: int,
        parts: Sequence[_Part],
        total: str,
        paper: str,
        before: Sequence[Bar],
        *,
        level: float,
    ) -> Bar:
        """Return a bar whose total is written at the level it stands for, if there is room."""
        slot = self.width / self.n_years
        top = self.plot.y(sum(part.value for part in parts))
        total_at = self.plot.y(level)
        is_inside = bool(paper) and total_at - top >= _LABEL_HEIGHT
        return Bar(
            segments=tuple(self._stack(parts, slot * (i + (1 - _BAR_WIDTH) / 2), self._name(i))),
            middle=rounded(slot * (i + 0.5)),
            name=self._name(i),
            total=total,
            total_y=rounded((total_at if is_inside else top) - 6),
            paper=paper,
            paper_y=rounded(top - (6 if is_inside else 20)),
            is_repeated=any((bar.total, bar.paper) == (total, paper) for bar in before),
        )

    def _name(self, i: int) -> str:
        return f"Y{i + 1}" if self.is_dense or self.n_years > 5 else f"Year {i + 1}"

    def _stack(self, parts: Sequence[_Part], x: float, name: str) -> list[Segment]:
        """Return the parts of a bar from the base up, a hair's breadth apart."""
        segments: list[Segment] = []
        below = 0.0
        for i, part in enumerate(parts, start=1):
            foot, head = self.plot.y(below), self.plot.y(below + part.value)
            gap = 1.0 if i < len(parts) and foot - head > 2 else 0.0
            tall = foot - head - gap
            segments.append(
                Segment(
                    fill=part.fill,
                    x=rounded(x),
                    width=rounded(self.width / self.n_years * _BAR_WIDTH),
                    y=rounded(head + gap),
                    height=rounded(max(tall, 0.5)),
                    title=f"{name}, {part.title}",
                    mark=part.mark if tall >= 15 else "",
                    mark_y=rounded((foot + head + gap) / 2 + 4),
                )
            )
            below += part.value
        return segments


# --- words -------------------------------------------------------------------------------------


def _parts_of(year: YearPay) -> list[tuple[Fill, float]]:
    parts: list[tuple[Fill, float]] = [
        ("solid", sound(year.solid)),
        ("tint", sound(year.tint)),
        ("paper", sound(year.paper)),
    ]
    return [(fill, value) for fill, value in parts if value > 0]


def _years_in_words(years: Sequence[YearPay], currency: str) -> str:
    if not years:
        return "No years to show."
    told = []
    for i, year in enumerate(years, start=1):
        words = f"year {i} {amounts.headline(year.counted, currency)}"
        if sound(year.paper) > 0:
            words += f" and {amounts.headline(sound(year.paper), currency)} in private equity"
        told.append(words)
    return f"Contract cash and what is likely: {', '.join(told)}."


def _years_table(years: Sequence[YearPay], currency: str) -> DataTable:
    parts = {
        FILL_NAMES["solid"]: [sound(year.solid) for year in years],
        FILL_NAMES["tint"]: [sound(year.tint) for year in years],
        FILL_NAMES["paper"]: [sound(year.paper) for year in years],
    }
    present = [(name, values) for name, values in parts.items() if any(values)]
    return _by_year("Part", present, len(years), lambda value: amounts.money(value, currency))


def _by_year(
    what: str,
    rows: Sequence[tuple[str, list[float]]],
    n_years: int,
    exact: Callable[[float], str],
) -> DataTable:
    return DataTable(
        head=(what, *(f"Year {i + 1}" for i in range(n_years)), "Total"),
        rows=tuple((name, *map(exact, values), exact(sum(values))) for name, values in rows),
    )


def _shown_as(currency: str | None) -> tuple[Callable[[float], str], Callable[[float], str]]:
    """Return how labels and how tables show a value: as money, or as shares."""
    if currency is None:
        return amounts.count_short, amounts.count
    return (
        lambda value: amounts.headline(value, currency),
        lambda value: amounts.money(value, currency),
    )
