"""Recording offers, their revisions and their moves."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from offers import services
from offers.models import (
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    Offer,
    OfferRevision,
    StockClass,
    Valuation,
)
from offers.selectors import Terms
from tests.factories.terms import RECEIVED, exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
State = Offer.State


def record(owner: User, terms: Terms) -> Offer:
    return services.record_offer(owner=owner, terms=terms, as_of=NOW)


def test_record_offer_saves_everything_under_its_owner(candidate: User) -> None:
    terms = startup_terms(exit_scenarios=exit_scenarios())

    offer = record(candidate, terms)

    revision = offer.revisions.get()
    assert (offer.owner, offer.state, offer.company.owner) == (candidate, State.WRITTEN, candidate)
    assert (revision.number, revision.superseded_at) == (1, None)
    assert revision.grants.get().quantity == 80_000
    assert list(
        offer.company.cap_table.stock_classes.order_by("position").values_list("name", flat=True)
    ) == ["Series A", "Series B"]
    assert offer.company.exit_scenarios.count() == 2


def test_record_offer_proposes_five_business_days_where_no_date_is_stated(candidate: User) -> None:
    # 16 November 2026 is a Monday; no holiday of New York lies before the next Monday.
    offer = record(candidate, public_terms())

    assert offer.respond_by_date == dt.date(2026, 11, 23)
    assert offer.is_respond_by_stated is False


def test_record_offer_keeps_the_date_of_the_letter(candidate: User) -> None:
    terms = public_terms()
    terms.offer.respond_by_date = dt.date(2026, 12, 4)
    terms.offer.is_respond_by_stated = True

    offer = record(candidate, terms)

    assert (offer.respond_by_date, offer.is_respond_by_stated) == (dt.date(2026, 12, 4), True)


def test_record_offer_that_was_only_said_is_verbal(candidate: User) -> None:
    terms = public_terms()
    terms.revision.source = OfferRevision.Source.VERBAL

    assert record(candidate, terms).state == State.VERBAL


def test_record_offer_saves_nothing_if_one_row_is_wrong(candidate: User) -> None:
    terms = public_terms(payments=[CashPayment(amount=Decimal(-1))])

    with pytest.raises(ValidationError):
        record(candidate, terms)

    assert not Company.objects.exists()
    assert not Offer.objects.exists()


def test_revise_offer_makes_history_of_the_terms_before(candidate: User) -> None:
    offer = record(candidate, public_terms())
    better = public_terms(company=offer.company)
    better.revision.base_salary = Decimal(220_000)

    revision = services.revise_offer(offer=offer, terms=better, as_of=NOW)

    first, last = offer.revisions.order_by("number")
    assert (first.base_salary, first.superseded_at) == (200_000, NOW)
    assert (last, last.number, last.superseded_at) == (revision, 2, None)


def test_revise_offer_in_writing_moves_a_verbal_offer(candidate: User) -> None:
    said = public_terms()
    said.revision.source = OfferRevision.Source.VERBAL
    offer = record(candidate, said)

    services.revise_offer(offer=offer, terms=public_terms(company=offer.company), as_of=NOW)

    offer.refresh_from_db()
    assert offer.state == State.WRITTEN


def test_correct_revision_changes_the_current_terms_in_place(candidate: User) -> None:
    offer = record(candidate, public_terms())
    revision = offer.revisions.get()
    fixed = public_terms(company=offer.company, payments=[])
    fixed.revision.base_salary = Decimal(205_000)

    services.correct_revision(offer=offer, terms=fixed, as_of=NOW)

    again = offer.revisions.get()
    assert (again.pk, again.number, again.base_salary) == (revision.pk, 1, 205_000)
    assert again.created_at == revision.created_at
    assert not again.payments.exists()
    assert again.grants.count() == 1


def test_correct_revision_refuses_an_earlier_one(candidate: User) -> None:
    offer = record(candidate, public_terms())
    old = offer.revisions.get()
    services.revise_offer(offer=offer, terms=public_terms(company=offer.company), as_of=NOW)
    terms = public_terms(company=offer.company)
    terms.revision.pk = old.pk

    with pytest.raises(services.NotTheCurrentRevision):
        services.correct_revision(offer=offer, terms=terms, as_of=NOW)


def test_cap_table_is_replaced_not_repeated(candidate: User) -> None:
    offer = record(candidate, startup_terms())
    terms = startup_terms(company=offer.company)
    terms = Terms(
        company=offer.company,
        offer=terms.offer,
        revision=terms.revision,
        grants=terms.grants,
        cap_table=terms.cap_table,
        stock_classes=terms.stock_classes[:1],
    )

    services.revise_offer(offer=offer, terms=terms, as_of=NOW)

    assert CapTable.objects.count() == 1
    assert StockClass.objects.get().name == "Series A"


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ([State.NEGOTIATING, State.WRITTEN, State.ACCEPTED], State.ACCEPTED),
        ([State.DECLINED, State.NEGOTIATING], State.NEGOTIATING),
        ([State.EXPIRED, State.DECLINED], State.DECLINED),
        ([State.WITHDRAWN], State.WITHDRAWN),
    ],
)
def test_move_offer_follows_legal_paths(candidate: User, path: list[str], end: str) -> None:
    offer = record(candidate, public_terms())

    for step in path:
        services.move_offer(offer=offer, to=step, as_of=NOW)

    offer.refresh_from_db()
    assert offer.state == end
    assert (offer.decided_at is None) == (end == State.NEGOTIATING)


@pytest.mark.parametrize("to", [State.ACCEPTED, State.WRITTEN])
def test_move_offer_never_takes_words_for_a_letter(candidate: User, to: str) -> None:
    terms = public_terms()
    terms.revision.source = OfferRevision.Source.VERBAL
    offer = record(candidate, terms)

    if to == State.ACCEPTED:
        services.move_offer(offer=offer, to=State.NEGOTIATING, as_of=NOW)
    with pytest.raises(services.IllegalMove, match=to):
        services.move_offer(offer=offer, to=to, as_of=NOW)


def test_move_offer_out_of_withdrawn_is_illegal(candidate: User) -> None:
    offer = record(candidate, public_terms())
    services.move_offer(offer=offer, to=State.WITHDRAWN, as_of=NOW)

    with pytest.raises(services.IllegalMove):
        services.move_offer(offer=offer, to=State.NEGOTIATING, as_of=NOW)


def test_delete_offer_takes_its_history_and_its_lonely_company(candidate: User) -> None:
    offer = record(candidate, startup_terms())
    services.revise_offer(offer=offer, terms=startup_terms(company=offer.company), as_of=NOW)

    services.delete_offer(offer=offer)

    for model in (Offer, OfferRevision, EquityGrant, Valuation, Company, CapTable):
        assert not model.objects.exists(), model


def test_delete_offer_keeps_a_company_with_another_offer(candidate: User) -> None:
    offer = record(candidate, public_terms())
    other = record(candidate, public_terms(company=offer.company))

    services.delete_offer(offer=offer)

    assert Offer.objects.get() == other
    assert Company.objects.get() == other.company


def test_expire_overdue_offers_waits_until_the_day_is_over_everywhere(candidate: User) -> None:
    terms = public_terms()
    terms.offer.respond_by_date, terms.offer.is_respond_by_stated = RECEIVED, True
    offer = record(candidate, terms)
    proposed = record(candidate, startup_terms())

    day_after = RECEIVED + dt.timedelta(days=1)
    assert services.expire_overdue_offers(today=day_after, as_of=NOW) == 0
    two_days = RECEIVED + dt.timedelta(days=2)
    assert services.expire_overdue_offers(today=two_days, as_of=NOW) == 1

    offer.refresh_from_db()
    proposed.refresh_from_db()
    assert (offer.state, offer.decided_at) == (State.EXPIRED, NOW)
    assert proposed.state == State.WRITTEN
