"""Money, percentages, dates, times, durations, fractions and counts, each with its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from offers.letters.context import Conventions
from offers.letters.numbers import (
    DIGITS,
    SCALE,
    SPACED_DIGITS,
    SPACED_DIGITS_INSIDE,
    WORDS,
    digits_value,
    multiple,
    words_value,
)


class TokenKind(StrEnum):
    """What a token is; the value is its letter in masked text."""

    MONEY = "m"
    MONEY_RANGE = "s"
    PERCENT = "p"
    PERCENT_RANGE = "r"
    DATE = "d"
    TIME = "h"
    DURATION = "u"
    ANNIVERSARY = "a"
    FRACTION = "f"
    NUMBER = "n"
    PLAIN = "x"  # digits that are no figure: section numbers, telephones, post codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A figure of the text.

    Attributes
    ----------
    start, end : offsets into the flat text.
    value : the amount, percentage, count, fraction or, of durations, number of `unit`s; the upper end
        of a range.
    low : the lower end of a range.
    other : a second value the same characters could have; the token is then doubtful.
    currency : ISO code; "$" where the text shows only that sign; None where it shows none.
    months : of durations and anniversaries, in months where the unit allows it.
    """

    kind: TokenKind
    start: int
    end: int
    value: float = 0.0
    low: float | None = None
    other: float | None = None
    currency: str | None = None
    unit: str = ""
    is_business: bool = False
    is_words: bool = False
    months: tuple[float, ...] = ()
    day: int | None = None
    month: int | None = None
    year: int | None = None
    other_date: date | None = None
    is_partial: bool = False

    @property
    def as_date(self) -> date | None:
        """The date, where day, month and year are written."""
        if self.day is None or self.month is None or self.year is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def clock(self) -> str:
        """A time of day as 24 hours have it."""
        return f"{int(self.value) // 60:02d}:{int(self.value) % 60:02d}"


