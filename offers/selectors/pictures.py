"""The charts of one offer: what the numbers look like, drawn on scales of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.figures.charts import (
    BarChart,
    CurveChart,
    DotChart,
    Line,
    YearPay,
    dot_plot,
    payout_curve,
    shared_scale,
    year_bars,
)
from offers.selectors.numbers import OfferNumbers

Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPictures:
    """What can be drawn; None where the figures for it are missing."""

    years: BarChart
    payout: CurveChart | None
    outcomes: DotChart | None


def offer_pictures(numbers: OfferNumbers, results: Results | None) -> OfferPictures:
    """Return the charts of one offer, with the simulated outcomes where they are known."""
    pay = year_pay(numbers)
    scale = shared_scale(year.solid + year.tint + year.paper for year in pay)
    return OfferPictures(
        years=year_bars(pay, scale=scale, currency=numbers.currency),
        payout=_payout(numbers),
        outcomes=_outcomes(numbers, results),
    )


def year_pay(numbers: OfferNumbers) -> tuple[YearPay, ...]:
    """Return the three parts of each year; private equity by its prudent end."""
    paper = [part.low for part in numbers.yearly.paper_equity] or [0.0] * numbers.n_years
    parts = zip(numbers.yearly.contract_cash, numbers.yearly.likely, paper, strict=True)
    return tuple(YearPay(solid=solid, tint=tint, paper=low) for solid, tint, low in parts)


def _payout(numbers: OfferNumbers) -> CurveChart | None:
    private, public = numbers.private_equity, numbers.public_equity
    if private is not None and private.low is not None and private.high is not None:
        low = Line.of_tranches(private.low.starts.tolist(), private.low.slopes.tolist())
        high = Line.of_tranches(private.high.starts.tolist(), private.high.slopes.tolist())
        last_round = private.last_round_value or 0.0
        proceeds = [row.exit_proceeds.high for row in private.scenarios]
        edge = max([2.0 * last_round, 1.2 * max(low.xs), *(1.1 * each for each in proceeds)])
        return payout_curve(
            low,
            None if private.is_stack_known else high,
            x_maximum=edge or 1.0,
            scale=shared_scale([high.at(edge)]),
            marks=[(last_round, "last round")] if last_round else [],
            currency=numbers.currency,
        )
    if public is not None and public.payoff is not None and public.share_price:
        line = Line.of_tranches(public.payoff.starts.tolist(), public.payoff.slopes.tolist())
        edge = 3.0 * public.share_price
        return payout_curve(
            line,
            x_maximum=edge,
            scale=shared_scale([line.at(edge)]),
            marks=[(public.share_price, "today")],
            currency=numbers.currency,
            axis="Share price",
        )
    return None


def _outcomes(numbers: OfferNumbers, results: Results | None) -> DotChart | None:
    """Return what the equity ended at in 20 equally likely outcomes, by the prudent payoff."""
    if not results or results["status"] != "ready":
        return None
    low = results["low"]
    level = dict(zip(low["quantile_levels"], low["quantiles"], strict=True))
    return dot_plot(
        low["dots"],
        median=level[0.5],
        p10=level[0.1],
        p90=level[0.9],
        # The largest outcomes gather at the edge, so that the likely ones can be told apart.
        scale=shared_scale([max(level[0.9] * 1.25, 1.0)]),
        currency=numbers.currency,
    )
