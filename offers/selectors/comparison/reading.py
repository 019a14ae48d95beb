"""Rows → comparisons, in a fixed number of queries however many offers there are."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import F, Prefetch

from accounts.models import User
from market.selectors import rate_table
from offers.models import Comparison, OfferRevision, Valuation
from offers.selectors.comparison.shapes import Assumptions, ComparedTerms, ComparisonView
from offers.selectors.comparison.view import comparison_view
from offers.selectors.market import answers_for
from offers.selectors.pages import valuation_view
from offers.selectors.terms import terms_of

OFFERS_AT_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCard:
    """One comparison in a list, with the companies in the order of their letters."""

    comparison: Comparison
    names: tuple[str, ...]


def compared_terms(comparison: Comparison) -> list[ComparedTerms]:
    """Return the offers of a comparison with their current terms, in the order of their letters."""
    newest_first = Valuation.objects.latest_first().defer("inputs", "partial")
    revisions = (
        OfferRevision.objects.current()
        .filter(offer__places__comparison=comparison, offer__owner_id=comparison.owner_id)
        .annotate(place=F("offer__places__position"))
        .with_terms()
        .prefetch_related(Prefetch("valuations", queryset=newest_first))
        .order_by("place")
    )
    return [
        ComparedTerms(
            terms=terms_of(revision),
            valuation=valuation_view(revision),
            offer_id=revision.offer_id,
        )
        for revision in revisions
    ]


def offer_comparison(
    comparison: Comparison,
    assumptions: Assumptions,
    *,
    today: dt.date,
    shown: Collection[str] = (),
) -> ComparisonView | None:
    """Return a saved comparison under these assumptions, which need not be the saved ones.

    None where fewer than two of its offers are left.
    """
    compared = compared_terms(comparison)
    if len(compared) < OFFERS_AT_LEAST:
        return None
    return comparison_view(
        with_market(compared, assumptions),
        assumptions,
        rates=rate_table(),
        today=today,
        shown=shown,
    )


def with_market(
    compared: Sequence[ComparedTerms],
    assumptions: Assumptions,
    *,
    snapshot_id: int | None = None,
) -> list[ComparedTerms]:
    """Return the offers, each with what the market pays for its job."""
    answers = answers_for(
        [each.terms for each in compared],
        currencies=[assumptions.currency] * len(compared),
        snapshot_id=snapshot_id,
    )
    return [replace(each, market=answer) for each, answer in zip(compared, answers, strict=True)]


def comparison_cards(user: User) -> list[ComparisonCard]:
    """Return this person's comparisons, the last changed first."""
    comparisons = (
        Comparison.objects.visible_to(user)
        .prefetch_related("places__offer__company")
        .order_by("-updated_at", "-pk")
    )
    return [
        ComparisonCard(
            comparison=comparison,
            names=tuple(
                place.offer.company.name
                for place in sorted(comparison.places.all(), key=lambda place: place.position)
            ),
        )
        for comparison in comparisons
    ]
