"""Offers that rest on older benchmarks are placed anew, in batches, and say what moved."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from market import tasks as market_tasks
from market.services import refresh_benchmarks
from offers import services, tasks
from offers.models import MarketStanding
from offers.selectors.market import ordinal
from tests.factories.figures import observations, published_batch
from tests.offers.test_market import NOW, record, spread, terms, words

pytestmark = pytest.mark.django_db


def publish(*rows):
    observations(published_batch(), rows)
    return refresh_benchmarks(reason="asked", clock=lambda: NOW)


def named(name, **changes):
    made = terms(**changes)
    made.company.name = name
    return made


def test_without_benchmarks_nothing_is_owed(candidate) -> None:
    record(candidate)

    assert services.place_offers(as_of=NOW) == 0
    assert not MarketStanding.objects.exists()


def test_offers_are_placed_in_batches_with_progress(candidate) -> None:
    publish(*spread())
    for number in range(5):
        record(candidate, named(f"Company {number}"))

    assert services.standing_progress() == (0, 5)
    assert services.place_offers(as_of=NOW, n_at_once=2) == 3
    assert services.standing_progress() == (2, 5)
    assert services.place_offers(as_of=NOW, n_at_once=2) == 1
    assert services.place_offers(as_of=NOW, n_at_once=2) == 0
    assert services.standing_progress() == (5, 5)
    found = {str(s.percentiles) for s in MarketStanding.objects.all()}
    assert found == {"{'base': {'n': 41, 'percentile': 25}}"}


def test_placing_twice_changes_nothing_the_second_time(candidate) -> None:
    publish(*spread())
    record(candidate)
    services.place_offers(as_of=NOW)
    first = MarketStanding.objects.values().get()

    tasks.place_offers()

    assert MarketStanding.objects.values().get() == first


def test_new_benchmarks_owe_every_offer_and_what_moved_is_kept(client_of, candidate) -> None:
    publish(*spread())
    record(candidate)
    services.place_offers(as_of=NOW)
    page = client_of(candidate).get(reverse("offers:offer_list"))
    assert "Base: 25th percentile" in words(page)

    new = publish(*({"usd": 150_000 + n} for n in range(41)))
    page = client_of(candidate).get(reverse("offers:offer_list"))
    assert "25th percentile, out of date" in words(page)

    tasks.place_offers()
    standing = MarketStanding.objects.get()
    assert (standing.snapshot, standing.before) == (new, {"base": {"n": 41, "percentile": 25}})
    place = standing.percentiles["base"]["percentile"]
    assert f"Base: {ordinal(place)} percentile, 25th before" in words(
        client_of(candidate).get(reverse("offers:offer_list"))
    )


def test_new_terms_are_owed_again(candidate) -> None:
    publish(*spread())
    offer = record(candidate)
    services.place_offers(as_of=NOW)

    made = replace(terms(base_salary=Decimal(230_000)), offer=offer, company=offer.company)
    services.revise_offer(offer=offer, terms=made, as_of=NOW + dt.timedelta(days=1))
    assert services.standing_progress() == (0, 1)
    services.place_offers(as_of=NOW)

    current = offer.revisions.current().get()
    assert current.market_standing.percentiles["base"]["percentile"] == 75


def test_an_offer_that_cannot_be_compared_is_placed_nowhere_and_not_owed(candidate) -> None:
    publish(*spread())
    made = terms()
    made.offer.level = None
    record(candidate, made)

    assert services.place_offers(as_of=NOW) == 0
    assert MarketStanding.objects.get().percentiles == {}


def test_a_batch_asks_as_many_queries_for_any_number(candidate) -> None:
    publish(*spread())
    counts = []
    for number in range(3):
        for each in range(number + 1):
            record(candidate, named(f"Company {number} {each}"))
        with CaptureQueriesContext(connection) as queries:
            services.place_offers(as_of=NOW)
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_a_new_snapshot_wakes_the_offers(django_capture_on_commit_callbacks, monkeypatch) -> None:
    sent = []
    monkeypatch.setattr(
        market_tasks.current_app, "send_task", lambda name, **how: sent.append((name, how))
    )
    with django_capture_on_commit_callbacks(execute=True):
        publish(*spread())
    market_tasks.announce_snapshot()

    assert sent == [("offers.place_offers", {"queue": "market"})]
