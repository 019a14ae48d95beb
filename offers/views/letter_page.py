"""What the checking page of a letter shows: its text with marks, and the facts beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.urls import reverse

from config.figures.amounts import long_day
from config.figures.fields import Figure, FigureField
from offers.forms.equity import Schedule
from offers.forms.section import Context, RowSet, Section, SectionForm, bind
from offers.forms.sections import SECTIONS
from offers.forms.summary import shown
from offers.letter_entry import (
    Fact,
    facts_of,
    places_of_facts,
    typed_of_facts,
)
from offers.letter_terms import ACCEPT, CORRECT, decided_facts
from offers.letters import DocumentKind
from offers.models import Letter, LetterFile, OfferDraft
from offers.selectors.letters import (
    Gap,
    Quote,
    Segment,
    current_reading,
    files_of,
    gaps_of,
    path_label,
    quote_for,
    quote_of,
    segments_of,
    spans_for,
)
from offers.selectors.taxonomy import Taxonomy

# Beside a letter a word names a value better than the question that the form asks.
_LABELS: Final = {
    "compensation_type": "Kind of equity",
    "vesting_preset": "Vesting",
    "acceleration": "If the company is sold",
    "early_exercise": "Exercise before vesting",
    "target_bonus_fraction": "Target bonus",
    "ownership_fraction": "Share of the company",
    "retirement_match_fraction": "Retirement match",
    "retirement_yearly_value": "Retirement, a year",
    "learning_yearly_value": "Learning budget, a year",
    "equipment_one_time_value": "Equipment, once",
    "other_yearly_value": "Other benefits, a year",
    "other_one_time_value": "Other benefits, once",
    "stated_date": "Date of the letter",
    "start_date": "Start date",
    "respond_by_date": "Answer due",
}
_WORDS: Final = {
    "RSU": "RSUs",
    "PSU": "Performance units",
    "ISO": "Options (ISO)",
    "NSO": "Options (NSO)",
    "OPTION": "Options",
    "EMI": "EMI options",
    "RSA": "Restricted stock",
    "UNITS": "Profit units",
    "VSOP": "Virtual shares",
    "fully_diluted": "Of the fully diluted company",
    "outstanding": "Of the shares outstanding",
}
_EVERY: Final = {1: "monthly", 3: "quarterly", 6: "every half year", 12: "yearly"}

_KINDS: Final[dict[str, str]] = {
    DocumentKind.VERBAL_RECAP: "This reads like a summary of a conversation, not a written offer. Its figures stay unconfirmed. Ask for the offer in writing: that is completely standard.",
    DocumentKind.TEMPLATE: "This is an unfilled template: it still holds placeholders, so nothing was taken from it. Ask for the letter with your own terms.",
    DocumentKind.NOT_AN_OFFER: "This looks like a job advert or another text, not an offer addressed to you. Nothing was taken from it.",
    DocumentKind.UNKNOWN: "We could not tell what this document is, so nothing was taken from it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFact:
    """A fact as the checking page shows it."""

    number: int
    fact: Fact
    label: str
    group: str
    shown: str
    quote: Quote | None
    decision: str
    typed: str
    choices: list[tuple[str, str]]
    error: str = ""

    @property
    def key(self) -> str:
        return self.fact.key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuestion:
    """A doubt of the reader, with the answers to choose from."""

    number: int
    path: str
    label: str
    why: str
    choices: list[tuple[str, str]]
    chosen: str
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """A letter that was read, beside what was read in it."""

    letter: Letter
    files: list[LetterFile]
    groups: list[tuple[str, list[ReadFact]]] = field(default_factory=list)
    questions: list[ReadQuestion] = field(default_factory=list)
    asides: list[tuple[str, str, Quote | None]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    @property
    def facts(self) -> list[ReadFact]:
        return [fact for _, facts in self.groups for fact in facts]

    @property
    def n_facts(self) -> int:
        return len(self.facts)

    @property
    def kind(self) -> str:
        reading = self.letter.reading
        return str(reading["document"]["kind"]) if reading else ""

    @property
    def is_written_offer(self) -> bool:
        return bool(self.kind) and DocumentKind(self.kind).is_written_offer

    @property
    def is_recap(self) -> bool:
        return self.kind == DocumentKind.VERBAL_RECAP

    @property
    def warning(self) -> str:
        """Return why this is no written offer; nothing where it is one."""
        said = (self.letter.reading or {}).get("document", {}).get("message")
        return str(said or _KINDS.get(self.kind, ""))

    @property
    def has_errors(self) -> bool:
        return any(fact.error for fact in self.facts)

    @property
    def unreadable(self) -> list[LetterFile]:
        return [file for file in self.files if file.problem]

    @property
    def notes(self) -> list[LetterFile]:
        return [file for file in self.files if file.note]


# --- the checking page -------------------------------------------------------------------------


def letter_page(letter: Letter, *, taxonomy: Taxonomy, today: date) -> LetterPage:
    """Return a letter as its page shows it: five queries for the taxonomy, one for the files."""
    files = files_of(letter)
    if not letter.reading:
        return LetterPage(letter=letter, files=files)
    reading = current_reading(letter)
    found = facts_of(reading, taxonomy)
    facts = _read_facts(letter, found.facts, taxonomy, today)
    questions = _questions(letter)
    quotes = [(f"f{fact.number}", spans_for(reading, fact.fact.path)) for fact in facts]
    quotes += [
        (f"q{question.number}", letter.reading["question_spans"][question.number])
        for question in questions
    ]
    return LetterPage(
        letter=letter,
        files=files,
        groups=_grouped(facts),
        questions=questions,
        asides=[
            (aside.text, f"a{number}", quote_for(letter, reading, aside.path))
            for number, aside in enumerate(found.asides)
        ],
        gaps=gaps_of(letter),
        segments=list(segments_of(letter.text, quotes)),
    )


def _read_facts(
    letter: Letter, facts: Sequence[Fact], taxonomy: Taxonomy, today: date
) -> list[ReadFact]:
    """Return the facts with their labels and values as the offer form has them."""
    decisions = letter.decisions.get("facts", {})
    as_read = bound_sections(typed_of_facts(facts), taxonomy, today)
    corrected = {
        key: decision["text"] for key, decision in decisions.items() if decision["do"] == CORRECT
    }
    typed = [
        Fact(
            place=fact.place,
            text=corrected.get(fact.key, fact.text),
            path=fact.path,
            with_it=fact.with_it,
        )
        for fact in facts
    ]
    as_typed = bound_sections(typed_of_facts(typed), taxonomy, today) if corrected else as_read
    order = {id(fact): number for number, fact in enumerate(facts)}
    read = []
    for section, name, fact in places_of_facts(facts):
        form, bare = form_of(as_read[section], name)
        typed_form, _ = form_of(as_typed[section], name)
        if form is None or typed_form is None:
            continue  # more rows than the form has room for
        decision = decisions.get(fact.key, {"do": ACCEPT})
        is_corrected = decision["do"] == CORRECT
        error = " ".join(map(str, typed_form.errors.get(bare, []))) if is_corrected else ""
        read.append(
            ReadFact(
                number=order[id(fact)],
                fact=fact,
                label=label_of(form, bare, fact),
                group=str(SECTIONS[section].title),
                shown=_shown(form, bare, fact),
                quote=quote_for(letter, letter.reading, fact.path),
                decision=decision["do"],
                typed=corrected.get(fact.key, fact.text),
                choices=_choices(form.fields[bare]),
                error=error,
            )
        )
    return sorted(read, key=lambda fact: fact.number)


def bound_sections(
    typed: Mapping[str, Mapping[str, str]], taxonomy: Taxonomy, today: date
) -> dict[str, Section]:
    currency = typed.get("cash", {}).get("currency") or "USD"
    context = Context(taxonomy=taxonomy, currency=currency, share_currency=currency, today=today)
    return {slug: bind(spec, typed.get(slug), context) for slug, spec in SECTIONS.items()}


def form_of(section: Section, name: str) -> tuple[SectionForm | None, str]:
    """Return the form that an input stands in, and the input's name there; none for a row too many."""
    kind, _, rest = name.partition("-")
    if kind in section.row_sets and rest:
        number, _, bare = rest.partition("-")
        rows: RowSet = section.row_sets[kind]
        return (rows.forms[int(number)] if int(number) < len(rows.forms) else None), bare
    return section.form, name


