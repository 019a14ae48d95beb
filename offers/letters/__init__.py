"""Reading a written offer: text in; values, each with its source, out. The standard library only."""

from offers.letters.reader import read_letter
from offers.letters.reading import (
    FIELD_KEYS,
    DocumentKind,
    LetterFacts,
    Question,
    Reading,
    Span,
    blank_fields,
    unreadable,
)

__all__ = [
    "FIELD_KEYS",
    "DocumentKind",
    "LetterFacts",
    "Question",
    "Reading",
    "Span",
    "blank_fields",
    "read_letter",
    "unreadable",
]
