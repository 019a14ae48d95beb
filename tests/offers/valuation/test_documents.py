"""Documents are read strictly, and whatever is wrong is named by its path."""

import json
import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.documents import (
    MAX_DEPTH,
    MAX_NUMBER_LENGTH,
    Field,
    InvalidDocument,
    is_case_field,
    load_document,
)


def _nested(levels: int) -> str:
    """Return a document of exactly so many levels, the object itself included."""
    return '{"a": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("", "input", "is not JSON at line 1, column 1"),
        ('{"a": 1,\n]', "input", "is not JSON at line 2, column 1"),
        (b'{"a": "\xff"}', "input", "is not text in UTF-8"),
        ("[]", "input", "must be an object"),
        ("null", "input", "must be an object"),
        ("[" * 100_000, "input", "is nested too deeply"),
        (_nested(MAX_DEPTH + 1), "input", "is nested too deeply"),
        ('{"a": 1, "a": 1}', "a", "is given twice"),
        ('{"a": [{}, {"b": 1, "c": 2, "b": 1}]}', "a[1].b", "is given twice"),
        ('{"a": NaN}', "a", "must be a finite number"),
        ('{"a": {"b": [0, Infinity]}}', "a.b[1]", "must be a finite number"),
        ('{"a": -Infinity}', "a", "must be a finite number"),
        ('{"a": 1e309}', "a", "must be a finite number"),
        ('{"a": 1e999999999999}', "a", "must be a finite number"),
        ('{"a": 1' + "0" * 309 + "}", "a", "must be a finite number"),
        ('{"a": 0.' + "1" * MAX_NUMBER_LENGTH + "}", "a", "must be a finite number"),
        ('{"a": 1' + "0" * 5000 + "}", "a", "must be a finite number"),
    ],
)
def test_load_document_refuses_and_names_the_place(
    text: str | bytes, path: str, message: str
) -> None:
    with pytest.raises(InvalidDocument) as caught:
        load_document(text)

    assert (caught.value.path, caught.value.message) == (path, message)
    assert str(caught.value) == f"{path}: {message}"


def test_load_document_reads_to_its_depth_and_past_a_byte_order_mark() -> None:
    deepest = load_document(_nested(MAX_DEPTH))
    marked = load_document(b'\xef\xbb\xbf{"a": "\xc3\xa9"}')

    assert list(deepest.members()) == ["a"]
    assert marked["a"].text() == "é"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("shares", "row.shares"),
        ("no such\nfield", 'row["no such\\nfield"]'),
        ("", 'row[""]'),
        ("prix_payé", 'row["prix_pay\\u00e9"]'),
        ("\ud800", 'row["\\ud800"]'),
        ("x" * 1000, 'row["' + "x" * 80 + '"]'),
    ],
)
def test_paths_are_one_printable_line(name: str, path: str) -> None:
    row = load_document(json.dumps({"row": {name: None}}))["row"]

    assert row.path_of(name) == path
    assert row[name].path == path


def test_paths_of_the_document_itself_have_no_prefix() -> None:
    document = load_document('{"a": {"b": [{"c": 1}]}, "": 2}')

    assert document.path == "input"
    assert document["a"]["b"].elements()[0]["c"].path == "a.b[0].c"
    assert document[""].path == '[""]'


@given(st.fractions(-(10**12), 10**12, max_denominator=1).map(int), st.integers(0, 18))
def test_exact_keeps_every_written_digit(units: int, decimals: int) -> None:
    literal = f"{units}e-{decimals}"

    number = load_document(f'{{"a": {literal}}}')["a"].exact()

    assert number == Fraction(units, 10**decimals)


def test_exact_takes_integers_beyond_any_float() -> None:
    digits = "1" * 300

    number = load_document(f'{{"a": {digits}}}')["a"].exact()

    assert number == int(digits)


@pytest.mark.parametrize(
    ("literal", "expected"), [("0.1", 0.1), ("3", 3.0), ("1e308", 1e308), ("1e-400", 0.0)]
)
def test_number_is_the_nearest_float(literal: str, expected: float) -> None:
    number = load_document(f'{{"a": {literal}}}')["a"].number()

    assert number == expected
    assert math.isfinite(number)


@pytest.mark.parametrize(
    ("literal", "bounds", "message"),
    [
        ("true", {}, "must be a number"),
        ('"5"', {}, "must be a number"),
        ("null", {}, "must be a number"),
        ("-0.001", {"minimum": 0}, "must be at least 0"),
        ("0", {"above": 0}, "must be above 0"),
        ("1.0000000000000000000001", {"maximum": 1}, "must be at most 1"),
    ],
)
def test_exact_refuses_what_lies_outside(
    literal: str, bounds: dict[str, int], message: str
) -> None:
    field = load_document(f'{{"a": {literal}}}')["a"]

    with pytest.raises(InvalidDocument) as caught:
        field.exact(**bounds)

    assert (caught.value.path, caught.value.message) == ("a", message)


