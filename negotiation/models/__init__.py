"""What is said about an offer: the talk itself, its asks, its words, its promises, what became of it."""

from negotiation.models.asks import Ask, AskRound, Component, Evidence, ReplyKind
from negotiation.models.content import Question, ScriptTemplate, ScriptTemplateVersion
from negotiation.models.handbook import HandbookText, ObjectionCard
from negotiation.models.results import OutcomeRecord, Win
from negotiation.models.talks import (
    CallLog,
    Channel,
    Commitment,
    Event,
    LeverageFactor,
    Negotiation,
    PlanTask,
)
from negotiation.models.time import CalendarFeed, Reminder
from negotiation.models.words import Answer, SentScript

__all__ = [
    "Answer",
    "Ask",
    "AskRound",
    "CalendarFeed",
    "CallLog",
    "Channel",
    "Commitment",
    "Component",
    "Event",
    "Evidence",
    "HandbookText",
    "LeverageFactor",
    "Negotiation",
    "ObjectionCard",
    "OutcomeRecord",
    "PlanTask",
    "Question",
    "Reminder",
    "ReplyKind",
    "ScriptTemplate",
    "ScriptTemplateVersion",
    "SentScript",
    "Win",
]
