"""A killed worker and a stopped Redis, for real: nothing is lost, and the answer is the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from config.embedded import redis
from offers import services
from offers.models import Valuation
from offers.selectors.valuation import simulate

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

ROOT: Final = Path(__file__).resolve().parents[2]
State = Valuation.State
# Long enough to be killed in the middle, short enough to wait for.
N_PATHS: Final = 12_000_000

SAVE: Final = """
import django; django.setup()
from accounts.models import User
from django.utils import timezone
from offers import services
from tests.factories.terms import startup_terms
owner = User.objects.get(pk={owner})
services.record_offer(owner=owner, terms=startup_terms(), as_of=timezone.now())
"""
REQUEUE: Final = """
import datetime, django; django.setup()
from django.utils import timezone
from offers import services
later = timezone.now() + datetime.timedelta(minutes=2)
print(services.requeue_lost_valuations(as_of=later))
"""


class Product:
    """Processes of the product beside the test: its database, and a Redis that can be stopped."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.workers: list[subprocess.Popen[bytes]] = []
        self.socket = directory / "r.sock"
        self.broker: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        database = connection.settings_dict
        address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
        if os.environ.get("DATABASE_URL"):
            address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database['NAME']}"
        return {
            **os.environ,
            "PARLEY_MODE": "local",
            "DATABASE_URL": address,
            "REDIS_URL": f"redis+socket://{self.socket}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "VALUATION_PATHS": str(N_PATHS),
        }

    def start_redis(self) -> None:
        self.broker = subprocess.Popen(
            [redis.find_program(), "--port", "0", "--unixsocket", self.socket, "--save", ""],
            cwd=self.directory,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.socket.exists)

    def stop_redis(self) -> None:
        if self.broker is not None:
            self.broker.terminate()
            self.broker.wait(10)
            self.broker = None
        self.socket.unlink(missing_ok=True)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery", "worker"]
        worker = subprocess.Popen(
            [*command, "-Q", "valuation", "--concurrency", "1", "--without-mingle"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.workers.append(worker)
        return worker

    def say(self, script: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def end(self) -> None:
        for worker in self.workers:
            kill(worker)
        self.stop_redis()


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill the worker and its children at once, as a machine that loses power would."""
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    worker.wait(10)


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def only_valuation() -> Valuation:
    return Valuation.objects.get()


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, db: Any) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("p"))
    product.start_redis()
    yield product
    product.end()


def test_a_worker_killed_in_mid_simulation_loses_nothing(product: Product, candidate: User) -> None:
    product.say(SAVE.format(owner=candidate.pk))
    worker = product.start_worker()
    wait_until(lambda: only_valuation().progress > 0)
    kill(worker)

    cut_short = only_valuation()
    assert (cut_short.state, cut_short.results) == (State.RUNNING, None)
    assert 0 < cut_short.progress < 100

    product.start_worker()
    assert product.say(REQUEUE).strip() == "1"
    wait_until(lambda: only_valuation().state == State.DONE)

    done = only_valuation()
    assert done.attempts == 2
    *_, (_, uninterrupted) = simulate(done.inputs, seed=done.seed, n_paths=N_PATHS)
    assert done.results == uninterrupted


def test_redis_stopped_during_a_save_loses_nothing(product: Product, candidate: User) -> None:
    product.stop_redis()
    started = time.monotonic()
    product.say(SAVE.format(owner=candidate.pk))
    took = time.monotonic() - started

    assert only_valuation().state == State.QUEUED
    assert took < 20  # nobody waits for a broker that is away

    product.start_redis()
    product.start_worker()
    product.say(REQUEUE)
    wait_until(lambda: only_valuation().state == State.DONE)

    assert only_valuation().attempts == 1


def test_a_save_wakes_a_worker_by_itself(product: Product, candidate: User) -> None:
    product.start_worker()
    product.say(SAVE.format(owner=candidate.pk))

    wait_until(lambda: only_valuation().state == State.DONE)

    assert services.requeue_lost_valuations(as_of=timezone.now()) == 0
