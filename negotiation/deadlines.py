"""The days before an answer is due: from when they count, how many are left, what to do on each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from market.models import Location
from offers.deadlines import (
    LEAST_BUSINESS_DAYS,
    PROPOSED_BUSINESS_DAYS,
    add_business_days,
    business_days_between,
)

# What arrives after the close of business was received on the next business day.
CLOSE_OF_BUSINESS: Final = dt.time(17)
# With more time than this, waiting gains nothing: counter early, decide later.
LONG_BUSINESS_DAYS: Final = 10
ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time to answer. Days are business days of the company's place."""

    counted_from: dt.date
    least_date: dt.date
    proposed_date: dt.date
    due_date: dt.date
    is_stated: bool
    given_days: int
    days_left: int
    """From today on; negative where the day has passed."""
    time_zone: str
    due_at: dt.datetime | None = None

    @property
    def is_exploding(self) -> bool:
        """Say whether they gave less than the work takes."""
        return self.is_stated and self.given_days < LEAST_BUSINESS_DAYS

    @property
    def is_long(self) -> bool:
        """Say whether there is so much time that one should counter early and decide later."""
        return self.given_days > LONG_BUSINESS_DAYS

    @property
    def is_over(self) -> bool:
        """Say whether the day has passed."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One thing to do before the answer is due."""

    key: str
    day: int
    title: str
    for_equity: bool = False


# Handbook part 5, "Default plan (5 business days)".
DEFAULT_PLAN: Final[Sequence[PlannedTask]] = (
    PlannedTask("acknowledge", 0, "Confirm that the letter arrived, and name the day you answer"),
    PlannedTask("enter-letter", 0, "Enter every term of the letter"),
    PlannedTask("missing-details", 0, "Ask for what the letter leaves out"),
    PlannedTask("equity-questions", 0, "Send the questions about the equity", for_equity=True),
    PlannedTask("market-data", 1, "Find what the market pays for this role, level and place"),
    PlannedTask("ask-peers", 1, "Ask people you know what they accepted"),
    PlannedTask("three-values", 2, "Set your target, your stretch and your walk-away"),
    PlannedTask("packages", 2, "Prepare the ask and two packages of equal value"),
    PlannedTask("arrange-call", 2, "Arrange a call about the package"),
    PlannedTask("call", 3, "Hold the call and put the ask"),
    PlannedTask("recap", 3, "Send the recap within two hours of the call"),
    PlannedTask("second-round", 4, "Answer their reply; move the deadline if you need to"),
    PlannedTask("revised-letter", 5, "Get what was promised into a revised letter"),
    PlannedTask("decide", 5, "Compare the final letter with the promises, and answer"),
)
MORE_TIME: Final = PlannedTask(
    "more-time", 0, "Ask for more time first: this is less than it takes"
)


def counted_from(received_at: dt.datetime, location: Location) -> dt.date:
    """Return the day on which a letter counts as received, by the clock of the company's place."""
    local = received_at.astimezone(ZoneInfo(location.time_zone))
    if local.time() > CLOSE_OF_BUSINESS:
        return add_business_days(local.date(), 1, location)
    return local.date()


def local_today(now: dt.datetime, location: Location) -> dt.date:
    """Return today's date where the company is."""
    return now.astimezone(ZoneInfo(location.time_zone)).date()


def response_window(
    *,
    received_date: dt.date,
    location: Location,
    today: dt.date,
    stated_date: dt.date | None = None,
    due_at: dt.datetime | None = None,
    time_zone: str = "",
) -> Window:
    """Return the window; the date in the letter wins over three to five business days.

    A deadline with an hour is one on the day it has in its own time zone.
    """
    zone = time_zone or location.time_zone
    stated = due_at.astimezone(ZoneInfo(zone)).date() if due_at is not None else stated_date
    proposed = add_business_days(received_date, PROPOSED_BUSINESS_DAYS, location)
    due = stated or proposed
    return Window(
        counted_from=received_date,
        least_date=add_business_days(received_date, LEAST_BUSINESS_DAYS, location),
        proposed_date=proposed,
        due_date=due,
        is_stated=stated is not None,
        given_days=business_days_between(received_date, due, location),
        days_left=days_left(today, due, location),
        time_zone=zone,
        due_at=due_at,
    )


def days_left(today: dt.date, due: dt.date, location: Location) -> int:
    """Return how many business days are left; today counts as 0, and days past are negative."""
    if due >= today:
        return business_days_between(today, due, location)
    return -max(business_days_between(due, today, location), 1)


def business_days_before(day: dt.date, days: int, location: Location) -> dt.date:
    """Return the business day that lies so many business days before `day`."""
    earlier = day
    for _ in range(days):
        earlier -= ONE_DAY
        while not business_days_between(earlier - ONE_DAY, earlier, location):
            earlier -= ONE_DAY
    return earlier


def plan_days(
    window: Window, location: Location, *, has_private_equity: bool
) -> list[tuple[PlannedTask, dt.date]]:
    """Return what to do on which day: the five-day plan, squeezed into a shorter window.

    A longer window keeps the pace of five days: an early counter leaves time for their answer.
    Where the time given is less than the work takes, asking for more comes first.
    """
    span = min(window.given_days, PROPOSED_BUSINESS_DAYS)
    tasks = [task for task in DEFAULT_PLAN if has_private_equity or not task.for_equity]
    if window.is_exploding:
        tasks = [MORE_TIME, *tasks]
    return [
        (
            task,
            min(
                add_business_days(
                    window.counted_from,
                    task.day * span // PROPOSED_BUSINESS_DAYS,
                    location,
                ),
                max(window.due_date, window.counted_from),
            ),
        )
        for task in tasks
    ]
