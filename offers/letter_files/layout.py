"""From words on a page to lines in reading order: columns, ruled tables, running headers.

Nothing here knows PDF: a word is a text in a box. Distances are in points, measured from the top
left corner.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""x0, top, x1, bottom."""
Table: TypeAlias = Sequence[Sequence[Box | None]]

# Justified text stretches its spaces to one letter's height; the gaps of tables are wider.
CELL_GAP: Final = 1.5
# Two columns stand side by side over at least so many lines.
FEWEST_LINES: Final = 3
# Side by side, a table's rows share their baselines and unrelated columns do not.
UNALIGNED_SHARE: Final = 0.25
SAME_BASELINE: Final = 2.0
SAME_PLACE: Final = 1.5
# A line of running text is at least this long; the labels of a table are shorter.
PROSE_CHARACTERS: Final = 28
# The first and last lines of a page, where running headers and page numbers stand.
MARGIN_LINES: Final = 3
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"^[\s\-–—|.]*(?:page|seite)?\s*\d{1,3}(?:\s*(?:of|/|von|de)\s*\d{1,3})?[\s\-–—|.]*$",
    re.IGNORECASE,
)
_SENTENCE_END: Final = (".", ":", ";", "!", "?", "”", '"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word in its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it will be read, with what tells whether the next one runs on from it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    first_width: float
    """The width of its first word."""
    limit: float = 0.0
    """How far to the right its column reaches."""
    is_row: bool = False
    last_cell: float | None = None
    """Where the last cell of a row without rules begins."""

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Words that stand close together on one baseline."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)


def page_lines(words: Sequence[Word], tables: Sequence[Table]) -> list[Line]:
    """Return the lines of a page in the order in which somebody reads them."""
    rows: list[Line] = []
    loose = list(words)
    for table in tables:
        inside, loose = _split(loose, table)
        rows.extend(_table_lines(inside, table))
    return _in_order(_pieces(loose), rows)


# --- ruled tables ------------------------------------------------------------------------------


def _split(words: Iterable[Word], table: Table) -> tuple[list[Word], list[Word]]:
    boxes = [box for row in table for box in row if box is not None]
    inside: list[Word] = []
    outside: list[Word] = []
    for word in words:
        (inside if any(_holds(box, word) for box in boxes) else outside).append(word)
    return inside, outside


def _holds(box: Box, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _table_lines(words: Sequence[Word], table: Table) -> list[Line]:
    """Return each row of a table as one line: its cells between tabs."""
    lines = []
    for row in table:
        boxes = [box for box in row if box is not None]
        cells = [
            " ".join(piece.text for piece in _pieces([word for word in words if _holds(box, word)]))
            for box in boxes
        ]
        if any(cells):
            lines.append(
                Line(
                    text="\t".join(cells).rstrip("\t"),
                    x0=boxes[0][0],
                    x1=boxes[-1][2],
                    top=min(box[1] for box in boxes),
                    bottom=max(box[3] for box in boxes),
                    first_width=0.0,
                    is_row=True,
                )
            )
    return lines


# --- lines and columns -------------------------------------------------------------------------


def _pieces(words: Sequence[Word]) -> list[_Piece]:
    """Return the words as pieces of lines, from top to bottom and left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.bottom, word.x0)):
        middle = (word.top + word.bottom) / 2
        for line in reversed(lines[-4:]):
            if line[0].top <= middle <= line[0].bottom:
                line.append(word)
                break
        else:
            lines.append([word])
    pieces = []
    for line in lines:
        line.sort(key=lambda word: word.x0)
        piece = [line[0]]
        for word in line[1:]:
            if word.x0 - piece[-1].x1 > CELL_GAP * (word.bottom - word.top):
                pieces.append(_Piece(words=tuple(piece)))
                piece = []
            piece.append(word)
        pieces.append(_Piece(words=tuple(piece)))
    return pieces


def _in_order(pieces: Sequence[_Piece], rows: Sequence[Line]) -> list[Line]:
    """Return the pieces and table rows of a region as lines, its columns one after the other."""
    columns = _columns(pieces)
    if columns is None:
        return _lines(pieces, rows)
    left, right = columns
    top, bottom = min(p.top for p in right), max(p.bottom for p in right)
    above = [piece for piece in left if piece.bottom <= top]
    below = [piece for piece in left if piece.top >= bottom]
    beside = [piece for piece in left if piece not in above and piece not in below]
    gutter = min(piece.x0 for piece in right)

    def rows_of(pick: str) -> list[Line]:
        where = {
            "above": [row for row in rows if row.bottom <= top],
            "below": [row for row in rows if row.top >= bottom],
        }
        outside = {id(row) for part in where.values() for row in part}
        inside = [row for row in rows if id(row) not in outside]
        where["left"] = [row for row in inside if row.x0 < gutter]
        where["right"] = [row for row in inside if row.x0 >= gutter]
        return where[pick]

    return [
        *_in_order(above, rows_of("above")),
        *_in_order(beside, rows_of("left")),
        *_in_order(right, rows_of("right")),
        *_in_order(below, rows_of("below")),
    ]


def _columns(pieces: Sequence[_Piece]) -> tuple[list[_Piece], list[_Piece]] | None:
    """Return the pieces left and right of the widest gutter between two unrelated columns."""
    starts = Counter(round(piece.x0) for piece in pieces)
    best: tuple[float, list[_Piece], list[_Piece]] | None = None
    for start, _ in starts.most_common(12):
        divided = _divided_at(pieces, start)
        if divided is None:
            continue
        left, right = divided
        gutter = min(p.x0 for p in right) - max((p.x1 for p in _beside(left, right)), default=0.0)
        if best is None or gutter > best[0]:
            best = (gutter, left, right)
    return best and (best[1], best[2])


def _divided_at(pieces: Sequence[_Piece], start: float) -> tuple[list[_Piece], list[_Piece]] | None:
    seeds = [piece for piece in pieces if abs(piece.x0 - start) <= SAME_PLACE]
    if len(seeds) < FEWEST_LINES:
        return None
    edge = min(piece.x0 for piece in seeds) - 1
    crossing = sorted((p for p in pieces if p.x0 < edge < p.x1), key=lambda p: p.top)
    # Full-width lines bound the columns above and below; the longest run between two of them counts.
    bounds = [float("-inf"), *(p.top for p in crossing), float("inf")]
    runs = [
        [piece for piece in seeds if above < piece.top < below]
        for above, below in itertools.pairwise(bounds)
    ]
    run = max(runs, key=len)
    if len(run) < FEWEST_LINES:
        return None
    index = runs.index(run)
    above, below = bounds[index], bounds[index + 1]
    right = [p for p in pieces if p.x0 >= edge and above < p.top < below]
    left = [p for p in pieces if p not in right]
    return (left, right) if _are_unrelated(_beside(left, right), right) else None


def _beside(left: Sequence[_Piece], right: Sequence[_Piece]) -> list[_Piece]:
    top, bottom = min(p.top for p in right), max(p.bottom for p in right)
    return [piece for piece in left if piece.bottom > top and piece.top < bottom]


def _are_unrelated(left: Sequence[_Piece], right: Sequence[_Piece]) -> bool:
    """Say whether two columns are read one after the other instead of row by row."""
    lines = len({round(piece.bottom) for piece in left})
    if min(lines, len(right)) < FEWEST_LINES:
        return False
    if min(_unaligned(left, right), _unaligned(right, left)) >= UNALIGNED_SHARE:
        return True
    return all(_is_prose(column) for column in (left, right))


def _unaligned(pieces: Sequence[_Piece], others: Sequence[_Piece]) -> float:
    baselines = sorted(piece.bottom for piece in others)
    alone = sum(
        all(abs(piece.bottom - baseline) > SAME_BASELINE for baseline in baselines)
        for piece in pieces
    )
    return alone / len(pieces)


def _is_prose(column: Sequence[_Piece]) -> bool:
    width = max(piece.x1 for piece in column) - min(piece.x0 for piece in column)
    full = median(piece.x1 - piece.x0 for piece in column) >= 0.7 * width
    return full and median(len(piece.text) for piece in column) >= PROSE_CHARACTERS


def _lines(pieces: Sequence[_Piece], rows: Sequence[Line]) -> list[Line]:
    """Return a region without columns: pieces on one baseline are one line, between tabs."""
    if not pieces:
        return sorted(rows, key=lambda row: row.top)
    limit = max(piece.x1 for piece in pieces)
    grouped: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.bottom, piece.x0)):
        middle = (piece.top + piece.bottom) / 2
        if grouped and grouped[-1][0].top <= middle <= grouped[-1][0].bottom:
            grouped[-1].append(piece)
        else:
            grouped.append([piece])
    lines = []
    for group in grouped:
        group.sort(key=lambda piece: piece.x0)
        first = group[0].words[0]
        lines.append(
            Line(
                text="\t".join(piece.text for piece in group),
                x0=group[0].x0,
                x1=group[-1].x1,
                top=min(piece.top for piece in group),
                bottom=max(piece.bottom for piece in group),
                first_width=first.x1 - first.x0,
                limit=limit,
                is_row=len(group) > 1,
                last_cell=group[-1].x0 if len(group) > 1 else None,
            )
        )
    return sorted([*lines, *rows], key=lambda line: line.top)


# --- pages -------------------------------------------------------------------------------------


def join_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages and where each begins.

    Running headers and page numbers stand in the middle of sentences. What repeats is kept once:
    where it stands on the first page's top, else at the end of the text.
    """
    kept, furniture = _without_furniture(pages)
    text, starts = "", []
    previous: Line | None = None
    for lines in kept:
        starts.append(len(text))
        for number, line in enumerate(lines):
            between = _between(previous, line, is_new_page=number == 0)
            if number == 0 and text:
                starts[-1] += len(between)
            text += between + line.text
            previous = line
    for line_text in furniture:
        text += f"\n\n{line_text}"
    return text, tuple(min(start, len(text)) for start in starts)


def _without_furniture(
    pages: Sequence[Sequence[Line]],
) -> tuple[list[list[Line]], list[str]]:
    """Return the pages without what repeats in their margins, and what that was."""
    seen = Counter(mark for lines in pages for mark in set(_margins(lines).values()))
    kept: list[list[Line]] = []
    furniture: dict[str, str] = {}
    for page_number, lines in enumerate(pages):
        page: list[Line] = []
        edges = _margins(lines)
        for number, line in enumerate(lines):
            mark = edges.get(number, "")
            is_outermost = number in {0, len(lines) - 1} and len(lines) > 1
            if is_outermost and _PAGE_NUMBER.match(line.text):
                continue
            if seen[mark] <= 1:
                page.append(line)
            elif page_number == 0 and mark.startswith("top"):
                page.append(line)
                furniture[mark] = ""
            else:
                furniture.setdefault(mark, line.text)
        kept.append(page)
    return kept, [text for text in furniture.values() if text]


def _margins(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines in the margins by their number: which margin, and the text without figures."""
    edges = {}
    for number, line in enumerate(lines):
        text = _DIGITS.sub("#", line.text)
        if number < min(MARGIN_LINES, len(lines) / 2):
            edges[number] = f"top {text}"
        elif number >= len(lines) - MARGIN_LINES:
            edges[number] = f"bottom {text}"
    return edges


def _between(previous: Line | None, line: Line, *, is_new_page: bool) -> str:
    """Return what separates two lines: a space where the second one only wrapped."""
    if previous is None:
        return ""
    if _wraps(previous, line, is_new_page=is_new_page):
        is_split = previous.text.endswith("-") and previous.text[-2:-1].isalpha()
        return "" if is_split and line.text[:1].islower() else " "
    if is_new_page:
        return "\n\n"
    gap = line.top - previous.bottom
    if line.is_row and previous.is_row:
        return "\n"
    if line.is_row or previous.is_row:
        return "\n\n"
    return "\n\n" if gap > 0.6 * max(previous.height, line.height) or gap < -2 else "\n"


def _wraps(previous: Line, line: Line, *, is_new_page: bool) -> bool:
    """Say whether the first word of the line would not have fitted behind the previous one."""
    if line.is_row:
        return False
    if previous.last_cell is not None:
        is_below = abs(line.x0 - previous.last_cell) <= SAME_PLACE
        return is_below and not is_new_page and line.top - previous.bottom < previous.height
    if previous.is_row:
        return False
    if is_new_page:
        if previous.text.rstrip().endswith(_SENTENCE_END):
            return False
    elif not -1 <= line.top - previous.bottom <= 0.6 * previous.height:
        return False
    if abs(previous.height - line.height) > 0.15 * previous.height:
        return False
    space = 0.25 * previous.height
    return previous.x1 + space + line.first_width > previous.limit + 0.5
