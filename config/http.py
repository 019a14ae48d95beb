"""What every door of the house shares: rendering a page or one of its parts, and throttles."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User  # a name for the type checker; nothing climbs at run time

THEMES: Final = ("light", "dark")
# htmx stops polling on this status and still swaps what came with it.
STOP_POLLING: Final = 286


class HouseRequest(HttpRequest):
    """A request after our middleware: `htmx` and `theme` are there."""

    htmx: "HtmxDetails"
    theme: str


class AuthedRequest(HouseRequest):
    """A request of a person signed in, which is every request unless a view says otherwise."""

    user: "User"


def house(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 -- a context processor takes it
    """Return what every template may ask for: which house this is."""
    return {"is_local": settings.IS_LOCAL}


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partials: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the page, or the one partial that htmx asks for if the view declared it.

    The name of a partial is the `id` of its element, so the `HX-Target` header names it. A target
    that `partials` does not list gets the whole page: no template name is built from anything else
    that a client sent.
    """
    target = request.headers.get("HX-Target", "")
    if request.headers.get("HX-Request") == "true" and target in partials:
        template = f"{template}#{target}"
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def owned(
    rows: Any, *methods: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Find the row that the address names among those of this person, and give it to the view.

    `rows` is a manager whose querysets have `visible_to`. A stranger's row and a missing one are
    the same 404, by every method; only the owner is told which methods there are.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def found(request: AuthedRequest, pk: int, **others: Any) -> HttpResponse:
            row = get_object_or_404(rows.visible_to(request.user), pk=pk)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, row, **others)

        return found

    return decorate


def is_over_limit(*, scope: str, key: str, limit: int, seconds: int) -> bool:
    """Count one more use of `key` in the current window and say whether that was too many.

    Counts live in the shared cache under a hash, so that neither addresses nor tokens are stored.
    A fixed window may let through twice the limit across its border; that is good enough to stop
    guessing, and it needs one row.
    """
    window = int(time.time()) // seconds
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{scope}:{key}".encode()).digest()
    name = f"throttle:{scope}:{window}:{digest.hex()[:32]}"
    # The cache's own `incr` reads and then writes: of two guesses at once it would count one.
    with transaction.atomic(), connection.cursor() as cursor:
        lock = int.from_bytes(digest[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        count: int = cache.get(name, 0) + 1
        cache.set(name, count, timeout=seconds)
    return count > limit


def client_address(request: HttpRequest) -> str:
    """Return the address of the caller, past as many proxies as the operator says to trust."""
    count: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if count and len(forwarded) >= count and forwarded[-count]:
        return forwarded[-count]
    return str(request.META.get("REMOTE_ADDR", ""))


def _household(address: str) -> str:
    """Return what one caller can change at will as one: of an IPv6 address, its network."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def too_many_tries(request: HttpRequest, *, seconds: int = 60) -> HttpResponse:
    """Answer 429 and say when to come back. allauth finds this as `handler429` of the URLconf."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def throttled(*, scope: str, limit: int, seconds: int) -> Callable[[View[P]], View[P]]:
    """Answer 429 once one address has called the view more than `limit` times in a window."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            key = _household(client_address(request))
            if is_over_limit(scope=scope, key=key, limit=limit, seconds=seconds):
                return too_many_tries(request, seconds=seconds)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
