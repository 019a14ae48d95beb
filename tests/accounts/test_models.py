import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import Profile, User
from tests.factories.accounts import UserFactory


def test_create_user_keeps_the_address_in_lower_case(db):
    user = User.objects.create_user(" Ada@Example.COM ", "a long enough password")

    assert user.email == "ada@example.com"
    assert user.check_password("a long enough password")
    assert not user.is_staff


def test_create_superuser_may_do_everything(db):
    user = User.objects.create_superuser("root@example.com", "a long enough password")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_create_user_refuses_an_address_in_use(candidate):
    with pytest.raises(ValidationError) as refusal:
        User.objects.create_user(candidate.email.upper())

    assert refusal.value.message_dict["email"] == [
        "There is already an account with this e-mail address."
    ]


def test_database_refuses_an_address_in_another_case(candidate):
    with pytest.raises(IntegrityError, match="user_email_unique_in_any_case"):
        UserFactory.create(email="CANDIDATE@example.com")


def test_natural_key_finds_an_address_in_any_case(candidate):
    assert User.objects.get_by_natural_key("Candidate@EXAMPLE.com") == candidate


def test_profile_is_visible_to_its_person_only(candidate, stranger):
    assert list(Profile.objects.visible_to(candidate)) == [candidate.profile]
    assert candidate.profile not in Profile.objects.visible_to(stranger)


def test_names_of_rows_tell_nothing_about_the_person(candidate):
    assert str(candidate) == f"User {candidate.pk}"
    assert str(candidate.profile) == f"Profile of user {candidate.pk}"
