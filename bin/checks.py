"""Every check of `bin/test`, in order: cheap ones first, each run whatever the others say."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = Path(sys.executable).parent
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A command that must end with status 0."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a check."""

    name: str
    is_good: bool
    seconds: float
    note: str = ""

    def __str__(self) -> str:
        verdict = "ok  " if self.is_good else "FAIL"
        return f"{verdict}  {self.name:<12} {self.seconds:6.1f} s  {self.note}".rstrip()


def main(arguments: list[str]) -> int:
    """Run the checks; return 0 if all of them passed."""
    os.chdir(ROOT)
    # Tests have engines of their own: no worker of a running bin/run picks up their messages.
    os.environ.setdefault("PARLEY_DATA_DIR", str(Path(".data") / "test"))
    only_tests = "--only-tests" in arguments
    pytest_arguments = [each for each in arguments if each != "--only-tests"]
    outcomes = [find_browser(), find_calculator()]
    checks = [*([] if only_tests else code_checks()), tests(pytest_arguments)]
    outcomes += [carry_out(check) for check in checks]

    print("\nbin/test")
    for outcome in outcomes:
        print(f"  {outcome}")
    failed = [outcome.name for outcome in outcomes if not outcome.is_good]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything passed.")
    return 1 if failed else 0


def code_checks() -> list[Check]:
    """Return the checks of the code as written: nothing of ours is imported twice to test it."""
    manage = [sys.executable, "manage.py"]
    return [
        Check(name="format", command=[TOOLS / "ruff", "format", "--check", "."]),
        Check(name="lint", command=[TOOLS / "ruff", "check", "."]),
        Check(name="templates", command=[TOOLS / "djade", "--check", *templates()]),
        Check(name="imports", command=[TOOLS / "lint-imports"]),
        Check(name="types", command=[TOOLS / "mypy"]),
        Check(name="migrations", command=[*manage, "makemigrations", "--check", "--dry-run"]),
        Check(
            name="deployment",
            command=[*manage, "check", "--deploy", "--fail-level", "WARNING"],
            environment=production(),
        ),
    ]


def templates() -> list[str]:
    """Return every template of the house."""
    return sorted(
        str(path.relative_to(ROOT))
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".")
        for path in folder.rglob("*.html")
        if "templates" in path.parts
    )


def production() -> dict[str, str]:
    """Return an environment as a real deployment has it."""
    return {
        "PARLEY_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "LETTER_KEYS": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "parley.example",
        "PUBLIC_URL": "https://parley.example",
        "DATABASE_URL": "postgresql://parley@postgres/parley",
        "REDIS_URL": "redis://redis:6379/0",
        "SMTP_HOST": "smtp.parley.example",
    }


def tests(arguments: Sequence[str]) -> Check:
    """Return the test run itself."""
    return Check(name="tests", command=[sys.executable, "-m", "pytest", *arguments], is_shown=True)


def carry_out(check: Check) -> Outcome:
    """Run one check; show what it says if it fails or if it takes long enough to be watched."""
    print(f"parley | {check.name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 -- named above
        check.command,
        env={**os.environ, **check.environment},
        check=False,
        text=True,
        errors="replace",
        stdout=None if check.is_shown else subprocess.PIPE,
        stderr=None if check.is_shown else subprocess.STDOUT,
    )
    if done.returncode and not check.is_shown:
        print(done.stdout, flush=True)
    return Outcome(check.name, done.returncode == 0, time.monotonic() - started)


def find_browser() -> Outcome:
    """Find or install a Chromium for the browser tests, and tell them by PARLEY_CHROMIUM."""
    started = time.monotonic()
    found = (
        browser_on_path()
        or (install_by_apt("chromium") and browser_on_path())
        or install_by_playwright()
    )
    if found:
        os.environ["PARLEY_CHROMIUM"] = found
        return Outcome("browser", is_good=True, seconds=time.monotonic() - started, note=found)
    must_have = os.environ.get("CI", "") not in {"", "0", "false"}
    note = "NO CHROMIUM: THE BROWSER TESTS DO NOT RUN (install `chromium`)"
    return Outcome("browser", not must_have, time.monotonic() - started, note)


def browser_on_path() -> str | None:
    """Return the path of an installed Chromium."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def find_calculator() -> Outcome:
    """Find or install LibreOffice, which works out the formulas of exported spreadsheets anew.

    Without it the one test that needs it is skipped aloud.
    """
    started = time.monotonic()
    found = calculator_on_path() or (
        install_by_apt("--no-install-recommends", "libreoffice-calc-nogui") and calculator_on_path()
    )
    note = found or "NO LIBREOFFICE: EXPORTED FORMULAS ARE NOT WORKED OUT (install `soffice`)"
    return Outcome("calculator", is_good=True, seconds=time.monotonic() - started, note=note)


def calculator_on_path() -> str | None:
    """Return the path of an installed LibreOffice."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def install_by_apt(*words: str) -> bool:
    """Install a package of Debian's, the last word, if that is for us to do; say if it was tried."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        return False
    print(f"parley | installing {words[-1]} for the tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", *words]):
        subprocess.run(  # noqa: S603 -- fixed words
            [apt, *command],
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    return True


def install_by_playwright() -> str | None:
    """Download the Chromium that Playwright brings, and return its path."""
    print("parley | asking Playwright for its own Chromium", flush=True)
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    installed = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=900,
    )
    if installed.returncode:
        return None
    answer = subprocess.run(  # noqa: S603 -- fixed words
        [sys.executable, "-c", ask], check=False, capture_output=True, text=True
    )
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
