"""What the database refuses, whoever asks and however."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from offers import services
from offers.models import Benefit, CapTable, CashPayment, EquityGrant, Offer, OfferRevision
from offers.services.offers import LEGAL_MOVES
from tests.factories.terms import public_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def offer(candidate: User) -> Offer:
    return services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)


@pytest.fixture
def history(offer: Offer) -> OfferRevision:
    """A superseded revision."""
    services.revise_offer(offer=offer, terms=public_terms(company=offer.company), as_of=NOW)
    return offer.revisions.get(number=1)


def test_database_and_services_agree_on_every_move(offer: Offer) -> None:
    decided = {"decided_at": NOW}

    for start in Offer.State.values:
        for to in set(Offer.State.values) - {start}:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("ALTER TABLE offers_offer DISABLE TRIGGER offer_moves_legally")
                Offer.objects.filter(pk=offer.pk).update(state=start, **decided)
                cursor.execute("ALTER TABLE offers_offer ENABLE TRIGGER offer_moves_legally")
            try:
                with transaction.atomic():
                    Offer.objects.filter(pk=offer.pk).update(state=to, **decided)
                is_legal = True
            except IntegrityError:
                is_legal = False
            assert is_legal == (to in LEGAL_MOVES[start]), (start, to)


@pytest.mark.parametrize("state", ["negotiating", "accepted", "declined", "expired", "withdrawn"])
def test_an_offer_begins_verbal_or_written(offer: Offer, state: str) -> None:
    offer.pk, offer.state, offer.decided_at = None, state, NOW
    offer._state.adding = True

    with pytest.raises(IntegrityError, match="begins verbal or written"):
        offer.save()


def test_a_superseded_revision_cannot_be_updated(history: OfferRevision) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        OfferRevision.objects.filter(pk=history.pk).update(base_salary=Decimal(1))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        OfferRevision.objects.filter(pk=history.pk).update(superseded_at=None)


def test_a_superseded_revision_cannot_be_deleted_in_passing(history: OfferRevision) -> None:
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        history.delete()


def test_the_terms_of_a_superseded_revision_cannot_be_touched(history: OfferRevision) -> None:
    changes = (
        lambda: EquityGrant.objects.filter(revision=history).update(quantity=Decimal(9)),
        lambda: CashPayment.objects.filter(revision=history).delete(),
        lambda: Benefit.objects.create(revision=history, kind="health"),
        lambda: CashPayment.objects.filter(revision__superseded_at=None).update(revision=history),
    )

    for change in changes:
        with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
            change()


def test_an_offer_has_one_current_revision(offer: Offer) -> None:
    with pytest.raises(IntegrityError, match="offer_has_one_current_revision"):
        OfferRevision.objects.create(
            offer=offer, number=7, source="written", stated_date=dt.date(2026, 11, 1)
        )


def test_an_unknown_figure_has_no_value_and_a_known_one_has(offer: Offer) -> None:
    for fields in (
        {"debt": Decimal(1), "debt_status": "refused"},
        {"debt": None, "debt_status": "written"},
    ):
        with pytest.raises(IntegrityError, match="known_or_not"), transaction.atomic():
            CapTable.objects.create(company=offer.company, **fields)
