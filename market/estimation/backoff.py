"""Where to look next when too few figures are about exactly this job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from market.estimation.bounds import FloatArray, InvalidSample
from market.estimation.percentiles import percentile

TYPICAL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: the keys that figures must share, and how to say so."""

    keys: tuple[str, ...]
    label: str


# Remote is given up first, then the family widens to its group, the country to its region.
# Level and country go last: they move pay most. Figures whose source names no level, such as those of
# most surveys, stand in the last three alone; what is found there is of all levels together.
CHAIN: Final = (
    Step(
        ("role_family", "experience", "country", "work_arrangement"),
        "same role, level, country and arrangement",
    ),
    Step(("role_family", "experience", "country"), "same role, level and country"),
    Step(("role_family", "experience", "region"), "same role and level, in the region"),
    Step(("role_group", "experience", "country"), "similar roles, same level and country"),
    Step(("role_group", "experience", "region"), "similar roles, same level, in the region"),
    Step(("experience", "region"), "all roles, same level, in the region"),
    Step(("role_family", "experience"), "same role and level, in any country"),
    Step(("experience",), "all roles, same level, in any country"),
    Step(("role_family", "country"), "same role and country, any level"),
    Step(("role_group", "country"), "similar roles in the country, any level"),
    Step(("role_family",), "same role, any level, in any country"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The step whose cell is large enough, and the size of every cell that was tried."""

    step: int
    tried: tuple[int, ...]


def back_off(
    count: Callable[[Step], int], *, min_n: int, chain: Sequence[Step] = CHAIN
) -> Found | None:
    """Return the first step whose count reaches `min_n`; None where none does.

    `count` is asked for one step after the other and no further than needed.
    """
    if min_n < 1:
        raise InvalidSample("a cell needs at least one figure")
    tried: list[int] = []
    for place, step in enumerate(chain):
        tried.append(count(step))
        if tried[-1] >= min_n:
            return Found(step=place, tried=tuple(tried))
    return None


def typical_error(
    near: Sequence[float] | FloatArray, far: Sequence[float] | FloatArray
) -> float | None:
    """Return how far the wider cell's median typically is from the narrow one's.

    Parameters
    ----------
    near, far : shape (n_cells,)
        Medians of well-filled cells, and what a step of the chain would have said in their place.

    Returns
    -------
    float or None
        The median of |far / near - 1|: half of the cells lie nearer, half farther. None without
        cells to check on.
    """
    measured = np.asarray(near, dtype=np.float64)
    told = np.asarray(far, dtype=np.float64)
    if measured.shape != told.shape or (measured <= 0).any():
        raise InvalidSample("medians come in pairs, and a measured one is above 0")
    return percentile(np.abs(told / measured - 1.0), TYPICAL) if measured.size else None
