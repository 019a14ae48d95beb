"""Words and numbers that the lenses of a decision share."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from config.figures import amounts
from offers.selectors.comparison import Column, Known, Note
from offers.selectors.comparison.shapes import WORDS
from offers.selectors.decision.shapes import Figure, FigureCell, FigureRow, Worked

GOLDEN: Final = "Golden cases of the waterfall; docs/valuation.md"
LETTER: Final = "Your letter and what you typed"


def money(amount: Fraction | float, currency: str) -> str:
    """Return exact pay; a fraction of a cent is rounded only here."""
    return amounts.money(float(amount), currency)


def short(amount: Fraction | float, currency: str) -> str:
    return amounts.headline(float(amount), currency)


def span(ends: Sequence[Fraction | float], currency: str, *, is_short: bool = False) -> str:
    """Return one figure, or both ends where they read differently."""
    show = short if is_short else money
    return " to ".join(dict.fromkeys(show(end, currency) for end in ends))


def difference(amount: Fraction | float, currency: str) -> str:
    """Return `$160,000 more`, `$160,000 less` or `as much`."""
    shown = amounts.money(abs(float(amount)), currency)
    if shown == amounts.money(0, currency):
        return "as much"
    return f"{shown} {'more' if amount > 0 else 'less'}"


def rate(fraction: float) -> str:
    """Return a rate with the decimals it has, four at most: `5%`, `28.56%`."""
    shown = f"{round(fraction * 100, 4):.4f}".rstrip("0").rstrip(".")
    return f"{shown}%"


def number(value: float, decimals: int = 1) -> str:
    """Return a number without empty decimals: `4`, `4.5`, `1.37`."""
    return f"{value:,.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:,.0f}"


def years(value: float) -> str:
    return f"{number(value, 2)} year{'' if value == 1 else 's'}"


def figure(
    text: str,
    *notes: str | Note | None,
    worked: Worked | None = None,
    is_big: bool = False,
) -> Figure:
    """Return a known value; a note that is None is left out."""
    return Figure(text=text, notes=_notes(notes), worked=worked, is_big=is_big)


def unknown(known: Known, *notes: str | Note | None, text: str = "") -> Figure:
    """Return the words for there being no value."""
    return Figure(text=text or WORDS[known], known=known, notes=_notes(notes))


def row(
    key: str,
    label: str,
    columns: Sequence[Column],
    figures: Iterable[Sequence[Figure]],
    *,
    hint: str = "",
    marks: Sequence[str] = (),
    is_strong: bool = True,
) -> FigureRow:
    """Return one line across the offers."""
    return FigureRow(
        key=key,
        label=label,
        hint=hint,
        is_strong=is_strong,
        cells=tuple(
            FigureCell(
                column=column,
                figures=tuple(each),
                mark=marks[place] if marks else "",
            )
            for place, (column, each) in enumerate(zip(columns, figures, strict=True))
        ),
    )


def _notes(notes: Iterable[str | Note | None]) -> tuple[Note, ...]:
    return tuple(Note(note) if isinstance(note, str) else note for note in notes if note)
