"""A worker on the broker that settings name, whose one task ends when a file appears."""

import os
from pathlib import Path

from celery import Celery

from sending.tests.waiting import wait_until
from smsconsole.worker_ending import SoonGone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsconsole.settings")

app = Celery("patient")
app.config_from_object("django.conf:settings", namespace="CELERY")
SoonGone.seconds = 0.5
app.steps["worker"].add(SoonGone)


@app.task(name="patient")
def patient(*, began: str, end: str, ended: str) -> None:
    """Say that it began, wait to be allowed to end, and say that it ended."""
    Path(began).touch()
    wait_until(Path(end).exists)
    Path(ended).touch()
