"""A small supervisor: keeps programs running, prefixes what they say, ends every one of them."""

import itertools
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, Final

_STOPPING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOP_SECONDS: Final = 10.0
_LONGEST_WAIT_SECONDS: Final = 30.0
# A program that ran this long has recovered: its next fall counts as the first.
_STEADY_SECONDS: Final = 60.0
_COLOURS: Final = ("36", "33", "35", "32", "34")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to keep running."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()
    delay_seconds: float = 0.0
    """How long the others have the processor for themselves first."""


@dataclass(slots=True)
class _Child:
    program: Program
    prefix: bytes
    process: subprocess.Popen[bytes] | None = None
    unfinished_line: bytes = b""
    started_at: float = 0.0
    falls: int = 0
    due_at: float = 0.0


class Supervisor:
    """Runs programs until a signal says stop; a program that ends on its own is started again.

    Each program leads a process group of its own. Ctrl-C in the terminal therefore reaches only
    the supervisor, which stops them in order, and no grandchild outlives its program.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        output: BinaryIO,
        on_start: Callable[[Sequence[int]], None] = lambda _: None,
    ) -> None:
        """`on_start` hears the process ids of all programs whenever one was started."""
        self._output: BinaryIO | None = output
        self._on_start = on_start
        self._selector = selectors.DefaultSelector()
        self._stop_by: float | None = None
        width = max(len(program.name) for program in programs)
        colours = itertools.cycle(_COLOURS) if _wants_colour(output) else itertools.repeat("")
        self._children = [
            _Child(program, _prefix(program.name.ljust(width), colour))
            for program, colour in zip(programs, colours, strict=False)
        ]
        self._own_prefix = _prefix("parley".ljust(width), "")

    def run(self) -> None:
        """Start the programs and return once all of them have ended after a signal."""
        with _signals() as wake, self._selector:
            self._selector.register(wake, selectors.EVENT_READ, self._heed)
            for child in self._children:
                child.due_at = time.monotonic() + child.program.delay_seconds
            while self._stop_by is None or any(child.process for child in self._children):
                self._start_those_due()
                for key, _ in self._selector.select(self._pause()):
                    key.data(key.fileobj)
                self._bury_the_dead()
                self._kill_the_late()

    def say(self, text: str) -> None:
        """Write a line of our own between those of the programs."""
        for line in text.splitlines():
            self._write(self._own_prefix + line.encode() + b"\n")

    def _heed(self, wake: socket.socket) -> None:
        for number in wake.recv(64):
            if number not in _STOPPING_SIGNALS:
                continue
            now = time.monotonic()
            if self._stop_by is None:
                self.say(f"{signal.Signals(number).name} received: stopping")
                self._stop_by = now + _STOP_SECONDS
                for child in self._children:
                    if child.process:
                        child.process.terminate()
            elif number == signal.SIGINT:  # a second Ctrl-C is impatience
                self._stop_by = now

    def _start_those_due(self) -> None:
        now = time.monotonic()
        due = [child for child in self._children if not child.process and child.due_at <= now]
        if self._stop_by is not None or not due:
            return
        for child in due:
            child.started_at = now
            child.process = process = subprocess.Popen(  # noqa: S603 -- what bin/run names
                child.program.arguments,
                env=child.program.environment,
                pass_fds=child.program.pass_fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(
                process.stdout, selectors.EVENT_READ, lambda _, child=child: self._relay(child)
            )
        self._on_start([child.process.pid for child in self._children if child.process])

    def _relay(self, child: _Child) -> bool:
        """Pass on what a program said, line by line; False once there is nothing to read."""
        if child.process is None or child.process.stdout is None:
            return False
        try:
            said = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not said:
            with suppress(KeyError):
                self._selector.unregister(child.process.stdout)
            return False
        *lines, child.unfinished_line = (child.unfinished_line + said).split(b"\n")
        for line in lines:
            self._write(child.prefix + line + b"\n")
        return True

    def _bury_the_dead(self) -> None:
        for child in self._children:
            process = child.process
            if process is None or process.poll() is None:
                continue
            with suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
                os.killpg(process.pid, signal.SIGKILL)
            while self._relay(child):
                pass
            if child.unfinished_line:
                self._write(child.prefix + child.unfinished_line + b"\n")
            if process.stdout is not None:
                with suppress(KeyError):
                    self._selector.unregister(process.stdout)
                process.stdout.close()
            child.process, child.unfinished_line = None, b""
            if self._stop_by is None:
                self._plan_return(child, process.returncode)

    def _plan_return(self, child: _Child, status: int) -> None:
        now = time.monotonic()
        child.falls = 1 if now - child.started_at > _STEADY_SECONDS else child.falls + 1
        wait = min(_LONGEST_WAIT_SECONDS, 0.5 * 2 ** (child.falls - 1))
        child.due_at = now + wait
        how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended ({status})"
        self.say(f"{child.program.name} {how}; starting it again in {wait:g} s")

    def _kill_the_late(self) -> None:
        if self._stop_by is None or time.monotonic() < self._stop_by:
            return
        for child in self._children:
            if child.process and child.process.poll() is None:
                self.say(f"{child.program.name} does not stop: killing it")
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.process.pid, signal.SIGKILL)

    def _pause(self) -> float | None:
        """Return how long nothing but a signal or a line can concern us, in seconds."""
        now = time.monotonic()
        if self._stop_by is not None:
            return max(0.05, self._stop_by - now)
        due = [child.due_at - now for child in self._children if not child.process]
        return max(0.0, min(due)) if due else None

    def _write(self, line: bytes) -> None:
        if self._output is None:
            return
        try:
            self._output.write(line)
            self._output.flush()
        except OSError:  # the terminal is gone; its HUP is on the way, or nobody minds
            self._output = None


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """Turn the signals we heed, and the end of a child, into bytes on a socket."""
    heeded = (*_STOPPING_SIGNALS, signal.SIGCHLD)
    wake, sender = socket.socketpair()
    with wake, sender:
        wake.settimeout(0)
        sender.settimeout(0)
        before = {number: signal.signal(number, lambda *_: None) for number in heeded}
        old_fd = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        try:
            yield wake
        finally:
            signal.set_wakeup_fd(old_fd)
            for number, handler in before.items():
                signal.signal(number, handler)


def _wants_colour(output: BinaryIO) -> bool:
    return output.isatty() and not os.environ.get("NO_COLOR")


def _prefix(name: str, colour: str) -> bytes:
    return (f"\x1b[{colour}m{name} |\x1b[0m " if colour else f"{name} | ").encode()
