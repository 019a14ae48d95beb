"""The JSON of grants: every case reads, every wrong field is named, every answer adds up."""

import json
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.documents import InvalidDocument, load_document
from offers.valuation.vesting import AccelerationOrder, AccelerationTrigger
from offers.valuation.vesting_documents import (
    VestingRequest,
    read_vesting_request,
    read_vesting_terms,
    vesting_answer,
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

GOLDEN = Path(__file__).parents[2] / "reference" / "golden" / "vesting_cases.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["vesting"]

DOCUMENT: dict[str, Any] = {
    "grant": {
        "quantity": 4800,
        "vesting_start_date": "2025-01-01",
        "vesting_terms": {
            "type": "cliff_then_periodic",
            "total_months": 48,
            "cliff_months": 12,
            "period_months": 1,
            "allocation_type": "cumulative_rounding",
        },
        "acceleration": {
            "trigger": "double",
            "change_of_control_date": "2026-07-01",
            "unvested_fraction": 0.5,
            "window_months": 6,
            "acceleration_order": "last",
        },
        "termination": {"termination_date": "2026-10-01", "is_qualifying": True},
        "liquidity_condition": {"liquidity_event_date": "2026-07-01"},
    },
    "as_of": ["2026-06-30", "2026-07-01"],
}


def _read(document: dict[str, Any]) -> VestingRequest:
    """Return the request of a document."""
    return read_vesting_request(load_document(json.dumps(document)))


def _changed(path: str, value: object) -> dict[str, Any]:
    """Return the document with one field set, or removed where the value is `...`."""
    document = deepcopy(DOCUMENT)
    *parents, last = path.split("/")
    place = document
    for name in parents:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


# --- reading -------------------------------------------------------------------------------------


def test_a_grant_is_read_with_everything_that_can_happen_to_it() -> None:
    request = _read(DOCUMENT)

    grant = request.grant
    assert request.as_of_dates == (date(2026, 6, 30), date(2026, 7, 1))
    assert (grant.quantity, grant.vesting_start_date) == (4800, date(2025, 1, 1))
    assert grant.vesting_terms == CliffThenPeriodic(
        total_months=48, cliff_months=12, allocation_type=AllocationType.CUMULATIVE_ROUNDING
    )
    assert grant.acceleration is not None
    assert grant.acceleration.trigger is AccelerationTrigger.DOUBLE
    assert grant.acceleration.change_of_control_date == date(2026, 7, 1)
    assert grant.acceleration.unvested_fraction == Fraction(1, 2)
    assert grant.acceleration.window_months == 6
    assert grant.acceleration.order is AccelerationOrder.LAST
    assert grant.termination is not None
    assert grant.termination.is_qualifying
    assert grant.liquidity_condition is not None
    assert grant.liquidity_condition.liquidity_event_date == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("document", "terms"),
    [
        (
            {"type": "tranches", "tranches": [{"after_months": 12, "fraction": 1}]},
            Tranches(tranches=(Instalment(12, Fraction(1)),)),
        ),
        (
            {
                "type": "cliff_fraction_then_remainder",
                "cliff_fraction": 0.1,
                "cliff_months": 6,
                "remaining_instalments": 9,
                "period_months": 2,
                "allocation_type": "back_loaded",
            },
            CliffFractionThenRemainder(
                cliff_fraction=Fraction(1, 10),
                cliff_months=6,
                remaining_instalments=9,
                period_months=2,
                allocation_type=AllocationType.BACK_LOADED,
            ),
        ),
        (
            {"type": "yearly_fractions", "fractions": [0.33, 0.67], "period_months": 3},
            YearlyFractions(fractions=(Fraction(33, 100), Fraction(67, 100)), period_months=3),
        ),
        ({"type": "event_all", "event_date": None}, EventAll(event_date=None)),
        (
            {
                "type": "event_all",
                "event_date": "2025-03-01",
                "deadline_dates": ["2025-01-01", "2026-01-01"],
                "relative_deadline_months": 36,
            },
            EventAll(
                event_date=date(2025, 3, 1),
                deadline_dates=(date(2025, 1, 1), date(2026, 1, 1)),
                relative_deadline_months=36,
            ),
        ),
    ],
)
def test_every_type_of_terms_is_read(document: dict[str, Any], terms: VestingTerms) -> None:
    assert read_vesting_terms(load_document(json.dumps(document))) == terms


