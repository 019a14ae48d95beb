"""What happened: the history, the snapshots, how the refresh is doing."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.http import AuthedRequest, render_page
from market import selectors, services
from market.models import BenchmarkSnapshot
from market.views.curation.access import curators_only


def _moment(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@curators_only("GET", "HEAD")
def history(request: AuthedRequest) -> HttpResponse:
    """Show who changed what, when and why."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(selectors.HISTORY_KINDS) else ""
    changes = selectors.history(kind=kind, before=_moment(request.GET.get("before", "")))
    return render_page(
        request,
        "curation/history.html",
        {
            "changes": changes,
            "kinds": selectors.HISTORY_KINDS,
            "kind": kind,
            "earlier": changes[-1].at.isoformat()
            if len(changes) == selectors.HISTORY_SHOWN
            else "",
        },
    )


@curators_only("GET", "HEAD")
def snapshots(request: AuthedRequest) -> HttpResponse:
    """Show how the refresh is doing, who rests on its result, and every snapshot."""
    now = timezone.now()
    followers = selectors.followers(as_of=now)
    page = Paginator(selectors.snapshots(), 30).get_page(request.GET.get("page"))
    return render_page(
        request,
        "curation/snapshots.html",
        {
            "health": selectors.refresh_health(as_of=now),
            "followers": followers,
            "n_owed": sum(each.n_owed for each in followers),
            "is_anyone_stuck": any(each.is_stuck for each in followers),
            "page_obj": page,
        },
    )


@curators_only("POST")
def refresh(request: AuthedRequest) -> HttpResponse:
    """Ask for new benchmarks now."""
    services.request_refresh(
        reason=BenchmarkSnapshot.Reason.ASKED, as_of=timezone.now(), requested_by=request.user
    )
    messages.success(request, "New benchmarks are being computed.")
    return redirect("market:curation_snapshots")


@curators_only("GET", "HEAD")
def snapshot(request: AuthedRequest, pk: int) -> HttpResponse:
    """Show how a snapshot differs from the one before."""
    rows = BenchmarkSnapshot.objects.select_related("batch__source", "previous", "requested_by")
    row = get_object_or_404(rows, pk=pk)
    is_kept = row.previous is not None and row.previous.has_cells and row.has_cells
    return render_page(
        request,
        "curation/snapshot.html",
        {"snapshot": row, "diff": selectors.snapshot_diff(row) if is_kept else None},
    )
