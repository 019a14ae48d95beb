"""The process that opens a stranger's file. It has little time and memory, and nothing to steal.

`python -m offers.letter_files.child extract|read SECONDS BYTES`: a file, or its text as JSON, on
standard input; JSON on standard output. It knows no settings, no database and no environment.
"""

import json
import sys
from typing import Any


def limit_this_process(*, seconds: int, memory: int) -> None:
    """Let the system stop this process once it takes more than a letter needs."""
    try:
        import resource  # noqa: PLC0415 -- a system without it has no limits to set
    except ImportError:
        return
    for name, most in (
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_AS", memory),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name)
        try:
            _, hard = resource.getrlimit(kind)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (allowed, allowed))
        except (ValueError, OSError):
            continue  # macOS refuses some of them; the clock of the parent holds everywhere


def main() -> None:
    """Answer one request."""
    job, seconds, memory = sys.argv[1:]
    limit_this_process(seconds=int(seconds), memory=int(memory))
    request = sys.stdin.buffer.read()
    try:
        answer = {"extract": _extract, "read": _read}[job](request)
    except (MemoryError, RecursionError):
        answer = {"problem": "too_heavy", "words": {}}
    sys.stdout.write(json.dumps(answer))


def _extract(request: bytes) -> dict[str, Any]:
    from offers.letter_files.answers import Unreadable  # noqa: PLC0415 -- below the limits
    from offers.letter_files.recognition import recognise  # noqa: PLC0415 -- below the limits

    name, _, data = request.partition(b"\n")
    try:
        kind = recognise(data, json.loads(name))
        extraction = _extractor(kind)(data)
    except Unreadable as unreadable:
        return {"problem": unreadable.reason, "words": unreadable.words}
    return {
        "text": extraction.text,
        "page_starts": extraction.page_starts,
        "unread_pages": extraction.unread_pages,
    }


def _extractor(kind: str) -> Any:
    # Each reader takes half a second to load; only the one that is needed does.
    if kind == "pdf":
        from offers.letter_files.pdf import extract_pdf  # noqa: PLC0415 -- see above

        return extract_pdf
    if kind == "docx":
        from offers.letter_files.word import extract_docx  # noqa: PLC0415 -- see above

        return extract_docx
    from offers.letter_files.plain import extract_plain  # noqa: PLC0415 -- see above

    return extract_plain


def _read(request: bytes) -> dict[str, Any]:
    from offers.letters import read_letter  # noqa: PLC0415 -- below the limits

    letter = json.loads(request)
    reading = read_letter(letter["text"], page_starts=tuple(letter["page_starts"]))
    return {
        "reading": reading.as_document(),
        "question_spans": [
            [span.as_document() for span in question.spans] for question in reading.questions
        ],
    }


if __name__ == "__main__":
    main()
