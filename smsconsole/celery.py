"""The Celery application: `send` wakes senders, `check` reads files, and `work` is the rest."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsconsole.settings")

app = Celery("smsconsole")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
