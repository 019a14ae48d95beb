"""The terms that a letter would make of an offer: what was accepted of it, over what is on record."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from offers.entry import read_draft, typed_from
from offers.forms.section import ROW_COUNT, row_count
from offers.letter_entry import Fact, Filled, facts_of, typed_of_facts
from offers.models import Letter, Offer, OfferDraft, OfferRevision
from offers.selectors.drafts import companies_on_record
from offers.selectors.letters import current_reading
from offers.selectors.taxonomy import Taxonomy, taxonomy
from offers.selectors.terms import Terms, terms_of
from offers.services.drafts import CHECKED

Typed = Mapping[str, Mapping[str, str]]

ACCEPT: Final = "accept"
CORRECT: Final = "correct"
REJECT: Final = "reject"
# What names a row: of two payments of one kind, or two grants of one type, the first pairs with the first.
ROW_NAMES: Final = {"payments": "kind", "grants": "compensation_type"}
COMPANY: Final = "role-name"
_LEGAL_FORMS: Final = frozenset(
    [
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "ltd",
        "limited",
        "llc",
        "llp",
        "lp",
        "plc",
        "pbc",
        "gmbh",
        "ag",
        "se",
        "sa",
        "sas",
        "sarl",
        "bv",
        "nv",
        "ab",
        "oy",
        "as",
        "kg",
        "the",
    ]
)


def decided_facts(letter: Letter, taxonomy: Taxonomy) -> tuple[list[Fact], Filled]:
    """Return the facts that were not left out, as corrected; and everything that was found."""
    found = facts_of(current_reading(letter), taxonomy)
    decisions = letter.decisions.get("facts", {})
    kept = []
    for fact in found.facts:
        decision = decisions.get(fact.key, {"do": ACCEPT})
        if decision["do"] == REJECT:
            continue
        text = decision.get("text", "") if decision["do"] == CORRECT else fact.text
        kept.append(
            Fact(place=fact.place, text=text, path=fact.path, note=fact.note, with_it=fact.with_it)
        )
    return kept, found


def typed_on_record(offer: Offer) -> dict[str, dict[str, str]]:
    """Return what somebody would have typed to enter the current terms as the next ones."""
    revision = OfferRevision.objects.with_terms().current().get(offer=offer)
    typed = typed_from(terms_of(revision))
    for name in ("source", "stated_date", "note", CHECKED):
        typed["dates"].pop(name, None)
    return typed


def letter_terms(letter: Letter, offer: Offer, *, today: dt.date) -> Terms:
    """Return the terms of the offer as they would be with this letter; nothing is saved."""
    lists = taxonomy()
    facts, _ = decided_facts(letter, lists)
    typed = merged_typed(typed_on_record(offer), typed_of_facts(facts))
    draft = OfferDraft(
        owner=letter.owner, offer=offer, purpose=OfferDraft.Purpose.NEW_TERMS, typed=typed
    )
    companies = companies_on_record(letter.owner)
    return read_draft(draft, taxonomy=lists, companies=companies, today=today).terms


def merged_typed(now: Typed, letter: Typed) -> dict[str, dict[str, str]]:
    """Return the terms on record with the letter's words over them.

    A row of the letter takes the place of the row of the same kind; what it leaves open there stays. A
    row on record that the letter does not speak of stays too: silence is no change.
    """
    merged = {section: dict(fields) for section, fields in now.items()}
    for section, given in letter.items():
        target, fields = merged.setdefault(section, {}), dict(given)
        if section == "role" and is_same_company(target.get("name", ""), fields.get("name", "")):
            fields.pop("name", None)
        if target.get("received_date"):
            fields.pop("received_date", None)
        kinds = [kind for kind in ROW_NAMES if f"{kind}-{ROW_COUNT}" in fields]
        target |= {
            name: text
            for name, text in fields.items()
            if not any(name.startswith(f"{kind}-") for kind in kinds)
        }
        for kind in kinds:
            _merge_rows(target, fields, kind)
    return merged


def is_same_company(name: str, other: str) -> bool:
    """Say whether two names differ only in what kind of company they say it is."""
    return _bare(name) == _bare(other)


def _bare(name: str) -> list[str]:
    words = "".join(c if c.isalnum() else " " for c in name.lower().replace(".", "")).split()
    return [word for word in words if word not in _LEGAL_FORMS]


def _merge_rows(target: dict[str, str], fields: Mapping[str, str], kind: str) -> None:
    rows, places = _rows(target, kind), pairs_of(target, fields, kind)
    for (_, row), place in zip(sorted(_rows(fields, kind).items()), places, strict=True):
        said = {name: text for name, text in row.items() if text or place not in rows}
        rows[place] = rows.get(place, {}) | said
    for name in [name for name in target if name.startswith(f"{kind}-")]:
        del target[name]
    for number, (_, row) in enumerate(sorted(rows.items())):
        target |= {f"{kind}-{number}-{name}": text for name, text in row.items()}
    target[f"{kind}-{ROW_COUNT}"] = str(len(rows))


def pairs_of(now: Mapping[str, str], letter: Mapping[str, str], kind: str) -> list[int]:
    """Return for each row of the letter the number of the row on record that it changes."""
    name, free = ROW_NAMES[kind], dict(_rows(now, kind))
    places, following = [], max(free, default=-1) + 1
    for _, row in sorted(_rows(letter, kind).items()):
        same = [n for n, other in sorted(free.items()) if other.get(name) == row.get(name)]
        if not same and kind == "grants" and len(free) == len(_rows(letter, kind)) == 1:
            same = list(free)
        if same:
            free.pop(same[0])
            places.append(same[0])
        else:
            places.append(following)
            following += 1
    return places


def _rows(fields: Mapping[str, str], kind: str) -> dict[int, dict[str, str]]:
    rows: dict[int, dict[str, str]] = {n: {} for n in range(row_count(fields, kind))}
    for name, text in fields.items():
        head, _, rest = name.partition("-")
        number, _, bare = rest.partition("-")
        if head == kind and bare and number.isdecimal() and int(number) in rows:
            rows[int(number)][bare] = text
    return rows
