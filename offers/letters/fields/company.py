"""Who makes the offer: the name with its legal suffix where the letter has one."""

import re
from collections import Counter
from itertools import chain
from typing import Final

from offers.letters.draft import Draft
from offers.letters.letter import Letter

_SUFFIX: Final = (
    r"(?:Inc\b\.?|INC\b\.?|Incorporated|INCORPORATED|Corp\b\.?|CORP\b\.?|Corporation|CORPORATION|LLC|L\.L\.C\.|Ltd\b\.?|LTD\b\.?|Limited|LIMITED|plc|PLC|LLP|LP\b|L\.P\.|PBC|P\.B\.C\."
    r"|GmbH & Co\. KG|GmbH|mbH|gGmbH|AG|SE|KGaA|KG|UG|e\.V\.|S\.A\.S\.|SAS|SARL|S\.A\.R\.L\.|Sàrl|SA\b|S\.A\.|SNC|B\.V\.|BV\b|N\.V\.|AB\b|A/S|ApS|Oy\b|AS\b|S\.p\.A\.|S\.r\.l\.|K\.K\."
    r"|Pte\.? Ltd\b\.?|PTE\.? LTD\b\.?|Pvt\.? Ltd\b\.?|Private Limited|PRIVATE LIMITED|Pty\.? Ltd\b\.?|Ltée|Co\., Ltd\.)"
)
_WORD: Final = r"(?:[A-Z0-9ÀÂÄÉÈÊÎÔÖÜÇ][\w'’&.+ÀÂÄÉÈÊÎÔÖÜÇ-]*)"
_LINK: Final = r"(?:&|and|of|de|du|des|la|für|the|et|und|for|\+)"
_LEGAL: Final = re.compile(
    rf"(?<![\w&])(?P<name>{_WORD}(?: (?:{_LINK} ){{0,2}}{_WORD}){{0,6}}?),? (?P<suffix>{_SUFFIX})(?![\w])"
)
_PLAIN: Final = [
    re.compile(
        rf"\b(?:[Oo]n behalf of|[Ww]elcome to|offer(?:s)? (?:from|of employment (?:with|at|from))|employment (?:with|at|by)|position (?:with|at)|role (?:with|at)|join(?:ing)?(?: us at)?|team at|work (?:at|for)|here at) (?:the )?(?P<name>{_WORD}(?: (?:{_LINK} )?{_WORD}){{0,4}})"
    ),
    re.compile(
        rf"(?<![\w&])(?P<name>{_WORD}(?: (?:{_LINK} )?{_WORD}){{0,4}}) (?:\([^()]{{1,40}}\) )?(?:is|are) (?:\w+ )?(?:pleased|delighted|happy|excited|thrilled|proud|glad|offering)"
    ),
    re.compile(
        rf"(?<![\w&])(?P<name>{_WORD}(?: (?:{_LINK} )?{_WORD}){{0,4}}) (?:would like|wants|want|hereby offers|offers) (?:you|to)"
    ),
    re.compile(
        rf"(?:Company|Employer)(?: name)? ?[:|] ?(?P<name>{_WORD}(?: (?:{_LINK} )?{_WORD}){{0,5}})"
    ),
]
_WITH: Final = re.compile(
    rf"\b(?:[Ww]ith|[Aa]t|[Bb]y) (?:the |The )?(?P<name>{_WORD}(?: (?:{_LINK} (?:the )?)?{_WORD}){{0,6}})"
)
_BARE: Final = r"(?:[A-Z][\w'’&-]*)"
_INSTITUTE: Final = re.compile(
    rf"\b(?:of|from|to) (?:the|The) (?P<name>{_BARE}(?: {_BARE}){{0,3}}? (?:Institute|Foundation|University|Laborator(?:y|ies)|Cent(?:re|er)|College|Hospital)(?: (?:for|of) (?:the )?{_BARE}(?: (?:(?:and|&) )?{_BARE}){{0,3}})?)"
)
# Words a name does not begin with: headings, roles, salutations run into it on the one line.
_NOT_A_NAME: Final = frozenset(
    [
        "the",
        "this",
        "our",
        "your",
        "we",
        "i",
        "you",
        "it",
        "dear",
        "hi",
        "hello",
        "hey",
        "from",
        "to",
        "re",
        "subject",
        "date",
        "by",
        "via",
        "mr",
        "ms",
        "mrs",
        "dr",
        "offer",
        "employment",
        "letter",
        "of",
        "at",
        "in",
        "with",
        "on",
        "as",
        "and",
        "for",
        "signed",
        "sincerely",
        "regards",
        "yours",
        "congratulations",
        "welcome",
        "private",
        "personal",
        "confidential",
        "strictly",
        "position",
        "title",
        "role",
        "start",
        "base",
        "salary",
        "chief",
        "executive",
        "officer",
        "director",
        "head",
        "manager",
        "president",
        "vice",
        "vp",
        "partner",
        "counsel",
        "people",
        "talent",
        "human",
        "resources",
        "hr",
        "recruiting",
        "recruiter",
        "coordinator",
        "ceo",
        "cto",
        "cfo",
        "coo",
        "founder",
        "cofounder",
        "co-founder",
        "company",
        "employer",
        "between",
        "job",
        "place",
        "work",
        "location",
        "team",
        "warmly",
        "best",
        "kind",
        "truly",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "united",
        "states",
        "kingdom",
        "that",
        "because",
        "here",
        "there",
        "please",
        "thank",
        "thanks",
        "following",
        "summary",
        "accepted",
        "agreed",
        "department",
        "lead",
        "senior",
        "general",
        "managing",
        "principal",
        "conditional",
        "formal",
        "revised",
        "new",
        "notice",
        "all",
        "if",
        "when",
        "after",
        "before",
        "once",
        "following",
        "a",
        "an",
        "his",
        "her",
        "their",
        "my",
        "behalf",
        "page",
        "telephone",
        "tel",
        "phone",
        "email",
        "e-mail",
        "fax",
        "attn",
        "c/o",
        "each",
        "every",
        "any",
        "no",
        "not",
        "is",
        "are",
        "was",
    ]
)
_OTHER_FIRMS: Final = re.compile(
    r"\b(?:current|present|previous|former|prior|last|future|your) (?:employer|company|firm),? *$|\b(?:vendor|provider|partner|insurer|administrator|broker|recruit\w+|agency|investors?|led by|acquired by|competitor|custodian|carrier|supplier|through|via|with our|landlord|bank account|managed by|provided by|administered by|offered by|relocation by),? (?:is |are |the )?$"
)
_DEFINED: Final = re.compile(
    r"^,? ?(?:\((?:(?:\"|the|hereinafter|and|together|we|us|our)|[\"'])|, an? \w+ (?:corporation|company|limited)|\()",
    re.IGNORECASE,
)
_INTRODUCED: Final = re.compile(
    r"(?:on behalf of|employment (?:with|at|by)|join|joining|offer (?:from|of employment (?:with|from))|employer:?|company:?|welcome to|signed for|between|for and on behalf of|work (?:for|at)|here at|position (?:with|at)|with|at|of|by) (?:the )?$",
    re.IGNORECASE,
)
_OFFERS: Final = re.compile(
    r"^(?:,? ?\([^()]{1,60}\))?,? (?:is|are|would|wants|hereby|offers|will|has|invites|confirms|believes)\b"
)


