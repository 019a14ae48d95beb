"""Terms without what the owner hid, made before anything is worked out from them.

A shared page is computed from these terms alone. Whatever it shows, and whatever anybody derives
from it, is then a function of what is not hidden: two offers that differ only in hidden terms give
the same page, to the byte. Every field is copied by name, so a new column is hidden until somebody
decides otherwise here. Contact, notes and free text never pass.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import models

from market.models import Location
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
from offers.selectors.sharing.hiding import Hideable
from offers.selectors.terms import Terms

Row = TypeVar("Row", bound=models.Model)

AMOUNT_DIGITS: Final = 2
# A price to the cent, with its day, names a listed company as surely as its ticker does.
SHARE_PRICE_DIGITS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """How the terms of every offer are copied for one link."""

    hidden: frozenset[str]
    today: dt.date

    def terms(self, terms: Terms) -> Terms:
        """Return unsaved terms that every figure of a shared page is worked out from.

        Where the size of the equity is hidden they have no grants at all, so that totals leave
        equity out and do not count it as nothing.
        """
        return Terms(
            company=self._company(terms.company),
            offer=self._offer(terms.offer),
            revision=self._revision(terms.revision),
            grants=() if self._hides(Hideable.EQUITY) else self._grants(terms.grants),
            payments=() if self._hides(Hideable.SIGN_ON) else self._payments(terms.payments),
            benefits=() if self._hides(Hideable.BENEFITS) else self._benefits(terms.benefits),
            cap_table=self._cap_table(terms.cap_table),
            stock_classes=()
            if self._hides(Hideable.CAP_TABLE)
            else self._stock_classes(terms.stock_classes),
            exit_scenarios=()
            if self._hides(Hideable.CAP_TABLE, Hideable.EXIT_SCENARIOS)
            else self._exit_scenarios(terms.exit_scenarios),
        )

    def terms_without_sizes(self, terms: Terms) -> Terms:
        """Return the same terms with the kind and the vesting of the equity, but not how much."""
        safe = self.terms(terms)
        kinds = [_copied(grant, *self._grant_terms()) for grant in terms.grants]
        return Terms(
            company=safe.company,
            offer=safe.offer,
            revision=safe.revision,
            grants=kinds,
            cap_table=safe.cap_table,
            stock_classes=safe.stock_classes,
        )

    def _hides(self, *choices: Hideable) -> bool:
        return not self.hidden.isdisjoint(choices)

    def _dates(self, *names: str) -> tuple[str, ...]:
        return () if self._hides(Hideable.DATES) else names

    def _amounts(self, row: models.Model, *names: str) -> dict[str, Any]:
        """Return these amounts of a row, rounded where exact ones are hidden."""
        values = {name: getattr(row, name) for name in names}
        if self._hides(Hideable.EXACT_AMOUNTS):
            return {name: rounded(value, AMOUNT_DIGITS) for name, value in values.items()}
        return values

    def _company(self, company: Company) -> Company:
        safe = _copied(company, "kind", "stage", "size_band", "is_public", "share_price_currency")
        price = self._amounts(company, "share_price")["share_price"]
        if self._hides(Hideable.COMPANY_NAMES):
            safe.share_price = rounded(price, SHARE_PRICE_DIGITS)
            return safe
        safe.name, safe.share_price = company.name, price
        for name in self._dates("share_price_date"):
            setattr(safe, name, getattr(company, name))
        return safe

    def _offer(self, offer: Offer) -> Offer:
        names = ["state", "is_respond_by_stated", *self._dates("respond_by_date", "start_date")]
        if not self._hides(Hideable.JOB_TITLES):
            names += ["title", "role_family", "level"]
        if not self._hides(Hideable.LOCATIONS):
            names += ["location", "work_arrangement"]
        safe = _copied(offer, *names)
        # A day and a place are required by what reads an offer; these tell nothing.
        safe.received_date = self.today
        if self._hides(Hideable.LOCATIONS):
            safe.location = Location(label="Hidden", time_zone="Local", currency="USD")
        return safe

    def _revision(self, revision: OfferRevision) -> OfferRevision:
        safe = _copied(revision, "number", "source", "currency", *self._dates("stated_date"))
        if self._hides(Hideable.DATES):
            safe.stated_date = self.today
        safe.base_salary = self._amounts(revision, "base_salary")["base_salary"]
        if self._hides(Hideable.BONUS):
            # Not "not stated", which would be one more question for the company.
            safe.bonus_basis = OfferRevision.BonusBasis.NONE
            return safe
        safe.bonus_basis = revision.bonus_basis
        safe.target_bonus_fraction = revision.target_bonus_fraction
        safe.expected_bonus_fraction = revision.expected_bonus_fraction
        for name, value in self._amounts(revision, "target_bonus", "guaranteed_bonus").items():
            setattr(safe, name, value)
        return safe

    def _grant_terms(self) -> tuple[str, ...]:
        return (
            "position",
            "compensation_type",
            "lock_months",
            "vesting_type",
            "total_months",
            "cliff_months",
            "period_months",
            "yearly_fractions",
            "is_vesting_confirmed",
            *self._dates("vesting_start_date"),
            "acceleration",
            "acceleration_fraction",
            "acceleration_window_months",
            "post_termination_window_days",
            "early_exercise",
            "expiry_months",
        )

    def _grants(self, grants: Sequence[EquityGrant]) -> list[EquityGrant]:
        safe = []
        for grant in grants:
            names = [*self._grant_terms(), "quantity", "participation_cap_multiple"]
            # Beside the number of units, the percentage would tell the number of all shares.
            if not (self._hides(Hideable.CAP_TABLE) and grant.quantity is not None):
                names.append("ownership_fraction")
            amounts = self._amounts(
                grant, "grant_value", "exercise_price", "participation_threshold_per_share"
            )
            safe.append(_copied(grant, *names, **amounts))
        return safe

    def _payments(self, payments: Sequence[CashPayment]) -> list[CashPayment]:
        names = (
            "position",
            "kind",
            "month",
            "is_repayment_stated",
            "repayment_months",
            "is_repayment_prorated",
        )
        return [_copied(row, *names, **self._amounts(row, "amount")) for row in payments]

    def _benefits(self, benefits: Sequence[Benefit]) -> list[Benefit]:
        names = ("position", "kind", "match_fraction", "match_limit_fraction", "is_counted")
        return [
            _copied(row, *names, **self._amounts(row, "yearly_value", "one_time_value"))
            for row in benefits
        ]

    def _cap_table(self, table: CapTable | None) -> CapTable | None:
        if table is None:
            return None
        if self._hides(Hideable.CAP_TABLE):
            # Its currency is the currency of exercise prices.
            return _copied(table, "currency")
        amounts = ("fair_market_value", "last_preferred_price", "total_raised", "debt")
        return _copied(
            table,
            "currency",
            "fully_diluted_shares",
            "fully_diluted_shares_status",
            *(f"{name}_status" for name in amounts),
            *self._dates("fair_market_value_date", "last_round_date"),
            "stock_classes_status",
            **self._amounts(table, *amounts),
        )

    def _stock_classes(self, classes: Sequence[StockClass]) -> list[StockClass]:
        names = (
            "position",
            "shares",
            "seniority",
            "liquidation_preference_multiple",
            "participation",
            "participation_cap_multiple",
            "conversion_ratio",
        )
        return [
            _copied(row, *names, name=f"Class {number}", **self._amounts(row, "price_per_share"))
            for number, row in enumerate(classes, start=1)
        ]

    def _exit_scenarios(self, scenarios: Sequence[ExitScenario]) -> list[ExitScenario]:
        return [
            _copied(
                row,
                "position",
                "years",
                "probability",
                "dilution_fraction",
                # The owner's own words may name the buyer.
                name=f"Outcome {number}" if self._hides(Hideable.COMPANY_NAMES) else row.name,
                **self._amounts(row, "exit_proceeds"),
            )
            for number, row in enumerate(scenarios, start=1)
        ]


def rounded(value: Decimal | None, digits: int) -> Decimal | None:
    """Return a figure with so many significant digits: 187,431 is 190,000 with two."""
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - digits + 1)
    return value.quantize(step) + Decimal(0)


def _copied(row: Row, *names: str, **values: Any) -> Row:
    """Return an unsaved row with these fields of another, and these values."""
    return type(row)(**{name: getattr(row, name) for name in names}, **values)
