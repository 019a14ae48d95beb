"""Reminders by mail, and private calendar addresses. What is owed is a row; beat only wakes us."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from negotiation.deadlines import business_days_before
from negotiation.models import CalendarFeed, Negotiation, Reminder
from negotiation.selectors.after import milestones
from negotiation.selectors.calendars import token_hash
from negotiation.services.talks import catch_up
from offers.models import Offer, OfferRevision
from offers.selectors import OPEN_STATES, terms_of

TOKEN_BYTES: Final = 32
FEED_LASTS: Final = dt.timedelta(days=400)
MOST_OPEN_FEEDS: Final = 5
# Mail goes out in the morning of the company's day.
MORNING: Final = dt.time(8)
RECAP_WITHIN: Final = dt.timedelta(hours=2)
CLAIM_LASTS: Final = dt.timedelta(minutes=10)
MOST_ATTEMPTS: Final = 5
# What is longer past than this helps nobody any more.
STALE_AFTER: Final = dt.timedelta(days=3)
AFTER_YES_AHEAD: Final = dt.timedelta(days=7)

Kind = Reminder.Kind
State = Reminder.State
log = structlog.get_logger(__name__)


class TooManyFeeds(ValueError):
    """A person has so many calendar addresses open that nobody can say who reads them."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A calendar address at its birth: the only moment at which its token is known."""

    feed: CalendarFeed
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder that should exist."""

    kind: str
    label: str
    about_date: dt.date
    send_at: dt.datetime


# --- reminders ---------------------------------------------------------------------------------


def plan_all_reminders(*, as_of: dt.datetime) -> int:
    """Bring the reminders of every talk up to date; return how many were added."""
    talks = (
        Negotiation.objects.filter(
            Q(offer__state__in=[*OPEN_STATES, Offer.State.ACCEPTED])
            | Q(reminders__state=State.WAITING)
        )
        .select_related("offer__location", "offer__company", "offer__owner")
        .distinct()
        .order_by("pk")
    )
    added = 0
    for talk in talks.iterator(chunk_size=200):
        with transaction.atomic():
            catch_up(talk=talk, as_of=as_of)
            added += plan_reminders(talk=talk, as_of=as_of)
    return added


@transaction.atomic
def plan_reminders(*, talk: Negotiation, as_of: dt.datetime) -> int:
    """Write down which mails this talk owes, and drop those it owes no longer.

    Running it again adds nothing: a reminder is one row per kind, label and day.
    """
    owed = owed_reminders(talk)
    keys = {(one.kind, one.label, one.about_date) for one in owed}
    for row in talk.reminders.waiting():
        if (row.kind, row.label, row.about_date) not in keys:
            talk.reminders.waiting().filter(pk=row.pk).update(state=State.CANCELLED)
    added = 0
    for one in owed:
        if one.send_at < as_of - STALE_AFTER:
            continue
        row, is_new = Reminder.objects.get_or_create(
            negotiation=talk,
            kind=one.kind,
            label=one.label,
            about_date=one.about_date,
            defaults={"send_at": one.send_at},
        )
        if not is_new and row.state == State.CANCELLED:
            talk.reminders.filter(pk=row.pk, state=State.CANCELLED).update(
                state=State.WAITING, send_at=one.send_at
            )
        added += is_new
    return added


def owed_reminders(talk: Negotiation) -> list[Owed]:
    """Return the mails that this talk should send, sent already or not."""
    offer = talk.offer
    place = offer.location
    found: list[Owed] = []
    if offer.state in OPEN_STATES:
        if offer.respond_by_date is not None:
            due = offer.respond_by_date
            for kind, days in ((Kind.ANSWER_DUE_SOON, 2), (Kind.ANSWER_DUE_NEXT, 1)):
                day = business_days_before(due, days, place)
                found.append(Owed(kind, "", due, _morning(day, place.time_zone)))
        for call in talk.calls.all():
            if call.recap_sent_at is None:
                found.append(
                    Owed(
                        Kind.RECAP_OWED,
                        f"call {call.pk}",
                        call.held_at.date(),
                        call.held_at + RECAP_WITHIN,
                    )
                )
            if call.follow_up_date is not None:
                found.append(
                    Owed(
                        Kind.FOLLOW_UP,
                        f"call {call.pk}",
                        call.follow_up_date,
                        _morning(call.follow_up_date, place.time_zone),
                    )
                )
    elif offer.state == Offer.State.ACCEPTED and offer.start_date is not None:
        revision = OfferRevision.objects.current().with_terms().get(offer=offer)
        found += [
            Owed(
                Kind.AFTER_YES,
                one.title[:120],
                one.day,
                _morning(one.day - AFTER_YES_AHEAD, place.time_zone),
            )
            for one in milestones(talk, terms_of(revision), start_date=offer.start_date)
            if not one.is_assumed
        ]
    return found


def send_reminders(*, clock: Callable[[], dt.datetime]) -> int:
    """Send what is owed by now; return how many mails went out.

    A row is claimed before its mail is sent and marked after, so two workers never send one mail.
    What a killed worker left is claimed again, and given up after a few tries.
    """
    now = clock()
    Reminder.objects.filter(state=State.SENDING, claimed_at__lt=now - CLAIM_LASTS).update(
        state=State.WAITING
    )
    Reminder.objects.waiting().filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED)
    due = (
        Reminder.objects.waiting()
        .filter(send_at__lte=now)
        .select_related("negotiation__offer__owner")
        .order_by("send_at", "pk")[:200]
    )
    return sum(_send(row, clock) for row in due)


def _send(row: Reminder, clock: Callable[[], dt.datetime]) -> bool:
    claimed = (
        Reminder.objects.waiting()
        .filter(pk=row.pk)
        .update(state=State.SENDING, claimed_at=clock(), attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    try:
        send_mail(
            subject=f"Parley: {SUBJECTS[Kind(row.kind)]}",
            message=_message(row),
            from_email=None,
            recipient_list=[row.negotiation.offer.owner.email],
        )
    except Exception:
        log.exception("reminder_not_sent", reminder_id=row.pk)
        Reminder.objects.filter(pk=row.pk, state=State.SENDING).update(
            state=State.WAITING, last_error="The mail server did not take it."
        )
        return False
    Reminder.objects.filter(pk=row.pk).update(state=State.SENT, sent_at=clock(), last_error="")
    return True


SUBJECTS: Final = {
    Kind.ANSWER_DUE_SOON: "an answer is due in two business days",
    Kind.ANSWER_DUE_NEXT: "an answer is due on the next business day",
    Kind.FOLLOW_UP: "they said they would come back to you",
    Kind.RECAP_OWED: "send the recap of your call",
    Kind.AFTER_YES: "a date of your offer is near",
}


def _message(row: Reminder) -> str:
    """Return the words of the mail: a day and a link, and nothing that anybody else should read."""
    path = reverse("negotiation:workspace", args=[row.negotiation.offer_id])
    return render_to_string(
        "negotiation/email/reminder.txt",
        {"reminder": row, "url": settings.PUBLIC_URL.rstrip("/") + path},
    )


def _morning(day: dt.date, time_zone: str) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, tzinfo=ZoneInfo(time_zone))


# --- calendar addresses ------------------------------------------------------------------------


@transaction.atomic
def open_calendar_feed(*, owner: User, label: str, as_of: dt.datetime) -> NewFeed:
    """Make a private calendar address. Its token is returned once and stored as a hash only."""
    User.objects.select_for_update().get(pk=owner.pk)
    n_open = owner.calendar_feeds.filter(revoked_at__isnull=True, expires_at__gt=as_of).count()
    if n_open >= MOST_OPEN_FEEDS:
        raise TooManyFeeds
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed(
        owner=owner, label=label, token_hash=token_hash(token), expires_at=as_of + FEED_LASTS
    )
    feed.full_clean()
    feed.save()
    return NewFeed(feed, token)


def revoke_calendar_feed(*, feed: CalendarFeed, as_of: dt.datetime) -> bool:
    """End an address at once; return whether it had not been ended before."""
    ended = CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(
        revoked_at=as_of
    )
    return bool(ended)


def note_feed_read(*, feed: CalendarFeed, as_of: dt.datetime) -> None:
    """Write down when a calendar last read the address."""
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=as_of)
