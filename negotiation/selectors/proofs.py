"""The only place where a competing offer, or a range of the market, becomes something to cite.

Each is made from its row, read through `visible_to`, at the moment that it is needed: what has
expired or was declined since is gone from the next script.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from negotiation.models import Evidence, Negotiation
from negotiation.scripts import CompetingOffer, MarketQuote, NotOnRecord
from offers.models import OfferRevision
from offers.selectors import OPEN_STATES

OLDEST_MONTHS: Final = 36
_DAYS_A_MONTH: Final = 30.4375


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedOffer:
    """Another offer with the proof that it may be cited."""

    revision: OfferRevision
    proof: CompetingOffer
    may_be_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedRange:
    """A range on record with the proof that it may be quoted."""

    row: Evidence
    proof: MarketQuote


def cited_offers(talk: Negotiation, *, today: dt.date) -> tuple[CitedOffer, ...]:
    """Return the other written, open, unexpired offers of this person, the highest base first."""
    revisions = (
        OfferRevision.objects.visible_to(talk.offer.owner)
        .current()
        .with_terms()
        .select_related("offer__negotiation")
        .filter(source=OfferRevision.Source.WRITTEN, offer__state__in=OPEN_STATES)
        .exclude(offer=talk.offer_id)
        .exclude(offer__company=talk.offer.company_id)
        .order_by("-base_salary", "pk")
    )
    found = []
    for revision in revisions:
        offer = revision.offer
        try:
            proof = CompetingOffer(
                offer_id=offer.pk,
                revision_id=revision.pk,
                owner_id=offer.owner_id,
                owner_of_this_offer_id=talk.offer.owner_id,
                this_offer_id=talk.offer_id,
                is_written=revision.source == OfferRevision.Source.WRITTEN,
                is_open=offer.state in OPEN_STATES,
                respond_by_date=offer.respond_by_date,
                as_of=today,
            )
        except NotOnRecord:
            continue
        other = getattr(offer, "negotiation", None)
        found.append(
            CitedOffer(
                revision=revision,
                proof=proof,
                may_be_named=other is not None and other.may_be_named,
            )
        )
    return tuple(found)


def quoted_range(
    rows: Iterable[Evidence], *, currency: str, today: dt.date
) -> tuple[QuotedRange | None, tuple[str, ...]]:
    """Return the range to quote, and for every other range why it cannot be quoted.

    The total counts before the base, the larger sample before the smaller; a range in another
    currency is not quoted, because a rate would decide it.
    """
    usable: list[QuotedRange] = []
    reasons: list[str] = []
    for row in _ranges(rows):
        try:
            usable.append(QuotedRange(row=row, proof=_proof(row, currency, today)))
        except NotOnRecord as problem:
            reasons.append(f"{row.label}: {problem}.")
    best = max(
        usable,
        key=lambda quoted: (quoted.row.component == "total", quoted.row.sample_size or 0),
        default=None,
    )
    return best, tuple(reasons)


def _proof(row: Evidence, currency: str, today: dt.date) -> MarketQuote:
    if row.currency != currency:
        raise NotOnRecord(f"it is in {row.currency}")
    if (today - row.as_of_date).days / _DAYS_A_MONTH > OLDEST_MONTHS:
        raise NotOnRecord("the figures are more than three years old")
    return MarketQuote(
        sample_size=row.sample_size or 0,
        as_of=row.as_of_date,
        sources=sources_in_words(row),
        is_measured=not row.is_modelled,
        is_suppressed=row.low is None or row.high is None,
        is_first_hand=row.is_matched,
    )


def sources_in_words(row: Evidence) -> str:
    """Return the sources as they are quoted; people are never named."""
    return "people I know of" if row.kind == Evidence.Kind.NETWORK else row.source_names


def _ranges(rows: Iterable[Evidence]) -> Sequence[Evidence]:
    kinds = {Evidence.Kind.BENCHMARK, Evidence.Kind.NETWORK}
    return [row for row in rows if row.kind in kinds and row.component in {"total", "base"}]
