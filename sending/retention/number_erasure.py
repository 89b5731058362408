"""Erase all that is known about one number: in one organization, or in the whole installation.

What is queued to it is cancelled first. Messages that a gateway may have are waited for: until
they are over, a receipt must find the only one that it can mean.
"""

from collections import Counter as Tally
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import shared_time
from accounts.models import AuditEntry, Contact, Notice, Organization, User
from accounts.notice_kinds import NoticeState
from accounts.retention import forget_entered
from sending.delivery.database import durably
from sending.delivery.receipts.matching import is_accounted_for
from sending.error_codes.reasons import Reason
from sending.exporting.erasing import erase as erase_exports
from sending.lifecycle import OVER_STATES, MessageState, TaskState
from sending.models import (
    Customer,
    CustomerGroup,
    Export,
    GroupImport,
    ImportState,
    InboundMessage,
    InboundSegment,
    Message,
    MessageNumber,
    NumberErasure,
    SendTask,
    SmppAccount,
    SmppPart,
    Suppression,
    TaskCountry,
    Upload,
)
from sending.models.number_digest import number_digest
from sending.models.stepping import MessageChange, step
from sending.retention import guard_rows, leftovers, verifications
from sending.retention.messages import erase_block
from sending.retention.number_rows import FROM_GATEWAYS, QUOTING
from sending.sms.number_pattern import NumberPattern

_AT_ONCE = 500
_OVER = [state.value for state in OVER_STATES]


@transaction.atomic
def request(*, msisdn: str, organization: Organization | None, actor: User | None) -> NumberErasure:
    """Write down that a number is to be erased; enqueue `tasks.erase_number` on commit.

    A second request while the first one waits is the first one.
    """
    mine = NumberErasure.objects.filter(organization=organization, finished_at=None)
    waiting: NumberErasure | None = mine.filter(msisdn=msisdn).first()
    if waiting:
        return waiting
    erasure: NumberErasure = NumberErasure.objects.create(
        organization=organization,
        msisdn=msisdn,
        digest=number_digest(msisdn),
        requested_by=actor,
    )
    AuditEntry.record(
        action="number.erasure_requested",
        subject=erasure.digest,
        organization=organization,
        actor=actor,
    )
    return erasure


def unfinished() -> list[int]:
    """Return the erasures that wait for messages on their way, or for a worker."""
    return list(NumberErasure.objects.filter(finished_at=None).values_list("pk", flat=True))


def run(erasure_id: int) -> bool:
    """Erase what can be erased now; return whether nothing is left. May be repeated."""
    erasure = NumberErasure.objects.select_related("organization", "requested_by")
    found = erasure.filter(pk=erasure_id, finished_at=None).first()
    return _Run(found).go() if found else True


def messages_to(msisdn: str, organization: Organization | None) -> QuerySet[Message]:
    """Return the messages to a number; primary key of MessageNumber, once an organization."""
    owners = [organization.pk] if organization else _all_organizations()
    numbers = MessageNumber.objects.filter(organization_id__in=owners, msisdn=msisdn)
    return Message.objects.filter(pk__in=numbers.values("message_id"))


def _all_organizations() -> list[int]:
    return list(Organization.objects.values_list("pk", flat=True))


