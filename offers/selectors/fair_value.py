"""What private stock is worth today, beside the two prices people take for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offers.selectors.equity import PrivateEquity, Range
from offers.selectors.next_best import NextBest, lacking_in_words, next_best
from offers.selectors.numbers import OfferNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOfShare:
    """One price of a share, what your vested units come to at it, and what to make of it."""

    key: str
    label: str
    per_share: Range | None
    yours: Range | None
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FairValueView:
    """Today's value of private stock, in the offer's currency; ranges where something is unknown.

    `lacking` says what would have to be known where there is no value; `prices` are there anyway.
    """

    prices: tuple[PriceOfShare, ...]
    company: Range | None
    post_money: Range | None
    overstatement: Range | None
    """Post-money over fair value, less one."""
    questions: tuple[NextBest, ...]
    lacking: str
    n_readings: int
    source: Mapping[str, Any] | None
    n_years: int


def fair_value_view(
    numbers: OfferNumbers, results: Mapping[str, Any] | None
) -> FairValueView | None:
    """Return the three prices of a private share; None where the stock is not private.

    The fair value comes from the finished valuation; the other two are what was typed.
    """
    private = numbers.private_equity
    if private is None:
        return None
    fair = (results or {}).get("fair_value")
    is_ready = fair is not None and fair["status"] == "ready"
    ready: Mapping[str, Any] = fair if is_ready and fair is not None else {}
    stated = _stated_preferred(private)
    preferred = _range(ready["preferred_price"]) if ready else stated
    company = _range(ready["company"]) if ready else None
    post_money = _range(ready["post_money"]) if ready else None
    return FairValueView(
        prices=(
            PriceOfShare(
                key="fair_value",
                label="Fair value of a common share",
                per_share=_as_price(_range(ready["common"])) if ready else None,
                yours=_range(ready["worth"]) if ready else None,
                meaning="What the price of the last round says a common share is worth, once the "
                "rights that only the investors bought are taken out.",
            ),
            PriceOfShare(
                key="fair_market_value",
                label="409A price",
                per_share=_point(private.fair_market_value),
                yours=_at(private, _point(private.fair_market_value)),
                meaning="A tax appraisal that sets the exercise price. It also deducts for shares "
                "that nobody can sell, so it lies low on purpose: a gap is no discount for you.",
            ),
            PriceOfShare(
                key="preferred_price",
                label="Preferred price, last round"
                if stated or not preferred
                else "Preferred price, last round, estimated",
                per_share=_as_price(preferred) if preferred else None,
                yours=_at(private, preferred),
                meaning="What investors paid for shares with rights that yours lack. Your shares "
                "are not worth this unless everything converts.",
            ),
        ),
        company=company,
        post_money=post_money,
        overstatement=_overstatement(company, post_money),
        questions=tuple(next_best(row, numbers.currency) for row in ready.get("questions", ())),
        lacking=lacking_in_words(fair["missing"]) if fair and not is_ready else "",
        n_readings=ready.get("n_readings", 0),
        source=ready.get("source"),
        n_years=numbers.n_years,
    )


def _range(figures: Mapping[str, float]) -> Range:
    return Range(low=figures["low"], high=figures["high"])


def _as_price(price: Range) -> Range:
    """Return a computed price as prices are read: to the cent, or four digits below ten cents."""

    def shown(value: float) -> float:
        return round(value, 2 if value >= 0.1 else 4)

    return Range(low=shown(price.low), high=shown(price.high))


def _point(value: float | None) -> Range | None:
    return None if value is None else Range(low=value, high=value)


def _stated_preferred(private: PrivateEquity) -> Range | None:
    """Return the price of the last round in the offer's currency, if it is known."""
    if private.last_round_value is None or not private.fully_diluted_shares:
        return None
    return _point(private.last_round_value / private.fully_diluted_shares)


def _at(private: PrivateEquity, price: Range | None) -> Range | None:
    """Return what vests within the horizon at a price of a common share, less its exercise."""
    unit = private.unit
    if price is None or unit is None or any(row.quantity is None for row in private.grants):
        return None

    def worth(share_price: float) -> float:
        return sum(
            (row.quantity or 0.0)
            * row.vested_at_horizon
            * max(0.0, share_price - float(row.grant.exercise_price or 0) * unit)
            for row in private.grants
        )

    return Range(low=worth(price.low), high=worth(price.high))


def _overstatement(company: Range | None, post_money: Range | None) -> Range | None:
    """Return by how much the post-money valuation overstates the company.

    Both rise together with the price of the last round, so ends go with ends only where the price
    is known; else the ratio is not told.
    """
    if company is None or post_money is None or not post_money.is_exact or company.low <= 0.0:
        return None
    return Range(low=post_money.low / company.high - 1.0, high=post_money.low / company.low - 1.0)
