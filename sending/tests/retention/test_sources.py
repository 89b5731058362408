"""What recipients were read from is not kept longer than somebody may want to look at it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sending import tasks
from sending.lifecycle import TaskState
from sending.models import (
    Batch,
    GroupImport,
    ImportState,
    Message,
    Problem,
    SendTask,
    Upload,
)
from sending.retention import sources
from sending.send_tasks import actions
from sending.tests.factories import (
    a_number,
    make_group,
    make_messages,
    make_problem,
    make_sender,
    make_task,
    make_upload,
)

pytestmark = pytest.mark.django_db(transaction=True)
CODE = ["739281", "5"]


def uploaded(state=TaskState.FINISHED, days_ago=0.0, *, otp=False, upload=None, member=None):
    member = member or make_sender()
    values = {"values": [CODE] * 2} if otp else {}
    task = make_task(
        member,
        state,
        numbers=[a_number(1), a_number(2)],
        source="UPLOAD",
        upload=upload or make_upload(member),
        lane="OTP" if otp else "BULK",
        **values,
    )
    make_problem(task)
    at = timezone.now() - timedelta(days=days_ago)
    SendTask.objects.filter(pk=task.pk).update(
        created_at=at,
        facts={
            "preview": [[a_number(1)]],
            "headings": ["x"],
            "problem_codes": {"MSISDN_INVALID": 1},
        },
    )
    task.refresh_from_db()
    return task


def file_of(task):
    return Path(task.upload.file.path)


def is_erased(task, file):
    task.refresh_from_db()
    gone = not file.exists()
    assert gone is bool(task.upload.erased_at) is bool(task.source_erased_at)
    assert gone is not Problem.objects.filter(task=task).exists()
    assert gone is (task.numbers == "")
    assert gone is ("preview" not in task.facts)
    return gone


def test_the_source_of_one_time_passwords_goes_as_soon_as_they_are_sent(monkeypatch):
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    monkeypatch.setattr(tasks.erase_source, "delay", tasks.erase_source)
    task = uploaded(TaskState.READY, otp=True)
    file = file_of(task)
    assert actions.send_task(task=task, user=task.created_by, messages=2)
    assert is_erased(task, file)
    # The messages go on their way with their codes.
    assert {m.variables for m in make_messages(task)} == {'["739281", "5"]'}


def test_a_lost_wake_up_costs_an_hour(monkeypatch):
    task = uploaded(TaskState.SENDING, otp=True)
    file = file_of(task)
    sources.erase_due()
    assert is_erased(task, file)


def test_other_sources_stay_for_their_days(settings):
    settings.KEEP_UPLOADS_DAYS = 7
    young, old = uploaded(days_ago=6), uploaded(days_ago=8)
    young_file, old_file = file_of(young), file_of(old)
    assert sources.erase_due() == 1
    assert is_erased(old, old_file)
    assert not is_erased(young, young_file)
    old.refresh_from_db()
    assert old.facts == {"problem_codes": {"MSISDN_INVALID": 1}}
    assert sources.erase_due() == 0


def test_an_upload_that_another_task_still_needs_stays(settings):
    settings.KEEP_UPLOADS_DAYS = 7
    old = uploaded(TaskState.REJECTED, days_ago=8)
    young = uploaded(TaskState.READY, upload=old.upload)
    file = file_of(old)
    sources.erase_due()
    old.refresh_from_db()
    assert old.source_erased_at
    assert file.exists()
    SendTask.objects.filter(pk=young.pk).update(created_at=old.created_at)
    sources.erase_due()
    assert not file.exists()


@pytest.mark.parametrize(("otp", "days_ago"), [(True, 0.97), (False, 31)])
def test_a_task_that_nobody_sent_in_all_the_time_is_cancelled(otp, days_ago):
    task = uploaded(TaskState.READY, days_ago, otp=otp)
    file = file_of(task)
    sources.erase_due()
    assert is_erased(task, file)
    assert task.state == TaskState.CANCELLED
    assert not Message.objects.filter(task_id=task.pk).exists()
    assert not Batch.objects.filter(task_id=task.pk).exists()
    assert list(task.events.values_list("code", flat=True)) == ["cancelled"]


@pytest.mark.parametrize("state", [TaskState.CHECKING, TaskState.SCHEDULED])
def test_what_is_being_read_or_has_its_time_is_left_alone(state):
    task = uploaded(state, 400)
    file = file_of(task)
    sources.erase_due()
    task.refresh_from_db()
    assert (task.state, task.source_erased_at) == (state, None)
    assert file.exists()


@pytest.mark.parametrize("state", list(ImportState))
def test_imports_lose_what_they_were_read_from(state, settings):
    settings.KEEP_UPLOADS_DAYS = 7
    member = make_sender()
    group = make_group(member.organization)
    upload = make_upload(member)
    made = GroupImport.objects.create(
        organization=member.organization,
        group=group,
        upload=upload,
        numbers=a_number(1),
        started_by=member.user,
        facts={"preview": [[a_number(1)]]},
    )
    GroupImport.objects.filter(pk=made.pk).update(
        state=state.value, created_at=timezone.now() - timedelta(days=8)
    )
    Problem.objects.create(
        organization=member.organization, group_import=made, kind="REFUSED", row=1, code="x"
    )
    file = Path(upload.file.path)
    sources.erase_due()
    made.refresh_from_db()
    over = state in {ImportState.FINISHED, ImportState.REJECTED}
    assert over is bool(made.source_erased_at) is (made.numbers == "") is (made.facts == {})
    assert over is not file.exists()
    assert over is not Problem.objects.exists()


def test_an_upload_that_no_task_was_made_of_goes_after_a_day():
    member = make_sender()
    lost, fresh = make_upload(member), make_upload(member)
    Upload.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(days=2))
    files = [Path(upload.file.path) for upload in (lost, fresh)]
    sources.erase_due()
    assert [file.exists() for file in files] == [False, True]
    assert list(Upload.objects.values_list("pk", flat=True)) == [fresh.pk]
