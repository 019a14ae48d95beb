"""What happens without a deal, and what to answer inside the window that is left.

References
----------
Handbook 3.2 and 3.5; Fisher and Ury, "Getting to Yes", for the best alternative to an agreement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from negotiation.bargaining.figures import InvalidFigure, check_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One thing to do without this deal: its value a year, and how likely it is to be had."""

    label: str
    yearly_value: float
    probability: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a negative value and odds outside [0, 1]."""
        check_range("yearly_value", self.yearly_value)
        check_range("probability", self.probability, 0.0, 1.0)

    @property
    def expected_value(self) -> float:
        """Return the value a year times its odds."""
        return self.yearly_value * self.probability


def batna(alternatives: Iterable[Alternative]) -> Alternative | None:
    """Return the best alternative; of two that are equal the surer, then the earlier one."""
    return max(alternatives, key=lambda one: (one.expected_value, one.probability), default=None)


def reservation_value(
    alternatives: Sequence[Alternative], *, needed: float | None = None
) -> float | None:
    """Return the value below which to decline: the best alternative, or what is needed to live."""
    best = batna(alternatives)
    floor = [best.expected_value] if best is not None else []
    floor += [needed] if needed is not None else []
    return max(floor) if floor else None


def zopa(*, reservation: float, most_they_pay: float) -> tuple[float, float] | None:
    """Return the range in which both gain; None where there is none."""
    return (reservation, most_they_pay) if most_they_pay >= reservation else None


class Answer(StrEnum):
    """What to do about their latest figure."""

    ACCEPT = "accept"
    COUNTER = "counter"
    SAY_WHAT_WOULD_WORK = "say_what_would_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What to do at each step of the window between their latest figure and the ask."""

    latest: float
    ask: float
    accept_from: float
    counter: float
    declines_below: float | None

    def answer(self, figure: float) -> Answer:
        """Return what to do if they come with this figure."""
        if figure >= self.accept_from:
            return Answer.ACCEPT
        if self.declines_below is not None and figure < self.declines_below:
            return Answer.SAY_WHAT_WOULD_WORK
        return Answer.COUNTER


def plan_moves(
    *, latest: float, ask: float, target: float, reservation: float | None = None, rounds: int = 0
) -> Moves:
    """Return what to accept and what to counter with, after so many rounds.

    Each counter gives up half of what still lies between the ask and the target, so concessions
    shrink and never pass the target.
    """
    if ask < latest:
        raise InvalidFigure("an ask below their latest figure is no ask")
    if rounds < 0:
        raise InvalidFigure("rounds are counted from zero")
    floor = min(max(target, latest), ask)
    return Moves(
        latest=latest,
        ask=ask,
        accept_from=floor,
        counter=floor + (ask - floor) / 2.0 ** (rounds + 1),
        declines_below=reservation,
    )
