"""What reading a file ends in: its text, or a reason with a sentence that names the next step."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 10_000_000
MOST_PAGES: Final = 60
# Sixty pages of small print without a margin; a letter has a tenth of it.
MOST_CHARACTERS: Final = 400_000


class Reason(StrEnum):
    """Why a file could not be read."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LONG = "too_long"
    TOO_HEAVY = "too_heavy"
    PASSWORD_PDF = "password_pdf"  # noqa: S105 -- a reason, not a secret
    PASSWORD_WORD = "password_word"  # noqa: S105 -- a reason, not a secret
    DAMAGED = "damaged"
    NO_TEXT_LAYER = "no_text_layer"
    NO_TEXT = "no_text"
    PICTURE = "picture"
    OLD_WORD = "old_word"
    OTHER_KIND = "other_kind"
    DISGUISED = "disguised"


MESSAGES: Final = {
    Reason.EMPTY_FILE: "The file is empty. Choose it again, or paste the text of the letter.",
    Reason.TOO_LARGE: "The file is larger than 10 MB. Save a smaller copy, or paste the text of the letter.",
    Reason.TOO_MANY_PAGES: "The file has more than 60 pages. Save the pages of the letter alone, or paste their text.",
    Reason.TOO_LONG: "The text is longer than 60 pages. Keep the letter alone, or paste its text.",
    Reason.TOO_HEAVY: "The file takes too much time or memory to read. Save it again with “Print to PDF”, or paste the text of the letter.",
    Reason.PASSWORD_PDF: "The PDF is protected with a password. Open it and save a copy without the password, or paste the text.",
    Reason.PASSWORD_WORD: "The document is protected with a password. Open it and save a copy without the password, or paste the text.",
    Reason.DAMAGED: "The file is damaged or incomplete and could not be read. Download it or ask for it once more, or paste the text.",
    Reason.NO_TEXT_LAYER: "The file has pages but no readable text: it looks like a scan or a photo. Type or paste the text instead.",
    Reason.NO_TEXT: "The document contains no text. Check that it is the right file, or paste the text of the letter.",
    Reason.PICTURE: "The file is a picture, and Parley does not read pictures. Type or paste the text instead.",
    Reason.OLD_WORD: "The file is an old Word document (.doc). Save it as .docx or PDF, or paste the text.",
    Reason.OTHER_KIND: "The file is no letter that Parley can read: {looks}. Save it as PDF or DOCX, or paste the text.",
    Reason.DISGUISED: "The file ends in {suffix} but is not {kind}: it looks like {looks}. Save it as PDF or DOCX, or paste the text.",
}


class Unreadable(Exception):
    """The file could not be read; `str()` says why and what to do next."""

    def __init__(self, reason: Reason, **words: str) -> None:
        super().__init__(MESSAGES[reason].format(**words))
        self.reason = reason
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The text of one file; `page_starts` are the offsets at which its pages begin."""

    text: str
    page_starts: tuple[int, ...] = (0,)
    unread_pages: tuple[int, ...] = ()
    """The numbers of pages without readable text, between pages that have some."""
