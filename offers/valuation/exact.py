"""Payoffs in rational numbers: what a holder gets of an exit, to the last fraction of a cent.

The float twin is `payoffs.Payoff`, which a million simulated exits are paid through. Here one exit
is looked for at which two offers come to the same, and an answer to the dollar wants no rounding on
the way to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Self

from offers.valuation.bounds import InvalidFigure, exact
from offers.valuation.payoffs import Payoff, frozen
from offers.valuation.waterfall import PayoutCurve

ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactPayoff:
    """What a holder gets, as a function of one amount that is never negative.

    Parameters
    ----------
    starts
        Where each tranche begins, strictly ascending from 0; the last one is open-ended.
    slopes
        The holder's part of each further unit inside the tranche; never negative.
    """

    starts: tuple[Fraction, ...] = (ZERO,)
    slopes: tuple[Fraction, ...] = (ZERO,)

    def __post_init__(self) -> None:
        """Refuse what is no payoff."""
        if not self.starts or self.starts[0] != 0 or len(self.starts) != len(self.slopes):
            raise InvalidFigure("starts", "must begin at 0, with a slope for each")
        if any(
            later <= earlier for earlier, later in zip(self.starts, self.starts[1:], strict=False)
        ):
            raise InvalidFigure("starts", "must ascend")
        if any(slope < 0 for slope in self.slopes):
            raise InvalidFigure("slopes", "must not be negative")

    @classmethod
    def of_class(cls, curve: PayoutCurve, class_id: str) -> Self:
        """Return what one class is paid of the net proceeds."""
        row = curve.class_ids.index(class_id)
        return cls.of_tranches(
            (tranche.start, tranche.marginal_shares[row]) for tranche in curve.exact_tranches
        )

    @classmethod
    def of_payoff(cls, payoff: Payoff) -> Self:
        """Return a payoff in floats as the decimals that they read as."""
        return cls.of_tranches(
            (exact(start), exact(slope))
            for start, slope in zip(payoff.starts.tolist(), payoff.slopes.tolist(), strict=True)
        )

    @classmethod
    def of_tranches(cls, tranches: Iterable[tuple[Fraction, Fraction]]) -> Self:
        """Return the payoff with these tranches; those that change nothing are left out."""
        starts: list[Fraction] = []
        slopes: list[Fraction] = []
        for start, slope in tranches:
            if not slopes or slopes[-1] != slope:
                starts.append(start)
                slopes.append(slope)
        return cls(starts=tuple(starts), slopes=tuple(slopes))

    @property
    def values(self) -> tuple[Fraction, ...]:
        """Return the payoff at each of `starts`."""
        reached = [ZERO]
        for place, slope in enumerate(self.slopes[:-1]):
            reached.append(reached[-1] + slope * (self.starts[place + 1] - self.starts[place]))
        return tuple(reached)

    @property
    def zero_until(self) -> Fraction | None:
        """Return the largest amount that pays nothing; None if every one does."""
        paying = (start for start, slope in zip(self.starts, self.slopes, strict=True) if slope)
        return next(paying, None)

    def at(self, amount: Fraction) -> Fraction:
        """Return the payoff at one amount."""
        ends = (*self.starts[1:], None)
        total = ZERO
        for start, end, slope in zip(self.starts, ends, self.slopes, strict=True):
            if amount <= start:
                break
            total += slope * ((amount if end is None else min(amount, end)) - start)
        return total

    def reaching(self, payout: Fraction) -> Fraction | None:
        """Return the least amount that pays so much; None where none does."""
        if payout <= 0:
            return ZERO
        ends = (*self.starts[1:], None)
        for start, end, slope, reached in zip(
            self.starts, ends, self.slopes, self.values, strict=True
        ):
            if not slope:
                continue
            amount = start + (payout - reached) / slope
            if end is None or amount <= end:
                return amount
        return None

    def exceeding(self, payout: Fraction) -> Fraction | None:
        """Return the amount above which it pays more than so much; None where nothing does."""
        if payout < 0:
            return ZERO
        ends = (*self.starts[1:], None)
        for start, end, slope, reached in zip(
            self.starts, ends, self.slopes, self.values, strict=True
        ):
            if not slope:
                continue
            amount = start + (payout - reached) / slope
            if end is None or amount < end:
                return max(start, amount)
        return None

    def scaled(self, factor: Fraction) -> Self:
        """Return the payoff of a holder of `factor` times as much."""
        return self.of_tranches(
            (start, slope * factor) for start, slope in zip(self.starts, self.slopes, strict=True)
        )

    def plus(self, other: "ExactPayoff") -> Self:
        """Return the payoff of a holder of both."""
        starts = sorted({*self.starts, *other.starts})
        return self.of_tranches(
            (start, self.slope_after(start) + other.slope_after(start)) for start in starts
        )

    def capped(self, limit: Fraction) -> Self:
        """Return the payoff of a holder who gets no more than so much in all."""
        at_limit = self.reaching(limit)
        if at_limit is None:
            return self
        kept = [
            (start, slope)
            for start, slope in zip(self.starts, self.slopes, strict=True)
            if start < at_limit
        ]
        return self.of_tranches([*kept, (at_limit, ZERO)])

    def after(self, deduction: Fraction, *, unit: Fraction = Fraction(1)) -> Self:
        """Return the payoff as a function of the amount before a deduction, in another currency.

        `unit` is what one unit of this payoff's currency is worth in the other; both the amount and
        the payout are in that one then.
        """
        moved = [
            ((start + deduction) * unit, slope)
            for start, slope in zip(self.starts, self.slopes, strict=True)
        ]
        return self.of_tranches([(ZERO, ZERO), *moved] if deduction else moved)

    def in_multiples_of(self, size: Fraction) -> Self:
        """Return the payoff as a function of how many times a size the amount is."""
        if size <= 0:
            raise InvalidFigure("size", "must be above 0")
        return self.of_tranches(
            (start / size, slope * size)
            for start, slope in zip(self.starts, self.slopes, strict=True)
        )

    def as_payoff(self) -> Payoff:
        """Return the float twin."""
        return Payoff(
            starts=frozen([float(start) for start in self.starts]),
            slopes=frozen([float(slope) for slope in self.slopes]),
        )

    def slope_after(self, amount: Fraction) -> Fraction:
        """Return the holder's part of the next unit."""
        return next(
            slope
            for start, slope in zip(reversed(self.starts), reversed(self.slopes), strict=True)
            if start <= amount
        )
