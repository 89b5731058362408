"""Tells operators by mail that the console is held."""

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.languages import to_each
from accounts.mail import Mail, absolute, render, send_later
from accounts.models import User
from accounts.models.standing import HeldBecause, Standing
from accounts.staff import OPERATORS


@transaction.atomic
def tell_operators() -> int:
    """Mail operators and superusers once each time; return how many are told.

    Such a mail goes out although nothing else leaves: somebody must come and look.
    """
    untold = Standing.objects.filter(pk=1, held_since__isnull=False).exclude(
        told_of=F("held_since")
    )
    if not untold.update(told_of=F("held_since")):
        return 0
    standing = Standing.current()
    mails = to_each(_operators(), None, lambda address: _mail(address, standing))
    send_later(mails)
    return len(mails)


def _operators() -> list[str]:
    staff = User.objects.filter(is_active=True, is_staff=True)
    wanted = staff.filter(Q(is_superuser=True) | Q(groups__name=OPERATORS))
    return list(wanted.order_by("pk").distinct().values_list("email", flat=True))


def _mail(address: str, standing: Standing) -> Mail:
    return render(
        "accounts/mail/held.txt",
        address,
        _("The console is held: nothing leaves"),
        since=standing.held_since,
        because=HeldBecause(standing.held_because).label,
        link=absolute("operations:held"),
    )
