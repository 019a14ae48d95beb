"""Countries and currencies to choose from, in English, as Unicode's data names them."""

from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import get_territory_currencies

_ENGLISH: Final = Locale("en")
# Codes that are two letters long and no country.
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return the code and the name of every country, by name."""
    named = [
        (code, name)
        for code, name in _ENGLISH.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return tuple(sorted(named, key=lambda country: country[1]))


@cache
def currencies() -> tuple[tuple[str, str], ...]:
    """Return the code and the name of every currency that is legal tender today, by code."""
    in_use = {code for country, _ in countries() for code in get_territory_currencies(country)}
    return tuple((code, f"{code}, {_ENGLISH.currencies[code]}") for code in sorted(in_use))
