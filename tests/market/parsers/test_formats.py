"""Each format: the quirks its README lists, and a message that names line and column."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from market.parsers import (
    BadFile,
    Problem,
    Vocabulary,
    exchange_rates,
    filings,
    generic,
    occupations,
    price_levels,
    salaries,
    surveys,
)
from market.parsers.filings import employer_key

SALARIES = ",".join(salaries.HEADER)


def table(reader, text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    found = reader(io.BytesIO(content), **options)
    return found, list(found.rows)


def rows_of(reader, text, **options):
    found, rows = table(reader, text, **options)
    return [
        row if isinstance(row, Problem) else dict(zip(found.columns, row, strict=True))
        for row in rows
    ]


def salary_rows(*lines):
    return rows_of(salaries.read, "\r\n".join([SALARIES, *lines]))


# --- salaries ----------------------------------------------------------------------------------

A = "2025,SE,FT,Data Analyst,{},USD,{},US,0,US,M"


def test_salary_row_is_read_into_our_words():
    (row,) = salary_rows("2025,EN,FT,Data Analyst,324000,MXN,15890,MX,100,MX,M")

    assert row | {"content_hash": "", "raw": ""} == {
        "line": "2",
        "content_hash": "",
        "range_run": "1",
        "raw": "",
        "observed_date": "2025-01-01",
        "experience": "EN",
        "employment_type": "FT",
        "title": "Data Analyst",
        "amount": "324000",
        "currency": "MXN",
        "base_usd": "15890",
        "residence_code": "MX",
        "work_arrangement": "remote",
        "country_code": "MX",
        "size": "M",
    }


def test_equal_rows_have_equal_hashes_and_others_do_not():
    first, second, third = salary_rows(A.format(5, 5), A.format(5, 5), A.format(6, 6))

    assert first["content_hash"] == second["content_hash"] != third["content_hash"]


def test_run_goes_on_while_pay_does_not_rise_and_all_else_is_alike():
    rows = salary_rows(
        A.format(9, 9),
        A.format(5, 5),
        A.format(5, 5),
        A.format(6, 6),
        A.format(4, 4).replace("SE", "MI"),
    )

    assert [row["range_run"] for row in rows] == ["1", "1", "1", "2", "3"]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("2025,SE,FT,Data Analyst,1,USD,1,US,0,US", "11", "The row has 10 cells instead of 11."),
        ("25,SE,FT,X,1,USD,1,US,0,US,M", "work_year", "'25' is not a year such as 2025."),
        ("2025,XX,FT,X,1,USD,1,US,0,US,M", "experience_level", "'XX' is not EN, MI, SE or EX."),
        ("2025,SE,FT,X,1.5,USD,1,US,0,US,M", "salary", "'1.5' is not a whole amount."),
        ("2025,SE,FT,X,1,USD,-1,US,0,US,M", "salary_in_usd", "'-1' is not a whole amount."),
        ("2025,SE,FT,X,1,US,1,US,0,US,M", "salary_currency", "'US' is not a currency code such as USD."),
        ("2025,SE,FT,,1,USD,1,US,0,US,M", "job_title", "'' is not a title of at most 300 characters."),
        ("2025,SE,FT,X,1,USD,1,US,0,ZZ,M", "company_location", "'ZZ' is not a country code such as US."),
        ("2025,SE,FT,X,1,USD,1,US,7,US,M", "remote_ratio", "'7' is not 0, 50 or 100."),
    ],
)  # fmt: skip
def test_salary_row_that_cannot_be_read_says_where(line, column, message):
    problem, good = salary_rows(line, A.format(1, 1))

    assert (problem.line, problem.column, problem.message) == (2, column, message)
    assert good["line"] == "3"


# --- filings -----------------------------------------------------------------------------------

FY2014 = (
    ";LCA_CASE_NUMBER;CASE_STATUS;LCA_CASE_SUBMIT;DECISION_DATE;VISA_CLASS;LCA_CASE_EMPLOYER_NAME;"
    "SOC_CODE;SOC_NAME;LCA_CASE_JOB_TITLE;LCA_CASE_WAGE_RATE_FROM;LCA_CASE_WAGE_RATE_TO;"
    "LCA_CASE_WAGE_RATE_UNIT;FULL_TIME_POS;LCA_CASE_WORKLOC1_CITY;WORKSITE_STATE\n"
)
FY2015 = (
    ";CASE_NUMBER;CASE_STATUS;CASE_SUBMITTED;DECISION_DATE;VISA_CLASS;EMPLOYER_NAME;JOB_TITLE;SOC_CODE;"
    "SOC_NAME;FULL_TIME_POSITION;PW_WAGE_LEVEL;WAGE_RATE_OF_PAY;WAGE_UNIT_OF_PAY;WORKSITE_CITY;"
    "WORKSITE_STATE\n"
)
FY2017 = (
    "CASE_NUMBER;CASE_STATUS;DECISION_DATE;VISA_CLASS;EMPLOYER_NAME;JOB_TITLE;SOC_CODE;SOC_NAME;"
    "FULL_TIME_POSITION;WAGE_RATE_OF_PAY_FROM;WAGE_RATE_OF_PAY_TO;WAGE_UNIT_OF_PAY;WORKSITE_STATE\n"
)
FY2020 = (
    "CASE_STATUS,RECEIVED_DATE,DECISION_DATE,VISA_CLASS,SOC_CODE,SOC_TITLE,FULL_TIME_POSITION,"
    "EMPLOYER_NAME,WAGE_RATE_OF_PAY_FROM,WAGE_UNIT_OF_PAY,PW_WAGE_LEVEL\n"
)
FY2025 = (
    "CASE_NUMBER,JOB_TITLE,SOC_CODE,SOC_TITLE,FULL_TIME_POSITION,EMPLOYER_NAME,WORKSITE_CITY,"
    "WORKSITE_STATE,WAGE_RATE_OF_PAY_FROM,WAGE_RATE_OF_PAY_TO,WAGE_UNIT_OF_PAY,PW_WAGE_LEVEL,Year,Quarter\n"
)


def filing(header, line):
    (row,) = rows_of(filings.read, header + line)
    return row


def test_fiscal_year_2014_counts_hours_and_an_index():
    line = "{};I-1;CERTIFIED;2014-08-14 12:49:31;2014-08-20 22:01:03;H-1B;GOOGLE, INC.;15-1132;Soft;ENGINEER;50.5;;Hour;Y;GASTONIA;NC"
    row, again = filing(FY2014, line.format(7)), filing(FY2014, line.format(8))

    assert row["content_hash"] == again["content_hash"]
    assert (row["base"], row["low"], row["high"]) == ("105040.00", "", "")
    assert (row["amount"], row["unit"], row["currency"]) == ("50.5", "hour", "USD")
    assert (row["case_number"], row["observed_date"]) == ("I-1", "2014-08-20")
    assert (row["employer"], row["employer_key"]) == ("GOOGLE, INC.", "GOOGLE")
    assert (row["country_code"], row["subdivision"], row["city"]) == ("US", "NC", "Gastonia")
    assert '"fiscal_year": 2014' in row["facts"]


@pytest.mark.parametrize(
    ("wage", "low", "high"),
    [
        ("72218 - 92000", "72218.00", "92000.00"),
        ("118000 -", "118000.00", ""),
        ("82000.00 - 82000.00", "82000.00", ""),
    ],
)
def test_fiscal_year_2015_writes_both_ends_in_one_cell(wage, low, high):
    line = f"1;I-1;CERTIFIED;2014-11-05;2014-11-12;H-1B;X;T;15-1132;S;Y;Level II;{wage};Year;A;CT"
    row = filing(FY2015, line)

    assert (row["base"], row["high"]) == (low, high)
    assert (row["experience"], '"fiscal_year": 2015' in row["facts"]) == ("MI", True)


def test_fiscal_year_2017_has_spreadsheet_days_and_zero_for_none():
    row = filing(FY2017, "I-1;CERTIFIED-WITHDRAWN;42914.0;H-1B;X;T;15-1131;S;Y;82600.0;0.0;Year;VA")

    assert (row["observed_date"], row["high"]) == ("2017-06-28", "")
    assert row["reason"] == "not_certified"


def test_fiscal_year_2020_has_no_case_no_title_and_long_codes():
    row = filing(
        FY2020,
        'Certified,2020-01-28,2020-02-04,H-1B,15-1133.00,"Developers, Systems",Y,"Facebook, Inc.",93900,Hour,II',
    )

    assert (row["case_number"], row["title"]) == ("", "Developers, Systems")
    assert row["occupation_code"] == "15-1133"
    assert (row["base"], row["reason"]) == ("195312000.00", "wrong_unit")


def test_fiscal_year_2025_is_dated_by_its_quarter():
    row = filing(
        "\ufeff" + FY2025,
        "I-1,NURSE,29-1141.00,nurses,Y,X,Houston,TX,124999,125000,Year,III,2025,Q2",
    )

    assert (row["observed_date"], row["reason"]) == ("2025-01-01", "")
    assert (row["low"], row["high"]) == ("124999.00", "125000.00")
    assert '"fiscal_year": 2025' in row["facts"]


def test_filing_that_cannot_be_read_says_where():
    line = "I-1;CERTIFIED;42914.0;H-1B;X;T;15-1131;S;Y;82600.0;0.0;{};VA"

    assert filing(FY2017, line.format("")) == Problem(
        line=2, column="WAGE_UNIT_OF_PAY", kind="value",
        message="There is not Year, Month, Bi-Weekly, Week or Hour.",
    )  # fmt: skip
    assert filing(FY2017, line.format("Year").replace("82600.0", "lots")).message == (
        "'lots' is not an amount."
    )


def test_file_without_a_wage_column_is_refused():
    with pytest.raises(BadFile, match=r"^Line 1, column WAGE_RATE_OF_PAY: No column says the wage"):
        filings.read(io.BytesIO(FY2017.replace("WAGE_RATE_OF_PAY_FROM", "PAY").encode()))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("GOOGLE INC.", "GOOGLE"),
        ("Google, Inc.", "GOOGLE"),
        ("IBM INDIA PRIVATE LIMITED", "IBM INDIA"),
        ("IBM INDIA PVT LTD", "IBM INDIA"),
        ("L.L.C. Partners", "LLC PARTNERS"),
        ("Co", "CO"),
    ],
)
def test_spellings_of_an_employer_are_one(name, key):
    assert employer_key(name) == key


# --- survey ------------------------------------------------------------------------------------

SURVEY = "Employment,RemoteWork,EdLevel,YearsCode,YearsCodePro,DevType,OrgSize,Salary,ICorPM\n"


def survey(line, name="responses.csv"):
    (row,) = rows_of(surveys.read, SURVEY + line, name=name, families={"Scientist": "quant"})
    return row


def test_survey_answer_is_total_pay():
    row = survey('"Employed, full-time",Remote,BSc,9,3,Scientist,"1,000-4,999",285000.0,IC')

    assert (row["total"], row["reason"], row["family_key"]) == ("285000.0", "", "quant")
    assert (row["work_arrangement"], row["size"], row["employment_type"]) == ("remote", "L", "FT")
    assert row["observed_date"] == "2023-05-01"


def test_survey_keeps_bands_that_fit_no_size_and_one_spelling_of_not_knowing():
    row = survey("Student,In-person,BSc,9,3,Other,I don’t know,900,IC", name="so2024.csv")

    assert (row["size"], row["reason"], row["observed_date"]) == ("", "out_of_range", "2024-05-01")
    assert '"headcount": "I don\'t know"' in row["facts"]


# --- occupations -------------------------------------------------------------------------------


def workbook(rows, title="national_M2024_dl"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


OEWS_ROW = [
    "15-1252",
    "Software Developers",
    "detailed",
    1654440,
    144570,
    0.5,
    "#",
    103050,
    "*",
    169000,
    211450,
]


def test_occupations_are_the_detailed_ones_with_ceilings_marked():
    content = workbook([occupations.NEEDED, ["15-1250", "x", "broad", *[1] * 8], OEWS_ROW])
    _, (wage,) = table(occupations.read, content, name="x.xlsx")

    assert (wage.year, wage.employment, wage.mean) == (2024, 1654440, Decimal(144570))
    assert wage.percentiles == (None, Decimal(103050), None, Decimal(169000), Decimal(211450))
    assert wage.top_coded == ("p10",)
    assert wage.mean_relative_error == Decimal("0.005")


def test_occupation_that_cannot_be_read_says_where():
    content = workbook(
        [[name.lower() for name in occupations.NEEDED], [*OEWS_ROW[:3], "many", *OEWS_ROW[4:]]]
    )

    assert table(occupations.read, content, name="M2021.xlsx")[1] == [
        Problem(line=2, column="TOT_EMP", kind="value", message="'many' is not a figure.")
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no workbook", "This is not an Excel workbook (.xlsx)."),
        (workbook([["OCC_CODE"]]), "Line 1, column OCC_TITLE: The column is missing."),
        (workbook([occupations.NEEDED], "Sheet1"), "Neither the sheet nor the file is named after"),
        (workbook([OEWS_ROW])[:-300], "The workbook is damaged or was cut off. Fetch it again."),
    ],
)
def test_workbook_that_is_none_of_ours_is_refused(content, says):
    with pytest.raises(BadFile) as caught:
        occupations.read(io.BytesIO(content), name="x.xlsx")
    assert str(caught.value).startswith(says)


def with_member(name, content):
    file = io.BytesIO(workbook([OEWS_ROW]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def test_workbook_with_macros_is_refused():
    with pytest.raises(BadFile, match="holds macros"):
        occupations.read(io.BytesIO(with_member("xl/vbaProject.bin", b"x")), name="x.xlsm")


def test_workbook_that_unpacks_without_end_is_refused():
    content = with_member("xl/more.xml", b"0" * 20_000_000)

    with pytest.raises(BadFile, match="unpacks to 20 MB, which is too much"):
        occupations.read(io.BytesIO(content), name="x.xlsx")


# --- rates and price levels --------------------------------------------------------------------


def figures(reader, text):
    return [
        (row.measure, row.code, row.date, row.period, row.value)
        if not isinstance(row, Problem)
        else (row.line, row.column, row.message)
        for row in table(reader, text)[1]
    ]


def test_rates_of_the_fed_are_units_per_dollar_whatever_their_page_says():
    text = "Date,Country,Exchange rate\n2026-05-01,Euro,0.8684\n2026-06-01,United Kingdom,0.74\n"

    assert figures(exchange_rates.read_fed, text) == [
        ("rate", "EUR", "2026-05-01", "month", Decimal("0.8684")),
        ("rate", "GBP", "2026-06-01", "month", Decimal("0.74")),
    ]


def test_rates_of_first_januaries_are_of_years():
    text = "Date,Country,Exchange rate\n2024-01-01,Euro,0.92\n2025-01-01,Euro,0.9\n"

    assert {row[3] for row in figures(exchange_rates.read_fed, text)} == {"year"}


def test_rate_that_cannot_be_read_says_where():
    text = (
        "Date,Country,Exchange rate\n2024-13-01,Euro,1\n2024-02-01,Atlantis,1\n2024-03-01,Euro,ND\n"
    )

    assert figures(exchange_rates.read_fed, text) == [
        (2, "Date", "'2024-13-01' is not a date such as 2026-06-01."),
        (3, "Country", "No currency is known for 'Atlantis'."),
        (4, "Exchange rate", "'ND' is not a rate."),
    ]


def test_rates_of_the_ecb_become_units_per_dollar():
    text = "Date,USD,JPY,CYP,\n2026-04-13,1.25,200,N/A,\n"

    assert figures(exchange_rates.read_ecb, text) == [
        ("rate", "EUR", "2026-04-13", "day", Decimal("0.8")),
        ("rate", "JPY", "2026-04-13", "day", Decimal(160)),
    ]


def test_daily_file_of_the_ecb_has_spaces_and_words():
    text = "Date, USD, JPY, \n13 April 2026, 1.25, 200, \n"

    assert [row[2] for row in figures(exchange_rates.read_ecb, text)] == ["2026-04-13"] * 2


BEA = "GeoFIPS,GeoName,Region,TableName,LineCode,Description,Unit,2022,2023\n"


def test_price_parities_pass_incomes_and_notes():
    text = BEA + (
        ' "00000","United States", ,SARPP,5," RPPs: All items","Index",100.0,100.0\n'
        ' "06000","California",8,SARPP,5," RPPs: All items","Index",112.6,(NA)\n'
        ' "06000","California",8,SARPP,1," Income","Millions",5,6\n'
        ' "99000","Nowhere",8,SARPP,7," RPPs: Housing","Index",5,6\n'
        '"SARPP: Real personal income"\n'
    )

    assert figures(price_levels.read_bea, text) == [
        ("rpp_all", "US", "2022-01-01", "year", Decimal(100)),
        ("rpp_all", "US", "2023-01-01", "year", Decimal(100)),
        ("rpp_all", "US-CA", "2022-01-01", "year", Decimal("112.6")),
        (5, "GeoFIPS", "'99000' is not the code of a state."),
    ]


def test_price_parities_upstream_are_latin_1():
    text = BEA + ' "06000","Calif\xf3rnia",8,SARPP,5,"a","b",112.6,1\n'

    assert len(figures(price_levels.read_bea, text.encode("latin-1"))) == 2


def test_namibia_is_no_missing_value_and_groups_are_no_countries():
    text = 'Country,Country ID,Year,PPP\nNamibia,NA,2024,7.5\n"Euro area",XC,2024,0.6\nX,DE,20,1\n'

    assert figures(price_levels.read_ppp, text) == [
        ("ppp", "NA", "2024-01-01", "year", Decimal("7.5")),
        (4, "Year", "'20' cannot be read."),
    ]


# --- any CSV -----------------------------------------------------------------------------------

WORDS = Vocabulary(
    levels={"l5": "L5", "e5": "L5"},
    experience_of_level={"L5": "SE"},
    stages=frozenset({"series_b"}),
)
MAP = {
    "columns": {
        "title": "Role",
        "amount": "Pay",
        "date": "When",
        "level": "Grade",
        "country": "Land",
    },
    "constants": {"currency": "EUR"},
}


def any_csv(text, column_map=MAP):
    return rows_of(generic.read, text, column_map=column_map, vocabulary=WORDS)


def test_any_csv_is_read_by_its_map_whatever_separates_it():
    (row,) = any_csv('Role;Pay;When;Grade;Land\n"Data; Scientist";€ 85.000,50;31.05.2026;E5;de\n')

    assert (row["title"], row["amount"], row["base"]) == ("Data; Scientist", "85000.50", "85000.50")
    assert (row["observed_date"], row["currency"]) == ("2026-05-31", "EUR")
    assert (row["level_label"], row["experience"], row["country_code"]) == ("L5", "SE", "DE")


def test_any_csv_takes_units_and_ranges():
    column_map = {
        "columns": {"title": "t", "low": "from", "high": "to", "unit": "per"},
        "constants": {"currency": "USD", "year": "2026", "country": "US", "stage": "Series_B"},
    }
    (row,) = any_csv('t,from,to,per\nX,"$1,000",1500,Monthly\n', column_map)

    assert (row["base"], row["low"], row["high"]) == ("12000.00", "12000.00", "18000.00")
    assert (row["stage_key"], row["observed_date"]) == ("series_b", "2026-01-01")


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("X,much,2026,L5,DE", "Pay", "'much' is not an amount."),
        ("X,1,soon,L5,DE", "When", "'soon' is not a date such as 2026-05-31, or a year."),
        ("X,1,2026,L99,DE", "Grade", "'L99' is not a level of the ladder."),
        ("X,1,2026,,Germany", "Land", "'Germany' is not a country code such as US."),
        (",1,2026,,DE", "Role", "There is not a job title."),
        ("X,1,2026,DE", "5", "The row has 4 cells instead of 5."),
    ],
)
def test_row_of_any_csv_that_cannot_be_read_says_where(line, column, message):
    (problem,) = any_csv(f"Role,Pay,When,Grade,Land\n{line}\n")

    assert (problem.line, problem.column, problem.message) == (2, column, message)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"title": "Job"}, "Line 1, column Job: The map takes job title from this column"),
        ({"amount": "Pay"}, "Line 1: The map does not say which column is the job title."),
        ({"title": "Role"}, "Line 1: The map does not say which column is the pay."),
        ({"title": "Role", "amount": "Pay"}, "Line 1: The map does not say the currency."),
    ],
)
def test_map_that_says_too_little_is_refused(columns, says):
    with pytest.raises(BadFile) as caught:
        any_csv("Role,Pay\n", {"columns": columns})
    assert str(caught.value).startswith(says)


def test_dates_of_filings_know_three_spellings():
    assert {filings._any_date(text) for text in ("2017-06-28", "06/28/2017", "42914.0")} == {
        dt.date(2017, 6, 28)
    }
