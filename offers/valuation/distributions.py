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

    def at_levels(self, levels: FloatArray) -> FloatArray:
        """Return the amount that the levels in [0, 1) of the distribution stay below or meet.

        It never falls as a level rises, so that draws of several amounts can be tied together.
        """

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

    def at_levels(self, levels: FloatArray) -> FloatArray:
        """Return net proceeds by level: nothing first, then the scenarios by their size."""
        by_size = sorted(self.scenarios, key=lambda scenario: scenario.net_proceeds)
        nothing = max(0.0, 1.0 - math.fsum(scenario.probability for scenario in by_size))
        reached = np.cumsum([nothing, *(scenario.probability for scenario in by_size)])
        amounts = np.array([0.0, *(scenario.net_proceeds for scenario in by_size)])
        at = np.minimum(np.searchsorted(reached, levels, side="right"), len(by_size))
        found: FloatArray = amounts[at]
        return found

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
        """Return net proceeds, shape (n_paths,)."""
        return self.at_levels(rng.random(n_paths))

    def at_levels(self, levels: FloatArray) -> FloatArray:
        """Return net proceeds by level, which says both the bucket and the place inside it."""
        shares = np.array([bucket.share for bucket in self.buckets])
        low = np.array([bucket.low for bucket in self.buckets])
        high = np.array([bucket.high for bucket in self.buckets])
        is_uniform = low == 0.0
        log_low = np.log(np.where(is_uniform, 1.0, low))
        log_width = np.where(is_uniform, 0.0, np.log(high) - log_low)

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

    def at_levels(self, levels: FloatArray) -> FloatArray:
        """Return share prices by level."""
        log_median = math.log(self.mean) - self.log_deviation**2 / 2.0
        prices: FloatArray = np.exp(log_median + self.log_deviation * normal_quantile(levels))
        return prices

    def expected_excess(self, threshold: float) -> float:
        """Return the mean of the price above the threshold."""
        if threshold <= 0.0 or self.log_deviation == 0.0:
            return max(0.0, self.mean - threshold)
        d1 = math.log(self.mean / threshold) / self.log_deviation + self.log_deviation / 2.0
        d2 = d1 - self.log_deviation
        return self.mean * normal_cdf(d1) - threshold * normal_cdf(d2)


def diluted_by_growth(
    buckets: tuple[ReturnBucket, ...],
    *,
    dilution_per_round: float,
    valuation_multiple_per_round: float,
) -> tuple[ReturnBucket, ...]:
    """Return exit multiples as a holder of today shares in them, after rounds on the way.

    A company that ends at m times its last round has grown by one multiple g per further round,
    through log m / log g of them, and each sold the fraction d: (1 - d)^(log m / log g) = m^-a is
    left, with a = -log (1 - d) / log g. Exits below the last round need no further round. A bucket
    stays log-uniform; only its ends move. By hand: 9 times after two rounds of 20% leave 5.76.
    """
    check_rate("dilution_per_round", dilution_per_round)
    if not valuation_multiple_per_round > 1.0 / (1.0 - min(dilution_per_round, 0.999)):
        raise InvalidFigure("valuation_multiple_per_round", "must outgrow the dilution of a round")
    kept = 1.0 + math.log1p(-dilution_per_round) / math.log(valuation_multiple_per_round)

    def moved(multiple: float) -> float:
        return multiple**kept if multiple > 1.0 else multiple

    return tuple(
        part
        for bucket in buckets
        for part in (
            ReturnBucket(share=piece.share, low=moved(piece.low), high=moved(piece.high))
            for piece in _cut_at_one(bucket)
        )
    )


def _cut_at_one(bucket: ReturnBucket) -> tuple[ReturnBucket, ...]:
    """Return a bucket in two where it holds both exits below the last round and above it."""
    if not bucket.low < 1.0 < bucket.high:
        return (bucket,)
    if bucket.low == 0.0:
        below = bucket.share / bucket.high
    else:
        below = bucket.share * -math.log(bucket.low) / math.log(bucket.high / bucket.low)
    return (
        ReturnBucket(share=below, low=bucket.low, high=1.0),
        ReturnBucket(share=bucket.share - below, low=1.0, high=bucket.high),
    )


def normal_quantile(levels: FloatArray) -> FloatArray:
    """Return the standard normal number that a level of the distribution stays below.

    Levels in (0, 1); 0 is taken for the smallest one that a random number can be. The relative
    error is about 1e-16.

    References
    ----------
    Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
    Statistics 37 (1988); `statistics.NormalDist.inv_cdf` is the same for one number.
    """
    levels = np.asarray(levels, dtype=np.float64)
    from_middle = levels - 0.5
    quantiles: FloatArray = np.empty_like(from_middle)
    is_central = np.abs(from_middle) <= 0.425
    central = from_middle[is_central]
    r = 0.180625 - central * central
    quantiles[is_central] = central * _ratio(_CENTRAL, r)
    outer = from_middle[~is_central]
    tail = np.minimum(levels, 1.0 - levels)[~is_central]
    tail = np.maximum(tail, 2.0**-54)
    r = np.sqrt(-np.log(tail))
    found = np.where(r <= 5.0, _ratio(_NEAR_TAIL, r - 1.6), _ratio(_FAR_TAIL, r - 5.0))
    quantiles[~is_central] = np.copysign(found, outer)
    return quantiles


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], r: FloatArray) -> FloatArray:
    """Return the quotient of two polynomials, coefficients from the highest power down."""
    above, below = (np.polyval(row, r) for row in coefficients)
    quotient: FloatArray = above / below
    return quotient


# The polynomials of AS 241 (routine PPND16).
_CENTRAL = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
_NEAR_TAIL = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
_FAR_TAIL = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)


def normal_cdf(z: float) -> float:
    """Return the chance that a standard normal number is below z."""
    return math.erfc(-z / math.sqrt(2.0)) / 2.0
