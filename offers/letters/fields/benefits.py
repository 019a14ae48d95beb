"""Benefits: matches and pensions, days off, and yearly, monthly or single allowances."""

import re
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.letter import Letter
from offers.letters.reading import Value

_KINDS: Final = [
    ("compute_budget", r"\b(?:compute|gpu|cloud)[- ](?:budget|credits?|allowance|time|hours|stipend)|\b(?:budget|credits?) for (?:compute|gpus?|cloud)"),
    ("car_allowance", r"\bcar (?:allowance|cash)|\bcompany car|\bvehicle allowance|\bcar scheme"),
    ("home_office", r"\bhome[- ]office|\bhome set-?up|\bwork(?:ing)?[- ]from[- ]home|\bremote (?:work(?:ing)?|office)|\bworkspace|\bset up (?:a|your) (?:home|desk)|\bdesk set-?up"),
    ("equipment", r"\blaptops?\b|\bcomputers?\b|\bequipment\b|\bhardware\b|\bmonitors?\b|\bscreens?\b|\bworkstation"),
    ("tuition", r"\btuition\b|\bdegree program|\bstudent loan"),
    ("learning_budget", r"\blearning\b|\btraining\b|\bcourses?\b|\bconferences?\b|\beducation\b|\bprofessional (?:development|dues)|\bbooks\b|\bl&d\b|\bdevelopment (?:budget|allowance|stipend)|\bcertifications?\b"),
    ("wellness", r"\bwell-?ness\b|\bwell-?being\b|\blifestyle\b|\bgym\b|\bfitness\b|\bsports?\b|\burban sports"),
    ("commuter", r"\bcommut\w+|\btransit\b|\bdeutschland-?ticket|\bmobility\b|\bjob-?ticket|\btransport(?:ation)?\b|\btravel ?card|\b(?:train|bus|rail|subway|metro|t) pass\b|\bnavigo\b|\bpublic transport|\bparking\b|\bseason ticket|\bhalf-fare|\bbike|\bcycle"),
    ("phone_internet", r"\binternet\b|\bphone\b|\bbroadband\b|\bmobile (?:plan|bill)|\btelephone\b|\bcell"),
    ("housing", r"\bhousing (?:allowance|stipend|benefit|assistance)|\brent\b|\baccommodation allowance|\bhouse rent"),
    ("living_expenses", r"\bliving (?:expenses|allowance|costs)|\bcost[- ]of[- ]living"),
    ("meals", r"\bmeals?\b|\blunch\w*|\bfood\b|\bmeal vouchers?|\btickets? restaurant|\bcatering\b|\bdinner"),
    ("childcare", r"\bchild-?care\b|\bday-?care\b|\bnursery\b|\bkita\b|\bkindergarten|\bfertility|\bfamily (?:support|allowance)"),
    ("financial_planning", r"\bfinancial (?:planning|advice|adviser|advisor)|\btax (?:advice|preparation|assistance|consult)"),
    ("health", r"\bhealth|\bmedical\b|\bdental\b|\bvision\b|\bmutuelle\b|\binsurance premium|\bhsa\b"),
]  # fmt: skip
_COMPILED: Final = [(name, re.compile(source)) for name, source in _KINDS]
_MONEY_ITEM: Final = re.compile(r"\{m\d+\}")
_NOT_BENEFIT: Final = re.compile(
    r"\b(?:salary|base pay|bonus|sign-on|signing|relocat\w*|mov(?:e|ing) (?:costs|expenses)|options?|rsus?|shares?|vest\w*|severance|repay\w*|exercise|stock|equity|per hour|costs|overtime|incentive|removal|buy-?out|loan|research (?:fund|budget|account)|start-?up fund)\b"
)
_LABEL: Final = re.compile(r"(?: (?:allowance|budget|stipend|subsidy|benefit))?[ :|]{1,3}")
_HEADED: Final = re.compile(
    r"(?:up to |a maximum of )?\{m\d+\}(?: (?:per|a|each|every) (?:month|year|annum)| annually| monthly)?[.;]? *$"
    r"|(?:up to |a maximum of )?\{m\d+\} (?:per|a|each|every) (?:month|year|annum)\."
)
_PERIOD: Final = [
    ("month", re.compile(r"\b(?:a|per|each|every) (?:calendar )?month\b|\bmonthly\b|/ ?month|\bp\.?m\b\.?|/mo\b")),
    ("week", re.compile(r"\b(?:a|per|each) week\b|\bweekly\b|/ ?week")),
    ("year", re.compile(r"\b(?:a|an|per|each|every) (?:calendar |full )?(?:year|annum)\b|\bannual(?:ly)?\b|\byearly\b|\bp\.?a\b\.?|/ ?(?:year|yr)")),
    ("one_time", re.compile(r"\bonce\b|\bone[- ](?:time|off)\b|\bset up\b|\bsetup\b|\bset-up\b|\bin your first (?:month|week)|\bupon joining|\bto (?:equip|furnish|kit out)\b|\bof your choice\b|\bfor (?:a|your) (?:computer|laptop)")),
]  # fmt: skip
_MATCH_CUE: Final = re.compile(
    r"\bmatch\w*|\bdollar for dollar|\bfor every dollar|\bon the dollar|\bof what you (?:put in|contribute|defer|save)|\bcontributes? \{m\d+\} (?:for|on)"
)
_RETIREMENT: Final = re.compile(
    r"\b401 ?\(?k\)?|\b403 ?\(?b\)?|\brrsp\b|\bretirement\b|\b457\b|\bsavings plan\b|\bkiwisaver|\bgroup rsp\b|\bdeferrals?\b"
)
_PENSION: Final = re.compile(
    r"\bpension\b|\bsuperannuation\b|\bprovident\b|\bbvg\b|\bsecond pillar|\bbav\b|\boccupational retirement|\bepf\b|\bemployer pf\b|\bcpf\b|\bretirement savings\b"
)
_NO_MATCH: Final = re.compile(r"\b(?:no|not|does not|doesn't|without)\b[^.;]{0,30}\bmatch|\bno 401")
_TIERS: Final = [
    rf"(?P<full>dollar[- ]for[- ]dollar|in full|{'100 per cent'}|fully)(?P<gap>[^{{}}.;]{{0,80}}?)(?:first|up to|to|on|next|maximum of)(?: a maximum of| the| up to| next| an additional)* ?<P:slice>",
    r"(?P<gap2>first|next) <P:slice>(?:[^{}.;,]{0,40}?)? ?(?P<full>in full|fully|dollar for dollar|at 100)",
    r"<PF:rate>(?: cents)?(?P<gap>[^{}.;]{0,60}?)\b(?:of (?:the |your )?(?:first|next)|first|next|up to|on up to|to a maximum of|maximum of|limit of|on the|capped at|of)(?: the| a| an additional| up to| first| next| maximum of)* ?<P:slice>",
    r"<M:cents>(?P<gap>[^{}.;]{0,70}?)(?:first|next|up to|on)(?: the| up to| next| first)* ?<P:slice>",
    r"(?P<gap2>half) of the next <P:slice>",
]
_FLAT: Final = [
    r"(?:contribut\w*|put(?:s|ting)?|pays?|provid\w*|add|adds|make|makes|offer\w*|employer|company|firm|bank|we)(?P<gap>[^{}.;]{0,60}?)<P:rate>",
    r"<P:rate>(?P<gap> )(?:from us|by us|from the (?:company|employer|bank|firm))\b",
    r"<P:rate>(?P<gap>[^{}.;]{0,20})(?: |-)(?:employer|company|firm|non-elective|pension|contribution)",
]
_EMPLOYEE: Final = [
    r"\b(?:you (?:pay|contribute|will contribute|put in|are required to contribute|make)|employee(?:s)?(?: contributions?| pays?)?|your (?:own )?contribution)(?P<gap>[^{}.;]{0,40}?)<P:rate>",
    r"<P:rate>(?P<gap> (?:from you|employee|paid by you|by you))",
]
_DAYS: Final = [
    r"<U:days>(?:'s?|')?(?P<gap>(?: of| paid| annual| accrued| working| business| full| a year's| your| vacation| holiday)*) ?(?:paid time off|pto|vacation|holidays?|annual leave|leave|off\b|time off|paid leave|days off|rtt)",
    r"\b(?:vacation|holidays?(?: entitlement)?|annual leave|paid time off|pto|time off|leave entitlement|paid vacation)(?P<gap>(?: \([^(){}]{0,24}\))?(?: entitlement| allowance| days| is| of|:| accrues?| at| will be| \|| a rate| to| you| get| have| per| year| are| start with| starts| in| each| calendar| the| leave)*[: ]*) ?<U:days>",
    r"<U:days>(?P<gap> (?:per|a|each) (?:calendar |full )?year(?: of)?(?: paid)?) (?:vacation|holiday|leave|pto|time off)",
    r"\b(?:vacation|pto|holiday|leave|paid time off)(?P<gap>[^{}.;]{0,24})\(<U:days> (?:per|a|each) (?:calendar |full )?year",
    r"(?<!sick )(?<!parental )\bleave(?P<gap>[: |]{1,3})<U:days>(?=,| plus| per| a year|\.| and| \()",
    r"\bpaid time off accrues(?P<gap>[^.;]{0,70}?)\babout <U:days>",
]
_NOT_LEAVE: Final = re.compile(
    r"\b(?:sick|parental|maternity|paternity|bereavement|jury|notice|public|bank|study|volunteer\w*|personal|sabbatical|family|compassionate|company-wide|caregiver|medical|floating)\b"
)
_UNLIMITED: Final = re.compile(
    r"\b(?:unlimited|flexible|non-accrual|uncapped|discretionary|take what you need)(?: \w+)? (?:paid time off|pto|vacation|time off|holiday|leave)\b|\b(?:pto|vacation|time off|holiday)[^.;{}]{0,20}\b(?:unlimited|no fixed|untracked|is flexible(?! in\b| as to\b))\b"
)
_PARENTAL: Final = [
    r"<U:weeks>(?:'s?|')?(?P<gap>[^{}.;]{0,40}?)\b(?:parental|maternity|paternity|family) leave",
    r"\b(?:parental|family) leave(?P<gap>[^{}.;]{0,30}?)<U:weeks>",
]
_PER_PERIOD: Final = r"<N:hours>(?: hours)?(?: of)?(?: paid time off| pto| vacation)?(?: \w+){0,2} (?:per|each|every) (?:bi-?weekly |semi-?monthly )?pay period|<U:hours2>(?: of)?(?: paid time off| pto| vacation)?(?: \w+){0,2} (?:per|each|every) (?P<how>bi-?weekly|semi-?monthly)? ?pay period"


