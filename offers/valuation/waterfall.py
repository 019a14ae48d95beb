"""The exact waterfall: what every class is paid, as a function of net proceeds.

The construction sweeps one number upwards, the residual price p of a common share. Once all claims
are covered, what a class is entitled to depends on p alone, because each holder takes the better
of what p offers: an option `n * max(0, p - k)`, non-participating preferred `max(claim, s * p)`.
Each entitlement is continuous, piecewise linear and never falls, and so is their sum T(p). Net
proceeds N above all claims therefore meet exactly one set of payouts, those at T(p) = N, and no
holder can gain by deciding otherwise: a change of mind that pays at p would move p against it.
Below all claims p is 0, converting gains nothing, and claims are paid by seniority.

No search and no set of decisions is tried. The arithmetic is rational, so that breakpoints that
coincide do so exactly; floats appear at the end. See docs/valuation.md#waterfall.
"""

import bisect
import itertools
import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from offers.valuation.bounds import exact
from offers.valuation.captable import CapTable, Participation, StockClass, StockClassType
from offers.valuation.payoffs import FloatArray, Payoff, frozen, split_by_tranches

_ZERO: Final = Fraction(0)


class _Step(NamedTuple):
    """From this residual price on, the class takes this many shares' part of each further unit."""

    price: Fraction
    shares: Fraction


class _Entitlement(NamedTuple):
    """What a class is due: a claim, then a part of the rest.

    `decides_at` is the residual price above which it pays to convert or to exercise, if any.
    """

    claim: Fraction
    seniority: float
    steps: tuple[_Step, ...] = ()
    decides_at: Fraction | None = None


