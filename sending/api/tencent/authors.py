"""In whose name a program changes signatures and text templates, and how the trail names it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.acting import acting_by_key
from accounts.errors import NotAllowed
from accounts.models import Member, User
from accounts.roles import Permission, Role
from sending.api.tencent.call import ApiCall


@contextmanager
def author_of(call: ApiCall) -> Iterator[User]:
    """Yield who answers for what the program writes; entries of the trail name its key instead.

    That is who made the key, as long as they may write such content, else the longest there of the
    owners. A version must have a person, who is told what the reviewer decides.
    """
    members = list(
        Member.objects.for_organization(call.organization).select_related("user").order_by("id")
    )
    makers = [member for member in members if member.user_id == call.caller.created_by_id]
    owners = [member for member in members if member.role == Role.OWNER.value]
    for member in (*makers, *owners):
        if member.user.is_active and member.may(Permission.CONTENT):
            with acting_by_key(call.caller.api_key_id):
                yield member.user
            return
    raise NotAllowed(_("The organization has no owner. Ask support."))
