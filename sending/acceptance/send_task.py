"""Send was pressed: look again at everything that may have changed, count, and release."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.errors import MayNotSend
from accounts.lists import listed
from accounts.queries import check_may_send_now
from sending.acceptance import memory
from sending.acceptance.day_limits import DayLimits
from sending.acceptance.memory import ApplicationTerms
from sending.acceptance.request import RefusalCode
from sending.delivery.queue import batches
from sending.models import (
    Message,
    MessageNumber,
    NumberErasure,
    PriceVersion,
    SendTask,
)
from sending.models.queued import count_queued

_LIMIT_PASSED: Mapping[str, Promise] = {
    RefusalCode.DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments, and %(left)s of the %(limit)s segments a day are "
        "left. Send fewer recipients, send tomorrow, or ask for a higher limit."
    ),
    RefusalCode.APPLICATION_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments, and %(left)s of the %(limit)s segments a day of the "
        "application “%(application)s” are left. Send fewer recipients, send tomorrow, or raise "
        "the limit of the application."
    ),
    RefusalCode.APPLICATION_COUNTRY_DAILY_LIMIT: lazy(
        "This task needs %(needed)s segments to %(country)s, and %(left)s of the %(limit)s "
        "segments a day that the application “%(application)s” may send there are left. Send fewer "
        "recipients, send tomorrow, or raise the limit of the country in the application."
    ),
}


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
    terms = memory.read_terms((task.organization_id, task.application_id))
    _check_countries(task, terms)
    hour = terms.organization.local_hour(at)
    SendTask.objects.filter(pk=task.pk).update(accepted_hour=hour)
    task.accepted_hour = hour
    if not batches.release(task.pk, at):
        raise NotAccepted(
            "NOTHING_TO_SEND",
            _("This task has no recipient that can be sent to. Choose other recipients."),
        )
    _take_from_limits(task, DayLimits(terms, hour), hour)


def _check_may_send(task: SendTask) -> None:
    try:
        check_may_send_now(task.organization_id, task.application_id)
    except MayNotSend as refusal:
        raise NotAccepted(refusal.code, str(refusal)) from refusal


def _check_versions(task: SendTask) -> None:
    version = task.text_template_version
    if not version.may_be_sent:
        raise NotAccepted(
            "TEMPLATE_NOT_APPROVED",
            _(
                "Version %(number)s of the text template “%(name)s” is no longer approved. "
                "Go back and choose an approved text template."
            )
            % {"number": version.number, "name": version.text_template.name},
        )
    signature = task.signature_version
    if signature and not signature.may_be_sent:
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


def _check_countries(task: SendTask, terms: ApplicationTerms) -> None:
    """Ask the application's own countries; those of the organization were asked by the check."""
    if not terms.countries:
        return
    refused = task.countries.exclude(country__in=terms.countries).order_by("country")
    countries = list(refused.values_list("country", flat=True))
    if countries:
        raise NotAccepted(
            RefusalCode.APPLICATION_COUNTRY,
            _(
                "The application “%(application)s” does not send to these countries: "
                "%(countries)s. Remove their numbers, or allow the countries in the application."
            )
            % {"application": terms.application.name, "countries": listed(countries)},
        )


def _take_from_limits(task: SendTask, limits: DayLimits, hour: int) -> None:
    """Count the messages, and refuse if that passes a limit: the transaction is then undone.

    What was sent and never left counts no more. Of two tasks that are sent at the same moment, and
    of what programs send, the second waits here until the first is committed.
    """
    refused = limits.passed(*count_queued(task, hour))
    if refused is not None:
        figures = {
            name: number_format(value, force_grouping=True) if isinstance(value, int) else value
            for name, value in refused.params.items()
        }
        raise NotAccepted(refused.code, str(_LIMIT_PASSED[refused.code] % figures))
