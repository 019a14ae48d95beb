"""Two to six offers side by side: one value that holds everything a page of them shows."""

from offers.selectors.comparison.reading import (
    ComparisonCard,
    compared_terms,
    comparison_cards,
    offer_comparison,
)
from offers.selectors.comparison.shapes import (
    Assumptions,
    Cell,
    Column,
    ComparedTerms,
    ComparisonView,
    Finding,
    Group,
    Known,
    Note,
    Part,
    Row,
)
from offers.selectors.comparison.view import comparison_view

__all__ = [
    "Assumptions",
    "Cell",
    "Column",
    "ComparedTerms",
    "ComparisonCard",
    "ComparisonView",
    "Finding",
    "Group",
    "Known",
    "Note",
    "Part",
    "Row",
    "compared_terms",
    "comparison_cards",
    "comparison_view",
    "offer_comparison",
]
