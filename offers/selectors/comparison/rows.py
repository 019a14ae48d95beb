"""Rows across the offers, and which value in a row is plainly the most."""

from collections.abc import Callable, Sequence

from offers.selectors.comparison.shapes import Cell, Known, Note, Part, Row
from offers.selectors.comparison.sides import Side

Read = Callable[[Side], Cell]


def cell(side: Side, *parts: Part, value: float | None = None) -> Cell:
    """Return what an offer says in a row; `value` is an amount of the offer to rank it by."""
    return Cell(
        column=side.column,
        parts=parts,
        value=side.convert(value) if value is not None else None,
    )


def known(text: str, *notes: Note | None, is_big: bool = False) -> Part:
    """Return a value with the lines under it; a note that is None is left out."""
    return Part(text=text, notes=tuple(note for note in notes if note), is_big=is_big)


def missing(state: Known, *notes: Note | None, text: str = "") -> Part:
    """Return the words for there being no value."""
    return Part.without_value(state, *(note for note in notes if note), text=text)


def row(
    sides: Sequence[Side], key: str, label: str, read: Read, *, hint: str = "", mark: str = ""
) -> Row:
    """Return the row of what each offer says; `mark` is the word for the most, where more is better.

    Only offers in writing that are still open, and in one currency, are ranked.
    """
    cells = tuple(read(side) for side in sides)
    return Row(key=key, label=label, hint=hint, cells=_marked(cells, mark) if mark else cells)


def caution(text: str) -> Note:
    return Note(text, "warn")


def _marked(cells: tuple[Cell, ...], mark: str) -> tuple[Cell, ...]:
    ranked = [each.value for each in cells if each.column.is_ranked and each.value is not None]
    most = max(ranked, default=None)
    if most is None or len(ranked) < 2 or ranked.count(most) > 1:
        return cells
    return tuple(
        Cell(column=each.column, parts=each.parts, value=each.value, mark=mark)
        if each.column.is_ranked and each.value == most
        else each
        for each in cells
    )
