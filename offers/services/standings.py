"""Offers that rest on older benchmarks are placed anew, in batches, each a transaction of its own.

What is owed are current revisions without a standing by the snapshot in force, so nothing is lost
with a message or a worker, and two workers at once do the same work twice at worst.
"""

import datetime as dt
from typing import Any, Final

from django.db import transaction

from market.models import BenchmarkSnapshot
from market.selectors import BenchmarkAnswer, rate_table
from offers.models import MarketStanding, OfferRevision, RevisionQuerySet
from offers.selectors.market import amounts_a_year, answers_for
from offers.selectors.numbers import HORIZON_YEARS, offer_numbers
from offers.selectors.terms import Terms, terms_of

PLACED_AT_ONCE: Final = 50


@transaction.atomic
def place_offers(*, as_of: dt.datetime, n_at_once: int = PLACED_AT_ONCE) -> int:
    """Place the next offers by the benchmarks in force; return how many are left."""
    snapshot = BenchmarkSnapshot.objects.current().first()
    if snapshot is None:
        return 0
    revisions = list(
        _owed(snapshot).with_terms().select_related("market_standing").order_by("pk")[:n_at_once]
    )
    offers = [terms_of(revision) for revision in revisions]
    answers = answers_for(
        offers, currencies=[terms.revision.currency for terms in offers], snapshot_id=snapshot.pk
    )
    rates = rate_table()
    standings = []
    for revision, terms, answer in zip(revisions, offers, answers, strict=True):
        numbers = offer_numbers(terms, horizon_years=HORIZON_YEARS, rates=rates)
        found = _percentiles(answer, amounts_a_year(terms, numbers), terms)
        earlier: MarketStanding | None = getattr(revision, "market_standing", None)
        is_moved = earlier is not None and earlier.percentiles != found
        standings.append(
            MarketStanding(
                revision=revision,
                snapshot=snapshot,
                percentiles=found,
                before=earlier.percentiles if earlier is not None and is_moved else None,
                placed_at=as_of,
            )
        )
    MarketStanding.objects.bulk_create(
        standings,
        update_conflicts=True,
        unique_fields=["revision"],
        update_fields=["snapshot", "percentiles", "before", "placed_at"],
    )
    remaining: int = _owed(snapshot).count()
    return remaining


def _owed(snapshot: BenchmarkSnapshot) -> RevisionQuerySet:
    placed = MarketStanding.objects.filter(snapshot=snapshot).values("revision_id")
    owed: RevisionQuerySet = OfferRevision.objects.current().exclude(pk__in=placed)
    return owed


def _percentiles(
    answer: BenchmarkAnswer | None, amounts: Any, terms: Terms
) -> dict[str, dict[str, int | None]]:
    """Return per component that was measured and stated where the offer stands, and among how many."""
    if answer is None or answer.currency != terms.revision.currency:
        return {}
    return {
        cell.component: {"percentile": cell.place(amounts[cell.component]), "n": cell.n}
        for cell in answer.components
        if cell.is_quotable and amounts[cell.component] is not None
    }
