"""Equity of one offer: from what was typed to the exact payoff of the grants in it."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, Final

import numpy as np

from config.figures.fields import FigureStatus
from offers.models import CapTable, EquityGrant, ExitScenario, StockClass
from offers.selectors.terms import Terms
from offers.valuation import (
    CapTable as EngineCapTable,
)
from offers.valuation import (
    CliffThenPeriodic,
    ConversionRights,
    Instalment,
    Participation,
    Payoff,
    PayoutCurve,
    StockClassType,
    TimeTerms,
    Tranches,
    YearlyFractions,
    payout_curve,
    vested_fraction,
    vesting_by_year,
)
from offers.valuation import (
    StockClass as EngineClass,
)

Convert = Callable[[float, str], float | None]
"""Turns an amount in a currency into the offer's; None where no rate is on record."""

OPTION_TYPES: Final = frozenset(
    {EquityGrant.CompensationType.ISO, EquityGrant.CompensationType.NSO}
)
ENGINE_TYPES: Final = {
    EquityGrant.CompensationType.RSU: StockClassType.RSU,
    EquityGrant.CompensationType.DOUBLE_TRIGGER_RSU: StockClassType.RSU,
    EquityGrant.CompensationType.RESTRICTED_STOCK: StockClassType.COMMON,
    EquityGrant.CompensationType.ISO: StockClassType.OPTION,
    EquityGrant.CompensationType.NSO: StockClassType.OPTION,
    EquityGrant.CompensationType.PROFIT_UNIT: StockClassType.PROFITS_INTEREST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Two ends of what is not known better; they are equal where everything needed is known."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return math.isclose(self.low, self.high, rel_tol=1e-9, abs_tol=0.005)

    def scaled(self, factor: float) -> "Range":
        return Range(low=self.low * factor, high=self.high * factor)

    def plus(self, other: "Range") -> "Range":
        return Range(low=self.low + other.low, high=self.high + other.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """One grant with what was stated and what follows from it; amounts in its own currency."""

    grant: EquityGrant
    quantity: float | None
    is_quantity_derived: bool
    ownership_fraction: float | None
    is_ownership_derived: bool
    exercise_cost: float | None
    vested_by_year: tuple[float, ...]
    vested_at_horizon: float

    @property
    def is_option(self) -> bool:
        return self.grant.compensation_type in OPTION_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEquity:
    """Grants in listed shares: they can be sold when they vest, at a price nobody knows."""

    grants: tuple[GrantFacts, ...]
    share_price: float | None
    share_price_date: dt.date | None
    by_grant: tuple[tuple[float, ...], ...]
    """What each grant vests in each year at today's price; zeros where nobody can price it."""
    is_complete: bool
    payoff: Payoff | None
    """What vests within the horizon, as a function of the share price in the offer's currency."""

    @property
    def by_year(self) -> tuple[float, ...]:
        return tuple(sum(parts) for parts in zip(*self.by_grant, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPayout:
    """What one outcome would pay; the zero outcome has no proceeds."""

    name: str
    exit_proceeds: Range
    years: float | None
    probability: float | None
    dilution_fraction: float
    payout: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One company figure with how sure it is."""

    code: str
    label: str
    kind: str
    value: Decimal | None
    status: FigureStatus
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateEquity:
    """Grants in a company without a market for its shares. Amounts in the offer's currency.

    `low` is the payoff if what is unknown about the stack is bad for you (all money raised comes
    first and shares in the rest too; nothing at all where even that sum is unknown), `high` if
    nobody comes before you. They are one function where the stack is known.
    """

    grants: tuple[GrantFacts, ...]
    facts: tuple[Fact, ...]
    unit: float | None
    """What one unit of the cap table's currency is in the offer's; None without a rate."""
    is_stack_known: bool
    missing: tuple[str, ...]
    fully_diluted_shares: float | None
    exercise_cost: float | None
    fair_market_value: float | None
    at_fair_market_value: float | None
    preferred_to_fair_market_value: float | None
    last_round_value: float | None
    at_last_round: Range | None
    by_grant: tuple[tuple[Range, ...], ...]
    """What each grant vests in each year, at the last round's value; empty where none is known."""
    low: Payoff | None
    high: Payoff | None
    company_breakpoints: tuple[float, ...]
    scenarios: tuple[ScenarioPayout, ...]
    probability_of_nothing: float | None

    @property
    def by_year(self) -> tuple[Range, ...]:
        return tuple(reduce(Range.plus, parts) for parts in zip(*self.by_grant, strict=True))

    @property
    def nothing_below(self) -> Range | None:
        """Return the exit below which the grants pay nothing."""
        if self.low is None or self.high is None:
            return None
        return Range(low=_zero_until(self.high), high=_zero_until(self.low))

    @property
    def expected_payout(self) -> Range | None:
        """Return the odds-weighted payout, where the user stated the odds."""
        if not self.scenarios or any(row.probability is None for row in self.scenarios):
            return None
        total = Range(low=0.0, high=0.0)
        for row in self.scenarios:
            total = total.plus(row.payout.scaled(row.probability or 0.0))
        return total


def vesting_terms(grant: EquityGrant) -> TimeTerms:
    """Return the engine's schedule of a grant."""
    if grant.vesting_type == EquityGrant.VestingType.PERIODIC:
        return CliffThenPeriodic(
            total_months=grant.total_months,
            cliff_months=grant.cliff_months,
            period_months=grant.period_months,
        )
    yearly = YearlyFractions(
        fractions=tuple(Fraction(part) for part in grant.yearly_fractions),
        period_months=grant.period_months,
    )
    if not grant.cliff_months:
        return yearly
    return Tranches(
        tranches=tuple(
            Instalment(max(grant.cliff_months, row.after_months), row.fraction)
            for row in yearly.instalments()
        )
    )


def public_equity(terms: Terms, *, n_years: int, convert: Convert) -> PublicEquity | None:
    """Return the grants of a listed company; None where there are none or it is private."""
    company = terms.company
    if not company.is_public or not terms.grants:
        return None
    price = (
        convert(float(company.share_price), company.share_price_currency)
        if company.share_price
        else None
    )
    grants = tuple(
        _grant_facts(grant, n_years=n_years, fully_diluted=None, unit_price=price)
        for grant in terms.grants
    )
    worth: list[float] = []
    payoffs: list[Payoff] = []
    for facts in grants:
        strike = _exercise_price(facts.grant, convert, company.share_price_currency)
        if facts.quantity is not None and price is not None and strike is not None:
            worth.append(facts.quantity * max(0.0, price - strike))
            payoffs.append(
                Payoff.of_shares(facts.quantity * facts.vested_at_horizon, exercise_price=strike)
            )
        elif facts.grant.grant_value is not None and not facts.is_option:
            worth.append(float(facts.grant.grant_value))
        else:
            worth.append(0.0)
    is_complete = len(payoffs) == len(grants)
    return PublicEquity(
        grants=grants,
        share_price=price,
        share_price_date=company.share_price_date,
        by_grant=tuple(
            tuple(part * whole for part in facts.vested_by_year)
            for facts, whole in zip(grants, worth, strict=True)
        ),
        is_complete=is_complete,
        payoff=added(payoffs) if is_complete and payoffs else None,
    )


def private_equity(terms: Terms, *, n_years: int, convert: Convert) -> PrivateEquity | None:
    """Return the grants of a private company; None where there are none or it is listed."""
    if terms.company.is_public or not terms.grants:
        return None
    table = terms.cap_table or CapTable(company=terms.company)
    unit = convert(1.0, table.currency)
    fully_diluted = _fully_diluted(table, terms.grants)
    grants = tuple(
        _grant_facts(grant, n_years=n_years, fully_diluted=fully_diluted, unit_price=None)
        for grant in terms.grants
    )
    stack = _Stack.of(table, terms.stock_classes, grants, fully_diluted, unit)
    last_round = _last_round_value(table, fully_diluted, unit)
    low, high = stack.payoffs(dilution_fraction=0.0)
    at_last_round = _at(low, high, last_round)
    scenarios = _scenarios(terms.exit_scenarios, stack, unit)
    fair_value = _times(table.fair_market_value, unit)
    return PrivateEquity(
        grants=grants,
        facts=_facts(table),
        unit=unit,
        is_stack_known=stack.is_known,
        missing=stack.missing,
        fully_diluted_shares=fully_diluted,
        exercise_cost=_exercise_cost(grants, unit),
        fair_market_value=fair_value,
        at_fair_market_value=_at_price(grants, fair_value, unit),
        preferred_to_fair_market_value=_ratio(table.last_preferred_price, table.fair_market_value),
        last_round_value=last_round,
        at_last_round=at_last_round,
        by_grant=_by_grant(stack, last_round),
        low=low,
        high=high,
        company_breakpoints=stack.breakpoints,
        scenarios=scenarios,
        probability_of_nothing=1.0 - sum(row.probability or 0.0 for row in scenarios)
        if scenarios
        else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """The cap table of a company around the grants of one offer, as far as it is known."""

    grants: tuple[GrantFacts, ...]
    classes: tuple[EngineClass, ...]
    fully_diluted: float | None
    total_raised: float | None
    debt: float
    unit: float | None
    is_known: bool
    missing: tuple[str, ...]

    @classmethod
    def of(
        cls,
        table: CapTable,
        rows: Sequence[StockClass],
        grants: tuple[GrantFacts, ...],
        fully_diluted: float | None,
        unit: float | None,
    ) -> "_Stack":
        missing = [
            name
            for name, is_missing in (
                ("fully_diluted_shares", fully_diluted is None),
                ("quantity", any(facts.quantity is None for facts in grants)),
                (
                    "exercise_price",
                    any(facts.is_option and facts.grant.exercise_price is None for facts in grants),
                ),
                ("exchange_rate", unit is None),
            )
            if is_missing
        ]
        is_known = FigureStatus(table.stock_classes_status).is_known and bool(rows)
        return cls(
            grants=grants,
            classes=tuple(engine_class(row, place) for place, row in enumerate(rows))
            if is_known
            else (),
            fully_diluted=fully_diluted,
            total_raised=float(table.total_raised) if table.total_raised is not None else None,
            debt=float(table.debt or 0),
            unit=unit,
            is_known=is_known,
            missing=tuple(missing),
        )

    @property
    def breakpoints(self) -> tuple[float, ...]:
        if self.missing or not self.is_known or self.unit is None:
            return ()
        curve = payout_curve(self._table(self.classes, dilution_fraction=0.0))
        return tuple((curve.breakpoints + self.debt) * self.unit)

    def payoffs(self, *, dilution_fraction: float) -> tuple[Payoff | None, Payoff | None]:
        """Return what vests within the horizon, as functions of the exit proceeds."""
        weights = [facts.vested_at_horizon for facts in self.grants]
        return self.weighted(weights, dilution_fraction=dilution_fraction)

    def weighted(
        self, weights: Sequence[float], *, dilution_fraction: float
    ) -> tuple[Payoff | None, Payoff | None]:
        """Return the low and the high payoff of so much of each grant."""
        if self.missing:
            return None, None
        high = self._payoff(self.classes, weights, dilution_fraction)
        if self.is_known:
            return high, high
        if self.total_raised is None:
            return _nothing(), high
        granted = sum(facts.quantity or 0.0 for facts in self.grants)
        prudent = prudent_class(
            total_raised=self.total_raised, other_shares=(self.fully_diluted or 0.0) - granted
        )
        return self._payoff((prudent,), weights, dilution_fraction), high

    def _payoff(
        self, classes: tuple[EngineClass, ...], weights: Sequence[float], dilution: float
    ) -> Payoff:
        curve = _curve(self._table(classes, dilution_fraction=dilution))
        parts = [
            capped(curve.payoff(grant_id(place)), payout_cap(facts.grant)).scaled(weight)
            for place, (facts, weight) in enumerate(zip(self.grants, weights, strict=True))
            if weight
        ]
        return in_currency(added(parts), debt=self.debt, unit=self.unit or 1.0)

    def _table(
        self, classes: tuple[EngineClass, ...], *, dilution_fraction: float
    ) -> EngineCapTable:
        total = self.fully_diluted or 0.0
        granted = [facts.quantity or 0.0 for facts in self.grants]
        ahead = sum(float(row.as_converted_shares) for row in classes)
        others = [
            EngineClass(
                id="common",
                type=StockClassType.COMMON,
                shares=max(0.0, total - ahead - sum(granted)),
            ),
            EngineClass(
                id="later-rounds",
                type=StockClassType.COMMON,
                shares=total * dilution_fraction / (1.0 - dilution_fraction),
            ),
        ]
        mine = [
            engine_grant(facts.grant, quantity, place)
            for place, (facts, quantity) in enumerate(zip(self.grants, granted, strict=True))
        ]
        return EngineCapTable(classes=(*classes, *others, *mine))


def prudent_class(*, total_raised: float, other_shares: float) -> EngineClass:
    """Return all money raised as one class that is paid first and then shares in the rest."""
    return EngineClass(
        id="preferred",
        type=StockClassType.PREFERRED,
        shares=max(0.0, other_shares) / 2,
        invested_amount=total_raised,
        participation=Participation.FULL,
    )


@lru_cache(maxsize=1024)
def _curve(table: EngineCapTable) -> PayoutCurve:
    """Return the waterfall of a cap table: a page asks for the same one at every change of it."""
    return payout_curve(table)


def _grant_facts(
    grant: EquityGrant, *, n_years: int, fully_diluted: float | None, unit_price: float | None
) -> GrantFacts:
    quantity = float(grant.quantity) if grant.quantity is not None else None
    ownership = float(grant.ownership_fraction) if grant.ownership_fraction is not None else None
    is_quantity_derived = is_ownership_derived = False
    if quantity is None and ownership is not None and fully_diluted:
        quantity, is_quantity_derived = ownership * fully_diluted, True
    if quantity is None and grant.grant_value is not None and unit_price:
        quantity, is_quantity_derived = float(grant.grant_value) / unit_price, True
    if ownership is None and quantity is not None and fully_diluted:
        ownership, is_ownership_derived = quantity / fully_diluted, True
    terms = vesting_terms(grant)
    price = grant.exercise_price
    return GrantFacts(
        grant=grant,
        quantity=quantity,
        is_quantity_derived=is_quantity_derived,
        ownership_fraction=ownership,
        is_ownership_derived=is_ownership_derived,
        exercise_cost=quantity * float(price)
        if quantity is not None and price is not None
        else None,
        vested_by_year=tuple(vesting_by_year(terms, n_years).tolist()),
        vested_at_horizon=float(vested_fraction(terms, 12.0 * n_years)),
    )


def _fully_diluted(table: CapTable, grants: Sequence[EquityGrant]) -> float | None:
    """Return the stated total, else the one that a grant's number and percentage imply."""
    if table.fully_diluted_shares:
        return float(table.fully_diluted_shares)
    for grant in grants:
        if grant.quantity and grant.ownership_fraction:
            return float(grant.quantity / grant.ownership_fraction)
    return None


def engine_class(row: StockClass, place: int) -> EngineClass:
    """Return the engine's view of one preferred class."""
    return EngineClass(
        id=f"class-{place}",
        type=StockClassType.PREFERRED,
        shares=float(row.shares),
        price_per_share=float(row.price_per_share),
        seniority=float(row.seniority),
        liquidation_preference_multiple=float(row.liquidation_preference_multiple),
        participation=Participation(row.participation),
        participation_cap_multiple=float(row.participation_cap_multiple)
        if row.participation == StockClass.Participation.CAPPED
        and row.participation_cap_multiple is not None
        else None,
        conversion_rights=ConversionRights(ratio=float(row.conversion_ratio)),
    )


def engine_grant(grant: EquityGrant, quantity: float, place: int) -> EngineClass:
    """Return the engine's view of one grant, as a class of its own."""
    engine_type = ENGINE_TYPES[EquityGrant.CompensationType(grant.compensation_type)]
    prices: dict[str, Any] = {}
    if engine_type is StockClassType.OPTION:
        prices = {"exercise_price": float(grant.exercise_price or 0)}
    elif engine_type is StockClassType.PROFITS_INTEREST:
        threshold = float(grant.participation_threshold_per_share or 0)
        prices = {"participation_threshold_per_share": threshold}
    return EngineClass(id=grant_id(place), type=engine_type, shares=quantity, **prices)


def grant_id(place: int) -> str:
    """Return the id of a grant in its cap table."""
    return f"grant-{place}"


def _last_round_value(
    table: CapTable, fully_diluted: float | None, unit: float | None
) -> float | None:
    """Return the price of the last round times every share: its post-money valuation."""
    price = _times(table.last_preferred_price, unit)
    return price * fully_diluted if price and fully_diluted else None


def _by_grant(stack: _Stack, last_round: float | None) -> tuple[tuple[Range, ...], ...]:
    if last_round is None or stack.missing:
        return ()
    rows = []
    for place, facts in enumerate(stack.grants):
        alone = [float(place == other) for other in range(len(stack.grants))]
        low, high = stack.weighted(alone, dilution_fraction=0.0)
        whole = _at(low, high, last_round) or Range(low=0.0, high=0.0)
        rows.append(tuple(whole.scaled(part) for part in facts.vested_by_year))
    return tuple(rows)


def _scenarios(
    rows: Iterable[ExitScenario], stack: _Stack, unit: float | None
) -> tuple[ScenarioPayout, ...]:
    answer = []
    for row in rows:
        dilution = float(row.dilution_fraction)
        low, high = stack.payoffs(dilution_fraction=dilution)
        proceeds = _times(row.exit_proceeds, unit)
        payout = _at(low, high, proceeds)
        if payout is None or proceeds is None:
            continue
        answer.append(
            ScenarioPayout(
                name=row.name,
                exit_proceeds=Range(low=proceeds, high=proceeds),
                years=float(row.years),
                probability=float(row.probability),
                dilution_fraction=dilution,
                payout=payout,
            )
        )
    return tuple(answer)


def _facts(table: CapTable) -> tuple[Fact, ...]:
    def fact(code: str, label: str, kind: str, date: dt.date | None = None) -> Fact:
        status = FigureStatus(getattr(table, f"{code}_status"))
        return Fact(
            code=code, label=label, kind=kind, value=getattr(table, code), status=status, date=date
        )

    return (
        fact("fully_diluted_shares", "Fully diluted shares", "shares"),
        fact("fair_market_value", "409A price", "per_share", table.fair_market_value_date),
        fact(
            "last_preferred_price",
            "Preferred price, last round",
            "per_share",
            table.last_round_date,
        ),
        fact("total_raised", "Money raised", "money"),
        fact("debt", "Debt", "money"),
        Fact(
            code="stock_classes",
            label="Preferences ahead of you",
            kind="text",
            value=None,
            status=FigureStatus(table.stock_classes_status),
        ),
    )


def payout_cap(grant: EquityGrant) -> float | None:
    """Return the most that profit units pay in all, where it was agreed; in the cap table's money."""
    if grant.participation_cap_multiple is None or grant.grant_value is None:
        return None
    return float(grant.participation_cap_multiple * grant.grant_value)


def capped(payoff: Payoff, cap: float | None) -> Payoff:
    """Return the payoff of units whose total is capped."""
    if cap is None:
        return payoff
    starts, slopes = payoff.starts, payoff.slopes
    reached = payoff.at(starts)
    keep = reached < cap
    last = int(np.count_nonzero(keep)) - 1
    if last < 0:
        return _nothing()
    slope = float(slopes[last])
    if slope == 0.0:
        return payoff
    at_cap = float(starts[last]) + (cap - float(reached[last])) / slope
    return Payoff(starts=np.append(starts[keep], at_cap), slopes=np.append(slopes[keep], 0.0))


def added(payoffs: Sequence[Payoff]) -> Payoff:
    """Return the payoff of a holder of all of these."""
    if not payoffs:
        return _nothing()
    starts = np.unique(np.concatenate([payoff.starts for payoff in payoffs]))
    slopes = sum(
        (
            payoff.slopes[np.searchsorted(payoff.starts, starts, side="right") - 1]
            for payoff in payoffs
        ),
        start=np.zeros(len(starts)),
    )
    return Payoff(starts=starts, slopes=slopes)


def in_currency(payoff: Payoff, *, debt: float, unit: float) -> Payoff:
    """Return the payoff in exit proceeds before debt, both sides in the offer's currency."""
    if not debt:
        return Payoff(starts=payoff.starts * unit, slopes=payoff.slopes)
    starts = np.concatenate([[0.0], (payoff.starts + debt) * unit])
    return Payoff(starts=starts, slopes=np.concatenate([[0.0], payoff.slopes]))


def _nothing() -> Payoff:
    return Payoff(starts=np.zeros(1), slopes=np.zeros(1))


def _zero_until(payoff: Payoff) -> float:
    paying = payoff.starts[payoff.slopes > 0]
    return float(paying[0]) if len(paying) else math.inf


def _at(low: Payoff | None, high: Payoff | None, proceeds: float | None) -> Range | None:
    if low is None or high is None or proceeds is None:
        return None
    at = np.array([proceeds])
    return Range(low=float(low.at(at)[0]), high=float(high.at(at)[0]))


def _at_price(
    grants: Sequence[GrantFacts], price: float | None, unit: float | None
) -> float | None:
    """Return what the units are worth at one price of a common share, after exercise cost."""
    if price is None or unit is None or any(facts.quantity is None for facts in grants):
        return None
    return sum(
        (facts.quantity or 0.0) * max(0.0, price - float(facts.grant.exercise_price or 0) * unit)
        for facts in grants
    )


def _exercise_cost(grants: Sequence[GrantFacts], unit: float | None) -> float | None:
    costs = [facts.exercise_cost for facts in grants if facts.is_option]
    if unit is None or any(cost is None for cost in costs):
        return None
    return sum(cost or 0.0 for cost in costs) * unit


def _exercise_price(grant: EquityGrant, convert: Convert, currency: str) -> float | None:
    """Return the price in the offer's currency: 0 for what costs nothing, None where unknown."""
    if grant.compensation_type not in OPTION_TYPES:
        return 0.0
    return (
        convert(float(grant.exercise_price), currency) if grant.exercise_price is not None else None
    )


def _times(value: Decimal | None, unit: float | None) -> float | None:
    return float(value) * unit if value is not None and unit is not None else None


def _ratio(value: Decimal | None, to: Decimal | None) -> float | None:
    return float(value / to) if value is not None and to else None
