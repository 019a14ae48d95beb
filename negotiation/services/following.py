"""Evidence taken from benchmarks is read again from newer ones, in batches, each a transaction.

What is owed are rows that rest on other benchmarks than those in force, so nothing is lost with a
message or a worker. Scripts and asks are written from evidence when they are opened: they follow.
"""

import datetime as dt
from typing import Any, Final

from django.db import transaction

from market.models import BenchmarkSnapshot
from market.selectors import benchmarks_for
from negotiation.models import Evidence, Negotiation
from negotiation.selectors.following import following_evidence, is_owed
from negotiation.selectors.published import ranges_of
from offers.models import OfferRevision
from offers.selectors.market import jobs_of

FOLLOWED_AT_ONCE: Final = 50
GONE: Final = "The newest benchmarks publish nothing comparable; these figures are older."


@transaction.atomic
def follow_benchmarks(*, as_of: dt.datetime, n_at_once: int = FOLLOWED_AT_ONCE) -> int:
    """Read the evidence of the next talks from the benchmarks in force; return how many rows are left."""
    snapshot = BenchmarkSnapshot.objects.current().first()
    if snapshot is None:
        return 0
    owed = following_evidence().filter(is_owed(snapshot))
    talks = list(
        Negotiation.objects.filter(pk__in=owed.values("negotiation"))
        .select_related("offer__company__stage", "offer__role_family", "offer__level")
        .select_related("offer__location")
        .order_by("pk")[:n_at_once]
    )
    published = _published(talks, snapshot)
    rows = list(owed.filter(negotiation__in=talks).order_by("pk").select_for_update(of=("self",)))
    for row in rows:
        _read_again(row, published[row.negotiation_id].get(row.component), snapshot, as_of)
    Evidence.objects.bulk_update(rows, _COLUMNS)
    remaining: int = owed.count()
    return remaining


def _published(
    talks: list[Negotiation], snapshot: BenchmarkSnapshot
) -> dict[int, dict[str, dict[str, Any]]]:
    """Return per talk what is published for its job by component, in as many queries as for one."""
    currencies = dict(
        OfferRevision.objects.current()
        .filter(offer__in=[talk.offer_id for talk in talks])
        .values_list("offer_id", "currency")
    )
    answers = benchmarks_for(
        jobs_of([(talk.offer, talk.offer.company) for talk in talks]),
        currencies=[currencies[talk.offer_id] for talk in talks],
        snapshot_id=snapshot.pk,
    )
    return {
        talk.pk: {fields["component"]: fields for fields in ranges_of(answer)}
        for talk, answer in zip(talks, answers, strict=True)
    }


def _read_again(
    row: Evidence, fields: dict[str, Any] | None, snapshot: BenchmarkSnapshot, as_of: dt.datetime
) -> None:
    """Give a row the newest figures; where none are published it keeps its own and says so."""
    was = (row.currency, row.median)
    if fields is None:
        row.cautions = [*(words for words in row.cautions if words != GONE), GONE]
    else:
        for name, value in fields.items():
            setattr(row, name, value)
        is_moved = row.currency == was[0] and row.median != was[1]
        row.median_before = was[1] if is_moved else None
    row.snapshot_number = snapshot.pk
    row.checked_at = as_of


_COLUMNS: Final = [
    "label", "source_names", "currency", "low", "median", "high", "top", "sample_size",
    "as_of_date", "backoff_step", "is_modelled", "cautions", "reference", "snapshot_number",
    "median_before", "checked_at",
]  # fmt: skip
