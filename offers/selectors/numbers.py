"""What an offer comes to: pay per year kept in three parts, and what its equity could pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from market.selectors import RateTable, rate_table
from offers.models import Benefit, EquityGrant, OfferRevision
from offers.selectors.equity import (
    OPTION_TYPES,
    Convert,
    PrivateEquity,
    PublicEquity,
    Range,
    private_equity,
    public_equity,
)
from offers.selectors.terms import Terms
from offers.valuation import CashTerms, MatchTier, OneOffPayment, RecurringBenefit, cash_by_year

HORIZON_YEARS: Final = 4
# The handbook's default where nobody stated how much of a target bonus is usually paid.
EXPECTED_BONUS_FRACTION: Final = Decimal("0.9")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyPay:
    """Amounts in each year, in the offer's currency; every tuple has one entry per year.

    Contract cash is promised, likely money varies, paper is private equity that may be worth
    nothing. The three are never added up into one headline.
    """

    base: tuple[float, ...]
    guaranteed_bonus: tuple[float, ...]
    one_off: tuple[float, ...]
    variable_bonus: tuple[float, ...]
    benefits: tuple[float, ...]
    liquid_equity: tuple[float, ...]
    paper_equity: tuple[Range, ...]
    """At the value of the last round, after everybody ahead; empty where that is unknown."""

    @property
    def contract_cash(self) -> tuple[float, ...]:
        return _sum(self.base, self.guaranteed_bonus, self.one_off)

    @property
    def likely(self) -> tuple[float, ...]:
        return _sum(self.variable_bonus, self.benefits, self.liquid_equity)

    @property
    def counted(self) -> tuple[float, ...]:
        """Contract cash plus what is likely and liquid: the headline's money."""
        return _sum(self.contract_cash, self.likely)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something nobody has stated; each one is a question worth asking."""

    code: str
    label: str
    section: str
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferNumbers:
    """Everything a page says about one offer in numbers, unrounded, in the offer's currency."""

    currency: str
    n_years: int
    is_in_writing: bool
    yearly: YearlyPay
    public_equity: PublicEquity | None
    private_equity: PrivateEquity | None
    unknown: tuple[Unknown, ...]

    @property
    def contract_cash(self) -> float:
        return sum(self.yearly.contract_cash)

    @property
    def likely(self) -> float:
        return sum(self.yearly.likely)

    @property
    def counted(self) -> float:
        return sum(self.yearly.counted)

    @property
    def paper(self) -> Range | None:
        """Private equity within the horizon, at the value of the last round."""
        return self.private_equity.at_last_round if self.private_equity else None

    @property
    def year_one(self) -> float:
        return self.yearly.counted[0]

    @property
    def average_year(self) -> float:
        return self.counted / self.n_years

    @property
    def base_share(self) -> float:
        """How much of the counted money is base salary, as a fraction."""
        return sum(self.yearly.base) / self.counted if self.counted else 0.0

    @property
    def components(self) -> Mapping[str, float]:
        """Return the money over the horizon by component, for the uplift between revisions."""
        return {
            "base": sum(self.yearly.base),
            "bonus": sum(self.yearly.guaranteed_bonus) + sum(self.yearly.variable_bonus),
            "one_off": sum(self.yearly.one_off),
            "liquid_equity": sum(self.yearly.liquid_equity),
            "paper_equity": self.paper.low if self.paper else 0.0,
            "benefits": sum(self.yearly.benefits),
        }


def offer_numbers(
    terms: Terms, *, horizon_years: int, rates: RateTable | None = None
) -> OfferNumbers:
    """Return what these terms come to over the horizon.

    Amounts that were not stated count as nothing and are listed as unknown, so that a total is
    never more than what is known. Rates are read once where none are given.
    """
    revision = terms.revision
    convert = converter(revision.currency, rates if rates is not None else rate_table())
    flows = cash_by_year(cash_terms(terms), horizon_years)
    public = public_equity(terms, n_years=horizon_years, convert=convert)
    private = private_equity(terms, n_years=horizon_years, convert=convert)
    return OfferNumbers(
        currency=revision.currency,
        n_years=horizon_years,
        is_in_writing=revision.source == OfferRevision.Source.WRITTEN,
        yearly=YearlyPay(
            base=_floats(flows.base),
            guaranteed_bonus=_floats(flows.guaranteed_bonus),
            one_off=_floats(flows.one_off),
            variable_bonus=_floats(flows.variable_bonus),
            benefits=_floats(flows.benefits),
            liquid_equity=public.by_year if public else (0.0,) * horizon_years,
            paper_equity=private.by_year if private else (),
        ),
        public_equity=public,
        private_equity=private,
        unknown=tuple(_unknown(terms, private)),
    )


