"""What later rounds leave of a share, and the plain arithmetic of options.

Shares are not rounded to whole ones.

References
----------
Conventions: tests/reference/golden/vesting_cases.json (`outcomes`). Worked examples:
docs/valuation.md#dilution.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import (
    InvalidFigure,
    check_number,
    check_positive,
    check_rate,
)
from offers.valuation.vesting_terms import FloatArray

PROBABILITY_TOLERANCE: Final = 1e-9


# --- a share of the company, round after round ---------------------------------------------------


def retained_fraction(dilution_fractions: npt.ArrayLike) -> FloatArray:
    """Return the part of an ownership that is left after rounds that each sell a fraction.

    Parameters
    ----------
    dilution_fractions : shape (..., n_rounds)
        The fraction of the company after each round that is new to it, in [0, 1].

    Returns
    -------
    shape (...)
        The product of (1 - dilution); 1 after no round.
    """
    left: FloatArray = np.prod(1.0 - np.asarray(dilution_fractions, dtype=np.float64), axis=-1)
    return left


def retained_after_issuance(issuance_multiples: npt.ArrayLike) -> FloatArray:
    """Return the part of an ownership that is left after the share count grew by multiples.

    Parameters
    ----------
    issuance_multiples : shape (..., n_rounds)
        Shares after a round over shares before it, at least 1.

    Returns
    -------
    shape (...)
        One over the product of the multiples.
    """
    grown: FloatArray = np.prod(np.asarray(issuance_multiples, dtype=np.float64), axis=-1)
    return 1.0 / grown


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureRound:
    """A round priced on all shares before it, with new options created after pricing.

    `new_pool_fraction_post` of the final share count is new pool, which dilutes the round too.
    """

    name: str
    pre_money_valuation: float
    investment_amount: float
    new_pool_fraction_post: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a company worth nothing and a pool that is all of it."""
        check_positive("pre_money_valuation", self.pre_money_valuation)
        check_number("investment_amount", self.investment_amount)
        check_rate("new_pool_fraction_post", self.new_pool_fraction_post)
        if self.new_pool_fraction_post == 1.0:
            raise InvalidFigure("new_pool_fraction_post", "must be below 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOutcome:
    """A round once closed. `ownership_fractions` has what each round's investors hold after it."""

    name: str
    price_per_share: float
    fully_diluted_shares_before: float
    investor_shares: float
    pool_shares_created: float
    fully_diluted_shares_after: float
    ownership_fraction_sold: float
    ownership_fractions: Mapping[str, float]


def dilution_path(
    rounds: Sequence[FutureRound], *, fully_diluted_shares: float
) -> tuple[RoundOutcome, ...]:
    """Return every round in turn, for a company with so many shares before the first.

    `fully_diluted_shares` over the last `fully_diluted_shares_after` is what a holder of today
    keeps. `ownership_fraction_sold` is before the new pool.
    """
    check_positive("fully_diluted_shares", fully_diluted_shares)
    outcomes: list[RoundOutcome] = []
    investor_shares: dict[str, float] = {}
    before = fully_diluted_shares
    for index, row in enumerate(rounds):
        if row.name in investor_shares:
            raise InvalidFigure(f"rounds[{index}].name", "must differ from the rounds before it")
        price = row.pre_money_valuation / before
        sold = row.investment_amount / price
        after = (before + sold) / (1.0 - row.new_pool_fraction_post)
        investor_shares[row.name] = sold
        outcomes.append(
            RoundOutcome(
                name=row.name,
                price_per_share=price,
                fully_diluted_shares_before=before,
                investor_shares=sold,
                pool_shares_created=after - before - sold,
                fully_diluted_shares_after=after,
                ownership_fraction_sold=sold / (before + sold),
                ownership_fractions=MappingProxyType(
                    {name: shares / after for name, shares in investor_shares.items()}
                ),
            )
        )
        before = after
    return tuple(outcomes)


# --- options -------------------------------------------------------------------------------------


def option_gain(
    quantity: npt.ArrayLike, *, exercise_price: npt.ArrayLike, share_price: npt.ArrayLike
) -> FloatArray:
    """Return what options pay beyond their exercise cost, never less than nothing.

    Everything broadcasts. 64,000 options at 3.17 gain 530,560 when a share is worth 11.46.
    """
    price = np.asarray(share_price, dtype=np.float64)
    strike = np.asarray(exercise_price, dtype=np.float64)
    return np.asarray(quantity, dtype=np.float64) * np.maximum(0.0, price - strike)


def option_payoff(gross_payout: float, *, exercise_cost: float) -> float:
    """Return what is left of a payout after paying to exercise; a loss where that cost more."""
    check_number("gross_payout", gross_payout)
    check_number("exercise_cost", exercise_cost)
    return gross_payout - exercise_cost


def option_payoff_after_dilution(
    *,
    ownership_fraction: float,
    dilution_fractions: Sequence[float],
    exit_proceeds: float,
    exercise_cost: float,
) -> float:
    """Return the payoff of an ownership that rounds dilute before the exit.

    Nobody is paid ahead of it: with preferred shares, take the waterfall.
    """
    check_rate("ownership_fraction", ownership_fraction)
    check_number("exit_proceeds", exit_proceeds)
    for index, dilution in enumerate(dilution_fractions):
        check_rate(f"dilution_fractions[{index}]", dilution)
    left = float(retained_fraction(list(dilution_fractions)))
    return option_payoff(ownership_fraction * left * exit_proceeds, exercise_cost=exercise_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedValue:
    """Payouts of each outcome, the same weighted by probability, and their sum."""

    net_payouts: FloatArray
    weighted_payouts: FloatArray
    expected_value: float


def expected_value(
    *,
    option_quantity: float,
    fully_diluted_shares: float,
    exercise_price: float,
    exit_proceeds: Sequence[float],
    probabilities: Sequence[float],
) -> ExpectedValue:
    """Return what options pay in each outcome when every share gets the same.

    Parameters
    ----------
    exit_proceeds, probabilities : shape (n_outcomes,)
        The probabilities add up to 1, the outcome without any proceeds included.
    """
    check_number("option_quantity", option_quantity)
    check_positive("fully_diluted_shares", fully_diluted_shares)
    check_number("exercise_price", exercise_price)
    for index, (proceeds, probability) in enumerate(zip(exit_proceeds, probabilities, strict=True)):
        check_number(f"outcomes[{index}].exit_proceeds", proceeds)
        check_rate(f"outcomes[{index}].probability", probability)
    if not math.isclose(sum(probabilities), 1.0, rel_tol=0.0, abs_tol=PROBABILITY_TOLERANCE):
        raise InvalidFigure("outcomes", "must have probabilities that add up to 1")
    net = option_gain(
        option_quantity,
        exercise_price=exercise_price,
        share_price=np.asarray(exit_proceeds, dtype=np.float64) / fully_diluted_shares,
    )
    weighted = net * np.asarray(probabilities, dtype=np.float64)
    return ExpectedValue(
        net_payouts=net, weighted_payouts=weighted, expected_value=float(weighted.sum())
    )
