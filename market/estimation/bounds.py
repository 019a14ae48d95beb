"""What the room takes and refuses."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]


class InvalidSample(ValueError):
    """The figures cannot be what they are said to be."""


def sample(values: ArrayLike | Sequence[float]) -> FloatArray:
    """Return the values ascending, shape (n,); raise `InvalidSample` where one is not finite."""
    array = np.sort(np.asarray(values, dtype=np.float64).ravel())
    if array.size and not np.isfinite(array[[0, -1]]).all():
        raise InvalidSample("every value of a sample is finite")
    return array


def check_fraction(fraction: float) -> None:
    """Raise `InvalidSample` unless the fraction lies in [0, 1]."""
    if not (math.isfinite(fraction) and 0.0 <= fraction <= 1.0):
        raise InvalidSample("a fraction lies between 0 and 1")
