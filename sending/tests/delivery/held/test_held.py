"""A database that is restored or copied: noticed, compared, released; nothing is sent twice."""

import pytest
from django.core.management import call_command

from accounts import held
from accounts.models import AuditEntry, HeldBecause, Rest, Standing
from sending.delivery.attempt import Answer
from sending.delivery.held import comparison, reading, release
from sending.delivery.sender import bind_slots, marks
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.marks import Watcher
from sending.delivery.sender.recovery import recover_dead
from sending.lifecycle import TaskState
from sending.models import BindSlot, Message, SendHost, SendTask, Submission, TaskEvent
from sending.models.stepping import step_task
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.delivery.held.going_back import Backup, send
from sending.tests.factories import counted, make_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    gateway = make_gateway(rate=1000)
    bind_slots.make_slots(gateway.pk, 1)
    return gateway


@pytest.fixture
def host(tmp_path):
    """A send host that has looked at the database once."""
    assert not Watcher(tmp_path).look()
    return tmp_path


@pytest.fixture
def bind_session(host, gateway):
    bind_session = BindSession.take(host, gateway.pk, 1)
    assert bind_session
    return bind_session


def states():
    return list(Message.objects.order_by("row").values_list("state", flat=True))


def hold_and_report(folder, bind_session):
    """Notice the older database as a send worker does, and let it read its journals."""
    bind_session.journal.close()
    assert Watcher(folder).look()
    assert reading.report(folder)
    known = comparison.compare()
    assert known
    return known


def released(rest):
    release.release(None, rest)
    while release.go_on():
        pass
    assert not held.is_held()


def test_a_console_that_works_on_is_not_held(host, gateway, bind_session):
    a_sending_task(6)
    send(bind_session, gateway, 3)
    assert not Watcher(host).look(), "the same host, started again"
    bind_session.rotate()
    send(bind_session, gateway, 3)
    bind_session.end()
    assert not Watcher(host).look()
    assert BindSlot.objects.get().claims == 2


def test_a_new_host_and_a_deleted_gateway_hold_nothing(host, tmp_path, gateway, bind_session):
    a_sending_task(1, gateway=make_gateway())
    bind_session.end()
    assert not Watcher(host).look()
    gateway.delete()
    assert not Watcher(host).look()
    assert not Watcher(tmp_path / "new").look()


