"""The part of a page that tells how far offers have followed to new benchmarks."""

from django.http import HttpResponse

from config.http import STOP_POLLING, AuthedRequest, render_page
from offers import selectors

PARTIAL = "placing"


def is_asked(request: AuthedRequest) -> bool:
    """Say whether a page left open asks for this part alone."""
    return bool(request.htmx) and request.headers.get("HX-Target") == PARTIAL


def placing_answer(request: AuthedRequest, template: str) -> HttpResponse:
    """Return this part of a page alone, without what the rest of the page would cost."""
    placing = selectors.placing(request.user)
    return render_page(
        request,
        template,
        {"placing": placing, "is_placing_polled": True},
        partials=[PARTIAL],
        status=200 if placing.is_owed else STOP_POLLING,
    )
