"""A seeded simulation: draws of an outcome, paid through a payoff, with errors beside estimates."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from offers.valuation.distributions import Distribution
from offers.valuation.payoffs import FloatArray, Payoff, frozen

DOT_LEVELS: Final = tuple((2 * dot + 1) / 40 for dot in range(20))
"""The middle of each twentieth: a plot of these 20 quantiles is the distribution in 20 dots."""

QUANTILE_LEVELS: Final = tuple(sorted({0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, *DOT_LEVELS}))


class InvalidSimulation(ValueError):
    """A simulation was asked for that cannot be run, or merged from chunks that do not fit."""


class Estimate(NamedTuple):
    """A simulated figure and its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulationResult:
    """What a payoff came to on every path, and what that says.

    Attributes
    ----------
    n_paths
        Independent draws.
    mean, standard_error
        Of the payout; the error is that of the mean.
    quantile_levels, quantiles, quantile_standard_errors : shape (n_levels,)
        Each quantile is a payout that was drawn. Its error is half the distance between the
        quantiles one binomial standard error below and above its level.
    probability_of_nothing
        The chance that the payout is exactly 0.
    sorted_payouts : shape (n_paths,)
        Every payout, ascending.
    """

    n_paths: int
    mean: float
    standard_error: float
    quantile_levels: FloatArray
    quantiles: FloatArray
    quantile_standard_errors: FloatArray
    probability_of_nothing: Estimate
    sorted_payouts: FloatArray

    @property
    def dots(self) -> FloatArray:
        """The 20 quantiles at the middle of each twentieth, ascending."""
        return _quantiles(self.sorted_payouts, np.array(DOT_LEVELS))

    def probability_at_least(self, amount: float) -> Estimate:
        """Return the chance that the payout is at least so much."""
        below = int(np.searchsorted(self.sorted_payouts, amount, side="left"))
        return proportion(self.n_paths - below, self.n_paths)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedChunk:
    """A part of a simulation, the same whenever it is computed.

    Attributes
    ----------
    index, n_chunks
        Which part this is.
    payouts : shape (n_paths of the chunk,)
        In the order they were drawn.
    """

    index: int
    n_chunks: int
    payouts: FloatArray


def simulate(
    payoff: Payoff, distribution: Distribution, *, n_paths: int, rng: np.random.Generator
) -> SimulationResult:
    """Return what a payoff comes to on independent draws of a distribution.

    Parameters
    ----------
    payoff
        Of a class: `payout_curve(cap_table).payoff(class_id)`; of listed shares:
        `Payoff.of_shares(shares)`.
    distribution
        Of net proceeds, or of the share price.
    n_paths
        At least 2: one draw has no standard error.
    rng
        Seeded by the caller; the same seed gives the same bytes.
    """
    _check_paths(n_paths)
    return summarise(payoff.at(distribution.draw(n_paths, rng=rng)))


def simulate_in_chunks(
    payoff: Payoff,
    distribution: Distribution,
    *,
    n_paths: int,
    seed: int,
    n_chunks: int,
    first_chunk: int = 0,
) -> Iterator[SimulatedChunk]:
    """Yield a simulation chunk by chunk, for a caller that reports progress or may be stopped.

    Every chunk has a stream of random numbers of its own, spawned from the seed, so a run that
    begins again at `first_chunk` yields the very chunks it would have come to. `merge_chunks` makes
    them one result.

    Raises
    ------
    InvalidSimulation
        If a chunk would have no path, or there is no such first chunk.
    """
    _check_paths(n_paths)
    if not (1 <= n_chunks <= n_paths and 0 <= first_chunk <= n_chunks):
        raise InvalidSimulation("chunks must be from 1 to n_paths, the first one among them")
    streams = np.random.SeedSequence(seed).spawn(n_chunks)
    return (
        SimulatedChunk(
            index=index,
            n_chunks=n_chunks,
            payouts=payoff.at(
                distribution.draw(
                    _chunk_paths(n_paths, index, n_chunks),
                    rng=np.random.Generator(np.random.PCG64(streams[index])),
                )
            ),
        )
        for index in range(first_chunk, n_chunks)
    )


def merge_chunks(chunks: Iterable[SimulatedChunk]) -> SimulationResult:
    """Return the result of all chunks of a simulation, in whatever order they come.

    Raises
    ------
    InvalidSimulation
        If one is missing or comes twice.
    """
    in_order = sorted(chunks, key=lambda chunk: chunk.index)
    n_chunks = in_order[0].n_chunks if in_order else 1
    if [chunk.index for chunk in in_order] != list(range(n_chunks)):
        raise InvalidSimulation("every chunk has to be there, once")
    return summarise(np.concatenate([chunk.payouts for chunk in in_order]))


def _check_paths(n_paths: int) -> None:
    """Raise unless there are enough paths for an error."""
    if n_paths < 2:
        raise InvalidSimulation("a standard error needs at least 2 paths")


def _chunk_paths(n_paths: int, index: int, n_chunks: int) -> int:
    """Return how many paths a chunk has: all the same, but that the first ones take the rest."""
    each, rest = divmod(n_paths, n_chunks)
    return each + (index < rest)


def summarise(payouts: FloatArray) -> SimulationResult:
    """Return the summary of a payout on every path, shape (n_paths,)."""
    n_paths = len(payouts)
    ordered = np.sort(payouts)
    ordered.setflags(write=False)
    levels = np.array(QUANTILE_LEVELS)
    around = np.sqrt(levels * (1.0 - levels) / n_paths)
    spread = _quantiles(ordered, levels + around) - _quantiles(ordered, levels - around)
    return SimulationResult(
        n_paths=n_paths,
        mean=float(np.mean(payouts)),
        standard_error=float(np.std(payouts, ddof=1)) / math.sqrt(n_paths),
        quantile_levels=frozen(levels),
        quantiles=frozen(_quantiles(ordered, levels)),
        quantile_standard_errors=frozen(spread / 2.0),
        probability_of_nothing=proportion(int(np.searchsorted(ordered, 0.0, "right")), n_paths),
        sorted_payouts=ordered,
    )


def _quantiles(ordered: FloatArray, levels: FloatArray) -> FloatArray:
    """Return, for each level, the least payout that so large a part of the paths stays within."""
    ranks = np.ceil(np.round(levels * len(ordered), 9)).astype(np.intp)
    quantiles: FloatArray = ordered[np.clip(ranks, 1, len(ordered)) - 1]
    return quantiles


def proportion(count: int, n_paths: int) -> Estimate:
    """Return a simulated chance with its error.

    The error is taken at (count + 1/2) / (n + 1), so that what never happened on n paths is not
    reported as certain never to happen.
    """
    smoothed = (count + 0.5) / (n_paths + 1)
    return Estimate(count / n_paths, math.sqrt(smoothed * (1.0 - smoothed) / n_paths))
