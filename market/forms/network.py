"""Forms for what people were told: five points at once, one point in full, and a paste."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms

from config.figures.fields import AmountField, UnitInput, set_currency
from market.forms.fields import PickField, Taxonomy, arrangement_choices, offer
from market.models import Level, NetworkDataPoint

ROWS: Final = 5
MOST_ROWS: Final = 40
MONEY: Final = ("base", "bonus", "equity", "sign_on")
PASTED: Final = ("company_name", "level", "base", "bonus", "equity")


class MonthField(forms.DateField):
    """A month, kept as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m", "%Y-%m-%d", "%B %Y", "%b %Y", "%m/%Y"],
            widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
            **kwargs,
        )
        self.error_messages |= {
            "required": "Write the month.",
            "invalid": "Write a month, such as 2026-03 or March 2026.",
        }

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day is None:
            return None
        if not dt.date(2010, 1, 1) <= day <= dt.date(2100, 1, 1):
            raise forms.ValidationError("Write a month between 2010 and 2100.")
        return day.replace(day=1)


def _line(label: str, *, required: bool, what: str = "", **kwargs: Any) -> forms.CharField:
    field = forms.CharField(
        label=label,
        required=required,
        max_length=120,
        widget=UnitInput({"inputmode": "text"}, width="full"),
        error_messages={
            "required": f"Write {what}.",
            "max_length": "Shorten this to 120 characters.",
        },
        **kwargs,
    )
    field.widget.attrs.pop("maxlength", None)
    return field


