"""Every cell of a snapshot: one pass over the accepted figures, in PostgreSQL.

`pay` holds one row per figure that counts, ascending. `fact` holds what figures share: a few
thousand combinations of role, level, place and so on, each with the count, dates and moments of its
figures. `gathered` holds which facts make every cell of the back-off chain, `shape_fact` those of
the years that count, `shape` what they come to: quick, because facts are few. `cell` then deals the
figures out to their cells: the only step that touches each figure once per cell, and so the leanest.
Its arrays are ascending because they are filled in the order of `pay`. What a few Python lines add
is small: ranks of the intervals, models for thin cells, and what contributions may be shown.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.db import connection

from market.estimation import (
    CHAIN,
    EXACT_N,
    FRACTIONS,
    LEAST_EMPLOYERS,
    LEAST_EMPLOYERS_FOR_TAILS,
    MODELLED,
    Cell,
    Contribution,
    Job,
    LogMoments,
    Percentiles,
    chain_of,
    deviations,
    interval_ranks,
    pooled,
    prior_size,
    releasable,
    typical_error,
)
from market.models import Benchmark, BenchmarkSnapshot, ContributionRelease, RoleFamily, Source
from market.selectors.planning import WHOLE_TABLES

# A cell of fewer figures is not kept: one more or less would move its median at will.
LEAST_N: Final = 5
# From this on percentiles are quoted as measured.
QUOTABLE_N: Final = 20
# Thin cells get a model beside them from this on.
LEAST_MODELLED_N: Final = 3
# Today's cells hold their newest year, so many before it, and what came since. A year is the newest
# once it holds such a share of the figures of the cell's fullest: a file about a few employers does
# not push out what everybody said the year before.
YEARS_BEFORE: Final = 1
LEAST_SHARE: Final = Decimal("0.1")
# The error of a step is checked on cells of so many figures.
CHECKED_N: Final = 30

Shape: TypeAlias = tuple[int, tuple[str, ...]]
CellRow: TypeAlias = dict[str, Any]

# Which dimensions a shape of cell has. The number is its step of the chain.
_SHAPES: Final[Sequence[Shape]] = (
    *((number, step.keys) for number, step in enumerate(CHAIN)),
    (1, ("role_family", "experience", "country", "stage")),
)
_PAST_SHAPES: Final[Sequence[Shape]] = tuple(
    (number, (*CHAIN[number].keys, "year")) for number in (1, 2, 3)
)
_DIMENSIONS: Final = (
    "role_family", "role_group", "experience", "country", "region", "work_arrangement", "stage",
    "year",
)  # fmt: skip
_NAMES: Final = tuple(f"p{round(100 * fraction)}" for fraction in FRACTIONS)


def write_cells(snapshot: BenchmarkSnapshot, *, until: int) -> dict[str, Any]:
    """Write the cells of the snapshot, and return what its row says of them.

    `until` is the last year whose figures count. Runs in the caller's transaction, whose settings
    of the planner it changes.
    """
    Benchmark.objects.filter(snapshot=snapshot).delete()
    with connection.cursor() as cursor:
        # What follows joins thousands of cells that have no statistics yet.
        cursor.execute(WHOLE_TABLES)
        # One process that hashes, with room for it: the order of `pay` reaches every array.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL work_mem = '512MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_PAY)
        _hold_back_contributions(cursor)
        cursor.execute(_FACT)
        n_observations, sources = _count(cursor)
        cursor.execute(_shape_sql(), {"until": until})
        cursor.execute(_moments_sql(sources))
        _load_ranks(cursor)
        cursor.execute(_cells_sql())
        cursor.execute("SELECT count(*) FROM cell WHERE NOT is_ascending")
        if cursor.fetchone()[0]:
            # Where PostgreSQL chose another way through the rows, or had no room for hashing, the
            # order of `pay` is lost. Every array is then sorted on its own: slower, just as exact.
            cursor.execute("DROP TABLE cell")
            cursor.execute("SET LOCAL enable_sort = on")
            cursor.execute(_cells_sql(order="ORDER BY pay.usd"))
        cursor.execute(_COUNT_EMPLOYERS)
        cells = _todays_cells(cursor)
        cursor.execute(_ERRORS_TABLE)
        with cursor.copy("COPY step_error FROM STDIN") as copy:
            for row in _typical_errors(cells):
                copy.write_row(row)
        cursor.execute(_write_sql(), [snapshot.pk, LEAST_N])
        _write_models(cursor, cells, snapshot)
        cursor.execute(_KEEP_SHIPPED, {"snapshot": snapshot.pk})
        cursor.execute(_CHECKSUM, [snapshot.pk])
        n_cells, checksum = cursor.fetchone()
        cursor.execute(
            "DROP TABLE pay, fact, gathered, shape_fact, shape, cell, interval_rank, step_error"
        )
    return {"n_observations": n_observations, "n_cells": n_cells, "checksum": checksum}


# --- the pass ----------------------------------------------------------------------------------

# Numbers stand for the role family and the stage, 0 where there is none: they hash at once, and
# their names are looked up for facts, not for figures.
_PAY: Final = """
CREATE TEMP TABLE pay ON COMMIT DROP AS
SELECT o.id, o.basis, c.component, coalesce(o.role_family_id, 0) AS role_family_id, o.experience,
       o.country_code, o.region, o.work_arrangement, coalesce(o.stage_id, 0) AS stage_id,
       extract(year FROM o.observed_date)::int AS year, o.observed_date, o.source_id,
       nullif(o.employer_key, '') AS employer, c.usd::float8 AS usd
