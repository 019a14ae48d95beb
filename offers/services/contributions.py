"""Decided offers that their owners give to the market."""

import datetime as dt

from django.db import transaction

from market.models import Contribution
from market.selectors.published import Published
from market.services import contribute
from offers.models import Offer


class GivenAlready(Exception):
    """This offer stands among the contributions of its owner."""

    reason = "You gave this offer already. Withdraw it first to give it again."


@transaction.atomic
def give_offer(*, offer: Offer, published: Published, as_of: dt.datetime) -> Contribution:
    """Offer a decided offer's figures for publication, once at a time."""
    Offer.objects.select_for_update().get(pk=offer.pk)
    is_given = Contribution.objects.filter(
        owner_id=offer.owner_id,
        origin=Contribution.Origin.OFFER,
        origin_pk=offer.pk,
        state__in=[Contribution.State.OFFERED, Contribution.State.PUBLISHED],
    ).exists()
    if is_given:
        raise GivenAlready
    return contribute(
        owner=offer.owner,
        origin=Contribution.Origin.OFFER,
        origin_pk=offer.pk,
        employer=offer.company.name,
        published=published,
        as_of=as_of,
    )
