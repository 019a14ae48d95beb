"""The Celery door: primitives in, one service call, nothing decided here."""

from typing import Any, Final

from celery import current_app, shared_task
from django.db import OperationalError
from django.utils import timezone

# For tasks whose row goes back when the database goes away; the apps above use it as well.
RETRIED: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "retry_jitter": True,
    "max_retries": 5,
}


@shared_task(name="market.run_refresh", **RETRIED)
def run_refresh(*, snapshot_id: int) -> None:
    """Compute one owed snapshot of the benchmarks."""
    from market import services  # noqa: PLC0415 -- leaf

    services.run_refresh(snapshot_id=snapshot_id, clock=timezone.now)


@shared_task(name="market.requeue_refreshes")
def requeue_refreshes() -> None:
    """Wake workers for snapshots whose message or worker was lost."""
    from market import services  # noqa: PLC0415 -- leaf

    services.requeue_lost_refreshes(as_of=timezone.now())


@shared_task(name="market.refresh_nightly")
def refresh_nightly() -> None:
    """Ask for a snapshot every night, whatever was published."""
    from market import services  # noqa: PLC0415 -- leaf

    services.request_nightly_refresh(as_of=timezone.now())


@shared_task(name="market.run_import", **RETRIED)
def run_import(*, batch_id: int) -> None:
    """Read one uploaded file."""
    from market import services  # noqa: PLC0415 -- leaf

    services.run_import(batch_id=batch_id, clock=timezone.now)


@shared_task(name="market.requeue_imports")
def requeue_imports() -> None:
    """Wake workers for files whose message or worker was lost."""
    from market import services  # noqa: PLC0415 -- leaf

    services.requeue_lost_imports(as_of=timezone.now())


@shared_task(name="market.fetch_source")
def fetch_source(*, source_id: int) -> None:
    """Fetch one source's file into staging."""
    from market import services  # noqa: PLC0415 -- leaf

    services.fetch_source(source_id=source_id, clock=timezone.now)


@shared_task(name="market.fetch_due_sources")
def fetch_due_sources() -> None:
    """Wake a worker for each source whose file is due."""
    from market import services  # noqa: PLC0415 -- leaf

    services.request_due_fetches(as_of=timezone.now())


@shared_task(name="market.announce_snapshot")
def announce_snapshot() -> None:
    """Wake who rests on benchmarks. They stand above the market, so they go by their names."""
    current_app.send_task("offers.place_offers", queue="market")
    current_app.send_task("negotiation.follow_benchmarks", queue="market")
