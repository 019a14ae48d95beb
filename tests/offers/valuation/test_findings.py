"""Doubts are raised when figures disagree, and not a moment before."""

from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers.valuation.bounds import InvalidFigure
from offers.valuation.findings import (
    CompanyFacts,
    CompensationType,
    Finding,
    FindingCode,
    GrantFacts,
    Severity,
    derived_ownership_fraction,
    derived_quantity,
    offer_findings,
    ownership_findings,
)

AS_OF = date(2026, 3, 10)
OPTIONS = GrantFacts(compensation_type=CompensationType.ISO)


def _codes(findings: tuple[Finding, ...]) -> list[str]:
    """Return the codes in order."""
    return [finding.code for finding in findings]


def _company_codes(**facts: Any) -> list[str]:
    """Return the codes raised by the facts of a private company alone."""
    company = CompanyFacts(is_public=False, **facts)
    return _codes(offer_findings(company, (), base_salary=0.0, target_bonus=0.0, as_of=AS_OF))


def test_a_stated_tenth_of_a_percent_that_is_eight_hundredths_is_a_mismatch() -> None:
    company = CompanyFacts(is_public=False, fully_diluted_shares=80e6)
    grant = GrantFacts(
        compensation_type=CompensationType.ISO, quantity=64_000, ownership_fraction=0.0010
    )

    (finding,) = ownership_findings(company, grant, index=3)

    assert (finding.code, finding.severity) == (FindingCode.OWNERSHIP_MISMATCH, Severity.WARNING)
    assert dict(finding.values) == {
        "grant": 3,
        "ownership_fraction": 0.0010,
        "derived_ownership_fraction": 0.0008,
        "quantity": 64_000,
        "fully_diluted_shares": 80e6,
    }


def test_units_and_fraction_follow_from_each_other() -> None:
    quantity = derived_quantity(ownership_fraction=0.0008, fully_diluted_shares=80e6)
    fraction = derived_ownership_fraction(quantity=64_000, fully_diluted_shares=80e6)

    assert (quantity, fraction) == (64_000, 0.0008)


@pytest.mark.parametrize(
    ("shares", "quantity", "stated"),
    [
        (80e6, 64_000.0, 0.0008),
        (80e6, 64_400.0, 0.0008),  # 0.0805%, stated as 0.08%
        (80e6, 62_000.0, 0.0008),
        (None, 64_000.0, 0.0010),
        (0.0, 64_000.0, 0.0010),
        (80e6, None, 0.0010),
        (80e6, 64_000.0, None),
        (80e6, 0.0, 0.0),
    ],
)
def test_figures_that_agree_or_are_missing_raise_no_mismatch(
    shares: float | None, quantity: float | None, stated: float | None
) -> None:
    company = CompanyFacts(is_public=False, fully_diluted_shares=shares)
    grant = GrantFacts(
        compensation_type=CompensationType.NSO, quantity=quantity, ownership_fraction=stated
    )

    assert ownership_findings(company, grant) == ()


@given(shares=st.floats(1e3, 1e9), stated=st.floats(1e-6, 1.0), factor=st.floats(0.01, 0.94))
def test_a_mismatch_is_found_in_both_directions(
    shares: float, stated: float, factor: float
) -> None:
    company = CompanyFacts(is_public=False, fully_diluted_shares=shares)

    def codes(quantity: float, fraction: float) -> list[str]:
        return _codes(
            ownership_findings(
                company,
                GrantFacts(
                    compensation_type=CompensationType.ISO,
                    quantity=quantity,
                    ownership_fraction=fraction,
                ),
            )
        )

    assert codes(stated * shares * factor, stated) == ["ownership_mismatch"]
    assert codes(stated * shares, stated * factor) == ["ownership_mismatch"]
    assert codes(stated * shares, stated) == []


@pytest.mark.parametrize(
    ("compensation_type", "is_public", "is_unusual"),
    [
        (CompensationType.RSU, True, False),
        (CompensationType.RSU, False, True),
        (CompensationType.DOUBLE_TRIGGER_RSU, True, True),
        (CompensationType.DOUBLE_TRIGGER_RSU, False, False),
        (CompensationType.ISO, True, True),
        (CompensationType.ISO, False, False),
        (CompensationType.NSO, True, True),
        (CompensationType.NSO, False, False),
        (CompensationType.RESTRICTED_STOCK, True, False),
        (CompensationType.RESTRICTED_STOCK, False, False),
        (CompensationType.PROFIT_UNIT, True, True),
        (CompensationType.PROFIT_UNIT, False, False),
    ],
)
def test_types_that_do_not_fit_the_company_are_found(
    compensation_type: CompensationType, is_public: bool, is_unusual: bool
) -> None:
    company = CompanyFacts(is_public=is_public)
    grant = GrantFacts(compensation_type=compensation_type)

    findings = ownership_findings(company, grant)

    expected = [
        Finding(
            code=FindingCode.COMPENSATION_TYPE_UNUSUAL,
            severity=Severity.WARNING,
            values={"grant": 0, "compensation_type": compensation_type, "is_public": is_public},
        )
    ]
    assert list(findings) == (expected if is_unusual else [])


