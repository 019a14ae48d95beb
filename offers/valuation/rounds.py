"""Rounds with their pool before the money, and the SAFEs and notes that convert in them.

Shares are not rounded to whole ones. Conversions are solved in exact rationals, so that a cap that
just binds, binds.

References
----------
Conventions: tests/reference/golden/vesting_cases.json (`outcomes`). Worked examples:
docs/valuation.md#rounds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
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
    """A post-money SAFE; `valuation_cap` is None where it has no cap.

    `discount_fraction` is taken off the price of the round; a SAFE buys at the lower of the price
    so reduced and the one its cap gives.
    """

    investment_amount: float
    valuation_cap: float | None
    discount_fraction: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a cap of nothing and a discount of everything."""
        check_number("investment_amount", self.investment_amount)
        if self.valuation_cap is not None:
            check_positive("valuation_cap", self.valuation_cap)
        _check_discount(self.discount_fraction)

    @property
    def least_worth(self) -> Fraction:
        """What its shares are worth at the price of the round if its cap does not bind."""
        return exact(self.investment_amount) / (1 - exact(self.discount_fraction))

    def worth(self, capitalization_money: Fraction) -> Fraction:
        """Return what its shares are worth, by the company capitalization at the round's price.

        With a cap below that, it is worth its fraction of the capitalization.
        """
        if self.valuation_cap is None:
            return self.least_worth
        fraction = exact(self.investment_amount) / exact(self.valuation_cap)
        return max(self.least_worth, fraction * capitalization_money)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertibleNote:
    """A loan that becomes shares in a round: principal and simple interest, at a reduced price.

    Its cap is a pre-money valuation: it buys at the lower of the discounted price of the round and
    the cap over the shares there were before notes and SAFEs, the pool of then among them.
    """

    principal: float
    interest_rate: float = 0.0
    years: float = 0.0
    valuation_cap: float | None = None
    discount_fraction: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a cap of nothing and a discount of everything."""
        check_number("principal", self.principal)
        check_rate("interest_rate", self.interest_rate)
        check_number("years", self.years, maximum=100.0)
        if self.valuation_cap is not None:
            check_positive("valuation_cap", self.valuation_cap)
        _check_discount(self.discount_fraction)

    @property
    def interest(self) -> Fraction:
        """What has accrued on the principal."""
        return exact(self.principal) * exact(self.interest_rate) * exact(self.years)

    @property
    def balance(self) -> Fraction:
        """Principal and interest: what converts."""
        return exact(self.principal) + self.interest

    @property
    def least_worth(self) -> Fraction:
        """What its shares are worth at the price of the round if its cap does not bind."""
        return self.balance / (1 - exact(self.discount_fraction))

    def worth(self, free_money: Fraction) -> Fraction:
        """Return what its shares are worth, by what the earlier shares are at the round's price."""
        if self.valuation_cap is None:
            return self.least_worth
        return max(self.least_worth, self.balance / exact(self.valuation_cap) * free_money)

    def conversion_price(self, *, price_per_share: float, shares_before: float) -> float:
        """Return at what price it buys in a round of this price.

        By hand, 25,000 with a cap of 5 M and a discount of 20% (FundersClub): at 10 M pre-money and
        5.00 a share the cap gives 2.50; at 6 M it would give 4.17, so the discount gives 4.00.
        """
        check_positive("price_per_share", price_per_share)
        check_positive("shares_before", shares_before)
        free_money = exact(price_per_share) * exact(shares_before)
        if not self.balance:
            return price_per_share
        return float(exact(price_per_share) * self.balance / self.worth(free_money))


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeConversion:
    """A round in which SAFEs and notes convert; shares of each in the order given."""

    price_per_share: float
    safe_shares: tuple[float, ...]
    company_capitalization_shares: float
    unissued_pool_shares: float
    series_shares: float
    fully_diluted_shares_after: float
    note_shares: tuple[float, ...] = ()


