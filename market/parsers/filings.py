"""US visa wage filings (LCA disclosure): one fact under six names."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from market.parsers.amounts import Unreadable, decimal_text, yearly
from market.parsers.lines import Record, lines, records
from market.parsers.problems import BadFile, Problem
from market.parsers.rows import PayTable, Row, content_hash

COLUMNS: Final = (
    "line",
    "content_hash",
    "raw",
    "case_number",
    "employer",
    "employer_key",
    "title",
    "occupation_code",
    "experience",
    "employment_type",
    "country_code",
    "subdivision",
    "city",
    "observed_date",
    "amount",
    "currency",
    "unit",
    "base",
    "low",
    "high",
    "facts",
    "reason",
)
# Each fact, and the names it has had from fiscal year 2014 on.
NAMES: Final = {
    "case_number": ("LCA_CASE_NUMBER", "CASE_NUMBER"),
    "status": ("CASE_STATUS",),
    "visa_class": ("VISA_CLASS",),
    "employer": ("LCA_CASE_EMPLOYER_NAME", "EMPLOYER_NAME"),
    "title": ("LCA_CASE_JOB_TITLE", "JOB_TITLE"),
    "occupation_code": ("SOC_CODE",),
    "occupation": ("SOC_NAME", "SOC_TITLE"),
    "wage_from": ("LCA_CASE_WAGE_RATE_FROM", "WAGE_RATE_OF_PAY_FROM", "WAGE_RATE_OF_PAY"),
    "wage_to": ("LCA_CASE_WAGE_RATE_TO", "WAGE_RATE_OF_PAY_TO"),
    "unit": ("LCA_CASE_WAGE_RATE_UNIT", "WAGE_UNIT_OF_PAY"),
    "full_time": ("FULL_TIME_POS", "FULL_TIME_POSITION"),
    "city": ("LCA_CASE_WORKLOC1_CITY", "WORKSITE_CITY"),
    "state": ("WORKSITE_STATE",),
    "received": ("LCA_CASE_SUBMIT", "CASE_SUBMITTED", "RECEIVED_DATE"),
    "decided": ("DECISION_DATE",),
    "wage_level": ("PW_WAGE_LEVEL",),
    "prevailing_wage": ("PW_1", "PREVAILING_WAGE"),
    "prevailing_unit": ("PW_UNIT_1", "PW_UNIT_OF_PAY"),
    "workers": ("TOTAL_WORKERS", "TOTAL WORKERS", "TOTAL_WORKER_POSITIONS"),
    "year": ("Year",),
    "quarter": ("Quarter",),
}
NEEDED: Final = ("employer", "occupation_code", "wage_from", "unit")
_UNITS: Final = {
    "year": "year",
    "month": "month",
    "bi-weekly": "fortnight",
    "week": "week",
    "hour": "hour",
}
_LEVELS: Final = {"I": "EN", "II": "MI", "III": "SE", "IV": "SE"}
_QUARTERS: Final = {"Q1": (-1, 10), "Q2": (0, 1), "Q3": (0, 4), "Q4": (0, 7)}
_SERIAL: Final = re.compile(r"^(\d{5})(?:\.0+)?$")
_SERIALS_FROM: Final = dt.date(1899, 12, 30)
_NO_WORD: Final = re.compile(r"[^A-Z0-9]+")
_LEGAL_FORMS: Final = frozenset(
    [
        "INC",
        "INCORPORATED",
        "LLC",
        "LLP",
        "LP",
        "CORP",
        "CORPORATION",
        "CO",
        "COMPANY",
        "LTD",
        "LIMITED",
        "PVT",
        "PRIVATE",
        "PLC",
        "PC",
        "PA",
        "NA",
        "GMBH",
        "AG",
        "SA",
        "USA",
        "US",
        "AMERICA",
    ]
)
# Nobody is paid this little, or files this much, for a year of full-time work.
_LEAST_YEARLY: Final = 10_000
_MOST_YEARLY: Final = 2_000_000


def read(file: BinaryIO) -> PayTable:
    """Find which of the layouts this is, and hand over one row per filing."""
    text = lines(file)
    first = next(text)
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip().strip('"') for name in first.split(delimiter)]
    where = {
        fact: header.index(name)
        for fact, names in NAMES.items()
        for name in names
        if name in header
    }
    for fact in NEEDED:
        if fact not in where:
            raise BadFile(
                f"No column says the {fact.replace('_', ' ')}: none is named "
                f"{' or '.join(NAMES[fact])}.",
                line=1,
                column=NAMES[fact][-1],
            )
    if "title" not in where and "occupation" not in where:
        raise BadFile("No column says the job title.", line=1, column="JOB_TITLE")
    return PayTable(
        header=header,
        columns=COLUMNS,
        rows=_rows(records(text, delimiter=delimiter), header, where, delimiter),
    )


def _rows(
    table: Iterator[Record], header: list[str], where: dict[str, int], delimiter: str
) -> Iterator[Row | Problem]:
    # Before 2017 the first column counts the rows of the file, so it is no part of the content.
    has_index = header[0] == ""
    for line, raw, cells in table:
        number = line + 1  # the header was read before
        if len(cells) != len(header):
            yield Problem(
                line=number,
                column=str(min(len(cells), len(header)) + 1),
                kind="cells",
                message=f"The row has {len(cells)} cells instead of {len(header)}.",
            )
            continue
        facts = {fact: cells[at].strip() for fact, at in where.items()}
        content = raw.partition(delimiter)[2] if has_index else raw
        try:
            yield (str(number), content_hash(content), raw, *_cells(facts))
        except Unreadable as error:
            names = [name for name in NAMES[error.what] if name in header] or [error.what]
            yield Problem(line=number, column=names[0], kind="value", message=error.message)


def _cells(facts: dict[str, str]) -> Row:
    unit = _UNITS.get(facts["unit"].lower(), "")
    if not unit:
        raise Unreadable("unit", facts["unit"], "Year, Month, Bi-Weekly, Week or Hour")
    low_text, high_text = _wages(facts)
    amount = decimal_text(low_text, "wage_from")
    low = yearly(amount, unit)
    high = yearly(decimal_text(high_text, "wage_from"), unit) if high_text else ""
    if high and float(high) <= float(low):
        high = ""
    title = (facts.get("title") or facts.get("occupation", ""))[:300]
    if not title:
        raise Unreadable("title", "", "a job title")
    decided = _date(facts)
    level = facts.get("wage_level", "").upper().removeprefix("LEVEL ").strip()
    status = facts.get("status", "").upper().replace(" - ", "-")
    further = {
        "case_status": status,
        "visa_class": facts.get("visa_class", ""),
        "wage_level": level if level in _LEVELS else "",
        "occupation": facts.get("occupation", ""),
        "workers": facts.get("workers", "").removesuffix(".0"),
        "fiscal_year": decided.year + (decided.month >= 10),
    }
    full_time = facts.get("full_time", "").upper()
    return (
        facts.get("case_number", ""),
        facts["employer"][:200],
        employer_key(facts["employer"]),
        title,
        facts["occupation_code"].split(".")[0][:10],
        _LEVELS.get(level, ""),
        {"Y": "FT", "N": "PT"}.get(full_time, ""),
        "US",
        facts.get("state", "")[:10].upper(),
        facts.get("city", "")[:80].title(),
        decided.isoformat(),
        amount,
        "USD",
        unit,
        low,
        low if high else "",
        high,
        json.dumps({name: value for name, value in further.items() if value != ""}),
        _reason(status, unit, float(low), full_time),
    )


def _wages(facts: dict[str, str]) -> tuple[str, str]:
    """Return the lower and upper wage as text; fiscal year 2015 writes both in one cell."""
    if "wage_to" in facts:
        upper = facts["wage_to"]
        return facts["wage_from"], "" if not upper or not upper.strip("0.") else upper
    low, _, high = facts["wage_from"].partition("-")
    return low.strip(), high.strip()


def _date(facts: dict[str, str]) -> dt.date:
    """Return when the filing was decided, else received; of a quarter, its first day."""
    for fact in ("decided", "received"):
        text = facts.get(fact, "")
        if text and (found := _any_date(text)):
            return found
        if text:
            raise Unreadable(fact, text, "a date")
    if facts.get("quarter") in _QUARTERS and facts.get("year", "").isdecimal():
        years, month = _QUARTERS[facts["quarter"]]
        return dt.date(int(facts["year"]) + years, month, 1)
    raise Unreadable("decided", "", "a date")


def _any_date(text: str) -> dt.date | None:
    """Return a date written as ISO, as month/day/year or as a spreadsheet's count of days."""
    if serial := _SERIAL.match(text):
        return _SERIALS_FROM + dt.timedelta(days=int(serial.group(1)))
    day = text.split(" ", 1)[0]
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return dt.datetime.strptime(day, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def _reason(status: str, unit: str, low: float, full_time: str) -> str:
    if status and status != "CERTIFIED":
        return "not_certified"
    if low > _MOST_YEARLY or (low < _LEAST_YEARLY and full_time != "N"):
        return "wrong_unit" if unit != "year" or low < _LEAST_YEARLY else "out_of_range"
    return ""


def employer_key(name: str) -> str:
    """Return the employer's name without punctuation and legal form: GOOGLE, INC. is GOOGLE."""
    words = _NO_WORD.sub(" ", name.upper().replace("'", "").replace(".", "")).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)[:200]
