"""What a revised letter changes: the terms on record against its own, with both sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from offers.letter_entry import Fact, places_of_facts, typed_of_facts
from offers.letter_terms import COMPANY, ROW_NAMES, Typed, is_same_company, pairs_of
from offers.models import Letter
from offers.selectors.letters import Quote, quote_for
from offers.selectors.taxonomy import Taxonomy
from offers.views.letter_page import bound_sections, form_of, label_of, shown_of

_SILENT = frozenset({"dates-stated_date"})


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
        kind: pairs_of(now.get(section, {}), typed.get(section, {}), kind)
        for section, kind in (("cash", "payments"), ("equity", "grants"))
        if kind in ROW_NAMES
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
