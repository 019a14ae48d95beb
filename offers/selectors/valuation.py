"""What the engine is given for one revision, and the run of it: plain JSON in, plain JSON out."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from market.selectors import (
    Priors,
    exit_multiple_buckets,
    priors,
    rate_table,
    share_price_volatility,
)
from offers.selectors.equity import PrivateEquity, PublicEquity, private_equity, public_equity
from offers.selectors.numbers import HORIZON_YEARS, converter
from offers.selectors.readings import (
    equity_readings,
    open_value,
    outcome_is_known,
    reading_cases,
    reading_values,
)
from offers.selectors.terms import Terms
from offers.valuation import (
    Distribution,
    InvalidFigure,
    JointOffer,
    LognormalSharePrice,
    OpenValue,
    OutcomeScenario,
    Payoff,
    ReturnBucket,
    ReturnMultipleOutcomes,
    ScenarioOutcomes,
    SimulationResult,
    merge_chunks,
    next_questions,
    simulate_in_chunks,
    simulate_jointly_in_chunks,
)
from offers.valuation.simulation import summarise

N_CHUNKS: Final = 20
Document = dict[str, Any]


def valuation_inputs(
    terms: Terms,
    *,
    horizon_years: int = HORIZON_YEARS,
    known: Priors | None = None,
    is_preview: bool = False,
) -> Document:
    """Return everything the simulation of these terms depends on, as JSON.

    `status` is `ready`, or `no_equity`, or `needs` with what is missing. Payoffs are functions of
    the underlying amount; `low` and `high` differ where the company left the stack unknown.
    `readings` are the ways to read a private company, for its fair value; a preview goes without.
    Priors are read where none are given.
    """
    convert = converter(terms.revision.currency, rate_table())
    private = private_equity(terms, n_years=horizon_years, convert=convert)
    public = public_equity(terms, n_years=horizon_years, convert=convert)
    document: Document = {"currency": terms.revision.currency, "horizon_years": horizon_years}
    if private is not None:
        readings = None
        if not is_preview:
            readings = document["readings"] = equity_readings(
                terms, priors=known or priors(), n_years=horizon_years, convert=convert
            )
        own = _private_inputs(private)
        if own["status"] == "needs" and outcome_is_known(readings):
            # What the company did not tell is drawn from priors, reading by reading.
            own = {"status": "ready", "kind": "readings"}
        return document | own
    if public is not None:
        return document | _public_inputs(public, horizon_years)
    return document | {"status": "no_equity"}


def fingerprint_of(inputs: Document, *, engine_version: str) -> str:
    """Return the hash of the inputs and the engine: the same fingerprint has the same answer."""
    canonical = json.dumps([engine_version, inputs], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def seed_of(fingerprint: str) -> int:
    """Return a seed that follows from the inputs, so that a second run draws the same numbers."""
    return int(fingerprint[:15], 16)


def simulate(inputs: Document, *, seed: int, n_paths: int) -> Iterator[tuple[int, Document | None]]:
    """Yield the percentage done with no result, chunk by chunk, then the result at the end.

    The low and the high payoff are paid on the same draws, so their difference is what the unknown
    is worth and not noise.
    """
    fair = fair_value_results(inputs.get("readings"))
    if inputs["status"] != "ready":
        yield 100, {"status": inputs["status"], "missing": inputs.get("missing", [])} | fair
        return
    results: Document = {"status": "ready", "n_paths": n_paths, "seed": seed} | fair
    if inputs["kind"] == "readings":
        offer = JointOffer(fixed=0.0, cases=reading_cases(inputs["readings"], rate=1.0))
        parts = []
        for part in simulate_jointly_in_chunks(
            [offer], sector_correlation=0.0, n_paths=n_paths, seed=seed, n_chunks=N_CHUNKS
        ):
            parts.append(part.equity[0])
            yield min(99, 100 * len(parts) // N_CHUNKS), None
        drawn = _summary(summarise(np.concatenate(parts)))
        yield 100, results | {"low": drawn, "is_drawn_from_priors": True}
        return
    cases = _cases(inputs)
    done = 0
    for name, (payoff, distribution) in cases.items():
        chunks = []
        for chunk in simulate_in_chunks(
            payoff, distribution, n_paths=n_paths, seed=seed, n_chunks=N_CHUNKS
        ):
            chunks.append(chunk)
            done += 1
            yield min(99, 100 * done // (N_CHUNKS * len(cases))), None
        results[name] = _summary(merge_chunks(chunks))
    yield 100, results


def fair_value_results(readings: Document | None) -> Document:
    """Return what the shares and the grants are worth today, as ranges over what is unknown.

    Nothing where nothing is private; what is missing where no prior can stand for it. Amounts are
    in the offer's currency. `questions` are the open ones, the best first.
    """
    if readings is None:
        return {}
    if readings["status"] != "ready":
        return {"fair_value": {"status": "needs", "missing": readings["missing"]}}
    unit = readings["unit"]
    figures: dict[str, list[float]] = {
        name: [] for name in ("common", "company", "post_money", "preferred_price", "worth")
    }
    try:
        read = list(reading_values(readings))
    except InvalidFigure:
        # No value of the company makes a share of that class worth that price.
        return {"fair_value": {"status": "needs", "missing": ["fitting_price"]}}
    for row, (_, fair, mine) in zip(readings["readings"], read, strict=True):
        figures["common"].append(fair.values_per_share["common"] * unit)
        figures["company"].append(fair.equity_value * unit)
        figures["post_money"].append(row["price"] * row["shares"] * unit)
        figures["preferred_price"].append(row["price"] * unit)
        figures["worth"].append(mine)
    worth = open_value(readings, figures["worth"])
    return {
        "fair_value": {
            "status": "ready",
            "n_readings": len(readings["readings"]),
            "source": readings["model"]["source"],
            **{name: _range(open_value(readings, values)) for name, values in figures.items()},
            "questions": [
                {"code": row.code, "narrowing": row.narrowing, "most_narrowing": row.most_narrowing}
                for row in next_questions([worth])
            ],
        }
    }


def _range(value: OpenValue) -> Document:
    return {
        "low": value.low,
        "p10": value.quantile(0.1),
        "mean": value.mean,
        "p90": value.quantile(0.9),
        "high": value.high,
    }


def _private_inputs(equity: PrivateEquity) -> Document:
    if equity.low is None or equity.high is None:
        return {"status": "needs", "missing": list(equity.missing)}
    if equity.scenarios:
        return {
            "status": "ready",
            "kind": "scenarios",
            "scenarios": [
                {"probability": row.probability, "low": row.payout.low, "high": row.payout.high}
                for row in equity.scenarios
            ],
        }
    buckets, source = exit_multiple_buckets()
    if equity.last_round_value is None or source is None:
        return {"status": "needs", "missing": ["last_preferred_price"]}
    return {
        "status": "ready",
        "kind": "multiples",
        "low": _payoff_document(equity.low),
        "high": _payoff_document(equity.high),
        "last_round_value": equity.last_round_value,
        "buckets": [list(bucket) for bucket in buckets],
        "source": {"title": source.title, "url": source.url, "year": source.year},
    }


def _public_inputs(equity: PublicEquity, horizon_years: int) -> Document:
    volatility = share_price_volatility()
    if equity.payoff is None or not equity.share_price or volatility is None:
        return {"status": "needs", "missing": ["share_price"]}
    return {
        "status": "ready",
        "kind": "share_price",
        "low": _payoff_document(equity.payoff),
        "high": _payoff_document(equity.payoff),
        "share_price": equity.share_price,
        "years": horizon_years,
        "volatility": volatility[0],
        "source": {
            "title": volatility[1].title,
            "url": volatility[1].url,
            "year": volatility[1].year,
        },
    }


def _cases(inputs: Document) -> dict[str, tuple[Payoff, Distribution]]:
    """Return what to simulate: one case where both ends are the same, else two."""
    cases = {side: _case(inputs, side) for side in ("low", "high")}
    if inputs["kind"] == "scenarios":
        is_one = all(row["low"] == row["high"] for row in inputs["scenarios"])
    else:
        is_one = inputs["low"] == inputs["high"]
    return {"low": cases["low"]} if is_one else cases


def _case(inputs: Document, side: str) -> tuple[Payoff, Distribution]:
    match inputs["kind"]:
        case "scenarios":
            # The payouts themselves are drawn: each scenario has its own dilution.
            outcomes = ScenarioOutcomes(
                scenarios=tuple(
                    OutcomeScenario(exit_proceeds=row[side], probability=row["probability"])
                    for row in inputs["scenarios"]
                )
            )
            return Payoff.of_shares(1.0), outcomes
        case "multiples":
            multiples = ReturnMultipleOutcomes(
                buckets=tuple(
                    ReturnBucket(low=low, high=high, share=share)
                    for low, high, share in inputs["buckets"]
                ),
                last_round_value=inputs["last_round_value"],
            )
            return _payoff(inputs[side]), multiples
        case _:
            price = LognormalSharePrice(
                share_price=inputs["share_price"],
                years=inputs["years"],
                drift=0.0,
                volatility=inputs["volatility"],
            )
            return _payoff(inputs[side]), price


def _payoff_document(payoff: Payoff) -> Document:
    return {"starts": payoff.starts.tolist(), "slopes": payoff.slopes.tolist()}


def _payoff(document: Document) -> Payoff:
    return Payoff(starts=np.array(document["starts"]), slopes=np.array(document["slopes"]))


def _summary(result: SimulationResult) -> Document:
    return {
        "mean": result.mean,
        "standard_error": result.standard_error,
        "quantile_levels": result.quantile_levels.tolist(),
        "quantiles": result.quantiles.tolist(),
        "quantile_standard_errors": result.quantile_standard_errors.tolist(),
        "dots": result.dots.tolist(),
        "probability_of_nothing": result.probability_of_nothing.value,
        "probability_of_nothing_standard_error": result.probability_of_nothing.standard_error,
    }
