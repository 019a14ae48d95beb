"""One offer's terms as a bundle of model instances, saved or not.

The same bundle comes from the database and from a half-filled form, so that a running total, an
offer page, a comparison and a valuation all compute from one thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from offers.models import (
    Benefit,
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    ExitScenario,
    Offer,
    OfferRevision,
    StockClass,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything that was offered at one moment, and what is known about the company."""

    company: Company
    offer: Offer
    revision: OfferRevision
    grants: Sequence[EquityGrant] = field(default_factory=tuple)
    payments: Sequence[CashPayment] = field(default_factory=tuple)
    benefits: Sequence[Benefit] = field(default_factory=tuple)
    cap_table: CapTable | None = None
    stock_classes: Sequence[StockClass] = field(default_factory=tuple)
    exit_scenarios: Sequence[ExitScenario] = field(default_factory=tuple)


def terms_of(revision: OfferRevision) -> Terms:
    """Return the terms of a saved revision; no query if it came through `with_terms()`."""
    company = revision.offer.company
    cap_table = getattr(company, "cap_table", None)
    return Terms(
        company=company,
        offer=revision.offer,
        revision=revision,
        grants=sorted(revision.grants.all(), key=_position),
        payments=sorted(revision.payments.all(), key=_position),
        benefits=sorted(revision.benefits.all(), key=_position),
        cap_table=cap_table,
        stock_classes=sorted(cap_table.stock_classes.all(), key=_position) if cap_table else (),
        exit_scenarios=sorted(company.exit_scenarios.all(), key=_position),
    )


def _position(row: EquityGrant | CashPayment | Benefit | StockClass | ExitScenario) -> int:
    return row.position
