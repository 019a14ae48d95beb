"""The doors of the offer form: open a draft, type into it, look it over, save it as an offer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.http import AuthedRequest, owned, render_page
from offers import services
from offers.entry import typed_for_company, typed_from
from offers.forms.section import posted
from offers.forms.sections import SECTIONS
from offers.forms.summary import blocks_of
from offers.models import Offer, OfferDraft, OfferRevision
from offers.selectors.drafts import companies_on_record, open_drafts
from offers.selectors.terms import terms_of
from offers.views.draft_page import REVIEW, DraftPage, draft_page
from offers.views.letter_page import add_evidence

FIRST: Final = next(iter(SECTIONS))
TOTAL: Final = "running-total"

DraftView = Callable[..., HttpResponse]


def on_draft(view: DraftView) -> DraftView:
    """Find the draft for the view; one that is published leads to its offer, whatever was asked."""

    @owned(OfferDraft.objects.with_offer(), "GET", "HEAD", "POST")
    @wraps(view)
    def found(request: AuthedRequest, draft: OfferDraft, **kwargs: Any) -> HttpResponse:
        if draft.published_at is not None:
            return redirect("offers:offer_detail", draft.offer_id)
        try:
            return view(request, draft, **kwargs)
        except services.DraftIsGone as gone:
            raise Http404 from gone
        except services.DraftIsPublished as published:
            return redirect("offers:offer_detail", published.offer_id)

    return found


@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: AuthedRequest) -> HttpResponse:
    """Begin an offer: from nothing, or by a company that is on record already."""
    companies = companies_on_record(request.user)
    if request.method == "POST":
        chosen = request.POST.get("company", "")
        company = next((row for row in companies if str(row.pk) == chosen), None)
        typed = typed_for_company(company) if company else None
        draft = services.start_draft(owner=request.user, typed=typed)
        return redirect("offers:draft_section", draft.pk, FIRST)
    context = {"companies": companies, "drafts": open_drafts(request.user)}
    return render_page(request, "offers/draft_new.html", context)


@owned(Offer.objects, "POST")
def offer_revise(request: AuthedRequest, offer: Offer) -> HttpResponse:
    """Begin a draft of new terms, or of a correction, that says what the current terms say.

    It opens at the section that was asked for, or at the first one.
    """
    purpose = request.POST.get("purpose", "")
    if purpose not in {OfferDraft.Purpose.NEW_TERMS, OfferDraft.Purpose.CORRECTION}:
        messages.error(request, "Choose whether the offer changed or you mistyped something.")
        return redirect("offers:offer_detail", offer.pk)
    revision = OfferRevision.objects.with_terms().current().get(offer=offer)
    typed = typed_from(terms_of(revision))
    if purpose == OfferDraft.Purpose.NEW_TERMS:
        for name in ("source", "stated_date", "note", services.CHECKED):
            typed["dates"].pop(name, None)
    draft = services.start_revision_draft(offer=offer, purpose=purpose, typed=typed)
    asked = request.POST.get("section", FIRST)
    return redirect("offers:draft_section", draft.pk, asked if asked in SECTIONS else FIRST)


@on_draft
def draft_section(request: AuthedRequest, draft: OfferDraft, section: str) -> HttpResponse:
    """One section: shown, saved as it is typed, or checked and left for the next one."""
    if section not in SECTIONS:
        raise Http404
    if request.method == "POST":
        return _take_section(request, draft, section)
    page = draft_page(draft, request.user, current=section, today=timezone.localdate())
    return _show_section(request, page.hushed())


def _take_section(request: AuthedRequest, draft: OfferDraft, slug: str) -> HttpResponse:
    """Keep what was typed first; then do what the button says."""
    is_autosave = bool(request.htmx) and request.htmx.target == TOTAL
    action = "autosave" if is_autosave else request.POST.get("action", "continue")
    typed = posted(SECTIONS[slug], request.POST)
    saved = services.save_draft_section(
        draft=draft,
        section=slug,
        typed=typed,
        seen=services.read_seen(request.POST.get("seen", "")),
        is_checked=action == "continue",
    )
    verb, _, subject = action.partition(":")
    if verb in {"add", "remove"}:
        return _change_rows(saved, slug, verb, subject)
    if verb == "later":
        messages.success(request, "Your draft is saved. Go on whenever you like.")
        return redirect("offers:offer_list")
    page = draft_page(saved, request.user, current=slug, today=timezone.localdate())
    if verb == "record":
        return _take_from_record(saved, page)
    if verb == "autosave":
        return _show_section(request, page.hushed())
    if page.section.problems:
        return _show_section(request, page, status=422)
    return redirect(_address(saved, page.next_slug))


def _change_rows(draft: OfferDraft, slug: str, verb: str, subject: str) -> HttpResponse:
    """Add or remove a row, and lead to the place where that shows."""
    kind, _, number = subject.partition("-")
    if kind not in SECTIONS[slug].rows:
        raise Http404
    if verb == "add":
        services.add_draft_row(draft=draft, section=slug, kind=kind)
    elif number.isascii() and number.isdecimal():
        services.remove_draft_row(draft=draft, section=slug, kind=kind, number=int(number))
    return redirect(f"{_address(draft, slug)}#{kind}-rows")


def _take_from_record(draft: OfferDraft, page: DraftPage) -> HttpResponse:
    """Put what is on record about the company in the place of what stands in the draft."""
    if page.is_company_on_record:
        known = next(
            row for row in companies_on_record(draft.owner) if row.pk == page.entry.terms.company.pk
        )
        services.fill_draft(draft=draft, typed=typed_for_company(known))
    return redirect(_address(draft, FIRST))


def _show_section(request: AuthedRequest, page: DraftPage, *, status: int = 200) -> HttpResponse:
    context = {
        "page": page,
        "has_evidence": add_evidence(page.draft, page.section),
        "section": page.section,
        "problems": page.section.problems,
        "fields_template": f"offers/draft_fields/{page.section.spec.slug}.html",
        "seen": services.seen_of(page.section.typed),
    }
    return render_page(
        request, "offers/draft_section.html", context, partials=[TOTAL], status=status
    )


@on_draft
def draft_review(request: AuthedRequest, draft: OfferDraft) -> HttpResponse:
    """Everything that was typed, in words; saving makes it an offer."""
    page = draft_page(draft, request.user, current=REVIEW, today=timezone.localdate())
    if request.method == "POST" and page.entry.is_ready:
        return _publish(request, page)
    context = {
        "page": page,
        "blocks": [(task, blocks_of(page.entry.sections[task.slug])) for task in page.tasks[:-1]],
        "is_outdated": services.is_outdated(draft),
        "is_refused": request.method == "POST",
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "offers/draft_review.html", context, status=status)


def _publish(request: AuthedRequest, page: DraftPage) -> HttpResponse:
    try:
        offer = services.publish_draft(
            draft=page.draft, terms=page.entry.terms, as_of=timezone.now()
        )
    except services.DraftHasChanged:
        messages.warning(request, "Something was typed in another tab. Look it over once more.")
    except services.TermsMovedOn:
        messages.error(
            request,
            "Newer terms were recorded after you began this correction. Discard it and start again.",
        )
    except ValidationError as refused:
        messages.error(request, f"We could not save this. {' '.join(refused.messages)}")
    else:
        messages.success(request, "The offer is saved.")
        return redirect("offers:offer_detail", offer.pk)
    return redirect("offers:draft_review", page.draft.pk)


@on_draft
def draft_discard(request: AuthedRequest, draft: OfferDraft) -> HttpResponse:
    """Throw a draft away, after a page that says what goes."""
    if request.method == "POST":
        services.discard_draft(draft=draft)
        messages.success(request, "The draft is discarded.")
        return redirect("offers:offer_list")
    return render_page(request, "offers/draft_discard.html", {"draft": draft})


def _address(draft: OfferDraft, slug: str) -> str:
    if slug == REVIEW:
        return reverse("offers:draft_review", args=[draft.pk])
    return reverse("offers:draft_section", args=[draft.pk, slug])
