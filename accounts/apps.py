"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what it owns."""

    name = "accounts"
