import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts import services
from accounts.models import Profile, User
from offers.models import OfferRevision
from tests.accounts.conftest import NOW
from tests.accounts.test_selectors import OWNED
from tests.factories.accounts import UserFactory

# --- accounts and profiles -----------------------------------------------------------------------


def test_open_account_saves_a_person_with_a_profile(db):
    user = services.open_account(user=User(email="new@example.com"))

    assert Profile.objects.get().user == user


def test_open_account_saves_neither_alone(db, monkeypatch):
    def refuse(**_):
        raise DatabaseError

    monkeypatch.setattr(Profile.objects, "create", refuse)

    with pytest.raises(DatabaseError):
        services.open_account(user=User(email="new@example.com"))

    assert not User.objects.exists()


def test_save_profile_refuses_what_the_model_refuses(candidate):
    profile = candidate.profile
    profile.horizon_years = 11

    with pytest.raises(ValidationError, match="Choose a horizon between 1 and 10 years"):
        services.save_profile(profile=profile)

    assert Profile.objects.get(pk=profile.pk).horizon_years == 4


# --- sessions ----------------------------------------------------------------------------------


def test_end_sessions_keeps_one_if_told_to(candidate, client_of):
    clients = [client_of(candidate) for _ in range(3)]
    for client in clients:
        client.get(reverse("accounts:security"))
    kept = clients[0].session.session_key

    assert services.end_sessions(user=candidate, keep=kept) == 2

    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept]
    assert list(Session.objects.values_list("session_key", flat=True)) == [kept]
    assert services.end_sessions(user=candidate) == 1
    assert not Session.objects.exists()


# --- deletion ----------------------------------------------------------------------------------


def test_delete_account_leaves_nothing(estate):
    services.delete_account(user=estate.owner)

    left = {label for label in OWNED if apps.get_model(label)._base_manager.exists()}
    assert left == set()
    assert not Session.objects.exists()
    assert Group.objects.filter(name="Readers").exists()


def test_delete_account_touches_nobody_else(estate, stranger):
    services.delete_account(user=estate.owner)

    assert list(User.objects.all()) == [stranger]
    assert Profile.objects.get().user == stranger
    assert EmailAddress.objects.get().user == stranger


@pytest.mark.django_db(transaction=True)
def test_delete_account_opens_the_history_for_its_own_transaction_only(estate, stranger):
    services.delete_account(user=stranger)

    with pytest.raises(DatabaseError, match="superseded revision never change"):
        OfferRevision.objects.filter(superseded_at__isnull=False).delete()


def test_delete_account_that_fails_deletes_nothing(estate, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(User, "delete", refuse)

    with pytest.raises(DatabaseError):
        services.delete_account(user=estate.owner)

    empty = {label for label in OWNED if not apps.get_model(label)._base_manager.exists()}
    assert empty == set()


# --- curators ----------------------------------------------------------------------------------


def test_make_curator_makes_a_person_with_least_rights(db):
    user, is_new = services.make_curator(email=" Curator@Example.com")

    assert is_new
    assert user.email == "curator@example.com"
    assert not user.has_usable_password()
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert Profile.objects.filter(user=user).exists()
    assert EmailAddress.objects.get(user=user).verified
    rights = user.get_all_permissions()
    assert {right.partition(".")[0] for right in rights} == {"market", "negotiation"}
    assert {right for right in rights if right.startswith("negotiation.change_")} == {
        "negotiation.change_handbooktext",
        "negotiation.change_objectioncard",
        "negotiation.change_question",
        "negotiation.change_scripttemplate",
    }
    assert {right.partition(".")[2].partition("_")[0] for right in rights} == {"view", "change"}
    assert "market.change_location" in rights


def test_make_curator_promotes_and_can_be_repeated(candidate):
    first = services.make_curator(email=candidate.email.upper())
    second = services.make_curator(email=candidate.email)

    assert first == second == (candidate, False)
    assert User.objects.get().is_staff
    assert [group.name for group in candidate.groups.all()] == ["Curators"]
    assert EmailAddress.objects.count() == 1


def test_make_curator_takes_back_rights_that_curators_no_longer_have(candidate):
    services.make_curator(email=candidate.email)
    curators = Group.objects.get(name="Curators")
    before = set(curators.permissions.all())
    curators.permissions.add(
        *apps.get_model("auth.Permission").objects.filter(codename="delete_user")
    )

    services.make_curator(email=candidate.email)

    assert set(curators.permissions.all()) == before


def test_make_curator_refuses_what_is_no_address(db):
    with pytest.raises(ValidationError, match="Enter a valid email address"):
        services.make_curator(email="curator")

    assert not User.objects.exists()


# --- tidying up ----------------------------------------------------------------------------------


def test_clear_expired_forgets_what_has_run_out_and_no_more(db):
    user = UserFactory.create()
    for key, days in (("over", -1), ("alive", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=NOW + dt.timedelta(days=days)
        )
        UserSession.objects.create(user=user, session_key=key, ip="203.0.113.7", user_agent="")
    UserSession.objects.create(user=user, session_key="orphan", ip="203.0.113.7", user_agent="")
    cache.set("alive", 1, timeout=3600)
    cache.set("over", 1, timeout=3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cache_entry SET expires = %s WHERE cache_key LIKE '%%over'",
            [NOW - dt.timedelta(seconds=1)],
        )
        cursor.execute(
            "UPDATE cache_entry SET expires = %s WHERE cache_key LIKE '%%alive'",
            [NOW + dt.timedelta(seconds=1)],
        )

    services.clear_expired(as_of=NOW)
    services.clear_expired(as_of=NOW)

    assert [session.session_key for session in Session.objects.all()] == ["alive"]
    assert [session.session_key for session in UserSession.objects.all()] == ["alive"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_entry")
        assert cursor.fetchall() == [(":1:alive",)]
