"""Figures as people read them and as people type them. Exact: `Decimal` in, `Decimal` out."""

from config.figures.amounts.shown import (
    CURRENCY_CODES,
    MINUS,
    count,
    count_short,
    day,
    days_left,
    headline,
    long_day,
    money,
    money_range,
    ownership,
    percent,
    price,
    symbol,
    tick,
)
from config.figures.amounts.typed import (
    Amount,
    UnreadableAmount,
    read_amount,
    read_count,
    read_fraction,
)

__all__ = [
    "CURRENCY_CODES",
    "MINUS",
    "Amount",
    "UnreadableAmount",
    "count",
    "count_short",
    "day",
    "days_left",
    "headline",
    "long_day",
    "money",
    "money_range",
    "ownership",
    "percent",
    "price",
    "read_amount",
    "read_count",
    "read_fraction",
    "symbol",
    "tick",
]
