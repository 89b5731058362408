"""What operators do: steer a gateway, settle a message in doubt, suspend, trace a number."""

from collections import Counter as Tally
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import suspend
from accounts.errors import Conflict
from accounts.masking import masked
from accounts.models import AuditEntry, Organization, Rest, SmsApplication, Standing, User
from sending import tasks
from sending.delivery import connection_test, in_doubt, suspension
from sending.delivery.held import release
from sending.delivery.queue import circuit_breaker
from sending.models import Gateway, Message
from sending.operations.queries.doubts import DoubtFilter, slices


@transaction.atomic
def set_mode(*, actor: User, gateway_id: int, mode: Gateway.Mode) -> Gateway:
    """Activate, drain or stop a gateway; raise Conflict when it is gone or in that mode."""
    gateway = Gateway.objects.select_for_update(no_key=True).filter(pk=gateway_id).first()
    if gateway is None:
        raise Conflict(_("This gateway no longer exists."))
    before = gateway.mode
    if before == mode:
        raise Conflict(
            _("%(name)s is already in this mode: %(mode)s.")
            % {"name": gateway.name, "mode": gateway.get_mode_display()}
        )
    gateway.mode = mode
    gateway.save(update_fields=["mode"])
    AuditEntry.record(
        action="gateway.mode_changed",
        subject=gateway,
        organization=None,
        actor=actor,
        before=before,
        after=mode.value,
    )
    transaction.on_commit(tasks.submit.delay)
    return gateway


@transaction.atomic
def probe(*, actor: User, gateway_id: int) -> Gateway:
    """Try a gateway whose circuit is open with the next message; raise Conflict."""
    gateway = Gateway.objects.filter(pk=gateway_id).first()
    if gateway is None:
        raise Conflict(_("This gateway no longer exists."))
    if not circuit_breaker.probe_now(gateway.pk):
        raise Conflict(_("The circuit of %(name)s is not open.") % {"name": gateway.name})
    AuditEntry.record(action="gateway.probed", subject=gateway, organization=None, actor=actor)
    return gateway


@transaction.atomic
def test_connection(*, actor: User, gateway_id: int) -> Gateway:
    """Have a send worker connect, bind and unbind once; raise Conflict."""
    gateway = Gateway.objects.filter(pk=gateway_id).first()
    if gateway is None:
        raise Conflict(_("This gateway no longer exists."))
    if Standing.current().is_held:
        raise Conflict(_("The console is held: no gateway is connected until it is released."))
    if not connection_test.request(gateway):
        raise Conflict(_("%(name)s is already being tested.") % {"name": gateway.name})
    AuditEntry.record(action="gateway.tried", subject=gateway, organization=None, actor=actor)
    transaction.on_commit(partial(tasks.test_connection.delay, gateway_id=gateway.pk))
    return gateway


@transaction.atomic
def release_console(*, actor: User, rest: Rest) -> None:
    """Let things leave again, once what `rest` says is done; raise Conflict."""
    release.release(actor, rest)
    transaction.on_commit(tasks.sweep.delay)


@transaction.atomic
def settle(*, actor: User, message: Message, again: bool) -> None:
    """Send a message in doubt again, or leave it as unknown; raise Conflict.

    The organization's own audit trail says who decided: it may pay twice.
    """
    try:
        if again:
            in_doubt.send_again(message)
        else:
            in_doubt.give_up(message)
    except in_doubt.NotDecided as error:
        raise Conflict(str(error)) from error
    AuditEntry.record(
        action="message.sent_again" if again else "message.given_up",
        subject=message.pk,
        organization=Organization.objects.get(pk=message.organization_id),
        actor=actor,
        attempt=message.attempt,
    )
    if again:
        transaction.on_commit(tasks.submit.delay)


def settle_many(*, actor: User, wanted: DoubtFilter, again: bool) -> int:
    """Decide about all messages in doubt that are meant; return how many were.

    Some hundred in one transaction, each with an entry in the trail of every organization that it
    touches. What may not be sent again stays in doubt.
    """
    decide = in_doubt.send_many_again if again else in_doubt.give_many_up
    return sum(_settle_slice(actor, messages, decide, again=again) for messages in slices(wanted))


@transaction.atomic
def _settle_slice(
    actor: User,
    messages: list[Message],
    decide: Callable[[list[Message]], list[Message]],
    *,
    again: bool,
) -> int:
    decided = decide(messages)
    counts = Tally(message.organization_id for message in decided)
    for organization in Organization.objects.filter(pk__in=counts).order_by("pk"):
        AuditEntry.record(
            action="message.settled_in_bulk",
            subject=organization,
            organization=organization,
            actor=actor,
            messages=counts[organization.pk],
            again=again,
        )
    if again and decided:
        transaction.on_commit(tasks.submit.delay, robust=True)
    return len(decided)


@transaction.atomic
def suspend_sending(
    *, actor: User, subject: Organization | SmsApplication, reason: str, cancels: bool
) -> int:
    """Suspend an organization or an application, and stop what it sends; return of how many tasks.

    What is queued is cancelled, or waits in paused tasks; each is in the organization's audit
    trail. Raise Refusal. The end is `accounts.actions.end_suspension`: nothing resumes with it.
    """
    stop = partial(suspension.stop, subject, actor.pk, cancels=cancels)
    stopped = suspend(subject, actor=actor, reason=reason, cancels=cancels, stop=stop)
    for task in stopped:
        AuditEntry.record(
            action="send_task.cancelled" if cancels else "send_task.paused",
            subject=f"{task.pk} {task.name}",
            organization=task.organization,
            actor=actor,
        )

    def cancel_queued() -> None:
        for task in stopped:
            tasks.cancel.delay(task_id=task.pk)

    if cancels:
        # The sweep does it, too; a broker that is away must not hide that it is suspended.
        transaction.on_commit(cancel_queued, robust=True)
    return len(stopped)


def record_trace(*, actor: User, msisdn: str, found: int) -> None:
    """Write down that a number was looked up in all organizations; the number is masked."""
    AuditEntry.record(
        action="number.traced",
        subject=masked(msisdn),
        organization=None,
        actor=actor,
        messages=found,
    )
