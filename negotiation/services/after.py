"""After yes: the first ninety days, and the results that the next raise rests on."""

import datetime as dt
from typing import Final

from django.db import transaction

from negotiation.models import Event, Negotiation, PlanTask, Win
from negotiation.services.talks import note_event
from offers.models import Offer

Phase = PlanTask.Phase
# Handbook part 5, "Start well": 30 people, context, one small delivery; 60 own a result; 90 visible outcome.
FIRST_DAYS: Final = (
    (
        Phase.FIRST_30,
        7,
        "meet-team",
        "Meet everybody you will work with, and ask what good looks like",
    ),
    (
        Phase.FIRST_30,
        14,
        "expectations",
        "Agree with your manager on what the first 90 days should bring",
    ),
    (Phase.FIRST_30, 21, "context", "Learn the systems, the data and the open problems"),
    (Phase.FIRST_30, 30, "small-delivery", "Deliver one small thing that somebody needed"),
    (Phase.FIRST_60, 45, "own-result", "Take on one result that is yours to answer for"),
    (
        Phase.FIRST_60,
        60,
        "first-log",
        "Log what you did, what it changed and where that can be seen",
    ),
    (Phase.FIRST_90, 80, "team-outcome", "Finish something that moves the team’s goal"),
    (Phase.FIRST_90, 90, "feedback", "Hold a feedback meeting: what went well, what to change"),
)


class NotAcceptedYet(ValueError):
    """The first days are planned once the offer is accepted."""


@transaction.atomic
def plan_first_days(*, talk: Negotiation, start_date: dt.date) -> list[PlanTask]:
    """Plan the first ninety days from the start date; tasks already done or edited keep their words.

    What the user claimed in scripts and calls stands beside the tasks as goals of their own.
    """
    Negotiation.objects.select_for_update().get(pk=talk.pk)
    offer = Offer.objects.select_for_update().get(pk=talk.offer_id)
    if offer.state != Offer.State.ACCEPTED:
        raise NotAcceptedYet
    if offer.start_date != start_date:
        offer.start_date = start_date
        offer.full_clean()
        offer.save(update_fields=["start_date", "updated_at"])
    talk.offer = offer
    kept = {task.key: task for task in talk.tasks.exclude(key="")}
    tasks = []
    for position, (phase, days, key, title) in enumerate(FIRST_DAYS):
        task = kept.get(key) or PlanTask(negotiation=talk, key=key, title=title)
        task.phase, task.position = phase, position
        if task.done_at is None:
            task.due_date = start_date + dt.timedelta(days=days)
        task.full_clean()
        task.save()
        tasks.append(task)
    return tasks


@transaction.atomic
def set_dates(
    *,
    talk: Negotiation,
    review_date: dt.date | None,
    stock_purchase_date: dt.date | None,
    board_approval_date: dt.date | None,
) -> Negotiation:
    """Save the days that no letter states: the review, buying stock, the board's approval."""
    talk.review_date = review_date
    talk.stock_purchase_date = stock_purchase_date
    talk.board_approval_date = board_approval_date
    talk.full_clean()
    talk.save()
    return talk


@transaction.atomic
def log_win(
    *,
    talk: Negotiation,
    happened_date: dt.date,
    what: str,
    effect: str,
    evidence: str,
    task: PlanTask | None = None,
) -> Win:
    """Save one result at work."""
    win = Win(
        negotiation=talk,
        task=task,
        happened_date=happened_date,
        what=what,
        effect=effect,
        evidence=evidence,
    )
    win.full_clean()
    win.save()
    return win


def drop_win(*, win: Win) -> None:
    """Take a result out of the log."""
    win.delete()


def start_work(*, talk: Negotiation, as_of: dt.datetime) -> Event:
    """Note the first day at work."""
    return note_event(talk=talk, kind=Event.Kind.STARTED, happened_at=as_of)
