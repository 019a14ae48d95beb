"""The Celery application. Messages only wake a worker; what is pending is a row."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class WakeUpTask(DjangoTask):  # type: ignore[misc]
    """A task whose message may be lost: the row it points at is already committed."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        # A function, not a partial: Django's log line for a failed one needs its name.
        def send() -> None:
            self.delay(*args, **kwargs)

        # `robust`: an absent broker is logged and never reaches the person who pressed "Save".
        transaction.on_commit(send, robust=True)


app = Celery("parley", task_cls=WakeUpTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
