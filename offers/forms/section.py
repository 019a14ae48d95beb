"""What every section of the offer form is made of: one form, and rows beside it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.datastructures import MultiValueDict

from config.figures.fields import FigureField, FigureStatus, FigureWidget
from offers.selectors.taxonomy import Taxonomy

Typed: TypeAlias = Mapping[str, str]
"""Names of one section's fields to what was typed into them, exactly as it was typed."""

# Rows beyond the most that an offer may have are kept and named as too many, never dropped.
MOST_ROWS_KEPT: Final = 12
ROW_COUNT: Final = "TOTAL_FORMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a section knows from the sections before it."""

    taxonomy: Taxonomy
    currency: str = "USD"
    share_currency: str = "USD"
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about what is wrong, and the id of the input that it is about."""

    message: str
    target: str
    is_missing: bool


class SectionForm(forms.Form):
    """The fields of one section, or of one row in it."""

    explanations: ClassVar[Mapping[str, str]] = {}
    questions: ClassVar[frozenset[str]] = frozenset()
    """Fields whose emptiness says something: nobody has stated them yet."""

    def __init__(self, *args: Any, context: Context, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context
        self.cautions: dict[str, str] = {}
        self.evidence: Mapping[str, Any] = {}
        self.left_out: set[str] = set()
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the sections before this one: choices, currencies, defaults."""

    @property
    def context_of_rows(self) -> Context:
        """Return what the rows of this section know, once this form was read."""
        return self.context

    @property
    def groups(self) -> list[tuple[str, list[str]]]:
        """Return (heading, names of fields) as the review sums them up."""
        return [("", list(self.fields))]

    @property
    def values(self) -> dict[str, Any]:
        """Return what could be read, field by field, even if other fields are wrong."""
        if not self.is_bound:
            return {}
        return self.cleaned_data if self.errors is not None else {}

    @property
    def problems(self) -> Iterator[Problem]:
        for name, errors in self.errors.as_data().items():
            bound = self[name] if name in self.fields else None
            for error in errors:
                for sentence in error.messages:
                    yield Problem(
                        message=str(sentence),
                        target=bound.first_id if bound else "",  # type: ignore[attr-defined]
                        is_missing=error.code == "required",
                    )

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def leave_out(self, *names: str) -> None:
        """Forget fields that do not apply here, and what is wrong with them; the text stays."""
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = None
            self.left_out.add(name)

    def missing(self, name: str, sentence: str) -> None:
        """Say that a field is needed because of another one."""
        if name not in self.errors:
            self.add_error(name, ValidationError(sentence, code="required"))