def test_journals_settle_what_was_sent_after_the_backup(host, gateway, bind_session):
    a_sending_task(6, gateway=gateway)
    send(bind_session, gateway, 1)
    backup = Backup()
    answers = [
        (Answer.ACCEPTED, "id-2"),
        (Answer.REFUSED, "ESME_RINVDSTADR"),
        (Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED"),
        None,
    ]
    sent = send(bind_session, gateway, 4, answers)
    backup.restore()
    assert states() == ["SUBMITTED", *["QUEUED"] * 5]
    known = hold_and_report(host, bind_session)
    assert known.because is HeldBecause.OLDER
    assert known.details == {"claims": 1, "slots_taken": 0}
    assert known.figures == {"journals": 1, "known": 1, "sent": 1, "refused": 1, "unsent": 1,
                             "doubt": 1, "torn": 0}  # fmt: skip
    assert states() == ["SUBMITTED", "SUBMITTED", "REJECTED", "QUEUED", "IN_DOUBT", "QUEUED"]
    assert Submission.objects.get(message_id=sent[0]).gateway_message_id == "id-2"
    assert known.is_complete, "all claims are in the journals, so the rest has not left"
    assert known.waiting == 2
    assert counted() == {"SUBMITTED": 2, "REJECTED": 1, "QUEUED": 2, "IN_DOUBT": 1}
    released(Rest.QUEUED)
    recover_dead(host)
    again = BindSession.take(host, gateway.pk, 1)
    assert set(send(again, gateway, 10)) == {sent[2], Message.objects.last().pk}, (
        "what was refused for now, and what never left"
    )
    assert Message.objects.get(pk=sent[2]).attempt == 2
    assert not Watcher(host).look(), "the released database is the one that the host knows"


def test_without_the_journals_what_may_have_left_is_in_doubt(host, tmp_path, gateway, bind_session):
    task = a_sending_task(4, gateway=gateway)
    backup = Backup()
    send(bind_session, gateway, 3)
    bind_session.end()
    backup.restore()
    held.hold(HeldBecause.RESTORED)
    new = tmp_path / "another-machine"
    assert Watcher(new).look()
    assert not reading.report(new), "that a new host knows nothing proves nothing"
    known = comparison.compare()
    assert not known.is_complete
    assert known.silent_hosts == 1
    released(Rest.DOUBT)
    assert states() == ["IN_DOUBT"] * 4
    assert set(Message.objects.values_list("code", flat=True)) == {"RESTORED"}
    assert TaskEvent.objects.get(task=task, code="doubt_after_restore").params == {"count": 4}
    entry = AuditEntry.objects.get(action="console.released")
    assert (entry.details["proven"], entry.details["silent_hosts"]) == (False, 1)


def test_a_lost_journal_is_a_gap(host, gateway, bind_session):
    a_sending_task(4, gateway=gateway)
    backup = Backup()
    send(bind_session, gateway, 1)
    bind_session.rotate()
    send(bind_session, gateway, 1)
    assert not Watcher(host).look()
    for path in (host / "kept").iterdir():
        path.unlink()
    backup.restore()
    known = hold_and_report(host, bind_session)
    assert known.missing_claims == 1
    assert not known.is_complete


def test_a_copy_elsewhere_is_held_and_nothing_is_claimed(host, gateway, bind_session, monkeypatch):
    a_sending_task(1, gateway=gateway)
    Standing.objects.update(place="where it was")
    monkeypatch.setattr(held, "place_of_database", lambda: "elsewhere")
    assert held.is_held()
    assert Standing.current().held_because == HeldBecause.COPIED.value
    assert send(bind_session, gateway, 1) == []
    assert AuditEntry.objects.filter(action="console.held").count() == 1


def test_a_sender_notices_when_its_database_goes_back(host, gateway, bind_session):
    a_sending_task(3, gateway=gateway)
    backup = Backup()
    send(bind_session, gateway, 1)
    backup.restore()
    assert send(bind_session, gateway, 1) == []
    assert Standing.current().held_because == HeldBecause.OLDER.value
    assert states() == ["QUEUED"] * 3, "the claim was undone"


def test_a_slot_that_the_backup_did_not_know_is_missed(tmp_path):
    gateway = make_gateway()
    a_sending_task(1, gateway=gateway)
    assert not Watcher(tmp_path).look()
    backup = Backup()
    bind_slots.make_slots(gateway.pk, 1)
    bind_session = BindSession.take(tmp_path, gateway.pk, 1)
    assert send(bind_session, gateway, 1)
    bind_session.end()
    backup.restore()
    assert Watcher(tmp_path).look(), "although this host has not looked since"


def test_another_host_has_seen_the_claims_too(host, tmp_path, gateway, bind_session):
    a_sending_task(2, gateway=gateway)
    backup = Backup()
    other = tmp_path / "other"
    assert not Watcher(other).look()
    send(bind_session, gateway, 1)
    assert not Watcher(other).look()
    backup.restore()
    assert Watcher(other).look()


@pytest.mark.parametrize("sent", [0, 3])
def test_a_backup_can_be_restored_and_released_a_second_time(host, gateway, bind_session, sent):
    a_sending_task(3, gateway=gateway)
    bind_session.end()
    backup = Backup()
    for _time in range(2):
        backup.restore()
        held.hold(HeldBecause.RESTORED)
        watcher = Watcher(host)
        assert watcher.look()
        assert reading.report(host)
        released(Rest.QUEUED)
        assert not watcher.look(), "it would be held for ever"
        assert not Watcher(host).look(), "the host, started again"
        recover_dead(host)
        bind_session = BindSession.take(host, gateway.pk, 1)
        send(bind_session, gateway, sent)
        bind_session.end()
        assert not Watcher(host).look()
    assert counted() == ({"SUBMITTED": 3} if sent else {"QUEUED": 3})
    assert Submission.objects.count() == sent, "none was sent a second time"


def test_a_task_that_was_started_after_the_backup_is_paused(host, gateway, bind_session):
    task = a_sending_task(3, gateway=gateway)
    SendTask.objects.update(state=TaskState.READY.value, sent_at=None, accepted_hour=None)
    from sending.models import Batch, Counter

    Counter.objects.all().delete()
    Batch.objects.update(due_at=None)
    backup = Backup()
    SendTask.objects.update(state=TaskState.SENDING.value, accepted_hour=2026112920)
    Batch.objects.update(due_at=task.sent_at)
    send(bind_session, gateway, 1)
    backup.restore()
    hold_and_report(host, bind_session)
    task.refresh_from_db()
    assert (task.state, sorted(states())) == ("PAUSED", ["QUEUED", "QUEUED", "SUBMITTED"])
    assert counted() == {"SUBMITTED": 1, "QUEUED": 2}
    assert step_task(TaskState.SENDING, task.pk)


def test_a_schedule_that_has_passed_waits_for_a_person(host, gateway):
    task = a_sending_task(1, gateway=gateway)
    SendTask.objects.update(state=TaskState.SCHEDULED.value, scheduled_at=task.sent_at)
    held.hold(HeldBecause.RESTORED)
    released(Rest.DOUBT)
    task.refresh_from_db()
    assert (task.state, task.not_sent["code"]) == ("READY", "RESTORED")
    assert TaskEvent.objects.filter(task=task, code="restored").exists()


def test_the_command_says_what_is_known_and_releases(host, gateway, bind_session, settings, capsys):
    settings.JOURNAL_DIR = host
    a_sending_task(2, gateway=gateway)
    backup = Backup()
    send(bind_session, gateway, 1)
    bind_session.end()
    backup.restore()
    call_command("held", "--hold")
    call_command("held", "--compare")
    said = capsys.readouterr().out
    assert "1 sent, 0 refused, 0 without an answer." in said
    assert "none of which has left: 1." in said
    call_command("held", "--release")
    assert "not held" in capsys.readouterr().out
    assert sorted(states()) == ["QUEUED", "SUBMITTED"]


def test_journals_of_a_host_that_is_no_more_are_compared_from_a_copy(
    host, tmp_path, gateway, bind_session
):
    a_sending_task(2, gateway=gateway)
    backup = Backup()
    send(bind_session, gateway, 2)
    bind_session.end()
    backup.restore()
    held.hold(HeldBecause.RESTORED)
    call_command("held", "--compare", "--journals", str(host))
    known = comparison.compare()
    assert known.figures["sent"] == 2
    assert known.is_complete
    assert SendHost.objects.get().reported_for == known.since


def test_a_fresh_database_beside_old_journals_is_new(host, gateway, bind_session):
    a_sending_task(1, gateway=gateway)
    send(bind_session, gateway, 1)
    assert not Watcher(host).look()
    Standing.objects.all().delete()
    BindSlot.objects.all().delete()
    Message.objects.all().delete()
    assert not Watcher(host).look()
    assert marks.read(host).instance == Standing.current().instance
