"""When an answer is due: business days of the offer's country."""

import datetime as dt
from typing import Final

import holidays

from market.models import Location

# The guide's window is three to five business days; where the letter names no date, five is ours
# to propose and three the least that the work takes.
PROPOSED_BUSINESS_DAYS: Final = 5
LEAST_BUSINESS_DAYS: Final = 3
# Where somebody names a country alone: its largest part, whose calendar is the one people know.
_USUAL_SUBDIVISION: Final = {"GB": "ENG"}


def add_business_days(start: dt.date, days: int, location: Location) -> dt.date:
    """Return the date `days` business days after `start`, skipping weekends and public holidays.

    Countries that the holiday calendar does not know get weekends alone.
    """
    closed = _public_holidays(location)
    day, counted = start, 0
    while counted < days:
        day += dt.timedelta(days=1)
        if day.weekday() < 5 and day not in closed:
            counted += 1
    return day


def business_days_between(start: dt.date, end: dt.date, location: Location) -> int:
    """Return how many business days lie after `start`, up to and including `end`."""
    closed = _public_holidays(location)
    span = (end - start).days
    days = (start + dt.timedelta(days=offset) for offset in range(1, span + 1))
    return sum(day.weekday() < 5 and day not in closed for day in days)


def _public_holidays(location: Location) -> holidays.HolidayBase:
    subdivision = location.subdivision or _USUAL_SUBDIVISION.get(location.country_code)
    try:
        return holidays.country_holidays(location.country_code, subdiv=subdivision)
    except NotImplementedError:
        try:
            return holidays.country_holidays(location.country_code)
        except NotImplementedError:
            return holidays.HolidayBase()
