"""What was offered: companies, offers, their terms at each moment, and what follows from them."""

from typing import Any, Final, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from config.figures.fields import FigureStatus
from market.models import BenchmarkSnapshot, CompanyStage, Level, Location, RoleFamily
from offers.encrypted import EncryptedFileField, EncryptedJSONField, EncryptedTextField

OFFERS_PER_COMPARISON: Final = 6


def money(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for an amount in the revision's currency; null where it was not stated."""
    return models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True, **options)


def per_share(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for a price of one share."""
    return models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True, **options)


def fraction(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for a fraction of one; 0.0008 is 0.08%."""
    return models.DecimalField(max_digits=12, decimal_places=10, null=True, blank=True, **options)


def shares(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for a count of shares, which after a split need not be whole."""
    return models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True, **options)


def figure_status() -> "models.CharField[Any, Any]":
    """Return the column that says how sure a company figure is."""
    return models.CharField(
        max_length=10, choices=FigureStatus.choices, default=FigureStatus.NOT_ASKED
    )


def at_least_zero(*names: str) -> Q:
    """Return the rule that each of these columns is zero or more, or unknown."""
    rule = Q()
    for name in names:
        rule &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0})
    return rule


def is_fraction(*names: str) -> Q:
    """Return the rule that each of these columns lies in [0, 1], or is unknown."""
    rule = Q()
    for name in names:
        rule &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (0, 1)})
    return rule


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows with one owner, found at the end of `owner_path`."""

    owner_path = "owner"

    def visible_to(self, user: User) -> Self:
        return self.filter(**{self.owner_path: user})


def owned_through(path: str) -> type[OwnedQuerySet]:
    """Return the queryset class of rows whose owner stands at the end of `path`."""
    return type("OwnedQuerySet", (OwnedQuerySet,), {"owner_path": path})


class Company(models.Model):
    """An employer as this user knows it."""

    class Kind(models.TextChoices):
        BIG_TECH = "big_tech", "Big technology company"
        AI_LAB = "ai_lab", "AI lab"
        STARTUP = "startup", "Start-up"
        FINANCE = "finance", "Bank, fund or insurer"
        OTHER = "other", "Other company"
        PUBLIC_SECTOR = "public_sector", "Public sector, university or non-profit"

    class SizeBand(models.TextChoices):
        UNDER_50 = "under_50", "Fewer than 50 people"
        UNDER_250 = "under_250", "50 to 250 people"
        UNDER_1000 = "under_1000", "251 to 1,000 people"
        UNDER_5000 = "under_5000", "1,001 to 5,000 people"
        OVER_5000 = "over_5000", "More than 5,000 people"
        UNKNOWN = "unknown", "Not sure"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="companies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.STARTUP)
    stage = models.ForeignKey(CompanyStage, models.PROTECT, related_name="+")
    size_band = models.CharField(max_length=12, choices=SizeBand.choices, default=SizeBand.UNKNOWN)
    is_public = models.BooleanField("listed on a stock exchange", default=False)
    share_price = per_share(help_text="Last price of one listed share.")
    share_price_date = models.DateField(null=True, blank=True)
    share_price_currency = models.CharField(max_length=3, default="USD")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned_through("owner").as_manager()

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            models.UniqueConstraint(
                "owner",
                models.functions.Lower("name"),
                name="company_name_once_per_owner",
                violation_error_message="You already have a company with this name.",
            ),
            models.CheckConstraint(
                condition=at_least_zero("share_price"), name="company_share_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Company {self.pk}"


class Offer(models.Model):
    """A role offered to its owner."""

    class State(models.TextChoices):
        VERBAL = "verbal", "Verbal"
        WRITTEN = "written", "In writing"
        NEGOTIATING = "negotiating", "Negotiating"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn by the company"

    class WorkArrangement(models.TextChoices):
        ON_SITE = "on_site", "On site"
        HYBRID = "hybrid", "Hybrid"
        REMOTE = "remote", "Remote"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offers")
    company = models.ForeignKey(Company, models.CASCADE, related_name="offers")
    title = models.CharField("job title", max_length=120)
    role_family = models.ForeignKey(
        RoleFamily, models.PROTECT, null=True, blank=True, related_name="+"
    )
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    work_arrangement = models.CharField(
        max_length=8, choices=WorkArrangement.choices, default=WorkArrangement.ON_SITE
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.VERBAL)
    received_date = models.DateField("date you received it")
    respond_by_date = models.DateField("answer due", null=True, blank=True)
    is_respond_by_stated = models.BooleanField(
        default=False, help_text="The company named the date; otherwise it is our proposal."
    )
    start_date = models.DateField("start date", null=True, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    notes = models.TextField(max_length=4000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(respond_by_date__isnull=True)
                | Q(respond_by_date__gte=F("received_date")),
                name="offer_is_due_after_it_was_received",
                violation_error_message="The answer cannot be due before the offer was received.",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False)
                | ~Q(state__in=["accepted", "declined", "expired", "withdrawn"]),
                name="offer_decided_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class RevisionQuerySet(OwnedQuerySet):
    """Narrows revisions."""

    owner_path = "offer__owner"

    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def with_terms(self) -> Self:
        return self.select_related(
            "offer__company__stage",
            "offer__company__cap_table",
            "offer__level",
            "offer__role_family",
            "offer__location",
        ).prefetch_related(
            "grants",
            "payments",
            "benefits",
            "offer__company__exit_scenarios",
            "offer__company__cap_table__stock_classes",
        )


class OfferRevision(models.Model):
    """The terms at one moment. A superseded revision never changes; a trigger sees to it."""

    class Source(models.TextChoices):
        VERBAL = "verbal", "Verbal"
        WRITTEN = "written", "In writing"

    class BonusBasis(models.TextChoices):
        NONE = "none", "No bonus"
        PERCENT = "percent", "Percent of base salary"
        AMOUNT = "amount", "Amount a year"
        NOT_STATED = "not_stated", "Not stated"

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8, choices=Source.choices)
    stated_date = models.DateField("date of these terms")
    currency = models.CharField(max_length=3, default="USD")
    base_salary = money(help_text="A year, before tax.")
    bonus_basis = models.CharField(
        max_length=10, choices=BonusBasis.choices, default=BonusBasis.NOT_STATED
    )
    target_bonus_fraction = fraction(help_text="Of base salary.")
    target_bonus = money(help_text="A year at target.")
    guaranteed_bonus = money(help_text="The part of the first year's bonus that is promised.")
    expected_bonus_fraction = fraction(help_text="How much of the target you expect to be paid.")
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "number"], name="revision_number_once_per_offer"
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(superseded_at__isnull=True),
                name="offer_has_one_current_revision",
            ),
            models.CheckConstraint(
                condition=at_least_zero("base_salary", "target_bonus", "guaranteed_bonus"),
                name="revision_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=(
                    Q(target_bonus_fraction__isnull=True) | Q(target_bonus_fraction__range=(0, 10))
                )
                & (
                    Q(expected_bonus_fraction__isnull=True)
                    | Q(expected_bonus_fraction__range=(0, 3))
                ),
                name="revision_bonus_fractions_are_plausible",
                violation_error_message="The bonus must be between 0%% and 1,000%% of base salary.",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="revision_currency_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of offer {self.offer_id}"


class MarketStanding(models.Model):
    """Where the current terms of an offer stood when benchmarks were last computed.

    Pages work out the present standing themselves; this row is for lists, and remembers what a
    change of the benchmarks moved. One that rests on an older snapshot is owed.
    """

    revision = models.OneToOneField(
        OfferRevision, models.CASCADE, related_name="market_standing", primary_key=True
    )
    snapshot = models.ForeignKey(BenchmarkSnapshot, models.CASCADE, related_name="+")
    percentiles = models.JSONField(
        default=dict, help_text="Per component its percentile, or null, and the size of the cell."
    )
    before = models.JSONField(
        null=True, blank=True, help_text="The same by the snapshot before, where it differed."
    )
    placed_at = models.DateTimeField()

    objects = owned_through("revision__offer__owner").as_manager()

    def __str__(self) -> str:
        return f"Standing of revision {self.revision_id}"


class EquityGrant(models.Model):
    """One grant of equity in a revision: how much, at what price, and when it becomes yours."""

    class CompensationType(models.TextChoices):
        RSU = "rsu", "RSUs"
        DOUBLE_TRIGGER_RSU = "double_trigger_rsu", "Double-trigger RSUs"
        ISO = "iso", "Options (ISO)"
        NSO = "nso", "Options (NSO)"
        RESTRICTED_STOCK = "restricted_stock", "Restricted stock"
        PROFIT_UNIT = "profit_unit", "Profit units"

    class VestingType(models.TextChoices):
        PERIODIC = "cliff_then_periodic", "Evenly, after a cliff"
        YEARLY = "yearly_fractions", "A percentage in each year"

    class Acceleration(models.TextChoices):
        NOT_STATED = "not_stated", "Not stated"
        NONE = "none", "None"
        SINGLE = "single", "Single trigger: on a sale"
        DOUBLE = "double", "Double trigger: on a sale and losing the job"

    class YesNo(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_STATED = "not_stated", "Not stated"

    revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="grants")
    position = models.PositiveSmallIntegerField(default=0)
    compensation_type = models.CharField(max_length=20, choices=CompensationType.choices)
    quantity = shares(help_text="Units granted.")
    ownership_fraction = fraction(help_text="The grant as a share of the fully diluted company.")
    grant_value = money(help_text="The grant as an amount, where the letter states no number.")
    exercise_price = per_share(help_text="What one option costs you.")
    participation_threshold_per_share = per_share(
        help_text="Profit units share only in what is above this."
    )
    participation_cap_multiple = models.DecimalField(
        max_digits=8, decimal_places=3, null=True, blank=True
    )
    lock_months = models.PositiveSmallIntegerField(null=True, blank=True)
    vesting_type = models.CharField(
        max_length=20, choices=VestingType.choices, default=VestingType.PERIODIC
    )
    total_months = models.PositiveSmallIntegerField(
        default=48, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    cliff_months = models.PositiveSmallIntegerField(default=12)
    period_months = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    yearly_fractions = ArrayField(
        models.DecimalField(max_digits=8, decimal_places=6), default=list, blank=True
    )
    is_vesting_confirmed = models.BooleanField(
        default=False, help_text="The schedule was stated, not assumed."
    )
    vesting_start_date = models.DateField(null=True, blank=True)
    acceleration = models.CharField(
        max_length=10, choices=Acceleration.choices, default=Acceleration.NOT_STATED
    )
    acceleration_fraction = fraction(help_text="Of what is unvested at that moment.")
    acceleration_window_months = models.PositiveSmallIntegerField(null=True, blank=True)
    post_termination_window_days = models.PositiveIntegerField(null=True, blank=True)
    early_exercise = models.CharField(
        max_length=10, choices=YesNo.choices, default=YesNo.NOT_STATED
    )
    expiry_months = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = owned_through("revision__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="grant_position_once_per_revision"
            ),
            models.CheckConstraint(
                condition=at_least_zero(
                    "quantity",
                    "grant_value",
                    "exercise_price",
                    "participation_threshold_per_share",
                    "participation_cap_multiple",
                ),
                name="grant_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=is_fraction("ownership_fraction", "acceleration_fraction"),
                name="grant_fractions_lie_in_one",
            ),
            models.CheckConstraint(
                condition=Q(total_months__gte=1) & Q(cliff_months__lte=F("total_months")),
                name="grant_cliff_within_vesting",
                violation_error_message="The cliff must lie within the vesting period.",
            ),
            models.CheckConstraint(
                condition=Q(vesting_type="cliff_then_periodic") | Q(yearly_fractions__len__gte=1),
                name="grant_yearly_vesting_has_years",
                violation_error_message="State what vests in each year.",
            ),
        ]

    def __str__(self) -> str:
        return f"Grant {self.position} of revision {self.revision_id}"


class CashPayment(models.Model):
    """A one-off payment: sign-on, relocation, retention."""

    class Kind(models.TextChoices):
        SIGN_ON = "sign_on", "Sign-on bonus"
        RELOCATION = "relocation", "Relocation"
        RETENTION = "retention", "Retention bonus"
        OTHER = "other", "Other payment"

    revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="payments")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SIGN_ON)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    month = models.PositiveSmallIntegerField(
        default=0, help_text="Full months after the start date; 0 is with the first pay."
    )
    is_repayment_stated = models.BooleanField(
        default=False, help_text="The letter says whether it must be paid back."
    )
    repayment_months = models.PositiveSmallIntegerField(
        default=0, help_text="It must be paid back when leaving before so many months; 0 is never."
    )
    is_repayment_prorated = models.BooleanField(default=False)

    objects = owned_through("revision__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="payment_position_once_per_revision"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(month__lte=120) & Q(repayment_months__lte=120),
                name="payment_within_ten_years",
            ),
        ]

    def __str__(self) -> str:
        return f"Payment {self.position} of revision {self.revision_id}"


