"""Fields that the forms of a talk share."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from offers.forms.fields import FIRST_DATE, LAST_DATE


class MomentField(forms.DateTimeField):
    """A day and an hour by the clock of a place; forms call `set_zone`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs
        )
        self.zone = ZoneInfo("UTC")
        self.error_messages |= {
            "required": "Write the day and the hour.",
            "invalid": "Write a day and an hour, such as 2026-03-31 14:30.",
        }

    def set_zone(self, name: str) -> None:
        """Read and show moments by the clock of this time zone."""
        self.zone = ZoneInfo(name)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime) and timezone.is_aware(value):
            value = value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> dt.datetime | None:
        if isinstance(value, dt.datetime):
            return value if timezone.is_aware(value) else value.replace(tzinfo=self.zone)
        if value in self.empty_values:
            return None
        text = str(value).strip()
        for pattern in self.input_formats or ():
            try:
                moment = dt.datetime.strptime(text, pattern).replace(tzinfo=self.zone)
            except ValueError:
                continue
            if not FIRST_DATE <= moment.date() <= LAST_DATE:
                raise ValidationError("Write a date between 2000 and 2100.", code="out_of_range")
            return moment
        raise ValidationError(self.error_messages["invalid"], code="invalid")
