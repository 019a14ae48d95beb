"""The addresses of the house. A fragment has none of its own."""

from django.contrib import admin
from django.urls import include, path

from config.health import health
from offers.views.landing import landing, robots

urlpatterns = [
    path("", landing, name="landing"),
    path("robots.txt", robots, name="robots"),
    path("", include("offers.urls")),
    path("", include("negotiation.urls")),
    path("", include("market.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("healthz/", health, name="healthz"),
]

handler429 = "config.http.too_many_tries"