def read_benefits(letter: Letter, draft: Draft) -> None:
    """Note every benefit that the form has a place for."""
    found: list[tuple[Place, dict[str, Value]]] = []
    found.extend(_retirement(letter))
    found.extend(_time_off(letter))
    found.extend(_parental(letter))
    found.extend(_money(letter, draft))
    found.extend(_in_kind(letter, found))
    seen: set[tuple[Value, ...]] = set()
    for place, benefit in sorted(found, key=lambda item: item[0]):
        key = (
            benefit["kind"],
            benefit["amount"],
            benefit.get("days"),
            benefit.get("max_percent_of_pay"),
            benefit.get("employer_percent"),
        )
        if key in seen or (
            benefit["kind"] in {"retirement_match", "pension", "parental_leave"}
            and any(kind == benefit["kind"] for kind, *_ in seen)
        ):
            continue
        if benefit["kind"] == "pto" and any(kind == "pto" for kind, *_ in seen):
            continue
        seen.add(key)
        draft.put(f"benefits.{len(seen) - 1}", benefit, place)


def _benefit(kind: str, **values: Value) -> dict[str, Value]:
    return {"kind": kind, "amount": None, "currency": None, "period": None, **values}


def _clean(value: float) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _retirement(letter: Letter) -> list[tuple[Place, dict[str, Value]]]:
    found: list[tuple[Place, dict[str, Value]]] = []
    for number, (start, sentence_end) in enumerate(letter.sentences):
        end = sentence_end
        sentence = letter.low[start:end]
        named = _RETIREMENT.search(sentence)
        pension = _PENSION.search(sentence)
        if not named and not pension:
            continue
        if _NO_MATCH.search(sentence):
            continue
        if number + 1 < len(letter.sentences) and not re.search(r"\{[pm]\d", sentence):
            following = letter.low[slice(*letter.sentences[number + 1])]
            if _MATCH_CUE.search(following) or (
                pension and re.search(r"\b(?:contribut|employer)", following)
            ):
                end = letter.sentences[number + 1][1]
                sentence = letter.low[start:end]
        first = min(match.start() for match in (named, pension) if match)
        begin = max(start, start + first - 140)
        clause_end = end
        if _MATCH_CUE.search(sentence):
            tiers, place = _tiers(letter, begin, clause_end)
            if tiers:
                most = sum(
                    tier["match_percent"] * tier["slice_percent_of_pay"] / 100 for tier in tiers
                )
                extra = letter.find(r"\bvest\w* (?:after|over) <U:years>", place[0], end)
                years = extra.token("years") if extra else None
                benefit = _benefit("retirement_match", tiers=tiers, max_percent_of_pay=_clean(most))
                if years and years.unit == "year":
                    benefit["vesting_years"] = _clean(years.value)
                found.append((place, benefit))
                continue
            simple = letter.find(r"<P:rate> (?:employer |company )?match\b", begin, clause_end)
            if simple:
                continue  # a percentage of what is not said
        kind = "pension" if pension and not named else "retirement_match"
        flat = _flat(letter, begin, clause_end, kind)
        if flat:
            found.append(flat)
    return found


