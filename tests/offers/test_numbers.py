"""What an offer comes to, from what was typed."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.test.utils import CaptureQueriesContext

from config.figures.fields import FigureStatus
from market.selectors import rate_table
from offers.models import Benefit, CapTable, CashPayment, EquityGrant, OfferRevision
from offers.selectors import Terms, offer_numbers
from offers.selectors.equity import Range
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db


def numbers(terms: Terms, years: int = 4):
    return offer_numbers(terms, horizon_years=years)


def test_public_offer_keeps_contract_and_liquid_money_apart() -> None:
    answer = numbers(public_terms())

    assert answer.yearly.contract_cash == (240_000, 200_000, 200_000, 200_000)
    assert answer.yearly.liquid_equity == (100_000,) * 4
    assert (answer.contract_cash, answer.likely, answer.counted) == (840_000, 400_000, 1_240_000)
    assert answer.paper is None
    assert answer.year_one == 340_000
    assert answer.base_share == pytest.approx(800 / 1240)


def test_private_equity_is_never_counted() -> None:
    answer = numbers(startup_terms())

    assert answer.counted == answer.contract_cash == 640_000
    # At the last round's $90M nobody of the preferred prefers its $5M or $15M to converting:
    # 90,040,000 / 12,000,000 shares is $7.50 and a third of a cent; B is $15M against $15.007M.
    assert answer.paper is not None
    assert answer.paper.low == pytest.approx(80_000 * (90_040_000 / 12_000_000 - 0.5), abs=0.01)
    assert answer.paper.is_exact


def test_break_even_fixture_pays_what_its_arithmetic_says() -> None:
    # By the convention: kinks of the option holder at $15M, $20M, $23.96M, $39.96M, $89.96M.
    equity = numbers(startup_terms()).private_equity

    assert equity is not None
    assert equity.low is not None
    assert [start for start in equity.low.starts.tolist() if start] == pytest.approx(
        [23_960_000, 39_960_000, 89_960_000]
    )
    assert equity.company_breakpoints == pytest.approx(
        (15_000_000, 20_000_000, 23_960_000, 39_960_000, 89_960_000)
    )
    assert equity.nothing_below == Range(low=23_960_000, high=23_960_000)


def test_unknown_stack_makes_a_range_from_prudent_to_all_common() -> None:
    terms = startup_terms(stock_classes=[])
    terms.cap_table.stock_classes_status = FigureStatus.NOT_ASKED

    equity = numbers(terms).private_equity

    assert equity is not None
    assert not equity.is_stack_known
    # Prudent: $20M first, and the preferred shares in the rest. Bold: nobody comes first.
    assert equity.at_last_round is not None
    assert equity.at_last_round.low == pytest.approx(80_000 * (70_040_000 / 12e6 - 0.5), abs=0.01)
    assert equity.at_last_round.high == pytest.approx(80_000 * (90_040_000 / 12e6 - 0.5), abs=0.01)


def test_unknown_stack_and_unknown_money_raised_may_pay_nothing() -> None:
    terms = startup_terms(stock_classes=[])
    table = terms.cap_table
    table.stock_classes_status = FigureStatus.REFUSED
    table.total_raised, table.total_raised_status = None, FigureStatus.REFUSED

    answer = numbers(terms)

    assert answer.paper is not None
    assert (answer.paper.low, answer.paper.is_exact) == (0.0, False)
    refused = {gap.code for gap in answer.unknown if gap.is_refused}
    assert refused == {"total_raised", "stock_classes"}


def test_without_fully_diluted_shares_the_payout_is_unknown_and_not_zero() -> None:
    terms = startup_terms(cap_table=CapTable(), stock_classes=[])

    equity = numbers(terms).private_equity

    assert equity is not None
    assert equity.missing == ("fully_diluted_shares",)
    assert (equity.low, equity.at_last_round, equity.nothing_below) == (None, None, None)


def test_quantity_follows_from_percentage_and_total() -> None:
    # The guide's figures: 0.08% of 80 million is 64,000.
    grant = EquityGrant(
        compensation_type="iso",
        ownership_fraction=Decimal("0.0008"),
        exercise_price=Decimal("3.17"),
    )
    table = CapTable(
        fully_diluted_shares=Decimal(80_000_000), fully_diluted_shares_status=FigureStatus.WRITTEN
    )

    equity = numbers(startup_terms(grants=[grant], cap_table=table)).private_equity

    assert equity is not None
    facts = equity.grants[0]
    assert (facts.quantity, facts.is_quantity_derived) == (pytest.approx(64_000), True)
    assert facts.exercise_cost == pytest.approx(202_880)


def test_total_follows_from_number_and_percentage() -> None:
    grant = EquityGrant(
        compensation_type="rsu", quantity=Decimal(64_000), ownership_fraction=Decimal("0.0008")
    )

    equity = numbers(startup_terms(grants=[grant], cap_table=CapTable())).private_equity

    assert equity is not None
    assert equity.fully_diluted_shares == pytest.approx(80_000_000)


def test_debt_comes_before_everybody() -> None:
    terms = startup_terms()
    terms.cap_table.debt, terms.cap_table.debt_status = Decimal(1_000_000), FigureStatus.VERBAL

    equity = numbers(terms).private_equity

    assert equity is not None
    assert equity.nothing_below == Range(low=24_960_000, high=24_960_000)


def test_scenarios_leave_the_rest_of_the_odds_to_nothing() -> None:
    equity = numbers(startup_terms(exit_scenarios=exit_scenarios())).private_equity

    assert equity is not None
    good, small = equity.scenarios
    assert small.payout.low == 0.0
    assert good.payout.low == pytest.approx(80_000 * (90_040_000 / 12e6 - 0.5))
    assert equity.probability_of_nothing == pytest.approx(0.25)
    assert equity.expected_payout is not None
    assert equity.expected_payout.low == pytest.approx(good.payout.low / 2)


def test_dilution_on_the_way_shrinks_the_payout() -> None:
    rows = exit_scenarios()
    rows[0].dilution_fraction = Decimal("0.2")

    equity = numbers(startup_terms(exit_scenarios=rows)).private_equity

    assert equity is not None
    # 12M shares are 80% of 15M; at $90M Series B keeps its preference, 75,040,000 over 13M shares.
    assert equity.scenarios[0].payout.low == pytest.approx(80_000 * (75_040_000 / 13e6 - 0.5))


def test_two_grants_add_up_and_a_cap_holds() -> None:
    grants = [
        EquityGrant(compensation_type="rsu", quantity=Decimal(12_000), cliff_months=0),
        EquityGrant(
            compensation_type="profit_unit",
            quantity=Decimal(12_000),
            grant_value=Decimal(10_000),
            participation_cap_multiple=Decimal(2),
            participation_threshold_per_share=Decimal(1),
            position=1,
        ),
    ]

    equity = numbers(
        startup_terms(
            grants=grants,
            stock_classes=[],
            cap_table=CapTable(
                fully_diluted_shares=Decimal(12_000_000),
                fully_diluted_shares_status=FigureStatus.WRITTEN,
                stock_classes_status=FigureStatus.NOT_ASKED,
            ),
        )
    ).private_equity

    assert equity is not None
    assert equity.high is not None
    # At $6M the units are below their threshold of $1, so 11,988,000 shares divide it. Far above,
    # the units stop at 2 x $10,000.
    assert equity.high.at(np.array([6e6]))[0] == pytest.approx(12_000 * 6e6 / 11_988_000)
    beyond = equity.high.at(np.array([1.2e9, 2.4e9]))
    assert beyond[1] - beyond[0] == pytest.approx(12_000 * 100, rel=2e-3)
    assert beyond[0] - 12_000 * 100 == pytest.approx(20_000, rel=0.1)


def test_bonus_match_and_one_off_money_count_where_they_belong() -> None:
    terms = public_terms(
        payments=[CashPayment(amount=Decimal(10_000), month=13, is_repayment_stated=True)],
        benefits=[
            Benefit(
                kind="retirement",
                match_fraction=Decimal("0.5"),
                match_limit_fraction=Decimal("0.06"),
            ),
            Benefit(kind="equipment", one_time_value=Decimal(3_000)),
            Benefit(kind="other", yearly_value=Decimal(9_999), is_counted=False),
        ],
    )
    terms.revision.base_salary = Decimal(238_000)
    terms.revision.bonus_basis = OfferRevision.BonusBasis.PERCENT
    terms.revision.target_bonus_fraction = Decimal("0.15")
    terms.revision.guaranteed_bonus = Decimal(20_000)

    pay = numbers(terms).yearly

    assert pay.one_off == (0, 10_000, 0, 0)
    assert pay.benefits == pytest.approx((10_140, 7_140, 7_140, 7_140))
    # 15% of 238,000 is 35,700; 90% of it is expected, 20,000 of the first is promised.
    assert pay.guaranteed_bonus == (20_000, 0, 0, 0)
    assert pay.variable_bonus == pytest.approx((12_130, 32_130, 32_130, 32_130))


def test_shares_in_another_currency_are_converted_by_the_dated_rate() -> None:
    terms = public_terms()
    terms.revision.currency = "EUR"

    answer = numbers(terms)

    # Federal Reserve, June 2026: 0.8684 euro per dollar.
    assert answer.yearly.liquid_equity[0] == pytest.approx(100_000 * 0.8684)


def test_shares_in_a_currency_without_a_rate_are_unknown() -> None:
    terms = public_terms()
    terms.revision.currency = "PLN"

    equity = numbers(terms).public_equity

    assert equity is not None
    assert (equity.is_complete, equity.by_year) == (False, (0.0,) * 4)


def test_everything_unstated_is_listed_and_counts_as_nothing() -> None:
    terms = public_terms(
        revision=OfferRevision(source="verbal", stated_date=dt.date(2026, 11, 1)),
        grants=[EquityGrant(compensation_type="nso")],
        payments=[CashPayment(amount=Decimal(5_000))],
    )
    terms.company.share_price = None

    answer = numbers(terms)

    assert answer.counted == 5_000
    assert not answer.is_in_writing
    assert [gap.code for gap in answer.unknown] == [
        "base_salary",
        "bonus",
        "repayment",
        "share_price",
        "quantity",
        "exercise_price",
        "vesting",
        "acceleration",
        "post_termination_window_days",
    ]


def test_numbers_of_many_offers_read_the_rates_once(
    django_assert_num_queries: CaptureQueriesContext,
) -> None:
    all_terms = [public_terms(), startup_terms()]

    with django_assert_num_queries(1):
        rates = rate_table()
        for terms in all_terms:
            offer_numbers(terms, horizon_years=4, rates=rates)
