"""Rows → values about a person: what a page shows, and everything that is theirs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

from accounts.devices import device_name
from accounts.models import Profile, User

EXPORT_VERSION: Final = 1
# Keys to the house, not facts about its owner: they would only be of use to a thief.
_SECRETS: Final = frozenset(
    {
        ("accounts", "user", "password"),
        ("account", "emailconfirmation", "key"),
        ("mfa", "authenticator", "data"),
        ("usersessions", "usersession", "session_key"),
    }
)


def profile_of(user: User) -> Profile:
    """Return what a person's comparisons start from; the defaults, unsaved, if nothing was."""
    return Profile.objects.visible_to(user).first() or Profile(user=user)


# --- sign-in and security ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInSession:
    """A browser in which a person is signed in."""

    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    is_current: bool


def sessions_of(
    user: User, *, as_of: datetime, current_key: str | None = None
) -> list[SignedInSession]:
    """Return the browsers in which a person is signed in: this one first, then the latest."""
    living = Session.objects.filter(expire_date__gt=as_of).values("session_key")
    rows = UserSession.objects.filter(user=user, session_key__in=living)
    sessions = [
        SignedInSession(
            device=device_name(row.user_agent),
            address=row.ip,
            started_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows.order_by("-last_seen_at", "-pk")
    ]
    return sorted(sessions, key=lambda session: not session.is_current)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How an account is protected."""

    address: str
    new_address: str
    """An address that waits for its confirmation, or nothing."""
    has_second_step: bool
    recovery_codes_left: int
    n_sessions: int


def security_of(user: User, *, as_of: datetime) -> Security:
    """Return how an account is protected."""
    pending = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)
    steps = {step.type: step for step in Authenticator.objects.filter(user=user)}
    codes = steps.get(Authenticator.Type.RECOVERY_CODES)
    return Security(
        address=user.email,
        new_address=pending.order_by("-pk").values_list("email", flat=True).first() or "",
        has_second_step=Authenticator.Type.TOTP in steps,
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        n_sessions=len(sessions_of(user, as_of=as_of)),
    )


# --- everything that is a person's ---------------------------------------------------------------


def account_export(user: User, *, as_of: datetime) -> dict[str, Any]:
    """Return every row that deleting the account would erase, as values ready for JSON.

    What is exported and what is erased cannot differ: both come from Django's own walk along the
    foreign keys. Rows refer to each other by id; rows of others, such as a location, are named.
    The number of queries does not grow with the rows.
    """
    belongings = _belongings(user)
    return {
        "format": "parley-account",
        "version": EXPORT_VERSION,
        "exported_at": as_of,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "tables": {
            model._meta.label: _table(model, keys, owned=belongings.keys())
            for model, keys in sorted(belongings.items(), key=lambda item: item[0]._meta.label)
        },
    }


def _belongings(user: User) -> dict[type[models.Model], list[Any]]:
    """Return the primary keys of what deleting the account would erase, by model."""
    collector = _Everything(using=DEFAULT_DB_ALIAS, origin=user)
    collector.collect([user])
    return {
        model: sorted(row.pk for row in rows)
        for model, rows in collector.data.items()
        if not model._meta.auto_created
    }


class _Everything(Collector):
    """Collects each row that would be erased, those too that one statement could erase unseen."""

    def can_fast_delete(self, *_: Any, **__: Any) -> bool:
        return False


def _table(
    model: type[models.Model], keys: list[Any], *, owned: Collection[Any]
) -> list[dict[str, Any]]:
    """Return the rows with these keys, but for their secrets."""
    fields = [field for field in model._meta.concrete_fields if not _is_secret(field)]
    named = [
        field.name
        for field in fields
        if isinstance(field, models.ForeignKey) and field.related_model not in owned
    ]
    rows = model._base_manager.filter(pk__in=keys).select_related(*named).order_by("pk")
    return [
        {
            field.name: _named(row, field) if field.name in named else field.value_from_object(row)
            for field in fields
        }
        for row in rows
    ]


def _is_secret(field: models.Field[Any, Any]) -> bool:
    options = field.model._meta
    return field.name.endswith("_hash") or (
        (options.app_label, options.model_name, field.name) in _SECRETS
    )


def _named(row: models.Model, field: models.Field[Any, Any]) -> str | None:
    """Return the name of a row that is not the person's own."""
    other = getattr(row, field.name)
    return None if other is None else str(other)
