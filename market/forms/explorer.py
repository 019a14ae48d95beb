"""The filters of the market explorer."""

from typing import Any, Final

from django import forms

from market.forms.fields import PickField, Taxonomy, arrangement_choices, offer
from market.selectors import JobQuery

DEFAULTS: Final = {"role": "ml_engineer", "level": "L5", "country": "us", "currency": "USD"}


class ExplorerForm(forms.Form):
    """Whose pay to look at: role, level, country, arrangement, stage."""

    role = PickField(what="a kind of work from the list", label="Kind of work")
    level = PickField(what="a level from the list", label="Level")
    country = PickField(what="a country from the list", label="Country")
    remote = PickField(
        what="an arrangement from the list", label="On site or remote", required=False
    )
    stage = PickField(what="a stage from the list", label="Company stage", required=False)
    currency = PickField(what="a currency from the list", label="Currency", required=False)

    def __init__(self, data: Any, *, taxonomy: Taxonomy, has_places: bool = False) -> None:
        # An address that names only some filters keeps the others at their defaults.
        filled = {**DEFAULTS, **{name: data[name] for name in data if name in self.base_fields}}
        super().__init__(filled)
        self.taxonomy = taxonomy
        offer(self, "role", taxonomy.family_choices())
        offer(self, "level", taxonomy.level_choices())
        offer(
            self,
            "country",
            taxonomy.location_choices() if has_places else taxonomy.country_choices(),
        )
        if has_places:
            self.fields["country"].label = "Place"
        offer(self, "remote", arrangement_choices("Any"))
        offer(self, "stage", [("", "Any"), *taxonomy.stage_choices()])
        offer(self, "currency", taxonomy.currency_choices())

    @property
    def query(self) -> JobQuery:
        """Return the job that a valid form asks for."""
        chosen = self.cleaned_data
        return JobQuery(
            role_family=self.taxonomy.families[chosen["role"]],
            level=self.taxonomy.levels[chosen["level"]],
            location=self.taxonomy.locations[chosen["country"]],
            work_arrangement=chosen["remote"],
            stage=self.taxonomy.stages.get(chosen["stage"]),
        )

    @property
    def shown_currency(self) -> str:
        return str(self.cleaned_data["currency"] or "USD")
