"""A decision as a spreadsheet whose formulas go on working, and as plain rows of numbers.

Text that people typed is never a formula: in a workbook it is stored as text, in CSV a sign that a
spreadsheet would take for the beginning of one gets an apostrophe before it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from offers.selectors.decision import DecisionSheet, SheetOffer, SheetStock

MONEY: Final = "#,##0.00"
PERCENT: Final = "0.00%"
COUNT: Final = "#,##0.##"
NEVER: Final = '"never"'
ENDLESS: Final = "1E+300"
_BOLD: Final = Font(bold=True)
_INPUT: Final = PatternFill("solid", fgColor="FFF6DE")
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def neutral(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    plain = _CONTROLS.sub("", text)
    return f"'{plain}" if plain.startswith(_FORMULA_SIGNS) else plain


# --- rows of numbers -----------------------------------------------------------------------------


def decision_csv(sheet: DecisionSheet) -> str:
    """Return every number of a decision as rows: part, offer, figure, place, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("part", "offer", "figure", "place", "value"))
    writer.writerow(("assumptions", "", "currency", "", sheet.currency))
    writer.writerow(("assumptions", "", "day", "", sheet.today.isoformat()))
    writer.writerow(("assumptions", "", "rules", "", neutral(sheet.rules)))
    writer.writerow(("assumptions", "", "held against", "", sheet.first))
    writer.writerow(("assumptions", "", "discount rate", "", repr(sheet.discount_rate)))
    for offer in sheet.offers:
        for row in _csv_rows(sheet, offer):
            writer.writerow(row)
    return out.getvalue()


def _csv_rows(sheet: DecisionSheet, offer: SheetOffer) -> Iterator[tuple[str, ...]]:
    def told(part: str, figure: str, value: float | str | None, place: str = "") -> tuple[str, ...]:
        shown = "" if value is None else value if isinstance(value, str) else repr(value)
        return (part, offer.letter, figure, place, shown)

    yield told("offer", "company", neutral(offer.name))
    for year, amount in enumerate(offer.certain_by_year, start=1):
        yield told("pay", "needs no exit", amount, f"year {year}")
    yield told("standing", "needs no exit, today", offer.certain)
    yield told("standing", "together, prudent", offer.total_prudent)
    yield told("standing", "together, kindest", offer.total_kindest)
    if offer.prudent is not None:
        yield told("assumptions", "exit", offer.exit_proceeds)
        yield told("assumptions", "years", offer.exit_years)
        yield told("assumptions", "odds", offer.odds)
        yield told("break-even", "kindest", offer.break_even_kindest)
        yield told("break-even", "prudent", offer.break_even_prudent)
        yield told("break-even", "with time and odds, kindest", offer.with_time_kindest)
        yield told("break-even", "with time and odds, prudent", offer.with_time_prudent)
        yield told("break-even", "percent times exit", offer.naive)
    for month, values in enumerate(
        zip(
            offer.paid_by_month,
            offer.owed_by_month,
            offer.vested_by_month,
            offer.exercise_cost_by_month,
            strict=True,
        )
    ):
        names = ("cash paid", "owed back, gross", "vested units", "cost to exercise")
        for name, value in zip(names, values, strict=True):
            yield told("leaving", name, value, f"month {month}")
    for (name, weight), score in zip(sheet.criteria, offer.scores, strict=True):
        yield told(
            "criteria", neutral(name), None if score is None else str(score), f"weight {weight}"
        )


# --- a workbook with live formulas ---------------------------------------------------------------


