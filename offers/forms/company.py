"""Company and cap table: what a private company disclosed, and how it could end."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError

from config.figures.amounts import count
from config.figures.fields import (
    AmountField,
    FigureField,
    FigureStatus,
    FractionField,
    set_currency,
)
from offers.forms.fields import (
    MAX_PRICE,
    DayField,
    LineField,
    MultipleField,
    NumberField,
    PickField,
    currency_choices,
)
from offers.forms.section import Context, Rows, RowSet, SectionForm, Spec
from offers.models import StockClass

Participation = StockClass.Participation

FIGURES: Final = (
    "fully_diluted_shares",
    "fair_market_value",
    "last_preferred_price",
    "total_raised",
    "debt",
)


class CompanyForm(SectionForm):
    """The figures of the company. Each says how it is known, or that it is not."""

    explanations = {
        "fully_diluted_shares": "Every share, plus every option, warrant and unused share of the option "
        "pool. “Shares outstanding” leaves out the options, so a percentage of it flatters the grant. "
        "Ask for the fully diluted number.",
        "fair_market_value": "In the US an appraiser says once a year, and after each round, what one "
        "common share is worth. It sets the exercise price of new options and what is taxed.",
        "last_preferred_price": "Investors buy preferred shares. They are paid before common shares in "
        "a sale, so their price is not what your shares are worth.",
        "total_raised": "If the company is sold for less than this, common shares may get little or nothing.",
        "debt": "Loans are paid back before anybody’s shares.",
        "stock_classes_status": "Each round usually makes one class of preferred shares. Its terms say "
        "what it gets first in a sale. Ask: “Is every class 1x non-participating?”",
    }

    currency = PickField(label="Currency of these figures", what="a currency")
    fully_diluted_shares = FigureField(
        NumberField(decimal_places=4, suffix="shares"),
        label="Fully diluted shares",
        help_text="All shares, options and the option pool together.",
    )
    fair_market_value = FigureField(
        AmountField(is_price=True, max_value=MAX_PRICE, suffix="each"),
        label="409A price",
        help_text="The appraised price of one common share.",
    )
    fair_market_value_date = DayField(label="409A price of which day", required=False)
    last_preferred_price = FigureField(
        AmountField(is_price=True, max_value=MAX_PRICE, suffix="each"),
        label="Preferred price, last round",
        help_text="What investors paid for one share; not what yours are worth.",
    )
    last_round_date = DayField(label="Last round closed on", required=False)
    total_raised = FigureField(AmountField(), label="Money raised, all rounds")
    debt = FigureField(AmountField(), label="Debt")
    stock_classes_status = PickField(
        label="How do you know the classes below?",
        help_text="One row for each class of preferred shares, if they told you.",
        what="how you know the classes",
        choices=FigureStatus.choices,
        initial=FigureStatus.NOT_ASKED,
    )

    def prepare(self) -> None:
        self.choose("currency", currency_choices(self.context.taxonomy.currencies))
        self.fields["currency"].initial = self.context.share_currency
        chosen = self.data.get("currency") if self.is_bound else None
        set_currency(self, chosen or self.context.share_currency)

    @property
    def context_of_rows(self) -> Context:
        chosen = self.values.get("currency")
        return replace(self.context, share_currency=chosen or self.context.share_currency)


class StockClassForm(SectionForm):
    """One class of preferred shares."""

    explanations = {
        "seniority": "A class with a higher number is paid first; equal numbers share. “Pari passu” means "
        "that all have the same number.",
        "liquidation_preference_multiple": "1x means that investors get their money back before common "
        "shares get anything; 2x means twice their money.",
        "participation": "Non-participating investors choose: their preference, or a share like everyone "
        "else. Participating ones get both, some only up to a cap.",
        "conversion_ratio": "How many common shares one preferred share turns into. Almost always 1.",
    }

    name = LineField(label="Name", what="its name, such as Series A", max_length=40)
    shares = NumberField(
        label="Shares",
        decimal_places=4,
        error_messages={"required": "Write the number of shares."},
    )
    price_per_share = AmountField(
        label="Price paid for each",
        is_price=True,
        max_value=MAX_PRICE,
        error_messages={"required": "Write what investors paid for one share."},
    )
    seniority = NumberField(
        label="Paid in order",
        help_text="The highest number first.",
        decimal_places=2,
        maximum=Decimal(100),
        width="s",
        initial=1,
        error_messages={"required": "Write a number; 1 for all if they share."},
    )
    liquidation_preference_multiple = MultipleField(
        label="Preference",
        help_text="Times the money invested; 1x is usual.",
        initial=1,
        error_messages={"required": "Write the multiple; 1 is usual."},
    )
    participation = PickField(
        label="After its preference it is",
        what="how it shares in the rest",
        choices=Participation.choices,
        initial=Participation.NONE,
    )
    participation_cap_multiple = MultipleField(
        label="Cap, all in",
        help_text="Times the money invested, preference included.",
        required=False,
    )
    conversion_ratio = NumberField(
        label="Converts into",
        help_text="Common shares for each; 1 is usual.",
        decimal_places=6,
        minimum=Decimal("0.000001"),
        maximum=Decimal(10_000),
        width="s",
        initial=1,
        error_messages={"required": "Write the ratio; 1 is usual."},
    )

    def prepare(self) -> None:
        set_currency(self, self.context.share_currency)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("participation") != Participation.CAPPED:
            self.leave_out("participation_cap_multiple")
            return self.cleaned_data
        cap = self.cleaned_data.get("participation_cap_multiple")
        preference = self.cleaned_data.get("liquidation_preference_multiple")
        if cap is None:
            self.missing("participation_cap_multiple", "Write the cap, such as 3x.")
        elif preference is not None and cap < preference:
            self.add_error(
                "participation_cap_multiple",
                "The cap includes the preference, so it cannot be smaller.",
            )
        return self.cleaned_data


class ScenarioForm(SectionForm):
    """One way the company could end."""

    name = LineField(
        label="What happens", help_text="Such as a good sale.", what="a short name", max_length=60
    )
    exit_proceeds = AmountField(
        label="The company sells for",
        help_text="The whole company, such as 500m.",
        error_messages={"required": "Write for how much the company sells."},
    )
    years = NumberField(
        label="In",
        help_text="From today.",
        decimal_places=2,
        maximum=Decimal(30),
        suffix="years",
        width="s",
        error_messages={"required": "Write in how many years."},
    )
    probability = FractionField(
        label="How likely, percent",
        help_text="In your view.",
        error_messages={"required": "Write how likely you think it is."},
    )
    dilution_fraction = FractionField(
        label="Dilution until then",
        help_text="By later rounds.",
        max_value=Decimal("0.95"),
        initial=Decimal(0),
        error_messages={"required": "Write a percentage, or 0."},
    )

    def prepare(self) -> None:
        set_currency(self, self.context.share_currency)
        for name in ("probability", "dilution_fraction"):
            self.fields[name].decimal_places = 5  # type: ignore[attr-defined]

    def clean_exit_proceeds(self) -> Decimal | None:
        return self._above_zero("exit_proceeds", "the outcome in which you get nothing")

    def clean_probability(self) -> Decimal | None:
        return self._above_zero("probability", "an outcome that cannot happen")

    def _above_zero(self, name: str, meaning: str) -> Decimal | None:
        value: Decimal | None = self.cleaned_data[name]
        if value == 0:
            self.add_error(name, f"Write more than 0, or remove this row: {meaning} needs no row.")
            return None
        return value


class ScenarioRows(RowSet):
    """Scenarios. What their odds leave of 100% is the outcome in which common stock gets nothing."""

    @property
    def probability_of_nothing(self) -> Decimal:
        return max(Decimal(0), 1 - _probabilities(self.filled))

    def clean(self) -> None:
        total = _probabilities(self.filled)
        if total > 1:
            raise ValidationError(
                f"The odds add up to {count(total * 100)}%. Together they cannot exceed 100%."
            )


def _probabilities(rows: Iterable[SectionForm]) -> Decimal:
    return sum((row.values.get("probability") or Decimal(0) for row in rows), Decimal(0))


SPEC: Final = Spec(
    slug="company",
    title="Company and cap table",
    form=CompanyForm,
    rows={
        "classes": Rows(form=StockClassForm, noun="class", most=8),
        "scenarios": Rows(form=ScenarioForm, noun="scenario", most=6, set_type=ScenarioRows),
    },
)
