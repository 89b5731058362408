"""Who may have a task sent, and whether somebody else had to look at it first.

Asked whenever a task begins to be sent or scheduled, whoever pressed what, and once more when its
time has come.
"""

from accounts.models import Member, Organization, User
from accounts.roles import Permission
from sending.acceptance.not_accepted import NotAccepted
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendApproval, SendTask
from sending.models.task_parts import parts_of


def member_of(task: SendTask, user: User) -> Member | None:
    """Return the membership by which somebody acts on the task, as it is now."""
    own = Member.objects.for_organization(task.organization)
    return own.filter(user=user, user__is_active=True).first()


def needs_approval(task: SendTask) -> bool:
    """Tell whether somebody else must approve the task before it is sent.

    Whoever sends a task in parts sends all of it.
    """
    above = Organization.objects.values_list("approval_above", flat=True).get(
        pk=task.organization_id
    )
    return above is not None and _with_all_parts(task) > above


def _with_all_parts(task: SendTask) -> int:
    """Return how many messages are in the task and in the other parts of what was one task."""
    own = SendTask.objects.for_organization(task.organization)
    beside = own.filter(pk__in=parts_of(task)).exclude(pk=task.pk)
    return task.accepted + sum(beside.values_list("accepted", flat=True))


def check_sender(task: SendTask, user: User) -> None:
    """Raise NotAccepted unless `user` may have a task of this size sent, all its parts together."""
    member = member_of(task, user)
    if member is None or not member.may(Permission.SEND):
        raise NotAccepted("NO_RIGHT_TO_SEND", person=str(user))
    if not member.may_send(_with_all_parts(task)):
        raise NotAccepted("TOO_MANY_FOR_MEMBER", person=str(user), most=member.most_messages)


def check_press(task: SendTask, user: User, messages: int | None) -> None:
    """Raise NotAccepted unless `user` may send the task, and was shown as many as it has."""
    if messages not in {None, task.accepted}:
        raise NotAccepted("CHECKED_AGAIN")
    check_sender(task, user)


def check_approved(task: SendTask, *, before: TaskState) -> None:
    """Raise NotAccepted if the task needs approval and has none of exactly its figures.

    `before` is the state it leaves: a press of Send on a checked task always asks anew.
    """
    if not needs_approval(task):
        return
    rows = SendApproval.objects.for_organization(task.organization).filter(task=task)
    last = rows.order_by("-pk").first()
    approved = last is not None and last.outcome == ApprovalOutcome.APPROVED and last.covers(task)
    if before == TaskState.READY or not approved:
        raise NotAccepted("APPROVAL_NEEDED")
