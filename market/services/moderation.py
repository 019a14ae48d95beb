"""Contributions: published as a figure among others, declined, or withdrawn by their owner."""

import datetime as dt
import uuid
from decimal import Decimal

import pghistory
from django.db import transaction

from accounts.models import User
from market.models import Basis, Contribution, ImportBatch, Observation, Source
from market.selectors.mapping import yearly_rates

State = Contribution.State
_CENT = Decimal("0.01")
SOURCE_KEY = "contributions"


class AlreadyModerated(Exception):
    """Somebody decided on the contribution, or its owner withdrew it."""


@transaction.atomic
def publish_contribution(
    *, contribution: Contribution, user: User, as_of: dt.datetime, note: str = ""
) -> Observation:
    """Let a contribution count, as one figure of the contributions' source."""
    with pghistory.context(user=user.pk, why=note, action="contribution: published"):
        given = _decide(contribution, State.PUBLISHED, user, as_of, note)
        observation = _observation(given, as_of)
        observation.full_clean(exclude=["batch", "source", "contribution"])
        observation.save()
    return observation


@transaction.atomic
def decline_contribution(
    *, contribution: Contribution, user: User, as_of: dt.datetime, note: str
) -> Contribution:
    """Leave a contribution out; its owner reads the note."""
    with pghistory.context(user=user.pk, why=note, action="contribution: declined"):
        return _decide(contribution, State.DECLINED, user, as_of, note)


def _decide(
    contribution: Contribution, state: str, user: User, as_of: dt.datetime, note: str
) -> Contribution:
    given = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("level", "location")
        .get(pk=contribution.pk)
    )
    if given.state != State.OFFERED:
        raise AlreadyModerated("This contribution does not wait for a decision any more.")
    given.state, given.moderation_note = state, note[:300]
    given.moderated_by, given.moderated_at = user, as_of
    given.save(update_fields=["state", "moderation_note", "moderated_by", "moderated_at"])
    return given


def _observation(given: Contribution, as_of: dt.datetime) -> Observation:
    rates = yearly_rates([(given.currency, given.observed_date)])
    rate = Decimal(rates[0]["units_per_usd"]) if rates else None

    def dollars(value: Decimal | None) -> Decimal | None:
        return None if value is None or rate is None else (value / rate).quantize(_CENT)

    parts = [part for part in (given.base, given.bonus, given.equity) if part is not None]
    total = sum(parts, Decimal(0)) if given.base is not None else None
    place = given.location
    # Two decisions at once wait here for each other: there is one standing batch.
    source = Source.objects.select_for_update().get(key=SOURCE_KEY)
    reasons = [] if rate is not None else ["no_rate"]
    return Observation(
        source=source,
        batch=_batch(source, as_of),
        line=given.pk,
        content_hash=uuid.uuid4(),
        nth=1,
        contribution=given,
        raw="contribution",
        title=given.role_family.label if given.role_family else "Not stated",
        employer_key=given.employer_key,
        role_family=given.role_family,
        experience=given.level.experience if given.level else "",
        level=given.level,
        country_code=place.country_code,
        subdivision=place.subdivision,
        region=place.region,
        location=place,
        work_arrangement=given.work_arrangement,
        stage=given.stage,
        basis=Basis.REPORTED,
        observed_date=given.observed_date,
        amount=given.base if given.base is not None else max(parts, default=Decimal(0)),
        currency=given.currency,
        base=given.base,
        bonus=given.bonus,
        equity=given.equity,
        total=total,
        base_usd=dollars(given.base),
        bonus_usd=dollars(given.bonus),
        equity_usd=dollars(given.equity),
        total_usd=dollars(total),
        benchmark_usd=dollars(given.base),
        state=Observation.State.FLAGGED if reasons else Observation.State.ACCEPTED,
        reasons=reasons,
    )


def _batch(source: Source, as_of: dt.datetime) -> ImportBatch:
    """Return the standing batch of contributions: always published, one figure at a time."""
    standing = source.batches.published().order_by("pk").first()
    return standing or ImportBatch.objects.create(
        source=source,
        state=ImportBatch.State.PUBLISHED,
        file_name="Contributions",
        file_hash="",
        file_size=0,
        format=source.format,
        progress=100,
        queued_at=as_of,
        published_at=as_of,
    )
