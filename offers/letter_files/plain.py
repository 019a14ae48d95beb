"""Plain text in whatever encoding it came."""

import codecs
import re
from typing import Final

from offers.letter_files.answers import MOST_CHARACTERS, MOST_PAGES, Extraction, Reason, Unreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Soft hyphens, joiners and marks of direction: nobody sees them, and they split words and figures.
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
_BLANKS: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_TRAILING: Final = re.compile("[ \t]+(?=\n|$)")
_MANY_BLANK_LINES: Final = re.compile("\n{4,}")


def extract_plain(data: bytes) -> Extraction:
    """Return the text of a TXT file; a form feed begins a page."""
    return paged(decoded(data).split("\x0c"))


def decoded(data: bytes) -> str:
    """Return the text: by its mark, as UTF-8, as UTF-16 without a mark, or as Western text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data[:4096]:
        little = data[1:4096:2].count(0) >= data[0:4096:2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def cleaned(text: str) -> str:
    """Return the text with one kind of line end and of blank, and without what nobody can see."""
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", _UNSEEN.sub("", text))
    text = _TRAILING.sub("", _BLANKS.sub(" ", text))
    return _MANY_BLANK_LINES.sub("\n\n\n", text).strip("\n")


def paged(pages: list[str]) -> Extraction:
    """Return the pages as one text, or raise `Unreadable` where there is none or too much."""
    kept = [text for text in map(cleaned, pages) if text.strip()]
    if not kept:
        raise Unreadable(Reason.NO_TEXT)
    if len(kept) > MOST_PAGES:
        raise Unreadable(Reason.TOO_MANY_PAGES)
    starts, text = [], ""
    for page in kept:
        text += "\n\n" if text else ""
        starts.append(len(text))
        text += page
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(Reason.TOO_LONG)
    return Extraction(text=text, page_starts=tuple(starts))
