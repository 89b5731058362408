"""A task that waits for somebody's approval, so that the demo shows who looks at what."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organization
from accounts.roles import Role
from sending.lifecycle import Lane, TaskState
from sending.management.demo.content import NOTIFICATION
from sending.management.demo.numbers import mobile_numbers
from sending.management.demo.past_task import store_messages, write_figures
from sending.models import (
    Batch,
    Gateway,
    Message,
    PriceVersion,
    RecipientSource,
    SendApproval,
    SendTask,
    TaskEvent,
)
from sending.models.stepping import step_task
from sending.sms.msisdn import parse
from templates_app.models import TextTemplateVersion

# More than the organization sends without a second person.
MESSAGES = 1_200


def load_waiting_task(organization: Organization, gateway: Gateway, prices: PriceVersion) -> None:
    """Make the task "Holiday closing, customers", which the sender wants to send."""
    sender = organization.members.get(role=Role.SENDER.value).user
    version = TextTemplateVersion.objects.for_organization(organization).get(body=NOTIFICATION.body)
    numbers = mobile_numbers(MESSAGES, seed=11)
    task = SendTask.objects.create(
        organization=organization,
        application=organization.applications.get(),
        name="Holiday closing, customers",
        lane=Lane.BULK.value,
        text_template_version=version,
        price_version=prices,
        originator="Harbourline",
        source=RecipientSource.NUMBERS.value,
        created_by=sender,
    )
    recipients = [(number, parse(number).country) for number in numbers]
    messages = store_messages(task, recipients, prices)
    write_figures(task, messages)
    ids = [message.pk for message in messages]
    Message.objects.filter(pk__in=ids).update(gateway_id=gateway.pk)
    Batch.objects.hold(
        organization_id=organization.pk,
        task_id=task.pk,
        gateway_id=gateway.pk,
        lane=task.lane,
        ids=ids,
    )
    at = timezone.now() - timedelta(minutes=20)
    step_task(TaskState.CHECKING, task.pk)
    step_task(TaskState.READY, task.pk, checked_at=at)
    step_task(TaskState.WAITING, task.pk)
    task.refresh_from_db()
    SendApproval.objects.create(
        organization=organization,
        task=task,
        asked_by=sender,
        messages=task.accepted,
        segments=task.segments,
        cost_micro=task.cost_micro,
        currency=task.currency,
    )
    figures = {"messages": task.accepted, "segments": task.segments}
    TaskEvent.objects.create(task=task, code="approval_asked", actor=sender, params=figures)
