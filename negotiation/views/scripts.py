"""Scripts: which are open, the words of one, statements, objection cards, the handbook."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.http import AuthedRequest, render_page
from negotiation import selectors
from negotiation.forms.words import ScriptForm, StatementsForm
from negotiation.models import HandbookText, Negotiation, ScriptTemplate, SentScript
from negotiation.scripts import SITUATIONS, FactBook, check_text
from negotiation.selectors import scripts as pages
from negotiation.selectors.words import ScriptFacts, script_facts
from negotiation.services import window_of
from negotiation.services import words as services
from negotiation.views.doors import on_talk, position


@on_talk("GET", "HEAD")
def script_list(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Every situation: those that are open, and why the others are not."""
    found = position(request, talk)
    facts = script_facts(found)
    step = selectors.workspace(found, window=window_of(talk, as_of=timezone.now())).next_step
    context = {
        "talk": talk,
        "offer": talk.offer,
        "sections": pages.script_sections(talk, facts, next_key=step.situation.upper()),
        "facts": facts,
        "is_written": found.is_written,
        "sent": SentScript.objects.filter(negotiation=talk, sent_at__isnull=False)
        .select_related("template_version__template")
        .order_by("-sent_at", "-pk"),
    }
    return render_page(request, "negotiation/script_list.html", context)


@on_talk("GET", "HEAD", "POST")
def script(request: AuthedRequest, talk: Negotiation, situation: str) -> HttpResponse:
    """One situation: the call and the e-mail, each with its sources, free to edit."""
    facts = script_facts(position(request, talk))
    standing = pages.standing_of(facts, situation.upper())
    if standing is None or situation != situation.lower():
        raise Http404
    tone = _tone(request)
    if not standing.is_open:
        return _locked_page(request, talk, facts, situation.upper())
    if request.method == "POST":
        return _on_script(request, talk, facts, situation.upper(), tone)
    return _script_page(request, talk, facts, situation.upper(), tone)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=False)
def statements(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """What a person confirms as true for this offer."""
    found = position(request, talk)
    form = StatementsForm(
        request.POST if request.method == "POST" else None, talk=talk, currency=found.currency
    )
    if form.is_valid():
        services.record_statements(talk=talk, as_of=timezone.now(), **form.values)
        messages.success(request, "Kept. Scripts say this, and nothing that is not here.")
        return redirect("negotiation:script_list", talk.offer_id)
    context = {"form": form, "talk": talk, "offer": talk.offer}
    return render_page(
        request, "negotiation/statements.html", context, status=422 if form.is_bound else 200
    )


@on_talk("GET", "HEAD")
def cards(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """What they may say and what to say then; as a list to search, or one by one to practise."""
    query = request.GET.get("q", "")[:100]
    found = pages.cards(query)
    context: dict[str, Any] = {
        "talk": talk,
        "offer": talk.offer,
        "query": query,
        "cards": found,
        "rows": pages.card_rows(found),
    }
    if "practise" in request.GET:
        place = _place(request.GET["practise"], len(found))
        context |= {
            "card": found[place] if found else None,
            "place": place + 1,
            "next_place": (place + 1) % len(found) if found else 0,
        }
        return render_page(request, "negotiation/practice.html", context)
    return render_page(request, "negotiation/cards.html", context, partials=["cards"])


@require_safe
def handbook(request: AuthedRequest) -> HttpResponse:
    """What is known about negotiating, who reports it, and how far it carries."""
    return render_page(
        request,
        "negotiation/handbook.html",
        {
            "texts": HandbookText.objects.order_by("position", "pk"),
            "situations": SITUATIONS.values(),
        },
    )


@require_safe
def before_offer(request: AuthedRequest) -> HttpResponse:
    """The words for when somebody asks what you expect, before there is an offer."""
    tone = _tone(request)
    situation = SITUATIONS["S02"]
    context = {
        "situation": situation,
        "tone": tone,
        "sheets": pages.loose_sheets(FactBook(), situation, tone),
        "texts": pages.texts_about("S02"),
    }
    return render_page(request, "negotiation/before_offer.html", context)


def _on_script(
    request: AuthedRequest, talk: Negotiation, facts: ScriptFacts, key: str, tone: str
) -> HttpResponse:
    channel = request.POST.get("channel", "")
    form = ScriptForm(request.POST)
    shown = pages.sheets(talk, facts.book, SITUATIONS[key], tone)
    sheet = next((row for row in shown if row.channel == channel and row.draft), None)
    if sheet is None or sheet.draft is None:
        raise Http404
    action = request.POST.get("action", "check")
    back = f"{reverse('negotiation:script', args=[talk.offer_id, key.lower()])}?tone={tone}"
    if action == "reset":
        services.forget_draft(talk=talk, template=sheet.template)
        return redirect(f"{back}#{channel}")
    if not form.is_valid():
        typed = {channel: request.POST.get("text", "")}
        return _script_page(request, talk, facts, key, tone, typed=typed, form=form)
    text = form.cleaned_data["text"]
    checked = check_text(text, facts.book, SITUATIONS[key])
    if action != "sent":
        services.keep_script(talk=talk, template=sheet.template, text=text, draft=sheet.draft)
        if request.headers.get("HX-Request") == "true":
            return _script_page(request, talk, facts, key, tone, typed={channel: text})
        return redirect(f"{back}#{channel}")
    try:
        services.send_script(
            talk=talk,
            template=sheet.template,
            checked=checked,
            draft=sheet.draft,
            as_of=timezone.now(),
        )
    except services.NothingToSend:
        messages.error(request, "Nothing is left to send once what has no record is left out.")
        return redirect(f"{back}#{channel}")
    done = "said" if channel == ScriptTemplate.Channel.CALL else "sent"
    left = " A sentence without a record was left out." if checked.withheld else ""
    messages.success(request, f"Marked as {done}. Its words and version are kept.{left}")
    return redirect("negotiation:script_list", talk.offer_id)


def _script_page(
    request: AuthedRequest,
    talk: Negotiation,
    facts: ScriptFacts,
    key: str,
    tone: str,
    *,
    typed: dict[str, str] | None = None,
    form: ScriptForm | None = None,
) -> HttpResponse:
    situation = SITUATIONS[key]
    context = {
        "talk": talk,
        "offer": talk.offer,
        "situation": situation,
        "tone": tone,
        "sheets": pages.sheets(talk, facts.book, situation, tone, typed=typed),
        "facts": facts,
        "texts": pages.texts_about(key),
        "form": form,
    }
    return render_page(
        request,
        "negotiation/script.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def _locked_page(
    request: AuthedRequest, talk: Negotiation, facts: ScriptFacts, key: str
) -> HttpResponse:
    standing = pages.standing_of(facts, key)
    context = {
        "talk": talk,
        "offer": talk.offer,
        "situation": SITUATIONS[key],
        "lacks": pages.lacks_of(talk, standing) if standing is not None else (),
        "facts": facts,
        "texts": pages.texts_about(key),
    }
    status = 409 if request.method == "POST" else 200
    return render_page(request, "negotiation/script_locked.html", context, status=status)


def _tone(request: AuthedRequest) -> str:
    asked = request.GET.get("tone") or request.POST.get("tone") or ""
    return asked if asked in ScriptTemplate.Tone.values else str(ScriptTemplate.Tone.WARM)


def _place(text: str, n: int) -> int:
    try:
        return int(text) % n if n else 0
    except ValueError:
        return 0
