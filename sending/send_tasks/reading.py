"""How the stored spreadsheet of a task is read, where people choose it."""

from typing import Any

from sending import reading_form
from sending.models import RecipientSource, SendTask
from templates_app import wording


def can_be_read_otherwise(task: SendTask) -> bool:
    """Tell whether another way of reading its upload is of use to a task."""
    if task.upload is None or task.upload.erased_at or task.sent_at is not None:
        return False
    if task.first_part_id:
        # Rows that were sent are known by where they stand.
        return False
    return task.state == "READY" or (
        task.state == "REJECTED" and task.failure_code in reading_form.READABLE_OTHERWISE
    )


def can_be_checked_again(task: SendTask) -> bool:
    """Tell whether what the recipients were read from is still there, row by row."""
    if task.state != "READY" or task.source_erased_at:
        return False
    if task.source == RecipientSource.GROUP:
        # After the first part was sent: customers of a group change places.
        return task.group_id is not None and not task.first_part_id
    return task.source in {RecipientSource.UPLOAD, RecipientSource.NUMBERS}


class TaskReadingForm(reading_form.ReadingForm):
    """What a person says about the spreadsheet of a task."""

    def __init__(self, *args: Any, task: SendTask, **kwargs: Any) -> None:
        """Ask for a column for each variable of the task's text."""
        variables = wording.parse(task.text_template_version.body).variables
        super().__init__(*args, source=task, variables=variables, **kwargs)
