"""What curators type: refused beside the field where a rule is broken, and never lost."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from negotiation.models import HandbookText, ObjectionCard, Question, ScriptTemplate
from negotiation.scripts import SITUATIONS, review_template
from negotiation.services.content import text_of


class TemplateForm(forms.ModelForm[ScriptTemplate]):
    """The text of a template, checked by the rules of honest scripts."""

    text = forms.CharField(
        label="Text",
        widget=forms.Textarea({"rows": 16, "cols": 90, "data-template-text": ""}),
        max_length=6_000,
        strip=True,
        help_text="Slots as {base_ask}; a part that may go as [[…{slot}…]]; a cue as a line that begins with ~; an e-mail begins with “Subject:”.",
    )

    class Meta:
        model = ScriptTemplate
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.versions.filter(is_current=True).first()
        if current is not None:
            self.initial["text"] = text_of(current)

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        _, problems = review_template(text, SITUATIONS[self.instance.situation])
        if problems:
            raise ValidationError(
                [ValidationError(str(problem), code=problem.code) for problem in problems]
            )
        return text


class CardForm(forms.ModelForm[ObjectionCard]):
    """A card; its reply follows the rules of templates."""

    class Meta:
        model = ObjectionCard
        fields = ("they_say", "means", "reply", "next_situation", "keywords", "position")

    def clean_next_situation(self) -> str:
        key = str(self.cleaned_data["next_situation"]).upper()
        if key not in SITUATIONS:
            raise ValidationError("There is no such situation. They are S01 to S32.")
        return key

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        reply, key = found.get("reply"), found.get("next_situation")
        if reply and key:
            script, problems = review_template(reply, SITUATIONS[key])
            if script.slots:
                self.add_error("reply", "A card has no slots: it is read as it stands.")
            for problem in problems:
                self.add_error("reply", problem.message)
        return found


class HandbookTextForm(forms.ModelForm[HandbookText]):
    """A text of the handbook; figures need a year or a source's sample, and a limit."""

    class Meta:
        model = HandbookText
        fields = (
            "title",
            "body",
            "reported_by",
            "year",
            "sample",
            "limits",
            "situations",
            "position",
        )

    def clean_situations(self) -> list[str]:
        keys = [str(key).upper() for key in self.cleaned_data["situations"]]
        unknown = [key for key in keys if key not in SITUATIONS]
        if unknown:
            raise ValidationError(f"There is no situation {unknown[0]}. They are S01 to S32.")
        return keys


class QuestionForm(forms.ModelForm[Question]):
    """A question of the equity checklist."""

    class Meta:
        model = Question
        fields = (
            "text",
            "why",
            "good_answer",
            "fair_answer",
            "bad_answer",
            "refusal_means",
            "ask_instead",
            "need",
            "position",
            "instruments",
            "stages",
        )
