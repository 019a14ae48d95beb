"""The list of offers, one offer, its moves and its history."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.http import STOP_POLLING, AuthedRequest, owned, render_page
from offers import selectors, services
from offers.forms.moves import DeleteOfferForm, MoveForm
from offers.models import Offer, OfferRevision, Valuation
from offers.selectors.letters import letters_of
from offers.views import placing


@require_safe
def offer_list(request: AuthedRequest) -> HttpResponse:
    """Every offer of this person, the open ones first, and what is still being typed."""
    context: dict[str, Any] = {
        "offers": selectors.offer_cards(
            request.user, horizon_years=selectors.horizon(request.user)
        ),
        "drafts": request.user.drafts.filter(offer__isnull=True).order_by("-updated_at", "-pk"),
        "comparisons": request.user.comparisons.order_by("-updated_at", "-pk")[:6],
        "today": timezone.localdate(),
        "placing": selectors.placing(request.user),
        "is_placing_polled": placing.is_asked(request),
    }
    is_settled = context["is_placing_polled"] and not context["placing"].is_owed
    return render_page(
        request,
        "offers/offer_list.html",
        context,
        partials=[placing.PARTIAL],
        status=STOP_POLLING if is_settled else 200,
    )


@owned(Offer.objects, "GET", "HEAD")
def offer_detail(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """One offer: what it comes to, what its equity could pay, what is unknown, what changed."""
    if placing.is_asked(request):
        return placing.placing_answer(request, "offers/offer_detail.html")
    page = selectors.offer_page(
        request.user, offer.pk, horizon_years=selectors.horizon(request.user)
    )
    if page is None:
        raise Http404
    context = {
        "page": page,
        "pictures": selectors.offer_pictures(
            page.numbers, page.valuation.results if page.valuation else None
        ),
        "today": timezone.localdate(),
        "moves": MoveForm.moves_from(page.offer.state),
        "letters": letters_of(request.user, offer=page.offer),
        "placing": selectors.placing(request.user),
    }
    is_poll = request.headers.get("HX-Target") == "valuation"
    is_settled = page.valuation is None or not page.valuation.is_pending
    return render_page(
        request,
        "offers/offer_detail.html",
        context,
        partials=["valuation"],
        status=STOP_POLLING if is_poll and is_settled else 200,
    )


@owned(Offer.objects, "GET", "HEAD")
def offer_changes(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """What changed between any two revisions, and what it is worth."""
    pair = selectors.revision_pair(offer, request.GET.get("from", ""), request.GET.get("to", ""))
    if pair is None:
        raise Http404
    context = {
        "offer": offer,
        "comparison": selectors.revision_comparison(
            *pair, horizon_years=selectors.horizon(request.user)
        ),
        "revisions": offer.revisions.order_by("number"),
    }
    return render_page(request, "offers/offer_changes.html", context)


@owned(Offer.objects, "POST")
def offer_move(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """Take the offer to another state."""
    form = MoveForm(request.POST, offer=offer)
    if not form.is_valid():
        messages.error(request, form.first_error)
        return redirect("offers:offer_detail", offer.pk)
    try:
        services.move_offer(offer=offer, to=form.cleaned_data["to"], as_of=timezone.now())
    except services.IllegalMove as problem:
        messages.error(request, problem.reason or "The offer has moved on since. Look again.")
    else:
        messages.success(request, f"The offer is now: {offer.get_state_display().lower()}.")
    return redirect("offers:offer_detail", offer.pk)


@owned(Offer.objects, "GET", "HEAD", "POST")
def offer_contribute(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """Give a decided offer to the market, after showing exactly what would be published."""
    page = selectors.offer_page(
        request.user, offer.pk, horizon_years=selectors.horizon(request.user)
    )
    if page is None:
        raise Http404
    try:
        published = selectors.contribution_of(page.terms, page.numbers)
        if request.method == "POST":
            services.give_offer(offer=offer, published=published, as_of=timezone.now())
            messages.success(request, "Given. A curator looks at it before anything is shown.")
            return redirect("market:contributions")
    except (selectors.NotOfferable, services.GivenAlready) as problem:
        messages.error(request, problem.reason)
        return redirect("offers:offer_detail", offer.pk)
    return render_page(
        request, "offers/offer_contribute.html", {"offer": offer, "published": published}
    )


@owned(Offer.objects, "GET", "HEAD", "POST")
def offer_delete(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """Delete an offer with its whole history, after a page that says what goes."""
    form = DeleteOfferForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.delete_offer(offer=offer)
        messages.success(request, "The offer is deleted.")
        return redirect("offers:offer_list")
    return render_page(
        request,
        "offers/offer_delete.html",
        {"form": form, "offer": offer, "n_revisions": offer.revisions.count()},
        status=422 if form.is_bound else 200,
    )


@owned(Offer.objects, "POST")
def valuation_retry(request: AuthedRequest, offer: Offer) -> HttpResponse:  # noqa: ARG001 -- a view takes one
    """Queue a failed valuation again."""
    revision = get_object_or_404(OfferRevision.objects.current(), offer=offer)
    valuation = Valuation.objects.filter(revision=revision).latest_first().first()
    if valuation is not None:
        services.retry_valuation(valuation=valuation, as_of=timezone.now())
    return redirect("offers:offer_detail", offer.pk)
