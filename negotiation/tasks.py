"""The Celery door: primitives in, one service call, nothing decided here."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone


@shared_task(name="negotiation.plan_reminders")
def plan_reminders() -> None:
    """Write down which mails are owed."""
    from negotiation import services  # noqa: PLC0415 -- leaf

    services.plan_all_reminders(as_of=timezone.now())


@shared_task(name="negotiation.send_reminders")
def send_reminders() -> None:
    """Send the mails that are owed by now."""
    from negotiation import services  # noqa: PLC0415 -- leaf

    services.send_reminders(clock=timezone.now)


@shared_task(
    name="negotiation.follow_benchmarks",
    autoretry_for=(OperationalError,),
    retry_backoff=2,
    retry_backoff_max=60,
    retry_jitter=True,
    max_retries=5,
)
def follow_benchmarks() -> None:
    """Read evidence again from new benchmarks, batch after batch; beat comes back for what is left."""
    from negotiation import services  # noqa: PLC0415 -- leaf

    for _ in range(200):
        if not services.follow_benchmarks(as_of=timezone.now()):
            return
