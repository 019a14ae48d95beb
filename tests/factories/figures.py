"""Sources, published files, and pay figures in them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from market.models import (
    Basis,
    CompanyStage,
    ExchangeRate,
    ImportBatch,
    Observation,
    PriceLevel,
    RoleFamily,
    Source,
)

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def published_batch(*, key: str = "aijobs", **values: Any) -> ImportBatch:
    """Return a published file of a source."""
    source = Source.objects.get(key=key)
    return ImportBatch.objects.create(
        source=source,
        format=source.format,
        state=values.pop("state", ImportBatch.State.PUBLISHED),
        file_name="figures.csv",
        file_hash=uuid.uuid4().hex,
        file_size=1,
        queued_at=NOW,
        published_at=NOW,
        **values,
    )


def observations(batch: ImportBatch, rows: Iterable[Mapping[str, Any]]) -> list[Observation]:
    """Write figures: each row names what differs from a senior ML engineer in the US."""
    families = {family.key: family for family in RoleFamily.objects.all()}
    stages = {stage.key: stage for stage in CompanyStage.objects.all()}
    made = []
    for line, changes in enumerate(rows, 2):
        row = {
            "role_family": "ml_engineer",
            "experience": "SE",
            "country_code": "US",
            "region": "US",
            "work_arrangement": "on_site",
            "basis": Basis.POSTING,
            "observed_date": dt.date(2025, 1, 1),
            "usd": 200_000,
            "title": "ML engineer",
            **changes,
        }
        usd = row.pop("usd")
        figures = {name: row.pop(name, None) for name in ("bonus_usd", "equity_usd", "total_usd")}
        stage = row.pop("stage", None)
        made.append(
            Observation(
                source=batch.source,
                batch=batch,
                line=line,
                content_hash=uuid.uuid4(),
                nth=1,
                raw="",
                currency="USD",
                amount=Decimal(str(usd or 0)),
                benchmark_usd=None if usd is None else Decimal(str(usd)),
                base_usd=None if usd is None else Decimal(str(usd)),
                role_family=families[row.pop("role_family")],
                stage=stages[stage] if stage else None,
                **{k: None if v is None else Decimal(str(v)) for k, v in figures.items()},
                **row,
            )
        )
    return Observation.objects.bulk_create(made)


def price_levels() -> None:
    """Write a few price levels, and two years of euro rates, in place of what is there."""
    PriceLevel.objects.all().delete()
    for measure, country, state, year, value in (
        ("ppp", "DE", "", 2023, "0.7200"),
        ("ppp", "DE", "", 2024, "0.7000"),
        ("ppp", "US", "", 2024, "1"),
        ("rpp_all", "US", "", 2023, "100"),
        ("rpp_all", "US", "CA", 2023, "112.5"),
        ("rpp_all", "US", "OR", 2023, "104.7"),
    ):
        PriceLevel.objects.create(
            measure=measure,
            country_code=country,
            subdivision=state,
            year=year,
            value=value,
            source_title="A statistical office",
        )
    ExchangeRate.objects.filter(currency="EUR").delete()
    for year, units in ((2024, "0.9000"), (2025, "0.8750")):
        ExchangeRate.objects.create(
            currency="EUR",
            date=dt.date(year, 1, 1),
            period=ExchangeRate.Period.YEAR,
            units_per_usd=units,
            source_title="A central bank",
        )
