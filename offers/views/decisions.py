"""The decision page of a comparison, and the criteria that are no money."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, owned, render_page
from offers import selectors, services
from offers.forms.decisions import CriteriaForm, LeversForm, compared_offers
from offers.models import Comparison

PARTIAL = "decision"


@owned(Comparison.objects, "GET", "HEAD")
def decision(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """When one offer overtakes another, what flips that, and what leaving costs."""
    context: dict[str, Any] = {"comparison": comparison}
    board = selectors.decision_board(comparison, shown=_letters(request))
    if board is None:
        return render_page(request, "offers/comparison_short.html", context)
    form = LeversForm(request.GET, board=board)
    context |= {
        "form": form,
        "view": selectors.decision_view(
            board,
            form.levers,
            selectors.scored_criteria(comparison),
            today=timezone.localdate(),
            ask=form.query_of,
        ),
    }
    return render_page(
        request,
        "offers/decision.html",
        context,
        partials=[PARTIAL],
        status=422 if form.errors else 200,
    )


@owned(Comparison.objects, "GET", "HEAD", "POST")
def comparison_criteria(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Weigh and score what is no money."""
    form = CriteriaForm(
        request.POST if request.method == "POST" else None,
        columns=compared_offers(comparison),
        criteria=selectors.scored_criteria(comparison),
    )
    if form.is_valid():
        services.rate_criteria(comparison=comparison, criteria=form.criteria)
        messages.success(request, "Your criteria are kept.")
        return redirect("offers:decision", comparison.pk)
    return render_page(
        request,
        "offers/comparison_criteria.html",
        {"comparison": comparison, "form": form},
        status=422 if form.errors else 200,
    )


def _letters(request: AuthedRequest) -> list[str]:
    """Return the letters of the two offers that were asked for: a phone shows these."""
    return [request.GET.get(name, "") for name in ("first", "second")]
