"""What reverses an order: the change of one input, nearest to what it is, that turns a gap round."""

from collections.abc import Callable, Iterator
from typing import Final

from offers.valuation.bounds import InvalidFigure

Gap = Callable[[float], float]
"""How far the second of two offers is ahead of the first, as a function of one input; continuous."""

CLOSED: Final = 0.005
"""Half a cent: a gap within it is none."""

_MOST_STEPS: Final = 200
_PROBES: Final = 40


def nearest_flip(
    gap: Gap, *, current: float, lowest: float, highest: float, is_monotone: bool = True
) -> float | None:
    """Return the value nearest to the current one at which the order turns round.

    Parameters
    ----------
    gap
        Continuous between the bounds.
    current, lowest, highest
        The input as it is, and what it can be.
    is_monotone
        Whether the gap never turns back as the input rises. If it may, each side is probed outward
        in small steps, and two changes of sign within one step are not found.

    Returns
    -------
    Where the gap is within `CLOSED`, or within what one bit of the input moves; beyond it the other
    offer is ahead. The current value if there is no gap to begin with, None if nothing within the
    bounds puts the other offer ahead.
    """
    if not lowest <= current <= highest:
        raise InvalidFigure("current", "must lie within its bounds")
    gap_now = gap(current)
    if abs(gap_now) <= CLOSED:
        return current
    sign = 1.0 if gap_now > 0 else -1.0

    def lead(value: float) -> float:
        return sign * gap(value)

    flips = [
        flip
        for bound in (lowest, highest)
        if bound != current
        and (flip := _first_flip(lead, current, bound, is_monotone=is_monotone)) is not None
    ]
    return min(flips, key=lambda flip: abs(flip - current), default=None)


def _first_flip(lead: Gap, current: float, bound: float, *, is_monotone: bool) -> float | None:
    """Return the first value on the way to a bound at which the lead is gone for good or a while."""
    near, lead_near = current, lead(current)
    for probe in [bound] if is_monotone else _outward(current, bound):
        lead_there = lead(probe)
        if lead_there < -CLOSED:
            return _root(lead, near, lead_near, probe, lead_there)
        near, lead_near = probe, lead_there
    return None


def _outward(current: float, bound: float) -> Iterator[float]:
    """Yield values from the current one to the bound, close together at first."""
    for step in range(1, _PROBES + 1):
        yield current + (bound - current) * (step / _PROBES) ** 2


def _root(lead: Gap, a: float, lead_a: float, b: float, lead_b: float) -> float:
    """Return where a lead of opposite signs at both ends is closed.

    Chandrupatla's method: an inverse quadratic step where the last three points say it is safe,
    else a bisection. It needs a few evaluations where the lead is straight and never more than
    bisecting twice.

    References
    ----------
    Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
    function without using derivatives", Advances in Engineering Software 28 (1997).
    """
    c, lead_c = a, lead_a
    part = lead_a / (lead_a - lead_b) if lead_a > 0.0 else 0.5
    for _ in range(_MOST_STEPS):
        middle = a + part * (b - a)
        if middle in (a, b):
            break
        lead_middle = lead(middle)
        if abs(lead_middle) <= CLOSED:
            return middle
        if (lead_middle > 0.0) == (lead_a > 0.0):
            c, lead_c = a, lead_a
        else:
            c, b, lead_c, lead_b = b, a, lead_b, lead_a
        a, lead_a = middle, lead_middle
        part = _next_part(a, b, c, lead_a, lead_b, lead_c)
    return a if abs(lead_a) <= abs(lead_b) else b


def _next_part(a: float, b: float, c: float, lead_a: float, lead_b: float, lead_c: float) -> float:
    """Return how far from `a` to `b` to look next, as a part of the way."""
    xi = (a - b) / (c - b)
    phi = (lead_a - lead_b) / (lead_c - lead_b)
    if phi**2 < xi and (1.0 - phi) ** 2 < 1.0 - xi:
        part = (lead_a / (lead_b - lead_a)) * (lead_c / (lead_b - lead_c)) + ((c - a) / (b - a)) * (
            lead_a / (lead_c - lead_a)
        ) * (lead_b / (lead_c - lead_b))
        return min(max(part, 1e-12), 1.0 - 1e-12)
    return 0.5
