"""The Celery application: `send` wakes senders, `check` reads files, and `work` is the rest."""

import logging
import os
import sys

from celery import Celery, signals

from smsconsole.worker_ending import SoonGone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsconsole.settings")

app = Celery("smsconsole")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(SoonGone)


@signals.worker_init.connect
def refuse_a_wrong_clock(**_later: object) -> None:
    """End a worker at once on a host whose clock is wrong, with the reason in its log."""
    from django.db import connection

    from accounts import shared_time

    problem = shared_time.wrong_clock()
    # Nothing of it may come into the children.
    connection.close()
    if problem:
        sys.exit(problem)


@signals.setup_logging.connect
def leave_lines_to_settings(loglevel: int | None = None, **_later: object) -> None:
    """Keep the handlers and formatters of settings.py in workers, at the level of `-l`."""
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)
