"""What sort of paper the text is: a written offer, or something that only looks like one."""

import re
from itertools import islice
from typing import Final

from offers.letters.flat import normalised
from offers.letters.reading import DocumentKind

_PLACEHOLDER: Final = re.compile(
    r"\[(?!\d{1,3}\])[A-Za-z][A-Za-z0-9\s,/'’&-]{0,60}\]"  # [Candidate First Name]
    r"|\[[_\s.xX•]{1,30}\]"
    r"|\{\{[^{}]{1,60}\}\}|\$\{[^{}]{1,60}\}"
    r"|<<[^<>]{1,60}>>|«[^«»]{1,60}»"
    r"|<(?!https?:|mailto:)[A-Z][A-Za-z_\s]{2,40}>"
    r"|[$£€]\s?_{2,}|_{3,}\s?%|\bX{2,}%"
)
_LEFTOVERS: Final = 2

_ADVERT: Final = re.compile(
    r"\bapply (?:by|now|online|here|at|via|today|before)\b|\bhow to apply\b|\babout the (?:role|job|team|position)\b"
    r"|\b(?:salary|pay|compensation) range (?:for|of) this (?:posting|role|position|job)\b"
    r"|\byou have \d{1,2}\+? years\b|\b\d{1,2}\+ years of\b|\bwe are (?:looking for|hiring|seeking)\b|\bwe're (?:looking for|hiring)\b"
    r"|\bwhat you(?:'ll| will) (?:do|bring|need)\b|\bwho you are\b|\bideal candidate\b|\bsuccessful candidate\b"
    r"|\b(?:minimum|preferred|basic|required) qualifications\b|\bkey responsibilities\b|\brequirements:"
    r"|\bequal opportunity employer\b|\bjob (?:description|posting|advert)\b|\bsend (?:us )?your (?:cv|resume)\b"
    r"|\bposted \d|\bclosing date for applications\b|\bnice to have\b"
)
_OFFER: Final = re.compile(
    r"\b(?:pleased|delighted|happy|excited|thrilled|glad|proud) to (?:\w+ ){0,3}?(?:offer|extend|confirm|present|make)\b"
    r"|\boffers? you\b|\boffering you\b|\b(?:be|being) offered\b|\bwe(?:'d| would) (?:love|like|be happy) (?:for )?you to (?:join|become|work)\b|\boffer[:!]|\byour (?:written )?offer\b|\b(?:this|our|the|your|formal|written|conditional|following) (?:\w+ )?offer\b|\boffer (?:of (?:[\w-]+ ){0,3}employment|letter|summary|details|memo|sheet|terms|overview)\b|\bbinding offer\b"
    r"|\bemployment offer\b|\b(?:like|want|wants|invite) you (?:to join|as)\b|\bconvert (?:you|your)\b[^.;]{0,60}\bemploy\w+|\bletter agreement\b|\bterms of your employment\b|\bjoin us as\b"
)
_ADDRESSED: Final = re.compile(
    r"\b(?:dear|hi|hello|hey) [a-z]|\boffer details for\b|\b(?:sign|accept|countersign)\b"
)
_TERMS: Final = [
    re.compile(r"\b(?:salary|base pay|rate of pay|remuneration|compensation)\b"),
    re.compile(r"\b(?:start(?:ing)? date|first day|commence\w*|your employment)\b"),
    re.compile(
        r"\b(?:accept\w*|countersign\w*|sign(?:ed|ing)? (?:and|below|this|a copy)|at[- ]will)\b"
    ),
    re.compile(r"[$£€₹]\s?\d|\b(?:usd|eur|gbp|chf|inr|cad|sgd)\b"),
]
_REFUSAL: Final = re.compile(
    r"\bregret to inform\b|\bnot (?:be )?(?:moving|going) forward with your (?:application|candidacy)\b|\bdecided (?:not to (?:proceed|move)|to (?:pursue|move forward with) other)\b|\bunable to offer you\b|\bwithdraw(?:ing|n)? (?:our|the) offer\b(?! will)|\bposition has been filled\b"
)
_STRONG_RECAP: Final = re.compile(
    r"\brecap\b|\bsummary of (?:our|the) (?:call|conversation|chat|discussion)\b|\bas (?:i|we) (?:said|mentioned|told you)\b"
    r"|\bnothing is (?:final|official|signed|binding)\b|\bnot (?:yet )?(?:a )?(?:final|formal|official|binding|written)(?: offer)?\b"
    r"|\b(?:written|formal|official) (?:offer|letter|paperwork|version)(?: letter)? (?:still|will|to|should|would|is coming|has to|comes|follows)\b"
    r"|\bpaperwork (?:to|will|should) follow\b|\bstart the paperwork\b|\bverbal(?:ly)?\b|\bballpark\b|\bsubject to (?:approval|sign-off) (?:by|from) (?:comp|the comp|compensation|finance)"
    r"|\bgreat (?:speaking|talking|chatting)\b|\bnotes from (?:our|the) (?:call|chat)\b|\bhow does that sound\b|\bif the numbers sound right\b"
    r"|\bbefore (?:i|we) (?:draft|write|send|prepare) (?:the|a|up) (?:offer|letter|formal)"
)
_HEDGED: Final = re.compile(
    r"\bsomething like\b|\bthinking of\b|\bmaybe\b|\bprobably\b|\baround [$£€\d]|\broughly [$£€\d]|\bin the (?:region|range|neighbou?rhood) of\b"
    r"|\b(?:low|mid|high)[- ](?:to[- ](?:mid|high)[- ])?\d{2,3}s\b|\bpotentially\b|\btbd\b|\bor so\b|\bi think\b|\bshould be able to\b|\bwe could\b"
)
_REVISED: Final = re.compile(
    r"\b(?:revised|updated|amended|improved|new and improved) (?:\w+ )?(?:offer|terms|letter)\b"
    r"|\brevision of our offer\b|\breplaces (?:our|the) (?:\w+ )?(?:letter|offer)\b|\brevised (?:and restated )?offer\b"
    r"|\bwe (?:have|'ve) (?:revised|updated|improved|increased) (?:our|the|your) offer\b"
)
_PROMOTION: Final = re.compile(
    r"\b(?:your|this|a) promotion\b|\bpromot(?:ed|ing) (?:you )?to\b|\bhave been promoted\b|\bpromotion (?:to|letter)\b"
)
_AMENDMENT: Final = re.compile(
    r"\bamendment (?:no|number|to|of)\b|\bamends (?:your|the|that)\b|\b(?:is|are) hereby amended\b|\bthis amendment\b|\bamendment\b.{0,40}\bletter\b"
)
_OPENING: Final = 900


