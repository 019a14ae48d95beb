"""A private company read in every way its silence leaves open, and its fair value as a range."""

from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from config.figures.fields import FigureStatus
from market.models import CompanyStage, TermPrior
from market.selectors import priors, rate_table
from offers.models import EquityGrant, ExitScenario
from offers.selectors import Terms
from offers.selectors.numbers import converter
from offers.selectors.readings import equity_readings, outcome_is_known, reading_cases
from offers.selectors.valuation import fair_value_results, valuation_inputs
from offers.valuation import InvalidFigure
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db


def readings_of(terms: Terms) -> dict[str, Any]:
    found = equity_readings(
        terms,
        priors=priors(),
        n_years=4,
        convert=converter(terms.revision.currency, rate_table()),
    )
    assert found is not None
    return found


def fair_value_of(terms: Terms) -> dict[str, Any]:
    fair: dict[str, Any] = fair_value_results(readings_of(terms))["fair_value"]
    return fair


def silent(*names: str) -> Terms:
    """The start-up, without what the company would not say."""
    terms = startup_terms(
        stock_classes=[] if "stock_classes" in names else startup_terms().stock_classes
    )
    assert terms.cap_table is not None
    for name in names:
        setattr(terms.cap_table, f"{name}_status", FigureStatus.REFUSED)
        if name != "stock_classes":
            setattr(terms.cap_table, name, None)
    return terms


def test_a_company_that_told_everything_has_one_reading() -> None:
    readings = readings_of(startup_terms())

    assert (readings["open"], len(readings["readings"])) == ([], 1)
    assert readings["readings"][0]["newest"] == "class-1"
    fair = fair_value_of(startup_terms())
    assert fair["common"]["low"] == fair["common"]["high"]
    assert fair["preferred_price"]["mean"] == 7.5
    assert fair["post_money"]["mean"] == 90_000_000
    # A senior claim of 15M ahead of 10M shares: less than its price, much more than the appraisal.
    assert 2.0 < fair["common"]["mean"] < 7.5
    assert fair["company"]["mean"] < 90_000_000
    assert fair["questions"] == []


def test_unknown_preferences_are_read_from_the_priors_of_the_stage() -> None:
    (unknown,) = readings_of(silent("stock_classes"))["open"]

    assert unknown["code"] == "stock_classes"
    assert sum(unknown["weights"]) == pytest.approx(1.0)
    by_label = dict(zip(unknown["labels"], unknown["weights"], strict=True))
    assert by_label["1x non-participating, side by side"] == pytest.approx(0.92 * 0.89 * 0.76)
    assert by_label["1.5x and shares in the rest, newer rounds first"] == pytest.approx(
        0.08 * 0.11 * 0.24
    )


def test_answers_narrow_the_range_and_the_best_question_is_named() -> None:
    nothing = fair_value_of(silent("stock_classes", "last_preferred_price"))
    price = fair_value_of(silent("stock_classes"))
    everything = fair_value_of(startup_terms())

    widths = [fair["worth"]["high"] - fair["worth"]["low"] for fair in (nothing, price, everything)]
    assert widths[0] > widths[1] > widths[2] == 0.0
    assert [row["code"] for row in nothing["questions"]] == [
        "last_preferred_price",
        "stock_classes",
    ]
    assert [row["code"] for row in price["questions"]] == ["stock_classes"]
    assert price["worth"]["low"] <= price["worth"]["mean"] <= price["worth"]["high"]


def test_a_price_nobody_told_follows_from_the_appraisal() -> None:
    fair = fair_value_of(silent("last_preferred_price", "stock_classes"))

    # A 409A price of 2 that is 45%, 30% or 20% of the last round's.
    assert (fair["preferred_price"]["low"], fair["preferred_price"]["high"]) == pytest.approx(
        (2 / 0.45, 2 / 0.2)
    )


def test_without_an_appraisal_the_exercise_price_stands_for_it() -> None:
    fair = fair_value_of(silent("last_preferred_price", "stock_classes", "fair_market_value"))

    assert fair["preferred_price"]["high"] == pytest.approx(0.5 / 0.2)


def test_without_both_all_money_raised_says_what_the_company_was_worth() -> None:
    terms = silent("last_preferred_price", "stock_classes", "fair_market_value")
    terms.grants[0].compensation_type = "rsu"
    terms.grants[0].exercise_price = None

    fair = fair_value_of(terms)

    # 20M raised in three rounds at three times each: docs/valuation.md#unknown-terms.
    assert fair["post_money"]["mean"] == pytest.approx(20e6 * 90 / 23.93)


def test_an_unknown_exercise_price_is_an_open_term() -> None:
    terms = silent("fair_market_value")
    terms.grants[0].exercise_price = None

    (unknown,) = readings_of(terms)["open"]

    assert unknown["code"] == "exercise_price"
    assert len(readings_of(terms)["readings"]) == 3


def test_an_unknown_exercise_price_is_the_appraisal_where_there_is_one() -> None:
    terms = startup_terms()
    terms.grants[0].exercise_price = None

    (reading,) = readings_of(terms)["readings"]

    (grant,) = (row for row in reading["cap_table"]["classes"] if row["id"] == "grant-0")
    assert grant["exercise_price"] == 2.0


