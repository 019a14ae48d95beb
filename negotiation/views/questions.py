"""The equity questions: what to ask, what they answered, and what that means."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from config.http import AuthedRequest, render_page
from negotiation.forms.answers import AnswerForm
from negotiation.models import Answer, Negotiation
from negotiation.selectors.flags import equity_flags
from negotiation.selectors.questions import open_questions
from negotiation.services.answers import record_answer
from negotiation.views.doors import on_talk, position


@on_talk("GET", "HEAD")
def question_list(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """The questions that apply, in order of worth, and the flags that follow from the answers."""
    found = position(request, talk)
    rows = open_questions(talk, found.terms)
    musts = [row for row in rows if row.is_must]
    context = {
        "talk": talk,
        "offer": talk.offer,
        "rows": rows,
        "musts": musts,
        "others": [row for row in rows if not row.is_must],
        "n_settled": sum(row.is_settled for row in musts),
        "n_to_ask": sum(row.is_to_ask for row in rows),
        "flags": equity_flags(found.terms, found.numbers, rows, today=found.today),
        "currency": found.currency,
        "is_written": found.is_written,
        "has_scenarios": bool(found.terms.exit_scenarios),
    }
    return render_page(request, "negotiation/questions.html", context)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def answer(request: AuthedRequest, talk: Negotiation, key: str) -> HttpResponse:
    """One question: what they said. Its figures go into the cap table and the grant."""
    found = position(request, talk)
    row = next(
        (row for row in open_questions(talk, found.terms) if row.question.key.lower() == key), None
    )
    if row is None:
        raise Http404
    table = found.terms.cap_table
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        question=row.question,
        currency=table.currency if table is not None else found.currency,
        answer=row.answer,
    )
    if form.is_valid():
        kept = record_answer(
            talk=talk,
            question=row.question,
            state=form.cleaned_data["state"],
            text=form.cleaned_data["text"],
            rating=form.cleaned_data["rating"],
            facts=form.figures,
            answered_by=form.cleaned_data["answered_by"],
            as_of=timezone.now(),
        )
        if kept.rating == Answer.Rating.UNCLEAR:
            messages.warning(
                request, "Kept. That is no clear answer yet: it holds no number and no yes or no."
            )
        else:
            messages.success(request, "Kept. What it settles is in the offer.")
        return redirect("negotiation:question_list", talk.offer_id)
    context = {"form": form, "row": row, "talk": talk, "offer": talk.offer}
    return render_page(
        request, "negotiation/answer.html", context, status=422 if form.is_bound else 200
    )
