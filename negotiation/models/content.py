"""Curated content: the words of scripts and the questions about equity, with every version kept."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ScriptTemplate(models.Model):
    """The words for one situation, channel and tone; its text is its current version."""

    class Channel(models.TextChoices):
        CALL = "call", "Call"
        EMAIL = "email", "E-mail"
        MESSAGE = "message", "Message"

    class Tone(models.TextChoices):
        WARM = "warm", "Warm"
        PLAIN = "plain", "Plain"

    situation = models.SlugField(max_length=40, help_text="The handbook’s name, such as s10.")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    tone = models.CharField(max_length=8, choices=Tone.choices)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "channel", "tone"],
                name="script_template_once_per_situation_channel_tone",
                violation_error_message="There is already a template for this situation, channel and tone.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.situation}, {self.channel}, {self.tone}"


class ScriptTemplateVersion(models.Model):
    """The text of a template at one moment; it never changes, so that what was sent keeps its words."""

    class Origin(models.TextChoices):
        SHIPPED = "shipped", "Shipped with Parley"
        CURATED = "curated", "Edited by a curator"

    template = models.ForeignKey(ScriptTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    subject = models.CharField(max_length=160, blank=True)
    body = models.TextField(max_length=8000)
    slots = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    preconditions = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    release = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The shipped release that this text came with."
    )
    is_current = models.BooleanField(default=False)
    is_offered = models.BooleanField(
        default=False, help_text="A newer shipped text that a curator has yet to take or leave."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="script_version_number_once_per_template"
            ),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(is_current=True),
                name="script_template_has_one_current_version",
            ),
            models.CheckConstraint(
                condition=~Q(origin="shipped") | Q(release__isnull=False),
                name="script_version_shipped_names_its_release",
            ),
            models.CheckConstraint(
                condition=~(Q(is_current=True) & Q(is_offered=True)),
                name="script_version_offered_is_not_current",
            ),
            models.CheckConstraint(
                condition=~Q(body=""),
                name="script_version_has_words",
                violation_error_message="Write the text.",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of template {self.template_id}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=[
        "text", "why", "good_answer", "fair_answer", "bad_answer", "refusal_means", "ask_instead",
        "need", "position", "instruments", "stages", "answers_fact",
    ],
    model_name="QuestionEvent",
)  # fmt: skip
class Question(models.Model):
    """A question about equity: why it matters, and what good and bad answers look like."""

    class Need(models.TextChoices):
        MUST = "must", "Always ask"
        OPTIONS = "options", "Always ask about options"
        USEFUL = "useful", "Worth asking"

    key = models.SlugField(max_length=8, unique=True)
    position = models.PositiveSmallIntegerField()
    need = models.CharField(max_length=8, choices=Need.choices, default=Need.USEFUL)
    instruments = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Compensation types it is about; empty is every one.",
    )
    stages = ArrayField(
        models.SlugField(max_length=24),
        default=list,
        blank=True,
        help_text="Stages of company it is about; empty is every private one.",
    )
    text = models.CharField(max_length=300)
    why = models.CharField(max_length=400)
    good_answer = models.CharField(max_length=300)
    fair_answer = models.CharField(max_length=300, blank=True)
    bad_answer = models.CharField(max_length=300)
    refusal_means = models.CharField(max_length=300, blank=True)
    ask_instead = models.CharField(max_length=300, blank=True)
    answers_fact = models.SlugField(
        max_length=40, blank=True, help_text="The fact of the cap table or grant that it settles."
    )
    release = models.PositiveSmallIntegerField(default=1)
    is_edited = models.BooleanField(
        default=False, help_text="A curator changed it, so a new release does not overwrite it."
    )
    offered = models.JSONField(
        null=True, blank=True, help_text="The newer shipped text, until a curator decides."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(why="") & ~Q(good_answer="") & ~Q(bad_answer=""),
                name="question_says_why_and_how_to_read_answers",
                violation_error_message="Write the question, why it matters, and how to read answers.",
            )
        ]

    def __str__(self) -> str:
        return self.key
