"""What has to be given back on leaving early."""

import re
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.letter import Letter

REPAY: Final = re.compile(
    r"\b(?:re-?pay\w*|repaid|pay(?:s|ing)? back|pay(?:s|ing)? (?:it|this|that|them|the [a-z]+) back|ask for (?:it|this|that|them|the [a-z]+) back|paid back|give[ns]? back|return(?:s|ed)? (?:a |the |it|this|that|any|all|pro)|reimburse (?:\{|the company|us|[a-z]+ (?:\{|for|the|one)|[a-z]+ \{)|refund\w*|(?:be|is|are) reimbursed(?= pro| in full| by you| to the)|claw(?:ed)?[- ]?back|recover(?:s|ed|able)?|recoup\w*|owe)\b"
)
_NOT: Final = re.compile(
    r"\b(?:nothing|no|not|without|never)\b[^.;{}]{0,40}\b(?:given? back|repa\w+|claw|refund\w*|(?:be|is|are) reimbursed(?= pro| in full| by you| to the)|repayable|repayment)|\b(?:separate|enclosed|attached) (?:\w+ )?(?:repayment|clawback|retention)? ?agreement\b"
)
_PRORATED: Final = r"\b(?:pro[- ]?rat\w*|proportion\w*|reduc\w+ by <F>|<F> (?:of|for|per|each|a month)[^.;]{0,60}\bmonth|less <F>|minus <F>|declin\w+|decreas\w+|for each (?:full |complete\w* |whole )?month|every (?:full |complete\w* )?month|in equal monthly steps|amorti[sz]\w+|unearned (?:portion|part)|monthly basis|by <F>|multiplied by a fraction)"
_NOT_PRORATED: Final = re.compile(r"\b(?:no|not|without|never)\b[^.;{}]{0,16}\bpro[- ]?rat\w*")
_WHOLE: Final = r"\b(?:no proration|not (?:be )?pro-?rated|without proration|(?:re-?pay\w*|return|refund|repaid|back)(?: to)?(?: the company| us)?[^.;{}]{0,24}(?:in full|the (?:full|whole|entire|gross)|<P> of|the total|all of|100)|(?:in|the) (?:full|entire|whole)(?: (?:gross|net|amount|sum|bonus|after-tax))*|the whole|full (?:gross |net )?amount|in its entirety|repayable in full|entirety)"
_PERIOD: Final = (
    r"\b(?:within|before (?:completing|you (?:complete|have completed)|the end of)|inside|during|in|prior to(?: completing| the completion of)?|less than|over|for|earlier than|until|fewer than|before)"
    r"(?: the| your| you have| an?)?(?: first| initial| full| completed| completing| period of| next)*(?: the)? <U:count>"
)
_PERIOD_LAST: Final = r"<U:count>(?:'s?)? (?:clawback|claw-back|repayment|payback|retention)|\b(?:clawback|repayment|payback|repayable)[^{}.;]{0,30}<U:count2>"
_ANNIVERSARY: Final = r"\b(?:before|prior to|within|until|by|on or before|up to)(?: you reach)?(?: the| your| its)? <A:count>"
_UNTIL: Final = r"\b(?:before|until|prior to|on or before|through|by|up to|earlier than) <D:day>"
_FIRST_YEAR: Final = re.compile(
    r"\b(?:within|in|during|before (?:completing|the end of)) (?:your|the) first (?:full )?year\b|\b(?:within|in|inside) (?:a|the first) year\b"
)
_IN_YEAR: Final = re.compile(
    r"\b(?:within|in|during|inside|before the end of) (?:your|the) (?P<year>first|second|third)(?: full)?(?: year\b|(?=[.,;]| of\b))"
)
_YEARS: Final = {"first": 12.0, "second": 24.0, "third": 36.0}
_TWO_YEARS: Final = re.compile(r"\b(?:within|in|during) (?:your|the) first two years\b")
_FORFEIT_PERIODS: Final = re.compile(
    r"\b(?:payable|repay\w*|repaid|due|pay(?:ment)?|back|return\w*|reimburse\w*)[^{}.;]{0,30}(?:within|in)(?: the)?(?: next)? $"
)
_RESIGN: Final = re.compile(
    r"\b(?:resign\w*|you (?:choose to |decide to |voluntarily )?(?:leave|quit|terminate your|end your|depart)|leav(?:e|ing)|voluntar\w+|give notice|of your own (?:accord|volition)|terminate your (?:own )?employment|you terminate|hand in)\b"
)
_CAUSE: Final = re.compile(
    r"\b(?:for cause|with cause|misconduct|good cause|gross|dismiss\w+|due cause|terminat\w+ (?:you |by [^.;{}]{0,30})?for|let go for|important reason|summar\w+)\b"
)
_NO_CAUSE: Final = re.compile(r"\bwithout cause\b|\bother than (?:for|with) cause\b")
_ANY: Final = re.compile(
    r"\b(?:for any reason|any reason|regardless of (?:the )?reason|whatever the reason|for whatever reason|either party)\b"
)
_GROSS: Final = re.compile(r"\bgross\b(?! misconduct| negligence)")
_NET: Final = re.compile(r"\bnet\b|\bafter[- ]tax\b|\bafter taxes\b|\bafter deduction of tax")


