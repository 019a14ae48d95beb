"""The sections of the offer form: what can be typed, and what is said about it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.figures.fields import Figure, FigureStatus
from offers.forms.equity import PRESETS, Schedule
from offers.forms.role import family_of_title
from offers.forms.section import (
    MOST_ROWS_KEPT,
    Context,
    Section,
    bind,
    posted,
    row_count,
    typed_of,
)
from offers.forms.sections import SECTIONS
from offers.forms.summary import blocks_of
from offers.models import EquityGrant
from offers.selectors.equity import vesting_terms
from offers.valuation import VESTING_PRESETS, vesting_by_year
from tests.factories.offers import TYPED, anything_in, taxonomy_on_file

TODAY = dt.date(2026, 11, 23)
TAXONOMY = taxonomy_on_file()
CONTEXT = Context(taxonomy=TAXONOMY, today=TODAY)


def section(slug: str, **changes: str) -> Section:
    """Return a section as typed in the factory, with some fields changed."""
    return bind(SECTIONS[slug], {**TYPED[slug], **changes}, CONTEXT)


def said_about(slug: str, **changes: str) -> dict[str, str]:
    """Return what the section complains about: the id of the field to the sentence."""
    return {each.target: each.message for each in section(slug, **changes).problems}


def grant(**fields: str) -> Section:
    """Return the equity section with one grant of options and these fields."""
    named = {f"grants-0-{name}": text for name, text in fields.items()}
    return section("equity", **named)


def schedule_of(equity: Section) -> Schedule:
    schedule = equity.row_sets["grants"].forms[0].values["schedule"]
    assert isinstance(schedule, Schedule)
    return schedule


# --- every section -----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SECTIONS)
def test_section_reads_what_the_factory_types(slug: str) -> None:
    assert section(slug).problems == []


@pytest.mark.parametrize("slug", SECTIONS)
@settings(max_examples=100)
@given(data=st.data())
def test_section_never_fails_whatever_is_typed(slug: str, data: st.DataObject) -> None:
    typed = posted(SECTIONS[slug], data.draw(anything_in(slug)))

    read = bind(SECTIONS[slug], typed, CONTEXT)

    assert all(problem.message for problem in read.problems)
    assert {name: read.typed[name] for name in typed} == typed
    assert all(line.label for block in blocks_of(read) for line in block.lines)


@pytest.mark.parametrize("slug", SECTIONS)
def test_section_without_typing_has_no_problems_and_shows_defaults(slug: str) -> None:
    untouched = bind(SECTIONS[slug], None, CONTEXT)

    assert untouched.problems == []
    assert bind(SECTIONS[slug], {}, CONTEXT).typed == untouched.typed


def test_hush_takes_back_what_is_missing_and_keeps_what_is_wrong() -> None:
    read = section("cash", base_salary="lots", target_bonus_fraction="")
    assert len(read.problems) == 2

    read.hush()

    assert [problem.target for problem in read.problems] == ["id_base_salary"]


def test_posted_keeps_known_names_only_and_reads_an_absent_box_as_empty() -> None:
    sent = {"base_salary": "1", "secret": "x", "payments-TOTAL_FORMS": "1", "payments-0-kind": "y"}

    assert posted(SECTIONS["cash"], sent) == {
        "base_salary": "1",
        "payments-TOTAL_FORMS": "1",
        "payments-0-kind": "y",
    }
    assert posted(SECTIONS["benefits"], {})["health_is_counted"] == ""


@pytest.mark.parametrize(
    ("text", "rows"),
    [("2", 2), ("0", 0), ("", 1), ("-1", 1), ("x", 1), ("²", 1), ("9999", 12), ("9" * 400, 1)],
)
def test_row_count_reads_any_number_or_none(text: str, rows: int) -> None:
    assert row_count({"grants-TOTAL_FORMS": text}, "grants", default=1) == rows
    assert rows <= MOST_ROWS_KEPT


def test_rows_left_as_they_came_are_no_rows() -> None:
    read = section("cash", **{"payments-TOTAL_FORMS": "3"})

    assert len(read.row_sets["payments"].forms) == 3
    assert len(read.row_sets["payments"].filled) == 1
    assert read.problems == []


def test_too_many_rows_are_kept_and_named() -> None:
    rows = {f"grants-{number}-compensation_type": "rsu" for number in range(5)}
    read = section("equity", **rows, **{"grants-TOTAL_FORMS": "5"})

    assert len(read.row_sets["grants"].forms) == 5
    assert [each.message for each in read.problems] == [
        "There is room for 4. Remove what you need least."
    ]


# --- role --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Senior ML Engineer", "ml_engineer"),
        ("MLE", "ml_engineer"),
        ("Research Scientist", "research_scientist"),
        ("Staff Data Scientist", "data_scientist"),
        ("Software Engineer, Infrastructure", "software_engineer"),
        ("Applied scientist", "applied_scientist"),
        ("Member of technical staff", None),
        ("Engineer", None),
        ("", None),
    ],
)
def test_family_of_title_needs_two_words_in_common(title: str, key: str | None) -> None:
    family = family_of_title(title, TAXONOMY.role_families.values())

    assert (family.key if family else None) == key


def test_role_takes_the_family_from_the_title_and_says_so() -> None:
    form = section("role").form

    assert form.values["role_family"] == "ml_engineer"
    assert form.cautions["role_family"] == (
        "From the title we take this as “Machine learning engineer”. Choose another if that is wrong."
    )


def test_role_passes_over_a_share_price_of_a_private_company() -> None:
    assert said_about("role", share_price="soon") == {}
    assert said_about("role", share_price="soon", is_public="yes") == {
        "id_share_price": "We could not read “soon”. Write it like 185,000, 185k or 1.2m."
    }


def test_role_doubts_a_public_stage_without_a_listing() -> None:
    form = section("role", stage="public").form
    assert form.is_valid()

    assert form.cautions["is_public"] == ("You chose the stage “Public”. Is it listed after all?")


def test_role_names_what_is_missing() -> None:
    assert said_about("role", name=" ", title="", location="atlantis") == {
        "id_name": "Write the company’s name.",
        "id_title": "Write the job title.",
        "id_location": "Choose where the job is.",
    }


# --- cash --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"), [("265k", 265_000), ("$265,000", 265_000), ("1.2m", 1_200_000), ("", None)]
)
def test_cash_reads_amounts_as_people_write_them(typed: str, amount: int | None) -> None:
    assert section("cash", base_salary=typed).form.values["base_salary"] == amount


def test_cash_wants_the_bonus_that_was_chosen_and_no_other() -> None:
    assert said_about("cash", target_bonus_fraction="", target_bonus="nonsense") == {
        "id_target_bonus_fraction": "Write the percentage, or choose “Not stated”."
    }
    assert said_about("cash", bonus_basis="amount", target_bonus_fraction="nonsense") == {
        "id_target_bonus": "Write the amount, or choose “Not stated”."
    }
    assert said_about("cash", bonus_basis="none", target_bonus_fraction="nonsense") == {}


def test_cash_refuses_an_amount_in_another_currency() -> None:
    assert said_about("cash", base_salary="£95k") == {
        "id_base_salary": "This is in USD, and you typed GBP. "
        "Write it in USD, or change the currency."
    }
    assert (
        said_about("cash", base_salary="£95k", currency="GBP", **{"payments-0-amount": "£1"}) == {}
    )


def test_payment_to_be_paid_back_says_within_how_long() -> None:
    key = "payments-0-repayment_months"

    assert said_about("cash", **{key: ""}) == {
        f"id_{key}": "Write within how many months it must be paid back."
    }
    assert said_about("cash", **{key: "", "payments-0-repayment": "never"}) == {}


# --- equity ------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_vest_in_each_year_what_the_engine_calls_by_that_name(preset: str) -> None:
    schedule = PRESETS[preset]
    saved = EquityGrant(
        total_months=schedule.total_months,
        cliff_months=schedule.cliff_months,
        period_months=schedule.period_months,
        yearly_fractions=list(schedule.yearly_fractions),
        vesting_type="yearly_fractions" if schedule.yearly_fractions else "cliff_then_periodic",
    )

    by_year = vesting_by_year(vesting_terms(saved), 4)

    assert by_year.tolist() == vesting_by_year(VESTING_PRESETS[preset], 4).tolist()


def test_grant_starts_with_four_years_and_a_cliff_that_nobody_confirmed() -> None:
    fresh = bind(SECTIONS["equity"], {"grants-0-compensation_type": "rsu"}, CONTEXT)

    values = fresh.row_sets["grants"].forms[0].values
    assert values["schedule"] == Schedule(total_months=48, cliff_months=12, period_months=1)
    assert values["is_vesting_confirmed"] is False


def test_grant_passes_over_its_own_schedule_unless_that_was_chosen() -> None:
    assert schedule_of(grant(total_months="nonsense", year_1="95")) == PRESETS["25x4"]


def test_grant_with_yearly_percentages_lasts_as_many_years() -> None:
    years = {"year_1": "5", "year_2": "15", "year_3": "40%", "year_4": "40"}

    assert schedule_of(grant(vesting_preset="custom", cliff_months="12", **years)) == Schedule(
        total_months=48,
        cliff_months=12,
        yearly_fractions=(Decimal("0.05"), Decimal("0.15"), Decimal("0.4"), Decimal("0.4")),
    )


def test_grant_whose_years_do_not_make_a_whole_says_what_they_make() -> None:
    years = {"year_1": "25", "year_2": "25", "year_3": "25", "year_4": "20"}
    read = grant(vesting_preset="custom", **years)

    assert [(each.target, each.message) for each in read.problems] == [
        ("id_grants-0-year_1", "Vesting adds up to 95%. It must add up to 100%.")
    ]
    assert read.typed["grants-0-year_4"] == "20"


def test_grant_in_thirds_is_a_whole() -> None:
    years = {"year_1": "33.3333", "year_2": "33.3333", "year_3": "33.3333"}

    assert grant(vesting_preset="custom", **years).problems == []


@pytest.mark.parametrize(
    ("fields", "target", "sentence"),
    [
        (
            {"total_months": "36", "cliff_months": "48"},
            "cliff_months",
            "The cliff is longer than the schedule. Write 36 or less.",
        ),
        (
            {"total_months": "47", "period_months": "3"},
            "period_months",
            "47 months cannot be split into parts of 3 months. Choose monthly, or change the length.",
        ),
        (
            {"total_months": ""},
            "total_months",
            "Write over how many months it vests, such as 48.",
        ),
        ({"total_months": "0"}, "total_months", "Write 1 or more."),
        (
            {"cliff_months": "soon"},
            "cliff_months",
            "We could not read “soon”. Write it like 42,000 or 1.2m.",
        ),
    ],
)
def test_grant_with_an_impossible_schedule_says_why(
    fields: Mapping[str, str], target: str, sentence: str
) -> None:
    read = grant(vesting_preset="custom", **fields)

    assert [(each.target, each.message) for each in read.problems] == [
        (f"id_grants-0-{target}", sentence)
    ]


def test_grant_passes_over_fields_of_another_kind_of_equity() -> None:
    assert grant(compensation_type="rsu", exercise_price="nonsense").problems == []
    assert grant(compensation_type="none", quantity="nonsense", acceleration="x").problems == []
    assert grant(acceleration="none", acceleration_fraction="nonsense").problems == []


def test_grant_reads_any_of_number_percentage_and_value() -> None:
    values = (
        grant(quantity="42k", ownership_fraction="0.08%", grant_value="$1.2m")
        .row_sets["grants"]
        .forms[0]
        .values
    )

    assert (values["quantity"], values["ownership_fraction"], values["grant_value"]) == (
        42_000,
        Decimal("0.0008"),
        1_200_000,
    )


# --- company -----------------------------------------------------------------------------------


def test_company_figure_may_be_refused_or_unknown() -> None:
    values = section("company", fully_diluted_shares="", fully_diluted_shares_status="").form.values

    assert values["debt"] == Figure(None, FigureStatus.REFUSED)
    assert values["fully_diluted_shares"] == Figure(None, FigureStatus.NOT_ASKED)
    assert values["fair_market_value"] == Figure(Decimal("0.50"), FigureStatus.WRITTEN)


def test_company_figure_and_how_it_is_known_must_agree() -> None:
    assert said_about("company", debt="5m") == {
        "id_debt": "You wrote a figure and chose “They would not say”. "
        "Choose how you know it, or empty the field."
    }


def test_class_with_a_cap_states_one_that_holds_the_preference() -> None:
    capped = {"classes-0-participation": "capped"}
    key = "classes-0-participation_cap_multiple"

    assert said_about("company", **capped) == {f"id_{key}": "Write the cap, such as 3x."}
    assert said_about("company", **capped, **{key: "0.5x"}) == {
        f"id_{key}": "The cap includes the preference, so it cannot be smaller."
    }
    assert said_about("company", **capped, **{key: "3x"}) == {}


def test_scenarios_leave_the_rest_of_the_odds_to_nothing() -> None:
    scenarios = section("company").row_sets["scenarios"]

    assert scenarios.probability_of_nothing == Decimal("0.7")  # type: ignore[attr-defined]


def test_scenarios_cannot_be_likelier_than_certain() -> None:
    assert said_about("company", **{"scenarios-0-probability": "120%"}) == {
        "id_scenarios-0-probability": "Write 100% or less. Check the zeros."
    }
    second = {
        f"scenarios-1-{name}": text
        for name, text in (
            ("name", "Great sale"),
            ("exit_proceeds", "2bn"),
            ("years", "5"),
            ("probability", "90"),
            ("dilution_fraction", "20"),
        )
    }
    both = section("company", **second, **{"scenarios-TOTAL_FORMS": "2"})

    assert [(each.target, each.message) for each in both.problems] == [
        ("scenarios-rows", "The odds add up to 120%. Together they cannot exceed 100%.")
    ]
    assert both.row_sets["scenarios"].probability_of_nothing == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["exit_proceeds", "probability"])
def test_scenario_of_nothing_needs_no_row(name: str) -> None:
    messages = said_about("company", **{f"scenarios-0-{name}": "0"})

    assert messages[f"id_scenarios-0-{name}"].startswith("Write more than 0, or remove this row")


# --- benefits, dates ---------------------------------------------------------------------------


def test_retirement_match_needs_both_its_figures() -> None:
    assert said_about("benefits", retirement_match_limit_fraction="") == {
        "id_retirement_match_limit_fraction": "Write up to which part of your salary they match, such as 6%."
    }
    assert said_about("benefits", retirement_match_fraction="") == {
        "id_retirement_match_fraction": "Write how much they add to what you save, such as 50%."
    }


@pytest.mark.parametrize("typed", ["2026-11-16", "16 Nov 2026", "November 16, 2026"])
def test_dates_are_read_where_they_can_mean_one_day(typed: str) -> None:
    assert section("dates", received_date=typed).form.values["received_date"] == dt.date(
        2026, 11, 16
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("11/12/2026", "Write a date that exists, such as 2026-03-31 or 31 March 2026."),
        ("2026-02-30", "Write a date that exists, such as 2026-03-31 or 31 March 2026."),
        ("0001-01-01", "Write a date between 2000 and 2100."),
        ("", "Write the date."),
    ],
)
def test_dates_refuse_what_is_no_day_of_an_offer(typed: str, sentence: str) -> None:
    assert said_about("dates", received_date=typed) == {"id_received_date": sentence}


def test_answer_is_due_after_the_offer_was_received() -> None:
    assert said_about("dates", respond_by_date="2026-11-01") == {
        "id_respond_by_date": "This is before you received the offer. Check both dates."
    }


def test_notes_count_line_breaks_as_people_do() -> None:
    assert said_about("dates", notes="\r\n" * 3_999 + "x") == {}
    assert said_about("dates", notes="x" * 4_001) == {
        "id_notes": "Shorten this to 4,000 characters."
    }


def test_typed_of_writes_figures_as_they_can_be_typed_again() -> None:
    form = SECTIONS["cash"].form(
        initial={"base_salary": Decimal("185000.50"), "target_bonus_fraction": Decimal("0.1525")},
        context=CONTEXT,
    )

    typed = typed_of(form)

    assert (typed["base_salary"], typed["target_bonus_fraction"]) == ("185,000.50", "15.25")
