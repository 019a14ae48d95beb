"""The talk about one offer: what its owner wants, what was said when, and what was promised."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from negotiation.models.asks import Component
from offers.models import (
    Offer,
    OfferRevision,
    at_least_zero,
    is_fraction,
    money,
    owned_through,
    shares,
)


class Channel(models.TextChoices):
    """How something was said."""

    CALL = "call", "On a call"
    EMAIL = "email", "By e-mail"
    MEETING = "meeting", "In a meeting"
    MESSAGE = "message", "In a message"


class LeverageFactor(models.TextChoices):
    """What makes them need this person more, or less; the written competing offer is on record."""

    RARE_MATCH = "rare_match", "My skills are rare, and they need exactly these"
    REFERRED = "referred", "Somebody inside referred me"
    THEY_CAME_FIRST = "they_came_first", "They approached me first"
    OPEN_LONG = "open_long", "The role has been open for long"
    CONTENT = "content", "I have a job and could stay"
    PRESSED = "pressed", "I am under some time pressure"
    VERY_PRESSED = "very_pressed", "I am under strong time pressure"
    NEEDS_IT_SOON = "needs_it_soon", "I need this job or its visa soon"


def assumption(default: str, help_text: str) -> "models.DecimalField[Any, Any]":
    """Return a column for a fraction that the user may set and that always has a value."""
    return models.DecimalField(
        max_digits=8, decimal_places=6, default=Decimal(default), help_text=help_text
    )


class Negotiation(models.Model):
    """The talk about one offer. The three private values never stand in a script.

    What stage the talk is in follows from the offer, its revisions, the asks and the events; it is
    no column, so it cannot be wrong.
    """

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="negotiation")
    reservation_value = money(help_text="A year. Below it you decline. Only you see it.")
    aspiration_value = money(help_text="A year. What you would sign gladly. Only you see it.")
    stretch_value = money(help_text="A year. The most that can be justified. Only you see it.")
    target_percentile = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(25), MaxValueValidator(90)],
        help_text="Of the comparable packages; by default it follows from your leverage.",
    )
    leverage_factors = ArrayField(
        models.CharField(max_length=16, choices=LeverageFactor.choices), default=list, blank=True
    )
    alternative_label = models.CharField(
        max_length=120, blank=True, help_text="What you do without a deal, such as your job now."
    )
    alternative_value = money(help_text="What that is worth to you in a year.")
    capped_components = ArrayField(
        models.CharField(max_length=12, choices=Component.choices), default=list, blank=True
    )
    raise_fraction = assumption("0.03", "How much base rises a year.")
    discount_rate = assumption("0.06", "What a year of waiting costs.")
    stay_years = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    paper_fraction = assumption(
        "0", "How much of private stock you count; the prudent answer is none."
    )
    unit_value = models.DecimalField(
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="What you count one unit of this equity at when you trade it for cash.",
    )
    leaving_probability = assumption("0.10", "The chance that you leave within a year.")
    prefers_this_at = models.DateTimeField(
        null=True, blank=True, help_text="You confirmed that you prefer this offer."
    )
    would_sign_at = models.DateTimeField(
        null=True, blank=True, help_text="You confirmed that you would sign what you ask for."
    )
    may_be_named = models.BooleanField(
        default=False, help_text="This company may be named in talks with another."
    )
    forfeited_label = models.CharField(max_length=160, blank=True)
    forfeited_amount = money(help_text="What you lose by leaving, as recorded.")
    forfeited_date = models.DateField(null=True, blank=True)
    own_words = models.JSONField(
        default=dict,
        blank=True,
        help_text="Names of slots to your own words, such as why you want to join this team.",
    )
    letter_received_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(
        null=True, blank=True, help_text="The letter’s deadline to the minute, if it names one."
    )
    deadline_time_zone = models.CharField(max_length=40, blank=True)
    signed_date = models.DateField(null=True, blank=True)
    stock_purchase_date = models.DateField(
        null=True, blank=True, help_text="When you bought restricted or early-exercised stock."
    )
    board_approval_date = models.DateField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=at_least_zero(
                    "reservation_value",
                    "aspiration_value",
                    "stretch_value",
                    "alternative_value",
                    "forfeited_amount",
                    "unit_value",
                ),
                name="negotiation_values_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(reservation_value__isnull=True)
                | Q(aspiration_value__isnull=True)
                | Q(aspiration_value__gte=F("reservation_value")),
                name="negotiation_target_not_below_walk_away",
                violation_error_message="Your target cannot lie below the value at which you walk away.",
            ),
            models.CheckConstraint(
                condition=Q(target_percentile__isnull=True) | Q(target_percentile__range=(25, 90)),
                name="negotiation_target_percentile_is_plausible",
                violation_error_message="Choose a percentile from 25 to 90.",
            ),
            models.CheckConstraint(
                condition=is_fraction(
                    "raise_fraction", "discount_rate", "paper_fraction", "leaving_probability"
                ),
                name="negotiation_fractions_lie_in_one",
                violation_error_message="Enter a percentage from 0 to 100.",
            ),
            models.CheckConstraint(
                condition=Q(stay_years__range=(1, 10)), name="negotiation_stay_is_one_to_ten_years"
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__isnull=True) | ~Q(deadline_time_zone=""),
                name="negotiation_deadline_has_a_time_zone",
                violation_error_message="State the time zone of the deadline.",
            ),
        ]

    def __str__(self) -> str:
        return f"Negotiation {self.pk}"


class CallLog(models.Model):
    """One call as its owner noted it; what was agreed in it are commitments."""

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="calls")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.CALL)
    held_at = models.DateTimeField("when it was")
    person = models.CharField("who you spoke to", max_length=120, blank=True)
    mood = models.CharField("how it felt", max_length=200, blank=True)
    notes = models.TextField(max_length=8000, blank=True)
    open_points = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    follow_up_date = models.DateField("they come back by", null=True, blank=True)
    recap_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    def __str__(self) -> str:
        return f"Call {self.pk}"


class Commitment(models.Model):
    """A promise: said by whom and when, asked for in writing, found in a revision or still words."""

    class State(models.TextChoices):
        VERBAL = "verbal", "Only said"
        ASKED = "asked", "Asked for in writing"
        FOUND = "found", "In the letter"
        WAIVED = "waived", "Accepted as words"

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="commitments")
    call = models.ForeignKey(
        CallLog, models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    component = models.CharField(max_length=12, choices=Component.choices)
    term = models.CharField("what was promised", max_length=200)
    amount = money()
    quantity = shares()
    said_by = models.CharField("who said it", max_length=120, blank=True)
    said_date = models.DateField("when they said it")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.CALL)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VERBAL)
    asked_at = models.DateTimeField(null=True, blank=True)
    found_in_revision = models.ForeignKey(
        OfferRevision, models.CASCADE, null=True, blank=True, related_name="commitments"
    )
    is_found_by_hand = models.BooleanField(
        default=False, help_text="You said that it is in the letter; no figure shows it."
    )
    waived_at = models.DateTimeField(null=True, blank=True)
    waiver_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="found", found_in_revision__isnull=False)
                | (~Q(state="found") & Q(found_in_revision__isnull=True)),
                name="commitment_found_names_its_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(asked_at__isnull=False),
                name="commitment_asked_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | Q(waived_at__isnull=False),
                name="commitment_waived_has_a_moment",
            ),
            models.CheckConstraint(
                condition=at_least_zero("amount", "quantity"),
                name="commitment_amounts_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"Commitment {self.pk}"


class Event(models.Model):
    """One moment on the timeline of a talk."""

    class Kind(models.TextChoices):
        VERBAL_OFFER = "verbal_offer", "Verbal offer"
        LETTER_ASKED = "letter_asked", "Asked for the letter"
        LETTER_RECEIVED = "letter_received", "Letter received"
        ACKNOWLEDGED = "acknowledged", "Receipt confirmed"
        QUESTIONS_ASKED = "questions_asked", "Questions asked"
        CALL_AGREED = "call_agreed", "Call arranged"
        CALL_HELD = "call_held", "Call held"
        ASK_PUT = "ask_put", "Asked"
        REPLY = "reply", "They answered"
        FOLLOW_UP_SENT = "follow_up_sent", "Follow-up sent"
        REVISED_LETTER = "revised_letter", "Revised letter"
        DEADLINE_SET = "deadline_set", "Deadline set"
        EXTENSION_ASKED = "extension_asked", "Asked for more time"
        EXTENSION_GRANTED = "extension_granted", "More time granted"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        STARTED = "started", "First day"
        NOTE = "note", "Note"

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    happened_at = models.DateTimeField()
    due_date = models.DateField(null=True, blank=True, help_text="For deadlines and extensions.")
    note = models.CharField(max_length=300, blank=True)
    revision = models.ForeignKey(
        OfferRevision, models.CASCADE, null=True, blank=True, related_name="+"
    )
    call = models.ForeignKey(CallLog, models.CASCADE, null=True, blank=True, related_name="events")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            # A letter arrives once, however often the page that says so is sent.
            models.UniqueConstraint(
                fields=["negotiation", "kind", "revision"],
                condition=Q(kind__in=["letter_received", "revised_letter"]),
                name="letter_event_once_per_revision",
            ),
            models.UniqueConstraint(
                fields=["negotiation", "call"],
                condition=Q(kind="call_held"),
                name="call_event_once_per_call",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["deadline_set", "extension_granted"])
                | Q(due_date__isnull=False),
                name="deadline_event_has_a_date",
                violation_error_message="Say which date it is.",
            ),
        ]

    def __str__(self) -> str:
        return f"Event {self.pk}"


class PlanTask(models.Model):
    """Something to do by a day: before the answer is due, or in the first ninety days."""

    class Phase(models.TextChoices):
        ANSWER = "answer", "Before you answer"
        FIRST_30 = "first_30", "First 30 days"
        FIRST_60 = "first_60", "First 60 days"
        FIRST_90 = "first_90", "First 90 days"

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="tasks")
    key = models.SlugField(max_length=40, blank=True, help_text="Empty for the user’s own tasks.")
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.ANSWER)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    due_date = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(
        max_length=300, blank=True, help_text="What you said about yourself, that this makes good."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("negotiation__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["negotiation", "key"],
                condition=~Q(key=""),
                name="plan_task_once_per_key",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="plan_task_says_what_to_do",
                violation_error_message="Say what is to be done.",
            ),
        ]

    def __str__(self) -> str:
        return f"Task {self.pk}"
