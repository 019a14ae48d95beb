"""Values → rows of the market."""

from market.services.imports import (
    BatchNotOpen,
    FileRefused,
    cancel_import,
    discard_import,
    request_import,
    requeue_lost_imports,
    retry_import,
    run_import,
)
from market.services.network import (
    NotOfferable,
    Published,
    contribute,
    forget_point,
    note_points,
    published_form,
    published_point,
    revise_point,
    withdraw_contribution,
)
from market.services.publishing import publish_import, roll_back_import
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
    "BatchNotOpen",
    "FileRefused",
    "NotOfferable",
    "Published",
    "cancel_import",
    "contribute",
    "discard_import",
    "forget_point",
    "load_reference",
    "note_points",
    "publish_import",
    "published_form",
    "published_point",
    "refresh_benchmarks",
    "request_import",
    "request_nightly_refresh",
    "request_refresh",
    "requeue_lost_imports",
    "requeue_lost_refreshes",
    "retry_import",
    "revise_point",
    "roll_back_import",
    "run_import",
    "run_refresh",
    "withdraw_contribution",
]
