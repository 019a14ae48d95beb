"""The person signed in. Sign-up, verification, MFA and sessions belong to django-allauth."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Makes people known by their e-mail address alone."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "There is already an account with this e-mail address."},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="There is already an account with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return f"User {self.pk}"


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Narrows profiles."""

    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class Profile(models.Model):
    """What a person's comparisons start from."""

    class FilingStatus(models.TextChoices):
        SINGLE = "single", "Single"
        JOINT = "joint", "Married, filing jointly"
        SEPARATE = "separate", "Married, filing separately"
        HEAD = "head", "Head of household"
        NOT_STATED = "not_stated", "Prefer not to say"

    class RiskTaste(models.TextChoices):
        CAUTIOUS = "cautious", "Cautious: count on little of the private stock"
        BALANCED = "balanced", "Balanced"
        BOLD = "bold", "Bold: a long shot is worth a lot to me"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    home_currency = models.CharField(max_length=3, default="USD")
    tax_country = models.CharField(max_length=2, blank=True)
    tax_region = models.CharField(max_length=40, blank=True)
    filing_status = models.CharField(
        max_length=12, choices=FilingStatus.choices, default=FilingStatus.NOT_STATED
    )
    horizon_years = models.PositiveSmallIntegerField(default=4)
    risk_taste = models.CharField(
        max_length=12, choices=RiskTaste.choices, default=RiskTaste.BALANCED
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(horizon_years__range=(1, 10)),
                name="profile_horizon_is_one_to_ten_years",
                violation_error_message="Choose a horizon between 1 and 10 years.",
            ),
            models.CheckConstraint(
                condition=models.Q(home_currency__regex=r"^[A-Z]{3}$"),
                name="profile_currency_is_a_code",
                violation_error_message="Choose a currency from the list.",
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of user {self.user_id}"
