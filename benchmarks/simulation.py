"""How long a million simulated exits take, against drawing the random numbers alone."""

import numpy as np

from benchmarks import best_of, report
from benchmarks.waterfall import six_classes
from offers.valuation import LognormalSharePrice, payout_curve, simulate

N_PATHS = 1_000_000


def main() -> None:
    """Print the ratio of paying a million exits, and of the whole simulation, to drawing them."""
    payoff = payout_curve(six_classes()).payoff("options")
    exits = LognormalSharePrice(share_price=90e6, years=4.0, drift=0.0, volatility=0.9)
    drawn = exits.draw(N_PATHS, rng=np.random.default_rng(1))
    drawing = best_of(lambda: exits.draw(N_PATHS, rng=np.random.default_rng(1)), repeats=7)
    paying = best_of(lambda: payoff.at(drawn), repeats=7)
    whole = best_of(
        lambda: simulate(payoff, exits, n_paths=N_PATHS, rng=np.random.default_rng(1)), repeats=3
    )
    report(
        f"simulation: {N_PATHS:,} exits through 6 classes (aim: at most 3 x drawing)",
        [
            ("numpy draws the exits", drawing, 1.0),
            ("draw and pay every exit", drawing + paying, (drawing + paying) / drawing),
            ("draw, pay, sort, quantiles, errors", whole, whole / drawing),
        ],
        unit="drawing",
    )


if __name__ == "__main__":
    main()
