"""One offer read under the assumptions of a comparison: what every lens starts from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from config.figures import amounts
from market.selectors import BenchmarkAnswer, RateTable
from offers.models import Offer
from offers.selectors.comparison.shapes import (
    OFFERS_ON_PHONE,
    Assumptions,
    Column,
    ComparedTerms,
    UsedRate,
)
from offers.selectors.equity import Range
from offers.selectors.numbers import HORIZON_YEARS, OfferNumbers, offer_numbers
from offers.selectors.pages import OPEN_STATES, ValuationView
from offers.selectors.terms import Terms
from offers.valuation import present_value

LETTERS: Final = "abcdef"
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An offer, its numbers, and how its money becomes the comparison's.

    `simulated` holds the numbers over the years that the engine simulates, whatever the horizon of
    the page: the simulated equity is told beside the pay of the very same years.
    """

    column: Column
    terms: Terms
    numbers: OfferNumbers
    simulated: OfferNumbers
    valuation: ValuationView | None
    rates: RateTable
    rate: Decimal
    discount_rate: Decimal
    market: BenchmarkAnswer | None = None

    @property
    def currency(self) -> str:
        return self.column.currency

    @property
    def discount_in_words(self) -> str:
        is_whole = self.discount_rate * 100 == int(self.discount_rate * 100)
        return amounts.percent(self.discount_rate, 0 if is_whole else 2)

    def convert(self, amount: float | Decimal) -> Decimal:
        """Return an amount of the offer in the currency it is shown in, to the cent."""
        return (Decimal(str(amount)) * self.rate).quantize(CENT)

    def scaled(self, values: Sequence[float]) -> tuple[float, ...]:
        """Return amounts of the offer for a chart in the currency it is shown in."""
        rate = float(self.rate)
        return tuple(value * rate for value in values)

    def money(self, amount: float | Decimal) -> str:
        return amounts.money(self.convert(amount), self.currency)

    def short(self, amount: float | Decimal) -> str:
        return amounts.headline(self.convert(amount), self.currency)

    def span(self, ends: Range) -> str:
        """Return a range in words, one figure where both ends are the same."""
        return amounts.money_range(self.convert(ends.low), self.convert(ends.high), self.currency)

    def money_of(self, amount: Decimal, currency: str) -> str:
        """Return an amount in any currency as the page shows it; in its own without a rate."""
        conversion = self.rates.conversion(currency, self.currency)
        if conversion is None:
            return amounts.headline(amount, currency)
        return amounts.headline(amount * conversion.rate, self.currency)

    def present(self, by_year: Sequence[float]) -> float:
        """Return what a sum over years is worth today; without a discount rate the plain sum."""
        if not self.discount_rate:
            return sum(by_year)
        return float(present_value(by_year, discount_rate=float(self.discount_rate)))


def sides(
    compared: Sequence[ComparedTerms],
    assumptions: Assumptions,
    *,
    rates: RateTable,
    shown: Collection[str],
) -> tuple[Side, ...]:
    """Return the offers under the assumptions, in their order."""
    on_phone = _on_phone(len(compared), shown)
    return tuple(
        _side(each, position, assumptions, rates, is_off_phone=LETTERS[position] not in on_phone)
        for position, each in enumerate(compared)
    )


def used_rates(all_sides: Sequence[Side], target: str) -> tuple[UsedRate, ...]:
    """Return every rate behind the page, in alphabetical order."""
    used = sorted({code for side in all_sides for code in _currencies(side.terms)} - {target})
    rates = all_sides[0].rates
    found = [conversion for code in used if (conversion := rates.conversion(code, target))]
    return tuple(
        UsedRate(
            currency=each.currency,
            target=target,
            text=f"1 {each.currency} is {_significant(each.rate)} {target}",
            date=each.date,
            source=each.source,
        )
        for each in found
    )


def _side(
    compared: ComparedTerms,
    position: int,
    assumptions: Assumptions,
    rates: RateTable,
    *,
    is_off_phone: bool,
) -> Side:
    terms = compared.terms
    own, target = terms.revision.currency, assumptions.currency
    conversion = rates.conversion(own, target)
    years = assumptions.horizon_years
    numbers = offer_numbers(terms, horizon_years=years, rates=rates)
    return Side(
        column=Column(
            key=LETTERS[position],
            position=position,
            name=compared.name or terms.company.name,
            role=compared.role or terms.offer.title,
            currency=target if conversion else own,
            state=Offer.State(terms.offer.state).label,
            is_in_writing=numbers.is_in_writing,
            is_open=terms.offer.state in OPEN_STATES or terms.offer.state == Offer.State.ACCEPTED,
            is_converted=conversion is not None and conversion.is_needed,
            is_comparable=conversion is not None,
            is_off_phone=is_off_phone,
            offer_id=compared.offer_id,
        ),
        terms=terms,
        numbers=numbers,
        simulated=numbers
        if years == HORIZON_YEARS
        else offer_numbers(terms, horizon_years=HORIZON_YEARS, rates=rates),
        valuation=compared.valuation,
        rates=rates,
        rate=conversion.rate if conversion else Decimal(1),
        discount_rate=assumptions.discount_rate,
        market=compared.market,
    )


def _on_phone(n_offers: int, shown: Collection[str]) -> set[str]:
    """Return the letters that fit on a phone: those asked for, or the first three."""
    letters = LETTERS[:n_offers]
    asked = [letter for letter in letters if letter in shown]
    return set((asked or list(letters))[:OFFERS_ON_PHONE])


def _currencies(terms: Terms) -> set[str]:
    used = {terms.revision.currency}
    if terms.company.is_public and terms.company.share_price is not None:
        used.add(terms.company.share_price_currency)
    elif not terms.company.is_public and terms.cap_table is not None:
        used.add(terms.cap_table.currency)
    return used


def _significant(rate: Decimal) -> str:
    """Return a rate in five significant figures."""
    return f"{float(rate):#.5g}".rstrip(".")
