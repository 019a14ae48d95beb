"""The ledger of promises, and accepting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, render_page
from negotiation import selectors, services
from negotiation.forms.promises import AcceptForm, PromiseForm
from negotiation.models import Commitment, Negotiation
from negotiation.views.doors import on_talk, position
from offers.models import Offer
from offers.selectors import OPEN_STATES, horizon
from offers.services import IllegalMove


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def ledger(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Every promise against the letter, and what changed since the last one; a form for another."""
    read = selectors.ledger(talk, horizon_years=horizon(request.user))
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        currency=read.revision.currency,
        initial={"said_date": timezone.localdate(), "said_by": talk.offer.contact_name},
    )
    if form.is_valid():
        services.record_commitment(talk=talk, **form.cleaned_data)
        messages.success(request, "The promise is in the ledger, as words so far.")
        return redirect("negotiation:ledger", talk.offer_id)
    context = {
        "talk": talk,
        "offer": talk.offer,
        "ledger": read,
        "form": form,
        "currency": read.revision.currency,
    }
    return render_page(
        request, "negotiation/ledger.html", context, status=422 if form.is_bound else 200
    )


@on_talk("POST", is_frozen_after_yes=True)
def ledger_settle(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Mark what the letter shows as found in it."""
    try:
        n_found = services.settle_ledger(talk=talk, as_of=timezone.now())
    except services.NoLetterToCompare:
        messages.error(request, "These terms are only verbal. Enter the letter first.")
    else:
        left = selectors.ledger(talk, horizon_years=horizon(request.user)).missing
        words = f"{n_found} promise{'' if n_found == 1 else 's'} found in the letter"
        if left:
            messages.warning(request, f"{words}; {len(left)} still only words.")
        else:
            messages.success(request, f"{words}; nothing is left that is only words.")
    return redirect("negotiation:ledger", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def ledger_ask(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Mark the promises as asked for in writing."""
    n_asked = services.ask_in_writing(talk=talk, as_of=timezone.now())
    messages.success(
        request, f"{n_asked} promise{'' if n_asked == 1 else 's'} marked as asked for in writing."
    )
    return redirect("negotiation:ledger", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def commitment_change(
    request: AuthedRequest, talk: Negotiation, commitment: Commitment
) -> HttpResponse:
    """Mark a promise as found by hand, open it again, or take it out."""
    action = request.POST.get("action", "")
    try:
        if action == "found":
            services.find_by_hand(commitment=commitment)
        elif action == "reopen":
            services.reopen_commitment(commitment=commitment)
        elif action == "drop":
            services.drop_commitment(commitment=commitment)
        else:
            messages.error(request, "That button is not known. Try again.")
    except services.NoLetterToCompare:
        messages.error(request, "These terms are only verbal. Enter the letter first.")
    return redirect("negotiation:ledger", talk.offer_id)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def accept(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """The last look before yes: what is only words, what was skipped, what else is open."""
    found = position(request, talk)
    read = selectors.ledger(talk, horizon_years=horizon(request.user))
    skipped = selectors.skipped_checks(found)
    others = list(
        Offer.objects.visible_to(request.user)
        .filter(state__in=OPEN_STATES)
        .exclude(pk=talk.offer_id)
        .select_related("company")
        .order_by("pk")
    )
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        missing=read.missing,
        others=others,
        skipped=skipped,
        today=found.today,
    )
    if form.is_valid():
        try:
            services.accept_offer(
                talk=talk,
                confirmed=form.confirmed,
                note=form.cleaned_data.get("note", ""),
                signed_date=form.cleaned_data["signed_date"],
                also_decline=form.also_decline,
                as_of=timezone.now(),
            )
        except IllegalMove as problem:
            messages.error(request, problem.reason or "The offer has moved on since. Look again.")
        except services.StillOnlyWords:
            messages.error(request, "A promise was added since. Look again.")
        else:
            messages.success(request, "Accepted. These terms stay as they are.")
            return redirect("negotiation:after", talk.offer_id)
    context: dict[str, Any] = {
        "talk": talk,
        "offer": talk.offer,
        "position": found,
        "ledger": read,
        "skipped": skipped,
        "others": others,
        "form": form,
        "currency": found.currency,
        "parts": selectors.pay_parts(found.numbers),
        "uplift": selectors.pay_parts(found.numbers).minus(
            selectors.pay_parts(found.first_numbers)
        ),
    }
    return render_page(
        request, "negotiation/accept.html", context, status=422 if form.is_bound else 200
    )
