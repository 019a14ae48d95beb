"""The demonstration account: three offers, a comparison and a link, made by the usual services."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from offers import services
from offers.models import Comparison, MentorComment, Offer, ShareLink, Valuation
from offers.sample import COMPANY_NAMES
from tests.factories.terms import public_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
EMAIL = "demo@parley.local"
PASSWORD = "three quiet herons walk"


def seed(**changes: Any) -> services.Demonstration:
    fields = {"email": EMAIL, "password": PASSWORD, "today": NOW.date(), "as_of": NOW}
    return services.seed_demo(**{**fields, **changes})


def test_demonstration_has_three_kinds_of_equity_side_by_side() -> None:
    demo = seed()

    offers = Offer.objects.visible_to(demo.user)
    assert {offer.company.name for offer in offers} == COMPANY_NAMES
    assert {
        grant.compensation_type
        for offer in offers
        for revision in offer.revisions.all()
        for grant in revision.grants.all()
    } == {"rsu", "iso", "profit_unit"}
    assert demo.comparison.offers.count() == 3
    assert Valuation.objects.pending().count() == 4  # one for each revision


def test_listed_company_first_said_less_than_it_wrote() -> None:
    demo = seed()

    revisions = Offer.objects.visible_to(demo.user).get(company__name="Marlow Cloud").revisions
    verbal, written = revisions.order_by("number")
    assert (verbal.source, written.source) == ("verbal", "written")
    assert verbal.base_salary < written.base_salary


def test_demonstration_signs_in_and_every_page_of_it_opens(client: Client) -> None:
    demo = seed()

    signed_in = client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert signed_in["Location"] == reverse("offers:offer_list")
    pages = [
        reverse("offers:offer_list"),
        reverse("offers:comparison_detail", args=[demo.comparison.pk]),
        reverse("offers:share_links", args=[demo.comparison.pk]),
        *(
            reverse(f"offers:{name}", args=[offer.pk])
            for offer in demo.comparison.offers.all()
            for name in ("offer_detail", "offer_changes")
        ),
    ]
    assert {client.get(page).status_code for page in pages} == {200}


def test_link_of_the_demonstration_hides_the_names() -> None:
    demo = seed()

    page = Client().get(reverse("offers:shared_comparison", args=[demo.link.token])).text

    assert not [name for name in COMPANY_NAMES if name in page]
    assert "lottery ticket" in page


def test_seeding_again_adds_nothing_but_a_fresh_link() -> None:
    first = seed()

    second = seed(password="four quiet herons walk")

    assert second.user == first.user
    assert Offer.objects.count() == 3
    assert Comparison.objects.count() == 1
    assert ShareLink.objects.filter(revoked_at__isnull=True).get() == second.link.link
    assert MentorComment.objects.filter(share_link=second.link.link).count() == 2
    second.user.refresh_from_db()
    assert second.user.check_password("four quiet herons walk")


def test_somebodys_own_account_is_left_alone(candidate: User) -> None:
    services.record_offer(owner=candidate, terms=public_terms(), as_of=NOW)
    before = candidate.password

    for taken in (candidate, User.objects.create_user("staff@example.com", is_staff=True)):
        with pytest.raises(services.NotADemonstration):
            seed(email=taken.email)

    candidate.refresh_from_db()
    assert candidate.password == before
    assert Offer.objects.count() == 1


def test_command_prints_how_to_sign_in_and_what_to_open(settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8123"
    out = StringIO()

    call_command("seed_demo", password=PASSWORD, stdout=out)

    lines = dict(
        line.split(maxsplit=1) for line in out.getvalue().replace("sign in", "sign_in").splitlines()
    )
    assert lines["e-mail"] == EMAIL
    assert lines["password"] == PASSWORD
    assert lines["sign_in"] == "http://127.0.0.1:8123/accounts/login/"
    path = lines["shared"].removeprefix("http://127.0.0.1:8123")
    assert Client().get(path).status_code == 200


def test_command_makes_no_door_in_production_unless_told(settings: Any) -> None:
    settings.IS_LOCAL = False

    with pytest.raises(CommandError, match="Strangers could sign in"):
        call_command("seed_demo", stdout=StringIO())
    assert not User.objects.exists()

    call_command("seed_demo", force=True, stdout=StringIO())
    assert User.objects.get().email == EMAIL


@pytest.mark.parametrize("email", ["not an address", ""])
def test_command_says_what_is_wrong_with_an_address(email: str) -> None:
    with pytest.raises(CommandError):
        call_command("seed_demo", email=email, stdout=StringIO())
    assert not User.objects.exists()
