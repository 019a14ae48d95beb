"""A person who owns at least one row of everything that a person can own."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from market.models import (
    BenchmarkSnapshot,
    CompanyStage,
    Contribution,
    Location,
    NetworkDataPoint,
    RoleFamily,
)
from negotiation.models import CalendarFeed
from offers import services
from offers.models import (
    Benefit,
    Criterion,
    CriterionScore,
    MarketStanding,
    MentorComment,
    OfferDraft,
    OfferRevision,
    ShareLink,
    ShareLinkView,
)
from tests.factories.letters import read_letter
from tests.factories.market import ObservationFactory
from tests.factories.negotiation import full_talk
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that is somebody's, and the keys to it that must never leave the house."""

    owner: User
    secrets: list[str]


@pytest.fixture
def estate(candidate, client_of):
    """The candidate, owning a row of every kind, one of them history."""
    client = client_of(candidate, headers={"user-agent": "Firefox on Linux"})
    client.get(reverse("accounts:security"))
    totp = TOTP.activate(candidate, "SECRETOFTHEAPP22")
    codes = RecoveryCodes.activate(candidate)
    confirmation = EmailConfirmation.create(EmailAddress.objects.get(user=candidate))
    confirmation.sent = timezone.now()
    confirmation.save()
    candidate.groups.add(Group.objects.create(name="Readers"))
    LogEntry.objects.create(
        user=candidate,
        content_type=ContentType.objects.get_for_model(CompanyStage),
        object_id="1",
        object_repr="Series B",
        action_flag=CHANGE,
    )

    listed = services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    startup = services.record_offer(
        owner=candidate,
        terms=startup_terms(
            benefits=[Benefit(kind="health", yearly_value=Decimal("7654.32"))],
            exit_scenarios=exit_scenarios(),
        ),
        as_of=NOW,
    )
    better = public_terms(company=listed.company, offer=listed)
    better.revision.base_salary = Decimal("210987.65")
    services.revise_offer(offer=listed, terms=better, as_of=NOW)
    OfferDraft.objects.create(owner=candidate, typed={"pay": {"base_salary": "185k"}})
    comparison = services.compare_offers(
        owner=candidate,
        offers=[listed, startup],
        name="Two ways",
        currency="USD",
        horizon_years=4,
    )
    link = ShareLink.objects.create(
        comparison=comparison,
        label="For Grace",
        token_hash="ab" * 32,
        passcode_hash="md5$salt$cdcdcd",
        expires_at=timezone.now() + dt.timedelta(days=7),
    )
    snapshot = BenchmarkSnapshot.objects.create(reason="asked", queued_at=NOW)
    MarketStanding.objects.create(
        revision=OfferRevision.objects.current().first(), snapshot=snapshot, placed_at=NOW
    )
    ShareLinkView.objects.create(share_link=link, viewed_at=NOW, device="Firefox on Linux")
    MentorComment.objects.create(share_link=link, author_name="Grace", body="Ask for more.")
    criterion = Criterion.objects.create(comparison=comparison, name="The team", weight=5)
    CriterionScore.objects.create(criterion=criterion, offer=listed, score=4)
    full_talk(candidate, offer=listed)
    feed = CalendarFeed.objects.create(
        owner=candidate, token_hash="ef" * 32, expires_at=timezone.now() + dt.timedelta(days=7)
    )
    read_letter(candidate, offer=startup)
    told = {
        "role_family": RoleFamily.objects.get(key="ml_engineer"),
        "location": Location.objects.get(key="us"),
        "currency": "USD",
        "base": Decimal(198_765),
        "observed_date": NOW.date(),
    }
    NetworkDataPoint.objects.create(owner=candidate, company_name="Cedar Labs", **told)
    given = Contribution.objects.create(
        owner=candidate, origin="network", employer_key="k", consented_at=NOW, **told
    )
    ObservationFactory.create(contribution=given, title="Anonymous")
    return Estate(
        owner=candidate,
        secrets=[
            candidate.password,
            client.session.session_key,
            totp.instance.data["secret"],
            codes.instance.data["seed"],
            confirmation.key,
            link.token_hash,
            link.passcode_hash,
            feed.token_hash,
        ],
    )