def _tiers(letter: Letter, start: int, end: int) -> tuple[list[dict[str, float]], Place]:
    """Return the slices of pay and how much of each is matched, in order."""
    by_slice: dict[Place, tuple[float, float]] = {}
    for number, source in enumerate(_TIERS):
        for match in letter.find_all(source, start, end):
            width = match.token("slice")
            place = match.place("slice")
            if width is None or width.value > 25 or any(place == one for one in by_slice):
                continue
            gap = match.text("gap") or ""
            if re.search(r"\b(?:vest|premium|bonus|discount)\w*", gap):
                continue
            rate = match.token("rate")
            cents = match.token("cents")
            if number in {0, 1}:
                percent = 100.0
            elif number == 4:
                percent = 50.0
            elif cents:
                if cents.value > 2:
                    continue
                percent = 100 * cents.value
            elif rate:
                percent = rate.value * 100 if rate.kind.value == "f" else rate.value
            else:
                continue
            if percent < 5 or percent > 200:
                continue
            by_slice[place] = (percent, width.value)
    if not by_slice:
        return [], (start, end)
    ordered = sorted(by_slice.items())
    places = [place for place, _ in ordered]
    tiers = [
        {"match_percent": _clean(percent), "slice_percent_of_pay": _clean(width)}
        for _, (percent, width) in ordered
    ]
    begin = max(start, places[0][0] - 110)
    return tiers, (begin, places[-1][1])


