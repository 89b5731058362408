"""What pages of SMPP accounts say: how one is, why binds failed, what clients answered."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.models import SmppAccount, SmppBind
from sending.smpp import command_status

# condition of an account: (tone, icon, word)
_CONDITIONS: Mapping[str, tuple[str, str, Promise]] = {
    "off": ("idle", "power", gettext_lazy("Off")),
    "unbound": ("idle", "circle", gettext_lazy("Not bound")),
    "no_receiver": ("warn", "warn", gettext_lazy("No receiver")),
    "bound": ("ok", "delivered", gettext_lazy("Bound")),
}
BIND_FAILURES: Mapping[str, Promise] = {
    "PASSWORD": gettext_lazy(
        "Wrong password. Copy it again, or give the account a new one; it has 8 characters."
    ),
    "ADDRESS": gettext_lazy("The address is not one of the allowed addresses of the account."),
    "TLS": gettext_lazy("The account binds over TLS only. Let the client use the TLS port."),
    "CERTIFICATE": gettext_lazy(
        "The client showed no certificate over TLS, or another one than the account names."
    ),
    "DISABLED": gettext_lazy("The account, its application or its organization is switched off."),
    "UNKNOWN": gettext_lazy("There is no account with this system_id."),
    "LOCKED": gettext_lazy("There were too many failures. Wait before the next bind."),
    "TOO_MANY_BINDS": gettext_lazy(
        "The account had as many binds as it may have. End one, or raise its limit."
    ),
}
_NO_ANSWERS: Mapping[str, Promise] = {
    "NO_ANSWER": gettext_lazy("The client did not answer in time."),
    "PDU_INVALID": gettext_lazy("It does not fit into a deliver_sm."),
}


def condition_of(account: SmppAccount, binds: Sequence[SmppBind]) -> tuple[str, str, str]:
    """Return tone, icon and word of how an account is."""
    if not account.is_enabled:
        condition = "off"
    elif not binds:
        condition = "unbound"
    else:
        condition = "bound" if any(bind.receives for bind in binds) else "no_receiver"
    tone, icon, label = _CONDITIONS[condition]
    return tone, icon, str(label)


def bind_failure(reason: str) -> str:
    """Return why a bind failed, and what to do."""
    return str(BIND_FAILURES.get(reason, reason))


def error_sentence(error: str) -> str:
    """Return what the client said last to a receipt; empty where it was not asked yet."""
    if not error:
        return ""
    if not error.startswith("0x"):
        return str(_NO_ANSWERS.get(error, error))
    status = int(error, 16)
    return _("The client answered %(status)s.") % {"status": command_status.describe(status).name}
