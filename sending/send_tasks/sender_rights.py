"""Who may send a task: members with the right, each as many messages as was agreed with them."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import NotAllowed
from accounts.models import Member, User
from accounts.roles import Permission
from sending.models import SendTask


def sender_of(task: SendTask, user: User) -> Member | None:
    """Return the membership by which somebody acts on the task, as it is now."""
    own = Member.objects.for_organization(task.organization)
    return own.filter(user=user, user__is_active=True).first()


def check_sender(task: SendTask, user: User) -> None:
    """Raise NotAllowed unless `user` may send a task of this size, by what the database says."""
    member = sender_of(task, user)
    if member is None or not member.may(Permission.SEND):
        raise NotAllowed(
            _("%(person)s can no longer send messages here, so this task was not sent.")
            % {"person": user}
        )
    if not member.may_send(task.accepted):
        raise NotAllowed(
            ngettext(
                "%(person)s can send up to %(most)s message in one task. Ask someone who can send "
                "more.",
                "%(person)s can send up to %(most)s messages in one task. Ask someone who can send "
                "more.",
                member.most_messages or 0,
            )
            % {
                "person": user,
                "most": number_format(member.most_messages or 0, force_grouping=True),
            }
        )