class Tranche(NamedTuple):
    """From this level of net proceeds on, each class takes so much of the next dollar; exact."""

    start: Fraction
    marginal_shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A stretch of net proceeds between two kinks of the sweep, exactly."""

    start: Fraction
    payouts: tuple[Fraction, ...]
    marginal_shares: tuple[Fraction, ...]
    common_price: Fraction
    common_price_slope: Fraction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PayoutCurve:
    """The payout of every class in a sale, linear between breakpoints.

    Attributes
    ----------
    class_ids
        In the order of the cap table; rows of the arrays below.
    breakpoints : shape (n_breakpoints,)
        Levels of net proceeds at which the split of the next dollar changes, ascending, without 0.
    payouts_at_breakpoints : shape (n_classes, n_breakpoints)
    marginal_shares : shape (n_classes, n_breakpoints + 1)
        Of each dollar in a tranche, the part of each class; the last tranche is open-ended. A
        column sums to 1, or to 0 where no class may take the rest.
    """

    class_ids: tuple[str, ...]
    breakpoints: FloatArray
    payouts_at_breakpoints: FloatArray
    marginal_shares: FloatArray
    _segments: tuple[_Segment, ...] = field(repr=False)
    _decisions: dict[str, Fraction] = field(repr=False)

    @property
    def tranche_starts(self) -> FloatArray:
        """Return 0 and the breakpoints: where each column of `marginal_shares` begins."""
        return frozen([0.0, *self.breakpoints])

    @property
    def exact_tranches(self) -> tuple[Tranche, ...]:
        """Return where the split of the next dollar changes, from 0 on, unrounded."""
        tranches: list[Tranche] = []
        for segment in self._segments:
            if not tranches or tranches[-1].marginal_shares != segment.marginal_shares:
                tranches.append(Tranche(segment.start, segment.marginal_shares))
        return tuple(tranches)

    def converts_at(self, class_id: str) -> Fraction | None:
        """Return the net proceeds above which the class converts or exercises, unrounded."""
        self._row(class_id)
        return self._decisions.get(class_id)

    def payouts(self, net_proceeds: FloatArray) -> FloatArray:
        """Return the payout of every class at each level of net proceeds.

        Parameters
        ----------
        net_proceeds : shape (n,)
            What reaches the holders, never negative.

        Returns
        -------
        shape (n_classes, n)
            Never negative, never falling along a row, summing to the net proceeds.
        """
        return split_by_tranches(net_proceeds, self.tranche_starts, self.marginal_shares)

    def payout(self, class_id: str, net_proceeds: FloatArray) -> FloatArray:
        """Return the payout of one class at each level of net proceeds, shape (n,)."""
        return self.payoff(class_id).at(net_proceeds)

    def payoff(self, class_id: str) -> Payoff:
        """Return the payout of one class as a function, with its own thresholds only."""
        slopes = self.marginal_shares[self._row(class_id)]
        has_changed = np.append(True, np.diff(slopes) != 0.0)
        return Payoff(
            starts=frozen(self.tranche_starts[has_changed]), slopes=frozen(slopes[has_changed])
        )

    def common_payout_per_share(self, net_proceeds: FloatArray) -> FloatArray:
        """Return the residual price of one common share at each level, shape (n,).

        Where the price jumps, because no class takes anything in between, it is the lower end;
        where no class may take the rest, it stays where the last one was satisfied.
        """
        starts = np.array([float(segment.start) for segment in self._segments])
        prices = np.array([float(segment.common_price) for segment in self._segments])
        slopes = np.array([float(segment.common_price_slope) for segment in self._segments])
        at = np.maximum(np.searchsorted(starts, net_proceeds, side="left") - 1, 0)
        risen = prices[at] + slopes[at] * (net_proceeds - starts[at])
        return np.where(net_proceeds > 0.0, risen, 0.0)

    def exact_payouts(self, net_proceeds: Fraction) -> tuple[tuple[Fraction, ...], Fraction]:
        """Return the payouts at one level, and the residual price of a common share, unrounded."""
        at = bisect.bisect_left(self._segments, net_proceeds, key=lambda segment: segment.start) - 1
        if at < 0:
            return self._segments[0].payouts, _ZERO
        segment = self._segments[at]
        beyond = net_proceeds - segment.start
        payouts = tuple(
            paid + part * beyond
            for paid, part in zip(segment.payouts, segment.marginal_shares, strict=True)
        )
        return payouts, segment.common_price + segment.common_price_slope * beyond

    def deciding_classes(self, net_proceeds: Fraction) -> frozenset[str]:
        """Return the classes that convert or exercise, where that pays strictly more."""
        return frozenset(
            class_id for class_id, above in self._decisions.items() if net_proceeds > above
        )

    def decides_above(self, class_id: str) -> float:
        """Return the net proceeds above which the class converts or exercises, or infinity."""
        self._row(class_id)
        above = self._decisions.get(class_id)
        return math.inf if above is None else float(above)

    def net_proceeds_at_common_payout(self, common_payout_per_share: float) -> float:
        """Return the least net proceeds that give one common share so much.

        Infinite where no proceeds do. Where the price jumps over the amount, the level of the jump.
        """
        price = exact(common_payout_per_share)
        if price <= 0:
            return 0.0
        for segment, end in self._stretches():
            slope = segment.common_price_slope
            if slope == 0:
                continue
            start = segment.start + max(_ZERO, price - segment.common_price) / slope
            if end is None or start <= end:
                return float(start)
        return math.inf

    def net_proceeds_at_payout(self, class_id: str, payout: float) -> float:
        """Return the least net proceeds that pay the class so much; infinite where none do."""
        row, wanted = self._row(class_id), exact(payout)
        if wanted <= 0:
            return 0.0
        for segment, end in self._stretches():
            share = segment.marginal_shares[row]
            if share == 0:
                continue
            start = segment.start + (wanted - segment.payouts[row]) / share
            if end is None or start <= end:
                return float(start)
        return math.inf

    def zero_until(self, class_id: str) -> float:
        """Return the largest net proceeds that pay the class nothing; infinite if all do."""
        row = self._row(class_id)
        paying = (segment for segment in self._segments if segment.marginal_shares[row] > 0)
        first = next(paying, None)
        return math.inf if first is None else float(first.start)

    def _row(self, class_id: str) -> int:
        """Return the row of a class, or raise `KeyError`."""
        if class_id not in self.class_ids:
            raise KeyError(class_id)
        return self.class_ids.index(class_id)

    def _stretches(self) -> Iterator[tuple[_Segment, Fraction | None]]:
        """Yield each segment with its end, which the last one has not."""
        ends = (segment.start for segment in self._segments[1:])
        yield from itertools.zip_longest(self._segments, ends)


def payout_curve(
    cap_table: CapTable, *, converted_by_force: Collection[str] = frozenset()
) -> PayoutCurve:
    """Return the payout of every class as a function of net proceeds in a sale.

    Conversions and exercises are decided jointly: at every level each holder does what pays most,
    given what all others do.

    Parameters
    ----------
    cap_table
        Any mix of classes.
    converted_by_force
        Ids of preferred classes that a public offering converts, whether it pays them or not.

    References
    ----------
    Metrick and Yasuda, "Venture Capital and the Finance of Innovation", ch. 9 (exit diagrams).
    Mercer Capital, "A Layperson's Guide to the Option Pricing Model" (breakpoints). Worked example:
    docs/valuation.md#waterfall.
    """
    entitlements = [
        _forced_entitlement(stock_class)
        if stock_class.id in converted_by_force
        else _entitlement(stock_class)
        for stock_class in cap_table.classes
    ]
    class_ids = tuple(stock_class.id for stock_class in cap_table.classes)
    segments, proceeds_at_price = _sweep(entitlements)
    tranches: list[_Segment] = []
    for segment in segments:
        if not tranches or tranches[-1].marginal_shares != segment.marginal_shares:
            tranches.append(segment)
    return PayoutCurve(
        class_ids=class_ids,
        breakpoints=frozen([float(segment.start) for segment in tranches[1:]]),
        payouts_at_breakpoints=_rows(
            (segment.payouts for segment in tranches[1:]), n_rows=len(class_ids)
        ),
        marginal_shares=_rows(
            (segment.marginal_shares for segment in tranches), n_rows=len(class_ids)
        ),
        _segments=segments,
        _decisions={
            class_id: proceeds_at_price[entitlement.decides_at]
            for class_id, entitlement in zip(class_ids, entitlements, strict=True)
            if entitlement.decides_at is not None
        },
    )


def _entitlement(stock_class: StockClass) -> _Entitlement:
    """Return what a class is due in a sale, deciding for itself."""
    shares = stock_class.counted_shares
    match stock_class.type:
        case StockClassType.PREFERRED:
            return _preferred_entitlement(stock_class)
        case StockClassType.OPTION | StockClassType.WARRANT:
            return _exercisable(shares, exact(stock_class.exercise_price or 0.0))
        case StockClassType.PROFITS_INTEREST:
            return _exercisable(shares, exact(stock_class.participation_threshold_per_share or 0.0))
        case _:  # common and RSUs; of the pool no share counts
            return _Entitlement(claim=_ZERO, seniority=0.0, steps=_from(_ZERO, shares))


def _exercisable(shares: Fraction, price: Fraction) -> _Entitlement:
    """Return what is due to shares that take part above a price.

    The holder of an option pays the price into the pot and draws a full share from it; net of it,
    the payout is the part of each share above the price, just as for a profits interest.
    """
    return _Entitlement(
        claim=_ZERO,
        seniority=0.0,
        steps=_from(price, shares),
        decides_at=price if shares else None,
    )


def _preferred_entitlement(stock_class: StockClass) -> _Entitlement:
    """Return what is due to preferred that converts when that pays more than all it can hold.

    Held, it takes its claim and its participation; converted, its kept dividends and `shares * p`.
    The two meet where `shares * p` has made up for the preference given up and for all the
    participation that the cap leaves.
    """
    claim, shares = stock_class.claim, stock_class.as_converted_shares
    steps: list[_Step] = []
    limit: Fraction | None = _ZERO
    if stock_class.participation is not Participation.NONE:
        steps += _from(_ZERO, shares)
        limit = _participation_limit(stock_class)
    decides_at = None
    if limit is not None and shares:
        steps += [_Step(limit / shares, _ZERO)]
        if stock_class.conversion_rights is not None:
            decides_at = (claim + limit - stock_class.kept_dividends) / shares
            steps += [_Step(decides_at, shares)]
    return _Entitlement(claim, stock_class.seniority, tuple(steps), decides_at)


def _participation_limit(stock_class: StockClass) -> Fraction | None:
    """Return the most that participation adds to the claim; `None` without a limit."""
    if stock_class.participation is Participation.FULL:
        return None
    cap = exact(stock_class.participation_cap_multiple or 0.0) * stock_class.invested
    return cap if stock_class.is_cap_excluding_preference else max(_ZERO, cap - stock_class.claim)


def _forced_entitlement(stock_class: StockClass) -> _Entitlement:
    """Return what is due to preferred that was converted by force."""
    return _Entitlement(
        claim=stock_class.kept_dividends,
        seniority=stock_class.seniority,
        steps=_from(_ZERO, stock_class.as_converted_shares),
    )


def _from(price: Fraction, shares: Fraction) -> tuple[_Step, ...]:
    """Return the one step of a class that shares from a price on; none without shares."""
    return (_Step(price, shares),) if shares else ()


def _sweep(
    entitlements: list[_Entitlement],
) -> tuple[tuple[_Segment, ...], dict[Fraction, Fraction]]:
    """Return the segments from 0 to infinity, and the net proceeds at each price of a step."""
    segments: list[_Segment] = []
    paid = [_ZERO] * len(entitlements)
    proceeds = _ZERO

    for claims in _tiers(entitlements):
        owed = sum(claims, _ZERO)
        segments.append(
            _Segment(
                start=proceeds,
                payouts=tuple(paid),
                marginal_shares=tuple(claim / owed for claim in claims),
                common_price=_ZERO,
                common_price_slope=_ZERO,
            )
        )
        paid = [before + claim for before, claim in zip(paid, claims, strict=True)]
        proceeds += owed

    sharing = [_ZERO] * len(entitlements)
    proceeds_at_price: dict[Fraction, Fraction] = {}
    satisfied_at = _ZERO
    for price, next_price, changes in _price_intervals(entitlements):
        for row, shares in changes:
            sharing[row] = shares
        total = sum(sharing, _ZERO)
        proceeds_at_price[price] = proceeds
        if total == 0 and next_price is not None:
            continue  # nobody takes anything until the next price: the price jumps there
        segments.append(
            _Segment(
                start=proceeds,
                payouts=tuple(paid),
                marginal_shares=tuple(shares / total if total else _ZERO for shares in sharing),
                common_price=price if total else satisfied_at,
                common_price_slope=1 / total if total else _ZERO,
            )
        )
        if next_price is not None:
            rise = next_price - price
            paid = [
                before + shares * rise if shares else before
                for before, shares in zip(paid, sharing, strict=True)
            ]
            proceeds += total * rise
            satisfied_at = next_price
    return tuple(segments), proceeds_at_price


def _tiers(entitlements: list[_Entitlement]) -> Iterator[list[Fraction]]:
    """Yield the claims of each tier, most senior first, as one row for all classes."""
    seniorities = {due.seniority for due in entitlements if due.claim}
    for seniority in sorted(seniorities, reverse=True):
        yield [due.claim if due.seniority == seniority else _ZERO for due in entitlements]


def _price_intervals(
    entitlements: list[_Entitlement],
) -> Iterator[tuple[Fraction, Fraction | None, list[tuple[int, Fraction]]]]:
    """Yield each price from 0 on at which a class changes, the next one, and the changes."""
    changes: dict[Fraction, list[tuple[int, Fraction]]] = {_ZERO: []}
    for row, due in enumerate(entitlements):
        for step in due.steps:
            changes.setdefault(step.price, []).append((row, step.shares))
    prices = sorted(changes)
    for price, next_price in itertools.zip_longest(prices, prices[1:]):
        yield price, next_price, changes[price]


def _rows(columns: Iterable[tuple[Fraction, ...]], *, n_rows: int) -> FloatArray:
    """Return exact columns as the float array of their rows."""
    floats = [[float(value) for value in column] for column in columns]
    return frozen(np.array(floats, dtype=np.float64).reshape(len(floats), n_rows).T)
