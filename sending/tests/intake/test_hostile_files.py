"""Files made to hurt end in a sentence, and the worker goes on with the next upload."""

import pytest

from sending.intake import sentences
from sending.lifecycle import TaskState
from sending.models import Batch, Message, Problem
from sending.tests.spreadsheets import hostile

GOOD = b"mobile\n85261234567\n"
BODY = "We close at 16:00 today."


# Millions of small things end as one large one does.
_LONG = {"comments", "shared_strings"}
_FILES = [
    pytest.param(
        make,
        id=make.__name__,
        marks=[pytest.mark.nightly] if make.__name__ in _LONG else [],
    )
    for make in hostile.ENDS
]


@pytest.mark.parametrize("make", _FILES)
def test_it_ends_in_a_sentence_and_the_worker_goes_on(checked, tmp_path, make):
    content = make(tmp_path / "hostile").read_bytes()
    task = checked(content, body=BODY, name="recipients.xlsx")
    assert task.failure_code in hostile.ENDS[make]
    if task.state == TaskState.REJECTED:
        said = sentences.file_sentence(task.failure_code, task.failure_params)
        assert "%" not in said.what
        assert said.to_do
        assert not Message.objects.filter(task_id=task.pk).exists()
        assert not Problem.objects.filter(task=task).exists()
        assert not Batch.objects.filter(task_id=task.pk).exists()
    else:
        assert (task.state, task.accepted > 0) == (TaskState.READY, True)
    assert checked(GOOD, body=BODY).accepted == 1


def test_an_honest_sheet_with_one_stray_cell_is_read(checked, tmp_path):
    content = hostile.stray_cell(tmp_path / "honest").read_bytes()
    task = checked(content, body=BODY, name="recipients.xlsx")
    assert (task.state, task.accepted) == (TaskState.READY, 1_000)
    assert task.facts["problem_codes"] == {"MSISDN_MISSING": 1}
