"""Starting servers that outlive us, and finding them again without trusting a number."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psutil

from config.embedded.account import Account

# Kept so that a server we started is not reported as forgotten when its handle is collected.
_started: Final[list[subprocess.Popen[bytes]]] = []
_LOG_LIMIT_BYTES: Final = 10_000_000


def launch(
    arguments: Sequence[str | Path], *, directory: Path, log: Path, account: Account
) -> psutil.Process:
    """Start a server in a session of its own, so that Ctrl-C in our terminal does not reach it."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as stream:
        server = subprocess.Popen(  # noqa: S603 -- programs that we found ourselves
            arguments,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            # No secret of ours, and no PG* variable of the person's, has any business there.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            **account.identity(),
        )
    _started.append(server)
    return psutil.Process(server.pid)


def holder(pid_file: Path) -> psutil.Process | None:
    """Return the server that wrote `pid_file` and works in its directory, or None.

    A number alone may by now mean another program; a server of ours also stands in its directory.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split(maxsplit=1)[0]))
        if Path(process.cwd()) == pid_file.parent:
            return process
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        pass
    return None


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process still runs; one that only waits to be buried does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(process: psutil.Process, *, signal: int, patience_seconds: float) -> None:
    """Ask a process to stop; kill it if it has not within `patience_seconds`."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal)
    if not _is_gone(process, within_seconds=patience_seconds):
        with suppress(psutil.NoSuchProcess):
            process.kill()
        _is_gone(process, within_seconds=patience_seconds)


def _is_gone(process: psutil.Process, *, within_seconds: float) -> bool:
    # Not `Process.wait`: in a container whose first process buries nobody it waits for ever.
    deadline = time.monotonic() + within_seconds
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    for server in _started:
        server.poll()
    return True


@contextmanager
def or_ended(process: psutil.Process, *, signal: int) -> Iterator[None]:
    """End a server that was just launched if the body, which waits for it, does not finish.

    Ctrl-C may come before the server has written down that it exists; nobody would find it later.
    """
    try:
        yield
    except BaseException:
        end(process, signal=signal, patience_seconds=30)
        raise


def last_words(log: Path, lines: int = 6) -> str:
    """Return the end of a server's log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(it left no log)"
