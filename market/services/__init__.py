"""Values → rows of the market."""

from market.selectors.published import NotOfferable, Published, published_form, published_point
from market.services.fetching import fetch_source, request_due_fetches
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
from market.services.moderation import AlreadyModerated, decline_contribution, publish_contribution
from market.services.network import (
    contribute,
    forget_point,
    note_points,
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
from market.services.reviews import (
    NoRate,
    RowNotDoubtful,
    accept_rows,
    fix_row,
    group_of,
    reject_rows,
)
from market.services.shipped import (
    load_benchmarks,
    load_price_levels,
    write_benchmarks,
    write_price_levels,
)
from market.services.sources import add_source, change_source, map_columns
from market.services.taxonomy import LabelTwice, change_ladder, save_title_rule

__all__ = [
    "REFERENCE",
    "AlreadyModerated",
    "BatchNotOpen",
    "FileRefused",
    "LabelTwice",
    "NoRate",
    "NotOfferable",
    "Published",
    "RowNotDoubtful",
    "accept_rows",
    "add_source",
    "cancel_import",
    "change_ladder",
    "change_source",
    "contribute",
    "decline_contribution",
    "discard_import",
    "fetch_source",
    "fix_row",
    "forget_point",
    "group_of",
    "load_benchmarks",
    "load_price_levels",
    "load_reference",
    "map_columns",
    "note_points",
    "publish_contribution",
    "publish_import",
    "published_form",
    "published_point",
    "refresh_benchmarks",
    "reject_rows",
    "request_due_fetches",
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
    "save_title_rule",
    "withdraw_contribution",
    "write_benchmarks",
    "write_price_levels",
]
