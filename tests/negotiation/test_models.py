import datetime as dt
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pghistory.models import Event as HistoryEvent

from negotiation.models import CalendarFeed, Negotiation
from offers import services as offer_services
from offers.models import Company, OfferRevision
from tests.factories.negotiation import (
    NOW,
    AskFactory,
    AskRoundFactory,
    CommitmentFactory,
    EventFactory,
    EvidenceFactory,
    NegotiationFactory,
    PlanTaskFactory,
    ReminderFactory,
    ScriptVersionFactory,
    SentScriptFactory,
    current_revision,
    full_talk,
    offer_of,
)
from tests.factories.terms import public_terms, startup_terms

CURATED = {"ScriptTemplate", "ScriptTemplateVersion", "Question", "HandbookText", "ObjectionCard"}
OWNED = [
    model
    for model in apps.get_app_config("negotiation").get_models()
    if model.__name__ not in CURATED and not issubclass(model, HistoryEvent)
]


@pytest.fixture
def talk(candidate):
    return NegotiationFactory.create(offer=offer_of(candidate))


def _verbal(terms):
    terms.revision.source = OfferRevision.Source.VERBAL
    return terms


def _rival(owner, *, source="written", name="Cedar Labs"):
    terms = public_terms(
        company=Company(
            name=name, kind="big_tech", stage=public_terms().company.stage, is_public=True
        )
    )
    terms.revision.source = source
    return offer_of(owner, terms)


def test_owned_rows_are_seen_by_their_owner_alone(candidate, stranger):
    full_talk(candidate)
    CalendarFeed.objects.create(
        owner=candidate, token_hash="x" * 64, expires_at=NOW + dt.timedelta(days=9000)
    )

    assert len(OWNED) >= 14
    for model in OWNED:
        assert model.objects.visible_to(candidate).count() == 1, model
        assert model.objects.visible_to(stranger).count() == 0, model


def test_names_of_rows_say_no_amount(candidate):
    talk = full_talk(candidate)

    names = [str(row) for model in OWNED for row in model.objects.all()]

    assert str(talk) == f"Negotiation {talk.pk}"
    assert not [name for name in names if "000" in name or "Robin" in name or "Alder" in name]


def test_deleting_an_offer_takes_the_whole_talk_with_it(candidate):
    talk = full_talk(candidate)
    CommitmentFactory.create(
        negotiation=talk, state="found", found_in_revision=current_revision(talk.offer)
    )

    offer_services.delete_offer(offer=talk.offer)

    assert {model.__name__: model.objects.count() for model in OWNED} == {
        model.__name__: 0 for model in OWNED
    }


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reservation_value": 300, "aspiration_value": 200}, "target_not_below_walk_away"),
        ({"reservation_value": -1}, "values_not_negative"),
        ({"target_percentile": 99}, "target_percentile_is_plausible"),
        ({"discount_rate": "1.5"}, "fractions_lie_in_one"),
        ({"stay_years": 0}, "stay_is_one_to_ten"),
        ({"deadline_at": NOW}, "deadline_has_a_time_zone"),
    ],
)
def test_negotiation_refuses_what_cannot_be(candidate, fields, constraint):
    offer = offer_of(candidate)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Negotiation.objects.create(offer=offer, **fields)


def test_negotiation_is_one_per_offer(talk):
    with pytest.raises(IntegrityError), transaction.atomic():
        NegotiationFactory.create(offer=talk.offer)


def test_ask_names_a_figure_or_a_term(talk):
    ask = AskFactory.build(
        negotiation=talk, revision=current_revision(talk.offer), amount=None, term=""
    )

    with pytest.raises(ValidationError, match="Vague requests are easy to dismiss"):
        ask.full_clean()


def test_ask_for_one_component_is_open_once(talk):
    AskFactory.create(negotiation=talk)

    with pytest.raises(IntegrityError, match="ask_open_once"), transaction.atomic():
        AskFactory.create(negotiation=talk)
    AskFactory.create(negotiation=talk, component="term", amount=None, term="Double trigger")
    AskFactory.create(negotiation=talk, component="term", amount=None, term="Seven years")


