"""Celery: ids in, one engine call, next task out. The database is the truth, these are wake-ups.

Enqueue with `transaction.on_commit(tasks.submit.delay)`. A lost wake-up costs seconds, never a
message: senders poll, and `sweep` finds what nobody woke up for.
"""

import threading
from collections.abc import Iterable
from functools import cache

from celery import current_app, shared_task, signals
from django.conf import settings
from django.dispatch import receiver

from accounts.garbage import leave_out_what_is_loaded
from accounts.held import is_held
from accounts.notices import sms_written
from sending import smpp_notices
from sending.acceptance import alarms, schedules
from sending.callbacks import giving_up, rounds
from sending.delivery import connection_test, revocation
from sending.delivery.counters import archiving, compaction, day_tallies
from sending.delivery.held import reading, release
from sending.delivery.queue import cancellation, circuit_breaker, completion, expiry, failover
from sending.delivery.receipts import inbound, inbox
from sending.delivery.sender.manager import SenderManager
from sending.exporting import erasing, writing
from sending.guard import holds, incidents
from sending.lifecycle import Lane
from sending.models import LiveWorker, WorkerKind
from sending.notices import delivery as notice_delivery
from sending.partitions import making
from sending.pool import changes
from sending.replies import confirmation, segments, twiml_answers
from sending.retention import (
    leftovers,
    message_rows,
    messages,
    number_erasure,
    sources,
    verifications,
)
from templates_app.models import SignatureVersion, TextTemplateVersion

SEND_QUEUE = "send"
CHECK_QUEUE = "check"
_STOP_SECONDS = 10.0
_stopping = threading.Event()


@shared_task(name="sending.read_file", acks_late=True)
def read_file(**_later: object) -> None:
    """Check a task or run an import, whichever is next, and wake a worker for the one after it.

    Called for every few seconds too: for files that nobody was woken up for, or whose worker died.
    """
    from sending.intake import file_queue

    LiveWorker.beat(WorkerKind.CHECK)
    if file_queue.read_next():
        read_file.delay()


@shared_task(name="sending.submit", acks_late=True)
def submit(**_later: object) -> None:
    """Wake the senders of a send worker: something is due."""
    sender_manager().notify()


@shared_task(name="sending.send_scheduled", acks_late=True)
def send_scheduled(**_later: object) -> None:
    """Send the tasks whose time has come, and wake the senders for them."""
    if is_held():
        return
    for task in schedules.send_due():
        submit.delay()
        if task.lane == Lane.OTP.value:
            erase_source.delay(task_id=task.pk)


@shared_task(name="sending.test_connection")
def test_connection(*, gateway_id: int, **_later: object) -> None:
    """Test the connection from a send worker, whose address the carrier knows."""
    if not is_held():
        connection_test.run(gateway_id)


@shared_task(name="sending.cancel", acks_late=True)
def cancel(*, task_id: int, **_later: object) -> None:
    """Take the queued messages of a cancelled send task out of the queue.

    What was never accepted was never counted either: it is removed instead.
    """
    from sending.intake.task_check import discard_unsent

    # What may have left cannot be called cancelled; the sweep does it after the release.
    if not is_held() and not discard_unsent(task_id):
        cancellation.cancel_queued(task_id)


@shared_task(name="sending.cancel_revoked", acks_late=True)
def cancel_revoked(*, kind: str, version_id: int, **_later: object) -> None:
    """Take what programs queued of a revoked text or signature out of the queue."""
    versions = {"signature": SignatureVersion, "text_template": TextTemplateVersion}
    if version := versions[kind].objects.filter(pk=version_id).first():
        revocation.cancel_of_programs(version)


@shared_task(name="sending.put_replies_together", acks_late=True)
def put_replies_together(**_later: object) -> None:
    """Make replies of what handsets sent, and wake the senders for what confirms them."""
    while segments.put_together_due():
        submit.delay()


@receiver(inbound.stored)
def wake_for_replies(**_signal: object) -> None:
    """Say that a gateway brought something."""
    put_replies_together.delay()


@shared_task(name="sending.sweep", acks_late=True)
def sweep(**_later: object) -> None:
    """Do what nobody was woken up for: receipts, stopped and finished tasks, or a release."""
    LiveWorker.beat(WorkerKind.WORK)
    while inbox.apply_due():
        pass
    if is_held():
        release.go_on()
        return
    cancellation.finish_cancelling()
    expiry.expire_late()
    completion.finish_tasks()
    holds.end_due()


@shared_task(name="sending.tidy", acks_late=True)
def tidy(**_later: object) -> None:
    """Give up receipts and callbacks, compact counters, forget circuits, go on with erasures."""
    if not is_held():
        expiry.give_up_receipts()
        giving_up.give_up()
    segments.forget_done()
    confirmation.forget()
    compaction.compact()
    day_tallies.compact()
    circuit_breaker.forget()
    failover.forget()
    LiveWorker.forget()
    for number_erasure_id in number_erasure.unfinished():
        number_erasure.run(number_erasure_id)
    for change_id in changes.unfinished():
        changes.run(change_id)


@shared_task(name="sending.deliver_callbacks", acks_late=True)
def deliver_callbacks(**_later: object) -> None:
    """Call back all that is due. The `callbacks` worker does nothing else: receivers are slow."""
    if not is_held():
        rounds.deliver(stopping=_stopping.is_set, heard=twiml_answers.heard)


