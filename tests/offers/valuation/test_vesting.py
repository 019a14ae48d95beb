"""Grants over days: the golden cases, their laws, and a twin that lives through every day."""

import json
import math
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.documents import load_document
from offers.valuation.vesting import (
    Acceleration,
    AccelerationOrder,
    AccelerationTrigger,
    Grant,
    LiquidityCondition,
    Termination,
    add_months,
    vested_quantity,
    vesting_events,
)
from offers.valuation.vesting_documents import read_vesting_request
from offers.valuation.vesting_terms import (
    VESTING_PRESETS,
    AllocationType,
    CliffFractionThenRemainder,
    CliffThenPeriodic,
    EventAll,
    Instalment,
    Tranches,
)

GOLDEN = Path(__file__).parents[2] / "reference" / "golden" / "vesting_cases.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["vesting"]
START = date(2025, 1, 1)
SALE = date(2026, 7, 1)
LATER = date(2100, 1, 1)
EVEN = VESTING_PRESETS["25x4"]


def _grant(**changes: Any) -> Grant:
    """Return 100,000 units over four years with a one-year cliff, changed where told."""
    usual = {"quantity": Fraction(100_000), "vesting_start_date": START, "vesting_terms": EVEN}
    return Grant(**(usual | changes))


def _vested(grant: Grant, day: date) -> Fraction:
    """Return what one day answers."""
    return vested_quantity(grant, [day])[0]


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_golden_case_is_answered_within_its_tolerance(case: dict[str, Any]) -> None:
    request = read_vesting_request(load_document(json.dumps(case)))

    vested = vested_quantity(request.grant, request.as_of_dates)

    expected = [row["vested_quantity"] for row in case["expected"]]
    assert [float(quantity) for quantity in vested] == pytest.approx(
        expected, rel=0, abs=case["tolerance"]
    )
    if "expected_vesting_event_count" in case:
        assert len(vesting_events(request.grant)) == case["expected_vesting_event_count"]


def test_golden_file_is_read_whole() -> None:
    assert len(CASES) == 22


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2021, 1, 30), 1, date(2021, 2, 28)),
        (date(2023, 1, 31), 13, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), 0, date(2025, 12, 31)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(9999, 12, 1), 1, date.max),
        (date(9000, 1, 1), 1200 * 12, date.max),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("allocation_type", "parts"),
    [
        (AllocationType.FRACTIONAL, [Fraction(9, 2)] * 4),
        (AllocationType.CUMULATIVE_ROUNDING, [5, 4, 5, 4]),
        (AllocationType.CUMULATIVE_ROUND_DOWN, [4, 5, 4, 5]),
        (AllocationType.FRONT_LOADED, [5, 5, 4, 4]),
        (AllocationType.BACK_LOADED, [4, 4, 5, 5]),
        (AllocationType.FRONT_LOADED_TO_SINGLE_TRANCHE, [6, 4, 4, 4]),
        (AllocationType.BACK_LOADED_TO_SINGLE_TRANCHE, [4, 4, 4, 6]),
    ],
)
def test_eighteen_units_are_dealt_out_as_the_open_cap_format_says(
    allocation_type: AllocationType, parts: list[Fraction]
) -> None:
    terms = CliffThenPeriodic(total_months=48, period_months=12, allocation_type=allocation_type)

    events = vesting_events(_grant(quantity=Fraction(18), vesting_terms=terms))

    assert [event.quantity for event in events] == parts


def test_left_over_units_skip_an_instalment_of_nothing() -> None:
    terms = CliffFractionThenRemainder(
        cliff_fraction=Fraction(0),
        cliff_months=12,
        remaining_instalments=4,
        period_months=12,
        allocation_type=AllocationType.FRONT_LOADED,
    )

    events = vesting_events(_grant(quantity=Fraction(6), vesting_terms=terms))

    assert [event.quantity for event in events] == [2, 2, 1, 1]
    assert events[0].vesting_date == date(2027, 1, 1)


