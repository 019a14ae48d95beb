"""Rates, price levels and occupational wages: staged with their batch, swapped in when published."""

# ruff: noqa: S608 -- the statements are put together from constants of this module

import datetime as dt
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from django.db import connection

from market.models import (
    ImportBatch,
    OccupationWage,
    ReferenceFigure,
)
from market.parsers import FigureTable, Problem, WageTable
from market.services.staging import Tally

_AT_ONCE: Final = 5_000


def write_reference_figures(batch: ImportBatch, table: FigureTable) -> tuple[Tally, int]:
    """Write the figures of a file as figures of the batch; return the tally and how many."""
    tally = Tally()
    rows = (
        ReferenceFigure(
            batch=batch,
            measure=row.measure,
            code=row.code,
            date=dt.date.fromisoformat(row.date),
            period=row.period,
            value=row.value,
        )
        for row in _tallied(table.rows, tally)
    )
    return tally, _write(ReferenceFigure, rows)


def write_occupation_wages(batch: ImportBatch, table: WageTable) -> tuple[Tally, int]:
    """Write the occupations of a workbook as wages of the batch; return the tally and how many."""
    tally = Tally()
    rows = (
        OccupationWage(
            batch=batch,
            year=row.year,
            occupation_code=row.occupation_code,
            title=row.title,
            employment=row.employment,
            mean=row.mean,
            mean_relative_error=row.mean_relative_error,
            top_coded=list(row.top_coded),
            **dict(zip(("p10", "p25", "p50", "p75", "p90"), row.percentiles, strict=True)),
        )
        for row in _tallied(table.rows, tally)
    )
    return tally, _write(OccupationWage, rows)


def _tallied(rows: Iterable[Any], tally: Tally) -> Iterable[Any]:
    for row in rows:
        tally.n_read += 1
        if isinstance(row, Problem):
            tally.note(row)
        else:
            yield row


def _write(model: Any, rows: Iterable[Any]) -> int:
    """Write rows a few thousand at a time; one that the file says twice counts once."""
    before = model.objects.count()
    remaining = iter(rows)
    while chunk := list(islice(remaining, _AT_ONCE)):
        model.objects.bulk_create(chunk, ignore_conflicts=True)
    written: int = model.objects.count() - before
    return written


def publish_reference_figures(batch: ImportBatch) -> int:
    """Swap the batch's figures in, noting what each replaced; return how many differ."""
    changed = 0
    with connection.cursor() as cursor:
        for statement in (_NOTE_RATES, _SWAP_IN_RATES, _NOTE_LEVELS, _SWAP_IN_LEVELS):
            cursor.execute(
                statement,
                {
                    "batch": batch.pk,
                    "title": batch.source.attribution[:160],
                    "url": batch.source.homepage,
                },
            )
            changed += cursor.rowcount if statement in (_SWAP_IN_RATES, _SWAP_IN_LEVELS) else 0
    return changed


def unpublish_reference_figures(batch: ImportBatch) -> None:
    """Put back what the batch's figures replaced, and take away what was not there before."""
    with connection.cursor() as cursor:
        for statement in (_DROP_RATES, _PUT_BACK_RATES, _DROP_LEVELS, _PUT_BACK_LEVELS):
            cursor.execute(statement, {"batch": batch.pk})


_RATE: Final = "f.batch_id = %(batch)s AND f.measure = 'rate'"
_LEVEL: Final = "f.batch_id = %(batch)s AND f.measure <> 'rate'"
_SAME_RATE: Final = "r.currency = f.code AND r.date = f.date AND r.period = f.period"
_SAME_LEVEL: Final = """
    r.measure = f.measure AND r.country_code = left(f.code, 2)
    AND r.subdivision = substr(f.code, 4) AND r.year = extract(year FROM f.date)"""
_OLD_RATE: Final = """json_build_object(
    'value', r.units_per_usd::text, 'title', r.source_title, 'url', r.source_url)"""
_OLD_LEVEL: Final = """json_build_object(
    'value', r.value::text, 'title', r.source_title, 'url', r.source_url)"""

_NOTE_RATES: Final = f"""
UPDATE market_referencefigure f SET replaced = (
    SELECT {_OLD_RATE} FROM market_exchangerate r WHERE {_SAME_RATE})
WHERE {_RATE}"""
_SWAP_IN_RATES: Final = f"""
INSERT INTO market_exchangerate (currency, date, period, units_per_usd, source_title, source_url)
SELECT f.code, f.date, f.period, f.value, %(title)s, %(url)s FROM market_referencefigure f
WHERE {_RATE}
ON CONFLICT (currency, date, period) DO UPDATE SET units_per_usd = excluded.units_per_usd,
    source_title = excluded.source_title, source_url = excluded.source_url
"""
_DROP_RATES: Final = f"""
DELETE FROM market_exchangerate r USING market_referencefigure f
WHERE {_RATE} AND {_SAME_RATE} AND f.replaced IS NULL"""
_PUT_BACK_RATES: Final = f"""
UPDATE market_exchangerate r SET units_per_usd = (f.replaced->>'value')::numeric,
    source_title = f.replaced->>'title', source_url = f.replaced->>'url'
FROM market_referencefigure f WHERE {_RATE} AND {_SAME_RATE} AND f.replaced IS NOT NULL"""
_NOTE_LEVELS: Final = f"""
UPDATE market_referencefigure f SET replaced = (
    SELECT {_OLD_LEVEL} FROM market_pricelevel r WHERE {_SAME_LEVEL})
WHERE {_LEVEL}"""
_SWAP_IN_LEVELS: Final = f"""
INSERT INTO market_pricelevel
    (measure, country_code, subdivision, year, value, source_title, source_url)
SELECT f.measure, left(f.code, 2), substr(f.code, 4), extract(year FROM f.date), f.value,
    %(title)s, %(url)s
FROM market_referencefigure f WHERE {_LEVEL}
ON CONFLICT (measure, country_code, subdivision, year) DO UPDATE SET value = excluded.value,
    source_title = excluded.source_title, source_url = excluded.source_url
"""
_DROP_LEVELS: Final = f"""
DELETE FROM market_pricelevel r USING market_referencefigure f
WHERE {_LEVEL} AND {_SAME_LEVEL} AND f.replaced IS NULL"""
_PUT_BACK_LEVELS: Final = f"""
UPDATE market_pricelevel r SET value = (f.replaced->>'value')::numeric,
    source_title = f.replaced->>'title', source_url = f.replaced->>'url'
FROM market_referencefigure f WHERE {_LEVEL} AND {_SAME_LEVEL} AND f.replaced IS NOT NULL"""
