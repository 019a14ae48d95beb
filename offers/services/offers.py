"""Recording offers, their revisions and their states."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, models, transaction

from accounts.models import User
from offers.deadlines import PROPOSED_BUSINESS_DAYS, add_business_days
from offers.models import CapTable, Company, Comparison, Offer, OfferRevision
from offers.selectors.terms import Terms
from offers.services.valuations import request_joint_valuation, request_valuation

State = Offer.State

# The database holds the same table in the trigger `offer_moves_legally`.
LEGAL_MOVES: Final[dict[str, frozenset[str]]] = {
    State.VERBAL: frozenset(
        {State.WRITTEN, State.NEGOTIATING, State.DECLINED, State.EXPIRED, State.WITHDRAWN}
    ),
    State.WRITTEN: frozenset(
        {State.NEGOTIATING, State.ACCEPTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN}
    ),
    State.NEGOTIATING: frozenset(
        {State.WRITTEN, State.ACCEPTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN}
    ),
    State.ACCEPTED: frozenset({State.WITHDRAWN}),
    State.DECLINED: frozenset({State.NEGOTIATING}),
    State.EXPIRED: frozenset({State.NEGOTIATING, State.DECLINED}),
    State.WITHDRAWN: frozenset(),
}
DECIDED: Final = frozenset({State.ACCEPTED, State.DECLINED, State.EXPIRED, State.WITHDRAWN})


class IllegalMove(ValueError):
    """An offer cannot go from its state to the one asked for."""

    def __init__(self, *, current: str, asked: str, reason: str = "") -> None:
        super().__init__(f"{current} to {asked}")
        self.current = current
        self.asked = asked
        self.reason = reason


class NotTheCurrentRevision(ValueError):
    """Only the current revision can be corrected; earlier ones are history."""


@transaction.atomic
def record_offer(*, owner: User, terms: Terms, as_of: dt.datetime) -> Offer:
    """Save a first offer with its company and queue its valuation."""
    company = _save_company(owner, terms)
    offer = terms.offer
    offer.owner, offer.company = owner, company
    offer.state = (
        State.WRITTEN if terms.revision.source == OfferRevision.Source.WRITTEN else State.VERBAL
    )
    _propose_date(offer)
    offer.full_clean()
    offer.save()
    revision = _save_revision(offer, terms, number=1)
    request_valuation(revision=revision, as_of=as_of)
    return offer


@transaction.atomic
def revise_offer(*, offer: Offer, terms: Terms, as_of: dt.datetime) -> OfferRevision:
    """Save new terms as the next revision; the one before it becomes history."""
    current = offer.revisions.select_for_update().get(superseded_at__isnull=True)
    OfferRevision.objects.filter(pk=current.pk).update(superseded_at=as_of)
    _save_company(offer.owner, terms)
    _save_offer_facts(offer, terms)
    revision = _save_revision(offer, terms, number=current.number + 1)
    if offer.state == State.VERBAL and revision.source == OfferRevision.Source.WRITTEN:
        move_offer(offer=offer, to=State.WRITTEN, as_of=as_of)
    request_valuation(revision=revision, as_of=as_of)
    return revision


@transaction.atomic
def correct_revision(*, offer: Offer, terms: Terms, as_of: dt.datetime) -> OfferRevision:
    """Put right what was mistyped in the current terms, without making a new revision."""
    current = offer.revisions.select_for_update().get(superseded_at__isnull=True)
    if terms.revision.pk not in {None, current.pk}:
        raise NotTheCurrentRevision
    for rows in (current.grants, current.payments, current.benefits):
        rows.all().delete()
    _save_company(offer.owner, terms)
    _save_offer_facts(offer, terms)
    revision = _save_revision(offer, terms, number=current.number, pk=current.pk)
    request_valuation(revision=revision, as_of=as_of)
    return revision


@transaction.atomic
def move_offer(*, offer: Offer, to: str, as_of: dt.datetime) -> Offer:
    """Take the offer to another state, if that move is legal.

    Accepting asks for written terms: what is only said is no offer to accept.
    """
    locked: Offer = Offer.objects.select_for_update().get(pk=offer.pk)
    if to not in LEGAL_MOVES[locked.state]:
        raise IllegalMove(current=locked.state, asked=to)
    if to in {State.WRITTEN, State.ACCEPTED} and not _is_in_writing(locked):
        raise IllegalMove(
            current=locked.state,
            asked=to,
            reason="The current terms are only verbal. Record the letter first.",
        )
    locked.state = to
    locked.decided_at = as_of if to in DECIDED else None
    locked.save(update_fields=["state", "decided_at", "updated_at"])
    offer.state, offer.decided_at = locked.state, locked.decided_at
    return locked


@transaction.atomic
def delete_offer(*, offer: Offer) -> None:
    """Delete the offer with its whole history, and its company if nothing else names it."""
    allow_erasure()
    company = offer.company
    comparisons = list(Comparison.objects.filter(places__offer=offer).order_by("pk"))
    offer.delete()
    if not company.offers.exists():
        company.delete()
    for comparison in comparisons:
        if comparison.places.count() > 1:
            comparison.save(update_fields=["updated_at"])
            request_joint_valuation(comparison=comparison, as_of=comparison.updated_at)


def expire_overdue_offers(*, today: dt.date, as_of: dt.datetime) -> int:
    """Mark open offers whose stated date has passed everywhere on Earth as expired."""
    overdue = Offer.objects.filter(
        state__in=[State.VERBAL, State.WRITTEN, State.NEGOTIATING],
        is_respond_by_stated=True,
        respond_by_date__lt=today - dt.timedelta(days=1),
    )
    return overdue.update(state=State.EXPIRED, decided_at=as_of, updated_at=as_of)


def allow_erasure() -> None:
    """Let this transaction delete superseded revisions, which a trigger protects otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parley.erasing = 'on'")


