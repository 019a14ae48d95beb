"""What a revised letter changes: the terms on record against its own, with both sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from offers.forms.section import ROW_COUNT, row_count
from offers.letter_entry import Fact, places_of_facts, typed_of_facts
from offers.models import Letter
from offers.selectors.letters import Quote, quote_for
from offers.selectors.taxonomy import Taxonomy
from offers.views.letter_page import bound_sections, form_of, label_of, shown_of

Typed = Mapping[str, Mapping[str, str]]
# What names a row: of two payments of one kind, or two grants of one type, the first pairs with the first.
_NAMES = {"payments": "kind", "grants": "compensation_type"}
_SILENT = frozenset({"dates-stated_date"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChange:
    """One field that the letter states otherwise than the terms on record."""

    label: str
    group: str
    before: str
    after: str
    said_before: Quote | None
    said_now: Quote | None

    @property
    def is_new(self) -> bool:
        return not self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChanges:
    """Everything the letter states: what differs, what stays."""

    changed: list[LetterChange]
    n_same: int


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
        kinds = [kind for kind in _NAMES if f"{kind}-{ROW_COUNT}" in fields]
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
    rows, places = _rows(target, kind), _pairs(target, fields, kind)
    for (_, row), place in zip(sorted(_rows(fields, kind).items()), places, strict=True):
        said = {name: text for name, text in row.items() if text or place not in rows}
        rows[place] = rows.get(place, {}) | said
    for name in [name for name in target if name.startswith(f"{kind}-")]:
        del target[name]
    for number, (_, row) in enumerate(sorted(rows.items())):
        target |= {f"{kind}-{number}-{name}": text for name, text in row.items()}
    target[f"{kind}-{ROW_COUNT}"] = str(len(rows))


def _pairs(now: Mapping[str, str], letter: Mapping[str, str], kind: str) -> list[int]:
    """Return for each row of the letter the number of the row on record that it changes."""
    name, free = _NAMES[kind], dict(_rows(now, kind))
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


def changes_of(
    letter: Letter,
    facts: Sequence[Fact],
    now: Typed,
    *,
    earlier: Letter | None,
    earlier_facts: Sequence[Fact],
    taxonomy: Taxonomy,
    today: date,
) -> LetterChanges:
    """Return field by field what the letter changes, with the sentences of both letters."""
    typed = typed_of_facts(facts)
    before, after = bound_sections(now, taxonomy, today), bound_sections(typed, taxonomy, today)
    pairs = {
        kind: _pairs(now.get(section, {}), typed.get(section, {}), kind)
        for section, kind in (("cash", "payments"), ("equity", "grants"))
        if kind in _NAMES
    }
    changed, n_same = [], 0
    for section, name, fact in places_of_facts(facts):
        if fact.key in _SILENT:
            continue
        if fact.key == COMPANY and is_same_company(now["role"]["name"], fact.text):
            n_same += 1
            continue
        form, bare = form_of(after[section], name)
        old_name = _old_name(name, pairs)
        old_form, _ = form_of(before[section], old_name)
        old = shown_of(old_form, bare) if old_form is not None else ""
        new = shown_of(form, bare) if form is not None else fact.text
        if old == new:
            n_same += 1
            continue
        changed.append(
            LetterChange(
                label=label_of(form, bare, fact) if form is not None else bare,
                group=str(after[section].spec.title),
                before=old,
                after=new,
                said_before=_said(earlier, earlier_facts, fact),
                said_now=quote_for(letter, letter.reading, fact.path),
            )
        )
    return LetterChanges(changed=changed, n_same=n_same)


def _old_name(name: str, pairs: Mapping[str, Sequence[int]]) -> str:
    kind, _, rest = name.partition("-")
    number, _, bare = rest.partition("-")
    if kind not in pairs or not bare:
        return name
    return f"{kind}-{pairs[kind][int(number)]}-{bare}"


def _said(earlier: Letter | None, facts: Sequence[Fact], fact: Fact) -> Quote | None:
    """Return the sentence of the earlier letter about the same field."""
    if earlier is None:
        return None
    same = next((each for each in facts if each.key == fact.key), None)
    return quote_for(earlier, earlier.reading, same.path) if same else None
