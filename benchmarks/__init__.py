"""Timings, each as a ratio against something measured in the same run; never part of the tests."""

import time
from collections.abc import Callable


def best_of(work: Callable[[], object], *, repeats: int) -> float:
    """Return the least seconds that one call took, which is the one least disturbed."""
    least = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - started)
    return least


def report(title: str, rows: list[tuple[str, float, float]], *, unit: str) -> None:
    """Print each row's milliseconds and its ratio to `unit`."""
    print(title)
    for name, seconds, ratio in rows:
        print(f"  {name:<46} {seconds * 1000:10.3f} ms   {ratio:8.2f} x {unit}")