def _flat(letter: Letter, start: int, end: int, kind: str) -> tuple[Place, dict[str, Value]] | None:
    employee = None
    employee_place: Place | None = None
    for source in _EMPLOYEE:
        match = letter.find(source, start, end)
        token = match.token("rate") if match else None
        if match and token:
            employee, employee_place = token.value, match.place("rate")
            break
    for source in _FLAT:
        for match in letter.find_all(source, start, end):
            token = match.token("rate")
            place = match.place("rate")
            if token is None or place == employee_place or not 0 < token.value <= 30:
                continue
            if re.search(
                r"\b(?:you|employee|match\w*|up to|maximum|premium|first|bonus|discount)\b",
                match.text("gap") or "",
            ):
                continue
            benefit = _benefit(kind, employer_percent=_clean(token.value))
            if employee is not None and kind == "pension":
                benefit["employee_percent"] = _clean(employee)
            return place, benefit
    return None


def _time_off(letter: Letter) -> list[tuple[Place, dict[str, Value]]]:
    found: list[tuple[Place, dict[str, Value]]] = []
    accrued: list[tuple[Place, dict[str, Value]]] = []
    for source in _DAYS:
        for match in letter.find_all(source):
            token = match.token("days")
            start, end = match.place("days")
            if token is None or token.unit not in {"day", "week"} or token.other is not None:
                continue
            words = letter.low[match.start : match.end] + " " + letter.words(start, end).lower()
            lead = letter.low[max(0, match.start - 12) : match.start]
            if _NOT_LEAVE.search(words) or re.search(
                r"\b(?:sick|public|bank|federal|statutory|floating|company|parental|another|notice|after|within|first) $",
                lead,
            ):
                continue
            days = token.value * 5 if token.unit == "week" else token.value
            is_accrual = days < 4
            if is_accrual and re.match(
                r"[^{}.;]{0,40}\b(?:per|each|a|every) month\b", letter.low[end : end + 60]
            ):
                days *= 12
            if not 4 <= days <= 60:
                continue
            benefit = _benefit("pto", days=_clean(days))
            if token.unit == "week":
                benefit["weeks"] = _clean(token.value)
            place = (min(match.start, start), max(match.end, end))
            (accrued if is_accrual else found).append((place, benefit))
    for token, start, end in letter.tokens_in(0, len(letter.low), "u"):
        written = letter.words(start, end).lower()
        if token.unit in {"day", "week"} and re.search(
            r"\b(?:vacation|holiday|annual leave)\b", written
        ):
            days = token.value * 5 if token.unit == "week" else token.value
            found.append(((start, end), _benefit("pto", days=_clean(days))))
    if found or accrued:  # a year's days outright, before a month's times twelve
        return [min(found or accrued, key=lambda item: item[0])]
    per = letter.find(_PER_PERIOD)
    token = (per.token("hours") or per.token("hours2")) if per else None
    if per and token and (token.kind.value == "n" or token.unit == "hour"):
        how = per.text("how") or ""
        periods = 26 if how.startswith("bi") else 24 if how.startswith("semi") else None
        if periods:
            return [(per.range, _benefit("pto", days=_clean(round(token.value * periods / 8, 2))))]
    unlimited = _UNLIMITED.search(letter.low)
    if unlimited:
        return [(unlimited.span(), _benefit("pto", days=None, unlimited=True))]
    return []


