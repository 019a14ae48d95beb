"""Rows → values of the market."""

from market.selectors.benchmarks import (
    BenchmarkAnswer,
    ComponentBenchmark,
    JobQuery,
    SourceShare,
    benchmark_for,
    benchmarks_for,
    has_newer,
)
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
    "BenchmarkAnswer",
    "ComponentBenchmark",
    "Conversion",
    "JobQuery",
    "RateTable",
    "SourceShare",
    "Sourced",
    "benchmark_for",
    "benchmarks_for",
    "exit_multiple_buckets",
    "has_newer",
    "known_currencies",
    "rate_table",
    "share_price_volatility",
]
