"""What raw rows are mapped with: rules, places, occupations, rates."""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.numbers import get_territory_currencies

from market.models import CompanyStage, ExchangeRate, LadderRung, Level, RoleFamily, TitleRule
from market.parsers import Vocabulary
from market.parsers.codes import COUNTRIES
from market.titles import Rule, mapped

_REFERENCE: Final = Path(__file__).parent.parent / "reference"
OTHER_REGION: Final = "OTHER"


def title_rules(changes: Iterable[TitleRule] | None = None) -> list[Rule]:
    """Return the rules in force, in order; or the given ones in their place."""
    rows = TitleRule.objects.in_force() if changes is None else changes
    return [
        Rule(row.pk, re.compile(row.pattern), row.role_family_id, row.confidence) for row in rows
    ]


def families_of_titles(titles: Iterable[str]) -> dict[str, RoleFamily]:
    """Return the kind of work that each title names, in two queries; unmapped ones are left out."""
    found = mapped(set(titles), title_rules())
    families = {family.pk: family for family in RoleFamily.objects.all()}
    return {
        title: families[rule.role_family_id]
        for title, rule in found.items()
        if rule is not None and not families[rule.role_family_id].is_generic
    }


@cache
def region_of_country() -> dict[str, str]:
    """Return the back-off region of each country; one that is missing is `OTHER_REGION`."""
    regions: dict[str, list[str]] = json.loads((_REFERENCE / "regions.json").read_text())
    return {country: region for region, countries in regions.items() for country in countries}


@cache
def family_of_occupation() -> dict[str, str]:
    """Return the role family key of each SOC code, of either edition."""
    codes = json.loads((_REFERENCE / "occupation_codes.json").read_text())
    both = codes["soc2010"] | codes["oews_may2020_hybrid"] | codes["soc2018"]
    return {code: family for code, family in both.items() if family}


@cache
def family_of_survey_role() -> dict[str, str]:
    """Return the role family key of each answer to the survey's question for a role."""
    codes = json.loads((_REFERENCE / "occupation_codes.json").read_text())
    return dict(codes["stackoverflow_devtype"])


@cache
def own_currency(country_code: str) -> str:
    """Return the currency that a country pays in today, or an empty text."""
    found = get_territory_currencies(country_code, tender=True)
    return found[0] if found else ""


def places() -> list[dict[str, Any]]:
    """Return each country with its region, its currency and that currency's latest rate."""
    rates = {
        rate.currency: rate.units_per_usd for rate in ExchangeRate.objects.latest_per_currency()
    }
    regions = region_of_country()
    return [
        {
            "country_code": code,
            "region": regions.get(code, OTHER_REGION),
            "currency": own_currency(code) or None,
            "units_per_usd": str(rates[own_currency(code)])
            if own_currency(code) in rates
            else None,
        }
        for code in sorted(COUNTRIES)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRate:
    """Units of a currency per US dollar, of which time, by whom; a dollar itself has neither."""

    units_per_usd: Decimal
    when: str = ""
    source: str = ""


def dated_rates(
    wanted: Sequence[tuple[str, dt.date]],
) -> Mapping[tuple[str, dt.date], DatedRate]:
    """Return the rate to convert each (currency, date) with, in one query; some may be missing.

    A figure of a year is converted by the average of that year: as published, else of its months.
    A figure of a later date is converted by its month. Where neither is on record, by the nearest
    rate before, else after. A US dollar is a US dollar.
    """
    currencies = {currency for currency, _ in wanted} - {"USD"}
    known: dict[str, list[ExchangeRate]] = defaultdict(list)
    for row in ExchangeRate.objects.filter(currency__in=currencies).order_by("date", "pk"):
        known[row.currency].append(row)
    found = {}
    for currency, date in wanted:
        rate = (
            DatedRate(units_per_usd=Decimal(1))
            if currency == "USD"
            else _rate_on(known[currency], date)
        )
        if rate is not None:
            found[currency, date] = rate
    return found


def yearly_rates(wanted: Sequence[tuple[str, dt.date]]) -> list[dict[str, str]]:
    """Return `dated_rates` as rows of texts for PostgreSQL; those without one are left out."""
    rates = dated_rates(wanted)
    return [
        {
            "currency": currency,
            "date": date.isoformat(),
            "units_per_usd": str(rates[currency, date].units_per_usd),
        }
        for currency, date in wanted
        if (currency, date) in rates
    ]


def _rate_on(rates: Sequence[ExchangeRate], date: dt.date) -> DatedRate | None:
    if (date.month, date.day) == (1, 1):
        for period in (ExchangeRate.Period.YEAR, ExchangeRate.Period.MONTH):
            same = [rate for rate in rates if rate.period == period and rate.date.year == date.year]
            if same:
                units = [rate.units_per_usd for rate in same]
                return DatedRate(
                    units_per_usd=sum(units, Decimal(0)) / len(units),
                    when=f"average of {date.year}",
                    source=same[0].source_title,
                )
    before = [rate for rate in rates if rate.date <= date]
    if before:
        return _dated(
            max(before, key=lambda rate: (rate.date, rate.period == ExchangeRate.Period.DAY))
        )
    return _dated(min(rates, key=lambda rate: rate.date)) if rates else None


def _dated(rate: ExchangeRate) -> DatedRate:
    when = {
        ExchangeRate.Period.YEAR: f"average of {rate.date.year}",
        ExchangeRate.Period.MONTH: f"{rate.date:%B %Y}",
    }.get(ExchangeRate.Period(rate.period), f"{rate.date.day} {rate.date:%B %Y}")
    return DatedRate(units_per_usd=rate.units_per_usd, when=when, source=rate.source_title)


def vocabulary(ladder_key: str = "") -> Vocabulary:
    """Return what a CSV mapped by hand may say: our levels, those of a ladder, and the stages."""
    levels = {level.key: level.experience for level in Level.objects.all()}
    names = {key.lower(): key for key in levels}
    rungs = LadderRung.objects.filter(ladder__key=ladder_key).select_related("level")
    return Vocabulary(
        levels=names | {rung.label.lower(): rung.level.key for rung in rungs},
        experience_of_level=levels,
        stages=frozenset(CompanyStage.objects.values_list("key", flat=True)),
    )