def test_an_event_that_has_not_happened_vests_nothing_until_a_sale_accelerates_it() -> None:
    waiting = _grant(vesting_terms=EventAll(event_date=None))
    sold = _grant(
        vesting_terms=EventAll(event_date=None),
        acceleration=_single(unvested_fraction=Fraction(1, 2)),
    )

    assert vesting_events(waiting) == ()
    assert [(row.vesting_date, row.quantity) for row in vesting_events(sold)] == [(SALE, 50_000)]


@pytest.mark.parametrize(
    ("deadlines", "vested"),
    [
        ({}, 100_000),
        ({"deadline_dates": (SALE + timedelta(1),)}, 100_000),
        ({"deadline_dates": (LATER, SALE)}, 0),
        ({"relative_deadline_months": 18}, 0),
        ({"relative_deadline_months": 19}, 100_000),
        ({"relative_deadline_months": 0}, 0),
        ({"relative_deadline_months": 19, "deadline_dates": (START,)}, 0),
    ],
)
def test_an_event_on_its_deadline_comes_too_late(deadlines: dict[str, Any], vested: int) -> None:
    grant = _grant(vesting_terms=EventAll(event_date=SALE, **deadlines))

    assert _vested(grant, LATER) == vested


def test_a_lapsed_grant_has_nothing_left_to_accelerate() -> None:
    def sold_with_deadline(deadline: date) -> Grant:
        return _grant(
            vesting_terms=EventAll(event_date=None, deadline_dates=(deadline,)),
            acceleration=_single(unvested_fraction=Fraction(1)),
        )

    assert _vested(sold_with_deadline(SALE), LATER) == 0
    assert _vested(sold_with_deadline(SALE + timedelta(1)), LATER) == 100_000


def _single(**measure: Any) -> Acceleration:
    """Return an acceleration on the sale alone."""
    return Acceleration(trigger=AccelerationTrigger.SINGLE, change_of_control_date=SALE, **measure)


def _double(sale: date | None = SALE, **changes: Any) -> Acceleration:
    """Return a full acceleration on a sale and a dismissal."""
    usual = {"trigger": AccelerationTrigger.DOUBLE, "unvested_fraction": Fraction(1)}
    return Acceleration(change_of_control_date=sale, **(usual | changes))


@pytest.mark.parametrize(
    ("acceleration", "termination", "vested"),
    [
        # 18 months served on the day of the sale, 30 months a year after it
        (_double(), None, 100_000),  # the schedule alone runs to its end
        (_double(None), Termination(termination_date=SALE, is_qualifying=True), 37_500),
        (_double(), Termination(termination_date=SALE, is_qualifying=False), 37_500),
        (_double(), Termination(termination_date=SALE, is_qualifying=True), 100_000),
        (
            _double(),
            Termination(termination_date=SALE - timedelta(1), is_qualifying=True),
            Fraction(100_000 * 17, 48),
        ),
        (
            _double(),
            Termination(termination_date=date(2027, 7, 1), is_qualifying=True),
            100_000,
        ),
        (
            _double(),
            Termination(termination_date=date(2027, 7, 2), is_qualifying=True),
            62_500,
        ),
        (
            _double(window_months=13),
            Termination(termination_date=date(2027, 7, 2), is_qualifying=True),
            100_000,
        ),
        (
            _single(unvested_fraction=Fraction(1)),
            Termination(termination_date=SALE, is_qualifying=False),
            100_000,
        ),
        (
            _single(unvested_fraction=Fraction(1)),
            Termination(termination_date=SALE - timedelta(1), is_qualifying=True),
            Fraction(100_000 * 17, 48),
        ),
        (
            _double(unvested_fraction=None, credit_months=6),
            Termination(termination_date=SALE, is_qualifying=True),
            50_000,
        ),
    ],
)
def test_triggers_are_pulled_on_their_days(
    acceleration: Acceleration, termination: Termination | None, vested: Fraction
) -> None:
    grant = _grant(acceleration=acceleration, termination=termination)

    assert _vested(grant, LATER) == vested


