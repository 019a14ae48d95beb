"""Offers as cases of the engine: what is known of each, and how the reader's levers move it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from market.selectors import RateTable, rate_table
from offers.models import Comparison, EquityGrant
from offers.selectors.comparison.reading import OFFERS_AT_LEAST, compared_terms
from offers.selectors.comparison.shapes import Assumptions, ComparedTerms
from offers.selectors.comparison.sides import Side, sides
from offers.selectors.decision.shapes import Change, Chosen, Levers
from offers.selectors.equity import (
    OPTION_TYPES,
    GrantFacts,
    PrivateEquity,
    engine_class,
    engine_grant,
    prudent_class,
    vesting_terms,
)
from offers.selectors.numbers import cash_terms, converter
from offers.valuation import (
    CashTerms,
    ExactPayoff,
    InvalidFigure,
    ListedGrant,
    MatchTier,
    OfferCase,
    PlannedGrant,
    StockClass,
    StockPlan,
    case_inputs,
    certain_money,
    with_input,
)

CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One offer as the engine sees it, from the prudent to the kindest reading of what is unknown.

    Both are one where the stack is known. `low` is None where too little is known to say anything;
    then only the money that needs no exit is compared.
    """

    side: Side
    base: OfferCase
    """The offer without its private stock."""
    low: OfferCase | None
    high: OfferCase | None

    @property
    def has_private_stock(self) -> bool:
        return self.side.numbers.private_equity is not None

    @property
    def is_exact(self) -> bool:
        return self.low is self.high

    @property
    def prudent(self) -> OfferCase:
        """Return the prudent reading, without stock where none can be told."""
        return self.low or self.base

    @property
    def kindest(self) -> OfferCase:
        return self.high or self.base

    @property
    def last_round(self) -> float | None:
        """Return the last round's post-money valuation in the page's currency."""
        equity = self.side.numbers.private_equity
        if equity is None or not equity.last_round_value:
            return None
        return self.side.scaled([equity.last_round_value])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The offers of a decision before anybody moved a lever."""

    readings: tuple[Reading, ...]
    assumptions: Assumptions

    @property
    def sides(self) -> tuple[Side, ...]:
        return tuple(reading.side for reading in self.readings)

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(reading.side.column.key for reading in self.readings)

    @property
    def private_letters(self) -> tuple[str, ...]:
        """Return the letters of the offers whose exit can be moved."""
        return tuple(
            reading.side.column.key for reading in self.readings if reading.low is not None
        )

    def of(self, letter: str) -> Reading:
        return self.readings[self.letters.index(letter)]

    def defaults(self) -> Levers:
        """Return where the levers stand before anybody moved them."""
        first, second = self._pair()
        return Levers(
            first=first,
            second=second,
            discount_rate=self.assumptions.discount_rate,
            chosen={
                reading.side.column.key: _chosen(reading, self.assumptions.horizon_years)
                for reading in self.readings
                if reading.low is not None
            },
        )

    def _pair(self) -> tuple[str, str]:
        """Return the offer with most money that needs no exit, and the first with private stock."""
        ranked = [reading for reading in self.readings if reading.side.column.is_ranked]
        pool = ranked if len(ranked) > 1 else list(self.readings)
        comparable = [each for each in pool if each.side.column.is_comparable] or pool
        first = max(comparable, key=lambda each: certain_money(each.base))
        others = [each for each in comparable if each is not first] or [
            each for each in self.readings if each is not first
        ]
        second = next((each for each in others if each.low is not None), others[0])
        return first.side.column.key, second.side.column.key


def decision_board(comparison: Comparison, *, shown: Collection[str] = ()) -> Board | None:
    """Return the offers of a saved comparison; None where fewer than two are left."""
    compared = compared_terms(comparison)
    if len(compared) < OFFERS_AT_LEAST:
        return None
    return board(compared, Assumptions.of(comparison), rates=rate_table(), shown=shown)


def board(
    compared: Sequence[ComparedTerms],
    assumptions: Assumptions,
    *,
    rates: RateTable,
    shown: Collection[str] = (),
) -> Board:
    """Return two to six offers as cases; it asks the database nothing.

    `shown` are the letters that a phone shows, by default the first three.
    """
    all_sides = sides(compared, assumptions, rates=rates, shown=shown)
    return Board(
        readings=tuple(_reading(side, assumptions) for side in all_sides), assumptions=assumptions
    )


def moved(board: Board, levers: Levers) -> tuple[Reading, ...]:
    """Return the offers with the levers where the reader put them."""
    return tuple(_moved(reading, levers) for reading in board.readings)


def readable_changes(board: Board, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that mean something for an offer of the board and lie within bounds."""
    kept: dict[tuple[str, str], Change] = {}
    for change in changes:
        if change.letter not in board.letters:
            continue
        case = board.of(change.letter).kindest
        bounds = dict(case_inputs(case)).get(change.input)
        if bounds is not None and bounds.lowest <= change.value <= bounds.highest:
            kept[change.letter, change.input] = change
    return tuple(kept.values())


