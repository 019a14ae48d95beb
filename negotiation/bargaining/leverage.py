"""How much they need this person, less how much this person needs them: a score with its reasons.

References
----------
Handbook 3.3, "Leverage score".
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Factor(StrEnum):
    """Something that moves the score."""

    COMPETING_OFFER = "competing_offer"
    RARE_MATCH = "rare_match"
    REFERRED = "referred"
    THEY_CAME_FIRST = "they_came_first"
    OPEN_LONG = "open_long"
    CONTENT = "content"
    PRESSED = "pressed"
    VERY_PRESSED = "very_pressed"
    NEEDS_IT_SOON = "needs_it_soon"
    ONE_SOURCE = "one_source"


POINTS: Final = MappingProxyType(
    {
        Factor.COMPETING_OFFER: 3,
        Factor.RARE_MATCH: 1,
        Factor.REFERRED: 1,
        Factor.THEY_CAME_FIRST: 1,
        Factor.OPEN_LONG: 1,
        Factor.CONTENT: 1,
        Factor.PRESSED: -1,
        Factor.VERY_PRESSED: -2,
        Factor.NEEDS_IT_SOON: -2,
        Factor.ONE_SOURCE: -1,
    }
)
HIGHEST: Final = 10
# From these scores on leverage is medium, and high.
MEDIUM_FROM: Final = 3
HIGH_FROM: Final = 5


class Strength(StrEnum):
    """The score in one word."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# Which percentile of the comparable packages to aim at by default.
TARGET_PERCENTILES: Final = MappingProxyType(
    {Strength.LOW: 50, Strength.MEDIUM: 65, Strength.HIGH: 75}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leverage:
    """A score from 0 to 10 with what it is made of."""

    score: int
    reasons: tuple[tuple[Factor, int], ...]

    @property
    def strength(self) -> Strength:
        """Return the score in one word."""
        if self.score >= HIGH_FROM:
            return Strength.HIGH
        return Strength.MEDIUM if self.score >= MEDIUM_FROM else Strength.LOW

    @property
    def target_percentile(self) -> int:
        """Return the percentile to aim at by default."""
        return TARGET_PERCENTILES[self.strength]


def leverage(factors: Collection[Factor]) -> Leverage:
    """Return the score of these factors; of two kinds of pressure, the stronger one counts."""
    counted = set(factors)
    if Factor.VERY_PRESSED in counted:
        counted.discard(Factor.PRESSED)
    reasons = tuple((factor, POINTS[factor]) for factor in Factor if factor in counted)
    score = sum(points for _, points in reasons)
    return Leverage(score=min(max(score, 0), HIGHEST), reasons=reasons)
