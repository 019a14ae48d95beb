"""Fields that the forms of the market share: rows of the taxonomy, chosen by their key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django import forms

from market.models import CompanyStage, Level, Location, Observation, RoleFamily
from market.selectors import known_currencies

_CURRENCY_NAMES = Locale("en", "US").currencies


class PickField(forms.ChoiceField):
    """One of a list. What is not in the list gets a sentence, not an echo."""

    def __init__(self, *, what: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": f"Choose {what}.",
            "invalid_choice": f"Choose {what}.",
        }


def offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Fill the list of a field."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every row that a form of the market offers, by key; read once per request."""

    families: dict[str, RoleFamily]
    levels: dict[str, Level]
    locations: dict[str, Location]
    stages: dict[str, CompanyStage]
    currencies: list[str]

    @classmethod
    def read(cls) -> "Taxonomy":
        return cls(
            families={
                row.key: row
                for row in RoleFamily.objects.filter(is_generic=False).order_by("label", "pk")
            },
            levels={row.key: row for row in Level.objects.order_by("track", "rank", "pk")},
            locations={
                row.key: row for row in Location.objects.order_by("-is_country", "label", "pk")
            },
            stages={
                row.key: row
                for row in CompanyStage.objects.exclude(key="unknown").order_by("rank", "label")
            },
            currencies=known_currencies(),
        )

    def family_choices(self) -> list[tuple[str, str]]:
        return [(key, row.label) for key, row in self.families.items()]

    def level_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        by_track: dict[str, list[tuple[str, str]]] = {}
        for key, row in self.levels.items():
            by_track.setdefault(row.get_track_display(), []).append((key, str(row)))
        return list(by_track.items())

    def country_choices(self) -> list[tuple[str, str]]:
        return [(key, row.label) for key, row in self.locations.items() if row.is_country]

    def location_choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        countries = {
            row.country_code: row.label for row in self.locations.values() if row.is_country
        }
        by_country: dict[str, list[tuple[str, str]]] = {label: [] for label in countries.values()}
        for key, row in self.locations.items():
            label = f"Anywhere in {row.label}" if row.is_country else row.label
            by_country.setdefault(countries.get(row.country_code, row.country_code), []).append(
                (key, label)
            )
        return list(by_country.items())

    def stage_choices(self) -> list[tuple[str, str]]:
        return [(key, row.label) for key, row in self.stages.items()]

    def currency_choices(self) -> list[tuple[str, str]]:
        return [(code, f"{code}, {_CURRENCY_NAMES.get(code, code)}") for code in self.currencies]


def arrangement_choices(any_label: str) -> list[tuple[str, str]]:
    """Return on site, hybrid and remote, after a line for any of them."""
    return [("", any_label), *_pairs(Observation.WorkArrangement.choices)]


def _pairs(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in choices]
