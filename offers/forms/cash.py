"""Cash: base salary, bonus and one-off payments."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from config.figures.fields import (
    AmountField,
    CardRadioSelect,
    CountField,
    FractionField,
    set_currency,
)
from offers.forms.fields import PickField, currency_choices
from offers.forms.section import Context, Rows, SectionForm, Spec
from offers.models import CashPayment, OfferRevision

BonusBasis = OfferRevision.BonusBasis

NEVER: Final = "never"
IN_FULL: Final = "full"
PRORATED: Final = "prorated"
NOT_STATED: Final = "not_stated"
REPAYMENTS: Final = (
    (NOT_STATED, "Not stated"),
    (NEVER, "Nothing"),
    (PRORATED, "The part not earned yet"),
    (IN_FULL, "All of it"),
)
MOST_MONTHS: Final = 120


class CashForm(SectionForm):
    """What is paid every year."""

    explanations = {
        "base_salary": "The yearly salary before tax, without any bonus, stock or benefits.",
        "bonus_basis": "A target bonus is what you get in a normal year. It is not promised unless "
        "the letter says “guaranteed”, so we count it as likely, not as contract cash.",
        "guaranteed_bonus": "Some letters promise a part of the first year’s bonus whatever happens. "
        "That part counts as contract cash.",
        "expected_bonus_fraction": "Ask what share of the target was paid in the last two years. "
        "Without a figure we count 90% of it.",
    }

    questions = frozenset({"base_salary"})

    currency = PickField(
        label="Currency",
        help_text="Usual for the location; change it if not.",
        what="the currency you would be paid in",
    )
    base_salary = AmountField(
        label="Base salary",
        help_text="Before tax. Empty if not stated.",
        suffix="a year",
        required=False,
    )
    bonus_basis = PickField(
        label="Is there a yearly bonus?",
        what="whether there is a bonus",
        choices=[
            (BonusBasis.PERCENT, "A percentage"),
            (BonusBasis.AMOUNT, "An amount"),
            (BonusBasis.NONE, "No bonus"),
            (BonusBasis.NOT_STATED, "Not stated"),
        ],
        widget=CardRadioSelect(
            hints={
                BonusBasis.PERCENT: "Of your base salary",
                BonusBasis.AMOUNT: "In money, a year",
                BonusBasis.NONE: "The letter says so",
                BonusBasis.NOT_STATED: "We list it as a question",
            }
        ),
        initial=BonusBasis.NOT_STATED,
    )
    target_bonus_fraction = FractionField(
        label="Target bonus, percent",
        help_text="Of base salary.",
        max_value=Decimal(10),
        required=False,
    )
    target_bonus = AmountField(
        label="Target bonus, a year", help_text="In a normal year.", suffix="a year", required=False
    )
    guaranteed_bonus = AmountField(
        label="Guaranteed in the first year",
        help_text="Only what is promised.",
        required=False,
    )
    expected_bonus_fraction = FractionField(
        label="Payout you expect, percent",
        help_text="Of the target; 100% is all of it.",
        max_value=Decimal(3),
        required=False,
    )

    def prepare(self) -> None:
        self.choose("currency", currency_choices(self.context.taxonomy.currencies))
        self.fields["currency"].initial = self.context.currency
        chosen = self.data.get("currency") if self.is_bound else None
        set_currency(self, chosen or self.context.currency)

    @property
    def context_of_rows(self) -> Context:
        return replace(self.context, currency=self.values.get("currency") or self.context.currency)

    def clean(self) -> dict[str, Any]:
        basis = self.cleaned_data.get("bonus_basis")
        if basis != BonusBasis.PERCENT:
            self.leave_out("target_bonus_fraction")
        elif self.cleaned_data.get("target_bonus_fraction") is None:
            self.missing("target_bonus_fraction", "Write the percentage, or choose “Not stated”.")
        if basis != BonusBasis.AMOUNT:
            self.leave_out("target_bonus")
        elif self.cleaned_data.get("target_bonus") is None:
            self.missing("target_bonus", "Write the amount, or choose “Not stated”.")
        if basis not in {BonusBasis.PERCENT, BonusBasis.AMOUNT}:
            self.leave_out("guaranteed_bonus", "expected_bonus_fraction")
        return self.cleaned_data


class PaymentForm(SectionForm):
    """One payment that comes once."""

    explanations = {
        "repayment": "Many sign-on bonuses must be paid back if you leave early. “The part "
        "not earned yet” means that after half of the time you owe half of it.",
    }

    kind = PickField(
        label="What is it?",
        what="what kind of payment it is",
        choices=CashPayment.Kind.choices,
        initial=CashPayment.Kind.SIGN_ON,
    )
    amount = AmountField(label="Amount", error_messages={"required": "Write the amount."})
    month = CountField(
        label="Paid after",
        help_text="Full months; 0 is with the first pay.",
        max_value=MOST_MONTHS,
        suffix="months",
        width="s",
        initial=0,
        error_messages={"required": "Write the number of months, or 0."},
    )
    repayment = PickField(
        label="If you leave early, you pay back",
        help_text="What the letter says about it.",
        what="whether it must be paid back",
        choices=REPAYMENTS,
        initial=NOT_STATED,
    )
    repayment_months = CountField(
        label="When leaving within",
        help_text="Counted from the day it is paid. 12 months is common.",
        max_value=MOST_MONTHS,
        suffix="months",
        width="s",
        required=False,
    )

    def prepare(self) -> None:
        set_currency(self, self.context.currency)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("repayment") not in {IN_FULL, PRORATED}:
            self.leave_out("repayment_months")
        elif not self.cleaned_data.get("repayment_months"):
            self.missing("repayment_months", "Write within how many months it must be paid back.")
        return self.cleaned_data


SPEC: Final = Spec(
    slug="cash",
    title="Cash",
    form=CashForm,
    rows={"payments": Rows(form=PaymentForm, noun="payment", most=6)},
)
