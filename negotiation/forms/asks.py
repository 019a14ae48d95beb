"""The ask: what one wants, on what evidence, in which figures, and what they said."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from config.figures.fields import AmountField, CountField, FractionField, set_currency
from negotiation.bargaining import PackageKind
from negotiation.models import Channel, Component, Evidence, LeverageFactor, Negotiation, ReplyKind
from negotiation.selectors import AskProposal, Competing
from negotiation.services import WantedAsk
from offers.forms.fields import DayField, LineField, PickField, TickField, currency_choices

FIGURED: Final = (Component.BASE, Component.EQUITY, Component.SIGN_ON, Component.BONUS)
WORDED: Final = (Component.LEVEL, Component.TERM)


class PrivateValuesForm(forms.Form):
    """What the user wants and assumes. None of it ever stands in a script."""

    explanations: ClassVar[dict[str, str]] = {
        "unit_value": "For trades alone. A private share may be worth nothing, and totals never count it.",
        "paper_fraction": "0% is the prudent answer: private stock counts for nothing in a year’s pay.",
        "target_percentile": "Empty follows your leverage: 50 if it is low, 65 if medium, 75 if high.",
    }

    aspiration_value = AmountField(
        label="Target: a year’s pay you would sign gladly", required=False
    )
    stretch_value = AmountField(
        label="Stretch: the most you could defend",
        help_text="It lowers what the evidence allows, and never lifts it.",
        required=False,
    )
    reservation_value = AmountField(
        label="Walk-away: below it you decline", help_text="Only you see it.", required=False
    )
    target_percentile = CountField(
        label="Percentile to aim at", max_value=90, min_value=25, width="s", required=False
    )
    leverage_factors = forms.MultipleChoiceField(
        label="What is true for you",
        choices=LeverageFactor.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    alternative_label = LineField(label="What you do without this deal", required=False)
    alternative_value = AmountField(label="What that is worth to you, a year", required=False)
    stay_years = CountField(
        label="How long you expect to stay", min_value=1, max_value=10, suffix="years", width="s"
    )
    raise_fraction = FractionField(label="Raises a year")
    discount_rate = FractionField(label="Discount a year for waiting")
    leaving_probability = FractionField(label="Chance that you leave within a year")
    paper_fraction = FractionField(label="How much of private stock you count")
    unit_value = AmountField(
        label="What you count one unit of this equity at",
        help_text="Only for trading it against cash. Empty uses what follows from the offer.",
        is_price=True,
        required=False,
    )

    def __init__(self, *args: Any, talk: Negotiation, currency: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(talk, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        set_currency(self, currency)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        low, high = found.get("reservation_value"), found.get("aspiration_value")
        if low is not None and high is not None and high < low:
            self.add_error("aspiration_value", "Your target cannot lie below your walk-away.")
        if found.get("raise_fraction") is None and "raise_fraction" not in self.errors:
            self.add_error("raise_fraction", "Write a percentage, such as 3. 0 is for none.")
        return found


class EvidenceForm(forms.Form):
    """What comparable people are paid, as the user knows it; benchmarks come from the market pages."""

    kind = PickField(
        label="What it is",
        choices=[
            (kind.value, kind.label) for kind in (Evidence.Kind.NETWORK, Evidence.Kind.POSTED_RANGE)
        ],
    )
    component = PickField(
        label="Which money", choices=[("total", "Total a year"), ("base", "Base salary")]
    )
    label = LineField(
        what="which role, level and place it is about",
        label="Role, level and place",
        max_length=200,
    )
    source_names = LineField(
        label="Where it comes from",
        help_text="Such as the job posting, or “people I know”. No names of people.",
        max_length=200,
        required=False,
    )
    currency = PickField(what="a currency", label="Currency")
    low = AmountField(label="Low end, or 25th percentile")
    median = AmountField(label="Middle, if you know it", required=False)
    high = AmountField(label="High end, or 75th percentile")
    sample_size = CountField(
        label="How many packages", min_value=1, max_value=100_000, width="s", required=False
    )
    is_matched = TickField(
        label="First-hand, and closely matched: same level, kind of company and place"
    )
    as_of_date = DayField(label="As of")

    def __init__(self, *args: Any, currency: str, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currency_choices({*currencies, currency})  # type: ignore[attr-defined]
        self.fields["currency"].initial = currency
        set_currency(self, str(self.data.get("currency", currency)) if self.is_bound else currency)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        low, high = found.get("low"), found.get("high")
        if low is not None and high is not None:
            if high < low:
                self.add_error("high", "The high end cannot lie below the low end.")
            middle = found.get("median")
            if middle is not None and not low <= middle <= high:
                self.add_error("median", "The middle must lie between the two ends.")
        counts = found.get("sample_size") or "sample_size" in self.errors
        if found.get("kind") == Evidence.Kind.NETWORK and not counts:
            self.add_error("sample_size", "Say how many packages it rests on.")
        return found


class CiteForm(forms.Form):
    """Another written offer of the same person, as evidence."""

    revision = PickField(what="one of your written offers", label="Your other written offers")

    def __init__(self, *args: Any, rivals: Sequence[Competing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usable = {str(rival.revision.pk): rival for rival in rivals if rival.is_usable}
        self.fields["revision"].choices = [  # type: ignore[attr-defined]
            (key, rival.revision.offer.company.name) for key, rival in self.usable.items()
        ]


class AskForm(forms.Form):
    """One consolidated ask: a figure for each component, and terms in words."""

    base = AmountField(label="Base salary, a year", required=False)
    equity = CountField(label="Equity, whole units in all", required=False)
    sign_on = AmountField(label="Sign-on bonus", required=False)
    bonus = AmountField(label="Target bonus, a year", required=False)
    level = LineField(
        label="Level or title",
        help_text="The level that you ask for.",
        max_length=200,
        required=False,
    )
    term = LineField(
        label="A term",
        help_text="Such as double-trigger acceleration, or seven years to exercise after leaving.",
        max_length=200,
        required=False,
    )

    def __init__(
        self, *args: Any, proposal: AskProposal, current: dict[str, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        self.current = current
        set_currency(self, proposal.currency)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not self.errors and not any(found.get(name) for name in self.base_fields):
            raise ValidationError(
                "Name at least one figure or term. Vague requests are easy to dismiss."
            )
        for name in ("base", "equity", "sign_on", "bonus"):
            wanted, now = found.get(name), self.current.get(name)
            if wanted is not None and now is not None and wanted < now:
                self.add_error(name, "That is less than the offer already says.")
        return found

    @property
    def wanted(self) -> list[WantedAsk]:
        """Return the lines that the service takes, most important first."""
        found = self.cleaned_data
        reasons = {line.component: line.reason for line in self.proposal.lines}
        lines = []
        for component in FIGURED:
            value = found.get(component.value)
            now = self.current.get(component.value)
            if value is None or (now is not None and value == now):
                continue
            figure = "quantity" if component is Component.EQUITY else "amount"
            lines.append(
                WantedAsk(
                    component=component,
                    reason=reasons.get(component, ""),
                    **{figure: Decimal(value), f"current_{figure}": now},  # type: ignore[arg-type]
                )
            )
        terms = ((component, found.get(component.value)) for component in WORDED)
        return [*lines, *(WantedAsk(component=name, term=words) for name, words in terms if words)]


class PutForm(forms.Form):
    """How the ask was put."""

    channel = PickField(label="How", choices=Channel.choices)


class ReplyForm(forms.Form):
    """What they said to one ask."""

    reply = PickField(what="what they said", label="What they said", choices=ReplyKind.choices)
    amount = AmountField(label="Their figure", help_text="If they named one.", required=False)
    quantity = CountField(label="Their number of shares", required=False)
    words = LineField(label="In their words", max_length=400, required=False)
    person = LineField(label="Who said it", required=False)
    channel = PickField(label="How", choices=Channel.choices)

    def __init__(self, *args: Any, currency: str, is_equity: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency)
        del self.fields["amount" if is_equity else "quantity"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        needs = {ReplyKind.PARTIAL_YES, ReplyKind.COUNTER}
        name = "amount" if "amount" in self.fields else "quantity"
        if found.get("reply") in needs and found.get(name) is None and name not in self.errors:
            self.add_error(name, "Write the figure that they named.")
        return found


class MoveGapForm(forms.Form):
    """One click: where the gap goes."""

    kind = PickField(choices=[(kind.value, kind.value) for kind in PackageKind])
