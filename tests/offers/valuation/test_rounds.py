"""Rounds with their pool before the money, and the SAFEs that convert in them."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.rounds import (
    ConvertibleNote,
    Safe,
    SafeConversion,
    priced_round,
    safe_conversion,
)

GOLDEN = Path(__file__).parents[2] / "reference" / "golden" / "vesting_cases.json"
CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["outcomes"]
PRICED = [case for case in CASES if case["kind"] == "priced_round"]
SAFES = [case for case in CASES if case["kind"] == "safe_conversion"]


def _convert(inputs: dict[str, Any]) -> SafeConversion:
    """Return the conversion of a golden case's inputs."""
    return safe_conversion(**(inputs | {"safes": [Safe(**row) for row in inputs["safes"]]}))


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", PRICED, ids=lambda case: case["id"])
def test_golden_priced_round(case: dict[str, Any]) -> None:
    answer = priced_round(**case["inputs"])

    answered = {name: getattr(answer, name) for name in case["expected"]}
    assert answered == pytest.approx(case["expected"], rel=0, abs=case["tolerance"])


@pytest.mark.parametrize("case", SAFES, ids=lambda case: case["id"])
def test_golden_safe_conversion(case: dict[str, Any]) -> None:
    answer = _convert(case["inputs"])

    answered = {name: getattr(answer, name) for name in case["expected"]}
    assert answered == pytest.approx(case["expected"], rel=0, abs=min(case["tolerance"], 0.01))
    for name, printed in case.get("published", {}).items():
        assert getattr(answer, name) == pytest.approx(printed, rel=0, abs=case["tolerance"])


def test_golden_files_hold_both_kinds() -> None:
    assert (len(PRICED), len(SAFES)) == (1, 2)


def test_a_safe_without_a_cap_buys_at_the_price_of_the_round() -> None:
    answer = safe_conversion(
        common_shares=8_000_000,
        unissued_pool_shares_before=0,
        safes=[Safe(investment_amount=2_000_000, valuation_cap=None)],
        pre_money_valuation=10_000_000,
        series_investment_amounts=[2_500_000],
        pool_fraction_post=0.0,
    )

    assert answer.price_per_share == 1.0
    assert answer.safe_shares == (2_000_000,)
    assert answer.series_shares == 2_500_000
    assert answer.fully_diluted_shares_after == 12_500_000


def test_a_pool_that_is_large_enough_stays_as_it_is() -> None:
    answer = safe_conversion(
        common_shares=800,
        unissued_pool_shares_before=200,
        safes=[],
        pre_money_valuation=1_000,
        series_investment_amounts=[1_000],
        pool_fraction_post=0.05,
    )

    assert answer.unissued_pool_shares == 200
    assert answer.price_per_share == 1.0
    assert answer.fully_diluted_shares_after == 2_000


def test_without_safes_the_pool_is_the_one_of_a_priced_round() -> None:
    round_alone = priced_round(
        fully_diluted_shares_before=1_000,
        pre_money_valuation=8e6,
        investment_amount=2e6,
        pool_fraction_post=0.2,
    )

    answer = safe_conversion(
        common_shares=1_000,
        unissued_pool_shares_before=0,
        safes=[],
        pre_money_valuation=8e6,
        series_investment_amounts=[2e6],
        pool_fraction_post=0.2,
    )

    assert answer.price_per_share == pytest.approx(round_alone.price_per_share)
    assert answer.unissued_pool_shares == pytest.approx(round_alone.unissued_pool_shares)
    assert answer.fully_diluted_shares_after == pytest.approx(
        round_alone.fully_diluted_shares_after
    )


# --- laws, and the twin --------------------------------------------------------------------------


