"""Letters as their pages and the talk about an offer see them: readings, quotes, marks, gaps."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import User
from offers.models import Letter, LetterFile, Offer

Reading: TypeAlias = Mapping[str, Any]
"""What `manage.py read_letter` prints."""

_AROUND: Final = 160
# Between the cells of a table stands a tab, or in plain text a wide gap.
# E-mails and text files end their lines at some seventy characters.
_WRAPPED: Final = 50
_ITEM: Final = re.compile(r"\s*(?:[-–•*]|\(?\w{1,3}[.)])\s")
_CELLS: Final = re.compile(r"\t|\S {3,}\S")
_GAPS: Final = {
    "company": ("Company", "Which legal entity would employ me?"),
    "title": ("Job title", "What is the exact job title and level?"),
    "location": (
        "Place of work",
        "Where would I be based, and how much of the work can be remote?",
    ),
    "start_date": ("Start date", "On which date would I start?"),
    "base_salary": ("Base salary", "What is the yearly base salary?"),
    "bonus": ("Bonus", "Is there a yearly bonus, and what is its target?"),
    "bonus.target_percent": (
        "Bonus target",
        "What is the target of the bonus, in percent of base?",
    ),
    "bonus.target_amount": ("Bonus target", "What is the target of the bonus?"),
    "sign_on": ("Sign-on bonus", "Is there a sign-on bonus?"),
    "sign_on.repayment": (
        "Repayment of the sign-on",
        "When, and how much of, the sign-on bonus would have to be paid back?",
    ),
    "relocation": ("Relocation", "Is there support for relocation?"),
    "relocation.repayment": (
        "Repayment of relocation",
        "When would the relocation money have to be paid back?",
    ),
    "equity": ("Equity", "Does the offer include equity?"),
    "response_deadline": ("Deadline", "By which date do you need my answer?"),
    "benefits": ("Benefits", "Which benefits come with the position?"),
    "quantity": ("Number of units", "How many shares, options or units are granted?"),
    "percent_of_company": (
        "Share of the company",
        "What percentage of the fully diluted company does the grant represent?",
    ),
    "total_shares": (
        "Total share count",
        "How many fully diluted shares are there, the option pool included?",
    ),
    "strike_price": ("Exercise price", "What is the exercise price, or the latest 409A price?"),
    "fmv_409a": ("409A price", "What is the latest 409A price, and of which date?"),
    "preferred_price": ("Preferred price", "What did investors pay per share in the last round?"),
    "vesting": ("Vesting", "What is the vesting schedule, with its cliff?"),
    "acceleration": ("Acceleration", "What happens to unvested equity in a sale of the company?"),
    "exercise_window_months": (
        "Time to exercise after leaving",
        "How long after leaving could vested options be exercised?",
    ),
    "early_exercise": ("Early exercise", "Can options be exercised before they vest?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A stretch of the letter inside the sentence that it stands in."""

    before: str
    words: str
    after: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A fact that a good letter states and this one does not."""

    path: str
    label: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the letter's text; `marks` are the numbers of what it says."""

    text: str
    marks: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    """The marks whose first stretch this is: links lead here."""


def files_of(letter: Letter) -> list[LetterFile]:
    """Return the files of a letter without their bytes."""
    return list(letter.files.defer("content").order_by("position"))


def letters_of(user: User, *, offer: Offer | None = None) -> list[Letter]:
    """Return the letters of a person, or of one offer, the latest first; their text stays closed."""
    rows = Letter.objects.visible_to(user).defer("text", "reading", "decisions")
    if offer is not None:
        rows = rows.filter(offer=offer)
    return list(rows.select_related("offer__company").prefetch_related(None).latest_first())


def kept_letters(user: User) -> list[Letter]:
    """Return the letters of a person with the names of their files; what is in them stays closed."""
    letters = letters_of(user)
    files = LetterFile.objects.visible_to(user).defer("content").order_by("position")
    prefetch_related_objects(letters, Prefetch("files", files))
    return letters


# --- readings and answers ----------------------------------------------------------------------


def current_reading(letter: Letter) -> Reading:
    """Return the reading with the questions that were answered in its fields."""
    answers = letter.decisions.get("answers", {})
    questions = letter.reading["questions"]
    chosen = {
        question["path"]: question["choices"][int(answers[str(number)])]
        for number, question in enumerate(questions)
        if str(number) in answers and int(answers[str(number)]) < len(question["choices"])
    }
    return answered(letter.reading, chosen)


def answered(reading: Reading, answers: Mapping[str, Any]) -> Reading:
    """Return the reading with the answers to its questions, by path, in its fields."""
    fields = deepcopy(dict(reading["fields"]))
    for path, answer in answers.items():
        _put(fields, path, answer)
    return {**reading, "fields": fields}


def _put(fields: dict[str, Any], path: str, answer: Any) -> None:
    """Set one value in the fields, whose parents may be blank."""
    *parents, last = path.split(".")
    here: Any = fields
    for number, key in enumerate(parents):
        step: Any = int(key) if isinstance(here, list) else key
        if isinstance(here, list):
            while len(here) <= step:
                here.append({})
        elif here.get(step) is None:
            following = (*parents, last)[number + 1]
            here[step] = [] if following.isdecimal() else {}
        here = here[step]
    if path == "start_date" and isinstance(answer, str):
        answer = {"date": answer, "qualifier": "exact"}
    elif path == "response_deadline" and isinstance(answer, str):
        answer = {"date": answer, "time": None, "basis": "stated_date"}
    elif path == "base_salary" and isinstance(answer, int | float):
        known = fields.get("base_salary") or {}
        answer = {**known, "annual": answer}
    if isinstance(here, list):
        number = int(last)
        while len(here) <= number:
            here.append({})
        here[number] = answer
    else:
        here[last] = answer


