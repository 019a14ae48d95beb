"""What a reader of letters answers: values, the sentences they come from, doubts, and gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

# What JSON can hold; a letter's fields are read as such, because forms and commands want them so.
Value: TypeAlias = Any

FIELD_KEYS: Final = (
    "company",
    "title",
    "location",
    "start_date",
    "base_salary",
    "bonus",
    "sign_on",
    "relocation",
    "equity",
    "response_deadline",
    "benefits",
)
LIST_KEYS: Final = frozenset({"equity", "benefits"})


class DocumentKind(StrEnum):
    """What sort of paper the text is."""

    OFFER_LETTER = "offer_letter"
    PROMOTION_LETTER = "promotion_letter"
    AMENDMENT = "amendment"
    REVISED_OFFER = "revised_offer"
    VERBAL_RECAP = "verbal_recap"
    TEMPLATE = "template"
    NOT_AN_OFFER = "not_an_offer"
    UNKNOWN = "unknown"

    @property
    def is_written_offer(self) -> bool:
        """Whether its figures were put in writing, and may fill the offer form."""
        return self in WRITTEN_OFFERS


WRITTEN_OFFERS: Final = frozenset(
    {
        DocumentKind.OFFER_LETTER,
        DocumentKind.PROMOTION_LETTER,
        DocumentKind.AMENDMENT,
        DocumentKind.REVISED_OFFER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the extracted text: offsets into it, the page it starts on (from 1), its words."""

    start: int
    end: int
    page: int
    text: str

    def as_document(self) -> dict[str, Value]:
        """Return it as JSON has it."""
        return {"start": self.start, "end": self.end, "page": self.page, "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A value that is possible and not certain: it is in no field until the user has chosen."""

    path: str
    why: str
    choices: tuple[Value, ...] = ()
    spans: tuple[Span, ...] = ()

    def as_document(self) -> dict[str, Value]:
        """Return it as JSON has it."""
        return {"path": self.path, "why": self.why, "choices": list(self.choices)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What is true of the paper itself."""

    kind: DocumentKind
    extractable: bool = True
    message: str | None = None
    language: str = "en"
    country: str | None = None
    letter_date: date | None = None

    def as_document(self) -> dict[str, Value]:
        """Return it as JSON has it."""
        return {
            "kind": self.kind.value,
            "extractable": self.extractable,
            "message": self.message,
            "language": self.language,
            "country": self.country,
            "letter_date": self.letter_date.isoformat() if self.letter_date else None,
        }


def blank_fields() -> dict[str, Value]:
    """Return the eleven keys, each saying that the letter is silent."""
    return {key: [] if key in LIST_KEYS else None for key in FIELD_KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One letter, read.

    Attributes
    ----------
    fields : the eleven keys of the label schema; None or an empty list where the letter is silent.
    spans : path of a filled field, such as ``equity.0.quantity``, to where the text says so.
    questions : what is possible and not certain; none of it is in `fields`.
    missing : paths of facts which a good letter states and this one does not.

    References
    ----------
    docs/letters.md; the JSON form is that of `manage.py read_letter`.
    """

    document: LetterFacts
    fields: Mapping[str, Value]
    spans: Mapping[str, Sequence[Span]]
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...] = ()

    def as_document(self) -> dict[str, Value]:
        """Return the object which `manage.py read_letter` prints."""
        return {
            "document": self.document.as_document(),
            "fields": dict(self.fields),
            "spans": {
                path: [span.as_document() for span in spans] for path, spans in self.spans.items()
            },
            "questions": [question.as_document() for question in self.questions],
            "missing": list(self.missing),
        }


def unreadable(message: str) -> Reading:
    """Return the answer for a file without readable text: a message, and every field blank."""
    return Reading(
        document=LetterFacts(kind=DocumentKind.UNKNOWN, extractable=False, message=message),
        fields=blank_fields(),
        spans={},
    )
