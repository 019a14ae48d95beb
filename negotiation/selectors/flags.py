"""Red and green flags of an offer's equity: from the answers and the numbers, with what they cost."""

import datetime as dt
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import numpy as np

from config.figures import amounts
from market.selectors import rate_table
from negotiation.selectors.questions import OpenQuestion
from offers.models import EquityGrant, StockClass
from offers.selectors import OfferNumbers, Terms
from offers.selectors.equity import (
    OPTION_TYPES,
    PrivateEquity,
    ScenarioPayout,
    private_equity,
    vesting_terms,
)
from offers.selectors.numbers import converter
from offers.valuation import vested_fraction

GOOD: Final = "good"
WARN: Final = "warn"
BAD: Final = "bad"
NOTE: Final = "info"
SHORT_WINDOW_DAYS: Final = 90
APPRAISAL_DAYS: Final = 366
EARLY_SALE_MONTHS: Final = 12
# Below one unit of money a difference is rounding, not a cost.
ROUNDING: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What something costs in one of the user's scenarios, in the offer's currency."""

    name: str
    amount: float
    other: float | None = None
    """The upper end, where the stack is not known and only a range is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One thing to know about the equity: good, a caution, or red, with its reason."""

    tone: str
    title: str
    reason: str
    costs: tuple[Cost, ...] = ()
    costs_title: str = ""
    question: str = ""
    is_unanswered: bool = False


def equity_flags(
    terms: Terms, numbers: OfferNumbers, questions: Sequence[OpenQuestion], *, today: dt.date
) -> tuple[Flag, ...]:
    """Return the flags, the red ones first."""
    equity = numbers.private_equity
    if equity is None:
        return ()
    found = [
        *_refusals(equity, questions),
        *_preferences(terms, numbers, equity),
        *_acceleration(terms, equity),
        *_window(terms, equity, numbers.currency),
        *_appraisal(terms, today),
        *_answers(questions),
    ]
    order = {BAD: 0, WARN: 1, NOTE: 2, GOOD: 3}
    return tuple(sorted(found, key=lambda flag: order[flag.tone]))


def _refusals(equity: PrivateEquity, questions: Sequence[OpenQuestion]) -> Iterator[Flag]:
    declined = [row for row in questions if row.is_declined]
    for row in declined:
        yield Flag(
            tone=BAD if row.is_must else WARN,
            title=f"No clear answer: {row.question.text}",
            reason=row.question.refusal_means or "Not answering is an answer.",
            costs=_spread(equity.scenarios) if row.question.answers_fact else (),
            costs_title="What it leaves open: the least and the most you would get",
            question=row.question.key,
            is_unanswered=True,
        )


def _spread(scenarios: Sequence[ScenarioPayout]) -> tuple[Cost, ...]:
    return tuple(
        Cost(name=row.name, amount=row.payout.low, other=row.payout.high)
        for row in scenarios
        if not row.payout.is_exact
    )


def _preferences(terms: Terms, numbers: OfferNumbers, equity: PrivateEquity) -> Iterator[Flag]:
    if not equity.is_stack_known:
        return
    harsh = [row for row in terms.stock_classes if _is_harsh(row)]
    if not harsh:
        yield Flag(
            tone=GOOD,
            title="Preferences are one time and non-participating",
            reason="Investors take their money back or share in the sale like you, not both. That is the usual and fair form.",
            question="Q7",
        )
        return
    costs = _against_fair(terms, numbers, equity)
    for row in harsh:
        multiple = row.liquidation_preference_multiple
        parts = []
        if multiple > 1:
            parts.append(f"takes {multiple.normalize():f} times its money first")
        if row.participation == StockClass.Participation.FULL:
            parts.append("then shares in the rest as well, without a limit")
        elif row.participation == StockClass.Participation.CAPPED:
            parts.append("then shares in the rest as well, up to a cap")
        is_capped_only = multiple <= 1 and row.participation == StockClass.Participation.CAPPED
        yield Flag(
            tone=WARN if is_capped_only else BAD,
            title=f"{row.name} {' and '.join(parts)}",
            reason="It reduces what is left for common stock in modest sales. One time and non-participating is the usual form.",
            costs=costs,
            costs_title="What all such terms cost you against one time, non-participating",
            question="Q7",
        )


def _is_harsh(row: StockClass) -> bool:
    return row.liquidation_preference_multiple > 1 or (
        row.participation != StockClass.Participation.NONE
    )


def _against_fair(terms: Terms, numbers: OfferNumbers, equity: PrivateEquity) -> tuple[Cost, ...]:
    """Return what the holder would get more in each scenario if every class were 1x, non-participating."""
    fair_classes = []
    for row in terms.stock_classes:
        fair = copy(row)
        fair.liquidation_preference_multiple = Decimal(1)
        fair.participation = StockClass.Participation.NONE
        fair.participation_cap_multiple = None
        fair_classes.append(fair)
    fair_equity = private_equity(
        replace(terms, stock_classes=fair_classes),
        n_years=numbers.n_years,
        convert=converter(numbers.currency, rate_table()),
    )
    if fair_equity is None:
        return ()
    return tuple(
        Cost(name=mine.name, amount=fair.payout.low - mine.payout.low)
        for mine, fair in zip(equity.scenarios, fair_equity.scenarios, strict=True)
        if fair.payout.low - mine.payout.low > ROUNDING
    )


def _acceleration(terms: Terms, equity: PrivateEquity) -> Iterator[Flag]:
    for grant in terms.grants[:1]:
        kind = grant.acceleration
        if kind == EquityGrant.Acceleration.DOUBLE:
            yield Flag(
                tone=GOOD,
                title="Double-trigger acceleration",
                reason="If the company is sold and you are let go, unvested shares vest.",
                question="Q6",
            )
        elif kind == EquityGrant.Acceleration.NONE:
            yield Flag(
                tone=BAD,
                title="No acceleration on a sale",
                reason="If the company is sold and you are let go, everything unvested is lost.",
                costs=_lost_unvested(grant, equity),
                costs_title="What you would lose if the sale came one year after you start",
                question="Q6",
            )
        elif kind == EquityGrant.Acceleration.NOT_STATED:
            yield Flag(
                tone=WARN,
                title="Acceleration is not stated",
                reason="Assume that there is none until it is in writing.",
                costs=_lost_unvested(grant, equity),
                costs_title="What would be at stake if the sale came one year after you start",
                question="Q6",
            )


def _lost_unvested(grant: EquityGrant, equity: PrivateEquity) -> tuple[Cost, ...]:
    months = np.array([float(EARLY_SALE_MONTHS)])
    unvested = 1.0 - float(vested_fraction(vesting_terms(grant), months)[0])
    at_horizon = equity.grants[0].vested_at_horizon
    if not at_horizon or not unvested:
        return ()
    return tuple(
        Cost(name=row.name, amount=row.payout.low / at_horizon * unvested)
        for row in equity.scenarios
        if row.payout.low > ROUNDING
    )


def _window(terms: Terms, equity: PrivateEquity, currency: str) -> Iterator[Flag]:
    grant = terms.grants[0]
    days = grant.post_termination_window_days
    if grant.compensation_type not in OPTION_TYPES or days is None:
        return
    cost = equity.exercise_cost
    need = (
        f" To keep all of it you would need {amounts.money(round(cost), currency)} and the tax within {days} days."
        if cost
        else ""
    )
    if days <= SHORT_WINDOW_DAYS:
        yield Flag(
            tone=BAD,
            title=f"{days} days to exercise after leaving",
            reason=f"Vested options are lost unless you buy them in that time.{need}",
            costs=(Cost(name="To exercise everything", amount=cost),) if cost else (),
            costs_title="Cash that it takes",
            question="Q9",
        )
    elif days > 365:
        yield Flag(
            tone=GOOD,
            title="Long time to exercise after leaving",
            reason=f"You have {days} days after leaving to decide on vested options.",
            question="Q9",
        )


def _appraisal(terms: Terms, today: dt.date) -> Iterator[Flag]:
    table = terms.cap_table
    if table is None:
        return
    price, preferred = table.fair_market_value, table.last_preferred_price
    if price and preferred:
        ratio = preferred / price
        yield Flag(
            tone=NOTE,
            title=f"The preferred price is {ratio.quantize(Decimal('0.1'))} times the 409A price",
            reason="Common stock lacks the rights of preferred and cannot be sold freely, and the gap tends to narrow as a company matures. It does not measure dilution. A wide gap means a low exercise price, and that your shares should not be multiplied by the preferred price.",
            question="Q3",
        )
    dated, round_date = table.fair_market_value_date, table.last_round_date
    if dated is not None and (today - dated).days > APPRAISAL_DAYS:
        yield Flag(
            tone=WARN,
            title="The 409A price is older than a year",
            reason="A new one may set a higher exercise price before your grant.",
            question="Q3",
        )
    elif dated is not None and round_date is not None and dated < round_date:
        yield Flag(
            tone=WARN,
            title="The 409A price is from before the last round",
            reason="A new one may set a higher exercise price before your grant.",
            question="Q3",
        )


def _answers(questions: Sequence[OpenQuestion]) -> Iterator[Flag]:
    """Yield what the remaining answers say; what the numbers decide is said above."""
    by_numbers = {"Q3", "Q6", "Q7", "Q9"}
    for row in questions:
        if row.question.key in by_numbers or row.is_declined:
            continue
        if row.rating == "bad":
            yield Flag(
                tone=BAD if row.is_must else WARN,
                title=row.question.text,
                reason=f"They say: {row.answer.text if row.answer else ''} "
                f"A red flag looks like this: {row.question.bad_answer}",
                question=row.question.key,
            )