# --- one offer -----------------------------------------------------------------------------------


def _reading(side: Side, assumptions: Assumptions) -> Reading:
    base = _base_case(side, assumptions)
    equity = side.numbers.private_equity
    plans = _plans(side, equity) if equity is not None else None
    if plans is None:
        return Reading(side=side, base=base, low=None, high=None)
    stock_rate = _stock_rate(side)
    low, high = plans
    high_case = replace(base, stock=high, stock_rate=stock_rate)
    low_case = high_case if low is high else replace(base, stock=low, stock_rate=stock_rate)
    return Reading(side=side, base=base, low=low_case, high=high_case)


def _base_case(side: Side, assumptions: Assumptions) -> OfferCase:
    listed, by_year = _listed(side)
    public = side.numbers.public_equity
    return OfferCase(
        cash=_cash(side),
        horizon_years=assumptions.horizon_years,
        rate=float(side.rate),
        listed=listed,
        share_price=(public.share_price or 0.0) if public else 0.0,
        listed_by_year=by_year,
        discount_rate=float(assumptions.discount_rate),
        exit_years=float(assumptions.horizon_years),
    )


def _cash(side: Side) -> CashTerms:
    """Return the pay with its match as a part of base salary, so that it moves with it."""
    terms = cash_terms(side.terms)
    matches = [
        benefit
        for benefit in side.terms.benefits
        if benefit.is_counted
        and benefit.match_fraction is not None
        and benefit.match_limit_fraction is not None
    ]
    tiers = tuple(
        MatchTier(
            match_fraction=float(benefit.match_fraction or 0),
            salary_fraction=float(benefit.match_limit_fraction or 0),
        )
        for benefit in matches
    )
    if not tiers or sum(tier.salary_fraction for tier in tiers) > 1.0:
        return terms
    base = terms.base_salary
    matched = [tier.match_fraction * tier.salary_fraction * base for tier in tiers]
    worth = dict(zip((benefit.pk or id(benefit) for benefit in matches), matched, strict=True))
    counted = [benefit for benefit in side.terms.benefits if benefit.is_counted]
    benefits = tuple(
        replace(
            row,
            yearly_value=max(0.0, row.yearly_value - worth.get(benefit.pk or id(benefit), 0.0)),
        )
        for row, benefit in zip(terms.benefits, counted, strict=True)
    )
    return replace(terms, benefits=benefits, match_tiers=tiers)


def _listed(side: Side) -> tuple[tuple[ListedGrant, ...], tuple[float, ...]]:
    """Return listed grants by their units, and those that are known only by an amount."""
    public = side.numbers.public_equity
    if public is None:
        return (), ()
    convert = converter(side.terms.revision.currency, side.rates)
    listed: list[ListedGrant] = []
    by_year = [0.0] * side.numbers.n_years
    for facts, amounts in zip(public.grants, public.by_grant, strict=True):
        price = _listed_exercise_price(facts, convert, side.terms.company.share_price_currency)
        if facts.quantity is not None and public.share_price is not None and price is not None:
            listed.append(
                ListedGrant(
                    units=facts.quantity,
                    vested_by_year=facts.vested_by_year,
                    exercise_price=price,
                )
            )
        else:
            by_year = [before + more for before, more in zip(by_year, amounts, strict=True)]
    return tuple(listed), tuple(by_year) if any(by_year) else ()


def _listed_exercise_price(facts: GrantFacts, convert: object, currency: str) -> float | None:
    if facts.grant.compensation_type not in OPTION_TYPES:
        return 0.0
    if facts.grant.exercise_price is None:
        return None
    return convert(float(facts.grant.exercise_price), currency)  # type: ignore[operator,no-any-return]


def _stock_rate(side: Side) -> float:
    """Return what one unit of the cap table's currency is in the page's."""
    table = side.terms.cap_table
    currency = table.currency if table else side.terms.revision.currency
    unit = converter(side.terms.revision.currency, side.rates)(1.0, currency)
    return (unit or 1.0) * float(side.rate)


