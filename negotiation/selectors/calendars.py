"""Days of a talk for other calendars: without a company, an amount or a name, which others may read."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from accounts.models import User
from negotiation.models import CalendarFeed, Negotiation
from negotiation.selectors.after import milestones
from offers.models import Offer, OfferRevision
from offers.selectors import OPEN_STATES, terms_of

PRODUCT: Final = "-//Parley//Negotiation//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One entry: a whole day, or the moment of a deadline that names an hour."""

    uid: str
    title: str
    day: dt.date
    moment: dt.datetime | None = None
    path: str = ""


def token_hash(token: str) -> str:
    """Return what is stored in place of a token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_feed(token: str, *, as_of: dt.datetime) -> CalendarFeed | None:
    """Return the feed that is open under this token; ended, expired and never made are one answer."""
    return (
        CalendarFeed.objects.select_related("owner")
        .filter(token_hash=token_hash(token), revoked_at__isnull=True, expires_at__gt=as_of)
        .first()
    )


def days_of_talk(talk: Negotiation) -> list[CalendarDay]:
    """Return the days of one talk: before yes the answer and the plan, after it what follows."""
    offer = talk.offer
    path = reverse("negotiation:workspace", args=[offer.pk])
    found: list[CalendarDay] = []
    if offer.state in OPEN_STATES and offer.respond_by_date is not None:
        found.append(
            CalendarDay(
                uid=f"answer-{talk.pk}",
                title="Answer to an offer is due",
                day=offer.respond_by_date,
                moment=talk.deadline_at,
                path=path,
            )
        )
    is_accepted = offer.state == Offer.State.ACCEPTED
    if is_accepted or offer.state in OPEN_STATES:
        tasks = talk.tasks.filter(done_at__isnull=True, due_date__isnull=False).order_by(
            "due_date", "position", "pk"
        )
        found += [
            CalendarDay(
                uid=f"task-{task.pk}", title=task.title, day=task.due_date or dt.date.max, path=path
            )
            for task in tasks
            if (task.phase != task.Phase.ANSWER) is is_accepted
        ]
    if is_accepted and offer.start_date is not None:
        revision = OfferRevision.objects.current().with_terms().get(offer=offer)
        found += [
            CalendarDay(uid=f"{one.key}-{talk.pk}", title=one.title, day=one.day, path=path)
            for one in milestones(talk, terms_of(revision), start_date=offer.start_date)
        ]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))


def days_of_owner(owner: User) -> list[CalendarDay]:
    """Return the days of every talk of a person."""
    talks = (
        Negotiation.objects.visible_to(owner)
        .select_related("offer__company", "offer__location")
        .order_by("pk")
    )
    return [entry for talk in talks for entry in days_of_talk(talk)]


def calendar_text(days: Iterable[CalendarDay], *, as_of: dt.datetime, base_url: str) -> bytes:
    """Return the days as an iCalendar file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Parley")
    for entry in days:
        event = CalendarEvent()
        event.add("uid", f"{entry.uid}@parley")
        event.add("dtstamp", as_of.astimezone(dt.UTC))
        event.add("summary", entry.title)
        if entry.moment is not None:
            event.add("dtstart", entry.moment.astimezone(dt.UTC))
        else:
            event.add("dtstart", entry.day)
            event.add("dtend", entry.day + dt.timedelta(days=1))
            event.add("transp", "TRANSPARENT")
        if entry.path:
            event.add("url", base_url.rstrip("/") + entry.path)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
