"""Comparisons: the list, one comparison, its assumptions and its offers."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Profile
from config.http import STOP_POLLING, AuthedRequest, owned, render_page
from market.selectors import known_currencies
from offers import selectors, services
from offers.forms.comparisons import (
    AssumptionsForm,
    NewComparisonForm,
    OffersForm,
    WhatIfForm,
)
from offers.models import OFFERS_PER_COMPARISON, Comparison, Offer
from offers.views import placing


@require_safe
def comparison_list(request: AuthedRequest) -> HttpResponse:
    """Every comparison of this person, the last changed first."""
    context = {
        "cards": selectors.comparison_cards(request.user),
        "n_offers": Offer.objects.visible_to(request.user).count(),
    }
    return render_page(request, "offers/comparison_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def comparison_new(request: AuthedRequest) -> HttpResponse:
    """Choose two to six offers and what to look at them under."""
    offers = _offers_of(request)
    form = NewComparisonForm(
        request.POST if request.method == "POST" else None,
        choices=offers,
        currencies=_currencies(),
        initial=_suggested(request, offers),
    )
    if form.is_valid():
        comparison = services.compare_offers(
            owner=request.user,
            offers=form.ordered,
            **{name: form.cleaned_data[name] for name in AssumptionsForm.base_fields},
        )
        return redirect("offers:comparison_detail", comparison.pk)
    return _page(request, "comparison_new", {"form": form})


@owned(Comparison.objects, "GET", "HEAD")
def comparison_detail(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """The offers side by side, under the saved assumptions or those in the address."""
    if placing.is_asked(request):
        return placing.placing_answer(request, "offers/comparison_detail.html")
    form = WhatIfForm(
        request.GET, comparison=comparison, currencies=_currencies(comparison.currency)
    )
    view = selectors.offer_comparison(
        comparison,
        form.assumptions,
        today=timezone.localdate(),
        shown=request.GET.get("show", "").lower().split(","),
    )
    target = request.headers.get("HX-Target")
    is_poll = target == "outcomes"
    joint = (
        selectors.joint_lens(comparison, view.columns, taste=selectors.risk_taste(request.user))
        if view
        else None
    )
    context = {
        "comparison": comparison,
        "joint": joint,
        "form": form,
        "view": view,
        "is_poll": is_poll,
        "placing": selectors.placing(request.user),
        "is_only_differing": request.GET.get("rows") == "differing",
    }
    if view is None:
        return _page(request, "comparison_short", context)
    is_settled = (is_poll and not view.is_pending) or (
        target == "joint" and (joint is None or not joint.run.is_pending)
    )
    return render_page(
        request,
        "offers/comparison_detail.html",
        context,
        partials=["outcomes", "joint"],
        status=STOP_POLLING if is_settled else 422 if form.errors else 200,
    )


@owned(Comparison.objects, "GET", "HEAD", "POST")
def comparison_assumptions(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Keep other assumptions, or another name."""
    form = AssumptionsForm(
        request.POST if request.method == "POST" else None,
        currencies=_currencies(comparison.currency),
        initial=AssumptionsForm.initial_of(comparison),
    )
    if form.is_valid():
        services.change_assumptions(comparison=comparison, **form.cleaned_data)
        messages.success(request, "The assumptions are kept.")
        return redirect("offers:comparison_detail", comparison.pk)
    return _page(request, "comparison_assumptions", {"form": form, "comparison": comparison})


@owned(Comparison.objects, "GET", "HEAD", "POST")
def comparison_offers(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Take offers in or out, and choose their letters."""
    form = OffersForm(
        request.POST if request.method == "POST" else None,
        choices=_offers_of(request),
        initial=OffersForm.initial_of(comparison),
    )
    if form.is_valid():
        services.arrange_comparison(comparison=comparison, offers=form.ordered)
        return redirect("offers:comparison_detail", comparison.pk)
    return _page(request, "comparison_offers", {"form": form, "comparison": comparison})


@owned(Comparison.objects, "GET", "HEAD", "POST")
def comparison_delete(request: AuthedRequest, comparison: Comparison) -> HttpResponse:
    """Delete a comparison, after a page that says what goes and what stays."""
    if request.method == "POST":
        services.delete_comparison(comparison=comparison)
        messages.success(request, "The comparison is deleted. Your offers are still here.")
        return redirect("offers:comparison_list")
    return _page(request, "comparison_delete", {"comparison": comparison})


@owned(Comparison.objects, "POST")
def joint_retry(request: AuthedRequest, comparison: Comparison) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """Queue a failed joint simulation again."""
    valuation = comparison.valuations.latest_first().first()
    if valuation is not None:
        services.retry_joint_valuation(valuation=valuation, as_of=timezone.now())
    return redirect(f"{reverse('offers:comparison_detail', args=[comparison.pk])}#joint")


@login_not_required
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """How each number is made: formulas, sources, assumptions and limits."""
    return render_page(request, "offers/methods.html", {"methods": selectors.methods()})


def _page(request: AuthedRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    is_wrong = form is not None and form.is_bound and bool(form.errors)
    return render_page(request, f"offers/{name}.html", context, status=422 if is_wrong else 200)


def _offers_of(request: AuthedRequest) -> list[Offer]:
    mine = Offer.objects.visible_to(request.user).select_related("company")
    return list(mine.order_by("respond_by_date", "pk"))


def _currencies(*own: str) -> set[str]:
    return {*known_currencies(), "USD", *own}


def _suggested(request: AuthedRequest, offers: Sequence[Offer]) -> dict[str, Any]:
    """Return what the form begins with: the open offers and the person's own defaults."""
    profile = Profile.objects.visible_to(request.user).first() or Profile()
    asked = request.GET.getlist("offer")
    open_ones = [str(offer.pk) for offer in offers if offer.state in selectors.OPEN_STATES]
    return {
        "offers": asked or open_ones[:OFFERS_PER_COMPARISON],
        "name": f"Offers of {timezone.localdate():%B %Y}",
        "currency": profile.home_currency,
        "horizon_years": profile.horizon_years,
        "discount_rate": 0,
    }
