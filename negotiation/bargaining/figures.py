"""What every part of this room relies on: figures that were checked once, at birth."""

import math


class InvalidFigure(ValueError):
    """A figure is outside the range in which a formula means anything."""


def check_range(name: str, value: float, low: float = 0.0, high: float = math.inf) -> None:
    """Refuse what is no number between the two ends, both included."""
    if not math.isfinite(value) or not low <= value <= high:
        raise InvalidFigure(f"{name} must lie between {low:g} and {high:g}")
