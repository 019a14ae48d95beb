"""The curator's window on what their changes set in motion. Offers themselves are nobody's but theirs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from offers.models import Reevaluation


@admin.register(Reevaluation)
class ReevaluationAdmin(admin.ModelAdmin[Reevaluation]):
    list_display = ("started_at", "progress", "n_queued", "finished_at")
    ordering = ("-started_at", "-pk")

    @admin.display(description="Checked")
    def progress(self, row: Reevaluation) -> str:
        return f"{row.n_checked:,} of {row.n_valuations:,} ({row.percent}%)"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- admin passes it
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 -- admin passes it
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 -- admin passes it
        return False
