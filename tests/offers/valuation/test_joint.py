"""Joint outcomes: closed forms within four standard errors, the same bytes, chances that add up."""

import math
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offers.valuation import (
    InvalidFigure,
    JointOffer,
    JointResult,
    LognormalSharePrice,
    OutcomeCase,
    OutcomeScenario,
    Payoff,
    ReturnBucket,
    ReturnMultipleOutcomes,
    ScenarioOutcomes,
    certainty_equivalent,
    is_too_close_to_call,
    merge_joint,
    simulate_jointly_in_chunks,
)
from offers.valuation.simulation import InvalidSimulation

N_PATHS: Final = 200_000
ALL: Final = Payoff.of_shares(1.0)


def scenarios(*rows: tuple[float, float]) -> ScenarioOutcomes:
    return ScenarioOutcomes(
        scenarios=tuple(
            OutcomeScenario(exit_proceeds=amount, probability=chance) for amount, chance in rows
        )
    )


def offer(fixed: float, *rows: tuple[float, float], **terms: Any) -> JointOffer:
    cases = (OutcomeCase(weight=1.0, payoff=ALL, distribution=scenarios(*rows)),) if rows else ()
    return JointOffer(fixed=fixed, cases=cases, **terms)


def run(
    *offers: JointOffer,
    correlation: float = 0.0,
    n_paths: int = N_PATHS,
    seed: int = 3,
    n_chunks: int = 4,
    risk_aversion: float = 2.0,
) -> JointResult:
    chunks = simulate_jointly_in_chunks(
        offers, sector_correlation=correlation, n_paths=n_paths, seed=seed, n_chunks=n_chunks
    )
    return merge_joint(chunks, offers, risk_aversions=[risk_aversion])


# A: 40 for sure. B: 10, and 100 in 3 of 10, 50 in 2 of 10. C: 20, and 60 in half.
A: Final = offer(40.0)
B: Final = offer(10.0, (50.0, 0.2), (100.0, 0.3), company="b", sector="ai")
C: Final = offer(20.0, (60.0, 0.5), company="c", sector="ai")


# --- closed forms --------------------------------------------------------------------------------


def test_chances_agree_with_what_can_be_counted() -> None:
    """B > A with 0.5. B > C, alone: B 110 always, B 60 where C is 20: 0.3 + 0.2 x 0.5 = 0.4."""
    result = run(A, B, C)

    for value, exact in (
        (result.beats[1][0], 0.5),
        (result.beats[0][1], 0.5),
        (result.beats[1][2], 0.4),
        (result.beats[2][1], 0.6),
    ):
        assert abs(value.value - exact) < 4.0 * value.standard_error
    assert result.beats[0][0].value == 0.0


@pytest.mark.parametrize("correlation", [0.0, 0.25, 1.0])
def test_shared_luck_changes_chances_and_nothing_else(correlation: float) -> None:
    """Of levels below 0.5 both get nothing; 0.5 to 0.7 B 60 < C 80; above, B 110 > C 80.

    Together B > C with 0.3; apart with 0.4; so mixed in proportion.
    """
    result = run(B, C, correlation=correlation)

    chance = result.beats[0][1]
    exact = correlation * 0.3 + (1.0 - correlation) * 0.4
    assert abs(chance.value - exact) < 4.0 * chance.standard_error
    for outcome, mean in zip(result.outcomes, (50.0, 50.0), strict=True):
        assert abs(outcome.total.mean - mean) < 4.0 * outcome.total.standard_error


def test_two_offers_of_one_company_share_all_their_luck() -> None:
    small = offer(0.0, (10.0, 0.5), company="b")
    large = offer(1.0, (20.0, 0.5), company="b")

    assert run(large, small).beats[0][1].value == 1.0


def test_a_sector_ties_no_company_outside_it() -> None:
    other = offer(20.0, (60.0, 0.5), company="c", sector="finance")

    chance = run(B, other, correlation=1.0).beats[0][1]

    assert abs(chance.value - 0.4) < 4.0 * chance.standard_error


def test_every_kind_of_outcome_agrees_with_its_mean() -> None:
    multiples = ReturnMultipleOutcomes(
        buckets=(
            ReturnBucket(share=0.6, low=0.0, high=1.0),
            ReturnBucket(share=0.4, low=1.0, high=9.0),
        ),
        last_round_value=100.0,
    )
    price = LognormalSharePrice(share_price=20.0, years=4.0, drift=0.0, volatility=0.4)
    option = Payoff.of_shares(3.0, exercise_price=40.0)
    offers = [
        JointOffer(fixed=0.0, cases=(OutcomeCase(weight=1.0, payoff=option, distribution=row),))
        for row in (multiples, price)
    ]

    result = run(*offers)

    for each, outcome in zip(offers, result.outcomes, strict=True):
        low, high = each.mean_range
        assert low == high
        assert abs(outcome.total.mean - low) < 4.0 * outcome.total.standard_error
        exact = outcome.probability_of_nothing
        assert 0.0 < exact.value < 1.0


def test_unknown_terms_are_drawn_by_their_weights() -> None:
    unknown = JointOffer(
        fixed=5.0,
        cases=tuple(
            OutcomeCase(weight=weight, payoff=ALL, distribution=scenarios((amount, 1.0)))
            for weight, amount in ((0.25, 0.0), (0.75, 40.0))
        ),
    )

    result = run(unknown)

    assert unknown.mean_range == (5.0, 45.0)
    nothing = result.outcomes[0].probability_of_nothing
    assert abs(nothing.value - 0.25) < 4.0 * nothing.standard_error


