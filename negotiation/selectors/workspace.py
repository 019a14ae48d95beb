"""The one page of a talk: where it stands, what to do next, how ready one is, what is at stake."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch

from accounts.models import User
from market.selectors import rate_table
from negotiation.deadlines import Window, local_today
from negotiation.models import (
    Answer,
    Ask,
    AskRound,
    CallLog,
    Event,
    Negotiation,
    PlanTask,
)
from negotiation.selectors.asks import AskProposal, OpenGap, ask_proposal, open_gap
from negotiation.selectors.evidence import RULES, EvidenceSet, evidence_set
from negotiation.selectors.ledger import OPEN
from negotiation.selectors.pay import PayParts, pay_parts, yearly_pay
from negotiation.selectors.stages import (
    NEXT_STEPS,
    STEP_OF,
    STEPS,
    NextStep,
    Stage,
    TalkFacts,
    is_revised,
    stage_of,
)
from offers.models import Offer, OfferRevision
from offers.selectors import OfferNumbers, Terms, offer_numbers, terms_of

EQUITY_MUSTS: Final = (
    "fully_diluted_shares",
    "fair_market_value",
    "last_preferred_price",
    "quantity",
    "vesting",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One talk with its terms read once: what every page of it starts from."""

    talk: Negotiation
    offer: Offer
    first: OfferRevision
    current: OfferRevision
    terms: Terms
    numbers: OfferNumbers
    first_numbers: OfferNumbers
    evidence: EvidenceSet
    asks: Sequence[Ask]
    today: dt.date

    @property
    def currency(self) -> str:
        return self.numbers.currency

    @property
    def is_written(self) -> bool:
        return self.current.source == OfferRevision.Source.WRITTEN

    @property
    def is_frozen(self) -> bool:
        return self.offer.state == Offer.State.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillar:
    """One of the three things to be ready with; `items` are (words, done)."""

    title: str
    items: tuple[tuple[str, bool], ...]

    @property
    def n_done(self) -> int:
        return sum(done for _, done in self.items)

    @property
    def is_done(self) -> bool:
        return self.n_done == len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOfferGap:
    """How far the first offer lies from the market and from the ask, a year and over the horizon."""

    n_years: int
    to_market: float | None
    to_ask: float | None
    envelope: tuple[float, ...]
    n: int | None

    @property
    def to_market_total(self) -> float | None:
        return None if self.to_market is None else self.to_market * self.n_years

    @property
    def to_ask_total(self) -> float | None:
        return None if self.to_ask is None else self.to_ask * self.n_years


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline."""

    at: dt.datetime
    title: str
    note: str = ""
    due_date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way, as the page lists it."""

    key: str
    label: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What the page of a talk shows."""

    position: Position
    stage: Stage
    next_step: NextStep
    steps: tuple[Step, ...]
    window: Window
    pillars: tuple[Pillar, ...]
    proposal: AskProposal
    gap: FirstOfferGap
    uplift: PayParts
    open_gap: OpenGap | None
    tasks: Sequence[PlanTask]
    calls: Sequence[CallLog]
    timeline: tuple[Moment, ...]
    n_open_promises: int
    is_email_only: bool

    @property
    def n_ready(self) -> int:
        return sum(pillar.n_done for pillar in self.pillars)

    @property
    def n_to_be_ready(self) -> int:
        return sum(len(pillar.items) for pillar in self.pillars)


def talk_of(user: User, offer_pk: int) -> Negotiation | None:
    """Return this person's talk about an offer, with what its pages name; None where there is none."""
    found: Negotiation | None = (
        Negotiation.objects.visible_to(user)
        .select_related("offer__company__stage", "offer__location", "offer__owner")
        .filter(offer_id=offer_pk)
        .first()
    )
    return found


def position_of(talk: Negotiation, *, horizon_years: int, now: dt.datetime) -> Position:
    """Return the terms, numbers, evidence and asks of a talk."""
    revisions = list(
        OfferRevision.objects.filter(offer_id=talk.offer_id).with_terms().order_by("number")
    )
    current, first = revisions[-1], revisions[0]
    rates = rate_table()
    terms = terms_of(current)
    today = local_today(now, talk.offer.location)
    return Position(
        talk=talk,
        offer=talk.offer,
        first=first,
        current=current,
        terms=terms,
        numbers=offer_numbers(terms, horizon_years=horizon_years, rates=rates),
        first_numbers=offer_numbers(terms_of(first), horizon_years=horizon_years, rates=rates),
        evidence=evidence_set(
            talk, currency=current.currency, horizon_years=horizon_years, today=today
        ),
        asks=list(
            talk.asks.select_related("revision")
            .order_by("position", "pk")
            .prefetch_related(
                Prefetch("rounds", queryset=AskRound.objects.order_by("number")), "evidence"
            )
        ),
        today=today,
    )


