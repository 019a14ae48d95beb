"""Who rests on the benchmarks in force, and how far each has followed to them.

Offers and talks stand above the market, which knows nothing of them: each of these apps says in
its `apps.py` how to ask it, and the bench asks whoever did.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LATELY: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Rows of one kind that rest on benchmarks, and how many still rest on older ones."""

    label: str
    """What the rows are, in the plural: `offers`."""
    n_rows: int
    n_owed: int
    owed_since: dt.datetime | None
    n_lately: int
    """How many followed within the last ten minutes."""
    as_of: dt.datetime

    @property
    def is_stuck(self) -> bool:
        """Rows have been owed for longer than that, and none has followed since."""
        waits = self.owed_since is not None and self.as_of - self.owed_since > LATELY
        return waits and not self.n_lately


Ask = Callable[[dt.datetime], Followed]
_ASKED: Final[dict[str, Ask]] = {}


def follow_benchmarks(name: str, ask: Ask) -> None:
    """Have the bench ask this about rows that rest on benchmarks."""
    _ASKED[name] = ask


def followers(*, as_of: dt.datetime) -> list[Followed]:
    """Return how far everybody is who rests on the benchmarks, in a few queries each."""
    return [ask(as_of) for ask in _ASKED.values()]
