"""The Celery door: primitives in, one service call, nothing decided here."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions and counts that have run out."""
    from accounts import services  # noqa: PLC0415 -- leaf

    services.clear_expired(as_of=timezone.now())
