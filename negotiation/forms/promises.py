"""Promises, and the moment of accepting."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from config.figures.fields import AmountField, CountField, set_currency
from negotiation.models import Channel, Component
from negotiation.selectors import Promise
from offers.forms.fields import DayField, LineField, PickField, TickField
from offers.models import Offer


class PromiseForm(forms.Form):
    """Something that was promised."""

    component = PickField(label="About", choices=Component.choices)
    term = LineField(what="what was promised", label="What was promised", max_length=200)
    amount = AmountField(label="Amount, if it is money", required=False)
    quantity = CountField(label="Number of shares, if it is equity", required=False)
    said_by = LineField(label="Who said it", required=False)
    said_date = DayField(label="When")
    channel = PickField(label="How", choices=Channel.choices)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency)


class AcceptForm(forms.Form):
    """Accepting: every promise that is only words is confirmed by itself."""

    signed_date = DayField(label="Signed on")
    note = LineField(
        label="Why you sign although some of it is only words",
        help_text="Optional. It stays beside these promises.",
        max_length=300,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        missing: Sequence[Promise],
        others: Sequence[Offer],
        skipped: Sequence[str],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"signed_date": today})
        super().__init__(*args, **kwargs)
        self.missing = {f"words_{one.commitment.pk}": one for one in missing}
        self.others = {f"decline_{offer.pk}": offer for offer in others}
        for name, promise in self.missing.items():
            self.fields[name] = forms.BooleanField(
                label=f"I know that this is in no letter: {promise.commitment.term}",
                error_messages={
                    "required": "This promise is only words. Get it into the letter, or confirm it."
                },
            )
        if skipped:
            self.fields["knows_skipped"] = forms.BooleanField(
                label="I have seen what is skipped or not known, and accept",
                error_messages={"required": "Look at what was skipped, or confirm it."},
            )
        for name, offer in self.others.items():
            self.fields[name] = TickField(label=f"Decline {offer.company.name} as well")
        if not self.missing:
            del self.fields["note"]

    @property
    def confirmed(self) -> list[int]:
        return [
            one.commitment.pk for name, one in self.missing.items() if self.cleaned_data.get(name)
        ]

    @property
    def also_decline(self) -> list[int]:
        return [offer.pk for name, offer in self.others.items() if self.cleaned_data.get(name)]
