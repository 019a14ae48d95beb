"""The yearly (or quarterly) bonus: target, ceiling, guarantee."""

import re
from typing import Final

from offers.letters.draft import Draft
from offers.letters.letter import Letter, Match

_CUE: Final = re.compile(
    r"\b(?:bonus(?:es)?|(?:annual|short[- ]term|management|quality|performance|quarterly|cash|sales|monthly) (?:\w+ )?incentives?(?! stock)|incentive (?:target|opportunity|plan|scheme|program|compensation|payment|award|pay)|variable (?:remuneration|pay|compensation|component|part|bonus|target)|variable(?= ?[:|])|performance[- ]related pay|profit[- ]shar\w+|performance (?:award|pay)|annual award|sti\b)"
)
_OTHER_BONUS: Final = re.compile(
    r"\b(?:sign(?:ing)?(?:[- ]on)?|hiring|joining|welcome|relocation|moving|retention|referral|spot|starting|start|make-whole|buy-?out|one-time|equity|stock|long[- ]term|share|success|exit|transaction|patent|christmas|holiday)(?: cash)? (?:bonus(?:es)?|incentives?|award|payment)"
)
_NONE: Final = re.compile(
    r"\bno (?:\w+ ){0,3}(?:bonus|incentive|variable)|\bnot (?:be )?(?:eligible|entitled)[^.;{}]{0,40}\b(?:bonus|incentive)|\b(?:do|does) not (?:\w+ ){0,3}(?:have|offer|operate|pay|include|come with|carry)[^.;{}]{0,30}\b(?:bonus|incentive|variable)|\bbonus[^.;{}]{0,12} not applicable|\bbonus ?[:|] ?(?:none|n/a|not applicable)|\bwithout (?:a |any )?bonus"
)
_CONTINUES: Final = re.compile(
    r"\b(?:target|bonus|awards?|payout|plan|guarantee\w*|discretion\w*|opportunity|maximum|incentive|paid (?:out )?(?:quarterly|annually)|performance)\b"
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:sign(?:ing)?[- ]on|signing|relocat\w+|moving|options?|rsus?|restricted|shares|vest\w*|equity|401|pension|vacation|holiday|severance|start date|base (?:salary|pay) (?:will|is|of)|insurance|buy-?out|forfeit\w*)\b"
)
_UP_TO: Final = r"(?:up to|maximum(?: of)?|max\.?|capped at|cap(?: is| of)|not (?:to )?exceed|no more than|as (?:high|much) as|upper limit|ceiling of|limited to|at most)"
_OF_TARGET: Final = r"(?: of (?:your |the |this |that )?(?:\w+ )?(?:target|on-target)| of it\b)"
_PAID: Final = [
    ("quarterly", r"\b(?:quarterly|(?:per|each|every|a) (?:calendar |fiscal )?quarter)\b"),
    ("semiannual", r"\b(?:semi-?annual(?:ly)?|half-yearly|twice (?:a|per|each) year|bi-?annual(?:ly)?|every six months|in two halves)\b"),
    ("monthly", r"\b(?:monthly bonus|bonus[^.;]{0,30} (?:paid )?monthly|per month|each month)\b"),
    ("annual", r"\b(?:annual(?:ly)?|yearly|per (?:calendar |fiscal |performance )?year|each year|a year|per annum|fiscal year|performance year|calendar year|march salary)\b"),
]  # fmt: skip
_WORTH: Final = r" ?\((?:or|i\.e\.,?|approximately|about|currently|equal to|that is,?| )*<M:x>(?: (?:per year|a year|annually|at target))?\)"
_PERIOD_WORDS: Final = re.compile(
    r"\b(?:(?:for|in|during) (?:the |your )?)?(?P<period>(?:the |your )?first (?:full )?(?:performance |fiscal |calendar )?(?:year|twelve months|12 months)(?: of (?:employment|service))?|first[- ]year|\{u\d+\}|fiscal year 20\d\d|(?:the )?20\d\d (?:performance|fiscal|calendar|bonus|plan) year|(?:performance|calendar|bonus|plan) year 20\d\d|start date through \{d\d+\})"
)


def read_bonus(letter: Letter, draft: Draft) -> None:
    """Note target, ceiling and guarantee as percentages of base pay or as amounts."""
    stretches = _stretches(letter)
    if not stretches:
        return
    for start, end in stretches:
        _read_guarantee(letter, draft, start, end)
        _read_maximum(letter, draft, start, end)
        _read_target(letter, draft, start, end)
    figures = [path for path in draft.values if path.startswith("bonus.")]
    if draft.has("bonus.target_percent") and draft.get("bonus.max_percent") is None:
        _read_multiple(letter, draft, stretches)
    places = [draft.places[path][0] for path in figures]
    cue = next(
        (found for start, end in stretches if (found := _CUE.search(letter.low, start, end))), None
    )
    if not figures and not cue:
        return
    _read_manner(letter, draft, stretches)
    if not figures:
        if not draft.has("bonus.discretionary"):
            return
        places = [stretches[0]]
    token = next((token for token, _, _ in letter.tokens_in(places[0][0], places[0][1], "m")), None)
    currency = letter.currency(token) if token else None
    draft.put("bonus.currency", currency or draft.get("base_salary.currency"), *places[:1])


