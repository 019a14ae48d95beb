"""The cap table that a company of a stage probably has, where it did not disclose its own.

Rounds so far sold the fractions that rounds of their stage usually sell, and the valuation grew by
one multiple from each to the next. That fixes who owns how much and what each class paid, up to one
figure: the price of the last round, or all money raised. Sources: docs/valuation.md#unknown-terms.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from offers.valuation.bounds import InvalidFigure, check_number, check_positive, check_rate
from offers.valuation.captable import CapTable, Participation, StockClass, StockClassType


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsSoFar:
    """What the rounds of a company sold, first to last, and how its valuation grew between them."""

    dilution_fractions: tuple[float, ...]
    valuation_multiple_per_round: float

    def __post_init__(self) -> None:
        """Check that there was a round, and that none sold the company."""
        if not self.dilution_fractions:
            raise InvalidFigure("dilution_fractions", "must have at least one round")
        for dilution in self.dilution_fractions:
            check_rate("dilution_fractions", dilution)
            if not 0.0 < dilution < 1.0:
                raise InvalidFigure("dilution_fractions", "must lie between 0 and 1")
        check_positive("valuation_multiple_per_round", self.valuation_multiple_per_round)

    @property
    def ownership_fractions(self) -> tuple[float, ...]:
        """What each round holds today: what it sold, diluted by those after it."""
        kept, held = 1.0, []
        for dilution in reversed(self.dilution_fractions):
            held.append(dilution * kept)
            kept *= 1.0 - dilution
        return tuple(reversed(held))

    def post_money_valuations(self, last: float) -> tuple[float, ...]:
        """Return what the company was worth after each round, the last one being `last`."""
        n_rounds, growth = len(self.dilution_fractions), self.valuation_multiple_per_round
        return tuple(last * growth ** (place + 1 - n_rounds) for place in range(n_rounds))

    def total_raised(self, last: float) -> float:
        """Return all money raised, if the company was worth `last` after the last round."""
        valuations = self.post_money_valuations(last)
        return math.fsum(
            sold * valuation
            for sold, valuation in zip(self.dilution_fractions, valuations, strict=True)
        )

    def post_money_valuation(self, total_raised: float) -> float:
        """Return what the company was worth after the last round, if this is all it raised.

        By hand: rounds of 20.6%, 20.1% and 17.6%, each at three times the last. A company worth 90
        raised 0.206 x 10 + 0.201 x 30 + 0.176 x 90 = 23.93.
        """
        check_number("total_raised", total_raised)
        return total_raised / self.total_raised(1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceTerms:
    """One answer to what is owed before common stock.

    `liquidation_preference_multiple` is the newest round's, the others have one times their money;
    participation is that of every round. `is_senior`: each round is paid before earlier ones.
    """

    liquidation_preference_multiple: float = 1.0
    participation: Participation = Participation.NONE
    is_senior: bool = False


def assumed_classes(
    rounds: RoundsSoFar,
    terms: PreferenceTerms,
    *,
    fully_diluted_shares: float,
    last_preferred_price: float,
) -> tuple[StockClass, ...]:
    """Return the preferred classes of a company with such rounds, the newest one last.

    Ids run from `round-0`; the newest class has its share of all shares at the last price.
    """
    check_positive("fully_diluted_shares", fully_diluted_shares)
    check_positive("last_preferred_price", last_preferred_price)
    valuations = rounds.post_money_valuations(last_preferred_price * fully_diluted_shares)
    newest = len(valuations) - 1
    return tuple(
        StockClass(
            id=f"round-{place}",
            type=StockClassType.PREFERRED,
            shares=owned * fully_diluted_shares,
            invested_amount=sold * valuation,
            seniority=float(place + 1) if terms.is_senior else 1.0,
            liquidation_preference_multiple=terms.liquidation_preference_multiple
            if place == newest
            else 1.0,
            participation=terms.participation,
        )
        for place, (owned, sold, valuation) in enumerate(
            zip(rounds.ownership_fractions, rounds.dilution_fractions, valuations, strict=True)
        )
    )


def company_around(
    preferred: Sequence[StockClass],
    grants: Sequence[StockClass],
    *,
    fully_diluted_shares: float,
) -> CapTable:
    """Return a cap table in which common stock is everything that is neither preferred nor mine."""
    taken = sum(float(row.as_converted_shares) for row in preferred)
    mine = sum(row.shares for row in grants)
    common = StockClass(
        id="common",
        type=StockClassType.COMMON,
        shares=max(0.0, fully_diluted_shares - taken - mine),
    )
    return CapTable(classes=(*preferred, common, *grants))
