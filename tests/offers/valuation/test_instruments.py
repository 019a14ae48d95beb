"""What a grant pays over time: one story per kind of equity, laws, and a twin unit by unit."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import (
    Acceleration,
    AccelerationOrder,
    AccelerationTrigger,
    CashReason,
    CliffThenPeriodic,
    CompensationType,
    Grant,
    Holding,
    InvalidFigure,
    LiquidityEvent,
    LiquidityType,
    RefreshAssumption,
    Termination,
    add_months,
    refresh_by_year,
    settlement,
)

START = dt.date(2026, 1, 1)
EVENLY = CliffThenPeriodic(total_months=48, cliff_months=12)
END = dt.date(2040, 1, 1)


def month(number: int) -> dt.date:
    return add_months(START, number)


def holding(kind: str, *, left: int | None = None, quantity: int = 4_800, **terms: Any) -> Holding:
    grant: dict[str, Any] = {"acceleration": terms.pop("acceleration", None)}
    if left is not None:
        grant["termination"] = Termination(
            termination_date=month(left), is_qualifying=terms.pop("is_dismissed", False)
        )
    return Holding(
        compensation_type=CompensationType(kind),
        grant=Grant(
            quantity=Fraction(quantity), vesting_start_date=START, vesting_terms=EVENLY, **grant
        ),
        **terms,
    )


def event(kind: str, at: int, price: float, **terms: Any) -> LiquidityEvent:
    return LiquidityEvent(type=LiquidityType(kind), date=month(at), price_per_share=price, **terms)


def money(
    held: Holding, *events: LiquidityEvent, as_of: dt.date = END
) -> list[tuple[str, int, float]]:
    """The cash of a settlement as (reason, months after the start, amount)."""
    return [
        (
            row.reason.value,
            12 * (row.date.year - START.year) + row.date.month - START.month,
            row.amount,
        )
        for row in settlement(held, events, as_of=as_of).cash_events
    ]


# --- one story per kind --------------------------------------------------------------------------


def test_listed_units_are_sold_as_they_have_vested() -> None:
    assert money(holding("rsu"), event("ipo", 24, 10.0)) == [("proceeds", 24, 24_000.0)]


def test_double_trigger_units_wait_for_the_event_and_lapse_without_it() -> None:
    waiting = holding("double_trigger_rsu", left=24, expiry_months=84)

    assert money(waiting, event("tender", 40, 10.0)) == []
    assert money(waiting, event("ipo", 84, 10.0)) == [("proceeds", 84, 24_000.0)]
    late = settlement(waiting, [event("ipo", 85, 10.0)], as_of=END)
    assert (late.net, late.lapsed_units, late.unsold_units) == (0.0, 2_400.0, 0.0)
    early = settlement(waiting, [], as_of=month(60))
    assert (early.lapsed_units, early.unsold_units) == (0.0, 2_400.0)


def test_options_pay_the_spread_only_inside_their_window_after_leaving() -> None:
    leaver = holding("iso", left=24, exercise_price=2.0, post_termination_window_months=3)

    assert money(leaver, event("sale", 27, 10.0)) == [("proceeds", 27, 2_400 * 8.0)]
    late = settlement(leaver, [event("sale", 28, 10.0)], as_of=END)
    assert (late.net, late.lapsed_units) == (0.0, 2_400.0)


def test_exercising_on_the_last_day_costs_money_and_keeps_the_shares() -> None:
    leaver = holding(
        "nso",
        left=24,
        exercise_price=2.0,
        post_termination_window_months=3,
        is_exercised_on_leaving=True,
    )

    assert money(leaver, event("sale", 60, 10.0)) == [
        ("exercise", 24, -4_800.0),
        ("proceeds", 60, 24_000.0),
    ]
    worthless = settlement(leaver, [event("sale", 60, 0.0)], as_of=END)
    assert (worthless.net, worthless.lapsed_units) == (-4_800.0, 2_400.0)


def test_early_exercise_pays_first_and_returns_unvested_shares_at_cost() -> None:
    early = holding("iso", left=24, exercise_price=2.0, is_early_exercised=True)

    assert money(early, event("sale", 60, 10.0)) == [
        ("exercise", 0, -9_600.0),
        ("repurchase", 24, 4_800.0),
        ("proceeds", 60, 24_000.0),
    ]


def test_restricted_stock_is_bought_and_survives_leaving() -> None:
    bought = holding("restricted_stock", left=36, exercise_price=0.01)

    assert money(bought, event("sale", 40, 10.0)) == [
        ("purchase", 0, -48.0),
        ("repurchase", 36, 12.0),
        ("proceeds", 40, 36_000.0),
    ]


def test_profit_units_have_a_threshold_a_cap_a_lock_and_a_narrow_way_out() -> None:
    units = holding(
        "profit_unit",
        participation_threshold_per_share=4.0,
        participation_cap=20_000.0,
        lock_months=24,
        is_tender_only=True,
    )

    assert money(units, event("tender", 23, 10.0)) == []
    assert money(units, event("tender", 24, 4.0)) == []
    assert money(units, event("secondary", 24, 10.0)) == []
    assert money(units, event("ipo", 24, 10.0)) == []
    tenders = (event("tender", 24, 10.0, sellable_fraction=0.5), event("tender", 48, 10.0))
    assert money(units, *tenders) == [("proceeds", 24, 7_200.0), ("proceeds", 48, 12_800.0)]
    assert money(units, event("sale", 12, 10.0)) == [("proceeds", 12, 7_200.0)]


def test_a_tender_buys_a_part_and_a_secondary_sale_costs_a_discount() -> None:
    options = holding("nso", exercise_price=2.0)
    events = (
        event("tender", 24, 10.0, sellable_fraction=0.2),
        event("secondary", 36, 10.0, sellable_fraction=0.5, discount_fraction=0.3),
    )

    assert money(options, *events) == [
        ("proceeds", 24, 480 * 8.0),
        ("proceeds", 36, (3_600 - 480) / 2 * 5.0),
    ]
    left = settlement(options, events, as_of=month(36))
    assert (left.sold_units, left.unsold_units) == (480 + 1_560, 1_560)


def test_assumed_units_go_on_vesting_at_the_price_of_the_sale() -> None:
    sale = event("sale", 24, 10.0, is_unvested_assumed=True)

    paid = settlement(holding("rsu"), [sale], as_of=month(30))

    assert [row.amount for row in paid.cash_events] == [24_000.0] + [1_000.0] * 6
    assert settlement(holding("rsu", left=26), [sale], as_of=END).net == 26_000.0
    assert settlement(holding("rsu"), [event("sale", 24, 10.0)], as_of=END).net == 24_000.0


@pytest.mark.parametrize(
    ("order", "after_a_year"),
    [
        (AccelerationOrder.SOONEST, 3_600.0),
        (AccelerationOrder.PRO_RATA, 4_200.0),
        (AccelerationOrder.LAST, 4_800.0),
    ],
)
def test_partial_single_trigger_pays_at_once_and_its_order_decides_the_rest(
    order: AccelerationOrder, after_a_year: float
) -> None:
    sold = holding(
        "rsu",
        acceleration=Acceleration(
            trigger=AccelerationTrigger.SINGLE,
            change_of_control_date=month(24),
            unvested_fraction=Fraction(1, 2),
            acceleration_order=order,
        ),
    )
    sale = event("sale", 24, 1.0, is_unvested_assumed=True)

    paid = settlement(sold, [sale], as_of=month(36))

    assert paid.cash_events[0].amount == 3_600.0
    assert paid.net == after_a_year


@pytest.mark.parametrize(("is_dismissed", "net"), [(True, 4_800.0), (False, 2_700.0)])
def test_double_trigger_needs_the_dismissal_too(is_dismissed: bool, net: float) -> None:
    left = holding(
        "rsu",
        left=27,
        is_dismissed=is_dismissed,
        acceleration=Acceleration(
            trigger=AccelerationTrigger.DOUBLE,
            change_of_control_date=month(24),
            unvested_fraction=Fraction(1),
        ),
    )
    sale = event("sale", 24, 1.0, is_unvested_assumed=True)

    assert settlement(left, [sale], as_of=END).net == net


def test_refresh_grants_are_an_assumption_that_begins_a_year_later() -> None:
    hoped = RefreshAssumption(
        yearly_value=40_000.0, vesting_terms=CliffThenPeriodic(total_months=48)
    )

    assert refresh_by_year(hoped, 4).tolist() == pytest.approx([0.0, 1e4, 2e4, 3e4])
    grown = RefreshAssumption(
        yearly_value=40_000.0,
        vesting_terms=CliffThenPeriodic(total_months=12),
        yearly_growth=0.1,
    )
    assert refresh_by_year(grown, 3).tolist() == pytest.approx([0.0, 40_000.0, 44_000.0])
    assert refresh_by_year(hoped, 0).tolist() == []


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: holding("rsu", exercise_price=1.0), "exercise_price"),
        (lambda: holding("rsu", is_early_exercised=True), "is_early_exercised"),
        (lambda: event("ipo", 1, -1.0), "price_per_share"),
        (lambda: event("ipo", 1, 1.0, sellable_fraction=2.0), "sellable_fraction"),
        (
            lambda: settlement(
                holding("rsu"), [event("sale", 1, 1.0), event("ipo", 2, 1.0)], as_of=END
            ),
            "events",
        ),
        (lambda: settlement(holding("rsu"), [event("ipo", 2, 1.0)], as_of=START), "events"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, field: str) -> None:
    with pytest.raises(InvalidFigure) as failure:
        make()

    assert failure.value.field == field


# --- laws and the twin ---------------------------------------------------------------------------


@st.composite
def stories(draw: st.DrawFn) -> tuple[Holding, list[LiquidityEvent], dt.date]:
    """Any kind of equity, any leaving, any events up to one sale."""
    kind = draw(st.sampled_from(CompensationType))
    is_option = kind in ("iso", "nso")
    left = draw(st.none() | st.integers(0, 60))
    terms: dict[str, Any] = {"lock_months": draw(st.sampled_from([0, 0, 30]))}
    if is_option:
        terms["exercise_price"] = draw(st.sampled_from([0.0, 2.0, 5.0]))
        terms["post_termination_window_months"] = draw(st.sampled_from([None, 3, 84]))
        terms["is_early_exercised"] = draw(st.booleans())
        terms["is_exercised_on_leaving"] = not terms["is_early_exercised"] and draw(st.booleans())
    if kind == "restricted_stock":
        terms["exercise_price"] = draw(st.sampled_from([0.0, 1.0]))
    if is_option or kind == "double_trigger_rsu":
        terms["expiry_months"] = draw(st.sampled_from([None, 36, 84]))
    if kind == "profit_unit":
        terms["participation_threshold_per_share"] = draw(st.sampled_from([0.0, 3.0]))
        terms["is_tender_only"] = draw(st.booleans())
    events = [
        event(
            draw(st.sampled_from(["tender", "ipo", "secondary"])),
            draw(st.integers(1, 90)),
            draw(st.sampled_from([0.0, 1.0, 4.0, 10.0])),
            sellable_fraction=draw(st.sampled_from([0.0, 0.5, 1.0])),
            discount_fraction=draw(st.sampled_from([0.0, 0.25])),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    if draw(st.booleans()):
        events.append(
            event(
                "sale",
                draw(st.integers(91, 120)),
                draw(st.sampled_from([0.0, 4.0, 10.0])),
            )
        )
    return holding(kind, left=left, quantity=48, **terms), events, month(130)


def twin(held: Holding, events: list[LiquidityEvent], as_of: dt.date) -> dict[str, float]:
    """The slow way: 48 units, one a month, each with its own little life, in tenths."""
    cost = held.exercise_price
    leaving = held.leaving_date
    net = 0.0
    sold = lapsed = unsold = 0.0
    kept = []
    for place in range(48):
        vests = month(max(12, place + 1))
        is_mine = leaving is None or vests <= leaving
        paid_up = held.is_early_exercised or held.compensation_type == "restricted_stock"
        if paid_up:
            net -= cost
            if not is_mine:
                net += cost
        if is_mine:
            kept.append([vests, 1.0, paid_up])
    ordered = sorted(events, key=lambda row: row.date)
    exercised_on_leaving = False

    def leave(day: dt.date) -> None:
        nonlocal net, exercised_on_leaving
        if leaving is None or exercised_on_leaving or leaving >= day:
            return
        exercised_on_leaving = True
        if held.is_exercised_on_leaving and (held.ends_on is None or leaving <= held.ends_on):
            for unit in kept:
                net -= cost * unit[1]
                unit[2] = True

    for row in ordered:
        leave(row.date)
        price = row.price_per_share * (1 - row.discount_fraction)
        price -= held.participation_threshold_per_share
        if not held.may_sell(row):
            continue
        part = 1.0 if row.type == "sale" else row.sellable_fraction
        for unit in kept:
            if unit[0] > row.date:
                continue
            is_option, owned = held.is_option, bool(unit[2])
            can_end = is_option or held.compensation_type == "double_trigger_rsu"
            if can_end and not owned and held.ends_on is not None and row.date > held.ends_on:
                continue
            each = price - (cost if is_option and not owned else 0.0)
            if each > 0:
                net += each * unit[1] * part
                sold += unit[1] * part
                unit[1] *= 1 - part
    leave(as_of + dt.timedelta(days=1))
    is_over = bool(ordered) and ordered[-1].type == "sale"
    for unit in kept:
        can_end = held.is_option or held.compensation_type == "double_trigger_rsu"
        has_ended = can_end and not unit[2] and held.ends_on is not None and as_of > held.ends_on
        if is_over or has_ended:
            lapsed += unit[1]
        else:
            unsold += unit[1]
    return {"net": net, "sold": sold, "lapsed": lapsed, "unsold": unsold}


@given(stories())
@settings(max_examples=300, deadline=None)
def test_settlement_matches_a_twin_that_follows_every_unit(
    story: tuple[Holding, list[LiquidityEvent], dt.date],
) -> None:
    held, events, as_of = story

    answer = settlement(held, events, as_of=as_of)

    assert {
        "net": answer.net,
        "sold": answer.sold_units,
        "lapsed": answer.lapsed_units,
        "unsold": answer.unsold_units,
    } == pytest.approx(twin(held, events, as_of), abs=1e-9)


@given(stories())
@settings(max_examples=100, deadline=None)
def test_every_vested_unit_is_sold_lapsed_or_held_and_costs_are_bounded(
    story: tuple[Holding, list[LiquidityEvent], dt.date],
) -> None:
    held, events, as_of = story

    answer = settlement(held, events, as_of=as_of)

    total = answer.sold_units + answer.lapsed_units + answer.unsold_units
    assert total <= 48.0 + 1e-9
    assert answer.net >= -held.exercise_price * 48.0 - 1e-9
    days = [row.date for row in answer.cash_events]
    assert days == sorted(days)
    assert all(
        (row.amount > 0) == (row.reason in (CashReason.PROCEEDS, CashReason.REPURCHASE))
        for row in answer.cash_events
    )
