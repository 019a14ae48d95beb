"""The reference data that a fresh installation starts with."""

import json
from pathlib import Path
from typing import Any, Final

from django.db import models, transaction

from market.models import (
    CompanyStage,
    DilutionPrior,
    ExchangeRate,
    LadderRung,
    Level,
    LevelLadder,
    Location,
    OutcomePrior,
    RoleFamily,
    Source,
    TermPrior,
    TitleRule,
    VolatilityPrior,
)

REFERENCE: Final = Path(__file__).parent.parent / "reference"


@transaction.atomic
def load_reference(*, directory: Path = REFERENCE) -> dict[str, int]:
    """Write the reference data into the database and return the number of rows per file.

    Rows are found by their natural key, so loading again updates them in place. What curators
    edit (sources, title rules, ladders) is only added where it is missing, never set back.
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
            ExchangeRate,
            [row | source | {"period": "month"} for row in rates["rates"]],
            ["currency", "date", "period"],
        ),
        "outcome priors": _upsert(OutcomePrior, priors["outcomes"], ["key", "low_multiple"]),
        "dilution priors": _upsert(
            DilutionPrior,
            [row | {"stage": by_key[row["stage"]]} for row in priors["dilutions"]],
            ["stage", "source_year"],
        ),
        "volatility priors": _upsert(VolatilityPrior, priors["volatilities"], ["key"]),
        "term priors": _upsert(
            TermPrior,
            [row | {"stage": by_key.get(row["stage"])} for row in priors["terms"]],
            ["key", "stage", "value"],
        ),
        "sources": _add_missing(Source, _read(directory / "sources.json")["sources"]),
        "title rules": _first_title_rules(_read(directory / "title_rules.json")["rules"]),
        "ladders": _first_ladders(_read(directory / "ladders.json")["ladders"]),
    }


def _add_missing(model: type[models.Model], rows: list[dict[str, Any]]) -> int:
    model._default_manager.bulk_create([model(**row) for row in rows], ignore_conflicts=True)
    return len(rows)


def _first_title_rules(rows: list[dict[str, Any]]) -> int:
    """Write the rules if there are none: their order is the curators' from then on."""
    if not TitleRule.objects.exists():
        families = {family.key: family for family in RoleFamily.objects.all()}
        TitleRule.objects.bulk_create(
            TitleRule(
                # Room between neighbours for the rules of curators.
                position=10 * row["order"],
                pattern=row["pattern"],
                role_family=families[row["family"]],
                confidence=row["confidence"],
            )
            for row in rows
        )
    return len(rows)


def _first_ladders(rows: list[dict[str, Any]]) -> int:
    """Write the ladders that are missing, each with its rungs."""
    levels = {level.key: level for level in Level.objects.all()}
    known = set(LevelLadder.objects.values_list("key", flat=True))
    for row in rows:
        if row["key"] in known:
            continue
        ladder = LevelLadder.objects.create(key=row["key"], name=row["name"], note=row["note"])
        LadderRung.objects.bulk_create(
            LadderRung(ladder=ladder, label=label, level=levels[key])
            for label, key in row["rungs"].items()
        )
    return len(rows)


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
