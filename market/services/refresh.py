"""Every published percentile anew: one pass over the accepted figures, then one swap.

PostgreSQL does the work. `pay` holds one row per figure that counts, ascending. `cell` holds what
each cell of the back-off chain makes of it: one hash aggregate over all shapes of cells at once,
whose arrays are ascending because they are filled in the order of `pay`. What a few Python lines
add is small: ranks of the intervals, models for thin cells, and what contributions may be shown.
"""

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q

from accounts.models import User
from market import tasks
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
from market.models import (
    Benchmark,
    BenchmarkSnapshot,
    ContributionRelease,
    ImportBatch,
    RoleFamily,
    Source,
)
from market.selectors.planning import WHOLE_TABLES

logger = logging.getLogger(__name__)

State = BenchmarkSnapshot.State

# Part of every snapshot: a change of the arithmetic makes another number of it.
ENGINE_VERSION: Final = "1.0"
MOST_ATTEMPTS: Final = 3
SILENCE: Final = dt.timedelta(minutes=10)
# So many of the newest snapshots keep their cells, whether anything rests on them or not.
KEPT_SNAPSHOTS: Final = 30
UNHEARD: Final = dt.timedelta(seconds=30)
# A cell of fewer figures is not kept: one more or less would move its median at will.
LEAST_N: Final = 5
# From this on percentiles are quoted as measured.
QUOTABLE_N: Final = 20
# Thin cells get a model beside them from this on.
LEAST_MODELLED_N: Final = 3
# Today's cells hold the newest year of their basis and so many before it.
YEARS_BEFORE: Final = 1
# The error of a step is checked on cells of so many figures.
CHECKED_N: Final = 30

_NAMES: Final = tuple(f"p{round(100 * fraction)}" for fraction in FRACTIONS)


# --- asking for it -----------------------------------------------------------------------------


@transaction.atomic
def request_refresh(
    *,
    reason: str,
    as_of: dt.datetime,
    batch: ImportBatch | None = None,
    requested_by: User | None = None,
) -> BenchmarkSnapshot:
    """Make sure that a refresh is waiting which will see everything committed by now.

    One that waits already will; then there is nothing to add, but that a nightly one takes over the
    reason: what somebody changed is announced even where no cell shows it.
    """
    waiting = BenchmarkSnapshot.objects.select_for_update().filter(state=State.QUEUED).first()
    if waiting is None:
        waiting, _ = BenchmarkSnapshot.objects.get_or_create(
            state=State.QUEUED,
            defaults={
                "reason": reason,
                "batch": batch,
                "requested_by": requested_by,
                "queued_at": as_of,
            },
        )
    elif waiting.reason == BenchmarkSnapshot.Reason.NIGHTLY:
        waiting.reason, waiting.batch, waiting.requested_by = reason, batch, requested_by
        waiting.save(update_fields=["reason", "batch", "requested_by"])
    tasks.run_refresh.delay_on_commit(snapshot_id=waiting.pk)
    return waiting


def refresh_benchmarks(
    *,
    reason: str,
    clock: Callable[[], dt.datetime],
    batch: ImportBatch | None = None,
    requested_by: User | None = None,
) -> BenchmarkSnapshot:
    """Refresh here and now, as commands do, and return the finished snapshot."""
    snapshot = request_refresh(reason=reason, as_of=clock(), batch=batch, requested_by=requested_by)
    run_refresh(snapshot_id=snapshot.pk, clock=clock)
    snapshot.refresh_from_db()
    return snapshot


def request_nightly_refresh(*, as_of: dt.datetime) -> BenchmarkSnapshot:
    """Ask for the snapshot of the night."""
    return request_refresh(reason=BenchmarkSnapshot.Reason.NIGHTLY, as_of=as_of)


# --- doing it ----------------------------------------------------------------------------------


