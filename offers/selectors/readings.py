"""One private company, read in every way that its silence leaves open: plain JSON in and out.

What the company disclosed stands. What it did not is read from dated priors of its stage: each open
term has candidates, and a reading is one combination of them, with a cap table of its own.
"""

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from config.figures.fields import FigureStatus
from market.selectors import Priors, exit_multiple_buckets
from offers.models import CapTable, ExitScenario
from offers.selectors.equity import (
    Convert,
    GrantFacts,
    PrivateEquity,
    added,
    capped,
    engine_class,
    engine_grant,
    grant_id,
    in_currency,
    payout_cap,
    private_equity,
)
from offers.selectors.terms import Terms
from offers.valuation import CapTable as EngineCapTable
from offers.valuation import (
    ContingentClaims,
    FairValue,
    InvalidFigure,
    OfferingOdds,
    OpenTerm,
    OpenValue,
    OutcomeCase,
    OutcomeScenario,
    Participation,
    Payoff,
    PreferenceTerms,
    ReturnBucket,
    ReturnMultipleOutcomes,
    RoundsSoFar,
    ScenarioOutcomes,
    StockClass,
    StockClassType,
    assumed_classes,
    company_around,
    diluted_by_growth,
    implied_fair_value,
    payout_curve,
)
from offers.valuation.documents import load_document
from offers.valuation.exit_documents import cap_table_document, read_cap_table

Document = dict[str, Any]