def _stretches(letter: Letter) -> list[tuple[int, int]]:
    """Return the sentences about the bonus, each with those that go on about it."""
    found: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(letter.sentences):
        sentence = letter.low[start:end]
        without = _OTHER_BONUS.sub(lambda match: "-" * len(match[0]), sentence)
        if not _CUE.search(without) or _NONE.search(sentence):
            continue
        if _OTHER_BONUS.search(sentence) and re.search(
            r"repay|repaid|reimburse|prorat|pro[- ]rat", sentence
        ):
            continue
        last = number
        while last + 1 < len(letter.sentences) and last - number < 3:
            following = letter.low[slice(*letter.sentences[last + 1])]
            if (_ELSEWHERE.search(following) and not re.search(r"\btarget\b", following)) or not (
                _CONTINUES.search(following) or len(following.split()) <= 2
            ):
                break
            last += 1
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], letter.sentences[last][1]))
        else:
            found.append((start, letter.sentences[last][1]))
    return found


def _ahead(letter: Letter, end: int, source: str) -> bool:
    return re.match(source, letter.low[end : end + 60]) is not None


def _is_of_target(letter: Letter, end: int) -> bool:
    return _ahead(letter, end, _OF_TARGET)


def _note(draft: Draft, kind: str, match: Match, name: str) -> None:
    token = match.token(name)
    if token is None:
        return
    if token.other is not None:
        draft.ask(
            f"bonus.{kind}_{'percent' if token.kind.value == 'p' else 'amount'}",
            "the figure can be read in two ways",
            [token.value, token.other],
            match.place(name),
        )
        return
    unit = "percent" if token.kind.value == "p" else "amount"
    value = int(token.value) if token.value == int(token.value) else token.value
    draft.put(f"bonus.{kind}_{unit}", value, match.place(name))


def _other_between(text: str) -> bool:
    return _ELSEWHERE.search(text) is not None or _OTHER_BONUS.search(text) is not None


def _read_target(letter: Letter, draft: Draft, start: int, end: int) -> None:
    if draft.has("bonus.target_percent") or draft.has("bonus.target_amount"):
        return
    for source in (
        r"\b(?:target\w*|on-target|ote|planned|at plan|expected)(?P<gap>[^{}.;]{0,80})<PM:x>",
        r"<PM:x>(?P<gap>[^{}.;]{0,60})\b(?:target|on-target|at plan)\b",
        r"\b(?:bonus(?:es)?|incentive|variable (?:pay|compensation|remuneration)|opportunity|award|profit[- ]shar\w+)(?P<gap>[^{}.;]{0,70})<PM:x>",
        r"<PM:x>(?P<gap>(?: annual| yearly| cash| performance| discretionary| quarterly)* )(?:bonus|incentive)\b",
    ):
        for match in letter.find_all(source, start, end):
            gap, (first, last) = match.text("gap") or "", match.place("x")
            token = match.token("x")
            if (
                _is_of_target(letter, last)
                or _other_between(gap)
                or token is None
                or (token.kind.value == "p" and token.value >= 100)
            ):
                continue
            lead = letter.low[max(start, first - 70) : first]
            if re.search(
                rf"(?:{_UP_TO}|between|range[sd]?|at least|not less than|no less than|minimum(?: of)?|guarantee\w*|above|over|exceed\w*|achiev\w*|first)[^{{}}.;]{{0,24}}$",
                lead,
            ) or re.search(r"\bguarante\w+|\bminimum\b|\bless than\b|\bachiev\w+", gap):
                continue
            if match.found[0].startswith("{") and re.search(
                r"\bguarante|\bup to\b|\bmaximum\b|\bmatch\w*|\bpension\b", gap
            ):
                continue
            if _OTHER_BONUS.search(letter.low[max(start, match.start - 16) : last]):
                continue
            _note(draft, "target", match, "x")
            _note_worth(letter, draft, last)
            return


def _note_worth(letter: Letter, draft: Draft, end: int) -> None:
    """Note the amount that stands in brackets right after a target in percent."""
    match = letter.find(_WORTH, end, min(len(letter.low), end + 80))
    token = match.token("x") if match else None
    is_beside = match is not None and match.start == end and draft.has("bonus.target_percent")
    if match and token and is_beside and token.other is None:
        _note(draft, "target", match, "x")


