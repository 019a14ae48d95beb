"""Rows → values of the market."""

from market.selectors.rates import (
    Conversion,
    RateTable,
    Sourced,
    exit_multiple_buckets,
    known_currencies,
    rate_table,
    share_price_volatility,
)

__all__ = [
    "Conversion",
    "RateTable",
    "Sourced",
    "exit_multiple_buckets",
    "known_currencies",
    "rate_table",
    "share_price_volatility",
]
