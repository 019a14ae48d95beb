"""A real worker reads a real letter, and a Redis that was away loses none."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from accounts.models import User
from offers.models import Letter
from tests.factories.letters import LETTERS
from tests.processes import Product, wait_until

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

KEY: Final = "a key that the worker and this test share"
SUBMIT: Final = """
import django; django.setup()
from pathlib import Path
from accounts.models import User
from django.utils import timezone
from offers import services
content = Path({path!r}).read_bytes()
upload = services.Upload(name="offer.pdf", content=content, size=len(content))
owner = User.objects.get(pk={owner})
services.submit_letter(owner=owner, uploads=[upload], as_of=timezone.now())
"""
REQUEUE: Final = """
import datetime, django; django.setup()
from django.utils import timezone
from offers import services
later = timezone.now() + datetime.timedelta(minutes=3)
print(services.requeue_lost_letters(as_of=later))
"""


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, db: Any, settings: Any) -> Iterator[Product]:
    settings.LETTER_KEYS = [KEY]
    product = Product(tmp_path_factory.mktemp("l"), LETTER_KEYS=KEY)
    product.start_redis()
    yield product
    product.end()


def submit(product: Product, owner: User) -> None:
    path = LETTERS / "10-dunmarrow-director-applied-ai.pdf"
    product.say(SUBMIT.format(path=str(path), owner=owner.pk))


def is_read() -> bool:
    return Letter.objects.get().state == Letter.State.DONE


def test_a_worker_reads_a_letter_that_was_put_in(product: Product, candidate: User) -> None:
    product.start_worker("letters")
    submit(product, candidate)

    wait_until(is_read)

    letter = Letter.objects.get()
    assert letter.attempts == 1
    assert letter.reading["fields"]["base_salary"]["annual"] == 225_000
    assert "DUNMARROW HEALTH, INC." in letter.text


def test_redis_away_while_a_letter_is_put_in_loses_nothing(
    product: Product, candidate: User
) -> None:
    product.stop_redis()
    submit(product, candidate)
    assert Letter.objects.get().state == Letter.State.QUEUED

    product.start_redis()
    product.start_worker("letters")
    assert product.say(REQUEUE).strip() == "1"

    wait_until(is_read)
