"""The shell as Django sees it: the Celery application, and the site of the curators."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class HouseConfig(AppConfig):
    """The shell itself; it has no models."""

    name = "config"
    verbose_name = "House"

    def ready(self) -> None:
        """Import the application; doing so makes it the current one."""
        from config import celery  # noqa: F401, PLC0415 -- after the settings, not before


class CurationConfig(AdminConfig):
    """Django's admin with our site in place of its own."""

    default_site = "config.curation.CurationSite"