@st.composite
def conversions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a round that leaves something for the shares there are."""
    pre_money = draw(st.integers(20, 200))
    caps = st.none() | st.integers(5, 250)
    discounts = st.sampled_from([0.0, 0.0, 0.15, 0.2])
    return {
        "common_shares": float(draw(st.integers(1, 20))),
        "unissued_pool_shares_before": float(draw(st.integers(0, 10))),
        "safes": draw(
            st.lists(
                st.builds(
                    lambda part, cap, discount: Safe(
                        investment_amount=min(cap or pre_money, pre_money) * part / 100,
                        valuation_cap=cap,
                        discount_fraction=discount,
                    ),
                    st.integers(0, 8),
                    caps,
                    discounts,
                ),
                max_size=4,
            )
        ),
        "notes": draw(
            st.lists(
                st.builds(
                    lambda part, cap, discount, years: ConvertibleNote(
                        principal=min(cap or pre_money, pre_money) * part / 100,
                        interest_rate=0.06,
                        years=years,
                        valuation_cap=cap,
                        discount_fraction=discount,
                    ),
                    st.integers(0, 5),
                    caps,
                    discounts,
                    st.sampled_from([0.0, 1.5]),
                ),
                max_size=2,
            )
        ),
        "pre_money_valuation": float(pre_money),
        "series_investment_amounts": [
            float(amount) for amount in draw(st.lists(st.integers(0, 20), max_size=2))
        ],
        "pool_fraction_post": draw(st.integers(0, 10)) / 100,
    }


def _slow_note_shares(note: ConvertibleNote, price: float, shares: float) -> float:
    """Return what a note buys, by the words of its terms."""
    owed = note.principal * (1 + note.interest_rate * note.years)
    cap_price = (note.valuation_cap or float("inf")) / shares
    return owed / min(price * (1 - note.discount_fraction), cap_price)


def _solve_slowly(case: dict[str, Any]) -> dict[str, float]:
    """Return price and shares by trying prices, and settling the capitalization for each."""
    shares = case["common_shares"] + case["unissued_pool_shares_before"]
    post_money = case["pre_money_valuation"] + sum(case["series_investment_amounts"])

    def settle(price: float) -> tuple[float, float]:
        of_notes = sum(_slow_note_shares(note, price, shares) for note in case["notes"])
        capitalization = shares
        for _ in range(60):
            capitalization = (
                shares
                + of_notes
                + sum(
                    safe.investment_amount
                    / min(
                        price * (1 - safe.discount_fraction),
                        (safe.valuation_cap or float("inf")) / capitalization,
                    )
                    for safe in case["safes"]
                )
            )
        pool = max(
            case["unissued_pool_shares_before"], case["pool_fraction_post"] * post_money / price
        )
        return capitalization, pool

    low, high = 1e-9, case["pre_money_valuation"]
    for _ in range(60):
        price = (low + high) / 2
        capitalization, pool = settle(price)
        issued = capitalization + pool - case["unissued_pool_shares_before"]
        low, high = (price, high) if price * issued < case["pre_money_valuation"] else (low, price)
    return {
        "price_per_share": price,
        "company_capitalization_shares": capitalization,
        "unissued_pool_shares": pool,
    }


@given(conversions())
def test_conversion_matches_the_twin_that_tries_prices(case: dict[str, Any]) -> None:
    answer = safe_conversion(**case)

    slow = _solve_slowly(case)
    assert {name: getattr(answer, name) for name in slow} == pytest.approx(slow, rel=1e-6)


@given(conversions())
def test_conversion_keeps_the_terms_of_the_round(case: dict[str, Any]) -> None:
    answer = safe_conversion(**case)

    price, pool_before = answer.price_per_share, case["unissued_pool_shares_before"]
    series = sum(case["series_investment_amounts"])
    before_money = answer.company_capitalization_shares + answer.unissued_pool_shares - pool_before
    assert price * before_money == pytest.approx(case["pre_money_valuation"])
    assert price * answer.series_shares == pytest.approx(series)
    assert answer.fully_diluted_shares_after == pytest.approx(before_money + answer.series_shares)
    assert answer.company_capitalization_shares == pytest.approx(
        case["common_shares"] + pool_before + sum(answer.safe_shares) + sum(answer.note_shares)
    )
    pool_part = answer.unissued_pool_shares / answer.fully_diluted_shares_after
    assert pool_part >= case["pool_fraction_post"] - 1e-12
    assert answer.unissued_pool_shares >= pool_before


@given(conversions())
def test_every_safe_converts_at_the_better_of_cap_and_price(case: dict[str, Any]) -> None:
    answer = safe_conversion(**case)

    for safe, shares in zip(case["safes"], answer.safe_shares, strict=True):
        price = answer.price_per_share * (1 - safe.discount_fraction)
        if safe.valuation_cap is not None:
            price = min(price, safe.valuation_cap / answer.company_capitalization_shares)
        assert shares == pytest.approx(safe.investment_amount / price)
    for note, shares in zip(case["notes"], answer.note_shares, strict=True):
        before = case["common_shares"] + case["unissued_pool_shares_before"]
        assert shares == pytest.approx(_slow_note_shares(note, answer.price_per_share, before))


@pytest.mark.parametrize(
    ("pre_money", "conversion_price", "shares"), [(10e6, 2.5, 10_000), (6e6, 4.0, 6_250)]
)
def test_a_note_buys_at_the_lower_of_cap_and_discount(
    pre_money: float, conversion_price: float, shares: float
) -> None:
    """FundersClub, "Numerical example: $25k convertible note with $5M cap, 20% discount"."""
    note = ConvertibleNote(principal=25_000, valuation_cap=5e6, discount_fraction=0.2)

    price = note.conversion_price(price_per_share=5.0, shares_before=pre_money / 5.0)

    assert price == pytest.approx(conversion_price, rel=1e-12)
    assert 25_000 / price == pytest.approx(shares, rel=1e-12)


def test_interest_converts_with_the_principal() -> None:
    """A. Gupta, "Convertible note", part 3: 500,000 at 5% after one year converts as 525,000."""
    note = ConvertibleNote(principal=500_000, interest_rate=0.05, years=1.0)

    assert note.balance == 525_000
    assert ConvertibleNote(principal=0.0).conversion_price(
        price_per_share=5.0, shares_before=9.0
    ) == pytest.approx(5.0)


@given(conversions(), st.integers(2, 9))
def test_splitting_shares_changes_no_ownership(case: dict[str, Any], factor: int) -> None:
    split = case | {
        name: factor * case[name] for name in ("common_shares", "unissued_pool_shares_before")
    }

    one, many = safe_conversion(**case), safe_conversion(**split)

    assert many.price_per_share * factor == pytest.approx(one.price_per_share)
    assert many.fully_diluted_shares_after == pytest.approx(factor * one.fully_diluted_shares_after)


def test_a_cap_that_just_binds_is_the_price_of_the_round() -> None:
    # 10 M of capitalization money at a cap of 10 M: both prices are 10 M / 1,250 shares.
    answer = safe_conversion(
        common_shares=1_000,
        unissued_pool_shares_before=0,
        safes=[Safe(investment_amount=2e6, valuation_cap=10e6)],
        pre_money_valuation=10e6,
        series_investment_amounts=[],
        pool_fraction_post=0.0,
    )

    assert answer.price_per_share == 8_000.0
    assert answer.safe_shares == (250.0,)
    assert Fraction(answer.company_capitalization_shares) == 1_250


# --- what no round may be ------------------------------------------------------------------------


def _priced(**changes: Any) -> object:
    """Return a priced round, changed in one place."""
    usual = {
        "fully_diluted_shares_before": 1_000.0,
        "pre_money_valuation": 8.0,
        "investment_amount": 2.0,
        "pool_fraction_post": 0.2,
    }
    return priced_round(**(usual | changes))


def _converted(**changes: Any) -> object:
    """Return a conversion, changed in one place."""
    usual = {
        "common_shares": 1_000.0,
        "unissued_pool_shares_before": 0.0,
        "safes": (),
        "pre_money_valuation": 8.0,
        "series_investment_amounts": [2.0],
        "pool_fraction_post": 0.2,
    }
    return safe_conversion(**(usual | changes))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: _priced(fully_diluted_shares_before=0.0), "fully_diluted_shares_before"),
        (lambda: _priced(pre_money_valuation=0.0), "pre_money_valuation"),
        (lambda: _priced(investment_amount=-1.0), "investment_amount"),
        (lambda: _priced(pool_fraction_post=1.1), "pool_fraction_post"),
        (lambda: _priced(pool_fraction_post=0.8), "pool_fraction_post"),
        (lambda: _converted(common_shares=0.0), "common_shares"),
        (lambda: _converted(unissued_pool_shares_before=-1.0), "unissued_pool_shares_before"),
        (lambda: _converted(pre_money_valuation=0.0), "pre_money_valuation"),
        (
            lambda: _converted(series_investment_amounts=[1.0, -1.0]),
            "series_investment_amounts[1]",
        ),
        (lambda: _converted(pool_fraction_post=1.1), "pool_fraction_post"),
        (lambda: _converted(pool_fraction_post=0.8), "pre_money_valuation"),
        (
            lambda: _converted(safes=[Safe(investment_amount=8.0, valuation_cap=None)]),
            "pre_money_valuation",
        ),
        (lambda: Safe(investment_amount=-1.0, valuation_cap=None), "investment_amount"),
        (lambda: Safe(investment_amount=1.0, valuation_cap=0.0), "valuation_cap"),
        (
            lambda: Safe(investment_amount=1.0, valuation_cap=None, discount_fraction=1.0),
            "discount_fraction",
        ),
        (lambda: ConvertibleNote(principal=1.0, valuation_cap=0.0), "valuation_cap"),
        (lambda: ConvertibleNote(principal=1.0, interest_rate=2.0), "interest_rate"),
        (
            lambda: _converted(safes=[Safe(investment_amount=8.0, valuation_cap=6.0)]),
            "pre_money_valuation",
        ),
    ],
)
def test_rounds_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field
