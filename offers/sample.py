"""The example on the landing page: an invented start-up whose stack anybody may play with."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from config.figures.charts import CurveChart, Line, payout_curve, shared_scale
from offers.valuation import CapTable, Participation, StockClass, StockClassType
from offers.valuation import payout_curve as exact_payouts

OPTIONS: Final = 80_000
EXERCISE_PRICE: Final = 0.5
LAST_ROUND_VALUE: Final = 90_000_000
MOST: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePayout:
    """What each holder of the example gets when it is sold, in dollars."""

    exit_proceeds: float
    yours: float
    naive: float
    """The percentage times the price, which is what people expect."""
    preferred: float
    chart: CurveChart


def sample_payout(exit_proceeds: float, *, is_participating: bool) -> SamplePayout:
    """Return the payout of 80,000 options behind two classes of preferred stock."""
    participation = Participation.FULL if is_participating else Participation.NONE
    curve = exact_payouts(_table(participation))
    payoff = curve.payoff("yours")
    line = Line.of_tranches(payoff.starts.tolist(), payoff.slopes.tolist())
    at = curve.payouts(np.array([exit_proceeds]))[:, 0].tolist()
    paid = dict(zip(curve.class_ids, at, strict=True))
    edge = max(2.0 * LAST_ROUND_VALUE, 1.2 * exit_proceeds)
    return SamplePayout(
        exit_proceeds=exit_proceeds,
        yours=paid["yours"],
        naive=exit_proceeds * OPTIONS / 12_000_000,
        preferred=paid["series-a"] + paid["series-b"],
        chart=payout_curve(
            line,
            x_maximum=edge,
            scale=shared_scale([line.at(edge)]),
            marks=[(exit_proceeds, "sold for")],
        ),
    )


def _table(participation: Participation) -> CapTable:
    def series(key: str, price: float, seniority: int) -> StockClass:
        return StockClass(
            id=key,
            type=StockClassType.PREFERRED,
            shares=2_000_000,
            price_per_share=price,
            seniority=seniority,
            participation=participation,
        )

    return CapTable(
        classes=(
            StockClass(id="common", type=StockClassType.COMMON, shares=7_920_000),
            series("series-a", 2.5, 1),
            series("series-b", 7.5, 2),
            StockClass(
                id="yours",
                type=StockClassType.OPTION,
                shares=OPTIONS,
                exercise_price=EXERCISE_PRICE,
            ),
        )
    )
