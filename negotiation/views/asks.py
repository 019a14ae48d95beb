"""The ask builder: private values, evidence, the ask itself, and what they said to it."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, render_page
from market.selectors import known_currencies
from negotiation import selectors, services
from negotiation.forms.asks import (
    AskForm,
    CiteForm,
    EvidenceForm,
    MoveGapForm,
    PrivateValuesForm,
    PutForm,
    ReplyForm,
)
from negotiation.models import Ask, Component, Evidence, Negotiation
from negotiation.views.doors import on_talk, position

NO_LETTER = "Nothing is asked for before a written offer. Ask for the letter first."


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def ask_builder(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """What to ask for in each component, with the evidence behind it and what it trades for."""
    found = position(request, talk)
    if not found.is_written:
        return render_page(
            request, "negotiation/ask_locked.html", {"talk": talk, "offer": talk.offer}
        )
    form = None
    if request.method == "POST":
        form = _ask_form(found, request.POST)
        if form.is_valid():
            services.prepare_asks(talk=talk, wanted=form.wanted, as_of=timezone.now())
            messages.success(request, "The ask is prepared. Next: the call.")
            return redirect("negotiation:ask_builder", talk.offer_id)
    return _builder(request, talk, {"form": form} if form else {}, found=found)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def private_values(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """The three private values, the leverage and the assumptions."""
    found = position(request, talk)
    form = PrivateValuesForm(
        request.POST if request.method == "POST" else None, talk=talk, currency=found.currency
    )
    if form.is_valid():
        services.set_private_values(talk=talk, values=form.cleaned_data)
        messages.success(request, "Saved. Nobody but you sees these.")
        return redirect("negotiation:ask_builder", talk.offer_id)
    context = {
        "form": form,
        "talk": talk,
        "offer": talk.offer,
        "market": found.evidence.market,
        "currency": found.currency,
    }
    return render_page(
        request, "negotiation/private_values.html", context, status=422 if form.is_bound else 200
    )


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def evidence_add(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Put on record what people are paid, as the user knows it."""
    found = position(request, talk)
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        currency=found.currency,
        currencies=known_currencies(),
        initial={"as_of_date": found.today},
    )
    if form.is_valid():
        services.add_evidence(talk=talk, fields=form.cleaned_data)
        messages.success(request, "The evidence is on record.")
        return redirect("negotiation:ask_builder", talk.offer_id)
    return render_page(
        request,
        "negotiation/evidence_add.html",
        {"form": form, "talk": talk, "offer": talk.offer},
        status=422 if form.is_bound else 200,
    )


