"""A file of pay → observations, by COPY and a few set-based statements.

What is read goes into a temporary table, which nobody else sees and which ends with the session.
Only the last statement writes observations, in one transaction with the state of the batch: a
worker killed at any moment leaves nothing half-imported.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction

from market.estimation.outliers import LIMIT
from market.models import Basis, ImportBatch, RoleFamily, Source
from market.parsers.problems import Problem
from market.parsers.rows import COLUMNS, PayTable, Row
from market.selectors.mapping import (
    family_of_occupation,
    places,
    title_rules,
    yearly_rates,
)
from market.selectors.planning import WHOLE_TABLES
from market.titles import first_match

Report = Callable[[int], None]

# A figure dated so long after the day its file came is doubtful.
LATEST_AFTER: Final = dt.timedelta(days=31)
ROWS_PER_COPY: Final = 20_000
EXAMPLES_PER_KIND: Final = 5
UNMAPPED_SHOWN: Final = 200

_TABLES: Final = "staged, staged_title, staged_figure, staged_cell, staged_label"
_TYPES: Final = {
    "line": "integer",
    "content_hash": "uuid",
    "range_run": "integer",
    "observed_date": "date",
    "facts": "jsonb",
    **dict.fromkeys(
        ("amount", "base", "bonus", "equity", "total", "low", "high", "base_usd"), "numeric"
    ),
}
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(slots=True)
class Tally:
    """What was read, and what could not be."""

    n_read: int = 0
    n_unread: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Count a problem, and keep the first few of its kind to show."""
        kind = (problem.kind, problem.column)
        self.n_unread += 1
        self.kinds[kind] += 1
        if len(shown := self.examples.setdefault(kind, [])) < EXAMPLES_PER_KIND:
            shown.append({"line": problem.line, "message": problem.message})

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": kind,
                "column": column,
                "count": count,
                "examples": self.examples[kind, column],
            }
            for (kind, column), count in self.kinds.most_common(50)
        ]


def fill_staging(table: PayTable, *, report: Report) -> Tally:
    """Copy the rows of a file into the session's staging table; `report` hears of each chunk."""
    tally = Tally()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS " + _TABLES)
        columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
        cursor.execute(f"CREATE TEMPORARY TABLE staged ({columns})")
        statement = f"COPY staged ({', '.join(table.columns)}) FROM STDIN (NULL '')"
        for chunk in _chunks(table.rows, tally):
            with cursor.copy(statement) as copy:
                copy.write(_copy_text(chunk))
            report(tally.n_read)
    return tally


def _chunks(rows: Iterator[Row | Problem], tally: Tally) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        tally.n_read += 1
        if isinstance(row, Problem):
            tally.note(row)
            continue
        chunk.append(row)
        if len(chunk) == ROWS_PER_COPY:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _copy_text(rows: Sequence[Row]) -> str:
    """Return rows, all of one width, in the text format of COPY."""
    text = "\n".join(["\t".join(row) for row in rows]) + "\n"
    n_tabs = sum(map(len, rows)) - len(rows)
    if "\\" in text or "\r" in text or (text.count("\t"), text.count("\n")) != (n_tabs, len(rows)):
        escaped = ["\t".join([cell.translate(_ESCAPES) for cell in row]) for row in rows]
        text = "\n".join(escaped) + "\n"
    return text


def map_staged() -> list[dict[str, Any]]:
    """Write the role family of each staged title; return the unmapped titles, most rows first."""
    rules, by_occupation = title_rules(), family_of_occupation()
    families = {family.key: family for family in RoleFamily.objects.all()}
    named = {family.pk for family in families.values() if not family.is_generic}
    unmapped = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title, coalesce(occupation_code, ''), coalesce(family_key, ''), count(*)"
            " FROM staged GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1"
        )
        found = cursor.fetchall()
        cursor.execute(
            "CREATE TEMPORARY TABLE staged_title (title text, occupation_code text,"
            " family_key text, role_family_id bigint, title_rule_id bigint)"
        )
        texts = []
        for title, occupation, key, count in found:
            rule = None if key in families else first_match(title, rules)
            family = families[key].pk if key in families else rule and rule.role_family_id
            if family not in named and occupation in by_occupation:
                # The title names no function; the publisher's occupation does.
                family, rule = families[by_occupation[occupation]].pk, None
            if family is None:
                unmapped.append({"title": title, "count": count})
            ids = (str(family or r"\N"), str(rule.pk if rule else r"\N"))
            cells = (cell.translate(_ESCAPES) for cell in (title, occupation, key))
            texts.append("\t".join((*cells, *ids)))
        with cursor.copy("COPY staged_title FROM STDIN") as copy:
            copy.write("\n".join([*texts, ""]))
    unmapped.sort(key=lambda row: (-row["count"], row["title"]))
    return unmapped[:UNMAPPED_SHOWN]


