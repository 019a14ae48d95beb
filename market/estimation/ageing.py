"""Old figures in the pay of a later day: only by dated, sourced data, and never beyond it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from market.estimation.bounds import InvalidSample


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """The level of pay on one day."""

    date: dt.date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PayIndex:
    """A published series of pay: at least two dated points, and where they come from."""

    points: tuple[IndexPoint, ...]
    source: str

    def __post_init__(self) -> None:
        """Check the points."""
        dates = [point.date for point in self.points]
        if len(dates) < 2 or any(later <= earlier for earlier, later in pairwise(dates)):
            raise InvalidSample("an index has two points or more, in order of their dates")
        if any(not point.value > 0 for point in self.points) or not self.source:
            raise InvalidSample("an index has values above 0 and a source")

    def level(self, date: dt.date) -> float | None:
        """Return the index on a day, straight between its points; None outside of them."""
        return _level(self.points, date)

    def factor(self, *, since: dt.date, until: dt.date) -> float | None:
        """Return what pay of `since` is multiplied by to be pay of `until`.

        None where the index does not reach: nothing is extrapolated.
        """
        before, after = self.level(since), self.level(until)
        return None if before is None or after is None else after / before


def _level(points: Sequence[IndexPoint], date: dt.date) -> float | None:
    for earlier, later in pairwise(points):
        if earlier.date <= date <= later.date:
            share = (date - earlier.date).days / (later.date - earlier.date).days
            return earlier.value + share * (later.value - earlier.value)
    return None