class _Run:
    """One pass over everything."""

    def __init__(self, erasure: NumberErasure) -> None:
        self._erasure = erasure
        self._organization = erasure.organization
        self._messages = messages_to(erasure.msisdn, erasure.organization)
        self._pattern = NumberPattern(erasure.msisdn)
        self._counts: Tally[str] = Tally(erasure.counts)
        # Reading through rows takes a while: the first time, and when all messages are over.
        self._is_first = not erasure.counts

    def go(self) -> bool:
        self._counts["cancelled"] += self._cancel_queued()
        self._remove_unsent()
        in_flight = self._in_flight()
        waits = bool(in_flight or self._still_read().exists())
        if self._is_first or not waits:
            self._erase_rows()
        if not waits:
            self._erase_messages()
        return self._finish(in_flight, waits=waits)

    def _cancel_queued(self) -> int:
        """Step what was accepted and still waits to CANCELLED."""
        unsent = SendTask.objects.filter(accepted_hour=None).values("pk")
        queued = self._messages.filter(state=MessageState.QUEUED.value).exclude(task_id__in=unsent)
        ids = list(queued.values_list("pk", flat=True))
        changes = [MessageChange(pk, Reason.NUMBER_ERASED) for pk in ids]
        with durably():
            return len(step(MessageState.CANCELLED, changes))

    def _remove_unsent(self) -> None:
        """Delete messages of tasks that nobody has sent yet; the figures of these follow."""
        unsent = SendTask.objects.filter(accepted_hour=None).exclude(state=TaskState.CHECKING.value)
        for message in self._messages.filter(task_id__in=unsent.values("pk")):
            with durably():
                if unsent.select_for_update().filter(pk=message.task_id or 0).exists():
                    self._counts["messages"] += _take_out(message)

    def _in_flight(self) -> int:
        """Return how many messages a gateway may have that no receipt has settled."""
        since = shared_time.now() - timedelta(hours=settings.RECEIPT_WAIT_HOURS)
        recent = self._messages.filter(state__in=_OVER, attempt__gt=0, created_at__gte=since)
        return self._messages.exclude(state__in=_OVER).count() + sum(
            not is_accounted_for(message) for message in recent
        )

    def _still_read(self) -> QuerySet[SendTask] | QuerySet[GroupImport]:
        """Return checks and imports that were begun before and may bring the number back."""
        before = {"created_at__lt": self._erasure.requested_at} | self._own()
        checks = SendTask.objects.filter(state=TaskState.CHECKING.value, **before)
        if checks.exists():
            return checks
        running = (ImportState.WAITING.value, ImportState.RUNNING.value)
        return GroupImport.objects.filter(state__in=running, **before)

    def _own(self) -> dict[str, Organization]:
        return {"organization": self._organization} if self._organization else {}

    def _own_id(self) -> dict[str, int]:
        return {"organization_id": self._organization.pk} if self._organization else {}

    def _erase_messages(self) -> None:
        ids = list(self._messages.values_list("pk", flat=True))
        for at in range(0, len(ids), _AT_ONCE):
            self._counts["messages"] += erase_block(ids[at : at + _AT_ONCE])
        accounts = SmppAccount.objects.filter(**self._own()).values("pk")
        parts = SmppPart.objects.filter(
            account_id__in=accounts, destination_addr__in=self._pattern.addresses()
        )
        self._counts["smpp"] += parts.erase()

    def _erase_rows(self) -> None:
        own, number = self._own(), self._erasure.msisdn
        for customer in Customer.objects.filter(msisdn=number, **own):
            self._counts["customers"] += _delete_customer(customer)
        for suppression in Suppression.objects.filter(msisdn=number, **own):
            suppression.erase()
            self._counts["suppressions"] += 1
        own_replies = InboundMessage.objects.filter(msisdn=number, **self._own_id())
        self._counts["replies"] += own_replies.erase()
        done = InboundSegment.objects.filter(done_at__isnull=False)
        done.filter(source__in=self._pattern.addresses()).delete()
        verified = verifications.erase_number(number, self._organization)
        self._counts["verifications"] += verified
        self._counts["guard"] += guard_rows.forget_number(number, self._organization)
        contacts = Contact.objects.filter(msisdn=number, **own)
        self._counts["contacts"] += contacts.update(msisdn="")
        # What still waited to go there goes nowhere.
        notices = Notice.objects.filter(to=number, **own)
        notices.filter(due_at__isnull=False).step(
            NoticeState.FAILED, due_at=None, code=Reason.NUMBER_ERASED
        )
        # Those that became messages are messages of the console's own organization.
        erase_block(list(notices.exclude(message_id=None).values_list("message_id", flat=True)))
        self._counts["notices"] += notices.erase()
        self._counts["sessions"] += forget_entered(self._pattern.is_in)
        self._erase_files()
        for name, quoting in QUOTING.items():
            for row in quoting.rows(self._pattern, self._organization):
                quoting.hide(self._pattern, row)
                self._counts[name] += 1
        if self._organization is None:
            self._delete_what_gateways_brought()

    def _erase_files(self) -> None:
        """Delete every stored spreadsheet that nobody reads now.

        A number may stand in any sheet, comment or hidden column of it, in any spelling.
        """
        checks = SendTask.objects.filter(state=TaskState.CHECKING.value, upload__isnull=False)
        running = (ImportState.WAITING.value, ImportState.RUNNING.value)
        imports = GroupImport.objects.filter(state__in=running, upload__isnull=False)
        uploads = Upload.objects.filter(erased_at=None, **self._own()).exclude(
            Q(pk__in=checks.values("upload")) | Q(pk__in=imports.values("upload"))
        )
        for upload in uploads:
            upload.erase()
            self._counts["files"] += 1
        exports = Export.objects.filter(has_numbers=True, **self._own())
        self._counts["files"] += erase_exports(exports)

    def _delete_what_gateways_brought(self) -> None:
        for name, quoting in FROM_GATEWAYS.items():
            for row in quoting.rows(self._pattern, None):
                row.delete()
                self._counts[name] += 1
        for path in leftovers.mails_with(self._pattern):
            path.unlink(missing_ok=True)
            self._counts["files"] += 1

    def _finish(self, in_flight: int, *, waits: bool) -> bool:
        """Write down how far it came, and at the end that it is over; then the number leaves."""
        counts = {name: count for name, count in self._counts.items() if count}
        erasure = NumberErasure.objects.filter(pk=self._erasure.pk, finished_at=None)
        if waits:
            # Not empty, so that the next pass knows that it is not the first one.
            erasure.update(counts=counts or {"messages": 0}, in_flight=in_flight)
            return False
        with transaction.atomic():
            done = {
                "msisdn": "",
                "in_flight": 0,
                "counts": counts,
                "finished_at": shared_time.now(),
            }
            if erasure.update(**done):
                AuditEntry.record(
                    action="number.erased",
                    subject=self._erasure.digest,
                    organization=self._organization,
                    actor=self._erasure.requested_by,
                    **counts,
                )
        return True


def _take_out(message: Message) -> int:
    """Delete a message of an unsent task, and take it out of what the check has counted.

    Needs the task locked. Return 1, or 0 when another pass was quicker.
    """
    if not Message.objects.filter(pk=message.pk).exists():
        return 0
    figures = {
        "segments": F("segments") - message.segments,
        "cost_micro": F("cost_micro") - message.cost_micro,
    }
    countries = TaskCountry.objects.filter(task_id=message.task_id, country=message.country)
    countries.update(messages=F("messages") - 1, **figures)
    SendTask.objects.filter(pk=message.task_id or 0).update(accepted=F("accepted") - 1, **figures)
    Message.objects.filter(pk=message.pk).delete()
    return 1


@transaction.atomic
def _delete_customer(customer: Customer) -> int:
    """Delete a customer, who leaves all groups. Return 1, or 0 when another pass was quicker."""
    if not Customer.objects.select_for_update().filter(pk=customer.pk).exists():
        return 0
    CustomerGroup.objects.filter(customers=customer).update(size=F("size") - 1)
    customer.delete()
    return 1
