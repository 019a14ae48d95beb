"""Comparisons: which offers stand side by side, and under which assumptions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounts.models import User
from offers.models import OFFERS_PER_COMPARISON, ComparedOffer, Comparison, Offer

OFFERS_AT_LEAST: Final = 2


class TooManyOffers(ValueError):
    """A comparison has two to six places."""


class NotTheirOffer(ValueError):
    """Only offers of the person whose comparison it is can stand in it."""


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
    _check(owner, offers)
    comparison = Comparison(
        owner=owner,
        name=name,
        currency=currency,
        horizon_years=horizon_years,
        discount_rate=discount_rate,
    )
    comparison.full_clean()
    comparison.save()
    _give_places(comparison, offers)
    return comparison


@transaction.atomic
def arrange_comparison(*, comparison: Comparison, offers: Sequence[Offer]) -> Comparison:
    """Compare these two to six offers from now on, in the order given."""
    locked: Comparison = Comparison.objects.select_for_update().get(pk=comparison.pk)
    _check(locked.owner, offers)
    locked.places.all().delete()
    _give_places(locked, offers)
    locked.save(update_fields=["updated_at"])
    return locked


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


def _check(owner: User, offers: Sequence[Offer]) -> None:
    """Raise unless these are two to six different offers of this person."""
    if not OFFERS_AT_LEAST <= len({offer.pk for offer in offers}) <= OFFERS_PER_COMPARISON:
        raise TooManyOffers
    if any(offer.owner_id != owner.pk for offer in offers):
        raise NotTheirOffer


def _give_places(comparison: Comparison, offers: Sequence[Offer]) -> None:
    ComparedOffer.objects.bulk_create(
        ComparedOffer(comparison=comparison, offer=offer, position=position)
        for position, offer in enumerate(dict.fromkeys(offers))
    )