FROM market_observation o
JOIN market_importbatch b ON b.id = o.batch_id AND b.state = 'published'
CROSS JOIN LATERAL (VALUES ('base', o.benchmark_usd), ('bonus', o.bonus_usd),
                           ('equity', o.equity_usd), ('total', o.total_usd)) c (component, usd)
WHERE o.replaced_by_id IS NULL AND o.state = 'accepted' AND c.usd > 0
  AND (o.benchmark_usd > 0 OR o.bonus_usd > 0 OR o.equity_usd > 0 OR o.total_usd > 0)
ORDER BY usd
"""
_SHARED: Final = (
    "basis, component, role_family_id, experience, country_code, region, work_arrangement,"
    " stage_id, year, source_id"
)
# The dimensions of cells by name, from the shared columns of `p`.
_NAMED: Final = """
    CASE WHEN NOT f.is_generic THEN f.key END AS role_family,
    CASE WHEN NOT f.is_generic THEN f."group" END AS role_group,
    nullif(p.experience, '') AS experience, nullif(p.country_code, '') AS country,
    nullif(p.region, '') AS region,
    nullif(p.work_arrangement, '') AS work_arrangement, g.key AS stage
"""
_JOIN_NAMES: Final = """
    JOIN market_source s ON s.id = p.source_id
    LEFT JOIN market_rolefamily f ON f.id = p.role_family_id
    LEFT JOIN market_companystage g ON g.id = p.stage_id
"""
# Ordered, so that sums of moments come to the same last digit for the same figures.
_FACT: Final = f"""
CREATE TEMP TABLE fact ON COMMIT DROP AS
SELECT (row_number() OVER ())::int AS fact, p.basis, p.component, p.role_family_id,
       p.experience AS level_code, p.country_code, p.region AS region_code,
       p.work_arrangement AS arrangement, p.stage_id, p.year, p.source_id, {_NAMED},
       s.kind = 'contribution' AS is_contributed, p.n, p.first, p.last, p.log_mean,
       p.log_variance, p.oldest_date, p.newest_date
