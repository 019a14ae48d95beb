"""What an amount may turn out to be: distributions of exits and of share prices.

Each one draws, and knows the closed form of its expected excess over a threshold; the mean of every
payoff that is straight between thresholds follows from that alone.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from offers.valuation.bounds import InvalidFigure, check_number, check_positive, check_rate
from offers.valuation.exits import NO_DEDUCTIONS, Deductions
from offers.valuation.payoffs import FloatArray, Payoff

# How far shares that were typed or published as decimals may add up beside 1.
_ROUNDING = 1e-9


class Distribution(Protocol):
    """A random amount that is never negative."""

    def draw(self, n_paths: int, *, rng: np.random.Generator) -> FloatArray:
        """Return independent draws, shape (n_paths,)."""

    def expected_excess(self, threshold: float) -> float:
        """Return the mean of what the amount exceeds the threshold by, 0 where it does not."""


def expected_payoff(payoff: Payoff, distribution: Distribution) -> float:
    """Return the mean of a payoff in closed form: every tranche is a spread of two excesses."""
    excesses = [distribution.expected_excess(start) for start in payoff.starts.tolist()]
    return math.fsum(
        slope * (excess - next_excess)
        for slope, excess, next_excess in zip(
            payoff.slopes.tolist(), excesses, [*excesses[1:], 0.0], strict=True
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeScenario:
    """One way it may end, in exit proceeds before deductions."""

    exit_proceeds: float
    probability: float
    deductions: Deductions = NO_DEDUCTIONS

    def __post_init__(self) -> None:
        """Check the figures."""
        check_number("exit_proceeds", self.exit_proceeds)
        check_rate("probability", self.probability)

    @property
    def net_proceeds(self) -> float:
        """What reaches the holders."""
        return float(self.deductions.apply(self.exit_proceeds).net_proceeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOutcomes:
    """Net proceeds from a set of scenarios; what their probabilities leave of 1 ends at nothing."""

    scenarios: tuple[OutcomeScenario, ...]

    def __post_init__(self) -> None:
        """Check that the probabilities leave room for each other."""
        if math.fsum(scenario.probability for scenario in self.scenarios) > 1.0 + _ROUNDING:
            raise InvalidFigure("scenarios", "have probabilities that add up to more than 1")

    def draw(self, n_paths: int, *, rng: np.random.Generator) -> FloatArray:
        """Return net proceeds, shape (n_paths,)."""
        reached = np.cumsum([scenario.probability for scenario in self.scenarios])
        amounts = np.array([*(scenario.net_proceeds for scenario in self.scenarios), 0.0])
        drawn: FloatArray = amounts[np.searchsorted(reached, rng.random(n_paths), side="right")]
        return drawn

    def expected_excess(self, threshold: float) -> float:
        """Return the mean net proceeds above the threshold."""
        return math.fsum(
            scenario.probability * max(0.0, scenario.net_proceeds - threshold)
            for scenario in self.scenarios
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnBucket:
    """A share of outcomes that return from `low` to `high` times the last round's value.

    Inside, the multiple is log-uniform; in a bucket that starts at 0, uniform. An open bucket of a
    published table needs an upper end, which is an assumption of whoever gives it.
    """

    share: float
    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the figures and their order."""
        check_positive("share", self.share)
        check_rate("share", self.share)
        check_number("low", self.low)
        check_number("high", self.high)
        if self.high <= self.low:
            raise InvalidFigure("high", "must be above low")

    def expected_excess(self, threshold: float) -> float:
        """Return the mean multiple above the threshold, inside this bucket."""
        if threshold >= self.high:
            return 0.0
        start = max(self.low, threshold)
        if self.low == 0.0:
            return (self.high - start) ** 2 / (2.0 * self.high)
        log_width = math.log(self.high / self.low)
        above = self.high - start - threshold * math.log(self.high / start)
        return above / log_width


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnMultipleOutcomes:
    """Exits as multiples of the last round's value, from a bucketed table of realised returns."""

    buckets: tuple[ReturnBucket, ...]
    last_round_value: float

    def __post_init__(self) -> None:
        """Check that the buckets hold every outcome."""
        check_number("last_round_value", self.last_round_value)
        if abs(math.fsum(bucket.share for bucket in self.buckets) - 1.0) > _ROUNDING:
            raise InvalidFigure("buckets", "must have shares that add up to 1")

    def draw(self, n_paths: int, *, rng: np.random.Generator) -> FloatArray:
        """Return net proceeds, shape (n_paths,).

        One uniform number per path says both the bucket and the place inside it.
        """
        shares = np.array([bucket.share for bucket in self.buckets])
        low = np.array([bucket.low for bucket in self.buckets])
        high = np.array([bucket.high for bucket in self.buckets])
        is_uniform = low == 0.0
        log_low = np.log(np.where(is_uniform, 1.0, low))
        log_width = np.where(is_uniform, 0.0, np.log(high) - log_low)

        levels = rng.random(n_paths)
        reached = np.cumsum(shares)
        at = np.minimum(np.searchsorted(reached, levels, side="right"), len(shares) - 1)
        inside = np.clip((levels - (reached - shares)[at]) / shares[at], 0.0, 1.0)
        multiples = np.where(
            is_uniform[at], high[at] * inside, np.exp(log_low[at] + log_width[at] * inside)
        )
        drawn: FloatArray = multiples * self.last_round_value
        return drawn

    def expected_excess(self, threshold: float) -> float:
        """Return the mean net proceeds above the threshold."""
        if self.last_round_value == 0.0:
            return 0.0
        return self.last_round_value * math.fsum(
            bucket.share * bucket.expected_excess(threshold / self.last_round_value)
            for bucket in self.buckets
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LognormalSharePrice:
    """A share price after some years of geometric Brownian motion.

    Parameters
    ----------
    share_price
        Today's.
    years
        From today.
    drift
        Continuous growth of the expected price per year: the mean is `share_price * exp(drift *
        years)`, whatever the volatility.
    volatility
        Standard deviation of the yearly log return.

    References
    ----------
    Black and Scholes (1973): the expected excess is their call, undiscounted.
    """

    share_price: float
    years: float
    drift: float
    volatility: float

    def __post_init__(self) -> None:
        """Check the figures; within these limits no price overflows."""
        check_positive("share_price", self.share_price)
        check_number("years", self.years, maximum=100.0)
        check_number("drift", self.drift, minimum=-1.0, maximum=1.0)
        check_number("volatility", self.volatility, maximum=5.0)

    @property
    def mean(self) -> float:
        """The expected price."""
        return self.share_price * math.exp(self.drift * self.years)

    @property
    def log_deviation(self) -> float:
        """The standard deviation of the log price."""
        return self.volatility * math.sqrt(self.years)

    def draw(self, n_paths: int, *, rng: np.random.Generator) -> FloatArray:
        """Return share prices, shape (n_paths,)."""
        log_median = math.log(self.mean) - self.log_deviation**2 / 2.0
        return rng.lognormal(log_median, self.log_deviation, n_paths)

    def expected_excess(self, threshold: float) -> float:
        """Return the mean of the price above the threshold."""
        if threshold <= 0.0 or self.log_deviation == 0.0:
            return max(0.0, self.mean - threshold)
        d1 = math.log(self.mean / threshold) / self.log_deviation + self.log_deviation / 2.0
        d2 = d1 - self.log_deviation
        return self.mean * normal_cdf(d1) - threshold * normal_cdf(d2)


def normal_cdf(z: float) -> float:
    """Return the chance that a standard normal number is below z."""
    return math.erfc(-z / math.sqrt(2.0)) / 2.0