def safe_conversion(
    *,
    common_shares: float,
    unissued_pool_shares_before: float,
    safes: Sequence[Safe],
    pre_money_valuation: float,
    series_investment_amounts: Sequence[float],
    pool_fraction_post: float,
    notes: Sequence[ConvertibleNote] = (),
) -> SafeConversion:
    """Return the round in which post-money SAFEs and notes convert, solved exactly.

    A capped SAFE converts at the lower of cap / company capitalization and the round's price, less
    its discount; an uncapped one at the latter. Company capitalization counts every share, the pool
    before the round and all converted SAFEs and notes, but neither the new money nor what the pool
    grows by. The pool after closing is `pool_fraction_post` of all shares; it never shrinks. The
    pre-money valuation pays for all of it.

    Raises
    ------
    InvalidFigure
        If SAFEs, notes and pool leave nothing for the shares there are.

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
    pool_part = pool_before / shares_before

    def needed(free_money: Fraction) -> Fraction:
        """Return the pre-money valuation at which the earlier shares are worth so much."""
        grown = max(_ZERO, pool_money - pool_part * free_money)
        return _capitalization_money(free_money, safes, notes) + grown

    note_kinks = [
        exact(note.valuation_cap) / (1 - exact(note.discount_fraction))
        for note in notes
        if note.valuation_cap is not None
    ]
    kinks = [
        *note_kinks,
        *_safe_kinks(safes, notes),
        *([pool_money / pool_part] if pool_part else []),
    ]
    if sum((_fraction_sold(safe) for safe in safes), _ZERO) >= 1 or needed(_ZERO) >= pre_money:
        raise InvalidFigure("pre_money_valuation", "leaves nothing after SAFEs, notes and pool")
    free_money = _rising_line_root(needed, pre_money, kinks)
    price = free_money / shares_before
    capitalization_money = _capitalization_money(free_money, safes, notes)
    pool = max(pool_before, pool_money / price)
    capitalization = capitalization_money / price
    return SafeConversion(
        price_per_share=float(price),
        safe_shares=tuple(float(safe.worth(capitalization_money) / price) for safe in safes),
        company_capitalization_shares=float(capitalization),
        unissued_pool_shares=float(pool),
        series_shares=float((post_money - pre_money) / price),
        fully_diluted_shares_after=float(
            capitalization + pool - pool_before + (post_money - pre_money) / price
        ),
        note_shares=tuple(float(note.worth(free_money) / price) for note in notes),
    )


def _check_discount(discount_fraction: float) -> None:
    check_rate("discount_fraction", discount_fraction)
    if discount_fraction == 1.0:
        raise InvalidFigure("discount_fraction", "must be below 1")


def _fraction_sold(safe: Safe) -> Fraction:
    """Return the part of the capitalization that a SAFE has once its cap binds."""
    if safe.valuation_cap is None:
        return _ZERO
    return exact(safe.investment_amount) / exact(safe.valuation_cap)


def _capitalization_money(
    free_money: Fraction, safes: Sequence[Safe], notes: Sequence[ConvertibleNote]
) -> Fraction:
    """Return the company capitalization at the round's price: the M whose rest is `free_money`.

    M less what the SAFEs are worth at M has to cover the earlier shares and the notes. It rises
    with M and is straight between caps, so that the caps that bind are the lowest ones.
    """
    rest = free_money + sum((note.worth(free_money) for note in notes), _ZERO)
    fixed, fraction = rest + sum((safe.least_worth for safe in safes), _ZERO), _ZERO
    money = fixed
    for cap, safe in _by_cap(safes):
        if money <= cap:
            break
        fixed -= safe.least_worth
        fraction += _fraction_sold(safe)
        money = fixed / (1 - fraction)
    return money


def _by_cap(safes: Sequence[Safe]) -> list[tuple[Fraction, Safe]]:
    """Return the capped SAFEs by the capitalization from which their cap binds."""
    capped = [
        (exact(safe.valuation_cap) / (1 - exact(safe.discount_fraction)), safe)
        for safe in safes
        if safe.valuation_cap is not None
    ]
    return sorted(capped, key=lambda row: row[0])


def _safe_kinks(safes: Sequence[Safe], notes: Sequence[ConvertibleNote]) -> list[Fraction]:
    """Return what is free where a cap of a SAFE begins to bind, before and after note caps bind."""
    kinks = []
    for cap, _ in _by_cap(safes):
        rest = cap - sum((safe.worth(cap) for safe in safes), _ZERO)
        if rest > 0:
            kinks.append(
                _rising_line_root(
                    lambda free: free + sum((note.worth(free) for note in notes), _ZERO),
                    max(rest, sum((note.least_worth for note in notes), _ZERO)),
                    [
                        exact(note.valuation_cap) / (1 - exact(note.discount_fraction))
                        for note in notes
                        if note.valuation_cap is not None
                    ],
                )
            )
    return kinks


def _rising_line_root(
    function: Callable[[Fraction], Fraction], target: Fraction, kinks: Iterable[Fraction]
) -> Fraction:
    """Return where a rising function, straight between its kinks and at most `target` at 0, is it."""
    low = _ZERO
    for kink in sorted(kink for kink in kinks if kink > 0):
        if function(kink) >= target:
            high = kink
            break
        low = kink
    else:
        high = low + 1
    at_low, at_high = function(low), function(high)
    return low + (target - at_low) * (high - low) / (at_high - at_low) if at_high > at_low else low
