"""Comparisons: which offers stand side by side, and under which assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounts.models import User
from offers.models import (
    OFFERS_PER_COMPARISON,
    ComparedOffer,
    Comparison,
    Criterion,
    CriterionScore,
    Offer,
)
from offers.services.valuations import request_joint_valuation

OFFERS_AT_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedCriterion:
    """A criterion as its owner rates it; `scores` are by offer, one without is not scored."""

    name: str
    weight: int
    scores: Mapping[int, int]


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
    request_joint_valuation(comparison=comparison, as_of=comparison.updated_at)
    return comparison


@transaction.atomic
def arrange_comparison(*, comparison: Comparison, offers: Sequence[Offer]) -> Comparison:
    """Compare these two to six offers from now on, in the order given."""
    locked: Comparison = Comparison.objects.select_for_update().get(pk=comparison.pk)
    _check(locked.owner, offers)
    locked.places.all().delete()
    _give_places(locked, offers)
    locked.save(update_fields=["updated_at"])
    request_joint_valuation(comparison=locked, as_of=locked.updated_at)
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
    request_joint_valuation(comparison=comparison, as_of=comparison.updated_at)
    return comparison


@transaction.atomic
def rate_criteria(*, comparison: Comparison, criteria: Sequence[RatedCriterion]) -> Comparison:
    """Keep these criteria, in this order, in place of those there were.

    Raises
    ------
    NotTheirOffer
        If a score is for an offer that is not in the comparison.
    """
    locked: Comparison = Comparison.objects.select_for_update().get(pk=comparison.pk)
    compared = set(locked.places.values_list("offer_id", flat=True))
    if any(offer_id not in compared for each in criteria for offer_id in each.scores):
        raise NotTheirOffer
    locked.criteria.all().delete()
    for position, each in enumerate(criteria):
        criterion = Criterion(
            comparison=locked, position=position, name=each.name, weight=each.weight
        )
        criterion.full_clean()
        criterion.save()
        for offer_id, score in each.scores.items():
            row = CriterionScore(criterion=criterion, offer_id=offer_id, score=score)
            row.full_clean()
            row.save()
    locked.save(update_fields=["updated_at"])
    return locked


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
