"""What am I worth, what people told me, and what I give back."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.http import AuthedRequest, owned, render_page
from market import services
from market.forms.explorer import ExplorerForm
from market.forms.fields import Taxonomy
from market.forms.network import PasteForm, PointForm, QuickEntry
from market.models import Contribution, NetworkDataPoint
from market.selectors.explorer import explorer_page
from market.selectors.network import network_points, people_i_know
from market.selectors.published import NotOfferable, published_point

POINTS: Final = NetworkDataPoint.objects.select_related("role_family", "level", "location", "stage")


@require_safe
def worth(request: AuthedRequest) -> HttpResponse:
    """Show what a job like this person's is worth, before any offer exists."""
    form = ExplorerForm(request.GET, taxonomy=Taxonomy.read(), has_places=True)
    context: dict[str, Any] = {"form": form, "is_asked": bool(request.GET)}
    if form.is_valid():
        context["page"] = explorer_page(form.query, currency=form.shown_currency)
        context["people"] = people_i_know(
            request.user,
            form.query,
            currency=form.shown_currency,
            as_of=timezone.localdate(),
        )
    return render_page(
        request, "market/worth.html", context, status=200 if form.is_valid() else 422
    )


@require_safe
def network(request: AuthedRequest) -> HttpResponse:
    """List what people told this person."""
    return render_page(request, "market/network.html", {"points": network_points(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def network_add(request: AuthedRequest) -> HttpResponse:
    """Note several points at once: typed line by line, or pasted and checked."""
    taxonomy = Taxonomy.read()
    initial = {
        "role_family": "ml_engineer",
        "location": "us",
        "currency": "USD",
        "observed_date": timezone.localdate().replace(day=1),
        "certainty": NetworkDataPoint.Certainty.FAIRLY,
    }
    if request.method == "POST" and "paste" in request.POST:
        paste = PasteForm(request.POST, taxonomy=taxonomy)
        rows = paste.rows if paste.is_valid() else []
        if paste.is_valid() and not rows:
            paste.add_error("pasted", "No line there names a company.")
        entry = QuickEntry(None, taxonomy=taxonomy, initial=initial, pasted=rows)
        context = {"entry": entry, "paste": paste, "form": paste, "n_pasted": len(rows)}
        return render_page(
            request, "market/network_add.html", context, status=422 if paste.errors else 200
        )
    entry = QuickEntry(
        request.POST if request.method == "POST" else None, taxonomy=taxonomy, initial=initial
    )
    if entry.is_valid():
        points = services.note_points(owner=request.user, points=entry.points)
        n = len(points)
        messages.success(request, f"{n} point{'' if n == 1 else 's'} noted. Only you see them.")
        return redirect("market:network")
    context = {"entry": entry, "paste": PasteForm(taxonomy=taxonomy), "form": entry.shared}
    return render_page(
        request, "market/network_add.html", context, status=422 if entry.is_bound else 200
    )


@owned(POINTS, "GET", "HEAD", "POST")
def point_edit(request: AuthedRequest, point: NetworkDataPoint) -> HttpResponse:
    """Change one point, with all its facts."""
    form = PointForm(
        request.POST if request.method == "POST" else None, taxonomy=Taxonomy.read(), point=point
    )
    if form.is_valid():
        services.revise_point(point=form.changed)
        messages.success(request, "The point is changed.")
        return redirect("market:network")
    return render_page(
        request,
        "market/point_edit.html",
        {"form": form, "point": point},
        status=422 if form.is_bound else 200,
    )


@owned(POINTS, "GET", "HEAD", "POST")
def point_delete(request: AuthedRequest, point: NetworkDataPoint) -> HttpResponse:
    """Delete a point, after a page that says what goes."""
    if request.method == "POST":
        services.forget_point(point=point, as_of=timezone.now())
        messages.success(request, "The point is deleted.")
        return redirect("market:network")
    return render_page(request, "market/point_delete.html", {"point": point})


@owned(POINTS, "GET", "HEAD", "POST")
def point_offer(request: AuthedRequest, point: NetworkDataPoint) -> HttpResponse:
    """Offer a point for publication, after showing exactly what would be published."""
    try:
        published = published_point(point)
        if request.method == "POST":
            services.contribute(
                owner=request.user,
                origin=Contribution.Origin.NETWORK,
                employer=point.company_name,
                published=published,
                network_point=point,
                as_of=timezone.now(),
            )
            messages.success(request, "Offered. A curator looks at it before anything is shown.")
            return redirect("market:contributions")
    except NotOfferable as problem:
        messages.error(request, problem.reason)
        return redirect("market:point_edit", point.pk)
    return render_page(request, "market/point_offer.html", {"point": point, "published": published})


@require_safe
def contributions(request: AuthedRequest) -> HttpResponse:
    """List what this person gave, and where each stands."""
    given = (
        Contribution.objects.visible_to(request.user)
        .select_related("role_family", "level", "location", "stage")
        .order_by("-created_at", "-pk")
    )
    return render_page(request, "market/contributions.html", {"contributions": given})


@owned(Contribution.objects.select_related("role_family", "level"), "GET", "HEAD", "POST")
def contribution_withdraw(request: AuthedRequest, contribution: Contribution) -> HttpResponse:
    """Take a contribution back, at any time."""
    if request.method != "POST" and contribution.is_open:
        return render_page(
            request, "market/contribution_withdraw.html", {"contribution": contribution}
        )
    if request.method == "POST" and services.withdraw_contribution(
        contribution=contribution, as_of=timezone.now()
    ):
        messages.success(request, "Withdrawn. The next computation shows nothing of it.")
    else:
        messages.info(request, "Nothing of it is offered or published any more.")
    return redirect("market:contributions")
