"""Asks: preparing them, putting them, noting what they said, moving a gap elsewhere."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from market.selectors.network import people_i_know
from negotiation.bargaining import Package, SizingRules
from negotiation.models import (
    Ask,
    AskRound,
    Commitment,
    Component,
    Event,
    Evidence,
    Negotiation,
    ReplyKind,
)
from negotiation.selectors.evidence import unusable_because
from negotiation.selectors.published import cents, published_ranges
from negotiation.services.talks import (
    NothingBeforeTheLetter,
    has_letter,
    note_event,
    record_commitment,
)
from offers.models import Offer, OfferRevision
from offers.selectors.market import jobs_of
from offers.services import move_offer

State = Ask.State
AGREED: Final = frozenset({ReplyKind.YES, ReplyKind.PARTIAL_YES})
# Evidence from the user's own network that was put together, not typed.
NETWORK: Final = "network points"
# Below so many, a range is what was seen and no percentile.
FEW: Final = 5
ENOUGH_FOR_TAIL: Final = SizingRules().least_tail_sample


class NotCitable(ValueError):
    """Only another written offer of the same person that is still open can be cited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAsk:
    """One line of the builder as it was sent."""

    component: str
    amount: Decimal | None = None
    quantity: Decimal | None = None
    current_amount: Decimal | None = None
    current_quantity: Decimal | None = None
    term: str = ""
    reason: str = ""


@transaction.atomic
def prepare_asks(
    *, talk: Negotiation, wanted: Sequence[WantedAsk], as_of: dt.datetime
) -> list[Ask]:
    """Save the asks of a talk as prepared; what is no longer wanted and was not put yet goes.

    An ask that was put already keeps its history: a new figure for it is a round of ours.
    """
    Negotiation.objects.select_for_update().get(pk=talk.pk)
    if not has_letter(talk.offer):
        raise NothingBeforeTheLetter
    revision = OfferRevision.objects.current().get(offer_id=talk.offer_id)
    evidence = list(talk.evidence.all())
    talk.asks.filter(state=State.DRAFT).delete()
    asks = []
    for position, line in enumerate(wanted):
        put = talk.asks.filter(component=line.component, state=State.PUT).first()
        if put is not None and line.component not in {Component.TERM, Component.LEVEL}:
            if (put.amount, put.quantity) != (line.amount, line.quantity):
                put.amount, put.quantity = line.amount, line.quantity
                put.reason = line.reason or put.reason
                put.full_clean()
                put.save(update_fields=["amount", "quantity", "reason", "updated_at"])
                _add_round(
                    put,
                    side=AskRound.Side.US,
                    said_at=as_of,
                    amount=line.amount,
                    quantity=line.quantity,
                )
            asks.append(put)
            continue
        ask = Ask(
            negotiation=talk,
            revision=revision,
            position=position,
            component=line.component,
            term=line.term,
            current_amount=line.current_amount,
            current_quantity=line.current_quantity,
            amount=line.amount,
            quantity=line.quantity,
            reason=line.reason,
        )
        ask.full_clean()
        ask.save()
        ask.evidence.set(row for row in evidence if row.component in {"total", line.component})
        asks.append(ask)
    talk.tasks.filter(key="packages", done_at__isnull=True).update(done_at=as_of)
    return asks


@transaction.atomic
def put_asks(*, talk: Negotiation, channel: str, as_of: dt.datetime) -> list[Ask]:
    """Mark every prepared ask as put: one consolidated ask. Not before a written offer."""
    offer = Offer.objects.select_for_update().get(pk=talk.offer_id)
    if not has_letter(offer):
        raise NothingBeforeTheLetter
    asks = list(talk.asks.select_for_update().filter(state=State.DRAFT).order_by("position", "pk"))
    if not asks:
        return []
    for ask in asks:
        ask.state, ask.put_at, ask.put_channel = State.PUT, as_of, channel
        ask.save(update_fields=["state", "put_at", "put_channel", "updated_at"])
        _add_round(
            ask,
            side=AskRound.Side.US,
            said_at=as_of,
            amount=ask.amount,
            quantity=ask.quantity,
            channel=channel,
        )
    note_event(talk=talk, kind=Event.Kind.ASK_PUT, happened_at=as_of)
    if offer.state == Offer.State.WRITTEN:
        move_offer(offer=offer, to=Offer.State.NEGOTIATING, as_of=as_of)
        talk.offer.state = Offer.State.NEGOTIATING
    return asks


