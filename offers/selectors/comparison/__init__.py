"""Two to six offers side by side: one value that holds everything a page of them shows."""

from offers.selectors.comparison.joint import JointLens, JointRun, joint_lens, joint_run
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
    "JointLens",
    "JointRun",
    "Known",
    "Note",
    "Part",
    "Row",
    "compared_terms",
    "comparison_cards",
    "comparison_view",
    "joint_lens",
    "joint_run",
    "offer_comparison",
]
