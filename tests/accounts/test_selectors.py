import datetime as dt
import json

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from accounts import selectors
from accounts.models import Profile, User
from offers.models import Offer, OfferRevision, Valuation
from tests.accounts.conftest import NOW

# A new kind of row that belongs to a person is written here, and made by the fixture `estate`.
OWNED = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "accounts.Profile",
    "accounts.User",
    "admin.LogEntry",
    "market.Contribution",
    "market.NetworkDataPoint",
    "market.Observation",
    "mfa.Authenticator",
    "negotiation.Answer",
    "negotiation.Ask",
    "negotiation.AskRound",
    "negotiation.CalendarFeed",
    "negotiation.CallLog",
    "negotiation.Commitment",
    "negotiation.Event",
    "negotiation.Evidence",
    "negotiation.Negotiation",
    "negotiation.OutcomeRecord",
    "negotiation.PlanTask",
    "negotiation.Reminder",
    "negotiation.SentScript",
    "negotiation.Win",
    "offers.Benefit",
    "offers.CapTable",
    "offers.CashPayment",
    "offers.Company",
    "offers.ComparedOffer",
    "offers.Comparison",
    "offers.ComparisonValuation",
    "offers.Criterion",
    "offers.CriterionScore",
    "offers.EquityGrant",
    "offers.ExitScenario",
    "offers.Letter",
    "offers.LetterFile",
    "offers.MarketStanding",
    "offers.MentorComment",
    "offers.Offer",
    "offers.OfferDraft",
    "offers.OfferRevision",
    "offers.ShareLink",
    "offers.ShareLinkView",
    "offers.StockClass",
    "offers.Valuation",
    "usersessions.UserSession",
}


def owned_models():
    """Every model whose rows go with a person, found along the foreign keys the other way round."""
    owned = {User}
    while True:
        more = {
            model
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
            and field.related_model in owned
            and field.remote_field.on_delete is models.CASCADE
        } - owned
        if not more:
            return owned
        owned |= more


def exported(user):
    content = selectors.account_export(user, as_of=NOW)
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


# --- profile -----------------------------------------------------------------------------------


def test_profile_of_a_person_is_theirs(candidate, stranger):
    assert selectors.profile_of(candidate) == candidate.profile


def test_profile_that_was_never_saved_has_the_defaults(candidate):
    candidate.profile.delete()

    profile = selectors.profile_of(User.objects.get(pk=candidate.pk))

    assert (profile.pk, profile.user_id, profile.home_currency) == (None, candidate.pk, "USD")
    assert not Profile.objects.filter(user=candidate).exists()


# --- sessions ----------------------------------------------------------------------------------


def session_of(user, key, *, seen, ends=dt.timedelta(days=1), user_agent="Firefox"):
    Session.objects.create(session_key=key, session_data="", expire_date=NOW + ends)
    UserSession.objects.create(
        user=user,
        session_key=key,
        ip="203.0.113.7",
        user_agent=user_agent,
        created_at=NOW - dt.timedelta(days=2),
        last_seen_at=NOW - dt.timedelta(hours=seen),
    )


