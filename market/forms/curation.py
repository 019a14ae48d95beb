"""Forms of the curator's bench."""

from typing import Any

from django import forms

from market.forms.fields import offer
from market.models import (
    Experience,
    ImportBatch,
    Level,
    LevelLadder,
    Observation,
    RoleFamily,
    Source,
    TitleRule,
)
from market.parsers.generic import FACTS
from market.selectors import known_currencies
from market.selectors.title_rules import checked_pattern
from market.titles import BadPattern


class AddressField(forms.URLField):
    """An address; one without a scheme is taken to be https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class UploadForm(forms.Form):
    """A file of a source."""

    file = forms.FileField(
        label="File",
        help_text="As published, plain or packed with gzip. At most 60 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class WhyForm(forms.Form):
    """A reason that goes into the history."""

    why = forms.CharField(
        label="Reason", max_length=300, required=False, help_text="For the history. Optional."
    )


class SourceForm(forms.ModelForm[Source]):
    """On which terms a source is used, and whether it is fetched."""

    class Meta:
        model = Source
        fields = (
            "name", "licence", "licence_url", "attribution", "homepage", "trust", "is_share_alike",
            "is_newest_first", "is_active", "fetch_url", "fetch_every_days",
        )  # fmt: skip
        field_classes = dict.fromkeys(("licence_url", "homepage", "fetch_url"), AddressField)
        labels = {
            "licence_url": "Address of the licence",
            "is_share_alike": "A database made from it must be shared on the same terms",
            "is_newest_first": "Newer files put new rows on top",
            "is_active": "In use",
            "fetch_url": "Address to fetch",
            "fetch_every_days": "Fetch every so many days",
        }


class NewSourceForm(forms.ModelForm[Source]):
    """A source of one's own, read from any CSV."""

    class Meta:
        model = Source
        fields = ("name", "key", "kind", "basis", "licence", "attribution", "homepage")
        field_classes = {"homepage": AddressField}
        labels = {"key": "Short name", "basis": "What a figure is"}
        help_texts = {
            "key": "For commands and figures: small letters and hyphens.",
            "basis": "Figures of two kinds never share a benchmark.",
        }


class ColumnsForm(forms.Form):
    """Which column of a CSV says what; for currency, unit, year and country also one value for all."""

    CONSTANTS = ("currency", "unit", "year", "country")

    def __init__(self, *args: Any, header: list[str], batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = batch.column_map.get("columns", {})
        constants = batch.column_map.get("constants", {})
        by_name = {name.lower(): name for name in header}
        choices = [("", "Not in the file"), *((name, name) for name in header if name)]
        for fact, label in FACTS.items():
            self.fields[f"column_{fact}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                initial=columns.get(fact) or by_name.get(fact.replace("_", " "), by_name.get(fact)),
            )
            if fact in self.CONSTANTS:
                self.fields[f"constant_{fact}"] = forms.CharField(
                    label=f"{label}, the same for every row",
                    max_length=20,
                    required=False,
                    initial=constants.get(fact),
                )
        self.fields["ladder"] = forms.ChoiceField(
            label="Names of the levels",
            required=False,
            choices=[
                ("", "Ours: L3 to L10, M1 to C"),
                *LevelLadder.objects.order_by("name").values_list("key", "name"),
            ],
            initial=batch.column_map.get("ladder", ""),
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("column_title"):
            self.add_error("column_title", "Choose the column of the job title.")
        if not any(said.get(f"column_{fact}") for fact in ("amount", "low", "total")):
            self.add_error("column_amount", "Choose the column of the pay.")
        for fact in ("currency", "country"):
            if not said.get(f"column_{fact}") and not said.get(f"constant_{fact}"):
                self.add_error(f"column_{fact}", f"Choose a column, or write the {fact} below.")
        dated = ("column_date", "column_year", "constant_year")
        if not any(said.get(name) for name in dated):
            self.add_error("column_date", "Choose a column of dates or years, or write the year.")
        return said

    @property
    def column_map(self) -> dict[str, Any]:
        """Return the map as a source keeps it."""
        said = self.cleaned_data
        return {
            "columns": {fact: said[f"column_{fact}"] for fact in FACTS if said[f"column_{fact}"]},
            "constants": {
                fact: said[f"constant_{fact}"]
                for fact in self.CONSTANTS
                if said.get(f"constant_{fact}") and not said[f"column_{fact}"]
            },
            "ladder": said["ladder"],
        }


class ReviewForm(forms.Form):
    """A judgement of one doubtful row."""

    currency = forms.ChoiceField(label="Currency")
    unit = forms.ChoiceField(label="Unit", choices=Observation.Unit.choices)
    experience = forms.ChoiceField(
        label="Experience", choices=[("", "Not stated"), *Experience.choices], required=False
    )
    role_family = forms.ModelChoiceField(
        label="Role", queryset=RoleFamily.objects.order_by("label", "pk"), required=False,
        empty_label="None",
    )  # fmt: skip
    why = forms.CharField(
        label="Reason",
        max_length=300,
        required=False,
        help_text="For the history. Needed to reject or to fix.",
    )

    def __init__(self, *args: Any, row: Observation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "currency": row.currency,
            "unit": row.unit,
            "experience": row.experience,
            "role_family": row.role_family_id,
        }
        codes = sorted({*known_currencies(), row.currency})
        offer(self, "currency", [(code, code) for code in codes])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.data.get("decision") in {"reject", "fix"} and not said.get("why"):
            self.add_error("why", "Say why: whoever reads the history wants to know.")
        return said


class TitleRuleForm(forms.ModelForm[TitleRule]):
    """A rule, whose pattern is tried before it is kept."""

    class Meta:
        model = TitleRule
        fields = ("position", "pattern", "role_family", "confidence", "is_active", "note")
        labels = {"is_active": "In force", "role_family": "Role family", "note": "Why"}
        widgets = {"position": forms.TextInput(attrs={"inputmode": "numeric"})}

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        try:
            checked_pattern(pattern)
        except BadPattern as error:
            raise forms.ValidationError(str(error)) from None
        return pattern


class LadderForm(forms.Form):
    """The names that a ladder gives to our levels."""

    def __init__(self, *args: Any, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = list(Level.objects.order_by("track", "rank", "pk"))
        for level in self.levels:
            self.fields[level.key] = forms.CharField(
                label=f"{level.key}: {level.label}",
                max_length=40,
                required=False,
                initial=labels.get(level.key, ""),
            )


class TranslateForm(forms.Form):
    """A level of one ladder, to be said in another."""

    source = forms.ModelChoiceField(
        label="Ladder", queryset=LevelLadder.objects.order_by("name"), to_field_name="key"
    )
    label = forms.CharField(label="Its name for the level", max_length=40)
    target = forms.ModelChoiceField(
        label="In the ladder", queryset=LevelLadder.objects.order_by("name"), to_field_name="key"
    )


class ModerationForm(forms.Form):
    """A decision on a contribution."""

    note = forms.CharField(
        label="Note",
        max_length=300,
        required=False,
        help_text="Who contributed it reads this. Needed to decline.",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.data.get("decision") == "decline" and not said.get("note"):
            self.add_error("note", "Say why it is declined.")
        return said
