"""Whose file is read next: nobody takes all workers, and nobody waits for ever."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from sending.intake import task_check
from sending.intake.file_queue import read_next
from sending.intake.lease import STALE_AFTER
from sending.lifecycle import TaskState
from sending.models import GroupImport, ImportState, RecipientSource, SendTask
from sending.tests.factories import PLAIN_BODY, make_gateway, make_group, make_sender, make_task
from templates_app.tests.factories import approved_template


@pytest.fixture
def member(db):
    return make_sender()


@pytest.fixture
def other(db):
    return make_sender()


def waiting(member, *, reading=False):
    """A task whose check waits, or is being done."""
    make_gateway()
    task = make_task(
        member,
        TaskState.CHECKING,
        source=RecipientSource.NUMBERS.value,
        template_version=approved_template(
            member.organization, PLAIN_BODY, "NOTIFICATION"
        ).approved,
    )
    task.numbers = "85261234567"
    task.check_beat_at = timezone.now() if reading else None
    task.save()
    return task


def waiting_import(member, *, reading=False):
    return GroupImport.objects.create(
        organization=member.organization,
        group=make_group(member.organization),
        numbers="85261234567",
        started_by=member.user,
        heartbeat_at=timezone.now() if reading else None,
    )


def states(*tasks):
    return [SendTask.objects.get(pk=task.pk).state for task in tasks]


def silent(task):
    """The worker that read it died."""
    longer_ago = timezone.now() - STALE_AFTER - timedelta(seconds=1)
    SendTask.objects.filter(pk=task.pk).update(check_beat_at=longer_ago)


def test_the_second_file_of_an_organization_waits_and_another_is_read(member, other):
    waiting(member, reading=True)
    second, honest = waiting(member), waiting(other)
    assert read_next() is True
    assert states(second, honest) == ["CHECKING", "READY"]
    assert read_next() is False


def test_checks_and_imports_are_one_turn(member):
    running = waiting(member, reading=True)
    group_import = waiting_import(member)
    assert read_next() is False
    group_import.refresh_from_db()
    assert group_import.state == ImportState.WAITING
    SendTask.objects.filter(pk=running.pk).update(state=TaskState.READY.value)
    assert read_next() is True
    group_import.refresh_from_db()
    assert group_import.state == ImportState.FINISHED


def test_an_import_that_is_read_keeps_a_check_waiting(member):
    waiting_import(member, reading=True)
    task = waiting(member)
    assert read_next() is False
    assert states(task) == ["CHECKING"]


def test_who_had_no_turn_for_longest_is_next(member, other):
    """However many files an organization has sent in before."""
    first, second, third = (waiting(member) for _number in range(3))
    later = [waiting(other) for _number in range(2)]
    order = []
    while read_next():
        done = [task.pk for task in (first, second, third, *later) if states(task) == ["READY"]]
        order += [pk for pk in done if pk not in order]
    assert order == [task.pk for task in (first, later[0], second, later[1], third)]


def test_a_dead_worker_gives_the_turn_back(member):
    dead = waiting(member, reading=True)
    assert read_next() is False
    silent(dead)
    assert read_next() is True
    assert states(dead) == ["READY"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_read_one_file_of_an_organization(monkeypatch):
    """Both look before either has begun; the lock of the turn lets one of them begin."""
    member = make_sender()
    tasks = [waiting(member) for _number in range(2)]
    both_tried, at_once = threading.Barrier(2), []

    def run(self):
        at_once.append(self._task.pk)
        both_tried.wait(60)
        return True

    monkeypatch.setattr(task_check._Check, "run", run)

    def work(task):
        try:
            if not task_check.check_task(task.pk):
                both_tried.wait(60)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(at_once) == 1
