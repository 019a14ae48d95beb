"""Where a talk stands and what comes next. Both follow from what is on record."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from negotiation.models import Ask, Event
from offers.models import Offer, OfferRevision


class Stage(StrEnum):
    """The stages of a talk, in order."""

    VERBAL = "verbal"
    LETTER_ASKED = "letter_asked"
    LETTER_RECEIVED = "letter_received"
    PREPARING = "preparing"
    CALL = "call"
    FOLLOW_UP = "follow_up"
    WAITING = "waiting"
    REVISED = "revised"
    DECIDING = "deciding"
    ACCEPTED = "accepted"
    STARTED = "started"
    CLOSED = "closed"


# The steps that the page lists; several stages may belong to one of them.
STEPS: Final = (
    ("verbal", "Verbal offer"),
    ("ask_letter", "Ask for the letter"),
    ("letter", "Letter received"),
    ("prepare", "Prepare"),
    ("call", "Call"),
    ("follow_up", "Follow-up e-mail"),
    ("revised", "Revised letter"),
    ("decide", "Decide"),
    ("accepted", "Accepted"),
    ("start", "Start well"),
)
STEP_OF: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.VERBAL: "ask_letter",
        Stage.LETTER_ASKED: "ask_letter",
        Stage.LETTER_RECEIVED: "letter",
        Stage.PREPARING: "prepare",
        Stage.CALL: "call",
        Stage.FOLLOW_UP: "follow_up",
        Stage.WAITING: "revised",
        Stage.REVISED: "revised",
        Stage.DECIDING: "decide",
        Stage.ACCEPTED: "accepted",
        Stage.STARTED: "start",
        Stage.CLOSED: "decide",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFacts:
    """What a stage follows from."""

    offer_state: str
    is_written: bool
    is_revised: bool
    """See `is_revised`."""
    events: Collection[str]
    ask_states: Collection[str]
    n_open_commitments: int
    n_calls_without_recap: int
    has_call: bool
    is_started: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do next, why, and on which page."""

    title: str
    why: str
    page: str
    action: str
    situation: str = ""


def is_revised(current: OfferRevision, asks: Iterable[Ask]) -> bool:
    """Say whether the current letter came after the terms that the first ask was measured against."""
    answered = [ask.revision.number for ask in asks if ask.put_at is not None]
    is_written = current.source == OfferRevision.Source.WRITTEN
    return is_written and bool(answered) and current.number > min(answered)


def stage_of(facts: TalkFacts) -> Stage:
    """Return the stage of a talk."""
    if facts.offer_state == Offer.State.ACCEPTED:
        return Stage.STARTED if facts.is_started else Stage.ACCEPTED
    if facts.offer_state in {Offer.State.DECLINED, Offer.State.EXPIRED, Offer.State.WITHDRAWN}:
        return Stage.CLOSED
    if not facts.is_written:
        return Stage.LETTER_ASKED if Event.Kind.LETTER_ASKED in facts.events else Stage.VERBAL
    if facts.n_calls_without_recap:
        return Stage.FOLLOW_UP
    if facts.is_revised:
        return Stage.REVISED if facts.n_open_commitments else Stage.DECIDING
    states = set(facts.ask_states)
    if facts.n_open_commitments:
        return Stage.WAITING
    if Ask.State.PUT in states:
        return Stage.WAITING if facts.has_call else Stage.CALL
    if Ask.State.DRAFT in states:
        return Stage.CALL
    if states & {Ask.State.AGREED, Ask.State.PARTLY, Ask.State.REFUSED}:
        return Stage.DECIDING
    return Stage.PREPARING if Event.Kind.ACKNOWLEDGED in facts.events else Stage.LETTER_RECEIVED


NEXT_STEPS: Final[Mapping[Stage, NextStep]] = MappingProxyType(
    {
        Stage.VERBAL: NextStep(
            title="Ask for the full offer in writing",
            why="Before it is in writing, pay is theory and you have no leverage. Thank them, say "
            "that you are glad, and react to no number. This is completely standard.",
            page="script",
            action="Get the words for it",
            situation="s01",
        ),
        Stage.LETTER_ASKED: NextStep(
            title="Enter the letter when it comes",
            why="You asked for it. Nothing is asked for before a written offer.",
            page="letter",
            action="The letter is here",
            situation="s01",
        ),
        Stage.LETTER_RECEIVED: NextStep(
            title="Confirm that it arrived, and name the day you answer",
            why="Do it today. Silence is the most common way to lose goodwill.",
            page="script",
            action="Get the words for it",
            situation="s04",
        ),
        Stage.PREPARING: NextStep(
            title="Build the ask",
            why="First the data, then the plan, then the words: what comparable roles pay, what you "
            "aim at, and one figure for each component.",
            page="ask",
            action="Build the ask",
        ),
        Stage.CALL: NextStep(
            title="Call them and put the ask",
            why="A call first, an e-mail to confirm: you hear the tone, and can answer at once.",
            page="call_sheet",
            action="Open the call sheet",
            situation="s10",
        ),
        Stage.FOLLOW_UP: NextStep(
            title="Send the recap",
            why="Within two hours of the call, with what was agreed and what is open. No new asks.",
            page="script",
            action="Get the recap",
            situation="s24",
        ),
        Stage.WAITING: NextStep(
            title="Get it into a revised letter",
            why="What is only said is hard to enforce. Ask for a revised letter with these points; "
            "reputable employers send one.",
            page="ledger",
            action="See what was promised",
            situation="s23",
        ),
        Stage.REVISED: NextStep(
            title="Compare the new letter with what was promised",
            why="Line by line: what changed, what is missing, what got worse.",
            page="ledger",
            action="Compare",
            situation="s25",
        ),
        Stage.DECIDING: NextStep(
            title="Decide",
            why="Everything agreed is in writing, or was refused. Look at the totals once more.",
            page="accept",
            action="Go through the last checks",
            situation="s27",
        ),
        Stage.ACCEPTED: NextStep(
            title="Start well",
            why="The talk was one transaction. What you deliver now carries the next one.",
            page="after",
            action="See your dates and your plan",
        ),
        Stage.STARTED: NextStep(
            title="Log what you deliver",
            why="Results with evidence are what the next raise rests on.",
            page="after",
            action="Log a result",
            situation="s31",
        ),
        Stage.CLOSED: NextStep(
            title="This talk is over",
            why="What happened stays on record, and nobody but you sees it.",
            page="timeline",
            action="See what happened",
            situation="s28",
        ),
    }
)
