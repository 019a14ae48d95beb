"""Rounds with their pool before the money, and the SAFEs that convert in them.

Shares are not rounded to whole ones. SAFEs are solved in exact rationals, so that a cap that just
binds, binds.

References
----------
Conventions: tests/reference/golden/vesting_cases.json (`outcomes`). Worked examples:
docs/valuation.md#rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import sub
from typing import Final

from offers.valuation.bounds import (
    InvalidFigure,
    check_number,
    check_positive,
    check_rate,
    exact,
)

_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRound:
    """A round whose pool the holders before it pay for alone."""

    price_per_share: float
    unissued_pool_shares: float
    investor_shares: float
    founders_fraction: float
    effective_pre_money_valuation: float
    fully_diluted_shares_after: float


def priced_round(
    *,
    fully_diluted_shares_before: float,
    pre_money_valuation: float,
    investment_amount: float,
    pool_fraction_post: float,
) -> PricedRound:
    """Return a round with a pool created before the money, a fraction of the shares after closing.

    price = (pre-money - pool fraction x post-money) / shares before. What is left of the pre-money
    valuation once the pool is taken out of it is the effective one.
    """
    check_positive("fully_diluted_shares_before", fully_diluted_shares_before)
    check_positive("pre_money_valuation", pre_money_valuation)
    check_number("investment_amount", investment_amount)
    check_rate("pool_fraction_post", pool_fraction_post)
    post_money = pre_money_valuation + investment_amount
    effective = pre_money_valuation - pool_fraction_post * post_money
    if effective <= 0.0:
        raise InvalidFigure("pool_fraction_post", "must leave something of the pre-money valuation")
    price = effective / fully_diluted_shares_before
    return PricedRound(
        price_per_share=price,
        unissued_pool_shares=pool_fraction_post * post_money / price,
        investor_shares=investment_amount / price,
        founders_fraction=effective / post_money,
        effective_pre_money_valuation=effective,
        fully_diluted_shares_after=post_money / price,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """A post-money SAFE; `valuation_cap` is None where it has no cap."""

    investment_amount: float
    valuation_cap: float | None

    def __post_init__(self) -> None:
        """Refuse a cap of nothing."""
        check_number("investment_amount", self.investment_amount)
        if self.valuation_cap is not None:
            check_positive("valuation_cap", self.valuation_cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeConversion:
    """A round in which SAFEs convert; shares of each SAFE in the order given."""

    price_per_share: float
    safe_shares: tuple[float, ...]
    company_capitalization_shares: float
    unissued_pool_shares: float
    series_shares: float
    fully_diluted_shares_after: float


def safe_conversion(
    *,
    common_shares: float,
    unissued_pool_shares_before: float,
    safes: Sequence[Safe],
    pre_money_valuation: float,
    series_investment_amounts: Sequence[float],
    pool_fraction_post: float,
) -> SafeConversion:
    """Return the round in which post-money SAFEs convert, solved exactly.

    A capped SAFE converts at the lower of cap / company capitalization and the round's price, an
    uncapped one at the round's price. Company capitalization counts every share, the pool before
    the round and all converted SAFEs, but neither the new money nor what the pool grows by. The
    pool after closing is `pool_fraction_post` of all shares; it never shrinks.

    Raises
    ------
    InvalidFigure
        If SAFEs and pool leave nothing for the shares there are.

    References
    ----------
    Y Combinator, "Post-money safe user guide", section 1. Derivation: docs/valuation.md#rounds.
    """
    check_positive("common_shares", common_shares)
    check_number("unissued_pool_shares_before", unissued_pool_shares_before)
    check_positive("pre_money_valuation", pre_money_valuation)
    check_rate("pool_fraction_post", pool_fraction_post)
    for index, amount in enumerate(series_investment_amounts):
        check_number(f"series_investment_amounts[{index}]", amount)
    pre_money = exact(pre_money_valuation)
    post_money = pre_money + sum((exact(amount) for amount in series_investment_amounts), _ZERO)
    pool_before = exact(unissued_pool_shares_before)
    shares_before = exact(common_shares) + pool_before
    pool_money = exact(pool_fraction_post) * post_money

    capitalization_money, free_money = _capitalization_money(
        safes, pre_money=pre_money, pool_money=pool_money, pool_part=pool_before / shares_before
    )
    price = free_money / shares_before
    if price <= 0:
        raise InvalidFigure("pre_money_valuation", "leaves nothing after SAFEs and pool")
    pool = max(pool_before, pool_money / price)
    capitalization = capitalization_money / price
    return SafeConversion(
        price_per_share=float(price),
        safe_shares=tuple(
            float(_converted_money(safe, capitalization_money) / price) for safe in safes
        ),
        company_capitalization_shares=float(capitalization),
        unissued_pool_shares=float(pool),
        series_shares=float((post_money - pre_money) / price),
        fully_diluted_shares_after=float(
            capitalization + pool - pool_before + (post_money - pre_money) / price
        ),
    )


def _converted_money(safe: Safe, capitalization_money: Fraction) -> Fraction:
    """Return what a SAFE's shares are worth at the round's price.

    With a cap below the capitalization at that price, it is worth its fraction of the latter.
    """
    invested = exact(safe.investment_amount)
    if safe.valuation_cap is None:
        return invested
    return max(invested, invested / exact(safe.valuation_cap) * capitalization_money)


def _capitalization_money(
    safes: Sequence[Safe], *, pre_money: Fraction, pool_money: Fraction, pool_part: Fraction
) -> tuple[Fraction, Fraction]:
    """Return the company capitalization at the round's price, and what of it is not SAFEs.

    Let M be the former. The latter is free(M) = M minus what the SAFEs are worth at M, linear
    between the caps. The pre-money valuation pays for M and for what the pool grows by:

        M + max(0, pool_money - pool_part x free(M)) = pre_money

    The left side rises with M: a piece that ends before the solution puts its own beyond its end,
    one that begins after it does not.
    """
    capped = sorted(
        (exact(safe.valuation_cap), exact(safe.investment_amount))
        for safe in safes
        if safe.valuation_cap is not None
    )
    invested = sum((exact(safe.investment_amount) for safe in safes), _ZERO)
    # On piece k the first k caps bind: free(M) = slope x M - at_price.
    slopes = accumulate((amount / cap for cap, amount in capped), sub, initial=Fraction(1))
    at_prices = accumulate((amount for _, amount in capped), sub, initial=invested)
    pieces = [
        (
            # M if the pool does not grow, or if it does: the larger left side decides.
            min(
                pre_money,
                (pre_money - pool_money - pool_part * at_price) / (1 - pool_part * slope),
            ),
            slope,
            at_price,
        )
        for slope, at_price in zip(slopes, at_prices, strict=True)
    ]
    n_binding = sum(piece[0] > cap for piece, (cap, _) in zip(pieces, capped, strict=False))
    money, slope, at_price = pieces[n_binding]
    return money, slope * money - at_price