def test_what_may_be_absent_may_also_be_null() -> None:
    bare = deepcopy(DOCUMENT)
    for name in ("acceleration", "termination", "liquidity_condition"):
        del bare["grant"][name]
    nulls = deepcopy(bare)
    nulls["grant"] |= {"acceleration": None, "termination": None, "liquidity_condition": None}
    waiting = _read(_changed("grant/liquidity_condition/liquidity_event_date", None))
    unsold = _read(_changed("grant/acceleration/change_of_control_date", None))

    assert _read(bare) == _read(nulls)
    assert _read(bare).grant.acceleration is None
    assert waiting.grant.liquidity_condition is not None
    assert waiting.grant.liquidity_condition.liquidity_event_date is None
    assert unsold.grant.acceleration is not None
    assert unsold.grant.acceleration.change_of_control_date is None


def test_an_acceleration_by_months_has_usual_window_and_order() -> None:
    request = _read(
        _changed(
            "grant/acceleration",
            {"trigger": "single", "change_of_control_date": "2026-07-01", "credit_months": 12},
        )
    )

    acceleration = request.grant.acceleration
    assert acceleration is not None
    assert (acceleration.credit_months, acceleration.unvested_fraction) == (12, None)
    assert acceleration.window_months == 12
    assert acceleration.order is AccelerationOrder.SOONEST


def test_days_asked_about_win_over_those_of_a_case() -> None:
    case = deepcopy(CASES[0])
    expected_days = tuple(date.fromisoformat(row["as_of"]) for row in case["expected"])

    both = case | {"as_of": ["2030-01-01"]}

    assert _read(case).as_of_dates == expected_days
    assert _read(both).as_of_dates == (date(2030, 1, 1),)


