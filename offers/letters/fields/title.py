"""The job's title, as written."""

import re
from collections.abc import Iterator
from typing import Final

from offers.letters.draft import Draft
from offers.letters.fields.places import is_place
from offers.letters.letter import Letter

_NOUNS: Final = [
    "engineer",
    "scientist",
    "researcher",
    "developer",
    "lead",
    "manager",
    "director",
    "head",
    "president",
    "architect",
    "analyst",
    "associate",
    "consultant",
    "specialist",
    "fellow",
    "officer",
    "staff",
    "partner",
    "technician",
    "programmer",
    "designer",
    "intern",
    "advisor",
    "adviser",
    "strategist",
    "professor",
    "quant",
    "trader",
    "modeller",
    "modeler",
    "advocate",
    "member",
    "vp",
    "svp",
    "evp",
    "cto",
    "ceo",
    "coo",
    "operator",
    "annotator",
    "linguist",
    "statistician",
    "economist",
    "writer",
    "editor",
    "coordinator",
    "executive",
    "founder",
    "expert",
    "counsel",
    "practitioner",
    "principal",
    "ingenieur",
    "chef",
    "postdoc",
    "evangelist",
    "administrator",
    "tester",
    "owner",
    "master",
    "supervisor",
    "mathematician",
    "physicist",
    "roboticist",
    "ethicist",
    "curator",
    "auditor",
    "investigator",
    "chair",
]
_NOUN: Final = re.compile(rf"\b(?:{'|'.join(_NOUNS)})s?\b", re.IGNORECASE)
_LEADING: Final = re.compile(
    r"^(?:(?:senior|managing|executive|associate|assistant|deputy|group|global|technical|regional|interim) )*(?:director|head|vp|svp|evp|vice president|lead|manager|chief)\b",
    re.IGNORECASE,
)
_W: Final = r"(?:[A-Z0-9ÀÉÖÜ][\w'’.+#&ÀÉÖÜàéöüç]*(?:[-/–][\w'’.+#&]+)*)"
_TITLE: Final = rf"(?P<title>{_W}(?:(?: ?[-/&] ?| | – | - |, | of (?:the )?| and | for | in | II | I )(?:{_W}|\([^()]{{1,50}}\))){{0,9}})"
_PATTERNS: Final = [
    re.compile(
        rf"(?:^| )(?:[Jj]ob [Tt]itle|[Pp]osition [Tt]itle|Function|Designation|[Tt]itle|TITLE|Position|POSITION|Role|ROLE|Job|Post)(?: ?[:|]| is| will be| -)* (?:an? |the )?{_TITLE}"
    ),
    re.compile(
        rf"\b(?:[Pp]osition|[Rr]ole|[Pp]ost|[Jj]ob|[Cc]apacity|[Tt]itle|ROLE|POSITION|job title|employment)(?: of| as| titled|:)+ (?:an? |the |our )?(?:full-time |permanent |exempt |new )*[\"']?{_TITLE}"
    ),
    re.compile(
        rf"\b(?:[Oo]ffer|OFFER)(?: [Oo]f [Ee]mployment| OF EMPLOYMENT)?(?: as| for| AS| FOR| –| -| —|:)+ (?:an? |the |our |AN? )?(?:position of |role of |post of )?{_TITLE}"
    ),
    re.compile(
        rf"\b(?:join|joining|employ(?:ed|ment)?|hire|serve|work|working|want|wants|you|engaged?|appoint(?:ed|ment)?|start|us|team|begin|onboard|promoted)\b[^{{}}.;:]{{0,110}}? (?:as|AS|to)(?: an?| our| the| its)?(?: very)?(?: new| full-time| next| permanent| first| second| newest)* {_TITLE}"
    ),
    re.compile(
        rf"\b(?:title (?:will be|is|of)|you will be (?:an? |our |the )|offer you (?:the |an? )?(?:full-time |permanent )?(?:position|role|job|post) (?:of|as) |[Rr]e: ){_TITLE}"
    ),
    re.compile(
        rf"\b(?:[Pp]romotion|[Pp]romoted|promoting you) to(?: the (?:position|role) of)?(?: an?| our)? {_TITLE}"
    ),
    re.compile(rf"\b(?:APPOINTMENT|Appointment|EMPLOYMENT) (?:AS|as)(?: AN?| an?)? {_TITLE}"),
    re.compile(rf"\b[Oo]ffer(?:s|ing)? you (?:the|our|an?) {_TITLE} (?:role|position|post|job)\b"),
    re.compile(rf"\b(?:become|becoming)(?: an?| our| the)? {_TITLE}"),
    re.compile(rf"\b(?:for|fill) (?:the|our) {_TITLE} (?:role|position|post|job)"),
    re.compile(rf"\bas(?: an?| our| the)? {_TITLE}"),
]
_STOPPERS: Final = frozenset(
    [
        "dear",
        "i",
        "we",
        "you",
        "our",
        "the",
        "this",
        "your",
        "if",
        "a",
        "an",
        "to",
        "it",
        "at",
        "with",
        "please",
        "hello",
        "hi",
        "congratulations",
        "start",
        "base",
        "salary",
        "location",
        "department",
        "reporting",
        "reports",
        "team",
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
        "company",
        "employer",
        "annual",
        "effective",
        "based",
        "full-time",
        "position",
        "role",
        "offer",
        "date",
        "workplace",
        "entry",
        "function",
        "designation",
        "trial",
        "vacation",
        "board",
        "compensation",
        "work",
        "place",
        "hours",
    ]
)
_REPORTS: Final = re.compile(
    r"\b(?:reporting|report|reports|reported) (?:directly )?to\b[^.;]{0,60}$|\bsupervis\w+ by[^.;]{0,40}$|\bmanager[:,][^.;]{0,40}$|\bsigned\b[^.;]{0,60}$"
)


