"""The three things every answer of the house has in common."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from config.http import THEMES

View = Callable[[HttpRequest], HttpResponseBase]


class HtmxRedirectMiddleware:
    """Turn a redirect under htmx into one the browser follows as a whole page."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not getattr(request, "htmx", False) or not 300 <= response.status_code < 400:
            return response
        answer = HttpResponseClientRedirect(response.headers["Location"])
        answer.cookies = response.cookies
        patch_vary_headers(answer, ["HX-Request"])
        return answer


class PrivatePageMiddleware:
    """Keep pages of a person signed in out of every cache."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response


class ThemeMiddleware:
    """Put the saved colour theme on the request; without one the system decides."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        theme = request.COOKIES.get("theme", "")
        request.theme = theme if theme in THEMES else "system"  # type: ignore[attr-defined]
        return self.get_response(request)
