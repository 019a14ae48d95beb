import datetime as dt

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import tasks
from config import celery


def test_clear_sessions_forgets_what_has_run_out_also_twice(db):
    for key, days in (("over", -1), ("alive", 1)):
        Session.objects.create(
            session_key=key,
            session_data="",
            expire_date=timezone.now() + dt.timedelta(days=days),
        )

    tasks.clear_sessions()
    tasks.clear_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["alive"]


def test_beat_knows_the_task_by_its_name():
    scheduled = celery.app.conf.beat_schedule["clear-sessions"]["task"]

    assert celery.app.tasks[scheduled] is tasks.clear_sessions._get_current_object()
