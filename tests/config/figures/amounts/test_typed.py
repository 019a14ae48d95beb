"""Figures as people type them: read exactly, or refused in words."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.figures import amounts
from config.figures.amounts import UnreadableAmount, read_amount, read_count, read_fraction


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("15", "15", None),
        ("185k", "185000", None),
        ("185 K", "185000", None),
        ("1.2m", "1200000", None),
        ("1.5bn", "1500000000", None),
        ("2 million", "2000000", None),
        ("1,250k", "1250000", None),
        ("1,200,000", "1200000", None),
        ("1.200.000,50", "1200000.50", None),
        ("185 000", "185000", None),
        ("185\u00a0000", "185000", None),
        ("185\u202f000", "185000", None),
        ("120'000", "120000", None),
        ("120’000", "120000", None),
        ("95,5", "95.5", None),
        ("0,0001", "0.0001", None),
        ("18.125", "18.125", None),
        (".5", "0.5", None),
        ("+5", "5", None),
        ("１８５,０００", "185000", None),
        ("٥٠٠", "500", None),
        ("\u200b185k\ufeff", "185000", None),
        ("$185,000", "185000", "USD"),
        ("US$ 185k", "185000", "USD"),
        ("£95k", "95000", "GBP"),
        ("€95,000", "95000", "EUR"),
        ("€1.200.000", "1200000", "EUR"),
        ("€95.000,50", "95000.50", "EUR"),
        ("95k €", "95000", "EUR"),
        ("USD 185 000", "185000", "USD"),
        ("185000 usd", "185000", "USD"),
        ("CA$95k", "95000", "CAD"),
        ("$95,000 CAD", "95000", "CAD"),
        ("S$ 9k", "9000", "SGD"),
        ("CHF 120'000.", "120000", "CHF"),
        ("₹45,00,000", "4500000", "INR"),
        ("45 lakh", "4500000", None),
        ("₹1.2 crore", "12000000", "INR"),
        ("¥1,200,000", "1200000", "JPY"),
        ("￥1,200,000", "1200000", "JPY"),
        ("0", "0", None),
        ("-0", "0", None),
    ],
)
def test_amounts_read_as_they_are_written(text, value, currency) -> None:
    amount = read_amount(text)

    assert amount.value == Decimal(value)
    assert isinstance(amount.value, Decimal)
    assert amount.currency == currency


@pytest.mark.parametrize(
    ("text", "expected", "currency"),
    [("$95k", "CAD", "CAD"), ("$95k", "EUR", "USD"), ("¥9k", "CNY", "CNY"), ("95k", "CAD", None)],
)
def test_a_bare_sign_means_what_the_form_expects(text, expected, currency) -> None:
    assert read_amount(text, currency=expected).currency == currency


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Write an amount"),
        (" \u00a0 ", "Write an amount"),
        ("lots", "could not read “lots”"),
        ("12x", "could not read “12x”"),
        ("$", "could not read"),
        ("1e999", "could not read “1e999”"),
        ("nan", "could not read"),
        ("inf", "could not read"),
        ("0x10", "could not read"),
        ("1..5", "commas and dots"),
        ("1.2.3", "commas and dots"),
        ("1,2,3", "commas and dots"),
        ("1,234.567,8", "commas and dots"),
        ("18 5000", "commas and dots"),
        ("1,200 000", "commas and dots"),
        ("1.12345678901", "Ten decimals"),
        ("kr 500", "could not read"),
        ("xyz 500", "do not know the currency “XYZ”"),
        ("$5 £", "one currency"),
        ("USD 5 GBP", "one currency"),
        ("95.000", "Write 95000 or 95.00"),
        ("€95.000", "Write 95000 or 95.00"),
        ("€95.123", "Write 95123 or 95.12"),
        ("€1.250m", "could be read in two ways"),
        ("€1,250m", "could be read in two ways"),
        ("-5k", "zero or more"),
        ("−5k", "zero or more"),
        ("$-5", "zero or more"),
        ("($5k)", "zero or more"),
        ("999999999999999999", "Check the zeros"),
        ("1000 trillion", "Check the zeros"),
    ],
)
def test_what_cannot_be_read_says_why(text, reason) -> None:
    with pytest.raises(UnreadableAmount) as caught:
        read_amount(text)

    assert reason in str(caught.value)


def test_the_expected_currency_makes_a_dot_doubtful() -> None:
    assert read_amount("18.125", currency="USD").value == Decimal("18.125")
    with pytest.raises(UnreadableAmount, match="two ways"):
        read_amount("18.125", currency="EUR")


@pytest.mark.parametrize("text", ["-5k", "−5k", "$-5k", "-$5k", "($5k)"])
def test_negative_amounts_are_read_where_they_are_allowed(text) -> None:
    assert read_amount(text, allow_negative=True).value == -5000


@pytest.mark.parametrize("text", ["9" * 10_000_000, " " * 10_000_000, "1," * 5_000_000])
def test_a_huge_paste_is_refused_at_once(text) -> None:
    started = time.perf_counter()

    with pytest.raises(UnreadableAmount, match="too long"):
        read_amount(text)

    assert time.perf_counter() - started < 0.05


def test_the_message_quotes_only_the_beginning() -> None:
    with pytest.raises(UnreadableAmount) as caught:
        read_amount("the salary is a secret of theirs")

    assert "“the salary is a secret o…”" in str(caught.value)


@pytest.mark.parametrize("read", [read_amount, read_fraction, read_count])
@given(text=st.text(max_size=120))
def test_any_text_is_read_or_refused_in_a_sentence(read, text: str) -> None:
    refusal = ""

    try:
        read(text)
    except UnreadableAmount as error:
        refusal = str(error)

    assert refusal == "" or refusal.endswith(".")


@given(text=st.text(alphabet="0123456789.,' $€kmb-()%", max_size=24))
def test_anything_like_a_number_is_read_or_refused(text: str) -> None:
    try:
        amount = read_amount(text)
    except UnreadableAmount:
        return
    assert 0 <= amount.value < Decimal(10) ** 15


@given(
    value=st.decimals(min_value=0, max_value=Decimal("1e12"), places=0),
    currency=st.sampled_from(["USD", "GBP", "CHF", "INR", "JPY", "CAD", "SGD", "AUD", "EUR"]),
)
def test_what_is_shown_can_be_typed(value: Decimal, currency: str) -> None:
    amount = read_amount(amounts.money(value, currency), currency=currency)

    assert (amount.value, amount.currency) == (value, currency)


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("0.15%", "0.0015"),
        ("15", "0.15"),
        ("15 %", "0.15"),
        ("15％", "0.15"),
        ("15 percent", "0.15"),
        ("0,15%", "0.0015"),
        ("12,5", "0.125"),
        ("0.125", "0.00125"),
        ("12.500%", "0.125"),
        (".45", "0.0045"),
        ("50bps", "0.005"),
        ("0", "0"),
        ("150%", "1.5"),
    ],
)
def test_percentages_become_exact_fractions(text, fraction) -> None:
    assert read_fraction(text) == Decimal(fraction)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Write an amount"),
        ("%", "could not read"),
        ("half", "could not read"),
        ("$5", "could not read"),
        ("1,250%", "two ways"),
        ("-3%", "zero or more"),
        ("200000", "too large"),
        ("1" * 200, "too long"),
    ],
)
def test_percentages_that_cannot_be_read_say_why(text, reason) -> None:
    with pytest.raises(UnreadableAmount, match=reason):
        read_fraction(text)


@pytest.mark.parametrize(
    ("text", "count"), [("42,000", 42_000), ("42 000", 42_000), ("1.2m", 1_200_000), ("42.0", 42)]
)
def test_counts_are_whole(text, count) -> None:
    number = read_count(text)

    assert number == count
    assert type(number) is int


@pytest.mark.parametrize(
    ("text", "reason"),
    [("42.5", "whole number"), ("$42", "without a currency"), ("42.000", "two ways")],
)
def test_counts_that_are_not_whole_are_refused(text, reason) -> None:
    with pytest.raises(UnreadableAmount, match=reason):
        read_count(text)
