"""What an owner can hide from a mentor, and which parts of a page each choice takes away."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db import models

from offers.models import Benefit, CashPayment


class Hideable(models.TextChoices):
    """A choice in the form; its value is what a link stores."""

    COMPANY_NAMES = "company_names", "Company names"
    JOB_TITLES = "job_titles", "Job titles and levels"
    LOCATIONS = "locations", "Places"
    EXACT_AMOUNTS = "exact_amounts", "Exact amounts"
    SIGN_ON = "sign_on", "Sign-on and other one-off payments"
    BONUS = "bonus", "Bonus"
    BENEFITS = "benefits", "Benefits"
    EQUITY = "equity", "Size and value of the equity"
    CAP_TABLE = "cap_table", "Cap table"
    EXIT_SCENARIOS = "exit_scenarios", "Exit scenarios"
    DATES = "dates", "Dates and deadlines"


HINTS: Final[Mapping[str, str]] = {
    Hideable.COMPANY_NAMES: "They read “Company A”. Share prices are rounded and undated, because "
    "they would name a listed company.",
    Hideable.JOB_TITLES: "The title and the level of each role.",
    Hideable.LOCATIONS: "City, country, and whether the work is remote.",
    Hideable.EXACT_AMOUNTS: "Every amount is rounded to two figures before anything is worked out: "
    "$187,431 is $190,000.",
    Hideable.SIGN_ON: "Totals are worked out without them.",
    Hideable.BONUS: "Totals are worked out without it.",
    Hideable.BENEFITS: "Totals are worked out without them.",
    Hideable.EQUITY: "Units, percentage, price and value. The kind of equity and its vesting stay; "
    "totals are worked out without it.",
    Hideable.CAP_TABLE: "Share counts, 409A price, rounds and preferences, and every payout that "
    "follows from them.",
    Hideable.EXIT_SCENARIOS: "Your own outcomes, their odds and dilution.",
    Hideable.DATES: "When an answer is due, start dates and the dates of company figures.",
}

# What the totals of a page lack where the owner hid it, in the words of a sentence.
LEFT_OUT_OF_TOTALS: Final[Mapping[str, str]] = {
    Hideable.SIGN_ON: "one-off payments",
    Hideable.BONUS: "the bonus",
    Hideable.BENEFITS: "benefits",
    Hideable.EQUITY: "equity",
}

_NEVER: Final[frozenset[str]] = frozenset()
_EQUITY: Final = frozenset({Hideable.EQUITY.value})
_STACK: Final = frozenset({Hideable.CAP_TABLE.value})
_DATES: Final = frozenset({Hideable.DATES.value})

# Every part of a comparison that a mentor may see, by its key, with the choices that remove it.
# A key that is not here is never shown: who adds a row to the comparison decides about it here.
SHOWN: Final[Mapping[str, frozenset[str]]] = {
    # lenses
    "glance": _NEVER,
    "years": _NEVER,
    "vesting": _EQUITY,
    "payouts": _EQUITY,
    "outcomes": _EQUITY,
    "terms": _NEVER,
    # Without the job there is nothing to compare; a total without its parts would stand elsewhere.
    "market": frozenset({Hideable.JOB_TITLES.value}),
    "market_base": _NEVER,
    "market_bonus": frozenset({Hideable.BONUS.value}),
    "market_equity": _EQUITY,
    "market_total": _EQUITY | {Hideable.BONUS.value},
    # at a glance
    "counted": _NEVER,
    "private": _EQUITY,
    "contract_cash": _NEVER,
    "year_one": _NEVER,
    "average_year": _NEVER,
    "base_share": _NEVER,
    "answer_due": _DATES,
    "state": _NEVER,
    # payouts
    "scenarios": _EQUITY,
    # the terms, cash
    "cash": _NEVER,
    "base_salary": _NEVER,
    "target_bonus": frozenset({Hideable.BONUS.value}),
    "guaranteed_bonus": frozenset({Hideable.BONUS.value}),
    **{str(kind.value): frozenset({Hideable.SIGN_ON.value}) for kind in CashPayment.Kind},
    # the terms, equity
    "equity": _NEVER,
    "grant_type": _NEVER,
    "grant_size": _EQUITY,
    "value_today": _EQUITY,
    "value_409a": _EQUITY | _STACK,
    "vesting_terms": _NEVER,
    "exercise_cost": _EQUITY,
    "exercise_window": _NEVER,
    "acceleration": _NEVER,
    "early_exercise": _NEVER,
    "lock_up": _NEVER,
    "participation": _EQUITY,
    # the terms, cap table
    "cap_table": _STACK,
    "preferences": _STACK,
    "fully_diluted_shares": _STACK,
    "fair_market_value": _STACK,
    "last_preferred_price": _STACK,
    "last_round_value": _STACK,
    "total_raised": _STACK,
    "debt": _STACK,
    # the terms, benefits
    "benefits": frozenset({Hideable.BENEFITS.value}),
    **{f"benefit_{kind.value}": frozenset({Hideable.BENEFITS.value}) for kind in Benefit.Kind},
    # the terms, work and dates
    "work": _NEVER,
    "level": frozenset({Hideable.JOB_TITLES.value}),
    "location": frozenset({Hideable.LOCATIONS.value}),
    "start_date": _DATES,
    "company_stage": _NEVER,
    "terms_date": _DATES,
    # assumptions
    "horizon": _NEVER,
    "currency": _NEVER,
    "bonus": frozenset({Hideable.BONUS.value}),
    "share_price": _EQUITY,
    "private_stock": _EQUITY,
    "dilution": _STACK | {Hideable.EXIT_SCENARIOS.value},
    "tax": _NEVER,
    "discount_rate": _NEVER,
}


def may_show(key: str, hidden: Collection[str]) -> bool:
    """Say whether a mentor sees the part of a comparison with this key."""
    return key in SHOWN and SHOWN[key].isdisjoint(hidden)