STOCK_CLASSES: Final = "stock_classes"
LAST_PRICE: Final = "last_preferred_price"
EXERCISE_PRICE: Final = "exercise_price"
SHARES: Final = "fully_diluted_shares"
# How many shares a company is given whose worth is known and whose number is not: any number does.
ANY_SHARES: Final = 1e9


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer that an open term may have; `label` says it in words."""

    weight: float
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Open:
    """A term that nobody stated, with the answers it may have."""

    code: str
    candidates: tuple[Candidate, ...]


def equity_readings(
    terms: Terms, *, priors: Priors, n_years: int, convert: Convert
) -> Document | None:
    """Return every reading of the company behind these terms; None where nothing is private.

    `status` is `ready`, or `needs` with what no prior can stand for.
    """
    equity = private_equity(terms, n_years=n_years, convert=convert)
    if equity is None:
        return None
    table = terms.cap_table or CapTable(company=terms.company)
    unit = convert(1.0, table.currency)
    dollar = convert(1.0, "USD")
    usd = dollar / unit if unit and dollar else None
    company = _Company.of(terms, table, equity, priors, usd or 1.0)
    missing = (*company.missing, *(() if usd else ("exchange_rate",)))
    model = _model(priors, usd=usd or 1.0)
    if missing or model is None or unit is None:
        return {"status": "needs", "missing": list(missing) or ["priors"]}
    return {
        "status": "ready",
        "unit": unit,
        "debt": float(table.debt or 0),
        "grants": [
            {
                "id": grant_id(place),
                "vested": facts.vested_at_horizon,
                "cap": payout_cap(facts.grant),
            }
            for place, facts in enumerate(equity.grants)
        ],
        "open": [
            {
                "code": each.code,
                "weights": [row.weight for row in each.candidates],
                "labels": [row.label for row in each.candidates],
            }
            for each in company.open_terms
        ],
        "readings": list(company.readings()),
        "model": model,
        "outcome": _outcome(terms, company, priors),
    }


def reading_values(readings: Document) -> Iterator[tuple[float, FairValue, float]]:
    """Yield each reading's weight, its fair values and what the grants are worth today.

    Per share and for the company in the currency of the cap table; for the grants in the offer's.
    """
    model = ContingentClaims(
        mean_exit_years=readings["model"]["exit_years"],
        risk_free_rate=readings["model"]["risk_free_rate"],
        volatility=readings["model"]["volatility"],
        offering_odds=OfferingOdds(
            company_values=tuple(readings["model"]["offering_values"]),
            probabilities=tuple(readings["model"]["offering_probabilities"]),
        ),
    )
    for row in readings["readings"]:
        fair = implied_fair_value(
            _table(row),
            model,
            class_id=row["newest"],
            value_per_share=row["price"],
        )
        worth = sum(
            grant["vested"] * min(fair.class_values[grant["id"]], _limit(grant))
            for grant in readings["grants"]
        )
        yield row["weight"], fair, worth * readings["unit"]


def reading_cases(readings: Document, *, rate: float) -> tuple[OutcomeCase, ...]:
    """Return what the equity may pay under each reading, in a currency worth `rate` of the offer's.

    Raises
    ------
    KeyError
        If the outcome is not known; ask `outcome_is_known` first.
    """
    return tuple(
        OutcomeCase(
            weight=row["weight"],
            payoff=payoff,
            distribution=distribution,
        )
        for row in readings["readings"]
        for payoff, distribution in [_case(readings, row, rate)]
    )


def outcome_is_known(readings: Document | None) -> bool:
    """Return whether the equity can be simulated."""
    return (
        readings is not None
        and readings["status"] == "ready"
        and readings["outcome"]["kind"] != "needs"
    )


def open_terms(readings: Document, *, prefix: str = "") -> tuple[OpenTerm, ...]:
    """Return the open terms of a company, in the order of its readings."""
    return tuple(
        OpenTerm(code=f"{prefix}{row['code']}", weights=tuple(row["weights"]))
        for row in readings["open"]
    )


def open_value(readings: Document, values: Sequence[float]) -> OpenValue:
    """Return a figure of every reading as one value over the open terms."""
    terms = open_terms(readings)
    shape = tuple(len(term.weights) for term in terms)
    return OpenValue(terms=terms, values=np.array(values, dtype=np.float64).reshape(shape))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    """What is known about a company, and the candidates for what is not."""

    grants: tuple[GrantFacts, ...]
    disclosed: tuple[StockClass, ...] | None
    newest: str | None
    rounds: RoundsSoFar | None
    fully_diluted: float | None
    price: float | None
    total_raised: float | None
    fair_market_value: float | None
    is_strike_unknown: bool
    open_terms: tuple[Open, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(
        cls,
        terms: Terms,
        table: CapTable,
        equity: PrivateEquity,
        priors: Priors,
        usd: float,
    ) -> "_Company":
        rows = terms.stock_classes
        is_known = FigureStatus(table.stock_classes_status).is_known and bool(rows)
        disclosed = (
            tuple(engine_class(row, place) for place, row in enumerate(rows)) if is_known else None
        )
        price = float(table.last_preferred_price) if table.last_preferred_price else None
        newest = None
        if disclosed:
            newest = _newest(disclosed, price)
            price = price or newest.price_per_share or None
        rounds = _rounds(terms, priors) if disclosed is None else None
        strikes = [
            float(facts.grant.exercise_price)
            for facts in equity.grants
            if facts.is_option and facts.grant.exercise_price
        ]
        appraised = float(table.fair_market_value) if table.fair_market_value else None
        is_strike_unknown = any(
            facts.is_option and facts.grant.exercise_price is None for facts in equity.grants
        )
        raised = float(table.total_raised) if table.total_raised else None
        base = appraised or (max(strikes) if strikes else None)
        open_terms: list[Open] = []
        missing: list[str] = []
        if any(
            facts.quantity is None and facts.ownership_fraction is None for facts in equity.grants
        ):
            missing.append("quantity")
        if disclosed is None:
            if rounds is None:
                missing.append(STOCK_CLASSES)
            else:
                open_terms.append(_preferences(terms, priors))
        ratios = priors.term("common_to_preferred", terms.company.stage)
        if price is None:
            if base is not None and ratios is not None:
                open_terms.append(_prices(base, ratios.values, ratios.probabilities))
            elif raised is None or rounds is None:
                missing.append(LAST_PRICE)
        is_worth_known = raised is not None and rounds is not None
        if equity.fully_diluted_shares is None and not is_worth_known:
            sizes = priors.term("offering_probability")
            if sizes is None:
                missing.append(SHARES)
            else:
                open_terms.append(_sizes(sizes.values[:2], usd))
        if is_strike_unknown and appraised is None:
            if ratios is None:
                missing.append(EXERCISE_PRICE)
            else:
                open_terms.append(_strikes(ratios.values, ratios.probabilities))
        return cls(
            grants=equity.grants,
            disclosed=disclosed,
            newest=newest.id if newest else None,
            rounds=rounds,
            fully_diluted=equity.fully_diluted_shares,
            price=price,
            total_raised=raised,
            fair_market_value=appraised,
            is_strike_unknown=is_strike_unknown,
            open_terms=tuple(open_terms),
            missing=tuple(missing),
        )

    @property
    def _rounds(self) -> RoundsSoFar:
        """Return the assumed rounds, which are there wherever `missing` is empty and asks for them."""
        if self.rounds is None:
            raise InvalidFigure("stage", "has no usual rounds")
        return self.rounds

    def readings(self) -> Iterator[Document]:
        """Yield one reading for each combination of candidates, in the order of the open terms."""
        for chosen in itertools.product(*(each.candidates for each in self.open_terms)):
            answers = {
                each.code: candidate.value
                for each, candidate in zip(self.open_terms, chosen, strict=True)
            }
            yield self._reading(answers, math.prod(row.weight for row in chosen))

    def _reading(self, answers: Mapping[str, Any], weight: float) -> Document:
        price: float | None = answers.get(LAST_PRICE, self.price)
        shares = self.fully_diluted
        if price is None:
            # Only all money raised says what the company was worth after its last round.
            worth = self._rounds.post_money_valuation(self.total_raised or 0.0)
            shares = shares or ANY_SHARES
            price = worth / shares
        if shares is None and self.total_raised and self.rounds:
            shares = self.rounds.post_money_valuation(self.total_raised) / price
        if shares is None:
            shares = answers[SHARES] / price
        preferred, newest = self.disclosed, self.newest
        if preferred is None:
            preferred = assumed_classes(
                self._rounds,
                answers[STOCK_CLASSES],
                fully_diluted_shares=shares,
                last_preferred_price=price,
            )
            newest = preferred[-1].id
        strike = answers.get(EXERCISE_PRICE)
        mine = [
            self._grant(facts, place, shares, price * strike if strike is not None else None)
            for place, facts in enumerate(self.grants)
        ]
        table = company_around(preferred, mine, fully_diluted_shares=shares)
        return {
            "weight": weight,
            "newest": newest,
            "price": price,
            "shares": shares,
            "cap_table": cap_table_document(table),
        }

    def _grant(
        self, facts: GrantFacts, place: int, shares: float, strike: float | None
    ) -> StockClass:
        quantity = facts.quantity
        if quantity is None:
            quantity = (facts.ownership_fraction or 0.0) * shares
        row = engine_grant(facts.grant, quantity, place)
        if facts.is_option and facts.grant.exercise_price is None:
            row = replace(row, exercise_price=strike or self.fair_market_value or 0.0)
        return row


def _newest(classes: Sequence[StockClass], price: float | None) -> StockClass:
    """Return the class of the last round: the one sold at its price, else the last one listed."""
    with_shares = [row for row in classes if row.shares] or list(classes)
    at_price = [row for row in with_shares if row.price_per_share == price]
    return at_price[-1] if at_price else with_shares[-1]


def _rounds(terms: Terms, priors: Priors) -> RoundsSoFar | None:
    dilutions = priors.dilutions_until(terms.company.stage)
    growth = priors.term("valuation_multiple_per_round")
    if not dilutions or growth is None:
        return None
    return RoundsSoFar(dilution_fractions=dilutions, valuation_multiple_per_round=growth.value)


def _preferences(terms: Terms, priors: Priors) -> Open:
    stage = terms.company.stage
    parts = [priors.term(key, stage) for key in (_MULTIPLE, _PARTICIPATION, _SENIORITY)]
    rows = [
        list(zip(part.values, part.probabilities, strict=True)) if part else [(default, 1.0)]
        for part, default in zip(parts, (1.0, 0.0, 0.0), strict=True)
    ]
    return Open(
        STOCK_CLASSES,
        tuple(
            Candidate(
                weight=multiple[1] * shares[1] * senior[1],
                label=_preference_label(multiple[0], bool(shares[0]), bool(senior[0])),
                value=PreferenceTerms(
                    liquidation_preference_multiple=multiple[0],
                    participation=Participation.FULL if shares[0] else Participation.NONE,
                    is_senior=bool(senior[0]),
                ),
            )
            for multiple, shares, senior in itertools.product(*rows)
            if multiple[1] * shares[1] * senior[1] > 0.0
        ),
    )


_MULTIPLE: Final = "liquidation_preference_multiple"
_PARTICIPATION: Final = "participation"
_SENIORITY: Final = "seniority"


def _preference_label(multiple: float, is_participating: bool, is_senior: bool) -> str:
    shared = "and shares in the rest" if is_participating else "non-participating"
    order = "newer rounds first" if is_senior else "side by side"
    return f"{multiple:g}x {shared}, {order}"


def _prices(base: float, ratios: Sequence[float], weights: Sequence[float]) -> Open:
    return Open(
        LAST_PRICE,
        tuple(
            Candidate(weight, f"409A price is {ratio:.0%} of it", base / ratio)
            for ratio, weight in zip(ratios, weights, strict=True)
            if weight > 0.0 and ratio > 0.0
        ),
    )


def _sizes(values: Sequence[float], usd: float) -> Open:
    """Return how much the company may be worth where nobody told its size.

    It matters by the chance of a public offering alone: small enough to have none, or large enough
    to have a good one, at even odds that are ours.
    """
    return Open(
        SHARES,
        tuple(
            Candidate(
                1.0 / len(values), f"worth ${value / 1e6:,.0f}M after its last round", value * usd
            )
            for value in values
        ),
    )


def _strikes(ratios: Sequence[float], weights: Sequence[float]) -> Open:
    return Open(
        EXERCISE_PRICE,
        tuple(
            Candidate(weight, f"{ratio:.0%} of the last round’s price", ratio)
            for ratio, weight in zip(ratios, weights, strict=True)
            if weight > 0.0
        ),
    )


def _model(priors: Priors, *, usd: float) -> Document | None:
    """Return the parameters of fair value, company values in the currency of the cap table."""
    years, rate = priors.term("exit_years"), priors.term("risk_free_rate")
    odds, volatility = priors.term("offering_probability"), priors.volatility("private-company")
    if years is None or rate is None or odds is None or volatility is None:
        return None
    return {
        "exit_years": years.value,
        "risk_free_rate": rate.value,
        "volatility": volatility[0],
        "offering_values": [value * usd for value in odds.values],
        "offering_probabilities": list(odds.probabilities),
        "source": {"title": odds.source.title, "url": odds.source.url, "year": odds.source.year},
    }


def _outcome(terms: Terms, company: _Company, priors: Priors) -> Document:
    """Return how an exit may turn out: the user's own scenarios, or published multiples."""
    if terms.exit_scenarios:
        if company.fully_diluted is None:
            return {"kind": "needs", "missing": ["fully_diluted_shares"]}
        return {
            "kind": "scenarios",
            "scenarios": [_scenario(row) for row in terms.exit_scenarios],
        }
    buckets, source = exit_multiple_buckets()
    if source is None:
        return {"kind": "needs", "missing": ["priors"]}
    rows = tuple(ReturnBucket(low=low, high=high, share=share) for low, high, share in buckets)
    growth, dilution = (
        priors.term("valuation_multiple_per_round"),
        priors.next_dilution(terms.company.stage),
    )
    if growth is not None and dilution is not None:
        rows = diluted_by_growth(
            rows, dilution_per_round=dilution[0], valuation_multiple_per_round=growth.value
        )
    years = priors.term("exit_years")
    return {
        "kind": "multiples",
        "buckets": [[row.low, row.high, row.share] for row in rows],
        "dilution_per_round": dilution[0] if dilution else 0.0,
        "years": years.value if years else None,
        "source": {
            "title": source.title,
            "url": source.url,
            "year": source.year,
            "sample": source.sample,
        },
    }


