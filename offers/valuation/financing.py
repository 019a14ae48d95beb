"""A cap table after a round with terms of its own, and with SAFEs and notes still unconverted.

A round adds a class and a pool. Sold below what earlier preferred paid, it lowers the conversion
price of the classes that are protected against that. Where no round converts them, SAFEs and notes
meet the exit as classes of their own.

References
----------
National Venture Capital Association, model certificate of incorporation, art. 4.4.4 (weighted
average). Y Combinator, "Post-money safe", section 1(b). Worked examples: docs/valuation.md#rounds.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from offers.valuation.bounds import InvalidFigure, check_positive, exact
from offers.valuation.captable import (
    CapTable,
    ConversionRights,
    Dividends,
    Participation,
    StockClass,
    StockClassType,
)
from offers.valuation.rounds import ConvertibleNote, Safe, priced_round

_ZERO: Final = Fraction(0)
_ONE_FOR_ONE: Final = ConversionRights()
_UNPROTECTED: Final[Mapping[str, "AntiDilution"]] = MappingProxyType({})


class AntiDilution(StrEnum):
    """What a round below the conversion price of a class does to that price."""

    NONE = "none"
    BROAD_BASED_WEIGHTED_AVERAGE = "broad_based_weighted_average"
    FULL_RATCHET = "full_ratchet"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancingRound:
    """A priced round and the terms of its class.

    Its price counts every share before it, pool and protected classes as they convert before the
    adjustment; `new_pool_fraction_post` of the shares after closing is new pool, paid for by them.
    `is_senior` puts it ahead of all earlier classes, else it shares the most senior tier.
    """

    id: str
    pre_money_valuation: float
    investment_amount: float
    new_pool_fraction_post: float = 0.0
    is_senior: bool = False
    liquidation_preference_multiple: float = 1.0
    participation: Participation = Participation.NONE
    participation_cap_multiple: float | None = None
    conversion_rights: ConversionRights | None = _ONE_FOR_ONE
    dividends: Dividends | None = None

    def __post_init__(self) -> None:
        """Refuse a round of nothing; the class it makes checks the rest."""
        check_positive("investment_amount", self.investment_amount)


def adjusted_conversion_price(
    protection: AntiDilution,
    *,
    conversion_price: float,
    price_per_share: float,
    investment_amount: float,
    shares_before: float,
) -> float:
    """Return a conversion price after a round; unchanged unless the round is below it.

    The weighted average is CP x (A + B) / (A + C): A is every common share outstanding before,
    options exercised and preferred converted; B is what the money would have bought at CP, C what
    it buys. A full ratchet takes the price of the round, however small.

    By hand: CP 1.00, 2 M shares, 500,000 raised at 0.50: (2 + 0.5) / (2 + 1) = 0.8333.
    """
    check_positive("conversion_price", conversion_price)
    check_positive("price_per_share", price_per_share)
    check_positive("investment_amount", investment_amount)
    check_positive("shares_before", shares_before)
    if protection is AntiDilution.NONE or price_per_share >= conversion_price:
        return conversion_price
    if protection is AntiDilution.FULL_RATCHET:
        return price_per_share
    at_old = investment_amount / conversion_price
    issued = investment_amount / price_per_share
    return conversion_price * (shares_before + at_old) / (shares_before + issued)


def after_round(
    cap_table: CapTable,
    financing_round: FinancingRound,
    *,
    protections: Mapping[str, AntiDilution] = _UNPROTECTED,
) -> CapTable:
    """Return the cap table once a round has closed.

    Parameters
    ----------
    cap_table
        Before the round, with at least one share.
    protections
        By class id; a class without an entry keeps its conversion price.

    Raises
    ------
    InvalidFigure
        If the id is taken, or the pool leaves nothing of the pre-money valuation.
    """
    classes = cap_table.classes
    outstanding = sum((_outstanding(row) for row in classes), _ZERO)
    pool = sum((exact(row.shares) for row in classes if _is_pool(row)), _ZERO)
    priced = priced_round(
        fully_diluted_shares_before=float(outstanding + pool),
        pre_money_valuation=financing_round.pre_money_valuation,
        investment_amount=financing_round.investment_amount,
        pool_fraction_post=financing_round.new_pool_fraction_post,
    )
    new_class = StockClass(
        id=financing_round.id,
        type=StockClassType.PREFERRED,
        shares=priced.investor_shares,
        invested_amount=financing_round.investment_amount,
        seniority=_most_senior(classes) + float(financing_round.is_senior),
        liquidation_preference_multiple=financing_round.liquidation_preference_multiple,
        participation=financing_round.participation,
        participation_cap_multiple=financing_round.participation_cap_multiple,
        conversion_rights=financing_round.conversion_rights,
        dividends=financing_round.dividends,
    )
    adjusted = tuple(
        _protected(
            row,
            protections.get(row.id, AntiDilution.NONE),
            price_per_share=priced.price_per_share,
            investment_amount=financing_round.investment_amount,
            shares_before=float(outstanding),
        )
        for row in classes
    )
    grown = StockClass(
        id=f"{financing_round.id} pool",
        type=StockClassType.UNISSUED_POOL,
        shares=priced.unissued_pool_shares,
    )
    return CapTable(classes=(*adjusted, new_class, *((grown,) if grown.shares else ())))


def with_unconverted(
    cap_table: CapTable, *, safes: Sequence[Safe] = (), notes: Sequence[ConvertibleNote] = ()
) -> CapTable:
    """Return a cap table in which SAFEs and notes meet an exit without a round before it.

    A SAFE ranks beside the most senior preferred and takes the better of its money (more, by its
    discount) and the shares that its cap gives; without a cap it takes the former. A note is debt,
    ahead of all preferred: principal and interest, or the shares that its cap gives. Shares are
    counted as if every SAFE with a cap converted, which is how many it is once all are worth it.
    """
    base = sum((_outstanding(row) for row in cap_table.classes), _ZERO)
    sold = sum(
        (
            exact(row.investment_amount) / exact(row.valuation_cap)
            for row in safes
            if row.valuation_cap
        ),
        _ZERO,
    )
    if sold >= 1:
        raise InvalidFigure("safes", "have caps that sell the whole company")
    top = _most_senior(cap_table.classes)
    capitalization = base / (1 - sold)
    classes = [
        _safe_class(f"safe {place}", safe, capitalization, seniority=top)
        for place, safe in enumerate(safes, start=1)
    ]
    classes += [
        _note_class(f"note {place}", note, base, seniority=top + 1.0)
        for place, note in enumerate(notes, start=1)
    ]
    return CapTable(classes=(*cap_table.classes, *classes))


def _safe_class(
    class_id: str, safe: Safe, capitalization: Fraction, *, seniority: float
) -> StockClass:
    shares = _ZERO
    if safe.valuation_cap is not None:
        shares = exact(safe.investment_amount) / exact(safe.valuation_cap) * capitalization
    return StockClass(
        id=class_id,
        type=StockClassType.PREFERRED,
        shares=float(shares),
        invested_amount=float(safe.least_worth),
        seniority=seniority,
        conversion_rights=_ONE_FOR_ONE if safe.valuation_cap is not None else None,
    )


def _note_class(
    class_id: str, note: ConvertibleNote, base: Fraction, *, seniority: float
) -> StockClass:
    shares = _ZERO
    if note.valuation_cap is not None:
        shares = note.balance / exact(note.valuation_cap) * base
    return StockClass(
        id=class_id,
        type=StockClassType.PREFERRED,
        shares=float(shares),
        invested_amount=note.principal,
        seniority=seniority,
        conversion_rights=_ONE_FOR_ONE if note.valuation_cap is not None else None,
        dividends=Dividends(accrued_amount=float(note.interest)),
    )


def _protected(
    row: StockClass,
    protection: AntiDilution,
    *,
    price_per_share: float,
    investment_amount: float,
    shares_before: float,
) -> StockClass:
    """Return the class with its conversion price after the round."""
    is_convertible = row.type is StockClassType.PREFERRED and row.conversion_rights is not None
    if protection is AntiDilution.NONE or not is_convertible or not row.as_converted_shares:
        return row
    before = float(row.invested / row.as_converted_shares)
    if before <= 0.0:
        return row
    after = adjusted_conversion_price(
        protection,
        conversion_price=before,
        price_per_share=price_per_share,
        investment_amount=investment_amount,
        shares_before=shares_before,
    )
    if after == before or row.conversion_rights is None:
        return row
    rights = dataclasses.replace(row.conversion_rights, ratio=None, conversion_price=after)
    return dataclasses.replace(row, conversion_rights=rights)


def _is_pool(row: StockClass) -> bool:
    return row.type is StockClassType.UNISSUED_POOL


def _outstanding(row: StockClass) -> Fraction:
    """Return the common shares a class stands for, vested or not; the pool is not outstanding."""
    if _is_pool(row):
        return _ZERO
    if row.type is StockClassType.PREFERRED:
        return row.as_converted_shares
    return exact(row.shares) + exact(row.unvested_shares)


def _most_senior(classes: Sequence[StockClass]) -> float:
    """Return the tier paid first among preferred; 1 where there is none."""
    return max(
        (row.seniority for row in classes if row.type is StockClassType.PREFERRED), default=1.0
    )
