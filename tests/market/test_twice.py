"""The same thing asked for twice, by a double click or from two tabs, is done once and said in words."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import make_curator
from market import services
from market.models import BenchmarkSnapshot, Contribution, ImportBatch, Observation
from market.selectors.published import published_point
from offers.services.contributions import GivenAlready, give_offer
from tests.market.test_curation import at, line, staged
from tests.market.test_models import contribution
from tests.market.test_network import person
from tests.offers.test_market import decided

NOW = timezone.now()


@pytest.fixture
def curator(db: None) -> User:
    return make_curator(email="curator@example.com")[0]


def heard(client: Client, address: str, **said: Any) -> list[str]:
    """Send a form and return every message that waits, the last one last."""
    answer = client.post(address, said)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


# --- one after the other: the second click, the other tab --------------------------------------


@pytest.mark.django_db
def test_a_file_is_published_and_rolled_back_once(client_of, curator) -> None:
    batch = staged(line(90_000))
    client = client_of(curator)

    assert heard(client, at("_publish", batch.pk), why="checked")[-1].startswith(
        "The file is published."
    )
    first = ImportBatch.objects.get().published_at
    assert heard(client, at("_publish", batch.pk), why="checked")[-1] == (
        "The file was published already; it counts once."
    )
    assert ImportBatch.objects.get().published_at == first
    assert BenchmarkSnapshot.objects.count() == 1
    assert Observation.objects.counted().count() == 1

    BenchmarkSnapshot.objects.all().delete()
    assert heard(client, at("_roll_back", batch.pk))[-1].startswith("The file is rolled back.")
    assert heard(client, at("_roll_back", batch.pk))[-1] == "The file was rolled back already."
    assert BenchmarkSnapshot.objects.count() == 1
    assert not Observation.objects.counted().exists()


@pytest.mark.django_db
def test_what_cannot_be_done_still_says_why(client_of, curator) -> None:
    batch = staged(line(90_000))

    assert heard(client_of(curator), at("_roll_back", batch.pk)) == ["This file is not published."]


@pytest.mark.django_db
def test_new_benchmarks_are_asked_for_once(client_of, curator) -> None:
    client = client_of(curator)

    for _ in range(2):
        assert heard(client, at("_refresh"))[-1] == "New benchmarks are being computed."

    assert BenchmarkSnapshot.objects.count() == 1


@pytest.mark.django_db
def test_a_contribution_is_moderated_once(client_of, candidate, curator) -> None:
    given = contribution(candidate)
    client = client_of(curator)
    address = at("_contributions")

    heard(client, address, row=given.pk, decision="publish")
    again = heard(client, address, row=given.pk, decision="publish")
    late = heard(client, address, row=given.pk, decision="decline", note="too late")

    words = "This contribution does not wait for a decision any more."
    assert (again[-1], late[-1]) == (words, words)
    assert Contribution.objects.get().state == "published"
    assert Observation.objects.counted().count() == 1


@pytest.mark.django_db
def test_a_contribution_is_withdrawn_once(client_of, candidate, curator) -> None:
    given = contribution(candidate)
    services.publish_contribution(contribution=given, user=curator, as_of=NOW)
    client = client_of(candidate)
    address = reverse("market:contribution_withdraw", args=[given.pk])

    assert heard(client, address)[-1].startswith("Withdrawn.")
    assert heard(client, address)[-1] == "Nothing of it is offered or published any more."
    assert BenchmarkSnapshot.objects.filter(reason="reviewed").count() == 1
    # A tab that was left open leads back to the list, not to a question about nothing.
    assert client.get(address).url == reverse("market:contributions")


@pytest.mark.django_db
def test_an_offer_and_a_point_are_given_once(client_of, candidate) -> None:
    client = client_of(candidate)
    offer = reverse("offers:offer_contribute", args=[decided(candidate).pk])
    point = reverse("market:point_offer", args=[person(candidate).pk])

    assert heard(client, offer)[-1].startswith("Given.")
    assert heard(client, offer)[-1] == (
        "You gave this offer already. Withdraw it first to give it again."
    )
    assert heard(client, point)[-1].startswith("Offered.")
    assert heard(client, point)[-1] == "This point is offered already."
    assert Contribution.objects.count() == 2


# --- at the same moment ------------------------------------------------------------------------


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Do things at one moment, each on a connection of its own; return results and refusals."""
    told: list[Any] = []
    start = threading.Barrier(len(actions))

    def act(action: Callable[[], Any]) -> None:
        start.wait(10)
        try:
            told.append(action())
        except (
            services.BatchNotOpen,
            services.AlreadyModerated,
            services.NotOfferable,
            GivenAlready,
        ) as refused:
            told.append(type(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == len(actions)
    return told


@pytest.mark.django_db(transaction=True)
def test_two_tabs_publish_and_roll_back_a_file_once(curator) -> None:
    batch = staged(line(90_000))

    told = at_once(*[lambda: services.publish_import(batch=batch, as_of=NOW, user=curator)] * 2)
    assert told.count(services.BatchNotOpen) == 1
    assert BenchmarkSnapshot.objects.count() == 1

    told = at_once(*[lambda: services.roll_back_import(batch=batch, as_of=NOW, user=curator)] * 2)
    assert told.count(services.BatchNotOpen) == 1
    assert ImportBatch.objects.get().state == "rolled_back"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_give_an_offer_once(candidate) -> None:
    offer = decided(candidate, base_salary=Decimal(203_457))
    published = published_point(person(candidate))

    told = at_once(*[lambda: give_offer(offer=offer, published=published, as_of=NOW)] * 2)

    assert told.count(GivenAlready) == 1
    assert Contribution.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_offer_a_point_once(candidate) -> None:
    point = person(candidate)

    told = at_once(
        *[
            lambda: services.contribute(
                owner=candidate,
                origin=Contribution.Origin.NETWORK,
                employer=point.company_name,
                published=published_point(point),
                network_point=point,
                as_of=NOW,
            )
        ]
        * 2
    )

    assert told.count(services.NotOfferable) == 1
    assert Contribution.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_a_withdrawal_at_once_leave_no_figure_behind(candidate, curator) -> None:
    given = contribution(candidate)

    at_once(
        lambda: services.publish_contribution(contribution=given, user=curator, as_of=NOW),
        lambda: services.withdraw_contribution(contribution=given, as_of=NOW),
    )

    assert Contribution.objects.get().state == "withdrawn"
    assert not Observation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_at_once_are_one(candidate) -> None:
    given = contribution(candidate)

    told = at_once(*[lambda: services.withdraw_contribution(contribution=given, as_of=NOW)] * 2)

    assert sorted(told) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_contributions_published_at_once_stand_in_one_batch(candidate, curator) -> None:
    given = [contribution(candidate, origin_pk=number) for number in (1, 2)]

    at_once(
        *[
            lambda one=one: services.publish_contribution(contribution=one, user=curator, as_of=NOW)
            for one in given
        ]
    )

    assert Observation.objects.counted().count() == 2
    assert ImportBatch.objects.count() == 1
