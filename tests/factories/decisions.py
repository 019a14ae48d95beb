"""Offers for property tests of decisions: cash of every kind, and stock behind any preferences."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from offers.valuation import (
    CashTerms,
    ExactPayoff,
    ExitLine,
    ListedGrant,
    MatchTier,
    OfferCase,
    OneOffPayment,
    PlannedGrant,
    StockClass,
    StockClassType,
    StockPlan,
)
from tests.factories.cap_tables import preferred

SALARIES = st.integers(0, 600).map(lambda thousands: 1_000.0 * thousands)
FRACTIONS = st.integers(0, 48).map(lambda months: Fraction(months, 48))


@st.composite
def exact_payoffs(draw: st.DrawFn) -> ExactPayoff:
    """Any payoff, with figures that often tie."""
    starts = draw(st.sets(st.integers(1, 12), max_size=4).map(sorted))
    slopes = [Fraction(draw(st.integers(0, 4)), 2) for _ in range(len(starts) + 1)]
    return ExactPayoff.of_tranches(zip([Fraction(0), *map(Fraction, starts)], slopes, strict=True))


@st.composite
def exit_lines(draw: st.DrawFn) -> ExitLine:
    """Any offer as a function of one exit."""
    return ExitLine(certain=Fraction(draw(st.integers(0, 10))), payoff=draw(exact_payoffs()))


@st.composite
def cash_terms(draw: st.DrawFn) -> CashTerms:
    """Pay of every kind."""
    payments = st.builds(
        OneOffPayment,
        kind=st.just("sign_on"),
        amount=SALARIES,
        month=st.integers(0, 24),
        repayment_months=st.integers(0, 36),
        is_repayment_prorated=st.booleans(),
    )
    return CashTerms(
        base_salary=draw(SALARIES),
        target_bonus_fraction=draw(st.sampled_from([0.0, 0.1, 0.25])),
        expected_bonus_fraction=draw(st.sampled_from([0.5, 0.9, 1.0])),
        payments=tuple(draw(st.lists(payments, max_size=2))),
        match_tiers=(MatchTier(match_fraction=0.5, salary_fraction=0.06),)
        if draw(st.booleans())
        else (),
    )


@st.composite
def stock_plans(draw: st.DrawFn) -> StockPlan:
    """One or two grants behind up to three preferred classes."""
    ahead = tuple(
        replace(draw(preferred(class_id=f"p{index}")), conversion_rights=None)
        if draw(st.integers(0, 5)) == 0
        else draw(preferred(class_id=f"p{index}"))
        for index in range(draw(st.integers(0, 3)))
    )
    grants = []
    for index in range(draw(st.integers(1, 2))):
        is_option = draw(st.booleans())
        own: dict[str, Any] = {"exercise_price": draw(st.sampled_from([0.0, 0.5, 2.0]))}
        grants.append(
            PlannedGrant(
                stock_class=StockClass(
                    id=f"grant-{index}",
                    type=StockClassType.OPTION if is_option else StockClassType.RSU,
                    shares=draw(st.sampled_from([0.0, 100.0, 2_500.0])),
                    **(own if is_option else {}),
                ),
                vested_fraction=draw(FRACTIONS),
            )
        )
    return StockPlan(
        preferred=ahead,
        fully_diluted_shares=draw(st.sampled_from([5_000.0, 40_000.0, 1_000_000.0])),
        grants=tuple(grants),
        debt=draw(st.sampled_from([0.0, 0.0, 1_000.0, 2_000_000.0])),
    )


@st.composite
def offer_cases(draw: st.DrawFn, *, discount_rate: float | None = None) -> OfferCase:
    """Any offer over one to five years: cash alone, listed stock, or private stock."""
    years = draw(st.integers(1, 5))
    own: dict[str, Any] = {}
    match draw(st.sampled_from(["cash", "listed", "private", "private"])):
        case "listed":
            vested = tuple(1.0 / years for _ in range(years))
            grant = ListedGrant(units=draw(st.sampled_from([10.0, 800.0])), vested_by_year=vested)
            own = {"listed": (grant,), "share_price": draw(st.sampled_from([1.0, 120.0]))}
        case "private":
            own = {
                "stock": draw(stock_plans()),
                "stock_rate": draw(st.sampled_from([1.0, 1.25])),
                "exit_proceeds": float(draw(st.integers(0, 400))) * 100_000.0,
                "exit_years": float(draw(st.integers(0, 10))),
                "exit_probability": draw(st.sampled_from([0.1, 0.5, 1.0])),
                "dilution_fraction": draw(st.sampled_from([0.0, 0.2, 0.5])),
            }
    rate = draw(st.sampled_from([0.0, 0.05, 0.1])) if discount_rate is None else discount_rate
    return OfferCase(
        cash=draw(cash_terms()),
        horizon_years=years,
        rate=draw(st.sampled_from([1.0, 1.0, 0.8])),
        discount_rate=rate,
        **own,
    )
