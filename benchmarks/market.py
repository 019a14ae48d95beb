<<<<<<< HEAD
"""An import and a full refresh, against a plain COPY and one grouping of the same rows.

Everything runs in a scratch database of the same PostgreSQL, which is dropped at the end. The rows
are the shared AI salaries where they lie beside the project, else as many made-up ones.
=======
"""How long an import and a full refresh take, against what PostgreSQL itself needs for the rows.

The import is compared with a plain COPY of the very same rows, once as the file has them (eleven
columns, no index) and once as the market keeps them. The refresh is compared with one
`percentile_cont` grouping of the rows. Then all of it again with a million made-up rows.
>>>>>>> 363a9d3 (market: measure the import and the refresh, and make the refresh leaner)
"""

import gzip
import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import django
<<<<<<< HEAD

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 -- Django is ready only now
from django.utils import timezone  # noqa: E402 -- as above

from benchmarks import report  # noqa: E402 -- as above
from market import services  # noqa: E402 -- as above
from market.models import Source  # noqa: E402 -- as above
from market.parsers.salaries import HEADER  # noqa: E402 -- as above

SHARED: Final = Path(__file__).resolve().parents[2] / "shared/data/ai_jobs_salaries/salaries.csv.gz"
N_ROWS: Final = 92_100
N_MANY: Final = 1_000_000
_TITLES: Final = (
    "Data Analyst",
    "Data Engineer",
    "Data Scientist",
    "Machine Learning Engineer",
    "Research Scientist",
    "AI Engineer",
    "Software Engineer",
    "Analytics Engineer",
)
_PLACES: Final = ("US", "US", "US", "US", "US", "US", "GB", "CA", "DE", "AU")
_LEVELS: Final = ("EN", "MI", "SE", "SE", "EX")


def synthetic(n_rows: int) -> bytes:
    """Return a salary file of ranges, two rows each, spread over roles, levels and places."""
    rows = [",".join(HEADER)]
    for n in range(n_rows // 2):
        mixed = n * 2_654_435_761 % 4_294_967_296
        top = 80_000 + mixed % 160_000
        title, place = _TITLES[mixed // 7 % 8], _PLACES[mixed // 11 % 10]
        level, year = _LEVELS[mixed // 13 % 5], 2024 + mixed // 17 % 2
        remote = (0, 100)[mixed // 19 % 2]
        rows += [
            f"{year},{level},FT,{title},{pay},USD,{pay},{place},{remote},{place},M"
            for pay in (top, top * 2 // 3)
        ]
    return gzip.compress("\n".join(rows).encode(), 1)


@contextmanager
def scratch_database() -> Iterator[None]:
    """Lend a database with the reference data in it."""
    old_name = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"bench_parley_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        services.load_reference()
        yield
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run_import(content: bytes) -> None:
    batch = services.request_import(
        source=Source.objects.get(key="aijobs"),
        file=io.BytesIO(content),
        name="salaries.csv.gz",
        as_of=timezone.now(),
        wakes_a_worker=False,
    )
    if not services.run_import(batch_id=batch.pk, clock=timezone.now):
        raise RuntimeError("the import did not finish")
    batch.refresh_from_db()
    services.publish_import(batch=batch, as_of=timezone.now())


def plain_copy() -> float:
    """Time a COPY of the imported rows, as they stand, into a table without an index."""
    text = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (LIKE market_observation)")
        with cursor.copy("COPY market_observation TO STDOUT") as copy:
            for piece in copy:
                text.write(piece)
        text.seek(0)
        start = time.perf_counter()
        with cursor.copy("COPY plain FROM STDIN") as copy:
            while piece := text.read(1 << 20):
                copy.write(piece)
        took = time.perf_counter() - start
        cursor.execute("DROP TABLE plain")
    return took


def one_grouping() -> float:
    """Time one grouping of the same rows by role, level and country, with five percentiles."""

    def group() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT role_family_id, experience, country_code, count(*),"
                " percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9])"
                " WITHIN GROUP (ORDER BY benchmark_usd::float8)"
                " FROM market_observation WHERE state = 'accepted' GROUP BY 1, 2, 3"
            )
            cursor.fetchall()

    return min(timed(group) for _ in range(3))


def measure(content: bytes, n_rows: int) -> tuple[float, float]:
    """Print the ratios for one file, and return the times of its import and refresh."""
    with scratch_database():
        importing = timed(lambda: run_import(content))
        copying = plain_copy()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE market_observation")
        grouping = one_grouping()
        refreshing = timed(lambda: services.refresh_benchmarks(reason="asked", clock=timezone.now))
    report(
        f"market: import of {n_rows:,} rows (aim: at most 6 times the COPY)",
        [("plain COPY", copying, 1.0), ("import and publish", importing, importing / copying)],
        unit="the COPY",
    )
    report(
        f"market: full refresh over {n_rows:,} rows (aim: at most 4 times the grouping)",
        [("one grouping", grouping, 1.0), ("refresh", refreshing, refreshing / grouping)],
        unit="the grouping",
    )
    return importing, refreshing


def main() -> None:
    """Measure the shared rows, then a million made-up ones, and how time grew with rows."""
    real = SHARED.read_bytes() if SHARED.exists() else synthetic(N_ROWS)
    few = measure(real, N_ROWS)
    many = measure(synthetic(N_MANY), N_MANY)
    growth = N_MANY / N_ROWS
    for name, before, after in zip(("import", "refresh"), few, many, strict=True):
        print(f"{name}: {growth:.1f} times the rows took {after / before:.1f} times as long")


if __name__ == "__main__":
    main()
=======
import numpy as np

from benchmarks import report

ROWS: Final = 92_100
MANY: Final = 1_000_000
REAL: Final = Path(__file__).parents[2] / "shared" / "data" / "ai_jobs_salaries" / "salaries.csv.gz"
HEADER: Final = (
    "work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
    "employee_residence,remote_ratio,company_location,company_size"
)
TITLES: Final = (
    "Data Scientist", "Data Engineer", "Machine Learning Engineer", "Research Scientist",
    "AI Engineer", "Software Engineer", "Data Analyst", "Applied Scientist", "Research Engineer",
    "Analytics Engineer", "MLOps Engineer", "Data Architect", "Engineer", "Manager",
)  # fmt: skip
GROUPING: Final = """
SELECT role_family_id, experience, country_code,
       percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY base_usd::float8)