FROM (SELECT {_SHARED}, count(*)::int AS n, min(usd) AS first, max(usd) AS last,
             avg(ln(usd)) AS log_mean, coalesce(var_samp(ln(usd)), 0) AS log_variance,
             min(observed_date) AS oldest_date, max(observed_date) AS newest_date
      FROM pay GROUP BY {_SHARED} ORDER BY {_SHARED}) p
{_JOIN_NAMES}
"""  # noqa: S608 -- names of this file


def _count(cursor: Any) -> tuple[int, list[int]]:
    """Return how many observations count, and the sources they come from."""
    cursor.execute("SELECT component, source_id, sum(n) FROM fact GROUP BY component, source_id")
    rows = cursor.fetchall()
    sources = sorted({source for _, source, _ in rows})
    if {component for component, _, _ in rows} <= {"base"}:
        return sum(n for _, _, n in rows), sources
    cursor.execute("SELECT count(DISTINCT id) FROM pay")
    return cursor.fetchone()[0], sources


def _shape_sql() -> str:
    """Return the statements that make `shape_fact`: which facts stand in which cell of `gathered`.

    `until` is the last year that counts: figures from later on are somebody's mistake or plan.
    """

    def grouped(shapes: Sequence[Shape], *, is_past: bool) -> str:
        return f"""
        SELECT basis, component, {_facts(shapes)}, {_step_of(shapes)} AS step,
               {is_past} AS is_past, array_agg(fact) AS facts
        FROM fact WHERE year <= %(until)s GROUP BY {_grouping(shapes)} HAVING {_whole(shapes)}
          AND sum(n) >= {LEAST_MODELLED_N}
        """  # noqa: S608 -- names of this file and whole numbers

    return f"""
    CREATE TEMP TABLE gathered ON COMMIT DROP AS
    SELECT (row_number() OVER ())::int AS cell, {_key_sql()} AS key, g.*
    FROM ({grouped(_SHAPES, is_past=False)} UNION ALL {grouped(_PAST_SHAPES, is_past=True)}) g;
    CREATE TEMP TABLE shape_fact ON COMMIT DROP AS
    WITH member AS (
        SELECT g.cell, g.is_past, g.fact, fact.year, fact.n
        FROM (SELECT cell, is_past, unnest(facts) AS fact FROM gathered) g
        JOIN fact ON fact.fact = g.fact
    ), of_year AS (
        SELECT cell, year, sum(n) AS n FROM member WHERE NOT is_past GROUP BY cell, year
    ), newest AS (
        SELECT cell, max(year) AS year
        FROM (SELECT *, max(n) OVER (PARTITION BY cell) AS fullest FROM of_year) y
        WHERE n >= {LEAST_SHARE} * fullest GROUP BY cell
    )
    SELECT member.fact, member.cell
    FROM member LEFT JOIN newest USING (cell)
    WHERE member.is_past OR member.year >= newest.year - {YEARS_BEFORE}
    """  # noqa: S608 -- as above


def _moments_sql(sources: Sequence[int]) -> str:
    """Return the statement that makes `shape`: each cell with what its facts come to.

    The variance is that of all figures of the cell: what is within the facts and between them.
    """
    mix = ", ".join(
        f"'{pk}', coalesce(sum(n) FILTER (WHERE source_id = {pk}), 0)"
        for pk in sorted(map(int, sources))
    )
    names = ", ".join(f"g.{name}" for name in ("basis", "component", *_DIMENSIONS))
    return f"""
    CREATE TEMP TABLE shape ON COMMIT DROP AS
    SELECT g.cell, g.key, g.step, {names}, s.* FROM gathered g JOIN (
        SELECT of_fact.cell AS number, sum(n)::int AS n, min(first) AS first, max(last) AS last,
               sum(n * log_mean) / sum(n) AS log_mean,
               greatest(sum((n - 1) * log_variance) + sum(n * log_mean ^ 2)
                        - sum(n * log_mean) ^ 2 / sum(n), 0) / greatest(sum(n) - 1, 1)
                   AS log_variance,
               min(role_group) AS of_group, min(region) AS of_region,
               min(oldest_date) AS oldest_date, max(newest_date) AS newest_date,
               bool_or(is_contributed) AS has_contributions, jsonb_build_object({mix}) AS mix
        FROM shape_fact of_fact JOIN fact USING (fact) GROUP BY of_fact.cell
        HAVING sum(n) >= {LEAST_MODELLED_N}) s ON s.number = g.cell
    """  # noqa: S608 -- names of this file and whole numbers


def _load_ranks(cursor: Any) -> None:
    """Make `interval_rank`: for each count of a cell, the ranks of both ends of five intervals."""
    cursor.execute("SELECT DISTINCT n FROM shape WHERE n <= %s", [EXACT_N])
    counts = [n for (n,) in cursor.fetchall()]
    cursor.execute("CREATE TEMP TABLE interval_rank (n int, ranks int[]) ON COMMIT DROP")
    with cursor.copy("COPY interval_rank (n, ranks) FROM STDIN") as copy:
        for n in counts:
            ends: list[str] = []
            for fraction in FRACTIONS:
                ranks = interval_ranks(n, fraction)
                ends += ["NULL", "NULL"] if ranks is None else [str(ranks.low), str(ranks.high)]
            copy.write_row((n, "{" + ",".join(ends) + "}"))


def _cells_sql(*, order: str = "") -> str:
    """Return the statement that makes `cell`: percentiles and the ends of their intervals.

    Without an `order` of its own an array is filled in the order of `pay`, which is ascending.
    """
    percentiles = ", ".join(
        f"a.usd[1 + floor({f} * (g.n - 1))::int] + ({f} * (g.n - 1) - floor({f} * (g.n - 1)))"
        f" * (a.usd[1 + ceil({f} * (g.n - 1))::int] - a.usd[1 + floor({f} * (g.n - 1))::int]) AS {name}"
        for f, name in _fractions()
    )
    ends = ", ".join(
        f"a.usd[{_rank(f, place, is_high=False)}] AS {name}_low,"
        f" a.usd[{_rank(f, place, is_high=True)}] AS {name}_high"
        for place, (f, name) in enumerate(_fractions())
    )
    facts = ", ".join(f"g.{name}" for name in ("basis", "component", *_DIMENSIONS))
    return f"""
    CREATE TEMP TABLE cell ON COMMIT DROP AS
    SELECT g.cell, {facts}, g.key, g.step, g.n, {percentiles}, {ends},
           a.usd[1] = g.first AND a.usd[g.n] = g.last AND cardinality(a.usd) = g.n AS is_ascending,
           g.of_group, g.of_region, g.log_mean, g.log_variance, g.oldest_date, g.newest_date,
           g.has_contributions, g.mix, NULL::int AS n_employers, NULL::int AS largest_n
    FROM (SELECT of_fact.cell, array_agg(pay.usd {order}) AS usd
          FROM pay JOIN fact ON {_same_fact()}
          JOIN shape_fact of_fact ON of_fact.fact = fact.fact
          GROUP BY of_fact.cell) a
    JOIN shape g ON g.cell = a.cell
    LEFT JOIN interval_rank r ON r.n = g.n
    """  # noqa: S608 -- names of this file


def _same_fact() -> str:
    """Return the condition that a figure is one of a fact's."""
    renamed = {
        "experience": "level_code",
        "region": "region_code",
        "work_arrangement": "arrangement",
    }
    return " AND ".join(
        f"pay.{name} = fact.{renamed.get(name, name)}" for name in _SHARED.split(", ")
    )


