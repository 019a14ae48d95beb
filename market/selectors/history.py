"""Who changed what, when and why; and the snapshots of the benchmarks."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, FloatField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Abs, Cast

from accounts.models import User
from market.models import (
    Benchmark,
    BenchmarkSnapshot,
    ContributionEvent,
    ImportBatchEvent,
    LadderRungEvent,
    ObservationEvent,
    SourceEvent,
    TitleRuleEvent,
)

SHOWN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the history."""

    at: dt.datetime
    who: str
    what: str
    change: str
    why: str


# What each model calls itself, and what an event of it says.
_KINDS: Final[tuple[tuple[str, Any, str, Callable[[Any], str]], ...]] = (
    ("file", ImportBatchEvent, "Files", lambda e: f"{e.file_name}: {e.get_state_display().lower()}"),
    ("row", ObservationEvent, "Rows", lambda e: f"Row {e.pgh_obj_id}: {e.get_state_display().lower()}"),
    ("rule", TitleRuleEvent, "Title rules", lambda e: f"Rule at {e.position}: {e.pattern[:80]}"),
    ("ladder", LadderRungEvent, "Ladders", lambda e: f"Name {e.label}"),
    ("source", SourceEvent, "Sources", lambda e: f"{e.name}: {e.licence}"),
    ("contribution", ContributionEvent, "Contributions", lambda e: f"Contribution {e.pgh_obj_id}: {e.get_state_display().lower()}"),
)  # fmt: skip
KINDS: Final = tuple((key, label) for key, _, label, _ in _KINDS)


def history(*, kind: str = "", before: dt.datetime | None = None) -> list[Change]:
    """Return the newest entries, of one kind or of all, older than `before`."""
    found = []
    for key, model, label, told in _KINDS:
        if kind and kind != key:
            continue
        events = model.objects.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")
        if before is not None:
            events = events.filter(pgh_created_at__lt=before)
        found += [(event.pgh_created_at, event, label, told(event)) for event in events[:SHOWN]]
    found.sort(key=lambda entry: entry[0], reverse=True)
    found = found[:SHOWN]
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for _, event, _, _ in found]
    people = dict(
        User.objects.filter(
            pk__in={context["user"] for context in contexts if context.get("user")}
        ).values_list("pk", "email")
    )
    return [
        Change(
            at=at,
            who=people.get(context.get("user") or 0, "") or "A command or a worker",
            what=label,
            change=text,
            why=context.get("why") or "",
        )
        for (at, _, label, text), context in zip(found, contexts, strict=True)
    ]


# --- snapshots ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the refresh is doing."""

    current: BenchmarkSnapshot | None
    checked_at: dt.datetime | None
    """When they were last computed, with this result."""
    age: dt.timedelta | None
    is_old: bool
    typical_seconds: float | None
    owed: list[BenchmarkSnapshot]
    longest_wait: dt.timedelta | None
    last_failure: BenchmarkSnapshot | None
    n_reviewed_since: int


def refresh_health(*, as_of: dt.datetime) -> Health:
    """Return age, duration and queue of the refresh, in six queries."""
    states = BenchmarkSnapshot.State
    current = BenchmarkSnapshot.objects.current().first()
    done = BenchmarkSnapshot.objects.filter(state=states.DONE, started_at__isnull=False)
    durations = sorted(
        (row.finished_at - row.started_at).total_seconds()
        for row in done.order_by("-pk")[:9]
        if row.finished_at and row.started_at
    )
    owed = list(
        BenchmarkSnapshot.objects.filter(state__in=[states.QUEUED, states.RUNNING]).order_by("pk")
    )
    failures = BenchmarkSnapshot.objects.filter(state=states.FAILED)
    finished = current.finished_at if current else None
    if current is not None:
        # A night that changed nothing has left a row without cells.
        again = done.filter(previous=current, checksum=current.checksum, has_cells=False)
        last = again.aggregate(at=Max("finished_at"), pk=Max("pk"))
        finished = max(filter(None, (finished, last["at"])), default=None)
        failures = failures.filter(pk__gt=max(current.pk, last["pk"] or 0))
    reviewed = ObservationEvent.objects.all()
    if finished is not None:
        reviewed = reviewed.filter(pgh_created_at__gt=finished)
    age = as_of - finished if finished else None
    return Health(
        current=current,
        checked_at=finished,
        age=age,
        # It runs every night: past a day and a half, something is wrong.
        is_old=age is not None and age > dt.timedelta(hours=36),
        typical_seconds=durations[len(durations) // 2] if durations else None,
        owed=owed,
        longest_wait=as_of - min(row.queued_at for row in owed) if owed else None,
        last_failure=failures.order_by("-pk").first(),
        n_reviewed_since=reviewed.count(),
    )


def snapshots() -> QuerySet[BenchmarkSnapshot]:
    """Return every snapshot, newest first."""
    return BenchmarkSnapshot.objects.select_related("batch", "requested_by").order_by("-pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotDiff:
    """How a snapshot differs from the one before."""

    n_same: int
    n_added: int
    n_gone: int
    n_moved: int
    moved: list[Any]


def snapshot_diff(snapshot: BenchmarkSnapshot) -> SnapshotDiff:
    """Return the cells whose median moved, the largest moves first, in five queries."""
    before = Benchmark.objects.filter(snapshot=snapshot.previous_id, cell_key=OuterRef("cell_key"))
    cells = Benchmark.objects.filter(snapshot=snapshot, is_modelled=False).annotate(
        n_before=Subquery(before.values("n")[:1]), p50_before=Subquery(before.values("p50")[:1])
    )
    moved = cells.filter(p50_before__gt=0, p50__isnull=False).exclude(p50=F("p50_before"))
    ranked = moved.annotate(
        change=Cast(F("p50") / F("p50_before") - 1, FloatField()),
    ).annotate(size=Abs("change"))
    n_cells, n_moved = cells.count(), moved.count()
    n_added = cells.filter(n_before__isnull=True).count()
    gone = Benchmark.objects.filter(snapshot=snapshot.previous_id, is_modelled=False).exclude(
        cell_key__in=Benchmark.objects.filter(snapshot=snapshot).values("cell_key")
    )
    return SnapshotDiff(
        n_same=n_cells - n_moved - n_added,
        n_added=n_added,
        n_gone=gone.count(),
        n_moved=n_moved,
        moved=list(
            ranked.select_related("role_family", "stage").order_by("-size", "cell_key")[:SHOWN]
        ),
    )
