"""Whether an answer is one: a number or a yes or no, and no “standard” or “trust us”."""

import re
from typing import Final

from negotiation.scripts.figures import stated_figures

_YES_OR_NO: Final = re.compile(
    r"\b(?:yes|no|none|never|not|both|either|neither|only|always|monthly|quarterly|yearly|iso|isos|"
    r"nso|nsos|single|double|trigger|participating|pari passu|prorated|allowed|prohibited)\b",
    re.IGNORECASE,
)
_EMPTY: Final = re.compile(
    r"\b(?:standard|typical|usual|very generous|generous|competitive|don'?t worry|do not worry|"
    r"trust (?:us|me)|no need|later|once you (?:join|start)|confidential|cannot share|can't share|"
    r"great|fair|market)\b",
    re.IGNORECASE,
)


def is_clear(text: str) -> bool:
    """Say whether an answer holds a number or a yes or no, and does more than soothe."""
    plain = text.replace("’", "'")
    if stated_figures(plain):
        return True
    return bool(_YES_OR_NO.search(plain)) and not _EMPTY.search(plain)