class Benefit(models.Model):
    """A benefit with a money value, or with the formula that gives one."""

    class Kind(models.TextChoices):
        HEALTH = "health", "Health insurance"
        RETIREMENT = "retirement", "Retirement match or pension"
        LEARNING = "learning", "Learning and development budget"
        EQUIPMENT = "equipment", "Equipment or compute budget"
        LEAVE = "leave", "Paid leave"
        OTHER = "other", "Other benefit"

    revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="benefits")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    yearly_value = money(help_text="What it is worth to you in a year.")
    one_time_value = money(help_text="What it is worth to you once, in the first year.")
    match_fraction = fraction(help_text="What the employer adds to each unit you save.")
    match_limit_fraction = fraction(help_text="Up to this share of base salary.")
    is_counted = models.BooleanField("count it in totals", default=True)

    objects = owned_through("revision__offer__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="benefit_position_once_per_revision"
            ),
            models.CheckConstraint(
                condition=at_least_zero("yearly_value", "one_time_value"),
                name="benefit_values_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(match_fraction__isnull=True) | Q(match_fraction__range=(0, 3)),
                name="benefit_match_is_plausible",
            ),
            models.CheckConstraint(
                condition=is_fraction("match_limit_fraction"),
                name="benefit_match_limit_lies_in_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Benefit {self.position} of revision {self.revision_id}"


class CapTable(models.Model):
    """What a private company disclosed about itself; every figure says how sure it is.

    A value stands only beside the statuses written, verbal and estimated. A refused figure has
    none: refusing is an answer of its own.
    """

    company = models.OneToOneField(Company, models.CASCADE, related_name="cap_table")
    currency = models.CharField(max_length=3, default="USD")
    fully_diluted_shares = shares()
    fully_diluted_shares_status = figure_status()
    fair_market_value = per_share(help_text="The 409A price of one common share.")
    fair_market_value_status = figure_status()
    fair_market_value_date = models.DateField(null=True, blank=True)
    last_preferred_price = per_share(help_text="What investors paid for one share, last round.")
    last_preferred_price_status = figure_status()
    last_round_date = models.DateField(null=True, blank=True)
    total_raised = money(help_text="All the money investors put in.")
    total_raised_status = figure_status()
    debt = money(help_text="Borrowed money that is paid before anybody's shares.")
    debt_status = figure_status()
    stock_classes_status = figure_status()
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("company__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=at_least_zero(
                    "fully_diluted_shares",
                    "fair_market_value",
                    "last_preferred_price",
                    "total_raised",
                    "debt",
                ),
                name="cap_table_figures_not_negative",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{
                            f"{name}__isnull": False,
                            f"{name}_status__in": ["written", "verbal", "estimated"],
                        }
                    )
                    | Q(
                        **{f"{name}__isnull": True, f"{name}_status__in": ["refused", "not_asked"]}
                    ),
                    name=f"cap_table_{name}_known_or_not",
                )
                for name in (
                    "fully_diluted_shares",
                    "fair_market_value",
                    "last_preferred_price",
                    "total_raised",
                    "debt",
                )
            ),
        ]

    def __str__(self) -> str:
        return f"Cap table of company {self.company_id}"


