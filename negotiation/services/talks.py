"""The talk itself: opening it, what happened, the plan, the clock, the private values."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from negotiation.deadlines import Window, counted_from, plan_days, response_window
from negotiation.models import CallLog, Commitment, Event, Negotiation, PlanTask
from offers.models import Offer, OfferRevision

State = Offer.State
Kind = Event.Kind
PRIVATE_VALUES: Final = (
    "reservation_value",
    "aspiration_value",
    "stretch_value",
    "target_percentile",
    "leverage_factors",
    "alternative_label",
    "alternative_value",
    "raise_fraction",
    "discount_rate",
    "stay_years",
    "paper_fraction",
    "unit_value",
    "leaving_probability",
)
# What may be noted by hand; the others follow from what is done on their own pages.
NOTED: Final = frozenset(
    {
        Kind.LETTER_ASKED,
        Kind.ACKNOWLEDGED,
        Kind.QUESTIONS_ASKED,
        Kind.CALL_AGREED,
        Kind.FOLLOW_UP_SENT,
        Kind.EXTENSION_ASKED,
        Kind.STARTED,
        Kind.NOTE,
    }
)


class NothingBeforeTheLetter(ValueError):
    """Before a written offer there is nothing to ask for but the letter."""


@transaction.atomic
def open_negotiation(*, offer: Offer, as_of: dt.datetime) -> Negotiation:
    """Begin the talk about an offer, or return the one there is."""
    talk, _ = Negotiation.objects.get_or_create(offer=offer)
    catch_up(talk=talk, as_of=as_of)
    return talk


@transaction.atomic
def catch_up(*, talk: Negotiation, as_of: dt.datetime) -> bool:
    """Write down what follows from the offer since: the plan of a letter that has come.

    Running it again changes nothing. Returns whether anything was added.
    """
    offer = talk.offer
    if offer.state in {State.DECLINED, State.EXPIRED, State.WITHDRAWN}:
        return False
    if offer.state == State.ACCEPTED or not has_letter(offer):
        return False
    if talk.tasks.exclude(key="").filter(phase=PlanTask.Phase.ANSWER).exists():
        return False
    make_plan(talk=talk, as_of=as_of)
    return True


@transaction.atomic
def make_plan(*, talk: Negotiation, as_of: dt.datetime) -> list[PlanTask]:
    """Give every task of the plan its day; done tasks and the user's own stay as they are."""
    Negotiation.objects.select_for_update().get(pk=talk.pk)
    offer = talk.offer
    current = OfferRevision.objects.current().prefetch_related("grants").get(offer=offer)
    has_private_equity = bool(current.grants.all()) and not offer.company.is_public
    plan = plan_days(
        window_of(talk, as_of=as_of), offer.location, has_private_equity=has_private_equity
    )
    kept = {task.key: task for task in talk.tasks.exclude(key="")}
    tasks = []
    for position, (planned, day) in enumerate(plan):
        task = kept.get(planned.key) or PlanTask(negotiation=talk, key=planned.key)
        if task.done_at is None:
            task.title, task.due_date, task.position = planned.title, day, position
            task.phase = PlanTask.Phase.ANSWER
            task.full_clean()
            task.save()
        tasks.append(task)
    return tasks


def window_of(talk: Negotiation, *, as_of: dt.datetime) -> Window:
    """Return the time to answer, as the letter, the company's calendar and its clock say."""
    offer = talk.offer
    received = (
        counted_from(talk.letter_received_at, offer.location)
        if talk.letter_received_at is not None
        else offer.received_date
    )
    return response_window(
        received_date=received,
        location=offer.location,
        today=as_of.date(),
        stated_date=offer.respond_by_date if offer.is_respond_by_stated else None,
        due_at=talk.deadline_at,
        time_zone=talk.deadline_time_zone,
    )


def has_letter(offer: Offer) -> bool:
    """Say whether any terms of the offer are in writing."""
    return offer.revisions.filter(source=OfferRevision.Source.WRITTEN).exists()


@transaction.atomic
def note_event(
    *,
    talk: Negotiation,
    kind: str,
    happened_at: dt.datetime,
    note: str = "",
    due_date: dt.date | None = None,
) -> Event:
    """Put a moment on the timeline, and tick the task of the plan that it settles."""
    event = Event(
        negotiation=talk, kind=kind, happened_at=happened_at, note=note, due_date=due_date
    )
    event.full_clean()
    event.save()
    settled = {
        Kind.ACKNOWLEDGED: "acknowledge",
        Kind.QUESTIONS_ASKED: "equity-questions",
        Kind.CALL_AGREED: "arrange-call",
        Kind.CALL_HELD: "call",
        Kind.FOLLOW_UP_SENT: "recap",
        Kind.EXTENSION_ASKED: "more-time",
        Kind.ASK_PUT: "call",
    }.get(Kind(kind))
    if settled is not None:
        talk.tasks.filter(key=settled, done_at__isnull=True).update(done_at=happened_at)
    if kind == Kind.FOLLOW_UP_SENT:
        talk.calls.filter(recap_sent_at__isnull=True).update(recap_sent_at=happened_at)
    return event


