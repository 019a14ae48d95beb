"""Exact percentiles of published figures by any filter: what `manage.py market_percentiles` answers.

"Published figures" are every row of the published files, doubtful ones included: a figure quoted
from a source counts its rows. Benchmarks count accepted rows only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from market.estimation import FRACTIONS, InvalidSample, Step, back_off
from market.models import OccupationWage

POPULATIONS: Final = ("all_rows", "distinct_rows", "posting_midpoints")
NAMES: Final = ("p10", "p25", "p50", "p75", "p90")
DIGITS: Final = 4
SECTIONS: Final = ("cases", "backoff", "lca", "oews", "stackoverflow")

# What a salary file calls a column, and where we keep it.
_COLUMNS: Final = {
    "work_year": "extract(year FROM o.observed_date)::int",
    "experience_level": "o.experience",
    "employment_type": "o.employment_type",
    "job_title": "o.title",
    "salary_currency": "o.currency",
    "employee_residence": "o.residence_code",
    "remote_ratio": "CASE o.work_arrangement WHEN 'on_site' THEN 0 WHEN 'hybrid' THEN 50"
    " WHEN 'remote' THEN 100 END",
    "company_location": "o.country_code",
    "company_size": "o.size",
    "salary": "o.base",
    "salary_in_usd": "o.base_usd",
    "role_family": "coalesce(f.key, 'other')",
    "role_group": "coalesce(f.\"group\", 'other')",
    "region": "o.region",
}
_METRICS: Final = {
    "salary_in_usd": "o.base_usd",
    "salary": "o.base",
    "posting_mid_usd": "o.benchmark_usd",
    "total": "o.total",
}
_PUBLISHED: Final = """
FROM market_observation o
JOIN market_importbatch b ON b.id = o.batch_id AND b.state = 'published'
JOIN market_source s ON s.id = o.source_id
LEFT JOIN market_rolefamily f ON f.id = o.role_family_id
WHERE o.state <> 'rejected'
"""
_FROM: Final = f"{_PUBLISHED} AND o.replaced_by_id IS NULL"


class InvalidRequest(ValueError):
    """A field of the document is missing, unknown or wrong; `path` says which."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the document and the path that leads to it."""

    path: str
    value: Any

    def member(self, name: str, *, default: Any = ...) -> "Field":
        if not isinstance(self.value, dict):
            raise InvalidRequest(self.path, "is not an object")
        if name not in self.value and default is ...:
            raise InvalidRequest(self._under(name), "is missing")
        return Field(self._under(name), self.value.get(name, default))

    def members(self) -> list[tuple[str, "Field"]]:
        if not isinstance(self.value, dict):
            raise InvalidRequest(self.path, "is not an object")
        return [(name, self.member(name)) for name in self.value]

    def items(self) -> list["Field"]:
        if not isinstance(self.value, list):
            raise InvalidRequest(self.path, "is not a list")
        return [Field(f"{self.path}[{place}]", each) for place, each in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise InvalidRequest(self.path, "is not a text")
        return self.value

    def whole(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise InvalidRequest(self.path, "is not a whole number")
        return int(self.value)

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise InvalidRequest(self.path, "is not a number")
        return float(self.value)

    def choice(self, choices: Sequence[str]) -> str:
        text = self.text()
        if text not in choices:
            raise InvalidRequest(self.path, f"is none of {', '.join(choices)}")
        return text

    def _under(self, name: str) -> str:
        return name if self.path == "input" else f"{self.path}.{name}"


def answer_document(tree: object) -> dict[str, Any]:
    """Return the answer to a document: section by section, case by case, in its order."""
    document = Field("input", tree)
    sections = {name for name, _ in document.members()} & set(SECTIONS)
    if not sections:
        return _case(document)
    answer: dict[str, Any] = {}
    if "cases" in sections:
        answer["cases"] = [_case(each) for each in document.member("cases").items()]
    if "backoff" in sections:
        answer["backoff"] = {"cases": _backoff(document.member("backoff"))}
    readers: Mapping[str, Callable[[Field], dict[str, Any]]] = {
        "lca": _filing,
        "oews": _occupation,
        "stackoverflow": _survey,
    }
    for name, reader in readers.items():
        if name in sections:
            cases = document.member(name).member("cases").items()
            answer[name] = {"cases": [reader(each) for each in cases]}
    return answer


# --- filters over salary files -----------------------------------------------------------------


def _case(case: Field) -> dict[str, Any]:
    population = case.member("population", default="all_rows").choice(POPULATIONS)
    metric = case.member("metric", default="salary_in_usd").choice(tuple(_METRICS))
    where, values = _filters(case.member("filters", default={}))
    source = case.member("source", default="aijobs").text()
    return _named(case) | _statistics(
        _METRICS[metric], population, f"AND s.key = %s{where}", [source, *values]
    )


def _filters(filters: Field) -> tuple[str, list[Any]]:
    """Return the condition that every key matches: a value, any of a list, or a closed range."""
    said = ""
    values: list[Any] = []
    for name, field in filters.members():
        if name not in _COLUMNS:
            raise InvalidRequest(field.path, f"is none of {', '.join(_COLUMNS)}")
        column = _COLUMNS[name]
        if isinstance(field.value, dict):
            for end, bound in field.members():
                if end not in {"gte", "lte"}:
                    raise InvalidRequest(bound.path, "is neither gte nor lte")
                said += f" AND {column} {'>=' if end == 'gte' else '<='} %s"
                values.append(bound.number())
        else:
            wanted = field.items() if isinstance(field.value, list) else [field]
            said += f" AND {column} = ANY(%s)"
            values.append([_scalar(each, name) for each in wanted])
    return said, values


def _scalar(field: Field, name: str) -> Any:
    if name in {"work_year", "remote_ratio"}:
        return field.whole()
    return field.number() if name in {"salary", "salary_in_usd"} else field.text()


def _statistics(value: str, population: str, where: str, values: Sequence[Any]) -> dict[str, Any]:
    narrowed = {
        "all_rows": "",
        "distinct_rows": " AND o.nth = 1",
        "posting_midpoints": " AND o.benchmark_usd IS NOT NULL",
    }[population]
    return _figures(
        f"SELECT {value}::float8 AS v {_FROM} {where}{narrowed}",
        values,
    )


def _figures(query: str, values: Sequence[Any]) -> dict[str, Any]:
    """Return the count, the percentiles and the ends of what a query calls `v`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(v), percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY v),
                   min(v), max(v)
            FROM ({query}) figures
            """,  # noqa: S608 -- names of this file; what was typed are parameters
            [list(FRACTIONS), *values],
        )
        n, figures, smallest, largest = cursor.fetchone()
    found = figures or [None] * len(NAMES)
    rounded = [_rounded(figure) for figure in (*found, smallest, largest)]
    return {"n": n, **dict(zip((*NAMES, "min", "max"), rounded, strict=True))}


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, DIGITS)


