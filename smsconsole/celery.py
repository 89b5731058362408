"""The Celery application: `send` wakes senders, `check` reads files, and `work` is the rest."""

import logging
import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsconsole.settings")

app = Celery("smsconsole")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def leave_lines_to_settings(loglevel: int | None = None, **_later: object) -> None:
    """Keep the handlers and formatters of settings.py in workers, at the level of `-l`."""
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)