@on_talk("POST", is_frozen_after_yes=True)
def evidence_market(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Put the published benchmark for this role, level and place on record."""
    rows = services.take_benchmark(talk=talk)
    if rows:
        messages.success(request, "The market’s figures are on record, with their number and date.")
    else:
        messages.error(
            request,
            "No published figures match this role, level and place yet. Add what you know yourself.",
        )
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def evidence_network(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Put on record what people this user knows accepted, as far as it compares."""
    rows = services.take_network(talk=talk, today=timezone.localdate())
    if rows:
        messages.success(request, "What people you know accepted is on record, without a name.")
    else:
        messages.error(
            request,
            "Nobody you noted has a job that compares with this one: same kind of work, level, "
            "kind of company and country, and not too long ago.",
        )
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def evidence_cite(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Put another written offer on record as evidence."""
    found = position(request, talk)
    form = CiteForm(request.POST, rivals=found.evidence.rivals)
    if form.is_valid():
        rival = form.usable[form.cleaned_data["revision"]]
        try:
            services.cite_offer(talk=talk, revision=rival.revision, today=found.today)
        except (services.NotCitable, ValidationError):
            messages.error(request, "That offer cannot be cited any more. Look again.")
        else:
            messages.success(request, "Your written offer is on record as evidence.")
    else:
        messages.error(request, "Only a written offer of yours that is still open can be cited.")
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def evidence_drop(request: AuthedRequest, talk: Negotiation, evidence: Evidence) -> HttpResponse:
    """Take evidence off the record."""
    services.drop_evidence(row=evidence)
    messages.success(request, "It is off the record.")
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def ask_put(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Mark the prepared ask as put."""
    form = PutForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say how you put it.")
        return redirect("negotiation:ask_builder", talk.offer_id)
    try:
        asks = services.put_asks(
            talk=talk, channel=form.cleaned_data["channel"], as_of=timezone.now()
        )
    except services.NothingBeforeTheLetter:
        messages.error(request, NO_LETTER)
    else:
        if asks:
            messages.success(request, "It is put. Write down what they say.")
        else:
            messages.error(request, "There is no prepared ask to put.")
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def ask_reply(request: AuthedRequest, talk: Negotiation, ask: Ask) -> HttpResponse:
    """Write down what they said to one ask."""
    form = ReplyForm(
        request.POST if request.method == "POST" else None,
        currency=ask.revision.currency,
        is_equity=ask.component == Component.EQUITY,
        initial={"person": talk.offer.contact_name},
    )
    if form.is_valid():
        try:
            services.note_reply(ask=ask, as_of=timezone.now(), **form.cleaned_data)
        except services.NothingBeforeTheLetter:
            messages.error(request, NO_LETTER)
        else:
            messages.success(request, "Noted.")
        return redirect("negotiation:ask_builder", talk.offer_id)
    context = {"form": form, "ask": ask, "talk": talk, "offer": talk.offer}
    return render_page(
        request, "negotiation/ask_reply.html", context, status=422 if form.is_bound else 200
    )


@on_talk("POST", is_frozen_after_yes=True)
def ask_drop(request: AuthedRequest, talk: Negotiation, ask: Ask) -> HttpResponse:
    """Take back an ask."""
    services.drop_ask(ask=ask)
    messages.success(request, "You do not ask for that any more.")
    return redirect("negotiation:ask_builder", talk.offer_id)


@on_talk("POST", is_frozen_after_yes=True)
def gap_move(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Move the gap in base to where there is room, with one click."""
    form = MoveGapForm(request.POST)
    found = position(request, talk)
    gap = selectors.open_gap(talk, terms=found.terms, numbers=found.numbers, asks=found.asks)
    package = (
        next((row for row in gap.packages if row.kind == form.cleaned_data["kind"]), None)
        if gap is not None and form.is_valid()
        else None
    )
    if package is None:
        messages.error(request, "That gap has changed since. Look again.")
    else:
        services.move_gap(talk=talk, package=package, current=_current(found), as_of=timezone.now())
        rounded = " Whole shares were rounded up, in your favour." if package.is_rounded_up else ""
        messages.success(request, f"The ask is moved.{rounded}")
    return redirect("negotiation:ask_builder", talk.offer_id)


def _builder(
    request: AuthedRequest, talk: Negotiation, forms: dict[str, Any], *, found: selectors.Position
) -> HttpResponse:
    proposal = _proposal(found)
    form = forms.get("form") or _ask_form(found, None)
    asks = [ask for ask in found.asks if ask.state != Ask.State.DROPPED]
    lines = selectors.ask_lines(asks)
    context = {
        "talk": talk,
        "offer": talk.offer,
        "position": found,
        "proposal": proposal,
        "evidence": found.evidence,
        "lines": lines,
        "final_words": selectors.final_words(lines, proposal),
        "has_drafts": any(ask.state == Ask.State.DRAFT for ask in asks),
        "gap": selectors.open_gap(talk, terms=found.terms, numbers=found.numbers, asks=found.asks)
        if talk.capped_components
        else None,
        "cite_form": CiteForm(rivals=found.evidence.rivals),
        "put_form": PutForm(),
        "currency": found.currency,
        "form": form,
        "typed_doubts": _doubts(found, form),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "negotiation/ask_builder.html", context, status=status)


def _proposal(found: selectors.Position) -> selectors.AskProposal:
    return selectors.ask_proposal(
        found.talk, terms=found.terms, numbers=found.numbers, evidence=found.evidence
    )


def _ask_form(found: selectors.Position, data: Any) -> AskForm:
    proposal = _proposal(found)
    prepared = {
        ask.component: ask for ask in found.asks if ask.state in {Ask.State.DRAFT, Ask.State.PUT}
    }
    initial: dict[str, Any] = {}
    for line in proposal.lines if not prepared else ():
        if line.is_supported:
            value = line.quantity if line.quantity is not None else line.amount
            initial[line.component] = Decimal(str(value)) if value is not None else None
    for component, ask in prepared.items():
        initial[component] = ask.term or (
            ask.quantity if component == Component.EQUITY else ask.amount
        )
    return AskForm(data, proposal=proposal, current=_current(found), initial=initial)


def _current(found: selectors.Position) -> dict[str, Decimal]:
    terms = found.terms
    current = {
        "base": terms.revision.base_salary or Decimal(0),
        "sign_on": Decimal(str(selectors.sign_on_of(terms))),
        "bonus": selectors.stated_in(terms, "bonus") or Decimal(0),
    }
    quantity = terms.grants[0].quantity if terms.grants else None
    if quantity is not None:
        current["equity"] = quantity
    return current


def _doubts(found: selectors.Position, form: AskForm) -> list[str]:
    return selectors.ask_doubts(found) if not form.is_bound else []