# How many employers a cell has, and figures of the largest, where the sources name them.
_COUNT_EMPLOYERS: Final = f"""
UPDATE cell SET n_employers = e.n_employers, largest_n = e.largest_n FROM (
  SELECT cell, count(*) AS n_employers, max(n) AS largest_n FROM (
    SELECT of_fact.cell, named.employer, sum(named.n) AS n FROM (
      SELECT fact.fact, pay.employer, count(*) AS n FROM pay JOIN fact ON {_same_fact()}
      WHERE pay.employer IS NOT NULL GROUP BY 1, 2) named
    JOIN shape_fact of_fact ON of_fact.fact = named.fact GROUP BY 1, 2) counted
  GROUP BY 1) e
WHERE e.cell = cell.cell
"""  # noqa: S608 -- names of this file


# --- shapes in SQL --------------------------------------------------------------------------------


def _grouping(shapes: Sequence[Shape]) -> str:
    sets = (", ".join(("basis", "component", *keys)) for _, keys in shapes)
    return f"GROUPING SETS ({', '.join(f'({columns})' for columns in sets)})"


def _used(shapes: Sequence[Shape]) -> list[str]:
    """Return the dimensions that any of the shapes has, in their order."""
    return [name for name in _DIMENSIONS if any(name in keys for _, keys in shapes)]


