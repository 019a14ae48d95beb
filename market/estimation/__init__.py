"""What a market pays, from samples of it: a pure room of the standard library, numpy and itself."""

from market.estimation.ageing import IndexPoint, PayIndex
from market.estimation.backoff import CHAIN, Found, Step, back_off, typical_error
from market.estimation.bounds import InvalidSample
from market.estimation.cells import MODELLED, Cell, Job, chain_of
from market.estimation.comparability import OLD_MONTHS, Difference, Person, differences
from market.estimation.outliers import LogSpread, is_outlier, log_spread
from market.estimation.pairing import Posting, midpoint, postings
from market.estimation.percentiles import (
    CONFIDENCE,
    EXACT_N,
    FRACTIONS,
    Interval,
    Percentiles,
    RankedComponents,
    Ranks,
    deviations,
    interval_ranks,
    percentile,
    percentile_interval,
    percentiles,
)
from market.estimation.pooling import LogMoments, log_moments, pooled, prior_size
from market.estimation.suppression import (
    LARGEST_SHARE,
    LEAST_EMPLOYERS,
    LEAST_EMPLOYERS_FOR_TAILS,
    Contribution,
    Publication,
    publication,
    publication_of,
    releasable,
)

__all__ = [
    "CHAIN",
    "CONFIDENCE",
    "EXACT_N",
    "FRACTIONS",
    "LARGEST_SHARE",
    "LEAST_EMPLOYERS",
    "LEAST_EMPLOYERS_FOR_TAILS",
    "MODELLED",
    "OLD_MONTHS",
    "Cell",
    "Contribution",
    "Difference",
    "Found",
    "IndexPoint",
    "Interval",
    "InvalidSample",
    "Job",
    "LogMoments",
    "LogSpread",
    "PayIndex",
    "Percentiles",
    "Person",
    "Posting",
    "Publication",
    "RankedComponents",
    "Ranks",
    "Step",
    "back_off",
    "chain_of",
    "deviations",
    "differences",
    "interval_ranks",
    "is_outlier",
    "log_moments",
    "log_spread",
    "midpoint",
    "percentile",
    "percentile_interval",
    "percentiles",
    "pooled",
    "postings",
    "prior_size",
    "publication",
    "publication_of",
    "releasable",
    "typical_error",
]
