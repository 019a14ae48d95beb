"""What an ask rests on: rows on record, turned into ranges in the money of the offer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from market.selectors import RateTable, rate_table
from negotiation.bargaining import MarketRange, SizingRules
from negotiation.models import Evidence, Negotiation
from negotiation.selectors.pay import yearly_pay
from offers.models import Offer, OfferRevision
from offers.selectors import OPEN_STATES, offer_numbers, terms_of

DAYS_A_MONTH: Final = 30.4375
RULES: Final = SizingRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Competing:
    """Another written offer, in the money of this one."""

    revision: OfferRevision
    total: float
    base: float | None
    is_usable: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSet:
    """Everything on record for one talk, and the one range that an ask is sized by."""

    rows: Sequence[Evidence]
    measure: str
    """`total` or `base`: which money the range speaks of."""
    row: Evidence | None
    market: MarketRange | None
    competing: float | None
    rivals: Sequence[Competing]

    @property
    def n_sources(self) -> int:
        return len({row.kind for row in self.rows})


def competing_offers(
    talk: Negotiation, *, currency: str, horizon_years: int, today: dt.date, rates: RateTable
) -> list[Competing]:
    """Return the other written offers of this person, each with whether it may be cited, and why not.

    One that was declined, accepted, withdrawn or has expired is never citable; nor is a verbal one,
    which is not in this list at all.
    """
    revisions = (
        OfferRevision.objects.visible_to(talk.offer.owner)
        .current()
        .with_terms()
        .filter(source=OfferRevision.Source.WRITTEN)
        .exclude(offer=talk.offer_id)
        .order_by("offer__respond_by_date", "pk")
    )
    found = []
    for revision in revisions:
        conversion = rates.conversion(revision.currency, currency)
        if conversion is None:
            continue
        rate = float(conversion.rate)
        numbers = offer_numbers(terms_of(revision), horizon_years=horizon_years, rates=rates)
        reason = unusable_because(revision.offer, today)
        found.append(
            Competing(
                revision=revision,
                total=yearly_pay(numbers, paper_fraction=talk.paper_fraction) * rate,
                base=float(revision.base_salary) * rate if revision.base_salary else None,
                is_usable=not reason,
                reason=reason,
            )
        )
    return found


def unusable_because(offer: Offer, today: dt.date) -> str:
    """Return why an offer cannot be cited today; empty where it can."""
    if offer.state not in OPEN_STATES:
        return f"It is {offer.get_state_display().lower()}."
    if offer.respond_by_date is not None and offer.respond_by_date < today:
        return "Its date has passed."
    return ""


def evidence_set(
    talk: Negotiation, *, currency: str, horizon_years: int, today: dt.date
) -> EvidenceSet:
    """Return what is on record, and the best range of it: of the total if there is one, else of base."""
    rates = rate_table()
    rows = list(
        talk.evidence.select_related("competing_revision__offer__company").order_by(
            "kind", "-as_of_date", "pk"
        )
    )
    rivals = competing_offers(
        talk, currency=currency, horizon_years=horizon_years, today=today, rates=rates
    )
    cited = {row.competing_revision_id for row in rows if row.competing_revision_id}
    used = [rival for rival in rivals if rival.is_usable and rival.revision.pk in cited]
    for measure in ("total", "base"):
        ranges = [
            (row, market)
            for row in rows
            if row.component == measure
            if (market := market_range(row, currency=currency, today=today, rates=rates))
        ]
        competing = [
            value
            for rival in used
            if (value := rival.total if measure == "total" else rival.base) is not None
        ]
        if ranges or (competing and measure == "total"):
            best = max(ranges, key=lambda pair: _strength(pair[1]), default=(None, None))
            return EvidenceSet(
                rows=rows,
                measure=measure,
                row=best[0],
                market=best[1],
                competing=max(competing, default=None),
                rivals=rivals,
            )
    return EvidenceSet(
        rows=rows, measure="total", row=None, market=None, competing=None, rivals=rivals
    )


def market_range(
    row: Evidence, *, currency: str, today: dt.date, rates: RateTable
) -> MarketRange | None:
    """Return a row as a range in this currency; None where it names no range or no rate is known."""
    if row.kind not in {
        Evidence.Kind.BENCHMARK,
        Evidence.Kind.NETWORK,
        Evidence.Kind.POSTED_RANGE,
    }:
        return None
    conversion = rates.conversion(row.currency, currency)
    if conversion is None or row.low is None or row.high is None:
        return None
    middle = row.median if row.median is not None else (row.low + row.high) / 2
    low, median, high = (float(value * conversion.rate) for value in (row.low, middle, row.high))
    return MarketRange(
        low=low,
        median=min(max(median, low), high),
        high=high,
        top=float(row.top * conversion.rate) if row.top is not None else None,
        # A posted range is no sample: it bounds, and gives no percentile.
        sample_size=row.sample_size or 1,
        age_months=max(int((today - row.as_of_date).days / DAYS_A_MONTH), 0),
        is_matched=row.is_matched,
        is_modelled=row.is_modelled,
        backoff_step=row.backoff_step,
    )


def _strength(market: MarketRange) -> tuple[bool, bool, int]:
    return (
        market.age_months <= RULES.expired_months,
        market.has_percentiles(RULES),
        market.sample_size,
    )
