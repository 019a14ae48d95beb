"""What is asked for, on what evidence, and what they answered, round by round."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from offers.models import OfferRevision, at_least_zero, money, owned_through, shares


class Component(models.TextChoices):
    """A part of the package that can be asked for."""

    BASE = "base", "Base salary"
    BONUS = "bonus", "Bonus"
    SIGN_ON = "sign_on", "Sign-on bonus"
    EQUITY = "equity", "Equity"
    LEVEL = "level", "Level or title"
    RELOCATION = "relocation", "Relocation"
    BENEFIT = "benefit", "Benefit"
    TERM = "term", "Term"


class ReplyKind(models.TextChoices):
    """What an answer means; it decides which script comes next."""

    YES = "yes", "Yes"
    PARTIAL_YES = "partial_yes", "A part of it"
    COUNTER = "counter", "A counter-offer"
    BAND_LIMIT = "band_limit", "The top of the band"
    NEEDS_APPROVAL = "needs_approval", "They have to ask"
    NO_EQUITY = "no_equity", "No more equity"
    FINAL = "final", "Their final offer"
    NO = "no", "No"


class Ask(models.Model):
    """A concrete request for one component."""

    class State(models.TextChoices):
        DRAFT = "draft", "Prepared"
        PUT = "put", "Asked"
        AGREED = "agreed", "Agreed"
        PARTLY = "partly", "Agreed in part"
        REFUSED = "refused", "Refused"
        DROPPED = "dropped", "Dropped"

    negotiation = models.ForeignKey("negotiation.Negotiation", models.CASCADE, related_name="asks")
    revision = models.ForeignKey(
        OfferRevision,
        models.CASCADE,
        related_name="asks",
        help_text="The terms that this ask was measured against.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    component = models.CharField(max_length=12, choices=Component.choices)
    term = models.CharField(max_length=200, blank=True, help_text="A level, a title or a term.")
    current_amount = money()
    current_quantity = shares()
    amount = money(help_text="In the currency of the revision; a year, or once for a sign-on.")
    quantity = shares(help_text="Whole units of equity.")
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    put_at = models.DateTimeField(null=True, blank=True)
    put_channel = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(quantity__isnull=False) | ~Q(term=""),
                name="ask_is_specific",
                violation_error_message="Name a figure or a term. Vague requests are easy to dismiss.",
            ),
            models.CheckConstraint(
                condition=at_least_zero("amount", "quantity", "current_amount", "current_quantity"),
                name="ask_amounts_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"]) | Q(put_at__isnull=False),
                name="ask_put_has_a_moment",
            ),
            # One open figure per component: a later one replaces it as a round.
            models.UniqueConstraint(
                fields=["negotiation", "component"],
                condition=Q(state__in=["draft", "put"])
                & Q(component__in=["base", "bonus", "sign_on", "equity", "relocation"]),
                name="ask_open_once_per_component",
                violation_error_message="You already ask for this. Change that ask.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ask {self.pk}"


class AskRound(models.Model):
    """One exchange about an ask: we said, or they said."""

    class Side(models.TextChoices):
        US = "us", "You"
        THEM = "them", "They"

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=4, choices=Side.choices)
    reply = models.CharField(max_length=16, choices=ReplyKind.choices, blank=True)
    amount = money()
    quantity = shares()
    words = models.CharField("in their words", max_length=400, blank=True)
    person = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    said_at = models.DateTimeField()

    objects = owned_through("ask__negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "number"], name="ask_round_number_once"),
            models.CheckConstraint(
                condition=Q(side="us", reply="") | (Q(side="them") & ~Q(reply="")),
                name="ask_round_reply_is_theirs",
            ),
            models.CheckConstraint(
                condition=at_least_zero("amount", "quantity"),
                name="ask_round_amounts_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.number} of ask {self.ask_id}"


class Evidence(models.Model):
    """What an ask rests on, as it stood when it was put on record.

    What was taken from benchmarks follows newer ones until an ask that rests on it is put.
    A competing offer is a written revision of the same person; a trigger sees to it.
    """

    class Kind(models.TextChoices):
        BENCHMARK = "benchmark", "Market benchmark"
        COMPETING_OFFER = "competing_offer", "Written competing offer"
        NETWORK = "network", "People you know of"
        POSTED_RANGE = "posted_range", "Posted range"
        FORFEITED = "forfeited", "Pay you give up"
        OWN_ENTRY = "own_entry", "Your own entry"

    negotiation = models.ForeignKey(
        "negotiation.Negotiation", models.CASCADE, related_name="evidence"
    )
    asks: "models.ManyToManyField[Ask, models.Model]" = models.ManyToManyField(
        Ask, related_name="evidence", blank=True
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    component = models.CharField(
        max_length=12,
        choices=[("total", "Total a year"), *Component.choices],
        default="total",
        help_text="Which money it speaks of.",
    )
    label = models.CharField(max_length=200, help_text="Which role, level and place it is about.")
    source_names = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    low = money(help_text="The 25th percentile, or the low end.")
    median = money()
    high = money(help_text="The 75th percentile, or the high end.")
    top = money(help_text="The 90th percentile.")
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    as_of_date = models.DateField()
    backoff_step = models.CharField(
        max_length=80, blank=True, help_text="How far the cell was widened, in words; empty is not."
    )
    is_modelled = models.BooleanField(
        default=False, help_text="No measured cell: it is not quotable as one."
    )
    is_matched = models.BooleanField(
        default=False, help_text="First-hand and closely matched, so three points are enough."
    )
    cautions = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    competing_revision = models.ForeignKey(
        OfferRevision, models.CASCADE, null=True, blank=True, related_name="cited_as_evidence"
    )
    reference = models.CharField(
        max_length=160, blank=True, help_text="The key of the cell, or the points, it came from."
    )
    snapshot_number = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        help_text="The benchmarks it was last read from: a number, so that it keeps no old ones.",
    )
    median_before = money(help_text="What the benchmarks before said, where they said otherwise.")
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was last read from newer benchmarks."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="competing_offer", competing_revision__isnull=False)
                | (~Q(kind="competing_offer") & Q(competing_revision__isnull=True)),
                name="evidence_competing_offer_is_on_record",
                violation_error_message="A competing offer can be cited only if it is on record.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["benchmark", "network"])
                | Q(sample_size__isnull=False, sample_size__gte=1),
                name="evidence_from_people_counts_them",
                violation_error_message="Say how many packages it rests on.",
            ),
            models.CheckConstraint(
                condition=at_least_zero("low", "median", "high", "top"),
                name="evidence_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")))
                & (Q(high__isnull=True) | Q(top__isnull=True) | Q(top__gte=F("high"))),
                name="evidence_range_is_in_order",
                violation_error_message="The high end cannot lie below the low end.",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="evidence_currency_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence {self.pk}"
