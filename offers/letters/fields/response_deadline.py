"""Until when the offer can be accepted."""

import re
from calendar import monthrange
from datetime import date, timedelta
from math import ceil
from typing import Final

from offers.letters.draft import Draft
from offers.letters.fields.dates import ask_which_order, resolved
from offers.letters.letter import Letter, Match
from offers.letters.tokens import Token

_CUE: Final = r"(?:(?:have|given)(?= until)|expir\w+|laps\w+|valid|(?:remain|stay|keep|held|hold|is|are|be)\w*[^{}.;]{0,24} open|open(?= (?:until|through|till|for|to)\b)|accept\w*|return\w*|repl(?:y|ies)|respond\w*|response|sign(?:ed|ing|ature)?|countersign\w*|decision|decide|let (?:me|us) know|hear (?:back )?from you|withdrawn?|deadline|indicate|confirm(?:ation)?|send (?:the letter|it|this|a)|answer|get back to (?:us|me)|say yes|available(?= until)|good(?= (?:until|through|till))|rescind\w*|terminate)"
_GAP: Final = r"(?P<gap>(?:[^{}.]|\.(?! )|<HUN>){0,170}?)"
_BOUND: Final = r"(?P<bound>by|until|till|through|thru|on or before|no later than|not later than|before|on|at|to|:|\||received by|due|is|expires|through to|latest)"
_STATED: Final = rf"{_CUE}{_GAP}\b{_BOUND}?(?: |: ?|\| ?)(?:(?:the )?(?:close of business|end of (?:the )?(?:day|business)|cob|eod|c\.o\.b\.)(?: on| of|,)? ?)?(?:<H:early>[ ,]*(?:on |of )?)?(?:next \w+ \()?<D:day>(?:[ ,]*(?:at|by|before|\()? ?<H:late>)?"
_FIRST: Final = r"\b(?P<bound>by|before|no later than|on or before) (?P<gap>)(?:<H:early>[ ,]*(?:on |of )?)?<D:day>,? (?:at <H:late>,? )?(?:please |kindly |you (?:must|should|need to) )?(?:confirm|sign|return|accept|reply|respond|let (?:me|us) know)"
_RELATIVE: Final = rf"(?:{_CUE}|you have){_GAP}(?:within|for|in|until|after|at the end of|by)?(?: the)?(?: next| a period of| period of)? ?<U:count>(?P<after>[^{{}}.;]{{0,60}})"
_FROM_LETTER: Final = re.compile(
    r"^[^{}.;]{0,24}\b(?:of|from|after|following|since)\b[^{}.;]{0,10}\b(?:the )?date (?:of|on|at the top of|above|hereof|first)|^[^{}.;]{0,20}(?:of|from|after) (?:the date hereof|today)|^[^{}.;]{0,20}\b(?:from|of|after) (?:this|the) (?:letter|offer)(?:'s date)?"
)
_FROM_RECEIPT: Final = re.compile(
    r"\breceipt\b|\breceiv\w+|\byou get\b|\bdelivery\b|\breaches you\b|\bto (?:decide|consider|accept|respond|reply)\b"
)
_SOFT: Final = re.compile(
    r"\b(?:let (?:me|us) know|hear (?:back )?from you|would (?:appreciate|love|be grateful)|ideally|hope (?:to|you)|if (?:you can|possible)|appreciate|get back to (?:us|me)|aim to)\b"
)
_OTHER_MATTERS: Final = re.compile(
    r"\b(?:start date|begin (?:work|employment)|first day|benefits? (?:enrol|elect)\w*|background|form i|repay\w*|vest\w*|anniversar\w*|exercise|grant|relocat\w*|bonus|insurance|probation|payroll|references? (?:by|no later)|handbook|invoice|onboarding|supersede\w*|replaces?|enrol\w*|medical|visa)\b"
)
_OTHER_PAPERS: Final = re.compile(
    r"\b(?:confidentiality|non-?disclosure|nda|invention|arbitrat\w*|appeal|notice)\b"
)
_STRENGTH: Final = re.compile(
    r"(?:expir|laps|valid|open|deadline|withdraw|offer|accept|sign|return|reply|respond|confirm|indicate|decision|decide|answer|hear|good|until)"
)


def read_response_deadline(letter: Letter, draft: Draft, letter_date: date | None) -> None:
    """Note the last day to answer, or that it counts from the receipt of the letter."""
    found = [
        (match, day, token)
        for source in (_STATED, _FIRST)
        for match in letter.find_all(source)
        if (token := match.token("day")) and (day := _last_day(letter, match, token, letter_date))
    ]
    days = {day for _, day, token in found if not token.other_date}
    if len(days) > 1:
        firm = [
            (match, day, token) for match, day, token in found if not _SOFT.search(match.found[0])
        ]
        days = {day for _, day, _ in firm} or days
        found = firm or found
    if len(days) > 1:
        places = [match.place("day") for match, _, _ in found]
        draft.ask(
            "response_deadline",
            "two different dates to answer by",
            sorted(day.isoformat() for day in days),
            *places,
        )
        return
    if found:
        _note_stated(letter, draft, found)
        return
    _note_relative(letter, draft, letter_date)


