"""What the market pays, open to everyone: pages, a file, and how it is made."""

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.figures.cells import plain_cell
from config.http import HouseRequest, render_page, throttled
from market.forms.explorer import ExplorerForm
from market.forms.fields import Taxonomy
from market.models import RoleFamily
from market.selectors.explorer import CSV_HEAD, explorer_page, market_methods, role_rows


@login_not_required
@require_safe
def benchmark(request: HouseRequest) -> HttpResponse:
    """Show what a job pays, with the cells around it."""
    form = ExplorerForm(request.GET, taxonomy=Taxonomy.read())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context["page"] = explorer_page(form.query, currency=form.shown_currency)
        context["query"] = form.query
    return render_page(
        request,
        "market/benchmark.html",
        context,
        partials=["market-answer"],
        status=200 if form.is_valid() else 422,
    )


@login_not_required
@require_safe
@throttled(scope="market-csv", limit=30, seconds=60)
def benchmark_csv(request: HttpRequest, role: str) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """Answer every published cell of a role as CSV that no spreadsheet takes for formulas."""
    if not RoleFamily.objects.filter(key=role).exists():
        raise Http404
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_HEAD)
    writer.writerows([plain_cell(value) for value in row] for row in role_rows(role))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="market-{role}.csv"'
    return response


@login_not_required
@require_safe
def methods(request: HouseRequest) -> HttpResponse:
    """Say how each market figure is made, from which sources, on which terms."""
    return render_page(request, "market/methods.html", {"methods": market_methods()})
