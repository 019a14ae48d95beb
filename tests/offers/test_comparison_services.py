"""Putting offers side by side."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from offers import services
from offers.models import ComparedOffer, Comparison, Offer
from tests.factories.terms import public_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def offers(candidate: User) -> list[Offer]:
    first = services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    return [first] + [
        services.record_offer(owner=candidate, terms=public_terms(company=first.company), as_of=NOW)
        for _ in range(6)
    ]


def compare(owner: User, offers: list[Offer], **changes: object) -> Comparison:
    fields: dict[str, object] = {"name": "All", "currency": "USD", "horizon_years": 4}
    return services.compare_offers(owner=owner, offers=offers, **{**fields, **changes})  # type: ignore[arg-type]


def order(comparison: Comparison) -> list[int]:
    return list(comparison.places.order_by("position").values_list("offer_id", flat=True))


@pytest.mark.parametrize("count", [0, 1, 7])
def test_compare_offers_has_two_to_six_places(
    candidate: User, offers: list[Offer], count: int
) -> None:
    with pytest.raises(services.TooManyOffers):
        compare(candidate, offers[:count])

    assert not Comparison.objects.exists()


def test_compare_offers_keeps_the_order_given(candidate: User, offers: list[Offer]) -> None:
    comparison = compare(candidate, [offers[2], offers[0], offers[5]])

    assert order(comparison) == [offers[2].pk, offers[0].pk, offers[5].pk]
    assert list(comparison.places.order_by("position").values_list("position", flat=True)) == [
        0, 1, 2,
    ]  # fmt: skip


def test_compare_offers_counts_an_offer_once(candidate: User, offers: list[Offer]) -> None:
    with pytest.raises(services.TooManyOffers):
        compare(candidate, [offers[0], offers[0]])

    assert order(compare(candidate, [offers[0], offers[1], offers[0]])) == [
        offers[0].pk, offers[1].pk,
    ]  # fmt: skip


def test_compare_offers_of_somebody_else_is_refused(
    candidate: User, stranger: User, offers: list[Offer]
) -> None:
    with pytest.raises(services.NotTheirOffer):
        compare(stranger, offers[:2])

    assert not ComparedOffer.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"horizon_years": 0}, {"horizon_years": 11}, {"discount_rate": Decimal("1.5")}]
)
def test_compare_offers_refuses_impossible_assumptions(
    candidate: User, offers: list[Offer], wrong: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        compare(candidate, offers[:2], **wrong)

    assert not Comparison.objects.exists()


def test_arrange_comparison_replaces_offers_and_letters(
    candidate: User, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers[:3])

    services.arrange_comparison(comparison=comparison, offers=[offers[4], offers[0]])

    assert order(comparison) == [offers[4].pk, offers[0].pk]


def test_arrange_comparison_closes_the_gap_of_a_deleted_offer(
    candidate: User, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers[:3])
    services.delete_offer(offer=offers[0])

    services.arrange_comparison(comparison=comparison, offers=offers[1:5])

    assert order(comparison) == [offer.pk for offer in offers[1:5]]


def test_arrange_comparison_that_is_refused_leaves_all_as_it_was(
    candidate: User, stranger: User, offers: list[Offer]
) -> None:
    comparison = compare(candidate, offers[:2])
    theirs = services.record_offer(owner=stranger, terms=public_terms(), as_of=NOW)

    with pytest.raises(services.NotTheirOffer):
        services.arrange_comparison(comparison=comparison, offers=[offers[0], theirs])
    with pytest.raises(services.TooManyOffers):
        services.arrange_comparison(comparison=comparison, offers=offers[:1])

    assert order(comparison) == [offers[0].pk, offers[1].pk]


def test_change_assumptions_keeps_them(candidate: User, offers: list[Offer]) -> None:
    comparison = compare(candidate, offers[:2])

    services.change_assumptions(
        comparison=comparison,
        name="Long view",
        currency="GBP",
        horizon_years=10,
        discount_rate=Decimal("0.05"),
    )

    comparison.refresh_from_db()
    assert (comparison.name, comparison.currency) == ("Long view", "GBP")
    assert (comparison.horizon_years, comparison.discount_rate) == (10, Decimal("0.05"))


def test_delete_comparison_leaves_the_offers(candidate: User, offers: list[Offer]) -> None:
    comparison = compare(candidate, offers[:2])

    services.delete_comparison(comparison=comparison)

    assert not ComparedOffer.objects.exists()
    assert Offer.objects.count() == 7
