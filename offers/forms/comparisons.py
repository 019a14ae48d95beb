"""Comparisons: which offers, in which order, under which assumptions."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from config.figures.amounts import UnreadableAmount
from config.figures.fields import CountField, FractionField
from offers.forms.fields import LineField, PickField, currency_choices
from offers.models import OFFERS_PER_COMPARISON, Comparison, Offer
from offers.selectors.comparison import Assumptions
from offers.services.comparisons import OFFERS_AT_LEAST

LETTERS: Final = "ABCDEF"
MOST_YEARS: Final = 10


class YearsField(CountField):
    """A whole number of years, one to ten."""

    def read(self, text: str) -> int:
        years = super().read(text)
        if years > MOST_YEARS:
            raise UnreadableAmount(f"Write a number of years, 1 to {MOST_YEARS}.")
        return years


class RateField(FractionField):
    """A yearly rate, as exact as it is kept."""

    decimal_places = 4


class AssumptionsForm(forms.Form):
    """What the offers are looked at under, and the name of the comparison."""

    explanations: ClassVar[dict[str, str]] = {
        "discount_rate": "Money that comes later is worth less today. At 5% a year, $105,000 in a "
        "year counts as $100,000. It applies to pay over the horizon; private stock is not "
        "discounted, because nobody knows when it pays. Leave it at 0 to add up plain amounts.",
    }

    name = LineField(what="a name, such as “Offers of November”", label="Name", max_length=80)
    currency = PickField(
        what="a currency from the list",
        label="Currency",
        help_text="Amounts in other currencies are converted at dated rates, which the page shows.",
    )
    horizon_years = YearsField(
        label="Horizon",
        help_text="How many years to add up, 1 to 10.",
        min_value=1,
        suffix="years",
        width="s",
    )
    discount_rate = RateField(
        label="Discount rate", help_text="Percent a year, 0 to 100. 0 for none."
    )

    def __init__(self, *args: Any, currencies: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currency_choices(currencies)  # type: ignore[attr-defined]
        messages = {
            "name": "Give it a name, such as “Offers of November”.",
            "horizon_years": f"Write a number of years, 1 to {MOST_YEARS}.",
            "discount_rate": "Write a percentage, such as 5. 0 is for none.",
        }
        for name, message in messages.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = message

    def clean_horizon_years(self) -> int:
        return int(self.cleaned_data["horizon_years"])

    def clean_discount_rate(self) -> Decimal:
        return Decimal(self.cleaned_data["discount_rate"])

    @classmethod
    def initial_of(cls, comparison: Comparison) -> dict[str, Any]:
        return {name: getattr(comparison, name) for name in cls.base_fields}


class WhatIfForm(AssumptionsForm):
    """The same assumptions in the address of the page: looked at, not kept."""

    name = None  # type: ignore[assignment]

    def __init__(self, data: Any, *, comparison: Comparison, currencies: Collection[str]) -> None:
        initial = self.initial_of(comparison)
        asked = {name: data[name] for name in initial if name in data}
        super().__init__(
            {**{name: self._shown(name, value) for name, value in initial.items()}, **asked}
            if asked
            else None,
            initial=initial,
            currencies=currencies,
        )
        self.saved = Assumptions.of(comparison)

    @property
    def assumptions(self) -> Assumptions:
        """Return what to look at: what was asked for, or what is saved where that is unreadable."""
        return Assumptions(**self.cleaned_data) if self.is_valid() else self.saved

    @property
    def is_what_if(self) -> bool:
        return self.assumptions != self.saved

    @classmethod
    def _shown(cls, name: str, value: Any) -> Any:
        return cls.base_fields[name].prepare_value(value)


@dataclass(frozen=True, slots=True)
class OfferChoice:
    """One offer to tick, with the box and the choice of its letter."""

    offer: Offer
    is_ticked: bool
    letter: BoundField


class OffersForm(forms.Form):
    """Two to six offers, each with a letter if the person cares which."""

    offers = forms.MultipleChoiceField(
        required=False,
        label="Offers",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these offers is gone. Choose again."},
    )

    def __init__(self, *args: Any, choices: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(offer.pk): offer for offer in choices}
        self.fields["offers"].choices = [  # type: ignore[attr-defined]
            (key, offer.company.name) for key, offer in self.candidates.items()
        ]
        for key, offer in self.candidates.items():
            self.fields[self._letter(key)] = PickField(
                what="a letter from A to F",
                label=f"Letter of {offer.company.name}",
                choices=[("", "Any"), *((letter, letter) for letter in LETTERS)],
                required=False,
            )

    @property
    def rows(self) -> Iterator[OfferChoice]:
        """Yield what the page lists: every offer of the person."""
        ticked = {str(key) for key in self["offers"].value() or ()}
        for key, offer in self.candidates.items():
            yield OfferChoice(offer, key in ticked, self[self._letter(key)])

    @property
    def ordered(self) -> list[Offer]:
        """Return the chosen offers in the order of their letters."""
        chosen: list[Offer] = self.cleaned_data["offers"]
        return chosen

    def clean_offers(self) -> list[str]:
        chosen = list(dict.fromkeys(self.cleaned_data["offers"]))
        if len(chosen) < OFFERS_AT_LEAST:
            raise ValidationError("Tick at least two offers.", code="too_few")
        if len(chosen) > OFFERS_PER_COMPARISON:
            raise ValidationError(
                f"Tick at most six offers. You ticked {len(chosen)}.", code="too_many"
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        chosen = [key for key in self.candidates if key in self.cleaned_data.get("offers", ())]
        fixed: dict[int, str] = {}
        for key in chosen:
            letter = self.cleaned_data.get(self._letter(key), "")
            if letter and (place := LETTERS.index(letter)) in fixed:
                other = self.candidates[fixed[place]].company.name
                self.add_error(self._letter(key), f"{other} has the {letter}. Choose another one.")
            elif letter:
                fixed[place] = key
        if not self.errors:
            order = _order(chosen, fixed)
            self.cleaned_data["offers"] = [self.candidates[key] for key in order]
        return self.cleaned_data

    @staticmethod
    def _letter(key: str) -> str:
        return f"letter_{key}"

    @classmethod
    def initial_of(cls, comparison: Comparison) -> dict[str, Any]:
        """Return the ticks and letters of a saved comparison."""
        places = list(comparison.places.order_by("position"))
        letters = {
            cls._letter(str(place.offer_id)): LETTERS[number] for number, place in enumerate(places)
        }
        return {"offers": [str(place.offer_id) for place in places], **letters}


class NewComparisonForm(OffersForm, AssumptionsForm):
    """A comparison to begin: the offers and the assumptions."""

    field_order = ("offers", "name", "currency", "horizon_years", "discount_rate")

    @property
    def assumption_fields(self) -> list[BoundField]:
        return [self[name] for name in AssumptionsForm.base_fields]


def _order(chosen: Sequence[str], fixed: dict[int, str]) -> list[str]:
    """Return the keys in order: a letter that was chosen is kept where there are so many offers."""
    kept = {place: key for place, key in fixed.items() if place < len(chosen)}
    late = [key for place, key in sorted(fixed.items()) if place >= len(chosen)]
    free = iter([key for key in chosen if key not in fixed.values()] + late)
    return [kept.get(place) or next(free) for place in range(len(chosen))]
