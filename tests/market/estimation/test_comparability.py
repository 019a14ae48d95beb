"""Who is not comparable, and why."""

import datetime as dt
from dataclasses import replace

import pytest

from market.estimation import Person, differences

TODAY = dt.date(2026, 11, 24)
STAFF_IN_SF = Person(
    role_family="ml_engineer",
    role_group="ai_ml_engineering",
    rank=6,
    level="Staff",
    country="US",
    place="San Francisco Bay Area",
    stage="Series B",
    stage_group="venture",
    currency="USD",
)


def test_a_mid_level_engineer_at_a_bank_in_london_is_not_a_staff_engineer_in_san_francisco() -> (
    None
):
    """The pair of paragraph 6 of the guide: level, type of company and place, and the currency."""
    point = Person(
        role_family="ml_engineer",
        role_group="ai_ml_engineering",
        rank=4,
        level="Mid",
        country="GB",
        place="London",
        stage="Public",
        stage_group="public",
        currency="GBP",
        date=TODAY,
    )

    found = differences(STAFF_IN_SF, point, as_of=TODAY)

    assert [(d.key, d.text) for d in found] == [
        ("level", "2 levels below (Mid)"),
        ("stage", "a different type of company (public)"),
        ("place", "a different country (London)"),
        ("currency", "paid in another currency (GBP)"),
    ]


def test_the_same_job_is_comparable() -> None:
    assert differences(STAFF_IN_SF, replace(STAFF_IN_SF, date=TODAY), as_of=TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rank": 7}, []),
        ({"rank": 8, "level": "Principal"}, ["level"]),
        ({"rank": None}, []),
        ({"role_family": "ai_engineer"}, []),
        ({"role_family": "quant", "role_group": "data_science"}, ["role"]),
        ({"stage": "Series A", "stage_group": "venture"}, []),
        ({"stage": "Bootstrapped", "stage_group": ""}, ["stage"]),
        ({"stage": ""}, []),
        ({"country": "CA", "currency": "USD"}, ["place"]),
        ({"country": ""}, []),
        ({"date": dt.date(2024, 11, 25)}, []),
        ({"date": dt.date(2024, 1, 1)}, ["age"]),
    ],
)
def test_one_difference_at_a_time(changes, expected) -> None:
    point = replace(STAFF_IN_SF, **changes)

    assert [d.key for d in differences(STAFF_IN_SF, point, as_of=TODAY)] == expected


def test_no_difference_works_one_way_only() -> None:
    other = replace(STAFF_IN_SF, rank=3, country="DE", currency="EUR", stage="Public",
                    stage_group="public", role_family="quant", role_group="data_science")  # fmt: skip

    there = {d.key for d in differences(STAFF_IN_SF, other, as_of=TODAY)}
    back = {d.key for d in differences(other, STAFF_IN_SF, as_of=TODAY)}

    assert there == back == {"role", "level", "stage", "place", "currency"}
