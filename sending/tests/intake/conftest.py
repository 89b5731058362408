"""Tasks that wait for their check, and the check run on them."""

from collections.abc import Callable
from typing import Any

import pytest

# Models are imported inside the fixtures: pytest reads this file before Django is set up.
Made = Callable[..., Any]


@pytest.fixture
def waiting(db: None) -> Made:
    """Make a task in CHECKING from the bytes of a file."""
    from sending.lifecycle import TaskState
    from sending.models import RecipientSource
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    def make(
        content: bytes, *, body: str = factories.CODE_BODY, name: str = "a.csv", **reading: Any
    ) -> Any:
        member = factories.make_sender()
        factories.make_gateway()
        upload = factories.make_upload(member, content, name)
        upload.reading = reading
        upload.save()
        kind = "OTP" if body == factories.CODE_BODY else "NOTIFICATION"
        return factories.make_task(
            member,
            TaskState.CHECKING,
            source=RecipientSource.UPLOAD.value,
            upload=upload,
            template_version=approved_template(member.organization, body, kind).approved,
        )

    return make


@pytest.fixture
def checked(waiting: Made) -> Made:
    """Make a task from the bytes of a file, check it, and return it as it is then."""
    from sending.intake.task_check import check_task

    def check(content: bytes, **options: Any) -> Any:
        task = waiting(content, **options)
        check_task(task.pk)
        task.refresh_from_db()
        return task

    return check


@pytest.fixture
def checked_numbers(db: None) -> Made:
    """Make a task from pasted numbers, check it, and return it as it is then."""
    from sending.intake.task_check import check_task
    from sending.lifecycle import TaskState
    from sending.models import RecipientSource, SendTask
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    def check(numbers: str) -> Any:
        member = factories.make_sender()
        factories.make_gateway()
        task = factories.make_task(
            member,
            TaskState.CHECKING,
            source=RecipientSource.NUMBERS.value,
            template_version=approved_template(
                member.organization, factories.PLAIN_BODY, "NOTIFICATION"
            ).approved,
        )
        SendTask.objects.filter(pk=task.pk).update(numbers=numbers)
        check_task(task.pk)
        task.refresh_from_db()
        return task

    return check