def label_of(form: SectionForm, name: str, fact: Fact) -> str:
    label = _LABELS.get(name) or str(form.fields[name].label)
    kind = fact.with_it.get("kind")
    if fact.place.kind == "payments" and kind:
        return dict(form.fields["kind"].choices)[kind]  # type: ignore[attr-defined,no-any-return]
    if fact.place.kind == "grants" and fact.place.number:
        return f"Grant {fact.place.number + 1}: {label[0].lower()}{label[1:]}"
    return label


def _shown(form: SectionForm, name: str, fact: Fact) -> str:
    known = shown_of(form, name)
    # A date that contradicts another one is shown all the same.
    return known or choice_words(fact.text)


def shown_of(form: SectionForm, name: str) -> str:
    """Return what a field holds as the pages of Parley write it; nothing where it is empty."""
    form_field, value = form.fields[name], form.values.get(name)
    schedule = form.values.get("schedule")
    if name == "vesting_preset" and isinstance(schedule, Schedule):
        return schedule_words(schedule)
    if isinstance(value, Figure) and isinstance(form_field, FigureField):
        return "" if value.value is None else shown(form_field.field, value.value)
    return "" if value in (None, "") else shown(form_field, value)


def schedule_words(schedule: Schedule) -> str:
    """Return a schedule as people say it: "48 months, 12-month cliff, then monthly"."""
    if schedule.yearly_fractions:
        years = ", ".join(f"{part * 100:.4g}%" for part in schedule.yearly_fractions)
        words = f"{years} by year"
    else:
        words = f"{schedule.total_months} months"
    if schedule.cliff_months == schedule.total_months:
        return f"{words}, all at the end"
    words += f", {schedule.cliff_months}-month cliff" if schedule.cliff_months else ", no cliff"
    return (
        f"{words}, {_EVERY.get(schedule.period_months, f'every {schedule.period_months} months')}"
    )