@pytest.mark.parametrize(
    ("valued", "age_months"),
    [
        (date(2025, 3, 10), None),  # twelve months to the day
        (date(2025, 3, 9), 12),
        (date(2025, 2, 11), 12),
        (date(2025, 2, 10), 13),
        (date(2023, 12, 31), 26),
        (date(2026, 3, 10), None),
        (None, None),
    ],
)
def test_an_appraisal_is_old_after_twelve_months(
    valued: date | None, age_months: int | None
) -> None:
    company = CompanyFacts(is_public=False, fair_market_value_date=valued)

    findings = offer_findings(company, (), base_salary=0.0, target_bonus=0.0, as_of=AS_OF)

    found = [finding.values["age_months"] for finding in findings]
    assert _codes(findings) == ["fair_market_value_old"] * len(found)
    assert found == ([] if age_months is None else [age_months])


@pytest.mark.parametrize(
    ("round_date", "codes"),
    [
        (date(2026, 1, 2), ["fair_market_value_before_round"]),
        (date(2026, 1, 1), []),
        (None, []),
    ],
)
def test_an_appraisal_before_the_last_round_is_found(
    round_date: date | None, codes: list[str]
) -> None:
    facts = {"fair_market_value_date": date(2026, 1, 1), "last_round_date": round_date}

    assert _company_codes(**facts) == codes


def test_the_ratio_of_preferred_to_appraisal_is_noted() -> None:
    company = CompanyFacts(is_public=False, fair_market_value=3.17, last_preferred_price=11.46)

    (finding,) = offer_findings(company, (), base_salary=0.0, target_bonus=0.0, as_of=AS_OF)

    assert finding.severity is Severity.NOTE
    assert finding.values["ratio"] == pytest.approx(3.615, abs=0.0005)
    assert _company_codes(fair_market_value=0.0, last_preferred_price=1.0) == []
    assert _company_codes(fair_market_value=1.0) == []


@pytest.mark.parametrize(
    ("base_salary", "target_bonus", "is_finance", "fraction"),
    [
        (200_000, 90_000, False, 0.45),
        (200_000, 90_000, True, None),
        (200_000, 10_000, False, 0.05),
        (200_000, 20_000, False, None),
        (200_000, 60_000, False, None),
        (200_000, 0, False, None),
        (0, 60_000, False, None),
    ],
)
def test_a_bonus_outside_ten_to_thirty_percent_is_noted_unless_in_finance(
    base_salary: float, target_bonus: float, is_finance: bool, fraction: float | None
) -> None:
    company = CompanyFacts(is_public=True, is_finance=is_finance)

    findings = offer_findings(
        company, (), base_salary=base_salary, target_bonus=target_bonus, as_of=AS_OF
    )

    expected = [{"target_bonus_fraction": fraction, "usual_low": 0.1, "usual_high": 0.3}]
    assert [dict(finding.values) for finding in findings] == ([] if fraction is None else expected)


def test_offer_findings_come_in_the_order_of_the_offer() -> None:
    company = CompanyFacts(
        is_public=True,
        fully_diluted_shares=1e6,
        fair_market_value=1.0,
        fair_market_value_date=date(2024, 1, 1),
        last_preferred_price=2.0,
        last_round_date=date(2025, 1, 1),
    )
    doubtful = GrantFacts(
        compensation_type=CompensationType.ISO, quantity=1_000, ownership_fraction=0.01
    )

    findings = offer_findings(
        company, (OPTIONS, doubtful), base_salary=100.0, target_bonus=1.0, as_of=AS_OF
    )

    assert [(row.code, row.values.get("grant")) for row in findings] == [
        ("compensation_type_unusual", 0),
        ("ownership_mismatch", 1),
        ("compensation_type_unusual", 1),
        ("fair_market_value_old", None),
        ("fair_market_value_before_round", None),
        ("preferred_to_fair_market_value", None),
        ("bonus_unusual", None),
    ]


def test_a_finding_cannot_be_changed() -> None:
    values = {"ratio": 2.0}
    finding = Finding(code=FindingCode.BONUS_UNUSUAL, severity=Severity.NOTE, values=values)

    values["ratio"] = 3.0

    assert finding.values["ratio"] == 2.0
    with pytest.raises(TypeError):
        finding.values["ratio"] = 3.0
    with pytest.raises(FrozenInstanceError):
        finding.severity = Severity.WARNING


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: CompanyFacts(is_public=True, fully_diluted_shares=-1.0), "fully_diluted_shares"),
        (lambda: CompanyFacts(is_public=True, fair_market_value=-1.0), "fair_market_value"),
        (lambda: CompanyFacts(is_public=True, last_preferred_price=-1.0), "last_preferred_price"),
        (lambda: GrantFacts(compensation_type=CompensationType.ISO, quantity=-1.0), "quantity"),
        (
            lambda: derived_quantity(ownership_fraction=1.1, fully_diluted_shares=1.0),
            "ownership_fraction",
        ),
        (
            lambda: derived_quantity(ownership_fraction=1.0, fully_diluted_shares=-1.0),
            "fully_diluted_shares",
        ),
        (lambda: derived_ownership_fraction(quantity=-1.0, fully_diluted_shares=1.0), "quantity"),
        (
            lambda: derived_ownership_fraction(quantity=1.0, fully_diluted_shares=0.0),
            "fully_diluted_shares",
        ),
        (
            lambda: GrantFacts(compensation_type=CompensationType.ISO, ownership_fraction=1.5),
            "ownership_fraction",
        ),
    ],
)
def test_facts_refuse_what_they_cannot_mean(make: object, field: str) -> None:
    with pytest.raises(InvalidFigure) as caught:
        make()

    assert caught.value.field == field
