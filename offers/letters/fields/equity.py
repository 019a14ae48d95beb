"""Equity awards: what kind, how many or how much, at which price, and their terms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from offers.letters.draft import Draft, Place
from offers.letters.fields.acceleration import read_acceleration
from offers.letters.fields.vesting import read_vesting
from offers.letters.letter import Letter
from offers.letters.tokens import Token

_THING: Final = (
    r"(?:performance[- ](?:based )?(?:restricted )?(?:stock|share) units?(?: \(psus?\))?|psus?|(?:conditional (?:stock|shares?)(?: awards?)?)|(?:restricted|deferred) (?:stock|share) units?(?: \(\"?rsus?\"?\))?|rsus?|(?:shares of )?restricted (?:common )?(?:stock|shares)(?! unit)|(?:virtual|phantom) (?:shares?|stock(?: options?)?|options?|units?)"
    r"|(?:participation|profits?(?:[- ]interests?)?|incentive|appreciation|llc|class [a-z]|membership|carried interest) units?|profits? interests?|bspce|warrants|stock appreciation rights|sars?"
    r"|(?:(?:non-?qualified|nonqualified|non-?statutory|incentive|qualified|emi|employee|stock|shares?|csop|esop|unapproved|virtual) ){0,3}options?|nq?sos?|isos?|(?:ordinary|common|class [a-z]|founder|preferred)? ?shares?(?: of (?:\w+ ){0,2}(?:common |restricted |ordinary |class [a-z] )?stock)?|units?|growth shares?)"
)
_AWARDS: Final = [
    # an option to purchase 64,000 shares
    rf"\boptions?(?P<gap>(?: \([^(){{}}]{{0,60}}\))? (?:[^{{}}.;]{{0,60}}?)(?:to (?:purchase|buy|acquire|subscribe for)|covering|over|for|in respect of|on|with respect to|relating to|exercisable for)(?: up to| a total of| an aggregate of| approximately| the purchase of)*) <N:quantity>(?P<thing> {_THING})?",
    # 610 restricted stock units
    rf"<N:quantity>(?: new| additional| of our| of the company's| fully vested| time-based| performance-based| unvested)? ?(?P<thing>{_THING})\b",
    # RSUs: 2,350
    rf"\b(?P<thing>{_THING})(?P<gap>(?: award| grant)?(?: \([a-z ]{{3,24}}\))?[ ~:|]{{0,12}}?)<N:quantity>(?! (?:days|months|years|times|equal))",
    # the number of restricted stock units is increased to 3,600
    rf"\bnumber of (?:the |your )?(?P<thing>{_THING})(?P<gap>[^{{}}.;]{{0,60}}?(?:to|is|of|be|:) ?)<N:quantity>",
    # RSUs with a target value of $640,000
    rf"\b(?P<thing>{_THING})(?P<gap>(?: \([^(){{}}]{{0,40}}\))?[^{{}}.;]{{0,80}}?\b(?:value[ds]?|worth|valued at|equal to|amount(?:ing)? to|totall?ing|dividing)\b[^{{}}.;]{{0,50}}?)<M:value>",
    # $420,000 in RSUs
    rf"<M:value>(?P<gap> (?:in|of|worth of|in the form of|as|target value of|grant of|initial) ?(?:the |our |new-hire |company |initial |value of )*)(?P<thing>{_THING})\b",
    # New-hire RSUs: $420,000
    r"\b(?P<thing>rsus?|restricted stock units|equity (?:award|grant)|stock (?:award|grant)|psus?)(?P<gap>(?: award| grant)?(?: \([a-z -]{3,24}\))?[ ~:|]{0,12}?)<M:value>",
    # an equity award with a value of $300,000 in the form of RSUs
    r"\b(?P<thing>equity (?:award|grant|package)|stock (?:award|grant)|(?:long[- ]term )?incentive award|new[- ]hire (?:award|grant))(?P<gap>[^{}.;]{0,60}\b(?:value|valued|worth|of)\b[^{}.;]{0,40}?)<M:value>",
]
_BY_PERCENT: Final = [
    # stock options for 0.18% of the company
    r"\b(?P<thing>options?)(?: [a-z-]+){0,8}? (?:for|over|covering|representing|equal to|of|purchase|acquire)(?: approximately| about| roughly)* <P:share>(?= of (?:the |our )?(?:company|fully|outstanding|issued|total|share capital|capitali[sz]ation))",
    # 0.4% of the company in stock options
    r"<P:share>(?: of the company| of the fully[- ]diluted \w+| equity)? (?:in|in the form of|as|via)(?: incentive| non-qualified| nonqualified| emi)? ?(?P<thing>(?:stock |share )?options?)\b",
]
_YOURS: Final = re.compile(
    r"\b(?:grant|award|offer|give|issue|receive|get) you\b|\byou(?:'ll| will| shall)|\byour\b|^[• -]*(?:equity|options?|stock options?) ?[:|]"
)
_NOT_YOURS: Final = re.compile(
    r"\b(?:pool|set aside|reserved?|team|employees|founders|others?|hires|may be|eligible|in (?:the )?future|last|average|typically)\b"
)
_PART_OF_AWARD: Final = re.compile(r"\b(?:with|of which|as to|being)(?: the first)? $")
_NOT_AN_AWARD: Final = re.compile(
    r"\b(?:total|outstanding|fully diluted(?! basis)|authori[sz]ed|issued share|pool|reserved|per share|each share|every|price of|at least|more than|minimum of|own|hold|forfeit\w*|two|one of)\b[^{}.;]{0,16}$"
)
_AFTER_NO_AWARD: Final = re.compile(
    r"^[^{}.;]{0,20}\b(?:outstanding|fully[- ]diluted|in issue|authori[sz]ed|issued|including the|in the (?:option )?pool|on a fully)\b|^(?:,| who| in| at)? ?(?:employees|people|customers|options? (?::|for the move|below))"
)
_TIED_TO_VEST: Final = re.compile(
    r"\b(?:vest\w*|instal\w+|exercis\w+|tranche|accelerat\w+)\b[^{}.;]{0,30}$|\{[a-z]\d+\} of (?:the |your |these |such )?$"
)
_VESTS_AFTER: Final = re.compile(
    r"^ (?:will |shall )?vest\b|^ on \{d|^ (?:each|every) (?:month\b|quarter\b|year\b|\{u)|^ vesting on|^ (?:at|after|in|on) (?:the )?(?:\{[uda]|month|end of)"
)
_STILL_AN_AWARD: Final = re.compile(
    r"\b(?:(?<!of the )(?<!of )grant\w*|award\w*|receive|offer\w*|option to|recommend\w*|entitle\w*|issue\w*|get)\b"
)

_FLAVOURS: Final = [
    ("EMI", r"\bemi\b|\benterprise management incentive"),
    ("VSOP", r"\b(?:virtual|phantom) (?:share|stock|option|unit)|\bvsop\b|\bvirtual\b"),
    ("PSU", r"\bpsus?\b|\bperformance[- ](?:based )?(?:restricted )?(?:stock|share) unit"),
    ("RSU", r"\brsus?\b|\b(?:restricted|deferred) (?:stock|share) unit|\bconditional (?:stock|shares?)\b"),
    ("RSA", r"\brestricted (?:common )?(?:stock|shares)(?! unit)|\brsa\b|\bfounder shares\b"),
    ("UNITS", r"\b(?:participation|profits?(?:[- ]interests?)?|incentive|llc|membership|appreciation|carried interest) units?\b|\bprofits? interests?\b"),
    ("OTHER", r"\bbspce\b|\bwarrants\b|\bappreciation rights\b|\bsars?\b|\bgrowth shares\b"),
    ("NSO", r"\bnon-?qualified\b|\bnonqualified\b|\bnon-?statutory\b|\bnqsos?\b|\bnsos?\b|\bnqos?\b|\bunapproved option"),
    ("ISO", r"\bincentive stock option|\bisos?\b|\bqualified (?:stock )?option"),
    ("OPTION", r"\boptions?\b"),
]  # fmt: skip
_OPTIONS: Final = frozenset({"ISO", "NSO", "OPTION", "EMI", "VSOP", "RSA", "UNITS", "OTHER"})
_PER: Final = r"(?: ?(?:usd|cad|gbp|eur))?(?: per| a| each|/| for each| per ordinary| per virtual| per common)? ?(?:ordinary |virtual |common |option )?(?:share|unit|option|virtual)?"
_STRIKE: Final = [
    r"\b(?:exercise|strike|base|purchase|subscription|grant|option|hurdle) price(?P<gap>[^{}.;]{0,80}?)<M:price>",
    r"\bstrike(?P<gap>(?: price)?(?: of|:| is| at| will be)* ?)<M:price>",
    r"\b(?:purchase|buy|acquire|subscribe)(?P<gap>[^{}.;]{0,60}?)\bat (?:a price of )?<M:price>(?= ?(?:per|a|each|/) ?)",
    r"\b(?:bought|purchased|paid)(?P<gap>[^{}.;]{0,40}?)\bat <M:price>",
    r"<N>[^{}.;]{0,40}(?P<gap> at (?:a price of |an? (?:exercise|strike) (?:price )?of )?)<M:price>(?= ?(?:per|a|each|/) ?)",
    r"<M:price>(?P<gap> (?:strike|exercise price|per share exercise))",
]
_NOT_STRIKE: Final = re.compile(
    r"\b(?:fair market value|409a|preferred|fmv|last round|investors?|average|reference|closing)\b"
)
_STRIKE_BASES: Final = [
    ("greater_of", r"\bgreater of\b|\bhigher of\b"),
    ("closing_price", r"\bclosing (?:sale |market |trading )?price\b"),
    ("fmv_at_grant", r"\b409a (?:price|value|valuation)[^.;{}]{0,40}\b(?:grant date|date of grant|at grant)|\b(?:fair market value|fmv|market value|fair value)\b[^.;{}]{0,80}\b(?:date of (?:the )?grant|grant date|(?:on|at|of|as of) (?:the )?(?:date|day|time) (?:of (?:the )?grant|it is granted|the (?:board|option)|of (?:board )?approval)|when (?:it is |the option is |the board )?(?:granted|grants|approves)|at grant|on grant|is granted|board approv\w+)|\b(?:at|equal to|not less than|no less than) (?:the |its |our )?(?:then[- ]current )?(?:fair market value|fmv)\b"),
]  # fmt: skip
_PERCENT: Final = [
    r"<P:share>(?P<gap>[^{}.;]{0,40}?)\b(?:of (?:the |our )?(?:company|fully|outstanding|issued|shares|capital|equity|common|total)|fully[- ]diluted|on an? (?:fully|as-converted)|ownership)",
    r"\bequity(?P<gap>(?: grant| stake)?(?: of|:| \|)* )<P:share>",
    r"\b(?:represent\w*|equal\w*|equivalent to|approximately|about|that is|so that is|which is|i\.e\.|corresponds? to|amounts? to)(?P<gap>(?: [a-z]+){0,3} ?)<P:share>(?= ?(?:of (?:the|our) |on a|\(|\.|,? ?fully|ownership|$))",
    r"\bfully[- ]diluted(?P<gap>[^{}.;]{0,60}?)<P:share>",
]
_EXERCISE: Final = [
    r"\b(?:exercis\w*)(?P<gap>[^{}.;]{0,70}?)<U:window>(?P<after>[^{}.;]{0,60})",
    r"<U:window>(?P<gap>[^{}.;]{0,40}?)\bto exercise(?P<after>)",
    r"\b(?:post-termination|exercise) (?:exercise )?(?:window|period)(?P<gap>[^{}.;]{0,40}?)<U:window>(?P<after>)",
    r"<U:window>(?P<gap> (?:post-termination )?(?:exercise )?(?:exercise )(?:window|period))(?P<after>)",
]
_LEAVING: Final = re.compile(
    r"\b(?:after|following|from|leav\w+|terminat\w+|post-termination|last day|depart\w*|cease\w*|end of|service ends|employment ends)\b"
)
_EARLY: Final = re.compile(
    r"\bearly[- ]exercis\w+|\bexercise[^.;{}]{0,30}\bbefore (?:they |it )?vest\w*|\bexercise (?:unvested|any unvested)"
)
_NOT_EARLY: Final = re.compile(
    r"\b(?:no|not|may not|cannot|without)\b[^.;{}]{0,30}(?:early|before|unvested)"
)
_LIQUIDITY: Final = re.compile(
    r"\b(?:only|solely)\b[^.;{}]{0,70}\b(?:exit|liquidity event|tender|sale or (?:public )?listing|ipo|listing|change of control|sale of the company)\b|\bliquidity (?:event )?(?:condition|requirement)\b|\bboth[^.;{}]{0,60}(?:liquidity|ipo)\b|\b(?:settle\w*|vest\w*|payable|exercisable|realised|cash)\b[^.;{}]{0,50}\b(?:upon|on|until|after|in) (?:an? |the )?(?:first )?(?:liquidity event|exit|ipo|initial public offering)\b|\bdouble[- ]trigger rsus?\b|\b(?:exit-only|exit only)\b"
)
_FMV: Final = [
    r"\b409a?(?P<gap>[^{}.;]{0,90}?(?:\(<D>\))?[^{}.;]{0,60}?)<M:price>",
    r"\b(?:fair market value|fmv|valuation)(?P<gap>[^{}.;]{0,70}?)<M:price>(?= ?(?:per|a|each|/) ?(?:common |ordinary )?share)",
]
_PREFERRED: Final = [
    r"\b(?:preferred (?:stock|share|price)?|series [a-h]|last (?:funding )?round|(?:latest|most recent) (?:funding |financing )?round|funding round|(?:lead )?investors?)(?P<gap>[^{}.;]{0,80}?(?:<D>)?[^{}.;]{0,40}?)<M:price>(?= ?(?:per|a|each|/) ?(?:preferred |ordinary |common )?share)",
    r"<M:price>(?P<gap> (?:per|a|each|/) ?preferred share)",
]


@dataclass(slots=True)
class _Award:
    start: int
    end: int
    place: Place
    type: str
    quantity: Token | None
    value: Token | None
    value_place: Place | None
    stop: int = 0


def read_equity(letter: Letter, draft: Draft) -> None:
    """Note each award with its terms; what is said after the last one about all counts for all."""
    awards = _awards(letter)
    if not awards:
        _ask_about_doubtful(letter, draft)
    for number, award in enumerate(awards):
        path = f"equity.{number}"
        draft.put(f"{path}.type", award.type, award.place)
        if award.quantity:
            draft.put(f"{path}.quantity", _clean(award.quantity.value), award.place)
        if award.value and award.value_place:
            currency = letter.currency(award.value) or draft.get("base_salary.currency")
            draft.put(
                f"{path}.value",
                {"amount": _clean(award.value.value), "currency": currency},
                award.value_place,
            )
        own = _own_stretches(letter, award, awards, number)
        _read_prices(letter, draft, path, award, own)
        _read_percent(letter, draft, path, award, own)
        read_vesting(
            letter, draft, f"{path}.vesting", own, award.quantity.value if award.quantity else None
        )
        read_acceleration(letter, draft, f"{path}.acceleration", own)
        _read_exercise(letter, draft, path, award, own)
        _read_liquidity(letter, draft, path, own)


def _ask_about_doubtful(letter: Letter, draft: Draft) -> None:
    """Ask about a count or a value that can be read in two ways, such as 1.250."""
    for source in _AWARDS:
        for match in letter.find_all(source):
            name = "quantity" if match.token("quantity") else "value"
            token = match.token(name)
            if token and token.other is not None:
                choices = sorted({token.value, token.other})
                why = "the figure can be read in two ways"
                draft.ask(f"equity.0.{name}", why, choices, match.place(name))
                return


def _clean(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 6)


def _awards(letter: Letter) -> list[_Award]:
    found: list[_Award] = []
    for source in _AWARDS:
        for match in letter.find_all(source):
            award = _award(letter, match.found, match.token("quantity"), match.token("value"))
            if award is None:
                continue
            same = next((one for one in found if _is_same(letter, one, award)), None)
            if same is None:
                found.append(award)
            else:
                same.quantity = same.quantity or award.quantity
                if same.value is None and award.value:
                    same.value, same.value_place = award.value, award.value_place
    if not found:
        found.extend(islice(_by_percent(letter), 1))
    found.sort(key=lambda one: one.start)
    for index, one in enumerate(found):
        one.stop = found[index + 1].start if index + 1 < len(found) else len(letter.low)
    return found


def _by_percent(letter: Letter) -> Iterator[_Award]:
    """Yield the awards told only as a share of the company."""
    for source in _BY_PERCENT:
        for match in letter.find_all(source):
            token = match.token("share")
            start, end = match.range
            sentence_start, sentence_end = letter.sentence_at(start)
            kind = _flavour(
                letter, match.text("thing") or "", start, end, sentence_start, sentence_end
            )
            before = letter.low[sentence_start:start]
            if token is None or token.other is not None or token.value > 20 or kind is None:
                continue
            sentence = letter.low[sentence_start:sentence_end]
            if _NOT_AN_AWARD.search(before) or _NOT_YOURS.search(sentence):
                continue
            if not _YOURS.search(sentence):
                continue
            yield _Award(
                start=start,
                end=end,
                place=(start, end),
                type=kind,
                quantity=None,
                value=None,
                value_place=None,
            )


def _award(
    letter: Letter, match: re.Match[str], quantity: Token | None, value: Token | None
) -> _Award | None:
    start, end = match.span()
    thing = (match.groupdict().get("thing") or "").strip()
    sentence_start, sentence_end = letter.sentence_at(start)
    sentence = letter.low[sentence_start:sentence_end]
    name = "quantity" if quantity else "value"
    place = match.span(name)
    before = letter.low[max(sentence_start, place[0] - 60) : place[0]]
    after = letter.low[place[1] : place[1] + 60]
    token = quantity or value
    if token is None or token.other is not None:
        return None
    if quantity and (quantity.value < 10 or quantity.value != int(quantity.value)):
        return None
    if value and (value.value < 500 or value.unit == "cents"):
        return None
    thing_after = letter.low[end : end + 60]
    if _NOT_AN_AWARD.search(before) or _AFTER_NO_AWARD.search(thing_after):
        return None
    if (
        quantity
        and (_TIED_TO_VEST.search(before) or _VESTS_AFTER.search(thing_after))
        and not (
            (_STILL_AN_AWARD.search(before) and not _PART_OF_AWARD.search(before))
            or (
                re.search(r"^[^.]{0,30}$", letter.low[sentence_start : match.start()])
                and not _spoken_of_before(letter, sentence_start)
            )
        )
    ):
        return None
    if re.search(r"\bmatch\w*\b|\bdividend|\bpurchase plan\b", before):
        return None
    if value and re.search(r"\b(?:per|each|a) (?:share|unit)\b", after[:24]):
        return None
    if re.match(
        r"(?:equity (?:award|grant|package)|stock (?:award|grant)|(?:long[- ]term )?incentive award|new[- ]hire (?:award|grant))",
        thing,
    ) and not re.search(
        r"\brsus?\b|\brestricted stock|\bstock\b|\bshares\b|\bunits\b|\boptions?\b|\bequity\b",
        sentence,
    ):
        return None
    kind = _flavour(letter, thing, start, end, sentence_start, sentence_end)
    if kind is None:
        return None
    return _Award(
        start=start,
        end=end,
        place=(start, end),
        type=kind,
        quantity=quantity,
        value=value,
        value_place=place if value else None,
    )


def _spoken_of_before(letter: Letter, position: int) -> bool:
    """Return whether equity was spoken of in the sentences before."""
    return (
        re.search(
            r"\b(?:grant|award|option to|rsus?|restricted (?:stock|share)|(?:share|stock) units|options)\b",
            letter.low[max(0, position - 300) : position],
        )
        is not None
    )


def _flavour(
    letter: Letter, thing: str, start: int, end: int, sentence_start: int, sentence_end: int
) -> str | None:
    """Return the type of the thing itself, or else of the words around it."""
    own = letter.low[start:end]
    for name, source in _FLAVOURS:
        if name != "OPTION" and re.search(source, own):
            return name
    near = letter.low[max(sentence_start, start - 60) : min(sentence_end, end + 120)]
    is_option = (
        re.search(r"\boptions?\b", own) is not None
        or re.search(
            r"\boptions?\b[^{}]{0,60}$", letter.low[max(sentence_start, start - 70) : start]
        )
        is not None
    )
    if is_option:
        _, stop = letter.sentences_from(start, 3)
        wide = letter.low[max(sentence_start, start - 90) : min(stop, end + 240)]
        before = letter.low[max(sentence_start, start - 40) : start]
        for name, source in _FLAVOURS:
            if name in {"EMI", "VSOP", "NSO", "ISO"} and (
                re.search(source, before) or re.search(source, near)
            ):
                return name
        kinds = [
            name
            for name, source in _FLAVOURS
            if name in {"EMI", "NSO", "ISO"} and re.search(source, wide)
        ]
        return kinds[0] if len(kinds) == 1 else "OPTION"
    for name, source in _FLAVOURS:
        if name in {"RSA", "RSU", "PSU", "UNITS", "VSOP", "OTHER"} and re.search(source, near):
            return name
    if re.search(r"\bunits?\b", thing):
        back = letter.low[max(0, start - 300) : end]
        names = [
            name
            for name, source in _FLAVOURS
            if name in {"RSU", "PSU", "UNITS", "VSOP"} and re.search(source, back)
        ]
        return names[0] if len(names) == 1 else None
    if re.match(r"equity|stock (?:award|grant)", thing):
        return (
            "RSU"
            if re.search(r"\brsus?\b|\brestricted stock units?\b", letter.low[start : start + 700])
            else None
        )
    return None


def _is_same(letter: Letter, one: _Award, other: _Award) -> bool:
    """Return whether two matches tell of one award."""
    if one.quantity and other.quantity:
        if one.quantity.start == other.quantity.start:
            return True
        return one.quantity.value == other.quantity.value and _alike(one.type, other.type)
    if one.value and other.value:
        return one.value.start == other.value.start or (
            one.value.value == other.value.value and _alike(one.type, other.type)
        )
    if not _alike(one.type, other.type):
        return False
    first, second = sorted((one, other), key=lambda award: award.start)
    return letter.sentences_from(first.start, 2)[1] > second.start


def _alike(one: str, other: str) -> bool:
    options = {"ISO", "NSO", "OPTION", "EMI"}
    return one == other or (one in options and other in options and "OPTION" in {one, other})


def _own_stretches(letter: Letter, award: _Award, awards: list[_Award], number: int) -> list[Place]:
    """Return what is said of this award: from its sentence to the next one, then what counts for all."""
    start = award.start
    if number == 0 or awards[number - 1].end <= letter.sentence_at(start)[0]:
        start = letter.sentence_at(start)[0]
    end = award.stop
    if number + 1 < len(awards):
        following = letter.sentence_at(awards[number + 1].start)[0]
        end = following if following > award.end else award.stop
        tail = letter.sentence_at(awards[-1].start)[1]
    else:
        tail = letter.sentence_at(award.start)[1]
        end = min(end, tail)
    if len(awards) == 1:
        return [(start, award.stop)]
    return [(start, end), *_shared(letter, award, tail)]


def _shared(letter: Letter, award: _Award, start: int) -> list[Place]:
    """Return the runs of sentences from a place on that name no other kind of award."""
    runs: list[Place] = []
    for number in range(letter.sentence_number(start), len(letter.sentences)):
        first, last = letter.sentences[number]
        if first < start or not _concerns(letter, award, first):
            continue
        if runs and runs[-1][1] == first:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


def _concerns(letter: Letter, award: _Award, place: int) -> bool:
    """Return whether a later sentence can be about this award, by the kind it names."""
    start, end = letter.sentence_at(place)
    text = letter.low[start:end]
    names_option = re.search(r"\boptions?\b", text) is not None
    names_unit = re.search(r"\brsus?\b|\brestricted stock units?\b|\bunits\b", text) is not None
    is_option = award.type in {"ISO", "NSO", "OPTION", "EMI"}
    if names_option and not names_unit:
        return is_option or award.type in {"VSOP", "OTHER"}
    if names_unit and not names_option:
        return not is_option
    return True


def _read_prices(letter: Letter, draft: Draft, path: str, award: _Award, own: list[Place]) -> None:
    for start, end in own:
        if award.type in _OPTIONS:
            for source in _STRIKE:
                for match in letter.find_all(source, start, end):
                    token = match.token("price")
                    if (
                        token is None
                        or _NOT_STRIKE.search(match.text("gap") or "")
                        or not _concerns(letter, award, match.start)
                        or token.value > 10_000
                    ):
                        continue
                    if token.other is not None:
                        draft.ask(
                            f"{path}.strike_price",
                            "the figure can be read in two ways",
                            [token.value, token.other],
                            match.place("price"),
                        )
                        continue
                    draft.put(f"{path}.strike_price", _clean(token.value), match.place("price"))
                    break
                if draft.has(f"{path}.strike_price"):
                    break
            for name, source in _STRIKE_BASES:
                for found in re.compile(source).finditer(letter.low, start, end):
                    sentence_start, sentence_end = letter.sentence_at(found.start())
                    if re.search(
                        r"\b(?:price|strike|exercis\w+)\b",
                        letter.low[
                            max(sentence_start, start) : min(sentence_end, found.end() + 10)
                        ],
                    ) and _concerns(letter, award, found.start()):
                        draft.put(f"{path}.strike_basis", name, found.span())
            if draft.has(f"{path}.strike_price"):
                draft.put(f"{path}.strike_basis", "stated", draft.places[f"{path}.strike_price"][0])
        for key, sources in (("fmv_409a", _FMV), ("preferred_price", _PREFERRED)):
            for source in sources:
                told = letter.find(source, start, end)
                token = told.token("price") if told else None
                if (
                    told
                    and token
                    and token.value < 10_000
                    and told.place("price") not in draft.places.get(f"{path}.strike_price", [])
                ):
                    draft.put(f"{path}.{key}", _clean(token.value), told.place("price"))


def _read_percent(letter: Letter, draft: Draft, path: str, award: _Award, own: list[Place]) -> None:
    start, end = own[0]
    _, reach = letter.sentences_from(award.start, 4)
    for source in _PERCENT:
        for match in letter.find_all(source, start, min(end, reach)):
            token = match.token("share")
            if (
                token is None
                or token.other is not None
                or token.value > 20
                or re.search(r"\bvest|\bbonus|\bsalary", match.text("gap") or "")
            ):
                continue
            first, last = match.place("share")
            if re.search(r"\bvest\w*[^{}.;]{0,20}$", letter.low[start:first]) or re.match(
                r" of (?:the |your )?(?:option|rsus|units|base|salary|award|target|unvested|shares (?:subject|vest))",
                letter.low[last : last + 40],
            ):
                continue
            draft.put(f"{path}.percent_of_company", _clean(token.value), (first, last))
            sentence_start, sentence_end = letter.sentence_at(first)
            near = letter.low[max(sentence_start, start) : sentence_end]
            if re.search(r"\bfully[- ]diluted|\bfull(?:y)? dilution", near):
                draft.put(f"{path}.percent_basis", "fully_diluted", (first, sentence_end))
            elif re.search(r"\boutstanding\b|\bissued\b", near):
                draft.put(f"{path}.percent_basis", "outstanding", (first, sentence_end))
            return


def _read_exercise(
    letter: Letter, draft: Draft, path: str, award: _Award, own: list[Place]
) -> None:
    if award.type not in {"ISO", "NSO", "OPTION", "EMI", "OTHER", "VSOP"}:
        return
    for start, end in own:
        for source in _EXERCISE:
            match = letter.find(source, start, end)
            token = match.token("window") if match else None
            if match is None or token is None or not token.months:
                continue
            sentence = letter.low[slice(*letter.sentence_at(match.start))]
            gap = match.text("gap") or ""
            if not _LEAVING.search(sentence) or (
                re.search(r"\bvest\w*|\bgrant\b|\b83\b", gap + (match.text("after") or "")[:10])
                and "vested" not in gap
            ):
                continue
            months = token.months[0]
            draft.put(
                f"{path}.exercise_window_months", _clean(round(months, 2)), match.place("window")
            )
            break
        early = _EARLY.search(letter.low, start, end)
        if early:
            sentence_start, sentence_end = letter.sentence_at(early.start())
            negated = _NOT_EARLY.search(letter.low[sentence_start:sentence_end])
            draft.put(f"{path}.early_exercise", negated is None, early.span())


def _read_liquidity(letter: Letter, draft: Draft, path: str, own: list[Place]) -> None:
    for start, end in own:
        found = _LIQUIDITY.search(letter.low, start, end)
        if found:
            draft.put(f"{path}.liquidity_condition", True, found.span())
