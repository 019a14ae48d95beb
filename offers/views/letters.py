"""The doors of a letter: put in, read, checked, compared with what stands, deleted."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from config.http import (
    STOP_POLLING,
    AuthedRequest,
    is_over_limit,
    owned,
    render_page,
    too_many_tries,
)
from offers import services
from offers.entry import typed_from
from offers.forms.letters import LetterForm
from offers.letter_entry import facts_of, typed_of_facts
from offers.letter_terms import (
    ACCEPT,
    CORRECT,
    REJECT,
    decided_facts,
    merged_typed,
    typed_on_record,
)
from offers.models import Letter, Offer, OfferRevision
from offers.selectors.letters import current_reading, kept_letters, question_mail
from offers.selectors.taxonomy import taxonomy
from offers.selectors.terms import terms_of
from offers.services.letters import MOST_FILES, MOST_LETTERS
from offers.uploads import LetterUploadHandler
from offers.views.letter_changes import changes_of
from offers.views.letter_page import LetterPage, letter_page

STATE = "letter-state"
# Reading a letter costs seconds of a worker; nobody has this many in an hour.
UPLOADS_AN_HOUR = 40


@require_safe
def letter_list(request: AuthedRequest) -> HttpResponse:
    """Every letter that is kept, the latest first."""
    return render_page(request, "offers/letter_list.html", {"letters": kept_letters(request.user)})


@csrf_exempt
def letter_new(request: HttpRequest) -> HttpResponse:
    """Put in the letter of a new offer."""
    request.upload_handlers = [LetterUploadHandler(request)]
    return _letter_new(request)


@csrf_exempt
def offer_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Put in a letter that changes an offer on record."""
    request.upload_handlers = [LetterUploadHandler(request)]
    return _offer_letter(request, pk)


# The token is checked here: whoever looks for it earlier reads the files with other handlers.
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _letter_new(request: Any) -> HttpResponse:
    return _put_in(request, None)


@csrf_protect
@owned(Offer.objects, "GET", "HEAD", "POST")
def _offer_letter(request: Any, offer: Offer) -> HttpResponse:
    return _put_in(request, offer)


def _put_in(request: AuthedRequest, offer: Offer | None) -> HttpResponse:
    form = LetterForm()
    if request.method == "POST":
        form = LetterForm(request.POST, request.FILES)
        if is_over_limit(
            scope="letters", key=str(request.user.pk), limit=UPLOADS_AN_HOUR, seconds=3600
        ):
            return too_many_tries(request, seconds=3600)
        letter = _submitted(request, form, offer)
        if letter is not None:
            return redirect("offers:letter_detail", letter.pk)
    context = {"form": form, "offer": offer, "most_files": MOST_FILES}
    return render_page(
        request, "offers/letter_new.html", context, status=422 if form.is_bound else 200
    )


def _submitted(request: AuthedRequest, form: LetterForm, offer: Offer | None) -> Letter | None:
    if not form.is_valid():
        return None
    try:
        return services.submit_letter(
            owner=request.user, uploads=form.uploads, as_of=timezone.now(), offer=offer
        )
    except services.TooManyFiles:
        form.add_error("chosen", f"Choose up to {MOST_FILES} files, the pasted text included.")
    except services.TooManyLetters:
        form.add_error(
            None, f"You keep {MOST_LETTERS} letters. Delete some that you no longer need."
        )
    return None


@owned(Letter.objects.with_offer(), "GET", "HEAD", "POST")
def letter_detail(request: AuthedRequest, letter: Letter) -> HttpResponse:
    """One letter: while it is read, where that failed, and what was read, to be checked."""
    lists = taxonomy()
    if request.method == "POST" and letter.reading:
        letter = _take_decisions(request, letter_page(letter, taxonomy=lists, today=_today()))
    page = letter_page(letter, taxonomy=lists, today=_today())
    if request.method == "POST" and letter.reading and not page.has_errors:
        return _go_on(request, letter, page)
    is_pending = letter.state in {Letter.State.QUEUED, Letter.State.RUNNING}
    context = {
        "page": page,
        "letter": letter,
        "is_pending": is_pending,
        "is_refused": page.has_errors,
        "question_mail": question_mail(page.gaps),
        "url": reverse("offers:letter_detail", args=[letter.pk]),
    }
    is_poll = request.headers.get("HX-Target") == STATE
    status = STOP_POLLING if is_poll and not is_pending else 422 if page.has_errors else 200
    answer = render_page(
        request, "offers/letter_detail.html", context, partials=[STATE], status=status
    )
    if is_poll and not is_pending:
        # The marks need the whole page.
        answer.headers["HX-Refresh"] = "true"
    return answer