class SharedFactsForm(forms.Form):
    """What several points have in common."""

    role_family = PickField(what="a kind of work from the list", label="Kind of work")
    location = PickField(what="a place from the list", label="Place")
    currency = PickField(what="a currency from the list", label="Currency")
    observed_date = MonthField(label="Month", help_text="When they were paid this, or accepted it.")
    certainty = PickField(what="how sure you are", label="How sure")

    def __init__(self, *args: Any, taxonomy: Taxonomy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taxonomy = taxonomy
        offer(self, "role_family", taxonomy.family_choices())
        offer(self, "location", taxonomy.location_choices())
        offer(self, "currency", taxonomy.currency_choices())
        offer(self, "certainty", NetworkDataPoint.Certainty.choices)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the columns that every point shares."""
        chosen = self.cleaned_data
        return {
            **chosen,
            "role_family": self.taxonomy.families[chosen["role_family"]],
            "location": self.taxonomy.locations[chosen["location"]],
        }


class PointRowForm(forms.Form):
    """One line of the quick entry."""

    company_name = _line("Company", required=True, what="the company")
    level = PickField(what="a level from the list", label="Level", required=False)
    base = AmountField(label="Base a year", required=False)
    bonus = AmountField(label="Bonus a year", required=False)
    equity = AmountField(label="Equity a year", required=False)
    is_accepted_offer = forms.BooleanField(label="They accepted", required=False)

    def __init__(self, *args: Any, taxonomy: Taxonomy, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taxonomy = taxonomy
        offer(self, "level", [("", "Not known"), *taxonomy.level_choices()])
        set_currency(self, currency)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = [cleaned.get(name) for name in ("base", "bonus", "equity")]
        if not self.errors and not any(amount is not None for amount in said):
            self.add_error("base", "Write at least one amount.")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Return the columns of this point alone."""
        return {
            **self.cleaned_data,
            "level": self.taxonomy.levels.get(self.cleaned_data["level"]),
        }


class QuickEntry:
    """Several points at once: what they share, and a line for each. Blank lines are left out."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        taxonomy: Taxonomy,
        initial: Mapping[str, Any],
        pasted: Iterable[Mapping[str, str]] = (),
    ) -> None:
        self.shared = SharedFactsForm(data, taxonomy=taxonomy, initial=dict(initial))
        currency = (data or initial).get("currency") or "USD"
        if currency not in taxonomy.currencies:
            currency = "USD"
        filled = list(pasted)
        count = max(ROWS, len(filled), _count(data)) if data is not None else max(ROWS, len(filled))
        self.rows = [
            PointRowForm(
                data,
                prefix=f"row-{number}",
                taxonomy=taxonomy,
                currency=currency,
                initial=filled[number] if number < len(filled) else {},
                empty_permitted=True,
                use_required_attribute=False,
            )
            for number in range(min(count, MOST_ROWS))
        ]

    @property
    def is_bound(self) -> bool:
        return self.shared.is_bound

    @property
    def filled(self) -> list[PointRowForm]:
        return [row for row in self.rows if row.has_changed()]

    @property
    def errors(self) -> bool:
        return self.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        if not self.is_bound:
            return False
        rows = [row.is_valid() for row in self.filled]
        if not rows:
            self.shared.add_error(None, "Fill in at least one line.")
        return self.shared.is_valid() and all(rows) and bool(rows)

    @property
    def points(self) -> list[dict[str, Any]]:
        """Return the columns of every point of a valid entry."""
        shared = self.shared.facts
        return [{**shared, **row.facts} for row in self.filled]


def _count(data: Mapping[str, Any] | None) -> int:
    """Return how many lines were sent."""
    sent = {name.split("-")[1] for name in data or {} if name.startswith("row-")}
    return max((int(number) + 1 for number in sent if number.isdecimal()), default=0)


class PasteForm(forms.Form):
    """Lines from a table: company, level, base, bonus, equity."""

    pasted = forms.CharField(
        label="Paste lines",
        help_text="One person a line: company, level, base, bonus, equity; with tabs, semicolons or "
        "commas between. You check them below before anything is kept.",
        widget=forms.Textarea({"rows": 4}),
        max_length=20_000,
        error_messages={
            "required": "Paste at least one line.",
            "max_length": "That is too long. Paste 40 lines at most.",
        },
    )

    def __init__(self, *args: Any, taxonomy: Taxonomy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taxonomy = taxonomy

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return the lines of a valid form by column; a heading is left out."""
        text = self.cleaned_data["pasted"]
        named = [
            dict(zip(PASTED, (cell.strip() for cell in cells), strict=False))
            for cells in _table(text)
        ]
        return [
            {**row, "level": level_key(row.get("level", ""), self.taxonomy.levels.values())}
            for row in named
            if row.get("company_name") and row["company_name"].casefold() != "company"
        ][:MOST_ROWS]


def _table(text: str) -> list[list[str]]:
    """Return the cells of pasted lines; amounts such as `$210,000` stay whole."""
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    for mark in ("\t", ";"):
        if any(mark in line for line in lines):
            return [line.split(mark) for line in lines]
    return list(csv.reader(io.StringIO("\n".join(lines)), skipinitialspace=True))


def level_key(text: str, levels: Iterable[Level]) -> str:
    """Return the rung that goes by this name, such as `E5`, `Senior` or `SDE II`; else nothing."""
    wanted = " ".join(text.casefold().split())
    for level in levels:
        names = {level.key, *level.label.split(" / "), level.label, *level.also_known_as}
        if wanted in {name.casefold() for name in names}:
            return level.key
    return ""


class PointForm(forms.Form):
    """One point in full."""

    company_name = _line("Company", required=True, what="the company")
    title = _line("Job title", required=False)
    role_family = PickField(
        what="a kind of work from the list", label="Kind of work", required=False
    )
    level = PickField(what="a level from the list", label="Level", required=False)
    location = PickField(what="a place from the list", label="Place")
    work_arrangement = PickField(
        what="an arrangement from the list", label="On site or remote", required=False
    )
    stage = PickField(what="a stage from the list", label="Company stage", required=False)
    currency = PickField(what="a currency from the list", label="Currency")
    base = AmountField(label="Base a year", required=False)
    bonus = AmountField(label="Bonus a year", required=False)
    equity = AmountField(label="Equity a year", required=False)
    sign_on = AmountField(label="Sign-on payment", required=False)
    observed_date = MonthField(label="Month")
    certainty = PickField(what="how sure you are", label="How sure")
    is_accepted_offer = forms.BooleanField(label="They accepted this offer", required=False)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text="Only you see it.",
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, taxonomy: Taxonomy, point: NetworkDataPoint
    ) -> None:
        super().__init__(data, initial=_initial(point))
        self.taxonomy, self.point = taxonomy, point
        offer(self, "role_family", [("", "Not known"), *taxonomy.family_choices()])
        offer(self, "level", [("", "Not known"), *taxonomy.level_choices()])
        offer(self, "location", taxonomy.location_choices())
        offer(self, "work_arrangement", arrangement_choices("Not known"))
        offer(self, "stage", [("", "Not known"), *taxonomy.stage_choices()])
        offer(self, "currency", taxonomy.currency_choices())
        offer(self, "certainty", NetworkDataPoint.Certainty.choices)
        currency = (data or {}).get("currency") or point.currency
        set_currency(self, currency if currency in taxonomy.currencies else "USD")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) is not None for name in MONEY):
            self.add_error("base", "Write at least one amount.")
        return cleaned

    @property
    def changed(self) -> NetworkDataPoint:
        """Return the point with what a valid form says; it is not saved."""
        chosen = self.cleaned_data
        rows: dict[str, Any] = {
            "role_family": self.taxonomy.families.get(chosen["role_family"]),
            "level": self.taxonomy.levels.get(chosen["level"]),
            "location": self.taxonomy.locations[chosen["location"]],
            "stage": self.taxonomy.stages.get(chosen["stage"]),
        }
        for name, value in {**chosen, **rows}.items():
            setattr(self.point, name, value)
        return self.point


def _initial(point: NetworkDataPoint) -> dict[str, Any]:
    names = [
        *("company_name", "title", "work_arrangement", "currency", "observed_date"),
        *("certainty", "is_accepted_offer", "note", *MONEY),
    ]
    rows = ("role_family", "level", "location", "stage")
    return {
        **{name: getattr(point, name) for name in names},
        **{name: getattr(getattr(point, name), "key", "") for name in rows},
    }
