"""What a person confirms as true, and what they make of a script."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from config.figures.fields import AmountField, set_currency
from negotiation.models import Negotiation
from negotiation.scripts import SLOTS, Fact, NotOnRecord, Source, SourceKind
from negotiation.selectors.statements import EXTENSION, FLAGS, OWN_WORDS, YES
from negotiation.services.words import preferred_elsewhere
from offers.forms.fields import DayField, LineField, TextField, TickField

WORDS: Final = {
    "another offer": "This claims another offer. It is cited from its own record only: enter that offer, and the script for it opens.",
    "is an amount": "Leave amounts out here. Each has a record of its own.",
    "private": "This gives away what a script never says.",
}


class TruthField(LineField):
    """A person's own words for one slot, refused where no script could hold them."""

    def __init__(self, slot: str, **kwargs: Any) -> None:
        self.slot = slot
        super().__init__(max_length=300, required=False, label=SLOTS[slot].label, **kwargs)
        self.widget.width = "full"  # read by our field template

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        source = Source(kind=SourceKind.STATEMENT, label="You")
        try:
            Fact(slot=self.slot, text=text, source=source)
        except NotOnRecord as problem:
            why = next((words for key, words in WORDS.items() if key in str(problem)), str(problem))
            raise ValidationError(why, code="not_on_record") from problem
        return text


class StatementsForm(forms.Form):
    """Statements about one offer. Nothing is said for a person that stands not here."""

    team_reason = TruthField(
        "team_reason",
        help_text="Goes after “I am excited about”. Concrete and true, such as: the evaluation work that your team showed me.",
    )
    value_reason = TruthField(
        "value_reason", help_text="One sentence on what you bring, with an outcome."
    )
    true_reason = TruthField(
        "true_reason", help_text="Goes after “I am finishing”. The reason why you need more time."
    )
    extension_date = DayField(
        label="Until when you need time",
        help_text="Leave it empty for five business days after their date.",
        required=False,
    )
    scope_evidence = TruthField(
        "scope_evidence",
        help_text="For a talk about the level: which scope the interviews described.",
    )
    posted_range = TruthField("posted_range", help_text="As the job posting states it.")
    stay_reason = TruthField(
        "stay_reason", help_text="If your present employer counters: why you set out to leave."
    )
    forfeited_label = LineField(
        label="What you lose by leaving",
        help_text="Such as: stock that vests, or a bonus for the year.",
        max_length=160,
        required=False,
    )
    forfeited_amount = AmountField(label="How much of it", required=False)
    forfeited_date = DayField(label="When it would have come", required=False)
    preference = TickField(
        label="It is true that I would rather join this company than any other I talk to"
    )
    would_sign = TickField(label="It is true that I would sign what I ask for")
    is_elsewhere = TickField(label="It is true that I am in the last stage of another process")
    is_counter = TickField(label="The other offer on record is a counter of my present employer")
    may_be_named = TickField(
        label="This company may be named when I talk to another",
        help_text="Otherwise it is “another company”. Leave it off where the offer is confidential.",
    )

    def __init__(self, *args: Any, talk: Negotiation, currency: str, **kwargs: Any) -> None:
        self.talk = talk
        kwargs.setdefault("initial", _initial(talk))
        super().__init__(*args, **kwargs)
        set_currency(self, currency)

    def clean_preference(self) -> bool:
        is_preferred = bool(self.cleaned_data["preference"])
        other = preferred_elsewhere(self.talk) if is_preferred else None
        if other is not None:
            raise ValidationError(
                f"You confirmed this for {other.offer.company.name} already. It can be true of one. "
                "Take it back there first.",
                code="preferred_elsewhere",
            )
        return is_preferred

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        amount, label = found.get("forfeited_amount"), found.get("forfeited_label", "")
        if amount is not None and not label and "forfeited_label" not in self.errors:
            self.add_error("forfeited_label", "Say what it is that you lose.")
        if label and amount is None and "forfeited_amount" not in self.errors:
            self.add_error("forfeited_amount", "Say how much of it you lose.")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        found = self.cleaned_data
        words = {name: found[name] for name in OWN_WORDS}
        words |= {name: YES for name in FLAGS if found[name]}
        return {
            "words": words,
            "is_preferred": found["preference"],
            "would_sign": found["would_sign"],
            "extension_date": found["extension_date"],
            "forfeited_label": found["forfeited_label"],
            "forfeited_amount": found["forfeited_amount"],
            "forfeited_date": found["forfeited_date"],
            "may_be_named": found["may_be_named"],
        }


class ScriptForm(forms.Form):
    """A script as somebody edits it."""

    text = TextField(label="Your text", max_length=12_000, rows=14)


def _initial(talk: Negotiation) -> dict[str, Any]:
    own = talk.own_words
    return {
        **{name: own.get(name, "") for name in OWN_WORDS},
        **{name: own.get(name) == YES for name in FLAGS},
        EXTENSION: own.get(EXTENSION) or None,
        "preference": talk.prefers_this_at is not None,
        "would_sign": talk.would_sign_at is not None,
        "forfeited_label": talk.forfeited_label,
        "forfeited_amount": talk.forfeited_amount,
        "forfeited_date": talk.forfeited_date,
        "may_be_named": talk.may_be_named,
    }
