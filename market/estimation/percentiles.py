"""Percentiles of a sample, and how far the sample lets them be known."""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike

from market.estimation.bounds import FloatArray, InvalidSample, check_fraction, sample

FRACTIONS: Final = (0.10, 0.25, 0.50, 0.75, 0.90)
CONFIDENCE: Final = 0.95
# Up to here the binomial is summed; above, its normal curve is exact to a rank.
EXACT_N: Final = 1000
# Beyond twelve standard deviations a binomial has no weight that a float would notice.
_REACH: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """The 10th, 25th, 50th, 75th and 90th percentile of `n` figures, and the ends."""

    n: int
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    minimum: float
    maximum: float

    def __post_init__(self) -> None:
        """Check that they ascend."""
        ends = (self.minimum, *self.figures, self.maximum)
        if self.n < 1 or any(low > high for low, high in pairwise(ends)):
            raise InvalidSample("percentiles ascend from the smallest to the largest figure")

    @property
    def figures(self) -> tuple[float, float, float, float, float]:
        """The five, ascending."""
        return (self.p10, self.p25, self.p50, self.p75, self.p90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two figures of the sample, between which the percentile of the population lies.

    `confidence` is the least chance of that, whatever the distribution.
    """

    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """The order statistics that bound a percentile: 1-based ranks and the exact coverage."""

    low: int
    high: int
    coverage: float


def percentile(values: ArrayLike, fraction: float) -> float:
    """Return the percentile at `fraction` exactly as PostgreSQL's `percentile_cont`.

    The sorted values v[0..n-1] are joined by straight lines: k = fraction x (n - 1), and the answer
    is v[floor k] + (k - floor k) x (v[floor k + 1] - v[floor k]).

    Raises
    ------
    InvalidSample
        If there are no values, or one is not finite.

    References
    ----------
    Hyndman and Fan (1996), "Sample Quantiles in Statistical Packages", definition 7.
    """
    check_fraction(fraction)
    ordered = sample(values)
    if not ordered.size:
        raise InvalidSample("a percentile needs at least one value")
    return _between(ordered, fraction)


def percentiles(values: ArrayLike) -> Percentiles | None:
    """Return the five percentiles of a sample and its ends; None of an empty one."""
    ordered = sample(values)
    if not ordered.size:
        return None
    p10, p25, p50, p75, p90 = (_between(ordered, fraction) for fraction in FRACTIONS)
    return Percentiles(
        n=int(ordered.size), p10=p10, p25=p25, p50=p50, p75=p75, p90=p90,
        minimum=float(ordered[0]), maximum=float(ordered[-1]),
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def interval_ranks(n: int, fraction: float, confidence: float = CONFIDENCE) -> Ranks | None:
    """Return the ranks of the two order statistics that bound a percentile; None if n is too small.

    The count of figures below the percentile of the population is binomial. The lower rank is the
    largest whose chance of lying above the percentile is at most (1 - confidence) / 2, the upper
    one mirrors it, so the pair covers with at least `confidence` for any distribution. Beyond
    `EXACT_N` figures the ranks are those of the normal curve, rounded outwards.

    References
    ----------
    David and Nagaraja (2003), "Order Statistics", section 7.1.
    """
    check_fraction(fraction)
    check_fraction(confidence)
    if n < 1 or fraction in (0.0, 1.0):
        return None
    first, cumulative = _binomial(n, fraction)
    tail = (1.0 - confidence) / 2
    if n > EXACT_N:
        reach = deviations(confidence) * math.sqrt(n * fraction * (1.0 - fraction))
        low = math.floor(n * fraction - reach)
        high = math.ceil(n * fraction + reach) + 1
    else:
        # P(count < low) <= tail, and P(count >= high) <= tail.
        low = first + int(np.searchsorted(cumulative, tail, side="right"))
        high = first + int(np.searchsorted(cumulative, 1.0 - tail, side="left")) + 1
    if low < 1 or high > n:
        return None
    coverage = _upto(cumulative, first, high - 1) - _upto(cumulative, first, low - 1)
    return Ranks(low=low, high=high, coverage=coverage)


def deviations(confidence: float = CONFIDENCE) -> float:
    """Return how many standard deviations hold a normal figure with this confidence."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def percentile_interval(
    values: ArrayLike, fraction: float, confidence: float = CONFIDENCE
) -> Interval | None:
    """Return an order-statistic confidence interval of a percentile; None if n is too small."""
    ordered = sample(values)
    ranks = interval_ranks(int(ordered.size), fraction, confidence)
    if ranks is None:
        return None
    return Interval(
        low=float(ordered[ranks.low - 1]),
        high=float(ordered[ranks.high - 1]),
        confidence=ranks.coverage,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedComponents:
    """Percentiles of each component on its own.

    Each is ranked alone: the person at the median of base need not be the one at the median of
    equity, so the medians of parts do not add up to the median of the total.
    """

    base: Percentiles | None
    bonus: Percentiles | None
    equity: Percentiles | None
    total: Percentiles | None

    @classmethod
    def of(cls, *, base: ArrayLike, bonus: ArrayLike, equity: ArrayLike, total: ArrayLike) -> Self:
        """Return the percentiles of each; what a person did not state is simply absent."""
        return cls(
            base=percentiles(base),
            bonus=percentiles(bonus),
            equity=percentiles(equity),
            total=percentiles(total),
        )


def _between(ordered: FloatArray, fraction: float) -> float:
    place = fraction * (ordered.size - 1)
    below = math.floor(place)
    above = math.ceil(place)
    low, high = float(ordered[below]), float(ordered[above])
    return low + (place - below) * (high - low)


def _binomial(n: int, fraction: float) -> tuple[int, FloatArray]:
    """Return the first count with weight, and the cumulative chances from there on."""
    mean, deviation = n * fraction, math.sqrt(n * fraction * (1.0 - fraction))
    first = max(0, math.floor(mean - _REACH * deviation) - 1)
    last = min(n, math.ceil(mean + _REACH * deviation) + 1)
    counts = np.arange(first, last + 1, dtype=np.float64)
    start = (
        math.lgamma(n + 1)
        - math.lgamma(first + 1)
        - math.lgamma(n - first + 1)
        + first * math.log(fraction)
        + (n - first) * math.log1p(-fraction)
    )
    steps = np.log(n - counts[:-1]) - np.log(counts[1:])
    steps += math.log(fraction) - math.log1p(-fraction)
    weights = np.exp(start + np.concatenate(([0.0], np.cumsum(steps))))
    cumulative: FloatArray = np.cumsum(weights / weights.sum())
    return first, cumulative


def _upto(cumulative: FloatArray, first: int, count: int) -> float:
    """Return the chance of at most `count`."""
    place = count - first
    if place < 0:
        return 0.0
    return float(cumulative[min(place, cumulative.size - 1)])
