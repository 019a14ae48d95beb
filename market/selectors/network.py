"""People I know: the points of one person, and which of them count for a job."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from market.estimation import Difference, Percentiles, Person, differences, percentiles
from market.models import CompanyStage, Contribution, Level, Location, NetworkDataPoint, RoleFamily
from market.selectors.benchmarks import JobQuery
from market.selectors.rates import RateTable, rate_table


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """One point with why it does or does not count for a job; amounts in the page's currency."""

    point: NetworkDataPoint
    base: Decimal | None
    total: Decimal | None
    differences: tuple[Difference, ...]
    contribution: Contribution | None = None

    @property
    def is_counted(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleIKnow:
    """Every point of a person against one job, and what those that count come to."""

    people: tuple[KnownPerson, ...]
    currency: str
    base: Percentiles | None
    total: Percentiles | None

    @property
    def counted(self) -> tuple[KnownPerson, ...]:
        return tuple(person for person in self.people if person.is_counted)

    @property
    def left_out(self) -> tuple[KnownPerson, ...]:
        return tuple(person for person in self.people if not person.is_counted)


def network_points(user: User) -> Sequence[NetworkDataPoint]:
    """Return everything this person noted, the newest first, in one query."""
    return list(
        NetworkDataPoint.objects.visible_to(user)
        .select_related("role_family", "level", "location", "stage", "contribution")
        .order_by("-observed_date", "-pk")
    )


def people_i_know(user: User, query: JobQuery, *, currency: str, as_of: dt.date) -> PeopleIKnow:
    """Return which of this person's points count for a job, and why the others do not.

    A point of another level, kind of work, type of company or country, or one that is old, never
    enters a quoted range.
    """
    points, rates = network_points(user), rate_table()
    ours = person_of(
        role_family=query.role_family,
        level=query.level,
        location=query.location,
        stage=query.stage,
        currency=query.location.currency if query.location else currency,
        date=None,
    )
    people = tuple(
        _known(point, ours, rates=rates, currency=currency, as_of=as_of) for point in points
    )
    counted = [person for person in people if person.is_counted]
    return PeopleIKnow(
        people=people,
        currency=currency,
        base=percentiles([float(p.base) for p in counted if p.base is not None]),
        total=percentiles([float(p.total) for p in counted if p.total is not None]),
    )


def person_of(
    *,
    role_family: RoleFamily | None,
    level: Level | None,
    location: Location | None,
    stage: CompanyStage | None,
    currency: str,
    date: dt.date | None,
) -> Person:
    """Return a job as the guard of comparability sees it."""
    is_stage_known = stage is not None and stage.key != "unknown"
    return Person(
        role_family=role_family.key if role_family and not role_family.is_generic else "",
        role_group=role_family.group if role_family else "",
        rank=_rank(level),
        level=level.label if level else "",
        country=location.country_code if location else "",
        place=location.label if location else "",
        stage=stage.label if stage and is_stage_known else "",
        stage_group=stage.backoff_group if stage and is_stage_known else "",
        currency=currency,
        date=date,
    )


# The rung of the individual ladder that a manager counts as.
_MANAGER_OFFSET = 5


def _rank(level: Level | None) -> int | None:
    if level is None:
        return None
    return level.rank + (_MANAGER_OFFSET if level.track == Level.Track.MANAGEMENT else 0)


def _known(
    point: NetworkDataPoint, ours: Person, *, rates: RateTable, currency: str, as_of: dt.date
) -> KnownPerson:
    theirs = person_of(
        role_family=point.role_family,
        level=point.level,
        location=point.location,
        stage=point.stage,
        currency=point.currency,
        date=point.observed_date,
    )
    conversion = rates.conversion(point.currency, currency)
    rate = conversion.rate if conversion else None
    base, bonus, equity = (_amount(each) for each in (point.base, point.bonus, point.equity))
    total = None
    if base is not None and bonus is not None and equity is not None:
        total = base + bonus + equity
    return KnownPerson(
        point=point,
        base=None if base is None or rate is None else base * rate,
        total=None if total is None or rate is None else total * rate,
        differences=differences(ours, theirs, as_of=as_of),
        contribution=getattr(point, "contribution", None),
    )


def _amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
