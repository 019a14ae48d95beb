"""Doubts about what a person was told: figures that contradict each other, or are past their date.

A finding is a code with the values behind it; pages put it into words. What is unknown is None and
raises no doubt of its own.

References
----------
What each finding rests on: docs/valuation.md#findings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from offers.valuation.bounds import check_number, check_positive, check_rate, exact
from offers.valuation.vesting import add_months

FindingValue: TypeAlias = float | int | str | date

# Stated percentages are rounded; two that differ by less than this part of the larger one agree.
OWNERSHIP_TOLERANCE: Final = 0.05
# A US appraisal of common stock is presumed good for twelve months, or until something material
# happens, such as a round (Treas. Reg. 1.409A-1(b)(5)(iv)(B)).
FAIR_MARKET_VALUE_MONTHS: Final = 12
# Target bonus as a fraction of base salary at most employers; finance pays more.
USUAL_BONUS_FRACTIONS: Final = (0.10, 0.30)


class Severity(StrEnum):
    """How loudly to say it."""

    NOTE = "note"
    WARNING = "warning"


class FindingCode(StrEnum):
    """What the finding is about."""

    OWNERSHIP_MISMATCH = "ownership_mismatch"
    FAIR_MARKET_VALUE_OLD = "fair_market_value_old"
    FAIR_MARKET_VALUE_BEFORE_ROUND = "fair_market_value_before_round"
    PREFERRED_TO_FAIR_MARKET_VALUE = "preferred_to_fair_market_value"
    COMPENSATION_TYPE_UNUSUAL = "compensation_type_unusual"
    BONUS_UNUSUAL = "bonus_unusual"


class CompensationType(StrEnum):
    """What kind of equity a grant is."""

    RSU = "rsu"
    DOUBLE_TRIGGER_RSU = "double_trigger_rsu"
    ISO = "iso"
    NSO = "nso"
    RESTRICTED_STOCK = "restricted_stock"
    PROFIT_UNIT = "profit_unit"


# Options, profit units and a second trigger answer the lack of a market; a plain RSU at a private
# company is taxed as it vests, with nobody to sell to.
_USUAL_WHEN_PUBLIC: Final = frozenset({CompensationType.RSU, CompensationType.RESTRICTED_STOCK})
_USUAL_WHEN_PRIVATE: Final = frozenset(CompensationType) - {CompensationType.RSU}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One doubt; `values` hold what it rests on, under the names of the fields."""

    code: FindingCode
    severity: Severity
    values: Mapping[str, FindingValue]

    def __post_init__(self) -> None:
        """Keep a copy that nobody can change."""
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What is known of a company; prices per share, in one currency."""

    is_public: bool
    is_finance: bool = False
    fully_diluted_shares: float | None = None
    fair_market_value: float | None = None
    fair_market_value_date: date | None = None
    last_preferred_price: float | None = None
    last_round_date: date | None = None

    def __post_init__(self) -> None:
        """Refuse negative shares and prices."""
        for name in ("fully_diluted_shares", "fair_market_value", "last_preferred_price"):
            check_number(name, getattr(self, name) or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """What was said of a grant."""

    compensation_type: CompensationType
    quantity: float | None = None
    ownership_fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse negative units and fractions outside [0, 1]."""
        check_number("quantity", self.quantity or 0.0)
        check_rate("ownership_fraction", self.ownership_fraction or 0.0)


def offer_findings(
    company: CompanyFacts,
    grants: Sequence[GrantFacts],
    *,
    base_salary: float,
    target_bonus: float,
    as_of: date,
) -> tuple[Finding, ...]:
    """Return every doubt about an offer: its grants in order, its company, its bonus.

    Parameters
    ----------
    base_salary, target_bonus
        A year's, in the offer's currency.
    as_of
        The day on which the age of the appraisal is judged.

    Returns
    -------
    A finding about a grant has its place in `grants` as the value `grant`.
    """
    return (
        *(
            finding
            for index, grant in enumerate(grants)
            for finding in ownership_findings(company, grant, index=index)
        ),
        *_fair_market_value_findings(company, as_of=as_of),
        *_bonus_findings(company, base_salary=base_salary, target_bonus=target_bonus),
    )


def ownership_findings(
    company: CompanyFacts, grant: GrantFacts, *, index: int = 0
) -> tuple[Finding, ...]:
    """Return the doubts about one grant: whether its figures agree, and its type fits."""
    return (
        *_mismatch_findings(company, grant, index=index),
        *_type_findings(company, grant, index=index),
    )