def read_title(letter: Letter, draft: Draft) -> None:
    """Note the title, from the most telling phrase that holds one."""
    company = str(draft.get("company") or "").lower()
    best: tuple[int, int, int, str] | None = None
    for rank, source in enumerate(_PATTERNS):
        for start, end, title in _candidates(letter, source, company):
            key = (rank + (3 if title.isupper() else 0), start)
            if best is None or key < (best[0], best[1]):
                best = (key[0], start, end, title)
    if best is not None:
        draft.put("title", best[3], (best[1], best[2]))


def _candidates(
    letter: Letter, source: re.Pattern[str], company: str
) -> Iterator[tuple[int, int, str]]:
    for found in source.finditer(letter.cased):
        start = found.start("title")
        if _REPORTS.search(letter.low[max(0, start - 80) : start]):
            continue
        end = start + _length(letter.cased[start : found.end("title")], company)
        title = letter.words(start, end).strip(" ,.-–\"'")
        if (
            title
            and not title.startswith("Board")
            and _NOUN.search(title)
            and len(title.split()) <= 14
        ):
            yield start, end, title


def _length(text: str, company: str) -> int:
    """Return how much of a run of capitalised words is the title."""
    pieces = list(re.finditer(r"[^\s]+", text))
    length = 0
    has_noun = False
    for number, piece in enumerate(pieces):
        word = piece[0]
        plain = word.strip(".,()\"'").lower()
        previous = pieces[number - 1][0] if number else ""
        after_break = previous.endswith(",") or previous in {"–", "-", "—"}
        if plain in _STOPPERS and number:
            break
        if company and plain and company.startswith(plain) and number and len(plain) > 2:
            break
        if previous.endswith("."):
            break
        if after_break and is_place(text[piece.start() :]):
            break
        if (
            has_noun
            and not after_break
            and word not in {"of", "and", "for", "in", "&", "–", "-", "—", "/"}
        ):
            joined = previous in {"of", "and", "for", "in", "&", "/", "the"}
            rest_has_noun = any(
                _NOUN.fullmatch(later[0].strip(".,()")) for later in pieces[number : number + 4]
            )
            is_level = (
                re.fullmatch(r"(?:[IVX]{1,4}|[A-Z]?\d{1,2}|\(.*|.*\)),?", word) is not None
                or "(" in text[: piece.start()].rsplit(")", 1)[-1]
            )
            is_shout = word.isupper() and len(word) > 3 and not text[: piece.start()].isupper()
            if is_shout or not (
                joined
                or is_level
                or rest_has_noun
                or _LEADING.match(text)
                or _in_qualifier(text, piece.start())
            ):
                break
        if ")" in previous and not after_break and word not in {"–", "-", ","} and has_noun:
            break
        length = piece.end()
        has_noun = has_noun or _NOUN.fullmatch(plain) is not None
    return len(
        text[:length]
        .rstrip(" ,.-–—/&")
        .removesuffix(" of")
        .removesuffix(" and")
        .removesuffix(" for")
        .removesuffix(" in")
    )


def _in_qualifier(text: str, position: int) -> bool:
    """Return whether a comma or a dash began a qualifier, as in "Engineer, Large Model Training"."""
    before = text[:position]
    breaks = [before.rfind(", "), before.rfind(" – "), before.rfind(" - ")]
    last = max(breaks)
    return last > 0 and _NOUN.search(before[:last]) is not None
