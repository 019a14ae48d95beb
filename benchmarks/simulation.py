"""How long a million exits take, for one offer and for six at once, against drawing the numbers."""

import numpy as np

from benchmarks import best_of, report
from benchmarks.waterfall import six_classes
from offers.valuation import (
    JointOffer,
    LognormalSharePrice,
    OutcomeCase,
    ReturnBucket,
    ReturnMultipleOutcomes,
    merge_joint,
    payout_curve,
    simulate,
    simulate_jointly_in_chunks,
)

N_PATHS = 1_000_000
N_OFFERS = 6
N_CHUNKS = 20


def main() -> None:
    """Print the ratio of one offer, and of six together, to drawing their random numbers."""
    _one_offer()
    _six_offers()


def _one_offer() -> None:
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


def _six_offers() -> None:
    offers = _offers()

    def draw_alone() -> None:
        rng = np.random.default_rng(1)
        for _ in offers:
            rng.random(N_PATHS)

    def draw_exits() -> None:
        rng = np.random.default_rng(1)
        for offer in offers:
            offer.cases[0].distribution.draw(N_PATHS, rng=rng)

    def chunks() -> list[object]:
        return list(
            simulate_jointly_in_chunks(
                offers, sector_correlation=0.3, n_paths=N_PATHS, seed=1, n_chunks=N_CHUNKS
            )
        )

    paid = simulate_jointly_in_chunks(
        offers, sector_correlation=0.3, n_paths=N_PATHS, seed=1, n_chunks=N_CHUNKS
    )
    kept = list(paid)
    drawing = best_of(draw_alone, repeats=5)
    exits = best_of(draw_exits, repeats=3)
    simulating = best_of(chunks, repeats=3)
    merging = best_of(lambda: merge_joint(kept, offers, risk_aversions=[4.0, 2.0, 0.5]), repeats=2)
    report(
        f"joint simulation: {N_OFFERS} offers x {N_PATHS:,} paths, 3 listed and 3 private",
        [
            ("numpy draws a uniform number per offer and path", drawing, 1.0),
            ("numpy draws the exits of every offer, alone", exits, exits / drawing),
            ("draw together and pay every path", simulating, simulating / drawing),
            ("quantiles, chances, equivalents, errors", merging, merging / drawing),
            ("everything", simulating + merging, (simulating + merging) / drawing),
            (
                "everything, against drawing exits",
                simulating + merging,
                (simulating + merging) / exits,
            ),
        ],
        unit="the first row",
    )


def _offers() -> list[JointOffer]:
    """Three listed companies and three private ones of one sector, one with unknown terms."""
    payoff = payout_curve(six_classes()).payoff("options")
    price = LognormalSharePrice(share_price=90.0, years=4.0, drift=0.0, volatility=0.4)
    multiples = ReturnMultipleOutcomes(
        buckets=(
            ReturnBucket(share=0.65, low=0.0, high=1.0),
            ReturnBucket(share=0.25, low=1.0, high=5.0),
            ReturnBucket(share=0.10, low=5.0, high=100.0),
        ),
        last_round_value=90e6,
    )
    listed = payout_curve(six_classes()).payoff("common")
    unknown = tuple(
        OutcomeCase(weight=0.25, payoff=payoff.scaled(1.0 + place), distribution=multiples)
        for place in range(4)
    )
    return [
        *(
            JointOffer(
                fixed=4e5,
                cases=(OutcomeCase(weight=1.0, payoff=listed, distribution=price),),
                company=f"listed-{place}",
            )
            for place in range(3)
        ),
        *(
            JointOffer(
                fixed=4e5,
                cases=unknown
                if place == 0
                else (OutcomeCase(weight=1.0, payoff=payoff, distribution=multiples),),
                company=f"private-{place}",
                sector="startup",
            )
            for place in range(3)
        ),
    ]


if __name__ == "__main__":
    main()