def run_refresh(*, snapshot_id: int, clock: Callable[[], dt.datetime]) -> bool:
    """Compute a queued snapshot and return whether this call finished it.

    The row is claimed by compare-and-set, and every later step repeats the claim. A killed worker
    leaves a transaction that never happened and a row that falls silent.
    """
    now = clock()
    if not BenchmarkSnapshot.objects.filter(pk=snapshot_id, state=State.QUEUED).update(
        state=State.RUNNING,
        engine_version=ENGINE_VERSION,
        started_at=now,
        heartbeat_at=now,
        progress=0,
        attempts=F("attempts") + 1,
        last_error="",
    ):
        return False
    snapshot = BenchmarkSnapshot.objects.get(pk=snapshot_id)
    claim = BenchmarkSnapshot.objects.filter(
        pk=snapshot_id, state=State.RUNNING, attempts=snapshot.attempts
    )
    try:
        with transaction.atomic():
            found = _compute(snapshot)
        if not claim.update(progress=70, heartbeat_at=clock(), **found):
            return False
        is_finished = _finish(snapshot, claim, clock())
    except OperationalError:
        # The database went away. The row goes back if it can; else the beat job finds it silent.
        _give_back(claim)
        raise
    except Exception:
        logger.exception("snapshot %s failed", snapshot_id)
        claim.update(
            state=State.FAILED,
            last_error="The benchmarks could not be computed.",
            finished_at=clock(),
        )
        return False
    if is_finished:
        _drop_old_cells()
    return is_finished


def requeue_lost_refreshes(*, as_of: dt.datetime) -> int:
    """Wake workers for refreshes that are owed and silent; return how many."""
    silent = BenchmarkSnapshot.objects.filter(state=State.RUNNING, heartbeat_at__lt=as_of - SILENCE)
    hopeless = Q(attempts__gte=MOST_ATTEMPTS)
    if BenchmarkSnapshot.objects.filter(state=State.QUEUED).exists():
        hopeless = Q()  # the one that waits does the same work
    silent.filter(hopeless).update(
        state=State.FAILED, finished_at=as_of, last_error="The refresh was interrupted."
    )
    for pk in silent.order_by("-pk").values_list("pk", flat=True)[:1]:
        silent.filter(pk=pk).update(state=State.QUEUED, queued_at=as_of)
    owed = list(
        BenchmarkSnapshot.objects.filter(state=State.QUEUED)
        .filter(Q(queued_at=as_of) | Q(queued_at__lt=as_of - UNHEARD))
        .values_list("pk", flat=True)
    )
    for pk in owed:
        tasks.run_refresh.delay(snapshot_id=pk)
    return len(owed)


@transaction.atomic
def _finish(snapshot: BenchmarkSnapshot, claim: Any, now: dt.datetime) -> bool:
    """Compare with the snapshot in force and take its place, in one step that readers see whole.

    A night that changed nothing leaves the one in force where it is, and a row without cells as
    the record that it ran.
    """
    snapshot.refresh_from_db()
    current = BenchmarkSnapshot.objects.select_for_update().filter(is_current=True).first()
    is_same = (
        current is not None
        and snapshot.reason == BenchmarkSnapshot.Reason.NIGHTLY
        and (snapshot.checksum, snapshot.engine_version)
        == (current.checksum, current.engine_version)
    )
    is_newer = not is_same and (current is None or current.pk < snapshot.pk)
    values: dict[str, Any] = {
        "state": State.DONE,
        "progress": 100,
        "finished_at": now,
        "heartbeat_at": now,
        "previous": current,
        "has_cells": not is_same,
        "n_changed": 0 if is_same else _count_changed(snapshot, current),
    }
    if is_newer and current is not None:
        BenchmarkSnapshot.objects.filter(pk=current.pk).update(is_current=False)
    if not claim.update(**values, is_current=is_newer):
        transaction.set_rollback(True)
        return False
    if is_same:
        Benchmark.objects.filter(snapshot=snapshot).delete()
    if is_newer:
        tasks.announce_snapshot.delay_on_commit()
    return True


@transaction.atomic
def _drop_old_cells() -> None:
    """Drop the cells of old snapshots that nothing rests on; their rows and checksums stay.

    The shipped one stays whole: every computation takes from it what no file replaced.
    """
    with_cells = BenchmarkSnapshot.objects.filter(state=State.DONE, has_cells=True)
    newest = with_cells.order_by("-pk").values("pk")[:KEPT_SNAPSHOTS]
    old = list(
        with_cells.filter(is_current=False)
        .exclude(reason=BenchmarkSnapshot.Reason.SHIPPED)
        .exclude(pk__in=newest)
        .unreferenced()
        .select_for_update()
        .values_list("pk", flat=True)
    )
    Benchmark.objects.filter(snapshot__in=old).delete()
    BenchmarkSnapshot.objects.filter(pk__in=old).update(has_cells=False)


