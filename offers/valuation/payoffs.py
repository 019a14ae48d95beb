"""Payoffs that are straight between thresholds, and the one loop that evaluates them.

A payoff is told as tranches: of each dollar between two thresholds, the holder gets a constant
share. This is how a waterfall is written down, and how a share or an option pays as well.
"""

import math
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from offers.valuation.bounds import check_number

FloatArray: TypeAlias = npt.NDArray[np.float64]

# Amounts per pass: few enough that three buffers stay in the cache, many enough to hide Python.
_BLOCK = 32_768


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Payoff:
    """What a holder gets, as a function of one underlying amount that is never negative.

    Parameters
    ----------
    starts : shape (n_tranches,)
        Where each tranche begins, ascending from 0; the last one is open-ended.
    slopes : shape (n_tranches,)
        The holder's part of each further unit inside the tranche; never negative.
    """

    starts: FloatArray
    slopes: FloatArray

    @classmethod
    def of_shares(cls, shares: float, *, exercise_price: float = 0.0) -> Self:
        """Return the payoff of shares, or of options on them, as a function of the share price."""
        check_number("shares", shares)
        check_number("exercise_price", exercise_price)
        if exercise_price == 0.0:
            return cls(starts=frozen([0.0]), slopes=frozen([shares]))
        return cls(starts=frozen([0.0, exercise_price]), slopes=frozen([0.0, shares]))

    def scaled(self, factor: float) -> Self:
        """Return the payoff of a holder of `factor` times as much."""
        check_number("factor", factor)
        return type(self)(starts=self.starts, slopes=frozen(self.slopes * factor))

    def at(self, amounts: FloatArray) -> FloatArray:
        """Return the payoff at each amount.

        Parameters
        ----------
        amounts : shape (n,)
            Not negative, in the unit of `starts`.

        Returns
        -------
        shape (n,)
            Never negative; a larger amount never gives less, to the last bit.
        """
        payouts: FloatArray = split_by_tranches(amounts, self.starts, self.slopes[np.newaxis])[0]
        return payouts


def frozen(values: npt.ArrayLike) -> FloatArray:
    """Return a copy as float64 that nobody can write to."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def split_by_tranches(amounts: FloatArray, starts: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return what each holder gets of each amount: the dollars of every tranche times its share.

    All terms are positive and added in one order, so rounding can neither make a payout negative
    nor let a larger amount pay less. No sum is left to a linear algebra library, whose order may
    depend on its number of threads: the same input gives the same bytes.

    Parameters
    ----------
    amounts : shape (n,)
    starts : shape (n_tranches,)
    slopes : shape (n_holders, n_tranches)

    Returns
    -------
    shape (n_holders, n)
    """
    payouts = np.zeros((len(slopes), len(amounts)))
    tranches = [
        (start, width, [(holder, slope) for holder, slope in enumerate(of_tranche) if slope > 0.0])
        for start, width, of_tranche in zip(
            starts.tolist(), [*np.diff(starts).tolist(), math.inf], slopes.T.tolist(), strict=True
        )
    ]
    dollars, part = np.empty(_BLOCK), np.empty(_BLOCK)
    for first in range(0, len(amounts), _BLOCK):
        block, block_payouts = amounts[first : first + _BLOCK], payouts[:, first : first + _BLOCK]
        inside, share = dollars[: len(block)], part[: len(block)]
        for start, width, takers in tranches:
            if takers:
                np.subtract(block, start, out=inside)
                np.clip(inside, 0.0, width, out=inside)
            for holder, slope in takers:
                np.multiply(inside, slope, out=share)
                block_payouts[holder] += share
    return payouts
