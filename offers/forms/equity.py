"""Equity: the grants, and how each of them vests."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from django import forms

from config.figures.amounts import count
from config.figures.fields import (
    AmountField,
    CardRadioSelect,
    CountField,
    FractionField,
    set_currency,
)
from offers.forms.fields import (
    MAX_PRICE,
    DayField,
    MultipleField,
    NumberField,
    PickField,
    TickField,
)
from offers.forms.section import Rows, SectionForm, Spec
from offers.models import EquityGrant

Type = EquityGrant.CompensationType
Acceleration = EquityGrant.Acceleration

NO_EQUITY: Final = "none"
OPTIONS: Final = frozenset((Type.ISO, Type.NSO))
CUSTOM: Final = "custom"
YEARS: Final = ("year_1", "year_2", "year_3", "year_4", "year_5", "year_6")
CUSTOM_FIELDS: Final = ("total_months", "cliff_months", "period_months", *YEARS)
# What the engine and the database call a whole: 33.3333% three times is one, 33.3% is not.
ROUNDING_OF_A_WHOLE: Final = Decimal("0.000001")
MONTHS_IN_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a grant becomes yours; without yearly fractions it does so evenly."""

    total_months: int = 48
    cliff_months: int = 0
    period_months: int = 1
    yearly_fractions: tuple[Decimal, ...] = ()


def _percents(*percents: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(percent) / 100 for percent in percents)


PRESETS: Final[Mapping[str, Schedule]] = MappingProxyType(
    {
        "25x4": Schedule(cliff_months=12),
        "33_33_22_12": Schedule(period_months=3, yearly_fractions=_percents(33, 33, 22, 12)),
        "5_15_40_40": Schedule(
            cliff_months=12, period_months=6, yearly_fractions=_percents(5, 15, 40, 40)
        ),
        "38_32_20_10": Schedule(yearly_fractions=_percents(38, 32, 20, 10)),
        "no_cliff": Schedule(),
    }
)
_PRESET_CHOICES: Final = (
    ("25x4", "25 · 25 · 25 · 25"),
    ("no_cliff", "25 × 4, no cliff"),
    ("33_33_22_12", "33 · 33 · 22 · 12"),
    ("38_32_20_10", "38 · 32 · 20 · 10"),
    ("5_15_40_40", "5 · 15 · 40 · 40"),
    (CUSTOM, "Another schedule"),
)
_PRESET_HINTS: Final = {
    "25x4": "4 years, monthly, after a 1-year cliff",
    "no_cliff": "4 years, monthly from the first month",
    "33_33_22_12": "4 years, quarterly, no cliff",
    "38_32_20_10": "4 years, monthly, no cliff",
    "5_15_40_40": "4 years, half-yearly, after a 1-year cliff",
    CUSTOM: "You write it below",
}
PERIODS: Final = (("1", "Monthly"), ("3", "Quarterly"), ("6", "Half-yearly"), ("12", "Yearly"))