@transaction.atomic
def note_reply(
    *,
    ask: Ask,
    reply: str,
    as_of: dt.datetime,
    amount: Decimal | None = None,
    quantity: Decimal | None = None,
    words: str = "",
    person: str = "",
    channel: str = "call",
) -> Commitment | None:
    """Save what they said to an ask. A yes becomes a promise in the ledger, and nothing more yet."""
    locked = Ask.objects.select_for_update().select_related("negotiation").get(pk=ask.pk)
    talk = locked.negotiation
    if locked.state == State.DRAFT:
        put_asks(talk=talk, channel=channel, as_of=as_of)
        locked.refresh_from_db()
    kind = ReplyKind(reply)
    if kind is ReplyKind.YES:
        amount, quantity = amount or locked.amount, quantity or locked.quantity
    _add_round(
        locked,
        side=AskRound.Side.THEM,
        reply=reply,
        said_at=as_of,
        amount=amount,
        quantity=quantity,
        words=words,
        person=person,
        channel=channel,
    )
    if kind in {ReplyKind.BAND_LIMIT, ReplyKind.NO_EQUITY}:
        _cap(talk, Component.EQUITY if kind is ReplyKind.NO_EQUITY else locked.component)
    # The top of a band is no refusal: the ask stands, and what is left of it moves elsewhere.
    states = {
        ReplyKind.YES: State.AGREED,
        ReplyKind.PARTIAL_YES: State.PARTLY,
        ReplyKind.NO: State.REFUSED,
        ReplyKind.NO_EQUITY: State.REFUSED,
    }
    if kind in states:
        locked.state = states[kind]
        locked.save(update_fields=["state", "updated_at"])
    Event.objects.create(
        negotiation=talk, kind=Event.Kind.REPLY, happened_at=as_of, note=kind.label
    )
    ask.state = locked.state
    if kind not in AGREED:
        return None
    return record_commitment(
        talk=talk,
        component=locked.component,
        term=locked.term or str(locked.get_component_display()),
        amount=amount,
        quantity=quantity,
        said_by=person,
        said_date=as_of.date(),
        channel=channel,
    )


@transaction.atomic
def move_gap(
    *, talk: Negotiation, package: Package, current: dict[str, Decimal], as_of: dt.datetime
) -> list[Ask]:
    """Ask for the package in place of the base that is capped: equity, a sign-on, or both.

    The old ask for base keeps its rounds and stands as refused; an open ask for the component that
    takes the gap is raised by it.
    """
    Negotiation.objects.select_for_update().get(pk=talk.pk)
    if not has_letter(talk.offer):
        raise NothingBeforeTheLetter
    talk.asks.filter(component=Component.BASE, state__in=[State.DRAFT, State.PUT]).update(
        state=State.REFUSED, updated_at=as_of, put_at=as_of
    )
    if not package.base_rise:
        _cap(talk, Component.BASE)
    revision = OfferRevision.objects.current().get(offer_id=talk.offer_id)
    reason = "In place of base salary, which their band caps"
    rises: list[tuple[str, str, Decimal]] = []
    if package.sign_on:
        rises.append((Component.SIGN_ON, "amount", Decimal(str(package.sign_on))))
    if package.units:
        rises.append((Component.EQUITY, "quantity", Decimal(package.units)))
    asks = []
    for component, figure, rise in rises:
        ask = talk.asks.filter(component=component, state__in=[State.DRAFT, State.PUT]).first()
        now = current.get(component, Decimal(0))
        if ask is None:
            ask = Ask(
                negotiation=talk,
                revision=revision,
                component=component,
                position=talk.asks.count(),
                **{f"current_{figure}": now, figure: now + rise},
            )
        else:
            setattr(ask, figure, (getattr(ask, figure) or now) + rise)
        ask.reason = reason
        ask.full_clean()
        ask.save()
        if ask.state == State.PUT:
            _add_round(
                ask,
                side=AskRound.Side.US,
                said_at=as_of,
                amount=ask.amount,
                quantity=ask.quantity,
            )
        asks.append(ask)
    if package.has_review:
        asks.append(
            _term(
                talk,
                revision,
                Component.TERM,
                "A review of base salary after six months, in writing",
            )
        )
    if package.base_rise:
        now = revision.base_salary or Decimal(0)
        asks.append(
            Ask.objects.create(
                negotiation=talk,
                revision=revision,
                component=Component.BASE,
                current_amount=now,
                amount=now + Decimal(str(package.base_rise)),
                reason="A smaller rise of base, with the rest elsewhere",
                position=talk.asks.count(),
            )
        )
    return asks