@pytest.mark.parametrize(
    ("path", "value", "error_path"),
    [
        ("grant", ..., "grant"),
        ("grant", [], "grant"),
        ("as_of", ..., "as_of"),
        ("as_of", "2026-01-01", "as_of"),
        ("as_of", ["2026-01-01", "tomorrow"], "as_of[1]"),
        ("grnat", 1, "grnat"),
        ("grant/id", "x", "grant.id"),
        ("grant/quantity", ..., "grant.quantity"),
        ("grant/quantity", -1, "grant.quantity"),
        ("grant/quantity", True, "grant.quantity"),
        ("grant/quantity", "4800", "grant.quantity"),
        ("grant/quantity", 0.5, "grant.quantity"),
        ("grant/vesting_start_date", ..., "grant.vesting_start_date"),
        ("grant/vesting_start_date", "2025-02-30", "grant.vesting_start_date"),
        ("grant/vesting_terms", ..., "grant.vesting_terms"),
        ("grant/vesting_terms/type", ..., "grant.vesting_terms.type"),
        ("grant/vesting_terms/type", "hourly", "grant.vesting_terms.type"),
        ("grant/vesting_terms/total_months", ..., "grant.vesting_terms.total_months"),
        ("grant/vesting_terms/total_months", 0, "grant.vesting_terms.total_months"),
        ("grant/vesting_terms/total_months", 47.5, "grant.vesting_terms.total_months"),
        ("grant/vesting_terms/total_months", 10**30, "grant.vesting_terms.total_months"),
        ("grant/vesting_terms/cliff_months", ..., "grant.vesting_terms.cliff_months"),
        ("grant/vesting_terms/cliff_months", 49, "grant.vesting_terms.cliff_months"),
        ("grant/vesting_terms/period_months", ..., "grant.vesting_terms.period_months"),
        ("grant/vesting_terms/period_months", 0, "grant.vesting_terms.period_months"),
        ("grant/vesting_terms/allocation_type", "up", "grant.vesting_terms.allocation_type"),
        ("grant/vesting_terms/tranches", [], "grant.vesting_terms.tranches"),
        ("grant/acceleration/trigger", "triple", "grant.acceleration.trigger"),
        ("grant/acceleration/trigger", ..., "grant.acceleration.trigger"),
        (
            "grant/acceleration/change_of_control_date",
            ...,
            "grant.acceleration.change_of_control_date",
        ),
        ("grant/acceleration/unvested_fraction", ..., "grant.acceleration.unvested_fraction"),
        ("grant/acceleration/unvested_fraction", 1.01, "grant.acceleration.unvested_fraction"),
        ("grant/acceleration/credit_months", 6, "grant.acceleration.credit_months"),
        ("grant/acceleration/window_months", -1, "grant.acceleration.window_months"),
        ("grant/acceleration/acceleration_order", "x", "grant.acceleration.acceleration_order"),
        ("grant/acceleration/window", 6, "grant.acceleration.window"),
        ("grant/termination/termination_date", ..., "grant.termination.termination_date"),
        ("grant/termination/is_qualifying", "yes", "grant.termination.is_qualifying"),
        ("grant/termination/reason", "", "grant.termination.reason"),
        (
            "grant/liquidity_condition/liquidity_event_date",
            ...,
            "grant.liquidity_condition.liquidity_event_date",
        ),
        ("grant/liquidity_condition/x", 1, "grant.liquidity_condition.x"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(path: str, value: object, error_path: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        _read(_changed(path, value))

    assert caught.value.path == error_path


@pytest.mark.parametrize(
    ("terms", "error_path"),
    [
        ({"type": "tranches", "tranches": []}, "tranches"),
        ({"type": "tranches", "tranches": [{"after_months": 12}]}, "tranches[0].fraction"),
        (
            {"type": "tranches", "tranches": [{"after_months": 12, "fraction": 0.5}]},
            "tranches",
        ),
        (
            {
                "type": "tranches",
                "tranches": [
                    {"after_months": 12, "fraction": 0.5},
                    {"after_months": -1, "fraction": 0.5},
                ],
            },
            "tranches[1].after_months",
        ),
        (
            {"type": "tranches", "tranches": [{"after_months": 12, "fraction": 1, "share": 1}]},
            "tranches[0].share",
        ),
        ({"type": "yearly_fractions", "fractions": [], "period_months": 1}, "fractions"),
        ({"type": "yearly_fractions", "fractions": [1, "a"], "period_months": 1}, "fractions[1]"),
        ({"type": "yearly_fractions", "fractions": [2, -1], "period_months": 1}, "fractions[0]"),
        ({"type": "yearly_fractions", "fractions": [1], "period_months": 5}, "period_months"),
        ({"type": "event_all"}, "event_date"),
        ({"type": "event_all", "event_date": None, "deadline_dates": [1]}, "deadline_dates[0]"),
        (
            {"type": "event_all", "event_date": None, "relative_deadline_months": -1},
            "relative_deadline_months",
        ),
        ({"type": "event_all", "event_date": None, "total_months": 4}, "total_months"),
    ],
)
def test_wrong_terms_are_named_by_their_path(terms: dict[str, Any], error_path: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        _read(_changed("grant/vesting_terms", terms))

    assert caught.value.path == f"grant.vesting_terms.{error_path}"


def test_a_wrong_day_of_a_case_is_named_where_it_stands() -> None:
    case = deepcopy(CASES[0])
    del case["expected"][2]["as_of"]

    with pytest.raises(InvalidDocument) as caught:
        _read(case)

    assert caught.value.path == "expected[2].as_of"


# --- answering -----------------------------------------------------------------------------------


def test_the_answer_has_whole_numbers_where_they_are_whole() -> None:
    document = _changed("grant/vesting_terms/allocation_type", "fractional")
    document["grant"]["quantity"] = 100
    document["as_of"] = ["2026-07-01", "2026-06-30", "2026-10-01"]

    answer = vesting_answer(_read(document))

    # 18 of 48 months on the day of liquidity, 21 on the last day; half of the rest is credited.
    assert answer == {
        "vested": [
            {"as_of": "2026-07-01", "vested_quantity": 37.5},
            {"as_of": "2026-06-30", "vested_quantity": 0},
            {"as_of": "2026-10-01", "vested_quantity": 71.875},
        ],
        "vesting_events": [
            {"vesting_date": "2026-07-01", "quantity": 37.5},
            {"vesting_date": "2026-08-01", "quantity": 100 / 48},
            {"vesting_date": "2026-09-01", "quantity": 100 / 48},
            {"vesting_date": "2026-10-01", "quantity": 100 / 48 + 28.125},
        ],
    }
    assert isinstance(answer["vested"][1]["vested_quantity"], int)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_golden_case_is_a_valid_input_and_its_answer_is_json(case: dict[str, Any]) -> None:
    answer = json.loads(json.dumps(vesting_answer(_read(case)), allow_nan=False))

    assert [row["as_of"] for row in answer["vested"]] == [row["as_of"] for row in case["expected"]]
    assert [row["vested_quantity"] for row in answer["vested"]] == pytest.approx(
        [row["vested_quantity"] for row in case["expected"]], rel=0, abs=case["tolerance"]
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
paths = st.sampled_from(
    [
        "grant",
        "as_of",
        *(f"grant/{name}" for name in DOCUMENT["grant"]),
        *(
            f"grant/{group}/{name}"
            for group, members in DOCUMENT["grant"].items()
            if isinstance(members, dict)
            for name in members
        ),
    ]
)


def _answer_or_error(document: dict[str, Any]) -> dict[str, Any] | InvalidDocument:
    """Return whichever a document gets."""
    try:
        return vesting_answer(_read(document))
    except InvalidDocument as error:
        return error


@given(paths, values)
def test_any_value_in_any_place_is_answered_or_named(path: str, value: object) -> None:
    document = _changed(path, value)

    answer = _answer_or_error(document)

    if isinstance(answer, InvalidDocument):
        assert answer.path.isascii()
        assert answer.path.startswith(("grant", "as_of"))
        assert "\n" not in str(answer)
    else:
        assert len(answer["vested"]) == len(document["as_of"])
