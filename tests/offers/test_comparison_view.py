"""The comparison as one value, from terms that need no row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from config.figures.fields import FigureStatus
from market.models import ExchangeRate
from market.selectors import RateTable
from offers.models import (
    Benefit,
    CapTable,
    CashPayment,
    EquityGrant,
    OfferRevision,
    Valuation,
)
from offers.selectors import (
    Assumptions,
    ComparedTerms,
    ComparisonView,
    Terms,
    ValuationView,
    comparison_view,
)
from offers.selectors.comparison import Cell, Known, Row
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
RATES = RateTable(
    {
        code: ExchangeRate(
            currency=code,
            date=dt.date(2026, month, 1),
            units_per_usd=Decimal(units),
            source_title="Central bank",
        )
        for code, units, month in (("USD", "1", 6), ("GBP", "0.80", 5), ("EUR", "0.9", 6))
    }
)
DOLLARS = Assumptions(currency="USD", horizon_years=4)


def compare(
    *terms: Terms | ComparedTerms, under: Assumptions = DOLLARS, **options: Any
) -> ComparisonView:
    compared = [
        each if isinstance(each, ComparedTerms) else ComparedTerms(terms=each) for each in terms
    ]
    return comparison_view(compared, under, rates=RATES, today=TODAY, **options)


def rows(view: ComparisonView) -> dict[str, Row]:
    """Return every row of the page by its key, which nothing else may have."""
    assert view.glance is not None
    assert view.terms is not None
    found = [*view.glance.rows, *(row for group in view.terms.groups for row in group.rows)]
    if view.payouts:
        found.append(view.payouts.scenarios)
    assert len({row.key for row in found}) == len(found)
    return {row.key: row for row in found}


def texts(row: Row) -> list[str]:
    return [" | ".join(part.text for part in cell.parts) for cell in row.cells]


def notes(cell: Cell) -> list[str]:
    return [note.text for part in cell.parts for note in part.notes]


def cautions(cell: Cell) -> list[str]:
    return [note.text for part in cell.parts for note in part.notes if note.tone == "warn"]


def told(terms: Terms) -> Terms:
    """Return the terms with answers to everything that a start-up leaves out in these tests."""
    terms.grants[0].acceleration = "none"
    terms.grants[0].post_termination_window_days = 90
    return terms


def verbal(terms: Terms) -> Terms:
    terms.revision.source = OfferRevision.Source.VERBAL
    return terms


def simulated(
    dots: Sequence[float], *, state: str = "done", kind: Sequence[float] | None = None, **row: Any
) -> ValuationView:
    """Return a finished valuation whose equity ends at each of 20 amounts."""

    def case(values: Sequence[float]) -> dict[str, Any]:
        ordered = sorted(values)
        return {
            "quantile_levels": [0.1, 0.5, 0.9],
            "quantiles": [ordered[2], ordered[9], ordered[17]],
            "dots": ordered,
            "mean": sum(values) / 20,
            "standard_error": 1.0,
        }

    results = {"status": "ready", "n_paths": 1_000, "low": case(dots)}
    if kind is not None:
        results["high"] = case(kind)
    return ValuationView(
        latest=Valuation(state=state, **row), results=results, is_out_of_date=state != "done"
    )


# --- money -------------------------------------------------------------------------------------


def test_view_keeps_private_stock_beside_what_counts() -> None:
    view = compare(public_terms(), startup_terms())

    found = rows(view)
    assert texts(found["counted"]) == ["$1.24M", "$640k"]
    assert texts(found["contract_cash"]) == ["$840,000", "$640,000"]
    assert texts(found["year_one"]) == ["$340,000", "$160,000"]
    assert texts(found["average_year"]) == ["$310,000", "$160,000"]
    assert texts(found["base_share"]) == ["65%", "100%"]
    assert "$560k at the last round’s value" in notes(found["private"].cells[1])
    assert view.title == "Two offers, four years"


def test_view_marks_only_what_is_plainly_more() -> None:
    found = rows(compare(public_terms(), startup_terms()))

    marks = {key: [cell.mark for cell in row.cells] for key, row in found.items()}
    assert marks["contract_cash"] == ["highest", ""]
    assert marks["base_salary"] == ["highest", ""]
    assert not any(marks[key][0] or marks[key][1] for key in ("counted", "year_one", "private"))


def test_view_marks_nothing_where_two_are_equal_or_one_is_alone() -> None:
    same = compare(public_terms(), public_terms())
    alone = compare(public_terms(), verbal(startup_terms()))

    for view in (same, alone):
        assert {cell.mark for row in rows(view).values() for cell in row.cells} == {""}


def test_view_never_ranks_or_counts_what_was_only_said() -> None:
    said = verbal(public_terms())
    said.revision.base_salary = Decimal(900_000)

    view = compare(said, startup_terms(), public_terms())

    found = rows(view)
    assert [cell.mark for cell in found["base_salary"].cells] == ["", "", "highest"]
    assert "Verbal, not counted" in cautions(found["counted"].cells[0])
    assert not view.columns[0].is_in_writing
    assert view.findings[0].lead == "A is only verbal."
    assert view.findings[0].text.startswith("Nothing is counted yet")


@pytest.mark.parametrize("state", ["declined", "expired", "withdrawn"])
def test_view_never_ranks_an_offer_that_is_gone(state: str) -> None:
    gone = public_terms()
    gone.offer.state = state

    view = compare(gone, startup_terms())

    assert [cell.mark for cell in rows(view)["contract_cash"].cells] == ["", ""]
    assert view.findings[0].key == "state_a"


def test_view_discounts_sums_over_the_horizon_and_no_single_year() -> None:
    view = compare(
        startup_terms(),
        startup_terms(),
        under=replace(DOLLARS, discount_rate=Decimal("0.1")),
    )

    found = rows(view)
    # 160,000 at the end of each of four years at 10%: 160,000 x 3.16987 = 507,178.47.
    assert found["contract_cash"].cells[0].value == Decimal("507178.47")
    assert texts(found["year_one"])[0] == "$160,000"
    assert "in today’s money at 10% a year" in found["counted"].hint
    assert view.years is not None
    assert view.years.table.rows[0][2:] == (*["$160,000"] * 4, "$640,000")


def test_view_without_base_salary_says_so_and_shows_no_zero() -> None:
    unknown = public_terms(grants=[], payments=[])
    unknown.revision.base_salary = None
    some = public_terms()
    some.revision.base_salary = None

    view = compare(unknown, some)

    found = rows(view)
    for key in ("counted", "contract_cash", "year_one", "average_year", "base_share"):
        assert found[key].cells[0].parts[0].known == Known.NOT_STATED, key
    assert texts(found["contract_cash"])[1] == "$40,000"
    assert cautions(found["contract_cash"].cells[1]) == ["Without base salary: not stated"]
    assert found["contract_cash"].cells[1].value is None
    assert [finding.key for finding in view.findings] == ["base_a", "base_b"]
    assert view.outcomes is not None
    assert view.outcomes.cells[0].words == "Cannot be shown without base salary."


# --- currencies --------------------------------------------------------------------------------


def in_pounds(terms: Terms) -> Terms:
    terms.revision.currency = "GBP"
    if terms.cap_table is not None:
        terms.cap_table.currency = "GBP"
    return terms


def test_view_converts_to_the_cent_and_names_rate_and_date() -> None:
    pounds = in_pounds(startup_terms())
    pounds.revision.base_salary = Decimal("123456.78")

    view = compare(public_terms(), pounds)

    found = rows(view)
    assert found["base_salary"].cells[1].value == Decimal("154320.98")  # 154,320.975, to even
    assert texts(found["base_salary"])[1] == "$154,321"
    assert notes(found["base_salary"].cells[1]) == ["£123,457 in the letter"]
    (rate,) = view.rates
    assert (rate.text, rate.date) == ("1 GBP is 1.2500 USD", dt.date(2026, 5, 1))
    assert view.columns[1].is_converted


def test_view_converts_payouts_on_both_axes() -> None:
    dollars, pounds = (
        compare(startup_terms(), startup_terms()),
        compare(in_pounds(startup_terms()), in_pounds(startup_terms())),
    )
    assert dollars.payouts is not None
    assert pounds.payouts is not None

    first = [row[1:] for row in dollars.payouts.table.rows if row[0].startswith("A")]
    second = [row[1:] for row in pounds.payouts.table.rows if row[0].startswith("A")]

    # A pound is $1.25, so every threshold and payout is a quarter more; the share is the same.
    assert [row[0] for row in first] == ["$0", "$24.0M", "$40.0M", "$90.0M"]
    assert [row[0] for row in second] == ["$0", "$30.0M", "$50.0M", "$112M"]
    assert [row[2] for row in first] == [row[2] for row in second]
    assert "Nothing below $30.0M: $25.0M goes to investors first" in pounds.payouts.cells[0].words


def test_view_converts_a_cross_rate_and_a_cap_table_in_a_third_currency() -> None:
    pounds = startup_terms()
    pounds.revision.currency = "GBP"  # its cap table stays in dollars

    view = compare(pounds, pounds, under=replace(DOLLARS, currency="EUR"))

    assert {(rate.currency, rate.text) for rate in view.rates} == {
        ("GBP", "1 GBP is 1.1250 EUR"),
        ("USD", "1 USD is 0.90000 EUR"),
    }
    found = rows(view)
    assert found["base_salary"].cells[0].value == Decimal("180000.00")
    assert texts(found["total_raised"])[0] == "€18.0M"


def test_view_without_a_rate_shows_an_offer_in_its_own_currency_unranked() -> None:
    crowns = public_terms(grants=[])
    crowns.revision.currency, crowns.revision.base_salary = "SEK", Decimal(5_000_000)

    view = compare(crowns, startup_terms(), public_terms())

    found = rows(view)
    assert texts(found["base_salary"])[0] == "SEK\N{NO-BREAK SPACE}5,000,000"
    assert [cell.mark for cell in found["base_salary"].cells] == ["", "", "highest"]
    assert view.without_rate == ("A",)
    assert cautions(found["counted"].cells[0]) == ["In SEK: no rate on record, so not ranked"]
    assert view.findings[0].lead == "A is in SEK."
    assert view.years is not None
    assert view.years.cells[0].chart is None
    assert view.years.table.rows[0][2] == "SEK\N{NO-BREAK SPACE}5,040,000"
    # A crown is no dollar: the scale of the others is theirs.
    alone = compare(startup_terms(), public_terms())
    assert alone.years is not None
    heights = [
        [bar.total_y for bar in cell.chart.bars] for cell in view.years.cells[1:] if cell.chart
    ]
    assert heights == [
        [bar.total_y for bar in cell.chart.bars] for cell in alone.years.cells if cell.chart
    ]


# --- years and vesting -------------------------------------------------------------------------


def test_vesting_stacks_grants_to_what_the_year_shows() -> None:
    second = EquityGrant(
        compensation_type="nso",
        quantity=Decimal(20_000),
        exercise_price=Decimal("1.25"),
        total_months=24,
        cliff_months=0,
        is_vesting_confirmed=True,
    )
    terms = startup_terms()
    terms = startup_terms(grants=[*terms.grants, second])

    view = compare(terms, public_terms())

    assert view.vesting is not None
    assert view.years is not None
    ours, theirs = view.vesting.cells
    assert ours.chart is not None
    assert theirs.chart is not None
    assert [len(bar.segments) for bar in ours.chart.bars] == [2, 2, 1, 1]
    assert [len(bar.segments) for bar in theirs.chart.bars] == [1, 1, 1, 1]
    assert [row[:2] for row in view.vesting.table.rows] == [
        ("A Bellwether AI", "1: Options (ISO), 80,000 units"),
        ("A Bellwether AI", "2: Options (NSO), 20,000 units"),
        ("B Alder Research", "1: RSUs, 4,000 units"),
    ]
    paper = next(
        row for row in view.years.table.rows if row[:2] == ("A Bellwether AI", "Private equity")
    )
    by_grant = [row for row in view.vesting.table.rows if row[0] == "A Bellwether AI"]

    def amount(text: str) -> int:
        return int(text.replace("$", "").replace(",", ""))

    for year in range(2, 7):
        assert sum(amount(row[year]) for row in by_grant) == pytest.approx(
            amount(paper[year]), abs=1
        )


def test_vesting_without_a_price_counts_units() -> None:
    terms = startup_terms(cap_table=CapTable(), stock_classes=[])

    view = compare(terms, public_terms())

    assert view.vesting is not None
    cell = view.vesting.cells[0]
    assert cell.chart is None
    assert "no money is drawn" in cell.words
    assert view.vesting.table.rows[0][2:] == ("20,000",) * 4 + ("80,000",)


def test_view_without_any_equity_has_no_lens_for_it() -> None:
    view = compare(public_terms(grants=[]), public_terms(grants=[]))

    assert (view.vesting, view.payouts) == (None, None)
    assert texts(rows(view)["grant_type"]) == ["None", "None"]


# --- payouts -----------------------------------------------------------------------------------


def test_payouts_tell_the_threshold_and_every_breakpoint() -> None:
    view = compare(startup_terms(), public_terms())

    assert view.payouts is not None
    ours, theirs = view.payouts.cells
    assert ours.words == (
        "Nothing below $24.0M: $20.0M goes to investors first, "
        "and then a share must reach your $0.50 exercise price."
    )
    assert ours.chart is not None
    assert len(ours.chart.vertices) == 3
    assert "no threshold to clear" in theirs.words
    # At $39.96M common has 19.96M for 8M shares: $2.495 a share, and $1.995 of it is the holder's.
    assert view.payouts.table.rows == (
        ("A Bellwether AI", "$0", "$0", "nothing"),
        ("A Bellwether AI", "$24.0M", "$0", "1.00%"),
        ("A Bellwether AI", "$40.0M", "$160,000", "0.80%"),
        ("A Bellwether AI", "$90.0M", "$560,000", "0.67%"),
    )


def test_payouts_of_an_unknown_stack_are_a_band() -> None:
    terms = startup_terms(stock_classes=[])
    terms.cap_table.stock_classes_status = FigureStatus.NOT_ASKED

    view = compare(terms, public_terms())

    assert view.payouts is not None
    cell = view.payouts.cells[0]
    assert cell.chart is not None
    assert cell.chart.high_path
    assert cell.words == (
        "Begins to pay somewhere between $5.96M and $26.0M: "
        "the preferences ahead of you are not known."
    )


def test_payouts_without_money_raised_may_be_nothing_at_any_price() -> None:
    terms = startup_terms(stock_classes=[])
    table = terms.cap_table
    table.stock_classes_status = FigureStatus.REFUSED
    table.total_raised, table.total_raised_status = None, FigureStatus.REFUSED

    view = compare(terms, public_terms())

    assert view.payouts is not None
    assert view.payouts.cells[0].words.startswith("May pay nothing at any price")
    assert view.findings[0].lead == "A would not answer two questions."
    assert view.findings[0].text == "Unanswered: money raised and preferences ahead of you."
    found = rows(view)
    for key in ("preferences", "total_raised"):
        assert found[key].cells[0].parts[0].known == Known.REFUSED, key


def test_payouts_name_what_is_missing() -> None:
    view = compare(startup_terms(cap_table=CapTable(), stock_classes=[]), public_terms())

    assert view.payouts is not None
    assert view.payouts.cells[0].words == "Cannot be drawn without the fully diluted shares."
    assert view.payouts.cells[0].chart is None
    assert rows(view)["scenarios"].cells[0].parts[0].known == Known.NOT_KNOWN


@pytest.mark.parametrize(
    "terms",
    [
        startup_terms,
        lambda: startup_terms(exit_scenarios=exit_scenarios()),
        public_terms,
    ],
)
def test_scenarios_always_hold_the_zero_outcome(terms: Any) -> None:
    cell = rows(compare(terms(), public_terms()))["scenarios"].cells[0]

    assert cell.parts[0].text == "$0"
    assert len(cell.parts) >= 4


def test_scenarios_of_the_user_bear_their_odds() -> None:
    terms = startup_terms(exit_scenarios=exit_scenarios())

    cell = rows(compare(terms, public_terms()))["scenarios"].cells[0]

    assert [part.text for part in cell.parts] == ["$0", "$560k", "$0", "$280k"]
    assert notes(cell) == [
        "Common stock gets nothing, 25%",
        "Good sale: $90.0M in 4 years, 50%",
        "Small sale: $20.0M in 3 years, 25%",
        "Weighted by your own odds; no outcome pays just this",
    ]


# --- outcomes ----------------------------------------------------------------------------------


def test_outcomes_are_pay_and_equity_together_and_say_how_often_nothing_comes() -> None:
    dots = [0.0] * 7 + [100_000.0 * number for number in range(1, 14)]
    ours = ComparedTerms(terms=startup_terms(), valuation=simulated(dots))

    view = compare(ours, public_terms(grants=[]))

    assert view.outcomes is not None
    first, second = view.outcomes.cells
    assert view.outcomes.table.rows == (
        ("A Bellwether AI", "$640,000", "$940,000", "$1,740,000", "7 of 20"),
        ("B Alder Research", "$840,000", "$840,000", "$840,000", "no equity"),
    )
    assert first.words == "Middle 80%: $640k to $1.74M. Equity at or near $0 in 7 of 20."
    assert first.chart is not None
    assert len(first.chart.dots) == 20
    assert second.words == "No equity, so one outcome."
    private = rows(view)["private"].cells[0]
    assert private.parts[0].text == "$0 to $1.10M"
    assert "Middle 80%; at or near $0 in 7 of 20" in notes(private)
    assert view.findings[0].lead == "A left three terms out."
    assert view.findings[0].text.endswith(
        "Its stock ends at or near $0 in 7 of 20 simulated outcomes."
    )


def test_outcomes_near_nothing_are_below_one_percent_of_the_pay() -> None:
    # 1% of $640,000 is $6,400.
    dots = [6_399.0] * 3 + [6_401.0] * 17

    view = compare(
        ComparedTerms(terms=startup_terms(), valuation=simulated(dots)), public_terms(grants=[])
    )

    assert view.outcomes is not None
    assert view.outcomes.table.rows[0][-1] == "3 of 20"


def test_outcomes_of_unknown_terms_tell_both_readings() -> None:
    low, high = [0.0] * 12 + [200_000.0] * 8, [0.0] * 5 + [400_000.0] * 15

    view = compare(
        ComparedTerms(terms=startup_terms(), valuation=simulated(low, kind=high)),
        public_terms(grants=[]),
    )

    assert view.outcomes is not None
    assert "in 5 to 12 of 20" in view.outcomes.cells[0].words
    assert "read kindly, the median is $1.04M" in view.outcomes.cells[0].words


def test_outcomes_of_listed_stock_replace_it_and_do_not_count_it_twice() -> None:
    # $840,000 of cash; stock of $400,000 today is counted, and simulated to $500,000 each time.
    ours = ComparedTerms(terms=public_terms(), valuation=simulated([500_000.0] * 20))

    view = compare(ours, public_terms(grants=[]))

    assert view.outcomes is not None
    assert view.outcomes.table.rows[0][1:4] == ("$1,340,000",) * 3


def test_outcomes_cover_the_simulated_years_whatever_the_horizon() -> None:
    ours = ComparedTerms(terms=startup_terms(), valuation=simulated([100_000.0] * 20))

    view = compare(ours, public_terms(grants=[]), under=replace(DOLLARS, horizon_years=2))

    assert view.outcomes is not None
    assert view.outcomes.n_years == 4
    assert view.outcomes.table.rows[0][2] == "$740,000"
    assert texts(rows(view)["counted"])[0] == "$320k"


@pytest.mark.parametrize(
    ("state", "progress", "percent"), [("queued", 0, None), ("running", 40, 40)]
)
def test_outcomes_that_are_owed_wait_and_keep_the_last_result(
    state: str, progress: int, percent: int | None
) -> None:
    empty = ValuationView(
        latest=Valuation(state=state, progress=progress), results=None, is_out_of_date=False
    )
    kept = simulated([50_000.0] * 20, state=state, progress=progress)

    view = compare(
        ComparedTerms(terms=startup_terms(), valuation=empty),
        ComparedTerms(terms=startup_terms(), valuation=kept),
    )

    assert view.outcomes is not None
    first, second = view.outcomes.cells
    assert view.is_pending
    assert (first.is_pending, first.percent, first.chart) == (True, percent, None)
    assert (second.is_out_of_date, second.chart is not None) == (True, True)
    assert rows(view)["private"].cells[0].parts[0].text == "Being worked out"
    assert "Out of date, being worked out again" in cautions(rows(view)["private"].cells[1])


def test_outcomes_that_failed_or_lack_figures_say_so() -> None:
    failed = ValuationView(latest=Valuation(state="failed"), results=None, is_out_of_date=False)
    lacking = ValuationView(
        latest=Valuation(state="done"),
        results={"status": "needs", "missing": ["last_preferred_price"]},
        is_out_of_date=False,
    )

    view = compare(
        ComparedTerms(terms=startup_terms(), valuation=failed),
        ComparedTerms(terms=startup_terms(), valuation=lacking),
        startup_terms(),
    )

    assert view.outcomes is not None
    first, second, third = view.outcomes.cells
    assert (first.is_failed, view.is_pending) == (True, False)
    assert second.words == (
        "Cannot be simulated without the price of the last round, or scenarios of your own."
    )
    assert third.words == "Not simulated."


# --- terms -------------------------------------------------------------------------------------


def test_terms_tell_four_kinds_of_nothing_apart() -> None:
    free = CashPayment(amount=Decimal(0), is_repayment_stated=True)
    a = public_terms(payments=[free])
    b = startup_terms()
    b.revision.bonus_basis = OfferRevision.BonusBasis.NOT_STATED

    found = rows(compare(a, b))

    assert texts(found["sign_on"]) == ["$0", "None"]
    assert texts(found["target_bonus"]) == ["None", "Not stated"]
    assert texts(found["exercise_window"]) == ["Not applicable", "Not stated"]
    kinds = {
        part.text: part.known
        for key in ("sign_on", "target_bonus", "exercise_window")
        for cell in found[key].cells
        for part in cell.parts
    }
    assert kinds == {
        "$0": Known.KNOWN,
        "None": Known.NONE,
        "Not stated": Known.NOT_STATED,
        "Not applicable": Known.NOT_APPLICABLE,
    }


def test_terms_flag_what_deserves_caution() -> None:
    terms = startup_terms(
        payments=[
            CashPayment(amount=Decimal(20_000), is_repayment_stated=True, repayment_months=12),
            CashPayment(kind="relocation", amount=Decimal(5_000)),
        ]
    )
    terms.grants[0].post_termination_window_days = 90
    terms.cap_table.fair_market_value_date = dt.date(2025, 11, 1)

    found = rows(compare(terms, public_terms()))

    assert cautions(found["sign_on"].cells[0]) == ["Repay all of it if you leave within 12 months"]
    assert cautions(found["relocation"].cells[0]) == ["Repayment not stated"]
    assert cautions(found["exercise_window"].cells[0]) == ["Short. Cost to exercise $40,000"]
    assert cautions(found["fair_market_value"].cells[0]) == ["Older than 12 months"]
    assert "3.8 times the 409A price" in notes(found["last_preferred_price"].cells[0])


def test_terms_show_a_schedule_nobody_confirmed_as_not_stated() -> None:
    terms = startup_terms()
    terms.grants[0].is_vesting_confirmed = False

    cell = rows(compare(terms, public_terms()))["vesting_terms"].cells[0]

    assert cell.parts[0].known == Known.NOT_STATED
    assert notes(cell) == ["Assumed: 4 years, monthly, 12-month cliff"]


def test_terms_mark_the_longest_window() -> None:
    short, long = startup_terms(), startup_terms()
    short.grants[0].post_termination_window_days = 90
    long.grants[0].post_termination_window_days = 3_650

    row = rows(compare(short, long))["exercise_window"]

    assert texts(row) == ["90 days", "10 years"]
    assert [cell.mark for cell in row.cells] == ["", "longest"]


def test_terms_say_what_is_stated_and_what_is_derived() -> None:
    stated = EquityGrant(
        compensation_type="iso", ownership_fraction=Decimal("0.0008"), exercise_price=Decimal(1)
    )
    table = CapTable(
        fully_diluted_shares=Decimal(80_000_000), fully_diluted_shares_status=FigureStatus.VERBAL
    )

    found = rows(compare(startup_terms(grants=[stated], cap_table=table), startup_terms()))

    assert texts(found["grant_size"]) == ["64,000 options", "80,000 options"]
    assert "Derived from the percentage" in notes(found["grant_size"].cells[0])
    assert "0.67% fully diluted, derived" in notes(found["grant_size"].cells[1])
    assert "Said, not in writing" in notes(found["fully_diluted_shares"].cells[0])


def test_terms_number_several_grants() -> None:
    two = startup_terms().grants * 2

    row = rows(compare(startup_terms(grants=list(two)), startup_terms()))["grant_type"]

    assert texts(row) == ["1: Options (ISO) | 2: Options (ISO)", "Options (ISO)"]


def test_terms_compute_a_retirement_match() -> None:
    match = Benefit(
        kind="retirement", match_fraction=Decimal("0.5"), match_limit_fraction=Decimal("0.06")
    )
    terms = public_terms(benefits=[match])
    terms.revision.base_salary = Decimal(238_000)

    row = rows(compare(terms, startup_terms()))["benefit_retirement"]

    assert texts(row) == ["$7,140 a year", "Not stated"]


def test_terms_that_differ_leave_out_the_same_and_empty_groups() -> None:
    a, b = public_terms(), public_terms()
    b.revision.base_salary = Decimal(210_000)

    view = compare(a, b)

    assert view.terms is not None
    differing = view.terms.only_differing
    assert [[row.key for row in group.rows] for group in differing.groups] == [["base_salary"]]
    assert differing.is_differing


# --- the shape of the page ---------------------------------------------------------------------


def test_columns_take_their_letter_from_their_place() -> None:
    view = compare(*(public_terms() for _ in range(6)), shown=["b", "d", "f"])

    assert [column.letter for column in view.columns] == list("ABCDEF")
    assert [column.key for column in view.columns if not column.is_off_phone] == ["b", "d", "f"]
    assert view.layout == "n6 s3"
    links = {choice.column.key: choice.show for choice in view.phone_choices}
    assert links == {
        "a": "a,b,d", "b": "d,f", "c": "b,c,d", "d": "b,f", "e": "b,d,e", "f": "b,d",
    }  # fmt: skip


@pytest.mark.parametrize("shown", [(), ("",), ("x", "zz"), ("a", "b", "c", "d", "e")])
def test_phone_shows_three_whatever_is_asked(shown: Sequence[str]) -> None:
    view = compare(*(public_terms() for _ in range(5)), shown=shown)

    assert [column.key for column in view.columns if not column.is_off_phone] == ["a", "b", "c"]


def test_names_stand_in_for_company_and_title_everywhere() -> None:
    masked = ComparedTerms(terms=startup_terms(), name="Series B", role="Engineer")

    view = compare(masked, ComparedTerms(terms=public_terms(), name="Listed", role="Engineer"))

    told = repr(view)
    assert "Series B" in told
    for secret in ("Bellwether", "Alder", "Founding engineer", "Research engineer"):
        assert secret not in told


def test_title_and_findings_name_neither_company_nor_pay() -> None:
    view = compare(public_terms(), startup_terms())

    assert view.title == "Two offers, four years"
    for finding in view.findings:
        assert "Alder" not in finding.lead + finding.text
        assert "Bellwether" not in finding.lead + finding.text


def test_finding_about_private_stock_names_its_part_at_the_last_round() -> None:
    view = compare(
        ComparedTerms(terms=told(startup_terms()), valuation=simulated([0.0] * 7 + [1e6] * 13)),
        public_terms(grants=[]),
    )

    # $560,266.67 beside $640,000 is 46.7% of both.
    first, second = view.findings
    assert first.lead == "47% of A would be private stock, at the last round’s value."
    assert first.text == "In 7 of 20 simulated outcomes that part ends at or near $0."
    assert second.lead == "100% of B is contract cash."


def test_without_takes_parts_away_by_key() -> None:
    view = compare(public_terms(), told(startup_terms()))

    hidden = view.without({"private", "cap_table", "vesting", "answer_due", "sign_on", "tax"})

    assert hidden.glance is not None
    assert hidden.terms is not None
    assert "private" in rows(view)
    assert {"private", "answer_due", "sign_on", "preferences"}.isdisjoint(rows(hidden))
    assert (hidden.vesting, hidden.glance.deadlines) == (None, None)
    assert "tax" not in {each.key for each in hidden.assumptions}
    assert [finding.position for finding in view.findings] == [0, 1]
    assert [finding.position for finding in hidden.findings] == [0]
    assert compare(public_terms(), startup_terms()).without(()) == compare(
        public_terms(), startup_terms()
    )


def test_deadlines_stand_on_one_axis_and_say_whose_date_it_is() -> None:
    a, b = public_terms(), startup_terms()
    a.offer.respond_by_date, a.offer.is_respond_by_stated = dt.date(2026, 12, 4), True
    b.offer.respond_by_date = dt.date(2026, 11, 30)

    view = compare(a, b)

    assert view.glance is not None
    assert view.glance.deadlines is not None
    assert [pin.letter for pin in view.glance.deadlines.pins] == ["B", "A"]
    due = rows(view)["answer_due"].cells
    assert [cell.parts[0].date for cell in due] == [dt.date(2026, 12, 4), dt.date(2026, 11, 30)]
    assert [notes(cell) for cell in due] == [
        ["New York time"],
        ["Our proposal, no date was named. New York time"],
    ]


def test_view_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    terms = [public_terms(), startup_terms(exit_scenarios=exit_scenarios())]

    with django_assert_num_queries(0):
        compare(*terms)
