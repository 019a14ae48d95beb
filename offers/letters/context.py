"""What the whole letter says about its country, and with it how numbers, dates and "$" are meant."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

_EVIDENCE: Final[dict[str, str]] = {
    "US": (
        r"\bat[- ]will\b|\b401 ?\(?k\)?\b|\b403\(b\)|\bw-[24]\b|\b(?:in|of) the united states\b|\bu\.s\.a?\b|\bfica\b|\b409a\b|\b83\(b\)"
        r"|\bform i-9\b|\bi-9\b|\be-verify\b|\bexempt (?:position|employee)|\bnon-exempt\b|\bus\$|\bu\.?s\.? dollars\b|\bcobra\b|\bhsa\b|\bfsa\b|\bpto\b"
        r"|\b(?:al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc),? \d{5}\b"
        r"|\b(?:san francisco|new york|seattle|boston|austin|chicago|denver|palo alto|mountain view|los angeles|washington|california|texas|massachusetts|pittsburgh|atlanta|philadelphia|san diego|san jose|menlo park|delaware corporation|nashville|ohio|virginia|alabama|arizona|connecticut|florida|indiana|iowa|kansas|kentucky|louisiana|maryland|michigan|minnesota|missouri|nebraska|nevada|new hampshire|new mexico|oklahoma|south carolina|utah|wisconsin|colorado|tennessee|oregon|illinois|georgia|north carolina|pennsylvania|new jersey)\b"
        r"|\b(?:pacific|eastern|central|mountain) (?:standard |daylight )?time\b"
    ),
    "GB": (
        r"£|\bgbp\b|\b(?:plc|llp)\b|\bnational insurance\b|\bhmrc\b|\bp45\b|\bunited kingdom\b|\bu\.?k\.?\b|\bengland\b|\bwales\b|\bscotland\b"
        r"|\b[a-z]{1,2}\d{1,2}[a-z]? \d[a-z]{2}\b|\b(?:london|manchester|bristol|cambridge|oxford|edinburgh|leeds|belfast|cardiff|glasgow)\b|\bemi option|\bbank holidays\b"
        r"|\bgross misconduct\b|\bauto-enrolment\b|\bpaye\b|\bredundancy\b"
    ),
    "CA": (
        r"\bcad\b|\bc\$|\bca\$|\bcanad(?:a|ian)\b|\brrsp\b|\btfsa\b|\bemployment standards act\b|\b[a-z]\d[a-z] \d[a-z]\d\b"
        r"|\b(?:toronto|montr[eé]al|vancouver|ottawa|calgary|waterloo|edmonton|qu[eé]bec|ontario|british columbia|alberta)\b|\bcpp\b|\bstatutory deductions\b|\bbi-weekly\b"
    ),
    "DE": (
        r"\bgmbh\b|\b(?:kg|ug|e\.v\.)(?= )|\bgerman(?:y)?\b|\b(?:berlin|munich|m[uü]nchen|hamburg|frankfurt|cologne|k[oö]ln|stuttgart|heidelberg|t[uü]bingen|aachen|dresden|karlsruhe|d[uü]sseldorf|leipzig)\b"
        r"|\bdeutschland|\bgesch[aä]ftsf[uü]hr|\bbetriebsrat\b|\bworks council\b|\bhrb\b|\bvsop\b|\bprobezeit\b|\bkita\b|\bjobticket\b"
    ),
    "FR": (
        r"\b(?:sas|sarl|s\.a\.s\.)(?=[ ,.(])|\bfrance\b|\bfrench\b|\b(?:paris|lyon|grenoble|toulouse|nantes|lille|marseille|bordeaux|sophia antipolis)\b|\bbspce\b|\brtt\b|\bsyntec\b|\bsiret\b|\bmutuelle\b|\btickets? restaurant\b|\bmeal vouchers\b|\bcadre\b|\bcdi\b|\bnavigo\b"
    ),
    "CH": (
        r"\bchf\b|\bswiss\b|\bswitzerland\b|\b(?:z[uü]rich|geneva|gen[eè]ve|lausanne|basel|bern|zug|winterthur|lugano)\b|\bbvg\b|\bahv\b|\bs[aà]rl\b|\bpensionskasse\b|\bga travelcard\b|\bhalf-fare\b|\bquellensteuer\b|\bpermit [bcl]\b|\d'\d{3}\b"
    ),
    "IN": (
        r"₹|\binr\b|\brs\.|\blakhs?\b|\bcrores?\b|\blpa\b|\bctc\b|\bprovident fund\b|\bepf\b|\bgratuity\b|\bpvt\b|\bprivate limited\b|\bindia\b|\b(?:bengaluru|bangalore|hyderabad|mumbai|pune|chennai|gurgaon|gurugram|noida|delhi|kolkata)\b|\baadhaar\b|\b\d{1,2},\d{2},\d{3}\b"
    ),
    "SG": r"\bsgd\b|(?<![\w'])s\$|\bsingapore\b|\bcpf\b|\bemployment pass\b|\bpte\b|\bmom\b",
    "AU": r"\baud\b|\ba\$|\baustralian?\b|\bsuperannuation\b|\b(?:sydney|melbourne|brisbane|perth|canberra)\b|\bpty\b",
    "NL": r"\bb\.?v\.(?=[ ,(])|\bnetherlands\b|\bdutch\b|\b(?:amsterdam|rotterdam|eindhoven|utrecht|the hague|delft)\b|\b30% ruling\b",
    "IE": r"\bireland\b|\bdublin\b|\birish\b|\bcork\b|\bgalway\b|\bprsi\b",
    "SE": r"\bsek\b|\bsweden\b|\bswedish\b|\bstockholm\b|\bgothenburg\b",
    "IL": r"\bisrael\b|\btel aviv\b|\bnis\b|\bils\b|₪",
}
_PATTERNS: Final = {country: re.compile(pattern) for country, pattern in _EVIDENCE.items()}

_DOLLARS: Final = {"US": "USD", "CA": "CAD", "AU": "AUD", "SG": "SGD", "NZ": "NZD", "HK": "HKD"}
_NAMED: Final = re.compile(
    r"\b(?:amounts|figures|sums|payments|references to (?:\"?\$\"?|dollars)|dollar amounts|compensation|values|cash)\b[^.]{0,80}?\b"
    r"(?:in|are|to) (canadian|us|u\.s\.|united states|singapore|australian|hong kong|new zealand) dollars\b"
    r"|\b(?:amounts|figures|sums|payments|dollar amounts|values)\b[^.]{0,80}?\bin (cad|usd|sgd|aud|hkd|nzd)\b"
)
_DOLLAR_NAMES: Final = {
    "canadian": "CAD",
    "us": "USD",
    "u.s.": "USD",
    "united states": "USD",
    "singapore": "SGD",
    "australian": "AUD",
    "hong kong": "HKD",
    "new zealand": "NZD",
}
_ALL_IN: Final = re.compile(
    r"\b(?:amounts|figures|sums|payments|values|numbers)\b[^.]{0,60}?\bin (?:(eur)os?|(gbp)|(chf)|(inr)|(usd)|(cad)|(sgd)|(swiss) francs|(pounds)|(indian) rupees|(euro)s?|(canadian) (?:dollars|currency|funds)|(us) (?:dollars|currency|funds)|(singapore) (?:dollars|currency))\b"
)
_ALL_IN_CODES: Final = {
    "eur": "EUR", "euro": "EUR", "gbp": "GBP", "pounds": "GBP", "chf": "CHF", "swiss": "CHF", "inr": "INR",
    "indian": "INR", "usd": "USD", "us": "USD", "cad": "CAD", "canadian": "CAD", "sgd": "SGD", "singapore": "SGD",
}  # fmt: skip
_COMMA_DECIMALS: Final = re.compile(
    r"\d\.\d{3},\d{2}(?!\d)|(?<!\d)\d{1,3},\d{1,2} ?(?:%|€|eur)|(?:€|eur) ?\d{1,3}\.\d{3}(?![\d,.])|(?<![\d.])\d{1,3}\.\d{3} ?(?:€|eur\b)"
)
_POINT_DECIMALS: Final = re.compile(r"\d,\d{3}\.\d{2}(?!\d)|\d,\d{3}(?![\d,])")
_MONTH_FIRST: Final = re.compile(r"(?<!\d)\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{2,4}(?!\d)")
_DAY_FIRST: Final = re.compile(r"(?<!\d)(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{2,4}(?!\d)")
_DAY_FIRST_COUNTRIES: Final = frozenset(
    {"GB", "DE", "FR", "CH", "IN", "SG", "AU", "NL", "IE", "IL"}
)
_DISTANCE: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """How this letter writes.

    Attributes
    ----------
    country : None where nothing tells, or two countries are as likely.
    dollar : what "$" means; None where it could be several.
    named_currency : the currency of every figure, where the letter names one for all.
    is_day_first : of dates such as 3/4/2026; None where nothing tells.
    """

    country: str | None
    dollar: str | None
    named_currency: str | None
    is_decimal_comma: bool
    is_day_first: bool | None


def conventions(text: str) -> Conventions:
    """Return what the letter, in lower case on one line, tells about its notation."""
    scores = _scores(text)
    country = _country(scores)
    named = _NAMED.search(text)
    all_in = _ALL_IN.search(text)
    named_currency = None
    if all_in:
        named_currency = next(_ALL_IN_CODES[group] for group in all_in.groups() if group)
    dollar = "USD" if country == "US" else None
    if country is None and not any(
        scores[other] for other in _DOLLARS if other != "US" and other in scores
    ):
        dollar = "USD"
    if named:
        dollar = _DOLLAR_NAMES[named[1]] if named[1] else named[2].upper()
    elif named_currency in _DOLLARS.values():
        dollar = named_currency
    elif dollar is None:
        dollar = _dollar_proven(text)
    points = len(_POINT_DECIMALS.findall(text))
    return Conventions(
        country=country,
        dollar=dollar,
        named_currency=named_currency,
        is_decimal_comma=len(_COMMA_DECIMALS.findall(text)) > points,
        is_day_first=_day_first(text, country),
    )


def _scores(text: str) -> dict[str, float]:
    """Return how much speaks for each country: each different word counts, repeats a little."""
    scores: dict[str, float] = {}
    for country, pattern in _PATTERNS.items():
        found = Counter(match[0] for match in pattern.finditer(text))
        scores[country] = sum(1 + 0.2 * min(count - 1, 3) for count in found.values())
    return scores


def _country(scores: dict[str, float]) -> str | None:
    """Return the country with clearly most evidence."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    (first, most), (_, second) = ranked[0], ranked[1]
    return first if most >= 1 and most >= _DISTANCE * second else None


def _dollar_proven(text: str) -> str | None:
    """Return the dollar that some figure of the letter names, where all that name one agree."""
    codes = set(re.findall(r"\b(usd|cad|sgd|aud|hkd|nzd)\b", text))
    prefixed = {
        code
        for code, mark in {
            "usd": r"\bus\$",
            "cad": r"\bca?\$",
            "sgd": r"(?<![\w'])sg?\$",
            "aud": r"\bau?\$",
        }.items()
        if re.search(mark, text)
    }
    either = codes | prefixed
    return either.pop().upper() if len(either) == 1 else None


def _day_first(text: str, country: str | None) -> bool | None:
    month_first = _MONTH_FIRST.search(text) is not None
    day_first = _DAY_FIRST.search(text) is not None
    if month_first != day_first:
        return day_first
    if country == "US":
        return False
    return True if country in _DAY_FIRST_COUNTRIES else None
