"""Where one offer overtakes another, exactly."""

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from offers.valuation import (
    CapTable,
    Crossing,
    ExactPayoff,
    ExitLine,
    InvalidFigure,
    Order,
    Participation,
    StockClass,
    StockClassType,
    Turn,
    kinks,
    naive_break_even,
    overtaking,
    payout_curve,
    required_growth,
)
from tests.factories.cap_tables import cap_tables
from tests.factories.decisions import exit_lines

MILLION = 1_000_000


def company(**series_b: Any) -> CapTable:
    """Return the cap table of docs/valuation.md#break-even; the user holds `options`."""
    return CapTable(
        classes=(
            StockClass(
                id="Series B",
                type=StockClassType.PREFERRED,
                shares=2_000_000,
                price_per_share=7.5,
                seniority=2,
                **series_b,
            ),
            StockClass(
                id="Series A",
                type=StockClassType.PREFERRED,
                shares=2_000_000,
                price_per_share=2.5,
                seniority=1,
            ),
            StockClass(id="common", type=StockClassType.COMMON, shares=7_920_000),
            StockClass(id="options", type=StockClassType.OPTION, shares=80_000, exercise_price=0.5),
        )
    )


def held(cap_table: CapTable) -> ExactPayoff:
    return ExactPayoff.of_class(payout_curve(cap_table), "options")


@pytest.mark.parametrize(
    ("series_b", "break_even"),
    [
        ({}, 39_960_000),
        ({"participation": Participation.FULL}, 44_960_000),
        ({"liquidation_preference_multiple": 2.0}, 54_960_000),
    ],
)
def test_break_even_of_the_fixture_is_exact(series_b: dict[str, Any], break_even: int) -> None:
    first = ExitLine(certain=Fraction(800_000))
    second = ExitLine(certain=Fraction(640_000), payoff=held(company(**series_b)))

    answer = overtaking(first, second)

    assert answer.crossings == (
        Crossing(Fraction(break_even), Order.FIRST_AHEAD, Order.SECOND_AHEAD),
    )
    assert answer.at_nothing is Order.FIRST_AHEAD
    assert answer.first_lead == break_even
    assert [answer.at(Fraction(break_even + step)) for step in (-1, 0, 1)] == [-1, 0, 1]


def test_naive_answer_of_the_fixture_is_thirty_million() -> None:
    assert (
        naive_break_even(
            Fraction(160_000),
            ownership_fraction=Fraction(80_000, 12_000_000),
            exercise_cost=Fraction(40_000),
        )
        == 30_000_000
    )
    assert naive_break_even(Fraction(1), ownership_fraction=Fraction(0)) is None
    assert naive_break_even(Fraction(-9), ownership_fraction=Fraction(1, 2)) == 0


def test_every_kink_of_the_fixture_says_who_starts_and_who_stops() -> None:
    cap_table = company()

    found = kinks(cap_table, payout_curve(cap_table))

    assert [(float(kink.net_proceeds) / MILLION, kink.turns) for kink in found] == [
        (15.0, (("Series B", Turn.CLAIM_PAID), ("Series A", Turn.CLAIM_BEGINS))),
        (20.0, (("Series A", Turn.CLAIM_PAID), ("common", Turn.SHARES))),
        (23.96, (("options", Turn.EXERCISES),)),
        (39.96, (("Series A", Turn.CONVERTS),)),
        (89.96, (("Series B", Turn.CONVERTS),)),
    ]


def test_a_capped_class_stops_at_its_cap_and_starts_again() -> None:
    cap_table = company(participation=Participation.CAPPED, participation_cap_multiple=2.0)

    turns = [turn for kink in kinks(cap_table, payout_curve(cap_table)) for turn in kink.turns]

    assert [turn for class_id, turn in turns if class_id == "Series B"] == [
        Turn.CLAIM_PAID,
        Turn.PARTICIPATES,
        Turn.CAP_REACHED,
        Turn.CONVERTS,
    ]
    assert not Turn.CAP_REACHED.is_start
    assert Turn.PARTICIPATES.is_start


