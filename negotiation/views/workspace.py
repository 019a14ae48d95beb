"""The list of talks, the one page of a talk, its clock and its plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from config.http import AuthedRequest, render_page
from negotiation import selectors, services
from negotiation.forms.talks import DeadlineForm, EditTaskForm, EventForm, TaskForm
from negotiation.models import Event, Negotiation, PlanTask
from negotiation.views.doors import on_talk, position

# Where each "next step" leads; scripts are a page of their own and may not exist in a small house.
PAGES = {
    "ask": "negotiation:ask_builder",
    "call_sheet": "negotiation:call_sheet",
    "ledger": "negotiation:ledger",
    "accept": "negotiation:accept",
    "after": "negotiation:after",
    "letter": "offers:offer_detail",
}


@require_safe
def negotiation_list(request: AuthedRequest) -> HttpResponse:
    """Every offer of this person, with where its talk stands and what comes next."""
    return render_page(
        request,
        "negotiation/negotiation_list.html",
        {"rows": selectors.talk_cards(request.user, now=timezone.now())},
    )


@on_talk("GET", "HEAD")
def workspace(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Where the talk stands, what to do next, how ready one is, and what is at stake."""
    now = timezone.now()
    services.catch_up(talk=talk, as_of=now)
    return _workspace_page(request, talk, {})


@on_talk("POST")
def event_note(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Put a moment on the timeline."""
    form = EventForm(request.POST)
    if not form.is_valid():
        return _workspace_page(request, talk, {"event_form": form}, status=422)
    services.note_event(talk=talk, happened_at=timezone.now(), **form.cleaned_data)
    label = Event.Kind(form.cleaned_data["kind"]).label
    messages.success(request, f"Noted: {label.lower()}.")
    return _back(request, talk)


@on_talk("GET", "HEAD", "POST", is_frozen_after_yes=True)
def deadline(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """When the letter came, and until when it asks for an answer."""
    form = DeadlineForm(request.POST if request.method == "POST" else None, talk=talk)
    if form.is_valid():
        services.set_deadline(talk=talk, as_of=timezone.now(), **form.values)
        messages.success(request, "The days are set, and the plan moved with them.")
        return redirect("negotiation:workspace", talk.offer_id)
    context = {
        "form": form,
        "talk": talk,
        "offer": talk.offer,
        "window": services.window_of(talk, as_of=timezone.now()),
    }
    return render_page(
        request, "negotiation/deadline.html", context, status=422 if form.is_bound else 200
    )


@on_talk("POST")
def task_add(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    """Add a task of the user's own."""
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _workspace_page(request, talk, {"task_form": form}, status=422)
    services.add_task(talk=talk, **form.cleaned_data)
    messages.success(request, "The task is on the plan.")
    return _back(request, talk)


@on_talk("GET", "HEAD", "POST")
def task_edit(request: AuthedRequest, talk: Negotiation, task: PlanTask) -> HttpResponse:
    """Change a task, or take it off the plan."""
    if request.method == "POST" and "drop" in request.POST:
        services.drop_task(task=task)
        messages.success(request, "The task is off the plan.")
        return redirect("negotiation:workspace", talk.offer_id)
    initial = {"title": task.title, "due_date": task.due_date}
    form = EditTaskForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.change_task(task=task, **form.cleaned_data)
        messages.success(request, "The task is changed.")
        return redirect("negotiation:workspace", talk.offer_id)
    context = {"form": form, "task": task, "talk": talk, "offer": talk.offer}
    return render_page(
        request, "negotiation/task_edit.html", context, status=422 if form.is_bound else 200
    )


@on_talk("POST")
def task_tick(request: AuthedRequest, talk: Negotiation, task: PlanTask) -> HttpResponse:
    """Mark a task as done, or as open again."""
    services.tick_task(task=task, is_done=request.POST.get("done") == "yes", as_of=timezone.now())
    return _back(request, talk)


def next_url(talk: Negotiation, step: selectors.NextStep) -> str:
    """Return where a next step leads; the timeline where its page does not exist."""
    pk = talk.offer_id
    if step.page == "script":
        try:
            return reverse("negotiation:script", args=[pk, step.situation])
        except NoReverseMatch:
            return f"{reverse('negotiation:workspace', args=[pk])}#note-title"
    if step.page in PAGES:
        return reverse(PAGES[step.page], args=[pk])
    return f"{reverse('negotiation:workspace', args=[pk])}#timeline-title"


def _back(request: AuthedRequest, talk: Negotiation) -> HttpResponse:
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return redirect(asked)
    return redirect("negotiation:workspace", talk.offer_id)


def _workspace_page(
    request: AuthedRequest, talk: Negotiation, forms: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    window = services.window_of(talk, as_of=timezone.now())
    page = selectors.workspace(position(request, talk), window=window)
    context = {
        "page": page,
        "talk": talk,
        "offer": talk.offer,
        "today": page.position.today,
        "next_url": next_url(talk, page.next_step),
        "event_form": EventForm(),
        "task_form": TaskForm(),
        **forms,
    }
    return render_page(request, "negotiation/workspace.html", context, status=status)