def _is_in_writing(offer: Offer) -> bool:
    return offer.revisions.filter(
        superseded_at__isnull=True, source=OfferRevision.Source.WRITTEN
    ).exists()


def _propose_date(offer: Offer) -> None:
    if offer.respond_by_date is None:
        offer.is_respond_by_stated = False
        offer.respond_by_date = add_business_days(
            offer.received_date, PROPOSED_BUSINESS_DAYS, offer.location
        )


def _save_company(owner: User, terms: Terms) -> Company:
    company = terms.company
    company.owner = owner
    company.full_clean()
    company.save()
    if terms.cap_table is not None:
        cap_table = terms.cap_table
        cap_table.company = company
        existing = CapTable.objects.filter(company=company).values_list("pk", flat=True)
        _be_row(cap_table, existing.first())
        cap_table.full_clean()
        cap_table.save()
        cap_table.stock_classes.all().delete()
        _save_rows(terms.stock_classes, cap_table=cap_table)
    company.exit_scenarios.all().delete()
    _save_rows(terms.exit_scenarios, company=company)
    return company


def _save_offer_facts(offer: Offer, terms: Terms) -> None:
    names = [
        "title",
        "role_family",
        "level",
        "location",
        "work_arrangement",
        "received_date",
        "respond_by_date",
        "is_respond_by_stated",
        "start_date",
        "contact_name",
        "notes",
    ]
    for name in names:
        setattr(offer, name, getattr(terms.offer, name))
    _propose_date(offer)
    offer.full_clean()
    offer.save(update_fields=[*names, "updated_at"])


def _save_revision(
    offer: Offer, terms: Terms, *, number: int, pk: int | None = None
) -> OfferRevision:
    revision = terms.revision
    _be_row(revision, pk)
    revision.offer, revision.number, revision.superseded_at = offer, number, None
    if pk is not None:
        revision.created_at = OfferRevision.objects.values_list("created_at", flat=True).get(pk=pk)
    revision.full_clean()
    revision.save()
    for rows in (terms.grants, terms.payments, terms.benefits):
        _save_rows(rows, revision=revision)
    return revision


def _save_rows(rows: Sequence[models.Model], **parent: models.Model) -> None:
    for position, row in enumerate(rows):
        _be_row(row, None)
        for name, value in {**parent, "position": position}.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()


def _be_row(row: models.Model, pk: int | None) -> None:
    """Make the instance stand for the row with this key, or for a new one."""
    row.pk = pk
    row._state.adding = pk is None
