"""Letters as they stand once they were read: the golden ones, with their labels as the reading."""

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

from accounts.models import User
from offers.letter_files import extract
from offers.models import Letter, LetterFile, Offer

LETTERS: Final = Path(__file__).parents[1] / "reference" / "letters"
NOW: Final = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def label_of(letter_id: str) -> dict[str, Any]:
    """Return the label of a golden letter."""
    path = next(LETTERS.glob(f"{letter_id}-*.json"))
    label: dict[str, Any] = json.loads(path.read_text())
    return label


def read_as_labelled(letter_id: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Return the text of a golden letter, and a reading that agrees with its label in everything."""
    label = label_of(letter_id)
    file = next(path for path in sorted(LETTERS.glob(f"{letter_id}-*.txt")))
    text = extract(file.read_bytes(), name=file.name).text
    spans = {}
    for path, snippet in label["evidence"].items():
        pattern_start = _find(text, snippet)
        if pattern_start is not None:
            start, end = pattern_start
            spans[path] = [{"start": start, "end": end, "page": 1, "text": text[start:end]}]
    document = {
        "kind": label["document"]["kind"],
        "extractable": True,
        "message": None,
        "language": "en",
        "country": label["document"]["country"],
        "letter_date": label["document"]["letter_date"],
    }
    reading = {
        "document": document,
        "fields": label["fields"],
        "spans": spans,
        "questions": [],
        "missing": [],
        "question_spans": [],
    }
    return text, reading | changes


def _find(text: str, snippet: str) -> tuple[int, int] | None:
    """Return where a snippet stands, whatever the white space in it."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    packed = "".join(text[place] for place in places)
    found = packed.find("".join(snippet.split()))
    if found < 0:
        return None
    return places[found], places[found + len("".join(snippet.split())) - 1] + 1


def read_letter(
    owner: User, letter_id: str = "01", *, offer: Offer | None = None, **changes: Any
) -> Letter:
    """Return a letter that was read as its label says."""
    text, reading = read_as_labelled(letter_id, **changes)
    letter = Letter.objects.create(
        owner=owner,
        offer=offer,
        state=Letter.State.DONE,
        text=text,
        reading=reading,
        progress=100,
        queued_at=NOW,
        finished_at=NOW,
    )
    LetterFile.objects.create(
        letter=letter,
        position=0,
        name=f"{letter_id}.txt",
        size=len(text.encode()),
        content=text.encode(),
        text_start=0,
    )
    return letter
