"""The two payments made once: sign-on and relocation."""

import re
from math import ceil
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.fields.repayment import REPAY, read_repayment
from offers.letters.letter import Letter
from offers.letters.tokens import Token

_SIGN_ON: Final = re.compile(
    r"\b(?:sign(?:ing)?[- ]?on\b|signing (?:bonus|payment|award)|sign-up bonus|hiring bonus|hire bonus|joining (?:bonus|award|payment)|welcome (?:bonus|payment)|starting bonus|make-?(?:whole|good)(?: payment| bonus| award)?|buy-?out(?: award| payment)?|golden hello|inducement|one-time (?:cash )?bonus|(?:start|starter) bonus)"
)
_STRICT_SIGN_ON: Final = re.compile(
    r"\bsign(?:ing)?[- ]?on\b|\bsigning\b|\bhiring bonus\b|\bhire bonus\b|\bjoining\b|\bwelcome\b|\bstarting bonus\b|\bone-time\b"
)
_RELOCATION: Final = re.compile(
    r"\b(?:relocat\w*|mov(?:e|ing) (?:costs?|expenses?|allowance|bonus|package|support|assistance|to)|(?:your|the|a) move\b|removal|moving(?= ?[:.|]|\b)|household goods|temporary (?:housing|accommodation|living))"
)
_OTHERS: Final = re.compile(
    r"\b(?:base (?:salary|pay)|annual bonus|target bonus|performance bonus|options?\b|rsus?\b|restricted|vest\w*|equity|shares\b|401|pension|vacation|holiday|annual leave|severance|wellness|internet|training|learning|home office|laptop|commut\w*|car allowance|insurance|medical)"
)
_NONE: Final = re.compile(
    r"\b(?:no|without|nor|not (?:include|offer|eligible for|provide|come with|entitled to)(?: an?| any)?|does not come with|neither|do not (?:offer|pay|provide|have)(?: an?| any)?)\b[^.;{}]{0,60}"
)
_TOTAL: Final = re.compile(
    r"\b(?:total\w*|together|aggregate|in all|altogether|sum|combined|overall)\b"
)
_EQUAL: Final = r"\b<N:count>(?: \w+)? (?:equal )?(?:\w+ )?(?:instal\w+|payments|tranches|parts|halves)(?: of <M:each>)?|\b(?P<halves>half)\b"
_CONDITIONAL: Final = re.compile(
    r"\bup to\b[^{}]{0,16}$|\bmaximum of\b[^{}]{0,10}$|\bupper limit of\b[^{}]{0,10}$"
)
_DUE: Final = re.compile(
    r"(?:(?:[, ;(]|payable|paid|to be paid|less [a-z ]{0,30}|is|will be|shall be|due|on|gross|in a lump sum|as a lump sum|one-time|\)|half|and|,) ?){0,6}"
    r"(?P<due>(?:in|with|on|within|after|upon|following|at|by|no later than|along with|together with|when|as part of|from|beginning|starting|\{n\d+\}) ?[^;.(]{3,110})"
)
_DUE_MONTHS: Final = [
    (0.0, re.compile(r"\bfirst (?:\w+ ){0,2}(?:payroll|pay\b|pay ?check|salary|payday|pay date|pay period|wages|month's)|\b(?:on|at|upon) (?:your )?(?:start(?:ing)?|joining|commencement)|\bstart date$|\bfirst day\b|\bon signing\b|\bupon (?:acceptance|signing|signature)")),
]  # fmt: skip
_PAYROLL_LATER: Final = re.compile(
    r"\bfirst (?:\w+ ){0,2}(?:payroll|pay\b|pay ?check|salary)[^{}]{0,30}(?:after|following)[^{}]{0,24}\{a"
)