class StockClass(models.Model):
    """One class of preferred stock ahead of, or beside, the common stock."""

    class Participation(models.TextChoices):
        NONE = "none", "Non-participating"
        FULL = "full", "Participating"
        CAPPED = "capped", "Participating up to a cap"

    cap_table = models.ForeignKey(CapTable, models.CASCADE, related_name="stock_classes")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=40)
    shares = models.DecimalField(max_digits=20, decimal_places=4)
    price_per_share = models.DecimalField(max_digits=18, decimal_places=6)
    seniority = models.DecimalField(
        max_digits=6, decimal_places=2, default=1, help_text="A higher number is paid first."
    )
    liquidation_preference_multiple = models.DecimalField(max_digits=6, decimal_places=3, default=1)
    participation = models.CharField(
        max_length=8, choices=Participation.choices, default=Participation.NONE
    )
    participation_cap_multiple = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True
    )
    conversion_ratio = models.DecimalField(max_digits=12, decimal_places=6, default=1)

    objects = owned_through("cap_table__company__owner").as_manager()

    class Meta:
        verbose_name_plural = "stock classes"
        constraints = [
            models.UniqueConstraint(
                fields=["cap_table", "position"], name="stock_class_position_once"
            ),
            models.CheckConstraint(
                condition=Q(shares__gte=0)
                & Q(price_per_share__gte=0)
                & Q(liquidation_preference_multiple__range=(0, 100))
                & Q(conversion_ratio__gt=0),
                name="stock_class_figures_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(participation="capped") | Q(participation_cap_multiple__isnull=False),
                name="stock_class_cap_is_stated",
                violation_error_message="State the cap, as a multiple of the money invested.",
            ),
        ]

    def __str__(self) -> str:
        return f"Stock class {self.position} of cap table {self.cap_table_id}"