class GrantForm(SectionForm):
    """One grant. Any of number, percentage and value will do; the others follow from it."""

    explanations = {
        "compensation_type": "An RSU is a share that you get for free as it vests. A double-trigger RSU "
        "also waits for a sale or listing of the company. An option is the right to buy a share at a "
        "fixed price, the exercise price. A profit unit shares only in what the company gains from now on.",
        "ownership_fraction": "Your grant divided by all shares of the company, fully diluted: shares, "
        "options and everything that can become a share. A number of options says little without it.",
        "exercise_price": "Also called strike price. Often it is the 409A price of the day: what an "
        "appraiser says one common share is worth for tax purposes. It is lower than what investors pay.",
        "vesting_preset": "Vesting is how the grant becomes yours over time. Before the cliff nothing is "
        "yours; on that day everything earned so far becomes yours at once.",
        "acceleration": "Single trigger: a sale of the company makes unvested shares yours. Double "
        "trigger: it takes a sale and losing the job after it. Ask for double trigger.",
        "post_termination_window_days": "How long after leaving you may still buy your vested options. "
        "What you have not paid for by then is lost, so a short window can force you to pay or to stay.",
        "early_exercise": "Some companies let you buy options before they vest. Where tax law rewards "
        "holding shares for long, that starts the clock early.",
        "participation_threshold_per_share": "Profit units share only in what a share is worth above this.",
    }

    questions = frozenset(
        (
            "exercise_price",
            "post_termination_window_days",
            "expiry_months",
            "participation_cap_multiple",
            "participation_threshold_per_share",
        )
    )

    compensation_type = PickField(
        label="What kind of equity is it?",
        what="the kind of equity, or “No equity offered”",
        choices=[*Type.choices, (NO_EQUITY, "No equity offered")],
        widget=CardRadioSelect(
            hints={
                Type.RSU: "Shares, no cost to you",
                Type.DOUBLE_TRIGGER_RSU: "Shares, once the company is sold or listed",
                Type.ISO: "You pay the exercise price; US employees",
                Type.NSO: "You pay the exercise price",
                Type.RESTRICTED_STOCK: "Shares now, yours as they vest",
                Type.PROFIT_UNIT: "PPUs, PIUs: a share in future gains",
                NO_EQUITY: "The company said so",
            }
        ),
    )
    quantity = NumberField(
        label="Number granted",
        help_text="Shares, options or units.",
        decimal_places=4,
        suffix="units",
        required=False,
    )
    ownership_fraction = FractionField(
        label="Share of the company, percent",
        help_text="If they gave a percentage, such as 0.08%.",
        required=False,
    )
    grant_value = AmountField(
        label="Value of the whole grant",
        help_text="If they gave an amount, for all years.",
        required=False,
    )
    exercise_price = AmountField(
        label="Exercise price",
        help_text="What one option costs you.",
        is_price=True,
        max_value=MAX_PRICE,
        suffix="each",
        required=False,
    )
    participation_threshold_per_share = AmountField(
        label="Threshold per unit",
        help_text="Leave it empty if it was not stated.",
        is_price=True,
        max_value=MAX_PRICE,
        suffix="each",
        required=False,
    )
    participation_cap_multiple = MultipleField(
        label="Cap, times the grant’s value",
        help_text="Some labs cap what a unit can pay.",
        maximum=Decimal(10_000),
        required=False,
    )
    lock_months = CountField(
        label="Cannot be sold for",
        help_text="A lock after vesting, if there is one.",
        max_value=240,
        suffix="months",
        width="s",
        required=False,
    )

    vesting_preset = PickField(
        label="How does it vest?",
        what="a schedule",
        help_text="What becomes yours in each year, in percent.",
        choices=_PRESET_CHOICES,
        widget=CardRadioSelect(hints=_PRESET_HINTS),
        initial="25x4",
    )
    total_months = CountField(
        label="In all",
        help_text="If it vests evenly.",
        min_value=1,
        max_value=180,
        suffix="months",
        width="s",
        initial=48,
        required=False,
    )
    cliff_months = CountField(
        label="Cliff",
        help_text="0 is no cliff.",
        max_value=180,
        suffix="months",
        width="s",
        initial=12,
        required=False,
    )
    period_months = PickField(
        label="Then vests",
        help_text="After the cliff.",
        choices=PERIODS,
        initial="1",
        required=False,
    )
    year_1 = FractionField(label="Year 1", required=False)
    year_2 = FractionField(label="Year 2", required=False)
    year_3 = FractionField(label="Year 3", required=False)
    year_4 = FractionField(label="Year 4", required=False)
    year_5 = FractionField(label="Year 5", required=False)
    year_6 = FractionField(label="Year 6", required=False)
    is_vesting_confirmed = TickField(
        no="No, it is assumed",
        label="The company stated this schedule",
        help_text="Until you tick this we mark it as assumed.",
    )
    vesting_start_date = DayField(
        label="Vesting starts on",
        help_text="Leave it empty if it is your start date.",
        required=False,
    )

    acceleration = PickField(
        label="Does a sale of the company speed it up?",
        what="what was said, or “Not stated”",
        choices=Acceleration.choices,
        initial=Acceleration.NOT_STATED,
    )
    acceleration_fraction = FractionField(
        label="How much of the unvested part",
        help_text="100% is all of it.",
        required=False,
    )
    acceleration_window_months = CountField(
        label="If you lose the job within",
        max_value=120,
        suffix="months",
        width="s",
        required=False,
    )
    post_termination_window_days = CountField(
        label="Time to exercise after leaving",
        help_text="90 days is common. Empty if not stated.",
        max_value=36_500,
        suffix="days",
        width="s",
        required=False,
    )
    early_exercise = PickField(
        label="Can you exercise before vesting?",
        what="one of the three",
        choices=EquityGrant.YesNo.choices,
        widget=forms.RadioSelect,
        initial=EquityGrant.YesNo.NOT_STATED,
    )
    expiry_months = CountField(
        label="Options expire after",
        help_text="Ten years, 120 months, is common.",
        min_value=1,
        max_value=480,
        suffix="months",
        width="s",
        required=False,
    )

    years_total: str | None = None
    """What the yearly percentages add up to; None where none was read."""

    def prepare(self) -> None:
        set_currency(self, self.context.currency)
        for name in ("exercise_price", "participation_threshold_per_share"):
            self.fields[name].set_currency(self.context.share_currency)  # type: ignore[attr-defined]
        for name in YEARS:
            self.fields[name].decimal_places = 6  # type: ignore[attr-defined]

    @property
    def years(self) -> list[forms.BoundField]:
        return [self[name] for name in YEARS]

    def clean(self) -> dict[str, Any]:
        offered = self.cleaned_data.get("compensation_type")
        if offered == NO_EQUITY:
            self.leave_out(*(name for name in self.fields if name != "compensation_type"))
            return self.cleaned_data
        if offered not in OPTIONS:
            self.leave_out("exercise_price", "post_termination_window_days", "expiry_months")
            self.leave_out("early_exercise")
        if offered != Type.PROFIT_UNIT:
            self.leave_out("participation_threshold_per_share", "participation_cap_multiple")
        if self.cleaned_data.get("acceleration") not in {Acceleration.SINGLE, Acceleration.DOUBLE}:
            self.leave_out("acceleration_fraction")
        if self.cleaned_data.get("acceleration") != Acceleration.DOUBLE:
            self.leave_out("acceleration_window_months")
        self.cleaned_data["schedule"] = self._schedule()
        return self.cleaned_data

    def _schedule(self) -> Schedule | None:
        preset = self.cleaned_data.get("vesting_preset") or ""
        if preset in PRESETS:
            self.leave_out(*CUSTOM_FIELDS)
            return PRESETS[preset]
        if any(name in self.errors for name in ("vesting_preset", *CUSTOM_FIELDS)):
            return None
        period_months = int(self.cleaned_data.get("period_months") or 1)
        cliff_months = self.cleaned_data.get("cliff_months") or 0
        fractions = self._fractions()
        if fractions:
            total_months = MONTHS_IN_A_YEAR * len(fractions)
            self.leave_out("total_months")
        else:
            total_months = self.cleaned_data.get("total_months") or 0
        if not total_months and "year_1" not in self.errors:
            self.missing("total_months", "Write over how many months it vests, such as 48.")
        elif cliff_months > total_months:
            self.add_error(
                "cliff_months",
                f"The cliff is longer than the schedule. Write {total_months} or less.",
            )
        elif total_months % period_months:
            self.add_error(
                "period_months",
                f"{total_months} months cannot be split into parts of {period_months} months. "
                "Choose monthly, or change the length.",
            )
        return Schedule(
            total_months=total_months,
            cliff_months=cliff_months,
            period_months=period_months,
            yearly_fractions=fractions,
        )

    def _fractions(self) -> tuple[Decimal, ...]:
        """Return the yearly percentages without empty years at the end; they must make a whole."""
        stated = [self.cleaned_data.get(name) for name in YEARS]
        while stated and stated[-1] is None:
            stated.pop()
        fractions = tuple(part or Decimal(0) for part in stated)
        total = sum(fractions, Decimal(0))
        self.years_total = count(total * 100) if fractions else None
        if fractions and abs(total - 1) > ROUNDING_OF_A_WHOLE:
            self.add_error(
                "year_1",
                f"Vesting adds up to {self.years_total}%. It must add up to 100%.",
            )
        return fractions


class EquityForm(SectionForm):
    """Nothing but its grants."""


SPEC: Final = Spec(
    slug="equity",
    title="Equity",
    form=EquityForm,
    rows={"grants": Rows(form=GrantForm, noun="grant", most=4, shown=1)},
)


def preset_of(grant: EquityGrant) -> str:
    """Return the preset that a saved grant vests by, or `custom`."""
    is_periodic = grant.vesting_type == EquityGrant.VestingType.PERIODIC
    schedule = Schedule(
        total_months=grant.total_months,
        cliff_months=grant.cliff_months,
        period_months=grant.period_months,
        yearly_fractions=() if is_periodic else tuple(grant.yearly_fractions),
    )
    return next((key for key, preset in PRESETS.items() if preset == schedule), CUSTOM)
