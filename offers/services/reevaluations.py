"""What priors and rates that a curator changed do to valuations: checked in batches, in the row."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from market.selectors import market_version
from offers.models import (
    Comparison,
    ComparisonValuation,
    OfferRevision,
    Reevaluation,
    Valuation,
)
from offers.services.valuations import request_joint_valuation, request_valuation

# So many are checked by one message, each in a transaction of its own: about a second of work.
CHECKED_AT_ONCE: Final = 40


def reevaluate(*, as_of: dt.datetime, n_at_once: int = CHECKED_AT_ONCE) -> int:
    """Check the next valuations that the market has moved on from; return how many are left.

    The first call after a change marks everything computed before it as perhaps out of date and
    opens a pass; further calls check a few rows each. A row whose inputs are the same is only
    marked as checked; else its offer is valued again, behind whatever a person waits for. Called
    twice at once, both do a part of the same pass.
    """
    version = market_version()
    current = Reevaluation.objects.filter(finished_at__isnull=True).first()
    if current is None or current.market_version != version:
        current = _begin(version, as_of)
        if current is None:
            return 0
    checked = queued = 0
    for pk in _to_check(Valuation, n_at_once).values_list("pk", flat=True):
        checked += 1
        queued += _check_offer(pk, version, as_of)
    left = n_at_once - checked
    for pk in _to_check(ComparisonValuation, left).values_list("pk", flat=True):
        checked += 1
        queued += _check_comparison(pk, version, as_of)
    Reevaluation.objects.filter(pk=current.pk).update(
        n_checked=Least(F("n_checked") + checked, F("n_valuations")),
        n_queued=F("n_queued") + queued,
    )
    remaining: int = _to_check(Valuation).count() + _to_check(ComparisonValuation).count()
    if not remaining:
        Reevaluation.objects.filter(pk=current.pk, finished_at__isnull=True).update(
            n_checked=F("n_valuations"), finished_at=as_of
        )
    return remaining


def _begin(version: str, as_of: dt.datetime) -> Reevaluation | None:
    """Mark what was computed before the change, and open a pass over it; None without such rows."""
    with transaction.atomic():
        Reevaluation.objects.filter(finished_at__isnull=True).update(finished_at=as_of)
        marked = sum(
            rows.exclude(market_version=version).update(is_to_be_checked=True)
            for rows in (_shown(Valuation), _shown(ComparisonValuation))
        )
        if not marked:
            return None
        return Reevaluation.objects.create(
            market_version=version, n_valuations=marked, started_at=as_of
        )


def _shown(model: type[Valuation] | type[ComparisonValuation]) -> Any:
    """Return the runs that pages show: those of current revisions, and of comparisons."""
    states = [model.State.DONE, model.State.QUEUED, model.State.RUNNING]
    rows: Any = model._default_manager.filter(state__in=states)
    if model is Valuation:
        return rows.filter(revision__superseded_at__isnull=True)
    return rows


def _to_check(
    model: type[Valuation] | type[ComparisonValuation], n_at_most: int | None = None
) -> Any:
    rows = _shown(model).filter(is_to_be_checked=True).order_by("pk")
    return rows if n_at_most is None else rows[:n_at_most]


def _check_offer(pk: int, version: str, as_of: dt.datetime) -> bool:
    """Value an offer again if its inputs changed; return whether they did."""
    valuation = Valuation.objects.filter(pk=pk).first()
    if valuation is None:
        return False
    revision = OfferRevision.objects.get(pk=valuation.revision_id)
    newest = request_valuation(revision=revision, as_of=as_of, is_in_batch=True)
    Valuation.objects.filter(pk=pk).update(is_to_be_checked=False, market_version=version)
    return newest.pk != pk


def _check_comparison(pk: int, version: str, as_of: dt.datetime) -> bool:
    """Value a comparison again if its inputs changed; return whether they did."""
    valuation = ComparisonValuation.objects.filter(pk=pk).first()
    if valuation is None:
        return False
    comparison = Comparison.objects.get(pk=valuation.comparison_id)
    newest = request_joint_valuation(comparison=comparison, as_of=as_of, is_in_batch=True)
    ComparisonValuation.objects.filter(pk=pk).update(is_to_be_checked=False, market_version=version)
    return newest.pk != pk