def test_two_offers_of_one_exit_may_change_places_more_than_once() -> None:
    """Shares pay from the first dollar; more options overtake them, once and for all but a touch."""
    capped = ExactPayoff(slopes=(Fraction(1, 2),)).capped(Fraction(10))
    slow = ExitLine(certain=Fraction(2), payoff=ExactPayoff(slopes=(Fraction(1, 4),)))

    answer = overtaking(slow, ExitLine(certain=Fraction(0), payoff=capped))

    assert [(each.exit_proceeds, each.after) for each in answer.crossings] == [
        (8, Order.SECOND_AHEAD),
        (32, Order.FIRST_AHEAD),
    ]


def test_offers_that_touch_do_not_cross_and_a_level_stretch_has_two_ends() -> None:
    rises_late = ExactPayoff(starts=(Fraction(0), Fraction(8)), slopes=(Fraction(0), Fraction(1)))
    reaches_four = ExactPayoff(slopes=(Fraction(1),)).capped(Fraction(4))

    touching = overtaking(
        ExitLine(certain=Fraction(4)), ExitLine(certain=Fraction(0), payoff=reaches_four)
    )
    staying = overtaking(
        ExitLine(certain=Fraction(4)),
        ExitLine(certain=Fraction(0), payoff=reaches_four.plus(rises_late)),
    )

    assert [(each.exit_proceeds, each.after) for each in touching.crossings] == [(4, Order.LEVEL)]
    assert touching.first_lead is None
    assert [(each.exit_proceeds, each.after) for each in staying.crossings] == [
        (4, Order.LEVEL),
        (8, Order.SECOND_AHEAD),
    ]


@given(exit_lines(), exit_lines())
def test_the_order_at_every_exit_is_that_of_the_two_amounts(
    first: ExitLine, second: ExitLine
) -> None:
    answer = overtaking(first, second)

    places = sorted(
        {
            *first.payoff.starts,
            *second.payoff.starts,
            *(each.exit_proceeds for each in answer.crossings),
            Fraction(1_000),
        }
    )
    between = [(low + high) / 2 for low, high in itertools.pairwise(places)]
    for place in (*places[1:], *between):
        gap = second.at(place) - first.at(place)
        # Where two lines only touch, nobody gives up a lead.
        assert answer.at(place) == (gap > 0) - (gap < 0) or (gap == 0 and place in places)


def test_an_offer_ahead_from_the_start_leads_from_nothing_on() -> None:
    answer = overtaking(ExitLine(certain=Fraction(1)), ExitLine(certain=Fraction(2)))

    assert answer.first_lead == 0
    assert answer.crossings == ()


@given(exit_lines(), exit_lines())
def test_changing_the_sides_mirrors_the_answer(first: ExitLine, second: ExitLine) -> None:
    one, other = overtaking(first, second), overtaking(second, first)

    assert other.at_nothing == -one.at_nothing
    assert [(each.exit_proceeds, -each.before, -each.after) for each in one.crossings] == [
        (each.exit_proceeds, each.before, each.after) for each in other.crossings
    ]


@given(cap_tables())
def test_a_class_starts_or_stops_exactly_where_its_share_says(cap_table: CapTable) -> None:
    curve = payout_curve(cap_table)
    tranches = {tranche.start: tranche.marginal_shares for tranche in curve.exact_tranches}
    starts = list(tranches)

    for kink in kinks(cap_table, curve):
        before = tranches[starts[starts.index(kink.net_proceeds) - 1]]
        after = tranches[kink.net_proceeds]
        turned = {class_id for class_id, _ in kink.turns}
        for class_id, old, new in zip(curve.class_ids, before, after, strict=True):
            if (old > 0) != (new > 0):
                assert class_id in turned
        for class_id, turn in kink.turns:
            assert turn.is_start == (after[curve.class_ids.index(class_id)] > 0)


def test_required_growth_is_a_multiple_and_a_yearly_rate() -> None:
    growth = required_growth(180.0, last_post_money=90.0, years=4.0)

    assert growth.multiple == 2.0
    assert growth.yearly_rate == pytest.approx(2 ** (1 / 4) - 1)
    assert required_growth(180.0, last_post_money=90.0, years=0.0).yearly_rate is None
    with pytest.raises(InvalidFigure):
        required_growth(1.0, last_post_money=0.0, years=1.0)
