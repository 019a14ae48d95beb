"""Form fields for figures as people type them, and the renderer that lays every form out."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from config.figures import amounts


class FigureStatus(models.TextChoices):
    """How a figure is known. A model stores it beside the figure, as `<figure>_status`."""

    WRITTEN = "written", "In writing"
    VERBAL = "verbal", "Said to me"
    ESTIMATED = "estimated", "My estimate"
    REFUSED = "refused", "They would not say"
    NOT_ASKED = "not_asked", "I don’t know"

    @property
    def is_known(self) -> bool:
        return self not in {FigureStatus.REFUSED, FigureStatus.NOT_ASKED}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with how it is known; the value is there exactly if the status says so."""

    value: Decimal | int | None = None
    status: FigureStatus = FigureStatus.NOT_ASKED

    def __post_init__(self) -> None:
        if self.status.is_known is (self.value is None):
            raise ValueError("a figure is known exactly if it has a value")


def figure_columns(name: str, figure: Figure) -> dict[str, Any]:
    """Return the two columns that a model keeps for a figure."""
    return {name: figure.value, f"{name}_status": figure.status.value}


# --- how a form looks --------------------------------------------------------------------------


class HouseBoundField(BoundField):
    """A field in its form, with what our field template needs beyond Django's own."""

    @property
    def first_id(self) -> str:
        """Return the id that a link to this field leads to."""
        return str(self.field.widget.attrs.get("id") or self.id_for_label or f"{self.auto_id}_0")

    @property
    def caution(self) -> str:
        """Return a doubt that does not block: `form.cautions = {"field": "sentence"}`."""
        return str(getattr(self.form, "cautions", {}).get(self.name, ""))

    @property
    def explanation(self) -> str:
        """Return what a term means: `form.explanations = {"field": "sentence"}`."""
        return str(getattr(self.form, "explanations", {}).get(self.name, ""))

    @property
    def evidence(self) -> Any:
        """Return where the value was read: `form.evidence = {"field": …}`, with `quote` and `href`."""
        return getattr(self.form, "evidence", {}).get(self.name)

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is None or not (self.caution and self.auto_id):
            return described
        return f"{described} {self.auto_id}_caution".strip()


