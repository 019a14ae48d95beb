"""The doors of a person's account."""

from ipaddress import ip_address
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import DeleteAccountForm, ProfileForm
from accounts.outbox import waiting_mails
from config.http import THEMES, AuthedRequest, HouseRequest, render_page

_YEAR: Final = 365 * 24 * 3600
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


@require_safe
def security(request: AuthedRequest) -> HttpResponse:
    """How the account is protected, and where to change it."""
    overview = selectors.security_of(request.user, as_of=timezone.now())
    return render_page(request, "accounts/security.html", {"security": overview})


@require_http_methods(["GET", "HEAD", "POST"])
def profile_settings(request: AuthedRequest) -> HttpResponse:
    """What comparisons start from."""
    profile = selectors.profile_of(request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=profile)
    if form.is_valid():
        services.save_profile(profile=form.save(commit=False))
        messages.success(request, "Saved.")
        return redirect("accounts:settings")
    return render_page(
        request, "accounts/settings.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: AuthedRequest) -> HttpResponse:
    """Where the person is signed in; posting signs out the other places."""
    key = request.session.session_key
    if request.method == "POST":
        n_ended = services.end_sessions(user=request.user, keep=key)
        messages.success(
            request, "Signed out everywhere else." if n_ended else "You were signed in only here."
        )
        return redirect("usersessions_list")
    found = selectors.sessions_of(request.user, as_of=timezone.now(), current_key=key)
    return render_page(request, "usersessions/usersession_list.html", {"sessions": found})


@require_POST
def sign_out_everywhere(request: AuthedRequest) -> HttpResponse:
    """Sign the person out in every browser, this one included."""
    services.end_sessions(user=request.user)
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")


@require_safe
def export(request: AuthedRequest) -> HttpResponse:
    """Everything that is the person's, as one file."""
    now = timezone.now()
    response = JsonResponse(
        selectors.account_export(request.user, as_of=now),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response.headers["Content-Disposition"] = f'attachment; filename="parley-{now:%Y-%m-%d}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: AuthedRequest) -> HttpResponse:
    """Say what goes, ask for the password, erase everything."""
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        services.delete_account(user=request.user)
        logout(request)
        messages.success(request, "Your account and everything in it is deleted.")
        return redirect(get_adapter().get_logout_redirect_url(request))
    return render_page(
        request, "accounts/delete.html", {"form": form}, status=422 if form.is_bound else 200
    )


@login_not_required
@require_POST
def theme(request: HouseRequest) -> HttpResponse:
    """Keep a choice of colours and go back to where it was made; without a choice, the next one."""
    steps = ("system", *THEMES)
    chosen = request.POST.get("theme", "")
    if chosen not in steps:
        chosen = steps[(steps.index(request.theme) + 1) % len(steps)]
    response = HttpResponseRedirect(_way_back(request))
    if chosen == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie(
            "theme",
            chosen,
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _way_back(request: HttpRequest) -> str:
    """Return the page that a form names as its own, if it is one of ours."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else resolve_url(settings.ACCOUNT_LOGOUT_REDIRECT_URL)


@login_not_required
@never_cache
@require_safe
def outbox(request: HouseRequest) -> HttpResponse:
    """Show the mails of a local house to whoever sits at the machine, and to nobody else."""
    if not (settings.IS_LOCAL and _is_from_this_machine(request)):
        raise Http404
    return render_page(request, "accounts/outbox.html", {"mails": waiting_mails()})


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Tell whether no other machine stands between us and the browser, as far as headers tell."""
    if {"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via"} & set(request.headers):
        return False
    name, _port = split_domain_port(request.get_host())
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and name in _LOOPBACK_NAMES
