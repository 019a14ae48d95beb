"""Talks for tests: an offer saved through its service, with the rows of its negotiation."""

import datetime as dt
from typing import Any, Final

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from negotiation.models import (
    Answer,
    Ask,
    AskRound,
    CallLog,
    Commitment,
    Event,
    Evidence,
    Negotiation,
    OutcomeRecord,
    PlanTask,
    Question,
    Reminder,
    ScriptTemplate,
    ScriptTemplateVersion,
    SentScript,
    Win,
)
from offers import services
from offers.models import Offer, OfferRevision
from offers.selectors import Terms
from tests.factories.terms import public_terms

NOW: Final = dt.datetime(2026, 11, 17, 15, 0, tzinfo=dt.UTC)


def offer_of(owner: User, terms: Terms | None = None) -> Offer:
    """Record an offer as its page does: by default a written one of a listed company."""
    return services.record_offer(owner=owner, terms=terms or public_terms(), as_of=NOW)


def current_revision(offer: Offer) -> OfferRevision:
    """Return the terms that stand."""
    return OfferRevision.objects.current().get(offer=offer)


class NegotiationFactory(DjangoModelFactory):
    """The talk about an offer, which must be given."""

    class Meta:
        model = Negotiation


class _OfTalk(DjangoModelFactory):
    class Meta:
        abstract = True

    negotiation = factory.SubFactory(NegotiationFactory)


class AskFactory(_OfTalk):
    """A prepared request for more base salary."""

    class Meta:
        model = Ask

    revision = factory.LazyAttribute(lambda row: current_revision(row.negotiation.offer))
    component = "base"
    current_amount = 200_000
    amount = 215_000


class AskRoundFactory(DjangoModelFactory):
    """What they said to an ask."""

    class Meta:
        model = AskRound

    number = 1
    side = "them"
    reply = "band_limit"
    said_at = NOW


class EvidenceFactory(_OfTalk):
    """A benchmark of forty packages."""

    class Meta:
        model = Evidence

    kind = "benchmark"
    label = "Research engineer, senior, New York"
    source_names = "Published filings"
    currency = "USD"
    low = 190_000
    median = 220_000
    high = 250_000
    top = 290_000
    sample_size = 40
    as_of_date = dt.date(2026, 10, 1)


class CallLogFactory(_OfTalk):
    """A call that was noted."""

    class Meta:
        model = CallLog

    held_at = NOW
    person = "Robin"
    notes = "They will look at the sign-on."


class CommitmentFactory(_OfTalk):
    """Something that was promised and is only words."""

    class Meta:
        model = Commitment

    component = "sign_on"
    term = "Sign-on bonus of 55,000"
    amount = 55_000
    said_by = "Robin"
    said_date = NOW.date()


class EventFactory(_OfTalk):
    """A moment on the timeline."""

    class Meta:
        model = Event

    kind = "note"
    happened_at = NOW


class PlanTaskFactory(_OfTalk):
    """Something to do."""

    class Meta:
        model = PlanTask

    title = "Ask two people you know"
    due_date = NOW.date()


class ReminderFactory(_OfTalk):
    """An e-mail that is owed."""

    class Meta:
        model = Reminder

    kind = "answer_due_next"
    about_date = dt.date(2026, 11, 23)
    send_at = NOW


class WinFactory(_OfTalk):
    """A result at work."""

    class Meta:
        model = Win

    happened_date = NOW.date()
    what = "Halved the cost of serving"


class OutcomeFactory(_OfTalk):
    """What a talk came to."""

    class Meta:
        model = OutcomeRecord

    currency = "USD"
    horizon_years = 4
    first_revision = factory.LazyAttribute(lambda row: current_revision(row.negotiation.offer))
    final_revision = factory.SelfAttribute("first_revision")
    first_guaranteed = 840_000
    first_liquid = 400_000
    first_paper = 0
    final_guaranteed = 855_000
    final_liquid = 400_000
    final_paper = 0
    recorded_at = NOW


class ScriptTemplateFactory(DjangoModelFactory):
    """A template without a text yet."""

    class Meta:
        model = ScriptTemplate

    situation = factory.Sequence(lambda n: f"test-{n}")
    channel = "email"
    tone = "plain"


class ScriptVersionFactory(DjangoModelFactory):
    """The current text of a template."""

    class Meta:
        model = ScriptTemplateVersion

    template = factory.SubFactory(ScriptTemplateFactory)
    number = 1
    title = "Thank them"
    body = "Thank you, {contact}."
    slots = ["contact"]
    origin = "shipped"
    release = 1
    is_current = True


class SentScriptFactory(_OfTalk):
    """The user's own copy of a script."""

    class Meta:
        model = SentScript

    template_version = factory.SubFactory(ScriptVersionFactory)
    text = "Thank you, Robin."


class QuestionFactory(DjangoModelFactory):
    """A question about equity."""

    class Meta:
        model = Question

    key = factory.Sequence(lambda n: f"t{n}")
    position = factory.Sequence(int)
    need = "must"
    text = "How many shares are there, fully diluted?"
    why = "A share count alone says nothing."
    good_answer = "A number with a date"
    bad_answer = "We do not share that"


class AnswerFactory(_OfTalk):
    """Where a question stands."""

    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)


def full_talk(owner: User, offer: Offer | None = None, **of_negotiation: Any) -> Negotiation:
    """Return a talk with a row of every kind, for the tests of who may see what."""
    talk = NegotiationFactory.create(offer=offer or offer_of(owner), **of_negotiation)
    ask = AskFactory.create(negotiation=talk, state="put", put_at=NOW)
    ask.evidence.add(EvidenceFactory.create(negotiation=talk))
    AskRoundFactory.create(ask=ask)
    call = CallLogFactory.create(negotiation=talk)
    CommitmentFactory.create(negotiation=talk, call=call)
    EventFactory.create(negotiation=talk)
    PlanTaskFactory.create(negotiation=talk)
    ReminderFactory.create(negotiation=talk)
    WinFactory.create(negotiation=talk)
    OutcomeFactory.create(negotiation=talk)
    SentScriptFactory.create(negotiation=talk)
    AnswerFactory.create(negotiation=talk)
    return talk
