"""Doubts beside the fields that they are about. They never block; the engine finds most of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from config.figures import amounts
from config.figures.fields import FigureStatus
from market.models import Location
from offers.forms.equity import NO_EQUITY, Type
from offers.forms.section import Section, SectionForm
from offers.models import EquityGrant
from offers.selectors.terms import Terms
from offers.valuation.findings import Finding, FindingCode

SHORT_WINDOW_DAYS: Final = 90


def add_cautions(
    sections: Mapping[str, Section], terms: Terms, findings: Iterable[Finding]
) -> None:
    """Write each doubt about these terms beside the field in the sections that it is about."""
    grants = [
        row
        for row in sections["equity"].row_sets["grants"].readable
        if row.values["compensation_type"] != NO_EQUITY
    ]
    for finding in findings:
        form = _form_of(finding, sections, grants)
        name, sentence = _worded(finding, form)
        form.cautions[name] = sentence
    for form, grant in zip(grants, terms.grants, strict=True):
        _doubt_grant(form, grant, terms)
    place = sections["role"].form.context.taxonomy.locations.get(
        sections["role"].form.values.get("location") or ""
    )
    if place is not None:
        _doubt_place(place, sections["cash"].form, grants)
    if not terms.company.is_public:
        _doubt_cap_table(sections["company"], terms)


def _form_of(
    finding: Finding, sections: Mapping[str, Section], grants: list[SectionForm]
) -> SectionForm:
    if "grant" in finding.values:
        return grants[int(str(finding.values["grant"]))]
    is_cash = finding.code is FindingCode.BONUS_UNUSUAL
    return sections["cash" if is_cash else "company"].form


def _worded(finding: Finding, form: SectionForm) -> tuple[str, str]:
    """Return the name of the field that a finding belongs to, and the finding in words."""
    values = finding.values
    match finding.code:
        case FindingCode.OWNERSHIP_MISMATCH:
            return "ownership_fraction", (
                f"{_shares(values['quantity'])} of {_shares(values['fully_diluted_shares'])} shares "
                f"is {_stake(values['derived_ownership_fraction'])}. You wrote "
                f"{_stake(values['ownership_fraction'])}. Ask which is right."
            )
        case FindingCode.COMPENSATION_TYPE_UNUSUAL if values["is_public"]:
            return "compensation_type", "Listed companies rarely grant these. Check the letter."
        case FindingCode.COMPENSATION_TYPE_UNUSUAL:
            return "compensation_type", (
                "Private companies usually grant options or double-trigger RSUs. Plain RSUs are "
                "taxed as they vest, with nobody to sell them to. Check the letter."
            )
        case FindingCode.FAIR_MARKET_VALUE_OLD:
            return "fair_market_value_date", (
                f"This price is {values['age_months']} months old, and one is good for 12 at most. "
                "Ask for the new one."
            )
        case FindingCode.FAIR_MARKET_VALUE_BEFORE_ROUND:
            return "fair_market_value_date", (
                "This price is from before the last round. Ask for the one after it."
            )
        case FindingCode.PREFERRED_TO_FAIR_MARKET_VALUE:
            return "last_preferred_price", (
                f"{_times(values['ratio'])} the 409A price. It is what investors paid, "
                "not what your shares are worth."
            )
        case FindingCode.BONUS_UNUSUAL:
            basis = form.values.get("bonus_basis")
            low, high = (_percent(values[name]) for name in ("usual_low", "usual_high"))
            return "target_bonus" if basis == "amount" else "target_bonus_fraction", (
                f"This is {_percent(values['target_bonus_fraction'])} of base; most companies pay "
                f"{low} to {high}. Check it."
            )


def _doubt_grant(form: SectionForm, grant: EquityGrant, terms: Terms) -> None:
    preferred = terms.cap_table.last_preferred_price if terms.cap_table else None
    strike = grant.exercise_price
    if strike and preferred and preferred > strike:
        form.cautions["exercise_price"] = (
            f"Investors last paid {amounts.price(preferred, form.context.share_currency)}, "
            f"{_times(preferred / strike)} your exercise price. Letters often quote their price as value."
        )
    if not grant.is_vesting_confirmed:
        form.cautions["vesting_preset"] = (
            "Assumed until you tick below that the company stated it. 4 years with a 1-year cliff is the most common."
        )
    days = grant.post_termination_window_days
    if days is not None and days <= SHORT_WINDOW_DAYS:
        form.cautions["post_termination_window_days"] = (
            f"{days} days to pay for everything that vested, or lose it. "
            "Ask for longer; some companies give years."
        )


def _doubt_place(place: Location, money: SectionForm, grants: Iterable[SectionForm]) -> None:
    chosen = money.values.get("currency")
    if chosen and chosen != place.currency:
        money.cautions["currency"] = f"Pay in {place.label} is usually in {place.currency}."
    for form in grants:
        if form.values["compensation_type"] == Type.ISO and place.country_code != "US":
            form.cautions["compensation_type"] = (
                "ISOs exist in US tax law only. Elsewhere these are usually plain options (NSO)."
            )


def _doubt_cap_table(section: Section, terms: Terms) -> None:
    form, table = section.form, terms.cap_table
    if table is None or not terms.stock_classes:
        return
    if not FigureStatus(table.stock_classes_status).is_known:
        form.cautions["stock_classes_status"] = (
            "Choose how you know the classes below. Until then they do not count."
        )
    preferred = sum((row.shares * row.conversion_ratio for row in terms.stock_classes), Decimal(0))
    if table.fully_diluted_shares is not None and preferred > table.fully_diluted_shares:
        form.cautions["fully_diluted_shares"] = (
            f"The preferred classes alone make {_shares(preferred)} shares. Check both numbers."
        )


def _shares(value: object) -> str:
    return amounts.count(Decimal(str(value)))


def _stake(value: object) -> str:
    return amounts.ownership(Decimal(str(value)))


def _percent(value: object) -> str:
    return amounts.percent(Decimal(str(value)))


def _times(ratio: object) -> str:
    return f"{float(str(ratio)):,.1f} times"
