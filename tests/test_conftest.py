"""The fixtures that everybody leans on do what they say."""

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from config import celery
from market.models import CompanyStage


@celery.app.task(name="tests.nothing")
def nothing(*, number: int) -> None:
    """A task that must not run."""
    raise AssertionError


def test_reference_data_is_loaded(db):
    assert CompanyStage.objects.filter(key="series_b").exists()


@pytest.mark.parametrize("turn", [1, 2])
def test_reference_data_is_there_again_after_real_commits(transactional_db, turn):
    assert CompanyStage.objects.exists()
    assert cache.get("left-behind") is None
    cache.set("left-behind", turn)


def test_client_of_a_person_is_signed_in(client_of, candidate):
    client = client_of(candidate)

    assert client.session["_auth_user_id"] == str(candidate.pk)
    assert isinstance(candidate, User)


def test_sent_tasks_collects_what_leaves_on_commit(
    db, sent_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        nothing.delay_on_commit(number=3)
        assert sent_tasks == []

    assert [(task.name, task.arguments) for task in sent_tasks] == [
        ("tests.nothing", {"number": 3})
    ]


def test_messages_need_no_broker(db):
    assert nothing.delay(number=3).id