def read_sign_on(letter: Letter, draft: Draft) -> None:
    """Note what is paid for joining: the total, its instalments, and what has to be repaid."""
    stretches = _stretches(letter, _SIGN_ON, _RELOCATION)
    strict = [one for one in stretches if _STRICT_SIGN_ON.search(letter.low, *one)]
    amounts = _amounts(letter, strict or stretches, is_sign_on=True)
    if not amounts:
        return
    if any(token.other is not None for token, _ in amounts):
        draft.ask(
            "sign_on",
            "the figure can be read in two ways",
            [amounts[0][0].value, amounts[0][0].other],
            amounts[0][1],
        )
        return
    total, parts = _parts(letter, amounts)
    if total is None:
        draft.ask(
            "sign_on",
            "several amounts that do not add up to one",
            [token.value for token, _ in amounts],
            *(place for _, place in amounts),
        )
        return
    draft.put("sign_on.total", _clean(total), *(place for _, place in amounts))
    draft.put("sign_on.currency", letter.currency(amounts[0][0]), amounts[0][1])
    draft.put("sign_on.installments", [part for part, _ in parts], *(place for _, place in parts))
    read_repayment(
        letter, draft, "sign_on.repayment", _repayments(letter, stretches, _SIGN_ON, _RELOCATION)
    )


def read_relocation(letter: Letter, draft: Draft) -> None:
    """Note help with moving: the amount and whether it is paid, capped or in kind."""
    stretches = _stretches(letter, _RELOCATION, _SIGN_ON)
    stretches = [one for one in stretches if not _refused(letter, one)]
    if not stretches:
        return
    amounts = _amounts(letter, stretches, is_sign_on=False)
    if any(token.other is not None for token, _ in amounts):
        draft.ask(
            "relocation",
            "the figure can be read in two ways",
            [amounts[0][0].value, amounts[0][0].other],
            amounts[0][1],
        )
        return
    if amounts:
        token, place = (
            max(amounts, key=lambda item: item[0].value)
            if _TOTAL.search(letter.low, *stretches[0])
            else amounts[0]
        )
        start, end = letter.sentence_at(place[0])
        draft.put("relocation.amount", _clean(token.value), place)
        draft.put("relocation.currency", letter.currency(token), place)
        draft.put("relocation.kind", _kind(letter, place, start, end), (start, end))
    else:
        found = next(
            (
                found
                for one in stretches
                if (
                    found := re.compile(
                        r"\b(?:vendor|managed|package|program(?:me)?|arrang\w+|organi[sz]e|partner|temporary (?:housing|accommodation|living)|relocation (?:support|assistance|services)|cover (?:the|your|all)|pay for|paid by|assist\w*)\b"
                    ).search(letter.low, *one)
                )
            ),
            None,
        )
        if found is None:
            return
        draft.put("relocation.kind", "package_no_amount", letter.sentence_at(found.start()))
    read_repayment(
        letter, draft, "relocation.repayment", _repayments(letter, stretches, _RELOCATION, _SIGN_ON)
    )


def _clean(value: float) -> float | int:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _refused(letter: Letter, stretch: Place) -> bool:
    start, end = stretch
    found = _RELOCATION.search(letter.low, start, end)
    if found is None:
        return False
    text = letter.low[start : found.end()]
    has_amount = bool(letter.tokens_in(start, end, "m"))
    return (
        bool(
            _NONE.search(text.rsplit(";", 1)[-1])
            or re.match(
                r"[^.;{}]{0,30}\b(?:not (?:included|provided|offered|applicable|available)|none|n/a)\b",
                letter.low[found.end() : end],
            )
        )
        and not has_amount
    )


def _stretches(letter: Letter, cue: re.Pattern[str], other: re.Pattern[str]) -> list[Place]:
    """Return the sentences that speak of the payment, each with the next ones that go on about it."""
    found: list[Place] = []
    for number, (start, end) in enumerate(letter.sentences):
        sentence = letter.low[start:end]
        hit = cue.search(sentence)
        if not hit or (
            cue is _SIGN_ON
            and _NONE.search(sentence[: hit.start() + 1])
            and not re.search(r"\{m", sentence)
        ):
            continue
        if cue is _RELOCATION and not re.search(
            r"\brelocat|\bmov(?:e|ing)\b|\bremoval|\bhousehold|\btemporary", sentence
        ):
            continue
        last = number
        while last + 1 < len(letter.sentences) and last - number < 3:
            following = letter.low[slice(*letter.sentences[last + 1])]
            if (
                other.search(following)
                or _OTHERS.search(following)
                or re.search(
                    r"\b(?:this offer|the offer|your start date (?:is|will)|employment is|sincerely|regards)\b",
                    following,
                )
            ):
                break
            last += 1
        found.append((start, letter.sentences[last][1]))
    return found


