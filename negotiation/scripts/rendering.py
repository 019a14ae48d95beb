"""From a template and a book of facts to words with their sources, or to what is missing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from negotiation.scripts.facts import Fact, FactBook, Item, Source
from negotiation.scripts.language import Aside, Blank, Paragraph, Part, Role, Script, Words
from negotiation.scripts.slots import SLOTS, Slot, SlotKind, SourceKind
from negotiation.scripts.wording import COMPETING_OFFER, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of words; with a source if a fact stands there."""

    text: str
    slot: str = ""
    label: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a script: words with their sources."""

    role: Role
    segments: tuple[Segment, ...]
    number: int = 0
    """The place in a list, from 1; 0 where the line is no item."""

    @property
    def text(self) -> str:
        words = "".join(segment.text for segment in self.segments)
        return f"{self.number}. {words}" if self.number else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A script in which every figure is bound to its record."""

    lines: tuple[Line, ...]

    @property
    def subject(self) -> str:
        return next((line.text for line in self.lines if line.role is Role.SUBJECT), "")

    @property
    def body(self) -> str:
        """Return what is said or sent: paragraphs apart, the items of a list together."""
        said = [line for line in self.lines if line.role is Role.SAID]
        text = ""
        for before, line in zip([None, *said], said, strict=False):
            if before is not None:
                text += "\n" if line.number > 1 else "\n\n"
            text += line.text
        return text

    @property
    def sources(self) -> tuple[Source, ...]:
        found = (segment.source for line in self.lines for segment in line.segments)
        return tuple(dict.fromkeys(source for source in found if source is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """No script: what is missing, or which sentence has no record behind it."""

    missing: tuple[Slot, ...] = ()
    refused: tuple[str, ...] = ()


def render(script: Script, facts: FactBook) -> Draft | Stopped:
    """Put the facts into their places; stop, and name what is missing, where one has no fact.

    Facts go in as text and are never read as a template. Whatever the way a sentence came about,
    one that claims another offer stands only if a fact from that offer's record is in it.
    """
    book: Mapping[str, Fact] = facts
    missing = tuple(SLOTS[name] for name in script.needed if name in SLOTS and name not in book)
    if missing:
        return Stopped(missing=missing)
    lines = tuple(line for row in script.paragraphs for line in _lines(row, book))
    refused = tuple(sentence for line in lines for sentence in _unbacked(line))
    if refused:
        return Stopped(refused=refused)
    return Draft(lines=lines)


def _lines(paragraph: Paragraph, book: Mapping[str, Fact]) -> Iterator[Line]:
    parts = paragraph.parts
    if len(parts) == 1 and isinstance(parts[0], Blank):
        fact = book.get(parts[0].slot)
        if fact is not None and fact.definition.kind is SlotKind.ITEMS:
            for number, item in enumerate(fact.items, start=1):
                yield Line(role=paragraph.role, segments=(_item(fact, item),), number=number)
            return
    segments = tuple(segment for part in parts for segment in _segments(part, book))
    segments = _sentence_case(_joined(segments))
    if segments:
        yield Line(role=paragraph.role, segments=segments)


def _segments(part: Part, book: Mapping[str, Fact]) -> Iterator[Segment]:
    if isinstance(part, Words):
        yield Segment(text=part.text)
    elif isinstance(part, Blank):
        fact = book[part.slot]
        yield Segment(
            text=fact.text, slot=fact.slot, label=fact.definition.label, source=fact.source
        )
    elif isinstance(part, Aside) and all(slot in book for slot in part.slots):
        for inner in part.parts:
            yield from _segments(inner, book)


def _item(fact: Fact, item: Item) -> Segment:
    return Segment(text=item.text, slot=fact.slot, label=fact.definition.label, source=item.source)


def _joined(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return the segments without the doubled spaces that asides leave behind."""
    kept: list[Segment] = []
    last = " "
    for segment in segments:
        text = segment.text
        if segment.source is None and last in " \u00a0":
            text = text.lstrip(" ")
        if not text:
            continue
        kept.append(replace(segment, text=text))
        last = text[-1]
    if kept and kept[-1].source is None:
        text = kept[-1].text.rstrip()
        kept[-1] = Segment(text=text)
    return tuple(segment for segment in kept if segment.text)


_SENTENCE_ENDED: Final = re.compile(r"[.?!][\"”’)]*\s+$")


def _sentence_case(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return the segments with a capital letter where a fact or an aside begins a sentence."""
    said = ""
    cased: list[Segment] = []
    for segment in segments:
        text = segment.text
        if not said or _SENTENCE_ENDED.search(said):
            text = text[:1].upper() + text[1:]
        cased.append(replace(segment, text=text))
        said += text
    return tuple(cased)


def _unbacked(line: Line) -> Iterator[str]:
    """Yield the sentences that claim another offer and hold nothing from its record."""
    text = "".join(segment.text for segment in line.segments)
    backed: list[int] = []
    place = 0
    for segment in line.segments:
        if segment.source is not None and segment.source.kind is SourceKind.COMPETING:
            backed.append(place)
        place += len(segment.text)
    for sentence in sentences(text):
        is_backed = any(sentence.start <= at < sentence.end for at in backed)
        if sentence.claims(COMPETING_OFFER) and not is_backed:
            yield sentence.text
