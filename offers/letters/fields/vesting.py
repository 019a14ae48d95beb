"""Vesting schedules in all the ways they are told."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.letter import Letter
from offers.letters.reading import Value
from offers.letters.tokens import Token

_VEST: Final = re.compile(
    r"\b(?:vest(?:s|ed|ing)?|earn out|cliff|instal\w+|become exercisable|lapse of restrictions|released?)\b"
)
_NOT_SCHEDULE: Final = re.compile(
    r"\b(?:change (?:in|of) control|acquired|accelerat\w+|good reason|without cause|on an exit|terminat\w+|dismiss\w+|after you leave|401|company (?:money|match|contribution)|sign-on|matching contribution|employer contribution)\b"
)
_PERIODS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FREQUENCIES: Final = [
    ("quarterly", re.compile(r"\b(?:quarterly|each (?:calendar |full )?quarter|every (?:calendar )?(?:quarter|three months|\{u\d+\} months)|per quarter|a quarter(?= (?:thereafter|after|until|over|,))|end of (?:each|every) quarter|quarter-end)\b")),
    ("semiannual", re.compile(r"\b(?:semi-?annual(?:ly)?|half-?yearly|every six months|each half[- ]year|per half[- ]year|every half[- ]year|twice a year)\b|\b(?:per|every|each) \{u\d+\}(?= until|\.| for)")),
    ("monthly", re.compile(r"\b(?:monthly|(?:each|every|per|a) (?:calendar |full |successive |additional |completed )?month\b(?! of (?:the )?(?:grant|start))|month by month|month-by-month)")),
    ("annual", re.compile(r"\b(?:annual(?:ly)?|yearly|(?:each|every|per|a) (?:full )?year|each anniversary|on (?:each|every) (?:of the )?anniversar\w+)\b")),
]  # fmt: skip
_OVER: Final = r"\b(?:over|during|across|throughout|through|for)(?: a(?:n)?| the| your| period of| total of| first| next| following| further| subsequent| additional| remaining)* ?(?:period of )?<U:span>"
_TOTAL: Final = [
    r"<U:span> vest\b",
    r"<U:span>(?:'s?)?(?: total| standard| overall| graded| linear| time-based| straight-line)? vest(?:ing)?(?: schedule| period)?",
    r"\bvest\w*(?: [a-z-]+){0,6}? (?:over|across|in)(?: a| the| your| period of| total)*(?: period of)? <U:span>",
    r"\b(?:schedule|period)(?: is| of|:)* <U:span>",
    r"\bfully vested (?:after|at|in|on) (?:the end of )?<UA:span>",
    r"\bearn out over <U:span>",
]
_CLIFF: Final = [
    r"<U:cliff> (?:vesting )?cliff",
    r"\bthe first(?: (?:instal\w+|tranche|part|vesting|quarter))?(?: \w+){0,2}? (?:after|on|at)(?: the)? <UA:cliff>",
    r"\bcliff(?: of| period of| after| at|:| is| being)* ?<UA:cliff>",
    r"\bnothing vests? (?:until|before|for|in)(?: the)? <UA:cliff>",
    r"\bnothing vests? (?:until|before) (?:the end of )?month <N:cliff>",
]
_NO_CLIFF: Final = re.compile(
    r"\b(?:no (?:vesting )?(?:cliff|waiting period)|without (?:a |any )?cliff|from (?:the|your) (?:first|very first) (?:month|day|quarter)|starting (?:in|with|from) (?:the |your )?(?:first month|month one|day one)|no one-year cliff)\b"
)
_FIRST_PART: Final = [
    r"<PF:part>(?: \(<N>\))?(?: of (?:the |your |these |this |such |that )?[^{}.;:]{0,50})?(?: will| shall| would| are| is| become| becomes| to)* ?(?:vest(?:s|ed|ing)?|earned|exercisable)?(?: and become exercisable)?[^{}.;:]{0,16}?(?:on|upon|after|at|once|when|following|by)(?P<gap>(?: (?!each|every)[a-z'-]+){0,9}?) <UA:when>",
    r"\b(?:after|on|at|upon|once|when|following)(?: (?!each|every)[a-z]+){0,8}? <UA:when>(?: [a-z' ]{0,40})?(?:,|:)? ?(?P<gap>)<PF:part>",
    r"\bfirst <PF:part>(?P<gap>[^{}.;]{0,40}) <UA:when>",
    r"<PF:part>(?P<gap>[^{}.;]{0,30})(?P<year>after (?:your|the) first year|on completion of (?:your|the) first year|at the end of (?:your|the) first year|after (?:a|one) year)",
    r"\b(?P<year>after (?:your|the) first year|at the end of (?:your|the) first year|after (?:a|one) year)[^{}.;]{0,30}(?P<gap>)<PF:part>",
]
_REST: Final = re.compile(
    r"\b(?:remain\w*|rest|balance|thereafter|after that|following|subsequent|then|next)\b"
)
_LEFT_OVER: Final = re.compile(r"\b(?:remain\w*|balance|rest)\b")
_IN_PARTS: Final = re.compile(r"\b(?:equal|monthly|quarterly|successive|instal\w+)\b")
_GOES_ON: Final = re.compile(
    r"\b(?:next|following|remaining|subsequent|further|additional|ensuing|thereafter)\b"
)
_REST_SPAN: Final = r"\b(?:over|in|during|across|for)(?: the| a| period of)*(?: next| following| subsequent| remaining| further| ensuing)*(?: period of)? ?<U:span>"
_INSTALMENTS: Final = r"<N:count>(?: \w+)?(?: substantially)?(?: equal| successive| consecutive| approximately)*(?: substantially equal)? (?P<every>monthly|quarterly|annual|yearly|semi-?annual|half-yearly) (?:instal\w+|tranches|parts|steps|portions|vest\w*)"
_EVEN_INSTALMENTS: Final = (
    r"\b(?:in )?<N:count>(?: substantially)? equal (?:instal\w+|tranches|parts)"
)
_EACH: Final = r"<PF:part>(?P<gap>[^{}.;]{0,60}?)\b(?:each|every|per|a|on each of the|at the end of (?:each|every)|on (?:each|every))(?: subsequent| additional| successive| full| completed| calendar| of the| following| of your)* ?(?P<every>(?:month|quarter|year|anniversary|half[- ]year)\b|<U>)"
_EACH_ADVERB: Final = r"<PF:part>(?P<gap>[^{}.;]{0,60}?)\b(?P<every>monthly|quarterly|annually|yearly|semi-annually)\b"
_REPEATED: Final = r"<PF:part>[^{}.;]{0,40}?\b(?:every|each|per) (?P<every>(?:month|quarter|year|half[- ]year)\b|<U>)[^{}.;]{0,30}?\b(?:over|for|during)(?: the| your| a)?(?: remaining| next| following| last| final| subsequent)* ?<U:span>"
_ANNIVERSARIES: Final = (
    r"<PF:part>(?P<gap>[^{}.;]{0,80}?)\b(?:each|every)? ?(?:of )?(?:the |your )?<A:list>"
)
_EQUAL_SPAN: Final = r"\b(?:ratably|rateably|evenly|equal(?:ly)?|linear(?:ly)?|straight-line|pro rata)\b(?P<gap>[^{}.;]{0,60}?)<U:span>"
_SPAN_EQUAL: Final = r"\bover <U:span>(?P<gap>[^{}.;]{0,60}?)\b(?:ratably|evenly|equal\w*|linear\w*|straight-line|pro rata)\b"
_AT_END: Final = [
    r"\bvest(?:s|ing|ed)? (?:in full |fully |100% |entirely |<P> )?(?:on|after|at|upon|at the end of)(?: the| a| your| end of| completion of)* <UA:end>(?! (?:and|for|as to)\b)",
    r"\b(?:cliff[- ]vest\w*|vest\w*)[^{}.;]{0,30}(?:at the end of|after) (?:a |the )?<U:end>(?: performance| cliff| vesting)? period",
    r"<U:end> cliff vest(?:ing)?\b(?! and)",
]
_AT_ONCE: Final = re.compile(
    r"\b(?:fully|immediately|100%) vested (?:at|on|upon|as of|when) (?:the )?(?:grant|date of grant|issue|issuance|start)|\bvests? (?:in full |fully |immediately )+(?:at|on|upon) (?:the )?(?:grant|date of grant|start)|\bvest(?:s|ed)? immediately\b"
)
_PERFORMANCE: Final = re.compile(
    r"\bperformance (?:conditions?|goals?|criteria|targets?|metrics?|period|hurdles?|share|stock|milestones?)|\b(?:milestones?|share price targets?|tsr)\b|\bpsus?\b"
)
_STEP: Final = r"<PF:part>(?P<gap>[^{}.;]{0,70}?)(?P<months>(?:<U>|<A>|month <N>|months <N>|(?:your |the )?(?:first|second|third|fourth|fifth|sixth)(?: (?:full )?year)?(?! anniversar)|\bat the end of year <N>|year <N>|year one|<N>)(?:(?:, | and |, and )(?:<U>|<N>|<A>)(?! (?:%|of)))*)"
# Of one instalment: 416 a month are meant for 15,000 in 36 months.
_ROUNDED_AWAY: Final = 0.1
_THINGS: Final = r"(?: (?:of the|of your|rsus?|units|shares|options|will|shall|vest|vests|vesting|more|and become exercisable))*"
_UNITS_EACH: Final = rf"<N:first>{_THINGS} (?:on|after|at|upon)(?: the| your| completion of)* ?<UAD:when>[^{{}}.;]{{0,60}}?<N:later>{_THINGS}(?: (?:on|at|in|the|end|last|first|day|of))* (?:each|every|per)(?: calendar| full| successive| subsequent| additional)* ?(?P<every>(?:month|quarter|year|half[- ]year)\b|<U>)"
_UNITS_VEST: Final = r"<N:part>(?: (?:of (?:the|your|these)|rsus?|(?:restricted )?(?:stock |share )?units|shares|options|will|shall))*,? vest\w*"
_STEP_BEFORE: Final = r"(?P<months>\b(?:months? <N>|<U>|<A>|year <N>|year one|(?:in |over |during )?(?:the |your )?(?:first|second|third|fourth|fifth|sixth) year)):? ?(?:-|:|=|\(|\|)? ?<P:part>"
_ORDINAL_YEARS: Final = {"first": 12.0, "second": 24.0, "third": 36.0, "fourth": 48.0, "fifth": 60.0, "sixth": 72.0}  # fmt: skip


_PERIOD_WORDS: Final = re.compile(r"\b(?:months?|quarters?|years?|remain\w*|rest|anniversary)\b")
_CLIFF_THEN_EACH: Final = re.compile(
    r"\{[pf]\d+\}[^.;]{0,40}\b(?:after|on|upon|at) [^.;{}]{0,24}\{[ua]\d+\}.{0,60}"
    r"\b(?:per|each|every|monthly|quarterly|annually)\b"
)
_NAMES: Final = {1: "monthly", 3: "quarterly", 6: "semiannual", 12: "annual"}


@dataclass(slots=True)
class _Schedule:
    months: float | None = None
    cliff_months: float | None = None
    cliff_percent: float | None = None
    frequency: str | None = None
    custom: list[dict[str, float]] | None = None
    places: dict[str, Place] = field(default_factory=dict)

    def of(self, name: str) -> Value:
        """Return what is known so far under a name."""
        return getattr(self, name)

    def set(self, name: str, value: Value, place: Place) -> None:
        """Keep the first value found."""
        if value is not None and getattr(self, name) is None:
            setattr(self, name, value)
            self.places[name] = place


def read_vesting(
    letter: Letter, draft: Draft, path: str, stretches: list[Place], quantity: float | None
) -> None:
    """Note the schedule that the first sentences about vesting tell.

    Parameters
    ----------
    quantity : units of the grant, for schedules told in units.
    """
    for start, end in _sentences_about(letter, stretches):
        schedule = _Schedule()
        _read_steps(letter, schedule, start, end, quantity)
        _read_cliff(letter, schedule, start, end)
        _read_rest(letter, schedule, start, end)
        _read_totals(letter, schedule, start, end, quantity)
        _complete(letter, schedule, start, end)
        if schedule.months is None:
            continue
        whole = (start, end)
        performance = _PERFORMANCE.search(letter.low, start, end)
        draft.put(f"{path}.months", _clean(schedule.months), schedule.places.get("months", whole))
        for name in ("cliff_months", "cliff_percent"):
            value = getattr(schedule, name)
            draft.put(f"{path}.{name}", _clean(value), schedule.places.get(name, whole))
        draft.put(f"{path}.frequency", schedule.frequency, schedule.places.get("frequency", whole))
        draft.put(f"{path}.custom", schedule.custom, schedule.places.get("custom", whole))
        draft.put(
            f"{path}.performance",
            performance is not None,
            performance.span() if performance else whole,
        )
        return


def _clean(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 2)


def _sentences_about(letter: Letter, stretches: list[Place]) -> list[Place]:
    """Return the runs of sentences that tell of vesting in time."""
    runs: list[Place] = []
    for start, end in stretches:
        position = start
        while position < end:
            first, last = letter.sentence_at(position)
            first, last = max(first, start), min(last, end)
            text = letter.low[first:last]
            about = _VEST.search(text) or _is_told_without_the_word(
                letter, first, last, is_first=not runs, is_next=bool(runs) and runs[-1][1] == first
            )
            if about and not _NOT_SCHEDULE.search(_clip(text)):
                if runs and runs[-1][1] >= first and runs[-1][0] >= start:
                    runs[-1] = (runs[-1][0], last)
                else:
                    runs.append((first, last))
            position = max(last, position + 1)
    return runs


def _is_told_without_the_word(
    letter: Letter, start: int, end: int, *, is_first: bool, is_next: bool
) -> bool:
    """Return whether a sentence that never says "vest" tells a schedule all the same."""
    text = letter.low[start:end]
    if is_next:
        return bool(re.search(r"\{[pf]\d+\}", text) and _PERIOD_WORDS.search(text))
    if not is_first:
        return False
    parts = [token.value for token, _, _ in letter.tokens_in(start, end, "p")]
    is_whole = len(parts) > 1 and abs(sum(parts) - 100) < 0.6 and _PERIOD_WORDS.search(text)
    return bool(is_whole or _CLIFF_THEN_EACH.search(text))


def _clip(text: str) -> str:
    """Return a sentence up to a clause about leaving, which often follows the schedule."""
    return (
        re.split(r"\b(?:subject to|provided|as long as|so long as|while|contingent)\b", text)[0]
        or text
    )


def _share(token: Token) -> float:
    return token.value * 100 if token.kind.value == "f" else token.value


def _months_of(token: Token | None) -> float | None:
    if token is None or token.other is not None:
        return None
    if token.kind.value == "n":
        return token.value
    return token.months[0] if token.months and token.unit != "day" else None


def _read_steps(
    letter: Letter, schedule: _Schedule, start: int, end: int, quantity: float | None
) -> None:
    """Read a list of parts and dates that makes a whole."""
    for read in (
        _steps_after,
        _steps_before,
        _steps_in_units,
        _steps_on_dates,
        _steps_in_units_each,
    ):
        steps = read(letter, start, end, quantity)
        months = [month for month, _, _ in steps]
        total = sum(part for _, part, _ in steps)
        if len(steps) < 2 or abs(total - 100) > 0.6 or months != sorted(set(months)):
            continue
        place = (min(where[0] for _, _, where in steps), max(where[1] for _, _, where in steps))
        parts = [part for _, part, _ in steps]
        gaps = {
            round(later - former, 3) for former, later in zip([0.0, *months], months, strict=False)
        }
        is_even = max(parts) - min(parts) < 0.6 and len(gaps) == 1
        schedule.set("months", months[-1], place)
        every = (
            {1.0: "monthly", 3.0: "quarterly", 6.0: "semiannual", 12.0: "annual"}.get(
                next(iter(gaps))
            )
            if len(gaps) == 1
            else None
        )
        spoken = _frequency(letter, start, end)
        if is_even:
            schedule.set("frequency", every, place)
            schedule.set("cliff_months", months[0], place)
            schedule.set("cliff_percent", round(100 / len(parts), 2), place)
            return
        later_gaps = {round(later - former, 3) for former, later in pairwise(months)}
        if (
            len(steps) > 3
            and len(later_gaps) == 1
            and max(parts[1:]) - min(parts[1:]) < 0.01
            and abs(parts[0] - 100 * months[0] / months[-1]) < 0.3
        ):  # a cliff, then equal parts: no schedule of its own
            schedule.set("cliff_months", months[0], place)
            schedule.set("cliff_percent", round(parts[0], 2), place)
            schedule.set("frequency", _NAMES.get(int(next(iter(later_gaps)))), place)
            return
        schedule.custom = [
            {"month": int(month), "percent": _clean(part) or 0.0} for month, part, _ in steps
        ]
        schedule.places["custom"] = place
        if _NO_CLIFF.search(letter.low, start, end):
            schedule.set("cliff_months", 0.0, place)
            schedule.set("frequency", spoken, place)
        elif spoken in {"monthly", "quarterly"}:
            schedule.set("frequency", spoken, place)
        else:
            schedule.set("cliff_months", months[0], place)
            schedule.set("cliff_percent", parts[0], place)
            schedule.set("frequency", every, place)
        return


_Step = tuple[float, float, Place]


def _steps_after(letter: Letter, start: int, end: int, _: float | None) -> list[_Step]:
    steps: list[_Step] = []
    for match in letter.find_all(_STEP, start, end):
        token = match.token("part")
        gap = match.text("gap") or ""
        if token is None or re.search(
            r"\b(?:each month|monthly thereafter|every|quarterly)\b", gap
        ):
            continue
        lead = letter.low[max(start, match.start - 20) : match.start] + gap
        around = gap + letter.low[match.end : match.end + 30]
        if _LEFT_OVER.search(lead) and _IN_PARTS.search(around):
            return []  # "the remaining 75% in 36 equal monthly instalments" is no step of its own
        months = _months_in(letter, match.text("months") or "", match.place("months"), steps)
        if not months:
            continue
        each = re.search(r"\b(?:each|every)\b", gap) or len(months) > 1
        if len(months) > 1 and not each:
            return []
        steps.extend((month, _share(token), match.range) for month in months)
    return _with_repeated(letter, steps, end)


def _with_repeated(letter: Letter, steps: list[_Step], end: int) -> list[_Step]:
    """Return the steps, and after them "20% every six months over the remaining two years"."""
    if not steps:
        return steps
    match = letter.find(_REPEATED, steps[0][2][0], end)
    part = match.token("part") if match else None
    span = _months_of(match.token("span")) if match else None
    every = _every(letter, match.text("every") or "") if match else None
    if match is None or part is None or span is None or every is None:
        return steps
    before = [step for step in steps if step[2][0] < match.start]
    if not before:
        return steps
    start = before[-1][0]
    count = round(span / every)
    return [*before, *((start + every * n, _share(part), match.range) for n in range(1, count + 1))]


def _months_in(letter: Letter, text: str, place: Place, steps: list[_Step]) -> list[float]:
    ordinal = re.match(r"(?:your |the )?(first|second|third|fourth|fifth|sixth)\b", text.strip())
    if ordinal:
        return [_ORDINAL_YEARS[ordinal[1]]]
    if "year one" in text:
        return [12.0]
    months: list[float] = []
    scale = 12.0 if re.search(r"\byears? \{n", text) else 1.0
    tokens = letter.tokens_in(place[0], place[1], "una")
    for token, _, _ in tokens:
        if token.kind.value == "a":
            months.extend(token.months)
        elif token.kind.value == "u" and token.months and token.unit != "day":
            months.append(token.months[0])
        elif token.kind.value == "n":
            unit = next(
                (
                    later.unit
                    for later, _, _ in tokens
                    if later.kind.value == "u" and later.start > token.start
                ),
                None,
            )
            if unit is None and scale == 1.0 and "month" not in text:
                if not steps:
                    return []
                scale = 12.0 if token.value <= 6 and steps[-1][0] >= 12 else 1.0
            months.append(token.value * (12.0 if unit == "year" else scale))
    return months


def _steps_before(letter: Letter, start: int, end: int, _: float | None) -> list[_Step]:
    steps: list[_Step] = []
    for match in letter.find_all(_STEP_BEFORE, start, end):
        token = match.token("part")
        months = _months_in(
            letter,
            re.sub(r"^\s*(?:in|over|during) ", "", match.text("months") or ""),
            match.place("months"),
            steps,
        )
        if token and len(months) == 1:
            steps.append((months[0], _share(token), match.range))
    return steps


def _steps_in_units(letter: Letter, start: int, end: int, quantity: float | None) -> list[_Step]:
    """Read steps told as counts of units at anniversaries, months or after periods."""
    if not quantity:
        return []
    steps: list[_Step] = []
    for match in letter.find_all(
        r"<N:part>(?: (?:of the )?(?:rsus?|units|shares|options|will|vest|vests|more|and become exercisable))*(?P<gap>[^{}.;]{0,30}?)\b(?:on|after|at|in)(?: the| your| month| completing)* ?<UAN:when>",
        start,
        end,
    ):
        token, when = match.token("part"), match.token("when")
        month = _months_of(when)
        if token is None or month is None or token.value >= quantity or token.value < 2:
            continue
        steps.append((month, 100 * token.value / quantity, match.range))
    return steps


def _steps_in_units_each(
    letter: Letter, start: int, end: int, quantity: float | None
) -> list[_Step]:
    """Read a first count of units and a smaller one for every period after it.

    The first count on a bare date stands for as many periods as it holds units of one; a count that
    does not go evenly into what is left tells no schedule.
    """
    match = letter.find(_UNITS_EACH, start, end) if quantity else None
    first = match.token("first") if match else None
    later = match.token("later") if match else None
    every = _every(letter, match.text("every") or "") if match else None
    if match is None or first is None or later is None or not quantity or not every:
        return []
    if first.other is not None or later.other is not None or first.value >= quantity:
        return []
    left = (quantity - first.value) / later.value if later.value >= 1 else 0.0
    count = round(left)
    uneven = abs(left - count) > _ROUNDED_AWAY
    when = match.token("when")
    held = first.value / later.value if later.value else 0.0
    is_day = when is not None and when.kind.value == "d"
    month = held * every if is_day else _months_of(when)
    if uneven or not 1 <= count <= 120 or month is None or month != int(month):
        return []
    place = match.range
    steps = [(float(month), 100 * first.value / quantity, place)]
    return steps + [
        (month + every * number, 100 * later.value / quantity, place)
        for number in range(1, int(count) + 1)
    ]


def _steps_on_dates(letter: Letter, start: int, end: int, _: float | None) -> list[_Step]:
    """Read parts on dates a constant number of months apart; the first is one such step in."""
    found = [
        (token, part, match.range)
        for match in letter.find_all(r"<P:part>(?: \w+){0,4}? on <D:day>", start, end)
        if (token := match.token("day")) and (part := match.token("part"))
    ]
    days = [(token.year or 0) * 12 + (token.month or 0) for token, _, _ in found]
    gaps = {later - former for former, later in pairwise(days)}
    if len(gaps) != 1 or not all(token.as_date and not token.other_date for token, _, _ in found):
        return []
    step = gaps.pop()
    if step not in {3, 6, 12}:
        return []
    return [
        (float(step * number), part.value, where)
        for number, (_, part, where) in enumerate(found, start=1)
    ]


def _frequency(letter: Letter, start: int, end: int) -> str | None:
    text = letter.low[start:end]
    found = [
        (match.start(), name) for name, source in _FREQUENCIES if (match := source.search(text))
    ]
    return min(found)[1] if found else None


def _read_cliff(letter: Letter, schedule: _Schedule, start: int, end: int) -> None:
    if schedule.custom or schedule.cliff_months is not None:
        return
    for source in _CLIFF:
        match = letter.find(source, start, end)
        months = _months_of(match.token("cliff")) if match else None
        if match and months is not None:
            schedule.set("cliff_months", months, match.range)
            break
    for source in _FIRST_PART:
        match = letter.find(source, start, end)
        part = match.token("part") if match else None
        if match is None or part is None or (part.kind.value == "f" and part.value < 1 / 20):
            continue
        months = 12.0 if match.text("year") else _months_of(match.token("when"))
        when = match.token("when")
        if months is None or (when and len(when.months) > 1) or _share(part) >= 100:
            continue
        if schedule.of("cliff_months") not in {None, months}:
            continue
        if re.search(r"\b(?:each|every|remain\w*|balance|rest|over)\b", match.text("gap") or ""):
            continue
        schedule.set("cliff_months", months, match.range)
        schedule.set("cliff_percent", round(_share(part), 2), match.range)
        break


def _read_rest(letter: Letter, schedule: _Schedule, start: int, end: int) -> None:
    """Read how it goes on after the cliff, or from the beginning."""
    if schedule.custom or schedule.months is not None:
        return
    cliff, part = schedule.cliff_months, schedule.cliff_percent
    count = letter.find(_INSTALMENTS, start, end)
    if count:
        number = count.token("count")
        every = {"mon": 1, "qua": 3, "ann": 12, "yea": 12, "sem": 6, "hal": 6}[
            (count.text("every") or "")[:3]
        ]
        name = _NAMES[every]
        if number and number.other is None and 1 < number.value <= 120:
            schedule.set("frequency", name, count.range)
            length = number.value * every
            if cliff and part and _REST.search(letter.low, start, count.end + 20):
                schedule.set("months", cliff + length, count.range)
            else:
                schedule.set("months", length, count.range)
                first = letter.find(r"\bfirst(?: \w+){0,3} <UA:when>", start, end)
                if cliff is None and (
                    every == 12 or (first and _months_of(first.token("when")) == every)
                ):
                    schedule.set("cliff_months", float(every), count.range)
                    schedule.set("cliff_percent", round(100 / number.value, 2), count.range)
            return
    each = letter.find(_EACH, start, end) or letter.find(_EACH_ADVERB, start, end)
    while each and schedule.months is None:
        token = each.token("part")
        period = _every(letter, each.text("every") or "")
        share = _share(token) if token else 0.0
        is_cliff = re.search(r"\b(?:then|followed by)\b", each.text("gap") or "")
        if token and period and 0.5 < share < 60 and not is_cliff:
            every, name = period, _NAMES[period]
            schedule.set("frequency", name, each.range)
            of_rest = _LEFT_OVER.search(each.text("gap") or "") is not None
            rest = 100 - part if part and cliff and not of_rest else 100.0
            steps = rest / share
            if abs(steps - round(steps)) < 0.06 * max(1, steps / 10):
                length = round(steps) * every + (cliff or 0 if part else 0)
                stated = letter.find(r"\bfor <U:span>", each.end, min(end, each.end + 60))
                if stated is None or _months_of(stated.token("span")) in {length, None}:
                    schedule.set("months", float(length), each.range)
                    if cliff is None and every == 12 and part is None:
                        schedule.set("cliff_months", 12.0, each.range)
                        schedule.set("cliff_percent", round(share, 2), each.range)
        each = letter.find(_EACH, each.end, end)
    together = letter.find(_ANNIVERSARIES, start, end)
    listed = together.token("list") if together else None
    if together and listed and len(listed.months) > 1:
        token = together.token("part")
        if token and abs(_share(token) * len(listed.months) - 100) < 1.5:
            schedule.set("months", listed.months[-1], together.range)
            schedule.set("frequency", "annual", together.range)
            schedule.set("cliff_months", listed.months[0], together.range)
            schedule.set("cliff_percent", round(100 / len(listed.months), 2), together.range)
    if schedule.months is None and cliff and part:
        for match in letter.find_all(_REST_SPAN, start, end):
            months = _months_of(match.token("span"))
            lead = letter.low[max(start, match.start - 110) : match.end]
            is_later = match.start > schedule.places["cliff_percent"][0]
            if not (months and is_later and _REST.search(lead)):
                continue
            if abs((100 - part) / part * cliff - months) < 0.5 or _GOES_ON.search(lead[-60:]):
                schedule.set("months", cliff + months, match.range)
                break


def _every(letter: Letter, written: str) -> int | None:
    if written.startswith("{"):
        months = _months_of(letter.token_of(written))
        return int(months) if months in {1.0, 3.0, 6.0, 12.0} else None
    return {
        "month": 1,
        "monthly": 1,
        "quarterly": 3,
        "annually": 12,
        "yearly": 12,
        "semi-annually": 6,
        "quarter": 3,
        "year": 12,
        "anniversary": 12,
    }.get(written, 6 if written.startswith("half") else None)


def _read_totals(
    letter: Letter, schedule: _Schedule, start: int, end: int, quantity: float | None
) -> None:
    if schedule.months is None:
        for source in (*_TOTAL, _EQUAL_SPAN, _SPAN_EQUAL, _OVER):
            for match in letter.find_all(source, start, end):
                months = _months_of(match.token("span"))
                if months is None or months < 6 or months > 120:
                    continue
                lead = letter.low[max(start, match.start - 60) : match.end]
                if re.search(
                    r"\b(?:remain\w*|rest|balance|next|following|subsequent|thereafter)\b", lead
                ) and source in (*_TOTAL[1:2], _EQUAL_SPAN, _SPAN_EQUAL, _OVER):
                    continue
                schedule.set("months", months, match.range)
                break
            if schedule.of("months") is not None:
                break
    if (
        schedule.of("months") is None
        and not letter.tokens_in(start, end, "f")
        and not _is_only_some(letter, start, end, quantity)
        and not any(token.value < 100 for token, _, _ in letter.tokens_in(start, end, "p"))
    ):
        for source in _AT_END:
            once = letter.find(source, start, end)
            months = _months_of(once.token("end")) if once else None
            if once and months:
                schedule.set("months", months, once.range)
                schedule.set("cliff_months", months, once.range)
                schedule.set("cliff_percent", 100.0, once.range)
                schedule.set("frequency", "at_end", once.range)
                break
    if schedule.of("months") is None:
        at_once = _AT_ONCE.search(letter.low, start, end)
        if at_once:
            schedule.set("months", 0.0, at_once.span())
            schedule.set("cliff_months", 0.0, at_once.span())


def _is_only_some(letter: Letter, start: int, end: int, quantity: float | None) -> bool:
    """Return whether what vests on a day is told as fewer units than were granted."""
    parts = (match.token("part") for match in letter.find_all(_UNITS_VEST, start, end))
    return quantity is not None and any(part and part.value < quantity for part in parts)


def _complete(letter: Letter, schedule: _Schedule, start: int, end: int) -> None:
    """Fill in what follows from what was said."""
    if schedule.months is None or schedule.custom or schedule.months == 0:
        return
    if schedule.frequency is None:
        text = letter.low[start:end]
        found = [
            (match.start(), name, match)
            for name, source in _FREQUENCIES
            if (match := source.search(text))
        ]
        if found:
            _, name, match = min(found, key=lambda item: item[0])
            schedule.set("frequency", name, (start + match.start(), start + match.end()))
    even = re.search(
        r"\b(?:equal\w*|ratabl[ey]|rateably|evenly|linear\w*|pro rata)\b", letter.low[start:end]
    )
    if schedule.cliff_months is None and _NO_CLIFF.search(letter.low, start, end):
        found_none = _NO_CLIFF.search(letter.low, start, end)
        if found_none:
            schedule.set("cliff_months", 0.0, found_none.span())
    if (
        schedule.cliff_months is None
        and schedule.frequency == "annual"
        and (even or schedule.months in {24.0, 36.0, 48.0, 60.0})
    ):
        schedule.set("cliff_months", 12.0, schedule.places["months"])
        schedule.set("cliff_percent", round(1200 / schedule.months, 2), schedule.places["months"])
    if (
        schedule.cliff_months
        and schedule.cliff_percent is None
        and schedule.frequency in {"monthly", "quarterly"}
        and schedule.cliff_months < schedule.months
    ):
        schedule.set(
            "cliff_percent",
            round(100 * schedule.cliff_months / schedule.months, 2),
            schedule.places["cliff_months"],
        )
