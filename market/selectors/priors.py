"""The dated priors that the equity engine works with, read together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from market.models import (
    CompanyStage,
    DilutionPrior,
    ExchangeRate,
    OutcomePrior,
    TermPrior,
    VolatilityPrior,
)
from market.models.priors import SourcedPrior
from market.selectors.rates import Sourced, sourced

Key = TermPrior.Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """Values that one term may have, with their chances, and where they come from."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]
    source: Sourced

    @property
    def value(self) -> float:
        """The only value, or the likeliest one."""
        return max(zip(self.probabilities, self.values, strict=True))[1]


@dataclass(frozen=True, slots=True)
class Priors:
    """Every prior on record, asked for by stage."""

    terms: Sequence[TermPrior]
    dilutions: Sequence[DilutionPrior]
    volatilities: Mapping[str, VolatilityPrior]

    def term(self, key: str, stage: CompanyStage | None = None) -> Weighted | None:
        """Return the distribution of a term at a stage; None where nothing is on record."""
        own = [row for row in self.terms if row.key == key and row.stage_id is not None]
        if stage is not None:
            own = [row for row in own if row.stage_id == stage.pk]
        rows = own if stage is not None and own else self._of_every_stage(key)
        if not rows:
            return None
        return Weighted(
            values=tuple(float(row.value) for row in rows),
            probabilities=tuple(float(row.probability) for row in rows),
            source=sourced(rows[0]),
        )

    def volatility(self, key: str) -> tuple[float, Sourced] | None:
        """Return a yearly volatility and its source."""
        row = self.volatilities.get(key)
        return (float(row.volatility), sourced(row)) if row else None

    def dilutions_until(self, stage: CompanyStage) -> tuple[float, ...]:
        """Return what the rounds up to a stage sold, the first one first; none without a rank."""
        if stage.rank is None:
            return ()
        return tuple(
            float(row.dilution_fraction)
            for row in self.dilutions
            if row.stage.rank is not None and row.stage.rank <= stage.rank
        )

    def next_dilution(self, stage: CompanyStage) -> tuple[float, Sourced] | None:
        """Return what the next round sells; after the last one on record, what that one did."""
        if stage.rank is None or not self.dilutions:
            return None
        later = [
            row
            for row in self.dilutions
            if row.stage.rank is not None and row.stage.rank > stage.rank
        ]
        row = later[0] if later else self.dilutions[-1]
        return float(row.dilution_fraction), sourced(row)

    def _of_every_stage(self, key: str) -> list[TermPrior]:
        return [row for row in self.terms if row.key == key and row.stage_id is None]


def priors() -> Priors:
    """Return the priors on record, the newest dilution of each stage; three queries."""
    newest: dict[int, DilutionPrior] = {}
    for row in DilutionPrior.objects.select_related("stage").order_by("source_year", "pk"):
        newest[row.stage_id] = row
    return Priors(
        terms=list(
            TermPrior.objects.select_related("stage").order_by(
                "key", F("stage__rank").asc(nulls_last=True), "value", "pk"
            )
        ),
        dilutions=sorted(newest.values(), key=lambda row: row.stage.rank or 0),
        volatilities={row.key: row for row in VolatilityPrior.objects.all()},
    )


def market_version() -> str:
    """Return a name for everything that valuations take from the market: it changes when they may.

    A hash over the values themselves, not over dates of change, so that loading the same reference
    data again changes nothing.
    """
    read: list[tuple[type[SourcedPrior | ExchangeRate], tuple[str, ...]]] = [
        (OutcomePrior, ("key", "low_multiple", "high_multiple", "probability")),
        (DilutionPrior, ("stage__key", "source_year", "dilution_fraction")),
        (TermPrior, ("key", "stage__key", "value", "probability")),
        (VolatilityPrior, ("key", "volatility")),
    ]
    content: list[Any] = [
        sorted(map(list, model._default_manager.values_list(*fields)), key=repr)
        for model, fields in read
    ]
    content.append(
        [
            [rate.currency, rate.date, rate.units_per_usd]
            for rate in ExchangeRate.objects.latest_per_currency()
        ]
    )
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]
