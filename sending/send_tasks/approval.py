"""The second pair of eyes: Send asks where the organization wants it, another member decides.

Every act here steps the task first. Its row stays locked until the end, so that of two people who
decide at the same moment, or of one who decides and one who cancels, exactly one is heard.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import notices
from accounts.errors import Conflict, NotAllowed
from accounts.masking import mask_numbers
from accounts.models import User
from accounts.names import in_mail
from accounts.notices import NoticeKind
from accounts.queries import check_may_send
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.send_tasks import actions
from sending.send_tasks.queries import approvals
from sending.send_tasks.sender_rights import check_sender, sender_of


def press_send(
    *, task: SendTask, user: User, messages: int, at: datetime | None = None
) -> SendApproval | None:
    """Do what Send does here: send, or ask for approval and return the request.

    `messages` is how many the person was shown. Raises Conflict, NotAllowed or MayNotSend.
    """
    waits = approvals.open_approval(task)
    if waits or (task.state == TaskState.READY and approvals.is_needed(task)):
        return waits or _ask(task=task, user=user, messages=messages, at=at)
    actions.send_task(task=task, user=user, messages=messages)
    return None


@transaction.atomic
def _ask(*, task: SendTask, user: User, messages: int, at: datetime | None) -> SendApproval:
    """Let the task wait for somebody else's approval."""
    if not step_task(TaskState.WAITING, task.pk, only_from=TaskState.READY):
        raise Conflict(_("This task has changed meanwhile. Look at it before you send it."))
    task.refresh_from_db()
    actions.check_figures(task, messages)
    check_sender(task, user)
    check_may_send(task.organization, task.application)
    approvers = approvals.approvers_for(task, also_without=user)
    if not approvers:
        raise Conflict(
            _(
                "This task needs approval, and nobody else in your organization can give it. Ask "
                "an owner to invite an approver or to change what needs approval."
            )
        )
    approval: SendApproval = SendApproval.objects.create(
        organization=task.organization,
        task=task,
        asked_by=user,
        scheduled_at=at,
        messages=task.accepted,
        segments=task.segments,
        cost_micro=task.cost_micro,
        currency=task.currency,
    )
    figures = {"messages": task.accepted, "segments": task.segments}
    actions.note(task, "approval_asked", user, **figures)
    _tell(approval, approvers, "ASKED", who=user)
    return approval


@transaction.atomic
def approve(*, task: SendTask, user: User, approval_id: int) -> None:
    """Send the task, or let it wait for its time, as the one wished who asked.

    `approval_id` is the request the person was shown. Everything is checked as by pressing Send,
    also whether the one who asked may still send.
    """
    approval = _shown(task, approval_id)
    asker = approval.asked_by
    # Before the line that it is being sent.
    TaskEvent.objects.create(task=task, code="approved", actor=user)
    if not actions.send_task(task=task, user=asker, messages=approval.messages, approval=approval):
        raise Conflict(_("Someone else approved this task a moment ago."))
    if not approval.covers(task):
        raise Conflict(
            _("The figures have changed since approval was asked for. Return the task with a note.")
        )
    _decide(approval, user, ApprovalOutcome.APPROVED)
    actions.audit(task, "approved", user, messages=task.accepted, segments=task.segments)
    _tell(approval, [asker], "APPROVED", who=user)


@transaction.atomic
def send_back(*, task: SendTask, user: User, approval_id: int, note: str) -> None:
    """Return the task to who asked, with what should be changed."""
    approval = _shown(task, approval_id)
    _step_back(task)
    said = mask_numbers(note)[: SendApproval.NOTE_CHARS]
    _decide(approval, user, ApprovalOutcome.RETURNED, note=said)
    actions.note(task, "returned", user, note=said)
    _tell(approval, [approval.asked_by], "RETURNED", who=user, note=in_mail(said))


@transaction.atomic
def withdraw(*, task: SendTask, user: User, approval_id: int) -> None:
    """Stop asking; only who asked can."""
    approval = _shown(task, approval_id)
    if approval.asked_by_id != user.pk:
        raise NotAllowed(_("Only the person who asked for approval can withdraw the request."))
    _step_back(task)
    _close(approval, user, ApprovalOutcome.WITHDRAWN)
    actions.note(task, "withdrawn", user)


def _shown(task: SendTask, approval_id: int) -> SendApproval:
    """Return the request that people were shown; what came of it is looked at after the step."""
    rows = approvals.approvals_of(task).filter(pk=approval_id)
    approval: SendApproval | None = rows.first()
    if approval is None or not approval.is_open:
        raise _decided()
    return approval


def _step_back(task: SendTask) -> None:
    if not step_task(TaskState.READY, task.pk, only_from=TaskState.WAITING):
        raise _decided()
    task.refresh_from_db()


def _decide(approval: SendApproval, user: User, outcome: ApprovalOutcome, **fields: Any) -> None:
    """Close the request if the person may decide, by what the database says now."""
    task = approval.task
    if reason := approvals.why_not(sender_of(task, user), task):
        raise NotAllowed(reason)
    _close(approval, user, outcome, **fields)


def _close(approval: SendApproval, user: User, outcome: ApprovalOutcome, **fields: Any) -> None:
    if not SendApproval.close(approval.task, user, outcome, pk=approval.pk, **fields):
        raise _decided()


def _decided() -> Conflict:
    return Conflict(
        _("Nobody asks for this approval any more: it was decided, withdrawn or cancelled.")
    )


def _tell(approval: SendApproval, people: list[User], case: str, *, who: User, **said: str) -> None:
    task = approval.task
    page = "send_tasks:detail" if case == "APPROVED" else "send_tasks:check"
    notices.tell(
        NoticeKind.TASK_WAITING,
        task.organization,
        people=people,
        path=reverse(page, args=[task.pk]),
        case=case,
        task=in_mail(mask_numbers(task.name)),
        who=in_mail(who),
        messages=approval.messages,
        segments=approval.segments,
        cost_micro=approval.cost_micro,
        currency=approval.currency,
        **said,
    )
