"""The Celery door: primitives in, one service call, nothing decided here."""

from celery import shared_task
from django.utils import timezone

from market.tasks import RETRIED


@shared_task(name="offers.run_valuation", **RETRIED)
def run_valuation(*, valuation_id: int) -> None:
    """Compute one owed valuation."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.run_valuation(valuation_id=valuation_id, clock=timezone.now)


@shared_task(name="offers.run_joint_valuation", **RETRIED)
def run_joint_valuation(*, valuation_id: int) -> None:
    """Compute one owed valuation of a comparison."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.run_joint_valuation(valuation_id=valuation_id, clock=timezone.now)


@shared_task(name="batch.run_valuation", **RETRIED)
def run_batch_valuation(*, valuation_id: int) -> None:
    """Compute one valuation that nobody waits for; its queue is served after all others."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.run_valuation(valuation_id=valuation_id, clock=timezone.now)


@shared_task(name="batch.run_joint_valuation", **RETRIED)
def run_batch_joint_valuation(*, valuation_id: int) -> None:
    """Compute one valuation of a comparison that nobody waits for."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.run_joint_valuation(valuation_id=valuation_id, clock=timezone.now)


@shared_task(name="batch.reevaluate")
def reevaluate() -> None:
    """Check some valuations against priors and rates that changed, and come again for the rest."""
    from offers import services  # noqa: PLC0415 -- leaf

    if services.reevaluate(as_of=timezone.now()):
        reevaluate.delay()


@shared_task(name="offers.requeue_valuations")
def requeue_valuations() -> None:
    """Wake workers for valuations whose message or worker was lost."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.requeue_lost_valuations(as_of=timezone.now())


@shared_task(name="offers.read_letter", **RETRIED)
def read_letter(*, letter_id: int) -> None:
    """Read one letter that waits."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.run_reading(letter_id=letter_id, clock=timezone.now)


@shared_task(name="offers.requeue_letters")
def requeue_letters() -> None:
    """Wake workers for letters whose message or worker was lost."""
    from offers import services  # noqa: PLC0415 -- leaf

    services.requeue_lost_letters(as_of=timezone.now())


@shared_task(name="offers.expire_offers")
def expire_offers() -> None:
    """Mark offers whose stated date has passed."""
    from offers import services  # noqa: PLC0415 -- leaf

    now = timezone.now()
    services.expire_overdue_offers(today=now.date(), as_of=now)


@shared_task(name="offers.place_offers", **RETRIED)
def place_offers() -> None:
    """Place offers by new benchmarks, batch after batch; beat comes back for what is left."""
    from offers import services  # noqa: PLC0415 -- leaf

    for _ in range(200):
        if not services.place_offers(as_of=timezone.now()):
            return