def read_repayment(letter: Letter, draft: Draft, path: str, stretches: list[Place]) -> None:
    """Note what the sentences about giving back say, under ``path``.

    Parameters
    ----------
    stretches : the sentences that speak of this payment, in order.
    """
    for start, end in stretches:
        text = letter.low[start:end]
        found = REPAY.search(text) or (
            re.search(_strict(_PRORATED), text)
            and re.search(r"\bif you (?:resign|leave|choose)", text)
        )
        if not found or _NOT.search(text):
            continue
        _read_period(letter, draft, path, start, end)
        _read_measure(letter, draft, path, start, end)
        _read_triggers(letter, draft, path, start, end)


def _strict(source: str) -> str:
    return re.sub(
        r"<([A-Z]+)>",
        lambda found: rf"\{{[{found[1].lower()}]\\d+\}}".replace("\\\\", "\\"),
        source,
    )


def _read_period(letter: Letter, draft: Draft, path: str, start: int, end: int) -> None:
    months: list[tuple[float, Place]] = []
    for source in (_PERIOD, _ANNIVERSARY, _PERIOD_LAST):
        for match in letter.find_all(source, start, end):
            name = "count" if match.token("count") else "count2"
            token = match.token(name)
            if token is None or not token.months or token.other is not None:
                continue
            place = match.place(name)
            if token.unit in {"day", "hour"} and token.value < 90:
                continue
            if _FORFEIT_PERIODS.search(letter.low[start : place[0]]) and token.months[0] < 6:
                continue
            months.append((token.months[-1], place))
    if not months:
        months.extend(
            (_YEARS[told["year"]], told.span())
            for told in _IN_YEAR.finditer(letter.low, start, end)
        )
        for years, value in ((_FIRST_YEAR, 12.0), (_TWO_YEARS, 24.0)):
            spoken = years.search(letter.low, start, end)
            if spoken:
                months.append((value, spoken.span()))
    if months:
        longest = max(months)
        draft.put(
            f"{path}.months",
            int(longest[0]) if longest[0] == int(longest[0]) else longest[0],
            longest[1],
        )
        return
    until = letter.find(_UNTIL, start, end)
    token = until.token("day") if until else None
    if until and token and token.as_date and not token.other_date:
        draft.put(f"{path}.until_date", token.as_date.isoformat(), until.place("day"))


def _read_measure(letter: Letter, draft: Draft, path: str, start: int, end: int) -> None:
    whole = letter.find(_WHOLE, start, end)
    prorated = letter.find(_PRORATED, start, end)
    stepped = len({token.value for token, _, _ in letter.tokens_in(start, end, "p")}) > 1
    denied = _NOT_PRORATED.search(letter.low, start, end)
    if denied:
        draft.put(f"{path}.prorated", False, denied.span())
    elif prorated:
        draft.put(f"{path}.prorated", True, prorated.range)
    elif stepped:
        draft.put(f"{path}.prorated", True, (start, end))
    elif whole:
        draft.put(f"{path}.prorated", False, whole.range)
    for basis, source in (("gross", _GROSS), ("net", _NET)):
        found = source.search(letter.low, start, end)
        if found:
            draft.put(f"{path}.basis", basis, found.span())


def _read_triggers(letter: Letter, draft: Draft, path: str, start: int, end: int) -> None:
    text = letter.low[start:end]
    found = _ANY.search(text)
    if found:
        draft.put(f"{path}.triggers", ["any"], (start + found.start(), start + found.end()))
        return
    triggers, places = [], []
    for name, source in (("resign", _RESIGN), ("cause", _CAUSE)):
        found = source.search(_NO_CAUSE.sub(lambda match: " " * len(match[0]), text))
        if found:
            triggers.append(name)
            places.append((start + found.start(), start + found.end()))
    if triggers:
        draft.put(f"{path}.triggers", triggers, *places)
