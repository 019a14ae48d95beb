"""One offer against another under stated assumptions: what each comes to, and what reverses it.

An `OfferCase` holds everything that an offer's worth depends on, so that changing one input and
asking again is one `dataclasses.replace`. Money that does not depend on an exit is worth today what
`present_value` says. Private stock pays once, `exit_years` from now, with the stated odds, what has
vested within the horizon; before that moment and without an exit it pays nothing.

References
----------
Worked examples: docs/valuation.md#break-even and docs/valuation.md#what-flips-it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np

from offers.valuation.bounds import (
    InvalidFigure,
    check_number,
    check_positive,
    check_rate,
    exact,
)
from offers.valuation.breakeven import ExitLine
from offers.valuation.captable import CapTable, StockClass, StockClassType
from offers.valuation.cash import CashTerms, OneOffPayment, cash_by_year
from offers.valuation.comparison import present_value
from offers.valuation.exact import ZERO, ExactPayoff
from offers.valuation.flips import Gap, nearest_flip
from offers.valuation.waterfall import payout_curve

MOST_MONEY: Final = 1e12
MOST_DILUTION: Final = 0.99
MOST_YEARS: Final = 30.0
MOST_TIMES: Final = 1000.0
MOST_BONUS: Final = 3.0


# --- private stock -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGrant:
    """A grant as its own class of the cap table, and how much of it vests within the horizon."""

    stock_class: StockClass
    vested_fraction: Fraction
    payout_limit: float | None = None
    """The most that all of its units can pay, where profit units are capped."""

    def __post_init__(self) -> None:
        """Refuse more than the whole grant."""
        if not 0 <= self.vested_fraction <= 1:
            raise InvalidFigure("vested_fraction", "must lie between 0 and 1")
        check_number("payout_limit", self.payout_limit or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPlan:
    """Grants in a company, and everybody they share an exit with; amounts in its currency.

    What `fully_diluted_shares` leave beside the preferred classes and the grants is common stock.
    """

    preferred: tuple[StockClass, ...]
    fully_diluted_shares: float
    grants: tuple[PlannedGrant, ...]
    debt: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative figures."""
        check_number("fully_diluted_shares", self.fully_diluted_shares)
        check_number("debt", self.debt)

    @property
    def units(self) -> float:
        """Return the units of all grants."""
        return sum(grant.stock_class.shares for grant in self.grants)

    @property
    def room(self) -> float:
        """Return how many units there could be: every share that is not preferred."""
        preferred = sum(float(row.as_converted_shares) for row in self.preferred)
        return max(self.units, self.fully_diluted_shares - preferred)

    def cap_table(self, dilution_fraction: float = 0.0) -> CapTable:
        """Return all classes at the exit; later rounds are common stock that share in it."""
        total = self.fully_diluted_shares
        preferred = sum(float(row.as_converted_shares) for row in self.preferred)
        later = total * dilution_fraction / (1.0 - dilution_fraction)
        return CapTable(
            classes=(
                *self.preferred,
                StockClass(
                    id="common",
                    type=StockClassType.COMMON,
                    shares=max(0.0, total - preferred - self.units),
                ),
                StockClass(id="later-rounds", type=StockClassType.COMMON, shares=later),
                *(grant.stock_class for grant in self.grants),
            )
        )

    def payoff(self, dilution_fraction: float = 0.0) -> ExactPayoff:
        """Return what vests within the horizon, as a function of exit proceeds before debt."""
        return _stock_payoff(self, dilution_fraction)


@lru_cache(maxsize=1024)
def _stock_payoff(plan: StockPlan, dilution_fraction: float) -> ExactPayoff:
    """Return the payoff of a plan; the same one is asked for at every change of other inputs."""
    curve = payout_curve(plan.cap_table(dilution_fraction))
    total = ExactPayoff()
    for grant in plan.grants:
        payoff = ExactPayoff.of_class(curve, grant.stock_class.id)
        if grant.payout_limit is not None:
            payoff = payoff.capped(exact(grant.payout_limit))
        total = total.plus(payoff.scaled(grant.vested_fraction))
    return total.after(exact(plan.debt))