def _plans(side: Side, equity: PrivateEquity) -> tuple[StockPlan, StockPlan] | None:
    """Return the prudent and the kindest plan, the same one where the stack is known."""
    table = side.terms.cap_table
    total = equity.fully_diluted_shares
    if equity.missing or table is None or total is None:
        return None
    grants = tuple(
        _planned(facts, place, side.numbers.n_years) for place, facts in enumerate(equity.grants)
    )

    def plan(*preferred: StockClass) -> StockPlan:
        return StockPlan(
            preferred=preferred,
            fully_diluted_shares=total,
            grants=grants,
            debt=float(table.debt or 0) if table else 0.0,
        )

    if equity.is_stack_known:
        known = plan(
            *(engine_class(row, place) for place, row in enumerate(side.terms.stock_classes))
        )
        return known, known
    kindest = plan()
    if table.total_raised is None:
        nothing = replace(
            kindest,
            grants=tuple(replace(grant, vested_fraction=Fraction(0)) for grant in grants),
        )
        return nothing, kindest
    raised = prudent_class(
        total_raised=float(table.total_raised), other_shares=total - kindest.units
    )
    return plan(raised), kindest


def _planned(facts: GrantFacts, place: int, n_years: int) -> PlannedGrant:
    grant = facts.grant
    limit = None
    if grant.participation_cap_multiple is not None and grant.grant_value is not None:
        limit = float(grant.participation_cap_multiple * grant.grant_value)
    return PlannedGrant(
        stock_class=engine_grant(grant, facts.quantity or 0.0, place),
        vested_fraction=_vested(grant, n_years),
        payout_limit=limit,
    )


def _vested(grant: EquityGrant, n_years: int) -> Fraction:
    """Return what vests within the horizon, exactly."""
    return sum(
        (
            instalment.fraction
            for instalment in vesting_terms(grant).instalments()
            if instalment.after_months <= 12 * n_years
        ),
        start=Fraction(0),
    )


# --- where the levers stand ----------------------------------------------------------------------


def _chosen(reading: Reading, horizon_years: int) -> Chosen:
    """Return the likeliest of the user's scenarios, or the last round's value, looked at alone."""
    equity = reading.side.numbers.private_equity
    scenarios = equity.scenarios if equity else ()
    if scenarios:
        likeliest = max(scenarios, key=lambda row: row.probability or 0.0)
        return Chosen(
            exit_proceeds=_money(reading.side.scaled([likeliest.exit_proceeds.high])[0]),
            exit_years=Decimal(str(likeliest.years or 0.0)),
            dilution=Decimal(str(likeliest.dilution_fraction)),
        )
    return Chosen(
        exit_proceeds=_money(reading.last_round or _half_reached(reading)),
        exit_years=Decimal(horizon_years),
    )


def _half_reached(reading: Reading) -> float:
    """Return an exit to begin with where no round is known: twice the last kink of the payoff."""
    if reading.high is None or reading.high.stock is None:
        return 0.0
    payoff: ExactPayoff = reading.high.stock.payoff()
    kink = float(payoff.starts[-1]) * reading.high.stock_rate
    return 2.0 * kink or reading.high.stock.fully_diluted_shares * reading.high.stock_rate


def _money(amount: float) -> Decimal:
    return Decimal(repr(float(amount))).quantize(CENT)


def _moved(reading: Reading, levers: Levers) -> Reading:
    chosen = levers.chosen.get(reading.side.column.key)
    changes = [each for each in levers.changes if each.letter == reading.side.column.key]

    def move(case: OfferCase) -> OfferCase:
        case = replace(case, discount_rate=float(levers.discount_rate))
        if chosen is not None and case.stock is not None:
            case = replace(
                case,
                exit_proceeds=float(chosen.exit_proceeds),
                exit_years=float(chosen.exit_years),
                exit_probability=float(chosen.odds),
                dilution_fraction=float(chosen.dilution),
            )
        for change in changes:
            case = _changed(case, change)
        return case

    low = move(reading.low) if reading.low is not None else None
    high = low if reading.is_exact else move(reading.high) if reading.high is not None else None
    return replace(reading, base=move(reading.base), low=low, high=high)


def _changed(case: OfferCase, change: Change) -> OfferCase:
    """Return the case with the change, or as it was where it says nothing about it."""
    if change.input not in dict(case_inputs(case)):
        return case
    try:
        return with_input(case, change.input, change.value)
    except InvalidFigure:
        return case
