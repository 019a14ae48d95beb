"""What owning the options costs: each year, today, and at worst for nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from config.figures import amounts
from offers.models import EquityGrant
from offers.selectors.comparison import Known, Note
from offers.selectors.decision.cases import Reading
from offers.selectors.decision.shapes import ExerciseLens, Figure, Worked
from offers.selectors.decision.wording import LETTER, figure, money, number, row, unknown
from offers.selectors.equity import GrantFacts, vesting_terms
from offers.valuation import ExercisePlan, OptionGrant, exercise_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The options of one offer with their plan, in the currency of the cap table."""

    reading: Reading
    options: tuple[GrantFacts, ...]
    plan: ExercisePlan | None
    """None where the price or the number of options is not known."""
    currency: str

    @property
    def early(self) -> frozenset[str]:
        return frozenset(each.grant.early_exercise for each in self.options)

    def money(self, amount: float) -> str:
        return money(amount, self.currency)


def planned(reading: Reading, *, n_years: int, today: dt.date) -> Planned:
    """Return the options of one offer; without any, `options` is empty."""
    side = reading.side
    equity = side.numbers.private_equity or side.numbers.public_equity
    options = tuple(each for each in equity.grants if each.is_option) if equity else ()
    table = side.terms.cap_table
    appraisal = table.fair_market_value if table and side.numbers.private_equity else None
    is_known = all(
        each.quantity is not None and each.grant.exercise_price is not None for each in options
    )
    plan = None
    if options and is_known:
        plan = exercise_plan(
            [
                OptionGrant(
                    units=each.quantity or 0.0,
                    exercise_price=float(each.grant.exercise_price or 0),
                    vesting_terms=vesting_terms(each.grant),
                    fair_market_value=float(appraisal) if appraisal is not None else None,
                    may_exercise_early=each.grant.early_exercise == EquityGrant.YesNo.YES,
                )
                for each in options
            ],
            n_years=n_years,
            as_of=today,
        )
    return Planned(
        reading=reading,
        options=options,
        plan=plan,
        currency=table.currency
        if table and side.numbers.private_equity
        else side.terms.revision.currency,
    )


def exercise_lens(
    readings: Sequence[Reading], *, n_years: int, today: dt.date
) -> ExerciseLens | None:
    """Return the planner; None where nobody offers options."""
    all_planned = [planned(reading, n_years=n_years, today=today) for reading in readings]
    if not any(each.options for each in all_planned):
        return None
    columns = [each.reading.side.column for each in all_planned]
    return ExerciseLens(
        rows=(
            row(
                "each_year",
                "As it vests, each year",
                columns,
                ([_each_year(each)] for each in all_planned),
                hint="what exercising each year’s vesting costs",
            ),
            row(
                "now",
                "Everything, now",
                columns,
                ([_now(each)] for each in all_planned),
                hint="where early exercise is allowed",
            ),
            row(
                "election",
                "83(b) election",
                columns,
                ([_election(each)] for each in all_planned),
                hint="United States: 30 days after an early exercise, and never again",
            ),
            row(
                "worst",
                "At worst, lost",
                columns,
                ([_worst(each)] for each in all_planned),
                hint="all you paid, if the shares end at nothing",
            ),
        )
    )


def _missing(each: Planned) -> Figure | None:
    if not each.options:
        return unknown(Known.NOT_APPLICABLE, "No options")
    if each.plan is None:
        return unknown(Known.NOT_KNOWN, "The exercise price or the number of options is not known")
    return None


def _each_year(each: Planned) -> Figure:
    if (missing := _missing(each)) or each.plan is None:
        return missing or unknown(Known.NOT_KNOWN)
    costs, to_date = each.plan.cost_by_year.tolist(), each.plan.cost_to_date.tolist()
    shown = [each.money(cost) for cost in costs]
    text = (
        shown[0]
        if len(set(shown)) == 1
        else f"{each.money(min(costs))} to {each.money(max(costs))}"
    )
    return figure(
        text,
        *(
            f"Year {year}: {cost}, {each.money(total)} so far"
            for year, (cost, total) in enumerate(zip(shown, to_date, strict=True), start=1)
        ),
        worked=Worked(
            formula="units that vest in the year × exercise price",
            inputs=(
                *(
                    (
                        f"{facts.grant.get_compensation_type_display()}",
                        (
                            f"{number(facts.quantity or 0.0, 2)} at "
                            f"{amounts.price(facts.grant.exercise_price or 0, each.currency)}"
                        ),
                    )
                    for facts in each.options
                ),
                *(
                    (f"Vest in year {year}", number(units, 2))
                    for year, units in enumerate(each.plan.units_by_year.tolist(), start=1)
                ),
            ),
            anchor="exercise",
            source=LETTER,
        ),
    )


def _now(each: Planned) -> Figure:
    if (missing := _missing(each)) or each.plan is None:
        return missing or unknown(Known.NOT_KNOWN)
    if each.plan.cost_now is None:
        is_refused = each.early == {EquityGrant.YesNo.NO}
        return (
            unknown(Known.NONE, text="Not allowed")
            if is_refused
            else unknown(Known.NOT_STATED, "Ask whether early exercise is allowed")
        )
    spread = each.plan.spread_now
    return figure(
        each.money(each.plan.cost_now),
        "409A price not known, so the taxable spread is not either"
        if spread is None
        else "No spread over the 409A price today: an 83(b) election would report nothing"
        if not spread
        else Note(
            f"{each.money(spread)} of spread over the 409A price is what tax is about", "warn"
        ),
        worked=Worked(
            formula="all units × exercise price; spread: units × max(0, 409A − exercise price)",
            inputs=(
                ("Cost", each.money(each.plan.cost_now)),
                ("Spread", "not known" if spread is None else each.money(spread)),
            ),
            anchor="exercise",
            source="26 CFR § 1.83-2(b); your letter",
        ),
    )


def _election(each: Planned) -> Figure:
    if (missing := _missing(each)) or each.plan is None:
        return missing or unknown(Known.NOT_KNOWN)
    if each.plan.election_due is None:
        return unknown(Known.NOT_APPLICABLE, "Only for shares bought before they vest")
    return figure(
        f"by {amounts.long_day(each.plan.election_due)}",
        "if you exercised today; the clock starts on the day you do",
        worked=Worked(
            formula="day of the exercise + 30 days; a weekend that would extend it is not relied on",
            inputs=(("Last day", amounts.long_day(each.plan.election_due)),),
            anchor="exercise",
            source="26 CFR § 1.83-2(b)",
        ),
    )


def _worst(each: Planned) -> Figure:
    if (missing := _missing(each)) or each.plan is None:
        return missing or unknown(Known.NOT_KNOWN)
    return figure(
        each.money(each.plan.worst_loss),
        "plus any tax you paid on the spread",
        is_big=True,
        worked=Worked(
            formula="the larger of exercising all that vests within the horizon and exercising now",
            inputs=(
                ("By the end of the horizon", each.money(float(each.plan.cost_to_date[-1]))),
                (
                    "Now",
                    "not allowed or not stated"
                    if each.plan.cost_now is None
                    else each.money(each.plan.cost_now),
                ),
            ),
            anchor="exercise",
            source=LETTER,
        ),
    )