def _count_changed(snapshot: BenchmarkSnapshot, current: BenchmarkSnapshot | None) -> int:
    if current is None:
        return Benchmark.objects.filter(snapshot=snapshot).count()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM
              (SELECT * FROM market_benchmark WHERE snapshot_id = %s) a
              FULL JOIN (SELECT * FROM market_benchmark WHERE snapshot_id = %s) b USING (cell_key)
            WHERE (a.n, a.p10, a.p25, a.p50, a.p75, a.p90)
              IS DISTINCT FROM (b.n, b.p10, b.p25, b.p50, b.p75, b.p90)
            """,
            [snapshot.pk, current.pk],
        )
        return int(cursor.fetchone()[0])


# --- the pass ----------------------------------------------------------------------------------

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

_PAY: Final = """
CREATE TEMP TABLE pay ON COMMIT DROP AS
SELECT o.id, o.basis, c.component, CASE WHEN f.is_generic THEN NULL ELSE f.key END AS role_family,
       CASE WHEN f.is_generic THEN NULL ELSE f."group" END AS role_group, o.experience,
       nullif(o.country_code, '') AS country, nullif(o.region, '') AS region,
       nullif(o.work_arrangement, '') AS work_arrangement, g.key AS stage,
       extract(year FROM o.observed_date)::int AS year, o.observed_date, o.source_id,
       nullif(o.employer_key, '') AS employer, s.kind = 'contribution' AS is_contributed,
       c.usd::float8 AS usd
FROM market_observation o
JOIN market_importbatch b ON b.id = o.batch_id AND b.state = 'published'
JOIN market_source s ON s.id = o.source_id
LEFT JOIN market_rolefamily f ON f.id = o.role_family_id
LEFT JOIN market_companystage g ON g.id = o.stage_id
CROSS JOIN LATERAL (VALUES ('base', o.benchmark_usd), ('bonus', o.bonus_usd),
                           ('equity', o.equity_usd), ('total', o.total_usd)) c (component, usd)
