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
from market.selectors.curation import (
    batches_of,
    bench,
    flagged_rows,
    header_of,
    samples_of,
    source_rows,
)
from market.selectors.followers import LATELY, Followed, follow_benchmarks, followers
from market.selectors.history import KINDS as HISTORY_KINDS
from market.selectors.history import SHOWN as HISTORY_SHOWN
from market.selectors.history import history, refresh_health, snapshot_diff, snapshots
from market.selectors.levels import labels_of, level_map, translate
from market.selectors.priors import Priors, Weighted, market_version, priors
from market.selectors.rates import (
    Conversion,
    RateTable,
    Sourced,
    exit_multiple_buckets,
    known_currencies,
    rate_table,
    share_price_volatility,
    sourced,
)
from market.selectors.review import cell_of, next_doubt, offered_contributions
from market.selectors.review import filters as review_filters
from market.selectors.title_rules import rule_effect, rules_with_counts, unmapped_titles

__all__ = [
    "HISTORY_KINDS",
    "HISTORY_SHOWN",
    "LATELY",
    "BenchmarkAnswer",
    "ComponentBenchmark",
    "Conversion",
    "Followed",
    "JobQuery",
    "Priors",
    "RateTable",
    "SourceShare",
    "Sourced",
    "Weighted",
    "batches_of",
    "bench",
    "benchmark_for",
    "benchmarks_for",
    "cell_of",
    "exit_multiple_buckets",
    "flagged_rows",
    "follow_benchmarks",
    "followers",
    "has_newer",
    "header_of",
    "history",
    "known_currencies",
    "labels_of",
    "level_map",
    "market_version",
    "next_doubt",
    "offered_contributions",
    "priors",
    "rate_table",
    "refresh_health",
    "review_filters",
    "rule_effect",
    "rules_with_counts",
    "samples_of",
    "share_price_volatility",
    "snapshot_diff",
    "snapshots",
    "source_rows",
    "sourced",
    "translate",
    "unmapped_titles",
]
