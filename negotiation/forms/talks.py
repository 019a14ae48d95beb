"""The talk itself: what happened, until when, what to do, what was said on a call."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms

from config.figures.fields import AmountField, CountField, set_currency
from negotiation.forms.fields import MomentField
from negotiation.models import Channel, Component, Event, Negotiation, PlanTask
from negotiation.services import NOTED
from offers.forms.fields import DayField, LineField, PickField, TextField, TickField, optional

ZONES: Final = sorted(available_timezones())
PROMISES_PER_CALL: Final = 5


class EventForm(forms.Form):
    """A moment to put on the timeline."""

    kind = PickField(
        what="what happened",
        label="What happened",
        choices=[(kind.value, kind.label) for kind in Event.Kind if kind in NOTED],
    )
    note = LineField(label="Note", max_length=300, required=False)


class DeadlineForm(forms.Form):
    """When the letter came, and until when it asks for an answer."""

    received_at = MomentField(
        label="When the letter reached you",
        help_text="By the clock where the company is. After 17:00 it counts from the next business day.",
        required=False,
    )
    due_date = DayField(
        label="Answer due by",
        help_text="As the letter says. Leave it empty where it names no day: then we propose five business days.",
        required=False,
    )
    due_time = forms.TimeField(
        label="At this hour, if the letter names one",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write an hour, such as 17:00."},
    )
    time_zone = PickField(
        label="Time zone of that hour",
        choices=optional([(zone, zone.replace("_", " ")) for zone in ZONES], "The company’s"),
        required=False,
    )
    was_granted = TickField(label="They gave me more time")

    def __init__(self, *args: Any, talk: Negotiation, **kwargs: Any) -> None:
        offer = talk.offer
        zone = talk.deadline_time_zone or offer.location.time_zone
        local = (
            talk.deadline_at.astimezone(ZoneInfo(zone)) if talk.deadline_at is not None else None
        )
        kwargs.setdefault(
            "initial",
            {
                "received_at": talk.letter_received_at,
                "due_date": offer.respond_by_date if offer.is_respond_by_stated else None,
                "due_time": local.time() if local is not None else None,
                "time_zone": talk.deadline_time_zone,
            },
        )
        super().__init__(*args, **kwargs)
        self.place_zone = offer.location.time_zone
        self.fields["received_at"].set_zone(self.place_zone)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        hour, day = found.get("due_time"), found.get("due_date")
        if hour is not None and day is None and "due_date" not in self.errors:
            self.add_error("due_date", "Write the day that this hour is on.")
        received = found.get("received_at")
        if received is not None and day is not None and day < received.date():
            self.add_error("due_date", "The answer cannot be due before the letter came.")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        found = self.cleaned_data
        zone = found["time_zone"] or self.place_zone
        due_at = None
        if found["due_time"] is not None and found["due_date"] is not None:
            due_at = dt.datetime.combine(
                found["due_date"], found["due_time"], tzinfo=ZoneInfo(zone)
            )
        return {
            "received_at": found["received_at"],
            "due_date": found["due_date"],
            "due_at": due_at,
            "time_zone": zone if due_at is not None else "",
            "was_granted": found["was_granted"],
        }


class TaskForm(forms.Form):
    """A task of the user's own."""

    title = LineField(what="what is to be done", label="What", max_length=200)
    due_date = DayField(label="By", required=False)
    phase = PickField(label="When", choices=PlanTask.Phase.choices, initial=PlanTask.Phase.ANSWER)
    claim = LineField(
        label="What you said about yourself that this makes good",
        help_text="Optional. What you claimed in an interview or a script becomes a goal.",
        max_length=300,
        required=False,
    )


class EditTaskForm(forms.Form):
    """A task with other words or another day."""

    title = LineField(what="what is to be done", label="What", max_length=200)
    due_date = DayField(label="By", required=False)


class CallForm(forms.Form):
    """A call, noted while it runs: who, what was agreed, what is open."""

    held_at = MomentField(label="When", help_text="By the clock where the company is.")
    channel = PickField(label="How", choices=Channel.choices)
    person = LineField(label="Who you spoke to", required=False)
    mood = LineField(
        label="How it felt",
        help_text="Warm, in a hurry, surprised by a figure: what you heard between the words.",
        max_length=200,
        required=False,
    )
    notes = TextField(label="Notes", max_length=8000, rows=8, required=False)
    open_points = TextField(
        label="What is open",
        help_text="One point a line. The recap lists exactly these.",
        max_length=3000,
        rows=3,
        required=False,
    )
    next_step = LineField(label="Next step", max_length=300, required=False)
    follow_up_date = DayField(label="They come back by", required=False)

    def __init__(self, *args: Any, zone: str, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_at"].set_zone(zone)  # type: ignore[attr-defined]
        for place in range(1, PROMISES_PER_CALL + 1):
            for name, field in promise_fields().items():
                self.fields[f"promise_{place}_{name}"] = field
        set_currency(self, currency)

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.base_fields]

    @property
    def promise_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the bound fields of each line for a promise."""
        for place in range(1, PROMISES_PER_CALL + 1):
            yield {name: self[f"promise_{place}_{name}"] for name in promise_fields()}

    def clean_open_points(self) -> list[str]:
        lines = str(self.cleaned_data["open_points"]).splitlines()
        points = [" ".join(line.split())[:300] for line in lines if line.strip()]
        if len(points) > 20:
            raise forms.ValidationError("Keep it to 20 points.")
        return points

    def clean(self) -> dict[str, Any]:
        promises = []
        for place in range(1, PROMISES_PER_CALL + 1):
            row = {
                name: self.cleaned_data.get(f"promise_{place}_{name}") for name in promise_fields()
            }
            has_figure = row["amount"] is not None or row["quantity"] is not None
            if not (row["term"] or has_figure):
                continue
            if not row["component"]:
                self.add_error(f"promise_{place}_component", "Choose what this promise is about.")
                continue
            row["term"] = row["term"] or str(Component(row["component"]).label)
            promises.append(row)
        self.cleaned_data["promises"] = promises
        return self.cleaned_data

    @property
    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        names = [*self.base_fields, "promises"]
        return {name: self.cleaned_data[name] for name in names}


def promise_fields() -> dict[str, forms.Field]:
    """Return the fields of one promise."""
    return {
        "component": PickField(
            label="About",
            choices=optional(Component.choices, "Nothing agreed"),
            required=False,
        ),
        "term": LineField(label="In words", max_length=200, required=False),
        "amount": AmountField(label="Amount", required=False),
        "quantity": CountField(label="Shares", required=False),
    }
