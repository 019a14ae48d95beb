"""Vesting as JSON: the grant that `manage.py vest` reads, and its answer.

The schema is that of the golden cases: a case is itself a valid input.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar

from offers.valuation.documents import Field
from offers.valuation.vesting import (
    Acceleration,
    AccelerationOrder,
    AccelerationTrigger,
    Grant,
    LiquidityCondition,
    Termination,
    vested_quantity,
    vesting_events,
)
from offers.valuation.vesting_terms import (
    AllocationType,
    CliffFractionThenRemainder,
    CliffThenPeriodic,
    EventAll,
    Instalment,
    Tranches,
    VestingTerms,
    YearlyFractions,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class VestingRequest:
    """A grant and the days asked about."""

    grant: Grant
    as_of_dates: tuple[date, ...]


def read_vesting_request(document: Field) -> VestingRequest:
    """Return the grant and the days of a document, or raise `InvalidDocument`.

    The days are those of `as_of`; a case without it is asked for the days of its `expected`.
    """
    document.allow_only(["grant", "as_of"], is_case=True)
    grant = read_grant(document["grant"])
    if "as_of" in document or "expected" not in document:
        days = document["as_of"].elements()
    else:
        days = tuple(row["as_of"] for row in document["expected"].elements())
    return VestingRequest(grant=grant, as_of_dates=tuple(day.day() for day in days))


def vesting_answer(request: VestingRequest) -> dict[str, Any]:
    """Return what is vested on each day and the days on which units vest, ready for JSON."""
    grant, days = request.grant, request.as_of_dates
    return {
        "vested": [
            {"as_of": day.isoformat(), "vested_quantity": _as_number(quantity)}
            for day, quantity in zip(days, vested_quantity(grant, days), strict=True)
        ],
        "vesting_events": [
            {"vesting_date": event.vesting_date.isoformat(), "quantity": _as_number(event.quantity)}
            for event in vesting_events(grant)
        ],
    }


def read_grant(field: Field) -> Grant:
    """Return the grant of an object, or raise `InvalidDocument`."""
    field.allow_only(
        [
            *("quantity", "vesting_start_date", "vesting_terms"),
            *("acceleration", "termination", "liquidity_condition"),
        ]
    )
    with field.naming_figures():
        return Grant(
            quantity=field["quantity"].exact(),
            vesting_start_date=field["vesting_start_date"].day(),
            vesting_terms=read_vesting_terms(field["vesting_terms"]),
            acceleration=_optional(field, "acceleration", _read_acceleration),
            termination=_optional(field, "termination", _read_termination),
            liquidity_condition=_optional(field, "liquidity_condition", _read_liquidity_condition),
        )


def read_vesting_terms(field: Field) -> VestingTerms:
    """Return the schedule of an object, whichever its `type`, or raise `InvalidDocument`."""
    names, read = _TERMS[field["type"].choice(_TERMS)]
    field.allow_only(["type", *names])
    with field.naming_figures():
        return read(field)


def _read_cliff_then_periodic(field: Field) -> VestingTerms:
    return CliffThenPeriodic(
        total_months=field["total_months"].integer(),
        cliff_months=field["cliff_months"].integer(),
        period_months=field["period_months"].integer(),
        allocation_type=_read_allocation_type(field),
    )


def _read_tranches(field: Field) -> VestingTerms:
    tranches = field["tranches"].elements(minimum=1)
    for tranche in tranches:
        tranche.allow_only(["after_months", "fraction"])
    return Tranches(
        tranches=tuple(
            Instalment(tranche["after_months"].integer(), tranche["fraction"].exact())
            for tranche in tranches
        ),
        allocation_type=_read_allocation_type(field),
    )


def _read_cliff_fraction_then_remainder(field: Field) -> VestingTerms:
    return CliffFractionThenRemainder(
        cliff_fraction=field["cliff_fraction"].exact(),
        cliff_months=field["cliff_months"].integer(),
        remaining_instalments=field["remaining_instalments"].integer(),
        period_months=field["period_months"].integer(),
        allocation_type=_read_allocation_type(field),
    )


def _read_yearly_fractions(field: Field) -> VestingTerms:
    fractions = field["fractions"].elements(minimum=1)
    return YearlyFractions(
        fractions=tuple(fraction.exact() for fraction in fractions),
        period_months=field["period_months"].integer(),
        allocation_type=_read_allocation_type(field),
    )


def _read_event_all(field: Field) -> VestingTerms:
    return EventAll(
        event_date=_day_or_never(field["event_date"]),
        deadline_dates=tuple(day.day() for day in field.get("deadline_dates", []).elements()),
        relative_deadline_months=_optional(field, "relative_deadline_months", Field.integer),
    )


_TERMS: Final[dict[str, tuple[tuple[str, ...], Callable[[Field], VestingTerms]]]] = {
    "cliff_then_periodic": (
        ("total_months", "cliff_months", "period_months", "allocation_type"),
        _read_cliff_then_periodic,
    ),
    "tranches": (("tranches", "allocation_type"), _read_tranches),
    "cliff_fraction_then_remainder": (
        (
            *("cliff_fraction", "cliff_months", "remaining_instalments"),
            *("period_months", "allocation_type"),
        ),
        _read_cliff_fraction_then_remainder,
    ),
    "yearly_fractions": (("fractions", "period_months", "allocation_type"), _read_yearly_fractions),
    "event_all": (
        ("event_date", "deadline_dates", "relative_deadline_months"),
        _read_event_all,
    ),
}


def _read_allocation_type(field: Field) -> AllocationType:
    given = field.get("allocation_type", AllocationType.FRACTIONAL.value)
    return AllocationType(given.choice(AllocationType))


def _read_acceleration(field: Field) -> Acceleration:
    field.allow_only(
        [
            *("trigger", "change_of_control_date", "unvested_fraction", "credit_months"),
            *("window_months", "acceleration_order"),
        ]
    )
    trigger = field["trigger"].choice(AccelerationTrigger)
    measure = field.one_of("unvested_fraction", "credit_months")
    is_fraction = "credit_months" not in field
    with field.naming_figures():
        return Acceleration(
            trigger=AccelerationTrigger(trigger),
            change_of_control_date=_day_or_never(field["change_of_control_date"]),
            unvested_fraction=measure.exact() if is_fraction else None,
            credit_months=None if is_fraction else measure.integer(),
            window_months=field.get("window_months", 12).integer(),
            acceleration_order=_optional(field, "acceleration_order", _read_order),
        )


def _read_order(field: Field) -> AccelerationOrder:
    return AccelerationOrder(field.choice(AccelerationOrder))


def _read_termination(field: Field) -> Termination:
    field.allow_only(["termination_date", "is_qualifying"])
    return Termination(
        termination_date=field["termination_date"].day(),
        is_qualifying=field["is_qualifying"].flag(),
    )


def _read_liquidity_condition(field: Field) -> LiquidityCondition:
    field.allow_only(["liquidity_event_date"])
    return LiquidityCondition(liquidity_event_date=_day_or_never(field["liquidity_event_date"]))


def _optional(field: Field, name: str, read: Callable[[Field], T]) -> T | None:
    """Return what a member holds; None where it is absent or null."""
    member = field.get(name, None)
    return None if member.is_null else read(member)


def _day_or_never(field: Field) -> date | None:
    """Return the day; None, written null, for what has not happened."""
    return None if field.is_null else field.day()


def _as_number(quantity: Fraction) -> int | float:
    """Return a whole number as an int, anything else as the nearest float."""
    return quantity.numerator if quantity.denominator == 1 else float(quantity)