def derived_quantity(*, ownership_fraction: float, fully_diluted_shares: float) -> float:
    """Return the units that a stated fraction stands for: 0.08% of 80 million are 64,000."""
    check_rate("ownership_fraction", ownership_fraction)
    check_number("fully_diluted_shares", fully_diluted_shares)
    return float(exact(ownership_fraction) * exact(fully_diluted_shares))


def derived_ownership_fraction(*, quantity: float, fully_diluted_shares: float) -> float:
    """Return the fraction that stated units stand for: 64,000 of 80 million are 0.08%."""
    check_number("quantity", quantity)
    check_positive("fully_diluted_shares", fully_diluted_shares)
    return float(exact(quantity) / exact(fully_diluted_shares))


def _mismatch_findings(
    company: CompanyFacts, grant: GrantFacts, *, index: int
) -> Iterator[Finding]:
    """Yield a warning if the stated fraction is not units over fully diluted shares."""
    shares, quantity, stated = (
        company.fully_diluted_shares,
        grant.quantity,
        grant.ownership_fraction,
    )
    if not shares or quantity is None or stated is None:
        return
    derived = derived_ownership_fraction(quantity=quantity, fully_diluted_shares=shares)
    if abs(stated - derived) > OWNERSHIP_TOLERANCE * max(stated, derived):
        yield Finding(
            code=FindingCode.OWNERSHIP_MISMATCH,
            severity=Severity.WARNING,
            values={
                "grant": index,
                "ownership_fraction": stated,
                "derived_ownership_fraction": derived,
                "quantity": quantity,
                "fully_diluted_shares": shares,
            },
        )


def _type_findings(company: CompanyFacts, grant: GrantFacts, *, index: int) -> Iterator[Finding]:
    """Yield a warning if such companies seldom grant this kind of equity."""
    usual = _USUAL_WHEN_PUBLIC if company.is_public else _USUAL_WHEN_PRIVATE
    if grant.compensation_type not in usual:
        yield Finding(
            code=FindingCode.COMPENSATION_TYPE_UNUSUAL,
            severity=Severity.WARNING,
            values={
                "grant": index,
                "compensation_type": grant.compensation_type,
                "is_public": company.is_public,
            },
        )


def _fair_market_value_findings(company: CompanyFacts, *, as_of: date) -> Iterator[Finding]:
    """Yield what there is to say of the appraisal: its age, a later round, the price above it."""
    valued, round_date = company.fair_market_value_date, company.last_round_date
    if valued is not None and add_months(valued, FAIR_MARKET_VALUE_MONTHS) < as_of:
        yield Finding(
            code=FindingCode.FAIR_MARKET_VALUE_OLD,
            severity=Severity.WARNING,
            values={"fair_market_value_date": valued, "age_months": _full_months(valued, as_of)},
        )
    if valued is not None and round_date is not None and valued < round_date:
        yield Finding(
            code=FindingCode.FAIR_MARKET_VALUE_BEFORE_ROUND,
            severity=Severity.WARNING,
            values={"fair_market_value_date": valued, "last_round_date": round_date},
        )
    if company.fair_market_value and company.last_preferred_price is not None:
        yield Finding(
            code=FindingCode.PREFERRED_TO_FAIR_MARKET_VALUE,
            severity=Severity.NOTE,
            values={
                "ratio": company.last_preferred_price / company.fair_market_value,
                "fair_market_value": company.fair_market_value,
                "last_preferred_price": company.last_preferred_price,
            },
        )


def _bonus_findings(
    company: CompanyFacts, *, base_salary: float, target_bonus: float
) -> Iterator[Finding]:
    """Yield a note if there is a bonus of an unusual size; finance has no usual one."""
    if company.is_finance or not base_salary or not target_bonus:
        return
    fraction = target_bonus / base_salary
    low, high = USUAL_BONUS_FRACTIONS
    if not low <= fraction <= high:
        yield Finding(
            code=FindingCode.BONUS_UNUSUAL,
            severity=Severity.NOTE,
            values={"target_bonus_fraction": fraction, "usual_low": low, "usual_high": high},
        )


def _full_months(since: date, until: date) -> int:
    """Return the complete months between two days in order."""
    months = 12 * (until.year - since.year) + until.month - since.month
    return months if add_months(since, months) <= until else months - 1
