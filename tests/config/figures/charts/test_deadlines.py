"""The line of deadlines."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from config.figures.charts import deadline_line

TODAY = dt.date(2026, 11, 23)


def in_days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def test_deadline_line_of_no_days_is_none() -> None:
    assert deadline_line([], today=TODAY) is None


def test_deadline_line_runs_from_today_to_the_last_day() -> None:
    chart = deadline_line([(0, in_days(10)), (1, in_days(20))], today=TODAY)

    assert chart is not None
    assert (chart.today_x, [pin.x for pin in chart.pins]) == (3.0, [50.0, 97.0])
    assert [tick.label for tick in chart.ticks] == ["today", "Thu 3 Dec", "Sun 13 Dec"]
    assert chart.label == "Answers due: A Thu 3 Dec, 10 days, B Sun 13 Dec, 20 days."


def test_deadline_line_begins_with_a_day_that_has_passed() -> None:
    chart = deadline_line([(2, in_days(-5)), (0, in_days(5))], today=TODAY)

    assert chart is not None
    assert [(pin.letter, pin.x) for pin in chart.pins] == [("C", 3.0), ("A", 97.0)]
    assert chart.today_x == 50.0
    assert chart.table.rows[0] == ("Offer C", "Wed 18 Nov", "5 days ago")


def test_deadline_line_stacks_pins_that_would_cover_each_other() -> None:
    same = in_days(7)

    chart = deadline_line([(0, same), (1, same), (2, in_days(60))], today=TODAY)

    assert chart is not None
    first, second, far = chart.pins
    assert first.x == second.x
    assert (first.y - second.y, far.y) == (22.0, first.y)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-400, 4000)), min_size=1, max_size=6))
def test_deadline_line_keeps_every_pin_apart_and_inside(days: list[tuple[int, int]]) -> None:
    chart = deadline_line([(position, in_days(far)) for position, far in days], today=TODAY)

    assert chart is not None
    places = [(pin.x, pin.y) for pin in chart.pins]
    assert all(3.0 <= x <= 97.0 and 10.0 <= y <= chart.base_y for x, y in places)
    assert all(
        abs(x - other_x) >= 6.0 or abs(y - other_y) >= 22.0
        for number, (x, y) in enumerate(places)
        for other_x, other_y in places[:number]
    )
    assert "today" in [tick.label for tick in chart.ticks]
