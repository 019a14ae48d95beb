"""Leaving: what each offer keeps, owes and loses, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.figures import amounts
from config.figures.charts import DataTable, month_chart, shared_scale
from offers.models import EquityGrant
from offers.selectors.comparison import Known
from offers.selectors.decision.cases import Reading
from offers.selectors.decision.shapes import (
    LEAVING_MONTHS,
    Figure,
    FigureRow,
    LeavingLens,
    Levers,
    MonthCell,
    Worked,
)
from offers.selectors.decision.wording import LETTER, figure, money, number, rate, row, unknown
from offers.selectors.equity import vesting_terms
from offers.selectors.numbers import converter
from offers.valuation import Leaving, LeavingGrant, leaving

MONTHS: Final = tuple(range(LEAVING_MONTHS + 1))
DAYS_OF_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One offer, for someone who leaves; amounts in the page's currency."""

    reading: Reading
    leaving: Leaving
    rate: float
    units: float | None
    """All units of the offer; None where the size of a grant is not known."""
    window_days: tuple[int | None, ...]
    """The windows of its options; empty where there are none."""
    is_price_known: bool

    @property
    def has_grants(self) -> bool:
        return bool(self.reading.side.terms.grants)

    @property
    def has_options(self) -> bool:
        return bool(self.window_days)

    @property
    def has_second_trigger(self) -> bool:
        return any(_needs_exit(grant) for grant in self.reading.side.terms.grants)

    def money(self, amount: float) -> str:
        return money(amount * self.rate, self.reading.side.currency)


def left(reading: Reading, levers: Levers) -> Left:
    """Return one offer over all months."""
    side = reading.side
    equity = side.numbers.private_equity or side.numbers.public_equity
    facts = equity.grants if equity else ()
    convert = converter(side.terms.revision.currency, side.rates)
    table = side.terms.cap_table
    currency = table.currency if table else side.terms.revision.currency
    prices = [
        convert(float(each.grant.exercise_price), currency)
        if each.is_option and each.grant.exercise_price is not None
        else None
        for each in facts
    ]
    grants = [
        LeavingGrant(
            units=each.quantity or 0.0,
            vesting_terms=vesting_terms(each.grant),
            exercise_price=price or 0.0,
            window_days=each.grant.post_termination_window_days,
            needs_exit=_needs_exit(each.grant),
            expiry_months=each.grant.expiry_months,
        )
        for each, price in zip(facts, prices, strict=True)
    ]
    case = reading.kindest
    return Left(
        reading=reading,
        leaving=leaving(
            case.cash,
            grants,
            MONTHS,
            exit_month=12.0 * case.exit_years,
            withheld_rate=float(levers.withheld_rate or 0),
        ),
        rate=case.rate,
        units=None
        if any(each.quantity is None for each in facts)
        else sum(each.quantity or 0.0 for each in facts),
        window_days=tuple(
            each.grant.post_termination_window_days for each in facts if each.is_option
        ),
        is_price_known=all(
            price is not None for each, price in zip(facts, prices, strict=True) if each.is_option
        ),
    )


def leaving_lens(readings: Sequence[Reading], levers: Levers) -> LeavingLens:
    """Return the pictures on one scale, one month in figures, and every month as a table."""
    all_left = [left(reading, levers) for reading in readings]
    scale = shared_scale(
        float(each.leaving.cash_paid.max()) * each.rate
        for each in all_left
        if each.reading.side.column.is_comparable
    )
    month = levers.month
    return LeavingLens(
        month=month,
        has_net=levers.withheld_rate is not None,
        cells=tuple(
            MonthCell(
                column=each.reading.side.column,
                chart=month_chart(
                    (each.leaving.cash_kept * each.rate).tolist(),
                    (each.leaving.cash_paid * each.rate).tolist(),
                    _fractions(each),
                    scale=scale,
                    month=month,
                    currency=each.reading.side.currency,
                )
                if each.reading.side.column.is_comparable
                else None,
                words=_in_words(each),
            )
            for each in all_left
        ),
        rows=_rows(all_left, month, levers),
        table=_table(
            next(each for each in all_left if each.reading.side.column.key == levers.second)
        ),
    )