WHERE o.replaced_by_id IS NULL AND o.state = 'accepted' AND o.experience <> '' AND c.usd > 0
ORDER BY usd
"""


def _compute(snapshot: BenchmarkSnapshot) -> dict[str, Any]:
    """Write the cells of the snapshot and return what its row says of them."""
    Benchmark.objects.filter(snapshot=snapshot).delete()
    with connection.cursor() as cursor:
        # One process that hashes, with room for it: the order of `pay` reaches every array.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL work_mem = '512MB'")
        cursor.execute("SET LOCAL jit = off")
        # What follows joins thousands of cells that have no statistics yet.
        cursor.execute(WHOLE_TABLES)
        cursor.execute(_PAY)
        _hold_back_contributions(cursor)
        n_observations, sources = _count(cursor)
        first_year = _first_year_sql(cursor)
        _load_ranks(cursor)
        cursor.execute(_cells_sql(sources, first_year))
        cursor.execute("SELECT count(*) FROM cell WHERE NOT is_ascending")
        if cursor.fetchone()[0]:
            # Beyond the room for hashing PostgreSQL sorts by cell, and loses the order of `pay`.
            # Every array is then sorted on its own: slower, and just as exact.
            cursor.execute("DROP TABLE cell")
            cursor.execute("SET LOCAL enable_sort = on")
            cursor.execute(_cells_sql(sources, first_year, order="ORDER BY usd"))
        cursor.execute(_count_employers_sql(first_year))
        cells = _todays_cells(cursor)
        cursor.execute(_ERRORS_TABLE)
        with cursor.copy("COPY step_error FROM STDIN") as copy:
            for row in _typical_errors(cells):
                copy.write_row(row)
        cursor.execute(_write_sql(), [snapshot.pk, LEAST_N])
        _write_models(cells, snapshot)
        cursor.execute(_KEEP_SHIPPED, {"snapshot": snapshot.pk})
        cursor.execute(_CHECKSUM, [snapshot.pk])
        n_cells, checksum = cursor.fetchone()
        cursor.execute("DROP TABLE pay, cell, interval_rank, released, step_error")
    return {"n_observations": n_observations, "n_cells": n_cells, "checksum": checksum}


def _count(cursor: Any) -> tuple[int, list[int]]:
    """Return how many observations count, and the sources they come from."""
    cursor.execute("SELECT component, source_id, count(*) FROM pay GROUP BY component, source_id")
    rows = cursor.fetchall()
    sources = sorted({source for _, source, _ in rows})
    if {component for component, _, _ in rows} <= {"base"}:
        return sum(n for _, _, n in rows), sources
    cursor.execute("SELECT count(DISTINCT id) FROM pay")
    return cursor.fetchone()[0], sources


def _grouping(shapes: Sequence[Shape], *extra: str) -> str:
    sets = (", ".join(("basis", "component", *keys, *extra)) for _, keys in shapes)
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


def _key_sql(alias: str = "") -> str:
    parts = ", ".join(f"coalesce({alias}{name}::text, '')" for name in _DIMENSIONS)
    return f"concat_ws('/', {alias}basis, {alias}component, {parts})"


def _cells_sql(sources: Sequence[int], first_year: str, *, order: str = "") -> str:
    """Return the statement that makes `cell`: percentiles, interval ends, moments, dates, mix.

    Without an `order` of its own an array is filled in the order of `pay`, which is ascending.
    """
    mix = ", ".join(
        f"'{pk}', count(*) FILTER (WHERE source_id = {pk})" for pk in sorted(map(int, sources))
    )

    def grouped(shapes: Sequence[Shape], pay: str) -> str:
        return f"""
        SELECT basis, component, {_facts(shapes)}, {_step_of(shapes)} AS step,
               count(*)::int AS n, array_agg(usd {order}) AS usd, min(usd) AS first, max(usd) AS last,
               avg(ln(usd)) AS log_mean, coalesce(var_samp(ln(usd)), 0) AS log_variance,
               min(role_group) AS of_group, min(region) AS of_region,
               min(observed_date) AS oldest_date, max(observed_date) AS newest_date,
               bool_or(is_contributed) AS has_contributions, jsonb_build_object({mix}) AS mix
        FROM {pay} pay GROUP BY {_grouping(shapes)} HAVING {_whole(shapes)}
          AND count(*) >= {LEAST_MODELLED_N}
        """  # noqa: S608 -- names of this file and whole numbers

    columns = ", ".join(name for name in _DIMENSIONS if name != "year")
    recent = f"""(SELECT basis, component, {columns}, usd, observed_date, source_id,
        is_contributed FROM pay WHERE year >= {first_year})"""  # noqa: S608 -- as above
    percentiles = ", ".join(
        f"g.usd[1 + floor({f} * (g.n - 1))::int] + ({f} * (g.n - 1) - floor({f} * (g.n - 1)))"
        f" * (g.usd[1 + ceil({f} * (g.n - 1))::int] - g.usd[1 + floor({f} * (g.n - 1))::int]) AS {name}"
        for f, name in _fractions()
    )
    ends = ", ".join(
        f"g.usd[{_rank(f, place, is_high=False)}] AS {name}_low,"
        f" g.usd[{_rank(f, place, is_high=True)}] AS {name}_high"
        for place, (f, name) in enumerate(_fractions())
    )
    facts = ", ".join(f"g.{name}" for name in ("basis", "component", *_DIMENSIONS))
    return f"""
    CREATE TEMP TABLE cell ON COMMIT DROP AS
    SELECT {facts}, {_key_sql("g.")} AS key, g.step, g.n, {percentiles}, {ends},
           g.usd[1] = g.first AND g.usd[g.n] = g.last AS is_ascending, g.of_group, g.of_region,
           g.log_mean, g.log_variance, g.oldest_date, g.newest_date, g.has_contributions, g.mix,
           NULL::int AS n_employers, NULL::int AS largest_n
    FROM ({grouped(_SHAPES, recent)} UNION ALL {grouped(_PAST_SHAPES, "pay")}) g
    LEFT JOIN interval_rank r ON r.n = g.n
    """  # noqa: S608 -- as above


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


def _load_ranks(cursor: Any) -> None:
    """Make `interval_rank`: for each n the ranks of the ends, low and high, of five intervals."""
    cursor.execute("CREATE TEMP TABLE interval_rank (n int, ranks int[]) ON COMMIT DROP")
    with cursor.copy("COPY interval_rank (n, ranks) FROM STDIN") as copy:
        for n in range(1, EXACT_N + 1):
            ends: list[str] = []
            for fraction in FRACTIONS:
                ranks = interval_ranks(n, fraction)
                ends += ["NULL", "NULL"] if ranks is None else [str(ranks.low), str(ranks.high)]
            copy.write_row((n, "{" + ",".join(ends) + "}"))


def _first_year_sql(cursor: Any) -> str:
    """Return the expression for the first year that counts today, by basis and component."""
    cursor.execute("SELECT basis, component, max(year) FROM pay GROUP BY 1, 2 ORDER BY 1, 2")
    cases = [
        f"WHEN basis = '{basis}' AND component = '{component}' THEN {int(year) - YEARS_BEFORE}"
        for basis, component, year in cursor.fetchall()
    ]
    return f"CASE {' '.join(cases)} END" if cases else "0"


def _count_employers_sql(first_year: str) -> str:
    """Return the statement that counts employers, and figures of the largest, where named."""

    def grouped(shapes: Sequence[Shape], where: str) -> str:
        return f"""
        SELECT basis, component, {_facts(shapes)}, employer, count(*) AS n
        FROM pay WHERE employer IS NOT NULL {where}
        GROUP BY {_grouping(shapes, "employer")} HAVING {_whole(shapes)}
        """  # noqa: S608 -- names of this file and whole numbers

    return f"""
    UPDATE cell SET n_employers = e.n_employers, largest_n = e.largest_n FROM (
      SELECT {_key_sql()} AS key, count(*) AS n_employers, max(n) AS largest_n
      FROM ({grouped(_SHAPES, f"AND year >= {first_year}")}
            UNION ALL {grouped(_PAST_SHAPES, "")}) counted
      GROUP BY 1) e
    WHERE e.key = cell.key
    """  # noqa: S608 -- as above


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
    SELECT %s, c.key, c.component, c.basis, f.id, coalesce(c.role_group, ''), c.experience,
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


# What came with the installation stands until a file of its source is published.
_KEEP_SHIPPED: Final = """
INSERT INTO market_benchmark (snapshot_id, cell_key, component, basis, role_family_id, role_group,
  experience, level_id, country_code, region, work_arrangement, stage_id, year, step, currency, n,
  n_employers, p10, p25, p50, p75, p90, intervals, typical_error, oldest_date, newest_date,
  source_mix, is_modelled)
