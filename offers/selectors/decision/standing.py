"""Where the offers stand: what each comes to, and the exit at which one overtakes another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from offers.selectors.comparison import Known, Note
from offers.selectors.comparison.outcomes import MISSING
from offers.selectors.decision.cases import Reading
from offers.selectors.decision.shapes import Figure, FigureRow, Worked
from offers.selectors.decision.wording import (
    GOLDEN,
    LETTER,
    difference,
    figure,
    money,
    number,
    rate,
    row,
    short,
    span,
    unknown,
    years,
)
from offers.valuation import (
    ExitLine,
    OfferCase,
    Order,
    Overtaking,
    case_total,
    certain_by_year,
    certain_money,
    exit_line,
    exit_money,
    naive_break_even,
    overtaking,
    required_growth,
    worth_of_exit_money,
)
from offers.valuation.bounds import exact


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where one offer overtakes the one it is held against, read prudently and kindly.

    The other one is read prudently in both: what is not known of it does not count for it.
    """

    prudent: Overtaking
    kindest: Overtaking

    @property
    def exits(self) -> tuple[Fraction | None, Fraction | None]:
        """Return the exits above which the offer leads: the kindest first, None for never."""
        return self.kindest.first_lead, self.prudent.first_lead

    @property
    def has_one(self) -> bool:
        return self.exits[0] == self.exits[1]