def test_sessions_start_with_this_one_and_go_back_in_time(candidate, stranger):
    session_of(candidate, "old", seen=9)
    session_of(candidate, "this", seen=5)
    session_of(candidate, "new", seen=1)
    session_of(candidate, "over", seen=2, ends=-dt.timedelta(seconds=1))
    session_of(stranger, "other", seen=0)

    sessions = selectors.sessions_of(candidate, as_of=NOW, current_key="this")

    assert [(each.is_current, (NOW - each.last_seen_at).seconds // 3600) for each in sessions] == [
        (True, 5),
        (False, 1),
        (False, 9),
    ]
    assert {(each.device, each.address) for each in sessions} == {("Firefox", "203.0.113.7")}


def test_session_that_was_ended_elsewhere_is_not_listed(candidate):
    session_of(candidate, "gone", seen=1)
    Session.objects.all().delete()

    assert selectors.sessions_of(candidate, as_of=NOW) == []


@pytest.mark.parametrize("n_sessions", [1, 3])
def test_sessions_take_one_query(candidate, django_assert_num_queries, n_sessions):
    for number in range(n_sessions):
        session_of(candidate, f"key-{number}", seen=number)

    with django_assert_num_queries(1):
        assert len(selectors.sessions_of(candidate, as_of=NOW)) == n_sessions


# --- security ----------------------------------------------------------------------------------


def test_security_of_a_plain_account(candidate):
    session_of(candidate, "one", seen=1)

    assert selectors.security_of(candidate, as_of=NOW) == selectors.Security(
        address="candidate@example.com",
        new_address="",
        has_second_step=False,
        recovery_codes_left=0,
        n_sessions=1,
    )


def test_security_of_a_protected_account_in_change(estate):
    EmailAddress.objects.create(user=estate.owner, email="new@example.com", verified=False)

    security = selectors.security_of(estate.owner, as_of=timezone.now())

    assert security == selectors.Security(
        address="candidate@example.com",
        new_address="new@example.com",
        has_second_step=True,
        recovery_codes_left=10,
        n_sessions=1,
    )


# --- export ------------------------------------------------------------------------------------


def test_list_of_what_people_own_is_complete():
    assert {model._meta.label for model in owned_models()} == OWNED


def test_export_holds_every_row_that_a_person_owns(estate):
    tables = exported(estate.owner)["tables"]

    assert tables.keys() == OWNED
    counts = {label: len(rows) for label, rows in tables.items()}
    assert counts == {label: apps.get_model(label)._base_manager.count() for label in OWNED}, (
        "the estate is alone in the database, so each row is in the file"
    )


def test_export_holds_the_history_and_the_exact_figures(estate):
    tables = exported(estate.owner)["tables"]

    listed = Offer.objects.get(company__name="Alder Research")
    salaries = {
        (row["number"], row["base_salary"], row["superseded_at"] is None)
        for row in tables["offers.OfferRevision"]
        if row["offer"] == listed.pk
    }
    assert salaries == {(1, "200000.00", False), (2, "210987.65", True)}
    assert tables["offers.Benefit"][0]["yearly_value"] == "7654.32"
    assert tables["offers.OfferDraft"][0]["typed"] == {"pay": {"base_salary": "185k"}}
    assert tables["offers.MentorComment"][0]["body"] == "Ask for more."


def test_export_names_what_belongs_to_everybody(estate):
    content = exported(estate.owner)

    companies = {row["name"]: row for row in content["tables"]["offers.Company"]}
    assert companies["Bellwether AI"]["stage"] == "Series B"
    assert companies["Bellwether AI"]["owner"] == estate.owner.pk
    assert content["tables"]["offers.Offer"][0]["level"] is None
    assert content["groups"] == ["Readers"]
    assert content["exported_at"] == "2026-11-24T12:00:00Z"


def test_export_holds_no_key_to_the_house(estate):
    text = json.dumps(exported(estate.owner))

    assert len(estate.secrets) == 8
    for secret in estate.secrets:
        assert secret not in text


def test_export_holds_nothing_of_a_stranger(estate, stranger):
    tables = exported(stranger)["tables"]

    assert tables.keys() == {"accounts.User", "accounts.Profile", "account.EmailAddress"}
    assert "Alder" not in json.dumps(tables)


def test_export_takes_as_many_queries_for_more_rows(estate, django_assert_max_num_queries):
    # One to collect and one to read for each kind of row, and the groups.
    with django_assert_max_num_queries(110):
        exported(estate.owner)
    revision = OfferRevision.objects.first()
    for number in range(20):
        Valuation.objects.create(
            revision=revision,
            fingerprint=f"{number:064}",
            engine_version="1",
            seed=number,
            n_paths=1000,
            inputs={},
            queued_at=NOW,
        )
    with django_assert_max_num_queries(110):
        assert len(exported(estate.owner)["tables"]["offers.Valuation"]) > 20
