"""What people know and give: points of their network, and contributions to the market."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts.models import User
from market.models import (
    BenchmarkSnapshot,
    Contribution,
    NetworkDataPoint,
)
from market.selectors.published import NotOfferable, Published
from market.services.refresh import request_refresh

_LEGAL_FORMS: Final = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|se|sa|bv|nv|"
    r"pvt|private|the|group|holdings?)\b"
)


@transaction.atomic
def note_points(*, owner: User, points: Sequence[Mapping[str, Any]]) -> list[NetworkDataPoint]:
    """Keep what this person was told, all points or none."""
    noted = [NetworkDataPoint(owner=owner, **values) for values in points]
    for point in noted:
        point.full_clean()
    return NetworkDataPoint.objects.bulk_create(noted)


def revise_point(*, point: NetworkDataPoint) -> NetworkDataPoint:
    """Keep a changed point. What was offered of it before stays as it was offered."""
    point.full_clean()
    point.save()
    return point


@transaction.atomic
def forget_point(*, point: NetworkDataPoint, as_of: dt.datetime) -> None:
    """Delete a point, and take back what was published of it."""
    contribution = Contribution.objects.filter(network_point=point).first()
    if contribution is not None:
        withdraw_contribution(contribution=contribution, as_of=as_of)
    point.delete()


@transaction.atomic
def contribute(
    *,
    owner: User,
    origin: str,
    employer: str,
    published: Published,
    as_of: dt.datetime,
    network_point: NetworkDataPoint | None = None,
    origin_pk: int | None = None,
) -> Contribution:
    """Offer a figure for publication, after its owner saw exactly this and agreed."""
    if network_point is not None:
        # A point is offered once at a time, also from two tabs; an ended offer gives its place back.
        NetworkDataPoint.objects.select_for_update().get(pk=network_point.pk)
        Contribution.objects.filter(
            network_point=network_point,
            state__in=[Contribution.State.WITHDRAWN, Contribution.State.DECLINED],
        ).update(network_point=None)
        if Contribution.objects.filter(network_point=network_point).exists():
            raise NotOfferable("This point is offered already.")
    contribution = Contribution(
        owner=owner,
        origin=origin,
        origin_pk=origin_pk,
        network_point=network_point,
        employer_key=employer_key(employer),
        consented_at=as_of,
        **{name: getattr(published, name) for name in Published.__dataclass_fields__},
    )
    contribution.full_clean()
    contribution.save()
    return contribution


@transaction.atomic
def withdraw_contribution(*, contribution: Contribution, as_of: dt.datetime) -> bool:
    """Take a contribution back; return whether it was still offered or published.

    Its observation goes at once, and the next snapshot shows nothing of it.
    """
    changed = Contribution.objects.filter(
        pk=contribution.pk, state__in=Contribution.OPEN_STATES
    ).update(state=Contribution.State.WITHDRAWN)
    if not changed:
        return False
    gone, _ = contribution.observations.all().delete()
    if gone:
        request_refresh(reason=BenchmarkSnapshot.Reason.REVIEWED, as_of=as_of)
    return True


def employer_key(name: str) -> str:
    """Return a keyed hash of an employer: the same for its spellings, and for nobody to read."""
    plain = _LEGAL_FORMS.sub(" ", re.sub(r"[^a-z0-9]+", " ", name.casefold()))
    text = "".join(plain.split()) or name.casefold().strip()
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
