"""From what was typed to terms, and back.

A draft holds text. `read_draft` binds it to the sections of the form and builds `Terms` of unsaved
model instances from whatever can be read, so that half a form has totals too. `typed_from` goes
the other way: terms on record become a draft that says the same.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from config.figures.fields import Figure, figure_columns
from offers.forms import benefits, cash, equity
from offers.forms import company as cap_table_section
from offers.forms.role import UNKNOWN_STAGE
from offers.forms.section import ROW_COUNT, Context, RowSet, Section, SectionForm, bind, typed_of
from offers.forms.sections import SECTIONS
from offers.models import (
    Benefit,
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    ExitScenario,
    Offer,
    OfferDraft,
    OfferRevision,
    StockClass,
)
from offers.selectors.taxonomy import NO_TAXONOMY, Taxonomy
from offers.selectors.terms import Terms
from offers.services.drafts import CHECKED

_COMPANY: Final = ("kind", "size_band", "share_price_currency")
_REVISION: Final = (
    "base_salary",
    "target_bonus_fraction",
    "target_bonus",
    "guaranteed_bonus",
    "expected_bonus_fraction",
)
_OFFER_DATES: Final = ("received_date", "respond_by_date", "start_date")
_GRANT: Final = (
    "quantity",
    "ownership_fraction",
    "grant_value",
    "exercise_price",
    "participation_threshold_per_share",
    "participation_cap_multiple",
    "lock_months",
    "vesting_start_date",
    "acceleration_fraction",
    "acceleration_window_months",
    "post_termination_window_days",
    "expiry_months",
)
_STOCK_CLASS: Final = (
    "name",
    "shares",
    "price_per_share",
    "seniority",
    "liquidation_preference_multiple",
    "participation",
    "participation_cap_multiple",
    "conversion_ratio",
)
_SCENARIO: Final = ("name", "exit_proceeds", "years", "probability", "dilution_fraction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A draft as its pages show it: every section with what was typed, and what that means."""

    draft: OfferDraft
    sections: Mapping[str, Section]
    terms: Terms

    @property
    def unfinished(self) -> list[Section]:
        """Return the sections that keep it from becoming an offer: wrong, or needed and empty."""
        return [
            section
            for section in self.applicable
            if section.problems or (section.spec.is_required and not section.is_touched)
        ]

    @property
    def is_ready(self) -> bool:
        return not self.unfinished

    @property
    def applicable(self) -> list[Section]:
        """Return the sections that concern this offer; a listed company has no cap table."""
        return [section for section in self.sections.values() if self.applies(section.spec.slug)]

    def applies(self, slug: str) -> bool:
        return slug != cap_table_section.SPEC.slug or not self.terms.company.is_public

    def is_checked(self, slug: str) -> bool:
        return CHECKED in self.draft.typed.get(slug, {})


# --- from what was typed to terms --------------------------------------------------------------


def read_draft(
    draft: OfferDraft, *, taxonomy: Taxonomy, companies: Sequence[Company], today: dt.date
) -> Entry:
    """Return the draft bound to its forms, and the terms that can be read from it so far.

    `companies` are those of the draft's owner, with their cap tables and scenarios. A new offer by
    one of them, found by its name, starts from what is on record about it.
    """
    context = Context(taxonomy=taxonomy, today=today)
    role = bind(SECTIONS["role"], draft.typed.get("role"), context)
    company = _company_on_record(draft, role.form, companies)
    place = taxonomy.locations.get(role.form.values.get("location") or "")
    if place is not None:
        context = replace(context, currency=place.currency)
    money = bind(SECTIONS["cash"], draft.typed.get("cash"), context)
    currency = money.form.values.get("currency") or context.currency
    context = replace(context, currency=currency, share_currency=currency)
    known = draft.typed.get("company") or (_typed_company(company) if company else None)
    table = bind(SECTIONS["company"], known, context)
    is_public = bool(role.form.values.get("is_public"))
    of_shares = (
        role.form.values.get("share_price_currency")
        if is_public
        else table.form.values.get("currency")
    )
    grants_context = replace(context, share_currency=of_shares or currency)
    sections = {
        "role": role,
        "cash": money,
        "equity": bind(SECTIONS["equity"], draft.typed.get("equity"), grants_context),
        "company": table,
        "benefits": bind(SECTIONS["benefits"], draft.typed.get("benefits"), context),
        "dates": bind(SECTIONS["dates"], draft.typed.get("dates"), context),
    }
    terms = _terms(draft, sections, taxonomy, company, currency)
    return Entry(draft=draft, sections=sections, terms=terms)


