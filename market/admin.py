"""The curator's window on the taxonomy, the rates and the priors."""

from django.contrib import admin

from market.models import (
    CompanyStage,
    DilutionPrior,
    ExchangeRate,
    Level,
    Location,
    OutcomePrior,
    RoleFamily,
    TermPrior,
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
