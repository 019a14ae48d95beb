"""What to point out in a script as a person edited it, and which sentences are never passed on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from negotiation.scripts.facts import Fact, FactBook
from negotiation.scripts.figures import FigureKind, Stated, stated_figures, weekdays_in
from negotiation.scripts.situations import Light, Situation
from negotiation.scripts.slots import QUOTE, SourceKind
from negotiation.scripts.wording import (
    COMPETING_OFFER,
    CURRENT_PAY,
    DEADLINE,
    MOMENT,
    OTHERS_PAY,
    PREFERENCE,
    PRIVATE,
    THREAT,
    VAGUE,
    WISH,
    Sentence,
    sentences,
)


class Doubt(StrEnum):
    """What an edit may bring in."""

    UNRECORDED_FIGURE = "unrecorded_figure"
    VAGUE = "vague"
    THREAT = "threat"
    UNREAL_DEADLINE = "unreal_deadline"
    PRIVATE = "private"
    OTHERS_PAY = "others_pay"
    UNCONFIRMED_PREFERENCE = "unconfirmed_preference"
    UNBACKED_OFFER = "unbacked_offer"
    ALTERED_OFFER = "altered_offer"


# Days that somebody may be asked to answer or to meet by, so that their weekday may be said.
_DAYS: Final = frozenset(
    {"respond_by", "decision_date", "extension_date", "competing_respond_by", "start_date"}
    | {"call_day_one", "call_day_two", "review_date"}
)
WITHHELD: Final = frozenset({Doubt.UNBACKED_OFFER, Doubt.ALTERED_OFFER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One doubt about an edited text, with what to write instead where we know it."""

    doubt: Doubt
    words: str
    message: str
    instead: str = ""

    @property
    def is_withheld(self) -> bool:
        return self.doubt in WITHHELD


@dataclass(frozen=True, slots=True, kw_only=True)
class LightState:
    """One of the four lights: on, off, or not asked of this situation."""

    light: Light
    is_on: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A text with its remarks, its lights, and the text that may leave the house."""

    text: str
    passed_on: str
    remarks: tuple[Remark, ...]
    lights: tuple[LightState, ...]

    @property
    def withheld(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.is_withheld)


def check_text(text: str, facts: FactBook, situation: Situation) -> Checked:
    """Return what is to say about a text that a person wrote or edited.

    Everything is pointed out and nothing is changed, with one exception: a sentence that claims an
    offer which is not on record, or other figures than its record states, is left out of what is
    passed on. The person's own text stays as typed.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    remarks: list[Remark] = []
    kept = plain
    for sentence in reversed(list(sentences(plain))):
        found = list(_remarks(sentence, facts))
        remarks[:0] = found
        if any(remark.is_withheld for remark in found):
            kept = kept[: sentence.start].rstrip(" ") + " " + kept[sentence.end :].lstrip(" ")
    passed_on = "\n".join(line.strip() for line in kept.strip().split("\n"))
    return Checked(
        text=plain,
        passed_on=passed_on,
        remarks=tuple(_once(remarks)),
        lights=_lights(plain, remarks, facts, situation),
    )


def _remarks(sentence: Sentence, facts: FactBook) -> Iterator[Remark]:
    figures = stated_figures(sentence.plain)
    if _without_own_name(sentence, facts).claims(COMPETING_OFFER):
        yield from _offer_remarks(sentence, figures, facts)
    yield from _figure_remarks(figures, facts)
    if words := sentence.claims(VAGUE):
        yield Remark(
            doubt=Doubt.VAGUE,
            words=words,
            message="Vague requests are easy to dismiss. Say the figure.",
            instead=_concrete(facts),
        )
    if words := sentence.claims(THREAT):
        yield Remark(
            doubt=Doubt.THREAT,
            words=words,
            message="This reads as a threat. Ask whether there is room instead.",
            instead="Is there flexibility there?",
        )
    yield from _deadline_remarks(sentence, figures, facts)
    yield from _private_remarks(sentence, figures, facts)
    if words := sentence.claims(OTHERS_PAY):
        yield Remark(
            doubt=Doubt.OTHERS_PAY,
            words=words,
            message="This is a guess at somebody else's pay. Quote the range with its source.",
        )
    if (words := sentence.claims(PREFERENCE)) and not {"preference", "would_sign"} & set(facts):
        yield Remark(
            doubt=Doubt.UNCONFIRMED_PREFERENCE,
            words=words,
            message="You have not confirmed that this is true for this offer.",
        )