# --- quotes and marks --------------------------------------------------------------------------


def spans_for(reading: Reading, path: str) -> list[Mapping[str, Any]]:
    """Return where the text says a fact: its own spans, those below it, or those of what holds it."""
    spans: Mapping[str, list[Mapping[str, Any]]] = reading["spans"]
    if path in spans:
        return spans[path]
    below = [span for key, each in spans.items() if key.startswith(f"{path}.") for span in each]
    if below:
        return below
    parent, _, _ = path.rpartition(".")
    return spans_for(reading, parent) if parent else []


def quote_for(letter: Letter, reading: Reading, path: str) -> Quote | None:
    """Return the sentence that a fact comes from."""
    spans = spans_for(reading, path)
    return quote_of(letter.text, spans[0]) if spans else None


def quote_of(text: str, span: Mapping[str, Any]) -> Quote:
    start, end = int(span["start"]), int(span["end"])
    first = start
    while first > max(0, start - _AROUND) and not _ends_sentence(text, first - 1):
        first -= 1
    last = end
    while last < min(len(text), end + _AROUND) and not _ends_sentence(text, last):
        last += 1
    if last < len(text) and text[last] in ".!?":
        last += 1
    before, after = " ".join(text[first:start].split()), " ".join(text[end:last].split())
    is_cut = first > 0 and not _ends_sentence(text, first - 1)
    goes_on = not any(_ends_sentence(text, place) for place in (last - 1, last))
    return Quote(
        before=("…" if is_cut else "") + before + (_gap(text, start) if before else ""),
        words=" ".join(text[start:end].split()),
        after=(_gap(text, end) if after else "") + after + ("…" if goes_on else ""),
        page=int(span["page"]),
    )


def _gap(text: str, place: int) -> str:
    """Return the blank that collapsing a text takes from its edge."""
    around = text[max(0, place - 1) : place + 1]
    return " " if any(character.isspace() for character in around) else ""


def _ends_sentence(text: str, place: int) -> bool:
    """Say whether a sentence or a line of a table ends at this character."""
    if not 0 <= place < len(text):
        return True
    if text[place] == "\n":
        line_before = text[text.rfind("\n", 0, place) + 1 : place]
        end = text.find("\n", place + 1)
        line_after = text[place + 1 : end if end >= 0 else len(text)]
        is_paragraph = not line_before.strip() or not line_after.strip()
        return is_paragraph or any(map(_CELLS.search, (line_before, line_after)))
    following = text[place + 1 : place + 3]
    return text[place] in ".!?" and (not following or (following[0].isspace()))


def unwrapped(text: str) -> str:
    """Return the text with hard line ends inside paragraphs as blanks; every offset stays true."""
    lines = text.split("\n")
    joined = lines[0]
    for line, following in pairwise(lines):
        is_wrapped = (
            len(line) >= _WRAPPED
            and following.strip()
            and not _ITEM.match(following)
            and not any(map(_CELLS.search, (line, following)))
        )
        joined += (" " if is_wrapped else "\n") + following
    return joined


def segments_of(
    text: str, quotes: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]
) -> Iterator[Segment]:
    """Yield the text in pieces, each with the marks that lie on it."""
    stretches = [
        (int(span["start"]), int(span["end"]), mark) for mark, spans in quotes for span in spans
    ]
    borders = sorted({0, len(text), *(at for start, end, _ in stretches for at in (start, end))})
    marks: list[list[str]] = [[] for _ in borders]
    for start, end, mark in stretches:
        for number in range(bisect_right(borders, start) - 1, bisect_right(borders, end) - 1):
            if mark not in marks[number]:
                marks[number].append(mark)
    begun: set[str] = set()
    shown = unwrapped(text)
    for number, (start, end) in enumerate(pairwise(borders)):
        fresh = tuple(mark for mark in marks[number] if mark not in begun)
        begun.update(fresh)
        if text[start:end]:
            yield Segment(text=shown[start:end], marks=tuple(marks[number]), begins=fresh)


# --- what is missing ---------------------------------------------------------------------------


def gaps_of(letter: Letter) -> list[Gap]:
    """Return the facts that the letter leaves out, each with the question that asks for it."""
    if not letter.reading:
        return []
    gaps: dict[str, Gap] = {}
    for path in letter.reading["missing"]:
        known = _known(path)
        if known is not None:
            label, question = known
            gaps.setdefault(label, Gap(path=path, label=label, question=question))
    return list(gaps.values())


def question_mail(gaps: Sequence[Gap]) -> str:
    """Return an e-mail that asks for what the letter leaves out."""
    lines = "\n".join(f"{number}. {gap.question}" for number, gap in enumerate(gaps, start=1))
    return (
        "Hello,\n\nThank you for the letter. So that I can look at the whole offer, could you please "
        f"help me with these points in writing?\n\n{lines}\n\nThank you, and best regards"
    )


def offer_gaps(offer: Offer) -> list[Gap]:
    """Return what the latest letter of an offer leaves out; for the question e-mail."""
    letter = (
        Letter.objects.visible_to(offer.owner)
        .filter(offer=offer, state=Letter.State.DONE)
        .latest_first()
        .first()
    )
    return gaps_of(letter) if letter else []


def path_label(path: str) -> str:
    known = _known(path)
    return known[0] if known else path.rpartition(".")[2].replace("_", " ").capitalize()


def _known(path: str) -> tuple[str, str] | None:
    """Return the words for a path: its own, those of its last part, or those of what holds it."""
    parent, _, leaf = path.rpartition(".")
    return _GAPS.get(path) or _GAPS.get(leaf) or (_known(parent) if parent else None)
