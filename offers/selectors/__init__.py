"""Rows → values: what a page or the engine needs, read and handed back."""

from offers.selectors.changes import Change, revision_changes
from offers.selectors.numbers import HORIZON_YEARS, OfferNumbers, offer_numbers
from offers.selectors.pages import (
    OfferCard,
    OfferPage,
    RevisionComparison,
    ValuationView,
    horizon,
    offer_cards,
    offer_page,
    revision_comparison,
    revision_pair,
    valuation_view,
)
from offers.selectors.pictures import OfferPictures, offer_pictures
from offers.selectors.terms import Terms, terms_of

__all__ = [
    "HORIZON_YEARS",
    "Change",
    "OfferCard",
    "OfferNumbers",
    "OfferPage",
    "OfferPictures",
    "RevisionComparison",
    "Terms",
    "ValuationView",
    "horizon",
    "offer_cards",
    "offer_numbers",
    "offer_page",
    "offer_pictures",
    "revision_changes",
    "revision_comparison",
    "revision_pair",
    "terms_of",
    "valuation_view",
]