def _offer_remarks(
    sentence: Sentence, figures: tuple[Stated, ...], facts: FactBook
) -> Iterator[Remark]:
    if not facts.competing:
        yield Remark(
            doubt=Doubt.UNBACKED_OFFER,
            words=sentence.text.strip(),
            message="This claims an offer that is not on record in writing, open and unexpired. "
            "It stays in your text and is left out of what you copy, print or mark as sent.",
        )
        return
    values = {value for fact in facts.competing for value in fact.values}
    dates = {date for fact in facts.competing for date in fact.dates}
    for figure in figures:
        if figure.kind is FigureKind.SPELLED or not figure.is_among(values, dates):
            yield Remark(
                doubt=Doubt.ALTERED_OFFER,
                words=figure.text,
                message="The other offer is cited as its letter states it. This sentence is left "
                "out of what you copy, print or mark as sent.",
                instead=_listed(facts.competing),
            )


def _without_own_name(sentence: Sentence, facts: FactBook) -> Sentence:
    """Return the sentence with this offer's company as “you”, since its offer is no other one."""
    text = sentence.plain
    name = facts["company"].text if "company" in facts else ""
    for own in sorted({name, *name.split()[:1]} - {""}, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(own)}'s\b", "your", text)
        text = re.sub(rf"\b{re.escape(own)}\b", "you", text)
    return Sentence(text, sentence.start, sentence.end)


def _figure_remarks(figures: tuple[Stated, ...], facts: FactBook) -> Iterator[Remark]:
    for figure in figures:
        if figure.kind is FigureKind.SPELLED and not facts.is_on_record(figure):
            yield Remark(
                doubt=Doubt.UNRECORDED_FIGURE,
                words=figure.text,
                message="Write figures in digits, so that they can be compared with the record.",
            )
        elif figure.kind is not FigureKind.SPELLED and not facts.is_on_record(figure):
            is_date = figure.kind is FigureKind.DATE
            yield Remark(
                doubt=Doubt.UNRECORDED_FIGURE,
                words=figure.text,
                message="This date is in no record." if is_date else "This figure is in no record.",
            )


def _deadline_remarks(
    sentence: Sentence, figures: tuple[Stated, ...], facts: FactBook
) -> Iterator[Remark]:
    if not sentence.claims(DEADLINE):
        return
    known = {date.weekday() for fact in facts.values() if fact.slot in _DAYS for date in fact.dates}
    moments = [
        figure.text
        for figure in figures
        if figure.kind is FigureKind.DATE and not facts.is_on_record(figure)
    ]
    has_known_day = any(
        figure.kind is FigureKind.DATE and facts.is_on_record(figure) for figure in figures
    )
    if not has_known_day:
        moments += [name for name, number in weekdays_in(sentence.plain) if number not in known]
    if words := sentence.claims(MOMENT):
        moments.append(words)
    for words in moments:
        yield Remark(
            doubt=Doubt.UNREAL_DEADLINE,
            words=words,
            message="No record names this deadline. A date that does not exist is found out.",
        )


def _private_remarks(
    sentence: Sentence, figures: tuple[Stated, ...], facts: FactBook
) -> Iterator[Remark]:
    if words := sentence.claims(PRIVATE):
        yield Remark(
            doubt=Doubt.PRIVATE,
            words=words,
            message="The least you would take, and what you live on, stay with you.",
        )
    if figures and (words := sentence.claims(CURRENT_PAY)):
        yield Remark(
            doubt=Doubt.PRIVATE,
            words=words,
            message="Present pay becomes their anchor. Return to the range of the market.",
        )
    for figure in figures:
        if figure.value in facts.secrets and not facts.is_on_record(figure):
            yield Remark(
                doubt=Doubt.PRIVATE,
                words=figure.text,
                message="This is your walk-away. It is never said.",
            )


