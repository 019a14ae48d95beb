"""The language of script templates: words, slots, parts that may be left out, cues. Nothing else.

    Subject: The offer for {role}
    Thank you for the letter of {letter_date}. [[My start would be {start_date}.]]
    ~ Then stop talking.

`{slot}` is the place of one fact. `[[…]]` is an aside, kept only if every slot in it has its fact.
A line that begins with `~` is a cue for the speaker, neither said nor sent. A line that begins with
`Subject:` heads an e-mail. There is no escape, no expression and no nesting, so that a template can
do no more than put facts in places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CUE: Final = "~"
SUBJECT: Final = "Subject:"
LONGEST: Final = 6_000

_TOKEN: Final = re.compile(r"\{(?P<slot>[^{}\[\]]*)\}|(?P<mark>\[\[|\]\]|[{}])")
_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")


class Role(StrEnum):
    """What a paragraph is for."""

    SUBJECT = "subject"
    SAID = "said"
    CUE = "cue"


@dataclass(frozen=True, slots=True)
class Words:
    """Text of the template itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """The place of one fact."""

    slot: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A part that is kept only if every slot in it has its fact."""

    parts: tuple[Words | Blank, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(part.slot for part in self.parts if isinstance(part, Blank))


Part = Words | Blank | Aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One line of a template."""

    role: Role
    parts: tuple[Part, ...]
    line: int

    def runs(self) -> Iterator[tuple[Words | Blank, ...]]:
        """Yield the words and blanks outside of asides, then those of each aside."""
        yield tuple(part for part in self.parts if not isinstance(part, Aside))
        for part in self.parts:
            if isinstance(part, Aside):
                yield part.parts


@dataclass(frozen=True, slots=True)
class Script:
    """A template that was read."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the slots that must have their fact, in the order of the text, each once."""
        return _once(
            part.slot
            for paragraph in self.paragraphs
            for part in paragraph.parts
            if isinstance(part, Blank)
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """Return every slot, those of asides too."""
        return _once(
            part.slot
            for paragraph in self.paragraphs
            for run in paragraph.runs()
            for part in run
            if isinstance(part, Blank)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a template cannot be saved, in words for its author."""

    code: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}" if self.line else self.message


def read_script(text: str) -> tuple[Script, tuple[Problem, ...]]:
    """Return the template that this text is, and what is wrong with how it is written."""
    paragraphs: list[Paragraph] = []
    problems: list[Problem] = []
    if len(text) > LONGEST:
        problems.append(Problem(code="too_long", message=f"Keep it below {LONGEST:,} characters."))
    for number, raw in enumerate(text[:LONGEST].splitlines(), start=1):
        line = " ".join(raw.split())
        if not line:
            continue
        role = _role(line, is_first=not paragraphs)
        body = line.removeprefix(CUE).removeprefix(SUBJECT if role is Role.SUBJECT else "").strip()
        parts, found = _parts(body, number)
        problems += found
        paragraphs.append(Paragraph(role=role, parts=parts, line=number))
    if not any(paragraph.role is Role.SAID for paragraph in paragraphs):
        problems.append(Problem(code="empty", message="Write what is to be said."))
    return Script(tuple(paragraphs)), tuple(problems)


def _role(line: str, *, is_first: bool) -> Role:
    if line.startswith(CUE):
        return Role.CUE
    return Role.SUBJECT if is_first and line.startswith(SUBJECT) else Role.SAID


def _parts(body: str, line: int) -> tuple[tuple[Part, ...], list[Problem]]:
    outer: list[Part] = []
    inner: list[Words | Blank] | None = None
    problems: list[Problem] = []

    def say(code: str, message: str) -> None:
        problems.append(Problem(code=code, message=message, line=line))

    def put(part: Words | Blank) -> None:
        (outer if inner is None else inner).append(part)

    position = 0
    for token in _TOKEN.finditer(body):
        if token.start() > position:
            put(Words(body[position : token.start()]))
        position = token.end()
        name, mark = token["slot"], token["mark"]
        if name is not None:
            if _NAME.fullmatch(name):
                put(Blank(name))
            else:
                say("slot_name", f"“{{{name}}}” is no slot. Write a name such as {{role}}.")
        elif mark == "[[" and inner is None:
            inner = []
        elif mark == "]]" and inner is not None:
            aside = Aside(tuple(inner))
            if not aside.slots:
                say("aside_without_slot", "A part in [[…]] needs a slot that decides if it stays.")
            outer.append(aside)
            inner = None
        else:
            say("unbalanced", f"“{mark}” has no partner on this line, or stands inside another.")
    if position < len(body):
        put(Words(body[position:]))
    if inner is not None:
        say("unbalanced", "“[[” is not closed on this line.")
        outer.append(Aside(tuple(inner)))
    return tuple(outer), problems


def _once(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