def _amounts(
    letter: Letter, stretches: list[Place], *, is_sign_on: bool
) -> list[tuple[Token, Place]]:
    """Return the amounts paid, without those that only tell how much has to be repaid."""
    cue = _SIGN_ON if is_sign_on else _RELOCATION
    found: dict[Place, Token] = {}
    for begin, stop in stretches:
        first_end = letter.sentence_at(begin)[1]
        start = begin
        while start < stop:
            end = min(letter.sentence_at(start)[1], stop)
            text = letter.low[start:end]
            follows = start >= first_end
            repays = REPAY.search(text)
            for token, token_start, token_end in letter.tokens_in(start, end, "m"):
                if token.unit == "cents" or (
                    repays
                    and token_start - start > repays.start()
                    and ";" not in text[: token_start - start]
                ):
                    continue
                if is_sign_on and _CONDITIONAL.search(letter.low[start:token_start]):
                    continue
                if follows and not _goes_on(letter, start, token_start, bool(found)):
                    continue
                if not follows and not _belongs(letter, start, end, token_start, cue):
                    continue
                found[(token_start, token_end)] = token
            start = end
    values: dict[float, tuple[Token, Place]] = {}
    result = []
    for place, token in sorted(found.items()):
        begins = letter.sentence_at(place[0])[0]
        if token.value in values and letter.sentence_at(values[token.value][1][0])[0] != begins:
            continue
        values.setdefault(token.value, (token, place))
        result.append((token, place))
    return result


def _goes_on(letter: Letter, start: int, position: int, has_amount: bool) -> bool:
    """Return whether an amount of a following sentence still tells of the same payment."""
    text = letter.low[start:position]
    if _OTHERS.search(text) or (
        re.search(r"\b(?:salary|bonus|per year|a month)\b", text)
        and not re.search(
            r"\b(?:it|this|that|first|second|half|remain|balance|the bonus|instal)", text
        )
    ):
        return False
    whole = letter.low[start : letter.sentence_at(start)[1]]
    return (
        bool(
            re.search(
                r"\b(?:first|second|half|remain\w*|balance|instal\w+|tranches?|lump|total|anniversary|paid|pay|reimburse\w*|receive|payment|up to|per annum)\b|\{[au]",
                whole,
            )
        )
        or not has_amount
    )


def _belongs(letter: Letter, start: int, end: int, position: int, cue: re.Pattern[str]) -> bool:
    """Return whether the nearest component named before an amount, or right after it, is this one."""
    before = letter.low[start:position]
    after = letter.low[position:end]
    mine = [match.end() for match in cue.finditer(before)]
    theirs = [
        match.end()
        for match in _COMPONENT.finditer(before)
        if not any(abs(match.end() - one) < 14 for one in mine)
    ]
    follows = cue.search(after[:60])
    if follows and not re.fullmatch(r"\{\w+\}[a-z() -]{0,40}", after[: follows.start()]):
        follows = None
    if follows and re.search(
        r"\b(?:the|and|(?<!for )(?<!toward )(?<!towards )(?<!of )your)\b", after[: follows.start()]
    ):
        follows = None
    comes_first = _COMPONENT.search(after[:60])
    next_break = re.search(r"[;,.]| and ", after)
    if (
        follows
        and (not next_break or follows.start() < next_break.start())
        and (not comes_first or comes_first.start() >= follows.start() - 12)
    ):
        return True
    if not mine:
        return False
    if (
        comes_first
        and (not next_break or comes_first.start() < next_break.start())
        and not cue.match(comes_first[0])
    ):
        return False
    return not theirs or max(mine) > max(theirs)


_COMPONENT: Final = re.compile(
    r"\b(?:base salary|base pay|salary of|annual bonus|target bonus|performance bonus|options?|rsus?|restricted stock|equity|shares|sign(?:ing)?[- ]?on|signing bonus|joining bonus|hiring bonus|relocation|moving|allowance for|stipend for|wellness|learning|training|internet|housing loan)\b"
)


