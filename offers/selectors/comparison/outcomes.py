"""Range of outcomes: the simulated equity beside the pay of the same years."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.figures.charts import DataTable, dot_plot, shared_scale
from offers.selectors.comparison.shapes import OutcomeCell, OutcomeLens
from offers.selectors.comparison.sides import Side
from offers.selectors.equity import Range
from offers.selectors.numbers import HORIZON_YEARS

N_DOTS: Final = 20
# Equity that ends below this part of the pay of the same years is told as "at or near $0".
NEAR_NOTHING: Final = 0.01
# The axis ends here, in medians of the best offer; larger outcomes gather at its edge.
WIDEST: Final = 3.0

MISSING: Final = {
    "fully_diluted_shares": "the fully diluted shares",
    "quantity": "the size of the grant",
    "exercise_price": "the exercise price",
    "exchange_rate": "an exchange rate for its cap table",
    "last_preferred_price": "the price of the last round, or scenarios of your own",
    "share_price": "the share price",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Twenty equally likely outcomes of one offer, in the offer's currency.

    `dots`, `median`, `p10`, `p90` are pay and equity together; `equity` is the middle 80% of the
    equity alone. Where terms are unknown they are read against the holder; `kind_median` and
    `kind_near_nothing` say what the kindest reading would give.
    """

    dots: tuple[float, ...]
    median: float
    p10: float
    p90: float
    equity: Range
    near_nothing: int
    kind_median: float | None
    kind_near_nothing: int | None
    n_paths: int
    standard_error: float
    is_drawn_from_priors: bool = False
    """What the company did not tell was drawn from published figures on every path."""

    @property
    def odds(self) -> str:
        """Return how often the equity ends at or near nothing: `7 of 20`."""
        kind = self.kind_near_nothing
        if kind is None or kind == self.near_nothing:
            return f"{self.near_nothing} of {N_DOTS}"
        return f"{kind} to {self.near_nothing} of {N_DOTS}"


def simulated(side: Side) -> Simulated | None:
    """Return the finished outcomes of an offer; None where there are none, or none yet.

    An offer without equity has one outcome, and needs no simulation.
    """
    counted = side.present(side.simulated.yearly.counted)
    if not side.terms.grants:
        is_stated = side.terms.revision.base_salary is not None
        return _certain(counted) if is_stated else None
    results = side.valuation.results if side.valuation else None
    if not results or results["status"] != "ready":
        return None
    if side.simulated.public_equity is None:
        return _outcomes(side, results, fixed=counted, factor=1.0)
    # Listed stock is in the counted money at today's price; its simulated price takes that place.
    liquid = side.simulated.yearly.liquid_equity
    today = side.present(liquid)
    factor = today / sum(liquid) if sum(liquid) else 1.0
    return _outcomes(side, results, fixed=counted - today, factor=factor)


def outcome_lens(sides: Sequence[Side]) -> OutcomeLens:
    """Return the simulated outcomes side by side on one scale."""
    found = [(side, simulated(side)) for side in sides]
    ends = [
        side.scaled((each.median, each.p90))
        for side, each in found
        if each and side.column.is_comparable
    ]
    widest = WIDEST * max((median for median, _ in ends), default=0.0)
    scale = shared_scale(min(1.15 * p90, widest) for _, p90 in ends)
    cells = []
    for side, each in found:
        chart = None
        if each is not None and side.column.is_comparable:
            median, p10, p90 = side.scaled((each.median, each.p10, each.p90))
            chart = dot_plot(
                side.scaled(each.dots),
                median=median,
                p10=p10,
                p90=p90,
                scale=scale,
                currency=side.currency,
                column_width=260 if len(sides) < 4 else 150,
            )
        cells.append(_cell(side, each, chart))
    return OutcomeLens(
        key="outcomes",
        n_years=HORIZON_YEARS,
        cells=tuple(cells),
        table=_table(found),
    )


