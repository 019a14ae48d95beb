"""A template as it would read, with the catalogue's examples in its slots."""

from dataclasses import dataclass
from typing import Final

from negotiation.scripts import SITUATIONS, SLOTS, Problem, Role, SlotKind, review_template
from negotiation.scripts.language import Aside, Blank, Paragraph, Words

UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class PreviewPiece:
    """A run of words, or the example of a slot."""

    text: str
    slot: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One line as it would read."""

    is_cue: bool
    is_subject: bool
    pieces: tuple[PreviewPiece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A text as it would read, and what keeps it from being saved."""

    lines: tuple[PreviewLine, ...]
    problems: tuple[Problem, ...]
    needed: tuple[str, ...]


def preview_of(text: str, situation: str) -> Preview:
    """Return how a text of a situation would read. Examples are no facts of anybody."""
    script, problems = review_template(text, SITUATIONS[situation])
    return Preview(
        lines=tuple(_line(paragraph) for paragraph in script.paragraphs),
        problems=problems,
        needed=script.needed,
    )


def _line(paragraph: Paragraph) -> PreviewLine:
    pieces: list[PreviewPiece] = []
    for part in paragraph.parts:
        if isinstance(part, Aside):
            pieces += [_piece(inner, is_optional=True) for inner in part.parts]
        else:
            pieces.append(_piece(part, is_optional=False))
    return PreviewLine(
        is_cue=paragraph.role is Role.CUE,
        is_subject=paragraph.role is Role.SUBJECT,
        pieces=tuple(pieces),
    )


def _piece(part: Words | Blank, *, is_optional: bool) -> PreviewPiece:
    if isinstance(part, Words):
        return PreviewPiece(part.text, is_optional=is_optional)
    slot = SLOTS.get(part.slot)
    if slot is None:
        return PreviewPiece(UNKNOWN, part.slot, is_optional)
    mark = "1. " if slot.kind is SlotKind.ITEMS else ""
    return PreviewPiece(f"{mark}{slot.example}", part.slot, is_optional)
