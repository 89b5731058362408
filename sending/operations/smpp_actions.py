"""What operators do about clients over SMPP."""

from django.db import transaction

from accounts.mail import organization_touched_mails, owners_of, send_later
from accounts.models import AuditEntry, User
from sending.models import SmppAccount, SmppBind


def end_binds(*, account: SmppAccount, operator: User) -> None:
    """Have the servers end every bind of an account; its client may bind again at once.

    A server unbinds whoever it no longer finds listed, within seconds.
    """
    with transaction.atomic():
        SmppBind.objects.filter(account=account).delete()
        entry = AuditEntry.record(
            action="smppaccount.binds_ended",
            subject=f"{account.label}, {account.application.name}",
            organization=account.organization,
            actor=operator,
            system_id=account.system_id,
        )
        send_later(organization_touched_mails(entry, owners_of(account.organization)))
