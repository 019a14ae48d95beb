"""What people know and give: points of their network, and contributions to the market."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts.models import User
from market.models import (
    BenchmarkSnapshot,
    CompanyStage,
    Contribution,
    Level,
    Location,
    NetworkDataPoint,
    RoleFamily,
)
from market.services.refresh import request_refresh

# What is published is rounded to this, so that an amount names nobody.
ROUNDED_TO: Final = Decimal(1000)
_LEGAL_FORMS: Final = re.compile(
    r"\b(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|se|sa|bv|nv|"
    r"pvt|private|the|group|holdings?)\b"
)


class NotOfferable(Exception):
    """The point says too little to be published, or was offered already."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Exactly what a contribution would show to others: nothing else leaves the account."""

    role_family: RoleFamily
    level: Level
    location: Location
    stage: CompanyStage | None
    work_arrangement: str
    currency: str
    base: Decimal | None
    bonus: Decimal | None
    equity: Decimal | None
    sign_on: Decimal | None
    observed_date: dt.date


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
        # A point is offered once at a time; an ended offer gives its place back.
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
    open_states = [Contribution.State.OFFERED, Contribution.State.PUBLISHED]
    changed = Contribution.objects.filter(pk=contribution.pk, state__in=open_states).update(
        state=Contribution.State.WITHDRAWN
    )
    if not changed:
        return False
    gone, _ = contribution.observations.all().delete()
    if gone:
        request_refresh(reason=BenchmarkSnapshot.Reason.REVIEWED, as_of=as_of)
    return True


def published_form(
    *,
    role_family: RoleFamily | None,
    level: Level | None,
    location: Location,
    stage: CompanyStage | None,
    work_arrangement: str,
    currency: str,
    amounts: Mapping[str, Decimal | None],
    observed_date: dt.date,
) -> Published:
    """Return a figure without what could name anybody: the country, the month, whole thousands."""
    if role_family is None or role_family.is_generic:
        raise NotOfferable("Say what kind of work it is first: figures are published by role.")
    if level is None:
        raise NotOfferable("State the level first: figures are published by level.")
    country = (
        location
        if location.is_country
        else Location.objects.get(country_code=location.country_code, is_country=True)
    )
    return Published(
        role_family=role_family,
        level=level,
        location=country,
        stage=stage,
        work_arrangement=work_arrangement,
        currency=currency,
        observed_date=observed_date.replace(day=1),
        **{name: _rounded(amounts.get(name)) for name in ("base", "bonus", "equity", "sign_on")},
    )


def published_point(point: NetworkDataPoint) -> Published:
    """Return what would be published of a point."""
    return published_form(
        role_family=point.role_family,
        level=point.level,
        location=point.location,
        stage=point.stage,
        work_arrangement=point.work_arrangement,
        currency=point.currency,
        amounts={name: getattr(point, name) for name in ("base", "bonus", "equity", "sign_on")},
        observed_date=point.observed_date,
    )


def employer_key(name: str) -> str:
    """Return a keyed hash of an employer: the same for its spellings, and for nobody to read."""
    plain = _LEGAL_FORMS.sub(" ", re.sub(r"[^a-z0-9]+", " ", name.casefold()))
    text = "".join(plain.split()) or name.casefold().strip()
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _rounded(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    return (amount / ROUNDED_TO).quantize(Decimal(1)) * ROUNDED_TO
