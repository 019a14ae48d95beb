"""What curators look after beside templates: objection cards and the texts of the handbook."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ShippedRow(models.Model):
    """Content that ships with Parley and that curators may change; their words are kept."""

    key = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    release = models.PositiveSmallIntegerField(default=1)
    is_edited = models.BooleanField(
        default=False, help_text="A curator changed it, so a new release does not overwrite it."
    )
    offered = models.JSONField(
        null=True, blank=True, help_text="The newer shipped text, until a curator decides."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["they_say", "means", "reply", "next_situation", "keywords"],
    model_name="ObjectionCardEvent",
)
class ObjectionCard(ShippedRow):
    """Something they may say on a call, and what to say then."""

    they_say = models.CharField(max_length=160)
    means = models.CharField("what it means", max_length=200)
    reply = models.CharField(max_length=500)
    next_situation = models.SlugField(max_length=8, help_text="Where to go on, such as S11.")
    keywords = models.CharField(max_length=200, blank=True, help_text="More words to find it by.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(they_say="") & ~Q(reply=""), name="objection_card_has_words"
            )
        ]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["title", "body", "reported_by", "year", "sample", "limits", "situations"],
    model_name="HandbookTextEvent",
)
class HandbookText(ShippedRow):
    """One text of the handbook: what is known, who reports it, and how far it carries."""

    title = models.CharField(max_length=120)
    body = models.TextField(max_length=2000)
    reported_by = models.CharField(max_length=160)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sample = models.CharField(max_length=120, blank=True)
    limits = models.CharField(
        max_length=200, blank=True, help_text="Such as: reported, not promised."
    )
    situations = ArrayField(models.SlugField(max_length=8), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body="") & ~Q(reported_by=""),
                name="handbook_text_names_its_source",
                violation_error_message="Say who reports this.",
            )
        ]
