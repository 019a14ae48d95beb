"""The levers of the decision page, and the criteria that are no money."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from config.figures.fields import AmountField, CountField, FractionField
from offers.forms.fields import LineField, NumberField, PickField
from offers.models import Comparison
from offers.selectors.comparison import Column
from offers.selectors.decision import (
    LEAVING_MONTHS,
    Board,
    Change,
    Chosen,
    Levers,
    ScoredCriterion,
    readable_changes,
)
from offers.services.comparisons import RatedCriterion
from offers.valuation import Input

MOST_YEARS: Final = Decimal(30)
MOST_EXIT: Final = Decimal(10) ** 13
MOST_CHANGES: Final = 8
CHANGES: Final = "set"
# A slider of proceeds is even in proportions, not in dollars.
STEPS: Final = ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8")


class ExactFractionField(FractionField):
    """A percentage with as many decimals as the place where an order flips has."""

    decimal_places = 12


class ExactAmountField(AmountField):
    """An amount with as many decimals as the place where an order flips has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decimal_places = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A slider under a field: script shows it and writes what it points at into the field."""

    label: str
    minimum: int
    maximum: int
    position: int
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverCell:
    """The field of one offer in a row of levers; None where there is nothing to move."""

    column: Column
    field: BoundField | None
    slider: Slider | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverRow:
    """One lever across the offers."""

    key: str
    label: str
    hint: str
    cells: tuple[LeverCell, ...]


class LeversForm(forms.Form):
    """What the reader assumes. It lives in the address, so every result has one of its own."""

    ROWS: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("exit", "Company sold for", "before debt and everybody ahead"),
        ("years", "Years until then", "0 to 30"),
        ("odds", "Odds of that exit", "100% looks at it alone"),
        ("dilution", "Dilution until then", "what later rounds take of every share"),
    )

    def __init__(self, data: Mapping[str, Any] | QueryDict, *, board: Board) -> None:
        self.board = board
        self.defaults = board.defaults()
        self.known = fields = self._fields(board.letters)
        shown = {name: field.prepare_value(value) for name, (field, value) in fields.items()}
        asked = {name: data[name] for name in fields if name in data}
        super().__init__({**shown, **asked}, auto_id="lever_%s")
        for name, (field, _) in fields.items():
            self.fields[name] = field
        texts = data.getlist(CHANGES) if isinstance(data, QueryDict) else []
        self.changes = readable_changes(board, list(_changes(texts[:MOST_CHANGES])))
        self.is_moved = bool(asked or self.changes)

    # --- what was asked for ---------------------------------------------------------------------

    @cached_property
    def levers(self) -> Levers:
        """Return where the levers stand; what cannot be read stays where it was."""
        self.is_valid()
        read = self.cleaned_data
        chosen = {
            letter: Chosen(
                exit_proceeds=self._read(f"exit_{letter}", default.exit_proceeds),
                exit_years=self._read(f"years_{letter}", default.exit_years),
                odds=self._read(f"odds_{letter}", default.odds),
                dilution=self._read(f"dilution_{letter}", default.dilution),
            )
            for letter, default in self.defaults.chosen.items()
        }
        first = read.get("first") or self.defaults.first
        second = read.get("second") or self.defaults.second
        if first == second:
            others = [letter for letter in self.board.letters if letter != second]
            first = self.defaults.first if self.defaults.first != second else others[0]
        return Levers(
            first=first,
            second=second,
            discount_rate=self._read("rate", self.defaults.discount_rate),
            chosen=chosen,
            withheld_rate=read.get("tax"),
            month=int(self._read("month", self.defaults.month)),
            changes=self.changes,
        )

    def query_of(self, levers: Levers) -> str:
        """Return the query that asks for these levers; what stands at its default is left out."""
        query = QueryDict(mutable=True)
        for name, (field, default) in self.known.items():
            value = _value(levers, name)
            if value != default:
                query[name] = field.prepare_value(value)
        query.setlist(
            CHANGES, [f"{each.letter}.{each.input}:{each.value!r}" for each in levers.changes]
        )
        return query.urlencode()

    # --- how it is laid out ---------------------------------------------------------------------

    @property
    def pair_fields(self) -> list[BoundField]:
        return [self["first"], self["second"]]

    @property
    def shared_fields(self) -> list[BoundField]:
        return [self[name] for name in ("rate", "tax", "month")]

    @property
    def month_slider(self) -> Slider:
        """Return the slider of the month that leaving is looked at in."""
        return Slider(
            label="Slider: leaving after month",
            minimum=0,
            maximum=LEAVING_MONTHS,
            position=self.levers.month,
            values="|".join(map(str, range(LEAVING_MONTHS + 1))),
        )

    @property
    def rows(self) -> list[LeverRow]:
        """Return the levers of the private offers, one row each; none without private stock."""
        if not self.defaults.chosen:
            return []
        return [
            LeverRow(
                key=key,
                label=label,
                hint=hint,
                cells=tuple(self._cell(key, label, side.column) for side in self.board.sides),
            )
            for key, label, hint in self.ROWS
        ]

    @property
    def kept_changes(self) -> list[str]:
        return [f"{each.letter}.{each.input}:{each.value!r}" for each in self.changes]

    def _cell(self, key: str, label: str, column: Column) -> LeverCell:
        name = f"{key}_{column.key}"
        if name not in self.fields:
            return LeverCell(column=column, field=None, slider=None)
        return LeverCell(
            column=column,
            field=self[name],
            slider=self._slider(key, name, f"{label}, offer {column.letter}"),
        )

    def _slider(self, key: str, name: str, label: str) -> Slider:
        field = self.fields[name]
        value = Decimal(_value(self.levers, name))
        values = _steps_around(value) if key == "exit" else _SLIDES[key]
        nearest = min(range(len(values)), key=lambda place: abs(values[place] - value))
        return Slider(
            label=f"Slider: {label}",
            minimum=0,
            maximum=len(values) - 1,
            position=nearest,
            values="|".join(str(field.prepare_value(each)) for each in values),
        )

    def _read(self, name: str, default: Any) -> Any:
        value = self.cleaned_data.get(name)
        return default if value is None else value

    def _fields(self, letters: Sequence[str]) -> dict[str, tuple[forms.Field, Any]]:
        """Return every field with its default."""
        names = {side.column.key: side.column for side in self.board.sides}
        choices = [(key, f"{column.letter} {column.name}") for key, column in names.items()]
        default = self.defaults
        fields: dict[str, tuple[forms.Field, Any]] = {
            "first": (
                PickField(what="one of the offers", label="Hold against", choices=choices),
                default.first,
            ),
            "second": (
                PickField(what="one of the offers", label="Look at", choices=choices),
                default.second,
            ),
            "rate": (
                ExactFractionField(label="Discount rate", help_text="Percent a year, 0 for none."),
                default.discount_rate,
            ),
            "tax": (
                ExactFractionField(
                    label="Tax withheld from a sign-on",
                    help_text="Percent. Empty where you do not know.",
                    required=False,
                ),
                default.withheld_rate,
            ),
            "month": (
                CountField(
                    label="Leaving after month",
                    help_text=f"0 to {LEAVING_MONTHS}.",
                    max_value=LEAVING_MONTHS,
                    width="s",
                ),
                default.month,
            ),
        }
        for letter in letters:
            if letter in default.chosen:
                fields |= self._exit_fields(names[letter], default.chosen[letter])
        return fields

    @classmethod
    def _exit_fields(cls, column: Column, default: Chosen) -> dict[str, tuple[forms.Field, Any]]:
        key = column.key
        labels = {name: f"{label}, offer {column.letter}" for name, label, _ in cls.ROWS}
        return {
            f"exit_{key}": (
                ExactAmountField(
                    label=labels["exit"],
                    currency=column.currency,
                    max_value=MOST_EXIT,
                    width="full",
                ),
                default.exit_proceeds,
            ),
            f"years_{key}": (
                NumberField(
                    label=labels["years"],
                    decimal_places=10,
                    maximum=MOST_YEARS,
                    suffix="years",
                    width="full",
                ),
                default.exit_years,
            ),
            f"odds_{key}": (
                ExactFractionField(label=labels["odds"], width="full"),
                default.odds,
            ),
            f"dilution_{key}": (
                ExactFractionField(
                    label=labels["dilution"], max_value=Decimal("0.99"), width="full"
                ),
                default.dilution,
            ),
        }


_SLIDES: Final[Mapping[str, tuple[Decimal, ...]]] = {
    "years": tuple(Decimal(half) / 2 for half in range(25)),
    "odds": tuple(Decimal(percent) / 100 for percent in range(101)),
    "dilution": tuple(Decimal(percent) / 100 for percent in range(91)),
}


def _steps_around(value: Decimal) -> tuple[Decimal, ...]:
    """Return round amounts from a hundredth of the value to a hundred times it."""
    around = max(value, Decimal(1_000_000))
    exponent = around.adjusted()
    return tuple(
        Decimal(step).scaleb(power)
        for power, step in product(range(exponent - 2, exponent + 2), STEPS)
        if around / 100 <= Decimal(step).scaleb(power) <= around * 30
    )


def _value(levers: Levers, name: str) -> Any:
    """Return the value of a field in the levers."""
    shared = {
        "first": levers.first,
        "second": levers.second,
        "rate": levers.discount_rate,
        "tax": levers.withheld_rate,
        "month": levers.month,
    }
    if name in shared:
        return shared[name]
    key, _, letter = name.partition("_")
    chosen = levers.chosen[letter]
    return {
        "exit": chosen.exit_proceeds,
        "years": chosen.exit_years,
        "odds": chosen.odds,
        "dilution": chosen.dilution,
    }[key]


def _changes(texts: Sequence[str]) -> Iterator[Change]:
    """Yield the changes in an address that can be read: `b.units:64000.0`."""
    known = {each.value: each for each in Input}
    for text in texts:
        where, _, typed = text.partition(":")
        letter, _, name = where.partition(".")
        try:
            value = float(typed)
        except ValueError:
            continue
        if name in known and 0.0 <= value < float("inf"):
            yield Change(letter, known[name], value)


# --- what is not money ---------------------------------------------------------------------------

CRITERIA: Final = 8
SUGGESTED: Final = (
    "The work itself",
    "Manager and team",
    "Learning",
    "Place and travel",
    "Time for life",
)
WEIGHTS: Final = [
    ("0", "0, does not count"),
    *((str(weight), str(weight)) for weight in range(1, 5)),
    ("5", "5, matters most"),
]
SCORES: Final = [("", "Not scored"), *((str(score), f"{score} of 5") for score in range(1, 6))]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFields:
    """One line of the form: a name, a weight, and a score for each offer."""

    number: int
    name: BoundField
    weight: BoundField
    scores: tuple[BoundField, ...]


class CriteriaForm(forms.Form):
    """Up to eight criteria; a line without a name is none."""

    def __init__(
        self,
        data: Any,
        *,
        columns: Sequence[tuple[int, str, str]],
        criteria: Sequence[ScoredCriterion],
    ) -> None:
        self.columns = columns
        super().__init__(data, initial=_criteria_initial(columns, criteria))
        for number in range(CRITERIA):
            self.fields[f"name_{number}"] = LineField(
                label=f"Criterion {number + 1}", max_length=60, required=False
            )
            self.fields[f"weight_{number}"] = PickField(
                what="a weight from 0 to 5",
                label="Weight",
                choices=WEIGHTS,
                required=False,
            )
            for offer_id, letter, name in columns:
                self.fields[f"score_{number}_{offer_id}"] = PickField(
                    what="a score from 1 to 5",
                    label=f"{letter} {name}",
                    choices=SCORES,
                    required=False,
                )

    @property
    def rows(self) -> Iterator[CriterionFields]:
        for number in range(CRITERIA):
            yield CriterionFields(
                number=number + 1,
                name=self[f"name_{number}"],
                weight=self[f"weight_{number}"],
                scores=tuple(self[f"score_{number}_{offer_id}"] for offer_id, *_ in self.columns),
            )

    def clean(self) -> dict[str, Any]:
        seen: set[str] = set()
        for number in range(CRITERIA):
            name = self.cleaned_data.get(f"name_{number}", "")
            if not name and any(
                self.cleaned_data.get(f"score_{number}_{offer_id}") for offer_id, *_ in self.columns
            ):
                self.add_error(f"name_{number}", "Name what you scored here.")
            if name and name.casefold() in seen:
                self.add_error(
                    f"name_{number}", ValidationError("You already have this criterion above.")
                )
            seen.add(name.casefold())
        return self.cleaned_data

    @property
    def criteria(self) -> list[RatedCriterion]:
        """Return what was typed, once it is valid."""
        read = self.cleaned_data
        return [
            RatedCriterion(
                name=read[f"name_{number}"],
                weight=int(read[f"weight_{number}"] or 3),
                scores={
                    offer_id: int(read[f"score_{number}_{offer_id}"])
                    for offer_id, *_ in self.columns
                    if read[f"score_{number}_{offer_id}"]
                },
            )
            for number in range(CRITERIA)
            if read[f"name_{number}"]
        ]


def compared_offers(comparison: Comparison) -> list[tuple[int, str, str]]:
    """Return (offer id, letter, company) of a comparison, in the order of their letters."""
    places = comparison.places.select_related("offer__company").order_by("position")
    return [
        (place.offer_id, "ABCDEF"[number], place.offer.company.name)
        for number, place in enumerate(places)
    ]


def _criteria_initial(
    columns: Sequence[tuple[int, str, str]], criteria: Sequence[ScoredCriterion]
) -> dict[str, Any]:
    if not criteria:
        return {
            **{f"name_{number}": name for number, name in enumerate(SUGGESTED)},
            **{f"weight_{number}": "3" for number in range(CRITERIA)},
        }
    initial: dict[str, Any] = {f"weight_{number}": "3" for number in range(CRITERIA)}
    for number, each in enumerate(criteria[:CRITERIA]):
        initial |= {f"name_{number}": each.name, f"weight_{number}": str(each.weight)}
        for offer_id, *_ in columns:
            if offer_id in each.scores:
                initial[f"score_{number}_{offer_id}"] = str(each.scores[offer_id])
    return initial
