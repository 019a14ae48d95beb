"""What the market pays: taxonomy, rates, priors, sources, observations, benchmarks, people."""

from typing import Any

from django.db.models import Model

from market.models.benchmarks import Benchmark, BenchmarkSnapshot, ContributionRelease
from market.models.observations import Observation, OccupationWage
from market.models.people import Contribution, NetworkDataPoint
from market.models.priors import DilutionPrior, OutcomePrior, TermPrior, VolatilityPrior
from market.models.rates import ExchangeRate, PriceLevel
from market.models.sources import Basis, ImportBatch, ImportPiece, ReferenceFigure, Source
from market.models.taxonomy import (
    CompanyStage,
    Experience,
    LadderRung,
    Level,
    LevelLadder,
    Location,
    RoleFamily,
    TitleRule,
)

__all__ = [
    "Basis",
    "Benchmark",
    "BenchmarkSnapshot",
    "CompanyStage",
    "Contribution",
    "ContributionEvent",
    "ContributionRelease",
    "DilutionPrior",
    "ExchangeRate",
    "Experience",
    "ImportBatch",
    "ImportBatchEvent",
    "ImportPiece",
    "LadderRung",
    "LadderRungEvent",
    "Level",
    "LevelLadder",
    "Location",
    "NetworkDataPoint",
    "Observation",
    "ObservationEvent",
    "OccupationWage",
    "OutcomePrior",
    "PriceLevel",
    "ReferenceFigure",
    "RoleFamily",
    "Source",
    "SourceEvent",
    "TermPrior",
    "TitleRule",
    "TitleRuleEvent",
    "VolatilityPrior",
]


def _history_of(model: type[Model]) -> Any:
    return model.pgh_event_model  # type: ignore[attr-defined]  # pghistory.track makes it


# Who changed what, when and why, one model beside each that is followed.
ContributionEvent = _history_of(Contribution)
ImportBatchEvent = _history_of(ImportBatch)
LadderRungEvent = _history_of(LadderRung)
ObservationEvent = _history_of(Observation)
SourceEvent = _history_of(Source)
TitleRuleEvent = _history_of(TitleRule)