def _company_on_record(
    draft: OfferDraft, role: SectionForm, companies: Sequence[Company]
) -> Company | None:
    """Return the company that the draft names; an offer on record keeps its own."""
    name = str(role.values.get("name") or "").lower()
    same_name = next((row for row in companies if row.name.lower() == name), None)
    if draft.offer is None:
        return same_name
    if same_name is not None and same_name.pk != draft.offer.company_id:
        role.add_error("name", "You have another company with this name. Choose a different one.")
    return next((row for row in companies if row.pk == draft.offer.company_id), None)


def _terms(
    draft: OfferDraft,
    sections: Mapping[str, Section],
    taxonomy: Taxonomy,
    on_record: Company | None,
    currency: str,
) -> Terms:
    company = _company(sections["role"].form, taxonomy, on_record)
    offer = _offer(draft, sections, taxonomy)
    offer.company = company
    terms = Terms(
        company=company,
        offer=offer,
        revision=_revision(sections, currency),
        grants=_grants(sections["equity"].row_sets["grants"]),
        payments=_payments(sections["cash"].row_sets["payments"]),
        benefits=_benefits(sections["benefits"].form),
    )
    if company.is_public:
        return terms
    table = sections["company"]
    return replace(
        terms,
        cap_table=_cap_table(table.form, currency),
        stock_classes=_rows(StockClass, table.row_sets["classes"], _STOCK_CLASS),
        exit_scenarios=_rows(ExitScenario, table.row_sets["scenarios"], _SCENARIO),
    )


def _company(form: SectionForm, taxonomy: Taxonomy, on_record: Company | None) -> Company:
    values = form.values
    company = on_record or Company()
    company.name = values.get("name") or ""
    company.stage = taxonomy.stages[values.get("stage") or UNKNOWN_STAGE]
    company.is_public = bool(values.get("is_public"))
    company.share_price = values.get("share_price")
    company.share_price_date = values.get("share_price_date")
    _set(company, values, _COMPANY)
    return company


def _offer(draft: OfferDraft, sections: Mapping[str, Section], taxonomy: Taxonomy) -> Offer:
    role, dates = sections["role"].form.values, sections["dates"].form.values
    offer = draft.offer or Offer()
    offer.title = role.get("title") or ""
    offer.role_family = taxonomy.role_families.get(role.get("role_family") or "")
    offer.level = taxonomy.levels.get(role.get("level") or "")
    place = taxonomy.locations.get(role.get("location") or "")
    if place is not None:
        offer.location = place
    _set(offer, role, ("work_arrangement",))
    for name in _OFFER_DATES:
        setattr(offer, name, dates.get(name))
    offer.is_respond_by_stated = offer.respond_by_date is not None
    offer.contact_name = dates.get("contact_name") or ""
    offer.notes = dates.get("notes") or ""
    return offer


def _revision(sections: Mapping[str, Section], currency: str) -> OfferRevision:
    money, dates = sections["cash"].form.values, sections["dates"].form.values
    revision = OfferRevision(currency=currency, **{name: money.get(name) for name in _REVISION})
    _set(revision, money, ("bonus_basis",))
    revision.source = dates.get("source") or ""
    revision.stated_date = dates.get("stated_date")  # type: ignore[assignment]
    revision.note = dates.get("note") or ""
    return revision


def _grants(rows: RowSet) -> tuple[EquityGrant, ...]:
    return tuple(
        _grant(row.values)
        for row in rows.readable
        if row.values["compensation_type"] != equity.NO_EQUITY
    )


