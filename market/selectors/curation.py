"""What the pages of curators show, in as many queries however many rows there are."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from market.models import (
    BenchmarkSnapshot,
    Contribution,
    ImportBatch,
    Observation,
    Source,
)
from market.parsers import BadFile, generic
from market.selectors.files import StoredFile
from market.selectors.planning import WHOLE_TABLES

State = ImportBatch.State
ROWS_PER_PAGE: Final = 50
CHANGES_SHOWN: Final = 40

REASONS: Final = {
    "outlier": "Far from what is usual in its cell",
    "currency_label": "The currency label is doubtful for its country",
    "wrong_unit": "The unit of pay looks wrong",
    "out_of_range": "Too small or too large for a year's pay",
    "no_rate": "No exchange rate on record for its currency",
    "future_date": "Dated after the day its file came",
    "not_certified": "The filing was denied or withdrawn",
}


def source_rows() -> QuerySet[Source]:
    """Return every source of files with its newest published file and how many files it has."""
    published = ImportBatch.objects.published().filter(source=OuterRef("pk"))
    newest = published.order_by("-published_at", "-pk")
    waiting = ImportBatch.objects.filter(
        source=OuterRef("pk"), state__in=[State.QUEUED, State.RUNNING, State.PREVIEWED]
    )
    # What people contribute comes one by one, through moderation.
    sources = Source.objects.exclude(kind=Source.Kind.CONTRIBUTION)
    return sources.annotate(
        n_published=Count("batches", filter=Q(batches__state=State.PUBLISHED)),
        newest_at=Subquery(newest.values("published_at")[:1]),
        newest_name=Subquery(newest.values("file_name")[:1]),
        waiting_pk=Subquery(waiting.values("pk")[:1]),
        waiting_state=Subquery(waiting.values("state")[:1]),
    ).order_by("-is_active", "name", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What waits for a curator."""

    n_previewed: int
    n_flagged: int
    n_offered: int
    snapshot: BenchmarkSnapshot | None
    n_owed_snapshots: int


def bench() -> Bench:
    """Return what waits, in five queries."""
    snapshots = BenchmarkSnapshot.State
    return Bench(
        n_previewed=ImportBatch.objects.filter(state=State.PREVIEWED).count(),
        n_flagged=flagged_rows().count(),
        n_offered=Contribution.objects.awaiting_moderation().count(),
        snapshot=BenchmarkSnapshot.objects.current().first(),
        n_owed_snapshots=BenchmarkSnapshot.objects.filter(
            state__in=[snapshots.QUEUED, snapshots.RUNNING]
        ).count(),
    )


def flagged_rows() -> QuerySet[Observation]:
    """Return the rows to review: of files that are published or about to be."""
    return Observation.objects.awaiting_review().filter(
        batch__state__in=[State.PREVIEWED, State.PUBLISHED]
    )


def batches_of(source: Source, page: str | None) -> "Page[ImportBatch]":
    """Return a page of the source's files, newest first."""
    rows = (
        source.batches.select_related("uploaded_by", "published_by")
        .defer("problems", "preview", "header", "column_map")
        .order_by("-created_at", "-pk")
    )
    return Paginator(rows, ROWS_PER_PAGE).get_page(page)


def benchmark_changes(batch: ImportBatch) -> dict[str, Any]:
    """Return what publishing the batch would change: cells of role, experience and country.

    Both sides are computed from the rows themselves, over all years, so that the answer does not
    wait for a snapshot. A cell counts from 20 figures on, before or after.
    """
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.execute(_CHANGES, {"batch": batch.pk})
        names = [column.name for column in cursor.description or ()]
        cells = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    moved = [cell for cell in cells if cell["n_before"] >= 20 and cell["n_after"] >= 20]
    for cell in moved:
        cell["change"] = cell["p50_after"] / cell["p50_before"] - 1
    moved.sort(key=lambda cell: (-abs(cell["change"]), cell["role"]))
    added = [cell for cell in cells if cell["n_before"] < 20 <= cell["n_after"]]
    added.sort(key=lambda cell: (-cell["n_after"], cell["role"]))
    return {
        "n_cells": len(cells),
        "n_added": len(added),
        "n_gone": sum(cell["n_after"] < 20 for cell in cells),
        "n_moved": sum(abs(cell["change"]) >= 0.0005 for cell in moved),
        "moved": [cell for cell in moved if abs(cell["change"]) >= 0.0005][:CHANGES_SHOWN],
        "added": added[:CHANGES_SHOWN],
    }


_CHANGES: Final = """
WITH touched AS (
    SELECT DISTINCT role_family_id, experience, country_code
    FROM market_observation WHERE batch_id = %(batch)s
), replacing AS (
    SELECT source_id, case_number FROM market_observation
    WHERE batch_id = %(batch)s AND case_number <> ''
), pay AS (
    SELECT o.role_family_id, o.experience, o.country_code, o.basis,
           o.benchmark_usd::float8 AS usd,
           o.batch_id <> %(batch)s AS was,
           o.batch_id = %(batch)s OR r.case_number IS NULL AS will_be
    FROM market_observation o
    JOIN market_importbatch b ON b.id = o.batch_id
        AND (b.state = 'published' OR b.id = %(batch)s)
    JOIN touched t ON t.role_family_id = o.role_family_id AND t.experience = o.experience
        AND t.country_code = o.country_code
    LEFT JOIN replacing r ON r.source_id = o.source_id AND r.case_number = o.case_number
    WHERE o.state = 'accepted' AND o.replaced_by_id IS NULL AND o.benchmark_usd IS NOT NULL
), cell AS (
    SELECT role_family_id, experience, country_code, basis,
           count(*) FILTER (WHERE was) AS n_before,
           count(*) FILTER (WHERE will_be) AS n_after,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY usd) FILTER (WHERE was) AS p50_before,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY usd) FILTER (WHERE will_be) AS p50_after
    FROM pay GROUP BY 1, 2, 3, 4
)
SELECT f.label AS role, c.experience, c.country_code, c.basis, c.n_before, c.n_after,
       c.p50_before, c.p50_after
FROM cell c JOIN market_rolefamily f ON f.id = c.role_family_id AND NOT f.is_generic
WHERE greatest(c.n_before, c.n_after) >= 20
"""


def header_of(batch: ImportBatch) -> list[str]:
    """Return the column names of the batch's CSV; none where it has none to speak of."""
    try:
        return generic.header_of(StoredFile(batch))  # type: ignore[arg-type]  # as in services
    except BadFile:
        return []


def samples_of(batch: ImportBatch, page: str | None, state: str = "") -> "Page[Observation]":
    """Return a page of the batch's rows, in the order of the file."""
    rows = batch.observations.select_related("role_family", "title_rule").order_by("line", "pk")
    if state in Observation.State.values:
        rows = rows.filter(state=state)
    return Paginator(rows, ROWS_PER_PAGE).get_page(page)
