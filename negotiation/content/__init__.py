"""The words that ship with Parley: scripts, questions, objection cards, handbook texts."""

from negotiation.content.reading import (
    VERSION,
    ShippedScript,
    shipped_cards,
    shipped_questions,
    shipped_scripts,
    shipped_texts,
)

__all__ = [
    "VERSION",
    "ShippedScript",
    "shipped_cards",
    "shipped_questions",
    "shipped_scripts",
    "shipped_texts",
]
