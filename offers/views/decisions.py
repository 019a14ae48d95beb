"""The decision page of a comparison, and the criteria that are no money."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, owned, render_page
from offers import selectors, services, spreadsheets
from offers.forms.decisions import CriteriaForm, LeversForm, compared_offers
from offers.models import Comparison
from offers.selectors.decision import DecisionSheet

PARTIAL: Final = "decision"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@owned(Comparison.objects, "GET", "HEAD")
def decision(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """When one offer overtakes another, what flips that, and what leaving costs."""
    context: dict[str, Any] = {"comparison": comparison}
    board = selectors.decision_board(comparison, shown=_letters(request))
    if board is None:
        return render_page(request, "offers/comparison_short.html", context)
    form = LeversForm(request.GET, board=board)
    levers = form.levers
    context |= {
        "form": form,
        "query": form.query_of(levers),
        "view": selectors.decision_view(
            board,
            levers,
            selectors.scored_criteria(comparison),
            today=timezone.localdate(),
            ask=form.query_of,
            joint=selectors.joint_lens(
                comparison,
                [side.column for side in board.sides],
                taste=selectors.risk_taste(request.user),
            ),
        ),
    }
    return render_page(
        request,
        "offers/decision.html",
        context,
        partials=[PARTIAL],
        status=422 if form.errors else 200,
    )


@owned(Comparison.objects, "GET", "HEAD")
def decision_csv(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Every number of the decision as rows."""
    sheet = _sheet(request, comparison)
    return _file(spreadsheets.decision_csv(sheet), "text/csv; charset=utf-8", "decision.csv")


@owned(Comparison.objects, "GET", "HEAD")
def decision_workbook(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """The decision as a spreadsheet whose formulas go on working."""
    sheet = _sheet(request, comparison)
    return _file(spreadsheets.decision_workbook(sheet), XLSX, "decision.xlsx")


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


def _sheet(request: AuthedRequest, comparison: Comparison) -> DecisionSheet:
    """Return the decision under the levers in the address; 404 where too few offers are left."""
    board = selectors.decision_board(comparison)
    if board is None:
        raise Http404
    return selectors.decision_sheet(
        board,
        LeversForm(request.GET, board=board).levers,
        selectors.scored_criteria(comparison),
        today=timezone.localdate(),
    )


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _letters(request: AuthedRequest) -> list[str]:
    """Return the letters of the two offers that were asked for: a phone shows these."""
    return [request.GET.get(name, "") for name in ("first", "second")]
