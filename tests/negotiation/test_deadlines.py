import datetime as dt
import json
from pathlib import Path

import pytest

from market.models import Location
from negotiation.deadlines import (
    business_days_before,
    counted_from,
    days_left,
    local_today,
    plan_days,
    response_window,
)
from offers.deadlines import add_business_days, business_days_between

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference/negotiation/holidays.json").read_text()
)
ONE_DAY = dt.timedelta(days=1)


def at(place):
    return Location.objects.get(key=place)


def date(text):
    return dt.date.fromisoformat(text)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# --- published calendars -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "calendar", REFERENCE["calendars"], ids=lambda one: f"{one['place']}-{one['year']}"
)
def test_business_days_match_the_published_calendar(db, calendar):
    closed = {date(day) for day in calendar["closed"]}
    location = at(calendar["place"])
    day = dt.date(calendar["year"], 1, 1)

    open_days = set()
    while day.year == calendar["year"]:
        if business_days_between(day - ONE_DAY, day, location):
            open_days.add(day)
        day += ONE_DAY

    published = {
        dt.date(calendar["year"], 1, 1) + ONE_DAY * offset
        for offset in range(365)
        if (dt.date(calendar["year"], 1, 1) + ONE_DAY * offset).weekday() < 5
    } - closed
    assert open_days == published


@pytest.mark.parametrize("case", REFERENCE["handbook"])
def test_days_of_the_handbook(db, case):
    due = add_business_days(date(case["start"]), case["days"], at(case["place"]))

    assert due == date(case["due"])


def test_country_that_no_calendar_knows_has_weekends(db):
    nowhere = Location(key="x", country_code="XX", subdivision="", time_zone="UTC")

    assert add_business_days(dt.date(2026, 12, 24), 1, nowhere) == dt.date(2026, 12, 25)


# --- the window --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-12T21:00", "2026-03-12"),  # 17:00 in New York is still that day
        ("2026-03-12T21:01", "2026-03-13"),
        ("2026-03-13T22:00", "2026-03-16"),  # Friday evening counts as Monday
        ("2026-03-14T03:30", "2026-03-16"),  # Saturday in UTC, Friday 23:30 there
        ("2026-02-13T23:00", "2026-02-17"),  # past Presidents' Day
    ],
)
def test_letter_after_five_counts_as_the_next_business_day(db, moment, day):
    assert counted_from(utc(moment), at("us-new-york")) == date(day)


def test_today_is_the_day_at_the_company(db):
    moment = utc("2026-03-12T20:00")

    assert local_today(moment, at("sg")) == dt.date(2026, 3, 13)
    assert local_today(moment, at("us-sf-bay")) == dt.date(2026, 3, 12)


def window(**changes):
    fields = {
        "received_date": date("2026-03-12"),
        "location": at("us"),
        "today": date("2026-03-13"),
    }
    return response_window(**fields | changes)


def test_window_without_a_date_is_five_business_days(db):
    found = window()

    assert (found.least_date, found.due_date) == (date("2026-03-17"), date("2026-03-19"))
    assert (found.given_days, found.days_left) == (5, 4)
    assert (found.is_stated, found.is_exploding, found.is_long) == (False, False, False)


def test_date_in_the_letter_wins(db):
    found = window(stated_date=date("2026-04-10"))

    assert (found.due_date, found.is_stated, found.is_long) == (date("2026-04-10"), True, True)


@pytest.mark.parametrize(
    ("due", "exploding"), [("2026-03-12", True), ("2026-03-16", True), ("2026-03-17", False)]
)
def test_less_than_three_business_days_is_exploding(db, due, exploding):
    assert window(stated_date=date(due)).is_exploding is exploding


def test_deadline_keeps_its_own_time_zone(db):
    # Midnight in Berlin on the 18th is the evening of the 17th in New York.
    found = window(due_at=utc("2026-03-17T23:30"), time_zone="Europe/Berlin")

    assert (found.due_date, found.time_zone) == (date("2026-03-18"), "Europe/Berlin")


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2026-03-18", 1),
        ("2026-03-19", 0),
        ("2026-03-20", -1),
        ("2026-03-21", -1),
        ("2026-03-24", -3),
    ],
)
def test_days_left_count_down_to_the_day_and_past_it(db, today, left):
    assert days_left(date(today), date("2026-03-19"), at("us")) == left
    assert window(today=date(today)).is_over is (left < 0)


def test_business_days_before_a_day(db):
    us = at("us")

    assert business_days_before(date("2026-02-18"), 1, us) == date("2026-02-17")
    assert business_days_before(date("2026-02-18"), 2, us) == date("2026-02-13")
    assert business_days_before(date("2026-02-18"), 0, us) == date("2026-02-18")


# --- the plan ----------------------------------------------------------------------------------


def test_default_plan_takes_five_business_days(db):
    plan = {task.key: day for task, day in plan_days(window(), at("us"), has_private_equity=True)}

    assert plan["acknowledge"] == plan["equity-questions"] == date("2026-03-12")
    assert plan["market-data"] == date("2026-03-13")
    assert plan["packages"] == date("2026-03-16")
    assert plan["call"] == plan["recap"] == date("2026-03-17")
    assert plan["decide"] == date("2026-03-19")
    assert "more-time" not in plan


def test_exploding_offer_asks_for_time_first_and_squeezes_the_plan(db):
    short = window(stated_date=date("2026-03-13"))

    plan = plan_days(short, at("us"), has_private_equity=False)

    assert next(task.key for task, _ in plan) == "more-time"
    assert {day for _, day in plan} == {date("2026-03-12"), date("2026-03-13")}
    assert "equity-questions" not in {task.key for task, _ in plan}


def test_long_window_keeps_the_pace_of_five_days(db):
    long = window(stated_date=date("2026-04-30"))

    plan = {task.key: day for task, day in plan_days(long, at("us"), has_private_equity=True)}

    assert plan["call"] == date("2026-03-17")


@pytest.mark.parametrize("due", ["2026-03-12", "2026-03-13", "2026-03-17", "2026-03-18"])
def test_plan_rises_and_ends_by_the_due_day(db, due):
    days = [
        day
        for _, day in plan_days(window(stated_date=date(due)), at("us"), has_private_equity=True)
    ]

    assert days == sorted(days)
    assert max(days) <= date(due)
