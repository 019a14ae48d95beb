"""The script pages of one talk: which situations are open, and the words of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from negotiation.models import (
    HandbookText,
    Negotiation,
    ObjectionCard,
    ScriptTemplate,
    SentScript,
)
from negotiation.scripts import (
    GROUP_TITLES,
    SITUATIONS,
    Checked,
    Draft,
    FactBook,
    Group,
    Need,
    Place,
    Role,
    Situation,
    Slot,
    Source,
    Standing,
    Stopped,
    check_text,
    read_script,
    render,
    standings,
)
from negotiation.selectors.words import ScriptFacts

CHANNELS: Final = (ScriptTemplate.Channel.CALL, ScriptTemplate.Channel.EMAIL)
# Where each kind of missing fact is added.
PLACES: Final[Mapping[Place, tuple[str, str]]] = {
    Place.OFFER: ("offers:offer_detail", "Open the offer"),
    Place.LETTER: ("offers:offer_detail", "Open the offer"),
    Place.ASK: ("negotiation:ask_builder", "Build the ask"),
    Place.MARKET: ("negotiation:ask_builder", "Add evidence"),
    Place.STATEMENTS: ("negotiation:statements", "Your statements"),
    Place.QUESTIONS: ("negotiation:question_list", "The equity questions"),
    Place.LEDGER: ("negotiation:ledger", "The ledger"),
    Place.CALLS: ("negotiation:call_log", "Log a call"),
    Place.PLAN: ("negotiation:workspace", "The talk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What is missing, and the page on which it is added."""

    reason: str
    add: str
    href: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One situation in the list."""

    situation: Situation
    lacks: tuple[Lack, ...]
    href: str
    n_sent: int
    is_next: bool

    @property
    def is_open(self) -> bool:
        return not self.lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The situations of one part of the way."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A source with its number on the page."""

    number: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words on the page, with the number of its source."""

    text: str
    label: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line of a script on the page."""

    is_cue: bool
    is_subject: bool
    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One channel of a script: as rendered, as edited, as checked; or what it lacks."""

    template: ScriptTemplate
    channel: str
    label: str
    version: int
    draft: Draft | None
    lines: tuple[PrintedLine, ...]
    footnotes: tuple[Footnote, ...]
    missing: tuple[Lack, ...]
    refused: tuple[str, ...]
    text: str
    is_kept: bool
    checked: Checked | None


def script_sections(talk: Negotiation, facts: ScriptFacts, *, next_key: str) -> list[Section]:
    """Return every situation by its part of the way, each open or with what it lacks."""
    sent: dict[str, int] = {}
    for key in SentScript.objects.filter(negotiation=talk, sent_at__isnull=False).values_list(
        "template_version__template__situation", flat=True
    ):
        sent[key] = sent.get(key, 0) + 1
    rows = [_row(talk, standing, sent, next_key) for standing in standings(facts.conditions)]
    return [
        Section(
            title=GROUP_TITLES[group],
            rows=tuple(row for row in rows if row.situation.group is group),
        )
        for group in Group
    ]


def standing_of(facts: ScriptFacts, key: str) -> Standing | None:
    """Return how one situation stands; None where there is no such situation."""
    wanted = SITUATIONS.get(key)
    return next((row for row in standings(facts.conditions) if row.situation is wanted), None)


def lacks_of(talk: Negotiation, standing: Standing) -> tuple[Lack, ...]:
    """Return what a locked situation lacks, with where to add it."""
    return tuple(_lack(talk, need) for need in standing.lacking)


def sheets(
    talk: Negotiation,
    facts: FactBook,
    situation: Situation,
    tone: str,
    *,
    typed: Mapping[str, str] | None = None,
) -> list[Sheet]:
    """Return the call and the e-mail of a situation in one tone."""
    templates = {
        template.channel: template
        for template in ScriptTemplate.objects.filter(situation=situation.key, tone=tone)
    }
    kept = {
        row.template_version.template_id: row.text
        for row in SentScript.objects.filter(
            negotiation=talk,
            sent_at__isnull=True,
            template_version__template__in=list(templates.values()),
        )
        .select_related("template_version")
        .order_by("updated_at")
    }
    return [
        _sheet(
            talk,
            facts,
            situation,
            templates[channel],
            kept=kept.get(templates[channel].pk),
            typed=(typed or {}).get(channel),
        )
        for channel in CHANNELS
        if channel in templates
    ]


def loose_sheets(facts: FactBook, situation: Situation, tone: str) -> list[Sheet]:
    """Return the call and the e-mail of a situation outside of any talk, to read and copy."""
    return [
        _sheet(None, facts, situation, template, kept=None, typed=None)
        for template in ScriptTemplate.objects.filter(situation=situation.key, tone=tone).order_by(
            "channel"
        )
    ]


def text_of_template(template: ScriptTemplate) -> tuple[str, int]:
    """Return the current text of a template and its version."""
    version = template.versions.get(is_current=True)
    head = f"Subject: {version.subject}\n" if version.subject else ""
    return f"{head}{version.body}", version.number


def texts_about(key: str) -> Sequence[HandbookText]:
    """Return what the handbook says about a situation."""
    return list(HandbookText.objects.filter(situations__contains=[key]).order_by("position", "pk"))


def cards(query: str) -> list[ObjectionCard]:
    """Return the objection cards that hold every word of a query."""
    words = query.lower().split()
    return [
        card
        for card in ObjectionCard.objects.order_by("position", "pk")
        if all(
            word in f"{card.they_say} {card.means} {card.reply} {card.keywords}".lower()
            for word in words
        )
    ]


def card_rows(found: list[ObjectionCard]) -> list[tuple[ObjectionCard, str]]:
    """Return each card with the title of the situation that it leads to, empty if it has none."""
    titles = {key: row.title for key, row in SITUATIONS.items()}
    return [(card, titles.get(card.next_situation.upper(), "")) for card in found]


def _sheet(
    talk: Negotiation | None,
    facts: FactBook,
    situation: Situation,
    template: ScriptTemplate,
    *,
    kept: str | None,
    typed: str | None,
) -> Sheet:
    source, version = text_of_template(template)
    script, _ = read_script(source)
    answer = render(script, facts)
    shown: dict[str, Any] = {
        "template": template,
        "channel": template.channel,
        "label": template.get_channel_display(),
        "version": version,
    }
    if isinstance(answer, Stopped):
        return Sheet(
            **shown,
            draft=None,
            lines=(),
            footnotes=(),
            missing=_missing(talk, answer.missing) if talk is not None else (),
            refused=answer.refused,
            text="",
            is_kept=False,
            checked=None,
        )
    lines, footnotes = _printed(answer)
    text = typed if typed is not None else kept if kept is not None else answer.body
    return Sheet(
        **shown,
        draft=answer,
        lines=lines,
        footnotes=footnotes,
        missing=(),
        refused=(),
        text=text,
        is_kept=kept is not None,
        checked=check_text(text, facts, situation),
    )


def _printed(draft: Draft) -> tuple[tuple[PrintedLine, ...], tuple[Footnote, ...]]:
    numbers: dict[Source, int] = {}
    lines = []
    for line in draft.lines:
        pieces = []
        for segment in line.segments:
            number = 0
            if segment.source is not None:
                number = numbers.setdefault(segment.source, len(numbers) + 1)
            pieces.append(Piece(text=segment.text, label=segment.label, number=number))
        lines.append(
            PrintedLine(
                is_cue=line.role is Role.CUE,
                is_subject=line.role is Role.SUBJECT,
                number=line.number,
                pieces=tuple(pieces),
            )
        )
    notes = tuple(Footnote(number=number, source=source) for source, number in numbers.items())
    return tuple(lines), notes


def _missing(talk: Negotiation, slots: Sequence[Slot]) -> tuple[Lack, ...]:
    found: dict[str, Lack] = {}
    for slot in slots:
        need = Need(reason=slot.label, add=slot.missing, place=slot.place)
        found.setdefault(slot.missing, _lack(talk, need))
    return tuple(found.values())


def _row(talk: Negotiation, standing: Standing, sent: Mapping[str, int], next_key: str) -> Row:
    key = standing.situation.key
    return Row(
        situation=standing.situation,
        lacks=lacks_of(talk, standing),
        href=reverse("negotiation:script", args=[talk.offer_id, key.lower()]),
        n_sent=sent.get(key, 0),
        is_next=key == next_key,
    )


def _lack(talk: Negotiation, need: Need) -> Lack:
    if need.place is Place.OTHER_OFFER:
        href, link = reverse("offers:draft_new"), "Record an offer"
    else:
        name, link = PLACES[need.place]
        href = reverse(name, args=[talk.offer_id])
    return Lack(reason=need.reason, add=need.add, href=href, link=link)
