"""The addresses of a person's account, beside those of allauth."""

from django.urls import URLPattern

app_name = "accounts"

urlpatterns: list[URLPattern] = []
