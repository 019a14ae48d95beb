"""Who still needs the engines: a shared lock for each process, and the last one out."""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from config.embedded import postgres, redis
from config.embedded.places import EngineError, make_data_dir, socket_dir

_lease: BinaryIO | None = None
_leased_by: int | None = None


def ensure_running() -> None:
    """Start the engines that no address names and that do not run; need them until we end.

    Safe to call from several processes at once, and again: whoever comes first starts, the others
    wait. Raises EngineError, with a sentence that says what to do, if an engine cannot start.
    """
    wanted = [
        engine
        for variable, engine in (("DATABASE_URL", postgres), ("REDIS_URL", redis))
        if not os.environ.get(variable)
    ]
    if not wanted:
        return
    with _alone():
        _take_lease()
        for engine in wanted:
            engine.start()


def release() -> None:
    """Say that we need the engines no more; stop them if nobody else does."""
    global _lease  # noqa: PLW0603 -- one lease for each process
    if _lease is None or _leased_by != os.getpid():
        return
    with _alone():
        _lease.close()
        _lease = None
        if _nobody_else():
            redis.stop()
            postgres.stop()
            with suppress(OSError):  # a socket that somebody put there is theirs
                socket_dir().rmdir()


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock under which engines start and stop."""
    with _lock_file("engines.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _take_lease() -> None:
    """Hold a shared lock that the kernel drops when we end, even if we are killed."""
    global _lease, _leased_by  # noqa: PLW0603 -- one lease for each process
    if _lease is not None and _leased_by == os.getpid():
        return
    if _leased_by is None:
        atexit.register(release)
    _lease = _lock_file("engines.users")
    _leased_by = os.getpid()
    fcntl.flock(_lease, fcntl.LOCK_SH)


def _nobody_else() -> bool:
    with _lock_file("engines.users") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _lock_file(name: str) -> BinaryIO:
    path = make_data_dir() / name
    try:
        return path.open("wb")
    except OSError as error:
        raise EngineError(
            f"Cannot lock {path}: {error.strerror}. Run this as the user it belongs to, "
            "or choose another data directory with PARLEY_DATA_DIR."
        ) from error