def test_a_company_of_unknown_size_may_be_small_or_large() -> None:
    """Its size decides how likely an offering is, in which its preferences end."""
    known = fair_value_of(silent("stock_classes"))
    unknown = fair_value_of(silent("stock_classes", "fully_diluted_shares", "total_raised"))

    sizes = unknown["post_money"]
    assert (sizes["low"], sizes["high"]) == pytest.approx((32e6, 1e9))
    for name in ("common", "worth"):
        assert unknown[name]["low"] <= known[name]["low"]
        assert unknown[name]["high"] >= known[name]["high"]
    assert "fully_diluted_shares" in [row["code"] for row in unknown["questions"]]


def test_money_raised_tells_the_size_of_a_company() -> None:
    fair = fair_value_of(silent("stock_classes", "fully_diluted_shares"))

    assert fair["post_money"]["low"] == pytest.approx(20e6 * 90 / 23.93)
    assert fair["post_money"]["low"] == pytest.approx(fair["post_money"]["high"])


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda terms: setattr(terms.grants[0], "quantity", None), ["quantity"]),
        (
            lambda terms: setattr(
                terms.company, "stage", CompanyStage.objects.get(key="bootstrapped")
            ),
            ["stock_classes"],
        ),
        (lambda terms: setattr(terms.cap_table, "currency", "XXX"), ["exchange_rate"]),
    ],
)
def test_what_no_prior_can_stand_for_is_named(change: Any, missing: list[str]) -> None:
    terms = silent("stock_classes")
    change(terms)

    assert readings_of(terms) == {"status": "needs", "missing": missing}
    assert fair_value_of(terms) == {"status": "needs", "missing": missing}


def test_without_priors_nothing_is_assumed() -> None:
    TermPrior.objects.all().delete()

    assert readings_of(silent("stock_classes")) == {"status": "needs", "missing": ["stock_classes"]}
    assert readings_of(startup_terms()) == {"status": "needs", "missing": ["priors"]}


def test_listed_companies_are_not_read() -> None:
    assert (
        equity_readings(
            public_terms(), priors=priors(), n_years=4, convert=lambda amount, _: amount
        )
        is None
    )
    assert fair_value_results(None) == {}


def test_scenarios_of_the_user_stand_before_published_multiples() -> None:
    own = readings_of(startup_terms(exit_scenarios=exit_scenarios()))

    (case,) = reading_cases(own, rate=2.0)

    good = 80_000 * (90_040_000 / 12e6 - 0.5)
    # Of 20M the senior 15M and the 5M of Series A leave nothing.
    assert case.mean == pytest.approx(2.0 * good / 2)


def test_later_rounds_dilute_a_scenario() -> None:
    (plain,) = reading_cases(readings_of(startup_terms(exit_scenarios=exit_scenarios())), rate=1.0)
    scenarios = exit_scenarios()
    for row in scenarios:
        row.dilution_fraction = Decimal("0.5")
    (diluted,) = reading_cases(readings_of(startup_terms(exit_scenarios=scenarios)), rate=1.0)

    assert 0.0 < diluted.mean < plain.mean


def test_published_multiples_are_diluted_by_the_next_round() -> None:
    readings = readings_of(startup_terms())

    outcome = readings["outcome"]
    assert outcome["kind"] == "multiples"
    assert outcome["dilution_per_round"] == 0.134
    assert sum(row[2] for row in outcome["buckets"]) == pytest.approx(1.0)
    assert max(row[1] for row in outcome["buckets"]) < 100.0
    assert outcome_is_known(readings)


def test_scenarios_in_dollars_need_the_number_of_shares() -> None:
    terms = silent("stock_classes", "fully_diluted_shares")
    scenario = ExitScenario(
        name="Sale", exit_proceeds=Decimal(9), years=Decimal(1), probability=Decimal(1)
    )
    terms = Terms(
        company=terms.company,
        offer=terms.offer,
        revision=terms.revision,
        grants=terms.grants,
        cap_table=terms.cap_table,
        exit_scenarios=[scenario],
    )

    readings = readings_of(terms)

    assert readings["outcome"] == {"kind": "needs", "missing": ["fully_diluted_shares"]}
    assert not outcome_is_known(readings)


def test_profit_units_are_worth_no_more_than_their_cap() -> None:
    units = EquityGrant(
        compensation_type="profit_unit",
        quantity=Decimal(80_000),
        grant_value=Decimal(1_000),
        participation_cap_multiple=Decimal(2),
        is_vesting_confirmed=True,
    )

    fair = fair_value_of(startup_terms(grants=[units]))

    assert fair["worth"]["high"] == pytest.approx(2_000.0)


def test_a_preview_goes_without_readings() -> None:
    assert "readings" in valuation_inputs(startup_terms())
    assert "readings" not in valuation_inputs(startup_terms(), is_preview=True)


def test_a_price_that_fits_no_company_is_said_and_breaks_nothing() -> None:
    refused = InvalidFigure("value_per_share", "is more than the class can be worth")

    with mock.patch("offers.selectors.valuation.reading_values", side_effect=refused):
        fair = fair_value_of(startup_terms())

    assert fair == {"status": "needs", "missing": ["fitting_price"]}
