"""Logs hold ids and durations. This module is where names, amounts and tokens are kept out."""

import logging
import logging.config
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Log the route of a request, never its path: paths carry share and reset tokens."""

    def format_request(self, request: HttpRequest) -> str:
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
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = structlog.processors._figure_out_exc_info(exc_info)  # noqa: SLF001 -- no public twin
    elif isinstance(exc_info, tuple):
        exc_info = exc_info[1]
    if isinstance(exc_info, BaseException):
        chain: list[str] = []
        seen: BaseException | None = exc_info
        while seen is not None and len(chain) < 8:
            frames = "".join(traceback.format_tb(seen.__traceback__))
            chain.append(f"{type(seen).__module__}.{type(seen).__qualname__}\n{frames}")
            seen = seen.__cause__ or seen.__context__
        event["exception"] = "\n".join(chain)
    return event


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
                # Both repeat, with the full path, what the request log says without it.
                "django.request": {"level": "CRITICAL"},
                "django.server": {"level": "CRITICAL"},
                "celery.app.trace": {"level": "WARNING"},
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
