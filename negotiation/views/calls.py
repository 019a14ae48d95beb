"""The call: a sheet on one page, and a form to note it while it runs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, render_page
from negotiation import selectors, services
from negotiation.forms.talks import CallForm
from negotiation.models import Negotiation
from negotiation.views.doors import on_talk, position


@on_talk("GET", "HEAD")
def call_sheet(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Everything for the call on one printable page. The private values are not on it."""
    found = position(request, talk)
    if not found.is_written:
        return render_page(
            request, "negotiation/ask_locked.html", {"talk": talk, "offer": talk.offer}
        )
    context = {
        "talk": talk,
        "offer": talk.offer,
        "position": found,
        "sheet": selectors.call_sheet(found),
        "currency": found.currency,
        "today": found.today,
        "form": _form(found, None),
    }
    return render_page(request, "negotiation/call_sheet.html", context)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def call_log(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Note a call: who, what was agreed, what is open."""
    found = position(request, talk)
    form = _form(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.log_call(talk=talk, **form.values)
        messages.success(
            request, "The call is noted. What was agreed is in the ledger, as words so far."
        )
        return redirect("negotiation:workspace", talk.offer_id)
    context = {"form": form, "talk": talk, "offer": talk.offer}
    return render_page(
        request, "negotiation/call_log.html", context, status=422 if form.is_bound else 200
    )


def _form(found: selectors.Position, data: object) -> CallForm:
    return CallForm(
        data,
        zone=found.offer.location.time_zone,
        currency=found.currency,
        initial={"held_at": timezone.now(), "person": found.offer.contact_name},
    )
