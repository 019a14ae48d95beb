"""A killed worker and a stopped Redis, for real: nothing is lost, and the answer is the same."""

import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.utils import timezone

from accounts.models import User
from offers import services
from offers.models import Valuation
from offers.selectors.valuation import simulate
from tests.processes import Product, kill, wait_until

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

State = Valuation.State
# Long enough to be killed in the middle, short enough to wait for.
N_PATHS: Final = 12_000_000

SAVE: Final = """
import django; django.setup()
from accounts.models import User
from django.utils import timezone
from offers import services
from tests.factories.terms import startup_terms
owner = User.objects.get(pk={owner})
services.record_offer(owner=owner, terms=startup_terms(), as_of=timezone.now())
"""
REQUEUE: Final = """
import datetime, django; django.setup()
from django.utils import timezone
from offers import services
later = timezone.now() + datetime.timedelta(minutes=2)
print(services.requeue_lost_valuations(as_of=later))
"""


def only_valuation() -> Valuation:
    return Valuation.objects.get()


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, db: Any) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("p"), VALUATION_PATHS=str(N_PATHS))
    product.start_redis()
    yield product
    product.end()


def test_a_worker_killed_in_mid_simulation_loses_nothing(product: Product, candidate: User) -> None:
    product.say(SAVE.format(owner=candidate.pk))
    worker = product.start_worker()
    wait_until(lambda: only_valuation().progress > 0)
    kill(worker)

    cut_short = only_valuation()
    assert (cut_short.state, cut_short.results) == (State.RUNNING, None)
    assert 0 < cut_short.progress < 100

    product.start_worker()
    assert product.say(REQUEUE).strip() == "1"
    wait_until(lambda: only_valuation().state == State.DONE)

    done = only_valuation()
    assert done.attempts == 2
    *_, (_, uninterrupted) = simulate(done.inputs, seed=done.seed, n_paths=N_PATHS)
    assert done.results == uninterrupted


def test_redis_stopped_during_a_save_loses_nothing(product: Product, candidate: User) -> None:
    product.stop_redis()
    started = time.monotonic()
    product.say(SAVE.format(owner=candidate.pk))
    took = time.monotonic() - started

    assert only_valuation().state == State.QUEUED
    assert took < 20  # nobody waits for a broker that is away

    product.start_redis()
    product.start_worker()
    product.say(REQUEUE)
    wait_until(lambda: only_valuation().state == State.DONE)

    assert only_valuation().attempts == 1


def test_a_save_wakes_a_worker_by_itself(product: Product, candidate: User) -> None:
    product.start_worker()
    product.say(SAVE.format(owner=candidate.pk))

    wait_until(lambda: only_valuation().state == State.DONE)

    assert services.requeue_lost_valuations(as_of=timezone.now()) == 0


BATCH_FIRST: Final = """
import django; django.setup()
from accounts.models import User
from django.utils import timezone
from market.models import VolatilityPrior
from offers import services
from offers.models import Valuation
from tests.factories.terms import public_terms, startup_terms
owner = User.objects.get(pk={owner})
for place in range(6):
    terms = public_terms()
    terms.company.name = f"Listed {{place}}"
    services.record_offer(owner=owner, terms=terms, as_of=timezone.now())
for row in Valuation.objects.all():
    services.run_valuation(valuation_id=row.pk, clock=timezone.now)
VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")
while services.reevaluate(as_of=timezone.now()):
    pass
services.record_offer(owner=owner, terms=startup_terms(), as_of=timezone.now())
"""


def test_what_a_person_waits_for_is_served_before_a_batch(
    candidate: User, tmp_path: Any, settings: Any
) -> None:
    """Six valuations of a batch wait in the broker when a person saves an offer."""
    product = Product(tmp_path, VALUATION_PATHS="200000")
    product.start_redis()
    try:
        product.say(BATCH_FIRST.format(owner=candidate.pk))
        assert Valuation.objects.filter(state=State.QUEUED, is_in_batch=True).count() == 6
        product.start_worker(",".join(settings.CELERY_TASK_QUEUE_NAMES))
        wait_until(lambda: not Valuation.objects.pending().exists())
    finally:
        product.end()

    mine = Valuation.objects.get(revision__offer__company__is_public=False)
    batch = Valuation.objects.filter(is_in_batch=True).order_by("started_at")
    assert batch.count() == 6
    assert mine.finished_at is not None
    assert all(row.started_at >= mine.finished_at for row in batch)
