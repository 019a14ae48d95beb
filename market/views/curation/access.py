"""Who may come to the bench."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

View = Callable[..., HttpResponse]


def curators_only(*methods: str) -> Callable[[View], View]:
    """Let staff in who may change the market; everybody else hears the same, whatever they ask."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponse:
            user = request.user
            if not (
                user.is_authenticated
                and user.is_staff
                and user.has_perm("market.change_importbatch")
            ):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
