"""The slow obvious twin of the waterfall: try every set of decisions, keep those nobody regrets.

It shares no formula with `offers.valuation.waterfall`: there is no residual price and no sweep. One
set of decisions is paid out the way a lawyer would, tier by tier, then share by share until no cap
binds any more; a set is an equilibrium if no single holder would get more by deciding otherwise.
"""

from collections.abc import Collection
from fractions import Fraction
from itertools import combinations

from offers.valuation import CapTable, StockClass


def equilibrium_payouts(
    cap_table: CapTable, net_proceeds: Fraction, *, forced: Collection[str] = ()
) -> list[dict[str, Fraction]]:
    """Return the payouts of every equilibrium; all should be the same."""
    paid: dict[frozenset[str], dict[str, Fraction]] = {}

    def payouts(deciding: frozenset[str]) -> dict[str, Fraction]:
        if deciding not in paid:
            paid[deciding] = payouts_given(cap_table, net_proceeds, deciding | set(forced))
        return paid[deciding]

    free = [row.id for row in cap_table.classes if _has_choice(row) and row.id not in forced]
    candidates = [
        frozenset(chosen) for size in range(len(free) + 1) for chosen in combinations(free, size)
    ]
    return [
        payouts(deciding)
        for deciding in candidates
        if all(payouts(deciding ^ {row})[row] <= payouts(deciding)[row] for row in free)
    ]


def payouts_given(
    cap_table: CapTable, net_proceeds: Fraction, deciding: Collection[str]
) -> dict[str, Fraction]:
    """Return the payouts if exactly these classes convert or exercise."""
    pot = net_proceeds
    paid = {row.id: Fraction(0) for row in cap_table.classes}
    for row in cap_table.classes:
        if row.id in deciding:
            pot += _shares(row) * _price_to_join(row)
            paid[row.id] -= _shares(row) * _price_to_join(row)

    claims = {
        row.id: _kept(row) if row.id in deciding else _claim(row)
        for row in cap_table.classes
        if row.type == "preferred"
    }
    seniority = {row.id: row.seniority for row in cap_table.classes}
    for tier in sorted({seniority[holder] for holder in claims}, reverse=True):
        owed = {holder: claim for holder, claim in claims.items() if seniority[holder] == tier}
        available = min(pot, sum(owed.values()))
        pot -= available
        for holder, claim in owed.items():
            if claim:
                paid[holder] += available * claim / sum(owed.values())

    room = {row.id: _room(row, deciding) for row in cap_table.classes}
    sharing = {
        row.id: _as_converted(row)
        for row in cap_table.classes
        if room[row.id] != 0 and _as_converted(row) != 0
    }
    while sharing and pot:
        per_share = pot / sum(sharing.values())
        capped = [
            holder
            for holder, shares in sharing.items()
            if (most := room[holder]) is not None and shares * per_share >= most
        ]
        if not capped:
            for holder, shares in sharing.items():
                paid[holder] += shares * per_share
            break
        for holder in capped:
            most = room[holder]
            assert most is not None
            paid[holder] += most
            pot -= most
            del sharing[holder]
    return paid


def _number(value: float | None) -> Fraction:
    return Fraction(str(value))


def _has_choice(row: StockClass) -> bool:
    if row.type == "preferred":
        return row.conversion_rights is not None
    return row.type in ("option", "warrant", "profits_interest")


def _shares(row: StockClass) -> Fraction:
    if row.type == "unissued_pool":
        return Fraction(0)
    counts = row.unvested_treatment in ("assumed", "accelerated")
    return _number(row.shares) + (_number(row.unvested_shares) if counts else 0)


def _price_to_join(row: StockClass) -> Fraction:
    """The exercise price; a profits interest pays its threshold in and out again."""
    if row.type in ("option", "warrant"):
        return _number(row.exercise_price)
    if row.type == "profits_interest":
        return _number(row.participation_threshold_per_share)
    return Fraction(0)


def _invested(row: StockClass) -> Fraction:
    if row.invested_amount is not None:
        return _number(row.invested_amount)
    return _number(row.price_per_share) * _shares(row)


def _dividends(row: StockClass) -> Fraction:
    terms = row.dividends
    if terms is None:
        return Fraction(0)
    fixed = _number(terms.accrued_amount) if terms.accrued_amount is not None else Fraction(0)
    if terms.rate is None or terms.type == "non_cumulative":
        return fixed
    if terms.type == "cumulative_simple":
        return fixed + _invested(row) * _number(terms.rate) * _number(terms.years)
    value = _invested(row)
    for _ in range(int(_number(terms.years))):
        value += value * _number(terms.rate)
    return fixed + value - _invested(row)


def _kept(row: StockClass) -> Fraction:
    is_kept = row.dividends is not None and row.dividends.is_paid_on_conversion
    return _dividends(row) if is_kept else Fraction(0)


def _claim(row: StockClass) -> Fraction:
    return _number(row.liquidation_preference_multiple) * _invested(row) + _dividends(row)


def _as_converted(row: StockClass) -> Fraction:
    if row.type != "preferred" or row.conversion_rights is None:
        return _shares(row)
    if row.conversion_rights.conversion_price is not None:
        if not _shares(row):
            return Fraction(0)
        price_per_share = _invested(row) / _shares(row)
        return _shares(row) * price_per_share / _number(row.conversion_rights.conversion_price)
    ratio = row.conversion_rights.ratio
    return _shares(row) * (_number(ratio) if ratio is not None else 1)


def _room(row: StockClass, deciding: Collection[str]) -> Fraction | None:
    """The most that a class takes of the rest; None without a limit."""
    if row.type in ("option", "warrant", "profits_interest"):
        return None if row.id in deciding else Fraction(0)
    if row.type != "preferred" or row.id in deciding or row.participation == "full":
        return None
    if row.participation == "none":
        return Fraction(0)
    cap = _number(row.participation_cap_multiple) * _invested(row)
    return cap if row.is_cap_excluding_preference else max(Fraction(0), cap - _claim(row))