def _facts(shapes: Sequence[Shape]) -> str:
    """Return every dimension as a column; empty where no shape has it."""
    used = _used(shapes)
    empty = {"year": "NULL::int AS year"}
    return ", ".join(
        name if name in used else empty.get(name, f"NULL::text AS {name}") for name in _DIMENSIONS
    )


def _by_shape(shapes: Sequence[Shape], said: Callable[[int, tuple[str, ...]], str]) -> str:
    """Return an expression that says another thing for each shape.

    GROUPING(...) has a bit for every dimension that a shape gives up, the first one highest.
    """
    used = _used(shapes)
    cases = " ".join(
        f"WHEN {int(''.join('01'[name not in keys] for name in used), 2)} THEN {said(number, keys)}"
        for number, keys in shapes
    )
    return f"CASE GROUPING({', '.join(used)}) {cases} END"


def _whole(shapes: Sequence[Shape]) -> str:
    """Return the condition that every fact of a cell is known."""
    return _by_shape(shapes, lambda _, keys: " AND ".join(f"{key} IS NOT NULL" for key in keys))


def _step_of(shapes: Sequence[Shape]) -> str:
    return _by_shape(shapes, lambda number, _: str(number))


def _key_sql() -> str:
    parts = ", ".join(f"coalesce({name}::text, '')" for name in _DIMENSIONS)
    return f"concat_ws('/', basis, component, {parts})"


def _fractions() -> list[tuple[str, str]]:
    return [(f"{fraction}::float8", name) for fraction, name in zip(FRACTIONS, _NAMES, strict=True)]


def _rank(fraction: str, place: int, *, is_high: bool) -> str:
    """Return the rank of an end of an interval: by the table, or by the normal curve above it."""
    spread = f"{deviations()!r} * sqrt(g.n * {fraction} * (1 - {fraction}))"
    far = (
        f"ceil(g.n * {fraction} + {spread})::int + 1"
        if is_high
        else f"floor(g.n * {fraction} - {spread})::int"
    )
    return f"CASE WHEN g.n > {EXACT_N} THEN {far} ELSE r.ranks[{2 * place + 1 + is_high}] END"


# --- the snapshot -------------------------------------------------------------------------------

# What a cell with contributions may show is the rule of `market.estimation.publication`.
_MIDDLE: Final = f"(NOT has_contributions OR coalesce(n_employers, 0) >= {LEAST_EMPLOYERS})"
_TAILS: Final = (
    f"(NOT has_contributions OR coalesce(n_employers, 0) >= {LEAST_EMPLOYERS_FOR_TAILS})"
)


