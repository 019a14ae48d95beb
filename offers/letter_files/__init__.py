"""From a file to its text: TXT, PDF and DOCX, read by a process of its own with narrow limits."""

from offers.letter_files.answers import (
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_PAGES,
    Extraction,
    Reason,
    Unreadable,
)
from offers.letter_files.process import (
    ReaderFailed,
    ReadText,
    extract,
    extract_pasted,
    read,
)

__all__ = [
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "MOST_PAGES",
    "Extraction",
    "ReadText",
    "ReaderFailed",
    "Reason",
    "Unreadable",
    "extract",
    "extract_pasted",
    "read",
]
