"""Figures that are no part of the offer: superseded ones, and money the form has no place for.

They keep their place in the text and lose their mark: ``{m4}`` becomes ``{z4}``, which no pattern of a
reader matches, and a superseded figure only tildes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from offers.letters.letter import Letter, pattern
from offers.letters.tokens import TokenKind

_KINDS: Final = "mspnrfu"
_ENORMOUS: Final = 20_000_000
_SMALL_UNITS: Final = frozenset({"INR", "JPY", "KRW", "HUF"})

# Whole sentences whose figures are not the offer's.
_FOREIGN_SENTENCES: Final = re.compile(
    r"\bfor example\b|\b(?:for|by way of|as an) (?:illustration|example)\b|\bhypothetical\w*|\billustrativ\w+|\bwould be worth\b"
    r"|\b(?:while|when) (?:you (?:are )?)?travel\w*|\binvent (?:something|anything)|\bpatent (?:award|bonus|filing)\w*|\bdeductible\b|\bco-?pay\w*|\bout-of-pocket\b"
    r"|\bseverance\b|\b(?:in lieu of|notice) pay\b|\bgarden leave\b|\bnon-?compet"
    r"|\breferr(?:al|ing)\b|\bper diem\b|\btravel(?:ling)? (?:expenses|policy|on business)\b|\bbusiness (?:travel|trips?|expenses)\b|\bexpense (?:limit|report|policy)|\bcorporate card\b"
    r"|\b(?:retention|success|transaction|exit|change[- ]in[- ]control|sale) (?:bonus|fee|payment)\b"
    r"|\b(?:donat|charit|philanthrop)|\bour (?:customers|users|revenue|investors)\b|\b(?:annual|our|in) revenue\b|\bwe (?:have )?(?:just )?raised\b|\braised \{"
    r"|\bliquidated damages\b|\bfine of\b|\bnon-?solicit|\bdirectors? and officers?\b|\bindemnif"
)
_NEVER_OURS: Final = re.compile(
    r"\bloans?\b|\byou (?:already|currently|now) (?:hold|own|have)\b|\b(?:already|previously|earlier) (?:granted|awarded|held)\b|\b(?:existing|outstanding|earlier|previous|prior) (?:awards?|grants?|options|rsus|equity)\b"
)
_SUPERSEDING: Final = re.compile(
    r"\b(?:supersedes?|replaces?|in place of|withdraws?|cancels?)\b[^{}]{0,60}\b(?:letter|offer|agreement|terms|proposal)\b"
    r"|\b(?:earlier|previous|prior|original|first|old|initial) (?:\w+ )?(?:letter|offer|proposal|draft|terms)\b"
    r"|\b(?:no longer applies|no longer valid|out of date|superseded)\b"
)
_GONE: Final = re.compile(r"\b(?:no longer applies|no longer valid|out of date)\b")
_NEW_IN_SENTENCE: Final = re.compile(
    r"\b(?:now|new|revised|instead|this letter|increase[sd]?|raised?|updated)\b"
)
_LATER: Final = re.compile(
    r"\b(?:refresh(?:er)?s?|future|subsequent|ongoing|additional annual) (?:\w+ ){0,2}(?:awards?|grants?|equity|rsus?)\b"
)

# Stretches within a sentence; what lies in the match loses its kind.
_FOREIGN_STRETCHES: Final = [
    r"\b(?:overtime|time and a half|one and one-half times|{f} times that|hours (?:above|over|beyond|in excess))[^.]{0,140}",
    r"\bone and (?:one-half|a half) times[^.]{0,100}",
    r"\b(?:life|accident|disability|income protection|death)[a-z -]{0,24}(?:insurance|assurance|cover|in service)[^.;]{0,60}",
    r"\b(?:estimated|projected|illustrative)(?: (?:first|year|annual|total|target|direct|<N>))*? (?:total|compensation|earnings)[^{}.;]{0,20}<M>",
    r"<N> times (?:your )?(?:annual |base |basic )?(?:salary|pay)",
    r"\b(?:raised|closed|closing)[^{}.]{0,40}<MS>[^.]{0,40}",
    r"<MS> (?:(?:our|in|the|a|of) ){0,2}(?:series [a-h]|seed|round|in (?:funding|revenue|arr)|of (?:funding|revenue|arr)|valuation)\b",
    r"\b(?:has|have) (?:historically )?paid[^.;]{0,80}",
    r"\b(?:last year|last year's|historically|in recent years|over the (?:past|last)|prior years?|previous years?|average)\b[^.;]{0,24}\b(?:bonus|payouts?|paid|plan)\b[^.;]{0,60}",
    r"\b(?:bonus|payouts?|plan|pool)\b[^.;{}]{0,40}\b(?:last year|historically|in recent years|in 20\d\d|over the (?:past|last))\b[^.;]{0,60}",
    r"<P> of (?:the |your |all )?(?:\w+ ){0,3}premiums?[^.;]{0,60}",
    r"\bpremiums?[^{}.;]{0,30}<P>[^.;]{0,40}",
    r"(?:\b(?:of|on|have|are|has|total(?:ling)?|about|approximately|currently|base of|against) )?<N> (?:total |issued |common )?(?:shares )?(?:in issue|outstanding|authori[sz]ed|issued|fully diluted|fully-diluted|including the|in the pool|on a fully)",
    r"\bfully[- ]diluted (?:share count|shares|capitali[sz]ation|capital)[^{}.;]{0,50}<N>",
    r"\btotal (?:share count|shares|number of shares)[^{}.;]{0,50}<N>",
    r"<P> (?:in cash|is paid in cash|will be paid in cash|in october|is deferred|deferred|will be deferred|in deferred|into shares)",
    r"\b(?:awards?|bonus(?:es)?|amounts?) (?:above|over|exceeding|in excess of) <M>[^.;]{0,60}",
    r"\bwithhold[^{}.;]{0,30}<P>|\btax(?:ed|es)? (?:at|of) <P>",
    r"<P> (?:company|individual|team|corporate|personal)\b[^.;]{0,60}<P>",
    r"\b(?:weighted|based|depend\w*|measured|determined)[^{}.;]{0,24}<PF> (?:on|by|company)[^.;]{0,80}",
    r"<P> of (?:your )?(?:working )?(?:time|hours)\b|\btravel[^{}.;]{0,24}<P>|<P> travel",
    r"\b(?:espp|stock purchase plan|share purchase plan|sharesave|employee share(?!s? options?))[^.;]{0,120}",
    r"\b(?:instead of|rather than|formerly|previously|up from|down from|was|not the) <MNPSD>",
]
# One value giving way to another: the first is history.
_FROM_TO: Final = [
    r"\b(?:increas\w*|rais\w*|ris\w*|mov\w*|chang\w*|grow\w*|go(?:es)?|up|adjust\w*|updat\w*|amend\w*|improv\w*|revis\w*)\b[^{}.]{0,60}? from <MNP:old>(?: [a-z/. -]{1,40}?)? to <MNP:new>",
    r"\b(?:current|present|existing|old|previous|prior|former|original|today's)(?! strike| exercise| fair| market| preferred| 409a| fmv| share| valuation| price)(?: [a-z]+){0,4}(?: (?:of|is|was|:))? ?<MNP:old>",
    r"<MNP:old> (?:->|=>|>) ?<MNP:new>",
    r"<MNPD:new> \((?:previously|formerly|was|up from|old|before|instead of):? <MNPD:old>",
]
_OLD_HEADING: Final = r"(?:(?:<D> (?:letter|offer)|(?:previous|prior|original|old|current|earlier|first|initial|existing|former)(?: (?:letter|offer|terms|package|role|value|proposal))?|before|was|until now))"
_NEW_HEADING: Final = r"(?:(?:this|new|revised|updated|amended|final|proposed|improved)(?: (?:letter|offer|terms|package|role|value|proposal))?|after|now)"
_SIDE_BY_SIDE: Final = [
    (rf"(?<![a-z]){_OLD_HEADING}[ |:]+{_NEW_HEADING}[ |:]+(?!of|to|and|is)", 0),
    (rf"(?<![a-z]){_NEW_HEADING}[ |:]+{_OLD_HEADING}[ |:]+(?!of|to|and|is)", 1),
]
_PAIR: Final = r"<MNPDUS:one>(?: (?:per year|a year|per annum|gross|shares|units|options|rsus|days|p\.a\.))?[ |]{1,5}<MNPDUS:two>"
_TABLE_REACH: Final = 2_500


def set_aside(letter: Letter) -> Letter:
    """Return the letter with the figures that are not the offer's unmarked."""
    history = {number for _, number in _side_by_side(letter)} | set(_superseded(letter))
    foreign = set(_foreign(letter)) - history
    if not history and not foreign:
        return letter
    cased, low = list(letter.cased), list(letter.low)
    for number in foreign:
        place = letter.marks[number] + 1
        cased[place] = low[place] = "z"
    for number in history:  # as if it were not there, so that a pattern reaches the value beside it
        start = letter.marks[number]
        end = letter.low.index("}", start) + 1
        cased[start:end] = low[start:end] = "~" * (end - start)
    return replace(letter, cased="".join(cased), low="".join(low))


