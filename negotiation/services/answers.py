"""Answers to the equity questions: kept, judged, and carried into the cap table and the grant."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from config.figures.fields import FigureStatus
from negotiation.models import Answer, Negotiation, Question
from negotiation.scripts.clarity import is_clear
from negotiation.selectors.questions import applies, open_questions
from offers.models import CapTable, EquityGrant, OfferRevision, StockClass
from offers.selectors import Terms, terms_of
from offers.services import correct_revision

State = Answer.State
Rating = Answer.Rating
TABLE_FACTS: Final = (
    "fully_diluted_shares",
    "fair_market_value",
    "last_preferred_price",
    "debt",
)
GRANT_FACTS: Final = (
    "ownership_fraction",
    "exercise_price",
    "acceleration",
    "post_termination_window_days",
    "early_exercise",
    "expiry_months",
    "participation_cap_multiple",
)
APPRAISAL_MONTHS: Final = 12
SHORT_WINDOW_DAYS: Final = 90
FAIR_WINDOW_DAYS: Final = 365
USUAL_VESTING_MONTHS: Final = 48
LONG_EXPIRY_MONTHS: Final = 84


@transaction.atomic
def record_answer(
    *,
    talk: Negotiation,
    question: Question,
    state: str,
    text: str = "",
    rating: str = "",
    facts: Mapping[str, Any] | None = None,
    answered_by: str = "",
    as_of: dt.datetime,
) -> Answer:
    """Keep an answer, judge it, and carry its figures into the offer with how they are known.

    A refusal is an answer: the figure becomes one that they would not say.
    """
    figures = {name: value for name, value in (facts or {}).items() if value not in (None, "")}
    is_given = state in {State.WRITTEN, State.VERBAL}
    answer = Answer.objects.select_for_update().filter(
        negotiation=talk, question=question
    ).first() or Answer(negotiation=talk, question=question)
    answer.state = state
    answer.text = text
    answer.facts = {name: _stored(value) for name, value in figures.items()} if is_given else {}
    answer.answered_by = answered_by
    answer.asked_at = answer.asked_at or (as_of if state != State.OPEN else None)
    answer.answered_at = as_of if is_given or state == State.REFUSED else None
    answer.rating = _rating(question, text, figures, rating) if is_given else ""
    answer.full_clean()
    answer.save()
    if is_given and figures:
        _carry(talk, question.answers_fact, figures, state, as_of)
    elif state == State.REFUSED:
        _carry_refusal(talk, question.answers_fact, as_of)
    return answer


@transaction.atomic
def ask_questions(*, talk: Negotiation, as_of: dt.datetime) -> int:
    """Mark every question of the e-mail as asked; return how many there were."""
    revision = _current(talk)
    asked = 0
    for row in open_questions(talk, terms_of(revision)):
        if not row.is_to_ask or row.state not in {State.OPEN, State.ASKED}:
            continue
        Answer.objects.update_or_create(
            negotiation=talk,
            question=row.question,
            defaults={"state": State.ASKED, "asked_at": as_of},
        )
        asked += 1
    return asked


def applies_to(talk: Negotiation, question: Question) -> bool:
    """Say whether a question is about this talk's equity."""
    return applies(question, terms_of(_current(talk)))


def _carry(
    talk: Negotiation, name: str, figures: Mapping[str, Any], state: str, as_of: dt.datetime
) -> None:
    """Write the figures of an answer into the cap table or the grant of the current terms."""
    terms = terms_of(_current(talk))
    status = FigureStatus.WRITTEN if state == State.WRITTEN else FigureStatus.VERBAL
    table = terms.cap_table or CapTable(company=terms.company, currency=terms.revision.currency)
    if name == "stock_classes":
        terms = _with_table(terms, table, classes=_with_class(terms, figures))
        table.stock_classes_status = status
    elif name in TABLE_FACTS and name in figures:
        setattr(table, name, figures[name])
        setattr(table, f"{name}_status", status)
        for column in ("fair_market_value_date", "last_round_date"):
            if column in figures:
                setattr(table, column, figures[column])
        terms = _with_table(terms, table)
    elif terms.grants:
        _fill_grant(terms.grants[0], name, figures)
    else:
        return
    correct_revision(offer=terms.offer, terms=terms, as_of=as_of)


def _carry_refusal(talk: Negotiation, name: str, as_of: dt.datetime) -> None:
    if name not in {*TABLE_FACTS, "stock_classes"}:
        return
    terms = terms_of(_current(talk))
    table = terms.cap_table or CapTable(company=terms.company, currency=terms.revision.currency)
    if name == "stock_classes":
        if terms.stock_classes:
            return
    elif getattr(table, name) is not None:
        return  # they said it once; not repeating it does not unsay it
    setattr(table, f"{name}_status", FigureStatus.REFUSED)
    correct_revision(offer=terms.offer, terms=_with_table(terms, table), as_of=as_of)


