"""A person's own words: what they confirm as true, the scripts they keep and send."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from negotiation.models import CallLog, Event, Negotiation, ScriptTemplate, SentScript
from negotiation.scripts import Checked, Draft
from negotiation.selectors.statements import EXTENSION, FLAGS, OWN_WORDS, YES
from negotiation.services.answers import ask_questions
from negotiation.services.promises import ask_in_writing
from negotiation.services.talks import note_event
from offers.selectors import OPEN_STATES


class PreferredElsewhere(ValueError):
    """The same preference was confirmed for another open offer; it can be true of one."""


class NothingToSend(ValueError):
    """Nothing is left of the text once what has no record is taken out."""


# What sending a script means for the timeline.
EVENTS: Mapping[str, str] = {
    "S01": Event.Kind.LETTER_ASKED,
    "S04": Event.Kind.ACKNOWLEDGED,
    "S05": Event.Kind.EXTENSION_ASKED,
    "S07": Event.Kind.QUESTIONS_ASKED,
    "S09": Event.Kind.CALL_AGREED,
}


@transaction.atomic
def record_statements(
    *,
    talk: Negotiation,
    words: Mapping[str, str],
    is_preferred: bool,
    would_sign: bool,
    extension_date: dt.date | None,
    forfeited_label: str,
    forfeited_amount: Decimal | None,
    forfeited_date: dt.date | None,
    may_be_named: bool,
    as_of: dt.datetime,
) -> Negotiation:
    """Keep what a person says is true of this offer; an unticked confirmation is taken back."""
    locked: Negotiation = Negotiation.objects.select_for_update().get(pk=talk.pk)
    if is_preferred and preferred_elsewhere(locked):
        raise PreferredElsewhere
    own = {name: words[name].strip() for name in OWN_WORDS if words.get(name, "").strip()}
    own |= {name: YES for name in FLAGS if words.get(name) == YES}
    if extension_date is not None:
        own[EXTENSION] = extension_date.isoformat()
    locked.own_words = {
        **{name: value for name, value in locked.own_words.items() if name not in _KNOWN},
        **own,
    }
    locked.prefers_this_at = (locked.prefers_this_at or as_of) if is_preferred else None
    locked.would_sign_at = (locked.would_sign_at or as_of) if would_sign else None
    locked.forfeited_label = forfeited_label
    locked.forfeited_amount = forfeited_amount
    locked.forfeited_date = forfeited_date
    locked.may_be_named = may_be_named
    locked.full_clean()
    locked.save()
    return locked


_KNOWN = frozenset({*OWN_WORDS, *FLAGS, EXTENSION})


def preferred_elsewhere(talk: Negotiation) -> Negotiation | None:
    """Return the talk about another open offer that is preferred already."""
    found: Negotiation | None = (
        Negotiation.objects.visible_to(talk.offer.owner)
        .select_related("offer__company")
        .filter(prefers_this_at__isnull=False, offer__state__in=OPEN_STATES)
        .exclude(pk=talk.pk)
        .first()
    )
    return found


@transaction.atomic
def keep_script(
    *, talk: Negotiation, template: ScriptTemplate, text: str, draft: Draft
) -> SentScript:
    """Keep a text as it was typed; it is a draft until it is marked as sent."""
    version = template.versions.get(is_current=True)
    kept = SentScript.objects.filter(
        negotiation=talk, template_version=version, sent_at__isnull=True
    ).first() or SentScript(negotiation=talk, template_version=version)
    kept.text = text
    kept.subject = draft.subject[:200]
    kept.bindings = bindings_of(draft)
    kept.is_edited = text.strip() != draft.body.strip()
    kept.full_clean()
    kept.save()
    return kept


@transaction.atomic
def forget_draft(*, talk: Negotiation, template: ScriptTemplate) -> None:
    """Throw a draft away, so that the script stands as rendered again."""
    SentScript.objects.filter(
        negotiation=talk, template_version__template=template, sent_at__isnull=True
    ).delete()


@transaction.atomic
def send_script(
    *,
    talk: Negotiation,
    template: ScriptTemplate,
    checked: Checked,
    draft: Draft,
    as_of: dt.datetime,
) -> SentScript:
    """Mark a text as sent, or said: what is kept is what may leave, with the template's version."""
    if not checked.passed_on.strip():
        raise NothingToSend
    kept = keep_script(talk=talk, template=template, text=checked.passed_on, draft=draft)
    kept.sent_at = as_of
    if template.situation == "S24":
        kept.call = talk.calls.order_by("-held_at", "-pk").first()
        if kept.call is not None:
            CallLog.objects.filter(pk=kept.call.pk).update(recap_sent_at=as_of)
    kept.save(update_fields=["sent_at", "call", "updated_at"])
    if template.situation == "S23":
        ask_in_writing(talk=talk, as_of=as_of)
    if template.situation == "S07":
        ask_questions(talk=talk, as_of=as_of)
    _note(talk, template, as_of)
    return kept


def bindings_of(draft: Draft) -> list[dict[str, Any]]:
    """Return every fact in a script with the record that it came from, as the database keeps it."""
    return [
        {
            "slot": segment.slot,
            "text": segment.text,
            "kind": segment.source.kind.value,
            "source": segment.source.label,
            "date": segment.source.date.isoformat() if segment.source.date else "",
            "status": segment.source.status,
        }
        for line in draft.lines
        for segment in line.segments
        if segment.source is not None
    ]


def _note(talk: Negotiation, template: ScriptTemplate, as_of: dt.datetime) -> None:
    is_email = template.channel == ScriptTemplate.Channel.EMAIL
    kind = EVENTS.get(template.situation)
    if kind is None and is_email and template.situation in {"S10", "S11", "S12", "S16", "S24"}:
        kind = Event.Kind.FOLLOW_UP_SENT
    if kind is not None:
        note_event(talk=talk, kind=kind, happened_at=as_of)
