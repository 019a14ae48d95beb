"""The situations of a negotiation: when a script for each exists, and what makes it a good one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from negotiation.scripts.slots import Place


class Condition(StrEnum):
    """What must be on record before a script is offered."""

    BEFORE_OFFER = "before_offer"
    OPEN = "open"
    VERBAL = "verbal"
    WRITTEN = "written"
    ASK_CONFIRMED = "ask_confirmed"
    MARKET_QUOTE = "market_quote"
    COMPETING_OFFER = "competing_offer"
    ADVANCED_ELSEWHERE = "advanced_elsewhere"
    DEADLINE_NAMED = "deadline_named"
    DETAILS_MISSING = "details_missing"
    PRIVATE_EQUITY = "private_equity"
    QUESTIONS_OPEN = "questions_open"
    QUESTION_REFUSED = "question_refused"
    BAND_LIMIT = "band_limit"
    FINAL_REPLY = "final_reply"
    BELOW_MARKET = "below_market"
    LEVEL_WANTED = "level_wanted"
    TERMS_WANTED = "terms_wanted"
    REPAYMENT_HARSH = "repayment_harsh"
    PAY_FORFEITED = "pay_forfeited"
    EXTRAS_WANTED = "extras_wanted"
    PROMISED_IN_WORDS = "promised_in_words"
    CALL_LOGGED = "call_logged"
    LETTER_DIFFERS = "letter_differs"
    EMPLOYER_COUNTERED = "employer_countered"
    READY_TO_SIGN = "ready_to_sign"
    DECLINING = "declining"
    ACCEPTED = "accepted"
    OTHERS_OPEN = "others_open"
    CHANGED_OR_WITHDRAWN = "changed_or_withdrawn"
    RESULTS_LOGGED = "results_logged"
    EQUITY_FALLS = "equity_falls"


@dataclass(frozen=True, slots=True)
class Need:
    """Why a script is locked while a condition does not hold, and what to add."""

    reason: str
    add: str
    place: Place


_C = Condition
NEEDS: Final[Mapping[Condition, Need]] = MappingProxyType({
    _C.BEFORE_OFFER: Need("There is an offer by now, so nobody asks what you expect.", "Use the scripts for an offer.", Place.PLAN),
    _C.OPEN: Need("This offer is decided.", "Reopen it if the talk goes on.", Place.PLAN),
    _C.VERBAL: Need("The offer is in writing, so there is no letter to ask for.", "Use the scripts for a written offer.", Place.PLAN),
    _C.WRITTEN: Need("The offer is only verbal. Before it is in writing there is nothing to negotiate about.", "Ask for the letter first, and record it here.", Place.LETTER),
    _C.ASK_CONFIRMED: Need("There is no ask with figures yet, and a vague request is easy to dismiss.", "Build the ask and confirm its figures.", Place.ASK),
    _C.MARKET_QUOTE: Need("No range of the market can be quoted: too few packages match, or the cell is withheld or modelled.", "Collect data points that match the role, level and place.", Place.MARKET),
    _C.COMPETING_OFFER: Need("You have no other offer on record that is in writing, open and not expired. This sentence exists for nobody else: recruiters know each other, and an invented offer is found out.", "Record the other letter. Without one, use what is true: your data, what you bring, the pay you lose, or that you are far along elsewhere.", Place.OTHER_OFFER),
    _C.ADVANCED_ELSEWHERE: Need("No other process in its last stage is on record.", "Record the verbal offer, or confirm that you are in a last stage.", Place.STATEMENTS),
    _C.DEADLINE_NAMED: Need("They named no date, so there is none to move.", "Add the date by which they want an answer.", Place.OFFER),
    _C.DETAILS_MISSING: Need("The letter on record leaves nothing out.", "Mark in the offer what the letter does not state.", Place.LETTER),
    _C.PRIVATE_EQUITY: Need("This offer holds no equity in a private company.", "Add the grant if there is one.", Place.LETTER),
    _C.QUESTIONS_OPEN: Need("Every equity question that matters is answered in writing.", "Look at the answers instead.", Place.QUESTIONS),
    _C.QUESTION_REFUSED: Need("No question was declined or answered unclearly.", "Record the answers to the equity questions.", Place.QUESTIONS),
    _C.BAND_LIMIT: Need("Nobody said yet that a band is the limit.", "Log the call with their reply.", Place.CALLS),
    _C.FINAL_REPLY: Need("Nobody said yet that the offer is final.", "Log the call with their reply.", Place.CALLS),
    _C.BELOW_MARKET: Need("The offer is not far below the range on record.", "Use the opening script.", Place.MARKET),
    _C.LEVEL_WANTED: Need("The ask names no other level.", "Add the level to the ask.", Place.ASK),
    _C.TERMS_WANTED: Need("The ask names no term of the equity.", "Add a term to the ask, or record answers to the equity questions.", Place.ASK),
    _C.REPAYMENT_HARSH: Need("No payment on record must be paid back on hard terms.", "Record the payment and its repayment terms.", Place.LETTER),
    _C.PAY_FORFEITED: Need("No pay that you lose by leaving is on record.", "Record it with amounts and dates.", Place.STATEMENTS),
    _C.EXTRAS_WANTED: Need("The ask names nothing beside pay.", "Add what matters to you to the ask.", Place.ASK),
    _C.PROMISED_IN_WORDS: Need("No promise on record is missing in the letter.", "Log what was promised on a call.", Place.LEDGER),
    _C.CALL_LOGGED: Need("No call is logged, so there is nothing to sum up.", "Log the call.", Place.CALLS),
    _C.LETTER_DIFFERS: Need("The letter on record and what was agreed do not differ.", "Record the revised letter.", Place.LETTER),
    _C.EMPLOYER_COUNTERED: Need("No counter of your present employer is on record in writing.", "Record it as an offer of its own.", Place.OTHER_OFFER),
    _C.READY_TO_SIGN: Need("Something that was agreed is not in the letter yet.", "Clear the open promises, or accept them knowingly.", Place.LEDGER),
    _C.DECLINING: Need("You decline a written offer, and this one is not open in writing.", "Record the letter, or the decision.", Place.PLAN),
    _C.ACCEPTED: Need("You have not accepted this offer.", "Accept it first; only then tell the others.", Place.PLAN),
    _C.OTHERS_OPEN: Need("No other process of yours is open.", "Nothing is left to withdraw from.", Place.OTHER_OFFER),
    _C.CHANGED_OR_WITHDRAWN: Need("The company has not changed for the worse or withdrawn this offer.", "Record what happened.", Place.OFFER),
    _C.RESULTS_LOGGED: Need("There are no results on record to ask with.", "Log what you achieved, one result a month.", Place.LEDGER),
    _C.EQUITY_FALLS: Need("No drop in what vests is on record.", "Record the grant with its schedule and the start date.", Place.LETTER),
})  # fmt: skip


class Light(StrEnum):
    """The four signs of a good script."""

    WARM = "warm"
    GROUNDED = "grounded"
    SPECIFIC = "specific"
    OPEN = "open"


class Group(StrEnum):
    """Where a situation stands on the way."""

    BEFORE = "before"
    FIRST = "first"
    ASK = "ask"
    REPLY = "reply"
    TERMS = "terms"
    PAPER = "paper"
    DECIDE = "decide"
    AFTER = "after"


GROUP_TITLES: Final[Mapping[Group, str]] = MappingProxyType({
    Group.BEFORE: "Before the letter",
    Group.FIRST: "When the letter is there",
    Group.ASK: "The ask",
    Group.REPLY: "When they answer",
    Group.TERMS: "Terms and extras",
    Group.PAPER: "From words to paper",
    Group.DECIDE: "Decide",
    Group.AFTER: "Once you work there",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One situation of the handbook."""

    key: str
    title: str
    when: str
    channel: str
    contains: str
    mistakes: str
    group: Group
    conditions: tuple[Condition, ...]
    lights: tuple[Light, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a situation is open, and if not, why and what to add."""

    situation: Situation
    lacking: tuple[Need, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.lacking


def _situation(
    key: str,
    title: str,
    group: Group,
    when: str,
    channel: str,
    contains: str,
    mistakes: str,
    conditions: tuple[Condition, ...],
    lights: tuple[Light, ...],
) -> Situation:
    return Situation(
        key=key,
        title=title,
        when=when,
        channel=channel,
        contains=contains,
        mistakes=mistakes,
        group=group,
        conditions=conditions,
        lights=lights,
    )


_G = Group
_W, _N, _P, _O = Light.WARM, Light.GROUNDED, Light.SPECIFIC, Light.OPEN
_TALK: Final = (_C.WRITTEN, _C.OPEN)
_CALL_FIRST: Final = "Call first; the e-mail confirms."

_ALL: Final = (
    _situation("S01", "Ask for the offer in writing", _G.BEFORE, "The offer was made in words and there is no letter.", "On the call, then one line by e-mail.", "Thanks, interest, the wish for the complete written package, a date.", "Reacting to numbers on the spot; saying “yes” or “that works”; naming a number.", (_C.OPEN, _C.VERBAL), (_W, _O)),
    _situation("S02", "Asked what you expect, before any offer", _G.BEFORE, "Somebody asks for your number before there is an offer.", "Call or form.", "A turn to the fit, the question for their band, and only if pressed a researched range whose low end is your target.", "Your present pay; one low number; a range that starts below the target.", (_C.BEFORE_OFFER,), (_O,)),
    _situation("S03", "Ask somebody you know for a data point", _G.BEFORE, "You know people at this company or one like it, and data are thin.", "A private message.", "What it is for, what exactly helps, an offer to share back, and leave to say no.", "Asking for documents; keeping names without need; quoting the person later.", (_C.OPEN,), (_O,)),
    _situation("S04", "Acknowledge the letter and buy time", _G.FIRST, "The letter has come and you have not answered.", "E-mail the same day; a short call if they ring.", "Thanks, that it arrived, the day of your answer, that questions will follow.", "Silence; promising a decision earlier than your plan allows.", _TALK, (_W,)),
    _situation("S05", "Ask for a later deadline", _G.FIRST, "The date they named is too soon, or another process ends later.", _CALL_FIRST, "Enthusiasm, one true reason, a specific new date, a question.", "“More time” without a date; invented reasons; asking twice without news; asking in the last hour.", (*_TALK, _C.DEADLINE_NAMED), (_W, _O)),
    _situation("S06", "Ask for details the letter leaves out", _G.FIRST, "The letter does not state something that changes what it is worth.", "In writing; say on the call that it comes.", "A numbered list of what is missing, and nothing else.", "Asking what the letter already says.", (*_TALK, _C.DETAILS_MISSING), (_O,)),
    _situation("S07", "Ask the equity questions", _G.FIRST, "There is private stock, and something that decides its value is not in writing.", "In writing, announced on the call.", "Why you ask, the core facts first, then the terms; polite; a date.", "Asking for the cap table; asking what was answered; arguing.", (*_TALK, _C.PRIVATE_EQUITY, _C.QUESTIONS_OPEN), (_O,)),
    _situation("S08", "Equity questions declined or unclear", _G.FIRST, "They would not say, or the answer says nothing.", _CALL_FIRST, "The single most important item and an easier way to answer it.", "Dropping it silently.", (*_TALK, _C.PRIVATE_EQUITY, _C.QUESTION_REFUSED), (_O,)),
    _situation("S09", "Ask for a call about the package", _G.ASK, "Your plan is ready and the answer is not due today.", "In writing; on the phone the same words.", "Two days that suit, the topic, no numbers.", "Opening the negotiation in the invitation.", _TALK, (_W, _O)),
    _situation("S10", "The opening ask", _G.ASK, "The letter is there, a range can be quoted, and your ask has figures.", "Call; the summary by e-mail right after.", "Why this team, the range with its source, the exact ask, one question. Then silence.", "Asking for base only when the gap is in equity; a range instead of a figure; apologising; new asks after “let me check”.", (*_TALK, _C.MARKET_QUOTE, _C.ASK_CONFIRMED), (_W, _N, _P, _O)),
    _situation("S11", "“We are at the top of the band”", _G.REPLY, "They say that the base cannot go higher.", _CALL_FIRST, "That you understand the band, and two packages that close the same gap elsewhere.", "Repeating the base ask; accepting “policy” for everything at once; giving up the total.", (*_TALK, _C.BAND_LIMIT, _C.ASK_CONFIRMED), (_P, _O)),
    _situation("S12", "“This is our final offer”", _G.REPLY, "They say that this is final.", _CALL_FIRST, "Thanks, one closing item that is cheap for them, and only if it is true that it would settle it.", "Testing “final” with a new long list; bluffing.", (*_TALK, _C.FINAL_REPLY, _C.ASK_CONFIRMED), (_W, _P, _O)),
    _situation("S13", "The offer is far below the market", _G.ASK, "The offer lies below the range of a set that can be quoted. Check the level first.", _CALL_FIRST, "Appreciation, the distance with data, a request to look again before you name a counter.", "Anger; taking the low figure as the anchor.", (*_TALK, _C.MARKET_QUOTE, _C.BELOW_MARKET), (_W, _N, _O)),
    _situation("S14", "“What would it take to sign today?”", _G.REPLY, "They ask it on a call.", "On the call; confirm by e-mail.", "The whole package in one sentence, in a revised letter.", "Naming one component only; naming the least you would take.", (*_TALK, _C.ASK_CONFIRMED), (_P, _O)),
    _situation("S15", "Pressed about other talks or present pay", _G.REPLY, "They ask who else you talk to, or what you are paid.", "On the call; e-mail if they asked in writing.", "What is true and no more; back to this role.", "Inventing; giving a number because the form has a field.", (_C.OPEN, _C.WRITTEN), (_W, _O)),
    _situation("S16", "You hold another written offer", _G.ASK, "Another offer of yours is in writing, open and not expired.", _CALL_FIRST, "Its figures as its letter states them, when you owe an answer, and a preference only if it is true.", "Rounding up; adding what was only said; using an offer you would not take; telling two companies the same preference.", (*_TALK, _C.COMPETING_OFFER), (_W, _N, _O)),
    _situation("S17", "Far along elsewhere, nothing in writing", _G.ASK, "Another process is in its last stage.", _CALL_FIRST, "Only that, for the sake of the calendar; no amounts.", "Using it for amounts.", (*_TALK, _C.ADVANCED_ELSEWHERE), (_W, _O)),
    _situation("S18", "Level or title", _G.TERMS, "The letter states a lower level than the interviews were about.", "Call with the hiring manager; the e-mail sums up.", "Evidence of scope, the level's description, the request for the level or for a dated review of it.", "Accepting a lower level and fighting over base inside its band.", (*_TALK, _C.LEVEL_WANTED), (_W, _P, _O)),
    _situation("S19", "Equity terms", _G.TERMS, "A term of the private stock is missing or weak.", "In writing after a call.", "One or two terms, each with its reason.", "Legal wording; everything at once at a company with a fixed plan.", (*_TALK, _C.PRIVATE_EQUITY, _C.TERMS_WANTED), (_P, _O)),
    _situation("S20", "Repayment terms", _G.TERMS, "A payment must be paid back in full, for long, or after a dismissal.", _CALL_FIRST, "Repayment by the month, for a year at most, only after leaving of your own will, net of tax.", "Arguing about the principle.", (*_TALK, _C.REPAYMENT_HARSH), (_P, _O)),
    _situation("S21", "Pay that you lose by leaving", _G.TERMS, "You leave stock or a bonus behind, with amounts and dates on record.", _CALL_FIRST, "What you lose, and a sign-on or faster vesting that makes it good; an offer to show it.", "Amounts without a record.", (*_TALK, _C.PAY_FORFEITED), (_N, _P, _O)),
    _situation("S22", "Items beside pay", _G.TERMS, "Cash and equity are settled, or one item would close.", _CALL_FIRST, "A short list in order of weight.", "Starting with these before cash and equity.", (*_TALK, _C.EXTRAS_WANTED), (_P, _O)),
    _situation("S23", "Something was promised in words", _G.PAPER, "Something better than the letter was said.", "In writing, the same day.", "Thanks, the list, the request for a revised letter.", "Deciding before it is on paper.", (*_TALK, _C.PROMISED_IN_WORDS), (_W, _P, _O)),
    _situation("S24", "Recap after a call, and the nudge", _G.PAPER, "A call is logged.", "E-mail within two hours; after two business days one friendly nudge; then a call.", "What was agreed, what stays open, the next date: exactly the log.", "New asks inside the recap.", (_C.OPEN, _C.WRITTEN, _C.CALL_LOGGED), (_W,)),
    _situation("S25", "The letter differs from what was agreed", _G.PAPER, "The new letter and the list of promises differ.", "In writing; ring first if it is a lot.", "Each line: agreed, and what the letter says.", "Assuming bad faith.", (*_TALK, _C.LETTER_DIFFERS), (_P, _O)),
    _situation("S26", "Your present employer counters", _G.DECIDE, "Their counter is on record as an offer of its own.", "A talk; confirm in writing.", "Why you set out to leave, whether it is in writing, promotion or stopgap.", "Waving the new employer's letter.", (_C.OPEN, _C.EMPLOYER_COUNTERED), (_W, _O)),
    _situation("S27", "Accept", _G.DECIDE, "All that was agreed is in the letter, or is knowingly left in words.", "In writing, with a thank-you call.", "Yes, which letter, the start date, one sentence of thanks.", "Accepting in words while points are open; resigning before conditions clear.", (_C.WRITTEN, _C.READY_TO_SIGN), (_W,)),
    _situation("S28", "Decline", _G.DECIDE, "You have decided against it.", "In writing, the same day; a call if you know them well.", "Short, warm, no numbers, the door open.", "Reasons that argue; a list of faults.", (_C.DECLINING,), (_W,)),
    _situation("S29", "Withdraw elsewhere", _G.DECIDE, "You signed, and others still wait.", "In writing, right after signing.", "Short, thankful, final.", "Keeping options open after signing.", (_C.ACCEPTED, _C.OTHERS_OPEN), (_W,)),
    _situation("S30", "The offer was changed or withdrawn", _G.DECIDE, "They took something back. It is rare, and it happens.", "Call, then in writing.", "Calm, the question for the reason in writing, what still stands.", "Reacting before you know why.", (_C.CHANGED_OR_WITHDRAWN,), (_O,)),
    _situation("S31", "Raise or promotion at the review", _G.AFTER, "You work there; the review is some weeks away.", "A meeting, with a one-page summary.", "Results against the goals, the market now, one figure, a question.", "Tenure, rent, comparisons with a named colleague.", (_C.ACCEPTED, _C.RESULTS_LOGGED, _C.MARKET_QUOTE), (_W, _N, _O)),
    _situation("S32", "Refresh or retention equity", _G.AFTER, "What vests in a year is about to fall.", "A meeting, with a short summary.", "The drop with its date, asked before it happens.", "Asking after it happened.", (_C.ACCEPTED, _C.EQUITY_FALLS), (_W, _N, _O)),
)  # fmt: skip

SITUATIONS: Final[Mapping[str, Situation]] = MappingProxyType({row.key: row for row in _ALL})


def standings(holding: frozenset[Condition]) -> tuple[Standing, ...]:
    """Return every situation with what it lacks, given the conditions that hold."""
    return tuple(
        Standing(
            situation,
            tuple(
                NEEDS[condition] for condition in situation.conditions if condition not in holding
            ),
        )
        for situation in _ALL
    )
