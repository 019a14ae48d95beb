"""Which figures of a cell are too far from the others to be taken at their word."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from market.estimation.bounds import FloatArray, InvalidSample

# Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers": 3.5 robust deviations.
LIMIT: Final = 3.5
# The median absolute deviation of a normal distribution, as a part of its standard deviation.
NORMAL_MAD: Final = 0.6744897501960817
LEAST_SAMPLE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSpread:
    """The middle and the robust deviation of log figures."""

    median: float
    deviation: float

    def score(self, value: float) -> float:
        """Return how many robust deviations a figure lies from the middle; signed."""
        if not value > 0:
            return -math.inf
        if self.deviation == 0.0:
            return 0.0
        return (math.log(value) - self.median) / self.deviation


def log_spread(values: ArrayLike) -> LogSpread | None:
    """Return the spread of the positive figures; None where there are too few to judge by."""
    array: FloatArray = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(array).all():
        raise InvalidSample("every value of a sample is finite")
    logs = np.log(array[array > 0])
    if logs.size < LEAST_SAMPLE:
        return None
    median = float(np.median(logs))
    return LogSpread(median=median, deviation=float(np.median(np.abs(logs - median))) / NORMAL_MAD)


def is_outlier(values: ArrayLike, *, limit: float = LIMIT) -> NDArray[np.bool_]:
    """Return which figures of a cell lie beyond `limit` robust deviations, shape (n,).

    A figure of 0 or less is always one. Where half the cell is one and the same figure there is no
    deviation to measure by, and only those are.
    """
    array: FloatArray = np.asarray(values, dtype=np.float64).ravel()
    beyond: NDArray[np.bool_] = array <= 0
    spread = log_spread(array)
    if spread is None or spread.deviation == 0.0:
        return beyond
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.abs(np.log(array) - spread.median) / spread.deviation
    return beyond | (np.nan_to_num(scores, nan=np.inf) > limit)
