"""Whether and when one offer overtakes another, and what leaving or owning each of them costs."""

from offers.selectors.decision.cases import Board, board, decision_board, readable_changes
from offers.selectors.decision.criteria import ScoredCriterion, scored_criteria
from offers.selectors.decision.shapes import (
    LEAVING_MONTHS,
    Change,
    Chosen,
    DecisionView,
    Figure,
    FigureRow,
    Levers,
    Worked,
)
from offers.selectors.decision.sheet import (
    DecisionSheet,
    SheetGrant,
    SheetOffer,
    SheetStock,
    decision_sheet,
)
from offers.selectors.decision.view import decision_view

__all__ = [
    "LEAVING_MONTHS",
    "Board",
    "Change",
    "Chosen",
    "DecisionSheet",
    "DecisionView",
    "Figure",
    "FigureRow",
    "Levers",
    "ScoredCriterion",
    "SheetGrant",
    "SheetOffer",
    "SheetStock",
    "Worked",
    "board",
    "decision_board",
    "decision_sheet",
    "decision_view",
    "readable_changes",
    "scored_criteria",
]