def _parts(
    letter: Letter, amounts: list[tuple[Token, Place]]
) -> tuple[float | None, list[tuple[dict[str, object], Place]]]:
    """Return the total and the instalments."""
    (first, place), rest = amounts[0], amounts[1:]
    start, _ = letter.sentence_at(place[0])
    _, stop = letter.sentences_from(place[0], 2)
    if rest:
        values = [token.value for token, _ in amounts]
        for number, (token, _) in enumerate(amounts):
            others = [item for index, item in enumerate(amounts) if index != number]
            if abs(sum(item[0].value for item in others) - token.value) < 0.01 and len(others) > 1:
                return token.value, [_part(letter, *item) for item in others]
        smallest, largest = min(values), max(values)
        counts = letter.tokens_in(start, stop, "un")
        if len(amounts) == 2 and any(
            abs(token.value * smallest - largest) < 0.01 for token, _, _ in counts
        ):
            whole, where = next(item for item in amounts if item[0].value == largest)
            return largest, [_part(letter, whole, where)]
        if (
            _TOTAL.search(letter.low, start, place[0])
            and max(values) == first.value
            and len(set(values)) > 1
        ):
            return None, []
        if _is_list_of_parts(letter, amounts):
            return sum(values), [_part(letter, *item) for item in amounts]
        if (
            max(values) == first.value
            and len(amounts) == 2
            and abs(first.value - 2 * rest[0][0].value) < 0.01
        ):
            return first.value, [
                _part(letter, rest[0][0], rest[0][1]),
                _part(letter, rest[0][0], rest[0][1]),
            ]
        return None, []
    equal = letter.find(_EQUAL, start, stop)
    count = equal.token("count") if equal else None
    if (
        equal
        and count
        and 2 <= count.value <= 4
        and not re.search(r"\bmonthly\b", equal.found[0])
        and not re.search(r"\bvest|\brepa", letter.low[start : equal.start].rsplit(".", 1)[-1])
    ):
        number = int(count.value)
        each = (
            equal.token("each") is not None
            or re.match(r" each\b", letter.low[place[1] : place[1] + 6]) is not None
        )
        total = (
            first.value * number
            if each and not _TOTAL.search(letter.low, start, place[0])
            else first.value
        )
        return total, _equal_parts(letter, total / number, number, equal.end, stop, place)
    split = [
        (token, (a, b))
        for token, a, b in letter.tokens_in(start, letter.sentence_at(place[0])[1], "pf")
        if 0 < token.value < 100
    ]
    if len(split) >= 2:
        scale = 100.0 if split[0][0].kind.value == "p" else 1.0
        if abs(sum(token.value for token, _ in split) - scale) < 0.01 * scale and not REPAY.search(
            letter.low, start, split[-1][1][1]
        ):
            return first.value, [
                _share(letter, first.value * token.value / scale, where) for token, where in split
            ]
    return first.value, [_part(letter, first, place)]


def _is_list_of_parts(letter: Letter, amounts: list[tuple[Token, Place]]) -> bool:
    between = letter.low[amounts[0][1][1] : amounts[-1][1][0]]
    around = letter.low[max(0, amounts[0][1][0] - 60) : amounts[-1][1][1] + 90]
    return bool(
        re.search(
            r"\b(?:instal\w+|tranches?|second|year (?:two|\{n)|anniversary|another|further|additional|remaining|balance|half)|\{a|\band then\b|\bafter \{u|\bfollowed by\b",
            around,
        )
        and not re.search(r"\b(?:salary|bonus plan|target|options|rsus)\b", between)
    )


def _part(letter: Letter, token: Token, place: Place) -> tuple[dict[str, object], Place]:
    return _share(letter, token.value, place)


def _share(letter: Letter, amount: float, place: Place) -> tuple[dict[str, object], Place]:
    due, where = _due(letter, place)
    part: dict[str, object] = {"amount": _clean(amount), "due": due}
    month = _due_month(letter, where) if where else None
    if month is not None:
        part["due_month"] = month
    return part, (place[0], where[1] if where else place[1])


