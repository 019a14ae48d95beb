"""What a sentence claims, as far as its wording gives it away.

These lists are a net, not a proof. What the product itself writes is kept honest by slots that only
a record can fill; the net is for text that people type: templates, statements, edits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_ZERO: Final = re.compile(r"\b0(?=ff)")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])[\"”)]*\s+|\n+")
_ELSEWHERE: Final = (
    r"(?:another|a (?:different|second|third|rival)|an? other|one of your|your) "
    r"(?:company|companies|employer|employers|firm|firms|lab|labs|team|start-?up|place|bank|fund|"
    r"competitors?|rivals?)|a competitor|competitors|other (?:companies|employers|firms|labs|places)|"
    r"someone else|somebody else|elsewhere|my (?:current|present) employer"
)

# Words that begin a sentence with a capital letter and name no company.
_NO_NAMES: Final = (
    "(?:I|You|We|He|She|It|They|The|This|That|These|Your|Our|My|Who|What|Which|And|But|If)\\b"
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


COMPETING_OFFER: Final = _any_of(
    r"\b(?:another|others?|competing|rival|outside|alternative|parallel|additional|further|multiple|"
    r"several|many|both|two|three|four|five|(?<!your )(?:second|third)|[2-9])(?:\s+\w+){0,2}?\s+"
    r"(?:job\s+)?offers?\b",
    r"\b(?:have|i've|having|hold|holding|got|received|receiving|weighing|considering|sitting on|with|"
    r"there is|there's|declined|declining|turned down|turning down)\b[^.?!\n]{0,30}?\b(?:an|a|one|my)\s+"
    r"(?:[\w-]+\s+){0,3}offers?\b(?!\s+(?:from|by) you\b)",
    r"\b(?:an|a|one|the|my|their)\s+(?:[\w-]+\s+){0,3}offers?\s+(?:letter\s+)?(?:from|at|with|by)\s+"
    rf"(?:{_ELSEWHERE})",
    r"\b(?:an|one|my)\s+(?:[\w-]+\s+){0,3}offers?\s+(?:letter\s+)?(?:from|at|with|by)\s+"
    r"(?!you\b|your\b|the\b|this\b)",
    r"\boffers?\b[^.?!\n]{0,40}\b(?:elsewhere|on the table|in hand|in writing from)\b",
    rf"(?:{_ELSEWHERE}|\bthey|\banyone|\bsomeone)\b[^.?!\n]{{0,40}}\b(?:offered|offering|offers|"
    r"countered|matched|outbid|would pay|will pay|is paying|pays|bid)\b",
    rf"(?:{_ELSEWHERE}|\bthey)\b[^.?!\n]{{0,20}}\b(?:has|have) put\b[^.?!\n]{{0,40}}\bon the table\b",
    r"\boffered me\b|\b(?:made|gave|given|sent|extended|handed) me (?:an?|one)\b[^.?!\n]{0,20}\boffer",
    r"\b(?:i've|i have|i was|i've been|i have been|i am being|been) offered\b",
    r"\bcompeting (?:bid|package|letter|employer|company)\b|\bcounter-?offers?\b",
    r"\bmatch(?:ing|es)? (?:their|the other|that other|another|my other)\b",
    r"\bbeat (?:their|the other|another)\b|\bowe them an? (?:answer|reply|decision)\b",
    r"\b(?!company's\b)[\w&.-]+'s (?:[\w-]+ ){0,2}(?:offer|package|letter|contract)\b(?! letter)",
    r"\b(?:have|i've|got|gotten|hold|holding|received|choosing|deciding|weighing|comparing|between)\b"
    r"[^.?!\n]{0,25}?\boffers\b",
    r"\bthe (?-i:[A-Z][\w&.-]+) (?:offer|package|contract)\b",
    rf"(?-i:\b(?!{_NO_NAMES})[A-Z][\w&.-]+) (?:wants me\b|would pay\b|will pay\b|can pay\b|is paying\b|"
    r"is willing to pay\b|came in at\b|has put\b|(?:has )?sent (?:over|me) an?\b|has me at\b|bid\b)",
    r"\bsigned (?:contract|letter|offer|agreement) (?:with|from|at) (?!you\b)",
    r"\b(?:companies|employers|firms|labs|teams)\b[^.?!\n]{0,20}\b(?:bidding|competing|fighting) (?:for|over) me\b",
    r"\b(?:get|earn|make|making|paid|more|better|higher)\b[^.?!\n]{0,30}\belsewhere\b",
    rf"\b(?:letter|package|contract|deal|term sheet)\b[^.?!\n]{{0,25}}\b(?:from|at|with)\s+(?:{_ELSEWHERE})",
)
PREFERENCE: Final = _any_of(
    r"\bi(?:'d| would) (?:much |still )?(?:rather|prefer to) (?:join|work (?:with|for|at)|be at|come to)",
    r"\bi prefer (?:this|you|your|to join)\b|\b(?:my )?(?:first|top|number one) choice\b",
    r"\bi(?:'d|'ll| would| will| can) sign\b|\bready to sign\b|\bsign (?:today|right away|on the spot)\b",
    r"\bi(?:'d|'ll| would| will) (?:accept|say yes) (?:today|right away|at once|immediately|on the spot)",
    r"\b(?:over|above|before) (?:any|every|all) other\b",
)
THREAT: Final = _any_of(
    r"\bor else\b|\bor i(?:'ll| will| am| have| must| walk| leave| go| decline)\b",
    r"\btake it or leave it\b|\botherwise,? i(?:'ll| will| have| am| must|'m)\b|\bultimatum\b",
    r"\bi(?:'ll| will) (?:walk|walk away|leave|go elsewhere|be forced|have to (?:decline|walk|go))\b",
    r"\b(?:walk|walking) away\b|\bnon-?negotiable\b|\bdeal[- ]?breaker\b|\blast chance\b",
    r"\bunless you\b|\bmy final (?:offer|word|demand|number)\b|\bi demand\b|\bnothing less than\b",
    r"\bif you (?:don't|do not|can't|cannot|won't|will not)\b[^.?!\n]{0,60}\bi(?:'ll| will|'d| would| am|'m)\b",
    r"\byou (?:have to|must|need to|had better) (?:match|beat|pay|raise|increase)\b",
    r"\bi (?:won't|will not|refuse to) (?:accept|take|settle|consider)\b",
)
VAGUE: Final = _any_of(
    r"\ba (?:little |tiny )?bit (?:more|higher|better)\b|\ba little (?:more|higher|better)\b",
    r"\bsome(?:what)? (?:more|higher|better|extra)\b|\bsomething (?:better|higher|more|competitive)\b",
    r"\b(?:more |truly |fairly |very )?competitive\b|\bbetter (?:package|number|salary|base|equity|pay)\b",
    r"(?<!\d )\b(?:more|extra) (?:money|cash|pay|salary|base|equity|stock|shares|options)\b(?! than)",
    r"\bhigher (?:salary|base|number|pay|figure|amount)\b|\bimprove (?:the|your|this|it|on)\b",
    r"\bas much as (?:possible|you can)\b|\bmarket rate\b|\bfair(?:er)? (?:pay|salary|number|price)\b",
    r"\bdo (?:any )?better\b|\bsweeten\b|\bbump\b|\bwhatever you can\b|\bin the ballpark\b",
)
PRIVATE: Final = _any_of(
    r"\bwalk-?away (?:number|price|figure|point|value)\b|\bbottom line\b|\bmy (?:absolute )?(?:minimum|floor)\b",
    r"\b(?:lowest|least) (?:that )?i(?:'d| would| can| could| will)\b|\breservation (?:value|price)\b",
    r"\bi(?:'d| would| could|'ll| will) (?:accept|settle for|take) (?:as little as|less than|anything (?:above|over))\b",
    r"\bmy (?:savings|rent|mortgage|debts?|bills)\b|\brun(?:ning)? out of (?:money|savings)\b",
)
CURRENT_PAY: Final = _any_of(
    r"\b(?:current|present|last|previous) (?:base|salary|pay|compensation|package|comp|income)\b",
    r"\bi (?:currently |now |already )?(?:make|earn|am paid|get paid|bring home)\b|\bi'm (?:currently )?(?:making|earning|paid|on)\b",
    r"\bmy (?:salary|pay|base|compensation) (?:is|was)\b",
)
OTHERS_PAY: Final = _any_of(
    r"\b(?:your|my|other|the|a) (?:colleagues?|employees?|engineers?|people|staff|hires?|team(?: |-)?mates?|friends?|peers?)\b"
    r"[^.?!\n]{0,40}\b(?:makes?|earns?|gets?|got|is paid|are paid|was paid|were paid)\b",
    r"\beveryone (?:else )?(?:there|here)? ?(?:makes|earns|gets)\b",
)
DEADLINE: Final = _any_of(
    r"\b(?:by|before|until|till|no later than|not later than|expires?|due|deadline|within)\b",
)
MOMENT: Final = _any_of(
    r"\b(?:today|tonight|tomorrow|noon|midnight|eod|cob|end of (?:the )?(?:day|week|month)|this week|next week)\b",
    r"\b(?:24|48|72)[- ]hours?\b|\b\d{1,2}(?::\d{2})?\s?(?:am|pm)\b",
)
WISH: Final = _any_of(
    r"\b(?:excited|keen|delighted|enthusiastic|eager|thrilled|glad|happy|interested)\b[^.?!\n]{0,40}\b(?:about|to|by|for|that|with|because|in)\b",
    r"\b(?:would love|i'd love|really want|want to join|want this|looking forward|drawn to|really enjoyed|enjoyed)\b",
    r"\bi (?:really )?(?:like|want|enjoyed)\b",
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text and where it stands."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Return it with one kind of apostrophe and no character that hides."""
        return _ZERO.sub("o", _INVISIBLE.sub("", self.text).translate(_APOSTROPHES))

    def claims(self, wording: re.Pattern[str]) -> str:
        """Return the words that match, or nothing."""
        match = wording.search(self.plain)
        return match[0] if match else ""


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text; a line ends one."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            yield Sentence(text[start : match.start()], start, match.start())
        start = match.end()
    if text[start:].strip():
        yield Sentence(text[start:], start, len(text))


def claims(text: str, wording: re.Pattern[str]) -> bool:
    """Say whether any sentence of a text claims this."""
    return any(sentence.claims(wording) for sentence in sentences(text))
