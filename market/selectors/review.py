"""The review queue: one doubtful row at a time, within what is usual."""

import csv
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection
from django.db.models import Count, QuerySet

from config.figures import amounts
from config.figures.charts import SpreadChart, spread_chart
from market.models import Contribution, Observation
from market.selectors.curation import REASONS, flagged_rows
from market.selectors.mapping import yearly_rates

N_BARS: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where a figure stands among those of its cell."""

    where: str
    n: int
    p10: float
    p50: float
    p90: float
    deviations: float
    chart: SpreadChart
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A doubtful row with all that is needed to judge it."""

    row: Observation
    reasons: list[str]
    raw: list[tuple[str, str]]
    spread: Spread | None
    n_alike: int
    n_waiting: int


def queue(*, source: str = "", reason: str = "") -> QuerySet[Observation]:
    """Return the doubtful rows of a source and a reason, oldest first."""
    rows = flagged_rows()
    if source:
        rows = rows.filter(source__key=source)
    if reason in REASONS:
        rows = rows.filter(reasons__contains=[reason])
    return rows


def next_doubt(*, source: str = "", reason: str = "", after: int = 0) -> Doubt | None:
    """Return the next row to judge, in a fixed number of queries."""
    waiting = queue(source=source, reason=reason)
    row = (
        waiting.filter(pk__gt=after)
        .select_related("source", "batch", "role_family", "title_rule")
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    alike = flagged_rows().filter(
        source=row.source,
        reasons=row.reasons,
        country_code=row.country_code,
        currency=row.currency,
    )
    return Doubt(
        row=row,
        reasons=[REASONS.get(reason, reason) for reason in row.reasons],
        raw=_cells(row),
        spread=_spread(row),
        n_alike=alike.count(),
        n_waiting=waiting.count(),
    )


def filters() -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Return the sources and the reasons of what waits, each with how many rows."""
    by_source = (
        flagged_rows()
        .values_list("source__key", "source__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "source__key")
    )
    reasons = dict.fromkeys(REASONS, 0)
    for found, n in flagged_rows().values_list("reasons").annotate(n=Count("pk")).order_by("-n"):
        for reason in found:
            reasons[reason] = reasons.get(reason, 0) + n
    return list(by_source), [(key, REASONS.get(key, key), n) for key, n in reasons.items() if n]


def _cells(row: Observation) -> list[tuple[str, str]]:
    """Return the row as it came, each cell with the name of its column."""
    header = row.batch.header
    delimiter = ";" if row.raw.count(";") > row.raw.count(",") else ","
    cells = next(csv.reader([row.raw.replace("\n", " ")], delimiter=delimiter), [])
    if len(cells) != len(header):
        return [("The row", row.raw)]
    return [(name or "Number", cell) for name, cell in zip(header, cells, strict=True) if cell]


def _spread(row: Observation) -> Spread | None:
    """Return the figures of the row's cell; the role is given up where it has fewer than 20."""
    value = row.benchmark_usd if row.benchmark_usd is not None else row.total_usd
    column = "benchmark_usd" if row.benchmark_usd is not None else "total_usd"
    if not value or value <= 0:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _FIGURES.format(column=column),
            {
                "family": row.role_family_id,
                "experience": row.experience,
                "country": row.country_code,
                "batch": row.batch_id,
            },
        )
        figures = [(float(usd), bool(is_same_role)) for usd, is_same_role in cursor.fetchall()]
    same = [usd for usd, is_same_role in figures if is_same_role]
    is_narrow = len(same) >= 20
    usual = sorted(same if is_narrow else (usd for usd, _ in figures))
    if len(usual) < 20:
        return None
    where = row.role_family.label if is_narrow and row.role_family else "all roles"
    return _picture(
        usual, float(value), f"{where}, {row.experience or 'any level'}, {row.country_code}"
    )


def _picture(usual: list[float], value: float, where: str) -> Spread:
    logs = [math.log(usd) for usd in usual]
    low, high = min(logs[0], math.log(value)), max(logs[-1], math.log(value))
    width = (high - low) / N_BARS or 1.0

    def bar_of(log: float) -> int:
        return min(int((log - low) / width), N_BARS - 1)

    counts = [0] * N_BARS
    for log in logs:
        counts[bar_of(log)] += 1
    p10, p50, p90 = (_quantile(usual, share) for share in (0.1, 0.5, 0.9))
    middle = math.log(p50)
    spread = max(1.4826 * _quantile(sorted(abs(log - middle) for log in logs), 0.5), 0.1)
    deviations = (math.log(value) - middle) / spread
    return Spread(
        where=where,
        n=len(usual),
        p10=p10,
        p50=p50,
        p90=p90,
        deviations=deviations,
        chart=spread_chart(counts, marked=bar_of(math.log(value))),
        low=math.exp(low),
        high=math.exp(high),
        label=(
            f"{len(usual)} figures of {where}: 10th to 90th percentile "
            f"{amounts.money_range(p10, p90, 'USD')}, median {amounts.headline(p50, 'USD')}. "
            f"This row: {amounts.headline(value, 'USD')}."
        ),
    )


def _quantile(values: list[float], share: float) -> float:
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


_FIGURES: Final = """
SELECT o.{column}, o.role_family_id IS NOT DISTINCT FROM %(family)s
FROM market_observation o
JOIN market_importbatch b ON b.id = o.batch_id AND (b.state = 'published' OR b.id = %(batch)s)
WHERE o.state = 'accepted' AND o.replaced_by_id IS NULL AND o.{column} > 0
  AND o.experience = %(experience)s AND o.country_code = %(country)s
ORDER BY 2 DESC, o.id DESC LIMIT 20000
"""


def offered_contributions() -> QuerySet[Contribution]:
    """Return the contributions that wait, longest first; nothing here names who gave them."""
    return (
        Contribution.objects.awaiting_moderation()
        .select_related("role_family", "level", "location", "stage")
        .defer("network_point", "origin_pk")
        .order_by("created_at", "pk")
    )


def cell_of(given: Contribution) -> Spread | None:
    """Return where a contributed base salary stands among the figures of its cell."""
    rates = yearly_rates([(given.currency, given.observed_date)])
    if given.base is None or not rates:
        return None
    usd = round(given.base / Decimal(rates[0]["units_per_usd"]), 2)
    return _spread(
        Observation(
            batch_id=0,
            role_family=given.role_family,
            experience=given.level.experience if given.level else "",
            country_code=given.location.country_code,
            benchmark_usd=usd,
        )
    )
