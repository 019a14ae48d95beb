"""Where an offer stands against comparable pay."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from config.figures import amounts
from market.models import RoleFamily
from market.selectors import BenchmarkAnswer, ComponentBenchmark, JobQuery, benchmarks_for
from market.selectors.explorer import Strip, component_strips
from market.selectors.mapping import families_of_titles
from market.selectors.published import NotOfferable, Published, published_form
from offers.models import CashPayment, Company, Offer, OfferRevision
from offers.selectors.numbers import OfferNumbers
from offers.selectors.terms import Terms

YEARS_OF_GAP: Final = 4
ANY_LEVEL: Final = "All levels stand together here, so the offer is not placed."


def jobs_of(offers: Sequence[tuple[Offer, Company]]) -> list[JobQuery]:
    """Return the job of each offer at its company, as the market knows jobs.

    Where nobody chose the kind of work, it is read from the job title by the curators' rules.
    """
    titles = [offer.title for offer, _ in offers]
    is_asked = any(offer.role_family is None and offer.title for offer, _ in offers)
    read = families_of_titles(titles) if is_asked else {}
    return [_job(offer, company, read.get(offer.title)) for offer, company in offers]


def _job(offer: Offer, company: Company, from_title: RoleFamily | None) -> JobQuery:
    is_guessed = offer.role_family is None and from_title is not None
    return JobQuery(
        role_family=from_title if is_guessed else offer.role_family,
        is_role_guessed=is_guessed,
        level=offer.level,
        location=offer.location,
        work_arrangement=offer.work_arrangement,
        stage=company.stage if company.stage_id else None,
    )


def answers_for(
    offers: Sequence[Terms], *, currencies: Sequence[str], snapshot_id: int | None = None
) -> list[BenchmarkAnswer | None]:
    """Return what the market pays for each offer, in as many queries as for one."""
    return benchmarks_for(
        jobs_of([(terms.offer, terms.company) for terms in offers]),
        currencies=currencies,
        snapshot_id=snapshot_id,
    )


def amounts_a_year(terms: Terms, numbers: OfferNumbers) -> Mapping[str, Decimal | None]:
    """Return what the offer pays a year by component of the market, in the offer's currency.

    Bonus is the target. Equity is what can be sold; private stock has no price, so it is compared
    with nothing, and an offer that has some has no total.
    """
    revision = terms.revision
    base = revision.base_salary
    bonus = _target_bonus(revision)
    equity: Decimal | None = None
    liquid = math.fsum(numbers.yearly.liquid_equity)
    if numbers.public_equity is not None and liquid:
        equity = Decimal(str(liquid)) / numbers.n_years
    elif not terms.grants:
        equity = Decimal(0)
    total = None
    if base is not None and bonus is not None and equity is not None:
        total = base + bonus + equity
    return {"base": base, "bonus": bonus, "equity": equity, "total": total}


def _target_bonus(revision: OfferRevision) -> Decimal | None:
    basis = OfferRevision.BonusBasis
    amount: Decimal | None = None
    if revision.bonus_basis == basis.NONE:
        amount = Decimal(0)
    elif revision.bonus_basis == basis.AMOUNT:
        amount = revision.target_bonus
    elif revision.bonus_basis == basis.PERCENT:
        base, share = revision.base_salary, revision.target_bonus_fraction
        amount = None if base is None or share is None else base * share
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMarket:
    """What the page of an offer shows of the market; without an answer it says what is missing."""

    answer: BenchmarkAnswer | None
    strips: tuple[Strip, ...]
    missing: str


def offer_market(terms: Terms, numbers: OfferNumbers) -> OfferMarket:
    """Return where an offer stands, by the benchmarks in force, in its own currency."""
    [answer] = answers_for([terms], currencies=[terms.revision.currency])
    if answer is None:
        is_level_known = terms.offer.level_id is not None
        return OfferMarket(
            answer=None,
            strips=(),
            missing="No published cell holds enough comparable figures."
            if is_level_known
            else "State the level of the role, and it can be compared.",
        )
    yearly = amounts_a_year(terms, numbers)
    pins = {
        name: amount if answer.currency == terms.revision.currency else None
        for name, amount in yearly.items()
    }
    return OfferMarket(
        answer=answer,
        strips=tuple(
            replace(strip, words=_words(strip.cell, pins[strip.cell.component], numbers))
            for strip in component_strips(answer, pins, letter="")
        ),
        missing="",
    )


def _words(cell: ComponentBenchmark, amount: Decimal | None, numbers: OfferNumbers) -> str:
    if cell.is_any_level:
        return ANY_LEVEL
    if amount is None:
        if cell.component in {"equity", "total"} and numbers.private_equity is not None:
            return "Private stock has no price, so the offer is not placed."
        return "The offer does not state it."
    stands = standing(cell, amount)
    return f"{stands.words} {gap_in_words(stands.gap, cell.currency)}" if stands else ""


def contribution_of(terms: Terms, numbers: OfferNumbers) -> Published:
    """Return exactly what would be published of a decided offer, without names.

    Raises `NotOfferable` where the offer is still open, or says too little.
    """
    if terms.offer.decided_at is None:
        raise NotOfferable("An offer can be given once it is decided, not before.")
    yearly = amounts_a_year(terms, numbers)
    sign_on = sum(
        (
            payment.amount
            for payment in terms.payments
            if payment.kind == CashPayment.Kind.SIGN_ON and payment.amount is not None
        ),
        start=Decimal(0),
    )
    [job] = jobs_of([(terms.offer, terms.company)])
    return published_form(
        role_family=job.role_family,
        level=terms.offer.level,
        location=terms.offer.location,
        stage=terms.company.stage if terms.company.stage.key != "unknown" else None,
        work_arrangement=terms.offer.work_arrangement,
        currency=terms.revision.currency,
        amounts={
            "base": yearly["base"],
            "bonus": yearly["bonus"],
            "equity": yearly["equity"],
            "sign_on": sign_on or None,
        },
        observed_date=terms.revision.stated_date,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an amount stands in a cell: its percentile if it has one, and its distance to the median."""

    percentile: int | None
    words: str
    gap: Decimal
    """The amount less the median, a year."""