def _write_sql() -> str:
    """Return the statement that copies the measured cells into the snapshot."""
    tails = {"p10", "p90"}
    figures = ", ".join(
        f"CASE WHEN {_TAILS} THEN {name} END" if name in tails else name for name in _NAMES
    )
    intervals = ", ".join(
        f"'{name}', CASE WHEN {name}_low IS NOT NULL AND {name}_high IS NOT NULL"
        f"{f' AND {_TAILS}' if name in tails else ''}"
        f" THEN jsonb_build_array(round({name}_low::numeric, 2), round({name}_high::numeric, 2)) END"
        for name in _NAMES
    )
    return f"""
    INSERT INTO market_benchmark (snapshot_id, cell_key, component, basis, role_family_id,
      role_group, experience, country_code, region, work_arrangement, stage_id, year, step,
      currency, n, n_employers, {", ".join(_NAMES)}, intervals, typical_error, oldest_date,
      newest_date, source_mix, is_modelled)
    SELECT %s, c.key, c.component, c.basis, f.id, coalesce(c.role_group, ''),
      coalesce(c.experience, ''),
      coalesce(c.country, ''), coalesce(c.region, ''), coalesce(c.work_arrangement, ''), g.id,
      c.year, c.step, 'USD', c.n, c.n_employers, {figures},
      jsonb_strip_nulls(jsonb_build_object({intervals})), e.error, c.oldest_date,
      c.newest_date, (SELECT jsonb_object_agg(s.key, m.value::int)
                      FROM jsonb_each_text(c.mix) m JOIN market_source s ON s.id = m.key::int
                      WHERE m.value <> '0'), false
    FROM cell c
    LEFT JOIN market_rolefamily f ON f.key = c.role_family
    LEFT JOIN market_companystage g ON g.key = c.stage
    LEFT JOIN step_error e ON (e.basis, e.component, e.step) = (c.basis, c.component, c.step)
    WHERE c.n >= %s AND {_MIDDLE}
    """  # noqa: S608 -- names of this file


_COPIED: Final = (
    "cell_key", "component", "basis", "role_family_id", "role_group", "experience", "level_id",
    "country_code", "region", "work_arrangement", "stage_id", "year", "step", "currency", "n",
    "n_employers", *_NAMES, "intervals", "typical_error", "oldest_date", "newest_date",
    "source_mix", "is_modelled",
)  # fmt: skip
# What came with the installation stands until files of its source tell of the same role themselves.
# Where figures of other sources make a cell of the same name, the one of more figures stands.
_KEEP_SHIPPED: Final = f"""
WITH told_of AS (
    SELECT DISTINCT basis, component, coalesce(role_family_id, 0) AS family, role_group,
           experience = '' AS is_any_level, jsonb_object_keys(source_mix) AS source
    FROM market_benchmark WHERE snapshot_id = %(snapshot)s AND NOT is_modelled AND year IS NULL
), shipped AS (
    SELECT *, coalesce(role_family_id, 0) AS family, experience = '' AS is_any_level
    FROM market_benchmark
    WHERE snapshot_id = (SELECT id FROM market_benchmarksnapshot WHERE reason = 'shipped'
                         ORDER BY finished_at DESC, id DESC LIMIT 1)
), told AS (
    SELECT shipped.id
    FROM shipped CROSS JOIN jsonb_object_keys(shipped.source_mix) AS mix (source)
    JOIN told_of USING (basis, component, family, role_group, is_any_level, source)
)
INSERT INTO market_benchmark AS own (snapshot_id, {", ".join(_COPIED)})
SELECT %(snapshot)s, {", ".join(_COPIED)} FROM shipped WHERE id NOT IN (SELECT id FROM told)
ON CONFLICT (snapshot_id, cell_key) DO UPDATE
SET ({", ".join(_COPIED)}) = ROW({", ".join(f"EXCLUDED.{name}" for name in _COPIED)})
WHERE own.n < EXCLUDED.n
"""  # noqa: S608 -- names of this file

_ERRORS_TABLE: Final = """
CREATE TEMP TABLE step_error (basis text, component text, step int, error float8) ON COMMIT DROP
"""