def _last_day(letter: Letter, match: Match, token: Token, letter_date: date | None) -> date | None:
    start = match.start
    sentence_start, sentence_end = letter.sentence_at(match.place("day")[0])
    if start < sentence_start - 2 and "." in letter.low[start : match.place("day")[0]].replace(
        "p.m.", ""
    ):
        return None
    sentence = letter.low[max(sentence_start, start - 120) : min(sentence_end, match.end + 40)]
    if _OTHER_MATTERS.search(match.text("gap") or "") or re.search(
        r"\b(?:start date|first day|commence\w*|begin)\b[^{}]{0,60}$",
        letter.low[sentence_start : match.place("day")[0]],
    ):
        return None
    if match.text("bound") is None and not re.match(
        r"(?:deadline|expir|valid|open|good)", match.found[0]
    ):
        return None
    if not _STRENGTH.search(sentence) and not _SOFT.search(sentence):
        return None
    bound = match.text("bound") or ""
    if bound in {"on", "at", "is", "to"} and not re.search(
        r"expir|laps|withdraw|deadline|valid|terminate",
        letter.low[max(sentence_start, start - 20) : match.place("day")[0]],
    ):
        return None
    day = resolved(token, letter_date)
    if day is None or (letter_date and day < letter_date):
        return None
    return day


def _note_stated(letter: Letter, draft: Draft, found: list[tuple[Match, date, Token]]) -> None:
    match, day, token = found[0]
    place = match.place("day")
    if token.other_date:
        ask_which_order(draft, "response_deadline", token, place)
        return
    sentence_start, _ = letter.sentence_at(place[0])
    is_soft = all(
        _SOFT.search(
            letter.low[min(one.start, letter.sentence_at(one.place("day")[0])[0]) : one.end]
        )
        is not None
        and not re.search(
            r"expir|laps|valid|open until|withdraw|deadline", letter.low[one.start : one.end]
        )
        for one, _, _ in found
    )
    draft.put("response_deadline.date", day.isoformat(), *(one.place("day") for one, _, _ in found))
    for one, _, _ in found:
        clock = one.token("early") or one.token("late")
        if clock:
            name = "early" if one.token("early") else "late"
            draft.put("response_deadline.time", clock.clock, one.place(name))
            break
    draft.put(
        "response_deadline.basis",
        "soft_request" if is_soft else "stated_date",
        (max(sentence_start, match.start), place[1]),
    )


def _note_relative(letter: Letter, draft: Draft, letter_date: date | None) -> None:
    for match in letter.find_all(_RELATIVE):
        token = match.token("count")
        after = match.text("after") or ""
        start, end = match.place("count")
        sentence_start, sentence_end = letter.sentence_at(start)
        sentence = letter.low[sentence_start:sentence_end]
        if token is None or match.start < sentence_start - 2 or token.other is not None:
            continue
        if not re.search(
            r"\b(?:offer|letter|accept\w*|decide|decision|answer|respond|reply|sign\w*)\b", sentence
        ) and not re.search(r"\bremains? open\b", sentence):
            continue
        if _OTHER_PAPERS.search(sentence) and not re.search(r"\boffer|\bletter\b", sentence):
            continue
        if _OTHER_MATTERS.search(sentence) or token.unit not in {"day", "week", "hour", "month"}:
            continue
        if _FROM_LETTER.search(after):
            if letter_date is None or token.unit == "hour":
                draft.ask(
                    "response_deadline",
                    "counted from the date of the letter, which is not clear",
                    [],
                    (start, end),
                )
                return
            day = _counted(letter_date, token)
            draft.put("response_deadline.date", day.isoformat(), (start, end))
            draft.put("response_deadline.basis", "relative_to_letter_date", (start, match.end))
            return
        if _FROM_RECEIPT.search(after) or re.search(
            r"\breceipt|\breceiv|\byou have\b", letter.low[sentence_start:start]
        ):
            draft.put("response_deadline.date", None)
            draft.put(
                "response_deadline.basis",
                "relative_to_receipt",
                (start, min(match.end, sentence_end)),
            )
            draft.ask(
                "response_deadline.date",
                "the letter counts from the day you received it: which day was that?",
                [],
                (start, min(match.end, sentence_end)),
            )
            return
        if re.search(r"\b(?:open|valid|expires?|laps\w+)\b", letter.low[match.start : start]):
            choices = (
                [_counted(letter_date, token).isoformat()]
                if letter_date and token.unit != "hour"
                else []
            )
            draft.ask(
                "response_deadline",
                "how long is stated, counted from when is not",
                choices,
                (start, end),
            )
            return


def _counted(start: date, token: Token) -> date:
    """Return the day that many days, weeks or working days later."""
    count = ceil(token.value)
    if token.unit == "week":
        return start + timedelta(weeks=count)
    if token.unit == "month":
        years, month = divmod(start.month - 1 + count, 12)
        last = monthrange(start.year + years, month + 1)[1]
        return date(start.year + years, month + 1, min(start.day, last))
    if not token.is_business:
        return start + timedelta(days=count)
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
