"""What offers are measured against: the shared taxonomy, dated rates, dated priors."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


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
    also_known_as = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "rank"], name="level_rank_unique_in_track")
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.key})"


class CompanyStage(models.Model):
    """How far a company has come; venture stages are ordered, the others have no rank."""

    key = models.SlugField(max_length=24, unique=True)
    label = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)
    backoff_group = models.SlugField(max_length=16, blank=True)

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

    def __str__(self) -> str:
        return self.label


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Narrows rates."""

    def latest_per_currency(self) -> Self:
        return self.order_by("currency", "-date", "pk").distinct("currency")


class ExchangeRate(models.Model):
    """How many units of a currency one US dollar bought, on average over a period."""

    currency = models.CharField(max_length=3)
    date = models.DateField(help_text="First day of the period.")
    units_per_usd = models.DecimalField(max_digits=18, decimal_places=8)
    source_title = models.CharField(max_length=160)
    source_url = models.URLField(blank=True)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "date"], name="exchange_rate_once_per_currency_and_date"
            ),
            models.CheckConstraint(
                condition=Q(units_per_usd__gt=0), name="exchange_rate_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} on {self.date}"


class SourcedPrior(models.Model):
    """A dated public statistic with its source; a default, never a claim about one company."""

    class Confidence(models.TextChoices):
        HIGH = "high", "Primary text read"
        MEDIUM = "medium", "Primary data restated by others"
        LOW = "low", "Rule of thumb"

    source_title = models.CharField(max_length=200)
    source_url = models.URLField(max_length=300, blank=True)
    source_year = models.PositiveSmallIntegerField()
    source_sample = models.CharField(max_length=160, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices)

    class Meta:
        abstract = True


class OutcomePrior(SourcedPrior):
    """One bucket of a published distribution of exit multiples."""

    key = models.SlugField(max_length=60)
    low_multiple = models.DecimalField(max_digits=8, decimal_places=3)
    high_multiple = models.DecimalField(max_digits=8, decimal_places=3)
    is_open_ended = models.BooleanField(
        default=False, help_text="The source gives no upper end; ours is an assumption."
    )
    probability = models.DecimalField(max_digits=6, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "low_multiple"], name="outcome_prior_bucket_once"
            ),
            models.CheckConstraint(
                condition=Q(low_multiple__gte=0) & Q(high_multiple__gt=F("low_multiple")),
                name="outcome_prior_bucket_is_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(probability__gt=0) & Q(probability__lte=1),
                name="outcome_prior_probability_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.low_multiple}"


class DilutionPrior(SourcedPrior):
    """The median share of a company sold in one round, by the round's stage."""

    stage = models.ForeignKey(CompanyStage, on_delete=models.PROTECT, related_name="+")
    dilution_fraction = models.DecimalField(max_digits=6, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "source_year"], name="dilution_prior_once_per_stage_and_year"
            ),
            models.CheckConstraint(
                condition=Q(dilution_fraction__gt=0) & Q(dilution_fraction__lt=1),
                name="dilution_prior_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} in {self.source_year}"


class VolatilityPrior(SourcedPrior):
    """How much a share price moves in a year, as the standard deviation of its log return."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    volatility = models.DecimalField(max_digits=5, decimal_places=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volatility__gt=0), name="volatility_prior_is_positive"
            )
        ]

    def __str__(self) -> str:
        return self.key
