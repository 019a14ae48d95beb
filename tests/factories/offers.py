"""What somebody types into the offer form, and drafts that hold it."""

import json
from collections.abc import Mapping
from typing import Any, Final

import factory
from factory.django import DjangoModelFactory
from hypothesis import strategies as st

from market.models import CompanyStage, Level, Location, RoleFamily
from market.services import REFERENCE
from offers.forms.section import Rows, SectionForm
from offers.forms.sections import SECTIONS
from offers.models import OfferDraft
from offers.selectors.taxonomy import Taxonomy
from tests.factories.accounts import UserFactory

# A Series B start-up: 0.08% of 80 million shares at $0.50, behind one preferred class.
TYPED: Final[Mapping[str, Mapping[str, str]]] = {
    "role": {
        "name": "Bellwether AI",
        "kind": "startup",
        "stage": "series_b",
        "size_band": "under_250",
        "is_public": "no",
        "share_price_currency": "USD",
        "share_price": "",
        "share_price_date": "",
        "title": "Senior ML engineer",
        "role_family": "",
        "level": "L5",
        "location": "us-sf-bay",
        "work_arrangement": "hybrid",
    },
    "cash": {
        "currency": "USD",
        "base_salary": "$265,000",
        "bonus_basis": "percent",
        "target_bonus_fraction": "15%",
        "target_bonus": "",
        "guaranteed_bonus": "",
        "expected_bonus_fraction": "100",
        "payments-TOTAL_FORMS": "1",
        "payments-0-kind": "sign_on",
        "payments-0-amount": "40k",
        "payments-0-month": "0",
        "payments-0-repayment": "prorated",
        "payments-0-repayment_months": "12",
    },
    "equity": {
        "grants-TOTAL_FORMS": "1",
        "grants-0-compensation_type": "iso",
        "grants-0-ownership_fraction": "0.08%",
        "grants-0-exercise_price": "0.50",
        "grants-0-vesting_preset": "25x4",
        "grants-0-is_vesting_confirmed": "on",
        "grants-0-acceleration": "double",
        "grants-0-acceleration_fraction": "100",
        "grants-0-post_termination_window_days": "90",
        "grants-0-early_exercise": "no",
    },
    "company": {
        "currency": "USD",
        "fully_diluted_shares": "80m",
        "fully_diluted_shares_status": "written",
        "fair_market_value": "0.50",
        "fair_market_value_status": "written",
        "fair_market_value_date": "2026-06-01",
        "last_preferred_price": "2",
        "last_preferred_price_status": "verbal",
        "last_round_date": "2026-05-01",
        "total_raised": "40m",
        "total_raised_status": "estimated",
        "debt": "",
        "debt_status": "refused",
        "stock_classes_status": "written",
        "classes-TOTAL_FORMS": "1",
        "classes-0-name": "Series B",
        "classes-0-shares": "20m",
        "classes-0-price_per_share": "$2",
        "classes-0-seniority": "1",
        "classes-0-liquidation_preference_multiple": "1x",
        "classes-0-participation": "none",
        "classes-0-participation_cap_multiple": "",
        "classes-0-conversion_ratio": "1",
        "scenarios-TOTAL_FORMS": "1",
        "scenarios-0-name": "Good sale",
        "scenarios-0-exit_proceeds": "500m",
        "scenarios-0-years": "4",
        "scenarios-0-probability": "30%",
        "scenarios-0-dilution_fraction": "20%",
    },
    "benefits": {
        "health_yearly_value": "9,000",
        "health_is_counted": "on",
        "retirement_match_fraction": "50%",
        "retirement_match_limit_fraction": "6%",
        "retirement_is_counted": "on",
        "equipment_one_time_value": "3,000",
        "equipment_is_counted": "",
    },
    "dates": {
        "source": "written",
        "stated_date": "2026-11-16",
        "received_date": "2026-11-16",
        "respond_by_date": "",
        "start_date": "2027-01-11",
        "contact_name": "Dana",
        "notes": "Two calls so far.",
    },
}


def typed(**changes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return all that is typed, with changed fields by section."""
    return {slug: {**fields, **changes.get(slug, {})} for slug, fields in TYPED.items()}


class DraftFactory(DjangoModelFactory):
    """A draft of a new offer into which nothing was typed yet."""

    class Meta:
        model = OfferDraft

    owner = factory.SubFactory(UserFactory)


def taxonomy_on_file() -> Taxonomy:
    """Return the curated lists as the reference files have them, without a database."""

    def rows(model: type[Any], name: str, key: str) -> dict[str, Any]:
        content = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
        return {row["key"]: model(**row) for row in content[key]}

    return Taxonomy(
        stages=rows(CompanyStage, "company_stages", "stages"),
        role_families=rows(RoleFamily, "role_families", "families"),
        levels=rows(Level, "levels", "levels"),
        locations=rows(Location, "locations", "locations"),
        currencies=("EUR", "GBP", "USD"),
    )


# --- what nobody should type, and somebody will --------------------------------------------------

NASTY: Final = st.sampled_from(
    [
        "", " ", "0", "-1", "-0.01", "1e999", "1e9", "NaN", "sNaN", "Infinity", "-inf", "0x10", "½", "٣",
        "²", "\x00", "a\x00b", "\ud800", "😀" * 20, "x" * 100_000, "9" * 400, "0." + "0" * 200 + "1",
        "999999999999999", "1000000000000", "0.000001", "0.0000001", "100%", "100.0000001", "33.3333%",
        "$1,000", "£95k", "95.000", "1.2m", "1,2,3", "../../etc/passwd", "<script>", "'; DROP TABLE",
        "{{ 7*7 }}", "%s%n", "\u202e", "\r\n\r\n", "on", "off", "true", "none", "custom", "capped",
        "0001-01-01", "9999-12-31", "2026-02-30", "1900-01-01", "2100-12-31", "31/12/2026", "us-sf-bay",
    ]
)  # fmt: skip
ANYTHING: Final = NASTY | st.text(st.characters(exclude_categories=()), max_size=40)


def names_of(slug: str, *, n_rows: int = 2) -> list[str]:
    """Return the name of every field of a section, with so many rows of each kind."""
    spec = SECTIONS[slug]
    names = _names(spec.form, "")
    for kind, rows in spec.rows.items():
        names.append(f"{kind}-TOTAL_FORMS")
        names += _row_names(kind, rows, n_rows)
    return names


def _row_names(kind: str, rows: Rows, n_rows: int) -> list[str]:
    return [name for i in range(n_rows) for name in _names(rows.form, f"{kind}-{i}-")]


def _names(form: type[SectionForm], prefix: str) -> list[str]:
    names: list[str] = []
    for name, field in form.base_fields.items():
        names.append(f"{prefix}{name}")
        if hasattr(field, "field"):  # a figure, with how it is known
            names.append(f"{prefix}{name}_status")
    return names


def anything_in(slug: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return strategies for a section in which every field may hold anything."""
    return st.dictionaries(st.sampled_from(names_of(slug)), ANYTHING, max_size=40)
