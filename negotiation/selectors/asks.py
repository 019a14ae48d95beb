"""The ask: sized by the evidence, split over components, traded at the user's own rates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from negotiation.bargaining import (
    Alternative,
    Answer,
    EvidenceFinding,
    ExchangeRates,
    Factor,
    Finding,
    Leverage,
    Moves,
    Package,
    Room,
    SizedAsk,
    base_value,
    batna,
    equal_value_packages,
    exchange_rates,
    leverage,
    plan_moves,
    reported_envelope,
    round_cash,
    round_units,
    size_ask,
    split_rise,
)
from negotiation.models import (
    Ask,
    AskRound,
    Component,
    LeverageFactor,
    Negotiation,
    ReplyKind,
)
from negotiation.selectors.evidence import EvidenceSet
from negotiation.selectors.ledger import stated_in
from negotiation.selectors.pay import (
    UnitValue,
    cliff_terms,
    pay_assumptions,
    sign_on_terms,
    unit_value,
    yearly_pay,
)
from offers.models import CashPayment
from offers.selectors import OfferNumbers, Terms

ROOM_FILE: Final = Path(__file__).resolve().parent.parent / "reference" / "room.json"
EXCHANGED_BASE: Final = 10_000.0
# With so many packages behind it, an ask for base may use the wider room.
STRONG_SAMPLE: Final = 20
DEFAULT_EQUITY_RISE: Final = 0.25

FINDING_WORDS: Final[Mapping[EvidenceFinding, str]] = {
    EvidenceFinding.NO_EVIDENCE: "Nothing on record supports an amount yet. Add a benchmark, a written competing offer or what people you know accepted.",
    EvidenceFinding.THIN: "Only {n} packages: too few for percentiles. The range of what was seen is shown, and no percentile is claimed.",
    EvidenceFinding.NO_TAIL: "{n} packages are too few for a 90th percentile, so the 75th is the most that can be justified.",
    EvidenceFinding.STALE: "The figures are {months} months old. Pay has moved since.",
    EvidenceFinding.EXPIRED: "The figures are {months} months old: too old to justify an ask.",
    EvidenceFinding.WIDENED: "Too few packages match exactly, so the comparison is wider: {step}.",
    EvidenceFinding.MODELLED: "These figures are modelled, not measured. They justify no ask.",
    EvidenceFinding.OFFER_STRONG: "The offer is already above the 75th percentile. Ask for 3% to 8%, mostly in terms, sign-on or equity.",
    EvidenceFinding.OFFER_AT_TOP: "The offer is at the top of what the evidence supports. Ask for terms and for the level, not for money.",
    EvidenceFinding.OFFER_LOW: "The offer is below the 25th percentile. Check the level first: a lower level would explain it.",
    EvidenceFinding.CAPPED_BY_EVIDENCE: "The ask stops where the evidence does.",
    EvidenceFinding.CAPPED_BY_OFFER: "The ask stops at 30% above the offer.",
    EvidenceFinding.OUTSIDE_EVIDENCE: "This is more than the evidence supports. It is harder to defend, and easier to refuse.",
    EvidenceFinding.BELOW_WALK_AWAY: "Even this ask lies below your walk-away. Only you see this.",
    EvidenceFinding.BEYOND_ROOM: "A part of the gap is beyond the usual room of these components.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAsk:
    """What to ask for in one component, with the reason for each figure."""

    component: str
    label: str
    current_amount: float | None = None
    amount: float | None = None
    current_quantity: float | None = None
    quantity: int | None = None
    reason: str = ""
    is_rounded_up: bool = False
    is_supported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AskProposal:
    """Everything the builder shows beside its form."""

    currency: str
    measure: str
    offer: float
    sized: SizedAsk
    leverage: Leverage
    target_percentile: int
    lines: tuple[ProposedAsk, ...]
    total_after: float
    envelope: tuple[float, ...]
    findings: tuple[str, ...]
    unit: UnitValue | None
    rates: ExchangeRates
    moves: Moves | None
    best_alternative: Alternative | None
    room: Mapping[str, Any]


# Which script answers what they said.
ANSWERED_BY: Final[Mapping[str, str]] = {
    ReplyKind.BAND_LIMIT: "s11",
    ReplyKind.NO_EQUITY: "s11",
    ReplyKind.COUNTER: "s11",
    ReplyKind.FINAL: "s12",
    ReplyKind.NO: "s12",
    ReplyKind.NEEDS_APPROVAL: "s24",
    ReplyKind.YES: "s23",
    ReplyKind.PARTIAL_YES: "s23",
}
FINAL_WORDS: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: "Their final offer reaches your target. Say yes to it, in writing.",
    Answer.COUNTER: "Their final offer lies between your walk-away and your target. Thank them, and ask "
    "for one closing item that costs them little: the start date, a sign-on, a review after six "
    "months in writing. Do not test “final” with a new list.",
    Answer.SAY_WHAT_WOULD_WORK: "Their final offer lies below your walk-away. Say so without a figure, "
    "and leave the door open.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLine:
    """One ask with the last thing that they said to it, and the script that answers it."""

    ask: Ask
    reply: str
    situation: str

    @property
    def is_open(self) -> bool:
        return self.ask.state in {Ask.State.DRAFT, Ask.State.PUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGap:
    """What is left between their latest figure for base and the ask, as money today."""

    ask: Ask
    base_gap: float
    gap_today: float
    packages: tuple[Package, ...]


@cache
def usual_room() -> Mapping[str, Any]:
    """Return how far components usually move, as reported; dated data with its source."""
    found: Mapping[str, Any] = json.loads(ROOM_FILE.read_text(encoding="utf-8"))
    return found


def finding_in_words(finding: Finding) -> str:
    """Return a finding of the pure room as a sentence."""
    return FINDING_WORDS[finding.code].format(**dict(finding.values))


def talk_leverage(talk: Negotiation, evidence: EvidenceSet) -> Leverage:
    """Return the leverage: what the user ticked, and what is on record."""
    factors = {Factor(LeverageFactor(name).value) for name in talk.leverage_factors}
    if evidence.competing is not None:
        factors.add(Factor.COMPETING_OFFER)
    if evidence.n_sources == 1:
        factors.add(Factor.ONE_SOURCE)
    return leverage(factors)


def alternatives(talk: Negotiation, evidence: EvidenceSet) -> list[Alternative]:
    """Return what the user can do without this deal, valued with their own scenarios."""
    found = [
        Alternative(label=rival.revision.offer.company.name, yearly_value=max(rival.total, 0.0))
        for rival in evidence.rivals
        if rival.is_usable
    ]
    if talk.alternative_value is not None:
        found.append(
            Alternative(
                label=talk.alternative_label or "Your own alternative",
                yearly_value=float(talk.alternative_value),
            )
        )
    return found


def ask_proposal(
    talk: Negotiation, *, terms: Terms, numbers: OfferNumbers, evidence: EvidenceSet
) -> AskProposal:
    """Return the ask that the evidence supports, part by part, and what it can be traded for."""
    strength = talk_leverage(talk, evidence)
    percentile = talk.target_percentile or strength.target_percentile
    total = yearly_pay(numbers, paper_fraction=talk.paper_fraction)
    base = float(terms.revision.base_salary or 0)
    offer = total if evidence.measure == "total" else base
    is_total = evidence.measure == "total"
    sized = size_ask(
        offer,
        market=evidence.market,
        target_percentile=percentile,
        competing=evidence.competing,
        aspiration=_own(talk.aspiration_value) if is_total else None,
        stretch=_own(talk.stretch_value) if is_total else None,
        reservation=_own(talk.reservation_value) if is_total else None,
    )
    unit = unit_value(talk, terms, numbers)
    assumptions = pay_assumptions(talk, terms)
    lines, left_over = _lines(talk, terms, numbers, evidence, sized, unit)
    after = _total_after(total, numbers, talk, terms, unit, lines)
    findings = [finding_in_words(finding) for finding in sized.findings]
    if left_over > 1.0:
        findings.append(FINDING_WORDS[EvidenceFinding.BEYOND_ROOM])
    moves = None
    if sized.amount is not None and sized.target is not None:
        moves = plan_moves(
            latest=offer,
            ask=max(sized.amount, offer),
            target=sized.target,
            reservation=_own(talk.reservation_value) if is_total else None,
        )
    return AskProposal(
        currency=numbers.currency,
        measure=evidence.measure,
        offer=offer,
        sized=sized,
        leverage=strength,
        target_percentile=percentile,
        lines=lines,
        total_after=after,
        envelope=reported_envelope(total),
        findings=tuple(findings),
        unit=unit,
        rates=exchange_rates(
            EXCHANGED_BASE,
            assumptions,
            sign_on_terms=sign_on_terms(talk, terms),
            unit=unit.unit if unit is not None else None,
            cliff=cliff_terms(talk, terms, unit),
        ),
        moves=moves,
        best_alternative=batna(alternatives(talk, evidence)),
        room=usual_room(),
    )


def open_gap(
    talk: Negotiation, *, terms: Terms, numbers: OfferNumbers, asks: Sequence[Ask]
) -> OpenGap | None:
    """Return what of the ask for base is refused so far, and packages that close it elsewhere."""
    ask = next(
        (
            ask
            for ask in asks
            if ask.component == Component.BASE
            and ask.amount is not None
            and ask.state in {Ask.State.DRAFT, Ask.State.PUT, Ask.State.PARTLY}
        ),
        None,
    )
    if ask is None or ask.amount is None:
        return None
    offered = latest_amount(ask)
    latest = float(offered if offered is not None else terms.revision.base_salary or 0)
    gap = float(ask.amount) - latest
    if gap <= 0:
        return None
    unit = unit_value(talk, terms, numbers)
    capped = set(talk.capped_components)
    assumptions = pay_assumptions(talk, terms)
    today = base_value(gap, assumptions)
    return OpenGap(
        ask=ask,
        base_gap=gap,
        gap_today=today,
        packages=equal_value_packages(
            today,
            assumptions,
            unit=unit.unit if unit is not None else None,
            sign_on_terms=sign_on_terms(talk, terms),
            is_base_open=Component.BASE not in capped,
            is_equity_open=Component.EQUITY not in capped,
            is_sign_on_open=Component.SIGN_ON not in capped,
        ),
    )


def ask_lines(asks: Sequence[Ask]) -> list[AskLine]:
    """Return the asks with what they said last; the rounds must be prefetched in order."""
    lines = []
    for ask in asks:
        replies = [one.reply for one in ask.rounds.all() if one.side == AskRound.Side.THEM]
        reply = replies[-1] if replies else ""
        lines.append(AskLine(ask=ask, reply=reply, situation=ANSWERED_BY.get(reply, "")))
    return lines


def final_words(lines: Sequence[AskLine], proposal: AskProposal) -> str:
    """Return what to do about an offer that they called final; empty where they did not."""
    if proposal.moves is None or not any(line.reply == ReplyKind.FINAL for line in lines):
        return ""
    return FINAL_WORDS[proposal.moves.answer(proposal.offer)]


def latest_amount(ask: Ask) -> Any:
    """Return the last amount that they named in answer to this ask; its rounds must be prefetched."""
    theirs = [
        round_
        for round_ in ask.rounds.all()
        if round_.side == AskRound.Side.THEM and round_.amount is not None
    ]
    return max(theirs, key=lambda round_: round_.number).amount if theirs else None


def sign_on_of(terms: Terms) -> float:
    """Return the sign-on that these terms state."""
    return float(
        sum(
            payment.amount for payment in terms.payments if payment.kind == CashPayment.Kind.SIGN_ON
        )
    )


def _lines(
    talk: Negotiation,
    terms: Terms,
    numbers: OfferNumbers,
    evidence: EvidenceSet,
    sized: SizedAsk,
    unit: UnitValue | None,
) -> tuple[tuple[ProposedAsk, ...], float]:
    if sized.amount is None or sized.rise <= 0.0:
        return (), 0.0
    base = float(terms.revision.base_salary or 0)
    if evidence.measure == "base":
        amount = round_cash(sized.amount, not_above=sized.stretch)
        if amount <= base:
            return (), 0.0
        line = ProposedAsk(
            component=Component.BASE,
            label=str(Component.BASE.label),
            current_amount=base,
            amount=amount,
            reason="Within what comparable roles pay as base salary",
        )
        return (line, *_usual_equity(talk, terms, numbers)), 0.0
    rooms = _rooms(talk, terms, numbers, evidence, unit)
    split = split_rise(sized.rise, rooms)
    proposed = [_line(component, rise, terms, numbers, unit) for component, rise in split.rises]
    return tuple(row for row in proposed if row is not None), split.left_over


def _rooms(
    talk: Negotiation,
    terms: Terms,
    numbers: OfferNumbers,
    evidence: EvidenceSet,
    unit: UnitValue | None,
) -> list[Room]:
    """Return the rooms in the order in which this kind of company tends to move."""
    known = usual_room()
    base = float(terms.revision.base_salary or 0)
    is_strong = evidence.market is not None and evidence.market.sample_size >= STRONG_SAMPLE
    order = list(known["orders"][terms.company.kind])
    if terms.offer.location.region in known["regions_with_base_first"] and "base" in order:
        order = ["base", *(name for name in order if name != "base")]
    quantity = _quantity(numbers)
    assumptions = pay_assumptions(talk, terms)
    rooms = []
    for name in order:
        if name in talk.capped_components:
            continue
        part = known["components"][name]
        fraction = part["strong"] if is_strong and name != "equity" else part["high"]
        if name == "equity":
            if unit is None or not quantity or unit.unit.value_today <= 0.0:
                continue
            weight = unit.unit.value_today / numbers.n_years
            rooms.append(Room(component=name, most_rise=quantity * fraction, yearly_weight=weight))
        elif name == "sign_on":
            rooms.append(
                Room(
                    component=name,
                    most_rise=max(base * fraction - sign_on_of(terms), 0.0),
                    yearly_weight=1.0 / numbers.n_years,
                )
            )
        elif name == "base":
            lifted = 1.0 + assumptions.bonus_fraction + assumptions.match_fraction
            rooms.append(Room(component=name, most_rise=base * fraction, yearly_weight=lifted))
        else:
            rooms.append(Room(component=name, most_rise=base * fraction))
    return rooms


def _line(
    component: str,
    rise: float,
    terms: Terms,
    numbers: OfferNumbers,
    unit: UnitValue | None,
) -> ProposedAsk | None:
    label = str(Component(component).label)
    if component == Component.EQUITY:
        now = _quantity(numbers)
        wanted = round_units(now + rise)
        if rise < 1.0 or now is None:
            return None
        source = f" Counted at {unit.source.lower()}." if unit is not None else ""
        return ProposedAsk(
            component=component,
            label=label,
            current_quantity=now,
            quantity=wanted,
            is_rounded_up=wanted > now + rise + 1e-6,
            reason=f"Equity usually has the most room.{source}",
        )
    current = {
        Component.BASE: float(terms.revision.base_salary or 0),
        Component.SIGN_ON: sign_on_of(terms),
        Component.BONUS: float(stated_in(terms, Component.BONUS) or 0),
    }[Component(component)]
    amount = round_cash(current + rise, not_above=current + rise)
    if amount <= current:
        return None
    reasons = {
        Component.BASE: "Within the usual room of base salary and what the market pays",
        Component.SIGN_ON: "Paid once, so it costs them less than base every year",
        Component.BONUS: "A guarantee for the first year",
    }
    return ProposedAsk(
        component=component,
        label=label,
        current_amount=current,
        amount=amount,
        reason=reasons[Component(component)],
    )


def _usual_equity(
    talk: Negotiation, terms: Terms, numbers: OfferNumbers
) -> tuple[ProposedAsk, ...]:
    """Return more equity by the usual room alone, which is marked as resting on no figure."""
    now = _quantity(numbers)
    if (
        not now
        or Component.EQUITY in talk.capped_components
        or terms.company.kind
        not in {
            "startup",
            "ai_lab",
            "big_tech",
        }
    ):
        return ()
    return (
        ProposedAsk(
            component=Component.EQUITY,
            label=str(Component.EQUITY.label),
            current_quantity=now,
            quantity=round_units(now * (1.0 + DEFAULT_EQUITY_RISE)),
            reason="Usual room of equity, 15% to 50%, as reported; no market figure is on record",
            is_supported=False,
        ),
    )


def _quantity(numbers: OfferNumbers) -> float:
    equity = numbers.private_equity or numbers.public_equity
    return float(equity.grants[0].quantity or 0.0) if equity and equity.grants else 0.0


def _total_after(
    total: float,
    numbers: OfferNumbers,
    talk: Negotiation,
    terms: Terms,
    unit: UnitValue | None,
    lines: Sequence[ProposedAsk],
) -> float:
    """Return the year's pay if every line were agreed, as the sum of its parts."""
    assumptions = pay_assumptions(talk, terms)
    lifted = 1.0 + assumptions.bonus_fraction + assumptions.match_fraction
    after = total
    for line in lines:
        if line.amount is not None:
            rise = line.amount - (line.current_amount or 0.0)
            weight = {Component.BASE: lifted, Component.SIGN_ON: 1.0 / numbers.n_years}
            after += rise * weight.get(Component(line.component), 1.0)
        elif line.quantity is not None and unit is not None:
            more = line.quantity - (line.current_quantity or 0.0)
            after += more * unit.unit.value_today / numbers.n_years
    return after


def _own(value: Any) -> float | None:
    return None if value is None else float(value)
