"""Who runs the engines. PostgreSQL refuses to be root, so root lends it an account of its own."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from config.embedded.places import EngineError, postgres_dir

NAME: Final = "parley-engines"
# Accounts made for the purpose, where there is no `useradd` to make ours.
ALTERNATIVES: Final = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """The user that the engines run as."""

    uid: int
    gid: int
    is_lent: bool
    """True if we are root and hand the engines to this account."""

    def identity(self) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that make a child this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_lent else {}


def engine_account() -> Account:
    """Return the account of the engines: ourselves or, for root, the owner of the cluster."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), is_lent=False)
    entry = _cluster_owner() or _named(NAME) or _make() or _first(ALTERNATIVES)
    if entry is None:
        raise EngineError(
            "PostgreSQL does not run as root, and no account for it could be made. "
            "Run this as an ordinary user, or name a server with DATABASE_URL."
        )
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_lent=True)


def _cluster_owner() -> pwd.struct_passwd | None:
    try:
        uid = postgres_dir().stat().st_uid
        return pwd.getpwuid(uid) if uid else None
    except (OSError, KeyError):
        return None


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _first(names: Iterable[str]) -> pwd.struct_passwd | None:
    return next(filter(None, map(_named, names)), None)


def _make() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        subprocess.run(  # noqa: S603 -- fixed words, for root
            [
                *(useradd, "--system", "--user-group", "--no-create-home"),
                *("--shell", "/bin/false", NAME),
            ],
            check=False,
            capture_output=True,
        )
    return _named(NAME)


def let_in(account: Account, path: Path) -> None:
    """Let a lent account reach `path`, which may lie in a home that only root may enter.

    Each directory above that is closed to others gets one entry in its access list: this account
    may pass. It may not list the directory, and nobody else gains anything.
    """
    if not account.is_lent:
        return
    for directory in path.parents:
        status = directory.stat()
        if status.st_mode & stat.S_IXOTH or status.st_uid == account.uid:
            continue
        try:
            _allow_passing(directory, account.uid)
        except (OSError, AttributeError) as error:  # a file system or a system without such lists
            raise EngineError(
                f"The account that runs PostgreSQL cannot pass through {directory}. "
                f"Allow it with: chmod o+x {directory}"
            ) from error


def let_read(account: Account, program: Path) -> None:
    """Let a lent account run a program that was installed for root's eyes only."""
    let_in(account, program)
    if not account.is_lent or program.stat().st_mode & 0o005 == 0o005:
        return
    tree = program.parent.parent
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o044 | (0o011 if mode & stat.S_IXUSR else 0))


# POSIX access lists as Linux keeps them: a version, then (tag, permissions, id) in this order.
_ACCESS_LIST: Final = "system.posix_acl_access"
_VERSION: Final = struct.pack("<I", 2)
_ENTRY: Final = struct.Struct("<HHI")
_OWNER, _USER, _GROUP_OWNER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_MASKED: Final = frozenset({_USER, _GROUP_OWNER, _GROUP})
_NOBODY: Final = 0xFFFFFFFF
_PASS: Final = 0x1


def _allow_passing(directory: Path, uid: int) -> None:
    """Add `user:UID:--x` to the access list of a directory, as `setfacl -m` would."""
    entries = _access_list(directory)
    ceiling = entries.get((_MASK, _NOBODY), 0o7)
    if entries.get((_USER, uid), 0) & ceiling & _PASS:
        return
    # Raising the mask must not wake up what it held back.
    entries = {
        (tag, who): allowed & ceiling if tag in _MASKED else allowed
        for (tag, who), allowed in entries.items()
    }
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _PASS
    entries[_MASK, _NOBODY] = 0
    for (tag, _), allowed in list(entries.items()):
        if tag in _MASKED:
            entries[_MASK, _NOBODY] |= allowed
    _write_access_list(directory, entries)


def _access_list(directory: Path) -> dict[tuple[int, int], int]:
    try:
        packed = os.getxattr(directory, _ACCESS_LIST)[len(_VERSION) :]
    except OSError:  # none yet: the three plain permissions say it all
        mode = directory.stat().st_mode
        return {
            (_OWNER, _NOBODY): mode >> 6 & 7,
            (_GROUP_OWNER, _NOBODY): mode >> 3 & 7,
            (_OTHER, _NOBODY): mode & 7,
        }
    return {(tag, who): allowed for tag, allowed, who in _ENTRY.iter_unpack(packed)}


def _write_access_list(directory: Path, entries: Mapping[tuple[int, int], int]) -> None:
    packed = b"".join(_ENTRY.pack(tag, entries[tag, who], who) for tag, who in sorted(entries))
    os.setxattr(directory, _ACCESS_LIST, _VERSION + packed)
