"""Which neighbouring rows are the two ends of one advertised pay range."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Posting(Generic[Row]):
    """One advertised job: a range, or a single figure where `bottom` is None."""

    top: Row
    bottom: Row | None = None


def postings(
    rows: Iterable[Row], *, alike: Callable[[Row], Hashable], amount: Callable[[Row], float]
) -> Iterator[Posting[Row]]:
    """Yield the postings of rows in file order, in constant memory.

    Where a row and the next one agree on `alike` (every column but the amounts) and the first
    amount is at least the second, both are the top and the bottom of one advertised range; reading
    goes on after them. Else the row stands alone.
    """
    held: Row | None = None
    for row in rows:
        if held is None:
            held = row
        elif alike(held) == alike(row) and amount(held) >= amount(row):
            yield Posting(held, row)
            held = None
        else:
            yield Posting(held)
            held = row
    if held is not None:
        yield Posting(held)


def midpoint(top: float, bottom: float) -> float:
    """Return the middle of a range."""
    return (top + bottom) / 2