@transaction.atomic
def set_deadline(
    *,
    talk: Negotiation,
    received_at: dt.datetime | None,
    due_date: dt.date | None,
    due_at: dt.datetime | None,
    time_zone: str,
    was_granted: bool,
    as_of: dt.datetime,
) -> Negotiation:
    """Save when the letter came and until when it asks for an answer, and move the plan with it."""
    offer = Offer.objects.select_for_update().get(pk=talk.offer_id)
    talk.letter_received_at, talk.deadline_at = received_at, due_at
    talk.deadline_time_zone = time_zone
    talk.full_clean()
    talk.save(
        update_fields=["letter_received_at", "deadline_at", "deadline_time_zone", "updated_at"]
    )
    offer.is_respond_by_stated = due_date is not None
    offer.respond_by_date = due_date
    talk.offer = offer
    window = window_of(talk, as_of=as_of)
    offer.respond_by_date = window.due_date
    offer.full_clean()
    offer.save(update_fields=["respond_by_date", "is_respond_by_stated", "updated_at"])
    if due_date is not None:
        note_event(
            talk=talk,
            kind=Kind.EXTENSION_GRANTED if was_granted else Kind.DEADLINE_SET,
            happened_at=as_of,
            due_date=window.due_date,
        )
    if has_letter(offer):
        make_plan(talk=talk, as_of=as_of)
    return talk


@transaction.atomic
def set_private_values(*, talk: Negotiation, values: dict[str, Any]) -> Negotiation:
    """Save what the user wants and assumes. None of it ever stands in a script."""
    for name in PRIVATE_VALUES:
        if name in values:
            setattr(talk, name, values[name])
    talk.full_clean()
    talk.save()
    talk.tasks.filter(key="three-values", done_at__isnull=True).update(done_at=talk.updated_at)
    return talk


@transaction.atomic
def add_task(
    *, talk: Negotiation, title: str, due_date: dt.date | None, phase: str, claim: str = ""
) -> PlanTask:
    """Add a task of the user's own."""
    task = PlanTask(
        negotiation=talk,
        title=title,
        due_date=due_date,
        phase=phase,
        claim=claim,
        position=talk.tasks.count(),
    )
    task.full_clean()
    task.save()
    return task


@transaction.atomic
def change_task(*, task: PlanTask, title: str, due_date: dt.date | None) -> PlanTask:
    """Change what a task says and when it is due."""
    task.title, task.due_date = title, due_date
    task.full_clean()
    task.save(update_fields=["title", "due_date"])
    return task


def tick_task(*, task: PlanTask, is_done: bool, as_of: dt.datetime) -> PlanTask:
    """Mark a task as done, or as open again."""
    task.done_at = as_of if is_done else None
    task.save(update_fields=["done_at"])
    return task


def drop_task(*, task: PlanTask) -> None:
    """Take a task off the plan."""
    task.delete()


@transaction.atomic
def log_call(
    *,
    talk: Negotiation,
    channel: str,
    held_at: dt.datetime,
    person: str,
    mood: str,
    notes: str,
    open_points: list[str],
    next_step: str,
    follow_up_date: dt.date | None,
    promises: Collection[dict[str, Any]] = (),
) -> CallLog:
    """Save a call as it was noted. What was agreed in it goes into the ledger, as words so far."""
    call = CallLog(
        negotiation=talk,
        channel=channel,
        held_at=held_at,
        person=person,
        mood=mood,
        notes=notes,
        open_points=open_points,
        next_step=next_step,
        follow_up_date=follow_up_date,
    )
    call.full_clean()
    call.save()
    for promise in promises:
        record_commitment(
            talk=talk,
            call=call,
            said_by=person,
            said_date=held_at.date(),
            channel=channel,
            **promise,
        )
    event = Event(negotiation=talk, kind=Kind.CALL_HELD, happened_at=held_at, call=call)
    event.full_clean()
    event.save()
    talk.tasks.filter(key="call", done_at__isnull=True).update(done_at=held_at)
    return call


@transaction.atomic
def record_commitment(
    *,
    talk: Negotiation,
    component: str,
    term: str,
    said_date: dt.date,
    amount: Decimal | None = None,
    quantity: Decimal | None = None,
    said_by: str = "",
    channel: str = "call",
    call: CallLog | None = None,
) -> Commitment:
    """Put a promise into the ledger: words, until a letter has it."""
    commitment = Commitment(
        negotiation=talk,
        call=call,
        component=component,
        term=term,
        amount=amount,
        quantity=quantity,
        said_by=said_by,
        said_date=said_date,
        channel=channel,
    )
    commitment.full_clean()
    commitment.save()
    return commitment
