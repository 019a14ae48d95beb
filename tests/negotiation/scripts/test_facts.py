"""No fact without its record; some records are proofs that cannot be faked here."""

import ast
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from negotiation.scripts import SLOTS, Fact, Item, NotOnRecord, Source, SourceKind
from tests.factories.facts import TODAY, competing, example_fact, money_fact, quote, source


@pytest.mark.parametrize("slot", SLOTS.values(), ids=lambda slot: slot.name)
def test_every_slot_takes_its_own_example(slot: Any) -> None:
    fact = example_fact(slot)

    assert fact.text
    assert fact.definition is slot


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_written": False}, "not in writing"),
        ({"is_open": False}, "not open"),
        ({"respond_by_date": TODAY - dt.timedelta(days=1)}, "expired"),
        ({"owner_id": 8}, "somebody else"),
        ({"offer_id": 1}, "compete with itself"),
    ],
)
def test_a_record_that_does_not_qualify_proves_nothing(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(NotOnRecord, match=why):
        competing(**changes)


def test_an_offer_due_today_or_without_a_date_still_stands() -> None:
    assert competing(respond_by_date=TODAY).is_open
    assert competing(respond_by_date=None).is_open


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_suppressed": True}, "withheld"),
        ({"is_measured": False}, "modelled"),
        ({"sample_size": 4}, "needs 5"),
        ({"sample_size": 2, "is_first_hand": True}, "needs 3"),
        ({"sources": " "}, "no source"),
    ],
)
def test_a_range_that_cannot_be_quoted_proves_nothing(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(NotOnRecord, match=why):
        quote(**changes)


def test_a_competing_source_needs_the_proof_and_nothing_else_may_hold_it() -> None:
    with pytest.raises(NotOnRecord, match="from its record"):
        Source(kind=SourceKind.COMPETING, label="Hooli")
    with pytest.raises(NotOnRecord, match="from its record"):
        Source(kind=SourceKind.STATEMENT, label="Hooli", competing=competing())
    with pytest.raises(NotOnRecord, match="can be quoted"):
        Source(kind=SourceKind.BENCHMARK, label="a cell")
    with pytest.raises(NotOnRecord, match="has a name"):
        Source(kind=SourceKind.ASK, label=" ")


@pytest.mark.parametrize("slot", [slot for slot in SLOTS.values() if slot.is_competing])
@pytest.mark.parametrize("kind", [kind for kind in SourceKind if kind != "competing"])
def test_a_competing_slot_takes_no_other_record(slot: Any, kind: SourceKind) -> None:
    with pytest.raises(NotOnRecord):
        Fact(
            slot=slot.name,
            text="$1",
            values=(Decimal(1),),
            dates=(TODAY,),
            source=source(kind),
        )


@pytest.mark.parametrize(
    ("slot", "text", "values", "why"),
    [
        ("base_ask", "$290,000", (), "needs its value"),
        ("base_ask", "$290,000", (Decimal(280_000),), "bound to nothing"),
        ("full_ask", "a base of $290,000 and $1", (Decimal(290_000),), "bound to nothing"),
        ("base_ask", "", (Decimal(1),), "never empty"),
        ("role", "Engineer at $400,000", (), "is an amount"),
        ("team_reason", "the $400k you promised", (), "is an amount"),
        ("contact", "Dana, I have another offer", (), "claim another offer"),
        ("value_reason", "Initech offered me a role.", (), "claim another offer"),
        ("team_reason", "my bottom line", (), "private"),
        ("nothing", "x", (), "no slot"),
    ],
)
def test_a_fact_that_is_not_bound_does_not_exist(
    slot: str, text: str, values: tuple[Decimal, ...], why: str
) -> None:
    kinds = sorted(SLOTS[slot].origins) if slot in SLOTS else [SourceKind.ASK]

    with pytest.raises(NotOnRecord, match=why):
        Fact(slot=slot, text=text, values=values, source=source(kinds[0]))


def test_a_list_is_a_list_from_its_records() -> None:
    item = Item(text="Base salary: $280,000", source=source(SourceKind.LEDGER))

    with pytest.raises(NotOnRecord, match="takes a list"):
        Fact(slot="promised_items", text="x", source=source(SourceKind.LEDGER))
    with pytest.raises(NotOnRecord, match="takes a list"):
        Fact(slot="agreed_points", text="x", source=source(SourceKind.CALL), items=(item,))
    with pytest.raises(NotOnRecord, match="takes no list"):
        Fact(slot="role", text="x", source=source(SourceKind.OFFER), items=(item,))
    with pytest.raises(NotOnRecord, match="claim another offer"):
        Item(text="I have another offer", source=source(SourceKind.LEDGER))


def test_what_looks_like_syntax_goes_in_as_text() -> None:
    fact = Fact(slot="company", text="{base_ask} [[x]]\n~ y", source=source(SourceKind.OFFER))

    assert fact.text == "(base_ask) (x) - y"


def test_a_fact_keeps_its_record() -> None:
    fact = money_fact("base_ask", 290_000)

    assert fact.source.kind is SourceKind.ASK
    with pytest.raises(AttributeError):
        fact.text = "$1"  # type: ignore[misc]


def test_only_the_selector_of_evidence_makes_the_proofs() -> None:
    """Read the whole house: whoever calls the constructors is named here."""
    makers: dict[str, set[str]] = {"CompetingOffer": set(), "MarketQuote": set()}
    root = Path(settings.BASE_DIR)
    for app in ("accounts", "config", "market", "negotiation", "offers"):
        for path in (root / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    if name in makers:
                        makers[name].add(path.relative_to(root).as_posix())

    allowed = {"negotiation/selectors/proofs.py"}
    assert makers["CompetingOffer"] <= allowed
    assert makers["MarketQuote"] <= allowed