def _grant(values: Mapping[str, Any]) -> EquityGrant:
    schedule: equity.Schedule = values["schedule"]
    grant = EquityGrant(
        compensation_type=values["compensation_type"],
        total_months=schedule.total_months,
        cliff_months=schedule.cliff_months,
        period_months=schedule.period_months,
        yearly_fractions=list(schedule.yearly_fractions),
        vesting_type=EquityGrant.VestingType.YEARLY
        if schedule.yearly_fractions
        else EquityGrant.VestingType.PERIODIC,
        is_vesting_confirmed=bool(values.get("is_vesting_confirmed")),
        **{name: values.get(name) for name in _GRANT},
    )
    _set(grant, values, ("acceleration", "early_exercise"))
    return grant


def _payments(rows: RowSet) -> tuple[CashPayment, ...]:
    return tuple(
        CashPayment(
            kind=row.values["kind"],
            amount=row.values["amount"],
            month=row.values["month"],
            is_repayment_stated=row.values["repayment"] != cash.NOT_STATED,
            repayment_months=row.values["repayment_months"] or 0,
            is_repayment_prorated=row.values["repayment"] == cash.PRORATED,
        )
        for row in rows.readable
    )


def _benefits(form: SectionForm) -> tuple[Benefit, ...]:
    values = form.values
    stated = []
    for kind, figures in benefits.FIGURES.items():
        amounts = {name: values.get(f"{kind}_{name}") for name in figures}
        if any(amount is not None for amount in amounts.values()):
            is_counted = bool(values.get(f"{kind}_is_counted"))
            stated.append(Benefit(kind=kind, is_counted=is_counted, **amounts))
    return tuple(stated)


def _cap_table(form: SectionForm, currency: str) -> CapTable:
    values = form.values
    table = CapTable(currency=values.get("currency") or currency)
    for name in cap_table_section.FIGURES:
        for column, value in figure_columns(name, values.get(name) or Figure()).items():
            setattr(table, column, value)
    table.fair_market_value_date = values.get("fair_market_value_date")
    table.last_round_date = values.get("last_round_date")
    _set(table, values, ("stock_classes_status",))
    return table