def test_credit_before_the_cliff_counts_the_months_behind_it() -> None:
    grant = _grant(
        acceleration=Acceleration(
            trigger=AccelerationTrigger.SINGLE,
            change_of_control_date=date(2025, 7, 1),
            credit_months=12,
        )
    )

    assert _vested(grant, date(2025, 7, 1)) == 37_500
    assert _vested(grant, date(2026, 7, 1)) == 37_500
    assert _vested(grant, date(2026, 8, 1)) == Fraction(100_000 * 19, 48)


@pytest.mark.parametrize(
    ("measure", "order"),
    [
        ({"unvested_fraction": Fraction(1)}, AccelerationOrder.PRO_RATA),
        ({"unvested_fraction": Fraction(0)}, AccelerationOrder.PRO_RATA),
        ({"credit_months": 0}, AccelerationOrder.SOONEST),
        (
            {"credit_months": 6, "acceleration_order": AccelerationOrder.LAST},
            AccelerationOrder.LAST,
        ),
    ],
)
def test_the_usual_order_follows_the_measure(
    measure: dict[str, Any], order: AccelerationOrder
) -> None:
    assert _single(**measure).order is order


def test_time_served_before_leaving_counts_when_liquidity_comes() -> None:
    grant = _grant(
        termination=Termination(termination_date=SALE),
        liquidity_condition=LiquidityCondition(liquidity_event_date=date(2030, 1, 1)),
    )

    assert [(event.vesting_date, event.quantity) for event in vesting_events(grant)] == [
        (date(2030, 1, 1), 37_500)
    ]


def test_without_a_liquidity_event_nothing_ever_counts() -> None:
    grant = _grant(liquidity_condition=LiquidityCondition(liquidity_event_date=None))

    assert _vested(grant, date.max) == 0
    assert vesting_events(grant) == ()


def test_a_grant_at_the_end_of_the_calendar_still_answers() -> None:
    grant = _grant(vesting_start_date=date(9998, 6, 15))

    assert _vested(grant, date.max) == 100_000
    assert sum(event.quantity for event in vesting_events(grant)) == 100_000


# --- laws, and the twin --------------------------------------------------------------------------


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    """Draw a short grant with anything that can happen to it."""
    allocation_type = draw(st.sampled_from(AllocationType))
    periodic = st.builds(
        lambda period, count, cliff: CliffThenPeriodic(
            total_months=period * count,
            cliff_months=min(cliff, period * count),
            period_months=period,
            allocation_type=allocation_type,
        ),
        st.integers(1, 3),
        st.integers(1, 5),
        st.integers(0, 8),
    )
    tranches = st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=4
    ).map(
        lambda rows: Tranches(
            tranches=tuple(
                Instalment(month, Fraction(weight, sum(weight for _, weight in rows)))
                for month, weight in rows
            ),
            allocation_type=allocation_type,
        )
    )
    days = st.dates(date(2024, 12, 15), date(2026, 3, 1))
    maybe_day = st.none() | days
    events = st.builds(
        EventAll,
        event_date=maybe_day,
        deadline_dates=st.lists(days, max_size=2).map(tuple),
        relative_deadline_months=st.none() | st.integers(0, 12),
    )
    measure = draw(
        st.fixed_dictionaries({"unvested_fraction": st.fractions(0, 1, max_denominator=6)})
        | st.fixed_dictionaries({"credit_months": st.integers(0, 9)})
    )
    acceleration = st.builds(
        Acceleration,
        trigger=st.sampled_from(AccelerationTrigger),
        change_of_control_date=maybe_day,
        window_months=st.integers(0, 6),
        acceleration_order=st.none() | st.sampled_from(AccelerationOrder),
        **{name: st.just(value) for name, value in measure.items()},
    )
    return Grant(
        quantity=Fraction(draw(st.integers(0, 50))),
        vesting_start_date=draw(st.dates(date(2025, 1, 25), date(2025, 2, 2))),
        vesting_terms=draw(periodic | tranches | events),
        acceleration=draw(st.none() | acceleration),
        termination=draw(
            st.none() | st.builds(Termination, termination_date=days, is_qualifying=st.booleans())
        ),
        liquidity_condition=draw(
            st.none() | st.builds(LiquidityCondition, liquidity_event_date=maybe_day)
        ),
    )


