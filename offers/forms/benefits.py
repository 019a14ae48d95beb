"""Benefits: what they are worth in money, and whether totals count them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms

from config.figures.fields import AmountField, FractionField, set_currency
from offers.forms.fields import TickField
from offers.forms.section import SectionForm, Spec
from offers.models import Benefit

Kind = Benefit.Kind

# Which figures each kind of benefit has; a form field is `<kind>_<figure>`.
FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.HEALTH: ("yearly_value",),
    Kind.RETIREMENT: ("match_fraction", "match_limit_fraction", "yearly_value"),
    Kind.LEARNING: ("yearly_value",),
    Kind.EQUIPMENT: ("one_time_value",),
    Kind.LEAVE: ("yearly_value",),
    Kind.OTHER: ("yearly_value", "one_time_value"),
}


def _counted() -> TickField:
    return TickField(label="Count it in totals", initial=True)


def _yearly(label: str, help_text: str = "") -> AmountField:
    return AmountField(label=label, help_text=help_text, suffix="a year", required=False)


class BenefitsForm(SectionForm):
    """One block for each kind of benefit. An empty block is no benefit."""

    explanations = {
        "health_yearly_value": "What you would pay for the same cover yourself, less what is taken from "
        "your pay. The employer’s share of the premium is a good estimate.",
        "retirement_match_fraction": "“We match 50% of the first 6%” means: for what you save, up to 6% of "
        "your salary, the employer adds half.",
        "leave_yearly_value": "A day more than elsewhere is worth a day’s pay, if you value it so.",
    }

    health_yearly_value = _yearly("Worth to you", "Mostly the premium that the employer pays.")
    health_is_counted = _counted()
    retirement_match_fraction = FractionField(
        label="The employer adds, percent",
        help_text="Of what you save.",
        max_value=Decimal(3),
        required=False,
    )
    retirement_match_limit_fraction = FractionField(
        label="Up to this part of your salary",
        help_text="In percent of base salary.",
        required=False,
    )
    retirement_yearly_value = _yearly(
        "Or a fixed amount", "If it does not depend on what you save."
    )
    retirement_is_counted = _counted()
    learning_yearly_value = _yearly("Budget you expect to use")
    learning_is_counted = _counted()
    equipment_one_time_value = AmountField(
        label="Once, in the first year",
        help_text="Equipment, or a compute budget of your own.",
        required=False,
    )
    equipment_is_counted = _counted()
    leave_yearly_value = _yearly("What the extra days are worth to you")
    leave_is_counted = _counted()
    other_yearly_value = _yearly("Worth to you")
    other_one_time_value = AmountField(label="Worth to you once", required=False)
    other_is_counted = _counted()

    def prepare(self) -> None:
        set_currency(self, self.context.currency)

    def clean(self) -> dict[str, Any]:
        match, limit = "retirement_match_fraction", "retirement_match_limit_fraction"
        values = self.cleaned_data
        if values.get(match) is not None and values.get(limit) is None:
            self.missing(limit, "Write up to which part of your salary they match, such as 6%.")
        if values.get(limit) is not None and values.get(match) is None:
            self.missing(match, "Write how much they add to what you save, such as 50%.")
        return values

    @property
    def groups(self) -> list[tuple[str, list[str]]]:
        stated = []
        for kind, figures in FIGURES.items():
            names = [f"{kind}_{figure}" for figure in figures]
            if any(self.values.get(name) is not None for name in names):
                stated.append((str(Kind(kind).label), [*names, f"{kind}_is_counted"]))
        return stated

    @property
    def blocks(self) -> list[tuple[str, list[forms.BoundField], forms.BoundField]]:
        """Return (heading, figures, switch) of each kind of benefit."""
        return [
            (
                str(Kind(kind).label),
                [self[f"{kind}_{figure}"] for figure in figures],
                self[f"{kind}_is_counted"],
            )
            for kind, figures in FIGURES.items()
        ]


SPEC: Final = Spec(slug="benefits", title="Benefits", form=BenefitsForm)
