"""Where figures come from: sources, the files of a source, and what a file of rates would change."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from market.models.references import named_by_no_row


class Basis(models.TextChoices):
    """What kind of statement a pay figure is; figures of two kinds are never mixed unlabelled."""

    REPORTED = "reported", "Pay that people report"
    POSTING = "posting", "Midpoint of advertised ranges"
    FILING = "filing", "Wages filed with a government"


@pghistory.track(exclude=["etag", "last_modified", "fetched_at", "fetch_error"])
class Source(models.Model):
    """Where figures come from, on which terms, and how its files are read."""

    class Kind(models.TextChoices):
        SURVEY = "survey", "Survey"
        FILING = "filing", "Government filing"
        POSTING = "posting", "Job postings"
        STATISTIC = "statistic", "Official statistic"
        CONTRIBUTION = "contribution", "Contributions"
        NETWORK = "network", "People's networks"

    class Format(models.TextChoices):
        SALARY_CSV = "salary_csv", "aijobs, infosec-jobs and devops-jobs salaries"
        LCA = "lca", "US visa wage filings (LCA disclosure)"
        OEWS = "oews", "BLS occupational wages (OEWS workbook)"
        STACKOVERFLOW = "stackoverflow", "Stack Overflow survey"
        GENERIC = "generic", "Any CSV, columns mapped by hand"
        FED_FX = "fed_fx", "Exchange rates, Federal Reserve"
        ECB_FX = "ecb_fx", "Exchange rates, European Central Bank"
        BEA_RPP = "bea_rpp", "Regional price parities, BEA"
        WORLD_BANK_PPP = "world_bank_ppp", "Purchasing power parities, World Bank"

    class Trust(models.IntegerChoices):
        LOW = 1, "Unverified"
        MEDIUM = 2, "Plausible"
        HIGH = 3, "Official or verified"

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    format = models.CharField(max_length=16, choices=Format.choices)
    basis = models.CharField(
        max_length=8, choices=Basis.choices, default=Basis.REPORTED, help_text="What a figure is."
    )
    trust = models.PositiveSmallIntegerField(choices=Trust.choices, default=Trust.MEDIUM)
    licence = models.CharField(max_length=120)
    licence_url = models.URLField(blank=True)
    attribution = models.CharField(max_length=300, help_text="Shown wherever its figures are.")
    homepage = models.URLField(blank=True)
    is_share_alike = models.BooleanField(
        default=False, help_text="A database made from it must be offered on the same terms."
    )
    is_newest_first = models.BooleanField(
        default=False, help_text="A newer file puts its new rows above the old ones."
    )
    is_active = models.BooleanField(default=True)
    column_map = models.JSONField(
        default=dict, blank=True, help_text="Which column means what, for a CSV mapped by hand."
    )
    fetch_url = models.URLField(blank=True, max_length=500, help_text="https only.")
    fetch_every_days = models.PositiveSmallIntegerField(
        default=0, help_text="0 means never; what is fetched waits for a curator."
    )
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=60, blank=True, editable=False)
    fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    fetch_error = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fetch_url="") | Q(fetch_url__startswith="https://"),
                name="source_fetch_url_is_https",
                violation_error_message="Only an https address can be fetched.",
            ),
            models.CheckConstraint(
                condition=Q(fetch_every_days=0) | ~Q(fetch_url=""),
                name="source_fetch_needs_an_address",
                violation_error_message="Write the address to fetch, or set the days to 0.",
            ),
        ]
        triggers = [named_by_no_row("market_observation", "source_id")]

    def __str__(self) -> str:
        return self.name


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Narrows batches."""

    def published(self) -> Self:
        return self.filter(state=ImportBatch.State.PUBLISHED)

    def unfinished(self) -> Self:
        return self.filter(state__in=[ImportBatch.State.QUEUED, ImportBatch.State.RUNNING])


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state", "published_by")),
    fields=["source", "state", "file_name", "published_by", "last_error"],
    model_name="ImportBatchEvent",
)
class ImportBatch(models.Model):
    """One file of a source on its way into the market; what is pending is this row.

    Its observations count in benchmarks while the state is published, so publishing and rolling
    back are each a change of this one row.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Being read"
        PREVIEWED = "previewed", "Ready to publish"
        PUBLISHED = "published", "Published"
        ROLLED_BACK = "rolled_back", "Rolled back"
        FAILED = "failed", "Could not be read"
        CANCELLED = "cancelled", "Stopped"
        DISCARDED = "discarded", "Discarded"

    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64, help_text="SHA-256 of the file as it came.")
    file_size = models.BigIntegerField()
    format = models.CharField(max_length=16, choices=Source.Format.choices)
    column_map = models.JSONField(default=dict, blank=True)
    header = models.JSONField(default=list, blank=True, help_text="The column names as read.")
    n_read = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_repeated = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0)
    n_flagged = models.PositiveIntegerField(default=0)
    n_unread = models.PositiveIntegerField(default=0, help_text="Rows that have a problem.")
    problems = models.JSONField(default=list, blank=True, help_text="Problems by kind.")
    preview = models.JSONField(default=dict, blank=True, help_text="What publishing would change.")
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    rolled_back_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "import batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="import_batch_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="import_batch_published_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(n_new__lte=F("n_read")), name="import_batch_new_rows_were_read"
            ),
            # Rows are told apart by what the source had before, so files of a source take turns.
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["queued", "running", "previewed"]),
                name="import_batch_one_open_per_source",
                violation_error_message=(
                    "Another file of this source is waiting. Publish or discard it first."
                ),
            ),
        ]
        indexes = [
            # The batches of a source, newest first: its page, and which one may be rolled back.
            models.Index(fields=["source", "-created_at"], name="import_batch_by_source"),
        ]
        triggers = [
            named_by_no_row("market_observation", "batch_id"),
            named_by_no_row("market_observation", "replaced_by_id"),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class ImportPiece(models.Model):
    """A piece of an uploaded file, kept in the database so that any worker can read it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="import_piece_once")
        ]

    def __str__(self) -> str:
        return f"Piece {self.position} of import {self.batch_id}"


class ReferenceFigure(models.Model):
    """One exchange rate or price level of a batch, with what it replaced once it is published."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="reference_figures")
    measure = models.CharField(max_length=14, help_text="`rate`, or a measure of a price level.")
    code = models.CharField(max_length=13, help_text="A currency, or a place such as US or US-CA.")
    date = models.DateField()
    period = models.CharField(max_length=5)
    value = models.DecimalField(max_digits=18, decimal_places=8)
    replaced = models.JSONField(
        null=True, blank=True, help_text="The value and source before; null where there was none."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "measure", "code", "date", "period"], name="reference_figure_once"
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="reference_figure_is_positive"),
        ]

    def __str__(self) -> str:
        return f"Reference figure {self.pk}"