def _lights(
    text: str, remarks: list[Remark], facts: FactBook, situation: Situation
) -> tuple[LightState, ...]:
    doubts = {remark.doubt for remark in remarks}
    stated = {figure.value for figure in stated_figures(text) if figure.value is not None}
    judge = {
        Light.WARM: lambda: _warm(text),
        Light.GROUNDED: lambda: _grounded(text, stated, facts, doubts),
        Light.SPECIFIC: lambda: _specific(text, stated, facts, doubts),
        Light.OPEN: lambda: _open(text, doubts),
    }
    return tuple(judge[light]() for light in situation.lights)


def _warm(text: str) -> LightState:
    is_on = any(sentence.claims(WISH) for sentence in sentences(text))
    return LightState(
        light=Light.WARM,
        is_on=is_on,
        reason="It says that you want this, and why."
        if is_on
        else "Say in one sentence what draws you to this team.",
    )


def _grounded(text: str, stated: set[Decimal], facts: FactBook, doubts: set[Doubt]) -> LightState:
    is_quoted = set(facts) >= QUOTE and all(
        set(facts[name].values) <= stated for name in ("range_low", "range_high", "n")
    )
    is_quoted = is_quoted and facts["sources"].text in text and facts["as_of"].text in text
    backing = [
        fact
        for fact in facts.values()
        if fact.slot
        in {"competing_base", "competing_equity", "forfeited", "equity_drop", "market_gap"}
    ]
    is_backed = any(fact.values and set(fact.values) <= stated for fact in backing)
    listed = "wins" in facts and any(item.text in text for item in facts["wins"].items)
    is_on = (is_quoted or is_backed or listed) and Doubt.UNBACKED_OFFER not in doubts
    return LightState(
        light=Light.GROUNDED,
        is_on=is_on,
        reason="It rests on figures with their source."
        if is_on
        else "Quote the range with its sources, number and date, or another record.",
    )


def _specific(text: str, stated: set[Decimal], facts: FactBook, doubts: set[Doubt]) -> LightState:
    asked = [*facts.of_kind(SourceKind.ASK), *facts.of_kind(SourceKind.LEDGER)]
    has_figure = any(
        (fact.values and set(fact.values) & stated)
        or any(item.text in text for item in fact.items)
        or (not fact.values and not fact.items and fact.text in text)
        for fact in [*asked, *(fact for fact in facts.values() if fact.items)]
    )
    is_on = has_figure and Doubt.VAGUE not in doubts
    return LightState(
        light=Light.SPECIFIC,
        is_on=is_on,
        reason="It names exactly what you ask for."
        if is_on
        else "Name the exact figure or item; no “a bit more”.",
    )


def _open(text: str, doubts: set[Doubt]) -> LightState:
    said = [sentence.text.strip() for sentence in sentences(text)]
    while said and len(said[-1].split()) <= 4 and not said[-1].endswith("?"):
        said.pop()  # a greeting at the end
    # One sentence may follow the question: when they will hear back.
    asks = any(sentence.rstrip('”"’)').endswith("?") for sentence in said[-2:])
    is_on = asks and not doubts & {Doubt.THREAT, Doubt.UNREAL_DEADLINE}
    return LightState(
        light=Light.OPEN,
        is_on=is_on,
        reason="It ends in a question and threatens nothing."
        if is_on
        else "End in a question about flexibility; no threat, no deadline that is not real.",
    )


def _concrete(facts: FactBook) -> str:
    """Return the ask in figures, where there is one."""
    for slot in ("full_ask", "main_ask", "base_ask", "option_a"):
        if slot in facts:
            return facts[slot].text
    return ""


def _listed(facts: tuple[Fact, ...]) -> str:
    return ", ".join(f"{fact.definition.label.lower()}: {fact.text}" for fact in facts)


def _once(remarks: list[Remark]) -> Iterator[Remark]:
    """Yield each remark once, leaving out what a louder one says of the same words."""
    loud = {remark.words for remark in remarks if remark.doubt is not Doubt.UNRECORDED_FIGURE}
    seen: set[tuple[Doubt, str]] = set()
    for remark in remarks:
        key = (remark.doubt, remark.words)
        is_repeated = remark.doubt is Doubt.UNRECORDED_FIGURE and remark.words in loud
        if key not in seen and not is_repeated:
            seen.add(key)
            yield remark
