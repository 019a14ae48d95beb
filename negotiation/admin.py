"""The curator's window on scripts, questions, objection cards and the handbook."""

from typing import Any

import pghistory
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from negotiation.forms.curation import CardForm, HandbookTextForm, QuestionForm, TemplateForm
from negotiation.models import HandbookText, ObjectionCard, Question, ScriptTemplate
from negotiation.scripts import SITUATIONS, SLOTS
from negotiation.selectors.previews import preview_of
from negotiation.services import content


@admin.register(ScriptTemplate)
class ScriptTemplateAdmin(admin.ModelAdmin[ScriptTemplate]):
    """Edit the text with a live preview; each save is a version, and what was sent keeps its own."""

    form = TemplateForm
    change_form_template = "admin/negotiation/template_change.html"
    list_display = ("situation", "name", "channel", "tone", "current_version", "offered")
    list_filter = ("channel", "tone", "versions__is_offered")
    search_fields = ("situation", "versions__body")
    ordering = ("situation", "channel", "tone", "pk")
    fields = ("situation", "channel", "tone", "text")
    readonly_fields = ("situation", "channel", "tone")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- Django's signature
        return False  # the situations are the handbook's

    def has_delete_permission(
        self,
        request: HttpRequest,  # noqa: ARG002 -- Django's signature
        obj: ScriptTemplate | None = None,  # noqa: ARG002
    ) -> bool:
        return False  # what was sent names its version

    @admin.display(description="Situation")
    def name(self, row: ScriptTemplate) -> str:
        return SITUATIONS[row.situation].title

    @admin.display(description="Version")
    def current_version(self, row: ScriptTemplate) -> str:
        version = row.versions.get(is_current=True)
        return f"{version.number}, {version.get_origin_display().lower()}"

    @admin.display(description="Newer text offered", boolean=True)
    def offered(self, row: ScriptTemplate) -> bool:
        return row.versions.filter(is_offered=True).exists()

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(self.preview),
            name="negotiation_scripttemplate_preview",
        )
        decide = path(
            "<int:pk>/decide/",
            self.admin_site.admin_view(self.decide),
            name="negotiation_scripttemplate_decide",
        )
        return [preview, decide, *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with what a text would look like, with the examples of its slots."""
        template = get_object_or_404(ScriptTemplate, pk=pk)
        if not self.has_view_permission(request, template):
            return HttpResponse(status=403)
        shown = preview_of(request.POST.get("text", ""), template.situation)
        html = render_to_string("admin/negotiation/preview.html", {"preview": shown}, request)
        return JsonResponse({"html": html})

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the newer shipped text, or leave it."""
        template = get_object_or_404(ScriptTemplate, pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, template):
            return HttpResponse(status=403)
        take = request.POST.get("take") == "yes"
        try:
            content.decide_on_offer(template=template, take=take, author=request.user)  # type: ignore[arg-type]  # a curator is signed in
        except content.NothingOffered:
            messages.warning(request, "Somebody has decided already.")
        else:
            messages.success(
                request, "The shipped text is current." if take else "Your own text stays."
            )
        return redirect(reverse("admin:negotiation_scripttemplate_change", args=[pk]))

    def save_model(
        self,
        request: HttpRequest,
        obj: ScriptTemplate,
        form: Any,
        change: bool,  # noqa: ARG002 -- Django's signature
    ) -> None:
        content.curate_template(template=obj, text=form.cleaned_data["text"], author=request.user)  # type: ignore[arg-type]  # a curator is signed in

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj") or context.get("original")
        if row is not None:
            versions = list(row.versions.select_related("author").order_by("-number"))
            current = next(version for version in versions if version.is_current)
            offered = next((version for version in versions if version.is_offered), None)
            context |= {
                "situation": SITUATIONS[row.situation],
                "slots": SLOTS.values(),
                "preview": preview_of(
                    request.POST.get("text") or content.text_of(current), row.situation
                ),
                "versions": [
                    (
                        version,
                        content.difference(content.text_of(older), content.text_of(version))
                        if older is not None
                        else [],
                    )
                    for version, older in zip(versions, [*versions[1:], None], strict=True)
                ],
                "offered": offered,
                "offered_difference": content.difference(
                    content.text_of(current), content.text_of(offered)
                )
                if offered is not None
                else [],
            }
        return super().render_change_form(request, context, *args, **kwargs)


class ShippedRowAdmin(admin.ModelAdmin[Any]):
    """Rows that ship: a curator's change is marked, kept in the history, and never overwritten."""

    list_filter = ("is_edited", ("offered", admin.EmptyFieldListFilter))
    readonly_fields = ("key", "offer", "history")
    actions = ("take_shipped", "keep_own")
    ordering = ("position", "pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 -- Django's signature
        return ["key", *self.form.base_fields, "offer", "history"]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_edited = True
        with pghistory.context(user=request.user.pk):
            super().save_model(request, obj, form, change)

    @admin.display(description="Newer shipped words")
    def offer(self, row: Any) -> SafeString | str:
        if not row.offered:
            return "None"
        changed = [
            (name.replace("_", " "), getattr(row, name), value)
            for name, value in row.offered.items()
            if getattr(row, name) != value
        ]
        return format_html_join("", "<p><b>{}</b><br><del>{}</del><br><ins>{}</ins></p>", changed)

    @admin.display(description="History")
    def history(self, row: Any) -> SafeString | str:
        events = (
            type(row)
            .pgh_event_model.objects.filter(pgh_obj=row)
            .select_related("pgh_context")
            .order_by("-pgh_id")[:20]
        )
        lines = [
            (
                event.pgh_created_at.strftime("%Y-%m-%d %H:%M"),
                f"by user {event.pgh_context.metadata.get('user')}"
                if event.pgh_context
                else "shipped",
                str(getattr(event, self.history_field))[:300],
            )
            for event in events
        ]
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} {}: {}</li>", lines))

    history_field = "body"

    @admin.action(description="Take the newer shipped words")
    def take_shipped(self, request: HttpRequest, rows: Any) -> None:
        self._decide(request, rows, take=True)

    @admin.action(description="Keep our own words")
    def keep_own(self, request: HttpRequest, rows: Any) -> None:
        self._decide(request, rows, take=False)

    def _decide(self, request: HttpRequest, rows: Any, *, take: bool) -> None:
        done = 0
        for row in rows.filter(offered__isnull=False):
            with pghistory.context(user=request.user.pk):
                content.decide_on_row(row=row, take=take)
            done += 1
        self.message_user(request, f"Decided on {done}.")


@admin.register(Question)
class QuestionAdmin(ShippedRowAdmin):
    form = QuestionForm
    history_field = "text"
    list_display = ("key", "text", "need", "position", "is_edited")
    search_fields = ("key", "text", "why")


@admin.register(ObjectionCard)
class ObjectionCardAdmin(ShippedRowAdmin):
    form = CardForm
    history_field = "reply"
    list_display = ("they_say", "next_situation", "position", "is_edited")
    search_fields = ("they_say", "reply", "keywords")


@admin.register(HandbookText)
class HandbookTextAdmin(ShippedRowAdmin):
    form = HandbookTextForm
    list_display = ("title", "reported_by", "year", "position", "is_edited")
    search_fields = ("title", "body", "reported_by")