def _needs_exit(grant: EquityGrant) -> bool:
    return grant.compensation_type == EquityGrant.CompensationType.DOUBLE_TRIGGER_RSU


def _fractions(each: Left) -> list[float]:
    if not each.units:
        return []
    return [min(1.0, vested / each.units) for vested in each.leaving.vested_units.tolist()]


def _in_words(each: Left) -> str:
    """Return what the first year does: the cliff, and what would have to be paid back."""
    if not each.has_grants:
        return "No equity to lose."
    if each.units is None:
        return "The size of the grant is not known, so only cash is drawn."
    vested = each.leaving.vested_units
    first = next((month for month in MONTHS if vested[month] > 0), None)
    if first is None:
        return f"Nothing vests within {LEAVING_MONTHS} months."
    told = amounts.percent(float(vested[first]) / each.units) if each.units else "0%"
    return f"Nothing vests before month {first}; {told} on that day."


def _rows(all_left: Sequence[Left], month: int, levers: Levers) -> tuple[FigureRow, ...]:
    columns = [each.reading.side.column for each in all_left]
    rows = [
        row(
            "cash_kept",
            "Cash kept",
            columns,
            ([_cash(each, month)] for each in all_left),
            hint="paid so far, less what is owed back gross; benefits left out",
        ),
        row(
            "owed_back",
            "Owed back",
            columns,
            ([_owed(each, month, levers)] for each in all_left),
            hint="sign-on and other payments, if you resign",
        ),
        row(
            "vested",
            "Vested",
            columns,
            ([_vested(each, month)] for each in all_left),
            hint="and what is forfeited",
        ),
    ]
    if any(each.has_options for each in all_left):
        rows.append(
            row(
                "exercise",
                "To keep the options, pay",
                columns,
                ([_exercise(each, month)] for each in all_left),
                hint="within the time the letter gives after leaving",
            )
        )
    if any(each.has_second_trigger for each in all_left):
        rows.append(
            row(
                "double_trigger",
                "Waiting for an exit",
                columns,
                ([_waiting(each, month)] for each in all_left),
                hint="double-trigger units that have served their time",
            )
        )
    return tuple(rows)


def _cash(each: Left, month: int) -> Figure:
    data = each.leaving
    return figure(
        each.money(data.cash_kept[month]),
        worked=Worked(
            formula="base ÷ 12 × months + bonuses of whole years + one-off payments − owed back",
            inputs=(
                ("Months", str(month)),
                ("Paid until then", each.money(data.cash_paid[month])),
                ("Owed back, gross", each.money(data.owed_back_gross[month])),
                ("Kept", each.money(data.cash_kept[month])),
            ),
            anchor="leaving",
            source=LETTER,
        ),
    )


def _owed(each: Left, month: int, levers: Levers) -> Figure:
    payments = each.reading.side.terms.payments
    if not payments:
        return unknown(Known.NONE, text="Nothing")
    data = each.leaving
    gross = float(data.owed_back_gross[month])
    is_stated = all(payment.is_repayment_stated for payment in payments)
    note = None if is_stated else "The letter may ask for more: not every repayment is stated"
    if not gross:
        return figure(each.money(0), note)
    net = (
        f"{each.money(float(data.owed_back_net[month]))} if only what reached you is asked back"
        if levers.withheld_rate is not None
        else "State the tax withheld above to see the net amount"
    )
    return figure(
        each.money(gross),
        net,
        note,
        worked=Worked(
            formula="each payment still due, in full or × (1 − months since ÷ months stated); "
            "net: × (1 − tax withheld)",
            inputs=(
                *(
                    (
                        f"{payment.get_kind_display()}, month {payment.month}",
                        (
                            f"{amounts.money(payment.amount, each.reading.side.terms.revision.currency)}"
                            f", {payment.repayment_months} months"
                            f"{', pro rata' if payment.is_repayment_prorated else ', in full'}"
                        ),
                    )
                    for payment in payments
                ),
                ("Months", str(month)),
                (
                    "Tax withheld",
                    rate(float(levers.withheld_rate))
                    if levers.withheld_rate is not None
                    else "not stated",
                ),
            ),
            anchor="leaving",
            source=LETTER,
        ),
    )


