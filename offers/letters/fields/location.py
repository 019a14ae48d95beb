"""Where the work is done."""

import re
from typing import Final

from offers.letters.draft import Draft
from offers.letters.fields.places import PLACE
from offers.letters.letter import Letter

_PATTERNS: Final = [
    re.compile(
        rf"(?:[Ww]ork |[Pp]rimary |[Oo]ffice |[Jj]ob )?(?:[Ll]ocation|LOCATION|[Pp]lace of [Ww]ork|[Bb]ase [Ll]ocation)(?: ?[:|]| is| will be)* (?:[^:.;|]{{0,40}}, )?(?P<place>{PLACE})"
    ),
    re.compile(
        rf"\b(?:based|located|work(?:ing)?|office|offices|headquarters|home|lab|site)(?: (?:in|at|from|out of))+ (?:our |the |your )?(?:office in )?(?P<place>{PLACE})"
    ),
    re.compile(
        rf"\b(?:our|its|the|in) (?P<place>{PLACE}) (?:office|headquarters|lab|hub|site|campus)\b"
    ),
    re.compile(
        rf"\b(?:[Rr]emote|remotely)[^.;:{{}}]{{0,30}} (?:within|in|from) (?:the )?(?P<place>{PLACE})"
    ),
    re.compile(
        rf"(?:Engineer|Scientist|Researcher|Lead|Manager|Director|Learning|Analyst|Developer|Architect|Staff|Fellow|Associate|\)),? in (?:our |the )?(?P<place>{PLACE})"
    ),
    re.compile(
        rf"\b(?:Inc|Corp|LLC|Ltd|Limited|Corporation|GmbH|AG|SE|SAS|SA|plc|PLC|PBC|LP|LLP|B\.V)\.?,? (?:\([^()]{{1,40}}\) )?in (?:our |the )?(?P<place>{PLACE})"
    ),
    re.compile(rf"\bwhere(?:/when)?: (?P<place>{PLACE})"),
]


def read_location(letter: Letter, draft: Draft) -> None:
    """Note the place of the most telling phrase that names one we can tell is a place."""
    for source in _PATTERNS:
        found = source.search(letter.cased)
        if found:
            draft.put("location", letter.words(*found.span("place")), found.span("place"))
            return
    remote = re.search(r"\b(?:fully|100%)? ?remote\b", letter.low)
    if remote and not letter.find(r"\bremote (?:working )?(?:stipend|policy|allowance|budget)"):
        draft.put("location", "Remote", remote.span())