_CHECKSUM: Final = """
SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
  concat_ws('|', cell_key, n, n_employers, p10, p25, p50, p75, p90, intervals, typical_error,
            oldest_date, newest_date, source_mix, is_modelled),
  chr(10) ORDER BY cell_key COLLATE "C"), ''), 'UTF8')), 'hex')
FROM market_benchmark WHERE snapshot_id = %s
"""


# --- what Python adds --------------------------------------------------------------------------

_CONTRIBUTED: Final = f"""
SELECT {_key_sql()}, component, id, employer
FROM (SELECT p.id, p.basis, p.component, p.employer, p.year, {_NAMED}
      FROM pay p {_JOIN_NAMES} WHERE s.kind = 'contribution') named
"""  # noqa: S608 -- names of this file


def _hold_back_contributions(cursor: Any) -> None:
    """Take out of `pay` the contributions that may not stand yet, and note those that may.

    The noted rows are numbers without anything else: they outlive the account of whoever
    contributed, because the next snapshot must still know that somebody has left.
    """
    cursor.execute(_CONTRIBUTED)
    present: dict[str, list[Contribution]] = defaultdict(list)
    component_of: dict[str, str] = {}
    for key, component, row, employer in cursor.fetchall():
        present[key].append(Contribution(row, employer or f"unknown {row}"))
        component_of[key] = component
    shown: dict[str, set[int]] = defaultdict(set)
    for key, row in ContributionRelease.objects.values_list("atom", "observation_number"):
        shown[key].add(row)
    held: list[tuple[str, int]] = []
    for key, rows in present.items():
        released = releasable(rows, released=frozenset(shown[key]))
        held += [(component_of[key], each.row) for each in rows if each.row not in released]
        if released and released != shown[key]:
            ContributionRelease.objects.filter(atom=key).delete()
            ContributionRelease.objects.bulk_create(
                ContributionRelease(atom=key, observation_number=row) for row in sorted(released)
            )
    cursor.execute(
        "DELETE FROM pay USING unnest(%s::text[], %s::bigint[]) AS held (component, id)"
        " WHERE (pay.component, pay.id) = (held.component, held.id)",
        [[component for component, _ in held], [row for _, row in held]],
    )


def _todays_cells(cursor: Any) -> dict[str, CellRow]:
    """Return the cells of today that may be shown, by key, with what models need of them."""
    names = ("basis", "component", *_DIMENSIONS[:-2])
    cursor.execute(
        f"""SELECT key, {", ".join(names)}, of_group, of_region, step, n, {", ".join(_NAMES)},
                   log_mean, log_variance, oldest_date, newest_date, mix
            FROM cell WHERE year IS NULL AND stage IS NULL AND experience IS NOT NULL AND {_MIDDLE}
            ORDER BY key"""  # noqa: S608 -- names of this file
    )
    fields = [column.name for column in cursor.description]
    return {row[0]: dict(zip(fields, row, strict=True)) for row in cursor.fetchall()}


def _typical_errors(cells: Mapping[str, CellRow]) -> list[tuple[str, str, int, float]]:
    """Return (basis, component, step, error): how far every step typically is from the cell.

    Checked on cells of `CHECKED_N` figures or more: those that know the work arrangement against
    the same job without it, and the same job against every wider step of more than twice its size.
    """
    near: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    far: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for cell in cells.values():
        if cell["step"] > 1 or cell["n"] < CHECKED_N:
            continue
        basis, component = cell["basis"], cell["component"]
        for number, step in chain_of(_job_of(cell)):
            if (number == 1) is (cell["step"] == 0) and number > 0:
                wide = cells.get(Cell.of(_job_of(cell), step, basis=basis, component=component).key)
                if wide is not None and wide["n"] > 2 * cell["n"]:
                    near[basis, component, number].append(cell["p50"])
                    far[basis, component, number].append(wide["p50"])
    return [
        (*where, error)
        for where in near
        if (error := typical_error(near[where], far[where])) is not None
    ]


