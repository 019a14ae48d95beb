"""Base pay: every figure stated with its period, and the year it makes."""

import re
from dataclasses import dataclass
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.letter import Letter
from offers.letters.tokens import Token, TokenKind

PERIODS_PER_YEAR: Final = {
    "year": 1.0, "month": 12.0, "semimonth": 24.0, "biweek": 26.0, "week": 52.0,
}  # fmt: skip
_PERIODS: Final = [
    ("semimonth", r"semi-?monthly|bi-?monthly|twice[- ](?:a|per|each)?[- ]?month(?:ly)?|half-monthly"),
    ("biweek", r"bi-?weekly|every (?:\{u\d+\}|second week|other (?:week|friday|thursday))|fortnight(?:ly)?|per fortnight|a fortnight|two-weekly"),
    ("month", r"(?:per|a|each|every|/) ?(?:calendar )?(?:month|mo\b)|monthly|pcm"),
    ("week", r"(?:per|a|each|every|/) ?week|weekly"),
    ("hour", r"(?:per|an?|each|every|/) ?(?:hour|hr\b|h\b)|hourly"),
    ("day", r"(?:per|a|each|/) ?day|daily"),
    ("year", r"(?:per|an?|each|every|/) ?(?:calendar |full )?(?:year|annum|yr\b)|p\.?a\b\.?|annual(?:ly|i[sz]ed)?|yearly|on an annuali[sz]ed basis|lpa"),
]  # fmt: skip
_AFTER: Final = [
    (
        period,
        re.compile(
            rf"^\*?[ ,(]*(?:(?:gross|net|cad|usd|before (?:tax|deductions|taxes)|\(gross\)|in gross|cash|brutto|per|each|basic|base|on an?|when|as an?|\(?(?:fte|full-time)\)?) )*[ ,(-]*(?:{source})(?![a-z])"
        ),
    )
    for period, source in _PERIODS
]
_BEFORE: Final = [
    (
        period,
        re.compile(
            rf"\b(?:{source})(?![a-z]) ?(?:[a-z-]+ ){{0,5}}?(?:of|at|is|:|amount(?:s|ing)? to|rate|will be|=)? ?(?:approximately |about )?$"
        ),
    )
    for period, source in _PERIODS
]
_NAME: Final = (
    r"(?:base(?: (?:annual )?(?:salary|pay|compensation|comp|wages?|rate|remuneration)|(?= ?:)|(?= ?\|)|(?= (?:of|is) )|(?= \{))|basic (?:annual )?(?:salary|pay)|salary|wages?|(?:annual |gross |fixed |cash )remuneration|remuneration(?= ?[:|])|rate of pay|pay rate|hourly rate|annual (?:pay|compensation|gross|rate)|annuali[sz]ed rate"
    r"|fixed (?:annual )?(?:pay|compensation|salary|gross|ctc)|(?:gross|starting) (?:annual |yearly )?(?:pay|compensation|salary)|pay(?= ?[:|])|(?<![a-z] )pay (?:is|will be)|your (?:annual |gross |starting )?pay(?= (?:will|is))|(?:monthly|yearly) (?:gross|pay))"
)
_GAP: Final = r"(?P<gap>(?:[^{}]|<N>(?= [a-z -]{0,20}(?:instal|payments|parts))){0,80}?)"
_STATEMENT: Final = [
    rf"\b{_NAME}{_GAP}<MN:amount>(?! (?:equal |monthly |bi-?weekly )*(?:instal|payments|parts))",
    r"<MN:amount>(?P<gap>(?: per year| a year| per annum| annual| gross| in| of| yearly| \(gross\)| as| your| a| an)*) (?:base|salary)\b(?! (?:price|payment month))",
    r"\b(?:be paid|earn|pay you|be compensated|compensated at|paid at)(?: (?:a|an|the|rate of|gross|annual|you|at|amount of|sum of|of))*(?P<gap>) ?<MN:amount>(?= ?(?:gross )?(?:per|a|an|annual|semi|bi|when|on|/) ?[a-z-]+)",
]
_VERB_ONLY: Final = 2  # the last: where no pay is named, "you will be paid $9,375 per …"
_OTHER_COMPONENTS: Final = re.compile(
    r"\b(?:bonus|sign|sign-on|signing|relocat\w*|equity|options?|rsus?|shares?|stock|severance|allowance|award|incentive|target|pension|contribut\w*|match\w*|car|employer|deduct\w*|budget|stipend|reimburs\w*|percent|times|multiple|reviews?|overtime|loan|exceed|up to|life|premium|advance|instal\w+ of|payments of|first)\b"
)
_STEP_UP: Final = re.compile(
    r"\b(?:increas\w*|ris(?:e|es|ing)|rais\w*|step(?:s|ped)? up|go(?:es)? up|grow\w*|adjust\w*|move[sd]? (?:up )?to|then|thereafter|after (?:your |the )?(?:first|probation|\{u)|upon (?:completion|successful)|once|when we|from (?:your )?second)\b[^{}.]{0,60}$"
)
_ROUGH: Final = re.compile(
    r"\b(?:approximately|about|around|roughly|circa|ca\.|some|nearly)\b[^{}]{0,4}$"
)
_PAYMENTS: Final = re.compile(
    r"(?<![a-z])(?P<count>\{n\d+\}|thirteen|13) (?:equal |gross |monthly |annual |bi-weekly |biweekly |salary |\(\w+\) )*(?:instal\w+|payments|salar(?:y|ies)|times|months|pay ?checks|pay periods)"
    r"|(?<![a-z])(?P<times>\{n\d+\}) times (?:a|per) year|\b(?P<thirteenth>13th|thirteenth) (?:month(?:ly)? )?(?:salary|month|pay)"
)
_HOURS: Final = r"<U:hours>(?: (?:a|per|each|every))?(?: standard| normal| working)? ?(?:week|/week|w\b)|\b(?:hours|working (?:hours|time))[^{}.;]{0,40}<U:hours2>|(?:week|weekly hours) of <U:hours3>"
_LEAST_ANNUAL: Final = 12_000


