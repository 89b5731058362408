"""Who has to look at a task before it is sent, and what waits for whom."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Member, User
from accounts.queries import members_who_may
from accounts.roles import Permission
from sending.acceptance.second_person import needs_approval
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask
from sending.models.send_approval import involved_in


def approvals_of(task: SendTask) -> QuerySet[SendApproval]:
    """Return every request for approval of a task, the newest first."""
    rows = SendApproval.objects.for_organization(task.organization).filter(task=task)
    return rows.select_related("asked_by", "decided_by").order_by("-pk")


def open_approval(task: SendTask) -> SendApproval | None:
    """Return the request that waits for a decision, if one does."""
    return approvals_of(task).filter(outcome="").first()


def approvers_for(task: SendTask, also_without: User | None = None) -> list[User]:
    """Return who may approve the task now: nobody who had a part in it."""
    without = involved_in(task) | ({also_without.pk} if also_without else set())
    members = members_who_may(task.organization, Permission.APPROVE)
    return [member.user for member in members if member.user_id not in without]


def why_not(member: Member | None, task: SendTask) -> str:
    """Return why this member may not decide on the task, or nothing."""
    if member is None or not member.may(Permission.APPROVE):
        return _("You do not have the right to approve tasks.")
    if member.user_id in involved_in(task):
        return _(
            "You composed this task, changed it or asked for its approval, so someone else decides."
        )
    return ""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What the check page shows of approval; `returned` is what was said the last time."""

    needed: bool
    waits: SendApproval | None
    returned: SendApproval | None
    why_not: str
    approvers: list[User]
    may_withdraw: bool


def approval_view(member: Member, task: SendTask) -> ApprovalView:
    """Return what a member sees of the approval of a task that was not sent."""
    last = approvals_of(task).first()
    waits = last if last and last.is_open else None
    is_ready = task.state == TaskState.READY
    needed = is_ready and needs_approval(task)
    returned = last if last and last.outcome == ApprovalOutcome.RETURNED and is_ready else None
    return ApprovalView(
        needed=needed,
        waits=waits,
        returned=returned,
        why_not=why_not(member, task) if waits else "",
        approvers=approvers_for(task, member.user if needed else None) if waits or needed else [],
        may_withdraw=waits is not None and waits.asked_by_id == member.user_id,
    )
