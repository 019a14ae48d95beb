"""What the pages of one person's offers show, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch

from accounts.models import Profile, User
from market.selectors import RateTable, rate_table
from offers.models import MarketStanding, Offer, OfferRevision, Valuation
from offers.selectors.changes import Change, revision_changes
from offers.selectors.equity import GrantFacts
from offers.selectors.fair_value import FairValueView, fair_value_view
from offers.selectors.market import OfferMarket, offer_market, ordinal
from offers.selectors.numbers import HORIZON_YEARS, OfferNumbers, offer_numbers
from offers.selectors.terms import Terms, terms_of

COMPONENTS: Final = {
    "base": "Base salary",
    "bonus": "Bonus",
    "one_off": "Sign-on and other one-off payments",
    "liquid_equity": "Stock that can be sold",
    "benefits": "Benefits",
    "paper_equity": "Private stock, beside the rest",
}
OPEN_STATES: Final = (Offer.State.VERBAL, Offer.State.WRITTEN, Offer.State.NEGOTIATING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """Where the base salary stands by the benchmarks, in a few words."""

    words: str
    earlier: str
    """Where it stood by the benchmarks before, if elsewhere: `25th percentile`."""
    is_out_of_date: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """One offer in a list."""

    offer: Offer
    revision: OfferRevision
    numbers: OfferNumbers
    is_open: bool
    standing: "Badge | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuationView:
    """A valuation as a page shows it: the last finished result, and whether a newer one is owed."""

    latest: Valuation
    results: dict[str, Any] | None
    is_out_of_date: bool

    @property
    def is_pending(self) -> bool:
        return self.latest.state in {Valuation.State.QUEUED, Valuation.State.RUNNING}

    @property
    def is_failed(self) -> bool:
        return self.latest.state == Valuation.State.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPage:
    """Everything the page of one offer shows."""

    offer: Offer
    revision: OfferRevision
    terms: Terms
    numbers: OfferNumbers
    valuation: ValuationView | None
    fair_value: FairValueView | None
    market: OfferMarket
    standing: "Badge | None"
    revisions: Sequence[OfferRevision]

    @property
    def equity_grants(self) -> tuple[GrantFacts, ...]:
        equity = self.numbers.private_equity or self.numbers.public_equity
        return equity.grants if equity else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftRow:
    """What one part of the pay became, over the horizon; `fraction` is None from nothing."""

    label: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def fraction(self) -> float | None:
        return self.difference / self.before if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionComparison:
    """Two revisions of one offer, line by line and in money."""

    before: OfferRevision
    after: OfferRevision
    changes: tuple[Change, ...]
    uplift: tuple[UpliftRow, ...] | None
    before_numbers: OfferNumbers
    after_numbers: OfferNumbers


def horizon(user: User) -> int:
    """Return over how many years this person looks at an offer."""
    years = Profile.objects.filter(user=user).values_list("horizon_years", flat=True).first()
    return years or HORIZON_YEARS


def risk_taste(user: User) -> str:
    """Return how this person takes risk."""
    taste = Profile.objects.filter(user=user).values_list("risk_taste", flat=True).first()
    return taste or Profile.RiskTaste.BALANCED


def offer_cards(user: User, *, horizon_years: int) -> list[OfferCard]:
    """Return this person's offers with their numbers: open ones first, then by due date."""
    revisions = (
        OfferRevision.objects.visible_to(user)
        .current()
        .with_terms()
        .select_related("market_standing__snapshot")
        .order_by("offer__respond_by_date", "offer__pk")
    )
    rates = rate_table()
    cards = [_card(revision, rates, horizon_years) for revision in revisions]
    return sorted(cards, key=lambda card: not card.is_open)


