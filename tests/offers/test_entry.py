"""From what was typed to terms, and back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from config.figures.fields import FigureStatus
from offers import services
from offers.entry import Entry, read_draft, typed_for_company, typed_from
from offers.models import (
    Benefit,
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    Offer,
    OfferDraft,
    OfferRevision,
)
from offers.selectors import Terms, offer_numbers
from offers.selectors.drafts import companies_on_record
from offers.selectors.taxonomy import taxonomy
from tests.factories.offers import typed
from tests.factories.terms import RECEIVED, exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
# What a row has of its own: the rest is its place in the database.
NOT_TERMS = frozenset(
    [
        "id",
        "revision",
        "position",
        "cap_table",
        "company",
        "owner",
        "offer",
        "number",
        "created_at",
        "updated_at",
        "superseded_at",
        "decided_at",
        "state",
        "stage",
    ]
)


def read(sections: Mapping[str, Mapping[str, str]], **options: Any) -> Entry:
    draft = options.pop("draft", None) or OfferDraft()
    draft.typed = dict(sections)
    companies: Sequence[Company] = options.pop("companies", ())
    return read_draft(draft, taxonomy=taxonomy(), companies=companies, today=TODAY)


def columns(row: models.Model) -> dict[str, Any]:
    names = [field.name for field in row._meta.concrete_fields if field.name not in NOT_TERMS]
    return {name: getattr(row, name) for name in names}


def as_columns(terms: Terms) -> dict[str, Any]:
    """Return everything that terms say, to compare two of them."""
    rows = ("grants", "payments", "benefits", "stock_classes", "exit_scenarios")
    ones = (terms.company, terms.offer, terms.revision, terms.cap_table)
    return {
        "ones": [columns(row) if row else None for row in ones],
        "stage": terms.company.stage.key,
        **{name: [columns(row) for row in getattr(terms, name)] for name in rows},
    }


# --- from what was typed to terms --------------------------------------------------------------


def test_typed_offer_becomes_its_terms() -> None:
    entry = read(typed())
    terms = entry.terms

    assert entry.is_ready
    assert (terms.company.name, terms.company.stage.key, terms.company.is_public) == (
        "Bellwether AI",
        "series_b",
        False,
    )
    assert terms.offer.role_family is not None
    assert (terms.offer.title, terms.offer.location.key, terms.offer.role_family.key) == (
        "Senior ML engineer",
        "us-sf-bay",
        "ml_engineer",
    )
    assert (terms.revision.base_salary, terms.revision.target_bonus_fraction) == (
        265_000,
        Decimal("0.15"),
    )
    assert [columns(row) for row in terms.payments] == [
        columns(
            CashPayment(
                amount=Decimal(40_000),
                is_repayment_stated=True,
                repayment_months=12,
                is_repayment_prorated=True,
            )
        )
    ]
    assert [columns(row) for row in terms.grants] == [
        columns(
            EquityGrant(
                compensation_type="iso",
                ownership_fraction=Decimal("0.0008"),
                exercise_price=Decimal("0.50"),
                is_vesting_confirmed=True,
                acceleration="double",
                acceleration_fraction=Decimal(1),
                post_termination_window_days=90,
                early_exercise="no",
            )
        )
    ]
    assert terms.cap_table is not None
    assert (terms.cap_table.total_raised, terms.cap_table.total_raised_status) == (
        40_000_000,
        FigureStatus.ESTIMATED,
    )
    assert (terms.cap_table.debt, terms.cap_table.debt_status) == (None, FigureStatus.REFUSED)
    assert [row.name for row in terms.stock_classes] == ["Series B"]
    assert [row.probability for row in terms.exit_scenarios] == [Decimal("0.3")]
    assert [(row.kind, row.is_counted) for row in terms.benefits] == [
        ("health", True),
        ("retirement", True),
        ("equipment", False),
    ]
    assert (terms.offer.respond_by_date, terms.offer.is_respond_by_stated) == (None, False)


def test_percentage_of_a_known_company_gives_the_number_of_options() -> None:
    numbers = offer_numbers(read(typed()).terms, horizon_years=4)

    assert numbers.private_equity is not None
    (grant,) = numbers.private_equity.grants
    assert (grant.quantity, grant.is_quantity_derived) == (pytest.approx(64_000), True)
    assert (grant.ownership_fraction, grant.is_ownership_derived) == (0.0008, False)


def test_retirement_match_counts_what_a_full_match_comes_to() -> None:
    only_match = {"health_yearly_value": "", "equipment_one_time_value": ""}
    numbers = offer_numbers(
        read(typed(benefits=only_match, cash={"base_salary": "238k"})).terms, horizon_years=4
    )

    assert numbers.yearly.benefits == (7_140.0,) * 4


def test_nothing_typed_has_terms_and_totals_all_the_same() -> None:
    entry = read({})
    numbers = offer_numbers(entry.terms, horizon_years=4)

    assert not entry.is_ready
    assert [section.spec.slug for section in entry.unfinished] == ["role", "dates"]
    assert numbers.counted == 0
    assert (entry.terms.revision.currency, entry.terms.grants) == ("USD", ())


def test_half_a_section_counts_what_can_be_read() -> None:
    entry = read(
        {"cash": {"base_salary": "200k", "target_bonus_fraction": "lots", "bonus_basis": "percent"}}
    )

    assert entry.terms.revision.base_salary == 200_000
    assert entry.terms.revision.target_bonus_fraction is None
    assert offer_numbers(entry.terms, horizon_years=4).contract_cash == 800_000


def test_rows_with_mistakes_are_not_counted() -> None:
    entry = read(
        typed(equity={"grants-0-exercise_price": "free"}, cash={"payments-0-month": "soon"})
    )

    assert (entry.terms.grants, entry.terms.payments) == ((), ())
    assert [section.spec.slug for section in entry.unfinished] == ["cash", "equity"]


def test_currency_starts_as_that_of_the_place() -> None:
    in_london = {"role": {**typed()["role"], "location": "gb-london"}}

    entry = read(in_london)

    assert entry.terms.revision.currency == "GBP"
    assert entry.sections["cash"].form["currency"].value() == "GBP"
    assert entry.terms.cap_table is not None
    assert entry.terms.cap_table.currency == "GBP"


def test_exercise_prices_are_in_the_currency_of_the_shares() -> None:
    private = read(typed(company={"currency": "GBP"}))
    public = read(typed(role={"is_public": "yes", "share_price_currency": "EUR"}))

    assert private.sections["equity"].form.context.share_currency == "GBP"
    assert public.sections["equity"].form.context.share_currency == "EUR"


def test_listed_company_has_no_cap_table() -> None:
    entry = read(typed(role={"is_public": "yes", "share_price": "$18.40"}))

    assert (entry.terms.cap_table, entry.terms.stock_classes, entry.terms.exit_scenarios) == (
        None,
        (),
        (),
    )
    assert not entry.applies("company")
    assert entry.terms.company.share_price == Decimal("18.40")


def test_no_equity_offered_is_no_grant() -> None:
    entry = read(typed(equity={"grants-0-compensation_type": "none"}))

    assert (entry.is_ready, entry.terms.grants) == (True, ())


# --- companies on record -----------------------------------------------------------------------


def on_record(owner: User) -> Company:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    services.record_offer(owner=owner, terms=terms, as_of=NOW)
    return companies_on_record(owner)[0]


def test_new_offer_by_a_company_on_record_uses_its_row_and_what_is_known(candidate: User) -> None:
    company = on_record(candidate)
    sections = typed(role={"name": "BELLWETHER ai"})
    del sections["company"]

    entry = read(sections, companies=[company])

    assert entry.terms.company.pk == company.pk
    assert entry.terms.cap_table is not None
    assert entry.terms.cap_table.fully_diluted_shares == 12_000_000
    assert [row.name for row in entry.terms.stock_classes] == ["Series A", "Series B"]
    assert [row.name for row in entry.terms.exit_scenarios] == ["Good sale", "Small sale"]


def test_known_company_starts_a_draft_without_a_word_about_the_job(candidate: User) -> None:
    sections = typed_for_company(on_record(candidate))

    assert (sections["role"]["name"], sections["role"]["stage"]) == ("Bellwether AI", "series_b")
    assert "title" not in sections["role"]
    assert sections["company"]["classes-1-name"] == "Series B"


def test_offer_on_record_cannot_take_the_name_of_another_company(candidate: User) -> None:
    on_record(candidate)
    other = services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    draft = OfferDraft(owner=candidate, offer=other, purpose="correction")

    entry = read(typed(), draft=draft, companies=companies_on_record(candidate))

    assert [problem.message for problem in entry.sections["role"].problems] == [
        "You have another company with this name. Choose a different one."
    ]
    assert entry.terms.company.pk == other.company_id


# --- and back ----------------------------------------------------------------------------------


def there_and_back(terms: Terms) -> Terms:
    return read(typed_from(terms)).terms


def full_terms() -> Terms:
    terms = startup_terms(
        exit_scenarios=exit_scenarios(),
        payments=[
            CashPayment(amount=Decimal(1_000)),
            CashPayment(amount=Decimal("2000.50"), month=12, is_repayment_stated=True),
            CashPayment(
                kind="relocation",
                amount=Decimal(3_000),
                is_repayment_stated=True,
                repayment_months=24,
            ),
        ],
        benefits=[
            Benefit(kind="health", yearly_value=Decimal(9_000)),
            Benefit(
                kind="retirement",
                match_fraction=Decimal("0.5"),
                match_limit_fraction=Decimal("0.06"),
                is_counted=False,
            ),
        ],
    )
    terms.offer.level = taxonomy().levels["L6"]
    terms.offer.respond_by_date, terms.offer.is_respond_by_stated = dt.date(2026, 12, 1), True
    terms.offer.notes = "One\nTwo"
    return terms


@pytest.mark.parametrize("make", [public_terms, startup_terms, full_terms])
def test_terms_on_record_come_back_as_they_were(make: Any) -> None:
    terms = make()
    if terms.offer.role_family is None:  # otherwise the title decides, as for anything typed
        terms.offer.role_family = taxonomy().role_families["research_engineer"]

    again = there_and_back(terms)

    assert as_columns(again) == as_columns(terms)


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    currency=st.sampled_from(["USD", "EUR", "GBP", "JPY"]),
    amount=st.decimals(0, 10**9, places=2),
    price=st.decimals(0, 10**6, places=6) | st.just(Decimal("1.125")),
    share=st.decimals(0, 1, places=8),
    quantity=st.decimals(0, 10**9, places=4),
    months=st.integers(1, 180),
    window=st.none() | st.integers(0, 36_500),
    fractions=st.sampled_from([(), ("0.1", "0.9"), ("0.333333", "0.333333", "0.333334"), ("1",)]),
)
def test_any_grant_on_record_comes_back_as_it_was(
    currency: str,
    amount: Decimal,
    price: Decimal,
    share: Decimal,
    quantity: Decimal,
    months: int,
    window: int | None,
    fractions: tuple[str, ...],
) -> None:
    grant = EquityGrant(
        compensation_type="nso",
        quantity=quantity,
        ownership_fraction=share,
        grant_value=amount,
        exercise_price=price,
        total_months=12 * len(fractions) or months,
        cliff_months=0,
        vesting_type="yearly_fractions" if fractions else "cliff_then_periodic",
        yearly_fractions=[Decimal(part) for part in fractions],
        post_termination_window_days=window,
        vesting_start_date=RECEIVED,
    )
    revision = OfferRevision(
        source="written",
        stated_date=RECEIVED,
        currency=currency,
        base_salary=amount,
        bonus_basis="none",
    )
    terms = startup_terms(revision=revision, grants=[grant])
    terms = replace(terms, cap_table=CapTable(currency=currency), stock_classes=())

    again = there_and_back(terms)

    assert [columns(row) for row in again.grants] == [columns(grant)]
    assert again.revision.base_salary == amount


def test_benefits_of_one_kind_come_back_added_up() -> None:
    both = [
        Benefit(kind="other", yearly_value=Decimal(100)),
        Benefit(kind="other", yearly_value=Decimal(50), one_time_value=Decimal(7)),
    ]

    (benefit,) = there_and_back(public_terms(benefits=both)).benefits

    assert (benefit.yearly_value, benefit.one_time_value) == (150, 7)


def test_proposed_answer_date_does_not_come_back_as_a_stated_one(candidate: User) -> None:
    offer = services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    assert offer.respond_by_date is not None

    again = there_and_back(
        Terms(company=offer.company, offer=offer, revision=offer.revisions.get())
    )

    assert (again.offer.respond_by_date, again.offer.is_respond_by_stated) == (None, False)
    assert isinstance(again.offer, Offer)
