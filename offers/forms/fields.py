"""Fields that the sections of the offer form share."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError

from config.figures import amounts
from config.figures.fields import CountField, UnitInput

# Nobody holds an offer from before 2000; the holiday calendar ends long after 2100.
FIRST_DATE: Final = dt.date(2000, 1, 1)
LAST_DATE: Final = dt.date(2100, 12, 31)
# A price per share has twelve digits before the point in the database; no share costs a billion.
MAX_PRICE: Final = Decimal(10) ** 9

_CURRENCY_NAMES: Final = Locale("en", "US").currencies


class LineField(forms.CharField):
    """One line of text; line breaks that were pasted into it become spaces."""

    def __init__(self, *, what: str = "", max_length: int = 120, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages |= {
            "required": f"Write {what}.",
            "max_length": f"Shorten this to {max_length:,} characters.",
        }
        self.widget.attrs.setdefault("autocomplete", "off")
        # The server says what is too long; a browser that cuts off what is pasted loses text.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class TextField(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, max_length: int, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea({"rows": rows}), **kwargs)
        self.error_messages["max_length"] = f"Shorten this to {max_length:,} characters."
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        # Browsers post CRLF, which counts twice against the limit that people see.
        return str(super().to_python(value)).replace("\r\n", "\n")


class PickField(forms.ChoiceField):
    """One of a list. What is not in the list gets a sentence, not an echo."""

    def __init__(self, *, what: str = "one of the list", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": f"Choose {what}.",
            "invalid_choice": f"Choose {what}.",
        }


class YesNoField(PickField):
    """Two radio buttons, cleaned to a bool, or to None where nothing was chosen."""

    def __init__(self, *, yes: str = "Yes", no: str = "No", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(choices=[("yes", yes), ("no", no)], **kwargs)

    def clean(self, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        chosen = super().clean(value)
        return None if chosen == "" else chosen == "yes"

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class TickField(forms.BooleanField):
    """A box to tick; `no` is what the review says where it is not ticked."""

    def __init__(self, *, no: str = "No", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.no = no


class DayField(forms.DateField):
    """A date that an offer can bear."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(
            input_formats=["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y"], **kwargs
        )
        self.error_messages |= {
            "required": "Write the date.",
            "invalid": "Write a date that exists, such as 2026-03-31 or 31 March 2026.",
        }

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_DATE <= day <= LAST_DATE:
            raise ValidationError("Write a date between 2000 and 2100.", code="out_of_range")
        return day


class NumberField(CountField):
    """A number that need not be whole, cleaned to a `Decimal`; `1.2m` is fine."""

    def __init__(
        self,
        *,
        decimal_places: int,
        minimum: Decimal = Decimal(0),
        maximum: Decimal = Decimal(10) ** 12,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.decimal_places = decimal_places
        self.minimum = minimum
        self.max_value: Decimal | int = maximum
        if isinstance(self.widget, UnitInput):
            self.widget.attrs["inputmode"] = "decimal"

    def read(self, text: str) -> Decimal:  # type: ignore[override]
        amount = amounts.read_amount(text)
        if amount.currency is not None:
            raise amounts.UnreadableAmount("Write a number here, without a currency.")
        if amount.value < self.minimum:
            raise amounts.UnreadableAmount(f"Write {self.show(self.minimum)} or more.")
        return amount.value

    def show(self, value: Decimal | int) -> str:
        return f"{Decimal(value).normalize():,f}"


class MultipleField(NumberField):
    """A multiple of the money invested, typed as `1`, `1x` or `1.5x`."""

    def __init__(self, *, maximum: Decimal = Decimal(100), **kwargs: Any) -> None:
        super().__init__(
            decimal_places=3, maximum=maximum, **{"suffix": "times", "width": "s", **kwargs}
        )

    def read(self, text: str) -> Decimal:  # type: ignore[override]
        return super().read(text.strip().rstrip("xX× ") or text)


def currency_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return (code, `USD, US Dollar`) of each currency, in alphabetical order."""
    return [(code, f"{code}, {_CURRENCY_NAMES.get(code, code)}") for code in sorted(set(codes))]


def optional(choices: Iterable[tuple[Any, Any]], blank: str) -> list[tuple[Any, Any]]:
    """Return the choices behind an empty one with these words."""
    return [("", blank), *choices]