def _vested(each: Left, month: int) -> Figure:
    if not each.has_grants:
        return unknown(Known.NOT_APPLICABLE)
    if each.units is None:
        return unknown(Known.NOT_KNOWN, "The size of the grant is not known")
    data = each.leaving
    vested, lost = float(data.vested_units[month]), float(data.forfeited_units[month])
    is_confirmed = all(grant.is_vesting_confirmed for grant in each.reading.side.terms.grants)
    return figure(
        f"{number(vested, 0)} units",
        f"{number(lost, 0)} forfeited",
        None if is_confirmed else "By an assumed schedule",
        worked=Worked(
            formula="units × part that has vested after so many whole months",
            inputs=(
                ("Units", number(each.units, 2)),
                ("Vested", number(vested, 2)),
                ("One month earlier", number(float(data.vested_units[max(month - 1, 0)]), 2)),
                ("Forfeited", number(lost, 2)),
            ),
            anchor="leaving",
            source=LETTER,
        ),
    )


def _exercise(each: Left, month: int) -> Figure:
    if not each.has_options:
        return unknown(Known.NOT_APPLICABLE)
    if each.units is None or not each.is_price_known:
        return unknown(Known.NOT_KNOWN, "Neither guessed nor zero: ask for the exercise price")
    cost = float(each.leaving.exercise_cost[month])
    return figure(
        each.money(cost),
        _window(each.window_days) if cost else None,
        "or the vested options lapse" if cost else "Nothing has vested to exercise",
        worked=Worked(
            formula="vested options × exercise price",
            inputs=(
                ("Vested options", number(float(each.leaving.vested_units[month]), 2)),
                ("Cost", each.money(cost)),
            ),
            anchor="leaving",
            source=LETTER,
        ),
    )


def _window(days: Sequence[int | None]) -> str:
    known = sorted({each for each in days if each is not None})
    if not known:
        return "how long you have is not stated"
    shown = [
        f"{number(each / DAYS_OF_A_YEAR, 1)} years"
        if each >= 2 * DAYS_OF_A_YEAR
        else f"{each} days"
        for each in known
    ]
    return f"within {' or '.join(shown)}"


def _waiting(each: Left, month: int) -> Figure:
    if not each.has_second_trigger:
        return unknown(Known.NOT_APPLICABLE)
    if each.units is None:
        return unknown(Known.NOT_KNOWN)
    data = each.leaving
    waiting, lapsing = float(data.waiting_units[month]), float(data.lapsing_units[month])
    is_stated = all(
        grant.expiry_months is not None
        for grant in each.reading.side.terms.grants
        if _needs_exit(grant)
    )
    return figure(
        f"{number(waiting, 0)} units",
        f"{number(lapsing, 0)} of them lapse before your exit"
        if lapsing
        else "None lapses before your exit"
        if is_stated
        else "When they lapse is not stated",
        worked=Worked(
            formula="units that have served their time and wait for a sale or listing; those whose "
            "expiry comes before it lapse",
            inputs=(
                ("Waiting", number(waiting, 2)),
                ("Lapsing", number(lapsing, 2)),
                ("Exit after", f"{number(12 * each.reading.kindest.exit_years, 1)} months"),
            ),
            anchor="leaving",
            source=LETTER,
        ),
    )


def _table(each: Left) -> DataTable:
    """Return every month of one offer."""
    data = each.leaving
    return DataTable(
        head=(
            "Leaving after month",
            "Cash kept",
            "Owed back, gross",
            "Vested units",
            "Forfeited units",
            "Cost to exercise",
            "Units waiting for an exit",
        ),
        rows=tuple(
            (
                str(month),
                each.money(data.cash_kept[month]),
                each.money(data.owed_back_gross[month]),
                number(float(data.vested_units[month]), 0),
                number(float(data.forfeited_units[month]), 0),
                each.money(data.exercise_cost[month]),
                number(float(data.waiting_units[month]), 0),
            )
            for month in MONTHS
        ),
    )
