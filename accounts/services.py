"""Values → rows of people: one business action per function."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Profile, User

CURATORS = "Curators"
CURATED_WORDS = ("scripttemplate", "question", "objectioncard", "handbooktext")
"""Of negotiations, curators see the shared words alone, and nothing of anybody's talks."""


@transaction.atomic
def open_account(*, user: User) -> User:
    """Save a new person with a profile to start from."""
    user.save()
    Profile.objects.create(user=user)
    return user


def save_profile(*, profile: Profile) -> Profile:
    """Save what a person's comparisons start from."""
    profile.full_clean()
    profile.save()
    return profile


@transaction.atomic
def end_sessions(*, user: User, keep: str | None = None) -> int:
    """Sign the person out everywhere, but for the session with the key `keep`.

    Returns the number of sessions ended.
    """
    ended = UserSession.objects.filter(user=user)
    if keep:
        ended = ended.exclude(session_key=keep)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Erase a person and everything that is theirs. There is no way back."""
    with connection.cursor() as cursor:
        # Ends with the transaction. Without it a trigger keeps the history of an offer.
        cursor.execute("SELECT set_config('parley.erasing', 'on', true)")
    # Nothing of theirs can be added while we look for what there is.
    User.objects.select_for_update().get(pk=user.pk)
    end_sessions(user=user)
    user.delete()


@transaction.atomic
def make_curator(*, email: str) -> tuple[User, bool]:
    """Let a person curate the market and the shared words, and see nothing else; return them, and whether they are new.

    A new person gets no password: they choose one through "Forgot your password?". Their address
    counts as confirmed, because whoever runs the server says that it is theirs.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email)
        Profile.objects.create(user=user)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    curators, _ = Group.objects.get_or_create(name=CURATORS)
    curators.permissions.set(
        Permission.objects.filter(codename__regex=r"^(view|change)_")
        .filter(
            Q(content_type__app_label="market")
            | Q(content_type__app_label="negotiation", content_type__model__in=CURATED_WORDS)
        )
        .exclude(content_type__model="networkdatapoint")  # what people were told is theirs alone
    )
    user.groups.add(curators)
    return user, is_new


@transaction.atomic
def clear_expired(*, as_of: datetime) -> None:
    """Forget sessions and counts that have run out."""
    Session.objects.filter(expire_date__lt=as_of).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache_entry WHERE expires < %s", [as_of])
