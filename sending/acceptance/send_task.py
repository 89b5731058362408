"""Send was pressed: look again at everything that may have changed, count, and release."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.errors import MayNotSend
from accounts.models import Organization
from accounts.queries import check_may_send_now
from sending.delivery.queue import batches
from sending.lifecycle import MessageState
from sending.models import (
    Counter,
    Message,
    MessageNumber,
    NumberErasure,
    PriceVersion,
    SendTask,
)
from templates_app.review import ReviewState


class NotAccepted(Exception):
    """The task cannot be sent now; `code` is stable, the text says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def accept(task: SendTask, at: datetime | None = None) -> None:
    """Count the messages of a task as queued and make its batches due; raise NotAccepted.

    Call it in the transaction that steps the task to SENDING, before or after that step; it
    belongs to the task's own organization. `at` is the moment of acceptance, now by default.
    """
    at = at or timezone.now()
    _check_may_send(task)
    _check_versions(task)
    _check_price(task)
    _check_nobody_is_erased(task)
    hour = task.organization.local_hour(at)
    _check_daily_limit(task, hour)
    SendTask.objects.filter(pk=task.pk).update(accepted_hour=hour)
    task.accepted_hour = hour
    _count_queued(task, hour)
    if not batches.release(task.pk, at):
        raise NotAccepted(
            "NOTHING_TO_SEND",
            _("This task has no recipient that can be sent to. Choose other recipients."),
        )


def _check_may_send(task: SendTask) -> None:
    try:
        check_may_send_now(task.organization_id, task.application_id)
    except MayNotSend as refusal:
        raise NotAccepted(refusal.code, str(refusal)) from refusal


def _check_versions(task: SendTask) -> None:
    version = task.text_template_version
    if version.state != ReviewState.APPROVED.value or version.text_template.deleted_at:
        raise NotAccepted(
            "TEMPLATE_NOT_APPROVED",
            _(
                "Version %(number)s of the text template “%(name)s” is no longer approved. "
                "Go back and choose an approved text template."
            )
            % {"number": version.number, "name": version.text_template.name},
        )
    signature = task.signature_version
    if signature and (
        signature.state != ReviewState.APPROVED.value or signature.signature.deleted_at
    ):
        raise NotAccepted(
            "SIGNATURE_NOT_APPROVED",
            _(
                "The signature “%(name)s” is no longer approved. "
                "Go back and choose an approved signature, or none."
            )
            % {"name": signature.content},
        )


def _check_price(task: SendTask) -> None:
    current = PriceVersion.current()
    if current is None or current.pk != task.price_version_id:
        raise NotAccepted(
            "PRICE_CHANGED",
            _("The price list has changed since the check. Go back to check the cost again."),
        )


def _check_nobody_is_erased(task: SendTask) -> None:
    """Wait for an erasure that was requested while the recipients were checked."""
    erasures = NumberErasure.objects.waiting(task.organization_id)
    forgotten = list(erasures.values_list("msisdn", flat=True))
    if not forgotten:
        return
    numbers = MessageNumber.objects.for_organization(task.organization)
    to_them = numbers.filter(msisdn__in=forgotten).values("message_id")
    if Message.objects.filter(task_id=task.pk, pk__in=to_them).exists():
        raise NotAccepted(
            "NUMBER_ERASED",
            _(
                "A number in this task is being erased. Wait a minute, look at the new figures, "
                "then send."
            ),
        )


def _check_daily_limit(task: SendTask, hour: int) -> None:
    """Compare with the segments accepted since local midnight; what never left does not count.

    The organization stays locked until the counters of this task are committed: two tasks that
    are sent at the same moment must not both take what is left.
    """
    locked = Organization.objects.select_for_update(no_key=True)
    limit = locked.values_list("daily_segment_limit", flat=True).get(pk=task.organization_id)
    sent = Counter.objects.for_organization(task.organization).of_day(hour).segments_taken()
    if sent + task.segments > limit:
        raise NotAccepted(
            "DAILY_LIMIT",
            _(
                "This task needs %(needed)s segments, and %(left)s of the %(limit)s segments a day "
                "are left. Send fewer recipients, send tomorrow, or ask for a higher limit."
            )
            % {
                "needed": number_format(task.segments, force_grouping=True),
                "left": number_format(max(limit - sent, 0), force_grouping=True),
                "limit": number_format(limit, force_grouping=True),
            },
        )


def _count_queued(task: SendTask, hour: int) -> None:
    Counter.objects.bulk_create(
        Counter(
            organization_id=task.organization_id,
            application_id=task.application_id,
            task_id=task.pk,
            hour=hour,
            country=row.country,
            state=MessageState.QUEUED.value,
            messages=row.messages,
            segments=row.segments,
            cost_micro=row.cost_micro,
        )
        for row in task.countries.all()
    )
