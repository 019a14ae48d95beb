"""The window of curators on the market: Django's admin, behind the sign-in of everybody else."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.views import logout
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView


class CurationSite(AdminSite):
    """Has no sign-in, sign-out or password page of its own, so that no throttle is passed by."""

    site_header = "Parley curation"
    site_title = "Parley curation"
    index_title = "Curation"
    enable_nav_sidebar = False

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return secure_admin_login(super().login)(request, extra_context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        password = RedirectView.as_view(pattern_name="account_change_password")
        return [
            path("logout/", logout, name="logout"),
            path("password_change/", password, name="password_change"),
            path("password_change/done/", password, name="password_change_done"),
            *super().get_urls(),
        ]