def test_ask_waits_for_the_letter(candidate):
    offer = offer_of(candidate, _verbal(public_terms()))
    talk = NegotiationFactory.create(offer=offer)
    ask = AskFactory.create(negotiation=talk)

    ask.state, ask.put_at = "put", NOW
    with pytest.raises(IntegrityError, match="before a written offer"), transaction.atomic():
        ask.save()

    offer_services.revise_offer(
        offer=offer, terms=replace(public_terms(), company=offer.company, offer=offer), as_of=NOW
    )
    ask.save()
    assert ask.state == "put"


def test_round_of_theirs_says_what_it_means(talk):
    ask = AskFactory.create(negotiation=talk)

    with pytest.raises(IntegrityError, match="reply_is_theirs"), transaction.atomic():
        AskRoundFactory.create(ask=ask, side="them", reply="")
    with pytest.raises(IntegrityError, match="reply_is_theirs"), transaction.atomic():
        AskRoundFactory.create(ask=ask, side="us", reply="final")


def test_evidence_of_a_rival_is_a_written_offer_of_the_same_person(candidate, stranger, talk):
    written = current_revision(_rival(candidate))
    verbal = current_revision(_rival(candidate, source="verbal", name="Dogwood"))
    foreign = current_revision(_rival(stranger))
    own = current_revision(talk.offer)
    figures = {"kind": "competing_offer", "sample_size": None}

    for revision in (verbal, foreign, own):
        with pytest.raises(IntegrityError, match="another written offer"), transaction.atomic():
            EvidenceFactory.create(negotiation=talk, competing_revision=revision, **figures)
    with pytest.raises(IntegrityError, match="is_on_record"), transaction.atomic():
        EvidenceFactory.create(negotiation=talk, **figures)
    kept = EvidenceFactory.create(negotiation=talk, competing_revision=written, **figures)

    kept.competing_revision = verbal
    with pytest.raises(IntegrityError, match="another written offer"), transaction.atomic():
        kept.save()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sample_size": None}, "counts_them"),
        ({"sample_size": 0}, "counts_them"),
        ({"low": 300_000}, "range_is_in_order"),
        ({"top": 1}, "range_is_in_order"),
        ({"currency": "dollars"}, "value too long|currency_is_a_code"),
    ],
)
def test_evidence_refuses_what_cannot_be(talk, fields, constraint):
    with pytest.raises(Exception, match=constraint), transaction.atomic():
        EvidenceFactory.create(negotiation=talk, **fields)


@pytest.mark.parametrize("fields", [{"state": "found"}, {"state": "asked"}, {"state": "waived"}])
def test_commitment_moves_with_its_proof(talk, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitmentFactory.create(negotiation=talk, **fields)


def test_letter_stands_once_on_the_timeline(talk):
    letter = {"kind": "letter_received", "revision": current_revision(talk.offer)}
    EventFactory.create(negotiation=talk, **letter)

    with pytest.raises(IntegrityError, match="once_per_revision"), transaction.atomic():
        EventFactory.create(negotiation=talk, **letter)
    with pytest.raises(IntegrityError, match="has_a_date"), transaction.atomic():
        EventFactory.create(negotiation=talk, kind="deadline_set")


def test_planned_task_stands_once_but_own_tasks_any_number(talk):
    PlanTaskFactory.create(negotiation=talk, key="acknowledge")
    PlanTaskFactory.create(negotiation=talk)
    PlanTaskFactory.create(negotiation=talk)

    with pytest.raises(IntegrityError, match="once_per_key"), transaction.atomic():
        PlanTaskFactory.create(negotiation=talk, key="acknowledge")


def test_reminder_is_owed_once(talk):
    ReminderFactory.create(negotiation=talk)

    with pytest.raises(IntegrityError, match="once_per_day"), transaction.atomic():
        ReminderFactory.create(negotiation=talk)


def test_version_of_a_script_keeps_its_words(talk):
    version = ScriptVersionFactory.create()
    SentScriptFactory.create(negotiation=talk, template_version=version)

    version.is_current = False
    version.save()
    version.body = "Hello."
    with pytest.raises(IntegrityError, match="never changes its words"), transaction.atomic():
        version.save()


def test_talk_counts_no_private_stock_unless_told(candidate):
    talk = NegotiationFactory.create(offer=offer_of(candidate, startup_terms()))

    talk.refresh_from_db()
    assert talk.paper_fraction == 0
    assert (str(talk.raise_fraction), str(talk.discount_rate)) == ("0.030000", "0.060000")
