"""Processes of the product beside a test: workers on its database, and a Redis that can be stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import connection

from config.embedded import redis

ROOT: Final = Path(__file__).resolve().parents[1]


class Product:
    """Processes of the product beside the test: its database, and a Redis that can be stopped."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.extra = environment
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
            "REDIS_URL": self.broker_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            **self.extra,
        }

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket}"

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

    def start_worker(self, queue: str = "valuation") -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery", "worker"]
        worker = subprocess.Popen(
            [*command, "-Q", queue, "--concurrency", "1", "--without-mingle"],
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