class ExitScenario(models.Model):
    """One way a private company could end, by the user's own judgement.

    What the probabilities leave of one is the outcome in which common stock gets nothing. It is
    no row, so nobody can delete it.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="exit_scenarios")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=60)
    exit_proceeds = models.DecimalField(max_digits=20, decimal_places=2)
    years = models.DecimalField(max_digits=5, decimal_places=2)
    probability = models.DecimalField(max_digits=6, decimal_places=5)
    dilution_fraction = models.DecimalField(max_digits=6, decimal_places=5, default=0)

    objects = owned_through("company__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "position"], name="exit_scenario_position_once"
            ),
            models.CheckConstraint(
                condition=Q(exit_proceeds__gt=0)
                & Q(years__range=(0, 30))
                & Q(probability__gt=0)
                & Q(probability__lte=1)
                & Q(dilution_fraction__gte=0)
                & Q(dilution_fraction__lt=1),
                name="exit_scenario_figures_are_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"Exit scenario {self.position} of company {self.company_id}"


class DraftQuerySet(OwnedQuerySet):
    """Narrows drafts."""

    def unpublished(self) -> Self:
        return self.filter(published_at__isnull=True)

    def with_offer(self) -> Self:
        return self.select_related("offer__company__stage", "offer__company__cap_table")


class OfferDraft(models.Model):
    """What somebody typed into the offer form, exactly as typed, until it becomes a revision.

    A published draft is empty: it only leads a second press of the button to the offer it became.
    """

    class Purpose(models.TextChoices):
        NEW_OFFER = "new_offer", "A new offer"
        NEW_TERMS = "new_terms", "New terms for an offer"
        CORRECTION = "correction", "A correction of the current terms"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="drafts")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.NEW_OFFER)
    typed = models.JSONField(default=dict, help_text="Per section, field names to what was typed.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "purpose"],
                condition=Q(offer__isnull=False, published_at__isnull=True),
                name="draft_once_per_offer_and_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose="new_offer", published_at__isnull=True, offer__isnull=True)
                | Q(purpose="new_offer", published_at__isnull=False, offer__isnull=False)
                | (~Q(purpose="new_offer") & Q(offer__isnull=False)),
                name="draft_of_terms_names_its_offer",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class EngineRunQuerySet(OwnedQuerySet):
    """Narrows runs of the engine."""

    def pending(self) -> Self:
        return self.filter(state__in=[EngineRun.State.QUEUED, EngineRun.State.RUNNING])

    def latest_first(self) -> Self:
        return self.order_by("-queued_at", "-pk")


class ValuationQuerySet(EngineRunQuerySet):
    """Narrows valuations."""

    owner_path = "revision__offer__owner"


class ComparisonValuationQuerySet(EngineRunQuerySet):
    """Narrows valuations of comparisons."""

    owner_path = "comparison__owner"


class EngineRun(models.Model):
    """An answer of the engine, or the fact that it is still owed.

    `inputs` is everything the engine needs, so that a worker on any machine and after any crash
    computes the same bytes; `fingerprint` is the hash of it with the engine's version.
    """

    class State(models.TextChoices):
        STALE = "stale", "Out of date"
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    fingerprint = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=16)
    market_version = models.CharField(
        max_length=32, default="", help_text="What of the market it was last checked against."
    )
    seed = models.BigIntegerField()
    n_paths = models.PositiveIntegerField()
    inputs = models.JSONField()
    partial = models.JSONField(null=True, blank=True)
    results = models.JSONField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    is_in_batch = models.BooleanField(
        default=False, help_text="Nobody waits for it: it runs after what a person asked for."
    )
    is_to_be_checked = models.BooleanField(
        default=False, help_text="Priors or rates changed, and it may be out of date."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Valuation(EngineRun):
    """The engine's answer for one revision."""

    revision = models.ForeignKey(OfferRevision, models.CASCADE, related_name="valuations")

    objects = ValuationQuerySet.as_manager()

    class Meta:
        # The beat job asks every few seconds for what is still owed.
        indexes = [
            models.Index(
                Coalesce("heartbeat_at", "queued_at"),
                condition=Q(state__in=["queued", "running"]),
                name="valuation_still_owed",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "fingerprint"], name="valuation_once_per_inputs"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="valuation_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (Q(results__isnull=False) & Q(finished_at__isnull=False)),
                name="valuation_done_has_results",
            ),
        ]

    def __str__(self) -> str:
        return f"Valuation {self.pk}"


