"""The market explorer: open to everyone, a fixed number of queries, a file without formulas."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.figures.cells import plain_cell
from market.models import ExchangeRate, ImportBatch, OccupationWage, PriceLevel, Source
from market.services import refresh_benchmarks
from tests.factories.figures import NOW, observations, price_levels, published_batch

pytestmark = pytest.mark.django_db


def spread(n, base=100_000, **changes):
    return [{"usd": base + 1_000 * i, **changes} for i in range(n)]


def publish(rows):
    observations(published_batch(), rows)
    return refresh_benchmarks(reason="asked", clock=lambda: NOW)


def page(**filters):
    return Client().get(reverse("market:benchmark"), filters)


def test_an_empty_market_says_so_to_anybody() -> None:
    answer = page()

    assert answer.status_code == 200
    assert "No benchmark is published yet" in answer.text


def test_the_answer_stands_with_its_proof() -> None:
    publish(
        [*spread(41), *spread(30, experience="MI"), *spread(25, country_code="GB", region="UK_IE")]
    )

    answer = page(role="ml_engineer", level="L5", country="us")

    shown = " ".join(answer.text.split())
    assert "$120k" in shown
    assert "95% interval $113k to $127k" in shown
    assert "Machine learning engineer, senior level, in the United States" in shown
    assert "aijobs.net salary survey (41, CC0 1.0)" in shown
    assert "midpoints of advertised ranges, not pay that people report" in shown
    assert [table.key for table in answer.context["page"].tables] == [
        "level",
        "country",
        "remote",
        "year",
    ]
    assert "United Kingdom" in shown


def test_a_filter_that_does_not_exist_is_told_and_nothing_else_lost() -> None:
    publish(spread(41))

    answer = page(role="astronaut", level="L4")

    assert answer.status_code == 422
    assert "Choose a kind of work from the list." in answer.text
    assert '<option value="L4" selected>' in answer.text


def test_htmx_gets_the_answer_alone() -> None:
    publish(spread(41))

    answer = Client().get(
        reverse("market:benchmark"),
        headers={"HX-Request": "true", "HX-Target": "market-answer"},
    )

    assert answer.text.strip().startswith('<div id="market-answer">')
    assert "<html" not in answer.text


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries) -> None:
    price_levels()
    publish([*spread(30), *spread(30, country_code="GB", region="UK_IE")])
    with CaptureQueriesContext(connection) as few:
        page()
    publish(
        [
            *spread(60, experience="MI"),
            *spread(40, country_code="GB", region="UK_IE"),
            *spread(40, country_code="DE", region="W_EU", work_arrangement="remote"),
        ]
    )
    with CaptureQueriesContext(connection) as many:
        page()

    assert len(few) == len(many) == 13


def test_what_it_buys_stands_apart_with_its_arithmetic() -> None:
    """Worked by hand in docs/market-data.md."""
    price_levels()
    publish([*spread(41), *spread(41, country_code="DE", region="W_EU", base=60_000)])

    answer = page(country="us", currency="EUR")

    prices = answer.context["page"].prices
    assert [(row.label, row.usd, row.buys_usd) for row in prices.countries] == [
        ("United States", 120_000, 120_000),
        ("Germany", 80_000, 100_000),
    ]
    germany = prices.countries[1]
    assert (germany.currency, germany.units_per_usd, germany.parity, germany.year) == (
        "EUR",
        Decimal("0.8750"),
        Decimal("0.7000"),
        2024,
    )
    # 120,000 x 100 / 112.5; Oregon has no place in the taxonomy, and is not shown.
    assert germany.rate_when == "average of 2025"
    (california,) = prices.states
    assert (california.state, round(california.buys_usd, 2)) == ("CA", Decimal("106666.67"))
    shown = " ".join(answer.text.split())
    assert '0.8750 EUR <span class="sub">average of 2025</span>' in shown
    assert "Exchange rates: A central bank." in shown
    assert "no employer pays in these dollars" in shown
    assert "World Bank, International Comparison Program" in shown
    assert "CC BY 4.0" in shown


def test_without_price_levels_there_is_no_such_view() -> None:
    PriceLevel.objects.all().delete()
    publish(spread(41))

    assert "What it buys" not in page(country="us").text


def test_states_belong_to_the_united_states_alone() -> None:
    price_levels()
    publish([*spread(41), *spread(41, country_code="DE", region="W_EU")])

    assert page(country="de").context["page"].prices.states == ()


def occupation(code: str, *, year: int = 2024, state: str = "published", **figures: object) -> None:
    OccupationWage.objects.create(
        batch=published_batch(key="us-oews", state=state),
        year=year,
        occupation_code=code,
        title=f"Occupation {code}",
        **figures,
    )


def test_official_wages_stand_beside_ours() -> None:
    occupation("15-2051", year=2023, employment=1, p50=1)
    occupation(
        "15-2051", employment=233_440, p10=63_650, p50=112_590, p90=239_200, top_coded=["p90"]
    )
    occupation("15-2041", employment=30_000, p50=103_300)
    occupation("15-2031", state=ImportBatch.State.PREVIEWED, p50=2)
    publish(spread(41, role_family="data_scientist"))

    answer = page(role="data_scientist", country="us")

    shown = " ".join(answer.text.split())
    wages = answer.context["page"].official
    assert [wage.occupation_code for wage in wages] == ["15-2051", "15-2041"]
    assert "at least $239k" in shown
    assert "Not published" in shown
    assert "Occupational Employment and Wage Statistics" in shown


def test_what_lies_above_the_ceiling_is_not_called_unpublished() -> None:
    """As the file of the office is read: its mark for the ceiling leaves no figure."""
    occupation("11-3021", employment=1, p10=1, p25=1, p50=171_200, p75=1, top_coded=["p90"])
    publish(spread(41, role_family="eng_data_leadership"))

    shown = page(role="eng_data_leadership", country="us").text

    assert "Above its ceiling" in shown
    assert "Not published" not in shown


def test_a_rate_of_another_time_says_so() -> None:
    price_levels()
    ExchangeRate.objects.filter(currency="EUR").delete()
    ExchangeRate.objects.create(
        currency="EUR", date=dt.date(2026, 6, 1), period="month", units_per_usd="0.8600"
    )
    publish([*spread(41), *spread(41, country_code="DE", region="W_EU")])

    assert "June 2026" in page(country="us").text


def test_official_wages_are_of_their_country_and_work() -> None:
    occupation("15-2051", p50=112_590)
    publish(
        [*spread(41), *spread(41, role_family="data_scientist", country_code="DE", region="W_EU")]
    )

    assert page(role="data_scientist", country="de").context["page"].official == ()
    assert page(role="ml_engineer", country="us").context["page"].official == ()


def test_too_few_figures_are_counted_and_not_quoted() -> None:
    publish(spread(7))

    answer = page()

    assert "7 figures so far; 20 are needed." in answer.text
    assert "$103k" not in answer.text


def test_a_role_downloads_as_csv_without_formulas() -> None:
    Source.objects.filter(key="aijobs").update(attribution='=HYPERLINK("http://x")')
    publish(spread(41))

    answer = Client().get(reverse("market:benchmark_csv", args=["ml_engineer"]))

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    cell = next(r for r in rows if r["step"] == "same role, level and country" and not r["year"])
    assert (cell["n"], cell["median"], cell["median_low_95"]) == ("41", "120000.0000", "113000.0")
    assert cell["sources"] == '\'=HYPERLINK("http://x")'
    assert cell["licences"] == "CC0 1.0"
    assert answer["Content-Disposition"] == 'attachment; filename="market-ml_engineer.csv"'


def test_a_role_that_does_not_exist_has_no_file() -> None:
    assert Client().get(reverse("market:benchmark_csv", args=["nobody"])).status_code == 404


@pytest.mark.parametrize(
    ("value", "expected"),
    [("=1+1", "'=1+1"), ("+1", "'+1"), ("@x", "'@x"), ("-x", "'-x"), ("\tx", "'\tx"),
     ("plain", "plain"), (-5, -5)],
)  # fmt: skip
def test_what_begins_like_a_formula_is_text(value, expected) -> None:
    assert plain_cell(value) == expected


def test_the_method_page_names_every_source_and_its_terms() -> None:
    publish(spread(41))

    answer = Client().get(reverse("market:methods"))

    for source in Source.objects.all():
        assert source.attribution in answer.text
        assert source.licence in answer.text
    assert "Open Database License (ODbL) 1.0" in answer.text
    assert "World Bank, International Comparison Program" in answer.text
