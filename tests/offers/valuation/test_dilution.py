"""What rounds leave of a share, and what options pay."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.dilution import (
    FutureRound,
    dilution_path,
    expected_value,
    option_gain,
    option_payoff,
    option_payoff_after_dilution,
    retained_after_issuance,
    retained_fraction,
)

GOLDEN = Path(__file__).parents[2] / "reference" / "golden" / "vesting_cases.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["outcomes"]
}
TESTED_HERE = {"dilution_path", "expected_value", "option_payoff", "option_payoff_after_dilution"}
TESTED_WITH_ROUNDS = {"priced_round", "safe_conversion"}

fractions = st.integers(0, 99).map(lambda percent: percent / 100)


# --- worked examples -----------------------------------------------------------------------------


def test_every_golden_kind_is_tested() -> None:
    kinds = {case["kind"] for case in CASES.values()}

    assert len(CASES) == 7
    assert kinds <= TESTED_HERE | TESTED_WITH_ROUNDS


def test_golden_outcome_table_adds_up_to_197_500_not_27_025() -> None:
    case = CASES["bussgang-table-8-2"]
    inputs, expected = case["inputs"], case["expected"]

    answer = expected_value(
        option_quantity=inputs["option_quantity"],
        fully_diluted_shares=inputs["fully_diluted_shares"],
        exercise_price=inputs["exercise_price"],
        exit_proceeds=[row["exit_proceeds"] for row in inputs["outcomes"]],
        probabilities=[row["probability"] for row in inputs["outcomes"]],
    )

    assert answer.net_payouts == pytest.approx(expected["net_payouts"], abs=case["tolerance"])
    assert answer.weighted_payouts == pytest.approx(
        expected["weighted_payouts"], abs=case["tolerance"]
    )
    assert answer.expected_value == pytest.approx(expected["expected_value"], abs=case["tolerance"])


def test_golden_option_payoff() -> None:
    case = CASES["secfi-net-gain"]

    payoff = option_payoff(
        case["inputs"]["gross_payout"], exercise_cost=case["inputs"]["exercise_cost"]
    )

    assert payoff == case["expected"]["net_payout"] == 25_000


def test_golden_dilution_fractions() -> None:
    case = CASES["carta-2023-compounded"]

    left = retained_fraction(case["inputs"]["dilution_fractions"])

    assert float(left) == pytest.approx(
        case["expected"]["retained_fraction"], rel=0, abs=case["tolerance"]
    )


def test_golden_rounds() -> None:
    case = CASES["foresight-six-rounds"]
    rounds = [FutureRound(**row) for row in case["inputs"]["rounds"]]

    path = dilution_path(rounds, fully_diluted_shares=case["inputs"]["fully_diluted_shares"])

    assert len(path) == len(case["expected"]["rounds"]) == 6
    for outcome, expected in zip(path, case["expected"]["rounds"], strict=True):
        assert outcome.name == expected.pop("round")
        assert dict(outcome.ownership_fractions) == pytest.approx(
            expected.pop("ownership_fractions"), abs=1e-9
        )
        answered = {name: getattr(outcome, name) for name in expected}
        assert answered == pytest.approx(expected, rel=1e-12, abs=case["tolerance"])


def test_golden_rounds_agree_with_the_figures_printed() -> None:
    case = CASES["foresight-six-rounds"]
    rounds = [FutureRound(**row) for row in case["inputs"]["rounds"]]

    path = dilution_path(rounds, fully_diluted_shares=10_000_000)

    printed = case["published"]
    assert [round(row.price_per_share, 4) for row in path] == printed["price_per_share"]
    assert [round(row.ownership_fractions["Seed"], 4) for row in path] == (
        printed["seed_ownership_fractions"]
    )
    assert [round(sum(row.ownership_fractions.values()), 4) for row in path] == (
        printed["all_investors_ownership_fractions"]
    )


@pytest.mark.parametrize(
    ("share_price", "gain"), [(0.0, 0), (3.17, 0), (11.46, 530_560), (22.92, 1_264_000)]
)
def test_64_000_options_at_3_17(share_price: float, gain: float) -> None:
    cost = 64_000 * 3.17

    assert cost == pytest.approx(202_880)
    assert float(
        option_gain(64_000, exercise_price=3.17, share_price=share_price)
    ) == pytest.approx(gain, abs=1e-6)


def test_an_ownership_is_diluted_before_it_is_paid() -> None:
    payoff = option_payoff_after_dilution(
        ownership_fraction=0.001,
        dilution_fractions=[0.2, 0.1],
        exit_proceeds=500e6,
        exercise_cost=60_000,
    )

    assert payoff == pytest.approx(0.001 * 0.8 * 0.9 * 500e6 - 60_000) == pytest.approx(300_000)


def test_a_payoff_below_its_cost_is_a_loss_and_a_gain_is_never_one() -> None:
    assert option_payoff(5_000, exercise_cost=30_000) == -25_000
    assert float(option_gain(10, exercise_price=5, share_price=4)) == 0


def test_arrays_of_paths_are_diluted_along_their_last_axis() -> None:
    rounds = np.array([[[0.2, 0.1], [0.0, 0.5]], [[0.0, 0.0], [1.0, 0.3]]])

    left = retained_fraction(rounds)

    assert left == pytest.approx(np.array([[0.72, 0.5], [1.0, 0.0]]))
    assert float(retained_fraction([])) == 1.0
    assert retained_after_issuance([[1.25, 2.0], [1.0, 1.0]]).tolist() == [0.4, 1.0]


# --- laws ----------------------------------------------------------------------------------------


@st.composite
def future_rounds(draw: st.DrawFn) -> list[FutureRound]:
    """Draw up to five rounds."""
    return [
        FutureRound(
            name=str(index),
            pre_money_valuation=draw(st.integers(1, 10**9)) * 1.0,
            investment_amount=draw(st.integers(0, 10**9)) * 1.0,
            new_pool_fraction_post=draw(fractions),
        )
        for index in range(draw(st.integers(1, 5)))
    ]


@given(future_rounds(), st.integers(1, 10**9))
def test_rounds_multiply_like_the_fractions_they_sell(
    rounds: list[FutureRound], shares: int
) -> None:
    path = dilution_path(rounds, fully_diluted_shares=shares)

    sold = [
        1 - (1 - row.ownership_fraction_sold) * (1 - future.new_pool_fraction_post)
        for row, future in zip(path, rounds, strict=True)
    ]
    multiples = [row.fully_diluted_shares_after / row.fully_diluted_shares_before for row in path]
    kept = shares / path[-1].fully_diluted_shares_after
    assert kept == pytest.approx(float(retained_fraction(sold)), rel=1e-9)
    assert kept == pytest.approx(float(retained_after_issuance(multiples)), rel=1e-9)


@given(future_rounds(), st.integers(1, 10**9))
def test_shares_of_a_round_add_up_and_each_follows_the_last(
    rounds: list[FutureRound], shares: int
) -> None:
    path = dilution_path(rounds, fully_diluted_shares=shares)

    before = float(shares)
    for row, future in zip(path, rounds, strict=True):
        assert row.fully_diluted_shares_before == before
        assert row.price_per_share * before == pytest.approx(future.pre_money_valuation)
        parts = before + row.investor_shares + row.pool_shares_created
        assert parts == pytest.approx(row.fully_diluted_shares_after)
        assert row.pool_shares_created == pytest.approx(
            future.new_pool_fraction_post * row.fully_diluted_shares_after, abs=1e-6 * parts
        )
        before = row.fully_diluted_shares_after


@given(st.lists(fractions, max_size=6), fractions)
def test_one_more_round_never_leaves_more(earlier: list[float], later: float) -> None:
    assert float(retained_fraction([*earlier, later])) <= float(retained_fraction(earlier))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_the_expected_value_lies_between_the_worst_and_the_best(proceeds: list[int]) -> None:
    answer = expected_value(
        option_quantity=1_000,
        fully_diluted_shares=1e6,
        exercise_price=5,
        exit_proceeds=proceeds,
        probabilities=[1 / len(proceeds)] * len(proceeds),
    )

    low, high = answer.net_payouts.min(), answer.net_payouts.max()
    assert low - 1e-6 <= answer.expected_value <= high + 1e-6
    assert low >= 0


# --- what no figure may be -----------------------------------------------------------------------


def _outcomes(**changes: Any) -> object:
    """Return the expected value of two even outcomes, changed in one place."""
    usual = {
        "option_quantity": 1.0,
        "fully_diluted_shares": 1.0,
        "exercise_price": 1.0,
        "exit_proceeds": [0.0, 1.0],
        "probabilities": [0.5, 0.5],
    }
    return expected_value(**(usual | changes))


def _diluted(**changes: Any) -> float:
    """Return an option payoff after one round, changed in one place."""
    usual = {
        "ownership_fraction": 0.1,
        "dilution_fractions": [0.2],
        "exit_proceeds": 1.0,
        "exercise_cost": 0.0,
    }
    return option_payoff_after_dilution(**(usual | changes))


def _round(**changes: Any) -> FutureRound:
    """Return a round, changed in one place."""
    usual = {"name": "A", "pre_money_valuation": 4.0, "investment_amount": 1.0}
    return FutureRound(**(usual | changes))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: _outcomes(option_quantity=-1.0), "option_quantity"),
        (lambda: _outcomes(fully_diluted_shares=0.0), "fully_diluted_shares"),
        (lambda: _outcomes(exercise_price=-1.0), "exercise_price"),
        (lambda: _outcomes(exit_proceeds=[0.0, -1.0]), "outcomes[1].exit_proceeds"),
        (lambda: _outcomes(probabilities=[-0.5, 1.5]), "outcomes[0].probability"),
        (lambda: _outcomes(probabilities=[0.5, 0.4]), "outcomes"),
        (lambda: option_payoff(-1.0, exercise_cost=0.0), "gross_payout"),
        (lambda: option_payoff(1.0, exercise_cost=-1.0), "exercise_cost"),
        (lambda: _diluted(ownership_fraction=1.5), "ownership_fraction"),
        (lambda: _diluted(dilution_fractions=[0.1, 1.5]), "dilution_fractions[1]"),
        (lambda: _diluted(exit_proceeds=-1.0), "exit_proceeds"),
        (lambda: _diluted(exercise_cost=-1.0), "exercise_cost"),
        (lambda: _round(pre_money_valuation=0.0), "pre_money_valuation"),
        (lambda: _round(investment_amount=-1.0), "investment_amount"),
        (lambda: _round(new_pool_fraction_post=1.0), "new_pool_fraction_post"),
        (lambda: _round(new_pool_fraction_post=1.5), "new_pool_fraction_post"),
        (lambda: dilution_path([], fully_diluted_shares=0.0), "fully_diluted_shares"),
        (
            lambda: dilution_path([_round(), _round()], fully_diluted_shares=1.0),
            "rounds[1].name",
        ),
    ],
)
def test_figures_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field
