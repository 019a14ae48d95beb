"""What publishing a file would change: it is published, computed, compared, and taken back.

All of it happens in a savepoint that is never kept, so the answer is that of the next snapshot, by
whatever rules one is made.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction

from market.models import Basis, Benchmark, BenchmarkSnapshot, Experience, ImportBatch
from market.selectors.benchmarks import country_name
from market.services.cells import QUOTABLE_N, write_cells
from market.services.staging import stand_for_older_filings

SHOWN: Final = 40
# A median that moves less than this is said to stay.
LEAST_MOVE: Final = 0.0005
# What moves more than this, or falls away, is worth a second look before publishing.
LARGE_MOVE: Final = 0.15


def changes_if_published(batch: ImportBatch, *, as_of: dt.datetime) -> dict[str, Any]:
    """Return how the benchmarks in force would change, by role, level and country.

    Cells count from 20 figures on, before or after. Lists hold the first 40: those that fall away
    by the figures they had, those that move by how far, those that come by their figures.
    """
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=ImportBatch.State.PUBLISHED, published_at=as_of
        )
        stand_for_older_filings(batch)
        scratch = BenchmarkSnapshot.objects.create(
            state=BenchmarkSnapshot.State.RUNNING,
            reason=BenchmarkSnapshot.Reason.ASKED,
            queued_at=as_of,
        )
        write_cells(scratch, until=as_of.year)
        cells = _differences(scratch)
        transaction.set_rollback(True)
    moved = [cell for cell in cells if abs(cell["change"] or 0) >= LEAST_MOVE]
    moved.sort(key=lambda cell: (-abs(cell["change"]), cell["role"]))
    gone = [cell for cell in cells if cell["n_after"] < QUOTABLE_N]
    gone.sort(key=lambda cell: (-cell["n_before"], cell["role"]))
    added = [cell for cell in cells if cell["n_before"] < QUOTABLE_N]
    added.sort(key=lambda cell: (-cell["n_after"], cell["role"]))
    return {
        "n_cells": len(cells),
        "n_gone": len(gone),
        "n_moved": len(moved),
        "n_large": sum(abs(cell["change"]) >= LARGE_MOVE for cell in moved),
        "n_added": len(added),
        "gone": gone[:SHOWN],
        "moved": moved[:SHOWN],
        "added": added[:SHOWN],
    }


def _differences(scratch: BenchmarkSnapshot) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"scratch": scratch.pk, "least": QUOTABLE_N})
        names = [column.name for column in cursor.description or ()]
        cells = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for cell in cells:
        level = Experience(cell["experience"]).label if cell["experience"] else "Any level"
        cell["level"], cell["country"] = level, country_name(cell["country_code"])
        cell["what"] = (
            f"{Benchmark.Component(cell['component']).label}: {Basis(cell['basis']).label.lower()}"
        )
        is_both = min(cell["n_before"], cell["n_after"]) >= QUOTABLE_N
        cell["change"] = cell["p50_after"] / cell["p50_before"] - 1 if is_both else None
    return cells


# The cells of one role in one country: step 1 of the chain, and step 8, where no level is named.
_DIFFERENCES: Final = """
WITH cell AS (
    SELECT b.*, b.snapshot_id = %(scratch)s AS is_after
    FROM market_benchmark b
    WHERE b.snapshot_id IN (%(scratch)s, (SELECT id FROM market_benchmarksnapshot WHERE is_current))
      AND NOT b.is_modelled AND b.year IS NULL AND b.stage_id IS NULL
      AND b.role_family_id IS NOT NULL AND b.country_code <> '' AND b.work_arrangement = ''
)
SELECT f.label AS role, c.component, c.basis, c.experience, c.country_code,
       coalesce(max(c.n) FILTER (WHERE NOT is_after), 0) AS n_before,
       coalesce(max(c.n) FILTER (WHERE is_after), 0) AS n_after,
       (max(c.p50) FILTER (WHERE NOT is_after))::float8 AS p50_before,
       (max(c.p50) FILTER (WHERE is_after))::float8 AS p50_after
FROM cell c JOIN market_rolefamily f ON f.id = c.role_family_id
GROUP BY f.label, c.component, c.basis, c.experience, c.country_code
HAVING max(c.n) >= %(least)s
"""
