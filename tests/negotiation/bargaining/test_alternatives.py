import itertools

import pytest

from negotiation.bargaining import (
    Alternative,
    Answer,
    InvalidFigure,
    batna,
    plan_moves,
    reservation_value,
    zopa,
)

STAY = Alternative(label="My job now", yearly_value=180_000)
RIVAL = Alternative(label="Offer B", yearly_value=240_000, probability=0.9)
HOPE = Alternative(label="Final round", yearly_value=400_000, probability=0.3)


def test_best_alternative_counts_its_odds():
    assert batna([STAY, HOPE, RIVAL]) is RIVAL
    assert batna([]) is None


def test_of_equal_alternatives_the_surer_one_counts():
    maybe = Alternative(label="Maybe", yearly_value=360_000, probability=0.5)

    assert batna([maybe, STAY]) is STAY


def test_walk_away_is_the_best_alternative_or_what_is_needed():
    assert reservation_value([STAY]) == 180_000
    assert reservation_value([STAY], needed=190_000) == 190_000
    assert reservation_value([STAY, RIVAL], needed=190_000) == pytest.approx(216_000)
    assert reservation_value([]) is None


def test_range_of_agreement_may_be_empty():
    assert zopa(reservation=200, most_they_pay=260) == (200, 260)
    assert zopa(reservation=270, most_they_pay=260) is None


def test_concessions_shrink_and_stop_at_the_target():
    counters = [
        plan_moves(latest=300_000, ask=380_000, target=340_000, rounds=k).counter for k in range(6)
    ]

    steps = [a - b for a, b in itertools.pairwise([380_000, *counters])]
    assert counters[0] == 360_000
    assert all(a > b for a, b in itertools.pairwise(steps))
    assert min(counters) > 340_000


def test_every_figure_has_an_answer():
    moves = plan_moves(latest=300_000, ask=380_000, target=340_000, reservation=310_000)

    assert moves.answer(340_000) is Answer.ACCEPT
    assert moves.answer(325_000) is Answer.COUNTER
    assert moves.answer(309_999) is Answer.SAY_WHAT_WOULD_WORK


def test_target_already_met_is_accepted_from_their_figure_on():
    moves = plan_moves(latest=350_000, ask=380_000, target=340_000)

    assert moves.accept_from == 350_000


@pytest.mark.parametrize(
    "make",
    [
        lambda: plan_moves(latest=2, ask=1, target=1),
        lambda: plan_moves(latest=1, ask=2, target=1, rounds=-1),
        lambda: Alternative(label="", yearly_value=1, probability=2),
        lambda: Alternative(label="", yearly_value=-1),
    ],
)
def test_figures_without_meaning_are_refused(make):
    with pytest.raises(InvalidFigure):
        make()