class HouseFormRenderer(TemplatesSetting):
    """Renders every form, group by group, with our field template."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = HouseBoundField


# --- widgets -----------------------------------------------------------------------------------


class UnitInput(forms.TextInput):
    """A line of text with a unit before or after it, as wide as what is expected in it.

    `width` is one of `s` (days, percent), `m` (money) and `full`. The unit is decoration: say it in
    the label or the hint as well.
    """

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        prefix: str = "",
        suffix: str = "",
        width: str = "m",
    ) -> None:
        plain = {"autocomplete": "off", "spellcheck": "false", **(attrs or {})}
        super().__init__({**plain, "inputmode": plain.get("inputmode", "decimal")})
        self.prefix = prefix
        self.suffix = suffix
        self.width = width


class CardRadioSelect(forms.RadioSelect):
    """Radio buttons as cards, each with a line that says what choosing it means."""

    is_cards = True

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        choices: Sequence[tuple[Any, Any]] = (),
        *,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(dict(attrs or {}), choices)
        self.hints = dict(hints or {})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return {**option, "hint": self.hints.get(str(option["value"]), "")}


class FigureWidget(forms.Widget):
    """A figure, and beside it how it is known. Works without script; script only dims."""

    template_name = "forms/widgets/figure.html"

    def __init__(self, value: forms.Widget, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.value = value
        self.status = forms.Select({"data-figure-status": ""}, choices=FigureStatus.choices)

    def __deepcopy__(self, memo: dict[int, Any]) -> "FigureWidget":
        twin: FigureWidget = super().__deepcopy__(memo)
        twin.value, twin.status = deepcopy(self.value, memo), deepcopy(self.status, memo)
        return twin

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed, status = value or (None, FigureStatus.NOT_ASKED)
        attrs = self.build_attrs(self.attrs, attrs)
        id_ = attrs.get("id")
        status_attrs = (
            {"id": f"{id_}_status", "aria-labelledby": f"{id_}_label {id_}_known"}
            if id_
            else {"aria-label": "How you know this figure"}
        )
        context = super().get_context(name, None, attrs)
        context["widget"] |= {
            "value_widget": self.value.get_context(name, typed, attrs)["widget"],
            "status_widget": self.status.get_context(f"{name}_status", status, status_attrs)[
                "widget"
            ],
            "id": id_,
            "unit": self.value,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[Any, Any]:
        return (
            self.value.value_from_datadict(data, files, name),
            self.status.value_from_datadict(data, files, f"{name}_status"),
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self.value.value_omitted_from_data(
            data, files, name
        ) and self.status.value_omitted_from_data(data, files, f"{name}_status")


# --- fields ------------------------------------------------------------------------------------


class _TypedField(forms.Field):
    """A line of text that is read as a figure. What cannot be read stays in the input."""

    max_value: Decimal | int
    decimal_places = 0
    unit = ""

    def read(self, text: str) -> Decimal | int:
        raise NotImplementedError

    def show(self, value: Decimal | int) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Decimal | int | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal | int):
            return value
        try:
            figure = self.read(str(value))
        except amounts.UnreadableAmount as error:
            raise ValidationError(str(error), code="unreadable") from error
        if figure > self.max_value:
            raise ValidationError(
                f"Write {self.show(self.max_value)}{self.unit} or less. Check the zeros.",
                code="too_large",
            )
        if isinstance(figure, Decimal) and figure != round(figure, self.decimal_places):
            raise ValidationError(
                "That has more decimals than we keep. Round it.", code="too_precise"
            )
        return figure

    def prepare_value(self, value: Any) -> Any:
        return self.show(value) if isinstance(value, Decimal | int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class AmountField(_TypedField):
    """Money typed as people write it, cleaned to a `Decimal` in the currency of the form.

    A currency typed beside the amount must be that currency. Forms where it is chosen call
    `set_currency(self, code)` in `__init__`.
    """

    def __init__(
        self,
        *,
        currency: str = "USD",
        is_price: bool = False,
        max_value: Decimal = Decimal(10) ** 12,
        suffix: str = "",
        width: str = "m",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", UnitInput(suffix=suffix, width=width))
        super().__init__(**kwargs)
        self.is_price = is_price
        self.decimal_places = 6 if is_price else 2
        self.max_value = max_value
        self.set_currency(currency)

    def set_currency(self, code: str) -> None:
        """Expect another currency, and show its sign before the input."""
        self.currency = code
        if isinstance(self.widget, UnitInput):
            self.widget.prefix = amounts.symbol(code).strip()

    def read(self, text: str) -> Decimal:
        amount = amounts.read_amount(text, currency=self.currency)
        if amount.currency not in {None, self.currency}:
            raise amounts.UnreadableAmount(
                f"This is in {self.currency}, and you typed {amount.currency}. "
                f"Write it in {self.currency}, or change the currency."
            )
        return amount.value

    def show(self, value: Decimal | int) -> str:
        digits = f"{Decimal(value).normalize():,f}"
        whole, _, cents = digits.partition(".")
        # Three decimals read as thousands where a comma is the decimal sign; four read as decimals.
        width = 4 if len(cents) == 3 else 2
        return f"{whole}.{cents.ljust(width, '0')}" if cents or self.is_price else whole


class FractionField(_TypedField):
    """A percentage typed as `0.15%` or `15`, cleaned to a `Decimal` fraction."""

    decimal_places = 8
    unit = "%"

    def __init__(self, *, max_value: Decimal = Decimal(1), width: str = "s", **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnitInput(suffix="%", width=width))
        super().__init__(**kwargs)
        self.max_value = max_value

    def read(self, text: str) -> Decimal:
        return amounts.read_fraction(text)

    def show(self, value: Decimal | int) -> str:
        return f"{(Decimal(value) * 100).normalize():f}"


class CountField(_TypedField):
    """A whole number of shares, months or days, cleaned to an `int`; `1.2m` is fine."""

    def __init__(
        self,
        *,
        min_value: int = 0,
        max_value: int = 10**12,
        suffix: str = "",
        width: str = "m",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("widget", UnitInput({"inputmode": "numeric"}, suffix=suffix, width=width))
        super().__init__(**kwargs)
        self.min_value = min_value
        self.max_value = max_value

    def read(self, text: str) -> int:
        number = amounts.read_count(text)
        if number < self.min_value:
            raise amounts.UnreadableAmount(f"Write {self.min_value:,} or more.")
        return number

    def show(self, value: Decimal | int) -> str:
        return f"{int(value):,}"


class FigureField(forms.Field):
    """A figure that may be unknown, cleaned to a `Figure`: what it is, and how it is known.

    Posted as `<name>` and `<name>_status`. Nothing is guessed: a figure with "I don't know" beside
    it, or "In writing" beside an empty input, comes back as an error that keeps both.
    """

    widget: FigureWidget

    def __init__(self, field: _TypedField, **kwargs: Any) -> None:
        field.required = False
        super().__init__(**{"required": False, "widget": FigureWidget(field.widget), **kwargs})
        self.field = field
        self._join()

    def __deepcopy__(self, memo: dict[int, Any]) -> "FigureField":
        twin: FigureField = super().__deepcopy__(memo)  # type: ignore[misc]
        twin.field = deepcopy(self.field, memo)
        twin._join()
        return twin

    def _join(self) -> None:
        self.widget.value = self.field.widget

    def prepare_value(self, value: Any) -> tuple[Any, Any] | None:
        if isinstance(value, Figure):
            return self.field.prepare_value(value.value), value.status
        if isinstance(value, tuple | list):
            return self.field.prepare_value(value[0]), value[1]
        return None

    def clean(self, value: Any) -> Figure:
        if isinstance(value, Figure):
            return value
        typed, chosen = value or (None, None)
        figure = self.field.clean(typed)
        try:
            status = FigureStatus(chosen or (FigureStatus.NOT_ASKED if figure is None else ""))
        except ValueError:
            raise ValidationError("Choose how you know this figure.", code="status") from None
        if figure is None and status.is_known:
            raise ValidationError(
                f"Write the figure, or choose “{FigureStatus.NOT_ASKED.label}”.", code="missing"
            )
        if figure is not None and not status.is_known:
            raise ValidationError(
                f"You wrote a figure and chose “{status.label}”. "
                "Choose how you know it, or empty the field.",
                code="conflict",
            )
        self.run_validators(figure)
        return Figure(figure, status)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or Figure())
        except ValidationError:
            return True


def set_currency(form: forms.BaseForm, code: str) -> None:
    """Make every amount of the form expect this currency, and show its sign."""
    if code not in amounts.CURRENCY_CODES:
        return
    for field in form.fields.values():
        inner = field.field if isinstance(field, FigureField) else field
        if isinstance(inner, AmountField):
            inner.set_currency(code)