def _parental(letter: Letter) -> list[tuple[Place, dict[str, Value]]]:
    for source in _PARENTAL:
        match = letter.find(source)
        token = match.token("weeks") if match else None
        if match and token and token.unit in {"week", "month"}:
            weeks = token.value if token.unit == "week" else round(token.value * 52 / 12, 1)
            return [(match.range, _benefit("parental_leave", weeks=_clean(weeks)))]
    return []


def _money(letter: Letter, draft: Draft) -> list[tuple[Place, dict[str, Value]]]:
    taken = [
        place
        for path, places in draft.places.items()
        if path.split(".")[0] in {"base_salary", "sign_on", "relocation", "equity", "bonus"}
        for place in places
        if place[1] - place[0] < 24
    ]
    found: list[tuple[Place, dict[str, Value]]] = []
    for row, (sentence_start, end) in enumerate(letter.sentences):
        start = _heading_before(letter, row) if row else sentence_start
        amounts = list(_MONEY_ITEM.finditer(letter.low, sentence_start, end))
        for number, amount in enumerate(amounts):
            place = amount.span()
            token = letter.token_of(amount[0])
            if (
                any(one[0] <= place[0] < one[1] for one in taken)
                or token.unit == "cents"
                or token.other is not None
                or token.value > 200_000
            ):
                continue
            left = amounts[number - 1].end() if number else start
            right = amounts[number + 1].start() if number + 1 < len(amounts) else end
            kind = _kind_of(letter.low, left, place, right)
            if kind is None and start < sentence_start and number == 0:
                stop = start + len(letter.low[start:sentence_start].rstrip(" .:"))
                kind = _kind_of(letter.low, start, (stop, stop), stop)
            if kind is None:
                continue
            before, after = letter.low[left : place[0]], letter.low[place[1] : right]
            own = after[: max(kind[1] - place[1], 25)] if kind[1] > place[1] else after[:25]
            is_label = kind[1] <= place[0] and _LABEL.fullmatch(letter.low, kind[1], place[0])
            lead = "" if is_label else before[-60:]
            if _NOT_BENEFIT.search(_nearest(own)) or _NOT_BENEFIT.search(lead):
                continue
            period = _period_of(before, after, kind)
            found.append(
                (
                    (
                        max(left, place[0] - 50) if kind[1] < place[0] else place[0],
                        min(right, max(place[1], kind[1])),
                    ),
                    _benefit(
                        kind[0],
                        amount=_clean(token.value),
                        currency=letter.currency(token) or draft.get("base_salary.currency"),
                        period=period,
                    ),
                )
            )
    return found