class LetterQuerySet(OwnedQuerySet):
    """Narrows letters."""

    owner_path = "owner"

    def pending(self) -> Self:
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.RUNNING])

    def latest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def with_offer(self) -> Self:
        return self.select_related("offer__company", "draft", "owner")


class Letter(models.Model):
    """A written offer as it came: what was read in it, and what its person made of that.

    Everything that came from the letter rests encrypted. `reading` is what `manage.py read_letter`
    prints; `decisions` is, by the name of a field of the offer form, what was accepted, corrected
    or left out.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being read"
        DONE = "done", "Read"
        FAILED = "failed", "Failed"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    offer = models.ForeignKey(
        Offer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        help_text="The offer that it changes, or that it became.",
    )
    draft = models.ForeignKey(
        OfferDraft, models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    text = EncryptedTextField(default="", blank=True)
    reading = EncryptedJSONField(null=True, blank=True)
    decisions = EncryptedJSONField(default=dict, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        # The beat job asks every few seconds for what is still owed.
        indexes = [
            models.Index(
                Coalesce("heartbeat_at", "queued_at"),
                condition=Q(state__in=["queued", "running"]),
                name="letter_still_owed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="letter_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False),
                name="letter_done_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(state="done"),
                name="letter_is_checked_after_it_was_read",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"


class LetterFile(models.Model):
    """One file of a letter, or what was pasted; and the place of its text in the letter's text."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = EncryptedTextField(default="", blank=True)
    is_pasted = models.BooleanField(default=False)
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = EncryptedFileField()
    problem = models.CharField(
        max_length=300, blank=True, help_text="Why it could not be read, and what to do next."
    )
    note = models.CharField(max_length=300, blank=True, help_text="What of it could not be read.")
    text_start = models.PositiveIntegerField(null=True, blank=True)

    objects = owned_through("letter__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "position"], name="letter_file_position_once_per_letter"
            ),
            models.CheckConstraint(
                condition=Q(problem="") | Q(text_start__isnull=True),
                name="letter_file_is_read_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.position} of letter {self.letter_id}"


class Comparison(models.Model):
    """Two to six offers under the same assumptions."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comparisons")
    name = models.CharField(max_length=80)
    currency = models.CharField(max_length=3, default="USD")
    horizon_years = models.PositiveSmallIntegerField(default=4)
    discount_rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    offers: "models.ManyToManyField[Offer, ComparedOffer]" = models.ManyToManyField(
        Offer, through="ComparedOffer", related_name="comparisons"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = owned_through("owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(horizon_years__range=(1, 10)),
                name="comparison_horizon_is_one_to_ten_years",
                violation_error_message="Choose a horizon between 1 and 10 years.",
            ),
            models.CheckConstraint(
                condition=Q(discount_rate__gte=0) & Q(discount_rate__lte=1),
                name="comparison_discount_rate_lies_in_one",
                violation_error_message="Choose a discount rate between 0%% and 100%%.",
            ),
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}"


class ComparedOffer(models.Model):
    """An offer's place in a comparison; the place gives its letter and colour."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="places")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "offer"], name="offer_once_per_comparison"
            ),
            models.UniqueConstraint(
                fields=["comparison", "position"],
                name="place_once_per_comparison",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__lt=OFFERS_PER_COMPARISON),
                name="comparison_has_six_places",
            ),
        ]

    def __str__(self) -> str:
        return f"Place {self.position} of comparison {self.comparison_id}"