def read_company(letter: Letter, draft: Draft) -> None:
    """Note the employer's name."""
    found = _legal_names(letter) or _plain_names(letter)
    if not found:
        return
    scores: Counter[str] = Counter()
    for name, start, end in found:
        key = _key(name)
        scores[key] += 2 + (2 if start < 400 else 0)
        before, after = letter.low[max(0, start - 60) : start], letter.cased[end : end + 80]
        scores[key] += 4 if _DEFINED.match(after) else 0
        scores[key] += 3 if _INTRODUCED.search(before) else 0
        scores[key] += 4 if _OFFERS.match(after) else 0
        scores[key] -= 12 if _OTHER_FIRMS.search(before) else 0
    for key in list(
        scores
    ):  # a longer run of capitals that ends in a known name tells of that name
        for other in list(scores):
            if key != other and key.endswith(f" {other}"):
                scores[other] += max(scores[key], 0)
                scores[key] = -1
    best, most = max(scores.items(), key=lambda item: item[1])
    if most <= 0:
        return
    same = [item for item in found if _key(item[0]) == best]
    words = len(same[0][0].split())
    for longer, start, end in found:
        if _key(longer).endswith(f" {best}"):
            tail = letter.cased[start:end].split(" ", len(longer.split()) - words)[-1]
            same.append((letter.words(end - len(tail), end), end - len(tail), end))
    same.sort(key=lambda item: (item[0].isupper() or item[0].split(",")[0].isupper(), item[1]))
    name, start, end = same[0]
    draft.put("company", name, *((s, e) for _, s, e in [same[0], *same[1:3]]))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9&]+", " ", name.lower()).strip()


def _legal_names(letter: Letter) -> list[tuple[str, int, int]]:
    names: list[tuple[str, int, int]] = []
    for found in _LEGAL.finditer(letter.cased):
        start, end = _trimmed(letter.cased, *found.span())
        if start is not None and start < found.start("suffix"):
            names.append((letter.words(start, end), start, end))
    return names


def _plain_names(letter: Letter) -> list[tuple[str, int, int]]:
    names: list[tuple[str, int, int]] = []
    for source in _PLAIN:
        for found in source.finditer(letter.cased):
            start, end = _trimmed(letter.cased, *found.span("name"))
            if start is not None and end - start > 2:
                names.append((letter.words(start, end).rstrip(".,"), start, end))
    told = chain(_WITH.finditer(letter.cased), _INSTITUTE.finditer(letter.cased))
    for found in told:  # a name that stands in the letterhead, too
        start, end = _trimmed(letter.cased, *found.span("name"))
        if (
            start is not None
            and end - start > 6
            and letter.low[start:end] in letter.low[: min(400, start)]
        ):
            names.append((letter.words(start, end), start, end))
    return names


def _trimmed(text: str, start: int, end: int) -> tuple[int | None, int]:
    """Return the stretch without leading words that no name begins with."""
    while start < end:
        word = re.match(r"[^\s,]+", text[start:end])
        if word is None:
            return None, end
        if word[0].lower().strip(".:'\"") not in _NOT_A_NAME and not re.fullmatch(
            r"[A-Z]\.|\d+", word[0]
        ):
            return start, end
        start += word.end()
        while start < end and text[start] in " ,":
            start += 1
    return None, end
