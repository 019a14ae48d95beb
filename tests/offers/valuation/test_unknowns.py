"""Unknown terms: ranges that answers only narrow, and the next best question against brute force."""

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import InvalidFigure, NextQuestion, OpenTerm, OpenValue, next_questions
from offers.valuation import open_value as computed

EIGHTHS = {2: [(4, 4), (2, 6), (1, 7)], 3: [(2, 2, 4), (1, 3, 4)], 4: [(2, 2, 2, 2), (1, 1, 2, 4)]}


@st.composite
def open_values(draw: st.DrawFn, *, most_terms: int = 4) -> OpenValue:
    """A figure in whole dollars under 0 to 4 open terms, weights in eighths, so that ties tie."""
    terms = tuple(
        OpenTerm(code=f"term-{place}", weights=tuple(part / 8 for part in parts))
        for place in range(draw(st.integers(0, most_terms)))
        for parts in [draw(st.sampled_from(EIGHTHS[draw(st.integers(2, 4))]))]
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = tuple(len(term.weights) for term in terms)
    largest = draw(st.sampled_from([1, 4, 1_000]))
    return OpenValue(terms=terms, values=rng.integers(0, largest + 1, shape).astype(float))


# --- ranges --------------------------------------------------------------------------------------


def test_a_figure_is_computed_for_every_combination() -> None:
    terms = (
        OpenTerm(code="multiple", weights=(0.75, 0.25)),
        OpenTerm(code="price", weights=(0.5, 0.25, 0.25)),
    )
    tried: list[tuple[int, ...]] = []

    def evaluate(places: tuple[int, ...]) -> float:
        tried.append(places)
        return 100.0 * places[1] - 10.0 * places[0]

    answer = computed(terms, evaluate)

    assert sorted(tried) == list(itertools.product(range(2), range(3)))
    assert (answer.low, answer.high, answer.width) == (-10.0, 200.0, 210.0)
    # 0.5 x 0 + 0.25 x 100 + 0.25 x 200 - 0.25 x 10
    assert answer.mean == pytest.approx(72.5)
    assert [answer.quantile(level) for level in (0.1, 0.125, 0.5, 0.9)] == [
        -10.0,
        -10.0,
        0.0,
        200.0,
    ]
    assert answer.answered("price", 2).high == 200.0
    assert answer.answered("price", 2).answered("multiple", 1).values == 190.0


def test_nothing_unknown_is_one_number() -> None:
    answer = computed((), lambda _: 7.0)

    assert (answer.low, answer.high, answer.mean, answer.quantile(0.5)) == (7.0, 7.0, 7.0, 7.0)
    assert next_questions([answer]) == ()


@given(st.data())
@settings(max_examples=5_000, deadline=None)
def test_answering_never_widens_a_range(data: st.DataObject) -> None:
    value = data.draw(open_values())
    while value.terms:
        term = data.draw(st.sampled_from(value.terms))
        candidate = data.draw(st.integers(0, len(term.weights) - 1))

        answered = value.answered(term.code, candidate)

        assert value.low <= answered.low <= answered.high <= value.high
        assert answered.width <= value.width
        value = answered


@pytest.mark.parametrize(
    "make",
    [
        lambda: OpenTerm(code="x", weights=(0.5, 0.4)),
        lambda: OpenTerm(code="x", weights=(1.0, 0.0)),
        lambda: OpenValue(terms=(), values=np.zeros(2)),
        lambda: OpenValue(terms=(OpenTerm(code="x", weights=(1.0,)),) * 2, values=np.zeros((1, 1))),
        lambda: computed(
            [OpenTerm(code=str(place), weights=(0.1,) * 10) for place in range(5)], lambda _: 0.0
        ),
    ],
)
def test_what_cannot_be_is_refused(make: Any) -> None:
    with pytest.raises(InvalidFigure):
        make()


def test_an_unknown_code_is_misuse() -> None:
    with pytest.raises(KeyError):
        OpenValue(terms=(), values=np.zeros(())).answered("x", 0)


# --- the next best question ----------------------------------------------------------------------


def test_a_question_that_could_turn_the_order_goes_first() -> None:
    half = (0.5, 0.5)
    ahead = OpenValue(terms=(), values=np.array(100.0))
    behind = OpenValue(
        terms=(OpenTerm(code="wide", weights=half), OpenTerm(code="deciding", weights=half)),
        # The wide term moves the range most, but is paid back by the other one on average.
        values=np.array([[80.0, 106.0], [82.0, 108.0]]),
    )
    wide = OpenValue(
        terms=(OpenTerm(code="irrelevant", weights=half),), values=np.array([0.0, 80.0])
    )

    found = next_questions([ahead, behind, wide])

    assert [(row.offer, row.code) for row in found] == [
        (1, "deciding"),
        (2, "irrelevant"),
        (1, "wide"),
    ]
    assert found[0] == NextQuestion(
        offer=1, code="deciding", chance_of_new_order=0.5, narrowing=26.0, most_narrowing=26.0
    )


def brute_force(offers: list[OpenValue]) -> list[tuple[Fraction, Fraction, int, str]]:
    """The ranking by its words: every answer, every combination, one number at a time, exactly."""

    def cells(offer: OpenValue, fixed: dict[str, int]) -> list[tuple[Fraction, Fraction]]:
        rows = []
        for places in itertools.product(*(range(len(term.weights)) for term in offer.terms)):
            by_code = {t.code: p for t, p in zip(offer.terms, places, strict=True)}
            if any(by_code[code] != place for code, place in fixed.items()):
                continue
            weight = Fraction(1)
            for term, place in zip(offer.terms, places, strict=True):
                if term.code not in fixed:
                    weight *= Fraction(term.weights[place])
            rows.append((Fraction(float(offer.values[places])), weight))
        return rows

    def mean(offer: OpenValue, fixed: dict[str, int]) -> Fraction:
        return sum((value * weight for value, weight in cells(offer, fixed)), Fraction(0))

    def width(offer: OpenValue, fixed: dict[str, int]) -> Fraction:
        values = [value for value, _ in cells(offer, fixed)]
        return max(values) - min(values)

    def order(answered: int, fixed: dict[str, int]) -> list[int]:
        means = [mean(row, fixed if place == answered else {}) for place, row in enumerate(offers)]
        return [place for _, place in sorted((-value, place) for place, value in enumerate(means))]

    found = []
    for place, offer in enumerate(offers):
        for term in offer.terms:
            chance = narrowing = Fraction(0)
            most = Fraction(0)
            for candidate, weight in enumerate(term.weights):
                fixed = {term.code: candidate}
                less = width(offer, {}) - width(offer, fixed)
                narrowing += Fraction(weight) * less
                most = max(most, less)
                if order(place, fixed) != order(place, {}):
                    chance += Fraction(weight)
            if most or chance:
                found.append((-chance, -narrowing, place, term.code))
    return sorted(found)


@given(st.lists(open_values(most_terms=3), min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_next_questions_equal_brute_force(offers: list[OpenValue]) -> None:
    assert [
        (-row.chance_of_new_order, -row.narrowing, row.offer, row.code)
        for row in next_questions(offers)
    ] == [tuple(map(float, row[:2])) + row[2:] for row in brute_force(offers)]
