"""What was typed, in words: the lines of the review."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from config.figures import amounts
from config.figures.fields import AmountField, CountField, Figure, FigureField, FractionField
from offers.forms.fields import DayField, TickField, YesNoField
from offers.forms.section import Section, SectionForm

NOT_STATED: Final = "Not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the review."""

    label: str
    text: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines that belong together, under a heading where a section has several."""

    heading: str
    lines: list[Line]


def blocks_of(section: Section) -> list[Block]:
    """Return everything that was entered in a section, and what was not stated."""
    if not section.is_touched:
        return []
    blocks = list(_blocks_of_form(section.form, ""))
    for kind, rows in section.row_sets.items():
        noun = section.spec.rows[kind].noun.capitalize()
        for number, row in enumerate(rows.filled, start=1):
            heading = f"{noun} {number}" if len(rows.filled) > 1 else noun
            blocks += _blocks_of_form(row, heading)
    return blocks


def _blocks_of_form(form: SectionForm, heading: str) -> Iterator[Block]:
    for own_heading, names in form.groups:
        lines = [line for name in names for line in _lines(form, name)]
        if lines:
            yield Block(heading=own_heading or heading, lines=lines)


def _lines(form: SectionForm, name: str) -> Iterator[Line]:
    """Yield the line of a field, or nothing where its emptiness says nothing."""
    field, value = form.fields[name], form.values.get(name)
    if name in form.left_out:
        return
    label = str(field.label)
    if name in form.errors:
        yield Line(label=label, text="To fix", is_unknown=True)
    elif isinstance(value, Figure):
        yield _figure_line(label, field, value)
    elif value not in (None, ""):
        yield Line(label=label, text=shown(field, value))
    elif name in form.questions:
        yield Line(label=label, text=NOT_STATED, is_unknown=True)


def _figure_line(label: str, field: forms.Field, figure: Figure) -> Line:
    known = str(figure.status.label)
    if figure.value is None or not isinstance(field, FigureField):
        return Line(label=label, text=known, is_unknown=True)
    return Line(label=label, text=f"{shown(field.field, figure.value)}, {known.lower()}")


def shown(field: forms.Field, value: Any) -> str:
    """Return a cleaned value as the pages of Parley write it."""
    if isinstance(field, AmountField):
        is_whole = not field.is_price and value == value.to_integral_value()
        return (amounts.money if is_whole else amounts.price)(value, field.currency)
    if isinstance(field, FractionField):
        return f"{field.show(value)}%"
    if isinstance(field, CountField):
        return f"{field.show(value)} {getattr(field.widget, 'suffix', '')}".strip()
    if isinstance(field, YesNoField):
        return str(dict(field.choices)["yes" if value else "no"])  # type: ignore[arg-type]
    if isinstance(field, forms.ChoiceField):
        return _label_of(field, value)
    if isinstance(field, TickField):
        return "Yes" if value else field.no
    return amounts.long_day(value) if isinstance(field, DayField) else str(value)


def _label_of(field: forms.ChoiceField, value: Any) -> str:
    for key, label in field.choices:  # type: ignore[misc, union-attr]
        inside = label if isinstance(label, list | tuple) else [(key, label)]
        for each, words in inside:
            if str(each) == str(value):
                return str(words)
    return str(value)