@transaction.atomic
def add_evidence(*, talk: Negotiation, fields: dict[str, Any]) -> Evidence:
    """Put on record what an ask rests on, with its source, number and date."""
    row = Evidence(negotiation=talk, **fields)
    row.full_clean()
    row.save()
    talk.tasks.filter(key="market-data", done_at__isnull=True).update(done_at=row.created_at)
    return row


@transaction.atomic
def take_benchmark(*, talk: Negotiation) -> list[Evidence]:
    """Put the published cells for this role, level and place on record, as they stand today.

    A cell that is modelled or too small to be quoted is taken as such, and justifies nothing. What was
    taken before gives way to what is published now.
    """
    offer = talk.offer
    revision = OfferRevision.objects.current().get(offer=offer)
    published = published_ranges(offer, currency=revision.currency)
    if not published:
        return []
    talk.evidence.filter(kind=Evidence.Kind.BENCHMARK).delete()
    return [add_evidence(talk=talk, fields=fields) for fields in published]


@transaction.atomic
def take_network(*, talk: Negotiation, today: dt.date) -> list[Evidence]:
    """Put on record what people this user knows accepted, as far as their jobs compare with this one.

    The market's guard says whose do. No name is kept: a range, how many, and the day of the oldest.
    With few of them the range is what was seen; percentiles are never claimed.
    """
    offer = talk.offer
    currency = OfferRevision.objects.current().get(offer=offer).currency
    [job] = jobs_of([(offer, offer.company)])
    known = people_i_know(offer.owner, job, currency=currency, as_of=today)
    talk.evidence.filter(kind=Evidence.Kind.NETWORK, reference=NETWORK).delete()
    rows = []
    for component, found in (("total", known.total), ("base", known.base)):
        counted = [one for one in known.counted if getattr(one, component) is not None]
        if found is None or not counted:
            continue
        is_few = found.n < FEW
        low, high = (found.minimum, found.maximum) if is_few else (found.p25, found.p75)
        rows.append(
            add_evidence(
                talk=talk,
                fields={
                    "kind": Evidence.Kind.NETWORK,
                    "component": component,
                    "label": "People I know, in comparable jobs",
                    "source_names": "First-hand",
                    "currency": currency,
                    "low": cents(Decimal(str(low))),
                    "median": cents(Decimal(str(found.p50))),
                    "high": cents(Decimal(str(high))),
                    "top": cents(Decimal(str(found.p90))) if found.n >= ENOUGH_FOR_TAIL else None,
                    "sample_size": found.n,
                    "as_of_date": min(one.point.observed_date for one in counted),
                    "is_matched": True,
                    "reference": NETWORK,
                },
            )
        )
    return rows


@transaction.atomic
def cite_offer(*, talk: Negotiation, revision: OfferRevision, today: dt.date) -> Evidence:
    """Put another written offer of the same person on record as evidence; nobody else's, no other."""
    offer = revision.offer
    is_theirs = offer.owner_id == talk.offer.owner_id and offer.pk != talk.offer_id
    is_written = revision.source == OfferRevision.Source.WRITTEN and revision.superseded_at is None
    if not (is_theirs and is_written) or unusable_because(offer, today):
        raise NotCitable
    row = Evidence(
        negotiation=talk,
        kind=Evidence.Kind.COMPETING_OFFER,
        competing_revision=revision,
        label="A written offer of another company",
        currency=revision.currency,
        as_of_date=revision.stated_date,
    )
    row.full_clean()
    row.save()
    return row


def drop_evidence(*, row: Evidence) -> None:
    """Take evidence off the record of a talk."""
    row.delete()


def drop_ask(*, ask: Ask) -> None:
    """Take back an ask: one never put disappears, one that was put stays as dropped."""
    if ask.state == State.DRAFT:
        ask.delete()
    else:
        ask.state = State.DROPPED
        ask.save(update_fields=["state", "updated_at"])


def _cap(talk: Negotiation, component: str) -> None:
    if component not in talk.capped_components:
        talk.capped_components = [*talk.capped_components, str(component)]
        talk.save(update_fields=["capped_components", "updated_at"])


def _term(talk: Negotiation, revision: OfferRevision, component: str, term: str) -> Ask:
    ask = Ask(
        negotiation=talk,
        revision=revision,
        component=component,
        term=term,
        position=talk.asks.count(),
    )
    ask.full_clean()
    ask.save()
    return ask


def _add_round(ask: Ask, **fields: Any) -> AskRound:
    round_ = AskRound(ask=ask, number=ask.rounds.count() + 1, **fields)
    round_.full_clean()
    round_.save()
    return round_
