"""`bin/run`: the whole product on one machine, under one supervisor."""

import argparse
import errno
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil
from environs import Env

from config import embedded
from config.embedded.places import PROJECT, make_data_dir, run_record
from config.embedded.processes import end
from config.supervisor import Program, Supervisor

_DEFAULT_PORT: Final = 8000
_HOST: Final = "127.0.0.1"  # one machine: nothing outside it can connect
# Every program of one run carries this mark, so that a later run finds what a killed one left.
_MARK: Final = "PARLEY_RUN"
# Celery lectures whoever starts a worker as root, which on this one machine is the person's choice.
_ROOT_IS_MEANT: Final = "ignore:You're running the worker with superuser privileges"


class CannotRun(RuntimeError):
    """Parley cannot start; the message says what to do about it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Start everything, and return once everything has ended."""
    port = _port(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # so that the engines are stopped from here on
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    os.environ.setdefault("PARLEY_MODE", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.chdir(PROJECT)
    try:
        with _only_run(make_data_dir()) as record, _listening(port) as door:
            _serve(door, record)
    except (CannotRun, embedded.EngineError) as error:
        print(f"bin/run: {error}", file=sys.stderr)  # noqa: T201 -- a command speaks
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # leaving in order is already under way
        embedded.release()
    return 0


def _port(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/run", description="Set up Parley if needed, then run all of it on this machine."
    )
    parser.add_argument(
        "--port",
        type=int,
        default=_DEFAULT_PORT,
        help=f"where the browser finds it (default {_DEFAULT_PORT}; 0 takes any free one)",
    )
    port: int = parser.parse_args(arguments).port
    if not 0 <= port <= 65535:
        parser.error("a port is a number from 0 to 65535")
    return port


def _serve(door: socket.socket, record: Path) -> None:
    address = f"http://{_HOST}:{door.getsockname()[1]}"
    mark = secrets.token_hex(16)
    environment = {**os.environ, _MARK: mark, "PYTHONUNBUFFERED": "1"}
    environment.setdefault("PUBLIC_URL", address)
    _write_record(record, {"mark": mark, "address": address, "children": []})

    _say("starting PostgreSQL and Redis")
    Env().read_env(str(PROJECT / ".env"), recurse=False)  # it may name servers to use instead
    embedded.ensure_running()
    _say("preparing the database and the files to serve")
    with _preparing(environment):
        # Loaded meanwhile: a start is in a hurry.
        from django.conf import settings  # noqa: PLC0415 -- after PARLEY_MODE is set

        queues: Sequence[str] = settings.CELERY_TASK_QUEUE_NAMES

    supervisor = Supervisor(
        _programs(environment, queues, door.fileno()),
        output=sys.stdout.buffer,
        on_start=lambda pids: _write_record(
            record, {"mark": mark, "address": address, "children": _identities(pids)}
        ),
    )
    threading.Thread(target=_welcome, args=(supervisor, address), daemon=True).start()
    supervisor.run()
    _say("stopped")


def _programs(environment: Mapping[str, str], queues: Sequence[str], door: int) -> list[Program]:
    """Return web, worker and beat; docker-compose.yml starts the same three."""
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "--app", "config.celery"]
    arguments = {
        "web": [
            *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"fd://{door}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"),
            *("--graceful-timeout", "5", "--no-control-socket"),
        ],
        "worker": [
            *(*celery, "worker", "--queues", ",".join(queues)),
            *("--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "INFO", "--pidfile", ""),
            *("--schedule", str(embedded.data_dir() / "beat-schedule")),
        ],
    }
    return [
        Program(
            name=name,
            arguments=words,
            environment={**environment, "PYTHONWARNINGS": _ROOT_IS_MEANT},
            pass_fds=(door,) if name == "web" else (),
            delay_seconds=0.0 if name == "web" else 1.5,
        )
        for name, words in arguments.items()
    ]


@contextmanager
def _preparing(environment: Mapping[str, str]) -> Iterator[None]:
    """Bring database and files up to date while the body runs."""
    command = [sys.executable, "manage.py", "prepare"]
    with subprocess.Popen(command, env=environment) as preparation:  # noqa: S603 -- our own
        try:
            yield
            preparation.wait()
        finally:
            preparation.terminate()
    if preparation.returncode:
        raise CannotRun("the database could not be prepared; the reason stands above.")


def _welcome(supervisor: Supervisor, address: str) -> None:
    """Wait until the web process answers, then say where."""
    deadline = time.monotonic() + 60
    while not _answers(f"{address}/healthz/"):
        if time.monotonic() > deadline:
            supervisor.say(f"{address} still does not answer; the lines above say why")
            return
        time.sleep(0.1)
    supervisor.say(
        f"Parley is at {address}/ (stop it with Ctrl-C)\n"
        f"Make somebody a curator: bin/python manage.py make_curator EMAIL"
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 -- our own address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Hold the port from the first moment on, so that no crash of the web process loses it."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((_HOST, port))
        except OSError as error:
            raise CannotRun(_why_not(port, error)) from error
        door.listen()  # a first visitor waits for the web process instead of being turned away
        yield door


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        with socket.socket() as other:
            other.bind((_HOST, 0))
            free = other.getsockname()[1]
        return (
            f"port {port} is taken by another program. "
            f"Choose another one, for example: bin/run --port {free}"
        )
    return f"cannot listen on port {port}: {error.strerror}. Try: bin/run --port {_DEFAULT_PORT}"


@contextmanager
def _only_run(directory: Path) -> Iterator[Path]:
    """Be the only run of this data directory, after ending what a killed one left behind."""
    record = run_record()
    with (directory / "run.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = _read_record(record).get("address", "an address it has not told yet")
            raise CannotRun(
                f"Parley already runs with the data in {directory}, at {where}. Stop that one "
                "first, or run a second with data of its own: PARLEY_DATA_DIR=/a/path bin/run"
            ) from None
        _end_leftovers(_read_record(record))
        try:
            yield record
        finally:
            record.unlink(missing_ok=True)


def _end_leftovers(left: Mapping[str, Any]) -> None:
    """End the processes of a run that was killed: those it recorded, and all that bear its mark."""
    if not left:
        return
    recorded = {(pid, created) for pid, created in left.get("children", [])}
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        with suppress(psutil.Error):
            identity = (process.pid, round(process.create_time(), 1))
            if identity in recorded or process.environ().get(_MARK) == left["mark"]:
                _say(f"ending process {process.pid}, which the last run left behind")
                end(process, signal=signal.SIGTERM, patience_seconds=5)


def _identities(pids: Sequence[int]) -> list[tuple[int, float]]:
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            found.append((pid, round(psutil.Process(pid).create_time(), 1)))
    return found


def _write_record(record: Path, content: Mapping[str, Any]) -> None:
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(content))
    draft.replace(record)


def _read_record(record: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(record.read_text())
    except (OSError, ValueError):
        return {}
    return content


def _say(text: str) -> None:
    print(f"parley | {text}", flush=True)  # noqa: T201 -- a command speaks


if __name__ == "__main__":
    sys.exit(main())
