"""An import and a full refresh, against a plain COPY and one grouping of the same rows.

Everything runs in a scratch database of the same PostgreSQL, which is dropped at the end. The rows
are the shared AI salaries where they lie beside the project, else as many made-up ones.
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

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if not os.environ.get("DATABASE_URL"):
    os.environ.setdefault("REDIS_URL", "memory://")  # only PostgreSQL, please
    embedded.ensure_running()
django.setup()

from django.conf import settings  # noqa: E402 -- Django is ready only now
from django.db import connection  # noqa: E402 -- as above
from django.utils import timezone  # noqa: E402 -- as above

from benchmarks import report  # noqa: E402 -- as above
from config import embedded  # noqa: E402 -- as above
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
    if settings.IS_LOCAL:
        embedded.ensure_running()
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
