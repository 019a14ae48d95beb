"""What the smaller pages of a talk show: the list, the call sheet, the last look, after yes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Prefetch, Q

from accounts.models import User
from config.figures import amounts
from market.selectors import ComponentBenchmark, JobQuery, benchmark_for
from negotiation.bargaining import check_ask
from negotiation.deadlines import days_left, local_today
from negotiation.models import (
    Answer,
    Ask,
    Commitment,
    Component,
    Evidence,
    Negotiation,
    OutcomeRecord,
    PlanTask,
    Win,
)
from negotiation.selectors.after import (
    ExerciseWindow,
    Milestone,
    exercise_window,
    milestones,
)
from negotiation.selectors.asks import OpenGap, ask_proposal, finding_in_words, open_gap
from negotiation.selectors.evidence import DAYS_A_MONTH, RULES, unusable_because
from negotiation.selectors.flags import BAD, equity_flags
from negotiation.selectors.ledger import OPEN
from negotiation.selectors.pay import PayParts, pay_parts
from negotiation.selectors.questions import open_questions
from negotiation.selectors.stages import (
    NEXT_STEPS,
    NextStep,
    Stage,
    TalkFacts,
    is_revised,
    stage_of,
)
from negotiation.selectors.words import open_asks, whole_ask_in_words
from negotiation.selectors.workspace import Position
from offers.models import Offer, OfferRevision
from offers.selectors import OPEN_STATES

# Terms of equity that decide what it is worth, in plain words; from the handbook, 1.4.
MUSTS: Final = {
    "quantity": "The letter does not say how many units you get.",
    "exercise_price": "The exercise price is not stated.",
    "vesting": "The vesting schedule is assumed, not stated.",
    "acceleration": "Nothing says what happens to unvested shares on a sale.",
    "post_termination_window_days": "Nothing says how long you can exercise after leaving.",
    "repayment": "Nothing says when a one-off payment must be paid back.",
    "bonus": "The bonus is not stated.",
    "fully_diluted_shares": "The fully diluted share count is not known.",
    "fair_market_value": "The 409A price is not known.",
    "last_preferred_price": "The last round’s price is not known.",
    "stock_classes": "The preferences ahead of you are not known.",
}
DAYS_AFTER_LEAVING: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCard:
    """One offer in the list of talks; `stage` is None where no talk has begun."""

    offer: Offer
    next_step: NextStep | None
    stage: Stage | None
    days_left: int | None
    n_open_promises: int
    outcome: OutcomeRecord | None = None
    won: PayParts | None = None
    """What a talk that was accepted came to, against its first letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """What the sheet for a call says. Nothing private is on it."""

    asks: Sequence[Ask]
    ask_words: str
    """The whole ask as one phrase, as the scripts say it."""
    evidence: Sequence[Evidence]
    measured: Evidence | None
    """The first range that may be quoted."""
    gap: OpenGap | None
    questions: Sequence[str]
    promises: Sequence[Commitment]
    parts: PayParts


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """What one component became over the horizon."""

    label: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def fraction(self) -> float | None:
        return self.difference / self.before if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketNow:
    """What the market pays for this job today, beside the base that was signed."""

    base: Decimal
    benchmark: ComponentBenchmark
    percentile: int | None

    @property
    def to_median(self) -> Decimal | None:
        """Return how far the base lies below the middle; negative above it."""
        middle = self.benchmark.p50
        return None if middle is None else middle - self.base


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterPage:
    """What the page after yes shows."""

    outcome: OutcomeRecord | None
    uplift: PayParts
    lines: tuple[OutcomeLine, ...]
    milestones: Sequence[Milestone]
    exercise: ExerciseWindow | None
    tasks: Sequence[PlanTask]
    wins: Sequence[Win]
    words: Sequence[Commitment]
    market: MarketNow | None


OUTCOME_LABELS: Final = {
    "base": "Base salary",
    "bonus": "Bonus",
    "one_off": "Sign-on and other one-off payments",
    "liquid_equity": "Stock that can be sold",
    "benefits": "Benefits",
    "paper_equity": "Private stock, beside the rest",
}