@transaction.atomic
def figure_staged(source: Source, *, has_cases: bool) -> None:
    """Number the new rows, pair ranges, map places and convert amounts: one narrow row each.

    `has_cases` says whether the file has a column for the publisher's own keys.
    """
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.execute(
            "SELECT DISTINCT coalesce(currency, 'USD'), observed_date FROM staged"
            " WHERE base_usd IS NULL"
        )
        rates = yearly_rates(cursor.fetchall())
        cursor.execute(
            _FIGURES.format(
                direction="DESC" if source.is_newest_first else "ASC",
                of_case=_OF_CASE if has_cases else "1",
            ),
            {
                "source": source.pk,
                "is_posting": source.basis == Basis.POSTING,
                "places": json.dumps(places()),
                "rates": json.dumps(rates),
            },
        )


@transaction.atomic
def judge_staged() -> None:
    """Compute what is usual in each cell, from the new rows and those already published."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.execute(_CELLS)


@transaction.atomic
def write_observations(batch: ImportBatch, *, has_cases: bool) -> dict[str, int]:
    """Write the new rows as observations of the batch; return the counts."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.execute(
            _INSERT,
            {
                "source": batch.source_id,
                "batch": batch.pk,
                "basis": batch.source.basis,
                "limit": LIMIT,
                "latest": batch.queued_at.date() + LATEST_AFTER,
            },
        )
        n_new = cursor.rowcount
        cursor.execute(_COUNTS, {"batch": batch.pk, "source": batch.source_id})
        n_flagged, n_rejected = cursor.fetchone()
        n_changed = 0
        if has_cases:
            cursor.execute(_CHANGED, {"batch": batch.pk, "source": batch.source_id})
            (n_changed,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM staged")
        (n_staged,) = cursor.fetchone()
    return {
        "n_new": n_new,
        "n_repeated": n_staged - n_new,
        "n_flagged": n_flagged,
        "n_rejected": n_rejected,
        "n_changed": n_changed,
    }


def stand_for_older_filings(batch: ImportBatch) -> None:
    """Let the batch's filings stand for the older ones of the same cases."""
    if batch.source.observations.exclude(case_number="").exists():
        with connection.cursor() as cursor:
            cursor.execute(WHOLE_TABLES)
            cursor.execute(_REPLACE, {"batch": batch.pk, "source": batch.source_id})


def clear_staging() -> None:
    """Drop the session's staging tables."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS " + _TABLES)


# Rows are told apart by content and by how many alike came before, counted from the end that stays
# as it is; those of a file that was rolled back do not count. Of one case number, the first row
# stands. `island` breaks a run where a line is missing.
_OF_CASE: Final = """CASE WHEN case_number IS NOT NULL THEN
               row_number() OVER (PARTITION BY case_number ORDER BY line) ELSE 1 END"""
_FIGURES: Final = """
CREATE TEMPORARY TABLE staged_figure AS
WITH numbered AS (
    SELECT line, range_run, content_hash, base_usd, amount, case_number,
           row_number() OVER (
               PARTITION BY content_hash ORDER BY line {direction}) AS nth,
           {of_case} AS of_case
    FROM staged
), fresh AS (
    SELECT n.line, n.range_run, n.base_usd, n.amount, n.nth,
           n.line - row_number() OVER (PARTITION BY n.range_run ORDER BY n.line) AS island
    FROM numbered n
    LEFT JOIN (market_observation o
               JOIN market_importbatch b ON b.id = o.batch_id AND b.state <> 'rolled_back')
        ON o.source_id = %(source)s AND o.content_hash = n.content_hash AND o.nth = n.nth
    WHERE o.id IS NULL AND n.of_case = 1
), placed AS (
    SELECT line, nth,
           row_number() OVER run AS position,
           lead(amount) OVER run AS below,
           lead(base_usd) OVER run AS below_usd
    FROM fresh
    WINDOW run AS (PARTITION BY range_run, island ORDER BY line)
), ranged AS (
    SELECT line, nth, below, below_usd,
           CASE WHEN NOT %(is_posting)s THEN ''
                WHEN position %% 2 = 0 THEN 'bottom'
                WHEN below IS NOT NULL THEN 'top'
                ELSE '' END AS range_end
    FROM placed
), rate AS (
    SELECT * FROM json_to_recordset(%(rates)s) AS r(currency text, date date, units_per_usd numeric)
), place AS (
    SELECT * FROM json_to_recordset(%(places)s)
        AS p(country_code text, region text, currency text, units_per_usd numeric)
), valued AS (
    SELECT s.line, r.nth::integer AS nth, r.range_end, r.below, r.below_usd,
           t.role_family_id, t.title_rule_id,
           coalesce(s.experience, '') AS experience,
           coalesce(s.country_code, '') AS country_code,
           coalesce(p.region, CASE WHEN s.country_code IS NULL THEN '' ELSE 'OTHER' END) AS region,
           coalesce(s.currency, 'USD') AS currency,
           p.currency AS own_currency,
           p.units_per_usd AS own_units_per_usd,
           s.amount,
           CASE WHEN s.base IS NOT NULL THEN s.base
                WHEN s.total IS NULL THEN s.amount END AS base,
           s.base_usd AS stated_usd,
           CASE WHEN s.base_usd IS NULL THEN rate.units_per_usd END AS units_per_usd,
           s.low, s.high, s.bonus, s.equity, s.total, s.observed_date, s.reason
    FROM staged s
    JOIN ranged r USING (line)
    LEFT JOIN staged_title t ON t.title = s.title
        AND t.occupation_code = coalesce(s.occupation_code, '')
        AND t.family_key = coalesce(s.family_key, '')
    LEFT JOIN place p ON p.country_code = s.country_code
    LEFT JOIN rate ON s.base_usd IS NULL AND rate.currency = coalesce(s.currency, 'USD')
        AND rate.date = s.observed_date
), dollars AS (
    SELECT *, coalesce(stated_usd, round(base / units_per_usd, 2)) AS base_usd FROM valued
), counted AS (
    SELECT *,
       CASE WHEN range_end = 'bottom' THEN NULL
            WHEN range_end = 'top' THEN (base_usd + below_usd) / 2
            WHEN %(is_posting)s AND low IS NOT NULL AND high IS NOT NULL
                THEN round((low + high) / 2 / units_per_usd, 2)
            ELSE base_usd END AS benchmark_usd
    FROM dollars
)
SELECT line, nth, range_end, role_family_id, title_rule_id, experience, country_code, region,
       currency, own_currency, base, base_usd, reason,
       round(bonus / units_per_usd, 2) AS bonus_usd,
       round(equity / units_per_usd, 2) AS equity_usd,
       round(total / units_per_usd, 2) AS total_usd,
       CASE WHEN range_end = 'top' THEN below ELSE low END AS low,
       CASE WHEN range_end = 'top' THEN amount ELSE high END AS high,
       CASE WHEN range_end = 'top' THEN (amount + below) / 2
            WHEN low IS NOT NULL AND high IS NOT NULL THEN (low + high) / 2 END AS midpoint,
       benchmark_usd, ln(nullif(benchmark_usd, 0)::float8) AS log_pay,
       CASE WHEN stated_usd IS NULL AND units_per_usd IS NULL THEN 'no_rate' END AS rate_reason,
       CASE WHEN currency <> own_currency THEN amount / own_units_per_usd END AS own_reading_usd
FROM counted
"""

# What is usual: median and median absolute deviation of log pay in a cell of at least 20, over what
# is published and what is new. A label in a foreign currency is judged for its whole group: where
# its amounts read as the country's own currency lie nearer to the country's pay, the label is
# doubtful, whatever the single amount.
_CELLS: Final = """
CREATE TEMPORARY TABLE staged_cell AS
WITH touched AS (
    SELECT DISTINCT experience, country_code FROM staged_figure
), pool AS MATERIALIZED (
    SELECT coalesce(role_family_id, 0) AS family, experience, country_code, log_pay
    FROM staged_figure WHERE log_pay IS NOT NULL AND reason IS NULL
    UNION ALL
    SELECT coalesce(o.role_family_id, 0), o.experience, o.country_code, ln(o.benchmark_usd::float8)
    FROM market_observation o
    JOIN market_importbatch b ON b.id = o.batch_id AND b.state = 'published'
    JOIN touched USING (experience, country_code)
    WHERE o.state = 'accepted' AND o.replaced_by_id IS NULL AND o.benchmark_usd > 0
), middle AS (
    SELECT family, experience, country_code,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY log_pay) AS median
    FROM pool
    GROUP BY GROUPING SETS ((family, experience, country_code), (experience, country_code))
    HAVING count(*) >= 20
), away AS (
    SELECT family, experience, country_code, m.median, abs(log_pay - m.median) AS distance
    FROM pool JOIN middle m USING (family, experience, country_code)
    UNION ALL
    SELECT NULL, experience, country_code, m.median, abs(log_pay - m.median)
    FROM pool JOIN middle m USING (experience, country_code)
    WHERE m.family IS NULL
)
SELECT nullif(family, 0) AS role_family_id, experience, country_code,
       (family IS NULL)::int AS is_wide, median,
       greatest(1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY distance), 0.1) AS spread
