"""Today's value of every class: a claim on the exit, priced as options on the whole company.

A waterfall is straight between breakpoints, so a class is a portfolio of calls on total equity. An
`ExitModel` prices the stretch between two levels of equity: what a dollar is worth today that is
paid only if the exit lies there, and what the equity itself is. Everything else is sums. Two models
stand here: one exit at a known time (`OptionPricing`), and an exit at a random time that may be a
public offering in which preferred converts (`ContingentClaims`). See docs/valuation.md#fair-value.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

import numpy as np

from offers.valuation.bounds import InvalidFigure, check_number, check_positive, check_rate
from offers.valuation.captable import CapTable, Participation, StockClass, StockClassType
from offers.valuation.distributions import normal_cdf
from offers.valuation.exits import ExitType
from offers.valuation.payoffs import FloatArray
from offers.valuation.waterfall import PayoutCurve, payout_curve

_MOST_STEPS: Final = 200
_PRECISION: Final = 1e-13


class Stretch(NamedTuple):
    """Today's worth of one dollar, and of the equity, paid only if the exit lies in a stretch."""

    dollar: float
    equity: float


class ExitModel(Protocol):
    """How total equity moves until the exit, under the risk-neutral measure."""

    @property
    def has_offerings(self) -> bool:
        """Whether an exit may be a public offering."""

    def stretch(
        self, low: float, high: float, *, equity_value: float, exit_type: ExitType
    ) -> Stretch:
        """Return what is paid in exits of the type from `low` up to `high` is worth today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionPricing:
    """A sale after a known time; equity follows a geometric Brownian motion until then.

    Parameters
    ----------
    years
        Until the exit.
    risk_free_rate
        Continuous, per year.
    volatility
        Standard deviation of the yearly log return of total equity.

    References
    ----------
    Black and Scholes (1973). AICPA, "Valuation of Privately-Held-Company Equity Securities Issued
    as Compensation" (2013), ch. 8. Mercer Capital, "A Layperson's Guide to the OPM" (2016).
    """

    years: float
    risk_free_rate: float
    volatility: float

    def __post_init__(self) -> None:
        """Check the figures."""
        check_positive("years", self.years)
        check_number("years", self.years, maximum=100.0)
        check_rate("risk_free_rate", self.risk_free_rate)
        check_number("volatility", self.volatility, maximum=5.0)

    @property
    def has_offerings(self) -> bool:
        """None: the exit is a sale."""
        return False

    def stretch(
        self, low: float, high: float, *, equity_value: float, exit_type: ExitType
    ) -> Stretch:
        """Return the spread of two calls, as its dollars and its equity."""
        if exit_type is ExitType.IPO:
            return Stretch(0.0, 0.0)
        discount = math.exp(-self.risk_free_rate * self.years)
        d2_low, d1_low = self._beyond(low, equity_value)
        d2_high, d1_high = self._beyond(high, equity_value)
        return Stretch(discount * (d2_low - d2_high), equity_value * (d1_low - d1_high))

    def _beyond(self, level: float, equity_value: float) -> tuple[float, float]:
        """Return N(d2) and N(d1): the chance to end above a level, in dollars and in equity."""
        if level <= 0.0:
            return 1.0, 1.0
        if math.isinf(level):
            return 0.0, 0.0
        deviation = self.volatility * math.sqrt(self.years)
        log_forward = math.log(equity_value / level) + self.risk_free_rate * self.years
        if deviation == 0.0:
            is_above = float(log_forward > 0.0)
            return is_above, is_above
        d1 = log_forward / deviation + deviation / 2.0
        return normal_cdf(d1 - deviation), normal_cdf(d1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingOdds:
    """The chance that an exit of a size is a public offering: linear in log value between knots.

    Below the first knot and above the last one it stays as it is there.
    """

    company_values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check that the knots ascend and that each has a probability."""
        if not self.company_values or len(self.company_values) != len(self.probabilities):
            raise InvalidFigure("probabilities", "must be as many as company_values, at least one")
        for value in self.company_values:
            check_positive("company_values", value)
        if any(low >= high for low, high in itertools.pairwise(self.company_values)):
            raise InvalidFigure("company_values", "must ascend")
        for probability in self.probabilities:
            check_rate("probabilities", probability)

    def pieces(self) -> tuple[tuple[float, float, float, float], ...]:
        """Return (from, to, c, d) for each stretch on which the odds are c + d x log value."""
        knots = list(zip(self.company_values, self.probabilities, strict=True))
        inner = []
        for (low, at_low), (high, at_high) in itertools.pairwise(knots):
            slope = (at_high - at_low) / math.log(high / low)
            inner.append((low, high, at_low - slope * math.log(low), slope))
        first, last = knots[0], knots[-1]
        return ((0.0, first[0], first[1], 0.0), *inner, (last[0], math.inf, last[1], 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContingentClaims:
    """An exit at an exponential time, which is a public offering with odds that rise with its size.

    The value at the exit, discounted over a random time, has a two-sided exponential density in its
    logarithm; against it, dollars, equity and the logarithm of it integrate in closed form.

    Parameters
    ----------
    mean_exit_years
        Mean of the exponential time to the exit.
    risk_free_rate
        Continuous, per year.
    volatility
        Standard deviation of the yearly log return of total equity.

    References
    ----------
    Gornall and Strebulaev, "Squaring Venture Capital Valuations with Reality", Journal of Financial
    Economics 135 (2020). Density: Borodin and Salminen, "Handbook of Brownian Motion", 2.1.0.5.
    """

    mean_exit_years: float
    risk_free_rate: float
    volatility: float
    offering_odds: OfferingOdds

    def __post_init__(self) -> None:
        """Check the figures."""
        check_positive("mean_exit_years", self.mean_exit_years)
        check_number("mean_exit_years", self.mean_exit_years, maximum=100.0)
        check_rate("risk_free_rate", self.risk_free_rate)
        check_positive("volatility", self.volatility)
        check_number("volatility", self.volatility, maximum=5.0)

    @property
    def has_offerings(self) -> bool:
        """Whether any size of exit may be a public offering."""
        return any(self.offering_odds.probabilities)

    def stretch(
        self, low: float, high: float, *, equity_value: float, exit_type: ExitType
    ) -> Stretch:
        """Return the integral over the stretch, cut where the odds bend and at today's value."""
        dollars, equity = [], []
        for start, end, level, slope in self.offering_odds.pieces():
            c, d = (level, slope) if exit_type is ExitType.IPO else (1.0 - level, -slope)
            # In units of today's value: c + d log X = c + d log V + d y, with y = log (X / V).
            c += d * math.log(equity_value)
            for below_today, above_today in ((0.0, equity_value), (equity_value, math.inf)):
                first, last = max(low, start, below_today), min(high, end, above_today)
                if first >= last or (c == 0.0 and d == 0.0):
                    continue
                rate = self._rate(is_above=below_today > 0.0)
                ends = _log(first / equity_value), _log(last / equity_value)
                dollars.append(_integral(rate, c, d, *ends))
                equity.append(_integral(rate + 1.0, c, d, *ends))
        weight = 1.0 / (self.mean_exit_years * self._spread)
        return Stretch(weight * math.fsum(dollars), weight * equity_value * math.fsum(equity))

    @property
    def _log_drift(self) -> float:
        return self.risk_free_rate - self.volatility**2 / 2.0

    @property
    def _spread(self) -> float:
        killing = self.risk_free_rate + 1.0 / self.mean_exit_years
        return math.sqrt(self._log_drift**2 + 2.0 * killing * self.volatility**2)

    def _rate(self, *, is_above: bool) -> float:
        """Return the exponent of the density in y, on one side of today's value."""
        spread = -self._spread if is_above else self._spread
        return (self._log_drift + spread) / self.volatility**2


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingTerms:
    """What one class keeps when a public offering converts all other preferred.

    Parameters
    ----------
    class_id
        The class, usually the newest.
    ratchet_multiple
        It gets the better of its shares and so many times its money, ahead of the rest.
    veto_below_company_value
        Below this value it need not convert, and keeps its terms of a sale.
    """

    class_id: str
    ratchet_multiple: float | None = None
    veto_below_company_value: float | None = None

    def __post_init__(self) -> None:
        """Check that exactly one of both is there."""
        if (self.ratchet_multiple is None) == (self.veto_below_company_value is None):
            raise InvalidFigure("ratchet_multiple", "or a veto is required, but not both")
        check_number("ratchet_multiple", self.ratchet_multiple or 0.0)
        check_number("veto_below_company_value", self.veto_below_company_value or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FairValue:
    """What every class is worth today, together the equity value. By class id, and for one share.

    A class without shares that count is worth 0 per share.
    """

    equity_value: float
    class_values: Mapping[str, float]
    values_per_share: Mapping[str, float]


def fair_value(
    cap_table: CapTable,
    model: ExitModel,
    *,
    equity_value: float,
    offering_terms: OfferingTerms | None = None,
) -> FairValue:
    """Return what every class is worth if the whole company is worth so much today.

    Parameters
    ----------
    cap_table
        Any mix of classes; the unissued pool is worth nothing.
    equity_value
        Of all holders together, today.
    offering_terms
        What one class keeps in a public offering. All other preferred that can convert does so.
    """
    check_positive("equity_value", equity_value)
    return _Claims.of(cap_table, model, offering_terms).fair_value(model, equity_value)


def implied_fair_value(
    cap_table: CapTable,
    model: ExitModel,
    *,
    class_id: str,
    value_per_share: float,
    offering_terms: OfferingTerms | None = None,
) -> FairValue:
    """Return today's values if one share of one class is worth what was paid for it.

    This is the back-solve: the last round's price says what the whole company is worth once the
    rights that the price bought are accounted for. Where an offering takes a preference worth more
    than the shares, a class can be worth the same in two companies; the one nearest to the
    post-money valuation is taken.

    Raises
    ------
    InvalidFigure
        If no value of the company makes the share worth so much.
    """
    check_positive("value_per_share", value_per_share)
    claims = _Claims.of(cap_table, model, offering_terms)
    if class_id not in claims.shares or not claims.shares[class_id]:
        raise InvalidFigure("class_id", "must name a class with shares")
    row = list(claims.shares).index(class_id)
    shares = claims.shares[class_id]

    def value_at(log_equity_value: float) -> float:
        return float(claims.values(model, math.exp(log_equity_value))[row]) / shares

    start = math.log(value_per_share) + math.log(max(sum(claims.shares.values()), shares))
    solved = rising_root(value_at, value_per_share, start=start)
    if solved is None:
        raise InvalidFigure("value_per_share", "is more than the class can be worth")
    return claims.fair_value(model, math.exp(solved))


class _Piece(NamedTuple):
    """A stretch of exits in which every class gets a fixed sum and a constant part."""

    exit_type: ExitType
    low: float
    high: float
    fixed: FloatArray
    parts: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claims:
    """A cap table as pieces, computed once for all values of the company that are tried."""

    shares: Mapping[str, float]
    pieces: tuple[_Piece, ...]

    @classmethod
    def of(
        cls, cap_table: CapTable, model: ExitModel, offering_terms: OfferingTerms | None
    ) -> "_Claims":
        pieces = _pieces(payout_curve(cap_table), ExitType.SALE)
        if model.has_offerings:
            pieces += _offering_pieces(cap_table, offering_terms)
        return cls(
            shares={row.id: float(row.counted_shares) for row in cap_table.classes}, pieces=pieces
        )

    def values(self, model: ExitModel, equity_value: float) -> FloatArray:
        """Return the value of every class, in the order of the cap table."""
        total = np.zeros(len(self.shares))
        for piece in self.pieces:
            worth = model.stretch(
                piece.low, piece.high, equity_value=equity_value, exit_type=piece.exit_type
            )
            total += piece.fixed * worth.dollar + piece.parts * worth.equity
        return np.maximum(total, 0.0)

    def fair_value(self, model: ExitModel, equity_value: float) -> FairValue:
        values = dict(zip(self.shares, self.values(model, equity_value).tolist(), strict=True))
        per_share = {
            class_id: value / shares if (shares := self.shares[class_id]) else 0.0
            for class_id, value in values.items()
        }
        return FairValue(
            equity_value=equity_value,
            class_values=MappingProxyType(values),
            values_per_share=MappingProxyType(per_share),
        )


def _pieces(
    curve: PayoutCurve, exit_type: ExitType, *, low: float = 0.0, high: float = math.inf
) -> tuple[_Piece, ...]:
    """Return a payout curve between two levels as fixed sums and constant parts."""
    starts = curve.tranche_starts
    at_start = np.column_stack([np.zeros(len(curve.class_ids)), curve.payouts_at_breakpoints])
    fixed = at_start - curve.marginal_shares * starts
    return tuple(
        _Piece(
            exit_type, max(low, start), min(high, end), fixed[:, at], curve.marginal_shares[:, at]
        )
        for at, (start, end) in enumerate(
            zip(starts.tolist(), [*starts[1:].tolist(), math.inf], strict=True)
        )
        if max(low, start) < min(high, end)
    )


def _offering_pieces(
    cap_table: CapTable, offering_terms: OfferingTerms | None
) -> tuple[_Piece, ...]:
    """Return what a public offering pays, by its size."""
    preferred = {
        row.id
        for row in cap_table.classes
        if row.type is StockClassType.PREFERRED and row.conversion_rights is not None
    }
    all_converted = payout_curve(cap_table, converted_by_force=preferred)
    if offering_terms is None:
        return _pieces(all_converted, ExitType.IPO)
    if offering_terms.class_id not in preferred:
        raise InvalidFigure("offering_terms.class_id", "must name preferred that can convert")
    others = preferred - {offering_terms.class_id}
    if offering_terms.ratchet_multiple is not None:
        ratcheted = tuple(
            _ratcheted(row, offering_terms.ratchet_multiple)
            if row.id == offering_terms.class_id
            else row
            for row in cap_table.classes
        )
        curve = payout_curve(CapTable(classes=ratcheted), converted_by_force=others)
        return _pieces(curve, ExitType.IPO)
    threshold = offering_terms.veto_below_company_value or 0.0
    kept = payout_curve(cap_table, converted_by_force=others)
    return (
        *_pieces(kept, ExitType.IPO, high=threshold),
        *_pieces(all_converted, ExitType.IPO, low=threshold),
    )


def _ratcheted(row: StockClass, multiple: float) -> StockClass:
    """Return the class as a public offering treats it: its shares, or so many times its money."""
    return dataclasses.replace(
        row,
        liquidation_preference_multiple=multiple,
        participation=Participation.NONE,
        participation_cap_multiple=None,
        dividends=None,
    )


def _log(value: float) -> float:
    return -math.inf if value == 0.0 else math.log(value)


def _integral(rate: float, c: float, d: float, low: float, high: float) -> float:
    """Return the integral of (c + d y) exp(rate y) from `low` to `high`; an infinite end decays."""

    def antiderivative(y: float) -> float:
        if math.isinf(y):
            return 0.0
        return math.exp(rate * y) * (c + d * y - d / rate) / rate

    return antiderivative(high) - antiderivative(low)


def rising_root(function: Callable[[float], float], target: float, *, start: float) -> float | None:
    """Return where a function that rises in the end reaches the target; None if it stays below.

    A bracket is widened from the start, then narrowed by false position with the Illinois weights,
    which halve the value at an end that has stayed: convergence is faster than linear, and the
    answer never leaves the bracket.
    """
    low, high = start, start
    at_low, at_high = function(low) - target, function(high) - target
    width = 0.5
    while at_low > 0.0 and low > start - 400.0:
        low, width = low - width, width * 2.0
        at_low = function(low) - target
    width = 0.5
    while at_high < 0.0:
        if high > start + 100.0:
            return None
        high, width = high + width, width * 2.0
        at_high = function(high) - target
    stayed = 0
    for _ in range(_MOST_STEPS):
        if at_high == at_low or high - low < _PRECISION * max(1.0, abs(high)):
            break
        middle = high - at_high * (high - low) / (at_high - at_low)
        if not low < middle < high:
            middle = (low + high) / 2.0
        at_middle = function(middle) - target
        if abs(at_middle) <= _PRECISION * target:
            return middle
        if at_middle < 0.0:
            low, at_low = middle, at_middle
            at_high, stayed = (at_high / 2.0, -1) if stayed == -1 else (at_high, -1)
        else:
            high, at_high = middle, at_middle
            at_low, stayed = (at_low / 2.0, 1) if stayed == 1 else (at_low, 1)
    return high
