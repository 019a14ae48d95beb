"""What a mentor may see of a comparison, and through which link."""

from offers.selectors.sharing.hiding import HINTS, LEFT_OUT_OF_TOTALS, SHOWN, Hideable, may_show
from offers.selectors.sharing.links import (
    PASS_LASTS,
    OwnedLink,
    comment_counts,
    is_passcode,
    is_passed,
    open_link,
    owned_links,
    pass_for,
    token_hash,
)
from offers.selectors.sharing.page import (
    ANCHORS,
    SharedComment,
    SharedComparison,
    Thread,
    shared_comparison,
    shared_view,
)
from offers.selectors.sharing.redaction import Redaction, rounded

__all__ = [
    "ANCHORS",
    "HINTS",
    "LEFT_OUT_OF_TOTALS",
    "PASS_LASTS",
    "SHOWN",
    "Hideable",
    "OwnedLink",
    "Redaction",
    "SharedComment",
    "SharedComparison",
    "Thread",
    "comment_counts",
    "is_passcode",
    "is_passed",
    "may_show",
    "open_link",
    "owned_links",
    "pass_for",
    "rounded",
    "shared_comparison",
    "shared_view",
    "token_hash",
]
