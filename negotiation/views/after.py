"""After yes: the days that matter, the first ninety of them, results, and the outcome."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, render_page
from market.services import NotOfferable
from negotiation import selectors, services
from negotiation.forms.after import DatesForm, StartForm, WinForm
from negotiation.forms.talks import TaskForm
from negotiation.models import Negotiation, OutcomeRecord, PlanTask, Win
from negotiation.views.doors import on_talk, position
from offers.models import Offer


@on_talk("GET", "HEAD", "POST")
def after(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """What was won, which days matter, what to do first; each form is a button of its own."""
    if talk.offer.state != Offer.State.ACCEPTED:
        messages.info(request, "This page opens once you have accepted.")
        return redirect("negotiation:workspace", talk.offer_id)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    start = StartForm(
        request.POST if sent == "start" else None, initial={"start_date": talk.offer.start_date}
    )
    dates = DatesForm(request.POST if sent == "dates" else None, talk=talk)
    win = WinForm(
        request.POST if sent == "win" else None, initial={"happened_date": timezone.localdate()}
    )
    if sent == "start" and start.is_valid():
        services.plan_first_days(talk=talk, **start.cleaned_data)
        messages.success(request, "Your first 90 days are planned. Change what does not fit.")
        return redirect("negotiation:after", talk.offer_id)
    if sent == "dates" and dates.is_valid():
        services.set_dates(talk=talk, **dates.cleaned_data)
        messages.success(request, "The days are saved.")
        return redirect("negotiation:after", talk.offer_id)
    if sent == "win" and win.is_valid():
        services.log_win(talk=talk, **win.cleaned_data)
        messages.success(request, "The result is in your log.")
        return redirect("negotiation:after", talk.offer_id)
    if sent == "started":
        services.start_work(talk=talk, as_of=timezone.now())
        return redirect("negotiation:after", talk.offer_id)
    found = position(request, talk)
    outcome = OutcomeRecord.objects.filter(negotiation=talk).first()
    context = {
        "talk": talk,
        "offer": talk.offer,
        "page": selectors.after_page(found, outcome),
        "start_form": start,
        "dates_form": dates,
        "win_form": win,
        "task_form": TaskForm(initial={"phase": PlanTask.Phase.FIRST_30}),
        **_given(outcome),
        "form": next((form for form in (start, dates, win) if form.is_bound), None),
        "currency": found.currency,
        "today": found.today,
    }
    is_bound = start.is_bound or dates.is_bound or win.is_bound
    return render_page(request, "negotiation/after.html", context, status=422 if is_bound else 200)


def _given(outcome: OutcomeRecord | None) -> dict[str, Any]:
    """Return exactly what would be given to the market, or why nothing can be."""
    if outcome is None:
        return {}
    try:
        return {"published": services.outcome_as_published(outcome)}
    except NotOfferable as problem:
        return {"not_offerable": str(problem)}


@on_talk("POST")
def win_drop(request: AuthedRequest, talk: Negotiation, win: Win) -> HttpResponse:
    """Take a result out of the log."""
    services.drop_win(win=win)
    messages.success(request, "The result is out of your log.")
    return redirect("negotiation:after", talk.offer_id)


@on_talk("POST")
def outcome_consent(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Give the outcome to the market without a name, or take that back."""
    outcome = OutcomeRecord.objects.visible_to(request.user).filter(negotiation=talk).first()
    if outcome is None:
        messages.error(request, "There is no outcome to give yet.")
    elif request.POST.get("consents") == "on":
        try:
            services.give_outcome(outcome=outcome, as_of=timezone.now())
        except NotOfferable as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, "Thank you. It helps the next person.")
    else:
        services.take_outcome_back(outcome=outcome, as_of=timezone.now())
        messages.success(request, "It is yours alone again.")
    return redirect("negotiation:after", talk.offer_id)
