"""What an offer pays in the measures of a negotiation: a year, today's value, and by certainty."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from negotiation.bargaining import CliffTerms, EquityUnit, PayAssumptions, SignOnTerms
from negotiation.models import Negotiation
from offers.models import EquityGrant
from offers.selectors import OfferNumbers, Terms
from offers.selectors.numbers import EXPECTED_BONUS_FRACTION

MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PayParts:
    """Money over the horizon by how sure it is; the three are never added up into one headline."""

    guaranteed: float
    liquid: float
    paper: float

    def minus(self, other: "PayParts") -> "PayParts":
        """Return the difference, part by part."""
        return PayParts(
            guaranteed=self.guaranteed - other.guaranteed,
            liquid=self.liquid - other.liquid,
            paper=self.paper - other.paper,
        )

    @property
    def counted(self) -> float:
        """Return what the headline counts: everything but paper."""
        return self.guaranteed + self.liquid


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitValue:
    """What one unit of equity counts for today, and where that figure comes from."""

    unit: EquityUnit
    source: str
    is_own: bool = False

    @property
    def shown(self) -> float:
        """Return the figure to two decimals, or to four where it is cents."""
        return round(self.unit.value_today, 2 if self.unit.value_today >= 0.1 else 4)


def pay_parts(numbers: OfferNumbers) -> PayParts:
    """Return contract cash, likely and liquid money, and private stock by its prudent end."""
    return PayParts(
        guaranteed=numbers.contract_cash,
        liquid=numbers.likely,
        paper=numbers.paper.low if numbers.paper else 0.0,
    )


def yearly_pay(numbers: OfferNumbers, *, paper_fraction: Decimal | float = 0) -> float:
    """Return the average year: what is counted, and as much of private stock as the user counts."""
    paper = numbers.paper.low / numbers.n_years if numbers.paper else 0.0
    return numbers.average_year + float(paper_fraction) * paper


def pay_assumptions(talk: Negotiation, terms: Terms) -> PayAssumptions:
    """Return the user's assumptions with the bonus and the match of these terms."""
    revision = terms.revision
    expected = revision.expected_bonus_fraction
    payout = float(EXPECTED_BONUS_FRACTION if expected is None else expected)
    match = sum(
        float(benefit.match_fraction * benefit.match_limit_fraction)
        for benefit in terms.benefits
        if benefit.is_counted
        and benefit.match_fraction is not None
        and benefit.match_limit_fraction is not None
    )
    is_percent = revision.bonus_basis == revision.BonusBasis.PERCENT
    return PayAssumptions(
        stay_years=talk.stay_years,
        discount_rate=float(talk.discount_rate),
        raise_fraction=float(talk.raise_fraction),
        bonus_fraction=float(revision.target_bonus_fraction or 0) * payout if is_percent else 0.0,
        match_fraction=min(match, 3.0),
    )


def sign_on_terms(talk: Negotiation, terms: Terms) -> SignOnTerms:
    """Return what of a sign-on is expected to be kept, by the letter's own terms of repayment.

    Where it is not stated, the usual year with a part that falls monthly is assumed.
    """
    stated = next(
        (
            payment
            for payment in terms.payments
            if payment.kind == payment.Kind.SIGN_ON and payment.is_repayment_stated
        ),
        None,
    )
    months = stated.repayment_months if stated is not None else MONTHS_A_YEAR
    is_prorated = stated.is_repayment_prorated if stated is not None else True
    stays = 1.0 - float(talk.leaving_probability)
    return SignOnTerms(
        leaving_probability=1.0 - stays ** (months / MONTHS_A_YEAR),
        unforgiven_fraction=0.5 if is_prorated else 1.0,
    )


def unit_value(talk: Negotiation, terms: Terms, numbers: OfferNumbers) -> UnitValue | None:
    """Return what one unit of the first grant counts for today; None where nothing is known.

    The user's own figure wins. Listed shares count at today's price as they vest. Private stock
    counts at the odds-weighted payout of the user's scenarios, or else at the last round's value
    after everybody ahead.
    """
    if not terms.grants:
        return None
    is_paper = not terms.company.is_public
    if talk.unit_value is not None:
        own = EquityUnit(value_today=float(talk.unit_value), is_paper=is_paper)
        return UnitValue(unit=own, source="Your own figure", is_own=True)
    discount = 1.0 + float(talk.discount_rate)
    if numbers.public_equity is not None:
        public = numbers.public_equity
        facts = public.grants[0]
        quantity, worth = (
            facts.quantity,
            sum(paid / discount**year for year, paid in enumerate(public.by_grant[0], start=1)),
        )
        if not quantity or public.share_price is None:
            return None
        return UnitValue(
            unit=EquityUnit(value_today=worth / quantity),
            source="Today’s share price, as the units vest within your horizon",
        )
    private = numbers.private_equity
    if private is None:
        return None
    quantity = sum(facts.quantity or 0.0 for facts in private.grants)
    if not quantity:
        return None
    if private.expected_payout is not None:
        value = private.expected_payout.low / quantity
        source = "Your own scenarios, weighted by your odds"
    elif private.at_last_round is not None:
        value = private.at_last_round.low / quantity
        source = "The last round’s value, after everybody ahead of you"
    else:
        return None
    return UnitValue(unit=EquityUnit(value_today=max(value, 0.0), is_paper=True), source=source)


def cliff_terms(talk: Negotiation, terms: Terms, value: UnitValue | None) -> CliffTerms | None:
    """Return the first grant's cliff with what the grant counts for."""
    grant = terms.grants[0] if terms.grants else None
    if grant is None or value is None or grant.quantity is None or not grant.cliff_months:
        return None
    if grant.vesting_type != EquityGrant.VestingType.PERIODIC:
        return None
    return CliffTerms(
        grant_value=value.unit.value_today * float(grant.quantity),
        total_months=grant.total_months,
        cliff_months=grant.cliff_months,
        leaving_probability_a_year=float(talk.leaving_probability),
    )