def standing(cell: ComponentBenchmark, amount: Decimal) -> Standing | None:
    """Return where an amount in the cell's currency stands; None where the cell is too thin."""
    if not cell.is_quotable or cell.p50 is None:
        return None
    place = cell.place(amount)
    of = f"of {amounts.count(cell.n)} figures"
    if place is not None:
        words = f"{amounts.money(amount, cell.currency)} is the {ordinal(place)} percentile {of}."
    elif cell.p10 is not None and amount < cell.p10:
        words = f"{amounts.money(amount, cell.currency)} is below the 10th percentile {of}."
    elif cell.p90 is not None and amount > cell.p90:
        words = f"{amounts.money(amount, cell.currency)} is above the 90th percentile {of}."
    else:
        words = f"{amounts.money(amount, cell.currency)} lies outside the middle half {of}."
    return Standing(percentile=place, words=words, gap=amount - cell.p50)


def gap_in_words(gap: Decimal, currency: str) -> str:
    """Return the distance to the median, a year and over four: the first offer's room."""
    yearly = amounts.money(abs(gap).quantize(Decimal(1)), currency)
    over = amounts.money((abs(gap) * YEARS_OF_GAP).quantize(Decimal(1)), currency)
    if not gap:
        return "Exactly the median."
    side = "below" if gap < 0 else "above"
    return f"{yearly} a year {side} the median, {over} over {YEARS_OF_GAP} years."


def ordinal(number: int) -> str:
    """Return `1st`, `2nd`, `11th`, `63rd`."""
    last = number % 100
    if last in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