def test_bounds_include_their_ends_unless_above() -> None:
    document = load_document('{"low": 0, "high": 1, "over": 1e-30}')

    assert document["low"].exact(minimum=0) == 0
    assert document["high"].exact(maximum=1) == 1
    assert document["over"].exact(above=0) == Fraction(1, 10**30)


def test_integer_takes_whole_numbers_only() -> None:
    document = load_document('{"whole": 12.0, "half": 12.5}')

    assert document["whole"].integer(minimum=12, maximum=12) == 12
    with pytest.raises(InvalidDocument, match=r"^half: must be a whole number$"):
        document["half"].integer()


@pytest.mark.parametrize(
    ("literal", "reader", "message"),
    [
        ("5", Field.text, "must be a text"),
        ('"  "', Field.text, "must not be blank"),
        ('"no"', Field.flag, "must be true or false"),
        ("1", Field.flag, "must be true or false"),
        ("5", Field.day, "must be a date written YYYY-MM-DD"),
        ('"20260101"', Field.day, "must be a date written YYYY-MM-DD"),
        ('"2026-01-01T00:00"', Field.day, "must be a date written YYYY-MM-DD"),
        ('"２026-01-01"', Field.day, "must be a date written YYYY-MM-DD"),
        ('"2026-02-29"', Field.day, "is not a day of the calendar"),
        ("{}", Field.elements, "must be an array"),
        ("[]", Field.members, "must be an object"),
        ('"unit"', lambda field: field.choice(["sale", "ipo"]), "must be one of sale, ipo"),
        ("[]", lambda field: field.choice(["sale", "ipo"]), "must be one of sale, ipo"),
        ("[]", lambda field: field.elements(minimum=1), "must have at least 1 element"),
        ("[1]", lambda field: field.elements(minimum=2), "must have at least 2 elements"),
    ],
)
def test_readers_refuse_other_types(literal: str, reader: object, message: str) -> None:
    field = load_document(f'{{"a": {literal}}}')["a"]

    with pytest.raises(InvalidDocument) as caught:
        reader(field)

    assert (caught.value.path, caught.value.message) == ("a", message)


def test_readers_return_what_they_are_named_for() -> None:
    document = load_document(
        '{"text": " a ", "choice": "ipo", "flag": false, "day": "2024-02-29", "null": null,'
        ' "list": [1, 2]}'
    )

    assert document["text"].text() == " a "
    assert document["choice"].choice(("sale", "ipo")) == "ipo"
    assert document["flag"].flag() is False
    assert document["day"].day() == date(2024, 2, 29)
    assert document["null"].is_null
    assert not document["flag"].is_null
    assert [row.integer() for row in document["list"].elements(minimum=2)] == [1, 2]


def test_members_are_required_or_have_a_default() -> None:
    row = load_document('{"row": {"given": 2, "null": null}}')["row"]

    assert "given" in row
    assert "null" in row
    assert "ratio" not in row
    assert row.get("given", 1).integer() == 2
    assert row.get("ratio", 1).integer() == 1
    assert row.get("null", 1).is_null
    with pytest.raises(InvalidDocument, match=r"^row\.ratio: is required$"):
        row["ratio"]


def test_one_of_names_the_first_when_none_and_the_surplus_when_several() -> None:
    document = load_document('{"one": {"b": 2}, "none": {}, "both": {"a": 1, "b": 2}}')

    assert document["one"].one_of("a", "b").path == "one.b"
    with pytest.raises(InvalidDocument, match=r"^none\.a: is required, or b instead$"):
        document["none"].one_of("a", "b")
    with pytest.raises(InvalidDocument, match=r"^both\.b: cannot stand beside a$"):
        document["both"].one_of("a", "b")


def test_allow_only_refuses_unknown_members() -> None:
    document = load_document('{"grant": 1, "notes": "", "breakpoints_basis": "", "grnat": 1}')
    case = load_document('{"grant": 1, "notes": "", "breakpoints_basis": ""}')

    case.allow_only(["grant"], is_case=True)
    with pytest.raises(InvalidDocument, match=r"^notes: is not a known field$"):
        document.allow_only(["grant"])
    with pytest.raises(InvalidDocument, match=r"^grnat: is not a known field$"):
        document.allow_only(["grant"], is_case=True)


def test_case_fields_are_those_of_the_golden_files() -> None:
    carried = ("source", "expected", "published_payouts", "breakpoints", "marginal_shares_basis")

    assert all(is_case_field(name) for name in carried)
    assert not is_case_field("shares")
    assert not is_case_field("expectde")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_json_value_loads_or_is_refused_by_name(value: object) -> None:
    document = load_document(json.dumps({"a": value}))

    assert document["a"].value == value
