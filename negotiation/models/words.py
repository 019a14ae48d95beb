"""What was said in writing: scripts as they were sent, and what the company answered."""

from django.db import models
from django.db.models import Q

from negotiation.models.content import Question, ScriptTemplateVersion
from negotiation.models.talks import CallLog, Negotiation
from offers.models import owned_through


class SentScript(models.Model):
    """The user's own copy of a script, edited as they like, with the version it came from."""

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="scripts")
    template_version = models.ForeignKey(
        ScriptTemplateVersion, models.PROTECT, related_name="sent_scripts"
    )
    call = models.ForeignKey(CallLog, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=12_000)
    bindings = models.JSONField(
        default=list,
        blank=True,
        help_text="Every figure in the rendered text with the record that it came from.",
    )
    is_edited = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Empty is a draft.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="sent_script_has_words",
                violation_error_message="Write the text.",
            ),
            # One draft per template: opening a script again finds what was typed.
            models.UniqueConstraint(
                fields=["negotiation", "template_version"],
                condition=Q(sent_at__isnull=True),
                name="script_draft_once_per_template_version",
            ),
        ]

    def __str__(self) -> str:
        return f"Script {self.pk}"


class Answer(models.Model):
    """Where one question about equity stands with one company."""

    class State(models.TextChoices):
        OPEN = "open", "Not asked"
        ASKED = "asked", "Asked"
        WRITTEN = "written", "Answered in writing"
        VERBAL = "verbal", "Answered, not in writing"
        REFUSED = "refused", "They would not say"

    class Rating(models.TextChoices):
        GOOD = "good", "Good"
        FAIR = "fair", "Middling"
        BAD = "bad", "Red flag"
        UNCLEAR = "unclear", "No clear answer"

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rating = models.CharField(max_length=8, choices=Rating.choices, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text="The figures in it, by name.")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["negotiation", "question"], name="answer_once_per_question"
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(asked_at__isnull=False),
                name="answer_asked_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["written", "verbal", "refused"])
                | Q(answered_at__isnull=False),
                name="answer_given_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["written", "verbal"]) | Q(rating__in=["", "bad"]),
                name="answer_rating_needs_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"
