"""A person decides about messages in doubt, when no receipt has proven anything."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.queries import check_may_send_now
from sending.delivery.database import durably
from sending.delivery.queue import batches
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Gateway, Message, NumberErasure, SendTask
from sending.models.stepping import MessageChange, step
from templates_app.models import SignatureVersion, TextTemplateVersion


class NotDecided(Exception):
    """The message stays as it is; the text says why."""


def send_again(message: Message) -> None:
    """Queue a message in doubt once more, although it may arrive twice; raise NotDecided.

    Segments that the gateway has accepted for certain are not repeated. Enqueue `tasks.submit`
    on commit.
    """
    with durably():
        _Checks().check(message)
        if not _queue_again([message]):
            raise _settled_meanwhile()


def give_up(message: Message) -> None:
    """Call a message in doubt UNKNOWN: it is not sent again, and a late receipt still settles it.

    Raise NotDecided.
    """
    with durably():
        if not _step([message], MessageState.UNKNOWN, Reason.GIVEN_UP_BY_PERSON):
            raise _settled_meanwhile()


def send_many_again(messages: Iterable[Message]) -> list[Message]:
    """Do what `send_again` does for many in one transaction; return those that are queued.

    What may not be sent again stays in doubt. At most some thousand a call.
    """
    with durably():
        checks = _Checks()
        return _queue_again([message for message in messages if checks.passes(message)])


def give_many_up(messages: Iterable[Message]) -> list[Message]:
    """Do what `give_up` does for many in one transaction; return those that are UNKNOWN now."""
    with durably():
        return _step(list(messages), MessageState.UNKNOWN, Reason.GIVEN_UP_BY_PERSON)


def _settled_meanwhile() -> NotDecided:
    return NotDecided(
        _("This message is no longer in doubt: the gateway or network reported on it.")
    )


def _queue_again(messages: Sequence[Message]) -> list[Message]:
    """Step messages to QUEUED and put them into the queue, due now."""
    queued = _step(messages, MessageState.QUEUED, Reason.SENT_AGAIN_BY_PERSON)
    together: dict[tuple[int, int | None, int, int, str], list[int]] = defaultdict(list)
    for row in queued:
        assert row.gateway_id is not None  # Checked: it is active.
        key = (row.organization_id, row.task_id, row.application_id, row.gateway_id, row.lane)
        together[key].append(row.pk)
    for (organization_id, task_id, application_id, gateway_id, lane), ids in together.items():
        batches.enqueue(
            organization_id=organization_id,
            task_id=task_id,
            application_id=application_id,
            gateway_id=gateway_id,
            lane=lane,
            ids=ids,
            due_at=shared_time.now(),
        )
    return queued


def _step(messages: Sequence[Message], to: MessageState, reason: Reason) -> list[Message]:
    """Step those that are still in doubt, at the attempt the person has seen; return them."""
    by_id = {message.pk: message for message in messages}
    # UNKNOWN and QUEUED can be reached from other states too, which were not decided about.
    still = Message.objects.filter(pk__among=list(by_id), state=MessageState.IN_DOUBT.value)
    ids = still.select_for_update().order_by("pk").values_list("pk", flat=True)
    changes = [MessageChange(pk, reason, by_id[pk].attempt) for pk in ids]
    return [by_id[row.message_id] for row in step(to, changes)]


class _Checks:
    """What speaks against sending again; asked once for what messages have in common."""

    def __init__(self) -> None:
        self._known: dict[tuple[Callable[[Any], str], Any], str] = {}
        self._erased: dict[int, set[str]] = {}

    def passes(self, message: Message) -> bool:
        """Tell whether nothing does."""
        try:
            self.check(message)
        except NotDecided:
            return False
        return True

    def check(self, message: Message) -> None:
        """Raise NotDecided with the first reason."""
        texts = (message.text_template_version_id, message.signature_version_id)
        questions: tuple[tuple[Callable[[Any], str], Any], ...] = (
            (_gateway, message.gateway_id),
            (_task, message.task_id),
            (_sender, (message.organization_id, message.application_id)),
            (_revoked, texts),
        )
        for question, key in questions:
            known = (question, key)
            if known not in self._known:
                self._known[known] = question(key)
            if self._known[known]:
                raise NotDecided(self._known[known])
        if message.msisdn in self._being_erased(message.organization_id):
            raise NotDecided(
                _("The number of this message is being erased. It can only be left as unknown.")
            )

    def _being_erased(self, organization_id: int) -> set[str]:
        if organization_id not in self._erased:
            waiting = NumberErasure.objects.waiting(organization_id)
            self._erased[organization_id] = set(waiting.values_list("msisdn", flat=True))
        return self._erased[organization_id]


def _gateway(gateway_id: int | None) -> str:
    gateway = Gateway.objects.filter(pk=gateway_id or 0).first()
    if gateway is None or gateway.mode != Gateway.Mode.ACTIVE:
        return _("The gateway of this message is not active. Activate it first, then send again.")
    return ""


def _task(task_id: int | None) -> str:
    task = SendTask.objects.filter(pk=task_id or 0).first()
    if task and task.state == TaskState.CANCELLED.value:
        return _("The task of this message was cancelled. It can only be left as unknown.")
    return ""


def _sender(key: tuple[int, int]) -> str:
    try:
        check_may_send_now(*key)
    except MayNotSend as refusal:
        return str(refusal)
    return ""


def _revoked(key: tuple[int, int | None]) -> str:
    text, signature = key
    texts = TextTemplateVersion.objects.filter(pk=text).exclude(revoked_at=None)
    signatures = SignatureVersion.objects.filter(pk=signature or 0).exclude(revoked_at=None)
    if texts.exists() or signatures.exists():
        return _("An operator has revoked its text. It can only be left as unknown.")
    return ""
