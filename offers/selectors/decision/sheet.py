"""The decision in numbers, for a spreadsheet: what every figure of the page is computed from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from offers.selectors.decision.cases import Board, Reading, moved
from offers.selectors.decision.criteria import ScoredCriterion
from offers.selectors.decision.exercising import planned
from offers.selectors.decision.leaving import left
from offers.selectors.decision.shapes import RULES, Levers
from offers.selectors.decision.standing import break_even, naive_exit
from offers.valuation import OfferCase, case_total, certain_by_year, certain_money
from offers.valuation.bounds import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStock:
    """A payoff as tranches: from each exit on, the holder's part of the next dollar."""

    starts: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetGrant:
    """Options by what vests of them in each year, at one price each."""

    units_by_year: tuple[float, ...]
    exercise_price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOffer:
    """One offer in the page's currency.

    `prudent` and `kindest` are the two readings of its stock, None without private stock that can
    be told. Break-evens are those of the page, None for never or for not applicable.
    """

    letter: str
    name: str
    certain_by_year: tuple[float, ...]
    prudent: SheetStock | None
    kindest: SheetStock | None
    exit_proceeds: float
    exit_years: float
    odds: float
    vested_units: float
    fully_diluted_shares: float
    exercise_cost: float
    last_round: float | None
    certain: float
    total_prudent: float
    total_kindest: float
    break_even_prudent: float | None
    break_even_kindest: float | None
    with_time_prudent: float | None
    with_time_kindest: float | None
    naive: float | None
    paid_by_month: tuple[float, ...]
    owed_by_month: tuple[float, ...]
    vested_by_month: tuple[float, ...]
    exercise_cost_by_month: tuple[float, ...]
    options: tuple[SheetGrant, ...]
    option_currency: str
    scores: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSheet:
    """Everything that the spreadsheet of a decision holds."""

    currency: str
    today: dt.date
    rules: str
    first: str
    second: str
    discount_rate: float
    withheld_rate: float
    criteria: tuple[tuple[str, int], ...]
    offers: tuple[SheetOffer, ...]


def decision_sheet(
    board: Board, levers: Levers, criteria: Sequence[ScoredCriterion], *, today: dt.date
) -> DecisionSheet:
    """Return the page under these levers in numbers; it asks the database nothing."""
    readings = moved(board, levers)
    first = readings[board.letters.index(levers.first)]
    return DecisionSheet(
        currency=board.assumptions.currency,
        today=today,
        rules=RULES,
        first=levers.first.upper(),
        second=levers.second.upper(),
        discount_rate=float(levers.discount_rate),
        withheld_rate=float(levers.withheld_rate or 0),
        criteria=tuple((each.name, each.weight) for each in criteria),
        offers=tuple(
            _offer(each, first, levers, criteria, board, today)
            for each in readings
            if each.side.column.is_comparable
        ),
    )


def _offer(
    each: Reading,
    first: Reading,
    levers: Levers,
    criteria: Sequence[ScoredCriterion],
    board: Board,
    today: dt.date,
) -> SheetOffer:
    months = left(each, levers)
    plan = planned(each, n_years=board.assumptions.horizon_years, today=today)
    stock = each.kindest.stock
    rate = each.kindest.stock_rate
    is_compared = each is not first and each.low is not None
    plain = break_even(first, each, with_time=False) if is_compared else None
    timed = break_even(first, each, with_time=True, with_odds=True) if is_compared else None
    vested = sum(
        grant.stock_class.shares * float(grant.vested_fraction)
        for grant in (stock.grants if stock else ())
    )
    cost = sum(
        grant.stock_class.shares
        * float(grant.vested_fraction)
        * (grant.stock_class.exercise_price or 0.0)
        for grant in (stock.grants if stock else ())
    )
    return SheetOffer(
        letter=each.side.column.letter,
        name=each.side.column.name,
        certain_by_year=certain_by_year(each.base),
        prudent=_stock(each.low),
        kindest=_stock(each.high),
        exit_proceeds=each.kindest.exit_proceeds,
        exit_years=each.kindest.exit_years,
        odds=each.kindest.exit_probability,
        vested_units=vested,
        fully_diluted_shares=stock.fully_diluted_shares if stock else 0.0,
        exercise_cost=cost * rate,
        last_round=each.last_round,
        certain=float(certain_money(each.base)),
        total_prudent=float(case_total(each.prudent)),
        total_kindest=float(case_total(each.kindest)),
        break_even_prudent=_float(plain.prudent.first_lead if plain else None),
        break_even_kindest=_float(plain.kindest.first_lead if plain else None),
        with_time_prudent=_float(timed.prudent.first_lead if timed else None),
        with_time_kindest=_float(timed.kindest.first_lead if timed else None),
        naive=_float(naive_exit(first, each) if is_compared else None),
        paid_by_month=tuple((months.leaving.cash_paid * months.rate).tolist()),
        owed_by_month=tuple((months.leaving.owed_back_gross * months.rate).tolist()),
        vested_by_month=tuple(months.leaving.vested_units.tolist()),
        exercise_cost_by_month=tuple((months.leaving.exercise_cost * months.rate).tolist()),
        options=tuple(
            SheetGrant(
                units_by_year=tuple(
                    part * (facts.quantity or 0.0) for part in facts.vested_by_year
                ),
                exercise_price=float(facts.grant.exercise_price or 0),
            )
            for facts in (plan.options if plan.plan is not None else ())
        ),
        option_currency=plan.currency,
        scores=tuple(
            criterion.scores.get(each.side.column.offer_id or 0) for criterion in criteria
        ),
    )


def _stock(case: OfferCase | None) -> SheetStock | None:
    """Return what the stock pays at an exit, without odds or time."""
    if case is None or case.stock is None:
        return None
    payoff = case.stock.payoff(case.dilution_fraction).after(
        Fraction(0), unit=exact(case.stock_rate)
    )
    return SheetStock(
        starts=tuple(float(start) for start in payoff.starts),
        shares=tuple(float(slope) for slope in payoff.slopes),
    )


def _float(amount: Fraction | None) -> float | None:
    return None if amount is None else float(amount)
