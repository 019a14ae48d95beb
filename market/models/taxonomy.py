"""What pay is compared within: kinds of work, levels, stages, places, and how titles find them."""

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from market.models.references import named_by_no_row


class Experience(models.TextChoices):
    """The coarse level that public pay files know; each spans several rungs of the ladder."""

    ENTRY = "EN", "Entry"
    MID = "MI", "Mid"
    SENIOR = "SE", "Senior"
    EXECUTIVE = "EX", "Executive"


class RoleFamily(models.Model):
    """A kind of work that pay is compared within."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    group = models.SlugField(max_length=40)
    is_generic = models.BooleanField(
        default=False, help_text="The title names no function, so no benchmark is built on it."
    )

    class Meta:
        verbose_name_plural = "role families"
        triggers = [named_by_no_row("market_observation", "role_family_id")]

    def __str__(self) -> str:
        return self.label


class Level(models.Model):
    """A rung of the ladder; a lower rank is more junior."""

    class Track(models.TextChoices):
        INDIVIDUAL = "individual", "Individual contributor"
        MANAGEMENT = "management", "Management"

    key = models.SlugField(max_length=8, unique=True)
    label = models.CharField(max_length=60)
    track = models.CharField(max_length=12, choices=Track.choices)
    rank = models.PositiveSmallIntegerField()
    experience = models.CharField(
        max_length=2,
        choices=Experience.choices,
        default=Experience.SENIOR,
        help_text="The coarse level that this rung counts as in public pay files.",
    )
    also_known_as = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "rank"], name="level_rank_unique_in_track")
        ]
        triggers = [named_by_no_row("market_observation", "level_id")]

    def __str__(self) -> str:
        return f"{self.label} ({self.key})"


class CompanyStage(models.Model):
    """How far a company has come; venture stages are ordered, the others have no rank."""

    key = models.SlugField(max_length=24, unique=True)
    label = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)
    backoff_group = models.SlugField(max_length=16, blank=True)

    class Meta:
        triggers = [named_by_no_row("market_observation", "stage_id")]

    def __str__(self) -> str:
        return self.label


class Location(models.Model):
    """A country, or a place in one, with the region it backs off to."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    country_code = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True, help_text="State or province code.")
    region = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=40)
    is_country = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(country_code__regex=r"^[A-Z]{2}$") & Q(currency__regex=r"^[A-Z]{3}$"),
                name="location_codes_are_iso",
            )
        ]
        triggers = [named_by_no_row("market_observation", "location_id")]

    def __str__(self) -> str:
        return self.label


class TitleRuleQuerySet(models.QuerySet["TitleRule"]):
    """Narrows rules."""

    def in_force(self) -> Self:
        """Return the rules that are tried on a title, in the order they are tried."""
        return self.filter(is_active=True).order_by("position", "pk")


@pghistory.track()
class TitleRule(models.Model):
    """A pattern that maps a normalised title to a role family; the first match wins."""

    class Confidence(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    position = models.PositiveIntegerField(help_text="Rules are tried from the lowest upwards.")
    pattern = models.CharField(
        max_length=1000,
        help_text="A regular expression on the normalised title: lower case, no punctuation.",
    )
    role_family = models.ForeignKey(RoleFamily, models.PROTECT, related_name="title_rules")
    confidence = models.CharField(max_length=6, choices=Confidence.choices)
    is_active = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TitleRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            # Checked at commit, so that rules can change places.
            models.UniqueConstraint(
                fields=["position"],
                name="title_rule_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Another rule has this position.",
            ),
            models.CheckConstraint(
                condition=~Q(pattern=""), name="title_rule_pattern_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"Title rule {self.position}"


class LevelLadder(models.Model):
    """The names that one employer, or one data source, gives to its levels."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class LadderRung(models.Model):
    """One name of a ladder and the level it is. No two share either, so the map inverts."""

    ladder = models.ForeignKey(LevelLadder, models.CASCADE, related_name="rungs")
    label = models.CharField(max_length=40)
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ladder",
                Lower("label"),
                name="ladder_rung_label_once",
                violation_error_message="This ladder already has a level of that name.",
            ),
            models.UniqueConstraint(
                fields=["ladder", "level"],
                name="ladder_rung_level_once",
                violation_error_message="Another name of this ladder already stands for that level.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rung {self.pk}"
