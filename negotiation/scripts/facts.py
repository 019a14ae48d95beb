"""Facts with the record that each comes from, and the proof without which some cannot exist.

A number in a script is a `Fact`, and a `Fact` names its `Source`. A source of the kind `competing`
holds a `CompetingOffer`, and that exists only for a written, open, unexpired record of the same
person. So there is no way to write a competing offer into a script without one.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from negotiation.scripts.figures import FigureKind, Stated, stated_figures
from negotiation.scripts.slots import SLOTS, Slot, SlotKind, SourceKind
from negotiation.scripts.wording import COMPETING_OFFER, CURRENT_PAY, PRIVATE, claims

MINIMUM_SAMPLE: Final = 5
MINIMUM_FIRST_HAND_SAMPLE: Final = 3


class NotOnRecord(ValueError):
    """A fact is not backed by the record that it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetingOffer:
    """Proof that a person holds another offer, made from its row alone.

    Only `negotiation.selectors.proofs` makes one; a test reads the code of the house to see to
    it. Whoever makes one from a row that does not qualify is refused here.
    """

    offer_id: int
    revision_id: int
    owner_id: int
    owner_of_this_offer_id: int
    this_offer_id: int
    is_written: bool
    is_open: bool
    respond_by_date: dt.date | None
    as_of: dt.date

    def __post_init__(self) -> None:
        """Refuse what is not a written, open, unexpired offer of the same person."""
        if self.offer_id == self.this_offer_id:
            raise NotOnRecord("an offer does not compete with itself")
        if self.owner_id != self.owner_of_this_offer_id:
            raise NotOnRecord("somebody else's offer is no offer of this person")
        if not self.is_written:
            raise NotOnRecord("the other offer is not in writing")
        if not self.is_open:
            raise NotOnRecord("the other offer is not open")
        if self.respond_by_date is not None and self.respond_by_date < self.as_of:
            raise NotOnRecord("the other offer has expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketQuote:
    """Proof that a range of the market may be quoted: measured, large enough, dated, not withheld."""

    sample_size: int
    as_of: dt.date
    sources: str
    is_measured: bool
    is_suppressed: bool
    is_first_hand: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be quoted as what the market pays."""
        least = MINIMUM_FIRST_HAND_SAMPLE if self.is_first_hand else MINIMUM_SAMPLE
        if self.is_suppressed:
            raise NotOnRecord("the cell is withheld")
        if not self.is_measured:
            raise NotOnRecord("the figures are modelled, not measured")
        if self.sample_size < least:
            raise NotOnRecord(f"there are {self.sample_size} packages, and a range needs {least}")
        if not self.sources.strip():
            raise NotOnRecord("the range has no source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The record behind a fact, as a person reads it: what, when, and how sure."""

    kind: SourceKind
    label: str
    date: dt.date | None = None
    status: str = ""
    href: str = ""
    competing: CompetingOffer | None = None
    quote: MarketQuote | None = None

    def __post_init__(self) -> None:
        """Refuse a source without a name, and kinds that need a proof without it."""
        if not self.label.strip():
            raise NotOnRecord("a source has a name")
        if (self.kind is SourceKind.COMPETING) != (self.competing is not None):
            raise NotOnRecord("a competing offer is cited from its record, and from nothing else")
        if (self.kind in {SourceKind.BENCHMARK, SourceKind.NETWORK}) != (self.quote is not None):
            raise NotOnRecord("a range is quoted from data that can be quoted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list."""

    text: str
    source: Source
    values: tuple[Decimal, ...] = ()
    dates: tuple[dt.date, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _tidy(self.text))
        _check(self.text, self.source, self.values, self.dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What stands in one slot, with its record; every figure in the text is one of its values."""

    slot: str
    text: str
    source: Source
    values: tuple[Decimal, ...] = ()
    dates: tuple[dt.date, ...] = ()
    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the slot does not take, and any figure that is not bound."""
        slot = SLOTS.get(self.slot)
        if slot is None:
            raise NotOnRecord(f"there is no slot {self.slot}")
        object.__setattr__(self, "text", _tidy(self.text))
        if slot.kind is SlotKind.ITEMS:
            kinds = {item.source.kind for item in self.items}
            if not self.items or not kinds <= slot.origins:
                raise NotOnRecord(f"{self.slot} takes a list from {_worded(slot)}")
            return
        if self.items:
            raise NotOnRecord(f"{self.slot} takes no list")
        if self.source.kind not in slot.origins:
            raise NotOnRecord(f"{self.slot} comes from {_worded(slot)}")
        if slot.kind in {SlotKind.MONEY, SlotKind.COUNT} and not self.values:
            raise NotOnRecord(f"{self.slot} needs its value")
        if slot.kind is SlotKind.DATE and not self.dates:
            raise NotOnRecord(f"{self.slot} needs its day")
        _check(self.text, self.source, self.values, self.dates, slot=slot)

    @property
    def definition(self) -> Slot:
        return SLOTS[self.slot]


@dataclass(frozen=True, slots=True)
class FactBook(Mapping[str, Fact]):
    """Everything on record for one script, by slot, and what must never be said."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    secrets: tuple[Decimal, ...] = ()
    """Numbers that no script may hold, such as the walk-away; they are compared, never shown."""

    @classmethod
    def of(cls, facts: Iterable[Fact], *, secrets: Iterable[Decimal] = ()) -> "FactBook":
        """Return the book of these facts; the first one of a slot stays."""
        book: dict[str, Fact] = {}
        for fact in facts:
            book.setdefault(fact.slot, fact)
        return cls(book, tuple(secrets))

    def __getitem__(self, slot: str) -> Fact:
        return self.facts[slot]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    @property
    def numbers(self) -> frozenset[Decimal]:
        """Return every value on record."""
        return frozenset(
            value
            for fact in self.facts.values()
            for value in (*fact.values, *(value for item in fact.items for value in item.values))
        )

    @property
    def dates(self) -> frozenset[dt.date]:
        return frozenset(
            date
            for fact in self.facts.values()
            for date in (*fact.dates, *(date for item in fact.items for date in item.dates))
        )

    def of_kind(self, kind: SourceKind) -> tuple[Fact, ...]:
        """Return the facts from one kind of record."""
        return tuple(
            fact
            for fact in self.facts.values()
            if fact.source.kind is kind or any(item.source.kind is kind for item in fact.items)
        )

    def is_on_record(self, figure: Stated) -> bool:
        """Say whether a figure is a value of some fact, or stands in the words of a record."""
        if figure.is_among(self.numbers, self.dates):
            return True
        return any(
            figure.text in text
            for fact in self.facts.values()
            for text in (fact.text, *(item.text for item in fact.items))
        )

    @property
    def competing(self) -> tuple[Fact, ...]:
        return self.of_kind(SourceKind.COMPETING)


def figures_in(text: str) -> list[Decimal]:
    """Return the values that a text states."""
    return [figure.value for figure in stated_figures(text) if figure.value is not None]


def amounts_in(text: str, *, is_name: bool = False) -> tuple[str, ...]:
    """Return what reads as money in a text; in a name such as `3M` only what has a currency."""
    return tuple(
        figure.text
        for figure in stated_figures(text)
        if figure.kind is FigureKind.AMOUNT
        or (figure.kind is FigureKind.NUMBER and not is_name and (figure.value or 0) >= _LARGE)
    )


_LARGE: Final = 3_000
"""Above the years of dates; smaller numbers in a name or a reason are counts."""
_TESTIMONY: Final = frozenset(
    {SourceKind.STATEMENT, SourceKind.LEDGER, SourceKind.CALL, SourceKind.QUESTION}
)
"""Records that are words themselves: what is in the words is on record."""


def _check(
    text: str,
    source: Source,
    values: tuple[Decimal, ...],
    dates: tuple[dt.date, ...],
    *,
    slot: Slot | None = None,
) -> None:
    if not text:
        raise NotOnRecord("a fact is never empty")
    if source.kind is not SourceKind.COMPETING and claims(text, COMPETING_OFFER):
        raise NotOnRecord("these words claim another offer")
    if claims(text, PRIVATE) or (stated_figures(text) and claims(text, CURRENT_PAY)):
        raise NotOnRecord("these words give away what is private")
    is_name = slot is not None and (
        slot.kind is SlotKind.TEXT
        or (source.kind is SourceKind.STATEMENT and not slot.may_state_amounts)
    )
    if is_name and (amounts := amounts_in(text, is_name=source.kind is SourceKind.OFFER)):
        raise NotOnRecord(f"{amounts[0]} is an amount, and belongs into a record of its own")
    if is_name or source.kind in _TESTIMONY:
        return
    for figure in stated_figures(text):
        if figure.kind is not FigureKind.SPELLED and not figure.is_among(values, dates):
            raise NotOnRecord(f"{figure.text} is bound to nothing")


def _worded(slot: Slot) -> str:
    return " or ".join(sorted(kind.value for kind in slot.origins))


_SYNTAX: Final = str.maketrans({"{": "(", "}": ")", "~": "-"})


def _tidy(text: str) -> str:
    """Return one line in which nothing looks like the language of templates."""
    return " ".join(text.translate(_SYNTAX).replace("[[", "(").replace("]]", ")").split())
