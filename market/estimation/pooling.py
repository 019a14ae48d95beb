"""What a small cell may borrow from the cell above it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from market.estimation.bounds import FloatArray, InvalidSample
from market.estimation.percentiles import Percentiles

# However alike cells look, a parent is never worth more figures than this, nor fewer.
MOST_PRIOR: Final = 200.0
LEAST_PRIOR: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMoments:
    """Count, mean and variance of the logarithms of a cell's figures."""

    n: int
    mean: float
    variance: float

    def __post_init__(self) -> None:
        """Check the figures."""
        if self.n < 1 or not math.isfinite(self.mean) or not self.variance >= 0:
            raise InvalidSample("moments need a figure, a finite mean and a variance of 0 or more")


def prior_size(n: ArrayLike, mean: ArrayLike, variance: ArrayLike, parent: ArrayLike) -> float:
    """Return how many figures of its own a cell needs to weigh as much as its parent.

    Parameters
    ----------
    n, mean, variance, parent : shape (n_cells,)
        Per cell: its count, the mean and the variance of its log figures, its parent's log mean.

    Returns
    -------
    float
        Variance within cells over variance of cells about their parents, by the method of moments:
        what the squared distance of a mean from its parent exceeds its own sampling error by.
        Bounded to [`LEAST_PRIOR`, `MOST_PRIOR`].

    References
    ----------
    Efron and Morris (1975), "Data Analysis Using Stein's Estimator and its Generalizations".
    """
    counts = np.asarray(n, dtype=np.float64)
    if not counts.size:
        return MOST_PRIOR
    spread = np.asarray(variance, dtype=np.float64)
    distance = np.asarray(mean, dtype=np.float64) - np.asarray(parent, dtype=np.float64)
    degrees = np.maximum(counts - 1.0, 0.0)
    within = float((degrees * spread).sum() / max(degrees.sum(), 1.0))
    between = float((counts * (distance**2 - within / counts)).sum() / counts.sum())
    if between <= 0.0:
        return MOST_PRIOR
    return min(max(within / between, LEAST_PRIOR), MOST_PRIOR)


def pooled(
    cell: LogMoments, parent: LogMoments, measured: Percentiles, *, prior: float
) -> Percentiles:
    """Return modelled percentiles of a small cell: the parent's, moved towards the cell.

    The shape is the parent's (`measured`); its place is the mean of both, weighted by the cell's
    count against `prior`. It is a model: never show it as measured, never mix it with what is.
    """
    if not prior > 0:
        raise InvalidSample("a parent weighs more than nothing")
    weight = cell.n / (cell.n + prior)
    factor = math.exp(weight * (cell.mean - parent.mean))
    p10, p25, p50, p75, p90 = (figure * factor for figure in measured.figures)
    return Percentiles(
        n=cell.n, p10=p10, p25=p25, p50=p50, p75=p75, p90=p90,
        minimum=measured.minimum * factor, maximum=measured.maximum * factor,
    )  # fmt: skip


def log_moments(values: ArrayLike) -> LogMoments:
    """Return the moments of the logarithms of positive figures."""
    array: FloatArray = np.asarray(values, dtype=np.float64).ravel()
    if not array.size or not (np.isfinite(array).all() and (array > 0).all()):
        raise InvalidSample("logarithms need figures above 0")
    logs = np.log(array)
    variance = float(logs.var(ddof=1)) if array.size > 1 else 0.0
    return LogMoments(n=int(array.size), mean=float(logs.mean()), variance=variance)