def offer_page(user: User, pk: int, *, horizon_years: int) -> OfferPage | None:
    """Return the page of one offer; None where this person has no such offer."""
    newest_first = Valuation.objects.latest_first().defer("inputs", "partial")
    revision = (
        OfferRevision.objects.visible_to(user)
        .current()
        .with_terms()
        .select_related("market_standing__snapshot")
        .prefetch_related(Prefetch("valuations", queryset=newest_first))
        .filter(offer_id=pk)
        .first()
    )
    if revision is None:
        return None
    terms = terms_of(revision)
    numbers = offer_numbers(terms, horizon_years=horizon_years, rates=rate_table())
    valuation = valuation_view(revision)
    return OfferPage(
        offer=revision.offer,
        revision=revision,
        terms=terms,
        numbers=numbers,
        valuation=valuation,
        fair_value=fair_value_view(numbers, valuation.results if valuation else None),
        market=offer_market(terms, numbers),
        standing=_badge(revision),
        revisions=list(OfferRevision.objects.filter(offer_id=pk).order_by("-number")),
    )


def valuation_view(revision: OfferRevision) -> ValuationView | None:
    """Return what to show of a revision's valuations, which must be prefetched newest first.

    While a new one is owed, the last finished one stays in sight, marked as out of date.
    """
    valuations = list(revision.valuations.all())
    if not valuations:
        return None
    done = next((row for row in valuations if row.state == Valuation.State.DONE), None)
    return ValuationView(
        latest=valuations[0],
        results=done.results if done else None,
        is_out_of_date=done is not None and (done is not valuations[0] or done.is_to_be_checked),
    )


def revision_pair(
    offer: Offer, before: str, after: str
) -> tuple[OfferRevision, OfferRevision] | None:
    """Return the two revisions with these numbers, by default the first and the last."""
    revisions = {
        revision.number: revision
        for revision in OfferRevision.objects.filter(offer=offer).with_terms().order_by("number")
    }
    numbers = sorted(revisions)
    try:
        low = int(before) if before else numbers[0]
        high = int(after) if after else numbers[-1]
        return revisions[low], revisions[high]
    except (KeyError, ValueError):
        return None


def revision_comparison(
    before: OfferRevision, after: OfferRevision, *, horizon_years: int
) -> RevisionComparison:
    """Return what changed from one revision to another, and the uplift in money.

    There is no uplift between revisions in different currencies: a rate would decide it.
    """
    rates = rate_table()
    old, new = terms_of(before), terms_of(after)
    old_numbers = offer_numbers(old, horizon_years=horizon_years, rates=rates)
    new_numbers = offer_numbers(new, horizon_years=horizon_years, rates=rates)
    return RevisionComparison(
        before=before,
        after=after,
        changes=revision_changes(old, new),
        uplift=_uplift(old_numbers, new_numbers) if before.currency == after.currency else None,
        before_numbers=old_numbers,
        after_numbers=new_numbers,
    )


def _uplift(before: OfferNumbers, after: OfferNumbers) -> tuple[UpliftRow, ...]:
    old, new = before.components, after.components
    return tuple(
        UpliftRow(label=label, before=old[name], after=new[name])
        for name, label in COMPONENTS.items()
        if old[name] or new[name]
    )


def _card(revision: OfferRevision, rates: RateTable, horizon_years: int) -> OfferCard:
    return OfferCard(
        offer=revision.offer,
        revision=revision,
        numbers=offer_numbers(terms_of(revision), horizon_years=horizon_years, rates=rates),
        is_open=revision.offer.state in OPEN_STATES,
        standing=_badge(revision),
    )


def _badge(revision: OfferRevision) -> Badge | None:
    """Return the badge of a placed offer; None where nothing comparable is published."""
    standing: MarketStanding | None = getattr(revision, "market_standing", None)
    base = standing.percentiles.get("base") if standing is not None else None
    if standing is None or base is None:
        return None
    earlier = (standing.before or {}).get("base") or {}
    is_moved = earlier.get("percentile") not in (None, base["percentile"])
    place = base["percentile"]
    return Badge(
        words=f"{ordinal(place)} percentile" if place else "beyond the middle 80%",
        earlier=f"{ordinal(earlier['percentile'])} percentile" if is_moved else "",
        is_out_of_date=not standing.snapshot.is_current,
    )
