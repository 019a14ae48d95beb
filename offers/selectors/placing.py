"""How far offers have followed to the benchmarks in force: for their owner, and for the bench."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, Q

from accounts.models import User
from market.models import BenchmarkSnapshot
from market.selectors import LATELY, Followed
from offers.models import OfferRevision

IS_PLACED = Q(market_standing__snapshot__is_current=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How many current offers stand where the benchmarks in force put them, and how many there are."""

    n_placed: int
    n_offers: int

    @property
    def is_owed(self) -> bool:
        return self.n_placed < self.n_offers

    @property
    def percent(self) -> int:
        return 100 * self.n_placed // self.n_offers if self.n_offers else 100


def placing(user: User) -> Placing:
    """Return how far the offers of one person are, in one query; without benchmarks none is owed."""
    counted = (
        OfferRevision.objects.visible_to(user)
        .current()
        .filter(Exists(BenchmarkSnapshot.objects.current()))
        .aggregate(n_offers=Count("pk"), n_placed=Count("pk", filter=IS_PLACED))
    )
    return Placing(**counted)


def offers_followed(as_of: dt.datetime) -> Followed:
    """Return how far the offers of everybody are, in two queries."""
    snapshot = BenchmarkSnapshot.objects.current().first()
    if snapshot is None:
        return Followed(
            label="offers", n_rows=0, n_owed=0, owed_since=None, n_lately=0, as_of=as_of
        )
    counted = OfferRevision.objects.current().aggregate(
        n_rows=Count("pk"),
        n_owed=Count("pk", filter=~IS_PLACED),
        written_at=Min("created_at", filter=~IS_PLACED),
        n_lately=Count("pk", filter=IS_PLACED & Q(market_standing__placed_at__gt=as_of - LATELY)),
    )
    written_at = counted.pop("written_at")
    return Followed(
        label="offers",
        # An offer is owed from its own beginning, or from that of the benchmarks if they are newer.
        owed_since=max(filter(None, (written_at, snapshot.finished_at))) if written_at else None,
        as_of=as_of,
        **counted,
    )
