"""Logs hold ids and durations. This module is where names, amounts and tokens are kept out."""

import logging
import logging.config
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Log the route of a request, never its path: paths carry share and reset tokens."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        try:
            route = resolve(request.path_info).route
        except Resolver404:
            route = "(no such page)"
        return f"{request.method} /{route}"


def frames_only(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its types and frames.

    Its message is left out on purpose: a database error quotes the row it refused, a parser quotes
    its input, and both would carry somebody's pay into the log.
    """
    for repeats_the_message in ("error", "reason"):  # as the log of a failed task does
        event.pop(repeats_the_message, None)
    raised = event.pop("exception", None) or event.pop("exc_info", None)
    event.pop("exc_info", None)
    if isinstance(raised, tuple):
        raised = raised[1]
    elif raised and not isinstance(raised, BaseException):
        raised = sys.exc_info()[1]
    if isinstance(raised, BaseException):
        event["exception"] = "\n".join(
            f"{type(each).__module__}.{type(each).__qualname__}\n"
            + "".join(traceback.format_tb(each.__traceback__))
            for each in _chain(raised)
        )
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what caused it, at most eight."""
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def configure(config: dict[str, Any]) -> None:
    """Set up structlog and the standard library's logging as one stream on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        frames_only,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if config["as_json"]
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=28)
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "house": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        renderer,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "house"}},
            "root": {"handlers": ["stderr"], "level": config["level"]},
            "loggers": {
                # These repeat, with the full path, what the request log says without it.
                "django.request": {"level": "CRITICAL"},
                "django.server": {"level": "CRITICAL"},
                "django.security.csrf": {"level": "CRITICAL"},
                # And this one, with the message of the exception, what `task_failed` says without.
                "celery.app.trace": {"level": "CRITICAL"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
