"""One finished task with its report: real rows, stepped through every state they passed."""

from collections import Counter as Tally
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Organization
from accounts.roles import Role
from sending.lifecycle import Lane, MessageState, SaidBy, TaskState
from sending.management.demo.content import MARKETING, NOTIFICATION
from sending.models import (
    CustomerGroup,
    DeliveryReceipt,
    Draft,
    Export,
    ExportKind,
    Gateway,
    Message,
    Price,
    PriceVersion,
    RecipientSource,
    SendTask,
    Submission,
    TaskCountry,
    TaskEvent,
)
from sending.models.message import reserve_ids
from sending.models.queued import count_queued
from sending.models.stepping import MessageChange, step, step_task
from sending.sms import segments
from templates_app.models import TextTemplateVersion


def load_draft(organization: Organization) -> None:
    """Make a draft of the text that customers fill: half done, for the list of drafts."""
    sender = organization.members.get(role=Role.SENDER.value).user
    wording = TextTemplateVersion.objects.for_organization(organization).get(body=MARKETING.body)
    Draft.objects.create(
        organization=organization,
        name="Winter offer, staff first",
        fields={
            "name": "Winter offer, staff first",
            "template": str(wording.text_template_id),
            "source": RecipientSource.GROUP.value,
        },
        created_by=sender,
        saved_at=timezone.now() - timedelta(minutes=40),
    )


def load_past_task(
    organization: Organization, group: CustomerGroup, gateway: Gateway, prices: PriceVersion
) -> None:
    """Make the task "Holiday closing, staff", sent an hour ago to the demo's group."""
    # Sent by a colleague, so that the guide still leads the demo sender to a first task.
    sender = organization.members.get(role=Role.ADMIN.value).user
    version = TextTemplateVersion.objects.for_organization(organization).get(body=NOTIFICATION.body)
    sent_at = timezone.now() - timedelta(hours=1)
    hour = organization.local_hour(sent_at)
    task = SendTask.objects.create(
        organization=organization,
        application=organization.applications.get(),
        name="Holiday closing, staff",
        lane=Lane.BULK.value,
        text_template_version=version,
        price_version=prices,
        originator="Harbourline",
        source=RecipientSource.GROUP.value,
        group=group,
        created_by=sender,
        accepted_hour=hour,
    )
    messages = store_messages(task, people_of(group), prices, sent_at)
    write_figures(task, messages)
    count_queued(task, hour)
    for state in (TaskState.CHECKING, TaskState.READY):
        step_task(state, task.pk, checked_at=sent_at)
    step_task(TaskState.SENDING, task.pk, sent_by=sender, sent_at=sent_at)
    sent = {"messages": len(messages)}
    TaskEvent.objects.create(task=task, code="sent", actor=sender, params=sent)
    _submit(messages, gateway, sent_at)
    _receive(messages, gateway, sent_at)
    step_task(TaskState.FINISHED, task.pk, finished_at=sent_at + timedelta(seconds=4))
    TaskEvent.objects.create(task=task, code="finished")
    # auto_now_add wrote the moment of loading.
    task.events.filter(code="sent").update(at=sent_at)
    task.events.filter(code="finished").update(at=sent_at + timedelta(seconds=4))
    # A worker writes it as soon as the console runs.
    Export.objects.create(
        organization=organization,
        created_by=sender,
        kind=ExportKind.TASK.value,
        asked={"task": task.pk},
        name=f"task-{task.pk}-messages.csv",
        has_numbers=True,
    )


def people_of(group: CustomerGroup) -> list[tuple[str, str]]:
    """Return number and country of everybody in a group."""
    return list(group.customers.order_by("id").values_list("msisdn", "country"))


def store_messages(
    task: SendTask,
    recipients: list[tuple[str, str]],
    prices: PriceVersion,
    accepted_at: datetime | None = None,
) -> list[Message]:
    """Store the messages as the check would."""
    units = dict(Price.objects.filter(version=prices).values_list("country", "micro"))
    data_coding, count = segments.count(NOTIFICATION.body)
    return Message.objects.bulk_create(
        Message(
            id=message_id,
            organization_id=task.organization_id,
            application_id=task.application_id,
            task_id=task.pk,
            row=row,
            msisdn=msisdn,
            country=country,
            text_template_version_id=task.text_template_version_id,
            price_version_id=prices.pk,
            data_coding=data_coding,
            segments=count,
            cost_micro=count * units.get(country, units[""]),
            created_at=accepted_at or timezone.now(),
        )
        for row, (message_id, (msisdn, country)) in enumerate(
            zip(reserve_ids(len(recipients)), recipients, strict=True), 1
        )
    )


def write_figures(task: SendTask, messages: list[Message]) -> None:
    """Write what the check writes."""
    numbers: Tally[str] = Tally()
    parts: Tally[str] = Tally()
    costs: Tally[str] = Tally()
    for message in messages:
        numbers[message.country] += 1
        parts[message.country] += message.segments
        costs[message.country] += message.cost_micro
    TaskCountry.objects.bulk_create(
        TaskCountry(
            task=task,
            country=country,
            messages=numbers[country],
            segments=parts[country],
            unit_micro=costs[country] // parts[country],
            cost_micro=costs[country],
        )
        for country in sorted(numbers)
    )
    SendTask.objects.filter(pk=task.pk).update(
        rows_read=len(messages),
        accepted=len(messages),
        segments=sum(parts.values()),
        cost_micro=sum(costs.values()),
        currency="USD",
        facts={"seconds": 0.1},
    )


def _submit(messages: list[Message], gateway: Gateway, at: datetime) -> None:
    """Record that the gateway took every message."""
    ids = [message.pk for message in messages]
    step(MessageState.SUBMITTING, ids, at=at)
    Message.objects.filter(pk__in=ids).update(gateway_id=gateway.pk)
    Submission.objects.bulk_create(
        Submission(
            organization_id=message.organization_id,
            message_id=message.pk,
            gateway_id=gateway.pk,
            segment=1,
            attempt=1,
            gateway_message_id=f"demo-{message.pk}",
            command_status="ESME_ROK",
            submitted_at=at + timedelta(seconds=1),
        )
        for message in messages
    )
    step(MessageState.SUBMITTED, ids, said_by=SaidBy.GATEWAY, at=at + timedelta(seconds=1))


def _receive(messages: list[Message], gateway: Gateway, at: datetime) -> None:
    """Record the receipts: all delivered but one, which the network gave up."""
    at += timedelta(seconds=4)
    *delivered, absent = messages
    for group, state, error in (
        (delivered, MessageState.DELIVERED, "000"),
        ([absent], MessageState.UNDELIVERABLE, "001"),
    ):
        DeliveryReceipt.objects.bulk_create(
            DeliveryReceipt(
                organization_id=message.organization_id,
                message_id=message.pk,
                gateway_id=gateway.pk,
                gateway_message_id=f"demo-{message.pk}",
                message_state=state.value,
                error=error,
                said_by=SaidBy.NETWORK.value,
                done_at=at,
                received_at=at,
            )
            for message in group
        )
        changes = [MessageChange(m.pk, error) for m in group]
        delays = {m.pk: 3.0 + m.row % 4 for m in group} if state is MessageState.DELIVERED else None
        step(state, changes, said_by=SaidBy.NETWORK, at=at, delays=delays)
