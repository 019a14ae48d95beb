"""After yes: dates that no letter states, and results."""

from typing import Any

from django import forms

from negotiation.models import Negotiation
from offers.forms.fields import DayField, LineField


class StartForm(forms.Form):
    """The first day, from which the plan counts."""

    start_date = DayField(label="First day at work")


class DatesForm(forms.Form):
    """Days that no letter states."""

    review_date = DayField(
        label="Your first review", help_text="Empty is a year after the start.", required=False
    )
    board_approval_date = DayField(
        label="The board approved the grant on",
        help_text="Until then the exercise price can still change.",
        required=False,
    )
    stock_purchase_date = DayField(
        label="You bought restricted or early-exercised stock on",
        help_text="In the United States, an 83(b) election must follow within 30 days.",
        required=False,
    )

    def __init__(self, *args: Any, talk: Negotiation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(talk, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)


class WinForm(forms.Form):
    """One result."""

    happened_date = DayField(label="When")
    what = LineField(what="what you did", label="What you did", max_length=300)
    effect = LineField(
        label="What it changed", help_text="In figures if you can.", max_length=300, required=False
    )
    evidence = LineField(label="Where that can be seen", max_length=300, required=False)


class FeedForm(forms.Form):
    """A calendar address."""

    label = LineField(
        label="Which calendar it is for",
        help_text="Only you see this.",
        max_length=80,
        required=False,
    )
