"""Published percentiles: a snapshot, which never changes, and its cells."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, ForeignObjectRel, OuterRef, Q

from market.models.sources import Basis, ImportBatch
from market.models.taxonomy import CompanyStage, Experience, Level, RoleFamily


class BenchmarkSnapshotQuerySet(models.QuerySet["BenchmarkSnapshot"]):
    """Narrows snapshots."""

    def current(self) -> Self:
        return self.filter(is_current=True)

    def unreferenced(self) -> Self:
        """Return those that no row rests on, of whatever app, such as a share link."""
        narrowed = self
        # Hidden ones too: whoever rests on a snapshot need not give it a name for the way back.
        for relation in self.model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel):
                continue
            held_by: Any = relation.related_model
            if held_by not in (Benchmark, BenchmarkSnapshot):
                resting = held_by._base_manager.filter(**{relation.field.name: OuterRef("pk")})
                narrowed = narrowed.exclude(Exists(resting))
        return narrowed


class BenchmarkSnapshot(models.Model):
    """One computation of every benchmark. The row is the pending work, then its result."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being computed"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    class Reason(models.TextChoices):
        PUBLISHED = "published", "A file was published"
        ROLLED_BACK = "rolled_back", "A file was rolled back"
        REVIEWED = "reviewed", "Rows were reviewed"
        NIGHTLY = "nightly", "Every night"
        ASKED = "asked", "A curator asked"
        SHIPPED = "shipped", "Came with the installation"

    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    is_current = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    batch = models.ForeignKey(
        ImportBatch,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="snapshots",
        help_text="The file whose publication or rollback asked for it.",
    )
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="Compared with."
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    engine_version = models.CharField(max_length=8, blank=True)
    checksum = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 over every cell: same data, same checksum."
    )
    n_observations = models.PositiveIntegerField(default=0)
    n_cells = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0, help_text="Cells unlike the previous ones.")
    has_cells = models.BooleanField(
        default=True,
        help_text="False once its cells are dropped: equal to those in force, or old.",
    )
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BenchmarkSnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="benchmark_snapshot_one_is_current",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="queued"),
                name="benchmark_snapshot_one_is_queued",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state="done"),
                name="benchmark_snapshot_current_is_done",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="benchmark_snapshot_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(has_cells=True),
                name="benchmark_snapshot_current_has_cells",
            ),
        ]

    def __str__(self) -> str:
        return f"Snapshot {self.pk}"


class Benchmark(models.Model):
    """A cell: what one component pays for the facts that are not empty, with its proof."""

    class Component(models.TextChoices):
        BASE = "base", "Base salary"
        BONUS = "bonus", "Bonus"
        EQUITY = "equity", "Equity a year"
        TOTAL = "total", "Total a year"

    snapshot = models.ForeignKey(
        BenchmarkSnapshot, models.CASCADE, related_name="benchmarks", db_index=False
    )
    cell_key = models.CharField(
        max_length=200, help_text="The facts below as one text, in a fixed order."
    )
    component = models.CharField(max_length=6, choices=Component.choices)
    basis = models.CharField(max_length=8, choices=Basis.choices)
    role_family = models.ForeignKey(
        RoleFamily, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    role_group = models.SlugField(max_length=40, blank=True, db_index=False)
    experience = models.CharField(max_length=2, choices=Experience.choices, blank=True)
    level = models.ForeignKey(
        Level, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    country_code = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=12, blank=True)
    work_arrangement = models.CharField(max_length=8, blank=True)
    stage = models.ForeignKey(
        CompanyStage, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Null: all years.")
    step = models.PositiveSmallIntegerField(
        default=0, help_text="How far down the back-off chain a cell of this shape stands."
    )
    currency = models.CharField(max_length=3, default="USD")
    n = models.PositiveIntegerField()
    n_employers = models.PositiveIntegerField(
        null=True, blank=True, help_text="Null where the sources name no employer."
    )
    p10 = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    p25 = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    p50 = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    p75 = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    p90 = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    intervals = models.JSONField(
        default=dict, blank=True, help_text="Low and high of each percentile: {'p50': [a, b]}."
    )
    typical_error = models.DecimalField(
        max_digits=8, decimal_places=4, null=True, blank=True, help_text="A fraction of the median."
    )
    oldest_date = models.DateField(null=True, blank=True)
    newest_date = models.DateField(null=True, blank=True)
    source_mix = models.JSONField(default=dict, blank=True, help_text="Rows by source key.")
    is_modelled = models.BooleanField(
        default=False, help_text="Borrows from its parents; never mixed with measured cells."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "cell_key"], name="benchmark_cell_once_per_snapshot"
            ),
            models.CheckConstraint(
                condition=(Q(p10__isnull=True) | Q(p10__lte=F("p25")))
                & (Q(p25__isnull=True) | Q(p25__lte=F("p50")))
                & (Q(p75__isnull=True) | Q(p50__lte=F("p75")))
                & (Q(p90__isnull=True) | Q(p75__lte=F("p90"))),
                name="benchmark_percentiles_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"Benchmark {self.pk}"


class ContributionRelease(models.Model):
    """That a contribution stood in a published cell: numbers alone, kept when its owner is gone.

    The next snapshot must know that somebody has left: the difference of two snapshots must never
    be one person. See `market.estimation.releasable`.
    """

    atom = models.CharField(max_length=200, help_text="The finest cell it stands in.")
    observation_number = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["atom", "observation_number"], name="contribution_release_once"
            )
        ]

    def __str__(self) -> str:
        return f"Release {self.pk}"