SELECT %(snapshot)s, cell_key, component, basis, role_family_id, role_group, experience, level_id,
  country_code, region, work_arrangement, stage_id, year, step, currency, n, n_employers, p10, p25,
  p50, p75, p90, intervals, typical_error, oldest_date, newest_date, source_mix, is_modelled
FROM market_benchmark cell
WHERE snapshot_id = (SELECT id FROM market_benchmarksnapshot WHERE reason = 'shipped'
                     ORDER BY finished_at DESC, id DESC LIMIT 1)
  AND NOT EXISTS (
    SELECT FROM market_source s JOIN market_importbatch b ON b.source_id = s.id
    WHERE cell.source_mix ? s.key AND b.state = 'published')
ON CONFLICT (snapshot_id, cell_key) DO NOTHING
"""

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


def _hold_back_contributions(cursor: Any) -> None:
    """Take out of `pay` the contributions that may not stand yet, and note those that may.

    The noted rows are numbers without anything else: they outlive the account of whoever
    contributed, because the next snapshot must still know that somebody has left.
    """
    atom = _key_sql()
    cursor.execute(f"SELECT {atom}, id, employer FROM pay WHERE is_contributed")  # noqa: S608 -- names of this file
    present: dict[str, list[Contribution]] = defaultdict(list)
    for key, row, employer in cursor.fetchall():
        present[key].append(Contribution(row, employer or f"unknown {row}"))
    shown: dict[str, set[int]] = defaultdict(set)
    for key, row in ContributionRelease.objects.values_list("atom", "observation_number"):
        shown[key].add(row)
    kept: list[tuple[str, int]] = []
    for key, rows in present.items():
        released = releasable(rows, released=frozenset(shown[key]))
        kept += [(key, row) for row in sorted(released)]
        if released and released != shown[key]:
            ContributionRelease.objects.filter(atom=key).delete()
            ContributionRelease.objects.bulk_create(
                ContributionRelease(atom=key, observation_number=row) for row in sorted(released)
            )
    cursor.execute("CREATE TEMP TABLE released (atom text, row bigint) ON COMMIT DROP")
    with cursor.copy("COPY released (atom, row) FROM STDIN") as copy:
        for pair in kept:
            copy.write_row(pair)
    cursor.execute(
        f"DELETE FROM pay WHERE is_contributed AND NOT EXISTS"  # noqa: S608 -- names of this file
        f" (SELECT FROM released WHERE released.row = pay.id AND released.atom = {atom})"
    )


def _todays_cells(cursor: Any) -> dict[str, CellRow]:
    """Return the cells of today that may be shown, by key, with what models need of them."""
    names = ("basis", "component", *_DIMENSIONS[:-2])
    cursor.execute(
        f"""SELECT key, {", ".join(names)}, of_group, of_region, step, n, {", ".join(_NAMES)},
                   log_mean, log_variance, oldest_date, newest_date, mix
            FROM cell WHERE year IS NULL AND stage IS NULL AND {_MIDDLE} ORDER BY key"""  # noqa: S608 -- names of this file
    )
    fields = [column.name for column in cursor.description]
    return {row[0]: dict(zip(fields, row, strict=True)) for row in cursor.fetchall()}


def _write_models(cells: Mapping[str, CellRow], snapshot: BenchmarkSnapshot) -> None:
    """Write a modelled cell beside every thin one that has a well-filled parent."""
    pairs = defaultdict(list)
    for cell in cells.values():
        parent = _parent(cell, cells)
        if parent is not None:
            pairs[cell["basis"], cell["component"], cell["step"]].append((cell, parent))
    families = dict(RoleFamily.objects.values_list("key", "pk"))
    sources = {str(pk): key for pk, key in Source.objects.values_list("pk", "key")}
    Benchmark.objects.bulk_create(
        (
            _modelled(snapshot, cell, parent, prior, families, sources)
            for found in pairs.values()
            for prior in [_prior(found)]
            for cell, parent in found
            if cell["n"] < QUOTABLE_N
        ),
        batch_size=2000,
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


def _prior(pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> float:
    return prior_size(
        [cell["n"] for cell, _ in pairs],
        [cell["log_mean"] for cell, _ in pairs],
        [cell["log_variance"] for cell, _ in pairs],
        [parent["log_mean"] for _, parent in pairs],
    )


def _modelled(
    snapshot: BenchmarkSnapshot,
    cell: dict[str, Any],
    parent: dict[str, Any],
    prior: float,
    families: dict[str, int],
    sources: dict[str, str],
) -> Benchmark:
    shape = Percentiles(
        n=parent["n"], minimum=parent["p10"], maximum=parent["p90"],
        **{name: parent[name] for name in _NAMES},
    )  # fmt: skip
    found = pooled(_moments(cell), _moments(parent), shape, prior=prior)
    return Benchmark(
        snapshot=snapshot,
        cell_key=f"{cell['key']}/{MODELLED}",
        component=cell["component"],
        basis=cell["basis"],
        role_family_id=families.get(cell["role_family"] or ""),
        role_group=cell["role_group"] or "",
        experience=cell["experience"],
        country_code=cell["country"] or "",
        region=cell["region"] or "",
        work_arrangement=cell["work_arrangement"] or "",
        step=cell["step"],
        n=cell["n"],
        oldest_date=cell["oldest_date"],
        newest_date=cell["newest_date"],
        source_mix={sources[pk]: n for pk, n in json.loads(cell["mix"]).items() if n},
        is_modelled=True,
        **dict(zip(_NAMES, (Decimal(str(round(f, 4))) for f in found.figures), strict=True)),
    )


def _moments(cell: dict[str, Any]) -> LogMoments:
    return LogMoments(n=cell["n"], mean=cell["log_mean"], variance=cell["log_variance"])


def _give_back(claim: Any) -> None:
    try:
        claim.update(state=State.QUEUED)
    except DatabaseError:
        logger.exception("a claimed snapshot could not be given back")
