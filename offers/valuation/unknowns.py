"""What is unknown as a value: ranges over the answers that may come, and which to ask for first.

A term that nobody stated has candidate answers with weights, taken from dated priors. A figure that
depends on such terms is computed for every combination of candidates, once; its range runs over all
of them. An answer strikes candidates out, so it can only leave a part of the range: answering never
widens it. See docs/valuation.md#unknown-terms.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from offers.valuation.bounds import InvalidFigure, check_positive
from offers.valuation.payoffs import FloatArray, frozen

MOST_COMBINATIONS: Final = 20_000
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTerm:
    """A term that nobody stated, as the weights of its candidate answers; they add up to 1.

    What a candidate says is the caller's business: here it is a place among the weights.
    """

    code: str
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check that the weights are a distribution."""
        for weight in self.weights:
            check_positive("weights", weight)
        if abs(math.fsum(self.weights) - 1.0) > _ROUNDING:
            raise InvalidFigure("weights", "must add up to 1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenValue:
    """A figure for every combination of candidates; without open terms it is one number.

    Attributes
    ----------
    terms
        In the order of the axes of `values`.
    values : shape (n_candidates of each term)
    """

    terms: tuple[OpenTerm, ...]
    values: FloatArray

    def __post_init__(self) -> None:
        """Check the shape, and that no term comes twice."""
        if self.values.shape != tuple(len(term.weights) for term in self.terms):
            raise InvalidFigure("values", "must have one axis for each term")
        if len({term.code for term in self.terms}) != len(self.terms):
            raise InvalidFigure("terms", "must have different codes")

    @property
    def low(self) -> float:
        """The least that any combination gives."""
        return float(self.values.min())

    @property
    def high(self) -> float:
        """The most that any combination gives."""
        return float(self.values.max())

    @property
    def width(self) -> float:
        """How far the range reaches."""
        return self.high - self.low

    @property
    def mean(self) -> float:
        """The mean over all combinations, by their weights."""
        return float((self.values * self.weights).sum())

    @property
    def weights(self) -> FloatArray:
        """The weight of every combination; terms are independent of each other."""
        joint: FloatArray = np.ones(())
        for term in self.terms:
            joint = np.multiply.outer(joint, np.array(term.weights))
        return joint

    def quantile(self, level: float) -> float:
        """Return the least value that combinations of so much weight stay within."""
        order = np.argsort(self.values, axis=None, kind="stable")
        reached = np.cumsum(self.weights.ravel()[order])
        at = int(np.searchsorted(reached, level - _ROUNDING))
        return float(self.values.ravel()[order][min(at, len(order) - 1)])

    def answered(self, code: str, candidate: int) -> "OpenValue":
        """Return the figure once one term is known to be this candidate."""
        axis = self._axis(code)
        rest = tuple(term for term in self.terms if term.code != code)
        return OpenValue(terms=rest, values=np.take(self.values, candidate, axis=axis))

    def _axis(self, code: str) -> int:
        for axis, term in enumerate(self.terms):
            if term.code == code:
                return axis
        raise KeyError(code)


class NextQuestion(NamedTuple):
    """An open question, and what its answer could do.

    `narrowing` is by how much it shrinks the range of its offer, on average over the answers;
    `most_narrowing` with the answer that shrinks it most. `chance_of_new_order` is the weight of
    the answers after which the offers, by their means, stand in another order than now.
    """

    offer: int
    code: str
    chance_of_new_order: float
    narrowing: float
    most_narrowing: float


def open_value(
    terms: Sequence[OpenTerm], evaluate: Callable[[tuple[int, ...]], float]
) -> OpenValue:
    """Return a figure for every combination of candidates.

    Parameters
    ----------
    evaluate
        From one place for each term to the figure; called once for every combination.

    Raises
    ------
    InvalidFigure
        If there are too many combinations to try.
    """
    shape = tuple(len(term.weights) for term in terms)
    if math.prod(shape) > MOST_COMBINATIONS:
        raise InvalidFigure("terms", f"must have at most {MOST_COMBINATIONS} combinations")
    values = [evaluate(places) for places in itertools.product(*map(range, shape))]
    return OpenValue(terms=tuple(terms), values=frozen(np.reshape(values, shape)))


def next_questions(offers: Sequence[OpenValue]) -> tuple[NextQuestion, ...]:
    """Return every open question of all offers, the best one first.

    A question that could change the order of the offers goes before one that could not, by the
    chance that it does; then the one that narrows the range of its offer more. One that could do
    neither is left out: no answer to it matters.
    """
    means = [offer.mean for offer in offers]
    present = _order(means)
    found = []
    for place, offer in enumerate(offers):
        for axis, term in enumerate(offer.terms):
            by_answer = np.moveaxis(offer.values, axis, 0).reshape(len(term.weights), -1)
            others = np.take(offer.weights, 0, axis=axis).ravel() / term.weights[0]
            weights = np.array(term.weights)
            widths = by_answer.max(axis=1) - by_answer.min(axis=1)
            conditional = (by_answer * others).sum(axis=1)
            is_new = [
                _order([*means[:place], mean, *means[place + 1 :]]) != present
                for mean in conditional.tolist()
            ]
            question = NextQuestion(
                offer=place,
                code=term.code,
                chance_of_new_order=float(weights[is_new].sum()),
                narrowing=max(0.0, offer.width - float((weights * widths).sum())),
                most_narrowing=offer.width - float(widths.min()),
            )
            if question.most_narrowing > 0.0 or question.chance_of_new_order > 0.0:
                found.append(question)
    return tuple(sorted(found, key=_rank))


def _rank(question: NextQuestion) -> tuple[float, float, int, str]:
    return (-question.chance_of_new_order, -question.narrowing, question.offer, question.code)


def _order(means: Sequence[float]) -> list[int]:
    """Return the places of the offers, the best first; equal ones as they stand."""
    return sorted(range(len(means)), key=lambda place: -means[place])