def is_table_of_two(letter: Letter) -> bool:
    """Return whether old and new values stand side by side."""
    return next(_side_by_side(letter), None) is not None


def _numbers(letter: Letter, start: int, end: int, kinds: str) -> Iterator[int]:
    for found in re.finditer(r"\{([a-z])(\d+)\}", letter.low[start:end]):
        if found[1] in kinds:
            yield int(found[2])


def _foreign(letter: Letter) -> Iterator[int]:
    for token_number, token in enumerate(letter.tokens):
        is_money = token.kind in {TokenKind.MONEY, TokenKind.MONEY_RANGE}
        if is_money and token.value >= _ENORMOUS and token.currency not in _SMALL_UNITS:
            yield token_number
    is_severance_section = False
    for start, end in letter.sentences:
        sentence = letter.low[start:end]
        bare = sentence.strip(" .:")
        if len(bare.split()) <= 4 and "{" not in bare:
            is_severance_section = bool(re.search(r"\bseverance|\btermination\b", bare))
        if _NEVER_OURS.search(sentence):
            yield from _numbers(letter, start, end, _KINDS)
        elif _FOREIGN_SENTENCES.search(sentence) or is_severance_section:
            if not re.search(r"\bsign(?:ing)?[- ]on|signing bonus|\brelocation\b|\bvest", sentence):
                yield from _numbers(letter, start, end, _KINDS)
        elif _LATER.search(sentence) and not re.search(r"\bnew[- ]hire\b|\binitial\b", sentence):
            yield from _numbers(letter, start, end, "mnsp")
    for stretch in _FOREIGN_STRETCHES:
        for found in pattern(stretch).finditer(letter.low):
            yield from _numbers(letter, found.start(), found.end(), _KINDS + "d")


