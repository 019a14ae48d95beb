"""PDF files: words with their places on the page, put back into the order in which they are read."""

import re
from io import BytesIO
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from offers.letter_files.answers import MOST_CHARACTERS, MOST_PAGES, Extraction, Reason, Unreadable
from offers.letter_files.layout import Line, Word, join_pages, page_lines
from offers.letter_files.plain import cleaned

# Bytes after the end mark are common; a file without one was cut off.
_END_WITHIN: Final = 4096
# A font without names for its glyphs prints their numbers.
_NAMELESS: Final = re.compile(r"\(cid:\d+\)")
_BULLETS: Final = re.compile("[\uf0a7\uf0b7\uf076\uf0d8\u25cf\u25aa]")
# Millions of characters on a page are no letter, and pairing them up takes minutes.
MOST_CHARACTERS_ON_A_PAGE: Final = 30_000


def extract_pdf(data: bytes) -> Extraction:
    """Return the text of a PDF file; its pages keep their numbers even where one holds no text."""
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise Unreadable(Reason.DAMAGED)
    try:
        with pdfplumber.open(BytesIO(data)) as document:
            pages = _read_pages(document)
    except (Unreadable, MemoryError):
        raise
    except Exception as broken:
        raise Unreadable(_reason(broken)) from broken
    if not pages:
        raise Unreadable(Reason.DAMAGED)
    if not any(pages):
        raise Unreadable(Reason.NO_TEXT_LAYER)
    text, starts = join_pages(pages)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(Reason.TOO_LONG)
    unread = tuple(number for number, lines in enumerate(pages, start=1) if not lines)
    return Extraction(text=text, page_starts=starts, unread_pages=unread)


def _reason(broken: BaseException) -> Reason:
    causes = [broken, *broken.args] if isinstance(broken, PdfminerException) else [broken]
    is_locked = any(isinstance(cause, PDFPasswordIncorrect) for cause in causes)
    return Reason.PASSWORD_PDF if is_locked else Reason.DAMAGED


def _read_pages(document: Any) -> list[list[Line]]:
    if len(document.pages) > MOST_PAGES:
        raise Unreadable(Reason.TOO_MANY_PAGES)
    pages, total = [], 0
    for page in document.pages:
        lines = _read_page(page)
        page.close()
        total += sum(len(line.text) for line in lines)
        if total > MOST_CHARACTERS:
            raise Unreadable(Reason.TOO_LONG)
        pages.append(lines)
    return pages


def _read_page(page: Any) -> list[Line]:
    if len(page.chars) > MOST_CHARACTERS_ON_A_PAGE:
        raise Unreadable(Reason.TOO_HEAVY)
    # Watermarks run up the page; they say nothing and would break every line they cross.
    upright = page.filter(lambda item: item["object_type"] != "char" or item["upright"])
    words = _words(upright.dedupe_chars())
    nameless = sum(len(_NAMELESS.sub("", word.text)) == 0 for word in words)
    if not words or nameless * 3 > len(words):
        return []
    return page_lines(words, _tables(upright))


def _words(page: Any) -> list[Word]:
    found = page.extract_words(x_tolerance_ratio=0.2, y_tolerance=2, use_text_flow=False)
    words = []
    for each in found:
        text = cleaned(_BULLETS.sub("•", each["text"]))
        if text.strip():
            words.append(
                Word(
                    text=text,
                    x0=float(each["x0"]),
                    x1=float(each["x1"]),
                    top=float(each["top"]),
                    bottom=float(each["bottom"]),
                )
            )
    return words


def _tables(page: Any) -> list[list[list[tuple[float, float, float, float] | None]]]:
    """Return the ruled tables of the page, as rows of the boxes of their cells."""
    if len(page.edges) < 4:
        return []
    tables = [table for table in page.find_tables() if len(table.rows) > 1]
    return [
        [list(row.cells) for row in table.rows]
        for table in tables
        if max(len(row.cells) for row in table.rows) > 1
    ]
