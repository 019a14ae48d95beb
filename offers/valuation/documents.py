"""Strict reading of JSON documents: every value knows the path that leads to it.

A document is what `manage.py value_exit` and `manage.py vest` read. Whatever is wrong with it is
raised as `InvalidDocument`, which names the field at fault the way a person would point at it:
`cap_table.classes[1].shares`. Numbers keep the decimal digits they were written with.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from offers.valuation.bounds import InvalidFigure

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH: Final = 32
MAX_NUMBER_LENGTH: Final = 400

CASE_FIELDS: Final = frozenset(
    {
        *("id", "kind", "title", "tags", "notes", "source", "answer_basis", "published_error"),
        *("unit", "expected_tolerance", "tolerance", "tolerance_relative", "assumptions"),
        *("expected", "expected_vesting_event_count", "published_payouts", "published_breakpoints"),
    }
)
CASE_FIELD_PREFIXES: Final = ("breakpoints", "marginal_shares")

_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}")
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class InvalidDocument(ValueError):
    """A field of a document is missing, unknown or wrong.

    Attributes
    ----------
    path
        Where it stands, as in `cap_table.classes[1].shares`; `input` for the document as a whole.
    message
        What is wrong, in words that follow the path; it never repeats the value.
    """

    def __init__(self, path: str, message: str) -> None:
        """Keep both parts; the text is one line that begins with the path."""
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class _RepeatedName:
    """Stands in the tree where an object gives one name twice, until its path is known."""

    name: str


def load_document(text: str | bytes) -> "Field":
    """Return the JSON object in `text`, as a field whose members have paths of their own.

    Raises
    ------
    InvalidDocument
        If it is not JSON in UTF-8, not an object, nested deeper than `MAX_DEPTH`, gives a name
        twice, or holds a number that is not finite.
    """
    try:
        source = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        tree = json.loads(
            source,
            object_pairs_hook=_object,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
        )
    except UnicodeDecodeError:
        raise InvalidDocument("input", "is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidDocument("input", f"is not JSON at {place}") from None
    except RecursionError:
        raise InvalidDocument("input", "is nested too deeply") from None
    document = Field(path="input", value=tree, is_root=True)
    _check_tree(document, depth=1)
    document.members()
    return document


def is_case_field(name: str) -> bool:
    """Return whether a golden case carries the field beside its input."""
    return name in CASE_FIELDS or name.startswith(CASE_FIELD_PREFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of a document and the path that leads to it.

    The readers return the value in the type they are named for and raise `InvalidDocument` with
    the path if it is anything else. An optional field is read as `row.get("ratio", 1).number()`;
    a field whose absence means something is asked for with `"ratio" in row`.
    """

    path: str
    value: Json
    is_root: bool = False

    def invalid(self, message: str) -> InvalidDocument:
        """Return the error that names this field, for the caller to raise."""
        return InvalidDocument(self.path, message)

    @property
    def is_null(self) -> bool:
        """Whether the value is JSON's null."""
        return self.value is None

    # objects

    def members(self) -> "dict[str, Json]":
        """Return the object's members by name, as they stand."""
        if not isinstance(self.value, dict):
            raise self.invalid("must be an object")
        return self.value

    def __contains__(self, name: str) -> bool:
        """Return whether the object has the member, null or not."""
        return name in self.members()

    def __getitem__(self, name: str) -> "Field":
        """Return a member that has to be there."""
        if name not in self.members():
            raise InvalidDocument(self.path_of(name), "is required")
        return Field(path=self.path_of(name), value=self.members()[name])

    def get(self, name: str, default: Json) -> "Field":
        """Return a member, or the default in its place."""
        return Field(path=self.path_of(name), value=self.members().get(name, default))

    def one_of(self, *names: str) -> "Field":
        """Return the only one of these members that is given.

        A missing one is named by the first name, a surplus one by its own.
        """
        given = [name for name in names if name in self]
        if not given:
            others = " or ".join(names[1:])
            raise InvalidDocument(self.path_of(names[0]), f"is required, or {others} instead")
        if len(given) > 1:
            raise self[given[1]].invalid(f"cannot stand beside {given[0]}")
        return self[given[0]]

    def allow_only(self, names: Iterable[str], *, is_case: bool = False) -> None:
        """Refuse every member that is not named; a case may carry its own fields beside."""
        known = frozenset(names)
        for name in self.members():
            if name not in known and not (is_case and is_case_field(name)):
                raise InvalidDocument(self.path_of(name), "is not a known field")

    def path_of(self, name: str) -> str:
        """Return the path of a member, there or not, in printable ASCII on one line."""
        if not _PLAIN_NAME.fullmatch(name):
            return f"{'' if self.is_root else self.path}[{json.dumps(name[:80])}]"
        return name if self.is_root else f"{self.path}.{name}"

    @contextmanager
    def naming_figures(self) -> "Iterator[None]":
        """Give an `InvalidFigure` raised inside the path it has in this object."""
        try:
            yield
        except InvalidFigure as error:
            prefix = "" if self.is_root else f"{self.path}."
            raise InvalidDocument(f"{prefix}{error.field}", error.message) from None

    # arrays

    def elements(self, *, minimum: int = 0) -> "tuple[Field, ...]":
        """Return the elements of an array of at least `minimum` of them."""
        if not isinstance(self.value, list):
            raise self.invalid("must be an array")
        if len(self.value) < minimum:
            raise self.invalid(f"must have at least {minimum} element{'s' if minimum > 1 else ''}")
        return tuple(
            Field(path=f"{self.path}[{index}]", value=element)
            for index, element in enumerate(self.value)
        )

    # scalars

    def exact(
        self,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        above: int | None = None,
    ) -> Fraction:
        """Return a finite number exactly as written, within the bounds given."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            raise self.invalid("must be a number")
        number = Fraction(self.value)
        if minimum is not None and number < minimum:
            raise self.invalid(f"must be at least {minimum}")
        if above is not None and number <= above:
            raise self.invalid(f"must be above {above}")
        if maximum is not None and number > maximum:
            raise self.invalid(f"must be at most {maximum}")
        return number

    def number(
        self,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        above: int | None = None,
    ) -> float:
        """Return a finite number as the nearest float, within the bounds given."""
        return float(self.exact(minimum=minimum, maximum=maximum, above=above))

    def integer(self, *, minimum: int | None = None, maximum: int | None = None) -> int:
        """Return a whole number, within the bounds given; 12.0 is one."""
        number = self.exact(minimum=minimum, maximum=maximum)
        if number.denominator != 1:
            raise self.invalid("must be a whole number")
        return number.numerator

    def text(self) -> str:
        """Return a text that is not blank."""
        if not isinstance(self.value, str):
            raise self.invalid("must be a text")
        if not self.value.strip():
            raise self.invalid("must not be blank")
        return self.value

    def choice(self, choices: Iterable[str]) -> str:
        """Return a text that is one of the choices."""
        allowed = tuple(choices)
        if not isinstance(self.value, str) or self.value not in allowed:
            raise self.invalid(f"must be one of {', '.join(allowed)}")
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.invalid("must be true or false")
        return self.value

    def day(self) -> date:
        """Return a date written YYYY-MM-DD."""
        if not isinstance(self.value, str) or not _ISO_DATE.fullmatch(self.value):
            raise self.invalid("must be a date written YYYY-MM-DD")
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            raise self.invalid("is not a day of the calendar") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json] | _RepeatedName:
    """Return the pairs as a dict, or a mark where a name comes twice."""
    members: dict[str, Json] = {}
    for name, value in pairs:
        if name in members:
            return _RepeatedName(name)
        members[name] = value
    return members


def _number(literal: str) -> int | Decimal:
    """Return a JSON number with all its digits; NaN for what no float can hold.

    The bounds keep a short text such as `1e999999999` from becoming a number of a gigabyte.
    """
    nearest = float(literal)
    if not math.isfinite(nearest) or len(literal) > MAX_NUMBER_LENGTH:
        return Decimal("NaN")
    if nearest == 0.0:
        return 0
    return Decimal(literal) if set(literal) & set(".eE") else int(literal)


def _check_tree(field: Field, *, depth: int) -> None:
    """Raise at the first place, top down, that no reader should meet."""
    if depth > MAX_DEPTH:
        raise InvalidDocument("input", "is nested too deeply")
    value: Json | _RepeatedName = field.value
    if isinstance(value, _RepeatedName):
        raise InvalidDocument(field.path_of(value.name), "is given twice")
    if isinstance(value, Decimal) and value.is_nan():
        raise field.invalid("must be a finite number")
    for child in _children(field):
        _check_tree(child, depth=depth + 1)


def _children(field: Field) -> Iterator[Field]:
    """Yield the members or the elements, if there are any."""
    if isinstance(field.value, dict):
        yield from (field[name] for name in field.value)
    elif isinstance(field.value, list):
        yield from field.elements()