FROM away
GROUP BY family, experience, country_code, median;

CREATE TEMPORARY TABLE staged_label AS
WITH own AS (
    SELECT country_code,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ln(base_usd::float8)) AS median
    FROM staged_figure WHERE currency = own_currency AND base_usd > 0
    GROUP BY 1 HAVING count(*) >= 20
), labelled AS (
    SELECT country_code, currency,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ln(base_usd::float8)) AS as_labelled,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ln(own_reading_usd::float8)) AS as_own
    FROM staged_figure WHERE currency <> own_currency AND base_usd > 0 AND own_reading_usd > 0
    GROUP BY 1, 2 HAVING count(*) >= 20
)
SELECT country_code, currency FROM labelled JOIN own USING (country_code)
WHERE abs(as_own - own.median) < abs(as_labelled - own.median)
"""

_INSERT: Final = """
INSERT INTO market_observation (
    source_id, batch_id, line, content_hash, nth, case_number, raw, employer, employer_key, title,
    occupation_code, role_family_id, title_rule_id, experience, level_id, employment_type,
    country_code, subdivision, region, residence_code, location_id, work_arrangement, stage_id,
    size, basis, observed_date, amount, currency, unit, base, bonus, equity, total, range_end, low,
    high, midpoint, base_usd, bonus_usd, equity_usd, total_usd, benchmark_usd, facts, state,
    reasons, review_note)
