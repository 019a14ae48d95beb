"""At a glance: what counts, private stock beside it, and when an answer is due."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from config.figures import amounts
from config.figures.charts import deadline_line
from offers.models import Offer
from offers.selectors.comparison.outcomes import missing_in_words, simulated
from offers.selectors.comparison.rows import caution, cell, known, missing, row
from offers.selectors.comparison.shapes import Cell, Glance, Known, Note, Part
from offers.selectors.comparison.sides import Side

NOT_COUNTED: Final = caution("Verbal, not counted")
NO_BASE: Final = caution("Without base salary: not stated")


def glance(sides: Sequence[Side], *, today: dt.date) -> Glance:
    """Return the key figures of every offer; a mixed total is never marked as the best."""
    years = sides[0].numbers.n_years
    over = "one year" if years == 1 else f"{amounts.count(years)} years"
    at_rate = _at_rate(sides[0])
    rows = (
        row(
            sides,
            "counted",
            "Pay you can count on",
            _counted,
            hint=f"contract cash and what is likely or can be sold, {over}{at_rate}",
        ),
        row(
            sides,
            "private",
            "Private stock beside it",
            _private,
            hint="may be worth nothing, so it is in no total",
        ),
        row(
            sides,
            "contract_cash",
            "Contract cash",
            _contract_cash,
            hint=f"salary, promised bonus and one-off payments, {over}{at_rate}",
            mark="highest",
        ),
        row(sides, "year_one", "Year 1", _year_one, hint="what counts of it"),
        row(sides, "average_year", "Average year", _average_year, hint=f"of {over}"),
        row(sides, "base_share", "Share of base salary", _base_share, hint="in what counts"),
        row(sides, "answer_due", "Answer due", _answer_due),
        row(sides, "state", "State", _state),
    )
    due = [
        (side.column.position, side.terms.offer.respond_by_date)
        for side in sides
        if side.column.is_open and side.terms.offer.respond_by_date is not None
    ]
    return Glance(key="glance", rows=rows, deadlines=deadline_line(due, today=today))


def left_out(side: Side) -> tuple[Note, ...]:
    """Return what the totals of an offer do not contain because nobody stated it."""
    notes = []
    if side.terms.revision.base_salary is None:
        notes.append(NO_BASE)
    public = side.numbers.public_equity
    if public is not None and not any(public.by_year):
        notes.append(caution("Without its stock: size or share price not stated"))
    return tuple(notes)


def _counted(side: Side) -> Cell:
    counted = side.present(side.numbers.yearly.counted)
    notes = [*left_out(side)]
    if not side.column.is_in_writing:
        notes.insert(0, NOT_COUNTED)
    if parts := _parts(side):
        notes.append(Note(parts))
    if not side.column.is_comparable:
        notes.append(caution(f"In {side.currency}: no rate on record, so not ranked"))
    if not counted and side.terms.revision.base_salary is None:
        return cell(side, missing(Known.NOT_STATED))
    return cell(side, known(side.short(counted), *notes, is_big=True), value=counted)


def _parts(side: Side) -> str:
    """Return how sure the counted money is: `56% contract cash, 44% bonus and tradable stock`."""
    yearly = side.numbers.yearly
    counted = side.present(yearly.counted)
    if not counted:
        return ""
    likely = [
        name
        for name, by_year in (
            ("bonus", yearly.variable_bonus),
            ("benefits", yearly.benefits),
            ("tradable stock", yearly.liquid_equity),
        )
        if any(by_year)
    ]
    cash = side.present(yearly.contract_cash) / counted
    if not likely:
        return "All of it contract cash"
    *some, last = likely
    words = f"{', '.join(some)} and {last}" if some else last
    return f"{amounts.percent(cash)} contract cash, {amounts.percent(1 - cash)} {words}"


def _private(side: Side) -> Cell:
    equity = side.numbers.private_equity
    if equity is None:
        if side.terms.grants:
            return cell(
                side, missing(Known.NOT_APPLICABLE, Note("Its stock can be sold, so it counts"))
            )
        return cell(side, missing(Known.NONE))
    at_last_round = (
        Note(f"{side.span(equity.at_last_round)} at the last round’s value")
        if equity.at_last_round
        else None
    )
    is_stale = side.valuation is not None and side.valuation.is_out_of_date
    stale = caution("Out of date, being worked out again") if is_stale else None
    outcome = simulated(side)
    if outcome is not None:
        zero = side.short(0)
        odds = f"Middle 80%; at or near {zero} in {outcome.odds}"
        return cell(side, known(side.span(outcome.equity), Note(odds), at_last_round, stale))
    if side.valuation is not None and side.valuation.is_pending:
        return cell(side, missing(Known.NOT_KNOWN, at_last_round, text="Being worked out"))
    lacking = missing_in_words(side)
    why = Note(f"Needs {lacking}") if lacking else None
    return cell(side, missing(Known.NOT_KNOWN, why, at_last_round))


def _contract_cash(side: Side) -> Cell:
    total = side.present(side.numbers.yearly.contract_cash)
    is_whole = side.terms.revision.base_salary is not None
    return cell(side, _sum(side, total), value=total if is_whole else None)


def _year_one(side: Side) -> Cell:
    one_off = side.numbers.yearly.one_off[0]
    note = Note(f"With {side.money(one_off)} paid once") if one_off else None
    return cell(side, _sum(side, side.numbers.year_one, note))


def _average_year(side: Side) -> Cell:
    total = side.present(side.numbers.yearly.counted)
    return cell(side, _sum(side, total / side.numbers.n_years))


def _sum(side: Side, amount: float, note: Note | None = None) -> Part:
    """Return an amount that contains base salary, or what is known of it without."""
    if side.terms.revision.base_salary is not None:
        return known(side.money(amount), note)
    if not amount:
        return missing(Known.NOT_STATED)
    return known(side.money(amount), note, NO_BASE)


def _base_share(side: Side) -> Cell:
    if side.terms.revision.base_salary is None or not side.numbers.counted:
        return cell(side, missing(Known.NOT_STATED))
    return cell(side, known(amounts.percent(side.numbers.base_share)))


def _answer_due(side: Side) -> Cell:
    offer = side.terms.offer
    if not side.column.is_open:
        return cell(side, missing(Known.NOT_APPLICABLE))
    if offer.respond_by_date is None:
        return cell(side, known("Open", Note("No date given")))
    whose = "" if offer.is_respond_by_stated else "Our proposal, no date was named. "
    zone = Note(f"{whose}{_zone(offer)} time")
    return cell(side, Part(text="", date=offer.respond_by_date, notes=(zone,)))


def _state(side: Side) -> Cell:
    said = "" if side.column.is_in_writing else "Terms are only verbal"
    return cell(side, known(side.column.state, caution(said) if said else None))


def _zone(offer: Offer) -> str:
    """Return the place that the offer's time zone is named for: `New York`."""
    return offer.location.time_zone.rsplit("/", 1)[-1].replace("_", " ")


def _at_rate(side: Side) -> str:
    if not side.discount_rate:
        return ""
    return f", in today’s money at {side.discount_in_words} a year"
