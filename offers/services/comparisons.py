"""Comparisons: which offers stand side by side, and under which assumptions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounts.models import User
from offers.models import OFFERS_PER_COMPARISON, ComparedOffer, Comparison, Offer

FEWEST: Final = 2


class TooManyOffers(ValueError):
    """A comparison has two to six places."""


@transaction.atomic
def compare_offers(
    *,
    owner: User,
    offers: Sequence[Offer],
    name: str,
    currency: str,
    horizon_years: int,
    discount_rate: Decimal = Decimal(0),
) -> Comparison:
    """Put two to six offers side by side, in the order given."""
    if not FEWEST <= len(offers) <= OFFERS_PER_COMPARISON:
        raise TooManyOffers
    comparison = Comparison(
        owner=owner,
        name=name,
        currency=currency,
        horizon_years=horizon_years,
        discount_rate=discount_rate,
    )
    comparison.full_clean()
    comparison.save()
    ComparedOffer.objects.bulk_create(
        ComparedOffer(comparison=comparison, offer=offer, position=position)
        for position, offer in enumerate(offers)
    )
    return comparison


@transaction.atomic
def add_to_comparison(*, comparison: Comparison, offer: Offer) -> ComparedOffer:
    """Put one more offer at the end; one that is there already stays where it is."""
    Comparison.objects.select_for_update().get(pk=comparison.pk)
    places = list(comparison.places.order_by("position"))
    for place in places:
        if place.offer_id == offer.pk:
            return place
    if len(places) >= OFFERS_PER_COMPARISON:
        raise TooManyOffers
    return ComparedOffer.objects.create(comparison=comparison, offer=offer, position=len(places))


@transaction.atomic
def remove_from_comparison(*, comparison: Comparison, offer: Offer) -> None:
    """Take an offer out and close the gap; the last two stay."""
    Comparison.objects.select_for_update().get(pk=comparison.pk)
    places = list(comparison.places.order_by("position"))
    rest = [place for place in places if place.offer_id != offer.pk]
    if len(rest) < FEWEST:
        raise TooManyOffers
    comparison.places.filter(offer=offer).delete()
    for position, place in enumerate(rest):
        ComparedOffer.objects.filter(pk=place.pk).update(position=position)


@transaction.atomic
def change_assumptions(
    *,
    comparison: Comparison,
    name: str,
    currency: str,
    horizon_years: int,
    discount_rate: Decimal,
) -> Comparison:
    """Change what the comparison assumes."""
    comparison.name = name
    comparison.currency = currency
    comparison.horizon_years = horizon_years
    comparison.discount_rate = discount_rate
    comparison.full_clean()
    comparison.save(
        update_fields=["name", "currency", "horizon_years", "discount_rate", "updated_at"]
    )
    return comparison


def delete_comparison(*, comparison: Comparison) -> None:
    """Delete the comparison and every link to it; the offers stay."""
    comparison.delete()
