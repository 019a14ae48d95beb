"""The market explorer: one job in full, and the cells around it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Q

from config.figures.charts import StripChart, market_strip
from market.estimation import CHAIN
from market.models import Benchmark, BenchmarkSnapshot, Experience, Source
from market.selectors.benchmarks import (
    COMPONENTS,
    BenchmarkAnswer,
    ComponentBenchmark,
    JobQuery,
    benchmark_for,
    component_benchmark,
    country_name,
)
from market.selectors.official import OfficialWage, official_wages
from market.selectors.prices import PaidIn, PriceView, price_view
from market.selectors.rates import Conversion

COUNTRIES_SHOWN: Final = 12
_ARRANGEMENTS: Final = {"on_site": "On site", "hybrid": "Hybrid", "remote": "Remote"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A cell with its picture; `label` says which one it is among its neighbours."""

    label: str
    cell: ComponentBenchmark
    chart: StripChart | None
    is_asked: bool = False
    words: str = ""
    """Where a pin stands, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerTable:
    """Cells that differ in one fact, on one scale."""

    key: str
    title: str
    head: str
    rows: tuple[Strip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerPage:
    """What the explorer shows for one job."""

    answer: BenchmarkAnswer | None
    strips: tuple[Strip, ...]
    tables: tuple[ExplorerTable, ...]
    is_published: bool
    prices: PriceView | None = None
    official: Sequence[OfficialWage] = ()


def explorer_page(query: JobQuery, *, currency: str) -> ExplorerPage:
    """Return the answer for a job and its neighbours, in as many queries whatever is published."""
    answer = benchmark_for(query, currency=currency)
    if answer is None or answer.base is None:
        is_published = BenchmarkSnapshot.objects.current().exists()
        strips = component_strips(answer) if answer else ()
        return ExplorerPage(answer=answer, strips=strips, tables=(), is_published=is_published)
    tables, prices = _tables(query, answer)
    return ExplorerPage(
        answer=answer,
        strips=component_strips(answer),
        tables=tables,
        is_published=True,
        prices=prices,
        official=official_wages(role_family=query.job.role_family, country=query.job.country),
    )


def component_strips(
    answer: BenchmarkAnswer, amounts: Mapping[str, Decimal | None] | None = None, letter: str = ""
) -> tuple[Strip, ...]:
    """Return a strip for every measured component, with a pin on the amount that is known."""
    labels = dict(Benchmark.Component.choices)
    return tuple(
        Strip(
            label=labels[name],
            cell=cell,
            chart=strip_chart(cell, value=(amounts or {}).get(name), letter=letter),
        )
        for name in COMPONENTS
        if (cell := answer.of(name)) is not None
    )


def strip_chart(
    cell: ComponentBenchmark,
    *,
    ends: tuple[float, float] | None = None,
    value: Decimal | None = None,
    letter: str = "",
) -> StripChart | None:
    """Return the picture of a cell; None where there are too few figures for percentiles.

    Where all levels stand together no amount is marked.
    """
    if cell.p25 is None or cell.p50 is None or cell.p75 is None or not cell.has_percentiles:
        return None
    value = None if cell.is_any_level else value
    low, high = ends or ends_of([cell], *([] if value is None else [value]))
    return market_strip(
        tuple(None if figure is None else float(figure) for figure in cell.figures),
        low=low,
        high=high,
        value=None if value is None else float(value),
        letter=letter,
        currency=cell.currency,
    )


def ends_of(cells: Iterable[ComponentBenchmark], *pins: Decimal) -> tuple[float, float]:
    """Return the ends of one axis for all these cells and pins."""
    figures = [float(f) for cell in cells for f in cell.figures if f is not None]
    figures += [float(pin) for pin in pins]
    low, high = min(figures), max(figures)
    margin = 0.06 * (high - low or high)
    return max(0.0, low - margin), high + margin


def _tables(
    query: JobQuery, answer: BenchmarkAnswer
) -> tuple[tuple[ExplorerTable, ...], PriceView | None]:
    base, job = answer.base, query.job
    if base is None or not job.role_family:
        return (), None
    here = Q(country_code=job.country)
    level = Q(experience=job.experience)
    rows = Benchmark.objects.filter(
        Q(step=1, year=None) & (here | level)
        | Q(step=0, year=None) & here & level
        | Q(step=1, year__isnull=False) & here & level,
        snapshot_id=answer.snapshot_id,
        component=base.component,
        basis=base.basis,
        is_modelled=False,
        stage=None,
        role_family__key=job.role_family,
    ).select_related("role_family", "stage")
    conversion = answer.conversion or Conversion(currency="USD", target="USD", rate=Decimal(1))
    sources = {source.key: source for source in Source.objects.all()}
    cells = [(row, component_benchmark(row, sources, conversion)) for row in rows]

    def picked(step: int, *, is_past: bool = False) -> list[tuple[Benchmark, ComponentBenchmark]]:
        return [
            (row, cell)
            for row, cell in cells
            if row.step == step and (row.year is not None) == is_past
        ]

    place = country_name(job.country)
    by_level = sorted(
        ((row, cell) for row, cell in picked(1) if row.country_code == job.country),
        key=lambda pair: Experience.values.index(pair[0].experience),
    )
    by_country = sorted(
        ((row, cell) for row, cell in picked(1) if row.experience == job.experience),
        key=lambda pair: -pair[0].n,
    )[:COUNTRIES_SHOWN]
    by_arrangement = sorted(
        picked(0), key=lambda pair: list(_ARRANGEMENTS).index(pair[0].work_arrangement)
    )
    by_year = sorted(picked(1, is_past=True), key=lambda pair: pair[0].year or 0)
    experience = Experience(job.experience).label.lower()
    found = (
        _table(
            "level", f"By level, in {place}", "Level",
            [(Experience(r.experience).label, c, r.experience == job.experience) for r, c in by_level],
        ),
        _table(
            "country", f"By country, {experience} level", "Country",
            [(country_name(r.country_code).removeprefix("the "), c, r.country_code == job.country)
             for r, c in by_country],
        ),
        _table(
            "remote", f"On site or remote, in {place}, {experience} level", "Arrangement",
            [(_ARRANGEMENTS[r.work_arrangement], c, r.work_arrangement == job.work_arrangement)
             for r, c in by_arrangement],
        ),
        _table(
            "year", f"Year by year, in {place}, {experience} level", "Year",
            [(str(r.year), c, False) for r, c in by_year],
        ),
    )  # fmt: skip
    paid = [
        PaidIn(
            country_code=row.country_code,
            label=country_name(row.country_code).removeprefix("the "),
            usd=row.p50,
            as_of=row.newest_date,
            is_asked=row.country_code == job.country,
        )
        for row, cell in by_country
        if cell.is_quotable and row.p50 is not None and row.newest_date is not None
    ]
    tables = tuple(table for table in found if table is not None)
    return tables, price_view(paid, sources) if paid else None


def _table(
    key: str, title: str, head: str, rows: Sequence[tuple[str, ComponentBenchmark, bool]]
) -> ExplorerTable | None:
    if not rows:
        return None
    shown = [cell for _, cell, _ in rows if cell.is_quotable]
    ends = ends_of(shown) if shown else None
    return ExplorerTable(
        key=key,
        title=title,
        head=head,
        rows=tuple(
            Strip(
                label=label,
                cell=cell,
                chart=strip_chart(cell, ends=ends),
                is_asked=is_asked,
            )
            for label, cell, is_asked in rows
        ),
    )


# --- the whole role as a file ------------------------------------------------------------------

CSV_HEAD: Final = (
    "role", "similar_roles", "level", "country", "region", "work_arrangement", "stage", "year",
    "component", "basis", "n", "employers", "p10", "p25", "median", "p75", "p90", "median_low_95",
    "median_high_95", "currency", "oldest", "newest", "step", "typical_error", "modelled",
    "sources", "licences", "snapshot_date",
)  # fmt: skip


def role_rows(role_family: str) -> Iterable[tuple[object, ...]]:
    """Yield every published cell of a role, as rows under `CSV_HEAD`."""
    sources = {source.key: source for source in Source.objects.all()}
    cells = (
        Benchmark.objects.filter(snapshot__is_current=True, role_family__key=role_family)
        .select_related("role_family", "stage", "snapshot")
        .order_by("cell_key")
    )
    for cell in cells:
        named = [sources[key] for key in sorted(cell.source_mix) if key in sources]
        interval = cell.intervals.get("p50", ("", ""))
        yield (
            cell.role_family.key if cell.role_family else "",
            cell.role_group,
            cell.experience,
            cell.country_code,
            cell.region,
            cell.work_arrangement,
            cell.stage.key if cell.stage else "",
            cell.year or "",
            cell.component,
            cell.basis,
            cell.n,
            "" if cell.n_employers is None else cell.n_employers,
            *("" if f is None else f for f in (cell.p10, cell.p25, cell.p50, cell.p75, cell.p90)),
            *interval,
            cell.currency,
            cell.oldest_date or "",
            cell.newest_date or "",
            CHAIN[cell.step].label,
            "" if cell.typical_error is None else cell.typical_error,
            "yes" if cell.is_modelled else "no",
            "; ".join(source.attribution for source in named),
            "; ".join(dict.fromkeys(source.licence for source in named)),
            _day(cell.snapshot),
        )


def _day(snapshot: BenchmarkSnapshot) -> dt.date:
    return (snapshot.finished_at or snapshot.created_at).date()


# --- what the method page tells ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketMethods:
    """Where figures come from and when they were last computed."""

    sources: tuple[Source, ...]
    snapshot: BenchmarkSnapshot | None
    steps: tuple[tuple[int, str, Decimal | None], ...]


def market_methods() -> MarketMethods:
    """Return the sources with their terms, the snapshot in force, and the error of each step."""
    snapshot = BenchmarkSnapshot.objects.current().first()
    errors = dict(
        Benchmark.objects.filter(snapshot=snapshot, component="base", typical_error__isnull=False)
        .order_by("step", "-n", "pk")
        .distinct("step")
        .values_list("step", "typical_error")
    )
    return MarketMethods(
        sources=tuple(Source.objects.order_by("kind", "name", "pk")),
        snapshot=snapshot,
        steps=tuple(
            (number + 1, step.label, errors.get(number)) for number, step in enumerate(CHAIN)
        ),
    )