def _read_maximum(letter: Letter, draft: Draft, start: int, end: int) -> None:
    for source in (
        rf"\b{_UP_TO}(?P<gap>[^{{}}.;]{{0,30}})<PM:x>",
        r"\bbetween <PM:low>(?P<gap>[^{}.;]{0,24}) and <PM:x>",
        r"\bfrom <PM:low>(?P<gap>[^{}.;]{0,24}) to <PM:x>",
        r"<RS:x>(?P<gap>)",
        r"<PM:x>(?P<gap>) (?:maximum|max|cap)\b",
    ):
        for match in letter.find_all(source, start, end):
            token = match.token("x")
            _, last = match.place("x")
            if (
                token is None
                or _other_between(match.text("gap") or "")
                or _is_of_target(letter, last)
                or _is_of_target(letter, match.start)
                or token.other is not None
            ):
                continue
            if re.search(
                r"\b(?:match\w*|pension|contribut\w*|deferral)\b",
                letter.low[max(start, match.start - 60) : match.start],
            ):
                continue
            kind = "percent" if token.kind.value in "pr" else "amount"
            value = int(token.value) if token.value == int(token.value) else token.value
            draft.put(f"bonus.max_{kind}", value, match.place("x"))
            return


def _read_multiple(letter: Letter, draft: Draft, stretches: list[tuple[int, int]]) -> None:
    """Note a ceiling that is given as a multiple of the target."""
    target = draft.get("bonus.target_percent")
    for start, end in stretches:
        for source, scale in (
            (r"<N:x> times (?:your |the |that )?target", 1.0),
            (rf"\b(?:{_UP_TO}|to|and)(?: a)?[^{{}}.;]{{0,12}}<P:x>{_OF_TARGET}", 0.01),
            (rf"<R:x>{_OF_TARGET}", 0.01),
            (r"\bup to (?P<x>twice|double) (?:your |the |that )?target", 2.0),
        ):
            match = letter.find(source, start, end)
            if match is None:
                continue
            token = match.token("x") if match.text("x") not in {"twice", "double"} else None
            factor = token.value * scale if token else 2.0
            if factor > 1:
                value = round(target * factor, 4)
                draft.put(
                    "bonus.max_percent",
                    int(value) if value == int(value) else value,
                    match.range,
                    *draft.places["bonus.target_percent"],
                )
                return


def _read_guarantee(letter: Letter, draft: Draft, start: int, end: int) -> None:
    for source in (
        r"\b(?:guarantee[ds]?|no less than|not (?:be )?less than|at least|minimum|not (?:be )?below)(?P<gap>[^{}.;]{0,70})<M:x>",
        r"<M:x>(?P<gap>[^{}.;]{0,30})\b(?:guaranteed|is guaranteed|minimum)\b",
    ):
        match = letter.find(source, start, end)
        if (
            match
            and not _other_between(match.text("gap") or "")
            and not draft.has("bonus.guaranteed_amount")
        ):
            _note(draft, "guaranteed", match, "x")
            _note_period(letter, draft, match)
            break
    for source in (
        rf"\bguarantee[ds]?(?P<gap>[^{{}}.;]{{0,60}})<P:x>{_OF_TARGET}",
        rf"<P:x>{_OF_TARGET}(?P<gap>[^{{}}.;]{{0,60}})\bguarantee",
        r"\bguaranteed(?: to be paid| to pay| at least| at| not less than| no less than| of)* <P:x>(?P<gap>)(?= of (?:your |the )?target)",
    ):
        match = letter.find(source, start, end)
        if match:
            token = match.token("x")
            if token:
                draft.put("bonus.guaranteed_percent_of_target", token.value, match.place("x"))
                _note_period(letter, draft, match)
            break


def _note_period(letter: Letter, draft: Draft, match: Match) -> None:
    start, _ = letter.sentence_at(match.start)
    _, end = letter.sentence_at(max(match.start, match.end - 1))
    found = _PERIOD_WORDS.search(letter.low, start, end)
    if found:
        draft.put(
            "bonus.guaranteed_period", letter.words(*found.span("period")), found.span("period")
        )


def _read_manner(letter: Letter, draft: Draft, stretches: list[tuple[int, int]]) -> None:
    for start, end in stretches:
        found = re.compile(r"\bdiscretion(?:ary)?\b").search(letter.low, start, end)
        if found and not re.search(
            r"\b(?:after that|thereafter|in later years|subsequent|future)\b",
            letter.low[max(start, found.start() - 60) : found.start()],
        ):
            draft.put("bonus.discretionary", True, found.span())
        for name, source in _PAID:
            paid = re.compile(source).search(letter.low, start, end)
            if paid and any(path.startswith("bonus.") for path in draft.values):
                draft.put("bonus.paid", name, paid.span())
                break
