"""Doubtful rows and contributions, judged one at a time."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from config.http import AuthedRequest, render_page
from market import selectors, services
from market.forms.curation import ModerationForm, ReviewForm
from market.models import Contribution, Observation
from market.views.curation.access import curators_only


def _address(request: AuthedRequest, **changes: Any) -> str:
    """Return the queue's address with its filters kept."""
    kept = {name: request.GET.get(name, "") for name in ("source", "reason", "after")}
    query = {name: value for name, value in (kept | changes).items() if value}
    return reverse("market:curation_review") + (f"?{urlencode(query)}" if query else "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@curators_only("GET", "HEAD", "POST")
def review(request: AuthedRequest) -> HttpResponse:
    """Show the next doubtful row in its distribution, and take the judgement of it."""
    form = None
    if request.method == "POST":
        row = get_object_or_404(
            Observation.objects.select_related("source", "batch"),
            pk=_number(request.POST.get("row", "")),
        )
        form = ReviewForm(request.POST, row=row)
        if form.is_valid():
            _decide(request, row, form)
            return redirect(_address(request, after=""))
    by_source, by_reason = selectors.review_filters()
    after = _number(request.GET.get("after", ""))
    if form is not None:
        after = row.pk - 1
    doubt = selectors.next_doubt(
        source=request.GET.get("source", ""), reason=request.GET.get("reason", ""), after=after
    )
    return render_page(
        request,
        "curation/review.html",
        {
            "doubt": doubt,
            "form": form or (doubt and ReviewForm(row=doubt.row)),
            "sources": by_source,
            "reasons": by_reason,
            "source": request.GET.get("source", ""),
            "reason": request.GET.get("reason", ""),
            "skip_href": doubt and _address(request, after=doubt.row.pk),
            "start_href": _address(request, after=""),
            "action": _address(request),
        },
        status=422 if form is not None else 200,
    )


def _decide(request: AuthedRequest, row: Observation, form: ReviewForm) -> None:
    """Do what the curator pressed, to the row or to all rows like it."""
    said, decision = form.cleaned_data, request.POST.get("decision", "")
    one: QuerySet[Observation] = Observation.objects.filter(pk=row.pk)
    if decision.endswith("_all"):
        one = services.group_of(
            source=row.source,
            reasons=row.reasons,
            country_code=row.country_code,
            currency=row.currency,
        )
    try:
        match decision.removesuffix("_all"):
            case "accept":
                n = services.accept_rows(rows=one, user=request.user, why=said["why"])
                words = "accepted"
            case "reject":
                n = services.reject_rows(rows=one, user=request.user, why=said["why"])
                words = "rejected"
            case "fix":
                changes = {
                    name: said[name] for name in ("currency", "unit", "experience", "role_family")
                }
                services.fix_row(row=row, changes=changes, user=request.user, why=said["why"])
                n, words = 1, "fixed and accepted"
            case _:
                return
    except (services.RowNotDoubtful, services.NoRate) as error:
        messages.error(request, str(error) or "Somebody judged this row already.")
        return
    if not n:
        messages.info(request, "Somebody judged this row already.")
        return
    messages.success(
        request,
        f"{n:,} row{'' if n == 1 else 's'} {words}. Benchmarks follow tonight, or when you ask.",
    )


@curators_only("GET", "HEAD", "POST")
def contributions(request: AuthedRequest) -> HttpResponse:
    """Show the contribution that has waited longest, and take the decision on it."""
    form = None
    if request.method == "POST":
        given = get_object_or_404(Contribution, pk=_number(request.POST.get("row", "")))
        form = ModerationForm(request.POST)
        if form.is_valid():
            _moderate(request, given, form.cleaned_data["note"])
            return redirect("market:curation_contributions")
    waiting = selectors.offered_contributions()
    first = waiting.first()
    return render_page(
        request,
        "curation/contributions.html",
        {
            "given": first,
            "n_waiting": waiting.count(),
            "form": form or ModerationForm(),
            "placed": first and selectors.cell_of(first),
        },
        status=422 if form is not None else 200,
    )


def _moderate(request: AuthedRequest, given: Contribution, note: str) -> None:
    try:
        if request.POST.get("decision") == "decline":
            services.decline_contribution(
                contribution=given, user=request.user, as_of=timezone.now(), note=note
            )
            messages.success(request, "The contribution is declined. Its owner can read why.")
        else:
            services.publish_contribution(
                contribution=given, user=request.user, as_of=timezone.now(), note=note
            )
            messages.success(request, "The contribution counts from the next benchmarks on.")
    except services.AlreadyModerated as error:
        messages.info(request, str(error))
