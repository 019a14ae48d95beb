"""From the rows of a talk to the facts that its scripts may hold, each with its record."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from config.figures import amounts
from negotiation.bargaining import Package
from negotiation.models import (
    Ask,
    AskRound,
    CallLog,
    Commitment,
    Component,
    Evidence,
    Negotiation,
    ReplyKind,
)
from negotiation.scripts import (
    Condition,
    Fact,
    FactBook,
    Item,
    NotOnRecord,
    Source,
    SourceKind,
    figures_in,
)
from negotiation.selectors.asks import open_gap
from negotiation.selectors.ledger import OPEN, Promise, read_promise
from negotiation.selectors.pay import yearly_pay
from negotiation.selectors.proofs import CitedOffer, QuotedRange, cited_offers, quoted_range
from negotiation.selectors.published import published_ranges
from negotiation.selectors.questions import OpenQuestion, open_questions
from negotiation.selectors.statements import EXTENSION, FIXED_WORDS, FLAGS, OWN_WORDS, YES
from negotiation.selectors.workspace import Position
from offers.deadlines import LEAST_BUSINESS_DAYS, add_business_days
from offers.models import CashPayment, EquityGrant, Offer, OfferRevision
from offers.selectors import OPEN_STATES

EXTENSION_BUSINESS_DAYS: Final = 5
USUAL_REPAYMENT_MONTHS: Final = 12
UNITS: Final = {
    EquityGrant.CompensationType.RSU: "RSUs",
    EquityGrant.CompensationType.DOUBLE_TRIGGER_RSU: "RSUs",
    EquityGrant.CompensationType.ISO: "options",
    EquityGrant.CompensationType.NSO: "options",
    EquityGrant.CompensationType.RESTRICTED_STOCK: "shares",
    EquityGrant.CompensationType.PROFIT_UNIT: "profit units",
}
MISSING_WORDS: Final = {
    "base_salary": "the base salary",
    "bonus": "the bonus: its target, how it is decided, and what was paid in recent years",
    "repayment": "whether the one-off payment must be paid back, when, and how much",
    "vesting": "the vesting schedule and its first day",
    "quantity": "the size of the equity grant, in units",
}
Values = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFacts:
    """Everything that may be said about one offer, and what holds."""

    book: FactBook
    conditions: frozenset[Condition]
    refused: tuple[str, ...]
    """Why something that was typed cannot be said, in words."""
    not_quotable: tuple[str, ...]
    calls: Sequence[CallLog] = field(default_factory=tuple)


@dataclass(slots=True)
class _Gathering:
    """Facts as they are found; one that is not honest is left out, and said why."""

    facts: list[Fact] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, make: Callable[[], Fact], label: str) -> None:
        try:
            self.facts.append(make())
        except NotOnRecord as problem:
            self.refused.append(f"{label}: {problem}.")

    def put(
        self,
        slot: str,
        text: str,
        source: Source,
        *,
        values: Iterable[Any] = (),
        dates: Iterable[dt.date] = (),
    ) -> None:
        bound = tuple(Decimal(str(value)) for value in values)
        self.add(
            lambda: Fact(slot=slot, text=text, source=source, values=bound, dates=tuple(dates)),
            slot.replace("_", " ").capitalize(),
        )

    def put_list(self, slot: str, rows: Iterable[tuple[str, Source, Values]]) -> None:
        def make() -> Fact:
            items = tuple(
                Item(text=text, source=source, values=values) for text, source, values in rows
            )
            return Fact(slot=slot, text="list", source=items[0].source, items=items)

        found = list(rows)
        if found:
            rows = found
            self.add(make, slot.replace("_", " ").capitalize())


def script_facts(position: Position) -> ScriptFacts:
    """Return what the scripts of this talk may say, and which of them are open."""
    talk, found = position.talk, _Gathering()
    revision_source = _revision_source(position.current)
    cited = cited_offers(talk, today=position.today)
    quoted, not_quotable = quoted_range(
        _ranges_on_record(position), currency=position.currency, today=position.today
    )
    calls = list(talk.calls.order_by("-held_at", "-pk"))
    promises = _promises(position)
    questions = open_questions(position.talk, position.terms)
    elsewhere = _others(talk)

    _offer_facts(found, position)
    _revision_facts(found, position, revision_source)
    _ask_facts(found, position)
    _market_facts(found, position, quoted)
    _competing_facts(found, cited)
    _promise_facts(found, position, promises)
    _call_facts(found, talk, calls, position)
    _question_facts(found, talk, questions)
    _calendar_facts(found, position)
    _statement_facts(found, talk, has_verbal_elsewhere=_has_verbal(elsewhere))
    _win_facts(found, talk)

    book = FactBook.of(found.facts, secrets=_secrets(talk))
    return ScriptFacts(
        book=book,
        conditions=frozenset(
            _conditions(position, book, cited, quoted, calls, promises, elsewhere)
        ),
        refused=tuple(found.refused),
        not_quotable=not_quotable,
        calls=calls,
    )


# --- the offer and its letter --------------------------------------------------------------------


def _offer_facts(found: _Gathering, position: Position) -> None:
    offer = position.offer
    source = Source(
        kind=SourceKind.OFFER, label="Your entry for this offer", href=_offer_href(offer)
    )
    for slot, text in (
        ("contact", offer.contact_name),
        ("role", offer.title),
        ("level", str(offer.level) if offer.level else ""),
        ("company", offer.company.name),
    ):
        if text.strip():
            found.put(slot, text, source)
    if offer.respond_by_date and offer.is_respond_by_stated:
        found.put(
            "respond_by",
            amounts.long_day(offer.respond_by_date),
            source,
            dates=[offer.respond_by_date],
        )
    if offer.start_date:
        found.put(
            "start_date", amounts.long_day(offer.start_date), source, dates=[offer.start_date]
        )


def _revision_facts(found: _Gathering, position: Position, source: Source) -> None:
    revision, terms = position.current, position.terms
    currency = position.currency
    if position.is_written:
        found.put(
            "letter_date",
            amounts.long_day(revision.stated_date),
            source,
            dates=[revision.stated_date],
        )
    if revision.base_salary is not None:
        found.put(
            "base_offered",
            amounts.money(revision.base_salary, currency),
            source,
            values=[revision.base_salary],
        )
    if terms.grants:
        text, values = grant_in_words(terms.grants[0], currency)
        if text:
            found.put("equity_offered", text, source, values=values)
    harsh = harsh_repayment(terms.payments)
    if harsh is not None:
        kind = harsh.get_kind_display().lower()
        how = "in parts" if harsh.is_repayment_prorated else "in full"
        found.put(
            "repayment_terms",
            f"the {kind} of {amounts.money(harsh.amount, currency)}, paid back {how} when I leave "
            f"within {harsh.repayment_months} months",
            source,
            values=[harsh.amount, harsh.repayment_months],
        )
    missing = [
        (MISSING_WORDS[gap.code], source, ())
        for gap in position.numbers.unknown
        if gap.code in MISSING_WORDS and (gap.section != "equity" or terms.company.is_public)
    ]
    if position.offer.level is None:
        missing.append(("the level, by your own ladder", source, ()))
    if position.offer.start_date is None:
        missing.append(("the start date", source, ()))
    if position.is_written:
        found.put_list("missing_details", missing)
    ends = equity_ends(position)
    if ends is not None:
        found.put(
            "equity_drop",
            f"the last part of the grant vests on {amounts.long_day(ends)}, and nothing follows",
            source,
            dates=[ends],
        )


def grant_in_words(grant: EquityGrant, currency: str) -> tuple[str, list[Any]]:
    """Return a grant as one says it, with its figures: `64,000 options (0.08%)`."""
    units = UNITS[EquityGrant.CompensationType(grant.compensation_type)]
    share = grant.ownership_fraction
    if grant.quantity is not None:
        text, values = f"{amounts.count(grant.quantity)} {units}", [grant.quantity]
        if share is not None:
            return f"{text} ({amounts.ownership(share)})", [*values, *_as_shown(share)]
        return text, values
    if share is not None:
        return f"{amounts.ownership(share)} of the company in {units}", [*_as_shown(share)]
    if grant.grant_value is not None:
        return f"{units} worth {amounts.money(grant.grant_value, currency)}", [grant.grant_value]
    return "", []


def _as_shown(fraction: Decimal) -> list[Decimal]:
    """Return a percentage as it is shown, so that its rounded figure is bound as well."""
    shown = Decimal(amounts.ownership(fraction).rstrip("%").replace(",", "")).scaleb(-2)
    return [fraction, shown]


def harsh_repayment(payments: Iterable[CashPayment]) -> CashPayment | None:
    """Return a payment that must be paid back in full or for longer than a year."""
    return next(
        (
            payment
            for payment in payments
            if payment.repayment_months
            and (
                not payment.is_repayment_prorated
                or payment.repayment_months > USUAL_REPAYMENT_MONTHS
            )
        ),
        None,
    )


def equity_ends(position: Position) -> dt.date | None:
    """Return the day on which the first grant has vested in full, where the start is known."""
    start = position.offer.start_date
    grants = position.terms.grants
    if start is None or not grants:
        return None
    first = grants[0].vesting_start_date or start
    years, month = divmod(first.month - 1 + grants[0].total_months, 12)
    return dt.date(first.year + years, month + 1, min(first.day, 28))


# --- the ask -------------------------------------------------------------------------------------


def open_asks(position: Position) -> list[Ask]:
    """Return the asks that still stand, in their order."""
    return [ask for ask in position.asks if ask.state in {Ask.State.DRAFT, Ask.State.PUT}]


def _ask_facts(found: _Gathering, position: Position) -> None:
    asks = open_asks(position)
    source = Source(
        kind=SourceKind.ASK,
        label="Your ask",
        date=max((timezone.localdate(ask.updated_at) for ask in asks), default=None),
        href=reverse("negotiation:ask_builder", args=[position.offer.pk]),
    )
    slots = {"base": "base_ask", "sign_on": "sign_on_ask"}
    for ask in asks:
        words, values = ask_in_words(ask, position)
        if ask.component in slots and ask.amount is not None:
            found.put(
                slots[ask.component],
                amounts.money(ask.amount, position.currency),
                source,
                values=[ask.amount],
            )
        elif ask.component == Component.EQUITY and ask.quantity is not None:
            text, values = _equity_words(ask, position)
            found.put("equity_ask", text, source, values=values)
        elif ask.component == Component.BONUS:
            found.put("bonus_ask", words, source, values=values)
        elif ask.component == Component.LEVEL and ask.term:
            found.put("level_ask", ask.term, source, values=figures_in(ask.term))
    if not asks:
        return
    said = [ask_in_words(ask, position) for ask in asks]
    found.put("main_ask", said[0][0], source, values=said[0][1])
    closing = next((ask for ask in asks if ask.component in _CLOSING), asks[-1])
    words, values = ask_in_words(closing, position)
    found.put("closing_ask", words, source, values=values)
    found.put(
        "full_ask",
        _and(words for words, _ in said),
        source,
        values=[value for _, values in said for value in values],
    )
    found.put_list("asked_items", [_asked_item(ask, position, source) for ask in asks])
    for slot, components in (
        ("term_asks", {Component.TERM}),
        ("extra_items", {Component.BENEFIT, Component.RELOCATION}),
    ):
        found.put_list(
            slot,
            [_asked_item(ask, position, source) for ask in asks if ask.component in components],
        )
    _gap_facts(found, position, source)


_CLOSING: Final = (Component.SIGN_ON, Component.TERM, Component.BENEFIT, Component.RELOCATION)


def _gap_facts(found: _Gathering, position: Position, source: Source) -> None:
    gap = open_gap(
        position.talk, terms=position.terms, numbers=position.numbers, asks=position.asks
    )
    if gap is None:
        return
    left = Decimal(str(round(gap.base_gap, 2)))
    found.put("gap", amounts.money(left, position.currency), source, values=[round(left)])
    for slot, package in zip(("option_a", "option_b"), gap.packages, strict=False):
        words, values = _package_in_words(package, position)
        if words:
            found.put(slot, words, source, values=values)


def _package_in_words(package: Package, position: Position) -> tuple[str, list[Any]]:
    """Return a package of equal value as one says it."""
    parts: list[str] = []
    values: list[Any] = []
    unit = UNITS.get(
        EquityGrant.CompensationType(position.terms.grants[0].compensation_type)
        if position.terms.grants
        else EquityGrant.CompensationType.RSU,
        "units",
    )
    for name, value in (
        ("units", package.units),
        ("sign_on", package.sign_on),
        ("base", package.base_rise),
    ):
        if not value:
            continue
        figure = Decimal(str(round(value)))
        values.append(figure)
        parts.append(
            f"{amounts.count(figure)} more {unit}"
            if name == "units"
            else f"{amounts.money(figure, position.currency)} more as sign-on bonus"
            if name == "sign_on"
            else f"{amounts.money(figure, position.currency)} more base"
        )
    return _and(parts), values


def whole_ask_in_words(position: Position) -> str:
    """Return everything that is asked for as one phrase; nothing where nothing is."""
    return _and(ask_in_words(ask, position)[0] for ask in open_asks(position))


def ask_in_words(ask: Ask, position: Position) -> tuple[str, list[Any]]:
    """Return an ask as one says it, with its figures."""
    currency = position.currency
    if ask.component == Component.EQUITY and ask.quantity is not None:
        text, values = _equity_words(ask, position)
        return f"equity of {text}", values
    if ask.amount is not None:
        names = {
            Component.BASE: "a base salary of",
            Component.SIGN_ON: "a sign-on bonus of",
            Component.BONUS: "a bonus of",
            Component.RELOCATION: "a relocation payment of",
        }
        name = names.get(Component(ask.component), f"{ask.get_component_display().lower()} of")
        return f"{name} {amounts.money(ask.amount, currency)}", [ask.amount]
    return _mid_sentence(ask.term), figures_in(ask.term)


def _mid_sentence(words: str) -> str:
    """Return a phrase without the capital letter that began its line; names keep theirs."""
    first = words.split(" ", 1)[0]
    return words[:1].lower() + words[1:] if first[1:].islower() and len(first) > 1 else words


def _equity_words(ask: Ask, position: Position) -> tuple[str, list[Any]]:
    grants = position.terms.grants
    unit = UNITS[EquityGrant.CompensationType(grants[0].compensation_type)] if grants else "shares"
    quantity = ask.quantity or Decimal(0)
    text, values = f"{amounts.count(quantity)} {unit}", [quantity]
    private = position.numbers.private_equity
    if private is not None and private.fully_diluted_shares:
        share = Decimal(str(float(quantity) / private.fully_diluted_shares))
        text = f"{text} ({amounts.ownership(share)})"
        values += _as_shown(share)
    return text, values


def _asked_item(ask: Ask, position: Position, source: Source) -> tuple[str, Source, Values]:
    words, values = ask_in_words(ask, position)
    text = words[:1].upper() + words[1:]
    now: list[Any] = []
    if ask.current_amount is not None and ask.amount is not None:
        now = [ask.current_amount]
        says = amounts.money(ask.current_amount, position.currency)
        text = f"{text} (the letter {f'says {says}' if ask.current_amount else 'has none'})"
    elif ask.current_quantity is not None and ask.quantity is not None:
        now = [ask.current_quantity]
        text = f"{text} (the letter says {amounts.count(ask.current_quantity)})"
    return text, source, tuple(Decimal(str(value)) for value in (*values, *now))


def _ranges_on_record(position: Position) -> Sequence[Evidence]:
    """Return the ranges to quote from: after yes, what the market publishes now, if it does."""
    if not position.is_frozen:
        return position.evidence.rows
    published = published_ranges(position.offer, currency=position.currency)
    return [Evidence(negotiation=position.talk, **row) for row in published] or list(
        position.evidence.rows
    )


# --- the market, and other offers ------------------------------------------------------------------


def _market_facts(found: _Gathering, position: Position, quoted: QuotedRange | None) -> None:
    if quoted is None:
        return
    row, proof = quoted.row, quoted.proof
    is_network = row.kind == Evidence.Kind.NETWORK
    source = Source(
        kind=SourceKind.NETWORK if is_network else SourceKind.BENCHMARK,
        label=f"{row.get_kind_display()}: {row.label}",
        date=row.as_of_date,
        status=row.backoff_step,
        href=reverse("negotiation:ask_builder", args=[position.offer.pk]),
        quote=proof,
    )
    low, high = row.low or Decimal(0), row.high or Decimal(0)
    currency = position.currency
    what = "total pay a year" if row.component == "total" else "base salary"
    found.put("range_of", what, source)
    found.put("range_low", amounts.money(low, currency), source, values=[low])
    found.put("range_high", amounts.money(high, currency), source, values=[high])
    found.put("sources", proof.sources, source)
    found.put("n", amounts.count(proof.sample_size), source, values=[proof.sample_size])
    found.put("as_of", amounts.long_day(proof.as_of), source, dates=[proof.as_of])
    distance = low - _offered(position, row.component)
    if distance > 0:
        whole = Decimal(round(distance))
        found.put("market_gap", amounts.money(whole, currency), source, values=[whole])


def _offered(position: Position, measure: str) -> Decimal:
    if measure == "base":
        return position.current.base_salary or Decimal(0)
    paper = position.talk.paper_fraction
    return Decimal(str(round(yearly_pay(position.numbers, paper_fraction=paper), 2)))


def _competing_facts(found: _Gathering, cited: Sequence[CitedOffer]) -> None:
    if not cited:
        return
    best = cited[0]
    revision, offer = best.revision, best.revision.offer
    name = offer.company.name if best.may_be_named else "another company"
    source = Source(
        kind=SourceKind.COMPETING,
        label=f"Your offer of {offer.company.name}, revision {revision.number}",
        date=revision.stated_date,
        status=revision.get_source_display(),
        href=_offer_href(offer),
        competing=best.proof,
    )
    found.put("competing_name", name, source)
    if revision.base_salary is not None:
        found.put(
            "competing_base",
            amounts.money(revision.base_salary, revision.currency),
            source,
            values=[revision.base_salary],
        )
    grant = next(iter(revision.grants.all()), None)
    if grant is not None:
        text, values = grant_in_words(grant, revision.currency)
        if text:
            found.put("competing_equity", text, source, values=values)
    if offer.respond_by_date is not None and offer.is_respond_by_stated:
        day = offer.respond_by_date
        found.put("competing_respond_by", amounts.long_day(day), source, dates=[day])


# --- promises, calls, results ----------------------------------------------------------------------


def _promises(position: Position) -> list[Promise]:
    rows = position.talk.commitments.select_related("call").order_by("said_date", "pk")
    return [
        read_promise(row, position.terms, is_written=position.is_written)
        for row in rows
        if row.state in OPEN
    ]


def promise_in_words(row: Commitment, currency: str) -> str:
    """Return a promise as its log has it."""
    figure = ""
    if row.component == Component.EQUITY and row.quantity is not None:
        figure = amounts.count(row.quantity)
    elif row.amount is not None:
        figure = amounts.money(row.amount, currency)
    label = row.get_component_display()
    if not figure:
        return f"{label}: {row.term}"
    is_said = figure in row.term or amounts.count(row.amount or row.quantity or 0) in row.term
    return f"{label}: {row.term}" if is_said else f"{label}: {figure} ({row.term})"


def _promise_facts(found: _Gathering, position: Position, promises: Sequence[Promise]) -> None:
    currency = position.currency
    missing = [promise for promise in promises if not promise.is_found]
    found.put_list(
        "promised_items",
        [
            (promise_in_words(row.commitment, currency), _ledger_source(row.commitment), ())
            for row in missing
        ],
    )
    differences = []
    for row in missing:
        agreed = promise_in_words(row.commitment, currency)
        letter = "says nothing about it"
        if row.letter_amount is not None:
            is_units = row.commitment.component == Component.EQUITY and row.commitment.quantity
            figure = (
                amounts.count(row.letter_amount)
                if is_units
                else amounts.money(row.letter_amount, currency)
            )
            letter = f"says {figure}"
        text = f"Agreed: {agreed}. The letter {letter}."
        differences.append((text, _ledger_source(row.commitment), ()))
    found.put_list("differences", differences)


def _ledger_source(row: Commitment) -> Source:
    who = f" by {row.said_by}" if row.said_by else ""
    return Source(
        kind=SourceKind.LEDGER,
        label=f"Promised{who}, {row.get_channel_display().lower()}",
        date=row.said_date,
        status=row.get_state_display(),
        href=reverse("negotiation:ledger", args=[row.negotiation.offer_id]),
    )


def _call_facts(
    found: _Gathering, talk: Negotiation, calls: Sequence[CallLog], position: Position
) -> None:
    """Put what the log of the last call says, no more and no less."""
    if not calls:
        return
    call = calls[0]
    day = timezone.localdate(call.held_at)
    with_whom = f" with {call.person}" if call.person else ""
    source = Source(
        kind=SourceKind.CALL,
        label=f"Your log of the call{with_whom}",
        date=day,
        href=reverse("negotiation:workspace", args=[talk.offer_id]),
    )
    found.put("call_date", amounts.long_day(day), source, dates=[day])
    agreed = [
        (promise_in_words(row, position.currency), source, ())
        for row in call.commitments.order_by("pk")
    ]
    open_now = [(text, source, ()) for text in call.open_points if text.strip()]
    if call.next_step.strip():
        open_now.append((call.next_step, source, ()))
    found.put_list("agreed_points", agreed or [("Nothing so far", source, ())])
    found.put_list("open_points", open_now or [("Nothing", source, ())])


def _win_facts(found: _Gathering, talk: Negotiation) -> None:
    found.put_list(
        "wins",
        [
            (
                win.what
                + (f": {win.effect}" if win.effect else "")
                + (f" ({win.evidence})" if win.evidence else ""),
                Source(
                    kind=SourceKind.LEDGER,
                    label="Your log of results",
                    date=win.happened_date,
                    href=reverse("negotiation:after", args=[talk.offer_id]),
                ),
                (),
            )
            for win in talk.wins.order_by("happened_date", "pk")
        ],
    )


# --- questions, the calendar, statements -----------------------------------------------------------


def _question_facts(
    found: _Gathering, talk: Negotiation, questions: Sequence[OpenQuestion]
) -> None:
    href = reverse("negotiation:question_list", args=[talk.offer_id])

    def source(row: OpenQuestion) -> Source:
        label = f"Question {row.question.key}: {row.state_words}"
        return Source(kind=SourceKind.QUESTION, label=label, href=href)

    found.put_list(
        "open_questions",
        [(row.words, source(row), ()) for row in questions if row.is_to_ask],
    )
    declined = next((row for row in questions if row.is_declined), None)
    if declined is not None:
        found.put("key_question", declined.question.text, source(declined))
    asks = [
        (row.question.ask_instead, source(row), ())
        for row in questions
        if row.is_weak and row.question.ask_instead
    ]
    if "term_asks" not in {fact.slot for fact in found.facts}:
        found.put_list("term_asks", asks[:2])


def _calendar_facts(found: _Gathering, position: Position) -> None:
    offer, today, talk = position.offer, position.today, position.talk
    source = Source(
        kind=SourceKind.CALENDAR,
        label="Your calendar for this offer",
        href=reverse("negotiation:deadline", args=[offer.pk]),
    )

    def put(slot: str, day: dt.date) -> None:
        found.put(slot, amounts.long_day(day), source, dates=[day])

    due = offer.respond_by_date
    if due is not None and due < today and not offer.is_respond_by_stated:
        due = add_business_days(today, LEAST_BUSINESS_DAYS, offer.location)  # ours to propose anew
    if due is not None and due >= today:
        put("decision_date", due)
        wanted = talk.own_words.get(EXTENSION, "")
        later = add_business_days(due, EXTENSION_BUSINESS_DAYS, offer.location)
        try:
            asked = dt.date.fromisoformat(wanted)
        except ValueError:
            asked = later
        put("extension_date", asked if asked > due else later)
        first = add_business_days(today, 1, offer.location)
        second = add_business_days(first, 1, offer.location)
        if second <= due:
            put("call_day_one", first)
            put("call_day_two", second)
    if talk.review_date is not None:
        put("review_date", talk.review_date)


def _statement_facts(found: _Gathering, talk: Negotiation, *, has_verbal_elsewhere: bool) -> None:
    source = Source(
        kind=SourceKind.STATEMENT,
        label="Confirmed by you as true",
        href=reverse("negotiation:statements", args=[talk.offer_id]),
    )
    for slot in OWN_WORDS:
        if text := str(talk.own_words.get(slot, "")).strip():
            found.put(slot, text, source)
    holds = {
        "preference": talk.prefers_this_at is not None,
        "would_sign": talk.would_sign_at is not None,
        **{name: talk.own_words.get(name) == YES for name in FLAGS},
    }
    holds["is_elsewhere"] = holds["is_elsewhere"] or has_verbal_elsewhere
    for slot, is_true in holds.items():
        if is_true:
            found.put(slot, FIXED_WORDS[slot], source)
    if talk.forfeited_amount is not None and talk.forfeited_label:
        text = f"{amounts.money(talk.forfeited_amount)} of {talk.forfeited_label}"
        if talk.forfeited_date is not None:
            text += f", due on {amounts.long_day(talk.forfeited_date)}"
        dates = [talk.forfeited_date] if talk.forfeited_date else []
        found.put("forfeited", text, source, values=[talk.forfeited_amount], dates=dates)


# --- what holds ------------------------------------------------------------------------------------


def _others(talk: Negotiation) -> list[OfferRevision]:
    return list(
        OfferRevision.objects.visible_to(talk.offer.owner)
        .current()
        .select_related("offer")
        .filter(offer__state__in=OPEN_STATES)
        .exclude(offer=talk.offer_id)
    )


def _has_verbal(others: Iterable[OfferRevision]) -> bool:
    return any(row.source == OfferRevision.Source.VERBAL for row in others)


def _conditions(
    position: Position,
    book: FactBook,
    cited: Sequence[CitedOffer],
    quoted: QuotedRange | None,
    calls: Sequence[CallLog],
    promises: Sequence[Promise],
    others: Sequence[OfferRevision],
) -> Iterator[Condition]:
    offer, talk = position.offer, position.talk
    replies = {
        round_.reply
        for ask in position.asks
        for round_ in ask.rounds.all()
        if round_.side == AskRound.Side.THEM
    }
    is_open = offer.state in OPEN_STATES
    is_accepted = offer.state == Offer.State.ACCEPTED
    missing = [row for row in promises if not row.is_found]
    asks = open_asks(position)
    limits = {ReplyKind.BAND_LIMIT, ReplyKind.NO_EQUITY}
    found: dict[Condition, bool] = {
        Condition.OPEN: is_open,
        Condition.VERBAL: not position.is_written,
        Condition.WRITTEN: position.is_written,
        Condition.ASK_CONFIRMED: bool(asks),
        Condition.MARKET_QUOTE: quoted is not None,
        Condition.COMPETING_OFFER: "competing_base" in book,
        Condition.ADVANCED_ELSEWHERE: "is_elsewhere" in book,
        Condition.DEADLINE_NAMED: "respond_by" in book,
        Condition.DETAILS_MISSING: "missing_details" in book,
        Condition.PRIVATE_EQUITY: position.numbers.private_equity is not None,
        Condition.QUESTIONS_OPEN: "open_questions" in book,
        Condition.QUESTION_REFUSED: "key_question" in book,
        Condition.BAND_LIMIT: bool(limits & replies) or bool(talk.capped_components),
        Condition.FINAL_REPLY: ReplyKind.FINAL in replies,
        Condition.BELOW_MARKET: "market_gap" in book,
        Condition.LEVEL_WANTED: "level_ask" in book,
        Condition.TERMS_WANTED: "term_asks" in book,
        Condition.REPAYMENT_HARSH: "repayment_terms" in book,
        Condition.PAY_FORFEITED: "forfeited" in book,
        Condition.EXTRAS_WANTED: "extra_items" in book,
        Condition.PROMISED_IN_WORDS: "promised_items" in book,
        Condition.CALL_LOGGED: bool(calls),
        Condition.LETTER_DIFFERS: bool(missing)
        and position.is_written
        and any(row.commitment.said_date <= position.current.stated_date for row in missing)
        and position.current.number > 1,
        Condition.EMPLOYER_COUNTERED: "is_counter" in book and bool(cited),
        Condition.READY_TO_SIGN: not missing,
        Condition.DECLINING: offer.state == Offer.State.DECLINED
        or (is_open and position.is_written),
        Condition.ACCEPTED: is_accepted,
        Condition.OTHERS_OPEN: bool(others),
        Condition.CHANGED_OR_WITHDRAWN: offer.state == Offer.State.WITHDRAWN or _is_cut(position),
        Condition.RESULTS_LOGGED: "wins" in book,
        Condition.EQUITY_FALLS: is_accepted and "equity_drop" in book,
    }
    yield from (condition for condition, holds in found.items() if holds)


def _is_cut(position: Position) -> bool:
    first, now = position.first.base_salary, position.current.base_salary
    return first is not None and now is not None and now < first


# --- small things ----------------------------------------------------------------------------------


def _revision_source(revision: OfferRevision) -> Source:
    return Source(
        kind=SourceKind.REVISION,
        label=f"Revision {revision.number} of this offer",
        date=revision.stated_date,
        status=revision.get_source_display(),
        href=_offer_href(revision.offer),
    )


def _offer_href(offer: Offer) -> str:
    return reverse("offers:offer_detail", args=[offer.pk])


def _secrets(talk: Negotiation) -> list[Decimal]:
    return [
        value for value in (talk.reservation_value, talk.alternative_value) if value is not None
    ]


def _and(parts: Iterable[str]) -> str:
    words = [part for part in parts if part]
    if len(words) < 2:
        return "".join(words)
    if any(", " in word for word in words):
        return f"{'; '.join(words[:-1])}; and {words[-1]}"
    return f"{', '.join(words[:-1])} and {words[-1]}"