_SYMBOLS: Final = {
    "us$": "USD", "usd": "USD", "usd$": "USD", "usd $": "USD", "u.s. $": "USD", "c$": "CAD", "ca$": "CAD", "cad": "CAD",
    "cad$": "CAD", "cad $": "CAD", "cdn$": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD", "aud$": "AUD", "s$": "SGD", "sg$": "SGD",
    "sgd": "SGD", "sgd$": "SGD", "sgd $": "SGD", "hk$": "HKD", "hkd": "HKD", "nz$": "NZD", "nzd": "NZD", "$": "$", "£": "GBP",
    "gbp": "GBP", "gbp £": "GBP", "€": "EUR", "eur": "EUR", "eur €": "EUR", "chf": "CHF", "sfr": "CHF", "sfr.": "CHF", "fr.": "CHF", "₹": "INR",
    "inr": "INR", "inr ₹": "INR", "rs.": "INR", "rs": "INR", "¥": "JPY", "jpy": "JPY", "₪": "ILS", "ils": "ILS", "nis": "ILS",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "cny": "CNY", "rmb": "CNY", "krw": "KRW", "brl": "BRL", "r$": "BRL",
    "aed": "AED", "czk": "CZK", "huf": "HUF", "twd": "TWD", "nt$": "TWD",
}  # fmt: skip
_NAMES: Final = {
    "us dollars": "USD", "u.s. dollars": "USD", "united states dollars": "USD", "canadian dollars": "CAD", "singapore dollars": "SGD",
    "australian dollars": "AUD", "dollars": "$", "dollar": "$", "pounds sterling": "GBP", "pounds": "GBP", "sterling": "GBP",
    "euros": "EUR", "euro": "EUR", "swiss francs": "CHF", "francs": "CHF", "indian rupees": "INR", "rupees": "INR", "yen": "JPY",
}  # fmt: skip


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BEFORE: Final = rf"(?<![a-z])(?:{_either(list(_SYMBOLS))})"
_AFTER: Final = rf"(?:{_either([*_NAMES, *(code for code in _SYMBOLS if len(code) == 3 and code.isalpha())])})\b|€|£|₹"
_SWISS_DASH: Final = r"(?:\.-+|,-+)?"
_MONEY: Final = re.compile(
    rf"(?P<pre>{_BEFORE}) ?(?P<num>{SPACED_DIGITS_INSIDE})(?P<scale>{SCALE})?{_SWISS_DASH}"
    rf"(?: ?\(?(?P<post>{_AFTER})\)?)?"
    rf"|(?P<num2>{SPACED_DIGITS})(?P<scale2>{SCALE})?{_SWISS_DASH} ?(?P<post2>{_AFTER})"
    rf"|(?P<words>{WORDS}) (?P<post3>{_AFTER})(?: and {WORDS} cents)?"
    rf"|(?P<cents>{WORDS}|\d{{1,2}}) (?:cents?|pence)\b"
)
_MONEY_SPAN: Final = re.compile(
    rf"(?P<pre>{_BEFORE}) ?(?P<low>\d{{2,3}}) ?(?:k )?(?:-|to) ?(?P<high>\d{{2,3}}) ?k\b"
)
_PERCENT: Final = re.compile(
    rf"(?:(?<!from )(?P<low>{DIGITS}) ?%? ?(?:-|to) ?)?(?P<num>{DIGITS}) ?(?:%|per ?cent\b|pct\b)"
    rf"|(?P<words>{WORDS}) per ?cent\b"
    r"|(?P<points>\d{1,4}(?:\.\d)?) (?:bps|basis points)\b"
)
_MONTHS: Final = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
    "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12, "januar": 1, "februar": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10,
    "dezember": 12, "janvier": 1, "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9,
    "octobre": 10, "novembre": 11, "décembre": 12,
}  # fmt: skip
_MONTH: Final = rf"(?:{_either(list(_MONTHS))})\b\.?"
_WEEKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_ORDINAL: Final = r"(?:st|nd|rd|th|er|\.)?"
_DATE: Final = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY}),? (?:the )?)?(?:"
    rf"(?P<month1>{_MONTH}) (?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?[%/])(?:,? (?P<year1>(?:19|20)\d{{2}})\b)?"
    rf"|(?<![\w.,/])(?P<day2>\d{{1,2}}){_ORDINAL}(?: day)?(?: of)?[ -](?P<month2>{_MONTH})(?:,? ?-?(?P<year2>(?:19|20)\d{{2}})\b)?"
    r"|(?<![\d-])(?P<year3>(?:19|20)\d{2})-(?P<month3>\d{2})-(?P<day3>\d{2})(?![\d-])"
    r"|(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[./-]) ?(?P<b>\d{1,2})(?P=sep) ?(?P<year4>(?:19|20)\d{2}|\d{2})(?![\d/-])"
    rf")(?: ?\((?P<weekday2>{_WEEKDAY})\))?"
)
_PARTIAL: Final = re.compile(
    rf"(?P<part>(?:first|second|early|mid|middle|late|beginning|start|end|latter)(?:[- ](?:half|part|week))?(?: of| in)?[- ])?(?:the month of )?(?P<month>{_MONTH}),? (?P<year>(?:19|20)\d{{2}})\b"
    rf"|(?P<part2>(?:first|second|early|mid|middle|late|beginning|end|latter)(?:[- ](?:half|part|week))?(?: of)?[- ])(?P<month2>{_MONTH})"
)
_ZONE: Final = (
    r"(?:,? \(?(?:(?:pacific|eastern|central|mountain|greenwich mean|uk|london|german|swiss|indian|singapore|india standard|local)(?: standard| daylight)? time|"
    r"pacific|eastern|gmt|bst|cet|cest|pst|pdt|pt|est|edt|et|cst|cdt|ct|mst|mt|ist|sgt|utc)\b\)?)?"
)
_TIME: Final = re.compile(
    rf"(?:\b(?P<noon>(?:12(?:[:.]00)? ?)?(?:noon|midday))\b|\b(?P<midnight>(?:12(?:[:.]00)? ?)?midnight)\b"
    rf"|(?<![\d.:$£€])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>a\.m\.?|p\.m\.?|am\b|pm\b)"
    rf"|(?<![\d.:])(?P<hour2>[01]?\d|2[0-3])[:h](?P<minute2>[0-5]\d)(?![\d:])(?: ?(?:hours|hrs|h|uhr|o'clock)\b)?"
    rf"|(?<![\d.:])(?P<hour3>[01]\d|2[0-3])\.(?P<minute3>[0-5]\d) ?(?:hours|hrs|uhr)\b"
    rf"){_ZONE}"
)
_UNIT_MONTHS: Final = {"day": 1 / 30, "week": 7 / 30, "month": 1.0, "quarter": 3.0, "year": 12.0}
_DURATION: Final = re.compile(
    rf"(?:(?P<words>{WORDS})|(?<![\d.,/$£€-])(?P<num>\d{{1,4}}(?:\.\d{{1,2}})?))(?P<half> and (?:a|one)[- ]half)?(?: ?\((?P<paren>\d{{1,4}}(?:\.\d)?)\))?[- ]?"
    r"(?P<filler>(?:(?:consecutive|full|complete|completed|calendar|business|working|additional|more|paid|continuous|whole|service|standard|vacation|holiday|annual leave|personal) ){0,3})"
    r"(?P<unit>hour|day|week|fortnight|month|quarter|year|yr|mo)(?:s'|'s|s)?\b(?! (?:one|two|three|four|\d{1,2}(?![\d.)])))"
    r"|\b(?P<halfyear>half[- ]a[- ]year|half[- ]year)\b"
)
_ORDINALS: Final = {
    word: value
    for value, words in enumerate(
        [
            ("first", "1st"),
            ("second", "2nd"),
            ("third", "3rd"),
            ("fourth", "4th"),
            ("fifth", "5th"),
            ("sixth", "6th"),
        ],
        start=1,
    )
    for word in words
}
_ORD: Final = f"(?:{'|'.join(_ORDINALS)})"
_ANNIVERSARY: Final = re.compile(
    rf"\b(?P<list>{_ORD}(?:(?:,? and |, | through |-){_ORD}){{0,5}}) (?:year |yearly |annual |one-year )?anniversar(?:y|ies)\b"
    rf"|\bfirst (?P<several>two|three|four|five|[2-5]) anniversaries\b"
    rf"|(?P<count>{WORDS}|\d{{1,2}})(?: ?\(\d{{1,2}}\))?[- ](?P<unit>month|year)[- ]anniversary\b"
)
_DENOMINATORS: Final = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
    "sixteenth": 16, "twentieth": 20, "twenty-fourth": 24, "thirtieth": 30, "thirty-sixth": 36, "forty-eighth": 48, "sixtieth": 60, "eighteenth": 18,
}  # fmt: skip
_FRACTION: Final = re.compile(
    r"(?<![\d./,$£€-])(?P<num>\d{1,2})/(?P<den>\d{1,3})(?:ths?|st|nd|rd|s)?\b(?!/)"
    rf"|\b(?P<top>one|two|three|four|five|seven|nine|eleven|a)[- ](?P<bottom>{_either([w for w in _DENOMINATORS if w not in {'half', 'halves', 'quarter'}])})s?\b"
    r"|\b(?P<top2>one|two|three)[- ](?P<bottom2>half|halves|quarter)s?\b(?![- ](?:times|year))"
    r"|\b(?P<a>a quarter|the first quarter|half)\b(?= (?:of|after|on|the|payable|paid|with|within|is|when|upon|at|in|vests?|immediately|what|now))(?!(?: of| in)? (?:20|fy|the (?:calendar|fiscal)))"
)
_PLAIN: Final = re.compile(
    r"\b4(?:01|03|57) ?\([a-z]\)|\b401k\b|\b(?:section |sec\. |§ ?|code )?(?:409a|280g|4999|162\(m\)|83 ?\(b\)|422\b|423\b)"
    r"|\bform [wi]-?\d\b|\b[wi]-[0-9]\b|\bp45\b|\bb-?1\b"
    r"|[\w.+-]{1,64}@[\w.-]{1,80}|\bhttps?://\S{1,200}|\bwww\.\S{1,100}"
    r"|(?:\(\d{3}\)|\+\d{1,3}) ?\d[\d -]{5,14}\d|\b\d{3}[-.]\d{3}[-.]\d{4}\b"
    r"|\b(?:al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc) \d{5}(?:-\d{4})?\b"
    r"|\b(?:no|nr|number|ref|reference|hrb|id|requisition|req|registration|uid|siret|siren|uen|cin|ein|che)[.:#]? ?(?:no\.? ?|number )?[:#]? ?[a-z]{0,4}[/-]?\d[\d/. -]{3,20}\d\b"
    r"|\b(?:section|clause|paragraph|article|schedule|exhibit|appendix|annex|page|floor|suite|room|level|grade|band|step|tier|unit|building|apt|box|rule|item|note|version|covid|ias|ifrs)[ .#-]{1,2}\d{1,5}[a-z]?(?:\.\d{1,2}){0,3}\b"
    r"|\b(?:19|20)\d{2}(?= (?:[a-z&-]+ ){0,5}(?:plan|scheme|program|programme)\b)"
    r"|(?:(?<=[.:;!?] )|(?<=^))\d{1,2}(?:\.\d{1,2}){0,2}[.)](?= )"
    r"|\b\d{1,2}:\d{2}:\d{2}(?: [+-]\d{4})?|\b24/7\b|\b(?:step|l|e|ic|t)-?\d{1,2}\b|\bfy ?'?\d{2,4}\b"
)
_LIST_NUMBER: Final = re.compile(r"(?:(?<= )|^)(\d{1,2})[.)] (?=[a-z\"(])")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_NUMBER: Final = re.compile(
    rf"(?P<spaced>(?<![\w.,'])\d{{1,3}}(?: \d{{3}})+(?= (?:shares|options|units|rsus|stock|virtual|ordinary|restricted|bspce|[in]sos|psus|profits?|performance|participation|growth|incentive|phantom|warrants)))"
    rf"|(?P<num>{DIGITS})(?P<scale> ?(?:k|million|thousand|lakhs?|lacs?|crores?|lpa|mm|m)\b)?(?![a-z])"
    rf"|(?P<words>{WORDS})(?: ?\((?P<paren>{DIGITS})\))?"
)