def _named(case: Field) -> dict[str, Any]:
    return {"id": case.value["id"]} if "id" in case.value else {}


# --- the chain ---------------------------------------------------------------------------------


def _backoff(backoff: Field) -> list[dict[str, Any]]:
    chain = []
    for step in backoff.member("chain").items():
        keys = tuple(key.choice(tuple(_COLUMNS)) for key in step.items())
        chain.append(Step(keys, " and ".join(keys)))
    return [_chained(case, chain) for case in backoff.member("cases").items()]


def _chained(case: Field, chain: Sequence[Step]) -> dict[str, Any]:
    """Return the first step whose rows of 2024 and 2025 reach the least number."""
    query = case.member("query")
    facts = dict(query.value) if isinstance(query.value, dict) else {}
    if "company_location" in facts and "region" not in facts:
        facts["region"] = _region_of(facts["company_location"])
    if "role_family" in facts and "role_group" not in facts:
        facts["role_group"] = _group_of(facts["role_family"])
    found: list[dict[str, Any]] = []

    def count(step: Step) -> int:
        filters = {key: facts.get(key) for key in step.keys}
        where, values = _filters(
            Field(query.path, {**filters, "work_year": {"gte": 2024, "lte": 2025}})
        )
        source = case.member("source", default="aijobs").text()
        found.append(
            _statistics("o.base_usd", "all_rows", f"AND s.key = %s{where}", [source, *values])
        )
        return int(found[-1]["n"])

    least = case.member("min_n")
    try:
        reached = back_off(count, min_n=least.whole(), chain=chain)
    except InvalidSample as error:
        raise InvalidRequest(least.path, str(error)) from None
    if reached is None:
        return _named(case) | {"step": None, "rows_tried": [each["n"] for each in found]}
    return {
        **_named(case),
        "step": reached.step,
        "keys": list(chain[reached.step].keys),
        "rows_tried": list(reached.tried),
        **found[-1],
    }


