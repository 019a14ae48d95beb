"""Promises and letters: asking for them in writing, finding them, accepting with open eyes."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction

from market.models import Contribution
from market.services import Published, contribute, published_form, withdraw_contribution
from negotiation.models import Ask, Commitment, Event, Negotiation, OutcomeRecord
from negotiation.selectors.ledger import OPEN, ledger
from negotiation.selectors.pay import PayParts, pay_parts
from negotiation.services.talks import note_event
from offers.models import Offer, OfferRevision
from offers.selectors import OfferNumbers, horizon, offer_numbers, terms_of
from offers.services import move_offer

State = Commitment.State


class StillOnlyWords(ValueError):
    """Promises are in no letter, and were not confirmed one by one."""

    def __init__(self, commitments: Collection[Commitment]) -> None:
        super().__init__(f"{len(commitments)} promises are only words")
        self.commitments = tuple(commitments)


class NoLetterToCompare(ValueError):
    """The current terms are only verbal, so nothing can be found in them."""


@transaction.atomic
def ask_in_writing(*, talk: Negotiation, as_of: dt.datetime) -> int:
    """Mark every promise that is only said as asked for in writing; return how many there were."""
    asked = talk.commitments.filter(state=State.VERBAL).update(state=State.ASKED, asked_at=as_of)
    if asked:
        note_event(talk=talk, kind=Event.Kind.FOLLOW_UP_SENT, happened_at=as_of)
    return asked


@transaction.atomic
def settle_ledger(*, talk: Negotiation, as_of: dt.datetime) -> int:
    """Mark what the current letter shows as found in it; return how many promises that were."""
    read = ledger(talk, horizon_years=horizon(talk.offer.owner))
    if not read.is_written:
        raise NoLetterToCompare
    found = [promise.commitment for promise in read.found]
    for commitment in found:
        _find(commitment, read.revision, by_hand=False)
    if read.revision.number > 1:
        Event.objects.get_or_create(
            negotiation=talk,
            kind=Event.Kind.REVISED_LETTER,
            revision=read.revision,
            defaults={"happened_at": as_of},
        )
    if not talk.commitments.filter(state__in=OPEN).exists():
        talk.tasks.filter(key="revised-letter", done_at__isnull=True).update(done_at=as_of)
    return len(found)


@transaction.atomic
def find_by_hand(*, commitment: Commitment) -> Commitment:
    """Mark a promise as found in the current letter because its owner read it there."""
    revision = OfferRevision.objects.current().get(offer_id=commitment.negotiation.offer_id)
    if revision.source != OfferRevision.Source.WRITTEN:
        raise NoLetterToCompare
    _find(commitment, revision, by_hand=True)
    return commitment


@transaction.atomic
def reopen_commitment(*, commitment: Commitment) -> Commitment:
    """Mark a promise as only words again."""
    commitment.state, commitment.found_in_revision = State.VERBAL, None
    commitment.is_found_by_hand, commitment.waived_at, commitment.waiver_note = False, None, ""
    commitment.full_clean()
    commitment.save()
    return commitment


def drop_commitment(*, commitment: Commitment) -> None:
    """Take a promise out of the ledger."""
    commitment.delete()


@transaction.atomic
def accept_offer(
    *,
    talk: Negotiation,
    confirmed: Collection[int],
    note: str,
    signed_date: dt.date,
    also_decline: Collection[int],
    as_of: dt.datetime,
) -> OutcomeRecord:
    """Accept the offer with its promises seen one by one, and decline the others that were named.

    A promise in no letter must be among the `confirmed`; what was not, stops everything. Accepting
    freezes the offer: its terms, asks and promises stay as they are.
    """
    offer = Offer.objects.select_for_update().get(pk=talk.offer_id)
    read = ledger(talk, horizon_years=horizon(offer.owner))
    for promise in read.found:
        _find(promise.commitment, read.revision, by_hand=False)
    words = [promise.commitment for promise in read.missing]
    missing = [commitment for commitment in words if commitment.pk not in confirmed]
    if missing:
        raise StillOnlyWords(missing)
    for commitment in words:
        commitment.state, commitment.waived_at = State.WAIVED, as_of
        commitment.waiver_note = note
        commitment.full_clean()
        commitment.save()
    move_offer(offer=offer, to=Offer.State.ACCEPTED, as_of=as_of)
    talk.offer = offer
    talk.signed_date = signed_date
    talk.save(update_fields=["signed_date", "updated_at"])
    talk.asks.filter(state=Ask.State.DRAFT).delete()
    note_event(talk=talk, kind=Event.Kind.ACCEPTED, happened_at=as_of)
    talk.tasks.filter(key="decide", done_at__isnull=True).update(done_at=as_of)
    others = Offer.objects.visible_to(offer.owner).filter(pk__in=also_decline).exclude(pk=offer.pk)
    for other in others:
        move_offer(offer=other, to=Offer.State.DECLINED, as_of=as_of)
        rival = Negotiation.objects.filter(offer=other).first()
        if rival is not None:
            note_event(talk=rival, kind=Event.Kind.DECLINED, happened_at=as_of)
    return record_outcome(talk=talk, as_of=as_of)


@transaction.atomic
def record_outcome(*, talk: Negotiation, as_of: dt.datetime) -> OutcomeRecord:
    """Save the first offer against what was accepted, by certainty and by component."""
    offer = talk.offer
    years = horizon(offer.owner)
    revisions = list(OfferRevision.objects.filter(offer=offer).with_terms().order_by("number"))
    written = [row for row in revisions if row.source == OfferRevision.Source.WRITTEN]
    first, final = (written or revisions)[0], revisions[-1]
    if first.currency != final.currency:
        first = final
    before = offer_numbers(terms_of(first), horizon_years=years)
    after = offer_numbers(terms_of(final), horizon_years=years)
    old, new = pay_parts(before), pay_parts(after)
    states = list(talk.asks.values_list("state", flat=True))
    values = {
        "first_revision": first,
        "final_revision": final,
        "currency": final.currency,
        "horizon_years": years,
        **_columns("first", old),
        **_columns("final", new),
        "components": _components(before, after),
        "n_asks": len(states),
        "n_agreed": sum(state in {Ask.State.AGREED, Ask.State.PARTLY} for state in states),
        "recorded_at": as_of,
    }
    outcome, _ = OutcomeRecord.objects.update_or_create(negotiation=talk, defaults=values)
    return outcome


def outcome_as_published(outcome: OutcomeRecord) -> Published:
    """Return exactly what would be given: the country, the month, and whole thousands.

    Raises `NotOfferable` where the role or the level is not stated.
    """
    offer = outcome.negotiation.offer
    revision = OfferRevision.objects.with_terms().get(pk=outcome.final_revision_id)
    numbers = offer_numbers(terms_of(revision), horizon_years=outcome.horizon_years)
    years = outcome.horizon_years
    bonus = sum(numbers.yearly.variable_bonus) + sum(numbers.yearly.guaranteed_bonus)
    return published_form(
        role_family=offer.role_family,
        level=offer.level,
        location=offer.location,
        stage=offer.company.stage,
        work_arrangement=offer.work_arrangement,
        currency=revision.currency,
        amounts={
            "base": revision.base_salary,
            "bonus": _yearly(bonus, years),
            "equity": _yearly(sum(numbers.yearly.liquid_equity), years),
            "sign_on": _yearly(sum(numbers.yearly.one_off), 1),
        },
        observed_date=revision.stated_date,
    )


@transaction.atomic
def give_outcome(*, outcome: OutcomeRecord, as_of: dt.datetime) -> OutcomeRecord:
    """Offer the outcome to the market without a name, after its owner saw exactly what it says."""
    offer = outcome.negotiation.offer
    locked: OutcomeRecord = OutcomeRecord.objects.select_for_update().get(pk=outcome.pk)
    if _given(locked) is None:
        contribute(
            owner=offer.owner,
            origin=Contribution.Origin.OFFER,
            origin_pk=offer.pk,
            employer=offer.company.name,
            published=outcome_as_published(locked),
            as_of=as_of,
        )
    locked.consented_at, locked.consent_withdrawn_at = as_of, None
    locked.save(update_fields=["consented_at", "consent_withdrawn_at"])
    return locked


@transaction.atomic
def take_outcome_back(*, outcome: OutcomeRecord, as_of: dt.datetime) -> OutcomeRecord:
    """Take the outcome back from the market; what it was published in shows nothing of it any more."""
    locked: OutcomeRecord = OutcomeRecord.objects.select_for_update().get(pk=outcome.pk)
    given = _given(locked)
    if given is not None:
        withdraw_contribution(contribution=given, as_of=as_of)
    if locked.consented_at is not None:
        locked.consent_withdrawn_at = as_of
        locked.save(update_fields=["consent_withdrawn_at"])
    return locked


def _given(outcome: OutcomeRecord) -> Contribution | None:
    offer = outcome.negotiation.offer
    found: Contribution | None = (
        Contribution.objects.visible_to(offer.owner)
        .filter(
            origin=Contribution.Origin.OFFER,
            origin_pk=offer.pk,
            state__in=[Contribution.State.OFFERED, Contribution.State.PUBLISHED],
        )
        .first()
    )
    return found


def _yearly(total: float, years: int) -> Decimal | None:
    return Decimal(str(round(total / years, 2))) if total else None


def _find(commitment: Commitment, revision: OfferRevision, *, by_hand: bool) -> None:
    commitment.state, commitment.found_in_revision = State.FOUND, revision
    commitment.is_found_by_hand = by_hand
    commitment.waived_at, commitment.waiver_note = None, ""
    commitment.full_clean()
    commitment.save()


def _columns(prefix: str, parts: PayParts) -> dict[str, Decimal]:
    return {
        f"{prefix}_{name}": Decimal(str(round(getattr(parts, name), 2)))
        for name in ("guaranteed", "liquid", "paper")
    }


def _components(before: OfferNumbers, after: OfferNumbers) -> dict[str, list[float]]:
    return {
        name: [round(before.components[name], 2), round(after.components[name], 2)]
        for name in before.components
        if before.components[name] or after.components[name]
    }
