"""The first day of work, and how firm it is."""

import re
from datetime import date
from typing import Final

from offers.letters.draft import Draft
from offers.letters.fields.dates import ask_which_order, resolved
from offers.letters.letter import Letter, Match

_STRONG: Final = (
    r"(?:start(?:ing)? date|hire date|date of hire|entry date|commencement(?: date)?|date of commencement|first day(?: of (?:work|employment))?|start of employment|(?:employment|appointment|contract|position)(?: with [^{}.;]{1,50})?(?: will| shall| is| to| would| may|,)*(?: be)?(?: expected| scheduled| anticipated)?(?: to)? (?:commence|begin|start)|"
    r"(?:anticipated|expected|proposed|planned|tentative|target) (?:start|date of joining)|date of joining|joining date|(?:like|expect|want|need|ask|love|invite) (?:you|your employment) to (?:begin|start|join)|pencilled in|(?:you|we) (?:would|will|can|could|may|shall|agreed? that you)? ?(?:start|begin|commence|join)|(?:^|[.:] )start\b|whenever suits you|start work|report(?:ing)? for (?:work|duty)|plan to report)"
)
_GAP: Final = r"(?P<gap>(?:[^{}.]|\.(?! )){0,110})"
_STOP_WORDS: Final = re.compile(
    r"\b(?:through|until|anniversar\w*|expire\w*|accept\w*|sign(?:ed|ing)?|valid|repay\w*|vest\w*|bonus|after|prior to|grants?|granted|ends? on|ending|fiscal|plan|coverage|insurance|base salary|compensation)\b"
)
_WEAK: Final = r"(?:with effect (?:from|on)|as of|join(?:ing)?|starting|effective|commencing|beginning|onboard(?:ing)?|start)"
_BACKWARD: Final = r"<D:day>(?: \([^()]{0,40}\))? (?:(?:for|as) your (?:first day|start)|\(?(?:the |your )?\"?(?:as (?:your |the )?)?(?:start(?:ing)? date|commencement date|first day)|is your (?:start|first))"
_OPEN: Final = r"(?:start(?:ing)? date|entry date|commencement(?: date)?|first day|date of joining|joining date|start|employment will (?:begin|start|commence))[^{}.;]{0,60}?\b(?P<open>to be (?:mutually )?(?:agreed|confirmed|determined|decided|discussed|advised|set)|tbd|tba|tbc|(?:mutually )?agreed(?: upon)? (?:later|between|by)|will be (?:confirmed|agreed|set|determined|communicated)|upon (?:\w+ ){0,3}(?:clearance|completion|approval|receipt|visa)|once (?:your|the|you)|as soon as|subject to (?:your )?(?:visa|notice|work permit))"
_NO_LATER: Final = re.compile(
    r"\b(?:no(?:t)? later than|on or before|at (?:the )?latest|latest by|by|before)\b[^{}]{0,20}$"
)
_ABOUT: Final = re.compile(r"\bon or (?:about|around)\b[^{}]{0,12}$")
_ROUGH: Final = re.compile(
    r"\b(?:around|about|approximately|circa|anticipat\w+|expect\w*|tentative(?:ly)?|pencil+ed|target(?:ed|ing)?|proposed|provisional(?:ly)?|planned|roughly|hope|aim\w*|ideally|estimated)\b"
)
_AT_THE_LATEST: Final = (
    r",?(?: but| and)?(?: in any (?:event|case))? (?:no|not) later than(?: the)? <D:day>"
)
_OR_EARLIER: Final = re.compile(r"^,? \(?or (?:such |an? |any )?(?:other )?earlier (?:date|day)")
_FLEXIBLE: Final = re.compile(
    r"^[^{}.]{0,20}(?:or (?:such|another|any other|a) (?:other |later |mutually )?|but (?:that|this|it|we)|\(?(?:flexible|negotiable)|or as (?:otherwise )?(?:mutually )?agreed)"
)


def read_start_date(letter: Letter, draft: Draft, letter_date: date | None) -> None:
    """Note the day and its qualifier."""
    for source in (rf"{_STRONG}{_GAP}<D:day>", _BACKWARD, rf"\b{_WEAK}\b{_GAP}<D:day>"):
        for match in letter.find_all(source):
            if _noted(letter, draft, match, letter_date, is_weak=source.startswith(r"\b")):
                return
    found = letter.find(_OPEN)
    if found:
        draft.put("start_date.date", None)
        draft.put("start_date.qualifier", "to_be_agreed", found.range)


def _noted(
    letter: Letter, draft: Draft, match: Match, letter_date: date | None, *, is_weak: bool
) -> bool:
    token = match.token("day")
    gap = match.text("gap") or ""
    if token is None or _STOP_WORDS.search(gap):
        return False
    start, end = match.place("day")
    before = letter.low[max(0, match.start - 30) : start]
    if re.search(
        r"\b(?:of|from|after|following|before|within|until|through) (?:the |your |our )?(?:\w+ )?$",
        letter.low[max(0, match.start - 24) : match.start],
    ) and not gap.strip().startswith(("is", "will", "of", ",", "(")):
        return False
    if match.found[0].startswith("as of") and not re.search(
        r"\b(?:offer|employ\w*|contract|position|role|join)\b",
        letter.low[letter.sentence_at(match.start)[0] : match.start],
    ):
        return False
    if is_weak:
        sentence = letter.low[slice(*letter.sentence_at(match.start))]
        if re.search(
            r"\b(?:bonus|vest\w*|plan year|coverage|insurance|benefits|salary|repay\w*|offer (?:is|remains|expires)|options?|rsus?|accept|insur\w+)\b",
            sentence,
        ) and not re.search(r"\b(?:join|offer you|position|role)\b", sentence[: match.start + 200]):
            return False
    day = resolved(token, letter_date)
    limit = letter.find(_AT_THE_LATEST, end, min(len(letter.low), end + 60)) if not day else None
    last = limit.token("day") if limit else None
    if limit and last and last.as_date and not last.other_date and limit.start == end:
        draft.put("start_date.date", last.as_date.isoformat(), limit.place("day"))
        draft.put("start_date.qualifier", "no_later_than", limit.range)
        return True
    if letter_date and day and day < letter_date:
        return False
    if token.other_date:
        ask_which_order(draft, "start_date", token, (start, end))
        return True
    qualifier = "exact"
    if _ABOUT.search(before):
        qualifier = "on_or_about"
    elif _NO_LATER.search(before) or (day and _OR_EARLIER.search(letter.low[end : end + 40])):
        qualifier = "no_later_than"
    elif day is None or _ROUGH.search(before) or _FLEXIBLE.search(letter.low[end : end + 60]):
        qualifier = "approximate"
    if day is None and not token.is_partial and token.month is not None:
        draft.ask("start_date", "which year?", [], (start, end))
        return True
    draft.put("start_date.date", day.isoformat() if day else None, (start, end))
    draft.put("start_date.qualifier", qualifier, (match.start, end))
    return True