@dataclass(frozen=True, slots=True)
class _Statement:
    token: Token
    period: str
    place: Place
    is_rough: bool


def read_base_salary(letter: Letter, draft: Draft) -> None:
    """Note what is paid in a year, in which currency, and every figure with its period."""
    found = _statements(letter)
    if not found:
        _ask_about_range(letter, draft)
        return
    doubtful = [one for one in found if one.token.other is not None]
    if doubtful:
        draft.ask(
            "base_salary",
            "the figure can be read in two ways",
            [doubtful[0].token.value, doubtful[0].token.other],
            doubtful[0].place,
        )
        return
    hours = _weekly_hours(letter)
    payments, payments_place = _payments_per_year(letter, found)
    yearly = [one for one in found if one.period == "year"]
    exact = [one for one in yearly if not one.is_rough] or yearly
    amounts = {one.token.value for one in exact}
    if len(amounts) > 1:
        periodic = [one for one in found if one.period not in {"year", "hour"}]
        agreeing = {a for a in amounts for one in periodic if _agree(a, one)}
        if len(agreeing) != 1:
            draft.ask(
                "base_salary",
                "two different figures for base pay",
                sorted(amounts),
                *(one.place for one in exact),
            )
            return
        amounts = agreeing
        exact = [one for one in exact if one.token.value in amounts]
    periodic = [one for one in found if one.period != "year"]
    if (
        exact
        and exact[0].is_rough
        and not any(_agree(exact[0].token.value, one, hours) for one in periodic)
    ):
        draft.ask("base_salary", "the figure is only approximate", sorted(amounts), exact[0].place)
        return
    first = exact[0] if exact else periodic[0]
    if (
        not exact
        and len({(one.period, one.token.value) for one in periodic}) > 1
        and len({one.period for one in periodic}) == 1
    ):
        draft.ask(
            "base_salary",
            "two different figures for base pay",
            sorted({one.token.value for one in periodic}),
            *(one.place for one in periodic),
        )
        return
    if exact:
        annual: float | None = exact[0].token.value
    elif first.period == "hour":
        annual = first.token.value * hours[0] * 52 if hours else None
    elif first.period == "month" and payments in {13, 14}:
        annual = first.token.value * payments
    else:
        annual = (
            first.token.value * PERIODS_PER_YEAR[first.period]
            if first.period in PERIODS_PER_YEAR
            else None
        )
    kept = [
        one
        for one in found
        if (one.period == "year" and one in exact[:1])
        or (one.period != "year" and (annual is None or _agree(annual, one, hours, payments)))
    ]
    stated = list({(one.period, one.token.value): one for one in kept}.values())
    currency = letter.currency(first.token)
    if annual is not None:
        draft.put("base_salary.annual", _clean(annual), first.place)
    else:
        draft.ask(
            "base_salary.annual",
            "paid by the hour or the day: how many in a year?",
            [],
            first.place,
        )
    draft.put(
        "base_salary.stated",
        [{"amount": _clean(one.token.value), "period": one.period} for one in stated],
        *(one.place for one in stated),
    )
    if currency:
        draft.put("base_salary.currency", currency, first.place)
    else:
        choices = (
            sorted(
                {
                    {"CA": "CAD", "SG": "SGD", "AU": "AUD"}.get(letter.rules.country or "", "USD"),
                    "USD",
                }
            )
            if first.token.currency == "$"
            else []
        )
        draft.ask(
            "base_salary.currency",
            'which currency is "$"?' if first.token.currency == "$" else "which currency?",
            choices,
            first.place,
        )
    if payments and payments_place:
        draft.put("base_salary.payments_per_year", payments, payments_place)
    if hours:
        draft.put("base_salary.hours_per_week", _clean(hours[0]), hours[1])


def _clean(value: float) -> float | int:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _agree(
    annual: float,
    one: _Statement,
    hours: tuple[float, Place] | None = None,
    payments: int | None = None,
) -> bool:
    """Return whether a periodic figure makes that year, give or take rounding."""
    counts = [PERIODS_PER_YEAR.get(one.period, 0.0)]
    if one.period == "month":
        counts += [13.0, 14.0]
    if one.period == "hour":
        counts = [52 * hours[0]] if hours else [52 * 40.0, 52 * 37.5]
    if payments:
        counts.append(float(payments))
    return any(abs(one.token.value * count - annual) <= 0.006 * annual for count in counts)


