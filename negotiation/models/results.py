"""What came of it: the gain over the first offer, and the results that carry the next raise."""

from django.db import models
from django.db.models import Q

from negotiation.models.talks import Negotiation, PlanTask
from offers.models import OfferRevision, owned_through


class Win(models.Model):
    """One result at work: what was done, what it changed, and where that can be seen."""

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="wins")
    task = models.ForeignKey(PlanTask, models.SET_NULL, null=True, blank=True, related_name="wins")
    happened_date = models.DateField("when")
    what = models.CharField("what you did", max_length=300)
    effect = models.CharField("what it changed", max_length=300, blank=True)
    evidence = models.CharField("where that can be seen", max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(what=""),
                name="win_says_what_was_done",
                violation_error_message="Say what you did.",
            )
        ]

    def __str__(self) -> str:
        return f"Win {self.pk}"


class OutcomeRecord(models.Model):
    """First offer against what was signed, over four years and by part; the parts stay apart.

    It reaches the market only while its owner consents, and then without a name.
    """

    negotiation = models.OneToOneField(Negotiation, models.CASCADE, related_name="outcome")
    first_revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="+")
    final_revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    horizon_years = models.PositiveSmallIntegerField()
    first_guaranteed = models.DecimalField(max_digits=16, decimal_places=2)
    first_liquid = models.DecimalField(max_digits=16, decimal_places=2)
    first_paper = models.DecimalField(max_digits=16, decimal_places=2)
    final_guaranteed = models.DecimalField(max_digits=16, decimal_places=2)
    final_liquid = models.DecimalField(max_digits=16, decimal_places=2)
    final_paper = models.DecimalField(max_digits=16, decimal_places=2)
    components = models.JSONField(
        default=dict, blank=True, help_text="Component to first and final amounts."
    )
    n_asks = models.PositiveSmallIntegerField(default=0)
    n_agreed = models.PositiveSmallIntegerField(default=0)
    consented_at = models.DateTimeField(null=True, blank=True)
    consent_withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="outcome_currency_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(consent_withdrawn_at__isnull=True) | Q(consented_at__isnull=False),
                name="outcome_consent_was_given_before_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"Outcome {self.pk}"
