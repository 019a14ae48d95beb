"""Values → rows of the market."""

from market.services.reference import REFERENCE, load_reference
from market.services.refresh import (
    refresh_benchmarks,
    request_nightly_refresh,
    request_refresh,
    requeue_lost_refreshes,
    run_refresh,
)

__all__ = [
    "REFERENCE",
    "load_reference",
    "refresh_benchmarks",
    "request_nightly_refresh",
    "request_refresh",
    "requeue_lost_refreshes",
    "run_refresh",
]