def _scenario(row: ExitScenario) -> Document:
    return {
        "exit_proceeds": float(row.exit_proceeds),
        "probability": float(row.probability),
        "dilution": float(row.dilution_fraction),
        "years": float(row.years),
    }


def _table(row: Document) -> EngineCapTable:
    """Return the cap table of a reading; it goes through text, which keeps decimals as written."""
    return read_cap_table(load_document(json.dumps(row["cap_table"])))


def _case(readings: Document, row: Document, rate: float) -> tuple[Payoff, Any]:
    table = _table(row)
    outcome = readings["outcome"]
    if outcome["kind"] == "multiples":
        last_round = row["price"] * row["shares"] * readings["unit"]
        return _payoff(readings, table).scaled(rate), ReturnMultipleOutcomes(
            buckets=tuple(
                ReturnBucket(low=low, high=high, share=share)
                for low, high, share in outcome["buckets"]
            ),
            last_round_value=last_round,
        )
    # The payouts themselves are drawn: each scenario has its own dilution.
    scenarios = []
    for scenario in outcome["scenarios"]:
        payoff = _payoff(readings, _diluted(table, row["shares"], scenario["dilution"]))
        proceeds = scenario["exit_proceeds"] * readings["unit"]
        scenarios.append(
            OutcomeScenario(
                exit_proceeds=_at(payoff, proceeds) * rate, probability=scenario["probability"]
            )
        )
    return Payoff.of_shares(1.0), ScenarioOutcomes(scenarios=tuple(scenarios))


def _payoff(readings: Document, table: EngineCapTable) -> Payoff:
    """Return what vests, as a function of the exit proceeds; both in the offer's currency."""
    curve = payout_curve(table)
    parts = [
        capped(curve.payoff(grant["id"]), grant["cap"]).scaled(grant["vested"])
        for grant in readings["grants"]
        if grant["vested"]
    ]
    return in_currency(added(parts), debt=readings["debt"], unit=readings["unit"])


def _diluted(table: EngineCapTable, shares: float, dilution: float) -> EngineCapTable:
    later = StockClass(
        id="later-rounds",
        type=StockClassType.COMMON,
        shares=shares * dilution / (1.0 - dilution),
    )
    return EngineCapTable(classes=(*table.classes, later))


def _at(payoff: Payoff, proceeds: float) -> float:
    return float(payoff.at(np.array([proceeds]))[0])


def _limit(grant: Document) -> float:
    return math.inf if grant["cap"] is None else float(grant["cap"])
