"""One long line: the text with layout taken out, and the way back to where each letter stood.

A value must not depend on where lines and pages end, so the readers never see a line: white space of
any kind is one blank. Markdown, leaders, soft hyphens and running headers are dropped. Every
character of the flat text remembers its offset in the text it came from.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# Sixty dense pages; what lies beyond is not read.
MAX_CHARACTERS: Final = 250_000

# Read as one character, so that offsets stay true.
_LOOKALIKES: Final = {
    ord(odd): plain
    for plain, odds in {
        "'": "‘’‚ʼ′´`",
        '"': "“”„«»″",
        "-": "‐‑‒–—―−",
        "<": "⟨‹",
        ">": "⟩›",
    }.items()
    for odd in odds
}
_DROPPED: Final = re.compile(
    r"\s+"
    r"|[\u00ad\u200b-\u200f\u2060\ufeff]+"  # soft hyphens, zero-width characters
    r"|[*`]+"
    r"|_{2,}|={3,}|-{3,}|\.{4,}|~{2,}"
    r"|#{1,6}(?=\s)"
)
_BROKEN_WORD: Final = re.compile(r"(?<=[a-z])- (?=([a-z]+))")
_KEEPS_HYPHEN: Final = re.compile(
    r"\b(?:self|on|sign|make|buy|pay|full|part|half|mid|long|short|well|up|set"
    r"|year|month|week|day|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|fair|stock|fully|lump|at|double|single)$"
)
_JOINS_NOTHING: Final = frozenset({"and", "or", "to", "und", "bis"})
_PAGE_NUMBER: Final = re.compile(
    r"\bpage (\d{1,3})(?: (?:of|/) \d{1,3})?\b|(?<!\S)- (\d{1,3}) -(?!\S)", re.IGNORECASE
)
_PAGE_EDGE_WORDS: Final = 14


@dataclass(frozen=True, slots=True)
class FlatText:
    """The text on one line, with the offset of each of its characters in the original."""

    original: str
    text: str
    offsets: Sequence[int]
    page_starts: Sequence[int]

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Return where the stretch stands in the original."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def page_of(self, offset: int) -> int:
        """Return the page, counted from 1, on which an offset of the original lies."""
        return max(1, bisect_right(self.page_starts, offset))


def flatten(text: str, page_starts: Sequence[int] = (0,)) -> FlatText:
    """Return the text on one line, without what only layout put there."""
    bounded = text[:MAX_CHARACTERS]
    characters: list[str] = []
    offsets: list[int] = []
    removed = iter([*_running_heads(bounded, page_starts), (len(bounded), len(bounded))])
    position = 0
    for start, end in removed:
        _collapse(bounded, position, start, characters, offsets)
        _blank(characters, offsets, start)
        position = end
    kept, kept_offsets = _without_page_numbers("".join(characters), offsets)
    joined, joined_offsets = _rejoined(kept, kept_offsets)
    return FlatText(original=text, text=joined, offsets=joined_offsets, page_starts=page_starts)


def normalised(text: str) -> str:
    """Return the text in lower case with plain quotes and dashes, character for character."""
    plain = text.translate(_LOOKALIKES)
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


def _collapse(text: str, start: int, end: int, characters: list[str], offsets: list[int]) -> None:
    position = start
    for gap in _DROPPED.finditer(text, start, end):
        characters.extend(text[position : gap.start()])
        offsets.extend(range(position, gap.start()))
        if gap[0][0].isspace() or gap[0][0] in "_=-.~":
            _blank(characters, offsets, gap.start())
        position = gap.end()
    characters.extend(text[position:end])
    offsets.extend(range(position, end))


def _blank(characters: list[str], offsets: list[int], offset: int) -> None:
    if characters and characters[-1] != " ":
        characters.append(" ")
        offsets.append(offset)


def _cut(
    text: str, offsets: Sequence[int], cuts: Iterator[tuple[int, int]]
) -> tuple[str, list[int]]:
    """Return the text and its offsets without the stretches."""
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for start, end in cuts:
        pieces.append(text[position:start])
        kept.extend(offsets[position:start])
        position = end
    pieces.append(text[position:])
    kept.extend(offsets[position:])
    return "".join(pieces), kept


def _rejoined(text: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """Return the text with words that a line end had split in one piece again."""

    def cuts() -> Iterator[tuple[int, int]]:
        for found in _BROKEN_WORD.finditer(text):
            if found[1] not in _JOINS_NOTHING:
                before = text[max(0, found.start() - 12) : found.start()].lower()
                keeps = _KEEPS_HYPHEN.search(before) is not None
                yield found.start() + keeps, found.end()

    return _cut(text, offsets, cuts())


def _without_page_numbers(text: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """Return the text without page numbers, and without the words that stand before each of them."""
    found = list(_PAGE_NUMBER.finditer(text))
    named = [match for match in found if match[1]]
    shared = _shared_words_before(text, [match.start() for match in named])

    def cuts() -> Iterator[tuple[int, int]]:
        last = 0
        for match in found:
            start = match.start() - shared if match[1] else match.start()
            if start >= last:
                yield start, min(len(text), match.end() + 1)
                last = match.end() + 1

    return _cut(text, offsets, cuts())


def _shared_words_before(text: str, positions: Sequence[int]) -> int:
    """Return how many characters before the positions are the same everywhere, in whole words."""
    if len(positions) < 2:
        return 0
    shared = 0
    shortest = min(positions[0], *(later - former for former, later in pairwise(positions)), 120)
    for length in range(1, shortest + 1):
        if len({text[position - length] for position in positions}) > 1:
            break
        if all(position == length or text[position - length - 1] == " " for position in positions):
            shared = length
    return shared


def _running_heads(text: str, page_starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield what the pages of the text begin or end with alike, in order."""
    starts = sorted({start for start in page_starts if 0 < start < len(text)} | {0})
    bounds = [*starts, len(text)]
    pages = [(start, end) for start, end in pairwise(bounds) if text[start:end].strip()]
    if len(pages) < 2:
        return
    heads = [
        _words(text[start : min(end, start + 400)], start)[:_PAGE_EDGE_WORDS]
        for start, end in pages
    ]
    feet = [
        _words(text[max(start, end - 400) : end], max(start, end - 400))[-_PAGE_EDGE_WORDS:]
        for start, end in pages
    ]
    for number, (start, end) in enumerate(pages):
        others = [n for n in (number - 1, number + 1) if 0 <= n < len(pages)]
        cut = start
        if number > 0:  # the first head may be the letterhead, the one place with the name
            alike = max(_alike(heads[number], heads[other]) for other in others)
            if alike >= 2 and _ends_line(text, heads[number][alike - 1][2]):
                cut = heads[number][alike - 1][2]
                yield start, cut
        if number < len(pages) - 1:
            alike = max(_alike(feet[number][::-1], feet[other][::-1]) for other in others)
            if alike >= 2 and feet[number][-alike][1] >= cut:
                foot = feet[number][-alike][1]
                if _begins_line(text, foot):
                    yield foot, end


def _ends_line(text: str, position: int) -> bool:
    return text[position : position + 80].lstrip(" \t")[:1] in {"\n", "\r", "\f", "\v", ""}


def _begins_line(text: str, position: int) -> bool:
    return text[max(0, position - 80) : position].rstrip(" \t")[-1:] in {"\n", "\r", "\f", "\v", ""}


def _words(text: str, offset: int) -> list[tuple[str, int, int]]:
    return [
        (re.sub(r"\d+", "0", found[0]), offset + found.start(), offset + found.end())
        for found in re.finditer(r"\S+", text)
    ]


def _alike(words: list[tuple[str, int, int]], others: list[tuple[str, int, int]]) -> int:
    """Return how many words the two begin with alike."""
    count = 0
    for (word, _, _), (other, _, _) in zip(words, others, strict=False):
        if word != other:
            break
        count += 1
    return count