def _days() -> Iterator[date]:
    """Yield every day on which anything drawn above can happen."""
    day = date(2024, 12, 1)
    while day < date(2027, 1, 1):
        yield day
        day += timedelta(1)


def _deal(grant: Grant) -> list[list[Any]]:
    """Return [day, units] rows in order, dealing units out one at a time."""
    terms = grant.vesting_terms
    if isinstance(terms, EventAll):
        return [] if terms.event_date is None else [[terms.event_date, grant.quantity]]
    rows = terms.instalments()
    days = [add_months(grant.vesting_start_date, row.after_months) for row in rows]
    ideal = [grant.quantity * row.fraction for row in rows]
    kind = terms.allocation_type
    if kind is AllocationType.FRACTIONAL:
        return [list(row) for row in zip(days, ideal, strict=True)]
    if kind in {AllocationType.CUMULATIVE_ROUNDING, AllocationType.CUMULATIVE_ROUND_DOWN}:
        half = Fraction(1, 2) if kind is AllocationType.CUMULATIVE_ROUNDING else 0
        parts: list[int] = []
        for index in range(len(ideal)):
            due = math.floor(sum(ideal[: index + 1]) + half)
            parts.append(due - sum(parts))
    else:
        parts = [math.floor(part) for part in ideal]
        takers = list(range(len(parts)))
        if "back" in kind:
            takers.reverse()
        while sum(parts) < grant.quantity:
            parts[takers[0]] += 1
            if "single" not in kind:
                takers.append(takers.pop(0))
    return [list(row) for row in zip(days, parts, strict=True)]


def _live_through(grant: Grant) -> dict[date, Fraction]:
    """Return what is vested on every day, by living through them with a queue of instalments."""
    terms, acceleration, termination = (
        grant.vesting_terms,
        grant.acceleration,
        grant.termination,
    )
    queue = _deal(grant)
    lapses: list[date] = []
    if isinstance(terms, EventAll):
        lapses = list(terms.deadline_dates)
        if terms.relative_deadline_months is not None:
            lapses.append(add_months(grant.vesting_start_date, terms.relative_deadline_months))
        if not queue or any(lapse <= queue[0][0] for lapse in lapses):
            queue = [[date.max, grant.quantity]]  # no event in time: units wait for one for ever
    vested, seen = Fraction(0), {}
    has_left = was_credited = False
    sale_day: date | None = None
    for day in _days():
        if day in lapses or any(lapse < day for lapse in lapses):
            queue = []
        while queue and queue[0][0] <= day:
            vested += queue.pop(0)[1]
        leaves_today = termination is not None and day == termination.termination_date
        if acceleration is not None and not has_left:
            if day == acceleration.change_of_control_date:
                sale_day = day
            is_single = acceleration.trigger is AccelerationTrigger.SINGLE
            is_pulled = sale_day is not None and (
                is_single
                or (
                    leaves_today
                    and termination is not None
                    and termination.is_qualifying
                    and day <= add_months(sale_day, acceleration.window_months)
                )
            )
            if is_pulled and not was_credited:
                was_credited = True
                vested += _take(queue, day, acceleration)
        if leaves_today:
            has_left, queue = True, []
        condition = grant.liquidity_condition
        event_date = condition.liquidity_event_date if condition else None
        is_liquid = condition is None or (event_date is not None and event_date <= day)
        seen[day] = vested if is_liquid else Fraction(0)
    return seen


