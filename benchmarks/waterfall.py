"""How long the breakpoints of a six-class cap table take to build."""

import json

from benchmarks import best_of, report
from offers.valuation import CapTable, Participation, StockClass, StockClassType, payout_curve


def six_classes() -> CapTable:
    """Return common, options and four preferred classes of every kind."""

    def series(key: str, price: float, seniority: int, **terms: object) -> StockClass:
        return StockClass(
            id=key,
            type=StockClassType.PREFERRED,
            shares=2_000_000,
            price_per_share=price,
            seniority=seniority,
            **terms,  # type: ignore[arg-type]
        )

    return CapTable(
        classes=(
            StockClass(id="common", type=StockClassType.COMMON, shares=8_000_000),
            StockClass(
                id="options", type=StockClassType.OPTION, shares=1_000_000, exercise_price=0.5
            ),
            series("a", 1.0, 1),
            series("b", 2.5, 2, participation=Participation.FULL),
            series("c", 7.5, 3, participation=Participation.CAPPED, participation_cap_multiple=3.0),
            series("d", 20.0, 3, liquidation_preference_multiple=1.5),
        )
    )


def main() -> None:
    """Print the time of one build, and its ratio to parsing a cap table's JSON."""
    cap_table = six_classes()
    document = json.dumps(
        {"classes": [{"id": row.id, "shares": row.shares} for row in cap_table.classes]}
    )
    parsing = best_of(lambda: json.loads(document), repeats=2_000)
    building = best_of(lambda: payout_curve(cap_table), repeats=200)
    n_breakpoints = len(payout_curve(cap_table).breakpoints)
    report(
        f"waterfall: 6 classes, {n_breakpoints} breakpoints (aim: under 5 ms)",
        [
            ("json.loads of the cap table", parsing, 1.0),
            ("payout_curve", building, building / parsing),
        ],
        unit="parsing",
    )


if __name__ == "__main__":
    main()