def _heading_before(letter: Letter, row: int) -> int:
    """Return where a line begins, with the bare heading right above a value that names nothing."""
    above, start = letter.sentences[row - 1][0], letter.sentences[row][0]
    heading = letter.low[above:start].strip(" .:")
    is_bare = _HEADED.match(letter.low, start) is not None
    is_heading = 0 < len(heading.split()) <= 3 and "{" not in heading
    return above if is_bare and is_heading else start


def _nearest(after: str) -> str:
    """Return the clause that an amount begins."""
    return re.split(r"[;.|]|, (?:and|\{)| and ", after)[0][:90]


def _kind_of(text: str, left: int, place: Place, right: int) -> tuple[str, int] | None:
    """Return the kind of benefit which an amount is for, and where its name ends.

    The name follows the amount in its own clause ("$150 a month for commuting"), or comes before it
    ("car allowance: £5,500").
    """
    after = _nearest(text[place[1] : right])
    best: tuple[int, str, int] | None = None
    for name, source in _COMPILED:
        found = source.search(after)
        if found and (best is None or found.start() < best[0]):
            best = (found.start(), name, place[1] + found.end())
    if best:
        return best[1], best[2]
    before = text[max(left, place[0] - 110) : place[0]]
    if left < place[0]:
        before = re.split(r"[;.] ", before)[-1]
    nearest: tuple[int, str, int] | None = None
    for name, source in _COMPILED:
        for found in source.finditer(before):
            if nearest is None or found.end() > nearest[0]:
                nearest = (found.end(), name, place[0] - len(before) + found.end())
    return (nearest[1], nearest[2]) if nearest else None


def _period_of(before: str, after: str, kind: tuple[str, int]) -> str | None:
    clause = _nearest(after)
    for text in (clause, before[-60:]):
        found = [
            (match.start(), name) for name, source in _PERIOD if (match := source.search(text))
        ]
        if found:
            return min(found)[1] if text is clause else max(found)[1]
    return "one_time" if kind[0] in {"equipment", "home_office"} else None


def _in_kind(
    letter: Letter, known: list[tuple[Place, dict[str, Value]]]
) -> list[tuple[Place, dict[str, Value]]]:
    """Return what is given without an amount: health cover, a laptop, lunch, a stock purchase plan."""
    found: list[tuple[Place, dict[str, Value]]] = []
    kinds = {benefit["kind"] for _, benefit in known}
    for kind, source, label in (
        (
            "health",
            r"\b(?:medical|dental|health (?:cover|insurance|care|plan|benefits)|private medical|mutuelle|health cover)\b",
            None,
        ),
        (
            "equipment",
            r"\b(?:ship you|provide you with|receive|get|issued?|supply) (?:you )?(?:with )?a (?:company |new )?(?:laptop|macbook|workstation|computer)\b",
            "laptop",
        ),
        (
            "meals",
            r"\b(?:lunch|meals|dinner|breakfast)(?: and [a-z]+)?(?: is| are)?(?: provided| on site| free| daily| in the office| at the office)\b|\bfree (?:lunch|meals|food)\b",
            None,
        ),
        (
            "other",
            r"\b(?:employee )?(?:stock|share) purchase plan\b|\bespp\b",
            "employee stock purchase plan",
        ),
    ):
        match = re.search(source, letter.low)
        if (
            match
            and kind not in kinds
            and not re.search(
                r"\b(?:no|not|without)\b[^.;]{0,24}$",
                letter.low[max(0, match.start() - 30) : match.start()],
            )
        ):
            benefit = _benefit(kind)
            if label:
                benefit["label"] = label
            found.append((match.span(), benefit))
    return found