def _take(queue: list[list[Any]], day: date, acceleration: Acceleration) -> Fraction:
    """Take the credited units out of the queue, in the order agreed, and return how many."""
    unvested = sum((units for _, units in queue), Fraction(0))
    if acceleration.credit_months is None:
        credit = unvested * acceleration.unvested_fraction
    else:
        horizon = add_months(day, acceleration.credit_months)
        credit = sum((units for due, units in queue if due <= horizon), Fraction(0))
    left = credit
    if acceleration.order is AccelerationOrder.PRO_RATA:
        for row in queue:
            row[1] -= row[1] * credit / unvested if unvested else 0
        return credit
    for row in queue if acceleration.order is AccelerationOrder.SOONEST else reversed(queue):
        taken = min(left, row[1])
        row[1] -= taken
        left -= taken
    return credit


@settings(max_examples=150, deadline=None)
@given(grants())
def test_every_day_matches_the_twin_that_lives_through_it(grant: Grant) -> None:
    lived = _live_through(grant)

    assert dict(zip(lived, vested_quantity(grant, list(lived)), strict=True)) == lived


@given(grants())
def test_vested_never_decreases_and_never_exceeds_the_grant(grant: Grant) -> None:
    vested = vested_quantity(grant, [*_days(), date.max])

    assert list(vested) == sorted(vested)
    assert vested[0] >= 0
    assert vested[-1] <= grant.quantity


@given(grants())
def test_events_add_up_to_what_is_vested_in_the_end(grant: Grant) -> None:
    events = vesting_events(grant)

    assert sum(event.quantity for event in events) == _vested(grant, date.max)
    assert all(event.quantity > 0 for event in events)
    assert [event.vesting_date for event in events] == sorted(
        {event.vesting_date for event in events}
    )


@given(grants())
def test_a_holder_who_stays_ends_with_the_whole_grant(grant: Grant) -> None:
    kept = Grant(
        quantity=grant.quantity,
        vesting_start_date=grant.vesting_start_date,
        vesting_terms=EVEN if isinstance(grant.vesting_terms, EventAll) else grant.vesting_terms,
        acceleration=grant.acceleration,
    )

    assert _vested(kept, date(2040, 1, 1)) == grant.quantity


@given(grants(), st.integers(2, 7))
def test_fractional_quantities_scale_with_the_grant(grant: Grant, factor: int) -> None:
    terms = grant.vesting_terms
    if not isinstance(terms, EventAll) and terms.allocation_type is not AllocationType.FRACTIONAL:
        terms = EVEN
    changes = {
        name: getattr(grant, name)
        for name in ("vesting_start_date", "acceleration", "termination", "liquidity_condition")
    }
    days = list(_days())[::50]

    one = vested_quantity(Grant(quantity=grant.quantity, vesting_terms=terms, **changes), days)
    many = vested_quantity(
        Grant(quantity=factor * grant.quantity, vesting_terms=terms, **changes), days
    )

    assert [factor * quantity for quantity in one] == list(many)


# --- what no grant may be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: _grant(quantity=Fraction(-1)), "quantity"),
        (
            lambda: _grant(
                quantity=Fraction(1, 2),
                vesting_terms=CliffThenPeriodic(
                    total_months=48, allocation_type=AllocationType.BACK_LOADED
                ),
            ),
            "quantity",
        ),
        (_single, "unvested_fraction"),
        (lambda: _single(unvested_fraction=Fraction(1), credit_months=1), "unvested_fraction"),
        (lambda: _single(unvested_fraction=Fraction(3, 2)), "unvested_fraction"),
        (lambda: _single(unvested_fraction=Fraction(-1, 2)), "unvested_fraction"),
        (lambda: _single(credit_months=-1), "credit_months"),
        (lambda: _single(credit_months=1, window_months=-1), "window_months"),
    ],
)
def test_grants_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field


def test_parts_of_a_unit_are_fine_where_nothing_is_rounded() -> None:
    half = _grant(quantity=Fraction(1, 2))
    event = _grant(quantity=Fraction(1, 2), vesting_terms=EventAll(event_date=SALE))

    assert _vested(half, SALE) == Fraction(3, 16)
    assert _vested(event, SALE) == Fraction(1, 2)
