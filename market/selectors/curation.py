"""What the pages of curators show, in as many queries however many rows there are."""

from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
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

State = ImportBatch.State
ROWS_PER_PAGE: Final = 50

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
