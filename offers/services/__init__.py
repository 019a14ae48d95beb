"""Values → rows: one business action per function, one transaction each."""

from offers.services.comparisons import (
    TooManyOffers,
    add_to_comparison,
    change_assumptions,
    compare_offers,
    delete_comparison,
    remove_from_comparison,
)
from offers.services.offers import (
    IllegalMove,
    NotTheCurrentRevision,
    correct_revision,
    delete_offer,
    expire_overdue_offers,
    move_offer,
    record_offer,
    revise_offer,
)
from offers.services.valuations import (
    ENGINE_VERSION,
    request_valuation,
    requeue_lost_valuations,
    retry_valuation,
    run_valuation,
)

__all__ = [
    "ENGINE_VERSION",
    "IllegalMove",
    "NotTheCurrentRevision",
    "TooManyOffers",
    "add_to_comparison",
    "change_assumptions",
    "compare_offers",
    "correct_revision",
    "delete_comparison",
    "delete_offer",
    "expire_overdue_offers",
    "move_offer",
    "record_offer",
    "remove_from_comparison",
    "request_valuation",
    "requeue_lost_valuations",
    "retry_valuation",
    "revise_offer",
    "run_valuation",
]
