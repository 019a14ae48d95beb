"""All offers of a comparison at once: outcomes drawn together, so that chances can be compared.

What ties offers together is an assumption, told as one: in a stated fraction of the paths all
companies of a sector share their luck, in the others each has its own. Two offers of one company
always share it. Marginal distributions are untouched; the rank correlation of two companies of one
sector is that fraction. See docs/valuation.md#outcomes-together.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from offers.valuation.bounds import InvalidFigure, check_positive, check_rate
from offers.valuation.distributions import Distribution, expected_payoff
from offers.valuation.payoffs import FloatArray, Payoff
from offers.valuation.simulation import (
    Estimate,
    InvalidSimulation,
    SimulationResult,
    proportion,
    summarise,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCase:
    """What equity pays under one reading of what is unknown, and how likely that reading is."""

    weight: float
    payoff: Payoff
    distribution: Distribution

    def __post_init__(self) -> None:
        """Check the weight."""
        check_positive("weight", self.weight)

    @property
    def mean(self) -> float:
        """The mean payout in closed form."""
        return expected_payoff(self.payoff, self.distribution)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointOffer:
    """An offer as the joint simulation sees it: certain money, and equity by cases.

    Parameters
    ----------
    fixed
        Money that does not depend on luck, in the currency of the comparison.
    cases
        Their weights add up to 1; none for an offer without equity.
    company, sector
        Who shares luck with whom; a sector of `None` shares it with nobody.
    """

    fixed: float
    cases: tuple[OutcomeCase, ...] = ()
    company: str = ""
    sector: str | None = None

    def __post_init__(self) -> None:
        """Check that the readings hold every possibility."""
        if self.cases and abs(math.fsum(case.weight for case in self.cases) - 1.0) > 1e-9:
            raise InvalidFigure("cases", "must have weights that add up to 1")

    @property
    def mean_range(self) -> tuple[float, float]:
        """The least and the most that the mean total is, over what is unknown; closed form."""
        if not self.cases:
            return self.fixed, self.fixed
        means = [case.mean for case in self.cases]
        return self.fixed + min(means), self.fixed + max(means)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointChunk:
    """A part of a joint simulation: the equity of every offer on every path.

    Attributes
    ----------
    equity : shape (n_offers, n_paths of the chunk)
    """

    index: int
    n_chunks: int
    equity: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointOutcome:
    """What one offer came to on all paths.

    `total` summarises certain money and equity together; `probability_of_nothing` is the equity's.
    `certainty_equivalents` are for the risk aversions that were asked for, in their order.
    """

    total: SimulationResult
    probability_of_nothing: Estimate
    certainty_equivalents: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointResult:
    """All offers, and how often each is ahead of each: `beats[i][j]` is the chance that i > j."""

    n_paths: int
    outcomes: tuple[JointOutcome, ...]
    beats: tuple[tuple[Estimate, ...], ...]


def simulate_jointly_in_chunks(
    offers: Sequence[JointOffer],
    *,
    sector_correlation: float,
    n_paths: int,
    seed: int,
    n_chunks: int,
) -> Iterator[JointChunk]:
    """Yield a joint simulation chunk by chunk; the same seed gives the same bytes.

    Parameters
    ----------
    sector_correlation
        In what fraction of the paths the companies of a sector share their luck, in [0, 1].

    Raises
    ------
    InvalidSimulation
        If there is no offer, or a chunk would have no path.
    """
    check_rate("sector_correlation", sector_correlation)
    if not offers or n_paths < 2 or not 1 <= n_chunks <= n_paths:
        raise InvalidSimulation("offers, at least 2 paths and 1 to n_paths chunks are needed")
    streams = np.random.SeedSequence(seed).spawn(n_chunks)
    each, rest = divmod(n_paths, n_chunks)
    return (
        JointChunk(
            index=index,
            n_chunks=n_chunks,
            equity=_draw(
                offers,
                sector_correlation,
                each + (index < rest),
                np.random.Generator(np.random.PCG64(stream)),
            ),
        )
        for index, stream in enumerate(streams)
    )


def merge_joint(
    chunks: Iterable[JointChunk], offers: Sequence[JointOffer], *, risk_aversions: Sequence[float]
) -> JointResult:
    """Return the result of all chunks, in whatever order they come.

    Parameters
    ----------
    risk_aversions
        Relative risk aversions, one for each certainty equivalent.

    Raises
    ------
    InvalidSimulation
        If a chunk is missing or comes twice.
    """
    in_order = sorted(chunks, key=lambda chunk: chunk.index)
    if not in_order or [row.index for row in in_order] != list(range(in_order[0].n_chunks)):
        raise InvalidSimulation("every chunk has to be there, once")
    equity = np.concatenate([chunk.equity for chunk in in_order], axis=1)
    fixed = np.array([offer.fixed for offer in offers])
    totals = equity + fixed[:, np.newaxis]
    n_paths = totals.shape[1]
    return JointResult(
        n_paths=n_paths,
        outcomes=tuple(
            JointOutcome(
                total=summarise(total),
                probability_of_nothing=proportion(int(np.count_nonzero(paid == 0.0)), n_paths),
                certainty_equivalents=tuple(
                    certainty_equivalent(total, risk_aversion=each) for each in risk_aversions
                ),
            )
            for total, paid in zip(totals, equity, strict=True)
        ),
        beats=tuple(
            tuple(proportion(int(np.count_nonzero(one > other)), n_paths) for other in totals)
            for one in totals
        ),
    )


def certainty_equivalent(totals: FloatArray, *, risk_aversion: float) -> Estimate | None:
    """Return the certain sum that is as good as uncertain totals, and its standard error.

    With relative risk aversion c, utility is x^(1 - c) / (1 - c), and log x for c = 1; c = 0 is the
    mean. The error follows from that of the mean utility (delta method). None where a total is not
    positive and every such loss would be unbearable.

    By hand: 100 or 400 with even odds at c = 2 are worth 1 / (0.5 / 100 + 0.5 / 400) = 160.

    References
    ----------
    Hall and Woodward, "The Burden of the Nondiversifiable Risk of Entrepreneurship", AER 100(3).
    """
    if risk_aversion < 0.0:
        raise InvalidFigure("risk_aversion", "must be at least 0")
    n_paths = len(totals)
    if risk_aversion == 0.0:
        error = float(np.std(totals, ddof=1)) / math.sqrt(n_paths)
        return Estimate(float(np.mean(totals)), error)
    smallest = float(totals.min())
    if smallest <= 0.0:
        return None
    # In units of the smallest total, no power of a large amount over- or underflows.
    relative = totals / smallest
    power = 1.0 - risk_aversion
    utility = np.log(relative) if power == 0.0 else _power(relative, power)
    mean = float(np.mean(utility))
    error = float(np.std(utility, ddof=1)) / math.sqrt(n_paths)
    if power == 0.0:
        value = math.exp(mean)
        return Estimate(smallest * value, smallest * value * error)
    value = mean ** (1.0 / power)
    return Estimate(smallest * value, smallest * value / (abs(power) * mean) * error)


def _power(values: FloatArray, power: float) -> FloatArray:
    """Return values to a power; a small whole one is multiplied out, which is far faster."""
    times = int(abs(power))
    if times != abs(power) or not 1 <= times <= 8:
        return values**power
    raised = values.copy()
    for _ in range(times - 1):
        raised *= values
    return 1.0 / raised if power < 0.0 else raised


def is_too_close_to_call(
    one: tuple[float, float], other: tuple[float, float], *, standard_error: float = 0.0
) -> bool:
    """Return whether two ranges meet, each widened by two standard errors of their difference.

    Two offers whose ranges meet can stand in either order, depending on what is still unknown.
    """
    slack = 2.0 * standard_error
    return one[0] <= other[1] + slack and other[0] <= one[1] + slack


def _draw(
    offers: Sequence[JointOffer],
    sector_correlation: float,
    n_paths: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Return what the equity of every offer pays on new paths, shape (n_offers, n_paths)."""
    luck = _luck(offers, sector_correlation, n_paths, rng)
    equity = np.zeros((len(offers), n_paths))
    for row, offer in enumerate(offers):
        if not offer.cases:
            continue
        levels = luck[offer.company or f"offer {row}"]
        if len(offer.cases) == 1:
            equity[row] = _paid(offer.cases[0], levels)
            continue
        reached = np.cumsum([case.weight for case in offer.cases])
        read = np.searchsorted(reached, rng.random(n_paths), side="right")
        read = np.minimum(read, len(offer.cases) - 1)
        for place, case in enumerate(offer.cases):
            at = np.flatnonzero(read == place)
            equity[row, at] = _paid(case, levels[at])
    return equity


def _luck(
    offers: Sequence[JointOffer],
    sector_correlation: float,
    n_paths: int,
    rng: np.random.Generator,
) -> dict[str, FloatArray]:
    """Return a level in [0, 1) for every company on every path."""
    companies = {
        offer.company or f"offer {row}": offer.sector
        for row, offer in enumerate(offers)
        if offer.cases
    }
    luck = {company: rng.random(n_paths) for company in companies}
    sectors = sorted({sector for sector in companies.values() if sector is not None})
    for sector in sectors:
        members = [company for company, own in companies.items() if own == sector]
        if len(members) < 2 or sector_correlation == 0.0:
            continue
        is_shared = rng.random(n_paths) < sector_correlation
        common = luck[members[0]]
        for company in members[1:]:
            luck[company] = np.where(is_shared, common, luck[company])
    return luck


def _paid(case: OutcomeCase, levels: FloatArray) -> FloatArray:
    return case.payoff.at(case.distribution.at_levels(levels))
