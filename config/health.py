"""The page that a supervisor, a container and a load balancer ask."""

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- a view takes its request
    """Answer 200 while PostgreSQL answers. A missing broker is told, and is no failure."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = "ok"
    except DatabaseError:
        database = "unavailable"
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
        message_broker = "ok"
    except (OperationalError, OSError):
        message_broker = "unavailable"
    return JsonResponse(
        {"database": database, "broker": message_broker},
        status=200 if database == "ok" else 503,
    )