@shared_task(name="sending.deliver_notices", acks_late=True)
def deliver_notices(**_later: object) -> None:
    """Have notices accepted that go by SMS, and wake the senders for them."""
    if not is_held() and notice_delivery.deliver_sms():
        submit.delay()


@receiver(sms_written)
def wake_for_notices(**_signal: object) -> None:
    """Say that somebody is told something by SMS."""
    deliver_notices.delay()


@shared_task(name="sending.tell_alarms", acks_late=True)
def tell_alarms(**_later: object) -> None:
    """Tell people that an application has passed its alarm, or used up its day."""
    if not is_held():
        alarms.tell_due()
        smpp_notices.tell_due()
        incidents.sweep()


@shared_task(name="sending.change_customers", acks_late=True)
def change_customers(*, change_id: int, **_later: object) -> None:
    """Change all customers that somebody means."""
    changes.run(change_id)


@shared_task(name="sending.erase_number", acks_late=True)
def erase_number(*, number_erasure_id: int, **_later: object) -> None:
    """Erase what is known about a number, as far as nothing of it is on its way."""
    number_erasure.run(number_erasure_id)


@shared_task(name="sending.erase_source", acks_late=True)
def erase_source(*, task_id: int, **_later: object) -> None:
    """Erase what the one-time passwords of a task were read from: it was sent."""
    sources.erase_sent(task_id)


@shared_task(name="sending.erase_expired", acks_late=True)
def erase_expired(**_later: object) -> None:
    """Erase what is known about people and no longer kept."""
    messages.erase_one_time_passwords()
    sources.erase_due()
    messages.erase_due()
    message_rows.delete_due()
    verifications.delete_due()
    leftovers.delete_due()
    leftovers.delete_files()
    erasing.erase_due()


@shared_task(name="sending.write_exports", acks_late=True)
def write_exports(**_later: object) -> None:
    """Write a part of an export, and wake a worker for the next part.

    Called for every few seconds too: for files that nobody was woken up for, or whose worker died.
    """
    if writing.write_next():
        write_exports.delay()


@shared_task(name="sending.make_partitions", acks_late=True)
def make_partitions(**_later: object) -> None:
    """Make tables for the messages of the coming months."""
    making.make_ahead()


@shared_task(name="sending.archive_counters", acks_late=True)
def archive_counters(**_later: object) -> None:
    """Keep counters of past days by task and by day."""
    archiving.archive()


current_app.add_periodic_task(
    5.0, current_app.signature("sending.sweep"), name="sending.sweep", expires=5
)
current_app.add_periodic_task(
    5.0, current_app.signature("sending.read_file"), name="sending.read_file", expires=5
)
current_app.add_periodic_task(
    5.0, current_app.signature("sending.write_exports"), name="sending.write_exports", expires=5
)
current_app.add_periodic_task(
    5.0,
    current_app.signature("sending.put_replies_together"),
    name="sending.put_replies_together",
    expires=5,
)
current_app.add_periodic_task(
    5.0,
    current_app.signature("sending.deliver_notices"),
    name="sending.deliver_notices",
    expires=5,
)
current_app.add_periodic_task(
    5.0, current_app.signature("sending.send_scheduled"), name="sending.send_scheduled", expires=5
)
current_app.add_periodic_task(
    1.0,
    current_app.signature("sending.deliver_callbacks"),
    name="sending.deliver_callbacks",
    expires=5,
)
current_app.add_periodic_task(
    60.0, current_app.signature("sending.tidy"), name="sending.tidy", expires=60
)
current_app.add_periodic_task(
    60.0, current_app.signature("sending.tell_alarms"), name="sending.tell_alarms", expires=60
)
current_app.add_periodic_task(
    3600.0, current_app.signature("sending.archive_counters"), name="sending.archive_counters"
)
current_app.add_periodic_task(
    3600.0, current_app.signature("sending.make_partitions"), name="sending.make_partitions"
)
current_app.add_periodic_task(
    3600.0, current_app.signature("sending.erase_expired"), name="sending.erase_expired"
)


@cache
def sender_manager() -> SenderManager:
    """Return the senders of this process; they start with the worker."""
    return SenderManager(
        settings.JOURNAL_DIR,
        while_held=reading.report,
        keep_days=settings.KEEP_JOURNALS_DAYS,
    )


@signals.worker_ready.connect
def start_senders(sender: object = None, **_later: object) -> None:
    """Start the senders when this worker takes from the `send` queue."""
    if SEND_QUEUE in _queues(sender):
        leave_out_what_is_loaded()
        sender_manager().start()


@signals.worker_process_init.connect
def keep_a_spare_child(**_later: object) -> None:
    """Have a child ready for the next file in each process of the `check` worker's pool."""
    from sending.intake.child_process import spare

    if CHECK_QUEUE in current_app.amqp.queues.consume_from:
        spare.keep()


@signals.worker_shutting_down.connect
def end_the_round(**_later: object) -> None:
    """Begin no more callbacks; called from a signal handler."""
    _stopping.set()


@signals.worker_shutting_down.connect
def drain_senders(**_later: object) -> None:
    """Tell the senders to hand back what they have not sent; called from a signal handler."""
    sender_manager().stop()


@signals.worker_shutdown.connect
def wait_for_senders(**_later: object) -> None:
    """Give them time for the answers that are under way."""
    sender_manager().join(_STOP_SECONDS)


def _queues(consumer: object) -> Iterable[str]:
    """Return the names of the queues that a worker consumes."""
    app = getattr(consumer, "app", None)
    return app.amqp.queues.consume_from if app else ()
