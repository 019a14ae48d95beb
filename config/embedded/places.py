"""Where the embedded engines keep things, and how they are addressed."""

import hashlib
import json
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

PROJECT: Final = Path(__file__).resolve().parents[2]
DATABASE: Final = "parley"


class EngineError(RuntimeError):
    """The embedded engines cannot serve; the message says what to do about it."""


def data_dir() -> Path:
    """Return the directory of everything this installation keeps: `PARLEY_DATA_DIR`, or `.data`."""
    chosen = Path(os.environ.get("PARLEY_DATA_DIR") or ".data").expanduser()
    return (PROJECT / chosen).resolve()


def socket_dir() -> Path:
    """Return the directory of the sockets, short whatever the length of the data directory's path.

    The kernel allows about 100 characters for a socket. `/tmp` and not `$TMPDIR`, which may differ
    between two shells of one person who mean the same servers.
    """
    directory = data_dir()
    try:
        uid = directory.stat().st_uid
    except OSError:  # not made yet, so it will be ours
        uid = os.geteuid()
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path("/tmp") / f"parley-{uid}-{digest}"  # noqa: S108 -- its owner and mode are verified


def run_record() -> Path:
    """Return the file in which a running `bin/run` says where it is and what it started."""
    return data_dir() / "run.json"


def running_address() -> str | None:
    """Return where a `bin/run` of this data directory can be opened, if one says that it runs."""
    try:
        return str(json.loads(run_record().read_text())["address"])
    except (OSError, ValueError, KeyError):
        return None


def postgres_dir() -> Path:
    """Return the directory of the PostgreSQL cluster."""
    return data_dir() / "postgres"


def redis_dir() -> Path:
    """Return the directory Redis works in; nothing is kept there."""
    return data_dir() / "redis"


def redis_socket() -> Path:
    """Return the socket Redis listens on."""
    return socket_dir() / "redis.sock"


def database_url(name: str = DATABASE) -> str:
    """Return the address of the embedded PostgreSQL as libpq and Django read it."""
    return f"postgresql://{DATABASE}@{quote(str(socket_dir()), safe='')}/{name}"


def redis_url() -> str:
    """Return the address of the embedded Redis as Celery reads it."""
    return f"redis+socket://{redis_socket()}"


def secret_key() -> str:
    """Return this installation's own random key, made at the first call and readable by us only."""
    path = make_data_dir() / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise EngineError(f"Cannot read {path}: {error.strerror}.") from error
    draft = path.with_name(f"secret_key.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64) + "\n")
    # Of two processes that start at once, one links first; both then read the same whole file.
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_text().strip()


def make_data_dir() -> Path:
    """Make the data directory if need be and return it; raise EngineError if it cannot be used."""
    directory = data_dir()
    # What root makes must be passable for the account that root lends to the engines.
    mode = 0o700 if os.geteuid() else 0o711
    try:
        directory.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(directory, error.strerror or "it cannot be made") from error
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(directory, "it is not writable for you")
    return directory


def make_socket_dir(*, owner: int) -> Path:
    """Make the directory of the sockets for the user `owner`, and make sure that it is theirs."""
    directory = socket_dir()
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {owner, os.geteuid()}:
        raise EngineError(
            f"{directory} belongs to somebody else, so the servers will not listen there. "
            "Remove it, or choose another data directory with PARLEY_DATA_DIR."
        )
    if status.st_uid != owner:
        os.chown(directory, owner, -1, follow_symlinks=False)
    directory.chmod(0o700)
    return directory


def _unusable(directory: Path, reason: str) -> EngineError:
    return EngineError(
        f"Parley cannot keep its data in {directory}: {reason}. "
        "Choose another directory with PARLEY_DATA_DIR=/a/path."
    )
