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
from market.selectors.priors import Priors, Weighted, market_version, priors
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
    "Priors",
    "RateTable",
    "SourceShare",
    "Sourced",
    "Weighted",
    "benchmark_for",
    "benchmarks_for",
    "exit_multiple_buckets",
    "has_newer",
    "known_currencies",
    "market_version",
    "priors",
    "rate_table",
    "share_price_volatility",
]