class Criterion(models.Model):
    """Something that matters to the owner and is no money, with its weight beside the others."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField(default=3, help_text="0 to 5.")

    objects = owned_through("comparison__owner").as_manager()

    class Meta:
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "position"], name="criterion_position_once_per_comparison"
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(0, 5)),
                name="criterion_weight_is_zero_to_five",
                violation_error_message="Choose a weight from 0 to 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"Criterion {self.position} of comparison {self.comparison_id}"


class CriterionScore(models.Model):
    """How well an offer does on a criterion, by its owner's judgement."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="scores")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="1 to 5.")

    objects = owned_through("criterion__comparison__owner").as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "offer"], name="score_once_per_criterion_and_offer"
            ),
            models.CheckConstraint(
                condition=Q(score__range=(1, 5)),
                name="criterion_score_is_one_to_five",
                violation_error_message="Choose a score from 1 to 5.",
            ),
        ]

    def __str__(self) -> str:
        return f"Score {self.pk} of criterion {self.criterion_id}"


class ComparisonValuation(EngineRun):
    """The engine's answer for all offers of a comparison together."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="valuations")

    objects = ComparisonValuationQuerySet.as_manager()

    class Meta:
        # The beat job asks every few seconds for what is still owed.
        indexes = [
            models.Index(
                Coalesce("heartbeat_at", "queued_at"),
                condition=Q(state__in=["queued", "running"]),
                name="comparison_still_owed",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "fingerprint"], name="comparison_valued_once_per_inputs"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="comparison_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (Q(results__isnull=False) & Q(finished_at__isnull=False)),
                name="comparison_done_has_results",
            ),
        ]

    def __str__(self) -> str:
        return f"Valuation {self.pk} of comparison {self.comparison_id}"


class Reevaluation(models.Model):
    """One pass over all valuations after priors or rates changed, with how far it is."""

    market_version = models.CharField(max_length=32)
    n_valuations = models.PositiveIntegerField(help_text="That may be out of date.")
    n_checked = models.PositiveIntegerField(default=0)
    n_queued = models.PositiveIntegerField(default=0, help_text="That had to be computed again.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="reevaluation_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(n_checked__lte=F("n_valuations")),
                name="reevaluation_checks_what_there_is",
            ),
        ]

    def __str__(self) -> str:
        return f"Reevaluation {self.pk}"

    @property
    def percent(self) -> int:
        return 100 * self.n_checked // self.n_valuations if self.n_valuations else 100


class ShareLink(models.Model):
    """A mentor's way to one comparison. The token itself is stored nowhere, only its hash."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80, help_text="Who it is for; only you see this.")
    question = models.TextField(max_length=1000, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    passcode_hash = models.CharField(max_length=128, blank=True)
    hidden = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    may_comment = models.BooleanField(default=True)
    benchmark_snapshot = models.ForeignKey(
        BenchmarkSnapshot,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The benchmarks that the page was made with; it keeps them.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = owned_through("comparison__owner").as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="share_link_expires_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"Share link {self.pk}"


class ShareLinkView(models.Model):
    """One opening of a shared link, for its owner to see; no address is kept."""

    share_link = models.ForeignKey(ShareLink, models.CASCADE, related_name="views")
    viewed_at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True)

    objects = owned_through("share_link__comparison__owner").as_manager()

    def __str__(self) -> str:
        return f"View {self.pk}"


class MentorComment(models.Model):
    """What a mentor, or the owner in reply, wrote beside a part of the comparison."""

    share_link = models.ForeignKey(ShareLink, models.CASCADE, related_name="comments")
    author_name = models.CharField(max_length=60)
    is_owner = models.BooleanField(default=False)
    anchor = models.CharField(max_length=40, blank=True)
    body = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = owned_through("share_link__comparison__owner").as_manager()

    def __str__(self) -> str:
        return f"Comment {self.pk}"
