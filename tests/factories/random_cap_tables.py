"""Cap tables drawn at random as companies have them, for proofs by large numbers."""

from typing import Any

import numpy as np

from offers.valuation import (
    CapTable,
    ConversionRights,
    Dividends,
    DividendType,
    Participation,
    StockClass,
    StockClassType,
)


def random_cap_table(rng: np.random.Generator) -> CapTable:
    """Return common, 1 to 4 preferred classes and up to 3 option pools: 2 to 8 classes in all.

    Tiers, shared tiers, multiples, participation, caps, ratios and dividends are all drawn.
    """
    n_preferred = int(rng.integers(1, 5))
    n_options = int(rng.integers(0, min(4, 8 - n_preferred)))
    classes = [
        StockClass(id="common", type=StockClassType.COMMON, shares=_shares(rng)),
        *(_preferred(place, rng) for place in range(n_preferred)),
        *(
            StockClass(
                id=f"options-{place}",
                type=StockClassType.OPTION,
                shares=_shares(rng) / 10.0,
                exercise_price=round(float(rng.uniform(0.0, 12.0)), 2),
            )
            for place in range(n_options)
        ),
    ]
    return CapTable(classes=tuple(classes))


def random_proceeds(cap_table: CapTable, rng: np.random.Generator) -> float:
    """Return exit proceeds around what the preferred is owed, to the cent."""
    claims = float(sum(row.claim for row in cap_table.classes))
    return round(float(claims * np.exp(rng.normal(0.7, 1.2))), 2)


def _shares(rng: np.random.Generator) -> float:
    return float(rng.integers(1, 1_000)) * 10_000.0


def _preferred(place: int, rng: np.random.Generator) -> StockClass:
    terms: dict[str, Any] = {}
    participation = Participation(str(rng.choice([kind.value for kind in Participation])))
    if participation is Participation.CAPPED:
        terms["participation_cap_multiple"] = float(rng.choice([1.5, 2.0, 2.5, 3.0]))
    if rng.random() < 0.2:
        terms["dividends"] = Dividends(
            type=DividendType.CUMULATIVE_SIMPLE, rate=0.08, years=float(rng.integers(1, 6))
        )
    if rng.random() < 0.25:
        terms["conversion_rights"] = ConversionRights(ratio=float(rng.choice([0.5, 1.2, 2.0])))
    return StockClass(
        id=f"series-{place}",
        type=StockClassType.PREFERRED,
        shares=_shares(rng),
        price_per_share=round(float(rng.uniform(0.1, 20.0)), 2),
        seniority=float(rng.integers(1, 4)),
        liquidation_preference_multiple=float(rng.choice([1.0, 1.0, 1.0, 1.5, 2.0, 3.0])),
        participation=participation,
        **terms,
    )
