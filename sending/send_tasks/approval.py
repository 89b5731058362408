"""The second pair of eyes: Send asks where the organization wants it, another member decides.

Every act here locks the row of the task first, so that of two people who decide at the same moment,
or of one who decides and one who cancels, exactly one is heard.
"""

from datetime import datetime

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
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.second_person import check_press, member_of, needs_approval
from sending.acceptance.starting import Press, note
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.send_tasks import actions
from sending.send_tasks.queries import approvals


def press_send(
    *,
    task: SendTask,
    user: User,
    messages: int,
    at: datetime | None = None,
    terms: actions.SendingTerms | None = None,
) -> SendApproval | None:
    """Do what Send does here: send or schedule, or ask for approval and return the request.

    `messages` is how many the person was shown. Raises Conflict or MayNotSend.
    """
    waits = approvals.open_approval(task)
    if waits or (task.state == TaskState.READY and needs_approval(task)):
        return waits or _ask(task, Press(by=user, at=at, messages=messages), terms)
    actions.send_task(task=task, user=user, messages=messages, at=at, terms=terms)
    return None


@transaction.atomic
def _ask(task: SendTask, press: Press, terms: actions.SendingTerms | None) -> SendApproval:
    """Let the task wait for somebody else's approval; what was wished is kept."""
    if terms is not None:
        actions.choose_terms(task, terms)
    if not step_task(TaskState.WAITING, task.pk, only_from=TaskState.READY, not_sent={}):
        raise Conflict(_("This task has changed in the meantime. Look at it before you send it."))
    task.refresh_from_db()
    try:
        check_press(task, press.by, press.messages)
    except NotAccepted as refusal:
        raise Conflict(str(refusal)) from refusal
    check_may_send(task.organization, task.application)
    approvers = approvals.approvers_for(task, also_without=press.by)
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
        asked_by=press.by,
        scheduled_at=press.at,
        messages=task.accepted,
        segments=task.segments,
        cost_micro=task.cost_micro,
        currency=task.currency,
    )
    note(task, "approval_asked", press.by, messages=task.accepted, segments=task.segments)
    _tell(approval, approvers, "ASKED", who=press.by)
    return approval


@transaction.atomic
def approve(*, task: SendTask, user: User, approval_id: int) -> None:
    """Send the task, or let it wait for its time, as the one wished who asked.

    `approval_id` is the request the person was shown. Everything is checked as by pressing Send,
    also whether the one who asked may still send.
    """
    approval = _locked(task, approval_id)
    _check_may_decide(approval, user)
    if not approval.covers(task):
        raise Conflict(
            _("The figures have changed since approval was asked for. Return the task with a note.")
        )
    SendApproval.close(task, user, ApprovalOutcome.APPROVED)
    # Before the line that it is being sent.
    TaskEvent.objects.create(task=task, code="approved", actor=user)
    press = Press(
        by=approval.asked_by,
        at=approval.scheduled_at,
        only_from=TaskState.WAITING,
        messages=approval.messages,
    )
    actions.send_or_schedule(task, press)
    # The organization is locked by now: nobody's rights change before the commit.
    _check_may_decide(approval, user)
    actions.audit(task, "approved", user, messages=task.accepted, segments=task.segments)
    _tell(approval, [approval.asked_by], "APPROVED", who=user)


@transaction.atomic
def send_back(*, task: SendTask, user: User, approval_id: int, note_text: str) -> None:
    """Return the task to who asked, with what should be changed."""
    approval = _locked(task, approval_id)
    _check_may_decide(approval, user)
    said = mask_numbers(note_text)[: SendApproval.NOTE_CHARS]
    _step_back(task, user, ApprovalOutcome.RETURNED, said)
    note(task, "returned", user, note=said)
    _tell(approval, [approval.asked_by], "RETURNED", who=user, said=in_mail(said))


@transaction.atomic
def withdraw(*, task: SendTask, user: User, approval_id: int) -> None:
    """Stop asking; only who asked can."""
    approval = _locked(task, approval_id)
    if approval.asked_by_id != user.pk:
        raise NotAllowed(_("Only the person who asked for approval can withdraw the request."))
    _step_back(task, user, ApprovalOutcome.WITHDRAWN)
    note(task, "withdrawn", user)


def _locked(task: SendTask, approval_id: int) -> SendApproval:
    """Lock the task, and return the open request that people were shown."""
    SendTask.objects.for_organization(task.organization).select_for_update(no_key=True).get(
        pk=task.pk
    )
    task.refresh_from_db()
    approval = approvals.open_approval(task)
    if approval is None or approval.pk != approval_id or task.state != TaskState.WAITING:
        raise Conflict(
            _(
                "This request for approval is no longer open: it was decided, withdrawn "
                "or cancelled."
            )
        )
    return approval


def _step_back(task: SendTask, user: User, outcome: ApprovalOutcome, said: str = "") -> None:
    # The row is locked and was WAITING.
    step_task(TaskState.READY, task.pk, only_from=TaskState.WAITING)
    SendApproval.close(task, user, outcome, said)
    task.refresh_from_db()


def _check_may_decide(approval: SendApproval, user: User) -> None:
    """Raise NotAllowed unless the person may decide, by what the database says now."""
    task = approval.task
    if reason := approvals.why_not(member_of(task, user), task):
        raise NotAllowed(reason)


def _tell(
    approval: SendApproval, people: list[User], case: str, *, who: User, said: str = ""
) -> None:
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
        note=said,
    )
