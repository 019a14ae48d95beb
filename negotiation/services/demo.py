"""The demonstration in full swing: one talk between the call and the revised letter, one just begun."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounts.models import User
from negotiation.models import Component, Evidence, Negotiation, ReplyKind
from negotiation.selectors import open_gap, position_of
from negotiation.services.asks import (
    WantedAsk,
    add_evidence,
    cite_offer,
    move_gap,
    note_reply,
    prepare_asks,
    put_asks,
)
from negotiation.services.talks import (
    log_call,
    note_event,
    open_negotiation,
    record_commitment,
    set_private_values,
)
from negotiation.services.words import record_statements
from offers.models import Offer, OfferRevision
from offers.sample import LISTED_COMPANY, STARTUP
from offers.selectors import horizon

CONTACT: Final = "Priya"


@transaction.atomic
def seed_demo_talks(*, user: User, as_of: dt.datetime) -> Negotiation | None:
    """Put the demonstration's offers into talks; what is there already stays as it is.

    The start-up has been asked for base and equity, capped base, and promised a sign-on that no
    letter has yet. The listed company's letter has only been acknowledged.
    """
    theirs = Offer.objects.visible_to(user).select_related("company", "location")
    startup = theirs.filter(company__name=STARTUP).first()
    listed = theirs.filter(company__name=LISTED_COMPANY).first()
    if startup is None or listed is None:
        return None
    other = open_negotiation(offer=listed, as_of=as_of)
    if not other.events.exists():
        note_event(talk=other, kind="acknowledged", happened_at=as_of - dt.timedelta(days=1))
    talk = open_negotiation(offer=startup, as_of=as_of)
    if talk.asks.exists() or startup.state != Offer.State.WRITTEN:
        return talk
    _prepare(talk, listed, as_of=as_of - dt.timedelta(days=2))
    _hold_the_call(talk, as_of=as_of - dt.timedelta(hours=3))
    return talk


def _prepare(talk: Negotiation, listed: Offer, *, as_of: dt.datetime) -> None:
    note_event(talk=talk, kind="acknowledged", happened_at=as_of - dt.timedelta(days=1))
    add_evidence(
        talk=talk,
        fields={
            "kind": Evidence.Kind.POSTED_RANGE,
            "component": "base",
            "label": "Staff machine learning engineer, San Francisco, as posted",
            "source_names": "The job posting",
            "currency": "USD",
            "low": Decimal(200_000),
            "high": Decimal(245_000),
            "as_of_date": as_of.date() - dt.timedelta(days=40),
        },
    )
    add_evidence(
        talk=talk,
        fields={
            "kind": Evidence.Kind.NETWORK,
            "component": "base",
            "label": "Staff engineers at Series B companies, San Francisco",
            "source_names": "People I know",
            "currency": "USD",
            "low": Decimal(215_000),
            "median": Decimal(228_000),
            "high": Decimal(240_000),
            "sample_size": 6,
            "is_matched": True,
            "as_of_date": as_of.date() - dt.timedelta(days=70),
        },
    )
    revision = OfferRevision.objects.current().get(offer=listed)
    cite_offer(talk=talk, revision=revision, today=as_of.date())
    set_private_values(
        talk=talk,
        values={
            "aspiration_value": Decimal(245_000),
            "reservation_value": Decimal(212_000),
            "leverage_factors": ["rare_match", "they_came_first", "content"],
            "alternative_label": "The job I have",
            "alternative_value": Decimal(205_000),
        },
    )
    record_statements(
        talk=talk,
        words={
            "team_reason": "the evaluation work that the team showed me",
            "value_reason": "I have shipped a training platform of this size before.",
        },
        is_preferred=True,
        would_sign=False,
        extension_date=None,
        forfeited_label="",
        forfeited_amount=None,
        forfeited_date=None,
        may_be_named=False,
        as_of=as_of,
    )
    quantity = Decimal(240_000)
    prepare_asks(
        talk=talk,
        wanted=[
            WantedAsk(
                component=Component.BASE,
                current_amount=Decimal(205_000),
                amount=Decimal(230_000),
                reason="Within what comparable roles pay as base salary",
            ),
            WantedAsk(
                component=Component.EQUITY,
                current_quantity=quantity,
                quantity=quantity + Decimal(60_000),
                reason="Equity usually has the most room",
            ),
            WantedAsk(
                component=Component.TERM,
                term="Five years to exercise after leaving, instead of 90 days",
            ),
        ],
        as_of=as_of,
    )


def _hold_the_call(talk: Negotiation, *, as_of: dt.datetime) -> None:
    put_asks(talk=talk, channel="call", as_of=as_of)
    base = talk.asks.get(component=Component.BASE)
    note_reply(
        ask=base,
        reply=ReplyKind.BAND_LIMIT,
        amount=Decimal(212_000),
        words="We are at the top of the L6 band with that",
        person=CONTACT,
        as_of=as_of,
    )
    talk.refresh_from_db()
    where = position_of(talk, horizon_years=horizon(talk.offer.owner), now=as_of)
    gap = open_gap(talk, terms=where.terms, numbers=where.numbers, asks=where.asks)
    package = (
        next((one for one in gap.packages if one.sign_on and not one.units), None) if gap else None
    )
    if package is not None:
        move_gap(talk=talk, package=package, current={}, as_of=as_of)
        put_asks(talk=talk, channel="call", as_of=as_of)
    call = log_call(
        talk=talk,
        channel="call",
        held_at=as_of,
        person=CONTACT,
        mood="Warm; hurried when equity came up",
        notes="Likes the eval work. Base is capped at the band. Will take the sign-on to finance.",
        open_points=["A longer window to exercise", "Start date in February"],
        next_step="A revised letter with the base and the sign-on",
        follow_up_date=as_of.date() + dt.timedelta(days=3),
    )
    record_commitment(
        talk=talk,
        component=Component.BASE,
        term="Base at the top of the band",
        amount=Decimal(212_000),
        said_by=CONTACT,
        said_date=as_of.date(),
        call=call,
    )
    record_commitment(
        talk=talk,
        component=Component.SIGN_ON,
        term="A sign-on of 40,000",
        amount=Decimal(40_000),
        said_by=CONTACT,
        said_date=as_of.date(),
        call=call,
    )
    record_commitment(
        talk=talk,
        component=Component.TERM,
        term="A review of pay after six months",
        said_by=CONTACT,
        said_date=as_of.date(),
        call=call,
    )
