"""The Celery door: primitives in, one service call, nothing decided here."""

from celery import shared_task
from django.utils import timezone

from market.tasks import RETRIED


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


@shared_task(name="negotiation.follow_benchmarks", **RETRIED)
def follow_benchmarks() -> None:
    """Read evidence again from new benchmarks, batch after batch; beat comes back for what is left."""
    from negotiation import services  # noqa: PLC0415 -- leaf

    for _ in range(200):
        if not services.follow_benchmarks(as_of=timezone.now()):
            return
