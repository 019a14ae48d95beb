"""Benchmarks that a fresh installation comes with, as figures, until curators import the files.

`write_benchmarks` computes nothing: it copies the cells of the snapshot in force that rest on
sources free of any condition into a file. `load_benchmarks` makes them the snapshot of an
installation that has none.
"""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from market.models import (
    Benchmark,
    BenchmarkSnapshot,
    CompanyStage,
    Location,
    PriceLevel,
    RoleFamily,
    Source,
)

# Whoever installs the product may do with these figures what they like.
FREE: Final = ("CC0 1.0", "US government work, public domain")
GROUPS: Final = (
    "ai_ml_engineering", "ai_research", "data_science", "data_engineering", "analytics",
    "product", "solutions", "software_engineering", "leadership",
)  # fmt: skip
COLUMNS: Final = (
    "cell_key", "step", "n", "n_employers", "p10", "p25", "p50", "p75", "p90", "intervals",
    "typical_error", "oldest_date", "newest_date", "source_mix", "is_modelled",
)  # fmt: skip
PRICE_COLUMNS: Final = (
    "measure", "country_code", "subdivision", "year", "value", "source_title", "source_url",
)  # fmt: skip
SHOWN_MEASURES: Final = (PriceLevel.Measure.PURCHASING_POWER, PriceLevel.Measure.ALL_ITEMS)
_PERCENTILES: Final = ("p10", "p25", "p50", "p75", "p90")


def write_benchmarks(*, path: Path) -> int:
    """Write the cells of the snapshot in force that may be shipped; return how many."""
    free = set(Source.objects.filter(licence__in=FREE).values_list("key", flat=True))
    snapshot = BenchmarkSnapshot.objects.current().get()
    cells = Benchmark.objects.filter(snapshot=snapshot).select_related("role_family")
    rows = [
        [_plain(getattr(cell, name)) for name in COLUMNS]
        for cell in cells.order_by("cell_key")
        if set(cell.source_mix) <= free and _is_shipped(cell)
    ]
    used = {key for row in rows for key in row[COLUMNS.index("source_mix")]}
    content = {
        "computed_on": _day(snapshot).isoformat(),
        "engine_version": snapshot.engine_version,
        "sources": [
            {"key": source.key, "name": source.name, "licence": source.licence}
            for source in Source.objects.filter(key__in=used).order_by("key")
        ],
        "columns": COLUMNS,
    }
    lines = ",\n  ".join(json.dumps(row, separators=(",", ":")) for row in rows)
    text = json.dumps(content, indent=1).removesuffix("\n}")
    path.write_text(f'{text},\n "cells": [\n  {lines}\n ]\n}}\n', encoding="utf-8")
    return len(rows)


@transaction.atomic
def load_benchmarks(*, path: Path) -> int:
    """Make the shipped cells the snapshot in force, unless the installation computed its own.

    A newer file takes the place of an older one. Returns the number of cells on record.
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    computed_at = dt.datetime.combine(
        dt.date.fromisoformat(content["computed_on"]), dt.time(), tzinfo=dt.UTC
    )
    current = BenchmarkSnapshot.objects.select_for_update().filter(is_current=True).first()
    shipped = (
        BenchmarkSnapshot.objects.filter(reason=BenchmarkSnapshot.Reason.SHIPPED)
        .order_by("-finished_at", "-pk")
        .first()
    )
    if shipped is not None and shipped.finished_at and shipped.finished_at >= computed_at:
        return shipped.n_cells
    is_first = current is None or current == shipped
    if is_first and current is not None:
        BenchmarkSnapshot.objects.filter(pk=current.pk).update(is_current=False)
    snapshot = BenchmarkSnapshot.objects.create(
        state=BenchmarkSnapshot.State.DONE,
        is_current=is_first,
        reason=BenchmarkSnapshot.Reason.SHIPPED,
        previous=current,
        engine_version=content["engine_version"],
        n_cells=len(content["cells"]),
        progress=100,
        queued_at=computed_at,
        finished_at=computed_at,
    )
    families = {family.key: family for family in RoleFamily.objects.all()}
    stages = {stage.key: stage for stage in CompanyStage.objects.all()}
    Benchmark.objects.bulk_create(
        (
            _cell(dict(zip(content["columns"], row, strict=True)), snapshot, families, stages)
            for row in content["cells"]
        ),
        batch_size=1000,
    )
    return snapshot.n_cells


def write_price_levels(*, path: Path) -> int:
    """Write the newest price level of every place and measure that pages show."""
    newest = (
        PriceLevel.objects.filter(measure__in=SHOWN_MEASURES)
        .order_by("measure", "country_code", "subdivision", "-year")
        .distinct("measure", "country_code", "subdivision")
    )
    places = set(Location.objects.values_list("country_code", flat=True))
    rows = [
        [level.measure, level.country_code, level.subdivision, level.year, _plain(level.value),
         level.source_title, level.source_url]
        for level in newest
        if level.country_code in places
    ]  # fmt: skip
    lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    columns = json.dumps(PRICE_COLUMNS)
    text = f'{{\n "columns": {columns},\n "levels": [\n  {lines}\n ]\n}}\n'
    path.write_text(text, encoding="utf-8")
    return len(rows)


def load_price_levels(*, path: Path) -> int:
    """Add the price levels that are missing; what curators imported stays as it is."""
    content = json.loads(path.read_text(encoding="utf-8"))
    PriceLevel.objects.bulk_create(
        (
            PriceLevel(**dict(zip(content["columns"], row, strict=True)))
            for row in content["levels"]
        ),
        ignore_conflicts=True,
    )
    return len(content["levels"])


def _is_shipped(cell: Benchmark) -> bool:
    group = cell.role_family.group if cell.role_family else cell.role_group
    return not group or group in GROUPS


def _cell(
    row: dict[str, Any],
    snapshot: BenchmarkSnapshot,
    families: dict[str, RoleFamily],
    stages: dict[str, CompanyStage],
) -> Benchmark:
    """Return a cell of the snapshot; its facts are all in its name."""
    parts = row["cell_key"].split("/")
    basis, component, family, group, experience, country, region, arrangement, stage, year = parts[
        :10
    ]
    return Benchmark(
        snapshot=snapshot,
        basis=basis,
        component=component,
        role_family=families.get(family),
        role_group=group,
        experience=experience,
        country_code=country,
        region=region,
        work_arrangement=arrangement,
        stage=stages.get(stage),
        year=int(year) if year else None,
        **{name: None if row[name] is None else Decimal(row[name]) for name in _PERCENTILES},
        typical_error=None if row["typical_error"] is None else Decimal(row["typical_error"]),
        **{
            name: row[name]
            for name in (
                "cell_key", "step", "n", "n_employers", "intervals", "oldest_date", "newest_date",
                "source_mix", "is_modelled",
            )
        },
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def _day(snapshot: BenchmarkSnapshot) -> dt.date:
    return (snapshot.finished_at or snapshot.created_at).date()