def break_even(
    first: Reading, second: Reading, *, with_time: bool, with_odds: bool = False
) -> BreakEven:
    """Return where the second offer overtakes the first as its company is sold for more."""
    against = ExitLine(certain=case_total(_plain(first.prudent, with_time=with_time)))

    def crossing(case: OfferCase) -> Overtaking:
        case = _plain(case, with_time=with_time)
        if not with_odds:
            case = replace(case, exit_probability=1.0)
        return overtaking(against, exit_line(case))

    prudent = crossing(second.prudent)
    kindest = prudent if second.is_exact else crossing(second.kindest)
    return BreakEven(prudent=prudent, kindest=kindest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One offer held against the first: both break-evens and what it is behind without its stock."""

    plain: BreakEven
    timed: BreakEven
    plain_lead: Fraction
    timed_lead: Fraction


def held(first: Reading, each: Reading) -> Held | None:
    """Return how an offer with private stock stands against the first; None without any."""
    if each.low is None:
        return None
    return Held(
        plain=break_even(first, each, with_time=False),
        timed=break_even(first, each, with_time=True, with_odds=True),
        plain_lead=lead_of(first, each, with_time=False),
        timed_lead=lead_of(first, each, with_time=True),
    )


def lead_of(first: Reading, second: Reading, *, with_time: bool = True) -> Fraction:
    """Return how far the first offer is ahead of the second one's money that needs no exit."""
    ahead = case_total(_plain(first.prudent, with_time=with_time))
    return ahead - certain_money(_plain(second.base, with_time=with_time))


def exit_in_words(exits: tuple[Fraction | None, Fraction | None], currency: str) -> str:
    """Return `$39,960,000`, `$30.0M to $45.0M`, `never`, or `from $30.0M, or never`."""
    kindest, prudent = exits
    if kindest is None:
        return "Never"
    if kindest == 0 and prudent == 0:
        return "Ahead already"
    if prudent is None:
        return f"From {short(kindest, currency)}, or never" if kindest else "Ahead, or never"
    if kindest == prudent:
        return money(kindest, currency)
    return f"{short(kindest, currency)} to {short(prudent, currency)}"


# --- rows ----------------------------------------------------------------------------------------


def standing_rows(readings: Sequence[Reading], first: Reading) -> tuple[FigureRow, ...]:
    """Return what each offer comes to: without an exit, its stock at the chosen exit, together."""
    columns = [reading.side.column for reading in readings]
    certain = {
        reading.side.column.key: certain_money(reading.base)
        for reading in readings
        if reading.side.column.is_ranked
    }
    most = max(certain.values(), default=None)
    against = case_total(first.prudent)
    is_alone = sum(amount == most for amount in certain.values()) == 1 and len(certain) > 1
    return (
        row(
            "certain",
            "Needs no exit",
            columns,
            ([_certain(reading)] for reading in readings),
            hint="pay, benefits and listed stock over the horizon, as of today",
            marks=[
                "highest" if is_alone and certain.get(reading.side.column.key) == most else ""
                for reading in readings
            ],
        ),
        row(
            "stock",
            "Private stock at your exit",
            columns,
            ([_stock(reading)] for reading in readings),
            hint="after everybody ahead and the exercise money; by your odds, as of today",
        ),
        row(
            "together",
            "Both, under your assumptions",
            columns,
            ([_together(reading, first, against)] for reading in readings),
            hint=f"beside offer {first.side.column.letter}",
        ),
        row(
            "scenarios",
            "Your scenarios",
            columns,
            (_scenarios(reading, first, against) for reading in readings),
            hint="each looked at alone, with its own year and dilution; and your odds together",
            is_strong=False,
        ),
    )


def break_even_rows(readings: Sequence[Reading], first: Reading) -> tuple[FigureRow, ...]:
    """Return the exit at which each offer overtakes the first one, worked in four ways."""
    columns = [reading.side.column for reading in readings]
    letter = first.side.column.letter
    pairs = [
        (each, None if each is first else _cannot(first, each), held(first, each))
        for each in readings
    ]

    def told(
        read: Callable[[Reading, Held], Figure], *, is_reason_told: bool
    ) -> list[list[Figure]]:
        return [
            []
            if each is first
            else [read(each, found)]
            if reason is None and found is not None
            else [reason if reason and is_reason_told else unknown(Known.NOT_APPLICABLE)]
            for each, reason, found in pairs
        ]

    plain = told(lambda each, found: _plain_figure(first, each, found), is_reason_told=True)
    plain[readings.index(first)] = [_against_itself(letter)]
    rows = [
        row(
            "break_even",
            f"Overtakes {letter} above",
            columns,
            plain,
            hint="the company sold for this, a dollar of any year worth a dollar",
        ),
        row(
            "with_time",
            "With time value and odds",
            columns,
            told(lambda each, found: _timed_figure(first, each, found), is_reason_told=False),
            hint="at your discount rate, year of the exit and odds",
        ),
        row(
            "naive",
            "“My percent times the exit”",
            columns,
            told(lambda each, found: _naive(first, each, found), is_reason_told=False),
            hint="what it would be if nobody were paid before you",
            is_strong=False,
        ),
        row(
            "growth",
            "What the company must do",
            columns,
            told(lambda each, found: _growth(each, found.plain), is_reason_told=False),
            hint="from its last round to the break-even",
            is_strong=False,
        ),
    ]
    if first.low is not None and first.last_round and len(_private(readings)) > 1:
        rows.append(
            row(
                "alike",
                "If both do equally well",
                columns,
                told(lambda each, _: _alike_figure(first, each), is_reason_told=False),
                hint=f"the same multiple of each last round; {letter} leads elsewhere",
                is_strong=False,
            )
        )
    return tuple(rows)


def _private(readings: Sequence[Reading]) -> list[Reading]:
    """Return the offers whose private stock can be told."""
    return [each for each in readings if each.low is not None]


# --- figures -------------------------------------------------------------------------------------


def _certain(reading: Reading) -> Figure:
    case, currency = reading.base, reading.side.currency
    total = certain_money(case)
    inputs = [
        (f"Year {place}", money(amount, currency))
        for place, amount in enumerate(certain_by_year(case), start=1)
    ]
    inputs.append(("Discount rate", rate(case.discount_rate)))
    if reading.side.column.is_converted:
        inputs.append(("Exchange rate", number(case.rate, 6)))
    return figure(
        short(total, currency),
        f"{short(total / case.horizon_years, currency)} a year on average",
        is_big=True,
        worked=Worked(
            formula="sum of each year’s money ÷ (1 + discount rate)^year",
            inputs=(*inputs, ("Together", money(total, currency))),
            anchor="pay",
            source=LETTER,
        ),
    )


def _stock(reading: Reading) -> Figure:
    if not reading.has_private_stock:
        return unknown(Known.NOT_APPLICABLE, _no_stock(reading))
    if reading.low is None or reading.high is None:
        return unknown(Known.NOT_KNOWN, _needs(reading))
    currency = reading.side.currency
    ends = [exit_money(case) for case in (reading.low, reading.high)]
    case = reading.high
    raw = [worth / weight if (weight := worth_of_exit_money(case)) else worth for worth in ends]
    return figure(
        span(ends, currency, is_short=True),
        f"if sold for {short(case.exit_proceeds, currency)} in {years(case.exit_years)}",
        None if reading.is_exact else Note("The preferences ahead of you are not known", "warn"),
        is_big=True,
        worked=Worked(
            formula="payout(exit) × odds ÷ (1 + discount rate)^years",
            inputs=(
                ("Exit", money(case.exit_proceeds, currency)),
                ("Payout after everybody ahead", span(raw, currency)),
                ("Odds", rate(case.exit_probability)),
                ("Dilution until then", rate(case.dilution_fraction)),
                ("Years", number(case.exit_years, 2)),
                ("Discount rate", rate(case.discount_rate)),
            ),
            anchor="stack",
            source=GOLDEN,
        ),
    )


def _together(reading: Reading, first: Reading, against: Fraction) -> Figure:
    currency = reading.side.currency
    ends = [case_total(case) for case in (reading.prudent, reading.kindest)]
    beside = None
    if reading is not first and reading.side.column.is_comparable:
        gaps = [end - against for end in ends]
        beside = _beside(gaps, first.side.column.letter, currency)
    return figure(
        span(ends, currency, is_short=True),
        beside,
        worked=Worked(
            formula="needs no exit + private stock at your exit",
            inputs=(
                ("Needs no exit", money(certain_money(reading.base), currency)),
                (
                    "Private stock",
                    span([end - certain_money(reading.base) for end in ends], currency),
                ),
                (f"Offer {first.side.column.letter}, read prudently", money(against, currency)),
            ),
            anchor="break-even",
            source=LETTER,
        ),
    )


def _beside(gaps: Sequence[Fraction], letter: str, currency: str) -> str:
    """Return `$120,000 more than A`, or both ends of it; as much is told as such."""
    told = list(dict.fromkeys(difference(gap, currency) for gap in gaps))
    if told == ["as much"]:
        return f"as much as {letter}"
    return f"{' to '.join(told)} than {letter}"


def _scenarios(reading: Reading, first: Reading, against: Fraction) -> list[Figure]:
    equity = reading.side.numbers.private_equity
    if equity is None:
        return [unknown(Known.NOT_APPLICABLE)]
    if reading.low is None or reading.high is None:
        return [unknown(Known.NOT_KNOWN)]
    currency, letter = reading.side.currency, first.side.column.letter
    cases = [reading.low] if reading.is_exact else [reading.low, reading.high]
    zero = certain_money(reading.base)
    inputs = [("Needs no exit", money(zero, currency))]
    weighted = [Fraction(0) for _ in cases]

    def beside(ends: Sequence[Fraction]) -> str:
        if reading is first:
            return ""
        return f": {_beside([end - against for end in ends], letter, currency)}"

    told = [figure(short(zero, currency), f"Common stock gets nothing{beside([zero])}")]
    for scenario in equity.scenarios:
        proceeds = reading.side.scaled([scenario.exit_proceeds.high])[0]
        odds = scenario.probability or 0.0
        ends = []
        for place, case in enumerate(cases):
            worth = exit_money(
                replace(
                    case,
                    exit_proceeds=proceeds,
                    exit_years=scenario.years or 0.0,
                    exit_probability=1.0,
                    dilution_fraction=min(scenario.dilution_fraction, 0.99),
                )
            )
            weighted[place] += exact(odds) * worth
            ends.append(zero + worth)
        worths = span([end - zero for end in ends], currency)
        inputs.append((scenario.name, f"{rate(odds)} × {worths}"))
        when = f"{short(proceeds, currency)} in {years(scenario.years or 0.0)}"
        told.append(
            figure(
                span(ends, currency, is_short=True),
                f"{scenario.name}, {when}, {rate(odds)}{beside(ends)}",
            )
        )
    if equity.scenarios:
        told.append(
            figure(
                span([zero + part for part in weighted], currency, is_short=True),
                "Weighted by your own odds; no outcome pays just this",
                worked=Worked(
                    formula="needs no exit + sum of odds × payout ÷ (1 + discount rate)^years, "
                    "each with its own dilution",
                    inputs=(*inputs, ("Discount rate", rate(cases[0].discount_rate))),
                    anchor="stack",
                    source=GOLDEN,
                ),
            )
        )
    return told


def _plain_figure(first: Reading, each: Reading, found: Held) -> Figure:
    currency = each.side.currency
    return figure(
        exit_in_words(found.plain.exits, currency),
        _why_not(found.plain, each),
        *_later_crossings(found.plain, first, currency),
        is_big=True,
        worked=_worked(first, each, found.plain, found.plain_lead, with_time=False),
    )


def _timed_figure(first: Reading, each: Reading, found: Held) -> Figure:
    case, currency = each.kindest, each.side.currency
    is_same = not case.discount_rate and case.exit_probability == 1.0
    note = (
        "The same: your discount rate is 0% and the odds 100%"
        if is_same
        else f"{rate(case.discount_rate)} a year, exit in {years(case.exit_years)}, "
        f"odds {rate(case.exit_probability)}"
    )
    return figure(
        exit_in_words(found.timed.exits, currency),
        note,
        worked=_worked(first, each, found.timed, found.timed_lead, with_time=True),
    )


def _alike_figure(first: Reading, each: Reading) -> Figure:
    """Return every multiple of the last rounds from which, and to which, the offer leads."""
    if each.last_round is None or first.last_round is None:
        return unknown(Known.NOT_KNOWN, "The last round’s valuation is not known")
    lines = [
        replace(line, payoff=line.payoff.in_multiples_of(exact(size)))
        for line, size in (
            (exit_line(first.prudent), first.last_round),
            (exit_line(each.prudent), each.last_round),
        )
    ]
    found = overtaking(lines[0], lines[1])
    stretches = _leads(found)
    letters = first.side.column.letter, each.side.column.letter
    return figure(
        ", and ".join(stretches) or "Never ahead",
        f"{letters[1]} leads there, at your odds, years and discount rate" if stretches else None,
        worked=Worked(
            formula="both totals as functions of one multiple, solved where they are equal",
            inputs=(
                *(
                    (
                        f"Last round of {letter}",
                        money(reading.last_round or 0.0, each.side.currency),
                    )
                    for letter, reading in zip(letters, (first, each), strict=True)
                ),
                *(
                    ("The order changes at", f"{number(float(crossing.exit_proceeds), 4)} times")
                    for crossing in found.crossings
                ),
            ),
            anchor="break-even",
            source=GOLDEN,
        ),
    )


def _leads(found: Overtaking) -> list[str]:
    """Return the stretches of multiples in which the second offer is ahead."""
    told: list[str] = []
    start = Fraction(0) if found.at_nothing is Order.SECOND_AHEAD else None
    for crossing in found.crossings:
        if crossing.after is Order.SECOND_AHEAD:
            start = crossing.exit_proceeds
        elif start is not None:
            ends = [number(float(end), 2) for end in (start, crossing.exit_proceeds)]
            told.append(f"{ends[0]} to {ends[1]} times")
            start = None
    if start is not None:
        told.append(f"above {number(float(start), 2)} times" if start else "at any multiple")
    return told


def _cannot(first: Reading, each: Reading) -> Figure | None:
    """Return why there is no break-even, if there is none to tell."""
    if not (first.side.column.is_comparable and each.side.column.is_comparable):
        return unknown(Known.NOT_KNOWN, "No exchange rate on record")
    if not each.has_private_stock:
        gap = certain_money(each.base) - case_total(first.prudent)
        letter = first.side.column.letter
        return unknown(
            Known.NOT_APPLICABLE,
            f"No exit moves it: {_beside([gap], letter, each.side.currency)}",
        )
    if each.low is None:
        return unknown(Known.NOT_KNOWN, _needs(each))
    return None


def _why_not(found: BreakEven, each: Reading) -> str | None:
    if found.kindest.first_lead is None:
        return "No exit pays enough for it"
    if found.prudent.at_nothing is Order.SECOND_AHEAD:
        return "It leads even if its stock pays nothing"
    if not each.is_exact:
        return "The preferences ahead of you are not known"
    return None


def _later_crossings(found: BreakEven, first: Reading, currency: str) -> list[str]:
    """Return every further exit at which the order changes, where there is more than one."""
    if not found.has_one:
        return []
    letter = first.side.column.letter
    return [
        f"{letter} leads again above {money(each.exit_proceeds, currency)}"
        if each.after is Order.FIRST_AHEAD
        else f"Level from {money(each.exit_proceeds, currency)}"
        if each.after is Order.LEVEL
        else f"Leads again above {money(each.exit_proceeds, currency)}"
        for each in found.prudent.crossings[1:]
    ]


def _worked(
    first: Reading, each: Reading, found: BreakEven, lead: Fraction, *, with_time: bool
) -> Worked:
    currency, case = each.side.currency, each.kindest
    letter = first.side.column.letter
    inputs = [(f"{letter} is ahead without the stock by", money(lead, currency))]
    if with_time:
        worth = worth_of_exit_money(case)
        inputs += [
            ("A dollar at the exit is worth", number(float(worth), 6)),
            ("The stock must pay", money(lead / worth, currency) if worth else "more than it can"),
        ]
    if case.stock is not None:
        inputs += [
            ("Units that vest within the horizon", number(_vested_units(case), 2)),
            ("Exercise money, counted", money(_exercise_cost(case) * case.stock_rate, currency)),
            ("Dilution until the exit", rate(case.dilution_fraction)),
            ("Debt paid first", money(case.stock.debt * case.stock_rate, currency)),
        ]
        claims = sum((row.claim for row in case.stock.preferred), Fraction(0))
        if each.is_exact:
            owed = money(float(claims) * case.stock_rate, currency)
            inputs.append(("Owed to preferred stock first", owed))
    inputs.append(("Break-even", exit_in_words(found.exits, currency)))
    return Worked(
        formula="the exit at which payout × odds ÷ (1 + rate)^years = lead"
        if with_time
        else "the exit at which payout = lead, solved on the straight pieces of the waterfall",
        inputs=tuple(inputs),
        anchor="break-even",
        source=GOLDEN,
    )


def naive_exit(first: Reading, each: Reading) -> Fraction | None:
    """Return the exit that "my percent times the price" would name; None where it names none."""
    if each.high is None or each.high.stock is None or not each.high.stock.fully_diluted_shares:
        return None
    lead = lead_of(first, each, with_time=False)
    if lead <= 0:
        return None
    share = exact(_vested_units(each.high)) / exact(each.high.stock.fully_diluted_shares)
    cost = exact(_exercise_cost(each.high)) * exact(each.high.stock_rate)
    return naive_break_even(lead, ownership_fraction=share, exercise_cost=cost)


def _naive(first: Reading, each: Reading, found: Held) -> Figure:
    if each.high is None or each.high.stock is None:
        return unknown(Known.NOT_APPLICABLE)
    currency = each.side.currency
    naive = naive_exit(first, each)
    if naive is None:
        return unknown(Known.NOT_APPLICABLE)
    true = found.plain.prudent.first_lead
    off = None if true is None else difference(naive - true, currency)
    return figure(
        money(naive, currency),
        "never enough once everybody ahead is paid"
        if off is None
        else "the same here"
        if off == "as much"
        else f"{off} than it takes",
        worked=Worked(
            formula="(lead + exercise money) ÷ (your units ÷ fully diluted shares)",
            inputs=(
                ("Lead", money(found.plain_lead, currency)),
                (
                    "Exercise money",
                    money(_exercise_cost(each.high) * each.high.stock_rate, currency),
                ),
                ("Your units", number(_vested_units(each.high), 2)),
                ("Fully diluted shares", number(each.high.stock.fully_diluted_shares, 2)),
            ),
            anchor="break-even",
            source="The usual rule of thumb; it ignores preferences and dilution",
        ),
    )


def _growth(each: Reading, found: BreakEven) -> Figure:
    exits = found.exits
    if exits[0] == 0 and exits[1] == 0:
        return figure("Nothing", "It leads even if the stock pays nothing")
    known = [end for end in exits if end is not None]
    if not known:
        return unknown(Known.NONE, text="Nothing it could do is enough")
    if each.last_round is None:
        return unknown(Known.NOT_KNOWN, "The last round’s valuation is not known")
    time = each.kindest.exit_years
    growths = [
        required_growth(float(end), last_post_money=each.last_round, years=time) for end in known
    ]
    multiples = [number(growth.multiple, 2) for growth in growths]
    if len(known) < len(exits):
        multiples = [f"{multiples[0]} or more"]
    told = " to ".join(dict.fromkeys(multiples))
    yearly = growths[-1].yearly_rate
    largest = growths[-1].multiple
    if largest <= 1.0:
        words = "It may shrink and still get there"
    elif yearly is None:
        words = "It would have to be worth that today"
    else:
        words = f"{rate(round(yearly, 3))} a year for {years(time)}"
    return figure(
        f"{told} times its last round",
        words,
        f"last round {short(each.last_round, each.side.currency)} after the money",
        worked=Worked(
            formula="break-even ÷ last post-money valuation; multiple^(1 ÷ years) − 1 a year",
            inputs=(
                ("Break-even", exit_in_words(exits, each.side.currency)),
                ("Last post-money valuation", money(each.last_round, each.side.currency)),
                ("Years", number(time, 2)),
            ),
            anchor="break-even",
            source=LETTER,
        ),
    )


# --- helpers that the other lenses read too ------------------------------------------------------


def _plain(case: OfferCase, *, with_time: bool) -> OfferCase:
    return case if with_time else case.without_time_value


def _against_itself(letter: str) -> Figure:
    return unknown(Known.NOT_APPLICABLE, text=f"The others are held against {letter}")


def _no_stock(reading: Reading) -> str:
    is_listed = reading.side.numbers.public_equity is not None
    return "Listed stock counts above" if is_listed else "No equity in this offer"


def _needs(reading: Reading) -> str:
    equity = reading.side.numbers.private_equity
    missing = [MISSING.get(code, code) for code in equity.missing] if equity else []
    return f"Cannot be told without {' and '.join(missing)}" if missing else "Too little is known"


def _vested_units(case: OfferCase) -> float:
    if case.stock is None:
        return 0.0
    return sum(
        grant.stock_class.shares * float(grant.vested_fraction) for grant in case.stock.grants
    )


def _exercise_cost(case: OfferCase) -> float:
    """Return what exercising what vests costs, in the cap table's currency."""
    if case.stock is None:
        return 0.0
    return sum(
        grant.stock_class.shares
        * float(grant.vested_fraction)
        * (grant.stock_class.exercise_price or 0.0)
        for grant in case.stock.grants
    )
