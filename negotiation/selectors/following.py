"""Evidence that rests on benchmarks, and how far it has followed to those in force."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q

from market.models import BenchmarkSnapshot
from market.selectors import LATELY, Followed
from negotiation.models import Ask, Evidence
from negotiation.selectors.published import CELL
from offers.selectors import OPEN_STATES


def following_evidence() -> Any:
    """Return what was taken from benchmarks for a talk that goes on, and was not yet used.

    What an ask rests on that was put is what the other side heard: it stays as it stood.
    """
    put = Ask.objects.filter(evidence=OuterRef("pk"), put_at__isnull=False)
    return Evidence.objects.filter(
        ~Exists(put),
        kind=Evidence.Kind.BENCHMARK,
        reference__startswith=CELL,
        negotiation__offer__state__in=OPEN_STATES,
    )


def is_owed(snapshot: BenchmarkSnapshot) -> Q:
    """Return the condition of evidence that rests on other benchmarks than these."""
    return Q(snapshot_number__isnull=True) | ~Q(snapshot_number=snapshot.pk)


def evidence_followed(as_of: dt.datetime) -> Followed:
    """Return how far the evidence of everybody is, in two queries."""
    label = "figures cited in scripts"
    snapshot = BenchmarkSnapshot.objects.current().first()
    if snapshot is None:
        return Followed(label=label, n_rows=0, n_owed=0, owed_since=None, n_lately=0, as_of=as_of)
    counted = following_evidence().aggregate(
        n_rows=Count("pk"),
        n_owed=Count("pk", filter=is_owed(snapshot)),
        taken_at=Min("created_at", filter=is_owed(snapshot)),
        n_lately=Count("pk", filter=Q(checked_at__gt=as_of - LATELY)),
    )
    taken_at = counted.pop("taken_at")
    return Followed(
        label=label,
        owed_since=max(filter(None, (taken_at, snapshot.finished_at))) if taken_at else None,
        as_of=as_of,
        **counted,
    )