def decision_workbook(sheet: DecisionSheet) -> bytes:
    """Return the decision as an XLSX: inputs are numbers, everything that follows is a formula."""
    book = Workbook()
    results = book.active
    if not isinstance(results, Worksheet):  # a new workbook has one, says the library's own code
        raise TypeError("a new workbook begins with a worksheet")
    results.title = "Decision"
    _Book(book, results, sheet).write()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Book:
    """Writes one decision; every sheet says at which cells the others find its figures."""

    def __init__(self, book: Workbook, results: Worksheet, sheet: DecisionSheet) -> None:
        self.book = book
        self.results = results
        self.sheet = sheet
        self.columns = {
            offer.letter: get_column_letter(place)
            for place, offer in enumerate(sheet.offers, start=2)
        }
        self.first = next(offer for offer in sheet.offers if offer.letter == sheet.first)
        self.payouts: dict[tuple[str, str], str] = {}
        self.break_evens: dict[tuple[str, str, str], str] = {}
        self.assumptions: dict[str, int] = {}

    def write(self) -> None:
        self._assumptions()
        self._pay()
        self._stock()
        self._decision()
        self._leaving()
        self._options()
        self._criteria()

    # --- inputs ---------------------------------------------------------------------------------

    def _assumptions(self) -> None:
        page = self._page(
            "Assumptions", "What you assume. Change a yellow cell and every sheet follows."
        )
        self._heads(page, 3)
        rows: Sequence[tuple[str, str, str]] = (
            ("exit_proceeds", "Company sold for", MONEY),
            ("exit_years", "Years until then", COUNT),
            ("odds", "Odds of that exit", PERCENT),
            ("fully_diluted_shares", "Fully diluted shares", COUNT),
            ("vested_units", "Units that vest within the horizon", COUNT),
            ("exercise_cost", "Exercise money", MONEY),
            ("last_round", "Last post-money valuation", MONEY),
        )
        for place, (name, label, shown) in enumerate(rows, start=4):
            self.assumptions[name] = place
            _label(page, place, label)
            for offer in self.sheet.offers:
                value = getattr(offer, name)
                if offer.prudent is not None and value is not None:
                    _input(page, f"{self.columns[offer.letter]}{place}", value, shown)
        self.assumptions["rate"], self.assumptions["tax"] = 12, 13
        _label(page, 12, "Discount rate a year")
        _input(page, "B12", self.sheet.discount_rate, PERCENT)
        _label(page, 13, "Tax withheld from one-off payments")
        _input(page, "B13", self.sheet.withheld_rate, PERCENT)
        _label(page, 15, "Currency")
        _text(page, "B15", self.sheet.currency)
        _label(page, 16, "Day")
        _text(page, "B16", self.sheet.today.isoformat())
        _label(page, 17, "Rules")
        _text(page, "B17", self.sheet.rules)

    def _at(self, name: str, offer: SheetOffer) -> str:
        """Return where an assumption about an offer stands."""
        return f"Assumptions!${self.columns[offer.letter]}${self.assumptions[name]}"

    def _pay(self) -> None:
        page = self._page("Pay", "Money that needs no exit, year by year, before tax.")
        self._heads(page, 3, "Year")
        n_years = len(self.first.certain_by_year)
        for year in range(1, n_years + 1):
            page.cell(3 + year, 1, year)
            for offer in self.sheet.offers:
                cell = f"{self.columns[offer.letter]}{3 + year}"
                _input(page, cell, offer.certain_by_year[year - 1], MONEY)
        self.plain_row, self.today_row = 5 + n_years, 6 + n_years
        _label(page, self.plain_row, "Plain sum")
        _label(page, self.today_row, "Worth today")
        for offer in self.sheet.offers:
            column = self.columns[offer.letter]
            years, money = f"$A$4:$A${3 + n_years}", f"{column}4:{column}{3 + n_years}"
            _formula(page, f"{column}{self.plain_row}", f"=SUM({money})", MONEY)
            _formula(
                page,
                f"{column}{self.today_row}",
                f"=SUMPRODUCT({money}/(1+Assumptions!$B$12)^{years})",
                MONEY,
            )

    def _plain(self, offer: SheetOffer) -> str:
        return f"Pay!${self.columns[offer.letter]}${self.plain_row}"

    def _today(self, offer: SheetOffer) -> str:
        return f"Pay!${self.columns[offer.letter]}${self.today_row}"

    # --- the waterfall --------------------------------------------------------------------------

    def _stock(self) -> None:
        page = self._page(
            "Stock",
            "What the stock pays: of each dollar between two levels, your share is constant.",
        )
        row = 3
        # The offer that others are held against comes first: their leads read its payout.
        for offer in sorted(self.sheet.offers, key=lambda each: each is not self.first):
            readings = {"prudent": offer.prudent, "kindest": offer.kindest}
            if offer.prudent == offer.kindest:
                readings.pop("kindest")
            for reading, stock in readings.items():
                if stock is not None:
                    row = self._tranches(page, row, offer, reading, stock)
            if offer.prudent is not None and offer.prudent == offer.kindest:
                for table in (self.payouts,):
                    table[offer.letter, "kindest"] = table[offer.letter, "prudent"]
                for way in ("plain", "timed"):
                    self.break_evens[offer.letter, "kindest", way] = self.break_evens[
                        offer.letter, "prudent", way
                    ]

    def _tranches(
        self, page: Worksheet, row: int, offer: SheetOffer, reading: str, stock: SheetStock
    ) -> int:
        """Write one payoff with what it pays and where it reaches the lead; return the next row."""
        _head(page, row, f"Offer {offer.letter}, read {reading}")
        heads = ("From", "To", "Your share", "Paid at from", "Dollars of your exit", "They pay")
        for place, text in enumerate((*heads, "Lead reached", "Lead with time and odds"), start=1):
            _bold(page, row + 1, place, text)
        start, end = row + 2, row + 1 + len(stock.starts)
        needs = self._needs(offer)
        for place, (level, share) in enumerate(zip(stock.starts, stock.shares, strict=True)):
            at = start + place
            _input(page, f"A{at}", level, MONEY)
            _formula(page, f"B{at}", f"=A{at + 1}" if at < end else f"={ENDLESS}", MONEY)
            _input(page, f"C{at}", share, "0.0000000000%")
            paid = "=0" if place == 0 else f"=D{at - 1}+C{at - 1}*(B{at - 1}-A{at - 1})"
            _formula(page, f"D{at}", paid, MONEY)
            exit_at = self._at("exit_proceeds", offer)
            _formula(page, f"E{at}", f"=MAX(0,MIN({exit_at},B{at})-A{at})", MONEY)
            _formula(page, f"F{at}", f"=E{at}*C{at}", MONEY)
            for column, need in zip("GH", needs, strict=True):
                reached = f"A{at}+({need}-D{at})/C{at}"
                within = f"AND(C{at}>0,{need}>=D{at},{need}<D{at}+C{at}*(B{at}-A{at}))"
                _formula(page, f"{column}{at}", f'=IF({within},{reached},"")', MONEY)
        total = end + 1
        _head(page, total, "Together")
        _formula(page, f"F{total}", f"=SUM(F{start}:F{end})", MONEY)
        self.payouts[offer.letter, reading] = f"Stock!$F${total}"
        for column, need, way in zip("GH", needs, ("plain", "timed"), strict=True):
            cells = f"{column}{start}:{column}{end}"
            _formula(
                page,
                f"{column}{total}",
                f"=IF({need}<0,0,IF(COUNT({cells})=0,{NEVER},MIN({cells})))",
                MONEY,
            )
            self.break_evens[offer.letter, reading, way] = f"Stock!${column}${total}"
        return total + 3

    def _needs(self, offer: SheetOffer) -> tuple[str, str]:
        """Return what the stock must pay, plain and with time value and odds."""
        if offer is self.first:
            return "0", "0"
        plain_first, today_first = self._plain(self.first), self._today(self.first)
        if self.first.prudent is not None:
            payout = self.payouts[self.first.letter, "prudent"]
            odds = self._at("odds", self.first)
            plain_first += f"+{payout}*{odds}"
            today_first += f"+{payout}*{self._weight(self.first)}"
        plain = f"({plain_first}-{self._plain(offer)})"
        lead, weight = f"({today_first}-{self._today(offer)})", self._weight(offer)
        # What is never paid cannot make up for a lead, and gives none up.
        return plain, f"IF({weight}=0,IF({lead}<0,-1,{ENDLESS}),{lead}/({weight}))"

    def _weight(self, offer: SheetOffer) -> str:
        """Return what a dollar paid at the exit is worth today."""
        years, odds = self._at("exit_years", offer), self._at("odds", offer)
        return f"{odds}/(1+Assumptions!$B$12)^{years}"

    # --- what follows ---------------------------------------------------------------------------

    def _decision(self) -> None:
        page = self.results
        page["A1"] = "What decides it"
        page["A1"].font = Font(bold=True, size=14)
        page["A2"] = f"In {self.sheet.currency}, before tax. Held against offer {self.sheet.first}."
        self._heads(page, 3)
        labels = (
            "Needs no exit, today",
            "Private stock at your exit, prudent",
            "Private stock at your exit, kindest",
            "Together, prudent",
            "Together, kindest",
            "Beside the first, prudent",
            "Break-even, kindest",
            "Break-even, prudent",
            "With time and odds, kindest",
            "With time and odds, prudent",
            "My percent times the exit",
            "Times its last round, prudent",
        )
        for row, label in enumerate(labels, start=4):
            _label(page, row, label)
        for offer in self.sheet.offers:
            self._column(page, offer)
        page.freeze_panes = "B4"

    def _column(self, page: Worksheet, offer: SheetOffer) -> None:
        column, letter = self.columns[offer.letter], offer.letter
        first_column = self.columns[self.first.letter]
        _formula(page, f"{column}4", f"={self._today(offer)}", MONEY)
        for row, reading in ((5, "prudent"), (6, "kindest")):
            payout = self.payouts.get((letter, reading))
            worth = f"={payout}*{self._weight(offer)}" if payout else "=0"
            _formula(page, f"{column}{row}", worth, MONEY)
            _formula(page, f"{column}{row + 2}", f"={column}4+{column}{row}", MONEY)
        if offer is self.first:
            return
        _formula(page, f"{column}9", f"={column}7-{first_column}7", MONEY)
        if offer.prudent is None:
            return
        for row, reading, way in (
            (10, "kindest", "plain"),
            (11, "prudent", "plain"),
            (12, "kindest", "timed"),
            (13, "prudent", "timed"),
        ):
            _formula(page, f"{column}{row}", f"={self.break_evens[letter, reading, way]}", MONEY)
        lead = self._needs(offer)[0]
        share = f"({self._at('vested_units', offer)}/{self._at('fully_diluted_shares', offer)})"
        naive = f"=IF({lead}<=0,0,({lead}+{self._at('exercise_cost', offer)})/{share})"
        _formula(page, f"{column}14", naive, MONEY)
        if offer.last_round is not None:
            multiple = (
                f"=IF(ISNUMBER({column}11),{column}11/{self._at('last_round', offer)},{NEVER})"
            )
            _formula(page, f"{column}15", multiple, "0.00")

    def _leaving(self) -> None:
        page = self._page("Leaving", "What leaving after a month keeps and owes.")
        heads = (
            "cash paid",
            "owed back, gross",
            "owed back, net",
            "cash kept",
            "vested units",
            "cost to exercise",
        )
        _bold(page, 3, 1, "Month")
        for place, offer in enumerate(self.sheet.offers):
            base = 2 + place * len(heads)
            for step, head in enumerate(heads):
                _bold(page, 3, base + step, f"{offer.letter} {head}")
            paid, gross, net, kept, vested, cost = (
                get_column_letter(base + step) for step in range(len(heads))
            )
            for month, amount in enumerate(offer.paid_by_month):
                at = 4 + month
                _input(page, f"{paid}{at}", amount, MONEY)
                _input(page, f"{gross}{at}", offer.owed_by_month[month], MONEY)
                _formula(page, f"{net}{at}", f"={gross}{at}*(1-Assumptions!$B$13)", MONEY)
                _formula(page, f"{kept}{at}", f"={paid}{at}-{gross}{at}", MONEY)
                _input(page, f"{vested}{at}", offer.vested_by_month[month], COUNT)
                _input(page, f"{cost}{at}", offer.exercise_cost_by_month[month], MONEY)
        for month in range(len(self.first.paid_by_month)):
            page.cell(4 + month, 1, month)
        page.freeze_panes = "B4"

    def _options(self) -> None:
        page = self._page("Options", "What owning the options costs, as they vest.")
        row = 3
        for offer in self.sheet.offers:
            for number, grant in enumerate(offer.options, start=1):
                _head(
                    page, row, f"Offer {offer.letter}, grant {number}, in {offer.option_currency}"
                )
                for place, head in enumerate(("Year", "Units", "Price", "Cost", "So far"), start=1):
                    _bold(page, row + 1, place, head)
                for year, units in enumerate(grant.units_by_year, start=1):
                    at = row + 1 + year
                    page.cell(at, 1, year)
                    _input(page, f"B{at}", units, COUNT)
                    _input(page, f"C{at}", grant.exercise_price, "0.000000")
                    _formula(page, f"D{at}", f"=B{at}*C{at}", MONEY)
                    _formula(page, f"E{at}", f"=SUM(D{row + 2}:D{at})", MONEY)
                row += 4 + len(grant.units_by_year)

    def _criteria(self) -> None:
        page = self._page("Not money", "Your own weights and scores; never added to money.")
        self._heads(page, 3, "Criterion")
        last = get_column_letter(2 + len(self.sheet.offers))
        _bold(page, 3, 2 + len(self.sheet.offers), "Weight")
        for place, (name, weight) in enumerate(self.sheet.criteria):
            at = 4 + place
            _text(page, f"A{at}", name)
            _input(page, f"{last}{at}", weight, "0")
            for offer in self.sheet.offers:
                score = offer.scores[place]
                if score is not None:
                    _input(page, f"{self.columns[offer.letter]}{at}", score, "0")
        if not self.sheet.criteria:
            return
        end = 3 + len(self.sheet.criteria)
        _label(page, end + 1, "Weighted average")
        for offer in self.sheet.offers:
            column = self.columns[offer.letter]
            scores, weights = f"{column}4:{column}{end}", f"${last}$4:${last}${end}"
            scored = f"SUMPRODUCT(ISNUMBER({scores})*{weights})"
            average = f'=IF({scored}=0,"",SUMPRODUCT({scores},{weights})/{scored})'
            _formula(page, f"{column}{end + 1}", average, "0.00")

    # --- parts ----------------------------------------------------------------------------------

    def _page(self, title: str, words: str) -> Worksheet:
        page: Worksheet = self.book.create_sheet(title)
        page["A1"] = words
        page["A1"].font = _BOLD
        page.column_dimensions["A"].width = 36
        for column in range(2, 40):
            page.column_dimensions[get_column_letter(column)].width = 18
        return page

    def _heads(self, page: Worksheet, row: int, corner: str = "") -> None:
        _bold(page, row, 1, corner)
        for offer in self.sheet.offers:
            cell = f"{self.columns[offer.letter]}{row}"
            _text(page, cell, f"{offer.letter} {offer.name}")
            page[cell].font = _BOLD
        page.column_dimensions["A"].width = 36
        for column in self.columns.values():
            page.column_dimensions[column].width = 22


def _label(page: Worksheet, row: int, text: str) -> None:
    page.cell(row, 1, text)


def _head(page: Worksheet, row: int, text: str) -> None:
    _bold(page, row, 1, text)


def _bold(page: Worksheet, row: int, column: int, text: str) -> None:
    page.cell(row, column, text).font = _BOLD


def _input(page: Worksheet, at: str, value: float, shown: str) -> None:
    cell = _cell(page, at)
    cell.value = value
    cell.number_format = shown
    cell.fill = _INPUT


def _formula(page: Worksheet, at: str, formula: str, shown: str) -> None:
    cell = _cell(page, at)
    cell.value = formula
    cell.number_format = shown


def _text(page: Worksheet, at: str, text: str) -> None:
    """Write what somebody typed as text, whatever it begins with."""
    cell = _cell(page, at)
    cell.value = _CONTROLS.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = True


def _cell(page: Worksheet, at: str) -> Cell:
    cell = page[at]
    if not isinstance(cell, Cell):  # merged cells, of which there are none
        raise TypeError(at)
    return cell