def _take_decisions(request: AuthedRequest, page: LetterPage) -> Letter:
    """Keep what was chosen, before anything else is done with it."""
    answers = {
        str(question.number): chosen
        for question in page.questions
        if (chosen := request.POST.get(f"q{question.number}", ""))
        in {index for index, _ in question.choices}
    }
    decisions = {
        fact.key: _decision(request.POST, fact.number)
        for fact in page.facts
        if f"do{fact.number}" in request.POST
    }
    return services.decide_facts(letter=page.letter, answers=answers, decisions=decisions)


def _decision(posted: Mapping[str, Any], number: int) -> dict[str, str]:
    do = str(posted.get(f"do{number}", ACCEPT))
    if do == CORRECT:
        return {"do": CORRECT, "text": str(posted.get(f"text{number}", ""))[:300]}
    return {"do": REJECT if do == REJECT else ACCEPT}


def _go_on(request: AuthedRequest, letter: Letter, page: LetterPage) -> HttpResponse:
    """Do what the button says: keep it for later, show what changed, or fill the form."""
    action = request.POST.get("action", "fill")
    if action == "later":
        messages.success(request, "Your answers are saved. Go on whenever you like.")
        return redirect("offers:letter_detail", letter.pk)
    if action == "changes" and letter.offer is not None:
        return redirect("offers:letter_changes", letter.pk)
    if not (page.is_written_offer or page.is_recap):
        return redirect("offers:letter_detail", letter.pk)
    return _fill(letter)


def _fill(letter: Letter) -> HttpResponse:
    lists = taxonomy()
    facts, found = decided_facts(letter, lists)
    is_written = LetterPage(letter=letter, files=[]).is_written_offer
    source = OfferRevision.Source.WRITTEN if is_written else OfferRevision.Source.VERBAL
    typed = typed_of_facts(facts, notes=[aside.text for aside in found.asides], source=source)
    now = None
    if letter.offer is not None:
        now = typed_on_record(letter.offer)
        typed = merged_typed(now, typed)
    draft = services.fill_from_letter(
        letter=letter, typed=typed, terms_now=now, as_of=timezone.now()
    )
    return redirect("offers:draft_section", draft.pk, "role")


@owned(Letter.objects.with_offer(), "GET", "HEAD", "POST")
def letter_changes(request: AuthedRequest, letter: Letter) -> HttpResponse:
    """What a letter changes in the offer that it was put in for, sentence by sentence."""
    if letter.offer is None or not letter.reading:
        raise Http404
    page = LetterPage(letter=letter, files=[])
    if not (page.is_written_offer or page.is_recap):
        return redirect("offers:letter_detail", letter.pk)
    if request.method == "POST":
        return _fill(letter)
    lists = taxonomy()
    revision = OfferRevision.objects.with_terms().current().get(offer=letter.offer)
    facts, _ = decided_facts(letter, lists)
    earlier = (
        Letter.objects.visible_to(request.user)
        .filter(offer=letter.offer, state=Letter.State.DONE, created_at__lt=letter.created_at)
        .latest_first()
        .first()
    )
    before = facts_of(current_reading(earlier), lists).facts if earlier else []
    context = {
        "letter": letter,
        "offer": letter.offer,
        "revision": revision,
        "has_earlier": earlier is not None,
        "changes": changes_of(
            letter,
            facts,
            typed_from(terms_of(revision)),
            earlier=earlier,
            earlier_facts=before,
            taxonomy=lists,
            today=_today(),
        ),
    }
    return render_page(request, "offers/letter_changes.html", context)


@owned(Letter.objects, "POST")
def letter_retry(_request: AuthedRequest, letter: Letter) -> HttpResponse:
    """Read a letter again whose reading failed."""
    services.retry_reading(letter=letter, as_of=timezone.now())
    return redirect("offers:letter_detail", letter.pk)


@owned(Letter.objects, "GET", "HEAD", "POST")
def letter_delete(request: AuthedRequest, letter: Letter) -> HttpResponse:
    """Delete a letter at once, after a page that says what goes."""
    if request.method == "POST":
        services.delete_letter(letter=letter)
        messages.success(request, "The letter is deleted, and everything that was read in it.")
        return redirect("offers:letter_list")
    return render_page(request, "offers/letter_delete.html", {"letter": letter})


def _today() -> Any:
    return timezone.localdate()
