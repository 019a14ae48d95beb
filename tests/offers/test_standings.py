"""Offers that rest on older benchmarks are placed anew, in batches, and say what moved."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import make_curator
from market import tasks as market_tasks
from market.models import BenchmarkSnapshot
from market.services import refresh_benchmarks
from offers import selectors, services, tasks
from offers.models import MarketStanding, OfferRevision
from offers.selectors.market import ordinal
from offers.selectors.placing import offers_followed
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


def progress(user):
    found = selectors.placing(user)
    return found.n_placed, found.n_offers


def test_without_benchmarks_nothing_is_owed(candidate) -> None:
    record(candidate)

    assert services.place_offers(as_of=NOW) == 0
    assert not MarketStanding.objects.exists()


def test_offers_are_placed_in_batches_with_progress(candidate) -> None:
    publish(*spread())
    for number in range(5):
        record(candidate, named(f"Company {number}"))

    assert progress(candidate) == (0, 5)
    assert services.place_offers(as_of=NOW, n_at_once=2) == 3
    assert progress(candidate) == (2, 5)
    assert services.place_offers(as_of=NOW, n_at_once=2) == 1
    assert services.place_offers(as_of=NOW, n_at_once=2) == 0
    assert progress(candidate) == (5, 5)
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
    assert f"Base: {ordinal(place)} percentile, 25th percentile before" in words(
        client_of(candidate).get(reverse("offers:offer_list"))
    )


def test_new_terms_are_owed_again(candidate) -> None:
    publish(*spread())
    offer = record(candidate)
    services.place_offers(as_of=NOW)

    made = replace(terms(base_salary=Decimal(230_000)), offer=offer, company=offer.company)
    services.revise_offer(offer=offer, terms=made, as_of=NOW + dt.timedelta(days=1))
    assert progress(candidate) == (0, 1)
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

    assert sent == [
        ("offers.place_offers", {"queue": "market"}),
        ("negotiation.follow_benchmarks", {"queue": "market"}),
    ]


# --- what the owner sees -----------------------------------------------------------------------

PLACING = {"HX-Request": "true", "HX-Target": "placing"}


@pytest.fixture
def five(candidate):
    """Five offers, of which two are placed by the benchmarks in force."""
    publish(*spread())
    offers = [record(candidate, named(f"Company {number}")) for number in range(5)]
    services.place_offers(as_of=NOW, n_at_once=2)
    return offers


@pytest.fixture
def comparison(candidate, five):
    return services.compare_offers(
        owner=candidate, offers=five[:2], name="Two", currency="USD", horizon_years=4
    )


TOLD = "Placing your offers in the new market figures: 2 of 5"


def test_the_owner_sees_how_far_offers_are_and_needs_no_script(client_of, candidate, five) -> None:
    client = client_of(candidate)
    address = reverse("offers:offer_list")

    shown = client.get(address)
    assert TOLD in words(shown)
    assert f'<a href="{address}">Look again</a>' in shown.text
    assert 'hx-trigger="every 3s"' in shown.text

    tasks.place_offers()
    shown = client.get(address)
    assert "Placing your offers" not in shown.text
    assert "every 3s" not in shown.text


def test_a_list_left_open_swaps_the_places_alone_and_stops(client_of, candidate, five) -> None:
    client = client_of(candidate)
    address = reverse("offers:offer_list")

    polled = client.get(address, headers=PLACING)
    assert polled.status_code == 200
    assert TOLD in words(polled)
    assert "<h1>" not in polled.text
    assert polled.text.count('hx-swap-oob="true"') == 5
    assert polled.text.count("Base: 25th percentile") == 2

    tasks.place_offers()
    polled = client.get(address, headers=PLACING)
    assert polled.status_code == 286
    assert polled.text.count("Base: 25th percentile") == 5
    assert "Your offers are placed in the new market figures." in polled.text
    assert "hx-get" not in polled.text


def test_an_offer_and_a_comparison_tell_it_beside_figures_that_are_new_already(
    client_of, candidate, five, comparison
) -> None:
    client = client_of(candidate)
    addresses = [
        reverse("offers:offer_detail", args=[five[0].pk]),
        reverse("offers:comparison_detail", args=[comparison.pk]),
    ]

    for address in addresses:
        shown = words(client.get(address))
        assert TOLD in shown
        assert "This page uses the new figures already" in shown
        polled = client.get(address, headers=PLACING)
        assert (polled.status_code, TOLD in words(polled)) == (200, True)
        assert "percentile of" not in polled.text

    tasks.place_offers()
    for address in addresses:
        assert "Placing your offers" not in client.get(address).text
        assert client.get(address, headers=PLACING).status_code == 286


def test_an_offer_says_where_it_stood_before(client_of, candidate) -> None:
    publish(*spread())
    offer = record(candidate)
    tasks.place_offers()
    publish(*({"usd": 150_000 + n} for n in range(41)))
    tasks.place_offers()

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "By those before, the base salary stood at the 25th percentile." in shown


def test_nobody_hears_of_the_offers_of_others(client_of, candidate, stranger, five) -> None:
    client = client_of(stranger)

    assert progress(stranger) == (0, 0)
    assert "Placing" not in client.get(reverse("offers:offer_list")).text
    address = reverse("offers:offer_detail", args=[five[0].pk])
    assert client.get(address, headers=PLACING).status_code == 404


def test_without_benchmarks_nothing_is_told(client_of, candidate) -> None:
    record(candidate)

    assert progress(candidate) == (0, 0)
    assert "Placing" not in client_of(candidate).get(reverse("offers:offer_list")).text


def test_a_comparison_rests_on_the_benchmarks_in_force_at_once(
    client_of, candidate, comparison
) -> None:
    client = client_of(candidate)
    address = reverse("offers:comparison_detail", args=[comparison.pk])
    assert "$210,000 is the 25th percentile of 41 figures." in words(client.get(address))

    new = publish(*spread(n=41, usd=150_000))

    shown = client.get(address)
    assert shown.context["view"].market.snapshot_id == new.pk
    assert "of 82 figures." in words(shown)


# --- what the bench sees -----------------------------------------------------------------------


def followed(as_of=None):
    return offers_followed(as_of or timezone.now())


def test_the_bench_counts_what_is_owed_since_when_and_how_fast(candidate, five) -> None:
    snapshot = BenchmarkSnapshot.objects.get(is_current=True)
    MarketStanding.objects.update(placed_at=timezone.now())

    told = followed()
    assert (told.n_rows, told.n_owed, told.n_lately) == (5, 3, 2)
    # The offers are older than the benchmarks of this test, or younger: the later moment counts.
    first = OfferRevision.objects.order_by("-pk")[2].created_at
    assert told.owed_since == max(first, snapshot.finished_at)
    assert not told.is_stuck

    late = followed(timezone.now() + dt.timedelta(minutes=11))
    assert (late.n_owed, late.n_lately, late.is_stuck) == (3, 0, True)

    tasks.place_offers()
    told = followed()
    assert (told.n_owed, told.owed_since, told.is_stuck) == (0, None, False)


def test_the_health_page_tells_it_to_curators_without_names(client_of, five, monkeypatch) -> None:
    curator, _ = make_curator(email="curator@example.com")
    client = client_of(curator)
    address = reverse("market:curation_snapshots")

    shown = client.get(address)
    [offers, evidence] = shown.context["followers"]
    assert (offers.n_owed, evidence.n_owed) == (3, 0)
    assert "Who rests on them" in shown.text
    for figure in ('data-label="In all">5<', 'data-label="Still on older ones">3<'):
        assert figure in shown.text
    assert "Company" not in shown.text
    assert "At work" in shown.text

    late = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr("market.views.curation.record.timezone.now", lambda: late)
    shown = client.get(address)
    assert "Nobody is placing them" in shown.text
    assert "Nothing is lost" in shown.text
