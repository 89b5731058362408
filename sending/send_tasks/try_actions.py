"""A test: the text of one row of a task to a number of one's own, before anybody else gets it."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, User
from sending import tasks
from sending.acceptance.messages import Answers, accept_messages
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage, WantedMessage
from sending.models import ApiMessage, Message, SendTask, TaskEvent
from sending.models.api_message import TEST
from sending.sms import msisdn
from templates_app.models import TextTemplateVersion

Answer = AcceptedMessage | RefusedMessage


class _SentAlready(Exception):
    """The same press came twice."""


def cost_of_test(*, task: SendTask, number: str, like: Message) -> Answer:
    """Say what a test would cost, or why it would not be sent; change nothing."""
    (answer,) = accept_messages(_door(task, ""), [_wanted(task, number, like)], dry_run=True)
    return answer


def send_test(
    *, task: SendTask, user: User, number: str, like: Message, once: str
) -> Answer | None:
    """Send a test through the acceptance that every message goes through; it counts and costs.

    However often it is called with the same `once`, one message goes, and None tells that it has
    gone. Raises Conflict or MayNotSend.
    """
    door = _door(task, once)

    def note(answers: Answers) -> None:
        own = SendTask.objects.for_organization(task.organization)
        own.select_for_update().get(pk=task.pk)
        tests = ApiMessage.objects.for_organization(task.organization).filter(api_key_id=TEST)
        if tests.filter(request_id=door.request_id).exists():
            raise _SentAlready
        _note(task, user, answers[0])

    try:
        (answer,) = accept_messages(door, [_wanted(task, number, like)], before_commit=note)
    except _SentAlready:
        return None
    transaction.on_commit(tasks.submit.delay)
    return answer


def _door(task: SendTask, once: str) -> Door:
    return Door(task.organization_id, task.application_id, TEST, f"test-{once}"[:36])


def _wanted(task: SendTask, number: str, like: Message) -> WantedMessage:
    """Return the text of a message of the task, as handsets in the country of the number show it.

    Programs name a template, and mean its version in use.
    """
    versions = TextTemplateVersion.objects.for_organization(task.organization)
    version = versions.select_related("text_template").get(pk=like.text_template_version_id)
    if version.text_template.approved_id != version.pk:
        raise Conflict(
            _(
                "“%(name)s” has another approved version since the check. "
                "Duplicate the task to use it, then send the test."
            )
            % {"name": version.text_template.name}
        )
    return WantedMessage(
        number=number,
        text_template_id=version.text_template_id,
        values=tuple(json.loads(like.variables or "[]")),
        signature=task.signature_version.content if task.signature_version else "",
        originator=task.named_originator(msisdn.parse(number).country),
    )


def _note(task: SendTask, user: User, answer: Answer) -> None:
    if not isinstance(answer, AcceptedMessage):
        return
    params = {"message": str(answer.message_id)}
    TaskEvent.objects.create(task=task, code="tested", params=params, actor=user)
    AuditEntry.record(
        action="send_task.tested",
        subject=f"{task.pk} {task.name}",
        organization=task.organization,
        actor=user,
        **params,
    )
