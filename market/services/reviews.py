"""Doubtful rows: accepted, rejected or put right, always with who and why on record."""

from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from market.models import ImportBatch, Observation, Source
from market.parsers.amounts import PER_YEAR
from market.selectors.mapping import yearly_rates

State = Observation.State
_CENT = Decimal("0.01")


class RowNotDoubtful(Exception):
    """Somebody judged the row already."""


class NoRate(Exception):
    """The currency cannot be converted at the date of the row."""


def accept_rows(*, rows: QuerySet[Observation], user: User, why: str = "") -> int:
    """Let doubtful rows count as they are; return how many."""
    return _judge(rows, State.ACCEPTED, user, why)


def reject_rows(*, rows: QuerySet[Observation], user: User, why: str) -> int:
    """Leave doubtful rows out for good; return how many."""
    return _judge(rows, State.REJECTED, user, why)


def _judge(rows: QuerySet[Observation], state: str, user: User, why: str) -> int:
    with pghistory.context(user=user.pk, why=why, action=f"review: {state}"), transaction.atomic():
        return rows.filter(state=State.FLAGGED).update(state=state, review_note=why[:300])


def fix_row(*, row: Observation, changes: dict[str, Any], user: User, why: str) -> Observation:
    """Put right what a doubtful row says, and let it count; the row as it came is kept.

    `changes` names any of currency, unit, experience, role_family. Amounts are computed anew from
    what was stated. Raises `RowNotDoubtful` and `NoRate`.
    """
    context = pghistory.context(user=user.pk, why=why, action="review: fixed")
    with context, transaction.atomic():
        fixed = Observation.objects.select_for_update().get(pk=row.pk)
        if fixed.state != State.FLAGGED:
            raise RowNotDoubtful
        other = _bottom_of(fixed)
        money_changed = {"currency", "unit"} & {
            name for name, value in changes.items() if getattr(fixed, name) != value
        }
        for one in filter(None, (fixed, other)):
            for name, value in changes.items():
                setattr(one, name, value)
            if money_changed:
                _recompute(one)
        if money_changed:
            _recompute_benchmark(fixed, other)
        fixed.state, fixed.review_note = State.ACCEPTED, why[:300]
        for one in filter(None, (fixed, other)):
            one.full_clean(exclude=["batch", "source"])
            one.save()
    return fixed


def _bottom_of(row: Observation) -> Observation | None:
    """Return the row of the lower end, where the row is the upper end of a range."""
    if row.range_end != Observation.RangeEnd.TOP:
        return None
    return Observation.objects.select_for_update().get(
        batch_id=row.batch_id, line=row.line + 1, range_end=Observation.RangeEnd.BOTTOM
    )


def _recompute(row: Observation) -> None:
    """Compute the row's yearly pay and its dollars from what was stated."""
    found = yearly_rates([(row.currency, row.observed_date)])
    if not found:
        raise NoRate(f"There is no exchange rate for {row.currency} on record.")
    rate = Decimal(found[0]["units_per_usd"])
    if row.base is not None:
        row.base = (row.amount * PER_YEAR[row.unit]).quantize(_CENT)
    elif row.total is not None:
        row.total = (row.amount * PER_YEAR[row.unit]).quantize(_CENT)
    for name in ("base", "bonus", "equity", "total"):
        value = getattr(row, name)
        setattr(row, f"{name}_usd", None if value is None else (value / rate).quantize(_CENT))
    if row.range_end == Observation.RangeEnd.ALONE:
        row.low = row.high = row.midpoint = None


def _recompute_benchmark(row: Observation, bottom: Observation | None) -> None:
    """Compute what benchmarks count of the row: its midpoint where it has two ends."""
    row.benchmark_usd = row.base_usd
    if bottom is not None and row.base_usd is not None and bottom.base_usd is not None:
        row.low, row.high = bottom.base, row.base
        row.midpoint = ((row.low or Decimal(0)) + (row.high or Decimal(0))) / 2
        row.benchmark_usd = (row.base_usd + bottom.base_usd) / 2
    elif row.range_end == Observation.RangeEnd.BOTH and row.base:
        # The stated unit was wrong for both ends alike.
        factor = row.base / row.low if row.low else Decimal(1)
        row.low = row.base
        row.high = None if row.high is None else (row.high * factor).quantize(_CENT)
        row.midpoint = None if row.high is None else (row.low + row.high) / 2


def group_of(
    *, source: Source, reasons: list[str], country_code: str, currency: str
) -> QuerySet[Observation]:
    """Return the doubtful rows that share their source, reasons, country and currency label."""
    return Observation.objects.awaiting_review().filter(
        batch__state__in=[ImportBatch.State.PREVIEWED, ImportBatch.State.PUBLISHED],
        source=source,
        reasons=reasons,
        country_code=country_code,
        currency=currency,
    )
