"""What tests of texts share."""

from collections.abc import Iterator

import pytest
from celery import current_app


@pytest.fixture
def send_mail_at_once() -> Iterator[None]:
    """Run Celery tasks in this process, so that mail.outbox fills when a transaction commits."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False
