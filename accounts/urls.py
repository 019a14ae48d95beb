"""The addresses of a person's account, beside those of allauth in `sign_in_urls`."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.security, name="security"),
    path("settings/", views.profile_settings, name="settings"),
    path("theme/", views.theme, name="theme"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="signed_out_everywhere"),
    path("outbox/", views.outbox, name="outbox"),
]
