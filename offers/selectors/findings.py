"""Doubts about an offer: what was typed, put to the engine."""

import datetime as dt
from decimal import Decimal

from offers.models import CapTable, Company, OfferRevision
from offers.selectors.terms import Terms
from offers.valuation.findings import (
    CompanyFacts,
    CompensationType,
    Finding,
    GrantFacts,
    offer_findings,
)


def findings_of(terms: Terms, *, as_of: dt.date) -> tuple[Finding, ...]:
    """Return every doubt about these terms, those about a grant with its place among the grants."""
    return offer_findings(
        _company_facts(terms),
        [
            GrantFacts(
                compensation_type=CompensationType(grant.compensation_type),
                quantity=_float(grant.quantity),
                ownership_fraction=_float(grant.ownership_fraction),
            )
            for grant in terms.grants
        ],
        base_salary=float(terms.revision.base_salary or 0),
        target_bonus=float(target_bonus(terms.revision) or 0),
        as_of=as_of,
    )


def target_bonus(revision: OfferRevision) -> Decimal | None:
    """Return a year's target bonus in money; None where it, or what it is a part of, is unknown."""
    basis = OfferRevision.BonusBasis
    base: Decimal | None = revision.base_salary
    amount: Decimal | None = None
    if revision.bonus_basis == basis.AMOUNT:
        amount = revision.target_bonus
    elif revision.bonus_basis == basis.PERCENT and base is not None:
        fraction: Decimal | None = revision.target_bonus_fraction
        amount = base * fraction if fraction is not None else None
    return amount


def _company_facts(terms: Terms) -> CompanyFacts:
    table = terms.cap_table or CapTable()
    return CompanyFacts(
        is_public=terms.company.is_public,
        is_finance=terms.company.kind == Company.Kind.FINANCE,
        fully_diluted_shares=_float(table.fully_diluted_shares),
        fair_market_value=_float(table.fair_market_value),
        fair_market_value_date=table.fair_market_value_date,
        last_preferred_price=_float(table.last_preferred_price),
        last_round_date=table.last_round_date,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
