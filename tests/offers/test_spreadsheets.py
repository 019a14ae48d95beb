"""A decision as a spreadsheet: LibreOffice comes to what the page says."""

import csv
import datetime as dt
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from offers import selectors, services, spreadsheets
from offers.forms.decisions import LeversForm
from offers.models import CashPayment, Comparison, Offer
from offers.selectors.decision import DecisionSheet
from tests.factories.terms import exit_scenarios, public_terms, startup_terms
from tests.offers.test_decision_pages import at, cash_terms, record

pytestmark = pytest.mark.django_db

CENT = 0.01
TODAY = dt.date(2026, 11, 24)
EVIL = '=HYPERLINK("http://evil","x")'


@pytest.fixture
def recalculate(tmp_path: Path) -> Callable[[dict[str, bytes]], dict[str, Any]]:
    """Return a way to have LibreOffice work out every formula anew."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("NO SPREADSHEET: LibreOffice is missing, so no formula was worked out")

    def run(files: dict[str, bytes]) -> dict[str, Any]:
        for name, content in files.items():
            (tmp_path / f"{name}.xlsx").write_bytes(content)
        out = tmp_path / "out"
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(out),
                *(str(tmp_path / f"{name}.xlsx") for name in files),
            ],
            check=True,
            capture_output=True,
            timeout=200,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        return {name: load_workbook(out / f"{name}.xlsx", data_only=True) for name in files}

    return run


def sheet_of(comparison: Comparison, query: dict[str, str]) -> DecisionSheet:
    board = selectors.decision_board(comparison)
    assert board is not None
    levers = LeversForm(query, board=board).levers
    return selectors.decision_sheet(
        board, levers, selectors.scored_criteria(comparison), today=TODAY
    )


def compare(owner: User, *terms: Any, currency: str = "USD") -> Comparison:
    before = Offer.objects.count()
    offers = [
        record(owner, each, f"Company {place}") for place, each in enumerate(terms, start=before)
    ]
    return services.compare_offers(
        owner=owner, offers=offers, name="All", currency=currency, horizon_years=4
    )


def unknown_terms() -> Any:
    terms = startup_terms()
    terms.cap_table.stock_classes_status = "refused"
    return replace(terms, stock_classes=[])


def rich_terms() -> Any:
    """A start-up with debt, scenarios, a participating class and a sign-on to pay back."""
    sign_on = CashPayment(
        amount=Decimal(24_000),
        is_repayment_stated=True,
        repayment_months=24,
        is_repayment_prorated=True,
    )
    terms = replace(startup_terms(exit_scenarios=exit_scenarios()), payments=[sign_on])
    terms.cap_table.debt, terms.cap_table.debt_status = Decimal(3_000_000), "written"
    terms.stock_classes[1].participation = "full"
    terms.revision.currency = "EUR"
    return terms


def close(cell: Any, figure: float | None) -> bool:
    """Say whether a cell holds the figure to the cent, or the word for there being none."""
    if figure is None:
        return cell == "never"
    return isinstance(cell, int | float) and abs(cell - figure) <= CENT


def test_libreoffice_comes_to_what_the_page_says(
    candidate: User, recalculate: Callable[[dict[str, bytes]], dict[str, Any]]
) -> None:
    plain = compare(candidate, cash_terms(), startup_terms())
    many = compare(candidate, rich_terms(), unknown_terms(), public_terms(), currency="GBP")
    for offer in many.offers.order_by("pk")[:1]:
        services.rate_criteria(
            comparison=many,
            criteria=[
                services.RatedCriterion(name=EVIL, weight=2, scores={offer.pk: 5}),
                services.RatedCriterion(name="Calm", weight=1, scores={}),
            ],
        )
    timed = {"rate": "7.5", "odds_b": "40", "years_b": "6", "dilution_b": "20", "tax": "35"}
    sheets = {
        "fixture": sheet_of(plain, {}),
        "timed": sheet_of(plain, timed),
        "many": sheet_of(many, {"first": "c", "second": "a", "rate": "5", "odds_a": "60"}),
        "private-first": sheet_of(many, {"first": "a", "second": "b", "odds_b": "0"}),
        "small-exit": sheet_of(many, {"first": "c", "exit_b": "1m", "exit_a": "25m"}),
    }

    books = recalculate(
        {name: spreadsheets.decision_workbook(sheet) for name, sheet in sheets.items()}
    )

    assert sheets["fixture"].offers[1].break_even_prudent == 39_960_000
    assert books["fixture"]["Decision"]["C11"].value == 39_960_000
    assert books["fixture"]["Decision"]["C14"].value == pytest.approx(30_000_000, abs=CENT)
    for name, sheet in sheets.items():
        book = books[name]
        decision, leaving = book["Decision"], book["Leaving"]
        first = next(offer for offer in sheet.offers if offer.letter == sheet.first)
        for place, offer in enumerate(sheet.offers):
            column = "BCDEFG"[place]
            cells = {row: decision[f"{column}{row}"].value for row in range(4, 16)}
            where = (name, offer.letter, cells)
            assert close(cells[4], offer.certain), where
            assert close(cells[7], offer.total_prudent), where
            assert close(cells[8], offer.total_kindest), where
            if offer is not first and offer.prudent is not None:
                assert close(cells[9], offer.total_prudent - first.total_prudent), where
                assert close(cells[10], offer.break_even_kindest), where
                assert close(cells[11], offer.break_even_prudent), where
                assert close(cells[12], offer.with_time_kindest), where
                assert close(cells[13], offer.with_time_prudent), where
                assert close(cells[14], offer.naive or 0.0), where
            for month in (0, 1, 11, 12, 30, 60):
                values = [leaving.cell(4 + month, 2 + 6 * place + step).value for step in range(6)]
                owed = offer.owed_by_month[month]
                assert close(values[0], offer.paid_by_month[month])
                assert close(values[2], owed * (1 - sheet.withheld_rate))
                assert close(values[3], offer.paid_by_month[month] - owed)
                assert close(values[5], offer.exercise_cost_by_month[month])
    options = books["fixture"]["Options"]
    assert [options.cell(8, column).value for column in (2, 4, 5)] == [20_000, 10_000, 40_000]
    assert books["many"]["Not money"]["A4"].value == EVIL
    assert books["many"]["Not money"]["B6"].value == 5


def test_what_people_typed_is_never_a_formula(candidate: User, client: Client) -> None:
    comparison = compare(candidate, cash_terms(), startup_terms())
    offer = comparison.offers.get(company__name="Company 1")
    offer.company.name = EVIL
    offer.company.save()
    client.force_login(candidate)

    book = load_workbook(io.BytesIO(client.get(at(comparison, "decision_workbook")).content))
    rows = list(csv.reader(io.StringIO(client.get(at(comparison, "decision_csv")).text)))

    heading = book["Decision"]["C3"]
    assert heading.value == f"B {EVIL}"
    assert {
        cell.value
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f" and "HYPERLINK" in str(cell.value)
    } == set()
    assert ["offer", "B", "company", "", f"'{EVIL}"] in rows


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_every_sign_that_begins_a_formula_is_held_back(sign: str) -> None:
    assert spreadsheets.neutral(f"{sign}1+1") == f"'{sign}1+1"
    assert spreadsheets.neutral("Alder\x00 Research") == "Alder Research"


def test_rows_hold_the_numbers_of_the_page(candidate: User, client: Client) -> None:
    comparison = compare(candidate, cash_terms(), startup_terms())
    client.force_login(candidate)

    answer = client.get(at(comparison, "decision_csv"), {"dilution_b": "50"})

    rows = {tuple(row[:4]): row[4] for row in csv.reader(io.StringIO(answer.text))}
    assert answer["Content-Disposition"] == 'attachment; filename="decision.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert rows["break-even", "B", "prudent", ""] == "69960000.0"
    assert rows["break-even", "B", "percent times exit", ""] == "30000000.0"
    assert rows["leaving", "B", "vested units", "month 11"] == "0.0"
    assert rows["leaving", "B", "vested units", "month 12"] == "20000.0"


@pytest.mark.parametrize("view", ["decision_csv", "decision_workbook"])
def test_stranger_gets_no_file(candidate: User, stranger: User, client: Client, view: str) -> None:
    comparison = compare(candidate, cash_terms(), startup_terms())
    client.force_login(stranger)

    assert client.get(at(comparison, view)).status_code == 404


def test_a_comparison_of_one_offer_has_no_file(candidate: User, client: Client) -> None:
    comparison = compare(candidate, cash_terms(), startup_terms())
    comparison.offers.first().delete()  # type: ignore[union-attr]
    client.force_login(candidate)

    assert client.get(at(comparison, "decision_csv")).status_code == 404
    assert client.get(at(comparison)).status_code == 200
    assert (
        reverse("offers:comparison_offers", args=[comparison.pk]) in client.get(at(comparison)).text
    )
