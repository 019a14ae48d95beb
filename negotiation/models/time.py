"""Days that must not be missed: reminders owed, and the private calendar address."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from negotiation.models.talks import Negotiation
from offers.models import OwnedQuerySet, owned_through


class ReminderQuerySet(OwnedQuerySet):
    """Narrows reminders."""

    owner_path = "negotiation__offer__owner"

    def waiting(self) -> Self:
        return self.filter(state=Reminder.State.WAITING)


class Reminder(models.Model):
    """An e-mail that is owed on a day. The row is the truth; a message only wakes a worker."""

    class Kind(models.TextChoices):
        ANSWER_DUE_SOON = "answer_due_soon", "Two business days before the answer is due"
        ANSWER_DUE_NEXT = "answer_due_next", "The business day before the answer is due"
        FOLLOW_UP = "follow_up", "They said they would come back"
        RECAP_OWED = "recap_owed", "The recap of a call is owed"
        AFTER_YES = "after_yes", "A date after accepting"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "No longer needed"
        FAILED = "failed", "Failed"

    negotiation = models.ForeignKey(Negotiation, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    label = models.CharField(max_length=120, blank=True)
    about_date = models.DateField(help_text="The day that the reminder is about.")
    send_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        # The beat job asks every minute for what is owed by now.
        indexes = [
            models.Index(
                "send_at", condition=Q(state__in=["waiting", "sending"]), name="reminder_still_owed"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["negotiation", "kind", "label", "about_date"],
                name="reminder_once_per_day_and_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="reminder_sent_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Reminder {self.pk}"


class CalendarFeed(models.Model):
    """A private address that calendars read. The token itself is stored nowhere, only its hash."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds"
    )
    label = models.CharField(max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    objects = owned_through("owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="calendar_feed_expires_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"Calendar feed {self.pk}"