class RowSet(BaseFormSet[SectionForm]):
    """Rows of one kind. A row that was left as it came is no row."""

    @property
    def filled(self) -> list[SectionForm]:
        """Return the rows in which something was typed, right or wrong."""
        return [row for row in self.forms if self.is_bound and row.has_changed()]

    @property
    def readable(self) -> list[SectionForm]:
        """Return the filled rows without a mistake."""
        return [row for row in self.filled if not row.errors]

    @property
    def problems(self) -> Iterator[Problem]:
        for row in self.forms if self.is_bound else ():
            yield from row.problems
        for sentence in self.non_form_errors():
            yield Problem(message=str(sentence), target=f"{self.prefix}-rows", is_missing=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One kind of row in a section, and how many there may be."""

    form: type[SectionForm]
    noun: str
    most: int
    shown: int = 0
    set_type: type[RowSet] = RowSet

    def bound(self, data: Typed | None, *, kind: str, context: Context) -> RowSet:
        made = formset_factory(
            self.form,
            formset=self.set_type,
            extra=self.shown,
            max_num=self.most,
            absolute_max=MOST_ROWS_KEPT,
            validate_max=True,
        )
        return made(  # type: ignore[return-value]
            data,
            prefix=kind,
            form_kwargs={"context": context},
            error_messages={
                "too_many_forms": f"There is room for {self.most}. Remove what you need least."
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a section is, before anything is typed into it."""

    slug: str
    title: str
    form: type[SectionForm]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with what was typed into it."""

    spec: Spec
    form: SectionForm
    row_sets: Mapping[str, RowSet]
    is_touched: bool

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong, in the order of the page."""
        if not self.is_touched:
            return []
        rows = (problem for row_set in self.row_sets.values() for problem in row_set.problems)
        return [*self.form.problems, *rows]

    @property
    def typed(self) -> dict[str, str]:
        """Return what the page's inputs hold, by name, as a browser would send it."""
        typed = typed_of(self.form)
        for kind, row_set in self.row_sets.items():
            typed[f"{kind}-{ROW_COUNT}"] = str(len(row_set.forms))
            for row in row_set.forms:
                typed |= typed_of(row)
        return typed

    def hush(self) -> None:
        """Take back what is only missing: nobody likes to be told before they are done."""
        forms_here = [self.form, *(row for rows in self.row_sets.values() for row in rows.forms)]
        for form in forms_here if self.is_touched else ():
            for name, errors in list(form.errors.as_data().items()):
                if all(error.code == "required" for error in errors):
                    del form.errors[name]


def bind(spec: Spec, stored: Typed | None, context: Context) -> Section:
    """Return the section with what was typed into it; fields never seen hold their defaults."""
    form = spec.form(context=context)
    data = dict(stored or {})
    if stored is not None:
        data = typed_of(form) | data
        form = spec.form(data, context=context)
    row_sets = {
        kind: _bind_rows(kind, rows, data if stored is not None else None, form.context_of_rows)
        for kind, rows in spec.rows.items()
    }
    return Section(spec=spec, form=form, row_sets=row_sets, is_touched=stored is not None)


def _bind_rows(kind: str, rows: Rows, data: Typed | None, context: Context) -> RowSet:
    if data is None:
        return rows.bound(None, kind=kind, context=context)
    count = row_count(data, kind, default=rows.shown)
    blank = typed_of(rows.form(context=context))
    management = {f"{kind}-{ROW_COUNT}": str(count), f"{kind}-INITIAL_FORMS": "0"}
    defaults = {
        f"{kind}-{number}-{name}": text for number in range(count) for name, text in blank.items()
    }
    return rows.bound({**defaults, **data, **management}, kind=kind, context=context)


def row_count(typed: Mapping[str, Any], kind: str, *, default: int = 0) -> int:
    """Return how many rows of a kind there are, whatever was sent as their number."""
    text = str(typed.get(f"{kind}-{ROW_COUNT}", ""))
    is_number = text.isascii() and text.isdigit() and len(text) < 5
    return min(int(text), MOST_ROWS_KEPT) if is_number else default


# --- what was typed ----------------------------------------------------------------------------


def typed_of(form: forms.BaseForm) -> dict[str, str]:
    """Return the text in each input of the form, by name, as a browser would send it."""
    typed: dict[str, str] = {}
    for bound in form:
        value, name, widget = bound.value(), bound.html_name, bound.field.widget
        if isinstance(widget, FigureWidget):
            figure, status = value or ("", FigureStatus.NOT_ASKED)
            typed |= {name: _text(figure), f"{name}_status": _text(status)}
        elif isinstance(widget, forms.CheckboxInput):
            typed[name] = "on" if value else ""
        elif isinstance(widget, forms.DateInput):
            typed[name] = _text(widget.format_value(value))
        else:
            typed[name] = _text(value)
    return typed


def posted(spec: Spec, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what was sent for this section, and nothing else that a client may have sent.

    A box that is not ticked sends nothing, and that is its answer; any other field that is absent
    was not on the page, and what it held before stays.
    """
    typed = _sent(data, spec.form, prefix="")
    for kind, rows in spec.rows.items():
        if f"{kind}-{ROW_COUNT}" not in data:
            continue
        count = row_count(data, kind)
        typed[f"{kind}-{ROW_COUNT}"] = str(count)
        for number in range(count):
            typed |= _sent(data, rows.form, prefix=f"{kind}-{number}-")
    return typed


def _sent(data: Mapping[str, Any], form: type[SectionForm], *, prefix: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    for name, form_field in form.base_fields.items():
        key = f"{prefix}{name}"
        names = [key, f"{key}_status"] if isinstance(form_field, FigureField) else [key]
        for each in names:
            if isinstance(form_field.widget, forms.CheckboxInput):
                sent[each] = (
                    "on"
                    if form_field.widget.value_from_datadict(data, MultiValueDict(), each)
                    else ""
                )
            elif each in data:
                sent[each] = str(data[each])
    return sent


def _text(value: Any) -> str:
    return "" if value is None else str(value)