def holds_placeholders(original: str) -> bool:
    """Return whether blanks of a template were left unfilled."""
    leftovers = islice(_PLACEHOLDER.finditer(original), _LEFTOVERS)
    return sum(1 for _ in leftovers) == _LEFTOVERS


def document_kind(original: str, flat: str) -> DocumentKind:
    """Return what sort of paper the text is; `flat` is the same text on one line."""
    text = normalised(flat)
    if not text.strip():
        return DocumentKind.UNKNOWN
    if holds_placeholders(original):
        return DocumentKind.TEMPLATE
    if _REFUSAL.search(text):
        return DocumentKind.NOT_AN_OFFER
    offered = len({match[0] for match in _OFFER.finditer(text)})
    if _is_recap(text):
        return DocumentKind.VERBAL_RECAP
    adverts = len({match[0] for match in _ADVERT.finditer(text)})
    if adverts >= 2 and adverts > offered - (0 if _ADDRESSED.search(text) else 2):
        return DocumentKind.NOT_AN_OFFER
    opening = text[:_OPENING]
    if _AMENDMENT.search(opening):
        return DocumentKind.AMENDMENT
    if _REVISED.search(text):
        return DocumentKind.REVISED_OFFER
    if _PROMOTION.search(opening):
        return DocumentKind.PROMOTION_LETTER
    is_offer = offered or (adverts == 0 and _reads_like_terms(text))
    return DocumentKind.OFFER_LETTER if is_offer else DocumentKind.NOT_AN_OFFER


def _reads_like_terms(text: str) -> bool:
    """Return whether pay, a first day and an answer are all asked for, if nobody says "offer"."""
    return all(source.search(text) for source in _TERMS)


def _is_recap(text: str) -> bool:
    """Return whether it tells of a talk, and holds its own figures back."""
    strong = len({match[0] for match in _STRONG_RECAP.finditer(text)})
    hedged = len({match[0] for match in _HEDGED.finditer(text)})
    return (strong >= 2 and hedged >= 1) or (strong >= 1 and hedged >= 3) or strong >= 3
