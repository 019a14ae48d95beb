"""Whether a template may be saved: known slots, no figure of its own, no claim without its record."""

from collections.abc import Iterator
from typing import Final

from negotiation.scripts.figures import bare_figures
from negotiation.scripts.language import (
    Aside,
    Blank,
    Paragraph,
    Problem,
    Role,
    Script,
    Words,
    read_script,
)
from negotiation.scripts.situations import Condition, Situation
from negotiation.scripts.slots import QUOTE, SLOTS, Slot, SlotKind, closest_slot
from negotiation.scripts.wording import (
    COMPETING_OFFER,
    CURRENT_PAY,
    OTHERS_PAY,
    PREFERENCE,
    PRIVATE,
    THREAT,
    VAGUE,
    sentences,
)

# What stands for a slot while the words around it are read; no wording matches it.
_MARK: Final = "\ue000"
_CONFIRMED: Final = frozenset({"preference", "would_sign"})


def review_template(text: str, situation: Situation) -> tuple[Script, tuple[Problem, ...]]:
    """Return the template that this text is, and every reason not to save it."""
    script, problems = read_script(text)
    return script, (*problems, *_problems(script, situation))


def _problems(script: Script, situation: Situation) -> Iterator[Problem]:
    for paragraph in script.paragraphs:
        yield from _slot_problems(paragraph, situation)
        yield from _figure_problems(paragraph)
        yield from _claim_problems(paragraph)
    yield from _quote_problems(script)


def _slot_problems(paragraph: Paragraph, situation: Situation) -> Iterator[Problem]:
    for run in paragraph.runs():
        for part in run:
            if not isinstance(part, Blank):
                continue
            slot = SLOTS.get(part.slot)
            if slot is None:
                guess = closest_slot(part.slot)
                hint = f" Did you mean {{{guess}}}?" if guess else ""
                yield _say(paragraph, "unknown_slot", f"There is no slot {{{part.slot}}}.{hint}")
                continue
            yield from _place_problems(paragraph, slot, situation)


def _place_problems(paragraph: Paragraph, slot: Slot, situation: Situation) -> Iterator[Problem]:
    if paragraph.role is Role.CUE:
        yield _say(
            paragraph, "slot_in_cue", f"A cue is not said, so {{{slot.name}}} is lost in it."
        )
    stands_alone = paragraph.parts == (Blank(slot.name),) and paragraph.role is Role.SAID
    if slot.kind is SlotKind.ITEMS and not stands_alone:
        yield _say(
            paragraph, "list_in_line", f"{{{slot.name}}} is a list. Give it a line of its own."
        )
    is_gated = Condition.COMPETING_OFFER in situation.conditions or (
        Condition.EMPLOYER_COUNTERED in situation.conditions
    )
    if slot.is_competing and not is_gated:
        yield _say(
            paragraph,
            "competing_elsewhere",
            f"{{{slot.name}}} belongs into a situation that asks for a written offer on record, "
            "such as S16.",
        )


def _figure_problems(paragraph: Paragraph) -> Iterator[Problem]:
    words = "".join(
        part.text if isinstance(part, Words) else " " for run in paragraph.runs() for part in run
    )
    for figure in dict.fromkeys(bare_figures(words)):
        yield _say(
            paragraph,
            "bare_figure",
            f"“{figure}” is a figure without a slot. A figure stands in a script only where a "
            "record fills it.",
        )


def _claim_problems(paragraph: Paragraph) -> Iterator[Problem]:
    text, slots = _marked(paragraph)
    for sentence in sentences(text):
        inside = [name for place, name in slots if sentence.start <= place < sentence.end]
        definitions = [SLOTS[name] for name in inside if name in SLOTS]
        words = sentence.claims(COMPETING_OFFER)
        if words and not any(slot.is_competing for slot in definitions):
            yield _say(
                paragraph,
                "competing_claim",
                f"“{_shown(words)}” claims another offer without a slot such as "
                "{competing_base} in the same sentence, so nothing would back it.",
            )
        words = sentence.claims(PREFERENCE)
        if words and not _CONFIRMED & set(inside):
            yield _say(
                paragraph,
                "preference_claim",
                f"“{_shown(words)}” is true only if the person confirmed it. Write {{preference}} "
                "or {would_sign} instead.",
            )
        for wording, code, why in (
            (PRIVATE, "private", "gives away what a script must never say"),
            (THREAT, "threat", "is a threat"),
            (VAGUE, "vague", "is vague, and easy to dismiss"),
            (OTHERS_PAY, "others_pay", "guesses at somebody else's pay"),
        ):
            if words := sentence.claims(wording):
                yield _say(paragraph, code, f"“{_shown(words)}” {why}.")
        has_figure = any(slot.kind in {SlotKind.MONEY, SlotKind.PHRASE} for slot in definitions)
        if has_figure and (words := sentence.claims(CURRENT_PAY)):
            yield _say(paragraph, "current_pay", f"“{_shown(words)}” tells present pay.")


def _quote_problems(script: Script) -> Iterator[Problem]:
    named = QUOTE & set(script.slots)
    if {"range_low", "range_high"} & named and named != QUOTE:
        missing = ", ".join(f"{{{name}}}" for name in sorted(QUOTE - named))
        yield Problem(
            code="bare_quote",
            message=f"A range is quoted whole: what it measures, sources, number and date. {missing} is missing.",
        )


def _marked(paragraph: Paragraph) -> tuple[str, list[tuple[int, str]]]:
    """Return the paragraph as text with a mark for each slot, and where each slot stands."""
    text = ""
    slots: list[tuple[int, str]] = []
    for part in paragraph.parts:
        for piece in part.parts if isinstance(part, Aside) else (part,):
            if isinstance(piece, Blank):
                slots.append((len(text), piece.slot))
                text += _MARK
            else:
                text += piece.text
    return text, slots


def _shown(words: str) -> str:
    return words.replace(_MARK, "…").strip()


def _say(paragraph: Paragraph, code: str, message: str) -> Problem:
    return Problem(code=code, message=message, line=paragraph.line)
