"""Why another person's pay says little about this offer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Pay older than this says what the market was, not what it is.
OLD_MONTHS: Final = 24
_MONTH_DAYS: Final = 30.44


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What decides whether two jobs are alike; an empty text or None is not known.

    `rank` counts rungs of one ladder, managers on the rung that counts as theirs.
    """

    role_family: str = ""
    role_group: str = ""
    rank: int | None = None
    level: str = ""
    country: str = ""
    place: str = ""
    is_remote: bool = False
    stage: str = ""
    stage_group: str = ""
    currency: str = ""
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which two jobs are not alike."""

    key: str
    text: str


def differences(offer: Person, point: Person, *, as_of: dt.date) -> tuple[Difference, ...]:
    """Return why the point must not count for the offer; none where the two are alike.

    Two rungs apart are different levels, one is not: titles are not that exact. A fact that one of
    both does not know is no difference.
    """
    return tuple(
        found
        for found in (
            *_role(offer, point),
            *_level(offer, point),
            *_stage(offer, point),
            *_place(offer, point),
            *_age(point, as_of),
        )
    )


def _role(offer: Person, point: Person) -> Iterator[Difference]:
    if (
        offer.role_family
        and point.role_family
        and offer.role_family != point.role_family
        and not (offer.role_group and offer.role_group == point.role_group)
    ):
        yield Difference("role", "a different kind of work")


def _level(offer: Person, point: Person) -> Iterator[Difference]:
    if offer.rank is None or point.rank is None:
        return
    apart = point.rank - offer.rank
    if abs(apart) >= 2:
        direction = "above" if apart > 0 else "below"
        yield Difference("level", f"{abs(apart)} levels {direction} ({point.level})")


def _stage(offer: Person, point: Person) -> Iterator[Difference]:
    if not (offer.stage and point.stage) or offer.stage == point.stage:
        return
    if offer.stage_group and offer.stage_group == point.stage_group:
        return
    yield Difference("stage", f"a different type of company ({point.stage.lower()})")


def _place(offer: Person, point: Person) -> Iterator[Difference]:
    if offer.country and point.country and offer.country != point.country:
        yield Difference("place", f"a different country ({point.place})")
        if offer.currency and point.currency and offer.currency != point.currency:
            yield Difference("currency", f"paid in another currency ({point.currency})")


def _age(point: Person, as_of: dt.date) -> Iterator[Difference]:
    if point.date is None:
        return
    months = int((as_of - point.date).days / _MONTH_DAYS)
    if months > OLD_MONTHS:
        yield Difference("age", f"{months} months old")
