"""What vests early when the company is sold, or on a dismissal after that."""

import re
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.letter import Letter
from offers.letters.reading import Value

_SALE: Final = re.compile(
    r"\b(?:change (?:in|of) control|acqui(?:red|sition)|merger|(?:sale|sell|selling) (?:of )?(?:the |our |substantially )?(?:company|business|all)|on an exit|upon an exit|exit event|corporate transaction|takeover|we(?: are| get|'re) (?:bought|acquired|sold)|company is (?:acquired|sold|bought)|double[- ]trigger|single[- ]trigger|liquidity event|on exit)\b"
)
_EFFECT: Final = re.compile(
    r"\b(?:accelerat\w*|vests?\b(?! (?:over|monthly|quarterly|annually|as follows|each))|shall vest|become(?:s)? (?:fully )?vested|fully vested|deemed (?:to have (?:been )?)?(?:met|satisf\w+|vested)|(?:rest|remainder|all) vests?|credited with|vesting credit|of (?:additional |accelerated |further )?vesting\b|receive (?:an )?(?:additional|extra))\b"
)
_DISMISSAL: Final = re.compile(
    r"\b(?:terminat\w+|dismiss\w+|without cause|good reason|fires? you|let go|involuntar\w+|ended by|laid off|resign\w*|lose your (?:job|position|role)|made redundant|constructive\w*)\b|\bdouble[- ]trigger\b"
)
_NOTHING: Final = re.compile(
    r"\b(?:no|not|without|never|nor)\b[^.;{}]{0,40}\b(?:accelerat\w+|vest)|\bforfeit\w*\b"
)
_CREDIT: Final = r"<U:credit3> of (?:additional |accelerated |further )?vesting|(?:additional|extra|further|credit\w*|as if)[^{}.;]{0,50}<U:credit>|<U:credit2>(?: of| worth of)? (?:additional|extra|further|acceler\w+|vesting credit|credit)"
_PART: Final = r"(?P<part><PF>)(?: \(<N>\))?(?: of)?(?: (?:the|your|any|all|whatever|each|then))*(?: is| then)?(?:[- ](?:outstanding|remaining))?[- ](?:unvested|not yet vested|remaining|outstanding|shares|award|options?|rsus?|grant|equity|unvested)|\b(?:accelerat\w*|vest)[^{}.;]{0,50}(?P<part2><PF>)|(?P<part3><PF>) (?:acceleration|accelerated|double|single)"
_WHOLE: Final = re.compile(
    r"\b(?:all|full|fully|in full|entire|remaining|rest|each award shall vest|every)\b"
)
_WINDOW: Final = [
    r"\b(?:ending|and|to|through|until)(?: on)?(?: the date that is)? <U:window>(?: \w+)? (?:after|following)",
    r"\b(?:within|in|during)(?: the)?(?: period of)? ?<U:window>(?: \w+){0,2} (?:after|following|of|from|the)",
    r"\b(?:within|in|during)(?: the)? <U:window>",
    r"<U:window> (?:after|following) (?:the |such |a |an |that |closing)",
    r"<A:window> of (?:the |such |a )?(?:change|closing|acquisition|sale|exit)",
]


def read_acceleration(letter: Letter, draft: Draft, path: str, stretches: list[Place]) -> None:
    """Note the triggers that the sentences name outright."""
    entries: list[dict[str, Value]] = []
    places: list[Place] = []
    for start, end in stretches:
        position = start
        while position < end:
            first, last = letter.sentence_at(position)
            text = letter.low[max(first, start) : min(last, end)]
            sale = _SALE.search(text)
            without_fault = text.replace("no fault", "fault")
            if sale and _EFFECT.search(text) and not _NOTHING.search(without_fault):
                for entry, place in _entries(letter, max(first, start), min(last, end)):
                    if entry["trigger"] not in {one["trigger"] for one in entries}:
                        entries.append(entry)
                        places.append(place)
            position = max(last, position + 1)
    if entries:
        draft.put(path, entries, *places)


def _entries(letter: Letter, start: int, end: int) -> list[tuple[dict[str, Value], Place]]:
    """Return the triggers of one sentence; one on the sale itself and one on a dismissal can share it."""
    text = letter.low[start:end]
    dismissal = _DISMISSAL.search(text)
    if dismissal is None:
        return [(_entry(letter, "single", start, end), (start, end))]
    cut = re.search(r"(?:[;,]| and)(?: and)?,? (?:if|should|in addition|where|when|upon)\b", text)
    if cut and cut.start() < dismissal.start():
        former = text[: cut.start()]
        if _SALE.search(former) and _EFFECT.search(former):
            middle = start + cut.start()
            return [
                (_entry(letter, "single", start, middle), (start, middle)),
                (_entry(letter, "double", middle, end), (middle, end)),
            ]
    return [(_entry(letter, "double", start, end), (start, end))]


def _entry(letter: Letter, trigger: str, start: int, end: int) -> dict[str, Value]:
    percent: float | None = None
    months: float | None = None
    credit = letter.find(_CREDIT, start, end)
    token = (
        (credit.token("credit") or credit.token("credit2") or credit.token("credit3"))
        if credit
        else None
    )
    if token and token.months and token.other is None:
        months = token.months[0]
    part = letter.find(_PART, start, end)
    if part:
        measure = part.token("part") or part.token("part2") or part.token("part3")
        if measure:
            percent = measure.value * (100 if measure.kind.value == "f" else 1)
    elif months is None and _WHOLE.search(letter.low, start, end):
        percent = 100.0
    entry: dict[str, Value] = {
        "trigger": trigger,
        "percent": _clean(percent),
        "months_credit": _clean(months),
    }
    if trigger == "double":
        entry["window_months"] = _window(letter, start, end, months)
    return entry


def _window(letter: Letter, start: int, end: int, credit: float | None) -> float | None:
    for source in _WINDOW:
        for match in letter.find_all(source, start, end):
            token = match.token("window")
            if token and token.months and token.months[0] != credit:
                return _clean(token.months[0])
    return None


def _clean(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 2)
