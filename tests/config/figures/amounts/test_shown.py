"""Figures as people read them: the forms that DESIGN §7 names, and the laws behind them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.figures import amounts

ANY_AMOUNT = st.decimals(
    min_value=Decimal("-1e14"), max_value=Decimal("1e14"), allow_nan=False, places=4
)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal(265000), "USD", "$265,000"),
        (Decimal("265000.49"), "USD", "$265,000"),
        (-5000, "USD", "\u2212$5,000"),
        (Decimal("-0.2"), "USD", "$0"),
        (95_000, "GBP", "£95,000"),
        (95_000, "EUR", "€95,000"),
        (95_000, "CAD", "CA$95,000"),
        (95_000, "AUD", "A$95,000"),
        (95_000, "SGD", "S$95,000"),
        (4_500_000, "INR", "₹4,500,000"),
        (12_000_000, "JPY", "¥12,000,000"),
        (120_000, "CHF", "CHF\u00a0120,000"),
    ],
)
def test_money_is_whole_units_in_its_currency(value, currency, shown) -> None:
    assert amounts.money(value, currency) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal("18.4"), "USD", "$18.40"),
        (Decimal(18), "USD", "$18.00"),
        (Decimal("0.0001"), "USD", "$0.0001"),
        (Decimal("1.12345678"), "USD", "$1.123457"),
        (1200, "JPY", "¥1,200"),
    ],
)
def test_price_keeps_its_cents(value, currency, shown) -> None:
    assert amounts.price(value, currency) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "$0"),
        (720, "$720"),
        (9_999, "$9,999"),
        (10_000, "$10k"),
        (14_800, "$14.8k"),
        (544_750, "$545k"),
        (999_499, "$999k"),
        (999_500, "$1.00M"),
        (2_000_000, "$2.00M"),
        (12_500_000, "$12.5M"),
        (120_000_000, "$120M"),
        (7_300_000_000, "$7.3B"),
        (7_340_000_000, "$7.34B"),
        (16_000_000_000, "$16B"),
        (-544_750, "\u2212$545k"),
        (1.19e6, "$1.19M"),
    ],
)
def test_headline_has_three_significant_figures(value, shown) -> None:
    assert amounts.headline(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "$0"), (3_000_000, "$3M"), (250_000, "$250k"), (5_000, "$5k"), (2_500_000_000, "$2.5B")],
)
def test_tick_is_bare(value, shown) -> None:
    assert amounts.tick(value) == shown


@given(value=ANY_AMOUNT)
@example(value=Decimal("9999.5"))
@example(value=Decimal("-9999.5"))
def test_headline_is_within_half_a_percent(value: Decimal) -> None:
    shown = amounts.headline(value)

    digits = shown.replace("$", "").replace(",", "").replace(amounts.MINUS, "-")
    exponents = {"k": 3, "M": 6, "B": 9, "T": 12}
    read = Decimal(digits.rstrip("kMBT")).scaleb(exponents.get(digits[-1], 0))
    assert abs(read - value) <= max(abs(value) / 200, Decimal("0.5"))
    assert sum(character.isdigit() for character in digits) <= 4


def test_range_reads_to_and_collapses_where_both_ends_read_alike() -> None:
    assert amounts.money_range(1_720_000, 2_340_000) == "$1.72M to $2.34M"
    assert amounts.money_range(1_720_000, 1_720_400) == "$1.72M"


@pytest.mark.parametrize(
    ("fraction", "decimals", "shown"),
    [
        (0, 0, "0%"),
        (1, 0, "100%"),
        (0.59, 0, "59%"),
        (0.125, 1, "12.5%"),
        (0.0004, 0, "under 1%"),
        (0.0004, 1, "under 0.1%"),
        (0.9996, 0, "over 99%"),
        (1.5, 0, "150%"),
        (-0.3, 0, "\u221230%"),
    ],
)
def test_percent_never_calls_something_nothing_or_everything(fraction, decimals, shown) -> None:
    assert amounts.percent(fraction, decimals) == shown


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (Decimal("0.0045"), "0.45%"),
        (Decimal("0.12"), "12.00%"),
        (Decimal("0.00031"), "0.031%"),
        (Decimal("0.00000123"), "0.00012%"),
        (Decimal(0), "0.00%"),
    ],
)
def test_ownership_keeps_two_significant_figures(fraction, shown) -> None:
    assert amounts.ownership(fraction) == shown


def test_counts_are_exact_and_short() -> None:
    assert amounts.count(42_000) == "42,000"
    assert amounts.count(Decimal("1.5")) == "1.5"
    assert amounts.count(100) == "100"
    assert amounts.count_short(14_200_000) == "14.2M"
    assert amounts.count_short(120_000_000) == "120M"


@pytest.mark.parametrize("show", [amounts.money, amounts.headline, amounts.price, amounts.count])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_finite_is_refused(show, value) -> None:
    with pytest.raises(ValueError, match="finite"):
        show(value)


def test_days_name_their_year_only_where_it_differs() -> None:
    friday = date(2026, 12, 4)

    assert amounts.day(friday) == "Fri 4 Dec"
    assert amounts.day(friday, date(2026, 1, 1)) == "Fri 4 Dec"
    assert amounts.day(friday, date(2027, 1, 1)) == "Fri 4 Dec 2026"
    assert amounts.long_day(friday) == "4 December 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 4), "11 days"),
        (date(2026, 11, 24), "1 day"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 20), "3 days ago"),
    ],
)
def test_days_left_are_words(day, words) -> None:
    assert amounts.days_left(day, date(2026, 11, 23)) == words
