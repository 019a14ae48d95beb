"""Running the limited process, and making an answer of whatever becomes of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from offers.letter_files.answers import MOST_BYTES, Extraction, Reason, Unreadable
from offers.letter_files.plain import paged

_ROOT: Final = Path(__file__).resolve().parents[2]
# Sixty dense pages take a third of it.
MOST_CPU_SECONDS = 30
# A busy machine gives a process only a part of its time.
MOST_SECONDS = 75
MOST_MEMORY = 1_200_000_000
_OUT_OF_LIMITS: Final = frozenset({signal.SIGXCPU, signal.SIGKILL})


class ReaderFailed(RuntimeError):
    """Reading a text that could be extracted ended in an error of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A letter's reading in the form of `manage.py read_letter`, with what only pages show."""

    document: dict[str, Any]
    question_spans: list[list[dict[str, Any]]]
    """For each question, where the text gave rise to it."""


def extract(data: bytes, *, name: str = "") -> Extraction:
    """Return the text of a file, or raise `Unreadable`. `name` only tells what it claims to be."""
    if not data:
        raise Unreadable(Reason.EMPTY_FILE)
    if len(data) > MOST_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    answer = _run("extract", json.dumps(name).encode() + b"\n" + data)
    if answer is None:
        raise Unreadable(Reason.DAMAGED)
    return Extraction(
        text=answer["text"],
        page_starts=tuple(answer["page_starts"]),
        unread_pages=tuple(answer["unread_pages"]),
    )


def extract_pasted(text: str) -> Extraction:
    """Return what was pasted as a text; it needs no process of its own."""
    return paged(text.split("\x0c"))


def read(text: str, *, page_starts: Sequence[int]) -> ReadText:
    """Return what a letter says. Any text may come; the process has the same limits as for files."""
    request = json.dumps({"text": text, "page_starts": list(page_starts)})
    answer = _run("read", request.encode())
    if answer is None:
        raise ReaderFailed
    return ReadText(document=answer["reading"], question_spans=answer["question_spans"])


def _run(job: str, request: bytes) -> dict[str, Any] | None:
    """Return what the process answered; None where it broke without naming a reason."""
    process = subprocess.Popen(  # noqa: S603 -- our own module, no shell
        [
            *(sys.executable, "-s", "-m", "offers.letter_files.child", job),
            *(str(MOST_CPU_SECONDS), str(MOST_MEMORY)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        # No address of a database and no secret reaches the process.
        env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(request, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise Unreadable(Reason.TOO_HEAVY) from late
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if -process.returncode in _OUT_OF_LIMITS:
        raise Unreadable(Reason.TOO_HEAVY)
    if process.returncode != 0:
        return None
    parsed: dict[str, Any] = json.loads(answer)
    if "problem" in parsed:
        raise Unreadable(Reason(parsed["problem"]), **parsed["words"])
    return parsed