def scan(text: str, rules: Conventions) -> list[Token]:
    """Return the figures of the text, in lower case on one line, in their order.

    The kinds are looked for one after the other, the most specific first; what one has taken, no
    later one sees.
    """
    taken = bytearray(len(text) + 1)
    for start, end in _list_numbers(text):
        taken[start:end] = b"\1" * (end - start)
    tokens: list[Token] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if taken.find(1, start, end) >= 0:
                continue
            token = read(match, rules, text)
            if token is None:
                continue
            taken[token.start : token.end] = b"\1" * (token.end - token.start)
            tokens.append(token)
    tokens.sort(key=lambda token: token.start)
    return list(_merged([token for token in tokens if token.kind is not TokenKind.PLAIN], text))


def _list_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the numbers of numbered clauses: 1, then 2, and so on, each with a full stop."""
    expected = 1
    for match in _LIST_NUMBER.finditer(text):
        if int(match[1]) == expected:
            yield match.span(1)
            expected += 1


def _plain(match: re.Match[str], _: Conventions, __: str) -> Token:
    return Token(kind=TokenKind.PLAIN, start=match.start(), end=match.end())


def _date_token(match: re.Match[str], rules: Conventions, text: str) -> Token | None:
    start, end = match.span()
    if match["a"]:
        return _numeric_date(match, rules)
    if match["month3"]:
        day, month, year = int(match["day3"]), int(match["month3"]), int(match["year3"])
    else:
        name = (match["month1"] or match["month2"]).rstrip(".")
        written_year = match["year1"] or match["year2"]
        day, month = int(match["day1"] or match["day2"]), _MONTHS[name]
        year = int(written_year) if written_year else 0
        if name in {"may", "mar", "march", "mars", "sat", "sun"} and not year:
            before = text[max(0, start - 12) : start].split()
            if (
                name == "may"
                and before
                and before[-1] in {"you", "we", "company", "it", "they", "that", "and", "which"}
            ):
                return None
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Token(kind=TokenKind.DATE, start=start, end=end, day=day, month=month, year=year or None)


def _numeric_date(match: re.Match[str], rules: Conventions) -> Token | None:
    first, second = int(match["a"]), int(match["b"])
    year = int(match["year4"])
    year += 2000 if year < 100 else 0
    if match["sep"] == "." and len(match["year4"]) == 2 and not (first <= 31 and second <= 12):
        return None
    token = Token(kind=TokenKind.DATE, start=match.start(), end=match.end(), year=year)
    day_first = replace(token, day=first, month=second)
    month_first = replace(token, day=second, month=first)
    valid = [one for one in (day_first, month_first) if one.as_date]
    if len(valid) < 2 or first == second:
        return valid[0] if valid else None
    weekday = match["weekday"] or match["weekday2"]
    if weekday:
        number = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(weekday[:3]))
        right = [one for one in valid if one.as_date and one.as_date.weekday() == number]
        if len(right) == 1:
            return right[0]
    if match["sep"] == ".":
        return day_first
    if rules.is_day_first is not None:
        return day_first if rules.is_day_first else month_first
    return replace(day_first, other_date=month_first.as_date)


def _partial_date(match: re.Match[str], _: Conventions, __: str) -> Token:
    name = (match["month"] or match["month2"]).rstrip(".")
    return Token(
        kind=TokenKind.DATE,
        start=match.start(),
        end=match.end(),
        month=_MONTHS[name],
        year=int(match["year"]) if match["year"] else None,
        is_partial=True,
    )


def _time_token(match: re.Match[str], _: Conventions, __: str) -> Token | None:
    if match["noon"]:
        minutes = 12 * 60
    elif match["midnight"]:
        minutes = 24 * 60 - 1
    elif match["half"]:
        hour = int(match["hour"])
        if not 1 <= hour <= 12:
            return None
        minutes = (hour % 12 + (12 if match["half"].startswith("p") else 0)) * 60
        minutes += int(match["minute"] or 0)
    else:
        hour = int(match["hour2"] or match["hour3"])
        minutes = hour * 60 + int(match["minute2"] or match["minute3"])
    return Token(kind=TokenKind.TIME, start=match.start(), end=match.end(), value=minutes)


def _money_span(match: re.Match[str], _: Conventions, __: str) -> Token:
    return Token(
        kind=TokenKind.MONEY_RANGE,
        start=match.start(),
        end=match.end(),
        low=1e3 * float(match["low"]),
        value=1e3 * float(match["high"]),
        currency=_SYMBOLS[match["pre"]],
    )


def _money_token(match: re.Match[str], rules: Conventions, _: str) -> Token | None:
    start, end = match.span()
    if match["cents"]:
        cents = match["cents"]
        value = float(cents) if cents.isdigit() else words_value(cents)
        if value is None:
            return None
        return Token(kind=TokenKind.MONEY, start=start, end=end, value=value / 100, unit="cents")
    post = match["post"] or match["post2"] or match["post3"]
    currency = _NAMES.get(post) or _SYMBOLS.get(post) if post else None
    before = _SYMBOLS[match["pre"]] if match["pre"] else None
    if currency in {None, "$"} or before not in {None, "$"}:
        currency = before or currency
    if match["words"]:
        spelt = words_value(match["words"])
        if spelt is None:
            return None
        return Token(
            kind=TokenKind.MONEY,
            start=start,
            end=end,
            value=spelt,
            currency=currency,
            is_words=True,
        )
    number = match["num"] or match["num2"]
    value, other = digits_value(number, is_decimal_comma=rules.is_decimal_comma)
    if (
        other is not None
        and len(number.split(".")[-1]) == 3
        and currency in {"$", "USD", "GBP", "INR"}
    ):
        other = None if value < 1 else other
    scale = multiple(match["scale"] or match["scale2"])
    return Token(
        kind=TokenKind.MONEY,
        start=start,
        end=end,
        value=value * scale,
        other=other if scale == 1 else None,
        currency=currency,
    )


def _percent_token(match: re.Match[str], rules: Conventions, _: str) -> Token | None:
    start, end = match.span()
    if match["points"]:
        return Token(
            kind=TokenKind.PERCENT, start=start, end=end, value=float(match["points"]) / 100
        )
    if match["words"]:
        spelt = words_value(match["words"])
        if spelt is None:
            return None
        return Token(kind=TokenKind.PERCENT, start=start, end=end, value=spelt, is_words=True)
    value = _percentage(match["num"], rules)
    if match["low"]:
        low = _percentage(match["low"], rules)
        if low < value:
            return Token(kind=TokenKind.PERCENT_RANGE, start=start, end=end, value=value, low=low)
        return None
    return Token(kind=TokenKind.PERCENT, start=start, end=end, value=value)


def _percentage(written: str, rules: Conventions) -> float:
    """Return the number before a percent sign, where thousands are unlikely and decimals are not."""
    if re.fullmatch(r"\d{1,2}[.,]\d{3}", written):
        return float(written.replace(",", "."))
    return digits_value(written, is_decimal_comma=rules.is_decimal_comma)[0]


def _duration_token(match: re.Match[str], _: Conventions, __: str) -> Token | None:
    start, end = match.span()
    if match["halfyear"]:
        return Token(
            kind=TokenKind.DURATION, start=start, end=end, value=6, unit="month", months=(6.0,)
        )
    value = words_value(match["words"]) if match["words"] else float(match["num"])
    if value is None:
        return None
    value += 0.5 if match["half"] else 0
    unit = match["unit"]
    unit = {"yr": "year", "mo": "month"}.get(unit, unit)
    if unit == "fortnight":
        value, unit = value * 2, "week"
    is_one = value == 1 and match["words"]
    if is_one and unit in {"hour", "day", "quarter"} and not match["paren"] and "-" not in match[0]:
        return None  # "one day a month", "one quarter of the option"
    other = float(match["paren"]) if match["paren"] and float(match["paren"]) != value else None
    months = (value * _UNIT_MONTHS[unit],) if unit in _UNIT_MONTHS else ()
    return Token(
        kind=TokenKind.DURATION,
        start=start,
        end=end,
        value=value,
        unit=unit,
        other=other,
        months=months,
        is_business="business" in match["filler"] or "working" in match["filler"],
    )


def _anniversary_token(match: re.Match[str], _: Conventions, __: str) -> Token | None:
    start, end = match.span()
    if match["list"]:
        numbers = [_ORDINALS[word] for word in re.findall(_ORD, match["list"])]
        if "through" in match["list"] and len(numbers) == 2:
            numbers = list(range(numbers[0], numbers[1] + 1))
        months = tuple(12.0 * number for number in numbers)
    elif match["several"]:
        written = match["several"]
        several = int(written) if written.isdigit() else int(words_value(written) or 0)
        months = tuple(12.0 * number for number in range(1, several + 1))
    else:
        count = match["count"]
        value = float(count) if count.isdigit() else words_value(count)
        if value is None:
            return None
        months = (value * (12.0 if match["unit"] == "year" else 1.0),)
    return Token(kind=TokenKind.ANNIVERSARY, start=start, end=end, value=months[0], months=months)


def _fraction_token(match: re.Match[str], _: Conventions, text: str) -> Token | None:
    start, end = match.span()
    if match["num"]:
        top, bottom = int(match["num"]), int(match["den"])
        if not 0 < top <= bottom or bottom < 2:
            return None
    elif match["a"]:
        if match["a"] == "a quarter" and text[max(0, start - 1) : start] != " ":
            return None
        if (
            re.search(r"[\d%]\s?(?:gross )?$", text[max(0, start - 8) : start])
            and match["a"] == "a quarter"
        ):
            return None  # "$1,500 a quarter" is a period
        top, bottom = 1, 2 if match["a"] == "half" else 4
    else:
        words = match["top"] or match["top2"]
        top = 1 if words == "a" else int(words_value(words) or 0)
        bottom = _DENOMINATORS[match["bottom"] or match["bottom2"]]
        if words == "a" and bottom == 3 and text[end : end + 3] != " of":
            return None
    return Token(
        kind=TokenKind.FRACTION, start=start, end=end, value=top / bottom, low=top, other=bottom
    )


def _number_token(match: re.Match[str], rules: Conventions, text: str) -> Token | None:
    start, end = match.span()
    if match["words"]:
        value = words_value(match["words"])
        if value is None or (value < 2 and not match["paren"]):
            return None
        paren = match["paren"]
        other = None
        if paren:
            inside = digits_value(paren, is_decimal_comma=rules.is_decimal_comma)[0]
            other = inside if inside != value else None
        return Token(
            kind=TokenKind.NUMBER, start=start, end=end, value=value, other=other, is_words=True
        )
    if match["spaced"]:
        return Token(
            kind=TokenKind.NUMBER,
            start=start,
            end=end,
            value=float(match["spaced"].replace(" ", "")),
        )
    if _YEAR.fullmatch(match["num"]) and not re.match(
        r" (?:shares|options|units|rsus|restricted|stock|virtual)", text[end : end + 14]
    ):
        return None
    value, other = digits_value(match["num"], is_decimal_comma=rules.is_decimal_comma)
    scale = multiple(match["scale"])
    return Token(
        kind=TokenKind.NUMBER,
        start=start,
        end=end,
        value=value * scale,
        other=other if scale == 1 else None,
        currency="INR" if match["scale"] and match["scale"].strip() == "lpa" else None,
    )


_Read = Callable[[re.Match[str], Conventions, str], Token | None]
_READERS: Final[list[tuple[re.Pattern[str], _Read]]] = [
    (_PLAIN, _plain),
    (_DATE, _date_token),
    (_PARTIAL, _partial_date),
    (_TIME, _time_token),
    (_MONEY_SPAN, _money_span),
    (_MONEY, _money_token),
    (_PERCENT, _percent_token),
    (_ANNIVERSARY, _anniversary_token),
    (_FRACTION, _fraction_token),
    (_DURATION, _duration_token),
    (_NUMBER, _number_token),
]


def _merged(tokens: list[Token], text: str) -> Iterator[Token]:
    """Yield the tokens; a figure given in words and again in digits is one, a range is one."""
    pending: Token | None = None
    for token in tokens:
        if pending is None:
            pending = token
            continue
        between = text[pending.end : token.start]
        if (
            between == " ("
            and text[token.end : token.end + 1] == ")"
            and _same_thing(pending, token)
        ):
            pending = _one_of_two(pending, token)
            continue
        is_change = text[max(0, pending.start - 5) : pending.start] == "from "
        if (
            (
                between.strip() == "-"
                or (between == " to " and not is_change)
                or (
                    between == " and "
                    and text[max(0, pending.start - 8) : pending.start] == "between "
                )
            )
            and pending.kind is token.kind is TokenKind.MONEY
            and pending.value < token.value
        ):
            pending = replace(
                token,
                kind=TokenKind.MONEY_RANGE,
                start=pending.start,
                low=pending.value,
                currency=pending.currency or token.currency,
            )
            continue
        yield pending
        pending = token
    if pending is not None:
        yield pending


def _same_thing(first: Token, second: Token) -> bool:
    """Return whether the second can be the first again, in digits."""
    kinds = {first.kind, second.kind}
    if kinds == {TokenKind.FRACTION}:
        return True
    if kinds <= {TokenKind.MONEY, TokenKind.NUMBER} or kinds <= {
        TokenKind.PERCENT,
        TokenKind.NUMBER,
    }:
        return first.is_words or second.is_words
    return False


def _one_of_two(first: Token, second: Token) -> Token:
    """Return the one figure; where words and digits differ, the other value is kept as a doubt."""
    kept = second if first.is_words else first
    if first.kind is not second.kind:
        kept = first if second.kind is TokenKind.NUMBER else second
    other = first if kept is second else second
    differs = abs(first.value - second.value) > 0.005 * max(abs(first.value), 1e-9)
    return replace(
        kept,
        start=first.start,
        end=second.end + 1,
        currency=kept.currency or other.currency,
        other=other.value if differs and kept.kind is not TokenKind.FRACTION else kept.other,
        is_words=False,
    )