def _fill_grant(grant: EquityGrant, name: str, figures: Mapping[str, Any]) -> None:
    if name == "vesting":
        for column in ("total_months", "cliff_months", "period_months", "vesting_start_date"):
            if column in figures:
                setattr(grant, column, figures[column])
        grant.vesting_type = EquityGrant.VestingType.PERIODIC
        grant.is_vesting_confirmed = True
        return
    for column in (*GRANT_FACTS, "acceleration_fraction", "acceleration_window_months"):
        if column in figures:
            setattr(grant, column, figures[column])


def _with_class(terms: Terms, figures: Mapping[str, Any]) -> list[StockClass]:
    """Return the preferred classes with this one in the place of its name, or behind them."""
    names = [
        "name",
        "shares",
        "price_per_share",
        "seniority",
        "liquidation_preference_multiple",
        "participation",
        "participation_cap_multiple",
    ]
    row = StockClass(**{name: figures[name] for name in names if name in figures})
    others = [each for each in terms.stock_classes if each.name != row.name]
    return [*others, row]


def _with_table(terms: Terms, table: CapTable, *, classes: list[StockClass] | None = None) -> Terms:
    return Terms(
        company=terms.company,
        offer=terms.offer,
        revision=terms.revision,
        grants=terms.grants,
        payments=terms.payments,
        benefits=terms.benefits,
        cap_table=table,
        stock_classes=list(terms.stock_classes) if classes is None else classes,
        exit_scenarios=terms.exit_scenarios,
    )


def _current(talk: Negotiation) -> OfferRevision:
    found: OfferRevision = OfferRevision.objects.current().with_terms().get(offer_id=talk.offer_id)
    return found


def _stored(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | dt.date) else value


def _rating(question: Question, text: str, figures: Mapping[str, Any], chosen: str) -> str:
    """Return the rating: by the figures where they decide, else the person's, if it is clear."""
    if (judged := judge(question.answers_fact, figures)) is not None:
        return judged
    if not figures and not is_clear(text):
        return Rating.UNCLEAR
    return chosen


def judge(name: str, figures: Mapping[str, Any]) -> str | None:
    """Return how good an answer is by its figures alone; None where they do not decide."""
    if name not in figures and name not in {"vesting", "stock_classes"}:
        return None
    if name in {"fully_diluted_shares", "ownership_fraction"}:
        return Rating.GOOD
    if name == "fair_market_value":
        return Rating.GOOD if figures.get("fair_market_value_date") else Rating.FAIR
    if name == "last_preferred_price":
        return Rating.GOOD if figures.get("last_round_date") else Rating.FAIR
    if name == "vesting" and "total_months" in figures:
        is_long = figures["total_months"] > USUAL_VESTING_MONTHS
        return Rating.FAIR if is_long else Rating.GOOD
    if name == "acceleration":
        return _judge_acceleration(figures)
    if name == "stock_classes" and "participation" in figures:
        return _judge_class(figures)
    if name == "post_termination_window_days":
        days = figures[name]
        return (
            Rating.BAD
            if days <= SHORT_WINDOW_DAYS
            else Rating.FAIR
            if days <= FAIR_WINDOW_DAYS
            else Rating.GOOD
        )
    if name == "early_exercise":
        return Rating.GOOD if figures[name] == EquityGrant.YesNo.YES else Rating.FAIR
    if name == "debt":
        return Rating.FAIR if figures[name] else Rating.GOOD
    if name == "expiry_months":
        return Rating.FAIR if figures[name] >= LONG_EXPIRY_MONTHS else Rating.BAD
    return None


def _judge_acceleration(figures: Mapping[str, Any]) -> str:
    kind = figures["acceleration"]
    if kind == EquityGrant.Acceleration.NONE:
        return Rating.BAD
    whole = figures.get("acceleration_fraction")
    return Rating.GOOD if whole is None or whole >= 1 else Rating.FAIR


def _judge_class(figures: Mapping[str, Any]) -> str:
    multiple = figures.get("liquidation_preference_multiple", Decimal(1))
    participation = figures["participation"]
    if multiple > 1 or participation == StockClass.Participation.FULL:
        return Rating.BAD
    is_capped = participation == StockClass.Participation.CAPPED
    return Rating.FAIR if is_capped else Rating.GOOD
