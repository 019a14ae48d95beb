"""Word documents: what stands in them once every tracked change is accepted."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from offers.letter_files.answers import Extraction, Reason, Unreadable
from offers.letter_files.plain import paged

# A long letter with pictures unpacks to a few megabytes.
MOST_UNPACKED: Final = 60_000_000
MOST_PARTS: Final = 2_000
MOST_NESTED: Final = 40
# Addresses and signatures stand line under line; a paragraph is longer than they are.
SHORT_LINE: Final = 60

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc"))
# Deleted, moved away, hidden or instructions to Word: none of it is what the letter says.
_LEFT_OUT: Final = frozenset(
    f"{_W}{name}"
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sectPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "delText",
        "delInstrText",
    )
) | {f"{_MC}Fallback"}
_SIGNS: Final = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}


def extract_docx(data: bytes) -> Extraction:
    """Return the text of a DOCX file: insertions kept, deletions and hidden text left out."""
    _check_size(data)
    try:
        document = docx.Document(BytesIO(data))
        pages = _pages(document)
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        NotImplementedError,
        OSError,
        EOFError,
        TypeError,
        IndexError,
        AssertionError,
    ) as broken:
        raise Unreadable(Reason.DAMAGED) from broken
    return paged(pages)


def _check_size(data: bytes) -> None:
    """Refuse what unpacks to more than a letter; a size that lies fails when the part is read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as broken:
        raise Unreadable(Reason.DAMAGED) from broken
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(Reason.PASSWORD_WORD)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(Reason.TOO_HEAVY)


def _pages(document: Any) -> list[str]:
    """Return the pages as far as the document says where they begin."""
    body = document.element.body
    if body is None:
        return []
    head, foot = _furniture(document)
    return _joined([*head, *_blocks(body, depth=0), *foot]).split("\x0c")


def _joined(lines: list[str]) -> str:
    """Return the lines as one text, with a blank line around every paragraph that is long."""
    text, previous = "", ""
    for line in lines:
        is_long = max(len(previous), len(line)) > SHORT_LINE and "\t" not in previous + line
        text += ("\n\n" if is_long else "\n") + line
        previous = line
    return text


def _furniture(document: Any) -> tuple[list[str], list[str]]:
    """Return the lines of the headers and of the footers, each of them once."""
    heads: list[str] = []
    feet: list[str] = []
    for section in document.sections:
        first = bool(section.different_first_page_header_footer)
        tops = ([section.first_page_header] if first else []) + [section.header]
        ends = ([section.first_page_footer] if first else []) + [section.footer]
        for parts, lines in ((tops, heads), (ends, feet)):
            for part in parts:
                if not part.is_linked_to_previous:
                    for line in _blocks(part._element, depth=0):  # noqa: SLF001 -- the only way in
                        if line.strip() and line not in lines:
                            lines.append(line)
    return ([*heads, ""] if heads else []), (["", *feet] if feet else [])


def _blocks(parent: Any, *, depth: int) -> Iterator[str]:
    """Yield the lines of paragraphs and table rows below an element, in reading order."""
    if depth > MOST_NESTED:
        raise Unreadable(Reason.DAMAGED)
    carried = ""
    for child in parent:
        if child.tag == _P:
            if _is_mark_deleted(child):
                # Its end was deleted: it runs on into the next paragraph.
                carried += _line(child, depth)
                continue
            yield carried + _line(child, depth)
            carried = ""
            if _ends_section(child):
                yield "\x0c"
        elif child.tag == _TBL:
            yield ""
            yield from _rows(child, depth)
            yield ""
        elif child.tag not in _LEFT_OUT and len(child):
            # Content controls, insertions around whole paragraphs, custom XML.
            yield from _blocks(child, depth=depth + 1)
    if carried:
        yield carried


def _rows(table: Any, depth: int) -> Iterator[str]:
    """Yield each row as its cells between tabs; a row that holds a table is that table's rows."""
    for row in _within(table, _TR):
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [list(_cell(cell, depth)) for cell in _within(row, _TC) if not _continues(cell)]
        if any(cell.find(f".//{_TBL}") is not None for cell in _within(row, _TC)):
            for lines in cells:
                yield from lines
                yield ""
        else:
            yield "\t".join(" ".join(part.strip() for part in cell if part) for cell in cells)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, past content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_TBL, _P):
            yield from _within(child, tag)


def _cell(cell: Any, depth: int) -> Iterator[str]:
    yield from (line for line in _blocks(cell, depth=depth + 1) if line.strip())


def _continues(cell: Any) -> bool:
    """Say whether the cell only goes on with the one above it."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _is_mark_deleted(paragraph: Any) -> bool:
    return paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None


def _ends_section(paragraph: Any) -> bool:
    section = paragraph.find(f"{_W}pPr/{_W}sectPr")
    kind = section.find(f"{_W}type") if section is not None else None
    return section is not None and (kind is None or kind.get(f"{_W}val") != "continuous")


def _line(element: Any, depth: int) -> str:
    """Return the text of a paragraph, or of a part of it."""
    if depth > MOST_NESTED:
        raise Unreadable(Reason.DAMAGED)
    parts: list[str] = []
    if element.tag == _P and element.find(f"{_W}pPr/{_W}pageBreakBefore") is not None:
        parts.append("\x0c")
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT or _is_hidden(child):
            continue
        if tag == f"{_W}t":
            parts.append((child.text or "").replace("\n", " "))
        elif tag == f"{_W}br" and child.get(f"{_W}type") == "page":
            parts.append("\x0c")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == _P:
            # A text box inside a paragraph.
            parts.append(f"\n{_line(child, depth + 1)}\n")
        elif tag == _TBL:
            parts.append("\n" + "\n".join(_rows(child, depth + 1)) + "\n")
        elif isinstance(tag, str) and len(child):
            parts.append(_line(child, depth + 1))
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    if run.tag != f"{_W}r":
        return False
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "true") not in {"0", "false", "off"}