def cash_terms(terms: Terms) -> CashTerms:
    """Return the engine's view of the money in an offer; what is not stated counts as nothing."""
    revision = terms.revision
    expected = revision.expected_bonus_fraction
    counted = [benefit for benefit in terms.benefits if benefit.is_counted]
    return CashTerms(
        base_salary=float(revision.base_salary or 0),
        target_bonus=float(revision.target_bonus or 0)
        if revision.bonus_basis == OfferRevision.BonusBasis.AMOUNT
        else 0.0,
        target_bonus_fraction=float(revision.target_bonus_fraction or 0)
        if revision.bonus_basis == OfferRevision.BonusBasis.PERCENT
        else 0.0,
        expected_bonus_fraction=float(EXPECTED_BONUS_FRACTION if expected is None else expected),
        guaranteed_bonuses=(float(revision.guaranteed_bonus),) if revision.guaranteed_bonus else (),
        payments=tuple(
            OneOffPayment(
                kind=payment.kind,
                amount=float(payment.amount),
                month=payment.month,
                repayment_months=payment.repayment_months,
                is_repayment_prorated=payment.is_repayment_prorated,
            )
            for payment in terms.payments
        ),
        benefits=tuple(
            RecurringBenefit(
                kind=benefit.kind,
                yearly_value=float(benefit.yearly_value or 0) + _match_value(benefit, revision),
                one_time_value=float(benefit.one_time_value or 0),
            )
            for benefit in counted
        ),
    )


def converter(currency: str, rates: RateTable) -> Convert:
    """Return the function that turns amounts in other currencies into `currency`."""

    def convert(amount: float, other: str) -> float | None:
        conversion = rates.conversion(other, currency)
        return amount * float(conversion.rate) if conversion else None

    return convert


def _match_value(benefit: Benefit, revision: OfferRevision) -> float:
    """Return what a full match comes to in a year, if the benefit is one."""
    if benefit.match_fraction is None or benefit.match_limit_fraction is None:
        return 0.0
    tier = MatchTier(
        match_fraction=float(benefit.match_fraction),
        salary_fraction=float(benefit.match_limit_fraction),
    )
    return float(revision.base_salary or 0) * tier.match_fraction * tier.salary_fraction


def _unknown(terms: Terms, private: PrivateEquity | None) -> "list[Unknown]":
    """Return what is not stated, in the order of the form."""
    revision = terms.revision
    gaps: list[Unknown] = []
    if revision.base_salary is None:
        gaps.append(Unknown(code="base_salary", label="Base salary", section="cash"))
    if revision.bonus_basis == OfferRevision.BonusBasis.NOT_STATED:
        gaps.append(Unknown(code="bonus", label="Bonus", section="cash"))
    gaps += [
        Unknown(
            code="repayment",
            label=f"Repayment of the {payment.get_kind_display().lower()}",
            section="cash",
        )
        for payment in terms.payments
        if not payment.is_repayment_stated
    ]
    if terms.company.is_public and terms.grants and terms.company.share_price is None:
        gaps.append(Unknown(code="share_price", label="Share price", section="role"))
    for grant in terms.grants:
        gaps += _unknown_in_grant(grant)
    if private is not None:
        gaps += [
            Unknown(
                code=fact.code,
                label=fact.label,
                section="company",
                is_refused=fact.status == "refused",
            )
            for fact in private.facts
            if not fact.status.is_known
        ]
    return gaps


def _unknown_in_grant(grant: EquityGrant) -> "list[Unknown]":
    is_option = grant.compensation_type in OPTION_TYPES
    has_size = any(
        value is not None for value in (grant.quantity, grant.ownership_fraction, grant.grant_value)
    )
    checks = (
        ("quantity", "Size of the equity grant", not has_size),
        ("exercise_price", "Exercise price", is_option and grant.exercise_price is None),
        ("vesting", "Vesting schedule", not grant.is_vesting_confirmed),
        (
            "acceleration",
            "Acceleration on a sale",
            grant.acceleration == EquityGrant.Acceleration.NOT_STATED,
        ),
        (
            "post_termination_window_days",
            "Time to exercise after leaving",
            is_option and grant.post_termination_window_days is None,
        ),
    )
    return [
        Unknown(code=code, label=label, section="equity")
        for code, label, is_unknown in checks
        if is_unknown
    ]


def _floats(values: "np.typing.NDArray[np.float64]") -> tuple[float, ...]:
    return tuple(values.tolist())


def _sum(*rows: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(parts) for parts in zip(*rows, strict=True))