def missing_in_words(side: Side) -> str:
    """Return what would have to be known to simulate: "the fully diluted shares"."""
    results = side.valuation.results if side.valuation else None
    codes = list(results.get("missing", [])) if results else []
    equity = side.simulated.private_equity
    if not codes and equity is not None:
        codes = list(equity.missing)
    return " and ".join(MISSING.get(code, code.replace("_", " ")) for code in codes)


def _cell(side: Side, each: Simulated | None, chart: Any) -> OutcomeCell:
    valuation = side.valuation
    is_pending = valuation is not None and valuation.is_pending
    is_failed = valuation is not None and valuation.is_failed
    percent = None
    if valuation is not None and is_pending and valuation.latest.progress:
        percent = valuation.latest.progress
    return OutcomeCell(
        column=side.column,
        chart=chart,
        words=_in_words(side, each, is_unsettled=is_pending or is_failed),
        is_out_of_date=valuation is not None and valuation.is_out_of_date,
        is_pending=is_pending,
        is_failed=is_failed,
        percent=percent,
    )


def _in_words(side: Side, each: Simulated | None, *, is_unsettled: bool) -> str:
    if not side.terms.grants and each is None:
        return "Cannot be shown without base salary."
    if each is None:
        lacking = missing_in_words(side)
        if lacking:
            return f"Cannot be simulated without {lacking}."
        return "" if is_unsettled else "Not simulated."
    if not side.terms.grants:
        return "No equity, so one outcome."
    told = f"Middle 80%: {side.span(Range(low=each.p10, high=each.p90))}."
    if not side.column.is_comparable:
        told = f"Median {side.short(each.median)}. {told}"
    if side.terms.revision.base_salary is None:
        told += " Without base salary: not stated."
    if side.simulated.private_equity is not None:
        told += f" Equity at or near {side.short(0)} in {each.odds}."
    if each.is_drawn_from_priors:
        told += " What they did not tell is drawn from published figures."
    if each.kind_median is not None:
        told += (
            " Unknown terms are read against you; read kindly, the median is "
            f"{side.short(each.kind_median)}."
        )
    return told


def _certain(amount: float) -> Simulated:
    return Simulated(
        dots=(amount,) * N_DOTS,
        median=amount,
        p10=amount,
        p90=amount,
        equity=Range(low=0.0, high=0.0),
        near_nothing=0,
        kind_median=None,
        kind_near_nothing=None,
        n_paths=0,
        standard_error=0.0,
    )


def _outcomes(side: Side, results: Mapping[str, Any], *, fixed: float, factor: float) -> Simulated:
    low, high = results["low"], results.get("high")
    level = _levels(low)
    nothing = NEAR_NOTHING * sum(side.simulated.yearly.counted)

    def total(equity: float) -> float:
        return fixed + equity * factor

    return Simulated(
        dots=tuple(total(dot) for dot in low["dots"]),
        median=total(level[0.5]),
        p10=total(level[0.1]),
        p90=total(level[0.9]),
        equity=Range(low=level[0.1] * factor, high=level[0.9] * factor),
        near_nothing=_near(low["dots"], nothing),
        kind_median=total(_levels(high)[0.5]) if high else None,
        kind_near_nothing=_near(high["dots"], nothing) if high else None,
        n_paths=results["n_paths"],
        standard_error=low["standard_error"] * factor,
        is_drawn_from_priors=bool(results.get("is_drawn_from_priors")),
    )


def _table(found: Sequence[tuple[Side, Simulated | None]]) -> DataTable:
    """Return one row for each offer; its last column tells of the equity alone."""
    return DataTable(
        head=("Offer", "10th percentile", "Median", "90th percentile", "Equity near nothing"),
        rows=tuple(
            (
                f"{side.column.letter} {side.column.name}",
                *(side.money(amount) for amount in (each.p10, each.median, each.p90)),
                each.odds if side.terms.grants else "no equity",
            )
            for side, each in found
            if each is not None
        ),
    )


def _levels(case: Mapping[str, Any]) -> dict[float, float]:
    return dict(zip(case["quantile_levels"], case["quantiles"], strict=True))


def _near(dots: Sequence[float], nothing: float) -> int:
    return sum(dot <= nothing and math.isfinite(dot) for dot in dots)
