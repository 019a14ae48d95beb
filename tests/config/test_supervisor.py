"""The supervisor, driven as `bin/run` drives it: another process that gets signals."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.embedded.places import PROJECT

DRIVER = """
import sys
from config.supervisor import Program, Supervisor

programs = [
    Program(name=name, arguments=["sh", "-c", script], environment={"PATH": "/usr/bin:/bin"})
    for name, script in zip(sys.argv[1::2], sys.argv[2::2])
]
tell = lambda pids: print(pids, file=sys.stderr)
Supervisor(programs, output=sys.stdout.buffer, on_start=tell).run()
"""

Start = Callable[..., subprocess.Popen[str]]

pytestmark = pytest.mark.engines


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a supervisor over shell scripts, given as name=script."""
    started = []

    def _start(**scripts: str) -> subprocess.Popen[str]:
        words = [word for pair in scripts.items() for word in pair]
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *words],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield _start
    for process in started:
        with process:
            process.terminate()
            process.communicate(timeout=30)


def _lines_until(process: subprocess.Popen[str], pattern: str) -> list[str]:
    """Read lines up to the first that matches; the test's own time limit ends a long wait."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if re.search(pattern, line):
            return lines
    raise AssertionError(f"no line like {pattern!r} in {lines}")


def _stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> list[str]:
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    return out.splitlines()


def test_lines_carry_the_name_of_who_said_them(start: Start, tmp_path: Path) -> None:
    said = tmp_path / "said"
    process = start(
        web=f"until [ -e {said} ]; do sleep 0.01; done; echo one; echo two >&2; sleep 60",
        worker=f"printf 'no end'; touch {said}; sleep 60",
    )

    lines = _lines_until(process, "two")
    rest = _stop(process)

    assert lines == ["web    | one", "web    | two"]
    assert rest == ["parley | SIGTERM received: stopping", "worker | no end"]
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_every_program_and_what_it_started(
    start: Start, number: signal.Signals, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    process = start(
        web=f"sleep 61 & echo $! >> {pids}; echo $$ >> {pids}; echo up; wait",
        worker=f"sleep 62 & echo $! >> {pids}; echo $$ >> {pids}; echo up; wait",
    )
    _lines_until(process, "up")
    _lines_until(process, "up")

    _stop(process, number)

    known = [int(pid) for pid in pids.read_text().split()]
    assert len(known) == 4
    assert not any(_lives(pid) for pid in known)


def test_program_that_falls_is_started_again_later_and_later(start: Start) -> None:
    process = start(steady="sleep 60", shaky="echo hello; exit 3")

    lines = _lines_until(process, "in 2 s")

    falls = [line for line in lines if line.startswith("parley")]
    assert falls == [
        "parley | shaky ended (3); starting it again in 0.5 s",
        "parley | shaky ended (3); starting it again in 1 s",
        "parley | shaky ended (3); starting it again in 2 s",
    ]
    assert lines.count("shaky  | hello") == 3


def test_killed_program_takes_its_children_along_and_returns(start: Start) -> None:
    process = start(worker="sleep 63 & echo $$ $!; wait")
    first = _lines_until(process, r"\d+ \d+")[-1]
    leader, child = map(int, first.removeprefix("worker | ").split())

    os.kill(leader, signal.SIGKILL)
    lines = _lines_until(process, r"^worker \| \d+ \d+")

    assert lines[0] == "parley | worker was killed by SIGKILL; starting it again in 0.5 s"
    assert lines[-1] != first
    assert not _lives(child)


def test_program_that_will_not_stop_is_killed_at_the_second_interrupt(start: Start) -> None:
    process = start(stubborn="trap '' TERM; echo up; while :; do sleep 0.1; done")
    _lines_until(process, "up")

    process.send_signal(signal.SIGINT)
    _lines_until(process, "stopping")
    lines = _stop(process, signal.SIGINT)

    assert "parley   | stubborn does not stop: killing it" in lines
    assert process.returncode == 0


def test_closed_output_ends_nothing(start: Start, tmp_path: Path) -> None:
    count = tmp_path / "count"
    process = start(web=f"echo up; while echo tick; do echo >> {count}; sleep 0.05; done")
    _lines_until(process, "up")
    assert process.stdout is not None

    process.stdout.close()
    seen = count.stat().st_size if count.exists() else 0
    deadline = time.monotonic() + 10
    while (not count.exists() or count.stat().st_size < seen + 5) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert count.stat().st_size >= seen + 5
    assert process.poll() is None


def test_started_programs_are_reported_each_time(start: Start) -> None:
    process = start(one="echo up; sleep 60", two="echo up; sleep 60")
    _lines_until(process, "up")
    _lines_until(process, "up")

    process.terminate()
    _, told = process.communicate(timeout=30)

    pids = re.fullmatch(r"\[(\d+), (\d+)\]\n", told)
    assert pids is not None
    assert not any(_lives(int(pid)) for pid in pids.groups())


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