def workspace(position: Position, *, window: Window) -> Workspace:
    """Return the page of a talk."""
    talk = position.talk
    events = list(talk.events.order_by("happened_at", "pk"))
    calls = list(talk.calls.order_by("-held_at", "-pk"))
    states = list(talk.commitments.values_list("state", flat=True))
    n_open = sum(state in OPEN for state in states)
    tasks = list(talk.tasks.order_by("due_date", "position", "pk"))
    stage = stage_of(_facts(position, events, calls, n_open))
    proposal = ask_proposal(
        talk, terms=position.terms, numbers=position.numbers, evidence=position.evidence
    )
    uplift = pay_parts(position.numbers).minus(pay_parts(position.first_numbers))
    return Workspace(
        position=position,
        stage=stage,
        next_step=NEXT_STEPS[stage],
        steps=_steps(stage),
        window=window,
        pillars=_pillars(position, tasks, calls),
        proposal=proposal,
        gap=_gap(position, proposal),
        uplift=uplift,
        open_gap=open_gap(talk, terms=position.terms, numbers=position.numbers, asks=position.asks)
        if talk.capped_components
        else None,
        tasks=tasks,
        calls=calls,
        timeline=_timeline(position, events),
        n_open_promises=n_open,
        is_email_only=_is_email_only(position.asks, calls),
    )


def _facts(
    position: Position, events: Sequence[Event], calls: Sequence[CallLog], n_open: int
) -> TalkFacts:
    return TalkFacts(
        offer_state=position.offer.state,
        is_written=position.is_written,
        is_revised=is_revised(position.current, position.asks),
        events={event.kind for event in events},
        ask_states={ask.state for ask in position.asks},
        n_open_commitments=n_open,
        n_calls_without_recap=sum(call.recap_sent_at is None for call in calls),
        has_call=bool(calls),
        is_started=any(event.kind == Event.Kind.STARTED for event in events),
    )


def _steps(stage: Stage) -> tuple[Step, ...]:
    names = [name for name, _ in STEPS]
    at = names.index(STEP_OF[stage])
    return tuple(
        Step(
            key=name,
            label=label,
            state="done" if place < at else "current" if place == at else "to come",
        )
        for place, (name, label) in enumerate(STEPS)
    )


def _pillars(
    position: Position, tasks: Sequence[PlanTask], calls: Sequence[CallLog]
) -> tuple[Pillar, ...]:
    talk, evidence = position.talk, position.evidence
    market = evidence.market
    unknown = {gap.code for gap in position.numbers.unknown}
    data = (
        ("The offer is in writing", position.is_written),
        (
            "Enough comparable packages for percentiles",
            market is not None and market.has_percentiles(RULES),
        ),
        ("More than one kind of evidence", evidence.n_sources > 1),
    )
    plan = (
        (
            "Your target and your walk-away are set",
            None not in {talk.aspiration_value, talk.reservation_value},
        ),
        ("The ask names a figure for each component", bool(position.asks)),
        (
            "The call is arranged or held",
            bool(calls) or any(task.key == "arrange-call" and task.done_at for task in tasks),
        ),
    )
    structure: tuple[tuple[str, bool], ...] = (
        (
            "Base, bonus and one-off payments are all entered",
            not unknown & {"base_salary", "bonus", "repayment"},
        ),
    )
    if position.terms.grants and not position.offer.company.is_public:
        answered = talk.answers.filter(state__in=[Answer.State.WRITTEN]).count()
        structure += (
            ("The five facts of the equity are known", not unknown & set(EQUITY_MUSTS)),
            ("Questions about the equity are answered in writing", answered > 0),
        )
    elif position.terms.grants:
        structure += (
            ("Vesting and share price are known", not unknown & {"vesting", "share_price"}),
        )
    return (
        Pillar(title="Data", items=data),
        Pillar(title="Plan", items=plan),
        Pillar(title="Structure", items=structure),
    )


def _gap(position: Position, proposal: AskProposal) -> FirstOfferGap:
    evidence = position.evidence
    numbers = position.first_numbers
    total = yearly_pay(numbers, paper_fraction=position.talk.paper_fraction)
    first = total if evidence.measure == "total" else float(position.first.base_salary or 0)
    same = position.first.currency == position.current.currency
    market = evidence.market
    median = market.median if market is not None else evidence.competing
    return FirstOfferGap(
        n_years=numbers.n_years,
        to_market=median - first if same and median is not None else None,
        to_ask=proposal.sized.amount - first
        if same and proposal.sized.amount is not None
        else None,
        envelope=proposal.envelope,
        n=market.sample_size if market is not None else None,
    )


def _timeline(position: Position, events: Sequence[Event]) -> tuple[Moment, ...]:
    moments = [
        Moment(
            at=event.happened_at,
            title=str(event.get_kind_display()),
            note=event.note,
            due_date=event.due_date,
        )
        for event in events
        if event.kind != Event.Kind.REVISED_LETTER
    ]
    revisions = OfferRevision.objects.filter(offer_id=position.offer.pk).order_by("number")
    moments += [
        Moment(at=revision.created_at, title=_arrival(revision), note=revision.note)
        for revision in revisions
    ]
    return tuple(sorted(moments, key=lambda moment: moment.at, reverse=True))


def _arrival(revision: OfferRevision) -> str:
    if revision.source != OfferRevision.Source.WRITTEN:
        return f"Verbal terms noted, revision {revision.number}"
    return f"Letter entered, revision {revision.number}"


def _is_email_only(asks: Sequence[Ask], calls: Sequence[CallLog]) -> bool:
    put = [ask for ask in asks if ask.put_at is not None]
    return bool(put) and not calls and all(ask.put_channel == "email" for ask in put)