def _equal_parts(
    letter: Letter, amount: float, count: int, start: int, stop: int, place: Place
) -> list[tuple[dict[str, object], Place]]:
    due = re.split(
        r",? and (?:the (?:other|second|remaining|balance)|on|after|at|upon|in|with|\{)|; ",
        letter.low[start:stop],
    )
    parts: list[tuple[dict[str, object], Place]] = []
    position = start
    for number in range(count):
        words = due[number] if number < len(due) and len(due) >= count else ""
        part: dict[str, object] = {"amount": _clean(amount), "due": None}
        if words:
            where = (position, min(stop, position + len(words)))
            month = _due_month(letter, where)
            part["due"] = letter.words(*where).strip(" ,.:;") or None
            if month is not None:
                part["due_month"] = month
            position = (
                letter.low.find(due[number + 1], where[1]) if number + 1 < len(due) else where[1]
            )
        parts.append((part, place))
    return parts


def _due(letter: Letter, place: Place) -> tuple[str | None, Place | None]:
    """Return when an amount is paid, in the words of the letter."""
    _, end = letter.sentences_from(place[0], 1)
    found = _DUE.match(letter.low, place[1], end)
    if found is None:
        return None, None
    start, stop = found.span("due")
    text = letter.low[start:stop]
    cut = re.search(
        r" and \{m|,? and (?:the|a) (?:remain|balance|second|other|further)|, (?:less|subject|provided|and|which|with \{m|plus)|,? (?:less|subject to|provided|provided that|if you|should you|and \{m\d+\})\b|: ",
        text,
    )
    stop = start + cut.start() if cut else stop
    words = letter.words(start, stop).rstrip(" ,.:;")
    if not re.search(
        r"\b(?:pay\w*|salary|start\w*|anniversary|months?|days?|date|commenc\w*|join\w*|year|payroll|hire|employment|wages)\b|\{[dua]",
        letter.low[start:stop],
    ):
        return None, None
    return words or None, (start, stop)


def _due_month(letter: Letter, where: Place) -> int | float | None:
    text = letter.low[where[0] : where[1]]
    tokens = letter.tokens_in(where[0], where[1], "ua")
    months = [token.months[0] for token, _, _ in tokens if token.months]
    if months and re.search(r"\{[ua]", text):
        return ceil(months[0]) if months[0] > 0 else None
    number = re.search(r"\bmonth \{n(\d+)\}", text)
    if number:
        return int(letter.tokens[int(number[1])].value)
    if re.search(r"\bbeginning with your first full month", text):
        return 1
    for month, source in _DUE_MONTHS:
        if source.search(text):
            return int(month)
    return None


def _kind(letter: Letter, place: Place, start: int, end: int) -> str:
    text = letter.low[start:end]
    before = letter.low[start : place[0]]
    near = letter.low[max(start, place[0] - 60) : min(end, place[1] + 60)]
    if re.search(
        r"\b(?:reimburs\w*|up to|maximum|against receipts|capped|upon (?:submission|presentation)|documented|cap of)\b",
        near,
    ) or re.search(r"\breimburs\w*|\breceipts\b", before):
        return "reimbursement_cap"
    if re.search(
        r"\blump[- ]sum|\bone-time|\bflat|\bcash payment|\bbonus\b|\bsingle\b|\bstipend\b", text
    ):
        return "lump_sum"
    if re.search(r"\ballowance\b", text):
        return "allowance"
    if re.search(r"\breimburs", text):
        return "reimbursement_cap"
    return "lump_sum"


def _repayments(
    letter: Letter, stretches: list[Place], cue: re.Pattern[str], other: re.Pattern[str]
) -> list[Place]:
    """Return the sentences about giving back that speak of this payment, not of the other one."""
    sentences: list[Place] = []
    for number, (start, end) in enumerate(letter.sentences):
        text = letter.low[start:end]
        if not (REPAY.search(text) or re.search(r"\bpro[- ]?rat", text)):
            continue
        mine = cue.search(text)
        theirs = other.search(text)
        inside = any(begin <= start < stop for begin, stop in stretches)
        if mine and theirs and inside and not re.search(r"\b(?:both|and|or)\b", text):
            continue
        if (
            mine
            or (inside and not theirs)
            or (
                theirs is None
                and number > 1
                and cue.search(letter.low, letter.sentences[number - 2][0], start)
                and re.search(
                    r"\b(?:either|both|these|any of these|each) (?:payments?|amounts?|sums?|bonus)",
                    text,
                )
            )
        ):
            sentences.append((start, end))
    return sentences
