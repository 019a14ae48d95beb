"""Loads the Celery application with Django, so that every task binds to it."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The shell itself; it has no models."""

    name = "config"
    verbose_name = "House"

    def ready(self) -> None:
        """Import the application; doing so makes it the current one."""
        from config import celery  # noqa: F401, PLC0415 -- after the settings, not before
