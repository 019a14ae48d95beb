"""What may be published of what people told us about themselves.

Contributed figures enter a published cell only through its atoms: the finest cells of the lattice
of filters. Every filter is a union of atoms, so whatever two published filters leave of each other
is a union of atoms too. An atom that holds the rule makes every such remainder hold it: its
employers are among the remainder's, and a mean of shares is not above the largest of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

LEAST_EMPLOYERS: Final = 5
LEAST_EMPLOYERS_FOR_TAILS: Final = 10
LARGEST_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contributed figure: which row it is, and whose pay it is about."""

    row: int
    employer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What may be shown of a cell."""

    has_middle: bool
    """The median and the quartiles."""
    has_tails: bool
    """The 10th and the 90th percentile."""


def publication(*, n: int, n_employers: int, largest_employer_n: int) -> Publication:
    """Return what a cell of contributed figures may show."""
    is_spread = n > 0 and largest_employer_n <= LARGEST_SHARE * n
    return Publication(
        has_middle=is_spread and n_employers >= LEAST_EMPLOYERS,
        has_tails=is_spread and n_employers >= LEAST_EMPLOYERS_FOR_TAILS,
    )


def publication_of(contributions: Iterable[Contribution]) -> Publication:
    """Return what a cell of these contributions may show."""
    by_employer = Counter(contribution.employer for contribution in contributions)
    return publication(
        n=by_employer.total(),
        n_employers=len(by_employer),
        largest_employer_n=max(by_employer.values(), default=0),
    )


def releasable(present: Iterable[Contribution], *, released: AbstractSet[int]) -> frozenset[int]:
    """Return the rows of one atom that may stand in the next snapshot.

    Two snapshots are two overlapping filters as well. `released` are the rows that stood in the
    last snapshot that showed the atom, with those withdrawn since. The set may only grow by a group that holds the rule on its own, so that the
    difference of two snapshots is never one person; until such a group is there, the old set
    stays. Where somebody withdrew, it cannot stay: then the atom shows nothing, until enough others
    have come.
    """
    rows: Mapping[int, Contribution] = {item.row: item for item in present}
    arrived = [item for row, item in rows.items() if row not in released]
    if publication_of(arrived).has_middle and publication_of(rows.values()).has_middle:
        return frozenset(rows)
    return frozenset(released) if released <= rows.keys() else frozenset()