def _write_models(cursor: Any, cells: Mapping[str, CellRow], snapshot: BenchmarkSnapshot) -> None:
    """Write a modelled cell beside every thin one that has a well-filled parent."""
    pairs = defaultdict(list)
    for cell in cells.values():
        parent = _parent(cell, cells)
        if parent is not None:
            pairs[cell["basis"], cell["component"], cell["step"]].append((cell, parent))
    families = dict(RoleFamily.objects.values_list("key", "pk"))
    sources = {str(pk): key for pk, key in Source.objects.values_list("pk", "key")}
    with cursor.copy(f"COPY market_benchmark ({', '.join(_MODEL_COLUMNS)}) FROM STDIN") as copy:
        for found in pairs.values():
            prior = _prior(found)
            for cell, parent in found:
                if cell["n"] < QUOTABLE_N:
                    copy.write_row(
                        (snapshot.pk, *_modelled(cell, parent, prior, families, sources))
                    )


def _job_of(cell: CellRow) -> Job:
    """Return the job whose pay a cell holds, with the group and the region that it lies in."""
    return Job(
        role_family=cell["role_family"] or "",
        role_group=cell["role_group"] or cell["of_group"] or "",
        experience=cell["experience"],
        country=cell["country"] or "",
        region=cell["region"] or cell["of_region"] or "",
        work_arrangement=cell["work_arrangement"] or "",
    )


def _parent(cell: CellRow, cells: Mapping[str, CellRow]) -> CellRow | None:
    """Return the nearest wider cell of the chain that is well filled."""
    job = _job_of(cell)
    for number, step in chain_of(job):
        if number > cell["step"]:
            key = Cell.of(job, step, basis=cell["basis"], component=cell["component"]).key
            found = cells.get(key)
            if found is not None and found["n"] >= QUOTABLE_N:
                return found
    return None


def _prior(pairs: Sequence[tuple[CellRow, CellRow]]) -> float:
    return prior_size(
        [cell["n"] for cell, _ in pairs],
        [cell["log_mean"] for cell, _ in pairs],
        [cell["log_variance"] for cell, _ in pairs],
        [parent["log_mean"] for _, parent in pairs],
    )


_MODEL_COLUMNS: Final = (
    "snapshot_id", "cell_key", "component", "basis", "role_family_id", "role_group", "experience",
    "country_code", "region", "work_arrangement", "step", "currency", "n", "oldest_date",
    "newest_date", "source_mix", "intervals", "is_modelled", *_NAMES,
)  # fmt: skip


def _modelled(
    cell: CellRow,
    parent: CellRow,
    prior: float,
    families: Mapping[str, int],
    sources: Mapping[str, str],
) -> Iterator[Any]:
    """Yield a row of a modelled cell, in the order of `_MODEL_COLUMNS` after the first."""
    shape = Percentiles(
        n=parent["n"], minimum=parent["p10"], maximum=parent["p90"],
        **{name: parent[name] for name in _NAMES},
    )  # fmt: skip
    found = pooled(_moments(cell), _moments(parent), shape, prior=prior)
    mix = {sources[pk]: n for pk, n in json.loads(cell["mix"]).items() if n}
    yield from (
        f"{cell['key']}/{MODELLED}",
        cell["component"],
        cell["basis"],
        families.get(cell["role_family"] or ""),
        cell["role_group"] or "",
        cell["experience"],
        cell["country"] or "",
        cell["region"] or "",
        cell["work_arrangement"] or "",
        cell["step"],
        "USD",
        cell["n"],
        cell["oldest_date"],
        cell["newest_date"],
        json.dumps(mix),
        "{}",
        True,
    )
    yield from (f"{figure:.4f}" for figure in found.figures)


def _moments(cell: CellRow) -> LogMoments:
    return LogMoments(n=cell["n"], mean=cell["log_mean"], variance=cell["log_variance"])
