"""The market explorer: open to everyone, a fixed number of queries, a file without formulas."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.figures.cells import plain_cell
from market.models import Source
from market.services import refresh_benchmarks
from tests.factories.figures import NOW, observations, published_batch

pytestmark = pytest.mark.django_db


def spread(n, **changes):
    return [{"usd": 100_000 + 1_000 * i, **changes} for i in range(n)]


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
    publish(spread(30))
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

    assert len(few) == len(many) == 10


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
