"""The curator's window on the records of the market.

What has a page on the bench is only shown here: there, each change is tried first and says why.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from market.models import (
    Benchmark,
    BenchmarkSnapshot,
    CompanyStage,
    DilutionPrior,
    ExchangeRate,
    ImportBatch,
    LadderRung,
    Level,
    Location,
    Observation,
    OccupationWage,
    OutcomePrior,
    PriceLevel,
    RoleFamily,
    Source,
    TermPrior,
    TitleRule,
    VolatilityPrior,
)


@admin.register(RoleFamily)
class RoleFamilyAdmin(admin.ModelAdmin[RoleFamily]):
    list_display = ("label", "key", "group", "is_generic")
    list_filter = ("group", "is_generic")
    search_fields = ("label", "key")
    ordering = ("group", "label", "pk")


@admin.register(Level)
class LevelAdmin(admin.ModelAdmin[Level]):
    list_display = ("key", "label", "track", "rank")
    list_filter = ("track",)
    search_fields = ("label", "key")
    ordering = ("track", "rank", "pk")


@admin.register(CompanyStage)
class CompanyStageAdmin(admin.ModelAdmin[CompanyStage]):
    list_display = ("label", "key", "rank", "backoff_group")
    search_fields = ("label", "key")
    ordering = ("rank", "pk")


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin[Location]):
    list_display = ("label", "country_code", "subdivision", "region", "currency")
    list_filter = ("is_country", "region")
    search_fields = ("label", "key", "country_code")
    ordering = ("country_code", "label", "pk")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin[ExchangeRate]):
    list_display = ("currency", "date", "units_per_usd", "source_title")
    list_filter = ("currency",)
    date_hierarchy = "date"
    ordering = ("currency", "-date", "pk")


@admin.register(OutcomePrior)
class OutcomePriorAdmin(admin.ModelAdmin[OutcomePrior]):
    list_display = (
        "key",
        "low_multiple",
        "high_multiple",
        "probability",
        "source_year",
        "confidence",
    )
    ordering = ("key", "low_multiple", "pk")


@admin.register(DilutionPrior)
class DilutionPriorAdmin(admin.ModelAdmin[DilutionPrior]):
    list_display = ("stage", "dilution_fraction", "source_year", "confidence")
    list_select_related = ("stage",)
    ordering = ("stage__rank", "pk")


@admin.register(VolatilityPrior)
class VolatilityPriorAdmin(admin.ModelAdmin[VolatilityPrior]):
    list_display = ("label", "volatility", "source_year", "confidence")
    ordering = ("key", "pk")


@admin.register(TermPrior)
class TermPriorAdmin(admin.ModelAdmin[TermPrior]):
    list_display = ("key", "stage", "value", "probability", "source_year", "confidence")
    list_filter = ("key", "stage")
    list_select_related = ("stage",)
    ordering = ("key", "stage__rank", "value", "pk")


# --- records, changed on the bench alone ---------------------------------------------------------


class RecordAdmin(admin.ModelAdmin[Any]):
    """A record to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 -- Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 -- Django's signature
        return False


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("name", "key", "kind", "format", "licence", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "key")
    ordering = ("name", "pk")


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordAdmin):
    list_display = ("file_name", "source", "state", "n_read", "n_new", "created_at")
    list_filter = ("state", "source")
    list_select_related = ("source",)
    ordering = ("-created_at", "-pk")


@admin.register(Observation)
class ObservationAdmin(RecordAdmin):
    list_display = ("pk", "title", "role_family", "experience", "country_code", "state", "batch")
    list_filter = ("state", "source", "basis")
    list_select_related = ("role_family", "batch")
    search_fields = ("title", "case_number")
    ordering = ("-pk",)


@admin.register(OccupationWage)
class OccupationWageAdmin(RecordAdmin):
    list_display = ("occupation_code", "title", "year", "employment", "p50")
    list_filter = ("year",)
    search_fields = ("occupation_code", "title")
    ordering = ("occupation_code", "-year", "pk")


@admin.register(PriceLevel)
class PriceLevelAdmin(RecordAdmin):
    list_display = ("measure", "country_code", "subdivision", "year", "value", "source_title")
    list_filter = ("measure", "year")
    search_fields = ("country_code", "subdivision")
    ordering = ("measure", "country_code", "subdivision", "-year", "pk")


@admin.register(TitleRule)
class TitleRuleAdmin(RecordAdmin):
    list_display = ("position", "role_family", "confidence", "is_active")
    list_filter = ("confidence", "is_active")
    list_select_related = ("role_family",)
    ordering = ("position", "pk")


@admin.register(LadderRung)
class LadderRungAdmin(RecordAdmin):
    list_display = ("ladder", "label", "level")
    list_filter = ("ladder",)
    list_select_related = ("ladder", "level")
    ordering = ("ladder__name", "level__track", "level__rank", "pk")


@admin.register(BenchmarkSnapshot)
class BenchmarkSnapshotAdmin(RecordAdmin):
    list_display = (
        "pk",
        "state",
        "is_current",
        "reason",
        "n_cells",
        "n_observations",
        "created_at",
    )
    list_filter = ("state", "reason")
    ordering = ("-pk",)


@admin.register(Benchmark)
class BenchmarkAdmin(RecordAdmin):
    list_display = ("cell_key", "component", "n", "p50", "snapshot")
    list_filter = ("component", "basis")
    list_select_related = ("snapshot",)
    search_fields = ("cell_key",)
    ordering = ("-snapshot", "cell_key", "pk")