def talk_cards(user: User, *, now: dt.datetime) -> list[TalkCard]:
    """Return every offer of this person with where its talk stands: open ones first, by due date."""
    offers = (
        Offer.objects.visible_to(user)
        .select_related("company", "location", "negotiation__outcome")
        .prefetch_related(
            Prefetch("revisions", queryset=OfferRevision.objects.order_by("number")),
            "negotiation__events",
            "negotiation__calls",
            "negotiation__asks__revision",
        )
        .annotate(
            n_open=Count(
                "negotiation__commitments",
                filter=Q(negotiation__commitments__state__in=OPEN),
                distinct=True,
            )
        )
        .order_by("respond_by_date", "pk")
    )
    cards = [_card(offer, now) for offer in offers]
    return sorted(cards, key=lambda card: card.offer.state not in OPEN_STATES)


def _card(offer: Offer, now: dt.datetime) -> TalkCard:
    talk: Negotiation | None = getattr(offer, "negotiation", None)
    today = local_today(now, offer.location)
    n_open: int = getattr(offer, "n_open", 0)
    stage = stage_of(_facts(offer, talk, n_open)) if talk is not None else None
    outcome: OutcomeRecord | None = getattr(talk, "outcome", None)
    return TalkCard(
        offer=offer,
        stage=stage,
        next_step=NEXT_STEPS[stage] if stage is not None else None,
        days_left=days_left(today, offer.respond_by_date, offer.location)
        if offer.state in OPEN_STATES and offer.respond_by_date is not None
        else None,
        n_open_promises=n_open,
        outcome=outcome,
        won=_won(outcome) if outcome is not None else None,
    )


def _won(outcome: OutcomeRecord) -> PayParts:
    """Return what was signed beyond the first letter."""
    return PayParts(
        guaranteed=float(outcome.final_guaranteed - outcome.first_guaranteed),
        liquid=float(outcome.final_liquid - outcome.first_liquid),
        paper=float(outcome.final_paper - outcome.first_paper),
    )


def _facts(offer: Offer, talk: Negotiation, n_open: int) -> TalkFacts:
    revisions = list(offer.revisions.all())
    current = revisions[-1]
    asks, calls = list(talk.asks.all()), list(talk.calls.all())
    kinds = {event.kind for event in talk.events.all()}
    is_written = current.source == OfferRevision.Source.WRITTEN
    return TalkFacts(
        offer_state=offer.state,
        is_written=is_written,
        is_revised=is_revised(current, asks),
        events=kinds,
        ask_states={ask.state for ask in asks},
        n_open_commitments=n_open,
        n_calls_without_recap=sum(call.recap_sent_at is None for call in calls),
        has_call=bool(calls),
        is_started="started" in kinds,
    )


def call_sheet(position: Position) -> CallSheet:
    """Return what to have at hand on the call: asks, evidence that can be quoted, fallbacks, questions."""
    talk = position.talk
    quotable = [row for row in position.evidence.rows if is_quotable(row, position.today)]
    ranges = (row for row in quotable if row.low is not None and row.high is not None)
    return CallSheet(
        asks=open_asks(position),
        ask_words=whole_ask_in_words(position),
        evidence=quotable,
        measured=next((row for row in ranges if row.competing_revision is None), None),
        gap=open_gap(talk, terms=position.terms, numbers=position.numbers, asks=position.asks),
        questions=[gap.label for gap in position.numbers.unknown],
        promises=list(talk.commitments.filter(state__in=OPEN).order_by("said_date", "pk")),
        parts=pay_parts(position.numbers),
    )


def is_quotable(row: Evidence, today: dt.date) -> bool:
    """Say whether evidence may be quoted as measured today; modelled and expired rows may not."""
    if row.kind == Evidence.Kind.COMPETING_OFFER and row.competing_revision is not None:
        return not unusable_because(row.competing_revision.offer, today)
    months = (today - row.as_of_date).days / DAYS_A_MONTH
    return not row.is_modelled and months <= RULES.expired_months


def ask_doubts(position: Position) -> list[str]:
    """Return what is to be said about the prepared figures: outside the evidence, only base asked for."""
    prepared = [ask for ask in position.asks if ask.state in {Ask.State.DRAFT, Ask.State.PUT}]
    doubts: list[str] = []
    base = next((ask for ask in prepared if ask.component == Component.BASE), None)
    if base is not None and base.amount is not None and position.evidence.measure == "base":
        doubts += [
            finding_in_words(finding)
            for finding in check_ask(
                float(base.amount),
                market=position.evidence.market,
                competing=position.evidence.competing,
            )
        ]
    if prepared and position.evidence.measure == "total":
        proposal = ask_proposal(
            position.talk,
            terms=position.terms,
            numbers=position.numbers,
            evidence=position.evidence,
        )
        after = proposal.offer + sum(_yearly_rise(position, proposal.unit, ask) for ask in prepared)
        doubts += [
            finding_in_words(finding)
            for finding in check_ask(
                after, market=position.evidence.market, competing=position.evidence.competing
            )
        ]
    if [ask.component for ask in prepared] == [Component.BASE]:
        doubts.append(
            "You ask for base salary alone. Equity and a sign-on usually have more room, and cost "
            "them less every year."
        )
    return list(dict.fromkeys(doubts))


