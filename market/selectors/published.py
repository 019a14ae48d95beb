"""What a contribution would show to others: worked out before consent, and never more."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from market.models import CompanyStage, Level, Location, NetworkDataPoint, RoleFamily

# What is published is rounded to this, so that an amount names nobody.
ROUNDED_TO: Final = Decimal(1000)


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


def _rounded(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    return (amount / ROUNDED_TO).quantize(Decimal(1)) * ROUNDED_TO
