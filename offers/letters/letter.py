"""A letter ready for its readers: figures masked, sentences known, every match traceable.

In the masked text each figure is a mark such as ``{m3}``: kind and number. A pattern can then say
"a base salary of <M:amount>" whatever the notation of the amount, and stays short and linear.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise
from typing import Final

from offers.letters.context import Conventions, conventions
from offers.letters.flat import FlatText, normalised
from offers.letters.reading import Span
from offers.letters.tokens import Token, scan

MOST_MATCHES: Final = 300
_SLOT: Final = re.compile(r"<([A-Z]+)(?::(\w+))?>")
# A mark begins and ends with a brace, which is no edge of a word.
_EDGE_BEFORE: Final = re.compile(r"\\b(?=<[A-Z]+(?::\w+)?>)")
_EDGE_AFTER: Final = re.compile(r"(<[A-Z]+(?::\w+)?>)\\b")
_MARK: Final = re.compile(r"\{([a-z])(\d+)\}")
_BRACES: Final = {ord("{"): "(", ord("}"): ")"}

# Words before a full stop that does not end a sentence.
_ABBREVIATIONS: Final = frozenset(
    [
        "inc",
        "corp",
        "co",
        "ltd",
        "mr",
        "ms",
        "mrs",
        "dr",
        "st",
        "no",
        "jr",
        "sr",
        "vs",
        "e.g",
        "i.e",
        "approx",
        "dept",
        "est",
        "u.s",
        "u.k",
        "prof",
        "p.a",
        "llc",
        "l.l.c",
        "p.b.c",
        "l.p",
        "incl",
        "excl",
        "max",
        "min",
        "s.a",
        "s.r.l",
        "b.v",
        "n.v",
        "pte",
        "pvt",
        "pty",
        "gen",
        "sec",
        "art",
        "ca",
        "ph",
        "ph.d",
        "m.sc",
        "b.sc",
        "rev",
        "hon",
        "messrs",
    ]
)
_STOP: Final = re.compile(r"[.!?][\"')\]]* (?=[\"'(\[•>-]*[A-Z0-9{ÀÉÖÜ•-])")
# A sentence after one that ended without a full stop, as headings and rows of tables do.
_BARE_STOP: Final = re.compile(
    r"(?<=[a-z0-9)}%]) (?=(?:The|You|We|Your|This|If|Please|Should|In|Our|All|Upon|Once|Subject|As|To|There|It|Any) [a-z])"
)
_NUMBERED: Final = re.compile(r"(?<= )(?:\d{1,2}[.)]|\([a-h]\)|\((?:i|ii|iii|iv|v)\))(?= [A-Z{])")
_LOWER_STOP: Final = re.compile(r"(?:(?<=[a-z]{3})|(?<=\}))[.!?] (?=[a-z])")
_BULLET: Final = re.compile(r"(?<= )(?:[•▪◦●‣·]|-(?= [A-Z{]))")
# The name of a row or a line, however the layout separated it from its value.
_LABEL: Final = re.compile(
    r"(?:(?<=^)|(?<=[ |]))(?:(?:Anticipated |Expected |Proposed |Planned |Tentative |Target(?:ed)? |Your |Employment )?[Ss]tart(?:ing)?(?: [Dd]ate)?(?! of)|(?:Date of )?[Cc]ommencement(?: [Dd]ate)?|Start of [Ee]mployment|Entry [Dd]ate|(?:Date of )?[Jj]oining(?: [Dd]ate)?|Effective [Dd]ate"
    r"|(?:Annual |Gross |Monthly |Starting |Total |Fixed |Basic |Initial |New |Yearly |Hourly |Annual [Gg]ross |Gross [Aa]nnual |Annual [Bb]ase )?(?:[Bb]ase )?(?:[Ss]alary|[Ww]age|[Rr]emuneration|[Bb]ase [Pp]ay)|Base|Rate of [Pp]ay|Pay [Rr]ate|(?:Base )?[Cc]ompensation"
    r"|(?:Annual |Target |Performance |Quarterly |Yearly |Discretionary |Cash )*(?:Bonus|bonus)(?: (?:[Tt]arget|[Oo]pportunity|[Pp]lan))?|(?:Annual|Short[- ][Tt]erm) [Ii]ncentive|(?:Target )?[Vv]ariable (?:[Rr]emuneration|[Pp]ay|[Cc]ompensation)|Variable|Profit [Ss]haring"
    r"|(?:One-[Tt]ime )?(?:Sign(?:ing)?[- ]?[Oo]n|Signing|Hiring|Joining|Welcome)(?: [Bb]onus| [Pp]ayments?| [Aa]ward)?(?:,? [Yy]ear (?:[Oo]ne|[Tt]wo|[12]))?|Buy-?[Oo]ut|Make-?[Ww]hole"
    r"|Relocation(?: [Aa]ssistance| [Aa]llowance| [Bb]onus| [Pp]ackage| [Ss]upport)?|Moving(?: [Cc]osts| [Aa]llowance| [Ee]xpenses)?"
    r"|(?:New[- ][Hh]ire |Initial |Equity )?(?:RSUs?|Equity|Stock [Oo]ptions?|Options?|Restricted [Ss]tock(?: [Uu]nits)?|Shares|Equity [Aa]ward|Equity [Gg]rant|Virtual [Ss]hares|Stock [Gg]rant)(?: \([a-z ]{3,24}\))?|Vesting(?: [Ss]chedule| [Pp]eriod)?|(?:Exercise|Strike|Base) [Pp]rice"
    r"|(?:Work |Primary |Office |Job )?[Ll]ocation|Place of [Ww]ork|Workplace|(?:Job |Position )?Title|Position|Role|Post|Function|Designation|Contract|Trial [Pp]eriod|Lump[- ][Ss]um|Medical|Transport|(?:Reports|Reporting) [Tt]o|Manager|Department|Team|Organization|Level|Grade|Employer|Company|Candidate|Employee|Name"
    r"|Hours(?: of [Ww]ork)?|Working (?:[Hh]ours|[Tt]ime)|Notice(?: [Pp]eriod)?|Probation(?:ary)?(?: [Pp]eriod)?|Holidays?(?: [Ee]ntitlement)?|Vacation|Annual [Ll]eave|Leave|Paid [Tt]ime [Oo]ff|PTO|Pension|Retirement|401\(k\)(?: [Mm]atch)?|RRSP"
    r"|Benefits?|Learning(?: [Bb]udget)?|Further [Tt]raining|Training|Wellness|Mobility|Commut(?:er|ing)|Equipment|Home [Oo]ffice|Car [Aa]llowance|Meals?|Health(?: [Ii]nsurance)?|Insurance|Severance|Other"
    r"|(?:Please )?(?:Reply|Respond|Accept|Sign|Return|Answer) [Bb]y|(?:Offer |Response |Acceptance )?(?:[Dd]eadline|[Ee]xpir(?:y|es|ation)(?: [Dd]ate)?)|Offer [Vv]alid (?:[Uu]ntil|[Tt]hrough|[Tt]o)|(?:Offer )?[Vv]alid [Uu]ntil|Date(?: [Ii]ssued)?|Issued|Prepared|Dated)"
    r"(?: \{n\d+\})?(?= ?:|(?:,? \([^()]{1,30}\))? ?:| \|| \{| not (?:applicable|eligible))"
    r"|(?:(?<=^)|(?<=[ |]))(?:Position|Role|Function|Designation|Workplace|(?:Job |Position )?[Tt]itle|(?:Work |Primary |Office |Job )?[Ll]ocation|Place of [Ww]ork|Department|Organization|Anticipated start)(?= [A-Z])"
)
_BINDING_WORDS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "your",
        "our",
        "this",
        "that",
        "of",
        "for",
        "as",
        "any",
        "each",
        "my",
        "their",
        "its",
        "his",
        "her",
        "and",
        "or",
        "to",
        "in",
        "on",
        "with",
        "at",
        "by",
        "new-hire",
        "annual",
        "target",
        "base",
        "from",
        "under",
        "between",
        "or",
        "no",
        "per",
    ]
)
_COLON_LABEL: Final = re.compile(r"(?<= )[A-Z][\w&/()'-]{1,30}(?: [\w&/()'-]{1,24}){0,3} ?:(?= )")


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a pattern, together with the figures in its slots."""

    found: re.Match[str]
    letter: "Letter"

    @property
    def start(self) -> int:
        """Where it begins in the masked text."""
        return self.found.start()

    @property
    def end(self) -> int:
        """Where it ends in the masked text."""
        return self.found.end()

    @property
    def range(self) -> tuple[int, int]:
        """Where it stands in the masked text."""
        return self.found.span()

    def token(self, name: str) -> Token | None:
        """Return the figure in the slot of that name."""
        try:
            text = self.found[name]
        except IndexError:
            return None
        return self.letter.token_of(text) if text else None

    def text(self, name: str) -> str | None:
        """Return what a named group matched, in lower case."""
        return self.found.groupdict().get(name)

    def place(self, name: str) -> tuple[int, int]:
        """Return where a named group stands in the masked text."""
        return self.found.span(name)