def _region_of(country: Any) -> str:
    return _one("SELECT region FROM market_location WHERE country_code = %s LIMIT 1", country) or (
        _one("SELECT region FROM market_observation WHERE country_code = %s LIMIT 1", country)
        or "OTHER"
    )


def _group_of(family: Any) -> str:
    return _one('SELECT "group" FROM market_rolefamily WHERE key = %s', family) or "other"


def _one(query: str, value: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, [str(value)])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


# --- filings, occupations, the survey ----------------------------------------------------------


def _filing(case: Field) -> dict[str, Any]:
    """Return percentiles of the lower end of certified H-1B filings of a year and occupation.

    A case counts as the year disclosed it, once: what a later year says of it, for instance that it
    was withdrawn, does not take it out of the earlier one.
    """
    values: list[Any] = [case.member("fiscal_year").whole(), case.member("soc_code").text()]
    once = f"""
        FROM (SELECT DISTINCT ON (CASE WHEN o.case_number = '' THEN o.id::text
                                  ELSE o.case_number END) o.*
              {_PUBLISHED} AND s.key = 'us-lca' AND (o.facts->>'fiscal_year')::int = %s
              ORDER BY CASE WHEN o.case_number = '' THEN o.id::text ELSE o.case_number END,
                       o.batch_id, o.line) o
        WHERE o.facts->>'case_status' = 'CERTIFIED' AND o.facts->>'visa_class' = 'H-1B'
          AND o.occupation_code = %s"""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) {once} AND o.benchmark_usd IS NULL",
            values,
        )
        unparsed = cursor.fetchone()[0]
    return {
        **_named(case),
        "unparsed_rows": unparsed,
        **_figures(f"SELECT o.benchmark_usd::float8 AS v {once}", values),
    }


def _occupation(case: Field) -> dict[str, Any]:
    """Return what the statistical office published; what it top-coded or withheld is null."""
    wage = (
        OccupationWage.objects.filter(
            batch__state="published",
            year=case.member("year").whole(),
            occupation_code=case.member("soc_code").text(),
        )
        .order_by("-pk")
        .first()
    )
    if wage is None:
        return _named(case) | {"employment": None, "mean": None, **dict.fromkeys(NAMES)}
    figures = {name: getattr(wage, name) for name in ("mean", *NAMES)}
    return {
        **_named(case),
        "title": wage.title,
        "employment": wage.employment,
        **{name: None if figure is None else float(figure) for name, figure in figures.items()},
        "top_coded": wage.top_coded,
    }


def _survey(case: Field) -> dict[str, Any]:
    """Return percentiles of stated total pay, by role, inside the given bounds."""
    low, high = (bound.number() for bound in case.member("salary_between").items())
    where = "AND s.key = 'stackoverflow' AND o.total BETWEEN %s AND %s"
    values: list[Any] = [low, high]
    dev_type = case.member("dev_type", default=None)
    if dev_type.value is not None:
        where += " AND o.facts->>'dev_type' = %s"
        values.append(dev_type.text())
    return _named(case) | _statistics("o.total", "all_rows", where, values)
