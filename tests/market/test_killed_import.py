"""A worker killed in the middle of 100,000 rows, for real: no duplicate, nothing half-imported."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone

from market import services
from market.models import ImportBatch, Observation, Source
from market.parsers.salaries import HEADER
from tests.processes import Product, kill, wait_until

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

N_ROWS = 100_000
TITLES = ["Data Analyst", "Data Engineer", "Research Scientist", "Machine Learning Engineer"]
REQUEUE = """
import datetime, django; django.setup()
from django.utils import timezone
from market import services
later = timezone.now() + datetime.timedelta(minutes=10)
print(services.requeue_lost_imports(as_of=later))
"""


def file_of_many_rows() -> bytes:
    rows = [",".join(HEADER)]
    for n in range(N_ROWS):
        pay = 60_000 + n * 7919 % 90_000
        rows.append(f"2025,SE,FT,{TITLES[n % 4]},{pay},USD,{pay},US,0,US,M")
    return "\n".join(rows).encode()


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, db: Any) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("p"))
    product.start_redis()
    yield product
    product.end()


def only_batch() -> ImportBatch:
    return ImportBatch.objects.get()


def test_a_worker_killed_while_reading_leaves_nothing_and_the_next_one_finishes(
    product: Product,
) -> None:
    batch = services.request_import(
        source=Source.objects.get(key="devops"),
        file=io.BytesIO(file_of_many_rows()),
        name="many.csv",
        as_of=timezone.now(),
        wakes_a_worker=False,
    )
    worker = product.start_worker("market")
    assert product.say(REQUEUE).strip() == "1"
    wait_until(lambda: only_batch().progress > 0)
    kill(worker)

    assert only_batch().state == ImportBatch.State.RUNNING
    assert not Observation.objects.exists()

    product.start_worker("market")
    assert product.say(REQUEUE).strip() == "1"
    wait_until(lambda: only_batch().state == ImportBatch.State.PREVIEWED)

    assert (only_batch().attempts, only_batch().n_new) == (2, N_ROWS)
    assert Observation.objects.filter(batch=batch).count() == N_ROWS
    assert (
        not Observation.objects.values("content_hash", "nth")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .exists()
    )