SELECT %(source)s, %(batch)s, s.line, s.content_hash, f.nth, coalesce(s.case_number, ''), s.raw,
    coalesce(s.employer, ''), coalesce(s.employer_key, ''), s.title,
    coalesce(s.occupation_code, ''), f.role_family_id, f.title_rule_id, f.experience, l.id,
    coalesce(s.employment_type, ''), f.country_code, coalesce(s.subdivision, ''), f.region,
    coalesce(s.residence_code, ''), place.id, coalesce(s.work_arrangement, ''), stage.id,
    coalesce(s.size, ''),
    CASE WHEN %(basis)s = 'posting' AND f.range_end = '' AND f.midpoint IS NULL
              AND s.observed_date < '2023-01-01' THEN 'reported' ELSE %(basis)s END,
    s.observed_date, s.amount, f.currency, coalesce(s.unit, 'year'), f.base, s.bonus, s.equity,
    s.total, CASE WHEN f.range_end = '' AND f.midpoint IS NOT NULL THEN 'both'
                  ELSE f.range_end END,
    f.low, f.high, f.midpoint, f.base_usd, f.bonus_usd, f.equity_usd, f.total_usd,
    f.benchmark_usd, s.facts,
    CASE WHEN f.reason = 'not_certified' THEN 'rejected'
         WHEN f.reason IS NULL AND f.rate_reason IS NULL AND label.currency IS NULL
              AND s.observed_date <= %(latest)s
              AND coalesce(abs(f.log_pay - coalesce(c.median, w.median))
                           / coalesce(c.spread, w.spread), 0) <= %(limit)s
         THEN 'accepted' ELSE 'flagged' END,
    array_remove(ARRAY[
        f.reason, f.rate_reason,
        CASE WHEN label.currency IS NOT NULL THEN 'currency_label' END,
        CASE WHEN s.observed_date > %(latest)s THEN 'future_date' END,
        CASE WHEN abs(f.log_pay - coalesce(c.median, w.median)) / coalesce(c.spread, w.spread)
                  > %(limit)s THEN 'outlier' END], NULL)::varchar[],
    ''
FROM staged_figure f
JOIN staged s USING (line)
LEFT JOIN market_level l ON l.key = s.level_label
LEFT JOIN market_companystage stage ON stage.key = s.stage_key
LEFT JOIN market_location place ON NOT place.is_country AND place.country_code = s.country_code
    AND lower(place.label) = lower(s.city)
LEFT JOIN staged_cell c ON c.is_wide = 0 AND c.role_family_id = f.role_family_id
    AND c.experience = f.experience AND c.country_code = f.country_code
LEFT JOIN staged_cell w ON w.is_wide = 1
    AND w.experience = f.experience AND w.country_code = f.country_code
LEFT JOIN staged_label label
    ON label.country_code = f.country_code AND label.currency = f.currency
"""

_COUNTS: Final = """
SELECT count(*) FILTER (WHERE state = 'flagged'), count(*) FILTER (WHERE state = 'rejected')
FROM market_observation WHERE batch_id = %(batch)s
"""

_CHANGED: Final = """
SELECT count(*)
FROM staged_figure JOIN staged USING (line)
JOIN market_observation old
    ON old.source_id = %(source)s AND old.case_number = staged.case_number
    AND old.case_number <> '' AND old.replaced_by_id IS NULL AND old.batch_id <> %(batch)s
"""

_REPLACE: Final = """
UPDATE market_observation old SET replaced_by_id = %(batch)s
FROM market_observation new
WHERE new.batch_id = %(batch)s AND new.case_number <> ''
  AND old.source_id = %(source)s AND old.case_number = new.case_number
  AND old.batch_id <> %(batch)s AND old.replaced_by_id IS NULL
"""