def test_the_mean_of_many_runs_strays_as_the_standard_error_says() -> None:
    """The error is that of the estimate: 40 seeds scatter about the closed form by about it."""
    results = [run(B, seed=seed, n_paths=4_000).outcomes[0] for seed in range(40)]

    strays = [(row.total.mean - 50.0) / row.total.standard_error for row in results]
    assert 0.6 < float(np.std(strays)) < 1.5
    equivalents = [found for row in results if (found := row.certainty_equivalents[0])]
    assert len(equivalents) == 40
    exact = 1.0 / (0.5 / 10 + 0.2 / 60 + 0.3 / 110)
    strays = [(row.value - exact) / row.standard_error for row in equivalents]
    assert 0.6 < float(np.std(strays)) < 1.5


# --- certainty equivalents -----------------------------------------------------------------------


def test_certainty_equivalent_worked_by_hand() -> None:
    totals = np.array([100.0, 400.0])

    assert {
        aversion: round(found.value, 6)
        for aversion in (0.0, 1.0, 2.0)
        if (found := certainty_equivalent(totals, risk_aversion=aversion))
    } == {0.0: 250.0, 1.0: 200.0, 2.0: 160.0}


@pytest.mark.parametrize("aversion", [0.5, 3.0, 4.0, 4.5, 12.0])
def test_certainty_equivalent_is_the_sum_of_the_same_utility(aversion: float) -> None:
    totals = np.array([100.0, 150.0, 400.0])

    found = certainty_equivalent(totals, risk_aversion=aversion)

    assert found is not None
    power = 1.0 - aversion
    utilities = [amount**power for amount in totals.tolist()]
    assert found.value**power == pytest.approx(math.fsum(utilities) / 3, rel=1e-9)


def test_without_equity_the_mean_is_what_is_certain() -> None:
    assert offer(40.0).mean_range == (40.0, 40.0)


def test_certainty_equivalent_of_a_certain_sum_is_that_sum() -> None:
    found = certainty_equivalent(np.full(10, 7e6), risk_aversion=4.0)

    assert found == pytest.approx((7e6, 0.0))


def test_a_chance_of_nothing_at_all_has_no_equivalent_for_the_careful() -> None:
    totals = np.array([0.0, 10.0])

    assert certainty_equivalent(totals, risk_aversion=1.0) is None
    assert certainty_equivalent(totals, risk_aversion=0.0) == pytest.approx((5.0, 5.0))


@given(
    st.lists(st.floats(1e-2, 1e9), min_size=2, max_size=50),
    st.floats(0.0, 6.0),
    st.floats(0.0, 6.0),
)
def test_more_aversion_is_never_worth_more(values: list[float], one: float, two: float) -> None:
    totals = np.array(values)
    calm = certainty_equivalent(totals, risk_aversion=min(one, two))
    careful = certainty_equivalent(totals, risk_aversion=max(one, two))

    assert calm is not None
    assert careful is not None
    assert careful.value <= calm.value * (1.0 + 1e-6)
    assert min(values) * (1 - 1e-6) <= careful.value <= max(values) * (1 + 1e-6)


# --- too close to call ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "error", "is_close"),
    [
        ((1.0, 2.0), (2.0, 3.0), 0.0, True),
        ((1.0, 1.9), (2.0, 3.0), 0.0, False),
        ((2.0, 3.0), (1.0, 1.9), 0.0, False),
        ((1.0, 1.9), (2.0, 3.0), 0.06, True),
        ((2.5, 2.5), (2.0, 3.0), 0.0, True),
    ],
)
def test_too_close_to_call_follows_from_the_ranges(
    one: tuple[float, float], other: tuple[float, float], error: float, is_close: bool
) -> None:
    assert is_too_close_to_call(one, other, standard_error=error) is is_close


# --- laws ----------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_any_order_of_chunks() -> None:
    def chunks() -> Any:
        return simulate_jointly_in_chunks(
            [A, B, C], sector_correlation=0.3, n_paths=10_001, seed=11, n_chunks=7
        )

    one = merge_joint(chunks(), [A, B, C], risk_aversions=[2.0])
    two = merge_joint(reversed(list(chunks())), [A, B, C], risk_aversions=[2.0])

    for first, second in zip(one.outcomes, two.outcomes, strict=True):
        assert first.total.sorted_payouts.tobytes() == second.total.sorted_payouts.tobytes()
        assert first.certainty_equivalents == second.certainty_equivalents
    assert one.beats == two.beats
    assert one.n_paths == 10_001


@given(st.integers(0, 100).map(lambda percent: percent / 100), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_chances_of_two_offers_leave_room_for_ties_only(correlation: float, seed: int) -> None:
    result = run(B, C, correlation=correlation, seed=seed, n_paths=2_000)

    total = result.beats[0][1].value + result.beats[1][0].value
    assert total == pytest.approx(1.0)  # no total of B is one of C
    for outcome in result.outcomes:
        assert len(outcome.total.dots) == 20
        assert (np.diff(outcome.total.dots) >= 0.0).all()
        assert math.isfinite(outcome.total.standard_error)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: run(n_paths=10), InvalidSimulation),
        (lambda: run(A, n_paths=1, n_chunks=1), InvalidSimulation),
        (lambda: run(A, n_paths=10, n_chunks=11), InvalidSimulation),
        (lambda: merge_joint([], [A], risk_aversions=[1.0]), InvalidSimulation),
        (lambda: run(A, correlation=1.5), InvalidFigure),
        (lambda: run(A, risk_aversion=-1.0), InvalidFigure),
        (
            lambda: JointOffer(
                fixed=0.0,
                cases=(OutcomeCase(weight=0.5, payoff=ALL, distribution=scenarios((1.0, 1.0))),),
            ),
            InvalidFigure,
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused(make: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make()