def _superseded(letter: Letter) -> Iterator[int]:
    for start, end in letter.sentences:
        sentence = letter.low[start:end]
        found = _SUPERSEDING.search(sentence)
        if found is None:
            continue
        has_new = _NEW_IN_SENTENCE.search(sentence) is not None or "|" in sentence
        begin = start + found.start()
        if has_new:  # only the date of the old letter is surely old
            yield from _numbers(letter, begin, min(end, start + found.end() + 90), "d")
        else:
            yield from _numbers(letter, start if _GONE.search(sentence) else begin, end, "mnsprd")
    for source in _FROM_TO:
        for match in pattern(source).finditer(letter.low):
            yield int(match["old"][2:-1])


def _side_by_side(letter: Letter) -> Iterator[tuple[int, int]]:
    """Yield the numbers of new and old figures where a table shows both."""
    for source, old in _SIDE_BY_SIDE:
        for heading in pattern(source).finditer(letter.low):
            stop = min(len(letter.low), heading.end() + _TABLE_REACH)
            for pair in pattern(_PAIR).finditer(letter.low, heading.end(), stop):
                first, second = int(pair["one"][2:-1]), int(pair["two"][2:-1])
                if letter.tokens[first].kind is letter.tokens[second].kind:
                    yield (second, first) if old == 0 else (first, second)