def _rows(model: type[Any], rows: RowSet, columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(model(**{name: row.values[name] for name in columns}) for row in rows.readable)


def _set(row: Any, values: Mapping[str, Any], names: Iterable[str]) -> None:
    """Take over what could be read; what could not keeps the column's default."""
    for name in names:
        if values.get(name) is not None:
            setattr(row, name, values[name])


# --- from terms to what would have been typed --------------------------------------------------


def typed_from(terms: Terms) -> dict[str, dict[str, str]]:
    """Return what somebody would have typed to enter these terms, section by section."""
    checked = {CHECKED: "yes"}
    typed = {
        "role": _typed_role(terms.company, terms.offer),
        "cash": _typed_cash(terms),
        "equity": _typed_rows("grants", "equity", map(_grant_initial, terms.grants)),
        "benefits": _typed("benefits", _benefits_initial(terms.benefits)),
        "dates": _typed_dates(terms),
    }
    if not terms.company.is_public:
        typed["company"] = _typed_cap_table(
            terms.cap_table or CapTable(currency=terms.revision.currency),
            terms.stock_classes,
            terms.exit_scenarios,
        )
    return {slug: section | checked for slug, section in typed.items()}


def typed_for_company(company: Company) -> dict[str, dict[str, str]]:
    """Return what somebody would have typed about a company on record, to start another offer."""
    initial = _company_initial(company)
    written = _typed("role", initial)
    typed = {"role": {name: written[name] for name in initial}}
    known = _typed_company(company)
    return typed | ({"company": known} if known else {})


def _typed_company(company: Company) -> dict[str, str] | None:
    table: CapTable | None = getattr(company, "cap_table", None)
    if table is None:
        return None
    scenarios = sorted(company.exit_scenarios.all(), key=lambda row: row.position)
    classes = sorted(table.stock_classes.all(), key=lambda row: row.position)
    return _typed_cap_table(table, classes, scenarios)


def _typed(slug: str, initial: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of a section's own fields; the currency only changes what stands beside."""
    form = SECTIONS[slug].form(initial=initial, context=Context(taxonomy=NO_TAXONOMY))
    return typed_of(form)


def _typed_rows(kind: str, slug: str, initials: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    typed: dict[str, str] = {}
    number = 0
    for number, initial in enumerate(initials, start=1):
        prefix = f"{kind}-{number - 1}"
        form = (
            SECTIONS[slug]
            .rows[kind]
            .form(initial=initial, prefix=prefix, context=Context(taxonomy=NO_TAXONOMY))
        )
        typed |= typed_of(form)
    return typed | {f"{kind}-{ROW_COUNT}": str(number)}


def _typed_role(company: Company, offer: Offer) -> dict[str, str]:
    initial = _company_initial(company) | {
        "title": offer.title,
        "role_family": offer.role_family.key if offer.role_family else "",
        "level": offer.level.key if offer.level else "",
        "location": offer.location.key,
        "work_arrangement": offer.work_arrangement,
    }
    return _typed("role", initial)


def _company_initial(company: Company) -> dict[str, Any]:
    names = ("name", *_COMPANY, "is_public", "share_price", "share_price_date")
    return {name: getattr(company, name) for name in names} | {"stage": company.stage.key}


def _typed_cash(terms: Terms) -> dict[str, str]:
    names = ("currency", "bonus_basis", *_REVISION)
    initial = {name: getattr(terms.revision, name) for name in names}
    payments = _typed_rows("payments", "cash", map(_payment_initial, terms.payments))
    return _typed("cash", initial) | payments


def _payment_initial(payment: CashPayment) -> dict[str, Any]:
    if payment.repayment_months:
        repayment = cash.PRORATED if payment.is_repayment_prorated else cash.IN_FULL
    else:
        repayment = cash.NEVER if payment.is_repayment_stated else cash.NOT_STATED
    return {
        "kind": payment.kind,
        "amount": payment.amount,
        "month": payment.month,
        "repayment": repayment,
        "repayment_months": payment.repayment_months or None,
    }


def _grant_initial(grant: EquityGrant) -> dict[str, Any]:
    initial = {name: getattr(grant, name) for name in _GRANT}
    others = ("compensation_type", "is_vesting_confirmed", "acceleration", "early_exercise")
    initial |= {name: getattr(grant, name) for name in others}
    preset = equity.preset_of(grant)
    initial["vesting_preset"] = preset
    if preset == equity.CUSTOM:
        initial |= {
            name: getattr(grant, name) for name in ("total_months", "cliff_months", "period_months")
        }
        initial |= dict(zip(equity.YEARS, grant.yearly_fractions, strict=False))
    return initial


def _benefits_initial(rows: Sequence[Benefit]) -> dict[str, Any]:
    """Return the figures of each kind; the form has one block for each, so equals are added up."""
    initial: dict[str, Any] = {}
    for row in rows:
        for figure in benefits.FIGURES[row.kind]:
            name, value = f"{row.kind}_{figure}", getattr(row, figure)
            if value is not None:
                is_sum = figure in {"yearly_value", "one_time_value"}
                initial[name] = value + (initial.get(name) or 0) if is_sum else value
        initial[f"{row.kind}_is_counted"] = row.is_counted
    return initial


def _typed_cap_table(
    table: CapTable, classes: Iterable[StockClass], scenarios: Iterable[ExitScenario]
) -> dict[str, str]:
    initial: dict[str, Any] = {
        name: (getattr(table, name), getattr(table, f"{name}_status"))
        for name in cap_table_section.FIGURES
    }
    others = ("currency", "fair_market_value_date", "last_round_date", "stock_classes_status")
    initial |= {name: getattr(table, name) for name in others}
    return (
        _typed("company", initial)
        | _typed_rows("classes", "company", (_initial(row, _STOCK_CLASS) for row in classes))
        | _typed_rows("scenarios", "company", (_initial(row, _SCENARIO) for row in scenarios))
    )


def _initial(row: Any, columns: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns}


def _typed_dates(terms: Terms) -> dict[str, str]:
    offer, revision = terms.offer, terms.revision
    initial = {
        "source": revision.source,
        "stated_date": revision.stated_date,
        "note": revision.note,
        "received_date": offer.received_date,
        "respond_by_date": offer.respond_by_date if offer.is_respond_by_stated else None,
        "start_date": offer.start_date,
        "contact_name": offer.contact_name,
        "notes": offer.notes,
    }
    return _typed("dates", initial)
