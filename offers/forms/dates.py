"""Dates and people: how you heard of it, until when, and from whom."""

import datetime as dt
from typing import Any, Final

from config.figures.fields import CardRadioSelect
from offers.forms.fields import DayField, LineField, PickField, TextField
from offers.forms.section import SectionForm, Spec
from offers.models import OfferRevision

Source = OfferRevision.Source


class DatesForm(SectionForm):
    """When, how and from whom."""

    explanations = {
        "source": "What is only said can change without anybody breaking their word. Before you answer a "
        "verbal offer, ask for all of it in writing; that is completely standard. Until then we mark "
        "its figures as unconfirmed.",
        "respond_by_date": "Three to five business days is usual for an answer, and more time is a normal "
        "thing to ask for.",
    }

    source = PickField(
        label="How do you know these terms?",
        what="how you know these terms",
        choices=Source.choices,
        widget=CardRadioSelect(
            hints={
                Source.WRITTEN: "A letter, a contract or an e-mail with all the terms",
                Source.VERBAL: "Said on a call. Only the letter counts, so ask for it",
            }
        ),
    )
    stated_date = DayField(
        label="Date of these terms", help_text="The date on the letter, or of the call."
    )
    received_date = DayField(
        label="You received the offer on", help_text="Your answer is counted from it."
    )
    respond_by_date = DayField(
        label="They want your answer by",
        help_text="Leave it empty if they named no date.",
        required=False,
    )
    start_date = DayField(
        label="You would start on", help_text="Leave it empty if it is open.", required=False
    )
    contact_name = LineField(
        label="Your contact", help_text="Recruiter or manager. Only you see this.", required=False
    )
    note = LineField(
        label="What changed in these terms",
        help_text="One line, for the history of the offer.",
        max_length=300,
        required=False,
    )
    notes = TextField(
        label="Notes",
        help_text="Anything else. Only you see this.",
        max_length=4000,
        required=False,
    )

    def prepare(self) -> None:
        for name in ("stated_date", "received_date"):
            self.fields[name].initial = self.context.today

    def clean(self) -> dict[str, Any]:
        received: dt.date | None = self.cleaned_data.get("received_date")
        respond_by: dt.date | None = self.cleaned_data.get("respond_by_date")
        if received and respond_by and respond_by < received:
            self.add_error(
                "respond_by_date", "This is before you received the offer. Check both dates."
            )
        return self.cleaned_data


SPEC: Final = Spec(slug="dates", title="Dates and people", form=DatesForm, is_required=True)
