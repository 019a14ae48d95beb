"""Facts for scripts, with the records they would come from; and any such facts, for laws."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from config.figures import amounts
from negotiation.scripts import (
    QUOTE,
    SLOTS,
    CompetingOffer,
    Fact,
    FactBook,
    Item,
    MarketQuote,
    Slot,
    SlotKind,
    Source,
    SourceKind,
)

TODAY: Final = dt.date(2026, 11, 17)


def competing(**changes: Any) -> CompetingOffer:
    """Another offer that qualifies: written, open, due in ten days, of the same person."""
    fields: dict[str, Any] = {
        "offer_id": 2,
        "revision_id": 2,
        "owner_id": 7,
        "owner_of_this_offer_id": 7,
        "this_offer_id": 1,
        "is_written": True,
        "is_open": True,
        "respond_by_date": TODAY + dt.timedelta(days=10),
        "as_of": TODAY,
    }
    return CompetingOffer(**fields | changes)


def quote(**changes: Any) -> MarketQuote:
    """A range that may be quoted: 42 packages from two surveys."""
    fields: dict[str, Any] = {
        "sample_size": 42,
        "as_of": dt.date(2026, 10, 1),
        "sources": "two surveys",
        "is_measured": True,
        "is_suppressed": False,
    }
    return MarketQuote(**fields | changes)


def source(kind: SourceKind, **changes: Any) -> Source:
    """A record of this kind, with its proof if the kind needs one."""
    proofs: dict[str, Any] = {}
    if kind is SourceKind.COMPETING:
        proofs["competing"] = competing()
    if kind in {SourceKind.BENCHMARK, SourceKind.NETWORK}:
        proofs["quote"] = quote()
    return Source(kind=kind, label=f"Record of {kind.value}", **proofs | changes)


def money_fact(slot: str, value: int, kind: SourceKind | None = None) -> Fact:
    return Fact(
        slot=slot,
        text=amounts.money(value),
        values=(Decimal(value),),
        source=source(kind or first_origin(SLOTS[slot])),
    )


def date_fact(slot: str, day: dt.date) -> Fact:
    return Fact(
        slot=slot,
        text=amounts.long_day(day),
        dates=(day,),
        source=source(first_origin(SLOTS[slot])),
    )


def first_origin(slot: Slot) -> SourceKind:
    return min(slot.origins)


def example_fact(slot: Slot) -> Fact:
    """The fact that the catalogue shows as this slot's example."""
    origin = first_origin(slot)
    if slot.kind is SlotKind.MONEY:
        return money_fact(slot.name, int(slot.example.replace("$", "").replace(",", "")))
    if slot.kind is SlotKind.DATE:
        day = dt.datetime.strptime(slot.example, "%d %B %Y").replace(tzinfo=dt.UTC).date()
        return date_fact(slot.name, day)
    if slot.kind is SlotKind.COUNT:
        value = Decimal(slot.example)
        return Fact(slot=slot.name, text=slot.example, values=(value,), source=source(origin))
    values, dates = bound(slot.example)
    if slot.kind is SlotKind.ITEMS:
        item = Item(text=slot.example, source=source(origin), values=values, dates=dates)
        return Fact(slot=slot.name, text="a list", source=source(origin), items=(item, item))
    return Fact(
        slot=slot.name, text=slot.example, values=values, dates=dates, source=source(origin)
    )


def bound(text: str) -> tuple[tuple[Decimal, ...], tuple[dt.date, ...]]:
    """Return the values and days that a text states."""
    from negotiation.scripts.figures import stated_figures  # noqa: PLC0415 -- a part of the room

    figures = stated_figures(text)
    values = tuple(figure.value for figure in figures if figure.value is not None)
    dates = tuple(
        dt.date(figure.year or TODAY.year, figure.month, figure.day)
        for figure in figures
        if figure.month
    )
    return values, dates


def example_book(*without: str) -> FactBook:
    """The examples of the whole catalogue, but for some."""
    return FactBook.of(example_fact(slot) for slot in SLOTS.values() if slot.name not in without)


# --- any facts -----------------------------------------------------------------------------------

NAMES: Final = st.sampled_from(
    ["Dana", "Ó Súilleabháin", "张伟", "23andMe", "L5", "{base_ask}", "[[x]]", "~ cue", "Subject: x",
     "A & B <b>", "50% club", "Staff engineer (ML), L6", "the 2027 roadmap", "a  b\n c", "Nwosu"]
)  # fmt: skip
MONEY: Final = st.integers(1_000, 5_000_000)
DAYS: Final = st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31))


@st.composite
def any_fact(draw: st.DrawFn, slot: Slot) -> Fact:
    """Any fact that may stand in this slot, from any of its records."""
    record = source(draw(st.sampled_from(sorted(slot.origins))))
    if slot.kind is SlotKind.MONEY:
        return money_fact(slot.name, draw(MONEY), record.kind)
    if slot.kind is SlotKind.DATE:
        day = draw(DAYS)
        return Fact(slot=slot.name, text=amounts.long_day(day), dates=(day,), source=record)
    if slot.kind is SlotKind.COUNT:
        n = draw(st.integers(5, 4_000))
        return Fact(slot=slot.name, text=f"{n:,}", values=(Decimal(n),), source=record)
    if slot.kind is SlotKind.PHRASE:
        value = draw(MONEY)
        text = (
            f"{draw(st.sampled_from(['', 'a base of ', 'options worth ']))}{amounts.money(value)}"
        )
        return Fact(slot=slot.name, text=text, values=(Decimal(value),), source=record)
    if slot.kind is SlotKind.ITEMS:
        values = draw(st.lists(MONEY, min_size=1, max_size=4))
        items = tuple(
            Item(text=f"Item of {amounts.money(v)}", values=(Decimal(v),), source=record)
            for v in values
        )
        return Fact(slot=slot.name, text="a list", source=record, items=items)
    names = NAMES | st.just("3M") if record.kind is SourceKind.OFFER else NAMES
    return Fact(slot=slot.name, text=draw(names), source=record)


@st.composite
def any_book(draw: st.DrawFn, *, with_competing: bool | None = None) -> FactBook:
    """Any facts for any part of the catalogue; a range is there whole or not at all."""
    names = {name for name in SLOTS if draw(st.integers(0, 3))}
    if QUOTE & names:
        names |= QUOTE
    competes = draw(st.booleans()) if with_competing is None else with_competing
    facts = []
    for name in sorted(names):
        slot = SLOTS[name]
        if not slot.is_competing or competes:
            facts.append(draw(any_fact(slot)))
    return FactBook.of(facts)
