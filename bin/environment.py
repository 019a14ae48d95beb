"""Make `.venv` hold exactly what a lock file says, then become its Python. Standard library only.

Called by `bin/python` when the environment is missing, broken or made from another lock file:
`environment.py LOCK [arguments for the environment's Python]`.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
RUNTIME: Final = "requirements.txt"
DEVELOPMENT: Final = "requirements-dev.txt"  # holds all of the above, and the tools


def main(lock: str, arguments: list[str]) -> None:
    """Set up, then replace this process."""
    # Ending us ends pip as well: `subprocess.run` kills what it waits for when it is interrupted.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    os.umask(0o022)  # as root: the account that runs PostgreSQL must read its programs
    try:
        with (ROOT / ".venv.lock").open("wb") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            if (VENV / DEVELOPMENT).exists():
                lock = DEVELOPMENT  # what has the tools keeps them
            if not is_current(lock):
                make(lock)
    except OSError as error:
        sys.exit(f"Cannot set up {VENV}: {error}.")
    except KeyboardInterrupt:
        sys.exit(130)
    os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606 -- the point of it


def is_current(lock: str) -> bool:
    """Say whether the environment works and was made from this lock file."""
    try:
        return works() and (VENV / lock).read_bytes() == (ROOT / lock).read_bytes()
    except OSError:
        return False


def works() -> bool:
    """Say whether the environment has a Python: the one it was made with may be gone."""
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0  # noqa: S603


def make(lock: str) -> None:
    """Make the environment anew, or finish one that was interrupted, and note what is in it."""
    was_finished = any((VENV / name).exists() for name in (RUNTIME, DEVELOPMENT))
    if was_finished or not works():
        say(f"making {VENV.name} with Python {sys.version.split()[0]}")
        call([sys.executable, "-m", "venv", "--clear", VENV], hint=VENV_HINT)
    say(f"installing what {lock} names (about a minute, only when it changed)")
    call(
        [
            *(PYTHON, "-m", "pip", "install", "-qq", "--no-input"),
            *("--disable-pip-version-check", "--require-hashes", "--no-deps"),
            *("--requirement", ROOT / lock),
        ],
        hint="pip could not install the packages; the reason stands above. Is there a network?",
    )
    for name in {lock, RUNTIME}:
        shutil.copyfile(ROOT / name, VENV / name)


VENV_HINT: Final = (
    "This Python cannot make a virtual environment. On Debian and Ubuntu its other half is a "
    "package: apt-get install python3-venv"
)


def call(command: list[str | Path], *, hint: str) -> None:
    """Run a command; if it fails, add what may help and end."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 -- named above
        sys.exit(f"\n{hint}")


def say(text: str) -> None:
    """Tell what takes time, on standard error: the output belongs to the command that follows."""
    print(f"parley | {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
