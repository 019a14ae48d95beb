"""What every test may ask for: people, their browsers, a database with reference data, sent tasks.

Run with PARLEY_MODE=local (the default unless DATABASE_URL is set). Redis is not needed: messages
stay in memory. PostgreSQL is the embedded one unless DATABASE_URL names another.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from config import celery, embedded
from market.models import CompanyStage
from market.services import load_reference
from tests.factories.accounts import UserFactory

hypothesis_settings.register_profile("default", deadline=None, max_examples=100)
hypothesis_settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")

# Several runs at once, of one tree and one server, each have a database of their own.
_TEST_DATABASE: Final = "test_parley_"


def pytest_configure() -> None:
    """Trade what is slow, or needs another process, for what a test can look into."""
    celery.app.conf.broker_url = "memory://"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Nothing was collected: files are served from where they lie.
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


# --- the database ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Find or start PostgreSQL, and name the database after this process."""
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{_TEST_DATABASE}{os.getpid()}"
    if not os.environ.get("DATABASE_URL"):
        with mock.patch.dict(os.environ, {"REDIS_URL": "memory://"}):  # only PostgreSQL, please
            embedded.ensure_running()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the database and load the reference data that offers refer to."""
    with django_db_blocker.unblock():
        _drop_what_killed_runs_left()
        load_reference()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A browser test may leave connections of threads that have ended; no drop waits for them.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _reference_data(request: pytest.FixtureRequest) -> None:
    """Load the reference data again after a test with real commits, which empties every table."""
    asks = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not asks and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("_django_db_helper")
    cache.clear()
    if not CompanyStage.objects.exists():
        load_reference()


def _drop_what_killed_runs_left() -> None:
    """Drop the databases of test runs on this machine that ended without doing so."""
    if os.environ.get("DATABASE_URL"):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [_TEST_DATABASE + "%"]
        )
        for (name,) in cursor.fetchall():
            process_id = name.removeprefix(_TEST_DATABASE)
            if not process_id.isdecimal() or _runs(int(process_id)):
                continue
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def _runs(process_id: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process_id, 0)
        return True
    return False


# --- people and their browsers -----------------------------------------------------------------


@pytest.fixture
def candidate(db: None) -> User:
    """The person who owns things."""
    return UserFactory.create(email="candidate@example.com")


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody else, who gets a 404 from everything the candidate owns."""
    return UserFactory.create(email="stranger@example.com")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A function that returns the browser of a person signed in."""

    def sign_in(user: User, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(user)
        return client

    return sign_in


# --- background work ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SentTask:
    """A message that would have woken a worker."""

    name: str
    arguments: dict[str, Any]


@pytest.fixture
def sent_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SentTask]]:
    """Collect the messages to workers instead of sending them.

    Messages leave on commit: wrap what sends them in
    `django_capture_on_commit_callbacks(execute=True)`.
    """
    sent: list[SentTask] = []

    def collect(task: Any, args: Any = (), kwargs: Any = None, **_: Any) -> None:
        assert not args, "tasks take keyword arguments"
        sent.append(SentTask(task.name, dict(kwargs or {})))

    monkeypatch.setattr(celery.app.Task, "apply_async", collect)
    return sent
