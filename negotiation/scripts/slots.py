"""The slots that templates may name: what kind of fact goes in, and which records may supply it."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class SlotKind(StrEnum):
    """What a fact is, which decides how it is checked and laid out."""

    TEXT = "text"
    MONEY = "money"
    PHRASE = "phrase"
    """Words around figures, such as `80,000 options (0.10%)`; each figure is bound like any other."""
    COUNT = "count"
    DATE = "date"
    ITEMS = "items"
    """A list, each item with a source of its own. It stands alone on its line."""


class SourceKind(StrEnum):
    """Which record a fact comes from."""

    OFFER = "offer"
    REVISION = "revision"
    ASK = "ask"
    BENCHMARK = "benchmark"
    NETWORK = "network"
    COMPETING = "competing"
    LEDGER = "ledger"
    CALL = "call"
    QUESTION = "question"
    CALENDAR = "calendar"
    STATEMENT = "statement"


class Place(StrEnum):
    """Where a missing fact is added."""

    OFFER = "offer"
    LETTER = "letter"
    ASK = "ask"
    MARKET = "market"
    STATEMENTS = "statements"
    QUESTIONS = "questions"
    LEDGER = "ledger"
    CALLS = "calls"
    OTHER_OFFER = "other_offer"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot of the catalogue."""

    name: str
    kind: SlotKind
    origins: frozenset[SourceKind]
    label: str
    missing: str
    place: Place
    example: str
    is_fixed: bool = False
    """The words are ours; a person confirms that they are true and types nothing."""
    may_state_amounts: bool = False
    """Its words may name amounts that stand in no other record, because this is their record."""

    @property
    def is_competing(self) -> bool:
        return self.origins == {SourceKind.COMPETING}


_S = SourceKind
_K = SlotKind
_P = Place
_MARKET: Final = (_S.BENCHMARK, _S.NETWORK)


def _slot(
    name: str,
    kind: SlotKind,
    origins: tuple[SourceKind, ...],
    label: str,
    missing: str,
    place: Place,
    example: str,
    **flags: bool,
) -> Slot:
    return Slot(
        name=name,
        kind=kind,
        origins=frozenset(origins),
        label=label,
        missing=missing,
        place=place,
        example=example,
        **flags,
    )


