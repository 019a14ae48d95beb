"""The date of the letter, and dates whose year or order has to be worked out."""

import re
from datetime import date
from typing import Final

from offers.letters.draft import Draft
from offers.letters.letter import Letter
from offers.letters.tokens import Token

_LABELLED: Final = r"(?<!start )(?<!starting )(?<!commencement )(?<!joining )(?<!grant )(?<!expiry )(?<!expiration )(?<!closing )(?<!response )(?<!reply )(?<!effective )(?<!end )(?<!payment )(?<!first )(?<!hire )(?:^|(?<= ))(?:date(?: of (?:issue|letter|offer))?|date issued|issued(?: on)?|dated|prepared(?: on)?|letter date|sent|offer date)(?: ?[:|])? <D:day>"
_NOT_THE_LETTERS: Final = (
    r"\b(?:start|starting|commenc\w*|begin\w*|first day|join\w*|expires?|open until|valid|by|until|through|before|effective|call|interview|met|spoke|"
    r"founded|since|supersedes?|replaces?|reply|accept|birth|born|grant(?:ed)?)\b[^{}.]{0,40}$"
)
_SALUTATION: Final = r"(?<![a-z])(?:dear|hi|hello|hey|congratulations|good (?:morning|afternoon))\b"
_TOP: Final = 900


def read_letter_date(letter: Letter) -> tuple[date | None, Token | None]:
    """Return the date of the letter and the figure that gives it; the date is None where it is doubtful."""
    salutation = letter.find(_SALUTATION)
    top = min(len(letter.low), max(salutation.start if salutation else 0, 200) + 20, _TOP)
    labelled = letter.find(_LABELLED, 0, min(len(letter.low), 2 * _TOP))
    if labelled and _is_label(letter, labelled.start):
        token = labelled.token("day")
        if token and token.as_date and not token.is_partial:
            return (None if token.other_date else token.as_date), token
    for token, start, _ in letter.tokens_in(0, top, "d"):
        if token.as_date is None or token.is_partial:
            continue
        if letter.find(_NOT_THE_LETTERS, max(0, start - 60), start):
            continue
        return (None if token.other_date else token.as_date), token
    return None, None


def _is_label(letter: Letter, position: int) -> bool:
    """Return whether a word begins a label, and is not the end of another such as "entry date"."""
    return letter.cased[position].isupper() and not re.search(
        r"[A-Za-z] $", letter.cased[max(0, position - 2) : position]
    )


def resolved(token: Token, letter_date: date | None) -> date | None:
    """Return the day; one without a year is the next such day after the letter."""
    if token.is_partial or token.day is None or token.month is None:
        return None
    if token.year is not None:
        return token.as_date
    if letter_date is None:
        return None
    for year in (letter_date.year, letter_date.year + 1):
        try:
            day = date(year, token.month, token.day)
        except ValueError:
            continue
        if day >= letter_date:
            return day
    return None


def ask_which_order(draft: Draft, path: str, token: Token, place: tuple[int, int]) -> None:
    """Ask which of the two figures of a numeric date is the day."""
    choices = [day.isoformat() for day in (token.as_date, token.other_date) if day]
    draft.ask(path, "day or month first?", choices, place)
