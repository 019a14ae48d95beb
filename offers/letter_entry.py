"""From what was read in a letter to what somebody would have typed into the offer form.

Each fact is one field of the form, with the words of the letter that it comes from. What the form
has no field for is put into the notes; what the letter leaves open stays open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import gcd
from typing import Any, Final

from config.figures.fields import FigureStatus
from offers.forms import cash, equity
from offers.forms.section import ROW_COUNT
from offers.models import CashPayment, EquityGrant, OfferRevision
from offers.selectors.letters import Reading
from offers.selectors.taxonomy import Taxonomy

Type = EquityGrant.CompensationType
Basis = OfferRevision.BonusBasis

_TYPES: Final = {
    "RSU": Type.RSU,
    "PSU": Type.RSU,
    "ISO": Type.ISO,
    "NSO": Type.NSO,
    "EMI": Type.NSO,
    "RSA": Type.RESTRICTED_STOCK,
    "UNITS": Type.PROFIT_UNIT,
    "VSOP": Type.PROFIT_UNIT,
}
_TYPE_NOTES: Final = {
    "PSU": "The letter grants performance units; how many depends on results.",
    "EMI": "The letter grants EMI options (United Kingdom).",
    "VSOP": "The letter grants virtual shares; its base price is entered as the threshold.",
}
_PERIODS: Final = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
_PAID: Final = {"annual": 1, "semiannual": 2, "quarterly": 4, "monthly": 12, None: 1}
_TIMES_A_YEAR: Final = {"year": 1, "month": 12, "week": 52}
_BENEFITS: Final = {
    "learning_budget": "learning",
    "tuition": "learning",
    "equipment": "equipment",
    "home_office": "equipment",
    "compute_budget": "equipment",
}
_BENEFIT_NAMES: Final = {
    "pto": "Paid leave",
    "learning_budget": "Learning budget",
    "tuition": "Tuition",
    "equipment": "Equipment",
    "home_office": "Home office",
    "compute_budget": "Compute budget",
    "wellness": "Wellness",
    "commuter": "Commuting",
    "car_allowance": "Car allowance",
    "phone_internet": "Phone and internet",
    "housing": "Housing",
    "living_expenses": "Living expenses",
    "meals": "Meals",
    "childcare": "Childcare",
    "parental_leave": "Parental leave",
    "financial_planning": "Financial planning",
    "other": "Another benefit",
}
_RELOCATIONS: Final = {
    "reimbursement_cap": "Relocation is reimbursed up to {amount}.",
    "package_no_amount": "A relocation package, without an amount.",
}
# Where people work who say so in other words than our list of places.
_CITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "us-sf-bay": (
        *("San Francisco", "Palo Alto", "Mountain View", "Menlo Park", "Sunnyvale", "San Jose"),
        *(
            "Santa Clara",
            "Cupertino",
            "Redwood City",
            "San Mateo",
            "Oakland",
            "Berkeley",
            "Fremont",
        ),
    ),
    "us-new-york": ("New York", "Brooklyn", "Manhattan"),
    "us-seattle": ("Bellevue", "Redmond", "Kirkland"),
    "us-boston": ("Cambridge, Massachusetts", "Cambridge, MA", "Somerville"),
    "us-los-angeles": ("Santa Monica", "Culver City", "Pasadena"),
    "us-denver": ("Denver", "Boulder"),
    "us-washington-dc": ("Arlington, Virginia", "Arlington, VA", "Washington, D.C.", "Reston"),
    "us-raleigh": ("Raleigh", "Durham"),
    "ca-montreal": ("Montréal",),
    "gb-cambridge": ("Cambridge, UK", "Cambridge, United Kingdom", "Cambridge, England"),
    "de-munich": ("München",),
    "ch-zurich": ("Zürich",),
    "in-bengaluru": ("Bangalore",),
}
MONTHS_IN_A_YEAR: Final = 12
DAYS_IN_A_MONTH: Final = 30
DAYS_IN_A_YEAR: Final = 365
# The form has room for six payments; one of them may be relocation.
MOST_PAYMENTS: Final = 5
MOST_GRANTS: Final = 4
MOST_YEARS: Final = len(equity.YEARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A field of the offer form."""

    section: str
    name: str
    kind: str = ""
    number: int = 0

    @property
    def key(self) -> str:
        """Return its name in the section, as a browser sends it, behind the section's."""
        prefix = f"{self.kind}-{self.number}-" if self.kind else ""
        return f"{self.section}-{prefix}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that the letter says, as the form would hold it."""

    place: Place
    text: str
    path: str
    note: str = ""
    with_it: Mapping[str, str] = field(default_factory=dict)
    """Fields of the same form or row that follow from it."""

    @property
    def key(self) -> str:
        return self.place.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Something in the letter that the form has no field for; it goes into the notes."""

    text: str
    path: str


@dataclass(slots=True)
class Filled:
    """Everything a reading fills in."""

    facts: list[Fact] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def add(self, place: Place, value: Any, path: str, *, note: str = "", **with_it: str) -> None:
        if value is not None and value != "":
            fact = Fact(place=place, text=_text(value), path=path, note=note, with_it=with_it)
            self.facts.append(fact)


def facts_of(reading: Reading, taxonomy: Taxonomy) -> Filled:
    """Return the facts of a reading in the order of the form."""
    fields = reading["fields"]
    found = Filled()
    _role(found, fields, taxonomy, reading["document"].get("country"))
    _cash(found, fields)
    _equity(found, fields)
    _company_figures(found, fields)
    _benefits(found, fields)
    _dates(found, fields, reading["document"])
    return found


# --- the sections ------------------------------------------------------------------------------


def _role(found: Filled, fields: Reading, taxonomy: Taxonomy, country: str | None) -> None:
    found.add(Place(section="role", name="name"), fields["company"], "company")
    found.add(Place(section="role", name="title"), fields["title"], "title")
    if fields["location"]:
        key, note = place_of(fields["location"], taxonomy), ""
        if not key and (country or "").lower() in taxonomy.locations:
            key = str(country).lower()
            note = f"The letter says {fields['location']}; our list has only the country."
        if key:
            found.add(Place(section="role", name="location"), key, "location", note=note)
        else:
            found.asides.append(Aside(text=f"Location: {fields['location']}.", path="location"))


def place_of(words: str, taxonomy: Taxonomy) -> str:
    """Return the key of the one place that the words name, or nothing where none or several fit."""
    said = f" {_plain(words)} "
    fitting = [
        key
        for key, row in taxonomy.locations.items()
        if not row.is_country
        and any(f" {_plain(name)} " in said for name in (row.label, *_CITIES.get(key, ())))
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _cash(found: Filled, fields: Reading) -> None:
    salary = fields["base_salary"] or {}
    currency = salary.get("currency") or _currency(fields)
    with_it = {"currency": currency} if currency else {}
    base = Place(section="cash", name="base_salary")
    found.add(base, salary.get("annual"), "base_salary", note=_pay_note(salary), **with_it)
    _bonus(found, fields["bonus"] or {})
    number = _sign_on(found, fields["sign_on"] or {})
    _relocation(found, fields["relocation"] or {}, number)


def _pay_note(salary: Reading) -> str:
    """Say how a yearly salary follows from what was stated, where no yearly figure was."""
    stated = salary.get("stated") or []
    if not stated or any(each["period"] == "year" for each in stated):
        return ""
    each = stated[0]
    words = {
        "month": "a month",
        "semimonth": "twice a month",
        "biweek": "every two weeks",
        "week": "a week",
        "hour": "an hour",
        "day": "a day",
    }
    return f"From {_grouped(each['amount'])} {words.get(each['period'], each['period'])}."


def _currency(fields: Reading) -> str:
    for key in ("bonus", "sign_on", "relocation"):
        if fields[key] and fields[key].get("currency"):
            return str(fields[key]["currency"])
    return ""


def _bonus(found: Filled, bonus: Reading) -> None:
    percent, amount = bonus.get("target_percent"), bonus.get("target_amount")
    guaranteed = bonus.get("guaranteed_amount")
    if percent is not None:
        place = Place(section="cash", name="target_bonus_fraction")
        found.add(place, _percent(percent), "bonus.target_percent", bonus_basis=Basis.PERCENT)
    elif amount is not None:
        times = _PAID.get(bonus.get("paid"), 1)
        note = f"{times} times {_grouped(amount)}." if times > 1 else ""
        place = Place(section="cash", name="target_bonus")
        yearly = Decimal(str(amount)) * times
        found.add(place, yearly, "bonus.target_amount", note=note, bonus_basis=Basis.AMOUNT)
    if guaranteed is not None and (percent is not None or amount is not None):
        place = Place(section="cash", name="guaranteed_bonus")
        found.add(place, guaranteed, "bonus.guaranteed_amount")
    elif guaranteed is not None:
        found.asides.append(
            Aside(
                text=f"A bonus of {_grouped(guaranteed)} is guaranteed; no target is stated.",
                path="bonus.guaranteed_amount",
            )
        )
    for name, words in (("max_percent", "{}% of pay"), ("max_amount", "{}")):
        most = bonus.get(name)
        if most is not None and most not in (percent, amount):
            text = f"The bonus is at most {words.format(_grouped(most))}."
            found.asides.append(Aside(text=text, path=f"bonus.{name}"))


def _sign_on(found: Filled, sign_on: Reading) -> int:
    """Add the sign-on payments and return how many there are."""
    parts = [part for part in sign_on.get("installments") or [] if part.get("amount") is not None]
    if not parts and sign_on.get("total") is not None:
        parts = [{"amount": sign_on["total"], "due_month": None}]
    if len(parts) > MOST_PAYMENTS:
        total = sum((Decimal(str(part["amount"])) for part in parts), Decimal(0))
        text = f"The sign-on bonus of {_grouped(total)} comes in {len(parts)} payments."
        found.asides.append(Aside(text=text, path="sign_on"))
        return 0
    for number, part in enumerate(parts):
        month = part.get("due_month")
        found.add(
            Place(section="cash", name="amount", kind="payments", number=number),
            part["amount"],
            f"sign_on.installments.{number}.amount",
            note=f"Due: {part['due']}." if part.get("due") else "",
            kind=CashPayment.Kind.SIGN_ON,
            month="" if month is None else _text(month),
            **_repayment(sign_on.get("repayment")),
        )
    return len(parts)


def _relocation(found: Filled, relocation: Reading, number: int) -> None:
    kind, amount = relocation.get("kind"), relocation.get("amount")
    if kind in _RELOCATIONS:
        if kind == "package_no_amount" or amount is not None:
            text = _RELOCATIONS[kind].format(amount=_grouped(amount or 0))
            found.asides.append(Aside(text=text, path="relocation"))
    elif amount is not None:
        found.add(
            Place(section="cash", name="amount", kind="payments", number=number),
            amount,
            "relocation.amount",
            kind=CashPayment.Kind.RELOCATION,
            month="0",
            **_repayment(relocation.get("repayment")),
        )


def _repayment(repayment: Reading | None) -> dict[str, str]:
    months = (repayment or {}).get("months")
    prorated = (repayment or {}).get("prorated")
    if months is None or prorated is None:
        return {}
    return {
        "repayment": cash.PRORATED if prorated else cash.IN_FULL,
        "repayment_months": _text(months),
    }


def _equity(found: Filled, fields: Reading) -> None:
    for number, grant in enumerate(fields["equity"] or []):
        if number < MOST_GRANTS:
            _grant(found, grant, number)
        else:
            text = "There is one more grant than the form has room for."
            found.asides.append(Aside(text=text, path=f"equity.{number}"))


def _grant(found: Filled, grant: Reading, number: int) -> None:
    path = f"equity.{number}"

    def add(name: str, value: Any, leaf: str, **more: Any) -> None:
        place = Place(section="equity", name=name, kind="grants", number=number)
        found.add(place, value, f"{path}.{leaf}", **more)

    kind = _TYPES.get(grant.get("type") or "")
    if kind == Type.RSU and grant.get("liquidity_condition"):
        kind = Type.DOUBLE_TRIGGER_RSU
    add("compensation_type", kind, "type", note=_TYPE_NOTES.get(grant.get("type") or "", ""))
    note = _WHICH_OPTION if grant.get("type") == "OPTION" else ""
    add("quantity", grant.get("quantity"), "quantity", note=note)
    note = "" if grant.get("quantity") else note
    add("grant_value", (grant.get("value") or {}).get("amount"), "value", note=note)
    percent, basis = grant.get("percent_of_company"), grant.get("percent_basis")
    if basis == "fully_diluted":
        add("ownership_fraction", _percent(percent), "percent_of_company")
    elif percent is not None:
        of = "the shares outstanding" if basis == "outstanding" else "the company"
        text = f"The grant is {percent}% of {of}; ask what it is fully diluted."
        found.asides.append(Aside(text=text, path=f"{path}.percent_of_company"))
    is_unit = kind == Type.PROFIT_UNIT
    price = "participation_threshold_per_share" if is_unit else "exercise_price"
    add(price, grant.get("strike_price"), "strike_price")
    _vesting(found, grant.get("vesting"), number)
    _acceleration(found, grant.get("acceleration") or [], number)
    add("post_termination_window_days", _days(grant.get("exercise_window_months")), _WINDOW)
    early = grant.get("early_exercise")
    if early is not None:
        add("early_exercise", "yes" if early else "no", "early_exercise")


_WHICH_OPTION: Final = "The letter does not say which kind of option; the form will ask."
_WINDOW: Final = "exercise_window_months"


def _days(months: float | None) -> int | None:
    """Return a window in days: three months are the 90 days that letters mean by them."""
    if months is None:
        return None
    if months % MONTHS_IN_A_YEAR == 0:
        return int(months) // MONTHS_IN_A_YEAR * DAYS_IN_A_YEAR
    return round(months * DAYS_IN_A_MONTH)


def _vesting(found: Filled, vesting: Reading | None, number: int) -> None:
    typed = vesting_typed(vesting) if vesting else None
    place = Place(section="equity", name="vesting_preset", kind="grants", number=number)
    path = f"equity.{number}.vesting"
    if typed:
        preset = typed.pop("vesting_preset")
        found.add(place, preset, path, **typed)
    elif vesting and vesting.get("months"):
        found.asides.append(Aside(text=f"Vesting: {vesting_words(vesting)}.", path=path))


def vesting_typed(vesting: Reading) -> dict[str, str] | None:
    """Return how the form holds a schedule, or None where it cannot hold it as it stands."""
    if vesting.get("performance") or not vesting.get("months"):
        return None
    months, cliff = int(vesting["months"]), int(vesting.get("cliff_months") or 0)
    custom = vesting.get("custom")
    frequency = vesting.get("frequency")
    if frequency == "at_end":
        schedule = equity.Schedule(total_months=months, cliff_months=months, period_months=1)
    elif custom:
        built = _yearly(custom, months, cliff, _PERIODS.get(frequency or ""))
        if built is None:
            return None
        schedule = built
    else:
        period = _PERIODS.get(frequency or "", 1)
        if months % period or not _is_even(vesting, months, cliff):
            return None
        schedule = equity.Schedule(total_months=months, cliff_months=cliff, period_months=period)
    is_stated = frequency is not None and vesting.get("cliff_months") is not None
    confirmed = {"is_vesting_confirmed": "on" if is_stated else ""}
    for preset, known in equity.PRESETS.items():
        if known == schedule:
            return {"vesting_preset": preset, **confirmed}
    shares = {
        name: _percent(part * 100)
        for name, part in zip(equity.YEARS, schedule.yearly_fractions, strict=False)
    }
    return {
        "vesting_preset": equity.CUSTOM,
        "total_months": "" if shares else _text(schedule.total_months),
        "cliff_months": _text(schedule.cliff_months),
        "period_months": _text(schedule.period_months),
        **shares,
        **confirmed,
    }


def _is_even(vesting: Reading, months: int, cliff: int) -> bool:
    """Say whether what vests at the cliff is what was earned until then."""
    stated = vesting.get("cliff_percent")
    return not cliff or stated is None or abs(float(stated) - 100 * cliff / months) < 0.5


def _yearly(
    custom: Sequence[Reading], months: int, cliff: int, period: int | None
) -> equity.Schedule | None:
    years = months // MONTHS_IN_A_YEAR
    if months % MONTHS_IN_A_YEAR or not 1 <= years <= MOST_YEARS:
        return None
    shares = [Decimal(0)] * years
    steps = [int(part["month"]) for part in custom]
    for step, part in zip(steps, custom, strict=True):
        if not 0 < step <= months:
            return None
        shares[(step - 1) // MONTHS_IN_A_YEAR] += Decimal(str(part["percent"])) / 100
    if sum(shares) != 1:
        return None
    between = [later - former for former, later in zip([0, *steps], steps, strict=False)]
    every = period or gcd(*between) or MONTHS_IN_A_YEAR
    if every not in _PERIODS.values():
        every = 1
    first = steps[0] if cliff == 0 and period is None else cliff
    return equity.Schedule(
        total_months=48 if years == 4 else months,
        cliff_months=first if first >= every and period is None else cliff,
        period_months=every,
        yearly_fractions=tuple(shares),
    )


def vesting_words(vesting: Reading) -> str:
    """Return a schedule as people say it."""
    if custom := vesting.get("custom"):
        return ", ".join(f"{part['percent']:g}% by month {part['month']:g}" for part in custom)
    words = f"{vesting.get('months'):g} months"
    if vesting.get("cliff_months"):
        words += f", {vesting['cliff_months']:g}-month cliff"
    if vesting.get("cliff_percent"):
        words += f" of {vesting['cliff_percent']:g}%"
    if vesting.get("frequency") in _PERIODS:
        words += f", {vesting['frequency']}"
    return words


def _acceleration(found: Filled, triggers: Sequence[Reading], number: int) -> None:
    known = [each for each in triggers if each.get("trigger") in ("single", "double")]
    if not known:
        return
    # The form holds one. On the sale itself is the stronger promise; the other goes into the notes.
    chosen = next((each for each in known if each["trigger"] == "single"), known[0])
    path = f"equity.{number}.acceleration"
    with_it = {}
    if chosen.get("percent") is not None:
        with_it["acceleration_fraction"] = _percent(chosen["percent"])
    if chosen["trigger"] == "double" and chosen.get("window_months") is not None:
        with_it["acceleration_window_months"] = _text(chosen["window_months"])
    found.add(
        Place(section="equity", name="acceleration", kind="grants", number=number),
        chosen["trigger"],
        path,
        **with_it,
    )
    for each in known:
        if each is not chosen or each.get("months_credit"):
            found.asides.append(Aside(text=_acceleration_words(each), path=path))


def _acceleration_words(each: Reading) -> str:
    how = "a sale" if each["trigger"] == "single" else "a sale and losing the job"
    if each.get("months_credit"):
        return f"On {how}, {each['months_credit']:g} more months vest."
    share = f"{each['percent']:g}%" if each.get("percent") is not None else "a part"
    return f"On {how}, {share} of what is unvested vests."


def _company_figures(found: Filled, fields: Reading) -> None:
    for key, name in (
        ("fmv_409a", "fair_market_value"),
        ("preferred_price", "last_preferred_price"),
    ):
        for number, grant in enumerate(fields["equity"] or []):
            if grant.get(key) is not None:
                found.add(
                    Place(section="company", name=name),
                    grant[key],
                    f"equity.{number}.{key}",
                    **{f"{name}_status": FigureStatus.WRITTEN},
                )
                break


def _benefits(found: Filled, fields: Reading) -> None:
    base = (fields["base_salary"] or {}).get("annual")
    sums: dict[str, Decimal] = {}
    first: dict[str, tuple[str, list[str]]] = {}
    for number, benefit in enumerate(fields["benefits"] or []):
        path, kind = f"benefits.{number}", benefit.get("kind")
        if kind == "retirement_match":
            _match(found, benefit, path)
        elif kind == "pension":
            _pension(found, benefit, path, base)
        elif benefit.get("amount") is not None:
            name, value = _benefit_value(benefit)
            sums[name] = sums.get(name, Decimal(0)) + value
            first.setdefault(name, (path, []))[1].append(_BENEFIT_NAMES.get(kind or "", "Another"))
        elif kind == "pto" and (benefit.get("days") or benefit.get("unlimited")):
            days = "unlimited" if benefit.get("unlimited") else f"{benefit['days']:g} days a year"
            found.asides.append(Aside(text=f"Paid leave: {days}.", path=path))
    for name, value in sums.items():
        path, names = first[name]
        found.add(Place(section="benefits", name=name), value, path, note=f"{', '.join(names)}.")


def _match(found: Filled, benefit: Reading, path: str) -> None:
    """Several tiers become one that adds as much at most."""
    tiers = benefit.get("tiers") or []
    slices = sum((Decimal(str(tier["slice_percent_of_pay"])) for tier in tiers), Decimal(0))
    if not slices:
        return
    most = sum(
        (
            Decimal(str(tier["match_percent"])) * Decimal(str(tier["slice_percent_of_pay"]))
            for tier in tiers
        ),
        Decimal(0),
    )
    note = f"{len(tiers)} steps, as one that adds as much at most." if len(tiers) > 1 else ""
    found.add(
        Place(section="benefits", name="retirement_match_fraction"),
        _percent(round(most / slices, 4)),
        path,
        note=note or f"On up to {_grouped(slices)}% of pay.",
        retirement_match_limit_fraction=_percent(slices),
    )


def _pension(found: Filled, benefit: Reading, path: str, base: Any) -> None:
    percent = benefit.get("employer_percent")
    if percent is None:
        return
    if base is None:
        found.asides.append(Aside(text=f"Pension: the employer pays {percent:g}%.", path=path))
        return
    yearly = round(Decimal(str(base)) * Decimal(str(percent)) / 100)
    place = Place(section="benefits", name="retirement_yearly_value")
    found.add(place, yearly, path, note=f"{percent:g}% of base salary.")


def _benefit_value(benefit: Reading) -> tuple[str, Decimal]:
    """Return the field of the form that a benefit in money belongs to, and its amount there."""
    amount, period = Decimal(str(benefit["amount"])), benefit.get("period")
    kind = _BENEFITS.get(benefit.get("kind") or "", "other")
    if period == "one_time":
        return f"{'other' if kind == 'learning' else kind}_one_time_value", amount
    yearly = amount * _TIMES_A_YEAR.get(period or "year", 1)
    return f"{'other' if kind == 'equipment' else kind}_yearly_value", yearly


def _dates(found: Filled, fields: Reading, document: Reading) -> None:
    start, deadline = fields["start_date"] or {}, fields["response_deadline"] or {}
    words = {
        "no_later_than": "The letter says no later than this day.",
        "on_or_about": "The letter says on or about this day.",
        "approximate": "The letter says about this day.",
    }
    found.add(
        Place(section="dates", name="stated_date"),
        document.get("letter_date"),
        "letter_date",
        received_date=document.get("letter_date") or "",
    )
    note = words.get(start.get("qualifier") or "", "")
    found.add(Place(section="dates", name="start_date"), start.get("date"), "start_date", note=note)
    at = f"By {deadline['time']}." if deadline.get("time") else ""
    place = Place(section="dates", name="respond_by_date")
    found.add(place, deadline.get("date"), "response_deadline", note=at)


# --- what would be typed -----------------------------------------------------------------------


def typed_of_facts(
    facts: Sequence[Fact], *, notes: Sequence[str] = (), source: str = OfferRevision.Source.WRITTEN
) -> dict[str, dict[str, str]]:
    """Return what somebody would have typed to enter these facts, section by section."""
    sections: dict[str, dict[str, str]] = {"dates": {"source": source}}
    rows: dict[tuple[str, str], dict[int, dict[str, str]]] = {}
    for fact in facts:
        place = fact.place
        if place.kind:
            row = rows.setdefault((place.section, place.kind), {}).setdefault(place.number, {})
        else:
            row = sections.setdefault(place.section, {})
        row |= {**fact.with_it, place.name: fact.text}
    for (section, kind), by_number in rows.items():
        target = sections.setdefault(section, {})
        for number, (_, row) in enumerate(sorted(by_number.items())):
            target |= {f"{kind}-{number}-{name}": text for name, text in row.items()}
        target[f"{kind}-{ROW_COUNT}"] = str(len(by_number))
    if notes:
        sections["dates"]["notes"] = "In the letter:\n" + "\n".join(notes)
    return sections


def places_of_facts(facts: Sequence[Fact]) -> Iterator[tuple[str, str, Fact]]:
    """Yield (section, name of the input, fact) as `typed_of_facts` numbers the rows."""
    numbers: dict[tuple[str, str], dict[int, int]] = {}
    for fact in sorted(facts, key=lambda fact: fact.place.number):
        place = fact.place
        if not place.kind:
            yield place.section, place.name, fact
            continue
        known = numbers.setdefault((place.section, place.kind), {})
        number = known.setdefault(place.number, len(known))
        yield place.section, f"{place.kind}-{number}-{place.name}", fact


def _text(value: Any) -> str:
    """Return a value as somebody would type it."""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


def _percent(value: Any) -> str:
    return "" if value is None else f"{_text(value)}%"


def _grouped(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():,f}"
