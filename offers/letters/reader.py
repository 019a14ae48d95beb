"""A letter's text to its reading."""

from collections.abc import Sequence

from offers.letters.flat import MAX_CHARACTERS, flatten
from offers.letters.kinds import document_kind
from offers.letters.reading import LetterFacts, Reading, blank_fields


def read_letter(text: str, *, page_starts: Sequence[int] = (0,)) -> Reading:
    """Return what the letter says, where it says so, what is doubtful and what is missing.

    Parameters
    ----------
    text : the extracted text; spans are offsets into it.
    page_starts : the offset at which each page begins.
    """
    flat = flatten(text, page_starts)
    kind = document_kind(text[:MAX_CHARACTERS], flat.text)
    return Reading(document=LetterFacts(kind=kind), fields=blank_fields(), spans={})