_ALL: Final = (
    # the offer and its letter
    _slot("contact", _K.TEXT, (_S.OFFER,), "Who you talk to", "Add the name of your contact to the offer.", _P.OFFER, "Dana"),
    _slot("role", _K.TEXT, (_S.OFFER,), "The role", "Add the job title to the offer.", _P.OFFER, "Senior ML engineer"),
    _slot("level", _K.TEXT, (_S.OFFER,), "The level", "Add the level to the offer; ask for it if the letter does not say.", _P.OFFER, "Senior"),
    _slot("company", _K.TEXT, (_S.OFFER,), "The company", "Add the company to the offer.", _P.OFFER, "Bellwether AI"),
    _slot("letter_date", _K.DATE, (_S.REVISION,), "Date of the letter", "Record the written offer with its date.", _P.LETTER, "16 November 2026"),
    _slot("respond_by", _K.DATE, (_S.OFFER,), "The date they named", "Add the date by which they want an answer, if they named one.", _P.OFFER, "23 November 2026"),
    _slot("start_date", _K.DATE, (_S.OFFER,), "Start date", "Add the start date to the offer.", _P.OFFER, "11 January 2027"),
    _slot("base_offered", _K.MONEY, (_S.REVISION,), "Base salary offered", "Add the base salary that the letter states.", _P.LETTER, "$265,000"),
    _slot("equity_offered", _K.PHRASE, (_S.REVISION,), "Equity offered", "Add the equity that the letter states.", _P.LETTER, "64,000 options (0.08%)"),
    _slot("repayment_terms", _K.PHRASE, (_S.REVISION,), "Repayment terms", "Record the payment and whether it must be paid back.", _P.LETTER, "the $40,000 sign-on bonus, repaid in full when leaving within 24 months"),
    _slot("missing_details", _K.ITEMS, (_S.REVISION,), "What the letter leaves out", "Nothing is missing in the letter on record.", _P.LETTER, "the bonus target and what was paid in recent years"),
    _slot("accepted_terms", _K.ITEMS, (_S.REVISION,), "Terms of the letter", "Record the written offer first.", _P.LETTER, "Base salary: $265,000"),
    _slot("equity_drop", _K.PHRASE, (_S.REVISION,), "What vests less", "Record the grant with its vesting schedule.", _P.LETTER, "from $100,000 a year to nothing after 11 January 2031"),
    # the ask
    _slot("base_ask", _K.MONEY, (_S.ASK,), "Base salary you ask for", "Build the ask and confirm its base salary.", _P.ASK, "$290,000"),
    _slot("equity_ask", _K.PHRASE, (_S.ASK,), "Equity you ask for", "Build the ask and confirm its equity.", _P.ASK, "80,000 options (0.10%)"),
    _slot("sign_on_ask", _K.MONEY, (_S.ASK,), "Sign-on bonus you ask for", "Build the ask and confirm its sign-on bonus.", _P.ASK, "$60,000"),
    _slot("bonus_ask", _K.PHRASE, (_S.ASK,), "Bonus you ask for", "Build the ask and confirm its bonus.", _P.ASK, "a target bonus of 20%"),
    _slot("main_ask", _K.PHRASE, (_S.ASK,), "What you ask for first", "Build the ask and confirm at least one component.", _P.ASK, "the equity to 80,000 options"),
    _slot("full_ask", _K.PHRASE, (_S.ASK,), "The whole ask in one phrase", "Build the ask and confirm its components.", _P.ASK, "a base of $290,000 and 80,000 options"),
    _slot("asked_items", _K.ITEMS, (_S.ASK,), "The ask, line by line", "Build the ask and confirm its components.", _P.ASK, "Base salary: $290,000 (the letter says $265,000)"),
    _slot("closing_ask", _K.PHRASE, (_S.ASK,), "The one item that would settle it", "Add one closing item to the ask, such as the sign-on or a dated review.", _P.ASK, "a sign-on bonus of $60,000"),
    _slot("gap", _K.MONEY, (_S.ASK,), "What is left to your target, a year", "Build the ask; the gap follows from it.", _P.ASK, "$24,000"),
    _slot("option_a", _K.PHRASE, (_S.ASK,), "First package", "Build the ask and let it propose packages of equal value.", _P.ASK, "a sign-on bonus of $60,000"),
    _slot("option_b", _K.PHRASE, (_S.ASK,), "Second package", "Build the ask and let it propose packages of equal value.", _P.ASK, "12,000 more options with a sign-on bonus of $25,000"),
    _slot("level_ask", _K.PHRASE, (_S.ASK,), "Level you ask for", "Add the level to the ask.", _P.ASK, "Staff"),
    _slot("term_asks", _K.ITEMS, (_S.ASK, _S.QUESTION), "Terms you ask for", "Add a term to the ask, or record answers to the equity questions.", _P.ASK, "a longer time to exercise after leaving"),
    _slot("extra_items", _K.ITEMS, (_S.ASK, _S.STATEMENT), "Items beside pay", "Add what matters to you beside pay to the ask.", _P.ASK, "two remote days a week"),
    # the market
    _slot("range_of", _K.TEXT, _MARKET, "What the range measures", "Collect market data that match the role and level.", _P.MARKET, "base salary"),
    _slot("range_low", _K.MONEY, _MARKET, "Low end of the range", "Collect market data that match the role and level.", _P.MARKET, "$270,000"),
    _slot("range_high", _K.MONEY, _MARKET, "High end of the range", "Collect market data that match the role and level.", _P.MARKET, "$310,000"),
    _slot("sources", _K.TEXT, _MARKET, "Sources of the range", "Collect market data that match the role and level.", _P.MARKET, "two surveys"),
    _slot("n", _K.COUNT, _MARKET, "How many packages", "Collect market data that match the role and level.", _P.MARKET, "42"),
    _slot("as_of", _K.DATE, _MARKET, "Date of the data", "Collect market data that match the role and level.", _P.MARKET, "1 October 2026"),
    _slot("market_gap", _K.MONEY, _MARKET, "Distance to the market", "Collect market data that match the role and level.", _P.MARKET, "$31,000"),
    # another written offer, from its own record only
    _slot("competing_name", _K.TEXT, (_S.COMPETING,), "The other company", "Record the other offer, in writing and still open.", _P.OTHER_OFFER, "another company"),
    _slot("competing_base", _K.MONEY, (_S.COMPETING,), "Its base salary", "Record the other offer's base salary from its letter.", _P.OTHER_OFFER, "$285,000"),
    _slot("competing_equity", _K.PHRASE, (_S.COMPETING,), "Its equity", "Record the other offer's equity from its letter.", _P.OTHER_OFFER, "4,000 RSUs"),
    _slot("competing_respond_by", _K.DATE, (_S.COMPETING,), "When it wants an answer", "Record the date that the other offer names.", _P.OTHER_OFFER, "27 November 2026"),
    # promises, calls, results
    _slot("promised_items", _K.ITEMS, (_S.LEDGER,), "Promised in words only", "Log what was promised on a call first.", _P.LEDGER, "Base salary: $280,000"),
    _slot("differences", _K.ITEMS, (_S.LEDGER,), "Agreed, and what the letter says", "Record the revised letter and what was agreed.", _P.LEDGER, "Agreed: sign-on bonus $60,000. The letter says: $40,000."),
    _slot("agreed_points", _K.ITEMS, (_S.CALL,), "What was agreed on the call", "Log the call with what was agreed.", _P.CALLS, "Base salary: $280,000"),
    _slot("open_points", _K.ITEMS, (_S.CALL,), "What stayed open on the call", "Log the call with what stayed open.", _P.CALLS, "Dana asks finance about the sign-on bonus"),
    _slot("call_date", _K.DATE, (_S.CALL,), "Day of the call", "Log the call.", _P.CALLS, "19 November 2026"),
    _slot("wins", _K.ITEMS, (_S.LEDGER,), "Results you logged", "Log your results; one a month makes a case.", _P.LEDGER, "Cut training cost by a third (cost report of March)"),
    # the equity questions
    _slot("open_questions", _K.ITEMS, (_S.QUESTION,), "Equity questions still open", "Every question that applies is answered.", _P.QUESTIONS, "How many shares are there, fully diluted?"),
    _slot("key_question", _K.TEXT, (_S.QUESTION,), "The question that matters most", "Record which question was declined or stayed unclear.", _P.QUESTIONS, "Which percentage does my grant represent?"),
    # the calendar
    _slot("decision_date", _K.DATE, (_S.CALENDAR,), "Day of your answer", "Add when you received the offer.", _P.PLAN, "23 November 2026"),
    _slot("extension_date", _K.DATE, (_S.CALENDAR,), "Day you ask for", "Say in your statements until when you need time.", _P.STATEMENTS, "30 November 2026"),
    _slot("call_day_one", _K.DATE, (_S.CALENDAR,), "First day for a call", "The answer is due too soon for a call; ask for time first.", _P.PLAN, "19 November 2026"),
    _slot("call_day_two", _K.DATE, (_S.CALENDAR,), "Second day for a call", "The answer is due too soon for a call; ask for time first.", _P.PLAN, "20 November 2026"),
    _slot("review_date", _K.DATE, (_S.CALENDAR,), "Date of the review", "Accept the offer with its start date first.", _P.PLAN, "11 January 2028"),
    # what you confirmed as true
    _slot("team_reason", _K.TEXT, (_S.STATEMENT,), "What draws you to this team", "Write one concrete, true reason, such as what you saw in the interviews.", _P.STATEMENTS, "the evaluation work that your team showed me"),
    _slot("value_reason", _K.TEXT, (_S.STATEMENT,), "What you bring to this team", "Write one sentence on what you bring, with an outcome.", _P.STATEMENTS, "I have shipped the kind of ranking system that your roadmap needs."),
    _slot("true_reason", _K.TEXT, (_S.STATEMENT,), "Why you need time", "Write the true reason why you need more time.", _P.STATEMENTS, "a final interview"),
    _slot("preference", _K.TEXT, (_S.STATEMENT,), "You prefer this offer", "Confirm that you prefer this offer, only if you do.", _P.STATEMENTS, "I would rather join you", is_fixed=True),
    _slot("would_sign", _K.TEXT, (_S.STATEMENT,), "You would sign", "Confirm that you would sign, only if it is true.", _P.STATEMENTS, "With that in the revised letter I would sign", is_fixed=True),
    _slot("is_elsewhere", _K.TEXT, (_S.STATEMENT,), "You are in the last stage elsewhere", "Confirm that another process is in its last stage, only if it is.", _P.STATEMENTS, "I am in the last stage of another process", is_fixed=True),
    _slot("is_counter", _K.TEXT, (_S.STATEMENT,), "The other offer is your employer's counter", "Confirm that the other offer on record is your present employer's counter.", _P.STATEMENTS, "Your counter is on record", is_fixed=True),
    _slot("scope_evidence", _K.TEXT, (_S.STATEMENT,), "Scope of the work", "Write which scope the interviews described, and what you have done at that scope.", _P.STATEMENTS, "owning the training platform for three teams"),
    _slot("forfeited", _K.PHRASE, (_S.STATEMENT,), "Pay you lose by leaving", "Record what you lose by leaving, with amounts and dates.", _P.STATEMENTS, "$38,000 of stock that vests on 1 March 2027", may_state_amounts=True),
    _slot("posted_range", _K.PHRASE, (_S.STATEMENT,), "Range in the job posting", "Record the range that the posting states.", _P.STATEMENTS, "$240,000 to $290,000", may_state_amounts=True),
    _slot("stay_reason", _K.TEXT, (_S.STATEMENT,), "What would have to change", "Write why you set out to leave, and what would have to be different.", _P.STATEMENTS, "I want to own a product area"),
)  # fmt: skip

SLOTS: Final[Mapping[str, Slot]] = MappingProxyType({slot.name: slot for slot in _ALL})
STATEMENT_SLOTS: Final = tuple(slot for slot in _ALL if _S.STATEMENT in slot.origins)
# A range says what it is, from whom, how many and when: all of it or none.
QUOTE: Final = frozenset({"range_of", "range_low", "range_high", "sources", "n", "as_of"})


def closest_slot(name: str) -> str:
    """Return the slot that somebody probably meant, or nothing."""
    return next(iter(get_close_matches(name, SLOTS, n=1, cutoff=0.6)), "")
