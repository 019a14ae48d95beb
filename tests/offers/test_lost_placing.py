"""A killed worker and a stopped Redis, for real: what is owed is in the rows, and beat comes back."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from market.services import refresh_benchmarks
from negotiation import services as talks
from negotiation.models import Evidence
from offers.models import MarketStanding
from offers.selectors import placing
from tests.factories.figures import observations, published_batch
from tests.offers.test_market import record, spread, terms
from tests.processes import Product, kill, wait_until

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

N_OFFERS: Final = 5
# What beat sends every half minute, by the names in its own schedule, so that nobody waits here.
BEAT: Final = """
import django; django.setup()
from django.conf import settings
from config.celery import app
for name in {names}:
    app.send_task(settings.CELERY_BEAT_SCHEDULE[name]["task"])
"""
NAMES: Final = ["place-offers", "follow-benchmarks"]


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, db: Any) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("p"))
    product.start_redis()
    yield product
    product.end()


@pytest.fixture
def owed(candidate: User) -> User:
    """Five offers and a talk that rest on benchmarks, and newer benchmarks that nobody followed."""
    refresh(*spread())
    for number in range(N_OFFERS):
        made = terms()
        made.company.name = f"Company {number}"
        offer = record(candidate, made)
    talks.take_benchmark(talk=talks.open_negotiation(offer=offer, as_of=timezone.now()))
    refresh(*spread())
    assert n_placed(candidate) == 0
    return candidate


def refresh(*rows: dict[str, Any]) -> None:
    observations(published_batch(), rows)
    refresh_benchmarks(reason="asked", clock=timezone.now)


def n_placed(user: User) -> int:
    found = placing(user)
    assert found.n_offers == N_OFFERS
    return found.n_placed


def n_of_82() -> int:
    """Return how much evidence was read again: the newer benchmarks count every figure twice."""
    return Evidence.objects.filter(sample_size=82).count()


def is_waited_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_in_mid_batch_leaves_every_row_owed_and_beat_finishes(
    product: Product, owed: User
) -> None:
    worker = product.start_worker("market")
    with transaction.atomic():
        # The worker has worked out the places, and cannot write them: here it dies.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE offers_marketstanding IN EXCLUSIVE MODE")
        product.say(BEAT.format(names=["place-offers"]))
        wait_until(lambda: is_waited_for("offers_marketstanding"))
        kill(worker)
    assert n_placed(owed) == 0
    assert not MarketStanding.objects.exists()

    product.start_worker("market")
    product.say(BEAT.format(names=NAMES))

    wait_until(lambda: n_placed(owed) == N_OFFERS)
    wait_until(lambda: n_of_82() == Evidence.objects.count())
    assert MarketStanding.objects.count() == N_OFFERS


def test_a_redis_that_is_away_leaves_every_row_owed_and_beat_finishes(
    product: Product, owed: User
) -> None:
    product.stop_redis()
    product.say(ANNOUNCE)
    assert (n_placed(owed), n_of_82()) == (0, 0)

    product.start_redis()
    product.start_worker("market")
    product.say(BEAT.format(names=NAMES))

    wait_until(lambda: n_placed(owed) == N_OFFERS)
    wait_until(lambda: n_of_82() == Evidence.objects.count())


def test_beat_comes_back_by_itself() -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert {schedule[name]["task"] for name in NAMES} == {
        "offers.place_offers",
        "negotiation.follow_benchmarks",
    }


# New benchmarks, while nobody can be told.
ANNOUNCE: Final = """
import django; django.setup()
from django.utils import timezone
from market.services import refresh_benchmarks
print(refresh_benchmarks(reason="asked", clock=timezone.now).pk)
"""
