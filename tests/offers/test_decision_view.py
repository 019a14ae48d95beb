"""The decision as values: it agrees with the comparison, and has words for every case."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.http import QueryDict

from market.selectors import RateTable, rate_table
from offers.forms.decisions import LeversForm
from offers.models import Benefit, CapTable, EquityGrant
from offers.selectors import Assumptions, ComparedTerms, DecisionView, Terms, decision_view
from offers.selectors.decision import Board, board, decision_sheet
from offers.valuation import certain_money, exit_money
from tests.factories.terms import exit_scenarios, public_terms, startup_terms
from tests.offers.test_decision_pages import cash_terms

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)


def board_of(*terms: Terms, currency: str = "USD", rates: RateTable | None = None) -> Board:
    compared = [
        ComparedTerms(terms=each, name=f"Offer {place}") for place, each in enumerate(terms)
    ]
    return board(
        compared,
        Assumptions(currency=currency, horizon_years=4),
        rates=rate_table() if rates is None else rates,
    )


def view_of(*terms: Terms, query: Mapping[str, str] | None = None, **options: Any) -> DecisionView:
    found = board_of(*terms, **options)
    asked = QueryDict(mutable=True)
    asked.update(query or {})
    form = LeversForm(asked, board=found)
    return decision_view(found, form.levers, (), today=TODAY, ask=form.query_of)


def told(rows: Any, key: str, place: int = 1) -> str:
    """Return the words of a cell."""
    row = next(each for each in rows if each.key == key)
    return " | ".join(
        " ".join([figure.text, *(note.text for note in figure.notes)])
        for figure in row.cells[place].figures
    )


def with_status(terms: Terms, **figures: Any) -> Terms:
    """Return the terms with company figures that are known or, where None, were refused."""
    table: CapTable | None = terms.cap_table
    assert table is not None
    for name, value in figures.items():
        setattr(table, name, value)
        setattr(table, f"{name}_status", "written" if value is not None else "refused")
    return terms


def unknown_stack(**figures: Any) -> Terms:
    terms = with_status(startup_terms(stock_classes=[]), **figures)
    assert terms.cap_table is not None
    terms.cap_table.stock_classes_status = "not_asked"
    return terms


# --- it agrees with the comparison ---------------------------------------------------------------


def rich_public() -> Terms:
    """RSUs, RSUs stated as an amount, options, and a match on base salary."""
    terms = public_terms()
    return replace(
        terms,
        grants=[
            *terms.grants,
            EquityGrant(compensation_type="nso", quantity=Decimal(400), exercise_price=Decimal(60)),
            EquityGrant(compensation_type="nso", grant_value=Decimal(9_000)),
        ],
        benefits=[
            Benefit(kind="health", yearly_value=Decimal(6_000)),
            Benefit(
                kind="retirement",
                match_fraction=Decimal("0.5"),
                match_limit_fraction=Decimal("0.06"),
            ),
        ],
    )


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_certain_money_is_the_pay_that_the_comparison_counts(currency: str) -> None:
    found = board_of(rich_public(), startup_terms(), currency=currency)

    for reading in found.readings:
        counted = reading.side.numbers.counted * float(reading.side.rate)
        assert float(certain_money(reading.base)) == pytest.approx(counted, abs=0.01)


@pytest.mark.parametrize(
    "terms",
    [startup_terms, unknown_stack, lambda: unknown_stack(total_raised=None)],
    ids=["known", "raised is known", "nothing is known"],
)
def test_stock_pays_what_the_comparison_draws(terms: Any) -> None:
    reading = board_of(cash_terms(), with_status(terms(), debt=Decimal(3_000_000))).readings[1]
    equity = reading.side.numbers.private_equity
    assert equity is not None
    assert reading.low is not None
    assert reading.high is not None

    for proceeds in (0.0, 5e6, 21e6, 39.96e6, 90e6, 4e8):
        at = np.array([proceeds])
        for case, payoff in ((reading.low, equity.low), (reading.high, equity.high)):
            assert payoff is not None
            worth = exit_money(replace(case, exit_proceeds=proceeds, exit_years=0.0))
            assert float(worth) == pytest.approx(float(payoff.at(at)[0]), abs=0.01)


# --- words for every case ------------------------------------------------------------------------


def test_an_offer_ahead_without_its_stock_needs_no_exit() -> None:
    rich = startup_terms()
    rich.revision.base_salary = Decimal(250_000)

    view = view_of(cash_terms(), rich, query={"first": "a", "second": "b"})

    assert view.answer == "B leads A without any exit"
    assert view.answer_note == "It pays $200,000 more even if its stock ends at nothing."
    assert told(view.break_even, "break_even").startswith("Ahead already It leads even if")
    assert told(view.break_even, "growth") == "Nothing It leads even if the stock pays nothing"
    assert told(view.break_even, "naive") == "Not applicable"
    assert view.pair.words == "B is ahead of A even if its stock pays nothing."


def test_a_stake_that_is_capped_may_never_be_enough() -> None:
    capped = replace(
        startup_terms(),
        grants=[
            EquityGrant(
                compensation_type="profit_unit",
                quantity=Decimal(80_000),
                participation_threshold_per_share=Decimal(1),
                participation_cap_multiple=Decimal(2),
                grant_value=Decimal(50_000),
                is_vesting_confirmed=True,
            )
        ],
    )

    view = view_of(cash_terms(), capped)

    assert view.answer == "B never overtakes A"
    assert told(view.break_even, "break_even") == "Never No exit pays enough for it"
    assert told(view.break_even, "growth") == "Nothing it could do is enough"
    assert "never enough once everybody ahead is paid" in told(view.break_even, "naive")
    assert view.pair.words == "No exit pays the $160,000 that B is behind."


def test_nothing_told_leaves_a_break_even_or_none() -> None:
    view = view_of(cash_terms(), unknown_stack(total_raised=None, last_preferred_price=None))

    assert told(view.break_even, "break_even").startswith("From $")
    assert ", or never" in told(view.break_even, "break_even")
    assert told(view.break_even, "growth").startswith("Not known The last round")
    assert view.answer.startswith("B overtakes A somewhere: from $")


def test_a_growth_that_is_none_says_so() -> None:
    assert "It may shrink and still get there" in told(
        view_of(cash_terms(), startup_terms()).break_even, "growth"
    )
    late = with_status(startup_terms(), last_preferred_price=Decimal(1))
    assert "% a year for 4 years" in told(view_of(cash_terms(), late).break_even, "growth")
    now = view_of(cash_terms(), late, query={"years_b": "0"})
    assert "It would have to be worth that today" in told(now.break_even, "growth")


def test_two_private_offers_hold_each_other_by_their_own_exits() -> None:
    other = startup_terms(exit_scenarios=exit_scenarios())
    other.revision.base_salary = Decimal(190_000)

    view = view_of(other, startup_terms(), query={"exit_a": "20m"})

    assert view.pair.first.letter == "A"
    # 120,000 = 80,000 (p - 0.50): p = 2.00; 20,000,000 + 8,000,000 x 2.00 - 40,000
    assert view.answer == "B overtakes A above $35,960,000"
    assert told(view.standing, "scenarios", 0).count("|") == 3
    assert "Common stock gets nothing: $120,000 less than A" in told(view.standing, "scenarios", 1)


def test_two_start_ups_that_do_equally_well_may_change_places_twice() -> None:
    """A has twice the units and 10,000 more pay, but an investor that is paid three times first."""
    heavy = startup_terms()
    heavy.grants[0].quantity = Decimal(160_000)
    heavy.stock_classes[1].liquidation_preference_multiple = Decimal(3)
    light = startup_terms()
    light.revision.base_salary = Decimal(150_000)

    view = view_of(heavy, light, query={"first": "a", "second": "b"})

    # B makes up for 40,000 at a share of 1.00: 20,000,000 + 8,000,000 - 40,000 = 27,960,000.
    # A is level again where 0.016 (x - 44,920,000) - 80,000 is 40,000 less than
    # 0.008 (x - 14,960,000) - 40,000: at 74,880,000. Both rounds were worth 90,000,000.
    assert told(view.break_even, "alike") == (
        "0.31 to 0.83 times B leads there, at your odds, years and discount rate"
    )
    assert told(view.break_even, "alike", 0) == ""


def test_offers_without_a_rate_are_not_held_against_each_other() -> None:
    foreign = startup_terms()
    foreign.revision.currency = "NOK"

    view = view_of(cash_terms(), foreign, rates=RateTable({}), query={"first": "a", "second": "b"})

    assert view.without_rate == ("B",)
    assert "No exchange rate on record" in told(view.break_even, "break_even")
    assert view.pair.flips == ()
    assert view.leaving.cells[1].chart is None


def test_no_private_stock_leaves_nothing_to_cross() -> None:
    view = view_of(public_terms(), cash_terms())

    assert view.answer == "No exit decides between A and B"
    assert view.answer_note == "Offer 1 has no private stock."
    assert view.pair.chart is None
    assert view.exercise is None
    assert told(view.standing, "stock", 0) == "Not applicable Listed stock counts above"
    assert told(view.standing, "stock", 1) == "Not applicable No equity in this offer"
    assert told(view.break_even, "break_even", 1).startswith("Not applicable No exit moves it: $")


def test_too_little_about_the_grant_is_said() -> None:
    silent = startup_terms()
    silent.grants[0].exercise_price = None

    view = view_of(cash_terms(), silent)

    assert view.answer_note == "Neither has private stock that enough is known about."
    assert told(view.standing, "stock").endswith("Cannot be told without the exercise price")
    assert view.exercise is not None
    assert told(view.exercise.rows, "each_year").startswith("Not known The exercise price")
    assert told(view.leaving.rows, "exercise").startswith("Not known")
    assert view.asked[0].code == "exercise_price"


def test_units_that_wait_for_an_exit_may_lapse() -> None:
    waiting = replace(
        startup_terms(),
        grants=[
            EquityGrant(
                compensation_type="double_trigger_rsu", quantity=Decimal(4_800), expiry_months=84
            )
        ],
    )

    before, after = (
        view_of(cash_terms(), waiting, query={"years_b": years, "month": "24"}).leaving.rows
        for years in ("6", "8")
    )
    unstated = replace(
        waiting,
        grants=[EquityGrant(compensation_type="double_trigger_rsu", quantity=Decimal(4_800))],
    )

    assert told(before, "double_trigger") == "2,400 units None lapses before your exit"
    assert told(after, "double_trigger") == "2,400 units 2,400 of them lapse before your exit"
    assert "By an assumed schedule" in told(before, "vested")
    assert "When they lapse is not stated" in told(
        view_of(cash_terms(), unstated).leaving.rows, "double_trigger"
    )


def test_a_grant_of_unknown_size_loses_an_unknown_number() -> None:
    sizeless = startup_terms()
    sizeless.grants[0].quantity = None

    leaving = view_of(cash_terms(), sizeless).leaving

    assert told(leaving.rows, "vested").startswith("Not known")
    assert leaving.cells[1].words == "The size of the grant is not known, so only cash is drawn."


def test_options_may_be_exercised_for_years() -> None:
    generous = startup_terms()
    generous.grants[0].post_termination_window_days = 3_650
    generous.grants[0].early_exercise = "no"

    view = view_of(cash_terms(), generous)

    assert "within 10 years" in told(view.leaving.rows, "exercise")
    assert view.exercise is not None
    assert told(view.exercise.rows, "now") == "Not allowed"
    assert told(view.exercise.rows, "election").startswith("Not applicable Only for shares")


def test_a_late_schedule_vests_nothing_in_sight() -> None:
    late = startup_terms()
    late.grants[0].total_months = late.grants[0].cliff_months = 72

    assert view_of(cash_terms(), late).leaving.cells[1].words == "Nothing vests within 60 months."


def test_an_exit_nobody_named_begins_beyond_the_last_kink() -> None:
    silent = with_status(startup_terms(), last_preferred_price=None)

    assert board_of(cash_terms(), silent).defaults().chosen["b"].exit_proceeds == 2 * 89_960_000


def test_capped_investors_stop_and_start_on_the_page() -> None:
    terms = startup_terms()
    terms.stock_classes[1].participation = "capped"
    terms.stock_classes[1].participation_cap_multiple = Decimal(2)
    rsu = EquityGrant(compensation_type="rsu", quantity=Decimal(80_000), is_vesting_confirmed=True)

    words = [kink.words for kink in view_of(cash_terms(), replace(terms, grants=[rsu])).pair.kinks]

    assert any("Series B has been paid back and goes on sharing" in each for each in words)
    assert any("Series B has reached its cap and stops" in each for each in words)
    assert any("your units start to share" in each for each in words)


def test_the_sheet_leaves_out_what_cannot_be_converted() -> None:
    foreign = startup_terms()
    foreign.revision.currency = "NOK"
    found = board_of(cash_terms(), startup_terms(), foreign, rates=RateTable({}))

    sheet = decision_sheet(found, found.defaults(), (), today=TODAY)

    assert [offer.letter for offer in sheet.offers] == ["A", "B"]
