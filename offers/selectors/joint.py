"""All offers of a comparison valued together: what the engine is given, and the run of it.

Plain JSON in, plain JSON out, so that a row can hold both.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from market.selectors import Priors, RateTable, priors, rate_table, share_price_volatility
from offers.models import Comparison, OfferRevision
from offers.selectors.equity import PublicEquity
from offers.selectors.numbers import OfferNumbers, converter, offer_numbers
from offers.selectors.readings import (
    equity_readings,
    open_value,
    outcome_is_known,
    reading_cases,
)
from offers.selectors.terms import Terms, terms_of
from offers.valuation import (
    Estimate,
    JointOffer,
    JointOutcome,
    LognormalSharePrice,
    OpenValue,
    OutcomeCase,
    Payoff,
    is_too_close_to_call,
    merge_joint,
    next_questions,
    present_value,
    simulate_jointly_in_chunks,
)

N_CHUNKS: Final = 20
TASTES: Final = ("cautious", "balanced", "bold")

Document = dict[str, Any]


def joint_inputs(comparison: Comparison) -> Document:
    """Return everything that the joint simulation of a comparison depends on, as JSON."""
    revisions = (
        OfferRevision.objects.current()
        .filter(offer__places__comparison=comparison, offer__owner_id=comparison.owner_id)
        .with_terms()
        .order_by("offer__places__position")
    )
    return inputs_of(
        [terms_of(revision) for revision in revisions],
        currency=comparison.currency,
        horizon_years=comparison.horizon_years,
        discount_rate=comparison.discount_rate,
        rates=rate_table(),
        known=priors(),
    )


def inputs_of(
    offers: Sequence[Terms],
    *,
    currency: str,
    horizon_years: int,
    discount_rate: Decimal,
    rates: RateTable,
    known: Priors,
) -> Document:
    """Return what the joint simulation of these terms depends on; some may not be saved.

    `status` is `ready`, or `needs` where fewer than two offers can be simulated; each offer says
    what it lacks.
    """
    correlation = known.term("sector_correlation")
    document: Document = {
        "currency": currency,
        "horizon_years": horizon_years,
        "sector_correlation": correlation.value if correlation else 0.0,
        "correlation_source": correlation.source.title if correlation else "",
        "risk_aversions": {
            taste: aversion.value
            for taste in TASTES
            if (aversion := known.term(f"risk_aversion_{taste}")) is not None
        },
        "offers": [
            _offer(terms, currency, horizon_years, float(discount_rate), rates, known)
            for terms in offers
        ],
    }
    n_ready = sum(not each["missing"] for each in document["offers"])
    return document | {"status": "ready" if n_ready > 1 else "needs"}


def simulate_jointly(
    inputs: Document, *, seed: int, n_paths: int
) -> Iterator[tuple[int, Document | None]]:
    """Yield the percentage done with no result, chunk by chunk, then the result at the end.

    The result keeps one entry for every offer, in their order; one that lacks something has only
    what it lacks.
    """
    told: list[Document] = [
        {"offer": each["offer"], "missing": each["missing"]} for each in inputs["offers"]
    ]
    if inputs["status"] != "ready":
        yield 100, {"status": "needs", "offers": told}
        return
    places = [place for place, each in enumerate(told) if not each["missing"]]
    offers = [_joint_offer(inputs["offers"][place]) for place in places]
    chunks = []
    for chunk in simulate_jointly_in_chunks(
        offers,
        sector_correlation=inputs["sector_correlation"],
        n_paths=n_paths,
        seed=seed,
        n_chunks=N_CHUNKS,
    ):
        chunks.append(chunk)
        yield min(99, 100 * len(chunks) // N_CHUNKS), None
    tastes = inputs["risk_aversions"]
    result = merge_joint(chunks, offers, risk_aversions=list(tastes.values()))
    values = [
        _mean_value(inputs["offers"][place], offer)
        for place, offer in zip(places, offers, strict=True)
    ]
    for row, (place, value, outcome) in enumerate(
        zip(places, values, result.outcomes, strict=True)
    ):
        told[place] |= _outcome(outcome, value, tastes) | {
            "beats": _by_place(places, len(told), [list(each) for each in result.beats[row]]),
            "is_too_close": _by_place(
                places,
                len(told),
                [
                    is_too_close_to_call((value.low, value.high), (other.low, other.high))
                    for other in values
                ],
            ),
        }
    yield (
        100,
        {
            "status": "ready",
            "n_paths": n_paths,
            "seed": seed,
            "sector_correlation": inputs["sector_correlation"],
            "horizon_years": inputs["horizon_years"],
            "offers": told,
            "questions": [
                {
                    "offer": places[row.offer],
                    "code": row.code,
                    "chance_of_new_order": row.chance_of_new_order,
                    "narrowing": row.narrowing,
                    "most_narrowing": row.most_narrowing,
                }
                for row in next_questions(values)
            ],
        },
    )


def _offer(
    terms: Terms,
    currency: str,
    horizon_years: int,
    discount_rate: float,
    rates: RateTable,
    known: Priors,
) -> Document:
    """Return one offer in the currency of the comparison, or what it lacks."""
    own = terms.revision.currency
    conversion = rates.conversion(own, currency)
    document: Document = {
        "offer": terms.offer.pk,
        "missing": [],
        "company": f"company {terms.company.pk}" if terms.company.pk else "",
        "sector": str(terms.company.kind),
        "equity": None,
    }
    if conversion is None:
        return document | {"missing": ["exchange_rate"]}
    if terms.revision.base_salary is None:
        return document | {"missing": ["base_salary"]}
    numbers = offer_numbers(terms, horizon_years=horizon_years, rates=rates)
    rate = float(conversion.rate)
    document["rate"] = rate
    counted = numbers.yearly.counted
    if numbers.public_equity is not None and numbers.public_equity.payoff is not None:
        liquid = numbers.yearly.liquid_equity
        document["equity"] = _public(numbers.public_equity, numbers, discount_rate, horizon_years)
        if document["equity"] is not None:
            # Its simulated price takes the place of today's.
            counted = tuple(a - b for a, b in zip(counted, liquid, strict=True))
    elif numbers.private_equity is not None:
        readings = equity_readings(
            terms, priors=known, n_years=horizon_years, convert=converter(own, rates)
        )
        document["equity"] = readings
        if readings is not None and not outcome_is_known(readings):
            lacking = readings if readings["status"] == "needs" else readings["outcome"]
            return document | {"missing": lacking["missing"]}
    elif numbers.public_equity is not None and terms.company.share_price is None:
        return document | {"missing": ["share_price"]}
    document["fixed"] = rate * float(present_value(counted, discount_rate=discount_rate))
    return document


def _public(
    equity: PublicEquity, numbers: OfferNumbers, discount_rate: float, horizon_years: int
) -> Document | None:
    """Return listed stock as a payoff of its price, worth today what its years are."""
    volatility = share_price_volatility()
    if equity.payoff is None or not equity.share_price or volatility is None:
        return None
    liquid = numbers.yearly.liquid_equity
    today = float(present_value(liquid, discount_rate=discount_rate))
    return {
        "kind": "share_price",
        "starts": equity.payoff.starts.tolist(),
        "slopes": equity.payoff.slopes.tolist(),
        "share_price": equity.share_price,
        "years": horizon_years,
        "volatility": volatility[0],
        "factor": today / sum(liquid) if sum(liquid) else 1.0,
        "source": volatility[1].title,
    }


def _joint_offer(document: Document) -> JointOffer:
    return JointOffer(
        fixed=document["fixed"],
        cases=_cases(document["equity"], document["rate"]),
        company=document["company"],
        sector=document["sector"],
    )


def _cases(equity: Document | None, rate: float) -> tuple[OutcomeCase, ...]:
    if equity is None:
        return ()
    if equity.get("kind") != "share_price":
        return reading_cases(equity, rate=rate)
    payoff = Payoff(starts=np.array(equity["starts"]), slopes=np.array(equity["slopes"]))
    price = LognormalSharePrice(
        share_price=equity["share_price"],
        years=equity["years"],
        drift=0.0,
        volatility=equity["volatility"],
    )
    scaled = payoff.scaled(rate * equity["factor"])
    return (OutcomeCase(weight=1.0, payoff=scaled, distribution=price),)


def _mean_value(document: Document, offer: JointOffer) -> OpenValue:
    """Return the mean total of an offer over its open terms, in closed form."""
    equity = document["equity"]
    if equity is None or equity.get("kind") == "share_price":
        mean = offer.fixed + sum(case.mean for case in offer.cases)
        return OpenValue(terms=(), values=np.array(mean))
    return open_value(equity, [offer.fixed + case.mean for case in offer.cases])


def _outcome(outcome: JointOutcome, value: OpenValue, tastes: Document) -> Document:
    total = outcome.total
    return {
        "mean": total.mean,
        "standard_error": total.standard_error,
        "quantile_levels": total.quantile_levels.tolist(),
        "quantiles": total.quantiles.tolist(),
        "quantile_standard_errors": total.quantile_standard_errors.tolist(),
        "dots": total.dots.tolist(),
        "probability_of_nothing": list(outcome.probability_of_nothing),
        "certainty_equivalents": {
            taste: list(found) if isinstance(found, Estimate) else None
            for taste, found in zip(tastes, outcome.certainty_equivalents, strict=True)
        },
        "range": {"low": value.low, "mean": value.mean, "high": value.high},
    }


def _by_place(places: Sequence[int], n_offers: int, values: Sequence[Any]) -> list[Any]:
    """Return values on the places of their offers; None for an offer that lacks something."""
    row: list[Any] = [None] * n_offers
    for place, value in zip(places, values, strict=True):
        row[place] = value
    return row