def _yearly_rise(position: Position, unit: Any, ask: Ask) -> float:
    years = position.numbers.n_years
    if ask.quantity is not None:
        more = float(ask.quantity - (ask.current_quantity or 0))
        return more * unit.unit.value_today / years if unit is not None else 0.0
    if ask.amount is None:
        return 0.0
    more = float(ask.amount - (ask.current_amount or 0))
    return more / years if ask.component == Component.SIGN_ON else more


def skipped_checks(position: Position) -> list[str]:
    """Return what was skipped on the way, in plain words; each can be accepted with open eyes."""
    talk, offer = position.talk, position.offer
    skipped: list[str] = []
    if position.evidence.market is None and position.evidence.competing is None:
        skipped.append("You have looked at nothing that the market pays for this role.")
    if not any(ask.put_at is not None for ask in position.asks):
        skipped.append("You have asked for nothing. Most employers expect to be asked once.")
    seen = {gap.code for gap in position.numbers.unknown}
    skipped += [words for code, words in MUSTS.items() if code in seen]
    refused = talk.answers.filter(state=Answer.State.REFUSED).count()
    if refused:
        skipped.append(
            f"They would not answer {refused} question{'' if refused == 1 else 's'} about the equity."
        )
    skipped += _red_flags(position)
    if offer.respond_by_date is not None and offer.respond_by_date < position.today:
        skipped.append("The day for your answer has passed. Ask whether the offer still stands.")
    return skipped


def _red_flags(position: Position) -> list[str]:
    """Return what the terms of the equity cost, in the user's own outcomes, beside what is unknown."""
    questions = open_questions(position.talk, position.terms)
    flags = equity_flags(position.terms, position.numbers, questions, today=position.today)
    lines = []
    for flag in flags:
        if flag.tone != BAD or flag.is_unanswered:
            continue
        dearest = max(flag.costs, key=lambda cost: cost.amount, default=None)
        line = f"{flag.title}. {flag.reason}"
        if dearest is not None:
            money = amounts.headline(dearest.amount, position.currency)
            line = f"{line} {flag.costs_title}: {money} ({dearest.name})."
        lines.append(line)
    return lines


def after_page(position: Position, outcome: OutcomeRecord | None) -> AfterPage:
    """Return the page after yes."""
    talk, offer = position.talk, position.offer
    start = offer.start_date
    lines: tuple[OutcomeLine, ...] = ()
    uplift = pay_parts(position.numbers).minus(pay_parts(position.first_numbers))
    if outcome is not None:
        lines = tuple(
            OutcomeLine(label=OUTCOME_LABELS.get(name, name), before=pair[0], after=pair[1])
            for name, pair in outcome.components.items()
        )
        uplift = _won(outcome)
    grant = position.terms.grants[0] if position.terms.grants else None
    leaves = (start or position.today) + dt.timedelta(days=DAYS_AFTER_LEAVING)
    return AfterPage(
        outcome=outcome,
        uplift=uplift,
        lines=lines,
        milestones=milestones(talk, position.terms, start_date=start) if start else (),
        exercise=exercise_window(grant, leaves) if grant is not None else None,
        tasks=list(
            talk.tasks.exclude(phase=PlanTask.Phase.ANSWER).order_by("due_date", "position", "pk")
        ),
        wins=list(talk.wins.order_by("-happened_date", "-pk")),
        market=market_now(position),
        words=list(
            talk.commitments.filter(state=Commitment.State.WAIVED).order_by("said_date", "pk")
        ),
    )


def market_now(position: Position) -> MarketNow | None:
    """Return the published cell of today for the signed base; None where none can be quoted."""
    offer, base = position.offer, position.current.base_salary
    answer = benchmark_for(
        JobQuery(
            role_family=offer.role_family,
            level=offer.level,
            location=offer.location,
            work_arrangement=offer.work_arrangement,
            stage=offer.company.stage,
        ),
        currency=position.currency,
    )
    cell = answer.base if answer is not None else None
    if cell is None or base is None or not cell.is_quotable:
        return None
    return MarketNow(base=base, benchmark=cell, percentile=cell.place(base))