def _choices(form_field: forms.Field) -> list[tuple[str, str]]:
    """Return what a field can be corrected to, where it is a choice and not a text."""
    flat: list[tuple[str, str]] = []
    for key, label in getattr(form_field, "choices", None) or []:
        inside = label if isinstance(label, list | tuple) else [(key, label)]
        flat += [(str(each), str(words)) for each, words in inside]
    return flat


def _grouped(facts: Sequence[ReadFact]) -> list[tuple[str, list[ReadFact]]]:
    groups: dict[str, list[ReadFact]] = {str(spec.title): [] for spec in SECTIONS.values()}
    for fact in facts:
        groups[fact.group].append(fact)
    return [(title, of_group) for title, of_group in groups.items() if of_group]


def _questions(letter: Letter) -> list[ReadQuestion]:
    answers = letter.decisions.get("answers", {})
    is_recap = letter.reading["document"]["kind"] == DocumentKind.VERBAL_RECAP
    return [
        ReadQuestion(
            number=number,
            path=question["path"],
            label=path_label(question["path"]),
            why=question["why"],
            choices=[
                (str(index), choice_words(choice))
                for index, choice in enumerate(question["choices"])
            ],
            chosen=str(answers.get(str(number), "")),
            quote=quote_of(letter.text, spans[0]) if spans else None,
        )
        for number, (question, spans) in enumerate(
            zip(letter.reading["questions"], letter.reading["question_spans"], strict=True)
        )
        if question["choices"] or not is_recap
    ]


def choice_words(choice: Any) -> str:
    """Return a possible value as people write it."""
    if isinstance(choice, str) and choice in _WORDS:
        return _WORDS[choice]
    if isinstance(choice, bool):
        return "Yes" if choice else "No"
    if isinstance(choice, int | float):
        return f"{choice:,.10g}" if isinstance(choice, float) else f"{choice:,}"
    if isinstance(choice, dict):
        parts = [choice_words(value) for value in choice.values() if value not in (None, [], "")]
        return ", ".join(parts)
    if isinstance(choice, list):
        return "; ".join(choice_words(value) for value in choice)
    try:
        return long_day(date.fromisoformat(str(choice)))
    except ValueError:
        return str(choice)


# --- evidence in the offer form ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a field of the offer form was read, for the field template."""

    quote: Quote
    href: str


def add_evidence(draft: OfferDraft, section: Section) -> bool:
    """Give the fields of a section the sentences that they were filled from; say whether any was."""
    letter = draft.letters.filter(state=Letter.State.DONE).latest_first().first()
    if letter is None or not letter.reading:
        return False
    lists = section.form.context.taxonomy
    facts, _ = decided_facts(letter, lists)
    numbers = {fact.key: n for n, fact in enumerate(facts_of(current_reading(letter), lists).facts)}
    address = reverse("offers:letter_detail", args=[letter.pk])
    for slug, name, fact in places_of_facts(facts):
        quote = quote_for(letter, letter.reading, fact.path)
        form, bare = form_of(section, name)
        if slug == section.spec.slug and quote is not None and form is not None:
            href = f"{address}#mark-f{numbers[fact.key]}"
            form.evidence = {**form.evidence, bare: Source(quote=quote, href=href)}
    return True