FROM market_observation GROUP BY 1, 2, 3
"""


def main() -> None:
    """Measure the real rows, or as many made-up ones where they are not here; then a million."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sizes = [int(n) for n in os.environ.get("PARLEY_BENCH_ROWS", f"{ROWS},{MANY}").split(",")]
    seconds = {}
    for n_rows in sizes:
        is_real = n_rows == ROWS and REAL.is_file()
        content = gzip.decompress(REAL.read_bytes()) if is_real else made_up(n_rows)
        with _database():
            seconds[n_rows] = _measure(content, n_rows, "real" if is_real else "made-up")
    if len(sizes) > 1:
        few, many = sizes[0], sizes[-1]
        print(f"  growth from {few:,} to {many:,} rows, which are {many / few:.1f} times as many:")
        for what in ("import", "refresh"):
            print(f"    {what} takes {seconds[many][what] / seconds[few][what]:.1f} times as long")


def made_up(n_rows: int) -> bytes:
    """Return a salary file of pairs, as advertised ranges come, with titles as they are spread."""
    rng = np.random.default_rng(1)
    n = n_rows // 2
    weights = 1.0 / np.arange(1, len(TITLES) + 1)
    titles = rng.choice(TITLES, n, p=weights / weights.sum())
    levels = rng.choice(["EN", "MI", "SE", "EX"], n, p=[0.1, 0.3, 0.57, 0.03])
    places = rng.choice(
        ["US", "CA", "GB", "DE", "FR", "NL", "AU"], n, p=[0.9, 0.04, 0.03, 0.01, 0.01, 0.005, 0.005]
    )
    remotes = rng.choice([0, 100], n, p=[0.8, 0.2])
    years = rng.choice([2023, 2024, 2025], n, p=[0.1, 0.45, 0.45])
    low = np.clip(np.round(rng.lognormal(11.7, 0.4, n), -2), 20_000, 500_000).astype(int)
    lines = [HEADER]
    for year, level, title, place, remote, bottom in zip(
        years, levels, titles, places, remotes, low, strict=True
    ):
        lines.extend(
            f"{year},{level},FT,{title},{amount},USD,{amount},{place},{remote},{place},M"
            for amount in (int(bottom * 1.48), bottom)
        )
    return ("\r\n".join(lines) + "\r\n").encode()


