"""When answers are due, on one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from config.figures import amounts
from config.figures.charts.scales import Anchor, DataTable, anchor, rounded

_FIRST: Final = 3.0
_LAST: Final = 97.0
# Pins closer than this, in percent of the width, would cover each other on a phone.
_APART: Final = 6.0
_NAMES_APART: Final = 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePin:
    """One offer's day; pins that would cover each other stand above each other."""

    position: int
    letter: str
    x: float
    y: float
    letter_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineTick:
    """A day named under the line."""

    x: float
    label: str
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineChart:
    """Days on a line that begins today, or on the first day that has passed."""

    height: int
    base_y: float
    label_y: float
    today_x: float
    pins: tuple[DeadlinePin, ...]
    ticks: tuple[DeadlineTick, ...]
    label: str
    table: DataTable


def deadline_line(days: Sequence[tuple[int, date]], *, today: date) -> DeadlineChart | None:
    """Return the line of the days on which these offers want an answer; None of none.

    Parameters
    ----------
    days
        The position of each offer, 0 to 5, and its day.
    """
    if not days:
        return None
    ordered = sorted(days, key=lambda each: (each[1], each[0]))
    first = min(today, ordered[0][1])
    last = max(today, ordered[-1][1])
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return rounded(_FIRST + (_LAST - _FIRST) * (day - first).days / span)

    floors = _floors([x(day) for _, day in ordered])
    base = 20.0 + 22.0 * max(floors)
    told = [
        (_letter(position), amounts.day(day, today), amounts.days_left(day, today))
        for position, day in ordered
    ]
    return DeadlineChart(
        height=round(base) + 28,
        base_y=base,
        label_y=base + 22,
        today_x=x(today),
        pins=tuple(
            DeadlinePin(
                position=position,
                letter=_letter(position),
                x=x(day),
                y=base - 22.0 * floor,
                letter_y=base - 22.0 * floor + 4,
            )
            for (position, day), floor in zip(ordered, floors, strict=True)
        ),
        ticks=_ticks([(day, x(day)) for day in {today, first, *(day for _, day in days)}], today),
        label="Answers due: "
        + ", ".join(f"{letter} {day}, {away}" for letter, day, away in told)
        + ".",
        table=DataTable(
            head=("Offer", "Answer due", "From today"),
            rows=tuple((f"Offer {a}", b, c) for a, b, c in told),
        ),
    )


def _ticks(places: Sequence[tuple[date, float]], today: date) -> tuple[DeadlineTick, ...]:
    """Return the days that are named: today and the last one first, the others where they fit."""
    last = max(day for day, _ in places)
    named: list[tuple[date, float]] = []
    for day, x in sorted(places, key=lambda each: (each[0] not in {today, last}, each)):
        if all(abs(x - other) >= _NAMES_APART for _, other in named):
            named.append((day, x))
    return tuple(
        DeadlineTick(
            x=x,
            label="today" if day == today else amounts.day(day, today),
            anchor=anchor(x, margin=8),
        )
        for day, x in sorted(named)
    )


def _floors(places: Sequence[float]) -> list[int]:
    """Return how high each pin stands, so that none covers another: 0 is on the line."""
    floors: list[int] = []
    for i, place in enumerate(places):
        taken = {floors[j] for j in range(i) if place - places[j] < _APART}
        floors.append(next(floor for floor in range(i + 1) if floor not in taken))
    return floors


def _letter(position: int) -> str:
    return "ABCDEF"[position]
