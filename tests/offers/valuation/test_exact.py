"""Payoffs in rational numbers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation import ExactPayoff, InvalidFigure, Payoff, payout_curve
from offers.valuation.captable import CapTable
from tests.factories.cap_tables import cap_tables
from tests.factories.decisions import exact_payoffs

amounts = st.fractions(0, 20, max_denominator=12)
HALF = Fraction(1, 2)


def test_a_payoff_is_read_off_its_tranches() -> None:
    payoff = ExactPayoff(
        starts=(Fraction(0), Fraction(10), Fraction(20)), slopes=(Fraction(0), HALF, Fraction(0))
    )

    assert [payoff.at(Fraction(x)) for x in (0, 10, 11, 20, 90)] == [0, 0, HALF, 5, 5]
    assert payoff.values == (0, 0, 5)
    assert payoff.zero_until == 10
    assert ExactPayoff().zero_until is None
    assert payoff.reaching(Fraction(5)) == 20
    assert payoff.exceeding(Fraction(5)) is None
    assert payoff.exceeding(Fraction(0)) == 10
    assert payoff.reaching(Fraction(0)) == payoff.exceeding(Fraction(-1)) == 0


def test_debt_comes_first_and_currencies_stretch_both_axes() -> None:
    payoff = ExactPayoff(slopes=(HALF,)).after(Fraction(100), unit=Fraction(2))

    assert payoff.at(Fraction(200)) == 0
    assert payoff.at(Fraction(300)) == 50


@pytest.mark.parametrize(
    ("starts", "slopes", "field"),
    [
        ((), (), "starts"),
        ((Fraction(1),), (HALF,), "starts"),
        ((Fraction(0), Fraction(0)), (HALF, HALF), "starts"),
        ((Fraction(0),), (-HALF,), "slopes"),
    ],
)
def test_what_is_no_payoff_is_refused(
    starts: tuple[Fraction, ...], slopes: tuple[Fraction, ...], field: str
) -> None:
    with pytest.raises(InvalidFigure) as refused:
        ExactPayoff(starts=starts, slopes=slopes)

    assert refused.value.field == field


def test_multiples_of_nothing_are_refused() -> None:
    with pytest.raises(InvalidFigure):
        ExactPayoff().in_multiples_of(Fraction(0))


@given(cap_tables())
def test_a_class_is_paid_what_the_float_curve_pays(cap_table: CapTable) -> None:
    curve = payout_curve(cap_table)
    ends = [0.0, *curve.breakpoints, 1_000.0]
    for class_id in curve.class_ids:
        exact = ExactPayoff.of_class(curve, class_id)

        floats = curve.payout(class_id, np.array(ends))
        assert [float(exact.at(Fraction(end))) for end in ends] == pytest.approx(floats, abs=1e-6)


@given(exact_payoffs(), exact_payoffs(), amounts)
def test_sums_multiples_and_caps_are_what_they_say(
    first: ExactPayoff, second: ExactPayoff, amount: Fraction
) -> None:
    assert first.plus(second).at(amount) == first.at(amount) + second.at(amount)
    assert first.scaled(HALF).at(amount) == first.at(amount) / 2
    assert first.capped(Fraction(3)).at(amount) == min(first.at(amount), 3)
    assert first.in_multiples_of(Fraction(3)).at(amount / 3) == first.at(amount)
    assert first.after(Fraction(4)).at(amount) == first.at(max(Fraction(0), amount - 4))


@given(exact_payoffs(), amounts)
def test_the_least_amount_for_a_payout_is_the_least_and_the_next_pays_more(
    payoff: ExactPayoff, payout: Fraction
) -> None:
    least, last = payoff.reaching(payout), payoff.exceeding(payout)
    bit = Fraction(1, 10**6)

    if least is None:
        assert payoff.at(Fraction(10**6)) < payout
    elif payout > 0:
        assert payoff.at(least) == payout
        assert payoff.at(least - bit) < payout
    if last is None:
        assert payoff.at(Fraction(10**6)) <= payout
    else:
        assert payoff.at(last) == payout
        assert payoff.at(last + bit) > payout


@given(exact_payoffs(), amounts)
def test_the_float_twin_pays_the_same(payoff: ExactPayoff, amount: Fraction) -> None:
    twin = payoff.as_payoff()

    assert float(payoff.at(amount)) == pytest.approx(twin.at(np.array([float(amount)]))[0])
    assert ExactPayoff.of_payoff(twin) == payoff
    assert ExactPayoff.of_payoff(Payoff.of_shares(2.0, exercise_price=0.1)).starts == (
        0,
        Fraction(1, 10),
    )
