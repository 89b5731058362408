"""People who ask for approval, and what others decide."""

from collections.abc import Callable
from typing import Any

from accounts.models import Member, Organization
from accounts.roles import Role
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask
from sending.send_tasks import actions, approval
from sending.tests.factories import a_number, make_task

NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]


def want_approval(organization: Organization, above: int | None) -> None:
    Organization.objects.filter(pk=organization.pk).update(approval_above=above)
    organization.refresh_from_db()


def ready(member: Member, **fields: Any) -> SendTask:
    return make_task(member, TaskState.READY, numbers=NUMBERS, **fields)


def asked(member: Member, task: SendTask | None = None) -> SendTask:
    """A task whose sender has pressed Send, and now waits."""
    task = task or ready(member)
    assert approval.press_send(task=task, user=member.user, messages=3)
    return fresh(task)


def fresh(task: SendTask) -> SendTask:
    return SendTask.objects.get(pk=task.pk)


def request_of(task: SendTask) -> SendApproval:
    return SendApproval.objects.filter(task=task).latest("pk")


def owner_of(member: Member) -> Member:
    return Member.objects.get(organization=member.organization, role=Role.OWNER.value)


def approve(task: SendTask, member: Member, approval_id: int | None = None) -> None:
    approval.approve(
        task=fresh(task), user=member.user, approval_id=approval_id or request_of(task).pk
    )


def send_back(task: SendTask, member: Member) -> None:
    approval.send_back(
        task=fresh(task), user=member.user, approval_id=request_of(task).pk, note_text="No."
    )


def withdraw(task: SendTask, member: Member) -> None:
    approval.withdraw(task=fresh(task), user=member.user, approval_id=request_of(task).pk)


def cancel(task: SendTask, member: Member) -> None:
    actions.cancel_task(task=fresh(task), user=member.user)


DECISIONS: dict[ApprovalOutcome, Callable[[SendTask, Member], None]] = {
    ApprovalOutcome.APPROVED: approve,
    ApprovalOutcome.RETURNED: send_back,
    ApprovalOutcome.WITHDRAWN: withdraw,
    ApprovalOutcome.CANCELLED: cancel,
}
LEADS_TO = {
    ApprovalOutcome.APPROVED: TaskState.SENDING,
    ApprovalOutcome.RETURNED: TaskState.READY,
    ApprovalOutcome.WITHDRAWN: TaskState.READY,
    ApprovalOutcome.CANCELLED: TaskState.CANCELLED,
}


def decide(outcome: ApprovalOutcome, task: SendTask, sender: Member) -> None:
    """Let the one decide who may."""
    own = outcome in {ApprovalOutcome.WITHDRAWN, ApprovalOutcome.CANCELLED}
    DECISIONS[outcome](task, sender if own else owner_of(sender))
