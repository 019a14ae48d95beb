"""Pay figures: one row of a file each, and the published percentiles of an occupation."""

from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from market.models.references import named_rows_exist
from market.models.sources import Basis, ImportBatch, Source
from market.models.taxonomy import (
    CompanyStage,
    Experience,
    Level,
    Location,
    RoleFamily,
    TitleRule,
)


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Narrows observations."""

    def published(self) -> Self:
        """Return the rows of published files that nothing newer replaced, doubtful ones included.

        This is "every row of the file": what a figure quoted from a source counts. Benchmarks
        count `.counted()`.
        """
        return self.filter(
            batch__state=ImportBatch.State.PUBLISHED, replaced_by__isnull=True
        ).exclude(state=Observation.State.REJECTED)

    def counted(self) -> Self:
        """Return what benchmarks are made of: published and not doubtful."""
        return self.filter(
            batch__state=ImportBatch.State.PUBLISHED,
            replaced_by__isnull=True,
            state=Observation.State.ACCEPTED,
        )

    def awaiting_review(self) -> Self:
        return self.filter(state=Observation.State.FLAGGED, replaced_by__isnull=True)


@pghistory.track(
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange(
            "state", "review_note", "role_family", "experience", "currency", "unit", "base_usd"
        )
    ),
    fields=[
        "state", "reasons", "review_note", "role_family", "experience", "currency", "unit",
        "base", "base_usd", "benchmark_usd",
    ],
    model_name="ObservationEvent",
)  # fmt: skip
class Observation(models.Model):
    """One row of a source's file, as it came and as it is read.

    Whether it is visible is its batch's state; whether it counts is its own. Where one posting
    fills two rows, the ends of its range, the upper row stands for the posting: it alone has a
    `benchmark_usd`, the midpoint.

    Rows come by the hundred thousand, so what they refer to is checked once a statement, by
    triggers: see `market.models.references`.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        FLAGGED = "flagged", "Doubtful, to be reviewed"
        REJECTED = "rejected", "Rejected"

    class RangeEnd(models.TextChoices):
        ALONE = "", "One figure"
        TOP = "top", "Top of a range; the bottom is the next line"
        BOTTOM = "bottom", "Bottom of the range on the line before"
        BOTH = "both", "Both ends of a range"

    class EmploymentType(models.TextChoices):
        FULL_TIME = "FT", "Full time"
        PART_TIME = "PT", "Part time"
        CONTRACT = "CT", "Contract"
        FREELANCE = "FL", "Freelance"

    class Size(models.TextChoices):
        SMALL = "S", "Fewer than 50 people"
        MEDIUM = "M", "50 to 250 people"
        LARGE = "L", "More than 250 people"

    class WorkArrangement(models.TextChoices):
        ON_SITE = "on_site", "On site"
        HYBRID = "hybrid", "Hybrid"
        REMOTE = "remote", "Remote"

    class Unit(models.TextChoices):
        YEAR = "year", "a year"
        MONTH = "month", "a month"
        FORTNIGHT = "fortnight", "every two weeks"
        WEEK = "week", "a week"
        HOUR = "hour", "an hour"

    # --- identity
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="observations", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        related_name="observations",
        db_index=False,
        db_constraint=False,
    )
    line = models.PositiveIntegerField(help_text="In the file; the header is line 1.")
    content_hash = models.UUIDField(help_text="128 bits of the BLAKE2b of the row.")
    nth = models.PositiveIntegerField(help_text="Which of the source's rows with this content.")
    case_number = models.CharField(max_length=40, blank=True, help_text="The publisher's own key.")
    replaced_by = models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_observations",
        db_index=False,
        db_constraint=False,
        help_text="The published file with a newer row of the same case.",
    )
    contribution = models.ForeignKey(
        "market.Contribution",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="observations",
        db_index=False,
        db_constraint=False,
    )
    raw = models.TextField(help_text="The row as it came, as a line of CSV.")

    # --- who and what
    employer = models.CharField(max_length=200, blank=True)
    employer_key = models.CharField(
        max_length=200, blank=True, help_text="The name without its spelling variants."
    )
    title = models.CharField(max_length=300)
    occupation_code = models.CharField(max_length=10, blank=True, help_text="SOC code.")
    role_family = models.ForeignKey(
        RoleFamily,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    title_rule = models.ForeignKey(
        TitleRule,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    experience = models.CharField(max_length=2, choices=Experience.choices, blank=True)
    level = models.ForeignKey(
        Level,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    employment_type = models.CharField(max_length=2, choices=EmploymentType.choices, blank=True)

    # --- where
    country_code = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    region = models.CharField(max_length=12, blank=True)
    residence_code = models.CharField(max_length=2, blank=True, help_text="Where the person lives.")
    location = models.ForeignKey(
        Location,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    work_arrangement = models.CharField(max_length=8, choices=WorkArrangement.choices, blank=True)

    # --- at whom
    stage = models.ForeignKey(
        CompanyStage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    size = models.CharField(max_length=1, choices=Size.choices, blank=True)

    # --- how much: as stated, then gross per year in `currency`, then in US dollars
    basis = models.CharField(max_length=8, choices=Basis.choices)
    observed_date = models.DateField(help_text="1 January where only the year is known.")
    amount = models.DecimalField(max_digits=16, decimal_places=2, help_text="As stated, per unit.")
    currency = models.CharField(max_length=3)
    unit = models.CharField(max_length=9, choices=Unit.choices, default=Unit.YEAR)
    base = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    bonus = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    equity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    range_end = models.CharField(max_length=6, choices=RangeEnd.choices, blank=True)
    low = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    midpoint = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    base_usd = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, blank=True, help_text="Base pay of this row."
    )
    bonus_usd = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    equity_usd = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    total_usd = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    benchmark_usd = models.DecimalField(
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=(
            "The base pay that benchmarks count: the midpoint of a posting, the lower end of a "
            "filing, else the pay itself. Null where another row stands for this one."
        ),
    )
    facts = models.JSONField(
        null=True,
        blank=True,
        help_text="Further facts by name: fiscal_year, case_status, visa_class, dev_type and such.",
    )

    # --- what we think of it
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACCEPTED)
    reasons = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    review_note = models.CharField(max_length=300, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "content_hash", "nth"], name="observation_once"
            ),
            # Also finds the row of a contribution that is withdrawn.
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(contribution__isnull=False),
                name="observation_once_per_contribution",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(currency__regex=r"^[A-Z]{3}$") & Q(nth__gte=1),
                name="observation_amount_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="observation_range_is_ordered",
            ),
            models.CheckConstraint(
                condition=~Q(state="flagged") | ~Q(reasons=[]),
                name="observation_flag_has_a_reason",
            ),
        ]
        indexes = [
            # Publishing, rolling back, discarding and showing a batch, in the order of the file.
            models.Index(fields=["batch", "line"], name="observation_by_batch"),
            # Upsert of filings: the row in force of a case.
            models.Index(
                fields=["source", "case_number"],
                condition=~Q(case_number=""),
                name="observation_by_case",
            ),
            # The review queue, which is a small part of all rows.
            models.Index(
                fields=["batch", "id"], condition=Q(state="flagged"), name="observation_to_review"
            ),
            # What a file replaced, when it is rolled back.
            models.Index(
                fields=["replaced_by"],
                condition=Q(replaced_by__isnull=False),
                name="observation_replaced",
            ),
        ]
        triggers = named_rows_exist(
            {
                "source_id": "market_source",
                "batch_id": "market_importbatch",
                "replaced_by_id": "market_importbatch",
                "contribution_id": "market_contribution",
                "role_family_id": "market_rolefamily",
                "level_id": "market_level",
                "location_id": "market_location",
                "stage_id": "market_companystage",
            }
        )

    def __str__(self) -> str:
        return f"Observation {self.pk}"


class OccupationWage(models.Model):
    """The wage percentiles that a statistical office publishes for one occupation and year.

    They are the office's own figures, in US dollars a year, and are shown beside ours as an anchor.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="occupation_wages")
    year = models.PositiveSmallIntegerField()
    occupation_code = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    employment = models.PositiveIntegerField(null=True, blank=True)
    mean = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    p10 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    p25 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    p50 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    p75 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    p90 = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    mean_relative_error = models.DecimalField(
        max_digits=6, decimal_places=4, null=True, blank=True, help_text="A fraction of the mean."
    )
    top_coded = ArrayField(
        models.CharField(max_length=4),
        default=list,
        blank=True,
        help_text="Figures that the office only says to be at or above its ceiling.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "year", "occupation_code"], name="occupation_wage_once"
            )
        ]
        indexes = [
            # The anchor of a role family: one occupation over the years.
            models.Index(fields=["occupation_code", "year"], name="occupation_wage_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_code} in {self.year}"