@cache
def pattern(source: str) -> re.Pattern[str]:
    """Compile a pattern in which ``<M:amount>`` stands for a figure of that kind.

    Several letters mean either kind; a name makes it a group.
    """

    def slot(found: re.Match[str]) -> str:
        marks = rf"\{{[{found[1].lower()}]\d+\}}"
        return f"(?P<{found[2]}>{marks})" if found[2] else marks

    bare = _EDGE_AFTER.sub(r"\1", _EDGE_BEFORE.sub(r"(?<!\\w)", source))
    return re.compile(_SLOT.sub(slot, bare))


@dataclass(frozen=True, slots=True)
class Letter:
    """The text with its figures; `cased` and `low` are the masked text, character for character."""

    flat: FlatText
    rules: Conventions
    tokens: Sequence[Token]
    cased: str
    low: str
    sentences: Sequence[tuple[int, int]]
    sentence_starts: Sequence[int] = field(repr=False)
    _starts: Sequence[int] = field(repr=False)
    _ends: Sequence[int] = field(repr=False)
    marks: Sequence[int] = field(repr=False)

    def find(self, source: str, start: int = 0, end: int | None = None) -> Match | None:
        """Return the first match of a pattern within the masked text."""
        found = pattern(source).search(self.low, start, len(self.low) if end is None else end)
        return Match(found, self) if found else None

    def find_all(self, source: str, start: int = 0, end: int | None = None) -> Iterator[Match]:
        """Yield the matches of a pattern within the masked text, up to more than any letter has."""
        stop = len(self.low) if end is None else end
        for found in islice(pattern(source).finditer(self.low, start, stop), MOST_MATCHES):
            yield Match(found, self)

    def token_of(self, mark: str) -> Token:
        """Return the figure behind a mark such as ``{m3}``."""
        return self.tokens[int(mark[2:-1])]

    def tokens_in(self, start: int, end: int, kinds: str) -> list[tuple[Token, int, int]]:
        """Return the figures of some kinds in a stretch, each with its place in the masked text."""
        return [
            (self.tokens[int(found[2])], found.start(), found.end())
            for found in _MARK.finditer(self.low, start, end)
            if found[1] in kinds
        ]

    def place_of(self, token: Token) -> tuple[int, int]:
        """Return where a figure's mark stands."""
        number = self.tokens.index(token)
        start = self.marks[number]
        return start, start + len(f"{{{token.kind.value}{number}}}")

    def sentence_number(self, position: int) -> int:
        """Return which sentence is around a place of the masked text."""
        return max(0, bisect_right(self.sentence_starts, position) - 1)

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Return the sentence around a place of the masked text."""
        return self.sentences[self.sentence_number(position)]

    def sentences_from(self, position: int, count: int) -> tuple[int, int]:
        """Return the stretch of that many sentences, beginning with the one around the place."""
        number = self.sentence_number(position)
        last = self.sentences[min(number + count, len(self.sentences)) - 1]
        return self.sentences[number][0], last[1]

    def words(self, start: int, end: int) -> str:
        """Return the words of a stretch of the masked text as they were written."""
        if end <= start:
            return ""
        return self.flat.text[self._starts[start] : self._ends[end - 1]].strip()

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the masked text stands in the original."""
        while start < end - 1 and self.low[start] == " ":
            start += 1
        while end - 1 > start and self.low[end - 1] == " ":
            end -= 1
        flat_start, flat_end = self._starts[start], self._ends[max(start, end - 1)]
        first, last = self.flat.original_range(flat_start, flat_end)
        return Span(
            start=first,
            end=last,
            page=self.flat.page_of(first),
            text=self.flat.original[first:last],
        )

    def currency(self, token: Token) -> str | None:
        """Return the currency of an amount; None where "$" could be several."""
        if token.currency == "$":
            return self.rules.dollar
        return token.currency or self.rules.named_currency


