"""What they answered to one question: in words, and in the figures that go into the offer."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from config.figures.fields import AmountField, CountField, FractionField, set_currency
from negotiation.models import Answer, Question
from offers.forms.fields import DayField, LineField, PickField, TextField, optional
from offers.models import EquityGrant, StockClass

State = Answer.State
STATES: Final = [
    (State.WRITTEN, "They answered in writing"),
    (State.VERBAL, "They told me"),
    (State.REFUSED, "They would not say"),
    (State.ASKED, "I asked and wait"),
    (State.OPEN, "I have not asked"),
]
GIVEN: Final = frozenset({State.WRITTEN, State.VERBAL})
# Figures that count only together.
NEEDED: Final = {
    "stock_classes": ("name", "shares", "price_per_share"),
    "vesting": ("total_months", "cliff_months"),
}
RATINGS: Final = [
    (value, label) for value, label in Answer.Rating.choices if value != Answer.Rating.UNCLEAR
]


def _fields_of(name: str) -> dict[str, forms.Field]:
    """Return the fields for the figures that settle a fact."""
    groups: dict[str, dict[str, forms.Field]] = {
        "fully_diluted_shares": {
            "fully_diluted_shares": CountField(label="Fully diluted shares", required=False)
        },
        "ownership_fraction": {
            "ownership_fraction": FractionField(
                label="My share of the fully diluted total", help_text="Percent.", required=False
            )
        },
        "fair_market_value": {
            "fair_market_value": AmountField(
                label="409A price of one common share", is_price=True, required=False
            ),
            "fair_market_value_date": DayField(label="Date of that price", required=False),
        },
        "last_preferred_price": {
            "last_preferred_price": AmountField(
                label="Price of one preferred share, last round", is_price=True, required=False
            ),
            "last_round_date": DayField(label="Date of that round", required=False),
        },
        "vesting": {
            "total_months": CountField(
                label="Vests over", suffix="months", min_value=1, max_value=180, required=False
            ),
            "cliff_months": CountField(
                label="Cliff", suffix="months", max_value=180, required=False
            ),
            "period_months": CountField(
                label="Then every", suffix="months", min_value=1, max_value=60, required=False
            ),
            "vesting_start_date": DayField(label="From this day", required=False),
        },
        "acceleration": {
            "acceleration": PickField(
                label="Acceleration on a sale",
                choices=optional(
                    [
                        row
                        for row in EquityGrant.Acceleration.choices
                        if row[0] != EquityGrant.Acceleration.NOT_STATED
                    ],
                    "Choose",
                ),
                required=False,
            ),
            "acceleration_fraction": FractionField(
                label="Of what is unvested", help_text="Percent.", required=False
            ),
            "acceleration_window_months": CountField(
                label="If let go within", suffix="months", max_value=60, required=False
            ),
        },
        "stock_classes": {
            "name": LineField(label="Class", max_length=40, required=False),
            "shares": CountField(label="Shares of the class", required=False),
            "price_per_share": AmountField(
                label="Price of one share", is_price=True, required=False
            ),
            "liquidation_preference_multiple": PickField(
                label="Preference",
                choices=[("1", "1x"), ("1.5", "1.5x"), ("2", "2x"), ("3", "3x")],
                required=False,
            ),
            "participation": PickField(
                label="Participation",
                choices=StockClass.Participation.choices,
                required=False,
            ),
            "participation_cap_multiple": PickField(
                label="Cap, if there is one",
                choices=optional([("2", "2x"), ("3", "3x"), ("4", "4x"), ("5", "5x")], "No cap"),
                required=False,
            ),
            "seniority": CountField(
                label="Order of payment",
                help_text="A higher number is paid first; the same number is paid side by side.",
                min_value=1,
                max_value=50,
                required=False,
            ),
        },
        "post_termination_window_days": {
            "post_termination_window_days": CountField(
                label="Time to exercise after leaving",
                suffix="days",
                max_value=36_500,
                required=False,
            )
        },
        "exercise_price": {
            "exercise_price": AmountField(
                label="Exercise price of one option", is_price=True, required=False
            )
        },
        "early_exercise": {
            "early_exercise": PickField(
                label="May I exercise early?",
                choices=optional([("yes", "Yes"), ("no", "No")], "Choose"),
                required=False,
            )
        },
        "expiry_months": {
            "expiry_months": CountField(
                label="The units expire after", suffix="months", max_value=360, required=False
            )
        },
        "debt": {"debt": AmountField(label="Debt ahead of all equity", required=False)},
        "participation_cap_multiple": {
            "participation_cap_multiple": CountField(
                label="Ceiling, as a multiple of the grant", max_value=100, required=False
            )
        },
    }
    return groups.get(name, {})


class AnswerForm(forms.Form):
    """One answer. A question with figures has fields for them; they go into the offer."""

    state = PickField(label="Where it stands", choices=STATES, what="where it stands")
    text = TextField(
        label="What they said",
        help_text="In their words. “Standard” and “very generous” are no answers.",
        max_length=1000,
        rows=3,
        required=False,
    )
    answered_by = LineField(label="Who said it", required=False)
    rating = PickField(
        label="How you read it",
        help_text="Leave it empty where the figures decide.",
        choices=optional(RATINGS, "Not judged"),
        required=False,
    )

    def __init__(
        self, *args: Any, question: Question, currency: str, answer: Answer | None, **kwargs: Any
    ) -> None:
        if answer is not None:
            unclear = answer.rating == Answer.Rating.UNCLEAR
            kwargs.setdefault(
                "initial",
                {
                    "state": answer.state,
                    "text": answer.text,
                    "answered_by": answer.answered_by,
                    "rating": "" if unclear else answer.rating,
                    **answer.facts,
                },
            )
        super().__init__(*args, **kwargs)
        self.question = question
        self.names = tuple(_fields_of(question.answers_fact))
        self.fields |= _fields_of(question.answers_fact)
        set_currency(self, currency)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        state = found.get("state")
        figures = self.figures
        is_given = state in GIVEN
        if is_given and not found.get("text") and not figures and not self.errors:
            self.add_error("text", "Write what they said.")
        if is_given and figures:
            for name in NEEDED.get(self.question.answers_fact, ()):
                if name not in figures and name not in self.errors:
                    self.add_error(name, "This figure is needed for the others to count.")
        cap = figures.get("participation_cap_multiple")
        if figures.get("participation") == StockClass.Participation.CAPPED and cap is None:
            self.add_error("participation_cap_multiple", "State the cap.")
        total, cliff = figures.get("total_months"), figures.get("cliff_months")
        if total is not None and cliff is not None and cliff > total:
            self.add_error("cliff_months", "The cliff must lie within the vesting period.")
        return found

    @property
    def figures(self) -> dict[str, Any]:
        """Return the figures that were typed; choices beside empty figures do not count."""
        found = {
            name: self.cleaned_data[name]
            for name in self.names
            if self.cleaned_data.get(name) not in (None, "")
        }
        if self.question.answers_fact == "stock_classes":
            if not {"name", "shares", "price_per_share"} & set(found):
                return {}
            for name in ("liquidation_preference_multiple", "participation_cap_multiple"):
                if name in found:
                    found[name] = Decimal(found[name])
        return found
