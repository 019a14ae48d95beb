"""Every term across the offers, in words; what is unknown says in which way it is unknown."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from config.figures import amounts
from config.figures.fields import FigureStatus
from offers.models import Benefit, CashPayment, EquityGrant, OfferRevision, StockClass
from offers.selectors.comparison.payouts import preferences
from offers.selectors.comparison.rows import Read, caution, cell, known, missing, row
from offers.selectors.comparison.shapes import Cell, Group, Known, Note, Part, Row, TermsLens
from offers.selectors.comparison.sides import Side
from offers.selectors.equity import Fact, GrantFacts
from offers.selectors.numbers import EXPECTED_BONUS_FRACTION

Basis = OfferRevision.BonusBasis
ReadGrant = Callable[[Side, GrantFacts], Part]

SHORT_WINDOW_DAYS: Final = 90
STALE_FAIR_MARKET_VALUE_DAYS: Final = 365
EVERY: Final = {1: "monthly", 3: "quarterly", 6: "every half year", 12: "yearly"}
ACCELERATION: Final = {
    EquityGrant.Acceleration.SINGLE: ("Single trigger", "on a sale"),
    EquityGrant.Acceleration.DOUBLE: ("Double trigger", "on a sale and losing the job"),
}
UNITS: Final = {
    EquityGrant.CompensationType.RSU: "RSUs",
    EquityGrant.CompensationType.DOUBLE_TRIGGER_RSU: "RSUs",
    EquityGrant.CompensationType.RESTRICTED_STOCK: "shares",
    EquityGrant.CompensationType.PROFIT_UNIT: "units",
}
SURE: Final = {
    FigureStatus.VERBAL: Note("Said, not in writing"),
    FigureStatus.ESTIMATED: Note("Your estimate"),
}


def terms_lens(sides: Sequence[Side], *, today: dt.date) -> TermsLens:
    """Return every term in its group; rows of things that nobody offers are left out."""
    return TermsLens(
        key="terms",
        groups=(
            _group("cash", "Cash", _cash_rows(sides)),
            _group("equity", "Equity", _equity_rows(sides)),
            _group("cap_table", "Cap table", _cap_table_rows(sides, today)),
            _group("benefits", "Benefits", _benefit_rows(sides)),
            _group("work", "Work and dates", _work_rows(sides)),
        ),
    )


def _group(key: str, title: str, rows: Sequence[Row]) -> Group:
    return Group(key=key, title=title, rows=tuple(rows))


# --- cash --------------------------------------------------------------------------------------


def _cash_rows(sides: Sequence[Side]) -> list[Row]:
    rows = [
        row(sides, "base_salary", "Base salary", _base_salary, mark="highest"),
        row(sides, "target_bonus", "Target bonus", _target_bonus),
        row(sides, "guaranteed_bonus", "Guaranteed bonus", _guaranteed_bonus, mark="highest"),
    ]
    kinds = CashPayment.Kind
    offered = {payment.kind for side in sides for payment in side.terms.payments}
    rows += [
        row(sides, str(kind.value), kind.label, _payments(kind), mark="highest")
        for kind in kinds
        if kind == kinds.SIGN_ON or kind in offered
    ]
    return rows


def _base_salary(side: Side) -> Cell:
    salary = side.terms.revision.base_salary
    if salary is None:
        return cell(side, missing(Known.NOT_STATED))
    return cell(side, known(side.money(salary), _original(side, salary)), value=float(salary))


def _target_bonus(side: Side) -> Cell:
    revision = side.terms.revision
    expected = revision.expected_bonus_fraction
    usual = EXPECTED_BONUS_FRACTION if expected is None else expected
    counted = Note(f"Not guaranteed; counted at {amounts.percent(usual)} of it")
    if revision.bonus_basis == Basis.NONE:
        return cell(side, missing(Known.NONE))
    if revision.bonus_basis == Basis.AMOUNT and revision.target_bonus is not None:
        amount = revision.target_bonus
        return cell(side, known(side.money(amount), _original(side, amount), counted))
    if revision.bonus_basis == Basis.PERCENT and revision.target_bonus_fraction is not None:
        part = revision.target_bonus_fraction
        yearly = (
            Note(f"{side.money(revision.base_salary * part)} a year")
            if revision.base_salary is not None
            else None
        )
        return cell(side, known(amounts.percent(part, _decimals(part)), yearly, counted))
    return cell(side, missing(Known.NOT_STATED))


def _guaranteed_bonus(side: Side) -> Cell:
    revision = side.terms.revision
    amount = revision.guaranteed_bonus
    if amount is None:
        is_none = revision.bonus_basis == Basis.NONE
        return cell(side, missing(Known.NONE if is_none else Known.NOT_STATED))
    first_year = Note("For the first year")
    return cell(
        side, known(side.money(amount), first_year, _original(side, amount)), value=float(amount)
    )


def _payments(kind: CashPayment.Kind) -> Read:
    def read(side: Side) -> Cell:
        payments = [each for each in side.terms.payments if each.kind == kind]
        if not payments:
            return cell(side, missing(Known.NONE))
        parts = [
            known(
                side.money(payment.amount),
                _original(side, payment.amount),
                Note(f"After {payment.month} months") if payment.month else None,
                _repayment(payment),
            )
            for payment in payments
        ]
        return cell(side, *parts, value=float(sum(each.amount for each in payments)))

    return read


def _repayment(payment: CashPayment) -> Note:
    if not payment.is_repayment_stated:
        return caution("Repayment not stated")
    if not payment.repayment_months:
        return Note("No repayment")
    what = "a falling part" if payment.is_repayment_prorated else "all of it"
    return caution(f"Repay {what} if you leave within {payment.repayment_months} months")


# --- equity ------------------------------------------------------------------------------------


def _equity_rows(sides: Sequence[Side]) -> list[Row]:
    if not any(side.terms.grants for side in sides):
        return [row(sides, "grant_type", "Type", _per_grant(_grant_type))]
    rows = [
        row(sides, "grant_type", "Type", _per_grant(_grant_type)),
        row(sides, "grant_size", "Grant", _per_grant(_grant_size)),
        row(sides, "value_today", "Value at today’s share price", _value_today),
        row(sides, "value_409a", "Value at the 409A price", _value_409a, hint="whole grant"),
        row(sides, "vesting_terms", "Vesting", _per_grant(_vesting)),
        row(sides, "exercise_cost", "Cost to exercise", _exercise_cost, hint="whole grant"),
        row(
            sides,
            "exercise_window",
            "Time to exercise after leaving",
            _window,
            mark="longest",
        ),
        row(sides, "acceleration", "Acceleration on a sale", _per_grant(_acceleration)),
        row(sides, "early_exercise", "Exercise before vesting", _per_grant(_early_exercise)),
    ]
    grants = [grant for side in sides for grant in side.terms.grants]
    if any(grant.lock_months for grant in grants):
        rows.append(row(sides, "lock_up", "Lock-up", _per_grant(_lock_up)))
    if any(_is_profit_unit(grant) for grant in grants):
        rows.append(row(sides, "participation", "Profit units", _per_grant(_participation)))
    return rows


def _grants(side: Side) -> tuple[GrantFacts, ...]:
    equity = side.numbers.private_equity or side.numbers.public_equity
    return equity.grants if equity else ()


def _per_grant(read: ReadGrant) -> Read:
    """Return one part for each grant of an offer; several grants bear their numbers."""

    def read_all(side: Side) -> Cell:
        grants = _grants(side)
        if not grants:
            return cell(side, missing(Known.NONE if read is _grant_type else Known.NOT_APPLICABLE))
        parts = [read(side, facts) for facts in grants]
        if len(parts) > 1:
            parts = [
                Part(text=f"{number}: {part.text}", known=part.known, notes=part.notes)
                for number, part in enumerate(parts, start=1)
            ]
        return cell(side, *parts)

    return read_all


def _grant_type(side: Side, facts: GrantFacts) -> Part:
    stock = "Listed stock" if side.terms.company.is_public else "Private stock"
    return known(facts.grant.get_compensation_type_display(), Note(stock))


def _grant_size(side: Side, facts: GrantFacts) -> Part:
    grant = facts.grant
    notes: list[Note] = []
    if grant.exercise_price is not None and facts.is_option:
        notes.append(Note(f"at {amounts.price(grant.exercise_price, _share_currency(side))}"))
    if facts.ownership_fraction is not None:
        derived = ", derived" if facts.is_ownership_derived else ""
        notes.append(Note(f"{amounts.ownership(facts.ownership_fraction)} fully diluted{derived}"))
    if facts.quantity is None:
        if grant.grant_value is None and grant.ownership_fraction is None:
            return missing(Known.NOT_STATED)
        if grant.grant_value is None:
            return known(amounts.ownership(float(grant.ownership_fraction or 0)), *notes[:-1])
        return known(side.money(grant.grant_value), *notes)
    if facts.is_quantity_derived and grant.grant_value is not None:
        about = Note(f"about {amounts.count(round(facts.quantity))} units, derived")
        return known(side.money(grant.grant_value), about, *notes)
    if facts.is_quantity_derived:
        notes.insert(0, Note("Derived from the percentage"))
    unit = UNITS.get(EquityGrant.CompensationType(grant.compensation_type), "options")
    return known(f"{amounts.count(round(facts.quantity, 4))} {unit}", *notes)


def _share_currency(side: Side) -> str:
    if side.terms.company.is_public:
        return side.terms.company.share_price_currency
    table = side.terms.cap_table
    return table.currency if table is not None else side.terms.revision.currency


def _value_today(side: Side) -> Cell:
    public = side.numbers.public_equity
    if public is None:
        return cell(side, missing(Known.NOT_APPLICABLE))
    price, date = side.terms.company.share_price, public.share_price_date
    if price is None:
        return cell(side, missing(Known.NOT_STATED, Note("Share price not stated")))
    shown = amounts.price(price, side.terms.company.share_price_currency)
    of = f" of {amounts.long_day(date)}" if date else ""
    value = sum(public.by_year)
    return cell(side, known(side.money(value), Note(f"{shown} a share{of}, within the horizon")))


def _value_409a(side: Side) -> Cell:
    private = side.numbers.private_equity
    if private is None:
        return cell(side, missing(Known.NOT_APPLICABLE))
    if private.at_fair_market_value is None:
        return cell(side, missing(Known.NOT_KNOWN))
    return cell(side, known(side.money(private.at_fair_market_value), Note("After exercise cost")))


def _vesting(side: Side, facts: GrantFacts) -> Part:  # noqa: ARG001 -- one of the ReadGrant
    grant = facts.grant
    every = EVERY.get(grant.period_months, f"every {grant.period_months} months")
    if grant.vesting_type == EquityGrant.VestingType.YEARLY:
        years = " / ".join(f"{part * 100:.4g}%" for part in grant.yearly_fractions)
        text = f"{years} by year, {every}"
    else:
        text = f"{_duration(grant.total_months)}, {every}"
    cliff = f"{grant.cliff_months}-month cliff" if grant.cliff_months else "No cliff"
    if not grant.is_vesting_confirmed:
        return missing(Known.NOT_STATED, Note(f"Assumed: {text}, {cliff.lower()}"))
    return known(text, Note(cliff))


def _exercise_cost(side: Side) -> Cell:
    private = side.numbers.private_equity
    if private is None or not any(facts.is_option for facts in private.grants):
        return cell(side, missing(Known.NOT_APPLICABLE))
    if private.exercise_cost is None:
        return cell(side, missing(Known.NOT_KNOWN))
    return cell(side, known(side.money(private.exercise_cost)))


def _window(side: Side) -> Cell:
    options = [facts for facts in _grants(side) if facts.is_option]
    if not options:
        return cell(side, missing(Known.NOT_APPLICABLE))
    windows = [facts.grant.post_termination_window_days for facts in options]
    stated = [days for days in windows if days is not None]
    if len(stated) < len(windows):
        return cell(side, missing(Known.NOT_STATED))
    shortest = min(stated)
    cost = side.numbers.private_equity.exercise_cost if side.numbers.private_equity else None
    is_short = shortest <= SHORT_WINDOW_DAYS
    short = caution(f"Short. Cost to exercise {side.money(cost)}" if cost else "Short")
    part = known(_days(shortest), short if is_short else None)
    # Days are no money, but a rank needs only their order.
    return Cell(column=side.column, parts=(part,), value=Decimal(shortest))


def _acceleration(side: Side, facts: GrantFacts) -> Part:  # noqa: ARG001 -- one of the ReadGrant
    grant = facts.grant
    if grant.acceleration == EquityGrant.Acceleration.NOT_STATED:
        return missing(Known.NOT_STATED)
    if grant.acceleration == EquityGrant.Acceleration.NONE:
        return missing(Known.NONE)
    text, when = ACCELERATION[EquityGrant.Acceleration(grant.acceleration)]
    of = grant.acceleration_fraction
    share = f"{amounts.percent(of)} of what has not vested, " if of is not None else ""
    window = grant.acceleration_window_months
    within = Note(f"Within {window} months") if window else None
    return known(
        text, Note(f"{share}{when}".capitalize() if not share else f"{share}{when}"), within
    )


def _early_exercise(side: Side, facts: GrantFacts) -> Part:  # noqa: ARG001 -- one of the ReadGrant
    if not facts.is_option:
        return missing(Known.NOT_APPLICABLE)
    if facts.grant.early_exercise == EquityGrant.YesNo.NOT_STATED:
        return missing(Known.NOT_STATED)
    return known(EquityGrant.YesNo(facts.grant.early_exercise).label)


def _lock_up(side: Side, facts: GrantFacts) -> Part:  # noqa: ARG001 -- one of the ReadGrant
    months = facts.grant.lock_months
    return known(_duration(months)) if months else missing(Known.NONE)


def _is_profit_unit(grant: EquityGrant) -> bool:
    return grant.compensation_type == EquityGrant.CompensationType.PROFIT_UNIT


def _participation(side: Side, facts: GrantFacts) -> Part:
    grant = facts.grant
    if not _is_profit_unit(grant):
        return missing(Known.NOT_APPLICABLE)
    threshold, cap = grant.participation_threshold_per_share, grant.participation_cap_multiple
    above = (
        Note(f"above {amounts.price(threshold, _share_currency(side))} a share")
        if threshold is not None
        else Note("threshold not stated", "warn")
    )
    return known(f"Up to {amounts.count(cap)} times the grant" if cap else "No cap", above)


# --- cap table ---------------------------------------------------------------------------------


def _cap_table_rows(sides: Sequence[Side], today: dt.date) -> list[Row]:
    if not any(side.numbers.private_equity for side in sides):
        return []

    def fact(key: str, label: str, hint: str = "") -> Row:
        return row(sides, key, label, lambda side: _fact(side, key, today), hint=hint)

    return [
        row(sides, "preferences", "Paid to investors first", _preferences),
        fact("fully_diluted_shares", "Fully diluted shares"),
        fact("fair_market_value", "409A price", "one common share, for tax"),
        fact("last_preferred_price", "Preferred price", "last round"),
        row(sides, "last_round_value", "Last round’s value", _last_round_value),
        fact("total_raised", "Money raised"),
        fact("debt", "Debt", "paid before any shares"),
    ]


def _fact(side: Side, code: str, today: dt.date) -> Cell:
    private = side.numbers.private_equity
    if private is None:
        return cell(side, missing(Known.NOT_APPLICABLE))
    fact = next(each for each in private.facts if each.code == code)
    if fact.status == FigureStatus.REFUSED:
        return cell(side, missing(Known.REFUSED))
    if fact.value is None:
        derived = private.fully_diluted_shares if code == "fully_diluted_shares" else None
        note = Note(f"{amounts.count_short(derived)} follows from the grant") if derived else None
        return cell(side, missing(Known.NOT_STATED, note))
    return cell(
        side,
        known(
            _fact_value(side, fact),
            _dated(fact.date),
            _fact_caution(side, code, fact.date, today),
            SURE.get(fact.status),
        ),
    )


def _fact_value(side: Side, fact: Fact) -> str:
    value, currency = fact.value or Decimal(0), _share_currency(side)
    if fact.kind == "shares":
        return amounts.count_short(value)
    if fact.kind == "per_share":
        return amounts.price(value, currency)
    return side.money_of(value, currency)


def _dated(date: dt.date | None) -> Note | None:
    return Note(amounts.long_day(date)) if date else None


def _fact_caution(side: Side, code: str, date: dt.date | None, today: dt.date) -> Note | None:
    private, table = side.numbers.private_equity, side.terms.cap_table
    if code == "fair_market_value" and date is not None:
        if (today - date).days > STALE_FAIR_MARKET_VALUE_DAYS:
            return caution("Older than 12 months")
        if table is not None and table.last_round_date and date < table.last_round_date:
            return caution("From before the last round")
    ratio = private.preferred_to_fair_market_value if private else None
    if code == "last_preferred_price" and ratio is not None:
        return Note(f"{amounts.count(round(ratio, 1))} times the 409A price")
    return None


def _preferences(side: Side) -> Cell:
    private = side.numbers.private_equity
    if private is None:
        return cell(side, missing(Known.NOT_APPLICABLE))
    fact = next(each for each in private.facts if each.code == "stock_classes")
    if fact.status == FigureStatus.REFUSED:
        return cell(side, missing(Known.REFUSED))
    if not private.is_stack_known:
        raised = Note("Read as all money raised, first and participating, or as nothing")
        return cell(side, missing(Known.NOT_STATED, raised))
    total = preferences(side)
    if not total:
        return cell(side, known(side.short(0), SURE.get(fact.status)))
    kinds = Note(_stack_in_words(side.terms.stock_classes))
    harsh = caution("Participating: paid first, and again") if _participates(side) else None
    return cell(side, known(total, kinds, harsh, SURE.get(fact.status)))


def _stack_in_words(classes: Sequence[StockClass]) -> str:
    """Return the multiples and kinds of a stack: `2 classes, 1x non-participating`."""
    kinds = dict.fromkeys(
        f"{amounts.count(each.liquidation_preference_multiple)}x "
        f"{each.get_participation_display().lower()}"
        for each in classes
    )
    count = len(classes)
    return f"{count} class{'' if count == 1 else 'es'}, {', '.join(kinds)}"


def _participates(side: Side) -> bool:
    return any(
        each.participation != StockClass.Participation.NONE for each in side.terms.stock_classes
    )


def _last_round_value(side: Side) -> Cell:
    private = side.numbers.private_equity
    if private is None:
        return cell(side, missing(Known.NOT_APPLICABLE))
    if private.last_round_value is None:
        return cell(side, missing(Known.NOT_KNOWN))
    how = Note("Preferred price times every share")
    return cell(side, known(side.short(private.last_round_value), how))


# --- benefits ----------------------------------------------------------------------------------


def _benefit_rows(sides: Sequence[Side]) -> list[Row]:
    offered = {benefit.kind for side in sides for benefit in side.terms.benefits}
    return [
        row(sides, f"benefit_{kind.value}", kind.label, _benefits(kind))
        for kind in Benefit.Kind
        if kind in offered
    ]


def _benefits(kind: Benefit.Kind) -> Read:
    def read(side: Side) -> Cell:
        benefits = [each for each in side.terms.benefits if each.kind == kind]
        if not benefits:
            return cell(side, missing(Known.NOT_STATED))
        return cell(side, *(_benefit(side, each) for each in benefits))

    return read


def _benefit(side: Side, benefit: Benefit) -> Part:
    salary = side.terms.revision.base_salary
    left_out = None if benefit.is_counted else Note("Not in the totals, as you chose")
    match, limit = benefit.match_fraction, benefit.match_limit_fraction
    if match is not None and limit is not None:
        formula = (
            f"{amounts.percent(match, _decimals(match))} of what you save, "
            f"up to {amounts.percent(limit, _decimals(limit))} of base"
        )
        if salary is None:
            return missing(Known.NOT_KNOWN, Note(formula), left_out)
        return known(f"{side.money(salary * match * limit)} a year", Note(formula), left_out)
    if benefit.yearly_value is not None:
        return known(f"{side.money(benefit.yearly_value)} a year", left_out)
    if benefit.one_time_value is not None:
        return known(f"{side.money(benefit.one_time_value)} once", left_out)
    return known("Offered", Note("No value stated"))


# --- work and dates ----------------------------------------------------------------------------


def _work_rows(sides: Sequence[Side]) -> list[Row]:
    return [
        row(sides, "level", "Level", _level),
        row(sides, "location", "Location", _location),
        row(sides, "start_date", "Start date", _start_date),
        row(sides, "company_stage", "Company", _company_stage),
        row(sides, "terms_date", "These terms", _terms_date),
    ]


def _level(side: Side) -> Cell:
    level = side.terms.offer.level
    return cell(side, known(level.label) if level else missing(Known.NOT_STATED))


def _location(side: Side) -> Cell:
    offer = side.terms.offer
    return cell(side, known(offer.location.label, Note(offer.get_work_arrangement_display())))


def _start_date(side: Side) -> Cell:
    date = side.terms.offer.start_date
    return cell(side, known(amounts.long_day(date)) if date else missing(Known.NOT_STATED))


def _company_stage(side: Side) -> Cell:
    company = side.terms.company
    return cell(side, known(company.stage.label, Note(company.get_size_band_display())))


def _terms_date(side: Side) -> Cell:
    revision = side.terms.revision
    source = OfferRevision.Source(revision.source)
    said = caution("Verbal, not counted") if source == OfferRevision.Source.VERBAL else None
    number = Note(f"Revision {revision.number}") if (revision.number or 1) > 1 else None
    return cell(
        side, known(f"{source.label}, {amounts.long_day(revision.stated_date)}", said, number)
    )


# --- words -------------------------------------------------------------------------------------


def _original(side: Side, amount: Decimal) -> Note | None:
    """Return the amount as it stands in the letter, where the page shows it converted."""
    if not side.column.is_converted:
        return None
    return Note(f"{amounts.money(amount, side.terms.revision.currency)} in the letter")


def _duration(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{years} year{'' if years == 1 else 's'}"


def _days(days: int) -> str:
    years, rest = divmod(days, 365)
    if years and rest <= years:  # leap days
        return f"{years} year{'' if years == 1 else 's'}"
    return f"{days:,} day{'' if days == 1 else 's'}"


def _decimals(part: Decimal) -> int:
    return 0 if part * 100 == int(part * 100) else 2
