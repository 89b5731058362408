"""Send was pressed: look again at everything that may have changed, count, and release."""

from datetime import datetime

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.lists import listed
from accounts.queries import check_may_send_now
from sending import originators
from sending.acceptance import memory
from sending.acceptance.day_limits import DayLimits
from sending.acceptance.memory import ApplicationTerms
from sending.acceptance.not_accepted import NUMBER_ERASED, NotAccepted
from sending.acceptance.request import RefusalCode
from sending.delivery.queue import batches
from sending.guard import console_sends
from sending.models import (
    Message,
    MessageNumber,
    NumberErasure,
    PriceVersion,
    SendTask,
)
from sending.models.queued import count_queued
from sending.sms.originator import ORIGINATOR_MISSING
from templates_app.models import TextTemplateVersion


def accept(task: SendTask, at: datetime | None = None) -> None:
    """Count the messages of a task as queued and make its batches due; raise NotAccepted.

    Call it in the transaction that steps the task to SENDING, before or after that step; it
    belongs to the task's own organization. `at` is the moment of acceptance, now by default. What
    goes at a pace becomes due slot by slot.
    """
    at = at or shared_time.now()
    terms = look_again(task)
    _check_nobody_is_erased(task)
    hour = terms.organization.local_hour(at)
    SendTask.objects.filter(pk=task.pk).update(accepted_hour=hour)
    task.accepted_hour = hour
    if not batches.release(task.pk, at, task.pace):
        raise NotAccepted("NOTHING_TO_SEND")
    _ask_the_guard(task, at)
    _take_from_limits(task, DayLimits(terms, hour), hour)


def look_again(task: SendTask) -> ApplicationTerms:
    """See that a task may be sent as far as no other message matters; raise NotAccepted."""
    _check_may_send(task)
    _check_versions(task)
    _check_originators(task)
    _check_price(task)
    _check_pace(task)
    terms = memory.read_terms((task.organization_id, task.application_id))
    _check_countries(task, terms)
    return terms


def _check_may_send(task: SendTask) -> None:
    try:
        check_may_send_now(task.organization_id, task.application_id)
    except MayNotSend as refusal:
        raise NotAccepted.because(refusal) from refusal


def _check_versions(task: SendTask) -> None:
    others = TextTemplateVersion.objects.for_organization(task.organization).filter(
        pk__in=task.language_versions.values()
    )
    versions = [task.text_template_version, *others.select_related("text_template")]
    version = next((one for one in versions if not one.may_be_sent), None)
    if version is not None:
        raise NotAccepted("TEMPLATE_NOT_APPROVED", number=version.number, name=version.name)
    signature = task.signature_version
    if signature and not signature.may_be_sent:
        raise NotAccepted("SIGNATURE_NOT_APPROVED", name=signature.content)


def _check_originators(task: SendTask) -> None:
    """Ask for each country and each way there what handsets will show."""
    missing, refused = originators.without(task)
    if refused:
        raise NotAccepted(RefusalCode.ORIGINATOR_NOT_APPROVED, name=refused)
    if missing:
        raise NotAccepted(ORIGINATOR_MISSING, countries=", ".join(missing))


def _check_price(task: SendTask) -> None:
    current = PriceVersion.current(task.organization_id)
    if current is None or current.pk != task.price_version_id:
        raise NotAccepted("PRICE_CHANGED")


def _check_nobody_is_erased(task: SendTask) -> None:
    """Wait for an erasure that was requested while the recipients were checked."""
    erasures = NumberErasure.objects.waiting(task.organization_id)
    forgotten = list(erasures.values_list("msisdn", flat=True))
    if not forgotten:
        return
    numbers = MessageNumber.objects.for_organization(task.organization)
    to_them = numbers.filter(msisdn__in=forgotten).values("message_id")
    if Message.objects.filter(task_id=task.pk, pk__in=to_them).exists():
        raise NotAccepted(NUMBER_ERASED)


def _check_pace(task: SendTask) -> None:
    """See that the last messages are useful when their turn comes."""
    if task.pace and task.pace.until_last_slot(task.accepted) >= task.validity:
        raise NotAccepted("PACE_TOO_SLOW")


def _check_countries(task: SendTask, terms: ApplicationTerms) -> None:
    """Ask the application's own countries; those of the organization were asked by the check."""
    if not terms.countries:
        return
    refused = task.countries.exclude(country__in=terms.countries).order_by("country")
    countries = list(refused.values_list("country", flat=True))
    if countries:
        raise NotAccepted(
            RefusalCode.APPLICATION_COUNTRY,
            application=terms.application.name,
            countries=listed(countries),
        )


def _ask_the_guard(task: SendTask, at: datetime) -> None:
    """Count one-time passwords against the caps of money, and refuse what would pass one."""
    refusal = console_sends.take(task, at)
    if refusal is not None:
        raise NotAccepted(refusal.code, countries=listed(refusal.countries))


def _take_from_limits(task: SendTask, limits: DayLimits, hour: int) -> None:
    """Count the messages, and refuse if that passes a limit: the transaction is then undone.

    What was sent and never left counts no more. Of two tasks that are sent at the same moment, and
    of what programs send, the second waits here until the first is committed.
    """
    refused = limits.passed(*count_queued(task, hour))
    if refused is not None:
        raise NotAccepted(refused.code, **refused.params)
