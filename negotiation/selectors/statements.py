"""What a person confirmed as true for one offer, and may therefore be said for them."""

from collections.abc import Mapping
from typing import Final

# Our words for what is only confirmed.
FIXED_WORDS: Final[Mapping[str, str]] = {
    "preference": "I would rather join you",
    "would_sign": "With that in the revised letter I would sign",
    "is_elsewhere": "I am in the last stage of another process",
    "is_counter": "Your counter is on record",
}
OWN_WORDS: Final = (
    "team_reason",
    "value_reason",
    "true_reason",
    "scope_evidence",
    "stay_reason",
    "posted_range",
)
"""Slots that a person fills with their own words, kept in `Negotiation.own_words`."""
FLAGS: Final = ("is_elsewhere", "is_counter")
"""Confirmations kept in `Negotiation.own_words`; the others have a moment of their own."""
EXTENSION: Final = "extension_date"
YES: Final = "yes"
