"""Who is paid what if the company of an offer is sold for one price, line by line of its stack."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from config.figures import amounts
from offers.models import CapTable, EquityGrant, StockClass
from offers.selectors.terms import Terms
from offers.valuation import CapTable as EngineCapTable
from offers.valuation import ConversionRights, Participation, StockClassType, payout_curve
from offers.valuation import StockClass as EngineClass

COMMON: Final = "common"
YOURS: Final = "yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What one line of the stack gets, in the currency of the cap table, and why."""

    key: str
    name: str
    payout: float
    share: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitSplit:
    """One sale, shared out: lenders first, then classes from the senior one down, then common."""

    exit_proceeds: float
    slices: tuple[Slice, ...]
    yours: Slice
    ownership: float
    at_ownership: float
    """What the percentage of the company alone would suggest, which nobody is paid."""


def exit_split(terms: Terms, exit_proceeds: Decimal) -> ExitSplit | None:
    """Return who gets what of a sale; None where the stack, or the one option grant, is not known.

    The whole grant is taken as vested, and its exercise price as paid out of the proceeds.
    """
    table, grants = terms.cap_table, terms.grants
    if table is None or not table.fully_diluted_shares or not terms.stock_classes:
        return None
    if len(grants) != 1 or grants[0].quantity is None or grants[0].exercise_price is None:
        return None
    grant, quantity = grants[0], grants[0].quantity
    rows = sorted(terms.stock_classes, key=lambda row: row.seniority, reverse=True)
    ahead = sum((row.shares * row.conversion_ratio for row in rows), start=Decimal(0))
    curve = payout_curve(
        EngineCapTable(
            classes=(
                *(_engine_class(place, row) for place, row in enumerate(rows)),
                EngineClass(
                    id=COMMON,
                    type=StockClassType.COMMON,
                    shares=float(max(table.fully_diluted_shares - ahead - quantity, Decimal(0))),
                ),
                EngineClass(
                    id=YOURS,
                    type=StockClassType.OPTION,
                    shares=float(quantity),
                    exercise_price=float(grant.exercise_price),
                ),
            )
        )
    )
    net = max(exit_proceeds - (table.debt or 0), Decimal(0))
    payouts, price = curve.exact_payouts(Fraction(net))
    paid = dict(zip(curve.class_ids, map(float, payouts), strict=True))
    deciding = curve.deciding_classes(Fraction(net))

    def slice_of(key: str, name: str, payout: float, words: str) -> Slice:
        share = payout / float(exit_proceeds) if exit_proceeds else 0.0
        return Slice(key=key, name=name, payout=payout, share=share, words=words)

    lenders = []
    if table.debt:
        owed = float(min(table.debt, exit_proceeds))
        lenders.append(slice_of("debt", "Lenders", owed, "Paid before anybody’s shares"))
    investors = [
        slice_of(
            f"class-{place}",
            row.name,
            paid[f"class-{place}"],
            _class_in_words(row, paid[f"class-{place}"], converts=f"class-{place}" in deciding),
        )
        for place, row in enumerate(rows)
    ]
    ownership = float(quantity / table.fully_diluted_shares)
    yours = slice_of(YOURS, "You", paid[YOURS], _grant_in_words(grant, table, float(price)))
    everybody = "Founders, employees and all others with common stock"
    return ExitSplit(
        exit_proceeds=float(exit_proceeds),
        slices=(*lenders, *investors, slice_of(COMMON, "Common stock", paid[COMMON], everybody)),
        yours=yours,
        ownership=ownership,
        at_ownership=ownership * float(exit_proceeds),
    )


def _engine_class(place: int, row: StockClass) -> EngineClass:
    is_capped = row.participation == StockClass.Participation.CAPPED
    return EngineClass(
        id=f"class-{place}",
        type=StockClassType.PREFERRED,
        shares=float(row.shares),
        price_per_share=float(row.price_per_share),
        seniority=float(row.seniority),
        liquidation_preference_multiple=float(row.liquidation_preference_multiple),
        participation=Participation(row.participation),
        participation_cap_multiple=float(row.participation_cap_multiple)
        if is_capped and row.participation_cap_multiple is not None
        else None,
        conversion_rights=ConversionRights(ratio=float(row.conversion_ratio)),
    )


def _class_in_words(row: StockClass, payout: float, *, converts: bool) -> str:
    invested = float(row.shares * row.price_per_share)
    claim = invested * float(row.liquidation_preference_multiple)
    if converts:
        return "Converts to common stock: that pays more than its preference"
    if payout < claim * (1 - 1e-9):
        return "Gets only part of its money back" if payout else "Gets nothing: others come first"
    if row.participation == StockClass.Participation.NONE or payout <= claim * (1 + 1e-9):
        return f"Takes its money back first, {_times(row.liquidation_preference_multiple)}"
    cap = row.participation_cap_multiple
    if cap is None:
        return "Takes its money back first, and then a share of the rest"
    if payout >= invested * float(cap) * (1 - 1e-9):
        return f"Takes its money back and a share of the rest, stopped at {_times(cap)}"
    return f"Takes its money back first, and then a share of the rest, up to {_times(cap)}"


def _grant_in_words(grant: EquityGrant, table: CapTable, price: float) -> str:
    cost = amounts.price(grant.exercise_price or 0, table.currency)
    share = amounts.price(round(price, 2), table.currency)
    units = amounts.count(grant.quantity or 0)
    if price <= float(grant.exercise_price or 0):
        return f"A share gets {share} and an option costs {cost}, so {units} options pay nothing"
    return f"{units} options: a share gets {share}, and each option costs {cost}"


def _times(multiple: Decimal) -> str:
    return f"{multiple.normalize():f}x"
