"""One task that waits for tomorrow morning, with a pace: how schedules look."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Organization
from accounts.roles import Role
from sending.acceptance.starting import Press, start
from sending.lifecycle import Lane, TaskState
from sending.management.demo.content import NOTIFICATION
from sending.management.demo.past_task import people_of, store_messages, write_figures
from sending.models import (
    Batch,
    CustomerGroup,
    Gateway,
    PriceVersion,
    RecipientSource,
    SendTask,
)
from sending.models.stepping import step_task
from templates_app.models import TextTemplateVersion


def load_scheduled_task(
    organization: Organization, group: CustomerGroup, gateway: Gateway, prices: PriceVersion
) -> None:
    """Make the task "Holiday closing, reminder", scheduled for nine o'clock tomorrow."""
    sender = organization.members.get(role=Role.ADMIN.value).user
    task = SendTask.objects.create(
        organization=organization,
        application=organization.applications.get(),
        name="Holiday closing, reminder",
        lane=Lane.BULK.value,
        text_template_version=TextTemplateVersion.objects.for_organization(organization).get(
            body=NOTIFICATION.body
        ),
        price_version=prices,
        originator="Harbourline",
        source=RecipientSource.GROUP.value,
        group=group,
        created_by=sender,
        pace_messages=2,
        pace_minutes=10,
    )
    messages = store_messages(task, people_of(group), prices)
    Batch.objects.hold(
        organization_id=organization.pk,
        task_id=task.pk,
        gateway_id=gateway.pk,
        lane=task.lane,
        ids=[message.pk for message in messages],
    )
    write_figures(task, messages)
    for state in (TaskState.CHECKING, TaskState.READY):
        step_task(state, task.pk, checked_at=timezone.now())
    tomorrow = timezone.now().astimezone(organization.zone).date() + timedelta(days=1)
    nine = datetime.combine(tomorrow, time(9), tzinfo=organization.zone)
    start(task, Press(by=sender, at=nine))