def _statements(letter: Letter) -> list[_Statement]:
    found: dict[tuple[int, int], _Statement] = {}
    for number, source in enumerate(_STATEMENT):
        if number == _VERB_ONLY and found:
            continue
        for match in letter.find_all(source):
            token = match.token("amount")
            place = match.place("amount")
            gap = match.text("gap") or ""
            if token is None or place in found or token.unit == "cents":
                continue
            if _OTHER_COMPONENTS.search(gap.replace("paid in instalments", "")) and number == 0:
                continue
            if (
                number == 0
                and re.search(
                    r"\b(?:car|of|months'?|weeks'?|\{u\d+\} of|times|your) (?:your )?$",
                    letter.low[max(0, match.start - 16) : match.start],
                )
                and not re.search(
                    r"\b(?:your|rate of) $", letter.low[max(0, match.start - 16) : match.start]
                )
            ):
                continue
            if number == 0 and (
                (
                    re.search(
                        r"\b(?:first|final|last|next|with your|march|monthly|regular) $",
                        letter.low[max(0, match.start - 10) : match.start],
                    )
                    and re.match(r" ?(?:and|,|;)", gap)
                )
                or re.match(r" and\b", gap)
            ):
                continue
            if (
                _STEP_UP.search(letter.low[max(0, match.start - 70) : place[0]].rsplit(". ", 1)[-1])
                and found
            ):
                continue
            one = _statement(letter, token, place, letter.low[max(0, match.start - 24) : place[0]])
            if one:
                found[place] = one
                for other in _beside(letter, one):
                    found.setdefault(other.place, other)
    return sorted(found.values(), key=lambda one: one.place)


def _statement(letter: Letter, token: Token, place: Place, before: str) -> _Statement | None:
    start, end = place
    after = letter.low[end : end + 60]
    period = next((name for name, source in _AFTER if source.search(after)), None)
    if period is None:
        period = next((name for name, source in _BEFORE if source.search(before)), None)
    if token.kind is TokenKind.NUMBER and (
        re.match(
            r" ?(?:days|hours|weeks|months|shares|options|units|%|times|equal|instal|payments|monthly|bi-?weekly|\{)",
            after,
        )
        or (token.currency is None and token.value < 1000)
    ):
        return None
    if period is None and token.value >= _LEAST_ANNUAL:
        period = "year"
    if period is None or (period == "year" and token.value < 1_000):
        return None
    if (
        period in {"month", "semimonth", "biweek"}
        and token.value >= 100_000
        and letter.currency(token) not in {"INR", "JPY", "KRW"}
    ):
        period = "year"  # "a salary of 120,000, monthly in arrears"
    rough = _ROUGH.search(letter.low[max(0, start - 20) : start]) is not None
    return _Statement(token, period, place, rough)


def _beside(letter: Letter, one: _Statement) -> list[_Statement]:
    """Return figures of the same sentence, or the next, that are the same pay in another period."""
    start, end = letter.sentences_from(one.place[0], 2)
    others = []
    for token, token_start, token_end in letter.tokens_in(start, end, "mn"):
        if (token_start, token_end) == one.place:
            continue
        before = letter.low[max(start, token_start - 70) : token_start]
        if token.kind is TokenKind.NUMBER and token.value < 1000:
            continue
        other = _statement(letter, token, (token_start, token_end), before)
        if other is None or other.period == one.period:
            continue
        yearly, periodic = (other, one) if other.period == "year" else (one, other)
        if yearly.period == "year" and _agree(yearly.token.value, periodic):
            others.append(other)
    return others


def _weekly_hours(letter: Letter) -> tuple[float, Place] | None:
    for match in letter.find_all(_HOURS):
        for name in ("hours", "hours2", "hours3"):
            token = match.token(name)
            if token and token.unit == "hour" and 10 <= token.value <= 60 and token.other is None:
                return token.value, match.place(name)
    return None


def _payments_per_year(letter: Letter, found: list[_Statement]) -> tuple[int | None, Place | None]:
    start = min(one.place[0] for one in found)
    begin, end = letter.sentences_from(start, 2)
    for match in _PAYMENTS.finditer(letter.low, begin, end):
        if match["thirteenth"]:
            return 13, match.span()
        written = match["count"] or match["times"]
        count = 13 if written in {"thirteen", "13"} else int(letter.token_of(written).value)
        if count in {12, 13, 14} and "bi" not in match[0]:
            return count, match.span()
    return None, None


def _ask_about_range(letter: Letter, draft: Draft) -> None:
    match = letter.find(rf"\b{_NAME}{_GAP}<S:range>")
    token = match.token("range") if match else None
    if match and token:
        draft.ask(
            "base_salary",
            "a range is stated, not a figure",
            [token.low, token.value],
            match.place("range"),
        )