# --- an offer ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGrant:
    """A grant in listed shares that can be sold as they vest; the price is the offer's currency."""

    units: float
    vested_by_year: tuple[float, ...]
    exercise_price: float = 0.0

    def __post_init__(self) -> None:
        """Refuse negative figures."""
        check_number("units", self.units)
        check_number("exercise_price", self.exercise_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCase:
    """Everything that one offer's worth depends on.

    Parameters
    ----------
    cash
        In the offer's currency; `rate` turns it into the common one.
    listed, share_price
        Grants in listed shares, at one price of a share, in the offer's currency.
    listed_by_year
        Listed stock that is known only as an amount per year, in the offer's currency.
    stock
        Grants in a company without a market; `stock_rate` turns its currency into the common one.
    exit_proceeds
        What the company is sold for, in the common currency.
    exit_years, exit_probability, dilution_fraction
        When that is, how likely, and what later rounds take of every share until then.
    discount_rate
        Per year.
    """

    cash: CashTerms
    horizon_years: int
    rate: float = 1.0
    listed: tuple[ListedGrant, ...] = ()
    share_price: float = 0.0
    listed_by_year: tuple[float, ...] = ()
    stock: StockPlan | None = None
    stock_rate: float = 1.0
    exit_proceeds: float = 0.0
    exit_years: float = 0.0
    exit_probability: float = 1.0
    dilution_fraction: float = 0.0
    discount_rate: float = 0.0

    def __post_init__(self) -> None:
        """Refuse figures out of bounds."""
        check_positive("rate", self.rate)
        check_positive("stock_rate", self.stock_rate)
        check_positive("horizon_years", self.horizon_years)
        check_number("share_price", self.share_price)
        check_number("exit_proceeds", self.exit_proceeds)
        check_number("exit_years", self.exit_years)
        check_rate("exit_probability", self.exit_probability)
        check_number("dilution_fraction", self.dilution_fraction, maximum=MOST_DILUTION)
        check_rate("discount_rate", self.discount_rate)

    @property
    def without_time_value(self) -> "OfferCase":
        """Return the case with a dollar of any year worth a dollar."""
        return replace(self, discount_rate=0.0)


def certain_by_year(case: OfferCase) -> tuple[float, ...]:
    """Return the money of each year that does not depend on an exit, in the common currency."""
    return _certain(
        case.cash,
        case.horizon_years,
        case.rate,
        case.listed,
        case.share_price,
        case.listed_by_year,
    )


@lru_cache(maxsize=512)
def _certain(
    cash: CashTerms,
    horizon_years: int,
    rate: float,
    listed: tuple[ListedGrant, ...],
    share_price: float,
    listed_by_year: tuple[float, ...],
) -> tuple[float, ...]:
    """Return the money of each year; most changes of a case leave it as it is."""
    flows = cash_by_year(cash, horizon_years)
    money = flows.guaranteed + flows.variable_bonus + flows.benefits
    for grant in listed:
        gain = grant.units * max(0.0, share_price - grant.exercise_price)
        money = money + gain * np.array(grant.vested_by_year)
    if listed_by_year:
        money = money + np.array(listed_by_year)
    return tuple((money * rate).tolist())


def certain_money(case: OfferCase) -> Fraction:
    """Return what the offer pays within the horizon whatever the exit, as of today."""
    by_year = certain_by_year(case)
    if case.discount_rate:
        return exact(float(present_value(by_year, discount_rate=case.discount_rate)))
    return sum((exact(money) for money in by_year), ZERO)


def exit_line(case: OfferCase) -> ExitLine:
    """Return what the offer comes to today as a function of what the company is sold for."""
    certain = certain_money(case)
    if case.stock is None:
        return ExitLine(certain=certain)
    payoff = case.stock.payoff(case.dilution_fraction).after(ZERO, unit=exact(case.stock_rate))
    return ExitLine(certain=certain, payoff=payoff.scaled(worth_of_exit_money(case)))


def worth_of_exit_money(case: OfferCase) -> Fraction:
    """Return what one dollar paid at the exit is worth today: its odds, discounted."""
    discount = (1.0 + case.discount_rate) ** -case.exit_years
    return exact(case.exit_probability) * exact(discount)


def exit_money(case: OfferCase) -> Fraction:
    """Return what the private stock comes to at the case's own exit, by its odds, as of today."""
    if case.stock is None:
        return ZERO
    unit = exact(case.stock_rate)
    payout = case.stock.payoff(case.dilution_fraction).at(exact(case.exit_proceeds) / unit)
    return payout * unit * worth_of_exit_money(case)


def case_total(case: OfferCase) -> Fraction:
    """Return what the offer comes to under its own assumptions, as of today."""
    return certain_money(case) + exit_money(case)


# --- what flips it -------------------------------------------------------------------------------


class Input(StrEnum):
    """Something that the order of two offers may depend on."""

    BASE_SALARY = "base_salary"
    ONE_OFF = "one_off"
    BONUS_PAID = "bonus_paid"
    SHARE_PRICE = "share_price"
    UNITS = "units"
    EXERCISE_PRICE = "exercise_price"
    EXIT_PROCEEDS = "exit_proceeds"
    EXIT_YEARS = "exit_years"
    ODDS = "odds"
    DILUTION = "dilution"
    DISCOUNT_RATE = "discount_rate"


class Bounds(NamedTuple):
    """What an input is, and what it could be."""

    current: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """What it takes of one input to reverse the order of two offers.

    Attributes
    ----------
    side
        0 for an input of the first offer, 1 for one of the second, None for one of both.
    value
        Where the two are level, with the other one ahead beyond it; None if nothing within bounds
        reverses the order.
    closest, gap_at_closest
        The bound that brings them nearest, and how far the second is ahead of the first there.
    """

    input: Input
    side: int | None
    current: float
    value: float | None
    closest: float
    gap_at_closest: float


def gap_between(first: OfferCase, second: OfferCase) -> float:
    """Return how far the second offer is ahead of the first; negative where it is behind."""
    return float(case_total(second) - case_total(first))


def flips(first: OfferCase, second: OfferCase) -> tuple[Flip, ...]:
    """Return, for every input of two offers, the smallest change that reverses their order."""
    pair = (first, second)
    totals = (case_total(first), case_total(second))
    answer = []
    for side, case in enumerate(pair):
        for each, bounds in case_inputs(case):
            gap = _gap_of_one(case, totals[1 - side], side=side, what=each)
            value = (
                _exit_flip(case, totals[1 - side], bounds)
                if each is Input.EXIT_PROCEEDS
                else _search(gap, each, bounds)
            )
            answer.append(_flip(gap, each, side, bounds, value))
    if first.discount_rate == second.discount_rate:
        gap = _gap_of_both(first, second, what=Input.DISCOUNT_RATE)
        bounds = Bounds(first.discount_rate, 0.0, 1.0)
        value = _search(gap, Input.DISCOUNT_RATE, bounds)
        answer.append(_flip(gap, Input.DISCOUNT_RATE, None, bounds, value))
    return tuple(answer)


def case_inputs(case: OfferCase) -> Iterator[tuple[Input, Bounds]]:
    """Yield the inputs of one offer that can be changed alone, with what they are and could be."""
    yield Input.BASE_SALARY, Bounds(case.cash.base_salary, 0.0, MOST_MONEY)
    one_off = sum(payment.amount for payment in case.cash.payments)
    yield Input.ONE_OFF, Bounds(one_off, 0.0, MOST_MONEY)
    if case.cash.target_bonus or case.cash.target_bonus_fraction:
        paid = case.cash.expected_bonus_fraction
        yield Input.BONUS_PAID, Bounds(paid, 0.0, max(paid, MOST_BONUS))
    if case.listed:
        units = sum(grant.units for grant in case.listed)
        yield Input.SHARE_PRICE, Bounds(case.share_price, 0.0, MOST_TIMES * case.share_price)
        yield Input.UNITS, Bounds(units, 0.0, MOST_TIMES * units)
    if case.stock is None:
        return
    yield Input.UNITS, Bounds(case.stock.units, 0.0, case.stock.room)
    prices = {price for grant in case.stock.grants if (price := _price(grant)) is not None}
    if len(prices) == 1:
        price = prices.pop()
        shares = max(case.stock.fully_diluted_shares, 1.0)
        most = case.exit_proceeds / case.stock_rate / shares
        yield Input.EXERCISE_PRICE, Bounds(price, 0.0, MOST_TIMES * max(price, most, 1.0))
    proceeds = case.exit_proceeds
    yield Input.EXIT_PROCEEDS, Bounds(proceeds, 0.0, max(proceeds, 1000.0 * MOST_MONEY))
    yield Input.ODDS, Bounds(case.exit_probability, 0.0, 1.0)
    yield Input.DILUTION, Bounds(case.dilution_fraction, 0.0, MOST_DILUTION)
    if case.discount_rate:
        years = case.exit_years
        yield Input.EXIT_YEARS, Bounds(years, 0.0, max(years, MOST_YEARS))


def with_input(case: OfferCase, what: Input, value: float) -> OfferCase:
    """Return the offer with one input changed."""
    match what:
        case Input.BASE_SALARY:
            return replace(case, cash=replace(case.cash, base_salary=value))
        case Input.ONE_OFF:
            return replace(case, cash=replace(case.cash, payments=_paid_once(case.cash, value)))
        case Input.BONUS_PAID:
            return replace(case, cash=replace(case.cash, expected_bonus_fraction=value))
        case Input.SHARE_PRICE:
            return replace(case, share_price=value)
        case Input.UNITS:
            return _with_units(case, value)
        case Input.EXERCISE_PRICE:
            return _with_exercise_price(case, value)
        case Input.EXIT_PROCEEDS:
            return replace(case, exit_proceeds=value)
        case Input.EXIT_YEARS:
            return replace(case, exit_years=value)
        case Input.ODDS:
            return replace(case, exit_probability=value)
        case Input.DILUTION:
            return replace(case, dilution_fraction=value)
        case Input.DISCOUNT_RATE:
            return replace(case, discount_rate=value)


def _gap_of_one(case: OfferCase, other: Fraction, *, side: int, what: Input) -> Gap:
    """Return the gap as a function of one input of one offer; each value is worked out once."""

    @cache
    def gap(value: float) -> float:
        ahead = case_total(with_input(case, what, value)) - other
        return float(ahead if side == 1 else -ahead)

    return gap


def _gap_of_both(first: OfferCase, second: OfferCase, *, what: Input) -> Gap:
    """Return the gap as a function of one input that both offers share."""

    @cache
    def gap(value: float) -> float:
        return gap_between(with_input(first, what, value), with_input(second, what, value))

    return gap


def _search(gap: Gap, what: Input, bounds: Bounds) -> float | None:
    return nearest_flip(
        gap,
        current=bounds.current,
        lowest=bounds.lowest,
        highest=bounds.highest,
        is_monotone=what is not Input.DISCOUNT_RATE,
    )


def _flip(gap: Gap, what: Input, side: int | None, bounds: Bounds, value: float | None) -> Flip:
    """Return what it takes of one input, and which bound comes nearest to it."""
    ends = ((bound, gap(bound)) for bound in (bounds.lowest, bounds.highest))
    sign = 1.0 if gap(bounds.current) > 0 else -1.0
    closest, gap_at_closest = min(ends, key=lambda end: sign * end[1])
    return Flip(
        input=what,
        side=side,
        current=bounds.current,
        value=value,
        closest=closest,
        gap_at_closest=gap_at_closest,
    )


def _exit_flip(case: OfferCase, other: Fraction, bounds: Bounds) -> float | None:
    """Return the exit of one company at which the order turns round, by division.

    A larger exit must pay more than what is missing, a smaller one less than what there is to lose.
    """
    line, now = exit_line(case), exact(bounds.current)
    needed = other - line.certain
    paid = line.payoff.at(now)
    if paid == needed:
        return bounds.current
    if paid < needed:
        flip = line.payoff.exceeding(needed)
    else:
        flip = line.payoff.reaching(needed) if needed > 0 else None
    return None if flip is None or float(flip) > bounds.highest else float(flip)


def _paid_once(cash: CashTerms, total: float) -> tuple[OneOffPayment, ...]:
    """Return the one-off payments scaled to a total; a sign-on where there were none."""
    before = sum(payment.amount for payment in cash.payments)
    if not before:
        return (*cash.payments, OneOffPayment(kind="sign_on", amount=total))
    return tuple(
        replace(payment, amount=payment.amount * total / before) for payment in cash.payments
    )


def _with_units(case: OfferCase, units: float) -> OfferCase:
    """Return the offer with so many units in all, every grant in proportion."""
    if case.stock is None:
        before = sum(grant.units for grant in case.listed)
        listed = tuple(
            replace(grant, units=grant.units * units / before if before else units)
            for grant in case.listed
        )
        return replace(case, listed=listed)
    before, count = case.stock.units, len(case.stock.grants)
    grants = tuple(
        replace(
            grant,
            stock_class=replace(
                grant.stock_class,
                shares=grant.stock_class.shares * units / before if before else units / count,
            ),
        )
        for grant in case.stock.grants
    )
    return replace(case, stock=replace(case.stock, grants=grants))


def _with_exercise_price(case: OfferCase, price: float) -> OfferCase:
    """Return the offer with another price for every option in it."""
    if case.stock is None:
        return case
    grants = tuple(
        grant
        if _price(grant) is None
        else replace(grant, stock_class=replace(grant.stock_class, exercise_price=price))
        for grant in case.stock.grants
    )
    return replace(case, stock=replace(case.stock, grants=grants))


def _price(grant: PlannedGrant) -> float | None:
    """Return what a unit costs to exercise; None for what is not exercised."""
    is_option = grant.stock_class.type is StockClassType.OPTION
    return grant.stock_class.exercise_price if is_option else None


# --- what is not money ---------------------------------------------------------------------------


class CriteriaScore(NamedTuple):
    """A weighted average of scores, and how much of the weight was scored; never money."""

    average: float | None
    scored_weight: float


def criteria_score(weights: Sequence[float], scores: Sequence[float | None]) -> CriteriaScore:
    """Return what one offer scores on criteria that are no money.

    A criterion without a score is left out of the average, which is None where none has one.
    """
    for index, weight in enumerate(weights):
        check_number(f"weights[{index}]", weight)
    scored = [
        (weight, score)
        for weight, score in zip(weights, scores, strict=True)
        if score is not None and weight
    ]
    total, whole = sum(weight for weight, _ in scored), sum(weights)
    return CriteriaScore(
        sum(weight * score for weight, score in scored) / total if total else None,
        total / whole if whole else 0.0,
    )