def _measure(content: bytes, n_rows: int, kind: str) -> dict[str, float]:
    from django.db import connection  # noqa: PLC0415 -- the settings are ready only now
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from market import services  # noqa: PLC0415 -- as above
    from market.models import BenchmarkSnapshot, Source  # noqa: PLC0415 -- as above

    services.load_reference()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE plain (a int, b text, c text, d text, e int, f text, g int, h text,"
            " i int, j text, k text)"
        )

        def copy() -> None:
            with cursor.copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as rows:
                rows.write(content)

        copying = _timed(copy)
        source = Source.objects.get(key="aijobs")
        batch = services.request_import(
            source=source, file=io.BytesIO(content), name="salaries.csv", as_of=timezone.now()
        )
        importing = _timed(lambda: services.run_import(batch_id=batch.pk, clock=timezone.now))
        batch.refresh_from_db()
        if batch.state != "previewed":
            raise SystemExit(batch.last_error)
        services.publish_import(batch=batch, as_of=timezone.now())
        cursor.execute("CREATE TABLE kept (LIKE market_observation INCLUDING ALL)")
        with cursor.copy("COPY market_observation TO STDOUT (FORMAT binary)") as rows:
            kept = b"".join(bytes(piece) for piece in rows)

        def copy_kept() -> None:
            with cursor.copy("COPY kept FROM STDIN (FORMAT binary)") as rows:
                rows.write(kept)

        copying_kept = _timed(copy_kept)
        cursor.execute("ANALYZE market_observation")
        grouping = min(_timed(lambda: cursor.execute(GROUPING)) for _ in range(3))
    owed = BenchmarkSnapshot.objects.filter(state="queued").get()
    refreshing = _timed(lambda: services.run_refresh(snapshot_id=owed.pk, clock=timezone.now))
    again = services.request_refresh(reason="asked", as_of=timezone.now())
    refreshing = min(
        refreshing,
        _timed(lambda: services.run_refresh(snapshot_id=again.pk, clock=timezone.now)),
    )
    cells = BenchmarkSnapshot.objects.current().get().n_cells
    report(
        f"market: {n_rows:,} {kind} rows imported (aim: at most 6 x the COPY)",
        [
            ("COPY of the file, 11 columns", copying, copying / copying_kept),
            ("COPY of the rows as they are kept", copying_kept, 1.0),
            ("import: read, map, judge, keep", importing, importing / copying_kept),
        ],
        unit="COPY",
    )
    report(
        f"market: {n_rows:,} {kind} rows into {cells:,} cells (aim: at most 4 x the grouping)",
        [
            ("one percentile_cont grouping", grouping, 1.0),
            ("full refresh: every step, intervals, models", refreshing, refreshing / grouping),
        ],
        unit="grouping",
    )
    return {"import": importing, "refresh": refreshing}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def _database() -> Iterator[None]:
    """Lend a database of its own on the server that the settings name."""
    from django.conf import settings  # noqa: PLC0415 -- the settings are ready only now
    from django.db import connection  # noqa: PLC0415 -- as above

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"bench_market_{os.getpid()}"
    settings.CELERY_BROKER_URL = "memory://"
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
>>>>>>> 363a9d3 (market: measure the import and the refresh, and make the refresh leaner)