def prepare(flat: FlatText) -> Letter:
    """Return the letter with its figures found and masked."""
    # "US $5" is not "us $5": told apart here, while capitals are still there.
    text = flat.text.translate(_BRACES).replace("US $", "US$ ")
    low = normalised(text)
    rules = conventions(low)
    tokens = scan(low, rules)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[int] = []
    position = length = 0
    for number, token in enumerate(tokens):
        pieces.append(text[position : token.start])
        starts.extend(range(position, token.start))
        ends.extend(range(position + 1, token.start + 1))
        length += token.start - position
        mark = f"{{{token.kind.value}{number}}}"
        marks.append(length)
        pieces.append(mark)
        starts.extend([token.start] * len(mark))
        ends.extend([token.end] * len(mark))
        length += len(mark)
        position = token.end
    pieces.append(text[position:])
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    cased = "".join(pieces)
    masked = normalised(cased)
    sentences = _sentences(cased, masked)
    return Letter(
        flat=flat,
        rules=rules,
        tokens=tokens,
        cased=cased,
        low=masked,
        sentences=sentences,
        sentence_starts=[start for start, _ in sentences],
        _starts=starts,
        _ends=ends,
        marks=marks,
    )


def _sentences(cased: str, low: str) -> list[tuple[int, int]]:
    """Return where sentences, bullets and labelled lines begin and end."""
    cuts = {0}
    for stop in (*_STOP.finditer(cased), *_LOWER_STOP.finditer(cased)):
        before = low[max(0, stop.start() - 10) : stop.start()].split()
        word = before[-1].lstrip("('\"") if before else ""
        if word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha()):
            cuts.add(stop.end())
    cuts.update(bullet.start() for bullet in _BULLET.finditer(cased))
    cuts.update(stop.end() for stop in _BARE_STOP.finditer(cased))
    cuts.update(number.start() for number in _NUMBERED.finditer(cased))
    for label in _LABEL.finditer(cased):
        before = low[max(0, label.start() - 24) : label.start()].split()
        if cased[label.start()].islower() and cased[label.end() : label.end() + 1] != ":":
            continue
        if not before or before[-1].strip("(\"'|") not in _BINDING_WORDS:
            cuts.add(label.start())
    for label in _COLON_LABEL.finditer(cased):
        if not any(label.start() < cut < label.end() for cut in cuts):
            cuts.add(label.start())
    bounds = [*sorted(cuts), len(cased)]
    return [(start, end) for start, end in pairwise(bounds) if start < end] or [(0, len(cased))]
