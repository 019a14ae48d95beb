"""Dated public statistics about exits, dilution, typical terms and share prices."""

from django.db import models
from django.db.models import F, Q

from market.models.taxonomy import CompanyStage


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


class TermPrior(SourcedPrior):
    """One value that a term or a parameter may have, and how likely it is.

    Rows of one key and stage are a distribution. Those without a stage hold for every stage that
    has none of its own. The chance of an offering is told by company value in US dollars: `value`
    is the size of the exit, `probability` that it is public.
    """

    class Key(models.TextChoices):
        MULTIPLE = "liquidation_preference_multiple", "Preference, as a multiple"
        PARTICIPATION = "participation", "Preferred also shares in the rest: 1 yes, 0 no"
        SENIORITY = "seniority", "Newer rounds are paid first: 1 yes, 0 no"
        COMMON_TO_PREFERRED = "common_to_preferred", "409A price over the last preferred price"
        GROWTH = "valuation_multiple_per_round", "Valuation over that of the round before"
        EXIT_YEARS = "exit_years", "Mean years to an exit"
        RISK_FREE_RATE = "risk_free_rate", "Risk-free rate, continuous, per year"
        OFFERING = "offering_probability", "Chance that an exit of this size is public"
        CORRELATION = "sector_correlation", "Part of the paths on which a sector shares its luck"
        CAUTIOUS = "risk_aversion_cautious", "Relative risk aversion, cautious"
        BALANCED = "risk_aversion_balanced", "Relative risk aversion, balanced"
        BOLD = "risk_aversion_bold", "Relative risk aversion, bold"

    key = models.CharField(max_length=40, choices=Key.choices)
    stage = models.ForeignKey(
        CompanyStage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.DecimalField(max_digits=20, decimal_places=6)
    probability = models.DecimalField(max_digits=6, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "stage", "value"],
                nulls_distinct=False,
                name="term_prior_value_once_per_key_and_stage",
                violation_error_message="This value already has a row.",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="term_prior_value_not_negative"),
            models.CheckConstraint(
                condition=Q(probability__range=(0, 1)), name="term_prior_probability_lies_in_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
