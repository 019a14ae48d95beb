"""The equity questions that apply to an offer, where each stands, and what the answers mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from config.figures import amounts
from negotiation.models import Answer, Negotiation, Question
from offers.models import EquityGrant, StockClass
from offers.selectors import Terms

State = Answer.State
UNITED_STATES: Final = "US"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """One question of the checklist with what is known so far."""

    question: Question
    answer: Answer | None
    state: str
    known: str
    """What the offer on record says already; empty where it says nothing."""

    @property
    def state_words(self) -> str:
        if self.state == State.WRITTEN and self.answer is None:
            return "In the offer on record"
        return str(Answer.State(self.state).label)

    @property
    def rating(self) -> str:
        return self.answer.rating if self.answer is not None else ""

    @property
    def is_must(self) -> bool:
        return self.question.need in {Question.Need.MUST, Question.Need.OPTIONS}

    @property
    def is_unclear(self) -> bool:
        return self.rating == Answer.Rating.UNCLEAR

    @property
    def is_declined(self) -> bool:
        return self.state == State.REFUSED or self.is_unclear

    @property
    def is_settled(self) -> bool:
        return self.state == State.WRITTEN and not self.is_unclear

    @property
    def is_to_ask(self) -> bool:
        """Whether it belongs into the e-mail: not settled in writing and not declined."""
        return not self.is_settled and self.state != State.REFUSED and self._is_core

    @property
    def _is_core(self) -> bool:
        return self.is_must or self.state in {State.ASKED, State.VERBAL} or self.is_unclear

    @property
    def is_weak(self) -> bool:
        """Whether the answer is one that suggests an ask."""
        return self.rating in {Answer.Rating.BAD, Answer.Rating.FAIR} and self.state in {
            State.WRITTEN,
            State.VERBAL,
        }

    @property
    def words(self) -> str:
        """Return the question for an e-mail; what was said already is put up for confirmation."""
        told = (self.answer.text if self.answer is not None else "") or self.known
        if self.state == State.VERBAL and told:
            told = told.rstrip(".")
            return f"{self.question.text} (You told me: {told}. Could you confirm it in writing?)"
        return self.question.text


def open_questions(talk: Negotiation, terms: Terms) -> tuple[OpenQuestion, ...]:
    """Return the questions that apply to this instrument and stage, in order of worth."""
    if terms.company.is_public or not terms.grants:
        return ()
    answers = {
        answer.question_id: answer
        for answer in Answer.objects.filter(negotiation=talk).select_related("question")
    }
    return tuple(
        _open(question, answers.get(question.pk), terms)
        for question in Question.objects.order_by("position", "pk")
        if applies(question, terms)
    )


def applies(question: Question, terms: Terms) -> bool:
    """Say whether a question is about this kind of equity at this stage."""
    kinds = {grant.compensation_type for grant in terms.grants}
    if question.instruments and not kinds & set(question.instruments):
        return False
    if question.stages and terms.company.stage.key not in question.stages:
        return False
    return question.key != "Q25" or terms.offer.location.country_code != UNITED_STATES


def _open(question: Question, answer: Answer | None, terms: Terms) -> OpenQuestion:
    known, status = known_fact(question.answers_fact, terms)
    state = answer.state if answer is not None else State.OPEN
    if state in {State.OPEN, State.ASKED} and known:
        state = {"written": State.WRITTEN, "verbal": State.VERBAL}.get(status, state)
    if state == State.OPEN and status == "refused":
        state = State.REFUSED
    return OpenQuestion(question=question, answer=answer, state=state, known=known)


def known_fact(name: str, terms: Terms) -> tuple[str, str]:
    """Return what the offer on record says about a fact, and how it is known."""
    table = terms.cap_table
    grant = terms.grants[0] if terms.grants else None
    if name == "stock_classes":
        if table is None:
            return "", ""
        return classes_in_words(terms.stock_classes), table.stock_classes_status
    if table is not None and hasattr(table, f"{name}_status"):
        value = getattr(table, name)
        return ("" if value is None else f"{value.normalize():,f}"), getattr(
            table, f"{name}_status"
        )
    if grant is None:
        return "", ""
    status = terms.revision.source
    return _of_grant(name, grant, terms.revision.currency), status


def classes_in_words(classes: Sequence[StockClass]) -> str:
    """Return the preferences in one line."""
    return "; ".join(
        f"{row.name}: {row.liquidation_preference_multiple.normalize():f}x, "
        f"{row.get_participation_display().lower()}"
        for row in classes
    )


def _of_table(name: str, value: Decimal, currency: str) -> str:
    if name == "fully_diluted_shares":
        return amounts.count(value)
    if name in {"fair_market_value", "last_preferred_price"}:
        return f"{amounts.price(value, currency)} a share"
    return amounts.money(value, currency)


def _of_grant(name: str, grant: EquityGrant, currency: str) -> str:
    if name == "ownership_fraction" and grant.ownership_fraction is not None:
        return f"{(grant.ownership_fraction * 100).normalize():f}%"
    if name == "exercise_price" and grant.exercise_price is not None:
        return f"{amounts.price(grant.exercise_price, currency)} a share"
    if name == "vesting" and grant.is_vesting_confirmed:
        return f"{grant.total_months} months, cliff {grant.cliff_months} months"
    if name == "acceleration" and grant.acceleration != EquityGrant.Acceleration.NOT_STATED:
        return str(grant.get_acceleration_display())
    if name == "post_termination_window_days" and grant.post_termination_window_days is not None:
        return f"{grant.post_termination_window_days} days"
    if name == "early_exercise" and grant.early_exercise != EquityGrant.YesNo.NOT_STATED:
        return str(grant.get_early_exercise_display())
    if name == "expiry_months" and grant.expiry_months is not None:
        return f"{grant.expiry_months} months"
    return ""
