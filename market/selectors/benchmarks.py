"""Published cells → what a page, a script or a negotiation may say the market pays."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from babel import Locale

from market.estimation import CHAIN, Cell, Job, chain_of
from market.models import (
    Basis,
    Benchmark,
    BenchmarkSnapshot,
    CompanyStage,
    Experience,
    Level,
    Location,
    RoleFamily,
    Source,
)
from market.selectors.rates import Conversion, RateTable, rate_table

# From this on percentiles are quoted as measured; below, say how many there are.
QUOTABLE_N: Final = 20
OLD_DAYS: Final = 730
PERCENTILES: Final = ("p10", "p25", "p50", "p75", "p90")
COMPONENTS: Final = tuple(Benchmark.Component.values)
# Of cells equally near, what people report says more than what is advertised, and that more than
# what is filed, which is often the bottom of a band.
BASES: Final = (Basis.REPORTED.value, Basis.POSTING.value, Basis.FILING.value)
_ENGLISH: Final = Locale("en", "US")
# The rungs that a coarse level puts together; mid-level is one rung.
RUNGS: Final = {"EN": "L1 to L3", "SE": "L5 to L10", "EX": "directors and everybody above"}
REGIONS: Final = {
    "US": "the United States",
    "CA": "Canada",
    "UK_IE": "the United Kingdom and Ireland",
    "W_EU": "western Europe",
    "CEE": "central and eastern Europe",
    "APAC": "Asia-Pacific",
    "S_SE_ASIA": "south and south-east Asia",
    "LATAM": "Latin America",
    "OTHER": "other countries",
}
GROUPS: Final = {
    "ai_ml_engineering": "AI and ML engineering",
    "ai_research": "AI research",
    "data_science": "data science",
    "data_engineering": "data engineering",
    "analytics": "analytics",
    "data_management": "data management",
    "product": "product",
    "solutions": "solutions",
    "software_engineering": "software engineering",
    "security": "security",
    "leadership": "leadership",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """The job to find comparable pay for, as rows of the taxonomy; None where not known."""

    role_family: RoleFamily | None = None
    level: Level | None = None
    location: Location | None = None
    work_arrangement: str = ""
    stage: CompanyStage | None = None
    experience: str = ""
    """The coarse level, where no rung is known."""
    is_role_guessed: bool = False
    """Whether the kind of work was read from a job title."""

    @property
    def job(self) -> Job:
        family, place, stage = self.role_family, self.location, self.stage
        is_named = family is not None and not family.is_generic
        return Job(
            role_family=family.key if family and is_named else "",
            role_group=family.group if family and is_named else "",
            experience=self.level.experience if self.level else self.experience,
            country=place.country_code if place else "",
            region=place.region if place else "",
            work_arrangement=self.work_arrangement,
            stage=stage.key if stage and stage.key != "unknown" else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShare:
    """How many figures of a cell come from one source, and on which terms."""

    key: str
    name: str
    n: int
    licence: str
    attribution: str
    homepage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentBenchmark:
    """What one component pays in one published cell, with its proof.

    Amounts are a year, in `currency`. `p10` and `p90` are None where too few employers stand behind
    them. `intervals` holds the 95% order-statistic interval of a percentile by its name, where the
    cell is large enough for one.
    """

    benchmark_id: int
    snapshot_id: int
    component: str
    basis: str
    basis_label: str
    currency: str
    n: int
    n_employers: int | None
    p10: Decimal | None
    p25: Decimal | None
    p50: Decimal | None
    p75: Decimal | None
    p90: Decimal | None
    intervals: Mapping[str, tuple[Decimal, Decimal]]
    step: int
    step_label: str
    description: str
    """Whom the cell holds: `machine learning engineers, senior, in the United States`."""
    typical_error: Decimal | None
    """How far a cell of this step typically is from the exact one; None at the exact one."""
    sources: tuple[SourceShare, ...]
    oldest_date: dt.date | None
    as_of: dt.date | None
    """The day of the newest figure."""
    is_modelled: bool
    stage: str = ""
    is_any_level: bool = False
    """Whether it holds all levels together; then it is shown, and nobody is placed in it."""

    @property
    def has_percentiles(self) -> bool:
        """Whether its percentiles are shown: measured, and from enough figures."""
        return not self.is_modelled and self.n >= QUOTABLE_N and self.p50 is not None

    @property
    def is_quotable(self) -> bool:
        """Whether it may be quoted, and a job placed in it: it is of one level as well."""
        return self.has_percentiles and not self.is_any_level

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """The interval of the median."""
        return self.intervals.get("p50")

    @property
    def figures(self) -> tuple[Decimal | None, ...]:
        return (self.p10, self.p25, self.p50, self.p75, self.p90)

    def place(self, amount: Decimal) -> int | None:
        """Return the percentile at which an amount stands, straight between the published ones.

        None beyond the outermost published percentile, and where the cell is not quotable.
        """
        if not self.is_quotable:
            return None
        points = [
            (int(name[1:]), figure)
            for name, figure in zip(PERCENTILES, self.figures, strict=True)
            if figure is not None
        ]
        for (low, below), (high, above) in pairwise(points):
            if below <= amount <= above:
                share = (amount - below) / (above - below) if above > below else Decimal(1)
                return round(low + share * (high - low))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkAnswer:
    """What the market pays for a job: each component from the nearest cell that holds enough.

    A component is None where nobody measured it. Components are ranked each on its own, so the
    medians of parts do not add up to the median of the total. What is said of the answer as a whole
    (`n`, `sources`, `as_of`, `step`, `interval`, `is_modelled`, `is_quotable`) is said of
    `headline`: the total where it was measured, else the base; what was measured for one level
    comes before what holds all of them.
    """

    snapshot_id: int
    snapshot_date: dt.date
    currency: str
    conversion: Conversion | None
    """How amounts came into `currency`; None where they were in it."""
    base: ComponentBenchmark | None
    bonus: ComponentBenchmark | None
    equity: ComponentBenchmark | None
    total: ComponentBenchmark | None
    modelled: ComponentBenchmark | None
    """A model of the base in a nearer, thin cell; never quotable."""
    cautions: tuple[str, ...]
    """Why the cell is not quite this job: `not comparable because …`."""

    @property
    def headline(self) -> ComponentBenchmark | None:
        found = [part for part in (self.total, self.base, self.equity, self.bonus) if part]
        return min(found, key=lambda part: part.is_any_level, default=None)

    @property
    def components(self) -> tuple[ComponentBenchmark, ...]:
        found = (self.base, self.bonus, self.equity, self.total)
        return tuple(component for component in found if component is not None)

    def of(self, component: str) -> ComponentBenchmark | None:
        """Return the benchmark of `base`, `bonus`, `equity` or `total`."""
        return {"base": self.base, "bonus": self.bonus, "equity": self.equity, "total": self.total}[
            component
        ]

    @property
    def n(self) -> int:
        return self.headline.n if self.headline else 0

    @property
    def sources(self) -> tuple[SourceShare, ...]:
        return self.headline.sources if self.headline else ()

    @property
    def as_of(self) -> dt.date | None:
        return self.headline.as_of if self.headline else None

    @property
    def step(self) -> int | None:
        return self.headline.step if self.headline else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        return self.headline.interval if self.headline else None

    @property
    def is_modelled(self) -> bool:
        return self.headline is not None and self.headline.is_modelled

    @property
    def is_quotable(self) -> bool:
        return self.headline is not None and self.headline.is_quotable


def benchmark_for(
    query: JobQuery, *, currency: str = "USD", snapshot_id: int | None = None
) -> BenchmarkAnswer | None:
    """Return what the market pays for a job, in three queries whatever the market holds.

    Parameters
    ----------
    query
        The job: `JobQuery(role_family=offer.role_family, level=offer.level, location=…,
        work_arrangement=…, stage=offer.company.stage)`. What is None is not asked for.
    currency
        What amounts are given in, by the latest rate on record; dollars where there is none.
    snapshot_id
        The snapshot that an earlier answer rests on; by default the one in force.

    Returns
    -------
    BenchmarkAnswer or None
        None where no snapshot is published, or no cell holds enough figures for the job.
    """
    return benchmarks_for([query], currencies=[currency], snapshot_id=snapshot_id)[0]


def benchmarks_for(
    queries: Sequence[JobQuery],
    *,
    currencies: Sequence[str] | None = None,
    snapshot_id: int | None = None,
) -> list[BenchmarkAnswer | None]:
    """Return the answer for each job, in as many queries as for one."""
    wanted = [_candidates(query.job) for query in queries]
    cells = _cells((cell for found in wanted for cell, _ in found), snapshot_id)
    if not cells:
        return [None] * len(queries)
    sources = {source.key: source for source in Source.objects.all()}
    rates = rate_table()
    return [
        _answer(query, found, cells, sources, rates, currency)
        for query, found, currency in zip(
            queries, wanted, currencies or ["USD"] * len(queries), strict=True
        )
    ]


def has_newer(snapshot: BenchmarkSnapshot) -> bool:
    """Say whether the benchmarks in force differ from those of an earlier snapshot."""
    current = BenchmarkSnapshot.objects.current().first()
    return current is not None and current.checksum != snapshot.checksum


def _candidates(job: Job) -> list[tuple[Cell, int]]:
    """Return the cells to look in, nearest first, with their place in that order."""
    found: list[tuple[Cell, int]] = []
    for component in COMPONENTS:
        for basis in BASES:
            if job.stage and job.has(CHAIN[1]):
                cell = Cell.of(job, CHAIN[1], basis=basis, component=component, with_stage=True)
                found.append((cell, -1))
            found += [
                (Cell.of(job, step, basis=basis, component=component), number)
                for number, step in chain_of(job)
            ]
    return found


def _cells(wanted: Iterable[Cell], snapshot_id: int | None) -> dict[str, Benchmark]:
    keys = {key for cell in wanted for key in (cell.key, cell.modelled_key)}
    snapshot = {"snapshot_id": snapshot_id} if snapshot_id else {"snapshot__is_current": True}
    rows = Benchmark.objects.filter(cell_key__in=keys, **snapshot).select_related(
        "snapshot", "role_family", "stage"
    )
    return {row.cell_key: row for row in rows}


def _answer(
    query: JobQuery,
    candidates: Sequence[tuple[Cell, int]],
    cells: Mapping[str, Benchmark],
    sources: Mapping[str, Source],
    rates: RateTable,
    currency: str,
) -> BenchmarkAnswer | None:
    conversion = rates.conversion("USD", currency)
    if conversion is None:
        conversion = Conversion(currency="USD", target="USD", rate=Decimal(1))
    nearest: dict[str, Benchmark] = {}
    for component in COMPONENTS:
        ours = [
            (cells[cell.key], place)
            for cell, place in candidates
            if cell.component == component and cell.key in cells
        ]
        if ours:
            nearest[component] = min(
                ours,
                key=lambda found: (
                    found[0].n < QUOTABLE_N,
                    found[1],
                    BASES.index(found[0].basis),
                ),
            )[0]
    if not nearest:
        return None
    shown = {
        component: component_benchmark(row, sources, conversion)
        for component, row in nearest.items()
    }
    base = nearest.get("base")
    thin = _modelled(candidates, cells, base) if base else None
    any_row = next(iter(nearest.values()))
    answer = BenchmarkAnswer(
        snapshot_id=any_row.snapshot_id,
        snapshot_date=_day_of(any_row.snapshot),
        currency=conversion.target,
        conversion=conversion if conversion.is_needed else None,
        base=shown.get("base"),
        bonus=shown.get("bonus"),
        equity=shown.get("equity"),
        total=shown.get("total"),
        modelled=component_benchmark(thin, sources, conversion) if thin else None,
        cautions=(),
    )
    said_of = nearest[answer.headline.component] if answer.headline else any_row
    return replace(answer, cautions=_cautions(query, said_of))


def _modelled(
    candidates: Sequence[tuple[Cell, int]], cells: Mapping[str, Benchmark], base: Benchmark
) -> Benchmark | None:
    """Return the model of the nearest thin cell, where it is nearer than what was measured."""
    for cell, place in candidates:
        if cell.component == "base" and 0 <= place < base.step and cell.modelled_key in cells:
            return cells[cell.modelled_key]
    return None


def component_benchmark(
    row: Benchmark, sources: Mapping[str, Source], conversion: Conversion
) -> ComponentBenchmark:
    """Return a published cell in a currency; `conversion` starts from US dollars."""

    def converted(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount * conversion.rate

    return ComponentBenchmark(
        benchmark_id=row.pk,
        snapshot_id=row.snapshot_id,
        component=row.component,
        basis=row.basis,
        basis_label=row.get_basis_display(),
        currency=conversion.target,
        n=row.n,
        n_employers=row.n_employers,
        p10=converted(row.p10),
        p25=converted(row.p25),
        p50=converted(row.p50),
        p75=converted(row.p75),
        p90=converted(row.p90),
        intervals={
            name: (
                Decimal(str(low)) * conversion.rate,
                Decimal(str(high)) * conversion.rate,
            )
            for name, (low, high) in row.intervals.items()
        },
        step=row.step,
        step_label=CHAIN[row.step].label,
        description=describe(row),
        typical_error=row.typical_error,
        sources=tuple(
            SourceShare(
                key=key,
                name=source.name,
                n=n,
                licence=source.licence,
                attribution=source.attribution,
                homepage=source.homepage,
            )
            for key, n in sorted(row.source_mix.items(), key=lambda pair: (-pair[1], pair[0]))
            if (source := sources.get(key)) is not None
        ),
        oldest_date=row.oldest_date,
        as_of=row.newest_date,
        is_modelled=row.is_modelled,
        is_any_level=not row.experience,
        stage=row.stage.label if row.stage else "",
    )


def describe(row: Benchmark) -> str:
    """Return whom a cell holds, in words."""
    if row.role_family:
        who = row.role_family.label
    elif row.role_group:
        who = f"All roles in {GROUPS.get(row.role_group, row.role_group.replace('_', ' '))}"
    else:
        who = "All roles"
    level = Experience(row.experience).label.lower() if row.experience else "any"
    parts = [who, f"{level} level"]
    if row.country_code:
        parts.append(f"in {country_name(row.country_code)}")
    elif row.region:
        parts.append(f"in {REGIONS.get(row.region, row.region)}")
    else:
        parts.append("in any country")
    if row.work_arrangement:
        parts.append({"on_site": "on site"}.get(row.work_arrangement, row.work_arrangement))
    if row.stage:
        parts.append(row.stage.label)
    if row.year:
        parts.append(str(row.year))
    return ", ".join(parts)


def country_name(code: str) -> str:
    """Return the English name of a country, with its article where one belongs there."""
    name = _ENGLISH.territories.get(code) or code
    return f"the {name}" if name.startswith(("United", "Netherlands", "Philippines")) else name


def _cautions(query: JobQuery, row: Benchmark) -> tuple[str, ...]:
    said: list[str] = []
    job = query.job
    if not row.experience:
        said.append(
            "Its sources name no level: it holds all levels together."
            if job.experience
            else "State the level of the role, and it can be compared: this is all levels together."
        )
    if job.role_family and not row.role_family_id:
        said.append(
            "It holds similar roles, not this one alone."
            if row.role_group
            else "It holds all roles, not this kind of work alone."
        )
    if query.is_role_guessed and query.role_family is not None and job.role_family:
        said.append(f"The kind of work was read from the job title: {query.role_family.label}.")
    if not job.role_family:
        said.append("The kind of work is not known, so it holds all roles.")
    if query.level is not None and row.experience in RUNGS:
        said.append(
            f"Public pay files know four levels. {Experience(row.experience).label} holds "
            f"{RUNGS[row.experience]} together; yours is {query.level.key}."
        )
    if query.stage is not None and job.stage and row.stage is None:
        said.append(
            "None of these figures says how far the company has come; yours is at the stage "
            f"“{query.stage.label}”."
        )
    if job.country and not row.country_code:
        where = REGIONS.get(row.region, row.region) if row.region else "any country"
        said.append(
            f"Too few figures are from {country_name(job.country)} alone: these are from {where}."
        )
    if job.work_arrangement and not row.work_arrangement:
        said.append("It holds on-site, hybrid and remote jobs together.")
    if row.basis == Basis.POSTING:
        said.append("These are midpoints of advertised ranges, not pay that people report.")
    if row.basis == Basis.FILING:
        said.append("These are wages filed with a government, often the bottom of a band.")
    return tuple(said)


def _day_of(snapshot: BenchmarkSnapshot) -> dt.date:
    return (snapshot.finished_at or snapshot.created_at).date()
