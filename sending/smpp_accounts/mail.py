"""What owners read about SMPP accounts: whoever has a password sends at their cost."""

from django.utils.translation import gettext as _

from accounts.languages import to_each
from accounts.mail import Mail, absolute, owners_of, render
from accounts.models import User
from accounts.names import in_mail
from sending.models import SmppAccount


def account_mails(account: SmppAccount, *, actor: User, renewed: bool = False) -> list[Mail]:
    """Return what owners read about a new account, or about its new password."""

    def write(owner: str) -> Mail:
        subject = (
            _("An SMPP account of %(organization)s has a new password")
            if renewed
            else _("%(organization)s has a new SMPP account")
        )
        return render(
            "sending/developers/mail/smpp_account.txt",
            owner,
            subject % {"organization": in_mail(account.organization)},
            account=account,
            actor=in_mail(actor),
            name=in_mail(account.label),
            application=in_mail(account.application.name),
            organization=in_mail(account.organization),
            renewed=renewed,
            link=absolute("developers:smpp_account", account.pk),
        )

    return to_each(owners_of(account.organization), account.organization, write)
