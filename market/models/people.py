"""What people know and give: points of their own network, and contributions to the market."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from market.models.observations import Observation
from market.models.references import named_by_no_row
from market.models.taxonomy import CompanyStage, Level, Location, RoleFamily


class OwnedQuerySet(models.QuerySet["NetworkDataPoint"]):
    """Rows with one owner."""

    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Narrows contributions."""

    def visible_to(self, user: User) -> Self:
        return self.filter(owner=user)

    def awaiting_moderation(self) -> Self:
        return self.filter(state=Contribution.State.OFFERED)


def _money() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)


class PayPoint(models.Model):
    """What somebody is paid, for which work; yearly amounts in `currency`, null where unknown."""

    role_family = models.ForeignKey(
        RoleFamily, models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    stage = models.ForeignKey(CompanyStage, models.PROTECT, null=True, blank=True, related_name="+")
    work_arrangement = models.CharField(
        max_length=8, choices=Observation.WorkArrangement.choices, blank=True
    )
    currency = models.CharField(max_length=3)
    base = _money()
    bonus = _money()
    equity = _money()
    sign_on = models.DecimalField(
        "sign-on payment", max_digits=16, decimal_places=2, null=True, blank=True
    )
    observed_date = models.DateField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(Q(base__isnull=True) | Q(base__gte=0))
                & (Q(bonus__isnull=True) | Q(bonus__gte=0))
                & (Q(equity__isnull=True) | Q(equity__gte=0))
                & (Q(sign_on__isnull=True) | Q(sign_on__gte=0)),
                name="%(class)s_amounts_not_negative",
                violation_error_message="An amount cannot be less than zero.",
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=False)
                | Q(bonus__isnull=False)
                | Q(equity__isnull=False)
                | Q(sign_on__isnull=False),
                name="%(class)s_says_an_amount",
                violation_error_message="Write at least one amount.",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="%(class)s_currency_is_iso"
            ),
        ]


class NetworkDataPoint(PayPoint):
    """What a user was told by someone they trust; nobody else ever sees this row."""

    class Certainty(models.TextChoices):
        CERTAIN = "certain", "They told me themselves, with figures"
        FAIRLY = "fairly", "They told me roughly"
        HEARSAY = "hearsay", "I heard it from others"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="network_data_points"
    )
    company_name = models.CharField("company", max_length=120)
    title = models.CharField("job title", max_length=120, blank=True)
    certainty = models.CharField(
        "how sure", max_length=8, choices=Certainty.choices, default=Certainty.FAIRLY
    )
    is_accepted_offer = models.BooleanField("they accepted", default=False)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnedQuerySet.as_manager()

    class Meta(PayPoint.Meta):
        indexes = [
            # The owner's own list, newest first.
            models.Index(fields=["owner", "-observed_date"], name="network_point_by_owner"),
        ]

    def __str__(self) -> str:
        return f"Network point {self.pk}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state", "moderation_note")),
    fields=["state", "moderation_note", "moderated_by"],
    model_name="ContributionEvent",
)
class Contribution(PayPoint):
    """What a user offers for publication: a copy, without what would name them.

    Once published it has an observation, which goes with it: when it is withdrawn, or its owner
    deletes the account.
    """

    class Origin(models.TextChoices):
        OFFER = "offer", "An offer that was decided"
        NETWORK = "network", "A point of somebody's network"

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for a curator"
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Not published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN_STATES: ClassVar = (State.OFFERED, State.PUBLISHED)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="contributions"
    )
    origin = models.CharField(max_length=7, choices=Origin.choices)
    network_point = models.OneToOneField(
        NetworkDataPoint, models.SET_NULL, null=True, blank=True, related_name="contribution"
    )
    origin_pk = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The offer it was copied from, for its owner only."
    )
    employer_key = models.CharField(
        max_length=64, help_text="A keyed hash of the employer's name: counts, never names."
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    moderation_note = models.CharField(max_length=300, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moderated_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()

    class Meta(PayPoint.Meta):
        constraints = [
            *PayPoint.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "origin", "origin_pk"],
                condition=~Q(state__in=["withdrawn", "declined"]),
                name="contribution_once_per_origin",
                violation_error_message="You already contributed this.",
            ),
        ]
        indexes = [
            # The moderation queue, oldest first.
            models.Index(
                fields=["created_at"],
                condition=Q(state="offered"),
                name="contribution_to_moderate",
            ),
        ]
        triggers = [named_by_no_row("market_observation", "contribution_id")]

    def __str__(self) -> str:
        return f"Contribution {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES
