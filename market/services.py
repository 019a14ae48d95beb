"""Values → rows of the market."""

import json
from pathlib import Path
from typing import Any, Final

from django.db import models, transaction

from market.models import (
    CompanyStage,
    DilutionPrior,
    ExchangeRate,
    Level,
    Location,
    OutcomePrior,
    RoleFamily,
    VolatilityPrior,
)

REFERENCE: Final = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference(*, directory: Path = REFERENCE) -> dict[str, int]:
    """Write the reference data into the database and return the number of rows per file.

    Rows are found by their natural key, so loading again updates them in place.
    """
    priors = _read(directory / "priors.json")
    rates = _read(directory / "exchange_rates.json")
    stages = _upsert(CompanyStage, _read(directory / "company_stages.json")["stages"], ["key"])
    by_key = {stage.key: stage for stage in CompanyStage.objects.all()}
    source = {"source_title": rates["source_title"], "source_url": rates["source_url"]}
    return {
        "company stages": stages,
        "role families": _upsert(
            RoleFamily, _read(directory / "role_families.json")["families"], ["key"]
        ),
        "levels": _upsert(Level, _read(directory / "levels.json")["levels"], ["key"]),
        "locations": _upsert(Location, _read(directory / "locations.json")["locations"], ["key"]),
        "exchange rates": _upsert(
            ExchangeRate, [row | source for row in rates["rates"]], ["currency", "date"]
        ),
        "outcome priors": _upsert(OutcomePrior, priors["outcomes"], ["key", "low_multiple"]),
        "dilution priors": _upsert(
            DilutionPrior,
            [row | {"stage": by_key[row["stage"]]} for row in priors["dilutions"]],
            ["stage", "source_year"],
        ),
        "volatility priors": _upsert(VolatilityPrior, priors["volatilities"], ["key"]),
    }


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _upsert(model: type[models.Model], rows: list[dict[str, Any]], key: list[str]) -> int:
    model._default_manager.bulk_create(
        [model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=key,
        update_fields=[name for name in rows[0] if name not in key],
    )
    return len(rows)
