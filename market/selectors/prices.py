"""What a year's pay buys: price levels, a view of its own that is never mixed with what is paid."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from market.models import Location, PriceLevel, Source
from market.selectors.mapping import dated_rates, own_currency

_PARITY_SOURCE: Final = "world-bank-ppp"
_REGIONAL_SOURCE: Final = "us-rpp"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidIn:
    """A measured median in one country: US dollars a year, as of the day of its newest figure."""

    country_code: str
    label: str
    usd: Decimal
    as_of: dt.date
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPrices:
    """What a country's median buys: `usd` × `units_per_usd` ÷ `parity`, in US dollars at US prices."""

    label: str
    usd: Decimal
    currency: str
    units_per_usd: Decimal
    """The market rate of the year of the figures, or the nearest on record."""
    rate_when: str
    """Of which time the rate is; empty for the dollar itself."""
    rate_source: str
    parity: Decimal
    """Local units that buy what one US dollar buys in the United States."""
    year: int
    is_asked: bool = False

    @property
    def buys_usd(self) -> Decimal:
        return self.usd * self.units_per_usd / self.parity


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePrices:
    """What the median of the whole United States buys in one state: `usd` × 100 ÷ `index`."""

    places: tuple[str, ...]
    state: str
    usd: Decimal
    index: Decimal
    """All items, the United States = 100."""
    year: int

    @property
    def buys_usd(self) -> Decimal:
        return self.usd * 100 / self.index


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """Both tables, each with the source it must name; a table without rows is not shown."""

    countries: tuple[CountryPrices, ...]
    countries_source: Source | None
    rate_sources: tuple[str, ...]
    states: tuple[StatePrices, ...]
    states_source: Source | None


def price_view(paid: Sequence[PaidIn], sources: dict[str, Source]) -> PriceView | None:
    """Return what these medians buy, in at most three queries; None where no price level is on record."""
    measures = PriceLevel.Measure
    levels = list(
        PriceLevel.objects.filter(measure__in=[measures.PURCHASING_POWER, measures.ALL_ITEMS])
        .order_by("measure", "country_code", "subdivision", "-year")
        .distinct("measure", "country_code", "subdivision")
    )
    parities = {
        level.country_code: level
        for level in levels
        if level.measure == measures.PURCHASING_POWER and not level.subdivision
    }
    countries = _countries(paid, parities)
    states = _states(
        next((row.usd for row in paid if row.country_code == "US" and row.is_asked), None),
        [row for row in levels if row.measure == measures.ALL_ITEMS and row.subdivision],
    )
    if not countries and not states:
        return None
    return PriceView(
        countries=countries,
        countries_source=sources.get(_PARITY_SOURCE),
        rate_sources=tuple(sorted({row.rate_source for row in countries if row.rate_source})),
        states=states,
        states_source=sources.get(_REGIONAL_SOURCE),
    )


def _countries(
    paid: Sequence[PaidIn], parities: dict[str, PriceLevel]
) -> tuple[CountryPrices, ...]:
    # Pay of a year became US dollars by that year's average, so that is the rate to go back by.
    days = {row.country_code: dt.date(row.as_of.year, 1, 1) for row in paid}
    wanted = sorted({(own_currency(code), day) for code, day in days.items()})
    rates = dated_rates(wanted)
    found = []
    for row in paid:
        currency = own_currency(row.country_code)
        rate = rates.get((currency, days[row.country_code]))
        parity = parities.get(row.country_code)
        if rate is not None and parity is not None:
            found.append(
                CountryPrices(
                    label=row.label,
                    usd=row.usd,
                    currency=currency,
                    units_per_usd=rate.units_per_usd,
                    rate_when=rate.when,
                    rate_source=rate.source,
                    parity=parity.value,
                    year=parity.year,
                    is_asked=row.is_asked,
                )
            )
    return tuple(sorted(found, key=lambda row: (-row.buys_usd, row.label)))


def _states(usd: Decimal | None, levels: Sequence[PriceLevel]) -> tuple[StatePrices, ...]:
    if usd is None:
        return ()
    places: dict[str, list[str]] = defaultdict(list)
    for place in Location.objects.filter(country_code="US").exclude(subdivision=""):
        places[place.subdivision].append(place.label)
    found = [
        StatePrices(
            places=tuple(sorted(places[level.subdivision])),
            state=level.subdivision,
            usd=usd,
            index=level.value,
            year=level.year,
        )
        for level in levels
        if level.country_code == "US" and level.subdivision in places
    ]
    return tuple(sorted(found, key=lambda row: (-row.buys_usd, row.state)))
